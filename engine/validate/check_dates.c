/* When the occasions were: an occasion before the one it follows (OM210), an interval outside the window
 * (OM211), a date that cannot be read (OM142). */
#include "validate/exam.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/memory.h"
#include "base/number.h"
#include "panel/guess.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NO_DAY = INT32_MIN };

/* The date columns of a file. */
struct dated {
    int column[OM_OCCASIONS_MAX]; /* by slot; OM_NONE: none */
    size_t kept[OM_OCCASIONS_MAX];
};

struct plan {
    struct dated *file;
    size_t n_files;
};

/* A record of a long panel. */
struct visit {
    uint64_t id; /* a hash of it */
    uint32_t ordinal;
    int32_t day;
    int occasion;
};

/* Per file and slot. */
struct seen {
    struct om_hits before, outside, unreadable;
};

struct state {
    size_t n;
    struct visit *visit;
    size_t n_visits, visit_capacity;
    bool too_many;
    struct seen at[];
};

/* --- dates ---------------------------------------------------------------------------------------------- */

/* Days since 1970-01-01 of 2024-02-29, with a time behind it or without; NO_DAY for what is none. The year
 * begins in March, so that the leap day is its last. */
static int32_t
read_day(const char *text, size_t length)
{
    struct om_fraction date; /* 20240229 */
    if (length < 10 || (length > 10 && text[10] != 'T' && text[10] != ' ') ||
        !om_column_rule_value(OM_RULE_DATE, text, 10, &date))
        return NO_DAY;
    const int yyyymmdd = (int)date.num, day = yyyymmdd % 100, month = yyyymmdd / 100 % 100,
              year = yyyymmdd / 10000 - (month <= 2), from_march = (month + 9) % 12;
    return 365 * year + year / 4 - year / 100 + year / 400 + (153 * from_march + 2) / 5 + day - 1 - 719468;
}

/* The day of a record in a slot, or NO_DAY; *wrong where something stands there that is no date. */
static int32_t
day_of(const struct om_record_block *block, size_t row, const struct dated *dated, size_t slot, bool *wrong)
{
    *wrong = false;
    if (dated->column[slot] == OM_NONE)
        return NO_DAY;
    const struct om_field *field = &block->kept[row * block->n_kept + dated->kept[slot]];
    const char *text = field->data;
    size_t length = field->length;
    om_trim(&text, &length);
    const int32_t day = read_day(text, length);
    *wrong = day == NO_DAY && length > 0 && !om_ascii_equal(text, length, "na");
    return day;
}

/* --- seeing --------------------------------------------------------------------------------------------- */

static om_status
judge(const struct om_exam_settings *settings, struct seen *seen, uint64_t ordinal, int32_t earlier,
      int32_t later, struct om_error *err)
{
    const int64_t days = (int64_t)later - earlier;
    if (days < 0)
        return om_hits_add(&seen->before, ordinal, err);
    if (settings->has_interval && (days < settings->interval[0] || days > settings->interval[1]))
        return om_hits_add(&seen->outside, ordinal, err);
    return OM_OK;
}

static om_status
keep_visit(struct state *state, const struct om_exam_block *block, size_t i, int32_t day,
           struct om_error *err)
{
    const struct om_record_row *row = &block->block->row[block->row[i]];
    const uint64_t ordinal = om_exam_ordinal(block, i);
    if (!om_grow(&state->visit, &state->visit_capacity, state->n_visits, sizeof *state->visit))
        return om_fail_memory(err);
    state->too_many |= ordinal > UINT32_MAX;
    state->visit[state->n_visits++] = (struct visit){.id = om_hash(row->id, row->id_length),
                                                     .ordinal = (uint32_t)ordinal,
                                                     .day = day,
                                                     .occasion = block->occasion};
    return OM_OK;
}

/* The occasions of a wide record follow each other; one without a date is passed over. */
static om_status
compare_before(const struct om_exam *exam, const struct dated *dated, struct seen *seen,
               const struct om_exam_block *block, size_t i, int32_t day, struct om_error *err)
{
    for (size_t slot = block->slot; slot-- > 0;) {
        bool wrong;
        const int32_t earlier = day_of(block->block, block->row[i], dated, slot, &wrong);
        if (earlier != NO_DAY)
            return judge(exam->settings, seen, om_exam_ordinal(block, i), earlier, day, err);
    }
    return OM_OK;
}

static om_status
forms(const struct om_exam *exam, const void *context, void *state, const struct om_exam_block *block,
      struct om_error *err)
{
    const struct plan *plan = context;
    const struct dated *dated = &plan->file[block->block->file];
    struct state *all = state;
    struct seen *seen = &all->at[block->block->file * OM_OCCASIONS_MAX + block->slot];
    const bool wide = exam->panel->layout == OM_LAYOUT_WIDE;
    if (dated->column[block->slot] == OM_NONE)
        return OM_OK;
    for (size_t i = 0; i < block->n; i++) {
        bool wrong;
        const int32_t day = day_of(block->block, block->row[i], dated, block->slot, &wrong);
        if (wrong)
            OM_TRY(om_hits_add(&seen->unreadable, om_exam_ordinal(block, i), err));
        if (day == NO_DAY)
            continue;
        OM_TRY(wide ? compare_before(exam, dated, seen, block, i, day, err)
                    : keep_visit(all, block, i, day, err));
    }
    return OM_OK;
}

/* --- visits of a long panel ----------------------------------------------------------------------------- */

static int
compare_visits(const void *a, const void *b)
{
    const struct visit *x = a, *y = b;
    if (x->id != y->id)
        return x->id < y->id ? -1 : 1;
    if (x->occasion != y->occasion)
        return x->occasion - y->occasion;
    return (x->ordinal > y->ordinal) - (x->ordinal < y->ordinal);
}

/* Numbers the occasions in their order, and puts the visits of each person in it. */
static om_status
sort_visits(const struct om_exam *exam, struct state *all, struct om_error *err)
{
    int order[OM_OCCASIONS_MAX], rank[OM_OCCASIONS_MAX];
    size_t n = 0;
    OM_TRY(om_panel_order_occasions(exam->panel, order, &n, err));
    for (size_t k = 0; k < OM_OCCASIONS_MAX; k++)
        rank[k] = OM_NONE;
    for (size_t k = 0; k < n; k++)
        rank[order[k]] = (int)k;
    for (size_t i = 0; i < all->n_visits; i++)
        all->visit[i].occasion = rank[all->visit[i].occasion];
    if (all->n_visits)
        qsort(all->visit, all->n_visits, sizeof *all->visit, compare_visits);
    return OM_OK;
}

static om_status
judge_visits(const struct om_exam *exam, struct state *all, struct om_error *err)
{
    OM_TRY(sort_visits(exam, all, err));
    for (size_t i = 1; i < all->n_visits; i++) {
        const struct visit *earlier = &all->visit[i - 1], *later = &all->visit[i];
        if (earlier->id != later->id || earlier->occasion == OM_NONE || earlier->occasion == later->occasion)
            continue;
        const struct om_record_place place = om_places_find(&exam->places, later->ordinal);
        OM_TRY(judge(exam->settings, &all->at[place.file * OM_OCCASIONS_MAX], later->ordinal, earlier->day,
                     later->day, err));
    }
    return OM_OK;
}

/* --- the check ------------------------------------------------------------------------------------------ */

/* The slot that a column of this name belongs to, or OM_NONE. */
static int
slot_of(const struct om_panel *panel, const char *wanted, const char *header)
{
    char occasion[OM_OCCASION_TEXT] = "";
    if (!om_guess_total(wanted, header, occasion))
        return OM_NONE;
    if (panel->layout != OM_LAYOUT_WIDE)
        return *occasion ? OM_NONE : 0;
    return om_texts_find(&panel->occasion_token, occasion);
}

static om_status
find_columns(struct om_exam *exam, struct plan *plan, size_t f, size_t *n, struct om_error *err)
{
    const struct om_panel_file *file = &exam->panel->file[f];
    struct dated *dated = &plan->file[f];
    for (size_t slot = 0; slot < OM_OCCASIONS_MAX; slot++)
        dated->column[slot] = OM_NONE;
    for (size_t c = 0; c < file->header.n; c++) {
        const int slot = slot_of(exam->panel, exam->settings->date, file->header.at[c]);
        if (slot < 0 || dated->column[slot] != OM_NONE)
            continue;
        dated->column[slot] = (int)c;
        OM_TRY(om_panel_keep(exam->panel, f, c, &dated->kept[slot], err));
        (*n)++;
    }
    return OM_OK;
}

static void
end(void *context)
{
    struct plan *plan = context;
    if (plan)
        om_free(plan->file);
    om_free(plan);
}

static om_status
begin(struct om_exam *exam, void **out, struct om_error *err)
{
    size_t n = 0;
    if (!exam->settings->date)
        return OM_OK;
    struct plan *plan = om_calloc(1, sizeof *plan);
    *out = plan;
    if (!plan)
        return om_fail_memory(err);
    plan->n_files = exam->panel->n_files;
    plan->file = om_calloc(plan->n_files, sizeof *plan->file);
    if (!plan->file)
        return om_fail_memory(err);
    for (size_t f = 0; f < plan->n_files; f++)
        OM_TRY(find_columns(exam, plan, f, &n, err));
    if (n > 0)
        return OM_OK;
    om_fail(err, OM_ERR_USAGE, "no column fits '%s' (--date)", exam->settings->date);
    om_hint(err, "name a column, or in a wide panel a pattern with {occasion} such as 'date_{occasion}'");
    return OM_ERR_USAGE;
}

static om_status
open(const struct om_exam *exam, const void *context, void **state, struct om_error *err)
{
    const struct plan *plan = context;
    const size_t n = plan->n_files * OM_OCCASIONS_MAX;
    struct state *all = om_calloc(1, sizeof *all + n * sizeof *all->at);
    *state = all;
    if (!all)
        return om_fail_memory(err);
    all->n = n;
    for (size_t i = 0; i < n; i++) {
        all->at[i].before.every = om_exam_is_error(exam, 210);
        all->at[i].outside.every = om_exam_is_error(exam, 211);
        all->at[i].unreadable.every = om_exam_is_error(exam, 142);
    }
    return OM_OK;
}

static void
close(void *state)
{
    struct state *all = state;
    if (!all)
        return;
    for (size_t i = 0; i < all->n; i++) {
        om_hits_release(&all->at[i].before);
        om_hits_release(&all->at[i].outside);
        om_hits_release(&all->at[i].unreadable);
    }
    om_free(all->visit);
    om_free(all);
}

static om_status
merge(struct state *to, const struct state *from, struct om_error *err)
{
    for (size_t i = 0; i < to->n; i++) {
        OM_TRY(om_hits_join(&to->at[i].before, &from->at[i].before, err));
        OM_TRY(om_hits_join(&to->at[i].outside, &from->at[i].outside, err));
        OM_TRY(om_hits_join(&to->at[i].unreadable, &from->at[i].unreadable, err));
    }
    to->too_many |= from->too_many;
    for (size_t i = 0; i < from->n_visits; i++) {
        if (!om_grow(&to->visit, &to->visit_capacity, to->n_visits, sizeof *to->visit))
            return om_fail_memory(err);
        to->visit[to->n_visits++] = from->visit[i];
    }
    return OM_OK;
}

static void
report(const struct om_exam *exam, struct om_exam_column at, const struct seen *seen)
{
    char outside[120];
    snprintf(outside, sizeof outside, "not %d to %d days after the occasion before",
             exam->settings->interval[0], exam->settings->interval[1]);
    om_exam_report_hits(exam, 142, at, &seen->unreadable, "not a date such as 2024-02-29",
                        "write dates as year, month and day");
    om_exam_report_hits(exam, 210, at, &seen->before, "earlier than the occasion before",
                        "correct the date or the occasion");
    om_exam_report_hits(exam, 211, at, &seen->outside, outside, "correct the date, or widen --interval");
}

static om_status
finish(struct om_exam *exam, void *context, void *const *state, size_t n, struct om_error *err)
{
    const struct plan *plan = context;
    struct state *all = state[0];
    for (size_t t = 1; t < n; t++)
        OM_TRY(merge(all, state[t], err));
    if (all->too_many)
        om_exam_skip(exam, 210, "dates of the occasions: more than 4,294,967,295 records");
    else if (exam->panel->layout != OM_LAYOUT_WIDE)
        OM_TRY(judge_visits(exam, all, err));
    for (size_t f = 0; f < plan->n_files; f++)
        for (size_t slot = 0; slot < OM_OCCASIONS_MAX; slot++)
            report(exam, (struct om_exam_column){f, plan->file[f].column[slot]},
                   &all->at[f * OM_OCCASIONS_MAX + slot]);
    return OM_OK;
}

const struct om_check om_check_dates = {
    .begin = begin, .end = end, .open = open, .close = close, .forms = forms, .finish = finish};
