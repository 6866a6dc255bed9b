/* When the occasions were: an occasion before the one it follows (OM210), an interval outside the window
 * (OM211), a date that cannot be read (OM142). */
#include "validate/exam.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/memory.h"
#include "base/number.h"
#include "io/spool.h"
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

enum { PARTS = 256 };

struct plan {
    struct dated *file;
    size_t n_files;
    struct om_spool *visits; /* of a long panel, in parts by the hash of the id */
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
keep_visit(const struct plan *plan, struct state *state, const struct om_exam_block *block, size_t i,
           int32_t day, struct om_error *err)
{
    const struct om_record_row *row = &block->block->row[block->row[i]];
    const uint64_t ordinal = om_exam_ordinal(block, i);
    const struct visit visit = {.id = om_hash(row->id, row->id_length),
                                .ordinal = (uint32_t)ordinal,
                                .day = day,
                                .occasion = block->occasion};
    uint8_t *at = NULL;
    state->too_many |= ordinal > UINT32_MAX;
    OM_TRY(om_spool_room(plan->visits, block->thread, visit.id >> 56, sizeof visit, &at, err));
    memcpy(at, &visit, sizeof visit);
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
                    : keep_visit(plan, all, block, i, day, err));
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

/* The place of every occasion in their order, or OM_NONE. */
static om_status
rank_occasions(const struct om_exam *exam, int *rank, struct om_error *err)
{
    int order[OM_OCCASIONS_MAX];
    size_t n = 0;
    OM_TRY(om_panel_order_occasions(exam->panel, order, &n, err));
    for (size_t k = 0; k < OM_OCCASIONS_MAX; k++)
        rank[k] = OM_NONE;
    for (size_t k = 0; k < n; k++)
        rank[order[k]] = (int)k;
    return OM_OK;
}

/* Visits of some persons, their occasions numbered in order. */
struct visits {
    struct visit *at;
    size_t n, capacity;
};

/* Puts them in order. Only the first and the last record of a person at an occasion are compared with others:
 * those between them go. */
static void
sort_visits(struct visits *visits)
{
    size_t n = 0;
    if (visits->n > 1)
        qsort(visits->at, visits->n, sizeof *visits->at, compare_visits);
    for (size_t i = 0; i < visits->n; i++) {
        const struct visit one = visits->at[i];
        const bool between = n > 1 && visits->at[n - 1].id == one.id && visits->at[n - 2].id == one.id &&
                             visits->at[n - 1].occasion == one.occasion &&
                             visits->at[n - 2].occasion == one.occasion;
        n -= between;
        visits->at[n++] = one;
    }
    visits->n = n;
}

static uint64_t
ordinal_of(const void *context, const uint8_t *record)
{
    struct visit visit;
    (void)context;
    memcpy(&visit, record, sizeof visit);
    return visit.ordinal;
}

static om_status
make_room(struct visits *visits, struct om_error *err)
{
    enum { LEAST = 16 * 1024 };
    const size_t larger = visits->capacity ? 2 * visits->capacity : LEAST;
    struct visit *at = om_realloc(visits->at, larger, sizeof *at);
    if (!at)
        return om_fail_memory(err);
    visits->at = at;
    visits->capacity = larger;
    return OM_OK;
}

static om_status
read_visits(struct om_spool_walk *walk, const int *rank, struct visits *visits, struct om_error *err)
{
    for (const uint8_t *record;;) {
        OM_TRY(om_spool_walk_next(walk, &record, err));
        if (!record)
            return OM_OK;
        if (visits->n == visits->capacity) {
            sort_visits(visits);
            if (2 * visits->n >= visits->capacity) /* few were dropped */
                OM_TRY(make_room(visits, err));
        }
        if (!visits->at) /* there is room by now; said for those who read one function at a time */
            return om_fail_memory(err);
        struct visit *visit = &visits->at[visits->n++];
        memcpy(visit, record, sizeof *visit);
        visit->occasion = rank[visit->occasion];
    }
}

static om_status
judge_part(const struct om_exam *exam, struct state *all, struct visits *visits, struct om_error *err)
{
    sort_visits(visits);
    for (size_t i = 1; i < visits->n; i++) {
        const struct visit *earlier = &visits->at[i - 1], *later = &visits->at[i];
        if (earlier->id != later->id || earlier->occasion == OM_NONE || earlier->occasion == later->occasion)
            continue;
        const struct om_record_place place = om_places_find(&exam->places, later->ordinal);
        OM_TRY(judge(exam->settings, &all->at[place.file * OM_OCCASIONS_MAX], later->ordinal, earlier->day,
                     later->day, err));
    }
    visits->n = 0;
    return OM_OK;
}

static om_status
judge_visits(const struct om_exam *exam, const struct plan *plan, struct state *all, struct om_error *err)
{
    int rank[OM_OCCASIONS_MAX];
    struct visits visits = {0};
    OM_TRY(rank_occasions(exam, rank, err));
    om_status status = OM_OK;
    for (size_t part = 0; part < PARTS && status == OM_OK; part++) {
        struct om_spool_walk *walk = NULL;
        status = om_spool_walk_new(plan->visits, part, sizeof(struct visit), ordinal_of, NULL, &walk, err);
        if (status == OM_OK)
            status = read_visits(walk, rank, &visits, err);
        if (status == OM_OK)
            status = judge_part(exam, all, &visits, err);
        om_spool_walk_free(walk);
    }
    om_free(visits.at);
    return status;
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
    if (plan) {
        om_free(plan->file);
        om_spool_free(plan->visits);
    }
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
    const struct om_spool_spec spec =
        om_spec_spool(exam->panel->spec, PARTS, exam->threads, OM_WAITING_VISITS);
    OM_TRY(om_spool_new(&spec, &plan->visits, err));
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
        OM_TRY(judge_visits(exam, plan, all, err));
    for (size_t f = 0; f < plan->n_files; f++)
        for (size_t slot = 0; slot < OM_OCCASIONS_MAX; slot++)
            report(exam, (struct om_exam_column){f, plan->file[f].column[slot]},
                   &all->at[f * OM_OCCASIONS_MAX + slot]);
    return OM_OK;
}

const struct om_check om_check_dates = {
    .begin = begin, .end = end, .open = open, .close = close, .forms = forms, .finish = finish};
