/* The rows of the family `reliability`. */
#include "studies.h"

#include "base/memory.h"
#include <math.h>

/* n people with answers that have something in common; codes of `instrument` from 0 to top. */
static const char *
panel_of(const char *instrument, int items, int top, size_t n, int occasions)
{
    static char text[1 << 16];
    static const char *const name[] = {"pre", "post"};
    size_t at = (size_t)snprintf(text, sizeof text, "id");
    for (int o = 0; o < occasions; o++)
        for (int i = 1; i <= items; i++)
            at += (size_t)snprintf(text + at, sizeof text - at, ",%s_%d_%s", instrument, i, name[o]);
    for (size_t person = 0; person < n; person++) {
        int level = (int)(test_random() % (uint32_t)(top + 1));
        at += (size_t)snprintf(text + at, sizeof text - at, "\np%zu", person);
        for (int i = 0; i < items * occasions; i++) {
            int code = test_random() % 3 ? level : (int)(test_random() % (uint32_t)(top + 1));
            at += (size_t)snprintf(text + at, sizeof text - at, ",%d", code);
        }
    }
    at += (size_t)snprintf(text + at, sizeof text - at, "\n");
    return temporary_file(".csv", text, at);
}

/* Where everyone answered everything, the sd of the items' sum is that of the score: in points of the scale,
 * be it a sum or a percentage. */
static void
error_in_points_of_the_scale(void **state)
{
    (void)state;
    const struct {
        const char *instrument;
        int items, top;
    } cases[] = {{"phq9", 9, 3}, {"bipf", 7, 6}};
    for (size_t i = 0; i < 2; i++) {
        const char *id = cases[i].instrument;
        struct run run =
            RUN("input", panel_of(id, cases[i].items, cases[i].top, 40, 1), "statistics", "reliability");
        assert_run(&run);
        const char *at = run.analysis->first;
        double sd = value_of(&run, "all", id, "total", "all", at, "", "sd");
        double alpha = value_of(&run, "all", id, "total", "all", at, "", "alpha");
        double omega = value_of(&run, "all", id, "total", "all", at, "", "omega");
        double sem = value_of(&run, "all", id, "total", "all", at, "", "sem.alpha");
        assert_close(sem, sd * sqrt(1 - alpha), 1e-12);
        assert_close(value_of(&run, "all", id, "total", "all", at, "", "sem.omega"), sd * sqrt(1 - omega),
                     1e-12);
        assert_close(value_of(&run, "all", id, "total", "all", at, "", "sdc.alpha"),
                     1.9599639845400545 * sqrt(2) * sem, 1e-12);
        assert_close(value_of(&run, "all", id, "total", "all", at, "", "alpha.bootstrap"), alpha, 0);
        double lowest = value_of(&run, "all", id, "total", "all", at, "", "min"), sum = 0;
        const struct om_result *floor = row_of(&run, "all", id, "total", "all", at, "", "floor");
        assert_true((floor->numerator > 0) == (lowest == 0));
        for (int item = 1; item <= cases[i].items; item++) {
            char statistic[40];
            snprintf(statistic, sizeof statistic, "item_mean.%d", item);
            sum += value_of(&run, "all", id, "total", "all", at, "", statistic);
        }
        double scale = i == 0 ? 1 : 100 / 42.0;
        assert_close(sum * scale, value_of(&run, "all", id, "total", "all", at, "", "mean"), 1e-12);
        assert_null(om_results_find(&run.analysis->results, NULL, NULL, NULL, NULL, "change", NULL, NULL));
        release(&run);
    }
}

static void
two_occasions(void **state)
{
    (void)state;
    struct run run = RUN("input", "data/evaluation_wide.csv", "by", "cohort", "statistics", "reliability");
    assert_run(&run);
    const struct om_results *results = &run.analysis->results;
    size_t n = 0;
    for (size_t i = 0; i < results->n_rows; i++) {
        const struct om_result *row = &results->row[i];
        if (strcmp(row->family, "reliability") != 0)
            continue;
        n++;
        assert_string_equal(row->population, "all");
        assert_string_equal(row->rule, "");
        assert_true(row->has_n && *row->occasion);
        assert_true(strcmp(row->scale, "algorithm") != 0 && strcmp(row->scale, "provisional_ptsd") != 0);
        const struct om_result *first = om_results_find(results, row->group, row->instrument, row->scale,
                                                        row->population, row->occasion, "", row->statistic);
        assert_ptr_equal(first, row); /* no two rows of one name, none of a standard statistic */
    }
    assert_true(n > 1000);
    double sem = value_of(&run, "all", "pcl5", "total", "all", "change", "", "sem.consistency");
    double sd = value_of(&run, "all", "pcl5", "total", "all", "change", "", "sd");
    assert_close(sem, sd / sqrt(2), 1e-13);
    assert_close(value_of(&run, "all", "pcl5", "total", "all", "change", "", "bland_altman.sd"), sd, 0);
    assert_close(value_of(&run, "all", "pcl5", "total", "all", "change", "", "bland_altman.bias"),
                 value_of(&run, "all", "pcl5", "total", "all", "change", "", "mean"), 0);
    assert_close(value_of(&run, "all", "pcl5", "total", "all", "change", "", "sdc_group.consistency"),
                 1.9599639845400545 * sqrt(2) * sem /
                     sqrt((double)row_of(&run, "all", "pcl5", "total", "all", "change", "", "n")->n),
                 1e-12);
    row_of(&run, "cohort=2", "phq9", "item9", "all", "pre", "",
           "ceiling"); /* one item: no alpha, but extremes */
    assert_null(om_results_find(results, "all", "phq9", "item9", "all", "pre", "", "omega"));
    release(&run);
}

/* 3 of 20 are not above 15 %, 4 of 20 are. */
static void
floor_and_ceiling(void **state)
{
    (void)state;
    for (int low = 3; low <= 4; low++) {
        char text[2048];
        size_t at = (size_t)snprintf(text, sizeof text, "id,gad2_1,gad2_2\n");
        for (int i = 0; i < 20; i++)
            at += (size_t)snprintf(text + at, sizeof text - at, "p%d,%s\n", i,
                                   i < low ? "0,0"
                                   : i < 5 ? "3,3"
                                           : "1,2");
        struct run run = RUN("input", temporary_file(".csv", text, at), "statistics", "reliability");
        assert_run(&run);
        const struct om_result *row = row_of(&run, "all", "gad2", "total", "all", "", "", "floor");
        assert_int_equal(row->numerator, low);
        assert_int_equal(row->denominator, 20);
        assert_string_equal(row->note, low == 3 ? "score 0" : "score 0; above 15 %");
        assert_string_equal(row->method, "wilson");
        row = row_of(&run, "all", "gad2", "total", "all", "", "", "ceiling");
        assert_int_equal(row->numerator, 5 - low);
        assert_string_equal(row->note, "score 6");
        release(&run);
    }
}

/* A total that arrives as a number has the ends it is said to have, and without them none; seen or not. */
static void
totals(void **state)
{
    (void)state;
    static const char text[] = "id,bdi_pre,bdi_post\na,0,12.5\nb,7,0\nc,31,3\nd,0,1\n";
    const char *path = temporary_file(".csv", text, sizeof text - 1);
    struct run run = RUN("input", path, "scale", "bdi:bdi:range=0..63", "statistics", "reliability");
    assert_run(&run);
    const struct om_result *row = row_of(&run, "all", "bdi", "total", "all", "pre", "", "floor");
    assert_int_equal(row->numerator, 2);
    assert_int_equal(row->denominator, 4);
    row = row_of(&run, "all", "bdi", "total", "all", "pre", "", "ceiling");
    assert_int_equal(row->numerator, 0);
    assert_string_equal(row->note, "score 63");
    row_of(&run, "all", "bdi", "total", "all", "change", "", "icc.2_1");
    assert_null(om_results_find(&run.analysis->results, NULL, NULL, NULL, NULL, NULL, NULL, "omega"));
    release(&run);
    run = RUN("input", path, "scale", "bdi:bdi", "statistics", "reliability");
    assert_run(&run);
    assert_null(om_results_find(&run.analysis->results, NULL, NULL, NULL, NULL, NULL, NULL, "ceiling"));
    row_of(&run, "all", "bdi", "total", "all", "change", "", "spearman");
    release(&run);
}

/* One person, two, everyone the same, one of two at the second occasion: a reason wherever there is no
 * number. */
static void
hardly_anyone(void **state)
{
    (void)state;
    static const char *const rows[] = {"a,1,2,1,1\n",
                                       "a,1,2,0,1\nb,0,0,0,0\n",
                                       "a,1,1,1,1\nb,1,1,1,1\nc,1,1,1,1\n",
                                       "a,1,2,3,0\nb,3,2,,\n",
                                       "a,0,3,3,0\nb,3,0,0,3\nc,1,2,2,1\n",
                                       "a,0,0,3,3\nb,3,3,0,0\nc,1,1,2,2\n"};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[512];
        int length =
            snprintf(text, sizeof text, "id,gad2_1_pre,gad2_2_pre,gad2_1_post,gad2_2_post\n%s", rows[i]);
        struct run run =
            RUN("input", temporary_file(".csv", text, (size_t)length), "statistics", "reliability");
        assert_run(&run);
        const struct om_results *results = &run.analysis->results;
        size_t undefined = 0;
        for (size_t r = 0; r < results->n_rows; r++) {
            assert_true(results->row[r].has_value || *results->row[r].note);
            undefined += !results->row[r].has_value;
        }
        assert_true(undefined > 5);
        assert_string_equal(row_of(&run, "all", "gad2", "total", "all", "post", "", "omega")->note,
                            i == 0 || i == 3 ? "n is 1, at least 2 are needed"
                                             : "at least 3 items are needed");
        release(&run);
    }
}

/* Every allocation may fail. */
static void
out_of_memory(void **state)
{
    (void)state;
    const char *path = panel_of("phq9", 9, 3, 20, 2);
    size_t live = om_memory_live(), k = 0;
    om_status status = OM_ERR_NOMEM;
    for (; status == OM_ERR_NOMEM; k += 7) { /* a step that meets each kind of them in one of many views */
        om_memory_fail_at(k);
        struct run run = RUN("input", path, "statistics", "reliability");
        om_memory_fail_at((size_t)-1);
        status = run.status;
        release(&run);
        assert_int_equal(om_memory_live(), live);
    }
    assert_int_equal(status, OM_OK);
    assert_true(k > 300);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(error_in_points_of_the_scale),
        cmocka_unit_test(two_occasions),
        cmocka_unit_test(floor_and_ceiling),
        cmocka_unit_test(totals),
        cmocka_unit_test(hardly_anyone),
        cmocka_unit_test(out_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
