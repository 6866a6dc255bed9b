/* Different ids with the same answers (OM213): how forms are hashed, and which of those that agree do not by
 * chance. twins.h finds them. */
#include "panel/shard.h"
#include "validate/chance.h"
#include "validate/exam.h"
#include "validate/twins.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/memory.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ANSWERS_LEAST = 16, AHEAD = 8, TOTALS = OM_TWIN_TOTALS };
static const double chance_most = 0.01; /* of all totals that are looked at, together */

/* Per occasion. */
struct answers {
    uint64_t *count; /* [item][code], the last for none, of records that are sampled */
    uint64_t total[TOTALS];
};

struct twins {
    bool too_many;
    struct answers *at[OM_OCCASIONS_MAX];
    uint8_t *row;              /* the answers of a record side by side, where they do not lie so */
    uint32_t id[OM_EXAM_ROWS]; /* of the records at hand, hashed: once for all occasions */
};

struct plan {
    size_t n_codes; /* the highest code of any instrument, and two more */
    struct om_spool *spool;
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

/* Many at once: their places in memory lie apart, and can be waited for together. */
static om_status
keep(const struct plan *plan, size_t thread, const struct om_twin *twin, size_t n, struct om_error *err)
{
    for (size_t i = 0; i < n; i++) {
        uint8_t *at = NULL;
        OM_TRY(om_spool_room(plan->spool, thread, twin[i].hash >> 56, sizeof *twin, &at, err));
        memcpy(at, &twin[i], sizeof *twin);
    }
    return OM_OK;
}

static uint64_t
mix_word(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * UINT64_C(0x9fb21c651e98df25);
    return hash ^ hash >> 31;
}

static uint64_t
join(uint64_t a, uint64_t b)
{
    a = (a ^ (b << 17 | b >> 47)) * UINT64_C(0x9fb21c651e98df25);
    return (a ^ a >> 31) * UINT64_C(0x9fb21c651e98df25);
}

static uint64_t
word_at(const uint8_t *bytes)
{
    uint64_t word;
    memcpy(&word, bytes, sizeof word);
    return word;
}

/* Of 16 bytes or more. No enemy chooses answers, so that a few multiplications do. */
static uint64_t
mix(uint64_t seed, const uint8_t *bytes, size_t length)
{
    uint64_t a = seed ^ length, b = ~seed;
    for (size_t i = 0; i + 16 < length; i += 16) {
        a = mix_word(a, word_at(bytes + i));
        b = mix_word(b, word_at(bytes + i + 8));
    }
    a = mix_word(a, word_at(bytes + length - 16)); /* some may have been there already */
    b = mix_word(b, word_at(bytes + length - 8));
    return join(a, b);
}

static uint64_t
load(const char *bytes, size_t n)
{
    uint64_t word = 0;
    memcpy(&word, bytes, n);
    return word;
}

/* Up to 8 bytes and zeros behind them, in a register all the way: a copy of so many bytes would be waited
 * for. Where two loads overlap, they agree. */
static uint64_t
load_few(const char *bytes, size_t n)
{
    if (n == 8)
        return load(bytes, 8);
    if (n >= 4)
        return load(bytes, 4) | load(bytes + n - 4, 4) << 8 * (n - 4);
    return load(bytes, 1) | load(bytes + n / 2, 1) << 8 * (n / 2) | load(bytes + n - 1, 1) << 8 * (n - 1);
}

/* Of an id, by its ends where it has no middle; a record without one is like no other. */
static uint32_t
mix_id(const struct om_record_row *record, uint64_t ordinal)
{
    const size_t length = record->id_length, n = length < 8 ? length : 8;
    if (n == 0)
        return (uint32_t)(mix_word(1, ordinal) >> 44);
    if (length > 16)
        return (uint32_t)(om_hash(record->id, length) >> 44);
    const uint64_t a = mix_word(length, load_few(record->id, n)),
                   b = mix_word(~length, load_few(record->id + length - n, n));
    return (uint32_t)(join(a, b) >> 44);
}

static void
mix_ids(const struct om_exam_block *block, uint32_t *id)
{
    const struct om_record_row *row = block->block->row;
    for (size_t i = 0; i < block->n; i++) {
        if (i + AHEAD < block->n) /* they lie far apart in the text */
            __builtin_prefetch(row[block->row[i + AHEAD]].id);
        id[i] = mix_id(&row[block->row[i]], om_exam_ordinal(block, i));
    }
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

/* Enough answers, and not all the same. */
static bool
counts(const struct whole *whole, size_t i)
{
    return whole->answered[i] >= ANSWERS_LEAST && !whole->lines[i];
}

static om_status
forms(const struct om_exam *exam, const void *context, void *state, const struct om_exam_block *block,
      struct om_error *err)
{
    const struct plan *plan = context;
    struct twins *twins = state;
    struct answers *answers = find_answers(exam, plan, twins, block->occasion);
    struct whole whole;
    struct om_twin twin[OM_EXAM_ROWS];
    size_t n = 0;
    const bool one_run = is_one_run(exam, block->where);
    if (!answers)
        return om_fail_memory(err);
    if (block->slot == 0) /* the others follow, of the same records */
        mix_ids(block, twins->id);
    add_forms(exam, block, &whole);
    for (size_t s = 0; s < block->n_sampled; s++)
        if (counts(&whole, block->sampled[s]))
            count_answers(exam, plan, find_row(exam, block, block->sampled[s], one_run, twins->row),
                          answers->count);
    for (size_t i = 0; i < block->n; i++) {
        const uint64_t ordinal = om_exam_ordinal(block, i);
        if (!counts(&whole, i))
            continue;
        const uint8_t *row = find_row(exam, block, i, one_run, twins->row);
        const uint32_t total = whole.total[i] < TOTALS ? whole.total[i] : TOTALS - 1;
        twins->too_many |= ordinal > UINT32_MAX;
        answers->total[total]++;
        twin[n++] = (struct om_twin){.hash = mix((uint64_t)block->occasion, row, exam->panel->n_items),
                                     .ordinal = (uint32_t)ordinal,
                                     .id = twins->id[i] & 0xfffff,
                                     .total = total & 0xfff};
    }
    return keep(plan, block->thread, twin, n, err);
}

/* --- judging -------------------------------------------------------------------------------------------- */

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

/* What is being reported. */
struct saying {
    const struct om_exam *exam;
    struct om_buffer message;
    double chance;
    size_t n;
    bool every; /* else only the first ones need words */
};

static om_status
say_pair(void *context, const struct om_note *note, struct om_error *err)
{
    struct saying *saying = context;
    const struct om_exam *exam = saying->exam;
    const struct om_record_place place = om_places_find(&exam->places, note->ordinal);
    if (saying->n++ < OM_FINDINGS_KEPT || saying->every) {
        const struct om_record_place first =
            om_panel_place(exam->panel, om_places_find(&exam->places, note->first));
        om_buffer_clear(&saying->message);
        om_buffer_format(&saying->message, "the answers of another id, at %s%sline %llu (by chance: p ",
                         first.file == place.file ? "" : exam->panel->file[first.file].path,
                         first.file == place.file ? "" : " ", (unsigned long long)first.line);
        om_buffer_format(&saying->message, saying->chance < 1e-9 ? "< 1e-9)" : "= %.1g)", saying->chance);
        if (!om_buffer_ok(&saying->message))
            return om_fail_memory(err);
    }
    om_panel_fault(exam->panel,
                   (struct om_fault){.code = 213,
                                     .severity = OM_WARNING,
                                     .column = OM_NONE,
                                     .message = om_buffer_string(&saying->message),
                                     .hint = "see whether one person was entered twice"},
                   place.file, &place);
    return OM_OK;
}

static om_status
search(const struct om_exam *exam, const struct plan *plan, const bool *rare, double chance,
       struct om_error *err)
{
    struct saying saying = {
        .exam = exam, .message = OM_BUFFER_EMPTY, .chance = chance, .every = om_exam_is_error(exam, 213)};
    struct om_notes *notes = NULL;
    OM_TRY(om_notes_new(exam->panel->spec, exam->threads, &notes, err));
    om_status status = om_twins_find(plan->spool, exam->threads, rare, notes, err);
    if (status == OM_OK)
        status = om_notes_each(notes, say_pair, &saying, err);
    om_notes_free(notes);
    om_buffer_release(&saying.message);
    return status;
}

static om_status
finish(struct om_exam *exam, void *plan, void *const *state, size_t n, struct om_error *err)
{
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
    if (status == OM_OK && !too_many)
        status = search(exam, plan, rare, chance, err);
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
    const struct om_spool_spec spec =
        om_spec_spool(exam->panel->spec, OM_TWIN_PARTS, exam->threads, OM_WAITING_ANSWERS);
    return om_spool_new(&spec, &p->spool, err);
}

static void
end(void *plan)
{
    struct plan *p = plan;
    if (p)
        om_spool_free(p->spool);
    om_free(p);
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
    for (size_t k = 0; k < OM_OCCASIONS_MAX; k++) {
        if (twins->at[k])
            om_free(twins->at[k]->count);
        om_free(twins->at[k]);
    }
    om_free(twins->row);
    om_free(twins);
}

const struct om_check om_check_twins = {
    .begin = begin, .end = end, .open = open, .close = close, .forms = forms, .finish = finish};
