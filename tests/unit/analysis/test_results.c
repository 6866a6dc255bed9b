#include "support/support.h"

#include "base/memory.h"
#include <math.h>
#include <omstat/results.h>
#include <stdio.h>
#include <string.h>

static struct om_result
row_of(const char *group, const char *statistic, double value)
{
    return (struct om_result){.group = group,
                              .instrument = "phq9",
                              .scale = "total",
                              .population = "all",
                              .occasion = "pre",
                              .rule = "",
                              .statistic = statistic,
                              .has_value = true,
                              .value = value};
}

static const struct om_result *
find(const struct om_results *set, const char *group, const char *statistic)
{
    return om_results_find(set, group, "phq9", "total", "all", "pre", "", statistic);
}

/* Text is copied: changing the caller's bytes afterwards changes nothing. */
static void
test_text_is_copied_and_null_is_empty(void **state)
{
    (void)state;
    struct om_error err;
    struct om_results set = OM_RESULTS_EMPTY;
    char group[] = "cohort=1";
    struct om_result row = row_of(group, "mean", 3);
    row.rule = row.method = row.note = NULL;
    assert_ok(om_results_add(&set, &row, &err));
    group[7] = '2';
    assert_string_equal(set.row[0].group, "cohort=1");
    assert_string_equal(set.row[0].rule, "");
    assert_string_equal(set.row[0].method, "");
    assert_string_equal(set.row[0].note, "");
    assert_non_null(find(&set, "cohort=1", "mean"));
    assert_null(find(&set, "cohort=2", "mean"));
    om_results_release(&set);
    assert_int_equal(set.n_rows, 0);
    assert_null(find(&set, "cohort=1", "mean"));
}

/* Each of the seven columns takes part in the search, and only as given. */
static void
test_every_column_counts(void **state)
{
    (void)state;
    struct om_error err;
    struct om_results set = OM_RESULTS_EMPTY;
    struct om_result a = row_of("g", "s", 1);
    assert_ok(om_results_add(&set, &a, &err));
    const char *other[] = {"g2", "i2", "c2", "p2", "o2", "r2", "s2"};
    for (int i = 0; i < 7; i++) {
        struct om_result b = row_of("g", "s", 10 + i);
        const char **part[] = {&b.group,    &b.instrument, &b.scale,    &b.population,
                               &b.occasion, &b.rule,       &b.statistic};
        *part[i] = other[i];
        assert_ok(om_results_add(&set, &b, &err));
        const char *only[7] = {NULL};
        only[i] = other[i];
        const struct om_result *exact = om_results_find(&set, b.group, b.instrument, b.scale, b.population,
                                                        b.occasion, b.rule, b.statistic);
        const struct om_result *loose =
            om_results_find(&set, only[0], only[1], only[2], only[3], only[4], only[5], only[6]);
        assert_non_null(exact);
        assert_ptr_equal(exact, loose);
        assert_close(exact->value, 10 + i, 0);
    }
    assert_ptr_equal(om_results_find(&set, NULL, NULL, NULL, NULL, NULL, NULL, NULL), &set.row[0]);
    assert_ptr_equal(find(&set, "g", "s"), &set.row[0]);
    assert_null(om_results_find(&set, "g2", "i2", "total", "all", "pre", "", "s"));
    om_results_release(&set);
}

/* Beyond several doublings of every table, each row is found, and the first of equal keys wins. */
static void
test_many_rows(void **state)
{
    (void)state;
    enum { GROUPS = 300, STATISTICS = 40 };
    struct om_error err;
    struct om_results set = OM_RESULTS_EMPTY;
    char group[32], statistic[32];
    for (int copy = 0; copy < 2; copy++)
        for (int g = 0; g < GROUPS; g++)
            for (int s = 0; s < STATISTICS; s++) {
                snprintf(group, sizeof group, "site=%d", g);
                snprintf(statistic, sizeof statistic, "s%d", s);
                struct om_result row = row_of(group, statistic, copy * 1e6 + g * 100 + s);
                assert_ok(om_results_add(&set, &row, &err));
            }
    assert_int_equal(set.n_rows, 2 * GROUPS * STATISTICS);
    for (int g = 0; g < GROUPS; g++)
        for (int s = 0; s < STATISTICS; s++) {
            snprintf(group, sizeof group, "site=%d", g);
            snprintf(statistic, sizeof statistic, "s%d", s);
            assert_close(find(&set, group, statistic)->value, g * 100 + s, 0);
        }
    om_results_release(&set);
}

static void
test_not_finite_is_refused(void **state)
{
    (void)state;
    struct om_error err = {0};
    struct om_results set = OM_RESULTS_EMPTY;
    struct om_result row = row_of("all", "mean", NAN);
    assert_int_equal(om_results_add(&set, &row, &err), OM_ERR_INTERNAL);
    assert_non_null(strstr(err.message, "mean"));
    row = row_of("all", "mean", 1);
    row.has_interval = true;
    row.upper = INFINITY;
    assert_int_equal(om_results_add(&set, &row, &err), OM_ERR_INTERNAL);
    row.upper = 1;
    row.lower = -INFINITY;
    assert_int_equal(om_results_add(&set, &row, NULL), OM_ERR_INTERNAL);
    row.lower = 0;
    row.has_level = true;
    row.level = NAN;
    assert_int_equal(om_results_add(&set, &row, &err), OM_ERR_INTERNAL);
    assert_int_equal(set.n_rows, 0);
    row.has_level = false; /* what is not there may hold anything */
    row.has_value = false;
    row.value = NAN;
    assert_ok(om_results_add(&set, &row, &err));
    om_results_release(&set);
}

/* Whichever allocation fails, the set stays usable and nothing leaks. */
static void
test_out_of_memory(void **state)
{
    (void)state;
    struct om_error err;
    size_t before = om_memory_live();
    for (size_t k = 0;; k++) {
        struct om_results set = OM_RESULTS_EMPTY;
        size_t added = 0;
        om_memory_fail_at(k);
        for (int i = 0; i < 100; i++) {
            char group[16];
            snprintf(group, sizeof group, "g%d", i);
            struct om_result row = row_of(group, "mean", i);
            om_status status = om_results_add(&set, &row, &err);
            if (status != OM_OK)
                assert_int_equal(status, OM_ERR_NOMEM);
            else
                added++;
        }
        om_memory_fail_at((size_t)-1);
        assert_int_equal(set.n_rows, added);
        for (size_t i = 0; i < set.n_rows; i++)
            assert_ptr_equal(find(&set, set.row[i].group, "mean"), &set.row[i]);
        om_results_release(&set);
        assert_int_equal(om_memory_live(), before);
        if (added == 100)
            break;
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text_is_copied_and_null_is_empty),
        cmocka_unit_test(test_every_column_counts),
        cmocka_unit_test(test_many_rows),
        cmocka_unit_test(test_not_finite_is_refused),
        cmocka_unit_test(test_out_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
