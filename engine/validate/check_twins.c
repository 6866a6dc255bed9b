/*
 * Different ids with the same answers (OM213).
 *
 * Of each record and occasion 16 bytes are kept: a hash of the answers and what tells the record from others.
 * They are dealt out by the hash, so that those that may be equal lie together.
 */
#include "panel/shard.h"
#include "validate/chance.h"
#include "validate/exam.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/memory.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ANSWERS_LEAST = 16, PARTS = 64, TOTALS = 4096 };
static const double chance_most = 0.01; /* of all totals that are looked at, together */

struct seen {
    uint64_t hash;
    uint32_t ordinal;
    uint32_t id : 20, total : 12; /* of the id, a hash; of the codes, the sum */
};

struct part {
    struct seen *at;
    size_t n, capacity;
};

/* Per occasion. */
struct answers {
    uint64_t *count; /* [item][code], the last for none, of records that are sampled */
    uint64_t total[TOTALS];
};

struct twins {
    struct part part[PARTS];
    bool too_many;
    struct answers *at[OM_OCCASIONS_MAX];
    uint8_t *row; /* the answers of a record side by side, where they do not lie so */
};

struct plan {
    size_t n_codes; /* the highest code of any instrument, and two more */
};

/* --- seeing --------------------------------------------------------------------------------------------- */

/* Those of an occasion, made when they are first asked for. NULL without memory. */
static struct answers *
find_answers(const struct om_exam *exam, const struct plan *plan, struct twins *twins, int occasion)
{
    struct answers *answers = twins->at[occasion];
    if (answers)
        return answers;
    answers = om_calloc(1, sizeof *answers);
    if (!answers)
        return NULL;
    answers->count = om_calloc(exam->panel->n_items * plan->n_codes, sizeof *answers->count);
    if (!answers->count) {
        om_free(answers);
        return NULL;
    }
    twins->at[occasion] = answers;
    return answers;
}

static om_status
keep(struct twins *twins, struct seen seen, struct om_error *err)
{
    struct part *part = &twins->part[seen.hash >> 58];
    if (part->n == part->capacity && !om_grow(&part->at, &part->capacity, part->n, sizeof *part->at))
        return om_fail_memory(err);
    part->at[part->n++] = seen;
    return OM_OK;
}

static uint64_t
mix_word(uint64_t hash, const uint8_t *bytes)
{
    uint64_t word;
    memcpy(&word, bytes, sizeof word);
    hash = (hash ^ word) * UINT64_C(0x9fb21c651e98df25);
    return hash ^ hash >> 31;
}

/* Of 16 bytes or more. No enemy chooses answers, so that a few multiplications do. */
static uint64_t
mix(uint64_t seed, const uint8_t *bytes, size_t length)
{
    uint64_t a = seed ^ length, b = ~seed;
    for (size_t i = 0; i + 16 < length; i += 16) {
        a = mix_word(a, bytes + i);
        b = mix_word(b, bytes + i + 8);
    }
    a = mix_word(a, bytes + length - 16); /* some may have been there already */
    b = mix_word(b, bytes + length - 8);
    a = (a ^ (b << 17 | b >> 47)) * UINT64_C(0x9fb21c651e98df25);
    return (a ^ a >> 31) * UINT64_C(0x9fb21c651e98df25);
}

/* Of an id; a record without one is like no other. */
static uint32_t
mix_id(const struct om_record_row *record, uint64_t ordinal)
{
    uint8_t ends[16] = {0};
    const size_t n = record->id_length < 8 ? record->id_length : 8;
    if (n == 0)
        return (uint32_t)(mix_word(1, (const uint8_t *)&ordinal) >> 44);
    memcpy(ends, record->id, n);
    memcpy(ends + 8, record->id + record->id_length - n, n);
    return record->id_length <= 16 ? (uint32_t)(mix(record->id_length, ends, sizeof ends) >> 44)
                                   : (uint32_t)(om_hash(record->id, record->id_length) >> 44);
}

/* What the forms of a record come to together. */
struct whole {
    uint16_t answered[OM_EXAM_ROWS], total[OM_EXAM_ROWS];
    uint8_t lines[OM_EXAM_ROWS]; /* 1: every form is a straight line, or empty */
};

static void
add_forms(const struct om_exam *exam, const struct om_exam_block *block, struct whole *whole)
{
    memset(whole, 0, sizeof *whole);
    memset(whole->lines, 1, block->n);
    for (size_t k = 0; k < exam->panel->n_instruments; k++) {
        const struct om_exam_form *form = &block->form[k];
        for (size_t i = 0; form->here && i < block->n; i++) {
            whole->answered[i] = (uint16_t)(whole->answered[i] + form->answered[i]);
            whole->total[i] = (uint16_t)(whole->total[i] + form->sum[i]);
            whole->lines[i] &= form->different[i] == 0;
        }
    }
}

static void
count_answers(const struct om_exam *exam, const struct plan *plan, const uint8_t *row, uint64_t *count)
{
    for (size_t j = 0; j < exam->panel->n_items; j++)
        count[j * plan->n_codes + (row[j] < OM_CODE_BLANK ? row[j] : plan->n_codes - 1)]++;
}

/* Do the items of a record lie side by side, in the order of the panel? */
static bool
is_one_run(const struct om_exam *exam, const uint32_t *where)
{
    bool run = where[0] != OM_NOWHERE;
    for (size_t j = 1; j < exam->panel->n_items; j++)
        run &= where[j] == where[0] + j;
    return run;
}

static const uint8_t *
find_row(const struct om_exam *exam, const struct om_exam_block *block, size_t i, bool one_run, uint8_t *row)
{
    const uint8_t *code = block->code + i * block->stride;
    if (one_run)
        return code + block->where[0];
    for (size_t j = 0; j < exam->panel->n_items; j++)
        row[j] = block->where[j] == OM_NOWHERE ? OM_CODE_BLANK : code[block->where[j]];
    return row;
}

static om_status
forms(const struct om_exam *exam, const void *context, void *state, const struct om_exam_block *block,
      struct om_error *err)
{
    const struct plan *plan = context;
    struct twins *twins = state;
    struct answers *answers = find_answers(exam, plan, twins, block->occasion);
    struct whole whole;
    const bool one_run = is_one_run(exam, block->where);
    if (!answers)
        return om_fail_memory(err);
    add_forms(exam, block, &whole);
    for (size_t i = 0; i < block->n; i++) {
        const struct om_record_row *record = &block->block->row[block->row[i]];
        const uint64_t ordinal = om_exam_ordinal(block, i);
        if (whole.answered[i] < ANSWERS_LEAST || whole.lines[i])
            continue;
        const uint8_t *row = find_row(exam, block, i, one_run, twins->row);
        if (om_exam_sampled(ordinal))
            count_answers(exam, plan, row, answers->count);
        const uint32_t total = whole.total[i] < TOTALS ? whole.total[i] : TOTALS - 1;
        twins->too_many |= ordinal > UINT32_MAX;
        answers->total[total]++;
        OM_TRY(keep(twins,
                    (struct seen){.hash = mix((uint64_t)block->occasion, row, exam->panel->n_items),
                                  .ordinal = (uint32_t)ordinal,
                                  .id = mix_id(record, ordinal) & 0xfffff,
                                  .total = total & 0xfff},
                    err));
    }
    return OM_OK;
}

/* --- finding -------------------------------------------------------------------------------------------- */

static int
compare(const void *a, const void *b)
{
    const struct seen *x = a, *y = b;
    if (x->hash != y->hash)
        return x->hash < y->hash ? -1 : 1;
    return (x->ordinal > y->ordinal) - (x->ordinal < y->ordinal);
}

/* Keeps of a part only what shares these bits of its hash with something else. */
static void
sift(struct part *part, uint8_t *count, size_t size, int shift)
{
    size_t n = 0;
    memset(count, 0, size);
    for (size_t i = 0; i < part->n; i++) {
        uint8_t *c = &count[part->at[i].hash >> shift & (size - 1)];
        *c = (uint8_t)(*c + (*c < 2));
    }
    for (size_t i = 0; i < part->n; i++)
        if (count[part->at[i].hash >> shift & (size - 1)] > 1)
            part->at[n++] = part->at[i];
    part->n = n;
}

/* What is left after two tables of one byte a hash is little enough to be sorted. */
static om_status
sift_and_sort(struct part *part, struct om_error *err)
{
    size_t size = 1024;
    while (size < 8 * part->n)
        size *= 2;
    uint8_t *count = om_alloc(size, 1);
    if (!count)
        return om_fail_memory(err);
    sift(part, count, size, 0);
    sift(part, count, size, 28);
    om_free(count);
    if (part->n > 1)
        qsort(part->at, part->n, sizeof *part->at, compare);
    return OM_OK;
}

/* The parts of all threads to that of the first. */
static om_status
gather(struct twins *const *twins, size_t n, size_t p, struct om_error *err)
{
    struct part *to = &twins[0]->part[p];
    size_t all = 0;
    for (size_t t = 0; t < n; t++)
        all += twins[t]->part[p].n;
    struct seen *larger = om_realloc(to->at, all + 1, sizeof *larger);
    if (!larger)
        return om_fail_memory(err);
    to->at = larger;
    to->capacity = all + 1;
    for (size_t t = 1; t < n; t++) {
        const struct part *from = &twins[t]->part[p];
        if (from->n)
            memcpy(to->at + to->n, from->at, from->n * sizeof *from->at);
        to->n += from->n;
    }
    return sift_and_sort(to, err);
}

struct pair {
    uint32_t ordinal, first;
};

/* What is found, to be said in the order of the records. */
struct found {
    struct pair *at;
    size_t n, capacity;
};

/* A record counts once, with the first one of another id that has its answers. */
static om_status
find_in_run(const struct seen *run, size_t n, struct found *found, struct om_error *err)
{
    for (size_t i = 1; i < n; i++) {
        size_t first = 0;
        while (first < i && run[first].id == run[i].id)
            first++;
        if (first == i)
            continue;
        if (!om_grow(&found->at, &found->capacity, found->n, sizeof *found->at))
            return om_fail_memory(err);
        found->at[found->n++] = (struct pair){run[i].ordinal, run[first].ordinal};
    }
    return OM_OK;
}

/* Runs of one hash whose total is rare enough that no two of it would be the same by chance. */
static om_status
find(const struct part *part, const bool *rare, struct found *found, struct om_error *err)
{
    for (size_t i = 0, n; i < part->n; i += n) {
        for (n = 1; i + n < part->n && part->at[i + n].hash == part->at[i].hash;)
            n++;
        if (n > 1 && rare[part->at[i].total])
            OM_TRY(find_in_run(part->at + i, n, found, err));
    }
    return OM_OK;
}

/* The numbers of all threads to those of the first. */
static void
merge_answers(const struct om_exam *exam, const struct plan *plan, struct twins *const *twins, size_t n)
{
    for (size_t k = 0; k < OM_OCCASIONS_MAX; k++)
        for (size_t t = 1; t < n; t++) {
            struct answers *from = twins[t]->at[k], *all = twins[0]->at[k];
            if (from && !all) {
                twins[0]->at[k] = from;
                twins[t]->at[k] = NULL;
            } else if (from) {
                for (size_t i = 0; i < exam->panel->n_items * plan->n_codes; i++)
                    all->count[i] += from->count[i];
                for (size_t i = 0; i < TOTALS; i++)
                    all->total[i] += from->total[i];
            }
        }
}

/* How many pairs of each total would agree by chance, at all occasions together. */
static om_status
expect(const struct om_exam *exam, const struct plan *plan, const struct twins *twins, double *expected,
       struct om_error *err)
{
    const size_t n_items = exam->panel->n_items, n_totals = n_items * (plan->n_codes - 2) + 1;
    om_status status = OM_OK;
    double *q = om_alloc(n_totals, sizeof *q);
    if (!q)
        return om_fail_memory(err);
    memset(expected, 0, TOTALS * sizeof *expected);
    for (size_t k = 0; k < OM_OCCASIONS_MAX && status == OM_OK; k++) {
        if (!twins->at[k])
            continue;
        status = om_chance_same(twins->at[k]->count, n_items, plan->n_codes, q, err);
        for (size_t t = 0; t < TOTALS && status == OM_OK; t++) {
            const double persons = (double)twins->at[k]->total[t];
            const bool known = t < n_totals && t < TOTALS - 1; /* the last stands for all beyond it */
            expected[t] += persons * (persons - 1) / 2 * (known ? q[t] : 1);
        }
    }
    om_free(q);
    return status;
}

static int
compare_numbers(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* The totals to look at: the rarest, as many as give a chance of one in a hundred that any two of them agree.
 * Returns that chance. */
static double
choose_totals(const double *expected, bool *rare)
{
    double sorted[TOTALS], sum = 0;
    size_t n = 0;
    memcpy(sorted, expected, sizeof sorted);
    qsort(sorted, TOTALS, sizeof *sorted, compare_numbers);
    while (n < TOTALS && sum + sorted[n] <= chance_most)
        sum += sorted[n++];
    const double most =
        n < TOTALS ? sorted[n] : INFINITY; /* those as rare as the first that is too much are, too */
    for (size_t t = 0; t < TOTALS; t++)
        rare[t] = expected[t] < most;
    return -expm1(-sum);
}

static om_status
judge_totals(const struct om_exam *exam, const struct plan *plan, struct twins *const *twins, size_t n,
             bool *rare, double *chance, struct om_error *err)
{
    double *expected = om_alloc(TOTALS, sizeof *expected);
    if (!expected)
        return om_fail_memory(err);
    merge_answers(exam, plan, twins, n);
    om_status status = expect(exam, plan, twins[0], expected, err);
    if (status == OM_OK)
        *chance = choose_totals(expected, rare);
    om_free(expected);
    return status;
}

static int
compare_pairs(const void *a, const void *b)
{
    const struct pair *x = a, *y = b;
    return (x->ordinal > y->ordinal) - (x->ordinal < y->ordinal);
}

static om_status
report(const struct om_exam *exam, struct found *found, double chance, struct om_error *err)
{
    struct om_buffer message = OM_BUFFER_EMPTY;
    const bool every = om_exam_is_error(exam, 213);
    om_status status = OM_OK;
    qsort(found->at, found->n, sizeof *found->at, compare_pairs);
    for (size_t i = 0; i < found->n && status == OM_OK; i++) {
        const struct om_record_place place = om_places_find(&exam->places, found->at[i].ordinal);
        if (i < OM_FINDINGS_KEPT || every) {
            const struct om_record_place first =
                om_panel_place(exam->panel, om_places_find(&exam->places, found->at[i].first));
            om_buffer_clear(&message);
            om_buffer_format(&message, "the answers of another id, at %s%sline %llu (by chance: p ",
                             first.file == place.file ? "" : exam->panel->file[first.file].path,
                             first.file == place.file ? "" : " ", (unsigned long long)first.line);
            om_buffer_format(&message, chance < 1e-9 ? "< 1e-9)" : "= %.1g)", chance);
            if (!om_buffer_ok(&message))
                status = om_fail_memory(err);
        }
        if (status == OM_OK)
            om_panel_fault(exam->panel,
                           (struct om_fault){.code = 213,
                                             .severity = OM_WARNING,
                                             .column = OM_NONE,
                                             .message = om_buffer_string(&message),
                                             .hint = "see whether one person was entered twice"},
                           place.file, &place);
    }
    om_buffer_release(&message);
    return status;
}

static om_status
finish(struct om_exam *exam, void *plan, void *const *state, size_t n, struct om_error *err)
{
    struct found found = {0};
    bool rare[TOTALS], too_many = false;
    double chance = 0;
    struct twins **twins = om_alloc(n, sizeof *twins);
    if (!twins)
        return om_fail_memory(err);
    for (size_t t = 0; t < n; t++) {
        twins[t] = state[t];
        too_many |= twins[t]->too_many;
    }
    om_status status = OM_OK;
    if (too_many)
        om_exam_skip(exam, 213, "the same answers under different ids: more than 4,294,967,295 records");
    else
        status = judge_totals(exam, plan, twins, n, rare, &chance, err);
    for (size_t p = 0; p < PARTS && status == OM_OK && !too_many; p++) {
        status = gather(twins, n, p, err);
        if (status == OM_OK)
            status = find(&twins[0]->part[p], rare, &found, err);
    }
    if (status == OM_OK && found.n)
        status = report(exam, &found, chance, err);
    om_free(found.at);
    om_free(twins);
    return status;
}

/* --- the check ------------------------------------------------------------------------------------------ */

static om_status
begin(struct om_exam *exam, void **plan, struct om_error *err)
{
    struct plan *p;
    int maximum = 0;
    if (exam->panel->n_items < ANSWERS_LEAST) {
        om_exam_skip(exam, 213, "the same answers under different ids: a record has fewer than 16 items");
        return OM_OK;
    }
    for (size_t k = 0; k < exam->panel->n_instruments; k++)
        if (exam->own[k] && exam->panel->instrument[k].instrument->maximum > maximum)
            maximum = exam->panel->instrument[k].instrument->maximum;
    *plan = p = om_calloc(1, sizeof *p);
    if (!p)
        return om_fail_memory(err);
    p->n_codes = (size_t)maximum + 2;
    return OM_OK;
}

static om_status
open(const struct om_exam *exam, const void *plan, void **state, struct om_error *err)
{
    struct twins *twins = om_calloc(1, sizeof *twins);
    (void)plan;
    *state = twins;
    if (twins)
        twins->row = om_calloc(exam->panel->n_items, 1);
    return twins && twins->row ? OM_OK : om_fail_memory(err);
}

static void
close(void *state)
{
    struct twins *twins = state;
    if (!twins)
        return;
    for (size_t p = 0; p < PARTS; p++)
        om_free(twins->part[p].at);
    for (size_t k = 0; k < OM_OCCASIONS_MAX; k++) {
        if (twins->at[k])
            om_free(twins->at[k]->count);
        om_free(twins->at[k]);
    }
    om_free(twins->row);
    om_free(twins);
}

const struct om_check om_check_twins = {
    .begin = begin, .end = om_free, .open = open, .close = close, .forms = forms, .finish = finish};
