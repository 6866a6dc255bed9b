/*
 * The rows that can be shown. What is left of a row is a function of counts that can be shown, and of means
 * and SDs that are rounded first: intervals, tests and effect sizes are computed anew from these, so that
 * they tell nothing more.
 */
#include "analysis/disclosure.h"
#include "base/error.h"
#include "stats/dist.h"
#include "stats/effect.h"
#include "stats/protect.h"

#include <math.h>
#include <omstat/proportion.h>
#include <string.h>

enum fate { LEAVE_OUT, WITHHOLD, SHOW };

struct pass {
    struct om_analysis *analysis;
    const struct om_run *run;
    const struct om_disclosure_plan *plan;
    struct om_results old; /* the rows as they were */
    const char *group_text;
    size_t group; /* of the row before: rows come group by group */
    char note[80];
};

/* --- what a row is about -------------------------------------------------------------------------------- */

static bool
is(const char *a, const char *b)
{
    return strcmp(a, b) == 0;
}

/* The number of the group, or n_groups for a comparison of two. */
static size_t
group_of(struct pass *pass, const struct om_result *row)
{
    if (pass->group_text == row->group)
        return pass->group;
    const size_t n = pass->run->n_groups;
    size_t g = 0, at = pass->group_text ? pass->group : 0;
    for (; g < n && !is(pass->run->group[(at + g) % n].name, row->group); g++)
        ;
    if (g == n)
        return n;
    pass->group_text = row->group;
    pass->group = (at + g) % n;
    return pass->group;
}

static const struct om_scale_plan *
plan_of(const struct pass *pass, const struct om_result *row)
{
    for (size_t i = 0; i < pass->plan->n_scales; i++)
        if (is(pass->plan->scale[i].instrument, row->instrument) &&
            is(pass->plan->scale[i].scale_id, row->scale))
            return &pass->plan->scale[i];
    return NULL;
}

enum when { FIRST, LAST, CHANGE, NEVER };

static enum when
when_of(const struct pass *pass, const struct om_result *row)
{
    const struct om_analysis *analysis = pass->analysis;
    if (analysis->last && is(row->occasion, "change"))
        return CHANGE;
    if (is(row->occasion, analysis->first))
        return FIRST;
    return analysis->last && is(row->occasion, analysis->last) ? LAST : NEVER;
}

/* --- what becomes of it --------------------------------------------------------------------------------- */

static enum fate
fate_of_part(unsigned shown, unsigned part)
{
    return (shown & part) == part ? SHOW : WITHHOLD;
}

static bool
is_of_means(const char *statistic, enum when when)
{
    static const char *const at_occasion[] = {"mean", "sd", "se"};
    static const char *const of_change[] = {"t.statistic", "t.df", "t.p", "d_z"};
    for (size_t i = 0; i < sizeof at_occasion / sizeof *at_occasion; i++)
        if (is(statistic, at_occasion[i]))
            return true;
    for (size_t i = 0; when == CHANGE && i < sizeof of_change / sizeof *of_change; i++)
        if (is(statistic, of_change[i]))
            return true;
    return false;
}

static enum fate
fate_of_band(const struct pass *pass, const struct om_scale_plan *plan, size_t group, enum when when,
             const char *band)
{
    const struct om_scale *scale = pass->run->scale[plan->scale].info.scale;
    if (group != 0 || when > LAST)
        return LEAVE_OUT;
    if (!plan->band[when])
        return WITHHOLD;
    for (size_t b = 0; b < scale->n_bands; b++)
        if (is(scale->band[b].id, band))
            return plan->band[when][b] ? SHOW : WITHHOLD;
    return LEAVE_OUT;
}

static enum fate
fate_of_class(const struct om_scale_plan *plan, size_t group, const struct om_result *row)
{
    const enum om_rule rule = om_rule_parse(row->rule);
    if (rule == OM_RULES || !plan->rule[rule])
        return LEAVE_OUT;
    if (is(row->statistic, "class.improved"))
        return fate_of_part(plan->rule[rule][group], OM_SHOW_IMPROVED);
    if (is(row->statistic, "class.unchanged") || is(row->statistic, "class.deteriorated"))
        return fate_of_part(plan->rule[rule][group], OM_SHOW_CLASSES);
    return LEAVE_OUT;
}

/* What hangs on the four cells of screening status before and after. */
static enum fate
fate_of_screen(const struct om_scale_plan *plan, size_t group)
{
    const unsigned *shown = plan->rule[OM_RULE_SCREEN];
    const bool any = shown && (shown[0] & OM_SHOW_CLASSES);
    return any ? fate_of_part(shown[group], OM_SHOW_CLASSES) : LEAVE_OUT;
}

static enum fate
fate_in_base(const struct pass *pass, const struct om_scale_plan *plan, size_t group, enum when when,
             const struct om_result *row)
{
    const unsigned shown = plan->group[group];
    if (row->rule[0])
        return fate_of_class(plan, group, row);
    if (is(row->statistic, "n"))
        return fate_of_part(shown, OM_SHOW_N);
    if (is_of_means(row->statistic, when))
        return fate_of_part(shown, OM_SHOW_MEANS);
    if (is(row->statistic, "positive"))
        return fate_of_part(shown, when == FIRST ? OM_SHOW_FIRST : OM_SHOW_LAST);
    if (strncmp(row->statistic, "mcnemar.", 8) == 0)
        return fate_of_screen(plan, group);
    if (strncmp(row->statistic, "band.", 5) == 0)
        return fate_of_band(pass, plan, group, when, row->statistic + 5);
    return LEAVE_OUT;
}

/* Those screening positive, beside everyone. */
static enum fate
fate_in_positive(const struct om_scale_plan *plan, size_t group, enum when when, const struct om_result *row)
{
    const unsigned part = is(row->statistic, "n")             ? OM_SHOW_POSITIVE
                          : is_of_means(row->statistic, when) ? OM_SHOW_POSITIVE_MEANS
                                                              : 0;
    if (row->rule[0] || !part || !(plan->group[0] & part))
        return LEAVE_OUT;
    return fate_of_part(plan->group[group], part);
}

/* The denominators, as in the ledger of persons. */
static enum fate
fate_in_ledger(const struct pass *pass, const struct om_scale_plan *plan, size_t group, const char *which)
{
    const unsigned shown = plan->group[group];
    const bool all = group == 0, everyone = plan->base == OM_POPULATION_ALL;
    if (is(which, "persons"))
        return all && pass->plan->persons ? SHOW : WITHHOLD;
    if (is(which, "baseline"))
        return all && plan->baseline ? SHOW : WITHHOLD;
    if (is(which, "positive"))
        return all && plan->baseline_positive ? SHOW : WITHHOLD;
    if (is(which, "paired"))
        return everyone ? fate_of_part(shown, OM_SHOW_N) : WITHHOLD;
    if (is(which, "used"))
        return fate_of_part(shown, everyone ? OM_SHOW_POSITIVE : OM_SHOW_N);
    return LEAVE_OUT;
}

static enum fate
fate_of(struct pass *pass, const struct om_result *row)
{
    const struct om_scale_plan *plan = plan_of(pass, row);
    const size_t group = group_of(pass, row);
    if (!plan || group == pass->run->n_groups || row->family[0])
        return LEAVE_OUT;
    if (strncmp(row->statistic, "ledger.", 7) == 0)
        return fate_in_ledger(pass, plan, group, row->statistic + 7);
    const enum when when = when_of(pass, row);
    if (when == NEVER)
        return LEAVE_OUT;
    if (is(row->population, plan->base == OM_POPULATION_ALL ? "all" : "positive"))
        return fate_in_base(pass, plan, group, when, row);
    return is(row->population, "positive") ? fate_in_positive(plan, group, when, row) : LEAVE_OUT;
}

/* --- what is left of it --------------------------------------------------------------------------------- */

uint64_t
om_disclosure_round(uint64_t count, uint64_t base)
{
    return base > 1 ? (count + base / 2) / base * base : count;
}

double
om_disclosure_round_score(double score)
{
    return (score < 0 ? -1 : 1) * floor(fabs(score) * 10 + 0.5) / 10;
}

static const struct om_result *
beside(const struct pass *pass, const struct om_result *row, const char *statistic)
{
    return om_results_find(&pass->old, row->group, row->instrument, row->scale, row->population,
                           row->occasion, "", statistic);
}

/* Mean and SD as they are published, and the number of persons. False where one is undefined. */
static bool
published(const struct pass *pass, const struct om_result *row, double *mean, double *sd, double *n)
{
    const struct om_result *m = beside(pass, row, "mean"), *s = beside(pass, row, "sd");
    if (!m || !s || !m->has_value || !s->has_value)
        return false;
    *mean = om_disclosure_round_score(m->value);
    *sd = om_disclosure_round_score(s->value);
    *n = (double)om_disclosure_round(m->n, pass->analysis->disclosure.round);
    return *n >= 2;
}

static void
show_rate(const struct pass *pass, struct om_result *row)
{
    const uint64_t base = pass->analysis->disclosure.round;
    struct om_interval interval;
    row->numerator = om_disclosure_round(row->numerator, base);
    row->denominator = om_disclosure_round(row->denominator, base);
    row->value = row->denominator ? (double)row->numerator / (double)row->denominator : 0;
    row->has_value = row->denominator > 0;
    om_proportion(row->numerator, row->denominator, pass->run->study->level, OM_PROPORTION_WILSON, &interval);
    row->has_interval = row->has_level = !interval.reason;
    row->lower = interval.lower;
    row->upper = interval.upper;
}

static void
show_effect(const struct pass *pass, struct om_result *row, double d, double n)
{
    const double root = sqrt(n), level = pass->run->study->level;
    const struct om_effect effect = om_effect_from_t(d, root, d * root, n - 1, level, NULL);
    row->value = d;
    row->method = effect.interval.method;
    row->has_interval = row->has_level = !effect.interval.reason;
    row->level = level;
    row->lower = effect.interval.lower;
    row->upper = effect.interval.upper;
}

/* A mean, and all that follows from it. */
static void
show_of_mean(const struct pass *pass, struct om_result *row)
{
    double mean, sd, n;
    const bool interval = is(row->statistic, "mean");
    row->has_interval = row->has_level = false;
    if (!row->has_value)
        return;
    if (!published(pass, row, &mean, &sd, &n) || (sd == 0 && !interval && !is(row->statistic, "sd"))) {
        row->has_value = false;
        row->note = "no spread is left after rounding";
        return;
    }
    const double se = sd / sqrt(n);
    row->note = "from the mean and SD as rounded here";
    if (interval) {
        row->value = mean;
        row->has_interval = row->has_level = sd > 0;
        row->level = pass->run->study->level;
        row->lower = mean - om_t_bound(row->level, n - 1) * se;
        row->upper = mean + om_t_bound(row->level, n - 1) * se;
        row->note = "rounded; interval from the mean and SD as rounded here";
    } else if (is(row->statistic, "sd")) {
        row->value = sd;
        row->note = "rounded";
    } else if (is(row->statistic, "se")) {
        row->value = se;
    } else if (is(row->statistic, "t.statistic")) {
        row->value = mean / se;
    } else if (is(row->statistic, "t.df")) {
        row->value = n - 1;
    } else if (is(row->statistic, "t.p")) {
        row->value = om_t_p(mean / se, n - 1);
    } else {
        show_effect(pass, row, mean / sd, n);
    }
}

/* A note that tells what a rule left out says so behind a semicolon. */
static void
shorten_note(struct pass *pass, struct om_result *row)
{
    const size_t length = strcspn(row->note, ";");
    if (!row->note[length] || length >= sizeof pass->note)
        return;
    memcpy(pass->note, row->note, length);
    pass->note[length] = '\0';
    row->note = pass->note;
}

static void
show_row(struct pass *pass, struct om_result *row)
{
    const uint64_t base = pass->analysis->disclosure.round;
    if (is_of_means(row->statistic, CHANGE)) {
        show_of_mean(pass, row);
    } else if (is(row->statistic, "n") || strncmp(row->statistic, "ledger.", 7) == 0) {
        row->value = (double)om_disclosure_round((uint64_t)row->value, base);
        row->has_ratio = false;
        row->has_n = row->has_n && is(row->statistic, "n");
    } else if (row->has_ratio) {
        show_rate(pass, row);
        if (row->rule[0])
            shorten_note(pass, row);
    } else if (base > 1 && row->has_value) {
        row->has_value = row->has_interval = row->has_level = false;
        row->note = "not computed from rounded counts";
    }
    row->n = om_disclosure_round(row->n, base);
}

/* The number of persons stays where it is shown itself. */
static void
withhold_row(struct pass *pass, struct om_result *row)
{
    const struct om_result *n = beside(pass, row, "n");
    row->has_value = row->has_ratio = row->has_interval = row->has_level = false;
    row->has_n = n && n != row && fate_of(pass, n) == SHOW;
    row->n = row->has_n ? om_disclosure_round(n->n, pass->analysis->disclosure.round) : 0;
    row->method = "";
    row->note = OM_NOTE_WITHHELD;
}

/* --- the pass ------------------------------------------------------------------------------------------- */

/* For the one who keeps the log: it tells which of the counts is the small one. */
static const char *
reason_of(const struct pass *pass, const struct om_result *row, enum fate fate)
{
    const uint64_t below = pass->analysis->disclosure.below;
    if (fate == LEAVE_OUT)
        return "not publishable";
    if ((row->has_n && om_count_is_small(row->n, below)) ||
        (row->has_ratio && (om_count_is_small(row->numerator, below) ||
                            om_count_is_small(row->denominator - row->numerator, below))))
        return "primary";
    return "complementary";
}

static om_status
log_row(struct pass *pass, const struct om_result *row, enum fate fate, struct om_error *err)
{
    struct om_result entry = *row;
    entry.has_value = entry.has_ratio = entry.has_interval = entry.has_level = entry.has_n = false;
    entry.method = "";
    entry.note = reason_of(pass, row, fate);
    return om_results_add(&pass->analysis->disclosure.log, &entry, err);
}

static om_status
pass_row(struct pass *pass, const struct om_result *old, struct om_error *err)
{
    struct om_disclosure *disclosure = &pass->analysis->disclosure;
    struct om_result row = *old;
    const enum fate fate = fate_of(pass, old);
    if (fate != SHOW)
        OM_TRY(log_row(pass, old, fate, err));
    if (fate == LEAVE_OUT) {
        disclosure->n_left_out++;
        return OM_OK;
    }
    if (fate == SHOW) {
        show_row(pass, &row);
        disclosure->n_shown++;
    } else {
        withhold_row(pass, &row);
        disclosure->n_withheld++;
    }
    return om_results_add(&pass->analysis->results, &row, err);
}

om_status
om_disclosure_rows(struct om_analysis *analysis, const struct om_run *run,
                   const struct om_disclosure_plan *plan, struct om_error *err)
{
    struct pass pass = {.analysis = analysis, .run = run, .plan = plan, .old = analysis->results};
    om_status status = OM_OK;
    analysis->results = OM_RESULTS_EMPTY;
    for (size_t i = 0; i < pass.old.n_rows && status == OM_OK; i++)
        status = pass_row(&pass, &pass.old.row[i], err);
    om_results_release(&pass.old);
    return status;
}
