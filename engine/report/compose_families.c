/* The statistics that were asked for beside the standard ones: a table a family. */
#include "report/compose.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* Beyond this many rows a table leaves single groups out; and then it ends before its next heading. */
enum { ROWS_LIMIT = 100 };

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
    else if (row->has_value && row->value == floor(row->value))
        om_cell_score(page, row, 0);
    else
        om_cell_fixed(page, row, 3, OM_TONE_PLAIN);
}

/* What the number is; where its interval is not of the level that the column says, of which; and the remark
 * on a number that has one. */
static void
method_cell(struct om_page *page, const struct om_result *row, const char *level)
{
    char own[40] = "", cited[24] = "";
    if (row->has_level)
        snprintf(own, sizeof own, "%.20s %% CI", om_show_score(100 * row->level, 2).text);
    if (strcmp(own, level) == 0)
        own[0] = '\0';
    if (row->has_value && row->note[0])
        snprintf(cited, sizeof cited, "[%zu]", om_table_note(page, row->note));
    om_table_cell(page, OM_TONE_DIM, "%s%s%s%s%s", row->method, *row->method && *own ? ", " : "", own,
                  *cited && (*row->method || *own) ? " " : "", cited);
}

/* alike: how many more rows this line stands for. */
static void
line(struct om_page *page, const struct om_result *row, size_t alike, const char *level)
{
    om_table_row(page);
    if (alike > 0)
        om_table_cell(page, OM_TONE_PLAIN, "%s and %zu more", row->statistic, alike);
    else
        om_table_cell(page, OM_TONE_PLAIN, "%s", row->statistic);
    value_cell(page, row);
    if (row->has_interval)
        om_cell_bounds(page, row, 3);
    else
        om_table_cell(page, OM_TONE_PLAIN, "%s", "");
    if (row->has_n)
        om_table_cell(page, OM_TONE_PLAIN, "%" PRIu64, row->n);
    else
        om_table_cell(page, OM_TONE_PLAIN, "%s", "");
    if (alike == 0)
        method_cell(page, row, level);
}

static bool
same_heading(const struct om_result *a, const struct om_result *b)
{
    return strcmp(a->group, b->group) == 0 && strcmp(a->population, b->population) == 0 &&
           strcmp(a->occasion, b->occasion) == 0 && strcmp(a->rule, b->rule) == 0;
}

/* What the rows that follow have in common: "all, everyone, change by shift". */
static void
heading(struct om_page *page, const struct om_result *row)
{
    om_table_across(page, "%s, %s%s%s%s%s", row->group,
                    strcmp(row->population, "positive") == 0 ? "screening positive" : "everyone",
                    *row->occasion ? ", " : "", row->occasion, *row->rule ? " by " : "", row->rule);
}

/* "site=a", and not "all" nor the comparison "site=b - site=a". Values may hold blanks and dashes themselves.
 */
static bool
single_group(const struct om_result *row)
{
    const char *value = strchr(row->group, '=');
    if (!value)
        return false;
    const size_t column = (size_t)(value - row->group) + 1;
    for (const char *dash = value; (dash = strstr(dash, " - ")); dash++)
        if (strncmp(dash + 3, row->group, column) == 0)
            return false;
    return true;
}

/* How many rows that follow this one are undefined like it: for the same reason, under the same heading. */
static size_t
undefined_alike(struct walk walk, const struct om_result *row)
{
    size_t n = 0;
    if (row->has_value)
        return 0;
    for (const struct om_result *next; (next = next_row(&walk)) && !next->has_value; n++)
        if (!same_heading(row, next) || strcmp(row->note, next->note) != 0)
            break;
    return n;
}

static size_t
count_rows(struct walk walk)
{
    size_t n = 0;
    while (next_row(&walk))
        n++;
    return n;
}

static void
columns(struct om_page *page, const char *level)
{
    om_table_column(page, OM_ALIGN_LEFT, "%s", "");
    om_table_column(page, OM_ALIGN_RIGHT, "value");
    om_table_column(page, OM_ALIGN_RIGHT, "%s", level);
    om_table_column(page, OM_ALIGN_RIGHT, "n");
    om_table_column(page, OM_ALIGN_LEFT, "method");
}

/* A heading across for each stretch of rows about the same people and rule. */
static void
table(struct walk *walk, const struct om_family_info *family)
{
    struct om_page *page = walk->compose->page;
    const struct om_result *last = NULL;
    const struct om_shown level = om_compose_level(walk->compose);
    const size_t n = count_rows(*walk);
    const bool every = walk->compose->analysis->n_groups <= OM_COMPOSE_GROUPS && n <= ROWS_LIMIT;
    size_t shown = 0;
    om_table_begin(page, "%s", family->title);
    columns(page, level.text);
    for (const struct om_result *row; (row = next_row(walk));) {
        if (!every && single_group(row))
            continue;
        bool new_heading = !last || !same_heading(last, row);
        if (new_heading && shown >= ROWS_LIMIT)
            break;
        if (new_heading)
            heading(page, row);
        const size_t alike = undefined_alike(*walk, row);
        line(page, row, alike, level.text);
        for (size_t i = 0; i < alike; i++)
            next_row(walk);
        last = row;
        shown += 1 + alike;
    }
    om_table_end(page);
    if (shown < n)
        om_page_paragraph(page, OM_TONE_DIM, "%zu more rows are in the CSV and JSON forms of this report.",
                          n - shown);
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
