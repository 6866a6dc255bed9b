/* How forms were filled in: the same answer throughout (OM205), too many without a score (OM206), the safety
 * item alone unanswered (OM207), nothing applies (OM208). */
#include "validate/exam.h"
#include "base/error.h"
#include "base/memory.h"

#include <omstat/number.h>
#include <stdio.h>

enum { LINE_ITEMS_LEAST = 7, LINES_LEAST = 3, MISSING_FORMS_LEAST = 5 };

/* Of an instrument at an occasion. */
struct filling {
    uint64_t forms; /* without an answer that cannot be read: such answers are findings of their own */
    uint64_t complete, lines, unscored;
    struct om_hits unsafe, na;
};

/* Of every instrument at every occasion. */
struct fillings {
    size_t n;
    struct filling at[];
};

static struct filling *
of(const struct om_exam *exam, void *state, int occasion, size_t instrument)
{
    struct fillings *all = state;
    return &all->at[(size_t)occasion * exam->panel->n_instruments + instrument];
}

/* --- seeing --------------------------------------------------------------------------------------------- */

/* What is counted of forms, 0 or 1 each; plain loops over bytes, for the compiler to make vectors of. */
struct marks {
    uint8_t readable[OM_EXAM_ROWS], complete[OM_EXAM_ROWS], line[OM_EXAM_ROWS], unscored[OM_EXAM_ROWS],
        special[OM_EXAM_ROWS];
};

static void
mark(const struct om_instrument *instrument, enum om_missing_rule rule, const struct om_exam_form *form,
     const uint8_t *restrict first, const uint8_t *restrict safety, size_t n, struct marks *restrict marks)
{
    const struct om_scale *scale = &instrument->scale[0];
    const uint8_t items = (uint8_t)instrument->n_items, least = (uint8_t)scale->min_answered,
                  most = rule == OM_MISSING_PRORATE ? (uint8_t)scale->max_blank : 0,
                  lowest = (uint8_t)instrument->minimum;
    for (size_t i = 0; i < n; i++) {
        const uint8_t codes = form->answered[i], blank = form->blank[i], na = form->na[i],
                      complete = codes == items, readable = (uint8_t)(codes + blank + na) == items,
                      scored = (uint8_t)((blank <= most) & (codes >= least));
        marks->complete[i] = complete;
        marks->line[i] = (uint8_t)(complete & (form->different[i] == 0) & (first[i] > lowest));
        marks->readable[i] = form->present[i] & readable;
        marks->unscored[i] = marks->readable[i] & (uint8_t)!scored;
        marks->special[i] =
            (uint8_t)((blank == 1) & ((uint8_t)(codes + 1) == items) & (safety[i] >= OM_CODE_BLANK)) |
            (na == items);
    }
}

static uint64_t
sum(const uint8_t *mark, size_t n)
{
    uint32_t all = 0;
    for (size_t i = 0; i < n; i++)
        all += mark[i];
    return all;
}

/* Forms in which the safety item alone is blank, or none applies. */
static om_status
look_closely(const struct om_exam *exam, const struct om_exam_block *block, size_t k, const uint8_t *special,
             struct filling *filling, struct om_error *err)
{
    const struct om_instrument *instrument = exam->panel->instrument[k].instrument;
    for (size_t i = 0; i < block->n; i++) {
        if (!special[i])
            continue;
        if (block->form[k].na[i] == instrument->n_items)
            OM_TRY(om_hits_add(&filling->na, om_exam_ordinal(block, i), err));
        else
            OM_TRY(om_hits_add(&filling->unsafe, om_exam_ordinal(block, i), err));
    }
    return OM_OK;
}

/* The column of the first safety item; without one, one that is never blank alone. */
static const uint8_t *
find_safety(const struct om_panel_instrument *at, const uint8_t *const *column)
{
    static const uint8_t none[OM_EXAM_ROWS];
    return at->instrument->n_safety ? column[at->item[at->instrument->safety[0].item]] : none;
}

static om_status
forms(const struct om_exam *exam, const void *plan, void *state, const struct om_exam_block *block,
      struct om_error *err)
{
    (void)plan;
    for (size_t k = 0; k < exam->panel->n_instruments; k++) {
        const struct om_exam_form *form = &block->form[k];
        const struct om_panel_instrument *at = &exam->panel->instrument[k];
        struct filling *filling = of(exam, state, block->occasion, k);
        struct marks marks;
        if (!form->here)
            continue;
        mark(at->instrument, exam->settings->missing_rule, form, block->column[at->item[0]],
             find_safety(at, block->column), block->n, &marks);
        filling->forms += sum(marks.readable, block->n);
        filling->complete += sum(marks.complete, block->n);
        filling->unscored += sum(marks.unscored, block->n);
        if (at->instrument->n_items >= LINE_ITEMS_LEAST)
            filling->lines += sum(marks.line, block->n);
        if (sum(marks.special, block->n))
            OM_TRY(look_closely(exam, block, k, marks.special, filling, err));
    }
    return OM_OK;
}

/* --- judging -------------------------------------------------------------------------------------------- */

static double
percent(uint64_t part, uint64_t whole)
{
    return 100 * (double)part / (double)whole;
}

static void
judge_lines(const struct om_exam *exam, int occasion, size_t k, const struct filling *filling)
{
    char name[128], message[300];
    struct om_exam_column at = {.column = OM_NONE};
    if (filling->lines < LINES_LEAST || filling->lines * 20 <= filling->complete)
        return;
    snprintf(message, sizeof message,
             "%s: %llu of %llu complete forms (%.0f %%) have one answer to all items, above the lowest",
             om_exam_name(exam, occasion, k, name), (unsigned long long)filling->lines,
             (unsigned long long)filling->complete, percent(filling->lines, filling->complete));
    om_exam_item(exam, occasion, k, 0, &at);
    om_exam_report(exam, 205, OM_WARNING, at, message,
                   "look at how they were filled in: nobody may have read the questions");
}

static void
judge_missing(const struct om_exam *exam, int occasion, size_t k, const struct filling *filling)
{
    char name[128], message[300];
    struct om_exam_column at = {.column = OM_NONE};
    const struct om_fraction share = {(int64_t)filling->unscored, (int64_t)filling->forms};
    if (filling->forms < MISSING_FORMS_LEAST || om_fraction_compare(share, exam->settings->max_missing) <= 0)
        return;
    snprintf(message, sizeof message, "%s: %llu of %llu forms (%.0f %%) have no score",
             om_exam_name(exam, occasion, k, name), (unsigned long long)filling->unscored,
             (unsigned long long)filling->forms, percent(filling->unscored, filling->forms));
    om_exam_item(exam, occasion, k, 0, &at);
    om_exam_report(exam, 206, OM_WARNING, at, message,
                   "see which answers are missing; --max-missing says how many may be, --missing-rule "
                   "prorate scores forms with a few");
}

static void
judge(const struct om_exam *exam, int occasion, size_t k, const struct filling *filling)
{
    const struct om_instrument *instrument = exam->panel->instrument[k].instrument;
    struct om_exam_column at = {.column = OM_NONE};
    if (filling->forms == 0)
        return;
    judge_lines(exam, occasion, k, filling);
    judge_missing(exam, occasion, k, filling);
    if (filling->unsafe.count && om_exam_item(exam, occasion, k, (size_t)instrument->safety[0].item, &at))
        om_exam_report_hits(exam, 207, at, &filling->unsafe,
                            "only this item is unanswered, which asks about safety",
                            "ask the person: a form without it can hide a risk");
    if (filling->na.count && om_exam_item(exam, occasion, k, 0, &at))
        om_exam_report_hits(exam, 208, at, &filling->na, "none of the items of this form applies",
                            "the form has no score: see whether it was skipped");
}

/* --- the check ------------------------------------------------------------------------------------------ */

static om_status
begin(struct om_exam *exam, void **plan, struct om_error *err)
{
    if (exam->n_forms == 0)
        return OM_OK;
    *plan = om_calloc(1, 1);
    return *plan ? OM_OK : om_fail_memory(err);
}

static om_status
open(const struct om_exam *exam, const void *plan, void **state, struct om_error *err)
{
    const size_t n = OM_OCCASIONS_MAX * exam->panel->n_instruments;
    (void)plan;
    struct fillings *all = om_calloc(1, sizeof *all + n * sizeof *all->at);
    if (!all)
        return om_fail_memory(err);
    all->n = n;
    for (size_t i = 0; i < n; i++) {
        all->at[i].unsafe.every = om_exam_is_error(exam, 207);
        all->at[i].na.every = om_exam_is_error(exam, 208);
    }
    *state = all;
    return OM_OK;
}

static void
close(void *state)
{
    struct fillings *all = state;
    for (size_t i = 0; all && i < all->n; i++) {
        om_hits_release(&all->at[i].unsafe);
        om_hits_release(&all->at[i].na);
    }
    om_free(all);
}

static om_status
merge(struct filling *to, const struct filling *from, struct om_error *err)
{
    to->forms += from->forms;
    to->complete += from->complete;
    to->lines += from->lines;
    to->unscored += from->unscored;
    OM_TRY(om_hits_join(&to->unsafe, &from->unsafe, err));
    return om_hits_join(&to->na, &from->na, err);
}

static om_status
finish(struct om_exam *exam, void *plan, void *const *state, size_t n, struct om_error *err)
{
    (void)plan;
    for (int occasion = 0; occasion < (int)exam->panel->occasion.n; occasion++)
        for (size_t k = 0; k < exam->panel->n_instruments; k++) {
            struct filling *all = of(exam, state[0], occasion, k);
            for (size_t t = 1; t < n; t++)
                OM_TRY(merge(all, of(exam, state[t], occasion, k), err));
            if (exam->own[k] && !exam->miscoded[k])
                judge(exam, occasion, k, all);
        }
    return OM_OK;
}

const struct om_check om_check_forms = {
    .begin = begin, .end = om_free, .open = open, .close = close, .forms = forms, .finish = finish};
