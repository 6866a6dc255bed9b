/* The families paired, effects, symmetry, equivalence, bootstrap and power, as rows of a report. */
#include "studies.h"

#define PANEL "data/evaluation_wide.csv"

static const struct om_result *
phq9(const struct run *run, const char *rule, const char *statistic)
{
    return row_of(run, "all", "phq9", "total", "all", "change", rule, statistic);
}

/* The value, or the value and its interval, that R found. */
static void
assert_row(const struct om_result *row, const json_t *want)
{
    assert_non_null(want);
    if (!row->has_value)
        fail_msg("%s is undefined: %s", row->statistic, row->note);
    if (!json_is_array(want)) {
        om_assert_close(row->value, json_number_value(want), 1e-9, row->statistic, __FILE__, __LINE__);
        return;
    }
    assert_true(row->has_interval);
    const double got[] = {row->value, row->lower, row->upper};
    for (size_t i = 0; i < 3; i++)
        om_assert_close(got[i], json_number_value(json_array_get(want, i)), 1e-9, row->statistic, __FILE__,
                        __LINE__);
}

/* From the file to the row: which occasion is subtracted from which, whose n, which direction is better. */
static void
rows_as_r_has_them(void **state)
{
    (void)state;
    static const char *const statistics[] = {
        "sign.statistic", "sign.p",           "hodges_lehmann",
        "permutation.p",  "superiority",      "d_b",
        "g_b.normal",     "common_language",  "bands.moved",
        "bowker.df",      "bowker.statistic", "stuart_maxwell.statistic",
        "tost.mean",      "tost.lower_p",     "tost.upper_p",
        "power.d_z_80",   "power.at.0.5",     "power.n_90.0.5",
    };
    json_t *root = load_json("tests/oracle/paired_rows.json");
    struct run run = RUN("input", PANEL, "statistics", "all", "equivalence", "phq9=6");
    assert_run(&run);
    for (size_t i = 0; i < sizeof statistics / sizeof statistics[0]; i++)
        assert_row(phq9(&run, "", statistics[i]), json_object_get(root, statistics[i]));
    assert_string_equal(phq9(&run, "", "permutation.p")->method, "sign-flip-exact");
    assert_close(phq9(&run, "", "tost.mean")->level, 0.9, 0);
    release(&run);
    json_decref(root);
}

/* The key changes the standard rows, and the method says how. */
static void
wilcoxon_by_convention(void **state)
{
    (void)state;
    static const struct {
        const char *words, *expect, *method, *sum_method;
    } cases[] = {
        {"exact", "wilcoxon.exact", "signed-rank-exact", "signed-rank-w-plus"},
        {"pratt,exact", "wilcoxon.pratt", "signed-rank-pratt-exact", "signed-rank-pratt-w-plus"},
        {"normal,pratt", "wilcoxon.pratt_normal", "signed-rank-pratt-normal", "signed-rank-pratt-w-plus"},
    };
    json_t *root = load_json("tests/oracle/paired_rows.json");
    for (size_t i = 0; i < 3; i++) {
        struct run run = RUN("input", PANEL, "wilcoxon", cases[i].words);
        assert_run(&run);
        assert_row(phq9(&run, "", "wilcoxon.p"), json_object_get(root, cases[i].expect));
        assert_string_equal(phq9(&run, "", "wilcoxon.p")->method, cases[i].method);
        assert_string_equal(phq9(&run, "", "wilcoxon.statistic")->method, cases[i].sum_method);
        release(&run);
    }
    struct run usual = RUN("input", PANEL), said = RUN("input", PANEL, "wilcoxon", "drop,auto");
    assert_same_results(&usual, &said, "drop,auto is the default");
    json_decref(root);
}

/* Without a bound nothing is said of equivalence; a bound for one instrument is for its total alone. */
static void
no_bound_no_equivalence(void **state)
{
    (void)state;
    struct run run = RUN("input", PANEL, "statistics", "equivalence");
    assert_run(&run);
    assert_null(om_results_find(&run.analysis->results, NULL, NULL, NULL, NULL, NULL, NULL, "tost.p"));
    release(&run);
    run = RUN("input", PANEL, "statistics", "equivalence", "equivalence", "pcl5=6");
    assert_run(&run);
    const struct om_results *results = &run.analysis->results;
    assert_non_null(om_results_find(results, "all", "pcl5", "total", "all", "change", "", "tost.p"));
    assert_null(om_results_find(results, "all", "pcl5", "cluster_b", "all", "change", "", "tost.p"));
    assert_null(om_results_find(results, "all", "phq9", NULL, NULL, NULL, NULL, "tost.p"));
    release(&run);
    run = RUN("input", PANEL, "statistics", "equivalence", "equivalence", "bdi=6");
    assert_refused(&run, OM_ERR_USAGE, "equivalence", "");
}

/* Families are rows more; all others stay as they were, and families do not see each other. */
static void
only_rows_more(void **state)
{
    (void)state;
    struct run plain = RUN("input", PANEL),
               asked = RUN("input", PANEL, "statistics", "all", "equivalence", "3");
    assert_run(&plain);
    assert_run(&asked);
    size_t standard = 0;
    for (size_t i = 0; i < asked.analysis->results.n_rows; i++) {
        const struct om_result *row = &asked.analysis->results.row[i];
        if (*row->family)
            continue;
        const struct om_result *other = &plain.analysis->results.row[standard++];
        assert_string_equal(row->statistic, other->statistic);
        assert_true(row->value == other->value && row->lower == other->lower && row->upper == other->upper);
    }
    assert_int_equal(standard, plain.analysis->results.n_rows);
    release(&plain);
    release(&asked);
}

/* The estimate is that of the standard row; the interval is near it; seed and replicates are said, and count.
 */
static void
bootstrap_rows(void **state)
{
    (void)state;
    struct run run = RUN("input", PANEL, "statistics", "bootstrap");
    assert_run(&run);
    const struct om_result *mean = phq9(&run, "", "mean"), *boot = phq9(&run, "", "bootstrap.mean.bca");
    double half = mean->upper - mean->value, lower = boot->lower;
    assert_true(boot->value == mean->value);
    assert_true(boot->lower - mean->lower < 0.2 * half && mean->lower - boot->lower < 0.2 * half);
    assert_string_equal(boot->note, "10000 replicates from seed 1");
    assert_string_equal(boot->method, "bootstrap-bca");
    assert_close(phq9(&run, "", "bootstrap.d_z.percentile")->value, phq9(&run, "", "d_z")->value, 1e-14);
    assert_true(phq9(&run, "", "bootstrap.median.percentile")->value == phq9(&run, "", "median")->value);
    const struct om_result *rate = phq9(&run, "shift", "bootstrap.improved.percentile"),
                           *rule = phq9(&run, "shift", "class.improved");
    assert_true(rate->value == rule->value && rate->n == rule->n);
    assert_true(rate->lower - rule->lower < 0.05 && rule->lower - rate->lower < 0.05);
    assert_true(phq9(&run, "remission", "bootstrap.deteriorated.bca")->value ==
                phq9(&run, "remission", "class.deteriorated")->value);
    release(&run);
    run = RUN("input", PANEL, "statistics", "bootstrap", "seed", "2", "replicates", "500");
    assert_run(&run);
    assert_string_equal(phq9(&run, "", "bootstrap.mean.bca")->note, "500 replicates from seed 2");
    assert_true(phq9(&run, "", "bootstrap.mean.bca")->lower != lower);
    release(&run);
}

/* Whatever the number of threads and the other groups: the same bytes. */
static void
bootstrap_is_reproducible(void **state)
{
    (void)state;
    struct run one = RUN("input", PANEL, "statistics", "bootstrap", "threads", "1"),
               three = RUN("input", PANEL, "statistics", "bootstrap", "threads", "3");
    assert_same_results(&one, &three, "threads");
    struct run all = RUN("input", PANEL, "statistics", "bootstrap"),
               groups = RUN("input", PANEL, "statistics", "bootstrap", "by", "cohort");
    assert_run(&all);
    assert_run(&groups);
    assert_true(phq9(&all, "", "bootstrap.d_z.bca")->lower == phq9(&groups, "", "bootstrap.d_z.bca")->lower);
    release(&all);
    release(&groups);
}

/* On a scale where more is better, an increase is what is better. */
static void
better_is_higher(void **state)
{
    (void)state;
    static const char csv[] = "id,w_pre,w_post\na,3,9\nb,5,9\nc,8,7\nd,2,2\ne,6,8\nf,1,5\n";
    const char *path = temporary_file(".csv", csv, sizeof csv - 1);
    struct run up = RUN("input", path, "id", "id", "scale", "who5:w_{occasion}:better=higher", "statistics",
                        "all"),
               down = RUN("input", path, "id", "id", "scale", "who5:w_{occasion}", "statistics", "all");
    assert_run(&up);
    assert_run(&down);
    double higher = value_of(&up, "all", "who5", "total", "all", "change", "", "superiority"),
           lower = value_of(&down, "all", "who5", "total", "all", "change", "", "superiority");
    assert_close(higher, 4.5 / 6, 1e-15);
    assert_close(lower, 1.5 / 6, 1e-15);
    const struct om_result *a = row_of(&up, "all", "who5", "total", "all", "change", "", "common_language"),
                           *b = row_of(&down, "all", "who5", "total", "all", "change", "", "common_language");
    assert_true(a->value > 0.5);
    assert_close(a->value, 1 - b->value, 1e-15);
    assert_close(a->lower, 1 - b->upper, 1e-12);
    assert_true(a->lower < a->value && a->value < a->upper && b->lower < b->value && b->value < b->upper);
    release(&up);
    release(&down);
}

/* Scales that are a diagnosis have bands to compare and nothing to take a mean of; one occasion has neither.
 */
static void
where_there_is_nothing(void **state)
{
    (void)state;
    struct run run = RUN("input", PANEL, "statistics", "all", "equivalence", "3");
    assert_run(&run);
    const struct om_results *results = &run.analysis->results;
    assert_null(om_results_find(results, "all", "phq9", "algorithm", NULL, NULL, NULL, "hodges_lehmann"));
    assert_non_null(om_results_find(results, "all", "phq9", "algorithm", "all", "change", "", "bowker.p"));
    assert_null(om_results_find(results, "all", "phq9", "total", "positive", NULL, NULL, "bowker.p"));
    assert_non_null(
        om_results_find(results, "all", "phq9", "total", "positive", "change", "", "superiority"));
    release(&run);
    run = RUN("input", PANEL, "occasions", "pre", "statistics", "all", "equivalence", "3");
    assert_run(&run);
    for (size_t i = 0; i < run.analysis->results.n_rows; i++)
        assert_string_not_equal(run.analysis->results.row[i].occasion, "change");
    release(&run);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_as_r_has_them),      cmocka_unit_test(wilcoxon_by_convention),
        cmocka_unit_test(no_bound_no_equivalence), cmocka_unit_test(only_rows_more),
        cmocka_unit_test(bootstrap_rows),          cmocka_unit_test(bootstrap_is_reproducible),
        cmocka_unit_test(better_is_higher),        cmocka_unit_test(where_there_is_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
