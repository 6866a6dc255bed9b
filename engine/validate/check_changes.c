/* From one occasion to the other: what applies is different (OM209), or all answers are the same (OM212). */
#include "validate/chance.h"
#include "validate/exam.h"
#include "base/error.h"
#include "base/memory.h"

#include <math.h>
#include <stdio.h>

enum { SAME_ITEMS_LEAST = 7, SAME_PERSONS_LEAST = 10 };

/* Of an instrument. The arrays are of persons whose two forms are complete and have the same total. */
struct change {
    uint64_t both, moved; /* persons with both forms; of those, with an item that applied only once */
    uint64_t complete,
        same;        /* persons with two complete forms that are no straight lines; the same answers */
    uint64_t *total; /* by total */
    uint64_t *count; /* [item][code], and behind the codes an entry that stays 0 */
};

struct changes {
    size_t n;
    struct change at[];
};

static size_t
n_codes(const struct om_instrument *instrument)
{
    return (size_t)instrument->maximum + 2;
}

static size_t
n_totals(const struct om_instrument *instrument)
{
    return instrument->n_items * (size_t)instrument->maximum + 1;
}

/* --- seeing --------------------------------------------------------------------------------------------- */

/* Persons with an item that applied at one occasion and had an answer at the other. */
static uint64_t
count_moved(const struct om_panel_instrument *at, const struct om_exam_pairs *pairs)
{
    uint8_t moved[OM_EXAM_ROWS] = {0};
    uint32_t n = 0;
    for (size_t j = 0; j < at->instrument->n_items; j++) {
        const uint8_t *before = pairs->before[at->item[j]], *after = pairs->after[at->item[j]];
        for (size_t i = 0; i < pairs->n; i++)
            moved[i] |= (uint8_t)((before[i] == OM_CODE_NA) & (after[i] < OM_CODE_BLANK)) |
                        (uint8_t)((before[i] < OM_CODE_BLANK) & (after[i] == OM_CODE_NA));
    }
    for (size_t i = 0; i < pairs->n; i++)
        n += moved[i];
    return n;
}

/* Somebody with two complete forms of one total. */
static void
take_same_total(struct change *change, const struct om_panel_instrument *at,
                const struct om_exam_pairs *pairs, size_t i, size_t total)
{
    const size_t codes = n_codes(at->instrument);
    bool same = true;
    change->total[total]++;
    for (size_t j = 0; j < at->instrument->n_items; j++) {
        const uint8_t code = pairs->before[at->item[j]][i];
        change->count[j * codes + code]++;
        same &= code == pairs->after[at->item[j]][i];
    }
    change->same += same;
}

/* Counts, and marks the complete pairs with one total. */
static void
count_pairs(struct change *change, uint8_t n_items, const struct om_exam_form *before,
            const struct om_exam_form *after, size_t n, uint8_t *restrict kept)
{
    uint32_t complete = 0;
    for (size_t i = 0; i < n; i++)
        kept[i] = (uint8_t)((before->answered[i] == n_items) & (after->answered[i] == n_items) &
                            (before->different[i] != 0) & (after->different[i] != 0));
    for (size_t i = 0; i < n; i++)
        complete += kept[i];
    for (size_t i = 0; i < n; i++)
        kept[i] &= (uint8_t)(before->sum[i] == after->sum[i]);
    change->complete += complete;
}

static void
count_both(struct change *change, const struct om_exam_form *before, const struct om_exam_form *after,
           size_t n)
{
    uint32_t both = 0;
    for (size_t i = 0; i < n; i++)
        both += before->present[i] & after->present[i];
    change->both += both;
}

static om_status
see(const struct om_exam *exam, const void *plan, void *state, const struct om_exam_pairs *pairs,
    struct om_error *err)
{
    struct changes *all = state;
    (void)plan, (void)err;
    for (size_t k = 0; k < exam->panel->n_instruments; k++) {
        const struct om_panel_instrument *at = &exam->panel->instrument[k];
        const struct om_exam_form *before = &pairs->form_before[k], *after = &pairs->form_after[k];
        struct change *change = &all->at[k];
        uint8_t kept[OM_EXAM_ROWS];
        if (!before->here || !after->here)
            continue;
        if (at->instrument->has_na) {
            count_both(change, before, after, pairs->n);
            change->moved += count_moved(at, pairs);
        }
        if (!change->total)
            continue;
        count_pairs(change, (uint8_t)at->instrument->n_items, before, after, pairs->n, kept);
        for (size_t i = 0; i < pairs->n; i++)
            if (kept[i])
                take_same_total(change, at, pairs, i, before->sum[i]);
    }
    return OM_OK;
}

/* --- judging -------------------------------------------------------------------------------------------- */

/* How many of those who kept their total would have kept all answers by chance. */
static om_status
expect_same(const struct change *change, const struct om_instrument *instrument, double *expected,
            struct om_error *err)
{
    const size_t totals = n_totals(instrument);
    double *q = om_alloc(totals, sizeof *q);
    if (!q)
        return om_fail_memory(err);
    om_status status = om_chance_same(change->count, instrument->n_items, n_codes(instrument), q, err);
    *expected = 0;
    for (size_t t = 0; t < totals && status == OM_OK; t++)
        *expected += (double)change->total[t] * q[t];
    om_free(q);
    return status;
}

static om_status
judge_same(const struct om_exam *exam, size_t k, const struct change *change, struct om_error *err)
{
    const struct om_instrument *instrument = exam->panel->instrument[k].instrument;
    struct om_exam_column at = {.column = OM_NONE};
    char message[300];
    double expected = 0;
    if (change->same < SAME_PERSONS_LEAST || change->same * 10 <= change->complete)
        return OM_OK;
    OM_TRY(expect_same(change, instrument, &expected, err));
    if ((double)change->same - expected <= 4 * sqrt(expected + 1))
        return OM_OK;
    snprintf(
        message, sizeof message,
        "%.60s: %llu of %llu persons (%.0f %%) gave just the same answers at both occasions; by chance it "
        "would be about %.1f",
        instrument->name, (unsigned long long)change->same, (unsigned long long)change->complete,
        100 * (double)change->same / (double)change->complete, expected);
    om_exam_item(exam, exam->last, k, 0, &at);
    om_exam_report(exam, 212, OM_WARNING, at, message,
                   "compare the two occasions with where they come from: one may be a copy");
    return OM_OK;
}

static void
judge_moved(const struct om_exam *exam, size_t k, const struct change *change)
{
    struct om_exam_column at = {.column = OM_NONE};
    char message[300];
    if (change->moved == 0)
        return;
    snprintf(message, sizeof message,
             "%.60s: for %llu of %llu persons with both forms, other items apply at the second occasion",
             exam->panel->instrument[k].instrument->name, (unsigned long long)change->moved,
             (unsigned long long)change->both);
    om_exam_item(exam, exam->last, k, 0, &at);
    om_exam_report(exam, 209, OM_NOTE, at, message, "keep in mind that their scores are made of other items");
}

/* --- the check ------------------------------------------------------------------------------------------ */

static om_status
begin(struct om_exam *exam, void **plan, struct om_error *err)
{
    if (exam->n_forms == 0)
        return OM_OK;
    if (exam->panel->layout == OM_LAYOUT_WIDE && exam->last == OM_NONE) {
        om_exam_skip(exam, 212, "the same answers at two occasions: there is one occasion");
        return OM_OK;
    }
    *plan = om_calloc(1, 1); /* nothing is planned */
    return *plan ? OM_OK : om_fail_memory(err);
}

static void
close(void *state)
{
    struct changes *all = state;
    for (size_t k = 0; all && k < all->n; k++) {
        om_free(all->at[k].total);
        om_free(all->at[k].count);
    }
    om_free(all);
}

static om_status
open(const struct om_exam *exam, const void *plan, void **state, struct om_error *err)
{
    const size_t n = exam->panel->n_instruments;
    struct changes *all = om_calloc(1, sizeof *all + n * sizeof *all->at);
    (void)plan;
    if (!all)
        return om_fail_memory(err);
    *state = all;
    all->n = n;
    for (size_t k = 0; k < n; k++) {
        const struct om_instrument *instrument = exam->panel->instrument[k].instrument;
        if (!exam->own[k] || instrument->n_items < SAME_ITEMS_LEAST || instrument->minimum < 0)
            continue;
        all->at[k].total = om_calloc(n_totals(instrument), sizeof *all->at[k].total);
        all->at[k].count = om_calloc(instrument->n_items * n_codes(instrument), sizeof *all->at[k].count);
        if (!all->at[k].total || !all->at[k].count)
            return om_fail_memory(err);
    }
    return OM_OK;
}

static void
merge(struct change *to, const struct change *from, const struct om_instrument *instrument)
{
    to->both += from->both;
    to->moved += from->moved;
    to->complete += from->complete;
    to->same += from->same;
    for (size_t t = 0; to->total && t < n_totals(instrument); t++)
        to->total[t] += from->total[t];
    for (size_t c = 0; to->count && c < instrument->n_items * n_codes(instrument); c++)
        to->count[c] += from->count[c];
}

static om_status
finish(struct om_exam *exam, void *plan, void *const *state, size_t n, struct om_error *err)
{
    (void)plan;
    for (size_t k = 0; k < exam->panel->n_instruments; k++) {
        const struct om_instrument *instrument = exam->panel->instrument[k].instrument;
        struct change *all = &((struct changes *)state[0])->at[k];
        for (size_t t = 1; t < n; t++)
            merge(all, &((const struct changes *)state[t])->at[k], instrument);
        if (!exam->own[k] || exam->last == OM_NONE)
            continue;
        judge_moved(exam, k, all);
        if (all->total)
            OM_TRY(judge_same(exam, k, all, err));
    }
    return OM_OK;
}

const struct om_check om_check_changes = {
    .begin = begin, .end = om_free, .open = open, .close = close, .pairs = see, .finish = finish};
