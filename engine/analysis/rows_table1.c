/*
 * Table 1: the columns that a study asks to have described, in each group and compared between groups.
 *
 *   counts by value -> numbers (their description) or categories (their shares) -> rows
 *
 * The rows have no instrument; `scale` is the name of the column.
 */
#include "analysis/compare.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/number.h"

#include <omstat/table1.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FEW_VALUES = 10 }; /* so many different numbers are categories, unless the study says otherwise */

/* A value of the column, in the order of the table. */
struct value {
    const char *text;
    struct om_fraction number;
    uint32_t index; /* the panel's number of it */
    bool known, is_number;
};

struct column {
    const struct om_run *run;
    size_t at; /* among the described ones */
    struct value *value;
    size_t n;
    bool numeric;
    int64_t unit;
    size_t reference; /* among the groups without "all" */
    const struct om_kept *kept;
    struct om_results *results;
    struct om_result row;
};

/* --- values ------------------------------------------------------------------------------------------- */

static bool
is_missing(const char *text)
{
    static const char *const none[] = {"", "na", "n/a"};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
        if (om_ascii_equal(text, strlen(text), none[i]))
            return true;
    return false;
}

static int
by_text(const void *a, const void *b)
{
    const struct value *x = a, *y = b;
    return om_natural_compare(x->text, y->text);
}

static int
by_number(const void *a, const void *b)
{
    const struct value *x = a, *y = b;
    return om_fraction_compare(x->number, y->number);
}

/* The unit in which all numbers are whole, or 0 when they have too many digits for one. */
static int64_t
common_unit(const struct value *value, size_t n)
{
    const int64_t limit = INT64_C(1) << 53;
    int64_t unit = 1;
    for (size_t i = 0; i < n && unit; i++)
        if (value[i].is_number)
            unit = om_lcm(unit, value[i].number.den);
    for (size_t i = 0; i < n && unit; i++) {
        int64_t size = value[i].number.num < 0 ? -value[i].number.num : value[i].number.num;
        if (value[i].is_number && size / value[i].number.den >= limit / unit)
            unit = 0;
    }
    return unit;
}

/* As a number, when the study says so, or when all values are numbers and there are many of them. */
static bool
reads_as_number(const struct column *c)
{
    size_t known = 0, numbers = 0;
    for (size_t i = 0; i < c->n; i++) {
        known += c->value[i].known;
        numbers += c->value[i].is_number;
    }
    switch (c->run->study->panel.described_as[c->at]) {
    case OM_DESCRIBED_NUMBER:
        return c->unit > 0;
    case OM_DESCRIBED_CATEGORY:
        return false;
    case OM_DESCRIBED_AUTO:
        break;
    }
    return c->unit > 0 && numbers == known && known > FEW_VALUES;
}

static uint64_t
count_of(const struct om_run *run, size_t column, size_t group, uint32_t value)
{
    const struct om_value_counts *of =
        run->group[group].described ? &run->group[group].described[column] : NULL;
    return of && value < of->n ? of->count[value] : 0;
}

static om_status
open_column(const struct om_run *run, size_t at, size_t reference, const struct om_kept *kept,
            struct om_results *results, struct column *c, struct om_error *err)
{
    size_t b = run->study->panel.by.n + at;
    const struct om_dictionary *seen = &run->by_value[b];
    *c = (struct column){
        .run = run,
        .at = at,
        .value = om_calloc(seen->n + 1, sizeof *c->value),
        .reference = reference,
        .kept = kept,
        .results = results,
        .row = {.scale = run->study->panel.described.at[at], .population = "all", .family = "table1"}};
    if (!c->value)
        return om_fail_memory(err);
    for (uint32_t i = 0; i < seen->n; i++) {
        if (count_of(run, at, 0, i) == 0) /* of records that are no persons */
            continue;
        struct value *v = &c->value[c->n++];
        *v = (struct value){.text = om_dictionary_text(seen, i), .index = i, .number = {0, 1}};
        v->known = !is_missing(v->text);
        v->is_number = v->known && om_fraction_parse(v->text, strlen(v->text), &v->number);
    }
    c->unit = common_unit(c->value, c->n);
    c->numeric = reads_as_number(c);
    if (c->n > 1)
        qsort(c->value, c->n, sizeof *c->value, c->numeric ? by_number : by_text);
    return OM_OK;
}

static uint64_t
value_count(const struct column *c, size_t group, size_t value)
{
    return count_of(c->run, c->at, group, c->value[value].index);
}

/* --- rows ---------------------------------------------------------------------------------------------- */

/* Rows about a group go where those of any view do. */
static struct om_view
view_of(const struct column *c, const char *group)
{
    struct om_view view = {.run = c->run, .kept = c->kept, .results = c->results, .row = c->row};
    view.row.group = group;
    return view;
}

static om_status
add_stat(const struct column *c, const char *group, const char *statistic, const struct om_stat *stat,
         const struct om_interval *interval, const char *method, uint64_t n, const char *note,
         struct om_error *err)
{
    struct om_view view = view_of(c, group);
    return om_add_stat(&view, statistic, stat, interval, method, n, note, err);
}

/* Who is in the group, and of how many the value is not known. */
static om_status
add_known(const struct column *c, const char *group, uint64_t known, uint64_t persons, uint64_t wrong,
          struct om_error *err)
{
    char note[80] = "";
    struct om_view view = view_of(c, group);
    if (wrong)
        snprintf(note, sizeof note, "%llu of them are not numbers", (unsigned long long)wrong);
    OM_TRY(om_add_count(&view, "n", known, persons, NULL, err));
    return om_add_count(&view, "missing", persons - known, persons, note, err);
}

/* --- numbers -------------------------------------------------------------------------------------------- */

/* The counts of one group's numbers; `at` has room for all values. Those of one number in two spellings are
 * put together. */
static struct om_counts
numbers_of(const struct column *c, size_t group, struct om_count *at)
{
    struct om_counts out = {.at = at, .unit = c->unit};
    for (size_t v = 0; v < c->n; v++) {
        uint64_t count = c->value[v].is_number ? value_count(c, group, v) : 0;
        int64_t value = c->value[v].number.num * (c->unit / c->value[v].number.den);
        if (count == 0)
            continue;
        if (out.n && at[out.n - 1].value == value)
            at[out.n - 1].count += count;
        else
            at[out.n++] = (struct om_count){value, count};
    }
    return out;
}

static uint64_t
not_numbers(const struct column *c, size_t group)
{
    uint64_t n = 0;
    for (size_t v = 0; v < c->n; v++)
        n += c->value[v].known && !c->value[v].is_number ? value_count(c, group, v) : 0;
    return n;
}

static om_status
add_description(const struct column *c, size_t group, const struct om_counts *counts, struct om_error *err)
{
    const struct om_run_group *g = &c->run->group[group];
    struct om_description d;
    om_describe(counts, c->run->study->level, &d);
    OM_TRY(add_known(c, g->name, d.n, g->persons, not_numbers(c, group), err));
    OM_TRY(add_stat(c, g->name, "mean", &d.mean, &d.mean_interval, "", d.n, "", err));
    const struct {
        const char *statistic;
        const struct om_stat *stat;
        const char *method;
    } others[] = {{"sd", &d.sd, "n-1"},    {"median", &d.median, "type-7"},
                  {"q1", &d.q1, "type-7"}, {"q3", &d.q3, "type-7"},
                  {"min", &d.min, ""},     {"max", &d.max, ""}};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        OM_TRY(
            add_stat(c, g->name, others[i].statistic, others[i].stat, NULL, others[i].method, d.n, "", err));
    return OM_OK;
}

/* "arm=PA - arm=TAU". */
static char *
pair_name(const struct column *c, size_t one, size_t reference)
{
    struct om_buffer text = OM_BUFFER_EMPTY;
    om_buffer_format(&text, "%s - %s", c->run->group[one].name, c->run->group[reference].name);
    return om_buffer_take(&text);
}

static om_status
add_smd(const struct column *c, size_t one, const struct om_smd *smd, struct om_error *err)
{
    char *name = pair_name(c, one + 1, c->reference + 1);
    if (!name)
        return om_fail_memory(err);
    uint64_t n = c->run->group[one + 1].persons + c->run->group[c->reference + 1].persons;
    om_status status = add_stat(c, name, "smd", &smd->estimate, &smd->interval, "", n, "", err);
    om_free(name);
    return status;
}

static om_status
add_largest(const struct column *c, const struct om_smd_largest *largest, uint64_t n, struct om_error *err)
{
    char *name = largest->size.reason ? NULL : pair_name(c, largest->other + 1, largest->one + 1);
    om_status status = add_stat(c, "all", "smd.largest", &largest->size, NULL, "largest-of-all-pairs", n,
                                name ? name : "", err);
    om_free(name);
    return status;
}

static om_status
compare_numbers(const struct column *c, const struct om_counts *counts, struct om_error *err)
{
    size_t n = c->run->n_groups - 1;
    uint64_t *persons = om_alloc(n, sizeof *persons);
    struct om_numeric_column *columns = om_alloc(n, sizeof *columns);
    struct om_numeric_line line;
    if (!persons || !columns) {
        om_free(persons);
        om_free(columns);
        return om_fail_memory(err);
    }
    for (size_t g = 0; g < n; g++)
        persons[g] = c->run->group[g + 1].persons;
    om_status status = om_table1_numeric(counts, persons, n, c->run->study->level, columns, &line, err);
    om_free(persons);
    om_free(columns);
    OM_TRY(status);
    OM_TRY(add_largest(c, &line.largest, line.all.of.n, err));
    OM_TRY(add_stat(c, "all", "welch.p", &line.means.welch.p, NULL, "welch-anova", line.all.of.n, "", err));
    OM_TRY(add_stat(c, "all", "kruskal.p", &line.ranks.p, NULL, "kruskal-wallis", line.all.of.n, "", err));
    for (size_t g = 0; g < n; g++) {
        struct om_smd smd;
        if (g == c->reference)
            continue;
        om_smd_numeric(&counts[g], &counts[c->reference], c->run->study->level, &smd);
        OM_TRY(add_smd(c, g, &smd, err));
    }
    return OM_OK;
}

static om_status
rows_numbers(const struct column *c, struct om_error *err)
{
    size_t n = c->run->n_groups;
    struct om_count *at = om_alloc(n * (c->n + 1), sizeof *at);
    struct om_counts *counts = om_alloc(n, sizeof *counts);
    om_status status = OM_OK;
    if (!at || !counts) {
        om_free(at);
        om_free(counts);
        return om_fail_memory(err);
    }
    for (size_t g = 0; g < n && status == OM_OK; g++) {
        counts[g] = numbers_of(c, g, at + g * (c->n + 1));
        status = add_description(c, g, &counts[g], err);
    }
    if (status == OM_OK && n > 2)
        status = compare_numbers(c, counts + 1, err);
    om_free(at);
    om_free(counts);
    return status;
}

/* --- categories ----------------------------------------------------------------------------------------- */

static om_status
add_shares(const struct column *c, size_t group, struct om_error *err)
{
    const struct om_run_group *g = &c->run->group[group];
    uint64_t known = 0;
    for (size_t v = 0; v < c->n; v++)
        known += c->value[v].known ? value_count(c, group, v) : 0;
    OM_TRY(add_known(c, g->name, known, g->persons, 0, err));
    for (size_t v = 0; v < c->n; v++) {
        if (!c->value[v].known)
            continue;
        struct om_buffer statistic = OM_BUFFER_EMPTY;
        om_buffer_format(&statistic, "value.%s", c->value[v].text);
        char *name = om_buffer_take(&statistic);
        if (!name)
            return om_fail_memory(err);
        struct om_view view = view_of(c, g->name);
        om_status status = om_add_rate(&view, name, value_count(c, group, v), known, NULL, err);
        om_free(name);
        OM_TRY(status);
    }
    return OM_OK;
}

static om_status
compare_shares(const struct column *c, const struct om_table *table, struct om_error *err)
{
    struct om_category_line line;
    OM_TRY(om_table1_categories(table, &line, err));
    OM_TRY(add_largest(c, &line.largest, line.known, err));
    OM_TRY(add_stat(c, "all", "chi_square.p", &line.chi_square.p, NULL, "pearson", line.known, "", err));
    OM_TRY(add_stat(c, "all", "fisher.p", &line.fisher_p, NULL, "fisher-exact", line.known, "", err));
    const uint64_t *reference = &table->count[c->reference * table->columns];
    for (size_t g = 0; g < table->rows; g++) {
        struct om_smd smd;
        if (g == c->reference)
            continue;
        om_smd_categories(&table->count[g * table->columns], reference, table->columns, c->run->study->level,
                          &smd);
        OM_TRY(add_smd(c, g, &smd, err));
    }
    return OM_OK;
}

static om_status
rows_categories(const struct column *c, struct om_error *err)
{
    size_t n = c->run->n_groups, k = 0;
    for (size_t g = 0; g < n; g++)
        OM_TRY(add_shares(c, g, err));
    if (n < 3) /* "all" and two more */
        return OM_OK;
    uint64_t *count = om_calloc((n - 1) * (c->n + 1), sizeof *count);
    if (!count)
        return om_fail_memory(err);
    for (size_t v = 0; v < c->n; v++)
        k += c->value[v].known;
    for (size_t g = 1; g < n; g++)
        for (size_t v = 0, at = 0; v < c->n; v++)
            if (c->value[v].known)
                count[(g - 1) * k + at++] = value_count(c, g, v);
    struct om_table table = {.count = count, .rows = n - 1, .columns = k};
    om_status status = compare_shares(c, &table, err);
    om_free(count);
    return status;
}

om_status
om_rows_table1(const struct om_run *run, size_t reference, const struct om_kept *kept,
               struct om_results *results, struct om_error *err)
{
    for (size_t d = 0; d < run->study->panel.described.n; d++) {
        struct column c;
        OM_TRY(open_column(run, d, reference, kept, results, &c, err));
        om_status status = c.numeric ? rows_numbers(&c, err) : rows_categories(&c, err);
        om_free(c.value);
        OM_TRY(status);
    }
    return OM_OK;
}
