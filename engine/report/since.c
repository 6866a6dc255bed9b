/* What changed since an earlier run of the same report: the same rows of both, side by side. */
#include "report/since.h"

#include <inttypes.h>
#include <string.h>

/* A row of now and its counterpart of then; NULL where there is none. */
struct twice {
    const struct om_result *then, *now;
};

static struct twice
find_twice(const struct om_compose *now, const struct om_compose *then, const struct om_topic *topic,
           const char *statistic)
{
    return (struct twice){om_compose_find(then, topic, statistic), om_compose_find(now, topic, statistic)};
}

static struct twice
class_twice(const struct om_compose *now, const struct om_compose *then, const struct om_topic *topic,
            const char *class_)
{
    return (struct twice){om_compose_class(then, topic, class_), om_compose_class(now, topic, class_)};
}

static bool
defined(struct twice both)
{
    return both.then && both.now && both.then->has_value && both.now->has_value;
}

/* "+4", "-1.3", "+7 points" of per cent. */
static void
difference_cell(struct om_page *page, struct twice both, double factor, int decimals, enum om_tone tone)
{
    if (!defined(both)) {
        om_table_cell(page, OM_TONE_PLAIN, "%s", "");
        return;
    }
    double difference = factor * (both.now->value - both.then->value);
    om_table_cell(page, tone, "%s%s", difference > 0 ? "+" : "", om_show_fixed(difference, decimals).text);
}

static void
count_cells(struct om_page *page, struct twice both)
{
    om_cell_count(page, both.then);
    om_cell_count(page, both.now);
}

/* Of the people that the line names, unless it says of how many. */
static void
share_cells(struct om_page *page, struct twice both, struct twice people)
{
    enum { PERCENT = 100 };
    const uint64_t then = people.then && people.then->has_value ? (uint64_t)people.then->value : 0;
    const uint64_t now = people.now && people.now->has_value ? (uint64_t)people.now->value : 0;
    om_cell_share(page, both.then, &then, false, OM_TONE_PLAIN);
    om_cell_share(page, both.now, &now, false, OM_TONE_PLAIN);
    difference_cell(page, both, PERCENT, 1, OM_TONE_PLAIN);
}

static void
group_line(const struct om_compose *now, const struct om_compose *then, const struct om_scale_info *info,
           const char *group)
{
    struct om_page *page = now->page;
    int decimals = om_compose_decimals(info->scale);
    struct om_topic topic = {group, info, om_compose_population(now, info), now->analysis->first, NULL};
    om_table_row(page);
    om_table_cell(page, OM_TONE_PLAIN, "%s", group);
    const struct twice people = find_twice(now, then, &topic, "n");
    count_cells(page, people);
    if (!now->analysis->last) {
        struct twice mean = find_twice(now, then, &topic, "mean");
        om_cell_fixed(page, mean.then, decimals, OM_TONE_PLAIN);
        om_cell_fixed(page, mean.now, decimals, OM_TONE_PLAIN);
        return;
    }
    topic.occasion = "change";
    struct twice change = find_twice(now, then, &topic, "mean");
    om_cell_fixed(page, change.then, decimals, om_tone_of_change(change.then, info->scale));
    om_cell_fixed(page, change.now, decimals, om_tone_of_change(change.now, info->scale));
    topic.rule = om_compose_main_rule(now, info);
    if (!topic.rule)
        return;
    share_cells(page, class_twice(now, then, &topic, "improved"), people);
    share_cells(page, class_twice(now, then, &topic, "deteriorated"), people);
}

static void
instrument_table(const struct om_compose *now, const struct om_compose *then,
                 const struct om_scale_info *info)
{
    struct om_page *page = now->page;
    const char *rule = now->analysis->last ? om_compose_main_rule(now, info) : NULL;
    om_table_begin(page, "%s: then and now%s%s", info->instrument->name,
                   rule ? "; improved and worse by the rule " : "", rule ? rule : "");
    om_table_column(page, OM_ALIGN_LEFT, "%s", "");
    om_table_column(page, OM_ALIGN_RIGHT, "people then");
    om_table_column(page, OM_ALIGN_RIGHT, "now");
    om_table_column(page, OM_ALIGN_RIGHT, now->analysis->last ? "mean change then" : "mean then");
    om_table_column(page, OM_ALIGN_RIGHT, "now");
    if (rule) {
        om_table_column(page, OM_ALIGN_RIGHT, "improved then");
        om_table_column(page, OM_ALIGN_RIGHT, "now");
        om_table_column(page, OM_ALIGN_RIGHT, "%% points");
        om_table_column(page, OM_ALIGN_RIGHT, "worse then");
        om_table_column(page, OM_ALIGN_RIGHT, "now");
        om_table_column(page, OM_ALIGN_RIGHT, "%% points");
    }
    for (size_t i = 0; i < now->analysis->n_groups; i++)
        group_line(now, then, info, now->analysis->group[i]);
    om_table_end(page);
}

static bool
has_group(const struct om_analysis *analysis, const char *group)
{
    for (size_t i = 0; i < analysis->n_groups; i++)
        if (strcmp(analysis->group[i], group) == 0)
            return true;
    return false;
}

/* Names the groups of one that the other has not. */
static void
list_missing(struct om_page *page, const struct om_analysis *in, const struct om_analysis *not_in,
             const char *term)
{
    enum { NAMED = 12 };
    struct om_buffer names = OM_BUFFER_EMPTY;
    size_t n = 0;
    for (size_t i = 0; i < in->n_groups; i++)
        if (!has_group(not_in, in->group[i]) && n++ < NAMED)
            om_buffer_format(&names, "%s%s", n > 1 ? ", " : "", in->group[i]);
    if (n > NAMED)
        om_buffer_format(&names, " and %zu more", n - NAMED);
    if (n > 0)
        om_page_item(page, term, "%s", om_buffer_string(&names));
    if (!om_buffer_ok(&names))
        page->failed = true;
    om_buffer_release(&names);
}

void
om_compose_since(struct om_page *page, const struct om_analysis *now, const struct om_analysis *then)
{
    struct om_compose compose = {.page = page, .analysis = now}, before = {.page = page, .analysis = then};
    om_page_item(page, "records",
                 "%" PRIu64 " then, %" PRIu64 " now; rejected %" PRIu64 " then, %" PRIu64 " now",
                 then->records.read, now->records.read, then->records.rejected, now->records.rejected);
    list_missing(page, now, then, "new groups");
    list_missing(page, then, now, "groups gone");
    for (size_t i = 0; i < now->n_instruments; i++) {
        const struct om_scale_info *info = om_compose_main_scale(now, now->instrument[i]);
        if (info && !om_compose_is_short_form(now, now->instrument[i]))
            instrument_table(&compose, &before, info);
    }
}
