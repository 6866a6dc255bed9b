#include <omstat/retest.h>

#include <math.h>
#include <omstat/paired.h>
#include "base/memory.h"
#include "stats/dist.h"
#include "stats/outcome.h"
#include "unit/stats/cells.h"

static struct om_pair_count cells[CELLS_MAX];
static struct om_two_way squares;
static struct om_icc_result icc;
static struct om_limits_result limits;
static struct om_spearman_result spearman;
static struct om_error err;

static void
all_of(const struct om_pairs *pairs)
{
    om_two_way(pairs, &squares);
    om_icc(&squares, 0.95, &icc);
    assert_ok(om_limits(pairs, 0.95, &limits, &err));
    assert_ok(om_spearman(pairs, 0.95, &spearman, &err));
}

static void
all_of_rows(const int64_t (*rows)[2], size_t n)
{
    struct om_pairs pairs = pairs_of(rows, n, cells);
    all_of(&pairs);
}
#define ALL(rows) all_of_rows(rows, sizeof(rows) / sizeof(rows)[0])

/* Slips this sees: agreement and consistency exchanged, k (O - E) / n without k, F quantiles with the tails
 * or the degrees of freedom exchanged, Satterthwaite's df with n for n - 1. */
static void
check_icc(const struct om_icc_result *got, const json_t *e)
{
    check_stat(got->agreement, json_object_get(e, "agreement"), 1e-11, 1e-14, "agreement");
    check_stat(got->consistency, json_object_get(e, "consistency"), 1e-11, 1e-14, "consistency");
    check_stat(got->sem_agreement, json_object_get(e, "sem_agreement"), 1e-12, 0, "sem of agreement");
    check_stat(got->sem_consistency, json_object_get(e, "sem_consistency"), 1e-12, 0, "sem of consistency");
    check_bounds(got->agreement_interval, json_object_get(e, "agreement_lower"),
                 json_object_get(e, "agreement_upper"), 1e-10, 1e-12, "interval of agreement");
    check_bounds(got->consistency_interval, json_object_get(e, "consistency_lower"),
                 json_object_get(e, "consistency_upper"), 1e-10, 1e-12, "interval of consistency");
    assert_string_equal(got->agreement_interval.method, "mcgraw-wong-a1");
    assert_string_equal(got->consistency_interval.method, "mcgraw-wong-c1");
}

/* Slips this sees: t for z in the limits, z for t in their bounds, sd with divisor n, ranks without ties. */
static void
check_all(const json_t *e)
{
    const json_t *l = json_object_get(e, "limits"), *s = json_object_get(e, "spearman");
    check_icc(&icc, json_object_get(e, "icc"));
    check_stat(limits.bias, json_object_get(l, "bias"), 1e-13, 1e-15, "bias");
    check_bounds(limits.bias_interval, json_object_get(l, "bias_lower"), json_object_get(l, "bias_upper"),
                 1e-12, 1e-14, "interval of bias");
    check_stat(limits.sd, json_object_get(l, "sd"), 1e-13, 0, "sd");
    check_stat(limits.lower, json_object_get(l, "lower"), 1e-12, 1e-14, "lower limit");
    check_stat(limits.upper, json_object_get(l, "upper"), 1e-12, 1e-14, "upper limit");
    check_bounds(limits.lower_interval, json_object_get(l, "lower_lower"), json_object_get(l, "lower_upper"),
                 1e-12, 1e-13, "interval of the lower limit");
    check_bounds(limits.upper_interval, json_object_get(l, "upper_lower"), json_object_get(l, "upper_upper"),
                 1e-12, 1e-13, "interval of the upper limit");
    check_stat(spearman.correlation, json_object_get(s, "r"), 1e-13, 1e-15, "spearman");
    check_bounds(spearman.interval, json_object_get(s, "lower"), json_object_get(s, "upper"), 1e-12, 1e-14,
                 "interval of spearman");
}

static void
as_r_has_it(void **state)
{
    (void)state;
    json_t *root = load_json("tests/oracle/retest.json"), *panel;
    const char *name;
    json_object_foreach(json_object_get(root, "panels"), name, panel)
    {
        struct om_pairs pairs = pairs_of_json(json_object_get(panel, "pre"), json_object_get(panel, "post"),
                                              (int64_t)json_at(panel, "unit"), cells);
        const json_t *e = json_object_get(panel, "expect");
        all_of(&pairs);
        assert_close((double)squares.n, json_at(e, "icc/n"), 0);
        assert_close(squares.between, json_at(e, "icc/between"), 1e-12);
        assert_close(squares.occasions, json_at(e, "icc/occasions"), 1e-12);
        assert_close(squares.error, json_at(e, "icc/error"), 1e-11);
        check_all(e);
    }
    json_decref(root);
}

/* Shrout & Fleiss (1979), table 2 and 4: 6 people, 4 judges. */
static void
published_example(void **state)
{
    (void)state;
    json_t *root = load_json("tests/oracle/retest.json");
    const struct om_two_way judges = {6, 4, 1349 / 120.0, 2339 / 72.0, 367 / 360.0};
    om_icc(&judges, 0.95, &icc);
    assert_true(fabs(icc.agreement.value - 0.29) < 0.005 && fabs(icc.consistency.value - 0.71) < 0.005);
    check_icc(&icc, json_object_get(root, "shrout_fleiss"));
    om_icc(&judges, 0.9, &icc);
    check_icc(&icc, json_object_get(root, "shrout_fleiss_90"));
    json_decref(root);
}

static void
two_waves(void **state)
{
    (void)state;
    const char *path = shared_path("phq9_gad7_two_waves/wide.csv");
    if (!path)
        skip();
    json_t *root = load_json("tests/oracle/retest_shared.json");
    struct om_pairs pairs = pairs_of_two_waves(path, 1, 9, cells);
    all_of(&pairs);
    check_all(json_object_get(root, "phq9"));
    pairs = pairs_of_two_waves(path, 10, 7, cells);
    all_of(&pairs);
    check_all(json_object_get(root, "gad7"));
    json_decref(root);
}

/* --- what must come out whatever the numbers ----------------------------------------------------------- */

static const int64_t ROWS[][2] = {{3, 2}, {8, 5}, {12, 9},  {5, 9}, {20, 11},
                                  {7, 7}, {7, 3}, {15, 16}, {2, 2}};
enum { N = sizeof ROWS / sizeof ROWS[0] };

/* Everyone 100 points higher at the second occasion: consistency and ranks do not see it, agreement does. */
static void
shifted(void **state)
{
    (void)state;
    int64_t rows[N][2];
    ALL(ROWS);
    struct om_icc_result before = icc;
    struct om_limits_result limits_before = limits;
    struct om_spearman_result ranks = spearman;
    for (size_t i = 0; i < N; i++) {
        rows[i][0] = ROWS[i][0];
        rows[i][1] = ROWS[i][1] + 100;
    }
    ALL(rows);
    assert_memory_equal(&icc.consistency, &before.consistency, sizeof icc.consistency);
    assert_memory_equal(&icc.consistency_interval, &before.consistency_interval,
                        sizeof icc.consistency_interval);
    assert_true(icc.agreement.value < 0.1 && icc.sem_agreement.value > before.sem_agreement.value);
    assert_close(limits.upper.value - limits_before.upper.value, 100, 1e-13);
    assert_memory_equal(&spearman, &ranks, sizeof ranks);
}

/* The occasions exchanged, and half points for points. */
static void
exchanged_and_scaled(void **state)
{
    (void)state;
    int64_t rows[N][2];
    ALL(ROWS);
    struct om_icc_result before = icc;
    struct om_limits_result limits_before = limits;
    struct om_spearman_result ranks = spearman;
    for (size_t i = 0; i < N; i++) {
        rows[i][0] = ROWS[i][1];
        rows[i][1] = ROWS[i][0];
    }
    ALL(rows);
    assert_memory_equal(&icc, &before, sizeof icc);
    assert_close(limits.upper.value, -limits_before.lower.value, 1e-15);
    assert_close(limits.upper_interval.lower, -limits_before.lower_interval.upper, 1e-14);
    assert_memory_equal(&spearman, &ranks, sizeof ranks);
    struct om_pairs pairs = pairs_of(ROWS, N, cells);
    pairs.unit = 2;
    all_of(&pairs);
    assert_close(icc.agreement.value, before.agreement.value, 1e-15);
    assert_close(icc.sem_agreement.value, before.sem_agreement.value / 2, 1e-15);
    assert_close(limits.lower.value, limits_before.lower.value / 2, 1e-14);
}

/* With equal spreads at both occasions consistency is Pearson's r; it is never further from 0. */
static void
beside_pearson(void **state)
{
    (void)state;
    const int64_t equal[][2] = {{1, 2}, {2, 1}, {3, 3}, {4, 5}, {5, 4}};
    struct om_pairs pairs = pairs_of(equal, 5, cells);
    struct om_paired_result r;
    all_of(&pairs);
    assert_ok(om_paired(&pairs, 0.95, &r, &err));
    assert_close(icc.consistency.value, r.correlation.value, 1e-15);
    assert_close(spearman.correlation.value, 0.8, 1e-15); /* these values are their own ranks */
    /* SEM of consistency: sd sqrt(1 - ICC), with the sd of both occasions pooled. */
    struct om_stat sem = om_sem(r.sd_pre, icc.consistency);
    assert_close(sem.value, icc.sem_consistency.value, 1e-15);
    pairs = pairs_of(ROWS, N, cells);
    all_of(&pairs);
    assert_ok(om_paired(&pairs, 0.95, &r, &err));
    assert_true(fabs(icc.consistency.value) < fabs(r.correlation.value));
}

static void
ranks_only(void **state)
{
    (void)state;
    int64_t rows[N][2];
    ALL(ROWS);
    double before = spearman.correlation.value;
    for (size_t i = 0; i < N; i++) {
        rows[i][0] = ROWS[i][0] * ROWS[i][0];
        rows[i][1] = -ROWS[i][1];
    }
    ALL(rows);
    assert_close(spearman.correlation.value, -before, 1e-15);
    const int64_t curve[][2] = {{1, 1}, {2, 8}, {3, 27}, {4, 4000}};
    ALL(curve);
    assert_close(spearman.correlation.value, 1, 0);
    assert_no_bounds(spearman.interval, OM_WHY_PERFECT);
    const int64_t falling[][2] = {{1, 9}, {1, 9}, {2, 8}, {3, -27}, {4, -4000}};
    ALL(falling);
    assert_close(spearman.correlation.value, -1, 0);
    const int64_t step[][2] = {{1, 1}, {2, 1}, {3, 2}, {4, 2}}; /* in order, but ties on one side only */
    ALL(step);
    assert_close(spearman.correlation.value, 2 / sqrt(5), 1e-15);
}

/* Billions of people cost what nine do. */
static void
everyone_many_times(void **state)
{
    (void)state;
    ALL(ROWS);
    struct om_limits_result few = limits;
    double r = spearman.correlation.value, once = icc.consistency.value;
    struct om_pairs pairs = pairs_of(ROWS, N, cells);
    for (size_t i = 0; i < pairs.n; i++)
        cells[i].count *= UINT64_C(400000000000000);
    all_of(&pairs);
    assert_true(icc.n == UINT64_C(3600000000000000));
    assert_close(icc.consistency.value, once, 1e-14); /* n - 1 cancels */
    assert_close(spearman.correlation.value, r, 1e-15);
    assert_close(limits.sd.value, few.sd.value * sqrt(8 / 9.0), 1e-14);
    assert_true(icc.consistency_interval.upper - icc.consistency_interval.lower < 1e-6);
    /* Two occasions stay two, however many people: the bounds of agreement do not close in. The F with so
     * many degrees of freedom is a chi-square: F(p; inf, v) = v / chi-square(1 - p; v). */
    assert_true(icc.agreement_interval.upper - icc.agreement_interval.lower > 0.1);
    assert_close(om_f_quantile(0.975, 3.6e15, 2), 1 / -log(0.975), 1e-13);
    assert_close(om_f_quantile(0.025, 2, 3.6e15), -log(0.975), 1e-13);
}

/* --- where there is no answer -------------------------------------------------------------------------- */

static void
too_few(void **state)
{
    (void)state;
    all_of_rows(ROWS, 0);
    assert_undefined(icc.agreement, OM_WHY_EMPTY);
    assert_undefined(icc.sem_consistency, OM_WHY_EMPTY);
    assert_no_bounds(icc.consistency_interval, OM_WHY_EMPTY);
    assert_undefined(limits.lower, OM_WHY_EMPTY);
    assert_undefined(spearman.correlation, OM_WHY_EMPTY);
    all_of_rows(ROWS, 1);
    assert_undefined(icc.consistency, OM_WHY_ONE);
    assert_close(limits.bias.value, -1, 0);
    assert_undefined(limits.upper, OM_WHY_ONE);
    assert_no_bounds(limits.upper_interval, OM_WHY_ONE);
    assert_undefined(spearman.correlation, OM_WHY_ONE);
    all_of_rows(ROWS, 2);
    assert_null(icc.agreement.reason);
    assert_null(icc.agreement_interval.reason);
    assert_close(spearman.correlation.value, 1, 0);
    assert_no_bounds(spearman.interval, OM_WHY_BELOW_FOUR);
    const struct om_two_way once = {5, 1, 2, 0, 0};
    om_icc(&once, 0.95, &icc);
    assert_undefined(icc.agreement, "at least 2 occasions are needed");
}

static void
without_variation(void **state)
{
    (void)state;
    const int64_t same[][2] = {{4, 4}, {4, 4}, {4, 4}};
    ALL(same);
    assert_undefined(icc.agreement, OM_WHY_CONSTANT);
    assert_undefined(icc.sem_agreement, OM_WHY_CONSTANT);
    assert_close(limits.upper.value, 0, 0);
    assert_no_bounds(limits.upper_interval, OM_WHY_SAME_CHANGE);
    assert_undefined(spearman.correlation, OM_WHY_FLAT_OCCASION);
    const int64_t moved[][2] = {{4, 2}, {5, 3}, {9, 7}, {7, 5}};
    ALL(moved);
    assert_close(icc.consistency.value, 1, 0);
    assert_no_bounds(icc.consistency_interval, OM_WHY_SAME_CHANGE);
    assert_true(icc.agreement.value < 1);
    assert_no_bounds(icc.agreement_interval, OM_WHY_SAME_CHANGE);
    assert_close(icc.sem_consistency.value, 0, 0);
    const int64_t mirrored[][2] = {{0, 3}, {1, 2}, {3, 0}};
    ALL(mirrored);
    assert_close(icc.consistency.value, -1, 0);
    assert_no_bounds(icc.consistency_interval, "the sum of the scores is the same for everyone");
    assert_no_bounds(icc.agreement_interval, "the sum of the scores is the same for everyone");
    const int64_t two[][2] = {{0, 1}, {1, 0}};
    ALL(two);
    assert_undefined(icc.agreement, "the people do not differ");
    assert_no_bounds(icc.agreement_interval, "the people do not differ");
    const int64_t flat_first[][2] = {{4, 2}, {4, 3}, {4, 7}};
    ALL(flat_first);
    assert_close(icc.consistency.value, 0, 0);
    assert_null(icc.agreement_interval.reason);
    assert_undefined(spearman.correlation, OM_WHY_FLAT_OCCASION);
    const struct om_two_way opposite = {4, 2, 0.5, 0, 4.5}; /* the parts of Satterthwaite's sum cancel */
    om_icc(&opposite, 0.95, &icc);
    assert_null(icc.agreement.reason);
    assert_true(icc.agreement_interval.reason || isfinite(icc.agreement_interval.lower));
}

/* No mean squares whatever make a bound that is not a number. */
static void
always_finite(void **state)
{
    (void)state;
    static const double some[] = {0, 1e-9, 0.3, 1, 7, 1e6};
    for (uint64_t n = 2; n < 40; n += 5)
        for (size_t b = 0; b < 6; b++)
            for (size_t o = 0; o < 6; o++)
                for (size_t e = 0; e < 6; e++) {
                    const struct om_two_way s = {n, 2, some[b], some[o], some[e]};
                    om_icc(&s, 0.95, &icc);
                    assert_true(isfinite(icc.agreement.value) && isfinite(icc.consistency.value));
                    assert_true(isfinite(icc.agreement_interval.lower) &&
                                isfinite(icc.agreement_interval.upper));
                    assert_true(isfinite(icc.consistency_interval.lower) &&
                                isfinite(icc.consistency_interval.upper));
                    assert_true(isfinite(icc.sem_agreement.value));
                }
}

/* A sd of 10 and a reliability of 0.91: sem 3, change of one person 1.96 sqrt(2) 3. */
static void
measurement_error(void **state)
{
    (void)state;
    struct om_measurement_error e;
    struct om_stat sem = om_sem(om_defined(10), om_defined(0.91));
    om_measurement_error(sem, 25, 0.95, &e);
    assert_close(e.sem.value, 3, 1e-15);
    assert_close(e.sdc.value, 1.9599639845400545 * sqrt(2) * 3, 1e-14);
    assert_close(e.sdc_group.value, e.sdc.value / 5, 1e-15);
    om_measurement_error(sem, 0, 0.95, &e);
    assert_undefined(e.sdc, OM_WHY_EMPTY);
    om_measurement_error(sem, 25, 0, &e);
    assert_undefined(e.sdc_group, OM_WHY_LEVEL);
    om_measurement_error(om_undefined("why"), 25, 0.95, &e);
    assert_undefined(e.sdc, "why");
    assert_undefined(om_sem(om_defined(10), om_defined(-0.1)), "the reliability is below 0");
    assert_undefined(om_sem(om_undefined("a"), om_undefined("b")), "a");
    assert_undefined(om_sem(om_defined(10), om_undefined("b")), "b");
    assert_close(om_sem(om_defined(10), om_defined(0)).value, 10, 0);
    assert_close(om_sem(om_defined(10), om_defined(1)).value, 0, 0);
}

static void
impossible_levels(void **state)
{
    (void)state;
    struct om_pairs pairs = pairs_of(ROWS, N, cells);
    om_two_way(&pairs, &squares);
    om_icc(&squares, 95, &icc);
    assert_null(icc.agreement.reason);
    assert_no_bounds(icc.agreement_interval, OM_WHY_LEVEL);
    assert_no_bounds(icc.consistency_interval, OM_WHY_LEVEL);
    assert_ok(om_limits(&pairs, 95, &limits, &err));
    assert_undefined(limits.lower, OM_WHY_LEVEL);
    assert_ok(om_spearman(&pairs, 95, &spearman, &err));
    assert_no_bounds(spearman.interval, OM_WHY_LEVEL);
}

static void
out_of_memory(void **state)
{
    (void)state;
    struct om_pairs pairs = pairs_of(ROWS, N, cells);
    size_t before = om_memory_live();
    om_memory_fail_at(0);
    assert_int_equal(om_limits(&pairs, 0.95, &limits, &err), OM_ERR_NOMEM);
    for (size_t k = 0; k < 3; k++) {
        om_memory_fail_at(k);
        assert_int_equal(om_spearman(&pairs, 0.95, &spearman, &err), OM_ERR_NOMEM);
    }
    om_memory_fail_at((size_t)-1);
    assert_int_equal(om_memory_live(), before);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_r_has_it),
        cmocka_unit_test(published_example),
        cmocka_unit_test(two_waves),
        cmocka_unit_test(shifted),
        cmocka_unit_test(exchanged_and_scaled),
        cmocka_unit_test(beside_pearson),
        cmocka_unit_test(ranks_only),
        cmocka_unit_test(everyone_many_times),
        cmocka_unit_test(too_few),
        cmocka_unit_test(without_variation),
        cmocka_unit_test(always_finite),
        cmocka_unit_test(measurement_error),
        cmocka_unit_test(impossible_levels),
        cmocka_unit_test(out_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
