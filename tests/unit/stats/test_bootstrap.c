#include <omstat/bootstrap.h>

#include <math.h>
#include <omstat/describe.h>
#include "base/memory.h"
#include "stats/dist.h"
#include "stats/outcome.h"
#include "stats/random.h"
#include "unit/stats/cells.h"

static struct om_error err;
static const struct om_bootstrap_plan plan = {10000, 1, 0.95};

/* --- the random numbers -------------------------------------------------------------------------------- */

/* The first numbers of SplitMix64 from the state 1234567 (as in its authors' test), and two binomials: these
 * must be the same on every machine. */
static void
same_everywhere(void **state)
{
    (void)state;
    struct om_random random = {1234567};
    const uint64_t want[] = {UINT64_C(6457827717110365317), UINT64_C(3203168211198807973),
                             UINT64_C(9817491932198370423), UINT64_C(4593380528125082431),
                             UINT64_C(16408922859458223821)};
    for (size_t i = 0; i < 5; i++)
        assert_true(om_random_next(&random) == want[i]);
    for (int i = 0; i < 100000; i++) {
        double u = om_random_uniform(&random);
        assert_true(u > 0 && u < 1);
    }
}

/* Chi-square of 200,000 binomials against their probabilities, over bins that expect 20 or more. */
static double
binomial_fit(uint64_t n, uint64_t part, uint64_t whole, uint64_t seed)
{
    enum { DRAWS = 200000, BINS = 400 };
    double p = (double)part / (double)whole, mean = (double)n * p, sd = sqrt(mean * (1 - p));
    double width = fmax(1, floor(sd / 20)), low = floor(fmax(0, mean - 8 * sd));
    static uint32_t seen[BINS];
    static double mass[BINS];
    memset(seen, 0, sizeof seen);
    memset(mass, 0, sizeof mass);
    struct om_random random = {seed};
    double sum = 0, squares = 0;
    for (int i = 0; i < DRAWS; i++) {
        double k = (double)om_random_binomial(&random, n, part, whole), bin = floor((k - low) / width);
        seen[bin < 0 ? 0 : bin >= BINS ? BINS - 1 : (int)bin]++;
        sum += (k - mean) / sd;
        squares += (k - mean) * (k - mean) / (sd * sd);
    }
    assert_true(fabs(sum) < 5 * sqrt(DRAWS));
    assert_true(fabs(squares / DRAWS - 1) < 5 * sqrt((2 + 1 / (sd * sd)) / DRAWS));
    for (double k = low; k <= (double)n && k < low + width * BINS; k++)
        mass[(int)((k - low) / width)] += exp(om_binomial_log_density((uint64_t)k, n, p));
    double chi2 = 0, left_seen = 0, left_mass = 0;
    int df = -1;
    for (int b = 0; b < BINS; b++) {
        left_seen += seen[b];
        left_mass += mass[b];
        if (left_mass * DRAWS < 20)
            continue;
        double off = left_seen - left_mass * DRAWS;
        chi2 += off * off / (left_mass * DRAWS);
        left_seen = left_mass = 0;
        df++;
    }
    return df > 0 ? om_chi2_p(chi2, df) : 1;
}

/* Both ways to draw, on both sides of their border, of p = 1/2 and beyond, and for n far above 2^32. */
static void
binomials_are_binomial(void **state)
{
    (void)state;
    static const uint64_t cases[][3] = {
        {1, 1, 3},          {5, 1, 2},          {9, 8, 9},         {40, 1, 100},
        {40, 99, 100},      {100, 99, 1000},    {101, 1, 10},      {100, 11, 100},
        {21, 1, 2},         {1000, 499, 1000},  {1000, 990, 1000}, {100000, 1, 9999},
        {100000, 1, 10000}, {100000, 1, 10001}, {1000000, 3, 7},   {250, 1, 20},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        for (uint64_t seed = 1; seed <= 3; seed++) {
            double p = binomial_fit(cases[i][0], cases[i][1], cases[i][2], seed * 1000 + i);
            if (!(p > 1e-5)) /* of 48 p's the least is below 1e-5 once in 2000 seeds; these are fixed */
                fail_msg("binomial(%d, %d/%d): p %g", (int)cases[i][0], (int)cases[i][1], (int)cases[i][2],
                         p);
        }
}

static void
binomials_of_billions(void **state)
{
    (void)state;
    const uint64_t sizes[] = {5000000000, (uint64_t)1 << 45, (uint64_t)1 << 60};
    for (size_t s = 0; s < 3; s++)
        for (uint64_t part = 1; part < 10; part += 4) {
            struct om_random random = {part};
            double p = (double)part / 10, sum = 0, squares = 0, fourth = 0;
            enum { DRAWS = 100000 };
            for (int i = 0; i < DRAWS; i++) {
                uint64_t k = om_random_binomial(&random, sizes[s], part, 10);
                long double off = (long double)k - (long double)sizes[s] * part / 10;
                double z = (double)(off / sqrtl((long double)sizes[s] * p * (1 - p)));
                sum += z;
                squares += z * z;
                fourth += z * z * z * z;
            }
            assert_true(fabs(sum) < 5 * sqrt(DRAWS));
            assert_true(fabs(squares / DRAWS - 1) < 5 * sqrt(2.0 / DRAWS));
            assert_true(fabs(fourth / DRAWS - 3) < 5 * sqrt(96.0 / DRAWS));
        }
}

static void
binomials_at_the_edges(void **state)
{
    (void)state;
    struct om_random random = {7};
    for (int i = 0; i < 1000; i++) {
        assert_true(om_random_binomial(&random, 0, 1, 2) == 0);
        assert_true(om_random_binomial(&random, 9, 0, 2) == 0);
        assert_true(om_random_binomial(&random, 9, 2, 2) == 9);
        assert_true(om_random_binomial(&random, 1, 1, (uint64_t)1 << 60) <= 1);
        assert_true(om_random_binomial(&random, 3, ((uint64_t)1 << 60) - 1, (uint64_t)1 << 60) <= 3);
    }
}

/* Every table has all n, an empty cell stays empty, and means and covariances are the multinomial's. */
static void
multinomials_are_multinomial(void **state)
{
    (void)state;
    enum { K = 5, DRAWS = 100000 };
    const uint64_t count[K] = {3, 0, 50, 1, 46};
    double sum[K] = {0}, product[K][K] = {{0}};
    struct om_random random = {99};
    for (int r = 0; r < DRAWS; r++) {
        uint64_t drawn[K], all = 0;
        om_random_multinomial(&random, count, K, 100, drawn);
        for (int i = 0; i < K; i++) {
            all += drawn[i];
            sum[i] += (double)drawn[i] - (double)count[i];
            for (int j = 0; j < K; j++)
                product[i][j] +=
                    ((double)drawn[i] - (double)count[i]) * ((double)drawn[j] - (double)count[j]);
        }
        assert_true(all == 100 && drawn[1] == 0);
    }
    for (int i = 0; i < K; i++) {
        double pi = (double)count[i] / 100;
        assert_true(fabs(sum[i] / DRAWS) <= 5 * sqrt(100 * pi * (1 - pi) / DRAWS));
        for (int j = 0; j < K; j++) {
            double pj = (double)count[j] / 100, want = 100 * (i == j ? pi * (1 - pi) : -pi * pj);
            assert_true(fabs(product[i][j] / DRAWS - want) < 0.35);
        }
    }
}

/* --- the intervals ------------------------------------------------------------------------------------- */

/* Slips this sees: BCa with one sign of z for both ends, the share at or below for the share below, another
 * type of quantile, divisor n. */
static void
intervals_of_given_replicates(void **state)
{
    (void)state;
    json_t *root = load_json("tests/oracle/bootstrap.json"), *e;
    size_t i;
    json_array_foreach(json_object_get(root, "given"), i, e)
    {
        double value[200];
        const json_t *values = json_object_get(e, "values");
        size_t n = json_array_size(values);
        for (size_t k = 0; k < n; k++)
            value[k] = json_number_value(json_array_get(values, k));
        struct om_bootstrap b;
        om_bootstrap_intervals(value, n, json_at(e, "estimate"), json_at(e, "acceleration"),
                               json_at(e, "level"), &b);
        check_stat(b.se, json_object_get(e, "se"), 1e-13, 0, "se");
        check_bounds(b.percentile, json_array_get(json_object_get(e, "percentile"), 0),
                     json_array_get(json_object_get(e, "percentile"), 1), 1e-13, 0, "percentile");
        check_bounds(b.bca, json_array_get(json_object_get(e, "bca"), 0),
                     json_array_get(json_object_get(e, "bca"), 1), 1e-11, 1e-12, "bca");
        assert_string_equal(b.percentile.method, "bootstrap-percentile");
        assert_string_equal(b.bca.method, "bootstrap-bca");
    }
    json_decref(root);
}

static void
check_within(const struct om_interval *got, const json_t *want, const char *what)
{
    const double bound[] = {got->lower, got->upper};
    assert_null(got->reason);
    for (size_t i = 0; i < 2; i++) {
        const json_t *range = json_array_get(want, i);
        double from = json_number_value(json_array_get(range, 0)),
               to = json_number_value(json_array_get(range, 1));
        if (!(bound[i] >= from - 1e-9 && bound[i] <= to + 1e-9))
            fail_msg("%s: %.12g is not in [%.12g, %.12g]", what, bound[i], from, to);
    }
}

static void
check_exact(const struct om_bootstrap *got, const json_t *want, double se_rel, const char *what)
{
    assert_close(got->estimate.value, json_at(want, "estimate"), 1e-14);
    if (!json_is_null(json_object_get(want, "se")))
        assert_close(got->se.value, json_at(want, "se"), se_rel);
    check_within(&got->percentile, json_object_get(want, "percentile"), what);
    check_within(&got->bca, json_object_get(want, "bca"), what);
}

/* Against bootstrap distributions worked out table by table. Slips this sees: resampling n - 1 or without the
 * last cell, a jackknife that does not weight the cells, an acceleration of the wrong sign, d_z with divisor
 * n. */
static void
distributions_without_chance(void **state)
{
    (void)state;
    json_t *root = load_json("tests/oracle/bootstrap.json"), *e;
    size_t i;
    json_array_foreach(json_object_get(root, "exact"), i, e)
    {
        struct om_count at[8];
        const json_t *values = json_object_get(e, "values"), *counts = json_object_get(e, "counts");
        for (size_t k = 0; k < json_array_size(values); k++)
            at[k] = (struct om_count){(int64_t)json_number_value(json_array_get(values, k)),
                                      (uint64_t)json_number_value(json_array_get(counts, k))};
        struct om_counts change = {at, json_array_size(values), 1};
        struct om_bootstrap_change b;
        assert_ok(om_bootstrap_change(&change, &(struct om_bootstrap_plan){200000, 11 + i, 0.95}, &b, &err));
        const json_t *expect = json_object_get(e, "expect");
        check_exact(&b.mean, json_object_get(expect, "mean"), 0.01, "mean");
        check_exact(&b.median, json_object_get(expect, "median"), 0.02, "median");
        if (json_is_null(json_object_get(json_object_get(expect, "d_z"), "se")))
            continue; /* checked below: replicates without spread */
        check_exact(&b.d_z, json_object_get(expect, "d_z"), 0.05,
                    "d_z"); /* a long tail: its se varies more */
    }
    json_decref(root);
}

/* k of n: the percentiles are those of the binomial, and the se its own. */
static void
shares_are_binomial(void **state)
{
    (void)state;
    struct om_bootstrap b;
    assert_ok(om_bootstrap_share(30, 100, &(struct om_bootstrap_plan){100000, 5, 0.95}, &b, &err));
    assert_close(b.estimate.value, 0.3, 0);
    assert_close(b.se.value, sqrt(0.3 * 0.7 / 100), 0.01);
    assert_close(b.percentile.lower, 0.21, 1e-15); /* qbinom(c(.025, .975), 100, .3): 21, 39 */
    assert_close(b.percentile.upper, 0.39, 1e-15);
}

/* A table of pairs and a statistic of one's own: the correlation. */
static void
own_statistic(const void *context, const uint64_t *count, double *value)
{
    const double(*cell)[2] = context;
    double n = 0, x = 0, y = 0, xx = 0, yy = 0, xy = 0;
    for (size_t i = 0; i < 6; i++) {
        double c = (double)count[i];
        n += c;
        x += c * cell[i][0];
        y += c * cell[i][1];
        xx += c * cell[i][0] * cell[i][0];
        yy += c * cell[i][1] * cell[i][1];
        xy += c * cell[i][0] * cell[i][1];
    }
    value[0] = (n * xy - x * y) / sqrt((n * xx - x * x) * (n * yy - y * y));
    value[1] = NAN;
}

static void
any_statistic(void **state)
{
    (void)state;
    static const double cell[6][2] = {{3, 1}, {5, 4}, {8, 3}, {9, 7}, {12, 8}, {15, 16}};
    static const uint64_t count[6] = {40, 55, 30, 62, 41, 22};
    struct om_bootstrap b[2];
    assert_ok(om_bootstrap(count, 6, own_statistic, cell, 2, &plan, b, &err));
    double r = b[0].estimate.value, z = atanh(r), half = 1.96 / sqrt(247);
    assert_true(fabs(b[0].bca.lower - tanh(z - half)) < 0.03 && fabs(b[0].bca.upper - tanh(z + half)) < 0.03);
    assert_undefined(b[1].estimate, "the statistic has no value");
    assert_no_bounds(b[1].bca, "the statistic has no value");
}

/* --- what must follow ---------------------------------------------------------------------------------- */

static const struct om_count some[] = {{-12, 3}, {-7, 20}, {-5, 31}, {-2, 22}, {0, 30}, {1, 9}, {4, 5}};

static struct om_bootstrap_change
bootstrapped(const struct om_count *at, size_t n, int64_t unit, const struct om_bootstrap_plan *how)
{
    struct om_counts change = {at, n, unit};
    struct om_bootstrap_change b;
    assert_ok(om_bootstrap_change(&change, how, &b, &err));
    return b;
}

static void
follows_scale_and_shift(void **state)
{
    (void)state;
    struct om_count scaled[7], shifted[7];
    for (size_t i = 0; i < 7; i++) {
        scaled[i] = (struct om_count){some[i].value * 8, some[i].count};
        shifted[i] = (struct om_count){some[i].value + 1000, some[i].count};
    }
    struct om_bootstrap_change a = bootstrapped(some, 7, 1, &plan), s = bootstrapped(scaled, 7, 8, &plan),
                               m = bootstrapped(shifted, 7, 1, &plan);
    assert_close(s.mean.bca.lower, a.mean.bca.lower, 1e-14);
    assert_close(s.d_z.percentile.upper, a.d_z.percentile.upper, 1e-13);
    assert_close(m.mean.bca.upper, a.mean.bca.upper + 1000, 1e-13);
    assert_close(m.median.percentile.lower, a.median.percentile.lower + 1000, 0);
    assert_close(m.mean.se.value, a.mean.se.value, 1e-9);
}

/* The same seed: the same bytes. Another: other numbers, near by. */
static void
seeds(void **state)
{
    (void)state;
    struct om_bootstrap_change a = bootstrapped(some, 7, 1, &plan), b = bootstrapped(some, 7, 1, &plan),
                               c = bootstrapped(some, 7, 1, &(struct om_bootstrap_plan){10000, 2, 0.95});
    assert_memory_equal(&a.d_z.bca.lower, &b.d_z.bca.lower, 2 * sizeof(double));
    assert_true(a.d_z.bca.lower != c.d_z.bca.lower);
    assert_close(a.d_z.bca.lower, c.d_z.bca.lower, 0.03);
}

/* For many people all intervals are the t interval; those of ten billion cost no more. */
static void
meets_theory(void **state)
{
    (void)state;
    struct om_count at[7];
    for (int power = 3; power <= 9; power += 3) {
        for (size_t i = 0; i < 7; i++)
            at[i] = (struct om_count){some[i].value, some[i].count * (uint64_t)pow(10, power - 1)};
        struct om_counts change = {at, 7, 1};
        struct om_bootstrap_change b = bootstrapped(at, 7, 1, &(struct om_bootstrap_plan){40000, 3, 0.95});
        struct om_description d;
        om_describe(&change, 0.95, &d);
        double half = d.mean_interval.upper - d.mean.value;
        assert_close(b.mean.estimate.value, d.mean.value, 1e-15);
        assert_close(b.mean.se.value, d.se.value, 0.02);
        assert_true(fabs(b.mean.bca.lower - d.mean_interval.lower) < 0.05 * half);
        assert_true(fabs(b.mean.percentile.upper - d.mean_interval.upper) < 0.05 * half);
    }
}

/* --- where there is little or nothing ------------------------------------------------------------------ */

static void
assert_no_interval(const struct om_bootstrap *b, const char *why)
{
    assert_no_bounds(b->percentile, why);
    assert_no_bounds(b->bca, why);
}

static void
degenerate(void **state)
{
    (void)state;
    struct om_bootstrap_change b = bootstrapped(NULL, 0, 1, &plan);
    assert_undefined(b.mean.estimate, OM_WHY_EMPTY);
    assert_undefined(b.d_z.se, OM_WHY_EMPTY);
    assert_no_interval(&b.median, OM_WHY_EMPTY);
    const struct om_count one[] = {{-4, 1}}, alike[] = {{-4, 30}}, still[] = {{0, 30}},
                          two[] = {{-4, 1}, {2, 1}};
    b = bootstrapped(one, 1, 1, &plan);
    assert_close(b.mean.estimate.value, -4, 0);
    assert_no_interval(&b.mean, "all replicates are equal");
    assert_undefined(b.d_z.estimate, "the statistic has no value");
    b = bootstrapped(alike, 1, 1, &plan);
    assert_no_interval(&b.median, "all replicates are equal");
    assert_undefined(b.d_z.estimate, "the statistic has no value"); /* endless */
    b = bootstrapped(still, 1, 1, &plan);
    assert_true(b.d_z.estimate.value == 0 && !b.d_z.estimate.reason);
    assert_no_interval(&b.d_z, "all replicates are equal");
    b = bootstrapped(two, 2, 1, &plan); /* half of the replicates have no spread */
    assert_null(b.mean.percentile.reason);
    assert_no_interval(&b.d_z, "too many replicates have no spread");
    assert_undefined(b.d_z.se, "too many replicates have no spread");
    struct om_bootstrap share;
    assert_ok(om_bootstrap_share(0, 20, &plan, &share, &err));
    assert_no_interval(&share, "all replicates are equal");
    assert_ok(om_bootstrap_share(0, 0, &plan, &share, &err));
    assert_undefined(share.estimate, OM_WHY_EMPTY);
}

/* A replicate without spread lies at the end of the order, and leaves the bounds where they are. */
static void
few_replicates_without_spread(void **state)
{
    (void)state;
    const struct om_count at[] = {{-5, 8}, {-4, 2}};
    struct om_bootstrap_change b = bootstrapped(at, 2, 1, &plan);
    assert_no_interval(&b.d_z, "too many replicates have no spread"); /* 0.8^10: a tenth */
    const struct om_count more[] = {{-5, 15}, {-4, 5}};               /* 0.75^20: three in a thousand */
    b = bootstrapped(more, 2, 1, &plan);
    assert_null(b.d_z.percentile.reason);
    assert_undefined(b.d_z.se, "too many replicates have no spread");
}

static void
impossible_plans(void **state)
{
    (void)state;
    const double levels[] = {0, 1, 95, NAN};
    for (size_t i = 0; i < 4; i++) {
        struct om_bootstrap_change b =
            bootstrapped(some, 7, 1, &(struct om_bootstrap_plan){100, 1, levels[i]});
        assert_null(b.mean.estimate.reason);
        assert_no_interval(&b.mean, OM_WHY_LEVEL);
    }
    struct om_bootstrap_change b = bootstrapped(some, 7, 1, &(struct om_bootstrap_plan){1, 1, 0.95});
    assert_no_interval(&b.mean, "at least 2 replicates are needed");
    b = bootstrapped(some, 7, 1, &(struct om_bootstrap_plan){0, 1, 0.95});
    assert_no_interval(&b.mean, "at least 2 replicates are needed");
}

static void
out_of_memory(void **state)
{
    (void)state;
    struct om_counts change = {some, 7, 1};
    struct om_bootstrap_change b;
    size_t before = om_memory_live();
    for (size_t k = 0; k < 5; k++) {
        om_memory_fail_at(k);
        assert_int_equal(om_bootstrap_change(&change, &plan, &b, &err), OM_ERR_NOMEM);
    }
    om_memory_fail_at((size_t)-1);
    assert_int_equal(om_memory_live(), before);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_everywhere),
        cmocka_unit_test(binomials_are_binomial),
        cmocka_unit_test(binomials_of_billions),
        cmocka_unit_test(binomials_at_the_edges),
        cmocka_unit_test(multinomials_are_multinomial),
        cmocka_unit_test(intervals_of_given_replicates),
        cmocka_unit_test(distributions_without_chance),
        cmocka_unit_test(shares_are_binomial),
        cmocka_unit_test(any_statistic),
        cmocka_unit_test(follows_scale_and_shift),
        cmocka_unit_test(seeds),
        cmocka_unit_test(meets_theory),
        cmocka_unit_test(degenerate),
        cmocka_unit_test(few_replicates_without_spread),
        cmocka_unit_test(impossible_plans),
        cmocka_unit_test(out_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
