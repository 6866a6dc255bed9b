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
    uint64_t forms, complete, lines, unscored;
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

/* --- seeing ------------------------------------------------------------------------------------------------
 */

static bool
has_score(const struct om_instrument *instrument, enum om_missing_rule rule, const struct om_exam_form *form,
          size_t i)
{
    const struct om_scale *scale = &instrument->scale[0];
    const unsigned codes = form->answered[i], blank = form->blank[i];
    const unsigned most = rule == OM_MISSING_PRORATE ? (unsigned)scale->max_blank : 0;
    return codes + blank + form->na[i] == instrument->n_items && blank <= most &&
           (int)codes >= scale->min_answered;
}

/* Is the first safety item the only one that is blank? */
static void
look_at_safety(const struct om_exam *exam, const struct om_exam_block *block, size_t k, size_t i,
               struct om_hits *hits, om_status *status, struct om_error *err)
{
    const struct om_panel_instrument *at = &exam->panel->instrument[k];
    const uint8_t code = block->column[at->item[at->instrument->safety[0].item]][i];
    if (code == OM_CODE_BLANK || code == OM_CODE_DECLINED)
        *status = om_hits_add(hits, om_exam_ordinal(block, i), err);
}

static om_status
forms(const struct om_exam *exam, const void *plan, void *state, const struct om_exam_block *block,
      struct om_error *err)
{
    om_status status = OM_OK;
    (void)plan;
    for (size_t k = 0; k < exam->panel->n_instruments; k++) {
        const struct om_exam_form *form = &block->form[k];
        const struct om_instrument *instrument = exam->panel->instrument[k].instrument;
        const uint8_t *first = form->here ? block->column[exam->panel->instrument[k].item[0]] : NULL;
        struct filling *filling = of(exam, state, block->occasion, k);
        const size_t n_items = instrument->n_items;
        const bool safety = instrument->n_safety > 0, may_line = n_items >= LINE_ITEMS_LEAST;
        for (size_t i = 0; form->here && i < block->n && status == OM_OK; i++) {
            if (!form->present[i])
                continue;
            const size_t answered = form->answered[i];
            filling->forms++;
            filling->complete += answered == n_items;
            filling->lines += may_line && answered == n_items && !form->different[i] &&
                              first[i] > instrument->minimum;
            if (answered == n_items)
                continue;
            filling->unscored += !has_score(instrument, exam->settings->missing_rule, form, i);
            if (safety && form->blank[i] == 1 && answered == n_items - 1)
                look_at_safety(exam, block, k, i, &filling->unsafe, &status, err);
            if (form->na[i] == n_items && status == OM_OK)
                status = om_hits_add(&filling->na, om_exam_ordinal(block, i), err);
        }
    }
    return status;
}

/* --- judging -----------------------------------------------------------------------------------------------
 */

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
    snprintf(message, sizeof message, "%s: %llu of %llu complete forms (%.0f %%) have one answer to all items, above the lowest",
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
    if (filling->forms < MISSING_FORMS_LEAST ||
        om_fraction_compare(share, exam->settings->max_missing) <= 0)
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
    if (filling->unsafe.count &&
        om_exam_item(exam, occasion, k, (size_t)instrument->safety[0].item, &at))
        om_exam_report_hits(exam, 207, at, &filling->unsafe,
                            "only this item is unanswered, which asks about safety",
                            "ask the person: a form without it can hide a risk");
    if (filling->na.count && om_exam_item(exam, occasion, k, 0, &at))
        om_exam_report_hits(exam, 208, at, &filling->na, "none of the items of this form applies",
                            "the form has no score: see whether it was skipped");
}

/* --- the check ---------------------------------------------------------------------------------------------
 */

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
