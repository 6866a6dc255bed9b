/* What figures look up, and how they word it. Statistics are rows of the result set, never computed here. */
#include "report/figure.h"
#include "base/error.h"
#include "base/memory.h"
#include "report/period.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* The statistics that figures read. */
static bool
is_of_interest(const char *statistic)
{
    static const char *const whole[] = {"n",
                                        "mean",
                                        "sd",
                                        "median",
                                        "positive",
                                        "d_z",
                                        "class.recovered",
                                        "class.improved",
                                        "class.unchanged",
                                        "class.deteriorated",
                                        "class.harmed",
                                        "improved.any",
                                        "deteriorated.any"};
    static const char *const beginning[] = {"km.", "band.", "item_missing."};
    for (size_t i = 0; i < sizeof whole / sizeof *whole; i++)
        if (strcmp(statistic, whole[i]) == 0)
            return true;
    for (size_t i = 0; i < sizeof beginning / sizeof *beginning; i++)
        if (strncmp(statistic, beginning[i], strlen(beginning[i])) == 0)
            return true;
    return false;
}

om_status
om_figure_collect(struct om_figure_context *context, struct om_error *err)
{
    const struct om_results *results = &context->analysis->results;
    const struct om_scale_info *info = context->info;
    struct om_figure_rows *out = &context->rows;
    size_t capacity = 0;
    *out = (struct om_figure_rows){0};
    for (size_t i = 0; i < results->n_rows; i++) {
        const struct om_result *row = &results->row[i];
        if (strcmp(row->instrument, info->instrument->id) != 0 || strcmp(row->scale, info->scale->id) != 0 ||
            strcmp(row->population, context->population) != 0 || !is_of_interest(row->statistic))
            continue;
        if (!om_grow(&out->at, &capacity, out->n, sizeof *out->at)) {
            om_free(out->at);
            out->at = NULL;
            return om_fail_memory(err);
        }
        out->at[out->n++] = row;
    }
    return OM_OK;
}

static bool
matches(const struct om_result *row, const char *occasion, const char *rule, const char *statistic)
{
    return strcmp(row->statistic, statistic) == 0 && strcmp(row->occasion, occasion) == 0 &&
           strcmp(row->rule, rule) == 0;
}

const struct om_result *
om_figure_row(const struct om_figure_context *context, const char *group, const char *occasion,
              const char *rule, const char *statistic)
{
    const struct om_figure_rows *rows = &context->rows;
    for (size_t i = 0; occasion && i < rows->n; i++)
        if (matches(rows->at[i], occasion, rule, statistic) && strcmp(rows->at[i]->group, group) == 0)
            return rows->at[i];
    return NULL;
}

om_status
om_figure_by_group(const struct om_figure_context *context, const char *occasion, const char *rule,
                   const char *statistic, const struct om_result ***row, struct om_error *err)
{
    const struct om_analysis *analysis = context->analysis;
    const struct om_result **found = om_calloc(analysis->n_groups, sizeof *found);
    if (!found)
        return om_fail_memory(err);
    size_t group = 0; /* rows stand in the order of the groups */
    for (size_t i = 0; i < context->rows.n; i++) {
        const struct om_result *at = context->rows.at[i];
        if (!matches(at, occasion, rule, statistic))
            continue;
        for (size_t tried = 0; tried < analysis->n_groups; tried++, group++) {
            group = group < analysis->n_groups ? group : 0;
            if (strcmp(at->group, analysis->group[group]) == 0) {
                found[group] = at;
                break;
            }
        }
    }
    *row = found;
    return OM_OK;
}

const char *
om_figure_choose_rule(const struct om_figure_context *context)
{
    static const char *const preferred[] = {"reliable", "shift", "jt", "anchor", "percent", "band", "screen"};
    for (size_t i = 0; i < sizeof preferred / sizeof *preferred && context->analysis->last; i++) {
        const struct om_result *row = om_figure_row(context, "all", "change", preferred[i], "class.improved");
        if (row && row->has_value)
            return preferred[i];
    }
    return NULL;
}

/* --- words --------------------------------------------------------------------------------------------- */

bool
om_figure_lower_better(const struct om_figure_context *context)
{
    return context->info->scale->direction != OM_HIGHER_BETTER;
}

/* The bytes of "cohort=" that all groups begin with; 0 when they do not. */
static size_t
common_prefix(const struct om_analysis *analysis)
{
    if (analysis->n_groups < 2)
        return 0;
    const char *first = analysis->group[1], *equals = strchr(first, '=');
    size_t length = equals ? (size_t)(equals - first) + 1 : 0;
    for (size_t g = 1; g < analysis->n_groups && length; g++)
        if (strncmp(analysis->group[g], first, length) != 0 || strchr(analysis->group[g], ';'))
            length = 0;
    return length;
}

const char *
om_figure_group_name(const struct om_figure_context *context, size_t group)
{
    const char *name = context->analysis->group[group];
    if (group == 0)
        return "everyone";
    name += common_prefix(context->analysis);
    return *name ? name : "(blank)";
}

struct om_shown
om_figure_grouping(const struct om_figure_context *context)
{
    struct om_shown out = {"group"};
    size_t length = common_prefix(context->analysis);
    if (length > 1 && length < 32)
        snprintf(out.text, sizeof out.text, "%.*s", (int)length - 1, context->analysis->group[1]);
    return out;
}

struct om_shown
om_show_count(uint64_t n)
{
    struct om_shown out;
    char digits[24];
    size_t length = (size_t)snprintf(digits, sizeof digits, "%" PRIu64, n), at = 0;
    for (size_t i = 0; i < length; i++) {
        if (n >= 10000 && i > 0 && (length - i) % 3 == 0) {
            out.text[at++] = '\xC2';
            out.text[at++] = '\xA0';
        }
        out.text[at++] = digits[i];
    }
    out.text[at] = '\0';
    return out;
}

struct om_shown
om_show_part(uint64_t k, uint64_t n)
{
    enum { FEW = 20 };
    struct om_shown out;
    if (n == 0 || n >= FEW)
        return n ? om_show_percent(k, n) : (struct om_shown){"nobody"};
    snprintf(out.text, sizeof out.text, "%" PRIu64 " of %" PRIu64, k, n);
    return out;
}

bool
om_figure_has_periods(const struct om_figure_context *context)
{
    const struct om_analysis *analysis = context->analysis;
    struct om_period period, first = {0};
    size_t n = 0;
    for (size_t g = 1; g < analysis->n_groups; g++) {
        const char *name = om_figure_group_name(context, g);
        if (name[0] == '(') /* "(blank)", "(no date)" */
            continue;
        if (!om_period_read(name, &period) || (n > 0 && period.kind != first.kind))
            return false;
        first = n++ ? first : period;
    }
    return n > 1;
}
