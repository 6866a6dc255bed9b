/* The statistics that were asked for beside the standard ones: a table a family. */
#include "report/compose.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Rows of one family and scale, one after the other. */
struct walk {
    const struct om_compose *compose;
    const struct om_scale_info *info;
    const char *family;
    size_t at;
};

static bool
belongs(const struct walk *walk, const struct om_result *row)
{
    return strcmp(row->family, walk->family) == 0 &&
           strcmp(row->instrument, walk->info->instrument->id) == 0 &&
           strcmp(row->scale, walk->info->scale->id) == 0;
}

static const struct om_result *
next_row(struct walk *walk)
{
    const struct om_results *results = &walk->compose->analysis->results;
    while (walk->at < results->n_rows) {
        const struct om_result *row = &results->row[walk->at++];
        if (belongs(walk, row))
            return row;
    }
    return NULL;
}

static void
value_cell(struct om_page *page, const struct om_result *row)
{
    size_t length = strlen(row->statistic);
    bool is_p = length >= 2 && (strcmp(row->statistic + length - 2, ".p") == 0 ||
                                strstr(row->statistic, "_p") == row->statistic + length - 2);
    if (row->has_value && row->has_ratio)
        om_cell_share(page, row, NULL, false, OM_TONE_PLAIN);
    else if (is_p)
        om_cell_p(page, row);
    else
        om_cell_score(page, row, 3);
}

/* What the number is; and where its interval is not of the level that the column says, of which. */
static void
method_cell(struct om_page *page, const struct om_result *row, const char *level)
{
    char own[40] = "";
    if (row->has_level)
        snprintf(own, sizeof own, "%.20s %% CI", om_show_score(100 * row->level, 2).text);
    if (*own && strcmp(own, level) != 0)
        om_table_cell(page, OM_TONE_DIM, "%s, %s", row->method, own);
    else
        om_table_cell(page, OM_TONE_DIM, "%s", row->method);
}

static void
line(struct om_page *page, const struct om_result *row, const char *level)
{
    om_table_row(page);
    om_table_cell(page, OM_TONE_PLAIN, "%s%s%s", row->statistic, *row->rule ? " " : "", row->rule);
    om_table_cell(page, OM_TONE_PLAIN, "%s", row->occasion);
    value_cell(page, row);
    om_cell_bounds(page, row, 3);
    if (row->has_n)
        om_table_cell(page, OM_TONE_PLAIN, "%" PRIu64, row->n);
    else
        om_table_cell(page, OM_TONE_PLAIN, "%s", "");
    method_cell(page, row, level);
}

/* The rows of a family follow each other by group, then population: a heading across for each. */
static void
table(struct walk *walk, const struct om_family_info *family)
{
    struct om_page *page = walk->compose->page;
    const char *group = NULL, *population = NULL;
    const struct om_shown level = om_compose_level(walk->compose);
    om_table_begin(page, "%s", family->title);
    om_table_column(page, OM_ALIGN_LEFT, "%s", "");
    om_table_column(page, OM_ALIGN_LEFT, "%s", "");
    om_table_column(page, OM_ALIGN_RIGHT, "value");
    om_table_column(page, OM_ALIGN_RIGHT, "%s", level.text);
    om_table_column(page, OM_ALIGN_RIGHT, "n");
    om_table_column(page, OM_ALIGN_LEFT, "method");
    const bool every = walk->compose->analysis->n_groups <= OM_COMPOSE_GROUPS;
    for (const struct om_result *row; (row = next_row(walk));) {
        if (!every && strchr(row->group, '=') && !strchr(row->group, ' '))
            continue;
        if (!group || strcmp(group, row->group) != 0 || strcmp(population, row->population) != 0)
            om_table_across(page, "%s, %s", row->group,
                            strcmp(row->population, "positive") == 0 ? "screening positive" : "everyone");
        group = row->group;
        population = row->population;
        line(page, row, level.text);
    }
    om_table_end(page);
}

/* Families that are laid out by somebody who knows them. */
typedef void compose_fn(const struct om_compose *compose, const struct om_scale_info *info);

static compose_fn *
own_table(const char *family)
{
    static const struct {
        const char *family;
        compose_fn *compose;
    } own[] = {
        {"agreement", om_compose_agreement},
        {"sensitivity", om_compose_sensitivity},
        {"regression-to-mean", om_compose_regression_to_mean},
    };
    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++)
        if (strcmp(own[i].family, family) == 0)
            return own[i].compose;
    return NULL;
}

void
om_compose_families(const struct om_compose *compose, const struct om_scale_info *info)
{
    const struct om_analysis *analysis = compose->analysis;
    for (size_t f = 0; f < analysis->n_families; f++) {
        struct walk walk = {compose, info, analysis->family[f].id, 0};
        compose_fn *own = own_table(analysis->family[f].id);
        if (own)
            own(compose, info);
        else
            table(&walk, &analysis->family[f]);
    }
}
