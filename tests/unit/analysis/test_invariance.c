/* What must not matter: layout, order of records and columns, line ends, quotes, delimiters, the ids
 * themselves. And what must add up. */
#include "studies.h"

/* --- a table of cells, to be written down in other ways
 * --------------------------------------------------------- */

struct table {
    char *text;        /* the file, cut at delimiters */
    const char **cell; /* [row * columns + column]; row 0 is the header */
    size_t rows, columns;
};

/* The files of data/ have neither quotes nor blanks. */
static struct table
load(const char *path)
{
    struct text text = text_read(path);
    struct table table = {.text = text.at};
    size_t cells = 0;
    for (size_t i = 0; i < text.length; i++) {
        cells += text.at[i] == ',' || text.at[i] == '\n';
        table.rows += text.at[i] == '\n';
    }
    table.columns = cells / table.rows;
    table.cell = malloc(cells * sizeof *table.cell);
    assert_non_null(table.cell);
    char *start = text.at;
    for (size_t n = 0; n < cells; n++) {
        size_t length = strcspn(start, ",\n");
        start[length] = '\0';
        table.cell[n] = start;
        start += length + 1;
    }
    return table;
}

static void
unload(struct table *table)
{
    free(table->text);
    free(table->cell);
}

struct style {
    const char *delimiter, *quote, *end, *start; /* NULL = , nothing \n nothing */
    uint32_t shuffle_rows, shuffle_columns;      /* seeds; 0 = as they are */
    const char *only;                            /* records with this in column 2; NULL = all */
    size_t without;                              /* column left out; 0 = none */
    size_t from, to;                             /* records; 0, 0 = all */
    bool new_ids;                                /* append another copy of every record, under another id */
    bool rename;                                 /* give every person another id */
};

static void
permute(size_t *order, size_t n, uint32_t seed)
{
    for (size_t i = 0; i < n; i++)
        order[i] = i;
    for (size_t i = n; seed && i > 1; i--) {
        seed = seed * 1664525u + 1013904223u;
        size_t k = (seed >> 8) % i, swap = order[i - 1];
        order[i - 1] = order[k];
        order[k] = swap;
    }
}

static const char *
or_else(const char *text, const char *otherwise)
{
    return text ? text : otherwise;
}

static void
put_record(struct text *out, const struct table *table, const struct style *style, const size_t *column,
           size_t row, const char *id_prefix)
{
    bool first = true;
    for (size_t i = 0; i < table->columns; i++) {
        if (style->without && column[i] == style->without)
            continue;
        text_put(out, first ? "" : or_else(style->delimiter, ","));
        text_put(out, or_else(style->quote, ""));
        text_put(out, row > 0 && column[i] == 0 ? id_prefix : "");
        text_put(out, table->cell[row * table->columns + column[i]]);
        text_put(out, or_else(style->quote, ""));
        first = false;
    }
    text_put(out, or_else(style->end, "\n"));
}

static const char *
write(const struct table *table, struct style style)
{
    struct text out = {0};
    size_t *row = malloc(table->rows * sizeof *row), *column = malloc(table->columns * sizeof *column);
    assert_non_null(row);
    assert_non_null(column);
    permute(row, table->rows - 1, style.shuffle_rows);
    permute(column, table->columns, style.shuffle_columns);
    text_put(&out, or_else(style.start, ""));
    put_record(&out, table, &style, column, 0, "");
    for (size_t copy = 0; copy < (style.new_ids ? 2 : 1); copy++)
        for (size_t r = 0; r < table->rows - 1; r++) {
            size_t at = row[r] + 1;
            if ((style.only && strcmp(table->cell[at * table->columns + 2], style.only) != 0) ||
                (style.to && (at < style.from || at >= style.to)))
                continue;
            put_record(&out, table, &style, column, at, copy ? "x" : style.rename ? "someone else " : "");
        }
    free(row);
    free(column);
    return text_file(&out);
}

#define WIDE "data/evaluation_wide.csv"
#define LONG "data/evaluation_long.csv"

static struct run
standard(void)
{
    return RUN("input", WIDE, "by", "cohort");
}

/* Every family. */
#define FAMILIES                                                                                             \
    "by", "cohort", "statistics", "all", "population", "all", "replicates", "100", "equivalence", "4",       \
        "describe", "cohort"

/* --- the same bytes
 * ----------------------------------------------------------------------------------------------- */

static void
assert_standard(struct run run, const char *what)
{
    struct run want = standard();
    assert_same_results(&run, &want, what);
}

static void
test_layouts(void **state)
{
    (void)state;
    struct table table = load(LONG);
    assert_standard(RUN("input", LONG, "by", "cohort"), "long");
    for (uint32_t seed = 0; seed < 3; seed++) {
        char pre[200], post[200];
        snprintf(pre, sizeof pre, "pre=%s",
                 write(&table, (struct style){.only = "pre", .without = seed ? 2 : 0, .shuffle_rows = seed}));
        snprintf(
            post, sizeof post, "post=%s",
            write(&table, (struct style){.only = "post", .shuffle_rows = 9 * seed, .shuffle_columns = seed}));
        assert_standard(RUN("occasion", pre, "occasion", post, "by", "cohort"), "a file for each occasion");
        assert_standard(RUN("occasion", post, "occasion", pre, "occasions", "pre,post", "by", "cohort"),
                        "the later file first");
    }
    unload(&table);
}

static void
test_order_of_records_and_columns(void **state)
{
    (void)state;
    struct table wide = load(WIDE), lng = load(LONG);
    for (uint32_t seed = 1; seed <= 5; seed++) {
        assert_standard(RUN("input", write(&wide, (struct style){.shuffle_rows = seed}), "by", "cohort"),
                        "wide rows");
        assert_standard(RUN("input", write(&lng, (struct style){.shuffle_rows = seed}), "by", "cohort"),
                        "long rows");
        assert_standard(RUN("input", write(&wide, (struct style){.shuffle_columns = seed}), "by", "cohort"),
                        "wide columns");
        assert_standard(RUN("input",
                            write(&lng, (struct style){.shuffle_rows = seed, .shuffle_columns = seed + 7}),
                            "by", "cohort"),
                        "long rows and columns");
    }
    unload(&wide);
    unload(&lng);
}

static void
test_ways_to_write_csv(void **state)
{
    (void)state;
    struct table wide = load(WIDE);
    assert_standard(RUN("input", write(&wide, (struct style){.end = "\r\n"}), "by", "cohort"), "CR LF");
    assert_standard(RUN("input", write(&wide, (struct style){.end = "\r"}), "by", "cohort"), "CR");
    assert_standard(RUN("input", write(&wide, (struct style){.quote = "\""}), "by", "cohort"), "quotes");
    assert_standard(RUN("input", write(&wide, (struct style){.start = "\xef\xbb\xbf"}), "by", "cohort"),
                    "BOM");
    assert_standard(
        RUN("input",
            write(&wide,
                  (struct style){.start = "\xef\xbb\xbf", .quote = "\"", .end = "\r\n", .delimiter = ";"}),
            "by", "cohort", "delimiter", "semicolon"),
        "a spreadsheet's");
    assert_standard(
        RUN("input", write(&wide, (struct style){.delimiter = "\t"}), "by", "cohort", "delimiter", "tab"),
        "tabs");
    assert_standard(
        RUN("input", write(&wide, (struct style){.delimiter = " | "}), "by", "cohort", "delimiter", "|"),
        "bars and blanks");
    assert_standard(
        RUN("input", write(&wide, (struct style){.delimiter = " ,\t", .quote = "\""}), "by", "cohort"),
        "blanks outside of quotes");
    unload(&wide);
}

static void
test_ids_and_pieces(void **state)
{
    (void)state;
    struct table wide = load(WIDE), lng = load(LONG);
    assert_standard(RUN("input", write(&wide, (struct style){.rename = true}), "by", "cohort"), "other ids");
    assert_standard(
        RUN("input", write(&lng, (struct style){.rename = true, .shuffle_rows = 3}), "by", "cohort"),
        "other ids, long");
    assert_standard(RUN("input", write(&wide, (struct style){.without = 0, .from = 1, .to = 40}), "input",
                        write(&wide, (struct style){.from = 40, .to = 95, .shuffle_columns = 5}), "by",
                        "cohort"),
                    "two pieces");
    assert_standard(RUN("input", write(&lng, (struct style){.from = 1, .to = 71}), "input",
                        write(&lng, (struct style){.from = 71, .to = 181, .shuffle_columns = 5}), "by",
                        "cohort"),
                    "two pieces, long"); /* one person has an occasion in each */
    assert_standard(RUN("input", WIDE, "by", "cohort", "duplicates", "last"), "gathered instead of streamed");
    assert_standard(RUN("input", WIDE, "by", "cohort", "duplicates", "first"),
                    "another policy, no duplicates");
    unload(&wide);
    unload(&lng);
}

/* --- what adds up
 * --------------------------------------------------------------------------------------------------- */

static const struct om_result *
twin(const struct om_results *in, const char *group, const struct om_result *row)
{
    return om_results_find(in, group, row->instrument, row->scale, row->population, row->occasion, row->rule,
                           row->statistic);
}

static bool
is_one_of(const char *statistic, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strncmp(statistic, names[i], strlen(names[i])) == 0 &&
            (names[i][strlen(names[i]) - 1] == '.' || !statistic[strlen(names[i])]))
            return true;
    return false;
}

/* Rules that look at the SD of everyone: it is another one when there are more people. */
static bool
looks_at_everyone(const struct om_result *row)
{
    return strcmp(row->rule, "jt") == 0;
}

/* Everyone twice: means, shares and correlations stay, counts double. */
static void
test_everyone_twice(void **state)
{
    (void)state;
    static const char *const same[] = {"mean",          "min",         "max",        "band.",
                                       "class.",        "positive",    "positive.",  "present",
                                       "alpha",         "correlation", "item_rest.", "alpha_if_dropped.",
                                       "available.mean"};
    static const char *const twice[] = {"n",       "missing",    "unanswered", "mcnemar.statistic",
                                        "ledger.", "available.n"};
    struct table wide = load(WIDE);
    struct run once = standard();
    struct run both = RUN("input", write(&wide, (struct style){.new_ids = true}), "by", "cohort");
    assert_run(&once);
    assert_run(&both);
    assert_int_equal(once.analysis->results.n_rows, both.analysis->results.n_rows);
    size_t checked = 0;
    for (size_t i = 0; i < once.analysis->results.n_rows; i++) {
        const struct om_result *a = &once.analysis->results.row[i];
        const struct om_result *b = twin(&both.analysis->results, a->group, a);
        assert_non_null(b);
        if (looks_at_everyone(a))
            continue;
        if (a->has_ratio) {
            assert_int_equal(b->numerator, 2 * a->numerator);
            assert_int_equal(b->denominator, 2 * a->denominator);
        }
        bool stays = is_one_of(a->statistic, same, sizeof same / sizeof same[0]);
        bool doubles = is_one_of(a->statistic, twice, sizeof twice / sizeof twice[0]);
        if (!a->has_value || (!stays && !doubles))
            continue;
        assert_close(b->value, (doubles ? 2 : 1) * a->value, 1e-12);
        checked++;
    }
    assert_true(checked > 2000);
    release(&once);
    release(&both);
    unload(&wide);
}

/* Rules without norms: those of a sample depend on how many are in it. */
#define OWN_RULES "shift,band,band-or-shift,screen,reliable,percent,remission"

/* The families, too: rates, ranks and shapes stay, whatever the number of people. */
static void
test_families_of_everyone_twice(void **state)
{
    (void)state;
    static const char *const same[] = {"agree",
                                       "kappa",
                                       "cross.",
                                       "improved.",
                                       "deteriorated.",
                                       "left.",
                                       "entered.",
                                       "worst_case.",
                                       "best_case.",
                                       "superiority",
                                       "omega",
                                       "loading.",
                                       "floor",
                                       "ceiling",
                                       "spearman",
                                       "ancova.slope",
                                       "mean_difference",
                                       "rate.improved.difference",
                                       "rate.improved.ratio",
                                       "rate.improved.odds_ratio",
                                       "rate.positive.nnt",
                                       "retention",
                                       "km."};
    struct table wide = load(WIDE);
    struct run once = RUN("input", WIDE, FAMILIES, "rule", OWN_RULES);
    struct run both =
        RUN("input", write(&wide, (struct style){.new_ids = true}), FAMILIES, "rule", OWN_RULES);
    assert_run(&once);
    assert_run(&both);
    size_t checked = 0;
    for (size_t i = 0; i < once.analysis->results.n_rows; i++) {
        const struct om_result *a = &once.analysis->results.row[i];
        if (!*a->family || !a->has_value || !is_one_of(a->statistic, same, sizeof same / sizeof same[0]))
            continue;
        const struct om_result *b = twin(&both.analysis->results, a->group, a);
        if (!b)
            fail_msg("%s %s is gone", a->scale, a->statistic);
        if (a->has_ratio)
            assert_int_equal(b->numerator * a->denominator, a->numerator * b->denominator);
        else if (strstr(a->statistic, ".se") || strstr(a->statistic, "statistic") ||
                 strstr(a->statistic, ".p") || strstr(a->statistic, ".df") ||
                 strstr(a->statistic, "_lower") || strstr(a->statistic, "_upper") ||
                 strstr(a->statistic, "events") || strstr(a->statistic, ".n"))
            continue; /* what knows the number of people */
        else if (!(a->value == 0 && b->value == 0))
            assert_close(b->value, a->value, 1e-7); /* fits are found to so many digits */
        checked++;
    }
    if (checked < 4000)
        fail_msg("only %zu rows", checked);
    release(&once);
    release(&both);
    unload(&wide);
}

/* Every family gives the same bytes for any layout, order and number of threads. */
static void
test_families_in_any_order(void **state)
{
    (void)state;
    struct table wide = load(WIDE), lng = load(LONG);
    struct style shuffled = {.shuffle_rows = 3, .shuffle_columns = 5};
    const char *const files[] = {write(&wide, shuffled), write(&lng, shuffled)};
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        struct run want = RUN("input", WIDE, FAMILIES, "rule", "all", "threads", "1");
        struct run run = RUN("input", files[i], FAMILIES, "rule", "all", "threads", "3");
        assert_same_results(&run, &want, files[i]);
    }
    unload(&wide);
    unload(&lng);
}

/* `all` is the sum of the groups in every count and in both halves of every rate. */
static void
test_groups_add_up(void **state)
{
    (void)state;
    struct run run = standard();
    assert_run(&run);
    const struct om_results *results = &run.analysis->results;
    size_t checked = 0;
    for (size_t i = 0; i < results->n_rows; i++) {
        const struct om_result *all = &results->row[i];
        if (strcmp(all->group, "all") != 0 || !all->has_ratio)
            continue;
        uint64_t numerator = 0, denominator = 0;
        for (size_t g = 1; g < run.analysis->n_groups; g++) {
            const struct om_result *part = twin(results, run.analysis->group[g], all);
            assert_non_null(part);
            numerator += part->numerator;
            denominator += part->denominator;
        }
        assert_int_equal(numerator, all->numerator);
        assert_int_equal(denominator, all->denominator);
        checked++;
    }
    assert_true(checked > 300);
    release(&run);
}

/* A group alone gives the numbers it has in the report of all; n and missing are the persons; classes are n.
 */
static void
test_a_group_alone(void **state)
{
    (void)state;
    struct run run = standard();
    struct text out = {0}, in = text_read(WIDE);
    const char *line = in.at;
    for (size_t r = 0; *line; r++) {
        size_t length = strcspn(line, "\n") + 1;
        if (r == 0 || strncmp(strchr(line, ',') + 1, "2,", 2) == 0)
            text_add(&out, line, length);
        line += length;
    }
    free(in.at);
    struct run alone = RUN("input", text_file(&out));
    assert_run(&run);
    assert_run(&alone);
    for (size_t i = 0; i < alone.analysis->results.n_rows; i++) {
        const struct om_result *a = &alone.analysis->results.row[i];
        if (looks_at_everyone(a))
            continue;
        const struct om_result *b = twin(&run.analysis->results, "cohort=2", a);
        assert_non_null(b);
        assert_true(a->has_value == b->has_value && a->value == b->value && a->lower == b->lower &&
                    a->upper == b->upper && a->numerator == b->numerator && a->denominator == b->denominator);
    }
    release(&run);
    release(&alone);
}

static void
test_parts_make_wholes(void **state)
{
    (void)state;
    struct run run = standard();
    assert_run(&run);
    const struct om_results *results = &run.analysis->results;
    for (size_t i = 0; i < results->n_rows; i++) {
        const struct om_result *row = &results->row[i];
        if (strcmp(row->statistic, "class.improved") != 0)
            continue;
        struct om_result other = *row;
        other.statistic = "class.unchanged";
        uint64_t sum = row->numerator + twin(results, row->group, &other)->numerator;
        other.statistic = "class.deteriorated";
        sum += twin(results, row->group, &other)->numerator;
        static const char *const with_cutoff[] = {"class.recovered", "class.harmed"};
        for (size_t c = 0; c < 2; c++) {
            other.statistic = with_cutoff[c];
            const struct om_result *part = twin(results, row->group, &other);
            sum += part ? part->numerator : 0;
        }
        assert_int_equal(sum, row->denominator);
    }
    for (size_t i = 0; i < results->n_rows; i++) {
        const struct om_result *row = &results->row[i];
        if (strcmp(row->statistic, "available.n") != 0)
            continue;
        struct om_result other = *row;
        other.statistic = "missing";
        assert_int_equal(row->numerator + twin(results, row->group, &other)->numerator, row->denominator);
    }
    release(&run);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_layouts),
        cmocka_unit_test(test_order_of_records_and_columns),
        cmocka_unit_test(test_ways_to_write_csv),
        cmocka_unit_test(test_ids_and_pieces),
        cmocka_unit_test(test_everyone_twice),
        cmocka_unit_test(test_families_of_everyone_twice),
        cmocka_unit_test(test_families_in_any_order),
        cmocka_unit_test(test_groups_add_up),
        cmocka_unit_test(test_a_group_alone),
        cmocka_unit_test(test_parts_make_wholes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
