/* Family `survival`: time to the first response, remission, reliable improvement and deterioration. */
#include "analysis/kept.h"
#include "analysis/follow.h"
#include "base/error.h"
#include "base/memory.h"

#include <omstat/events.h>
#include <omstat/survival.h>

#include <stdio.h>

enum { NAME_MAX_LENGTH = 64 };

static const struct event {
    const char *id;
    enum om_rule rule;
    enum om_change_class wanted;
    bool confirmed;
} events[] = {
    {"response", OM_RULE_SHIFT, OM_CHANGE_IMPROVED, false},
    {"response", OM_RULE_PERCENT, OM_CHANGE_IMPROVED, false},
    {"remission", OM_RULE_REMISSION, OM_CHANGE_IMPROVED, false},
    {"improvement", OM_RULE_RELIABLE, OM_CHANGE_IMPROVED, false},
    {"deterioration", OM_RULE_SHIFT, OM_CHANGE_DETERIORATED, false},
    {"deterioration", OM_RULE_RELIABLE, OM_CHANGE_DETERIORATED, false},
    {"confirmed_deterioration", OM_RULE_SHIFT, OM_CHANGE_DETERIORATED, true},
    {"confirmed_deterioration", OM_RULE_RELIABLE, OM_CHANGE_DETERIORATED, true},
};
enum { EVENTS = sizeof events / sizeof events[0] };

/* How a row of this event is called: "km.response.median". */
static const char *
name_of(char *name, const char *family, const struct event *event, const char *part)
{
    snprintf(name, NAME_MAX_LENGTH, "%s.%s.%s", family, event->id, part);
    return name;
}

/* What happened to the people of a group. */
static om_status
count_events(const struct om_follow *follow, const struct event *event, const struct om_class_rule *rule,
             struct om_event_count *count, struct om_event_ledger *ledger, struct om_error *err)
{
    const struct om_event_rule event_rule = {rule->change, event->wanted, event->confirmed};
    return om_time_to_event(&event_rule, &follow->rows, follow->point, follow->n_points, count, ledger, err);
}

static om_status
rows_curve(struct om_view *view, const struct om_follow *follow, const struct event *event, const char *note,
           const struct om_survival_point *point, struct om_error *err)
{
    char name[NAME_MAX_LENGTH];
    for (size_t k = 1; k < follow->rows.n_occasions; k++) {
        const struct om_survival_point *at = &point[k];
        view->row.occasion = follow->occasion[k];
        OM_TRY(om_add_stat(view, name_of(name, "km", event, "survival"), &at->survival, &at->interval,
                           "kaplan-meier", at->at_risk, NULL, err));
        OM_TRY(om_add_stat(view, name_of(name, "km", event, "se"), &at->se, NULL, "greenwood", at->at_risk,
                           NULL, err));
        OM_TRY(om_add_count(view, name_of(name, "km", event, "events"), at->events, at->at_risk, note, err));
    }
    view->row.occasion = "";
    return OM_OK;
}

static om_status
rows_event(struct om_view *view, const struct om_follow *follow, const struct event *event,
           const struct om_class_rule *rule, struct om_error *err)
{
    struct om_event_count count[OM_OCCASIONS_MAX];
    struct om_survival_point point[OM_OCCASIONS_MAX];
    struct om_event_ledger ledger;
    struct om_survival survival;
    char name[NAME_MAX_LENGTH], note[200];
    OM_TRY(count_events(follow, event, rule, count, &ledger, err));
    const struct om_event_counts counts = {count, follow->rows.n_occasions};
    om_kaplan_meier(&counts, view->run->study->level, OM_SURVIVAL_LOG_LOG, point, &survival);
    snprintf(note, sizeof note, "%llu without a first score and %llu not at risk are left out",
             (unsigned long long)ledger.without_first, (unsigned long long)ledger.not_at_risk);
    view->row.occasion = "";
    view->row.rule = om_rule_id(event->rule);
    OM_TRY(om_add_count(view, name_of(name, "km", event, "n"), ledger.counted, ledger.persons, note, err));
    OM_TRY(om_add_count(view, name_of(name, "km", event, "events"), survival.events, survival.n, rule->note,
                        err));
    OM_TRY(rows_curve(view, follow, event, rule->note, point, err));
    const struct {
        const char *part;
        const struct om_stat *stat;
    } times[] = {{"median", &survival.median},
                 {"median_lower", &survival.median_lower},
                 {"median_upper", &survival.median_upper}};
    for (size_t i = 0; i < 3; i++)
        OM_TRY(om_add_stat(view, name_of(name, "km", event, times[i].part), times[i].stat, NULL,
                           i ? "log-log" : "kaplan-meier", survival.n, NULL, err));
    view->row.rule = "";
    return OM_OK;
}

static om_status
rows_survival(struct om_view *view, const struct om_follow *follow, struct om_error *err)
{
    for (size_t e = 0; e < EVENTS; e++) {
        const struct om_class_rule *rule = om_view_rule(view, events[e].rule);
        if (rule)
            OM_TRY(rows_event(view, follow, &events[e], rule, err));
    }
    return OM_OK;
}

om_status
om_rows_survival(struct om_view *view, struct om_error *err)
{
    return om_follow_rows(view, rows_survival, err);
}

/* --- the groups ----------------------------------------------------------------------------------------- */

/* What the log-rank test of one event works on. */
struct test {
    struct om_event_count *count; /* [group][occasion] */
    struct om_event_counts *counts;
    struct om_log_rank_group *group;
};

static om_status
rows_test(struct om_comparison *comparison, const struct event *event, const struct test *test,
          struct om_error *err)
{
    struct om_log_rank_result r;
    struct om_view *whole = &comparison->whole;
    char name[NAME_MAX_LENGTH];
    OM_TRY(om_log_rank(test->counts, comparison->n, test->group, &r, err));
    for (size_t g = 0; g < comparison->n; g++) {
        struct om_view one = comparison->one[g];
        const struct om_stat expected = {test->group[g].expected, NULL};
        one.row.family = whole->row.family;
        one.row.occasion = "";
        one.row.rule = om_rule_id(event->rule);
        OM_TRY(om_add_count(&one, name_of(name, "logrank", event, "observed"), test->group[g].observed,
                            test->group[g].n, NULL, err));
        OM_TRY(om_add_stat(&one, name_of(name, "logrank", event, "expected"), &expected, NULL, "log-rank",
                           test->group[g].n, NULL, err));
    }
    whole->row.occasion = "";
    whole->row.rule = om_rule_id(event->rule);
    const struct {
        const char *part;
        const struct om_stat *stat;
    } all[] = {{"statistic", &r.chi2}, {"df", &r.df}, {"p", &r.p}};
    for (size_t i = 0; i < 3; i++)
        OM_TRY(om_add_stat(whole, name_of(name, "logrank", event, all[i].part), all[i].stat, NULL, "log-rank",
                           r.n, NULL, err));
    whole->row.rule = "";
    return OM_OK;
}

static om_status
compare_events(struct om_comparison *comparison, const struct om_follow_groups *groups, struct test *test,
               struct om_error *err)
{
    const size_t width = groups->one[0].rows.n_occasions;
    for (size_t e = 0; e < EVENTS; e++) {
        const struct om_class_rule *rule = om_view_rule(&comparison->whole, events[e].rule);
        if (!rule)
            continue;
        for (size_t g = 0; g < groups->n; g++) {
            struct om_event_ledger ledger;
            test->counts[g] = (struct om_event_counts){test->count + g * width, width};
            OM_TRY(count_events(&groups->one[g], &events[e], rule, test->count + g * width, &ledger, err));
        }
        OM_TRY(rows_test(comparison, &events[e], test, err));
    }
    return OM_OK;
}

om_status
om_compare_survival(struct om_comparison *comparison, struct om_error *err)
{
    struct om_follow_groups groups;
    bool any;
    OM_TRY(om_follow_all(comparison, &groups, &any, err));
    if (!any)
        return OM_OK;
    struct test test = {om_alloc(groups.n * groups.one[0].rows.n_occasions, sizeof *test.count),
                        om_alloc(groups.n, sizeof *test.counts), om_alloc(groups.n, sizeof *test.group)};
    om_status status = test.count && test.counts && test.group
                           ? compare_events(comparison, &groups, &test, err)
                           : om_fail_memory(err);
    om_free(test.count);
    om_free(test.counts);
    om_free(test.group);
    om_follow_all_end(&groups);
    return status;
}
