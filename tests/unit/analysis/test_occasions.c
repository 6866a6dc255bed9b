/* Statistics of every occasion, through the whole of a run: a panel in, rows out. */
#include "studies.h"

#define FAMILIES "statistics", "waves,friedman,survival,sudden-gains,mixed"
#define CLAUS    "scale", "bdi:bdi", "occasion-column", "time", FAMILIES

/* A value or the bounds of a row against the oracle. */
static void
check(const struct run *run, const char *group, const char *occasion, const char *rule, const char *statistic,
      double want, double rel)
{
    const struct om_result *row = row_of(run, group, "bdi", "total", "all", occasion, rule, statistic);
    if (!row->has_value)
        fail_msg("%s is undefined: %s", statistic, row->note);
    om_assert_close(row->value, want, rel, statistic, __FILE__, __LINE__);
}

/* Real people: growth as lme4 has it, curves as survival has them. The tolerances are those of test_mixed. */
static void
test_real_people(void **state)
{
    (void)state;
    const char *path = shared_path("change_classification/claus_2020.csv");
    if (!path)
        skip();
    struct run run = RUN("input", path, CLAUS, "by", "treatment", "occasion-times", "1,2,3,4");
    assert_run(&run);
    json_t *mixed = load_json("tests/oracle/mixed.json"), *waves = load_json("tests/oracle/waves.json");
    const json_t *one = json_object_get(json_object_get(json_object_get(mixed, "claus"), "bdi"), "one");
    const json_t *arms = json_object_get(json_object_get(json_object_get(mixed, "claus"), "bdi"), "arms");
    const json_t *want = json_object_get(waves, "claus");
    check(&run, "all", "", "", "mixed.intercept", json_at(one, "estimate/0"), 1e-7);
    check(&run, "all", "", "", "mixed.slope", json_at(one, "estimate/1"), 1e-7);
    check(&run, "all", "", "", "mixed.slope.se", json_at(one, "se/1"), 1e-6);
    check(&run, "all", "", "", "mixed.slope.df", json_at(one, "df/1"), 1e-4);
    check(&run, "all", "", "", "mixed.slope.p", json_at(one, "p/1"), 1e-3);
    check(&run, "all", "", "", "mixed.slope_sd", json_at(one, "slope_sd"), 1e-5);
    check(&run, "all", "", "", "mixed.intercept_sd", json_at(one, "intercept_sd"), 1e-5);
    check(&run, "all", "", "", "mixed.correlation", json_at(one, "correlation"), 1e-4);
    check(&run, "all", "", "", "mixed.residual_sd", json_at(one, "residual_sd"), 1e-5);
    check(&run, "all", "", "", "mixed.reml", json_at(one, "reml"), 1e-10);
    check(&run, "all", "", "", "mixed.slopes.reml", json_at(arms, "reml"), 1e-10);
    check(&run, "all", "", "", "mixed.slopes.statistic", json_at(arms, "slopes_chi2"), 1e-5);
    check(&run, "all", "", "", "mixed.slopes.p", json_at(arms, "slopes_p"), 1e-5);
    check(&run, "treatment=TAU - treatment=PA", "", "", "mixed.slope_difference", json_at(arms, "estimate/3"),
          1e-7);
    check(&run, "treatment=TAU - treatment=PA", "", "", "mixed.slope_difference.df", json_at(arms, "df/3"),
          1e-4);
    check(&run, "treatment=TAU - treatment=PA", "", "", "mixed.intercept_difference.p", json_at(arms, "p/2"),
          1e-3);
    assert_null(om_results_find(&run.analysis->results, "treatment=PA - treatment=TAU", "bdi", "total", "all",
                                "", "", "mixed.slope_difference"));

    const char *const occasion[] = {"2", "3", "4"};
    char at[32];
    for (int k = 0; k < 3; k++) {
        const struct om_result *row =
            row_of(&run, "all", "bdi", "total", "all", occasion[k], "percent", "km.response.survival");
        snprintf(at, sizeof at, "survival/%d", k);
        assert_close(row->value, json_at(want, at), 1e-12);
        snprintf(at, sizeof at, "lower/%d", k);
        assert_close(row->lower, json_at(want, at), 1e-12);
        snprintf(at, sizeof at, "upper/%d", k);
        assert_close(row->upper, json_at(want, at), 1e-12);
        snprintf(at, sizeof at, "present/retained/%d", k + 1);
        assert_close(
            (double)row_of(&run, "all", "bdi", "total", "all", occasion[k], "", "retention")->numerator,
            json_at(want, at), 0);
        snprintf(at, sizeof at, "present/mean/%d", k + 1);
        check(&run, "all", occasion[k], "", "wave.mean", json_at(want, at), 1e-13);
    }
    check(&run, "all", "", "percent", "logrank.response.statistic", json_at(want, "logrank"), 1e-11);
    check(&run, "all", "", "percent", "logrank.response.p", json_at(want, "logrank_p"), 1e-9);
    check(&run, "treatment=TAU", "", "percent", "logrank.response.expected", json_at(want, "expected/1"),
          1e-12);
    check(&run, "all", "", "", "friedman.statistic", json_at(want, "friedman/chi2"), 1e-12);
    check(&run, "all", "", "", "friedman.p", json_at(want, "friedman/p"), 1e-10);
    check(&run, "all", "", "", "kendall_w", json_at(want, "friedman/w"), 1e-12);
    check(&run, "all", "", "", "page.z", json_at(want, "friedman/page_z"), 1e-12);

    /* 40 people with three scores, by the slope of each: 5, 32 and 3 in expected.tsv */
    const struct om_result *row = row_of(&run, "all", "bdi", "total", "all", "", "hlm", "class.improved");
    assert_true(row->numerator == 5 && row->denominator == 40);
    row = row_of(&run, "all", "bdi", "total", "all", "", "hlm", "class.deteriorated");
    assert_true(row->numerator == 3 && row->denominator == 40);
    json_decref(mixed);
    json_decref(waves);
    release(&run);
}

/* One person a line: wide, long in no order, and threads. t3 is the last; d has a gap, e drops out, f comes
 * late. */
static const char wide[] =
    "id,arm,bdi_t1,bdi_t2,bdi_t3,bdi_t4\n"
    "a,x,30,29,12,11\nb,x,22,10.5,12,9\nc,y,40,41,39.5,44\nd,y,18,,19,25\ne,x,33,20,,\n"
    "f,y,,21,14,16\n";
static const char shuffled[] =
    "time,id,arm,bdi\nt3,c,y,39.5\nt1,a,x,30\nt4,f,y,16\nt2,b,x,10.5\nt2,a,x,29\nt4,a,x,11\nt3,a,x,12\n"
    "t1,b,x,22\nt4,b,x,9\nt1,c,y,40\nt2,c,y,41\nt4,c,y,44\nt1,d,y,18\nt2,f,y,21\nt3,f,y,14\nt3,d,y,19\n"
    "t4,d,y,25\nt1,e,x,33\nt2,e,x,20\nt3,b,x,12\n";

static void
test_by_hand(void **state)
{
    (void)state;
    struct run run = RUN("input", file_of(wide), "scale", "bdi:bdi", "by", "arm", FAMILIES);
    assert_run(&run);
    const struct om_result *row = row_of(&run, "all", "bdi", "total", "all", "t2", "", "retention");
    assert_true(row->numerator == 4 && row->denominator == 5); /* f was not there at first */
    assert_true(row_of(&run, "all", "bdi", "total", "all", "t2", "", "wave.n")->numerator == 5);
    assert_true(row_of(&run, "all", "bdi", "total", "all", "", "", "wave.complete")->numerator == 3);
    assert_true(row_of(&run, "all", "bdi", "total", "all", "", "", "wave.monotone")->numerator == 1);
    assert_true(row_of(&run, "all", "bdi", "total", "all", "", "", "wave.intermittent")->numerator == 2);
    check(&run, "all", "t2", "", "wave.mean", (29 + 10.5 + 41 + 20 + 21) / 5, 1e-15);

    /* 5 points: b and e at t2, a at t3; c and d never, last seen at t4 */
    row = row_of(&run, "all", "bdi", "total", "all", "", "shift", "km.response.n");
    assert_true(row->numerator == 5 && row->denominator == 6);
    row = row_of(&run, "all", "bdi", "total", "all", "t2", "shift", "km.response.events");
    assert_true(row->numerator == 2 && row->denominator == 5);
    check(&run, "all", "t2", "shift", "km.response.survival", 3 / 5.0, 1e-15);
    check(&run, "all", "t3", "shift", "km.response.survival", 3 / 5.0 * 2 / 3, 1e-15);
    check(&run, "all", "t4", "shift", "km.response.survival", 3 / 5.0 * 2 / 3, 1e-15);
    check(&run, "all", "", "shift", "km.response.median", 2, 0);
    /* d is 7 worse at t4, which nothing confirms */
    assert_true(
        row_of(&run, "all", "bdi", "total", "all", "", "shift", "km.deterioration.events")->numerator == 1);
    assert_true(row_of(&run, "all", "bdi", "total", "all", "", "shift", "km.confirmed_deterioration.events")
                    ->numerator == 0);
    assert_true(
        row_of(&run, "arm=x", "bdi", "total", "all", "", "shift", "logrank.response.observed")->numerator ==
        3);
    assert_null(om_results_find(&run.analysis->results, "all", "bdi", "total", "all", "", "remission", NULL));
    release(&run);
}

static void
test_layouts_and_threads(void **state)
{
    (void)state;
    const char *files[] = {file_of(wide), file_of(shuffled)}, *const threads[] = {"1", "3"};
    for (int i = 1; i < 4; i++) {
        struct run a = RUN("input", files[0], "scale", "bdi:bdi", "by", "arm", FAMILIES, "threads", "1");
        struct run b =
            RUN("input", files[i / 2], "scale", "bdi:bdi", "by", "arm", FAMILIES, "threads", threads[i % 2]);
        assert_same_results(&a, &b, i / 2 ? "long" : "wide");
    }
}

/* Times change what growth and medians are counted in, and nothing else. */
static void
test_times(void **state)
{
    (void)state;
    const char *file = file_of(wide);
    struct run plain = RUN("input", file, "scale", "bdi:bdi", FAMILIES);
    struct run weeks = RUN("input", file, "scale", "bdi:bdi", FAMILIES, "occasion-times", "1,3,5,7");
    assert_run(&plain);
    assert_run(&weeks);
    double slope = value_of(&plain, "all", "bdi", "total", "all", "", "", "mixed.slope");
    check(&weeks, "all", "", "", "mixed.slope", slope / 2, 1e-9);
    check(&weeks, "all", "", "", "mixed.intercept",
          value_of(&plain, "all", "bdi", "total", "all", "", "", "mixed.intercept") - slope / 2, 1e-9);
    check(&weeks, "all", "", "shift", "km.response.median", 4, 0);
    check(&weeks, "all", "", "", "friedman.statistic",
          value_of(&plain, "all", "bdi", "total", "all", "", "", "friedman.statistic"), 0);
    release(&plain);
    release(&weeks);
    struct run run = RUN("input", file, "scale", "bdi:bdi", FAMILIES, "occasion-times", "1,3");
    assert_refused(&run, OM_ERR_USAGE, "2 times for 4 occasions", "one for each occasion");
}

/* Those who screened positive at first are followed by themselves. */
static void
test_populations(void **state)
{
    (void)state;
    struct run run =
        RUN("input", file_of("id,bdi_1,bdi_2,bdi_3\na,27,24,11\nb,22,25,13\nc,8,10,9\nd,19,14,18\ne,,12,9\n"),
            "scale", "phq9:bdi", FAMILIES);
    assert_run(&run);
    const struct om_results *results = &run.analysis->results;
    const struct om_result *all = om_results_find(results, "all", NULL, "total", "all", "2", "", "wave.n"),
                           *positive =
                               om_results_find(results, "all", NULL, "total", "positive", "2", "", "wave.n");
    assert_non_null(all);
    assert_non_null(positive);
    assert_true(all->numerator == 5 && positive->numerator == 3 && positive->denominator == 3);
    release(&run);
}

/* Two occasions are followed too; growth needs three. One occasion has no rows. */
static void
test_few_occasions(void **state)
{
    (void)state;
    struct run run =
        RUN("input", file_of("id,bdi_1,bdi_2\na,30,24\nb,22,25\nc,8,10\n"), "scale", "bdi:bdi", FAMILIES);
    assert_run(&run);
    check(&run, "all", "post", "", "retention", 1, 0);
    const struct om_result *row = row_of(&run, "all", "bdi", "total", "all", "", "", "mixed.slope");
    assert_false(row->has_value);
    assert_string_equal(row->note, "everyone's scores lie on a straight line, or nobody has three");
    release(&run);
    run = RUN("input", file_of("id,bdi\na,30\nb,22\nc,8\n"), "scale", "bdi:bdi", FAMILIES);
    assert_run(&run);
    assert_null(
        om_results_find(&run.analysis->results, "all", "bdi", "total", NULL, NULL, NULL, "mixed.slope"));
    assert_null(om_results_find(&run.analysis->results, "all", "bdi", "total", NULL, NULL, NULL, "wave.n"));
    release(&run);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_real_people),         cmocka_unit_test(test_by_hand),
        cmocka_unit_test(test_layouts_and_threads), cmocka_unit_test(test_times),
        cmocka_unit_test(test_populations),         cmocka_unit_test(test_few_occasions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
