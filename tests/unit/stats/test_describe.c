#include <omstat/describe.h>

#include <math.h>
#include <stdio.h>
#include <omstat/number.h>
#include "stats/moments.h"
#include "stats/outcome.h"
#include "unit/stats/cells.h"

static struct om_count cells[CELLS_MAX];

/* Slips this sees: divisor n, population SD in the standard error, normal for t, quantile types other than 7
 * (the cases have quartile ranks with 0, 1, 2 and 3 quarters left), unit forgotten in the variance (halves,
 * hundredths). */
static void
as_r_has_it(void **state)
{
    (void)state;
    json_t *root = load_json("tests/oracle/describe.json");
    const char *name;
    json_t *panel;
    json_object_foreach(root, name, panel)
    {
        json_t *x = json_object_get(panel, "x"), *e = json_object_get(panel, "expect");
        int64_t values[64];
        for (size_t i = 0; i < json_array_size(x); i++)
            values[i] = (int64_t)json_number_value(json_array_get(x, i));
        struct om_counts counts =
            counts_of(values, json_array_size(x), (int64_t)json_at(panel, "unit"), cells);
        struct om_description d, d80;
        om_describe(&counts, 0.95, &d);
        om_describe(&counts, 0.80, &d80);
        assert_close((double)d.n, json_at(e, "n"), 0);
        const struct {
            const char *key;
            struct om_stat got;
        } all[] = {{"mean", d.mean},
                   {"variance", d.variance},
                   {"sd", d.sd},
                   {"se", d.se},
                   {"min", d.min},
                   {"q1", d.q1},
                   {"median", d.median},
                   {"q3", d.q3},
                   {"max", d.max},
                   {"lower_95", {d.mean_interval.lower, d.mean_interval.reason}},
                   {"upper_95", {d.mean_interval.upper, d.mean_interval.reason}},
                   {"lower_80", {d80.mean_interval.lower, NULL}},
                   {"upper_80", {d80.mean_interval.upper, NULL}}};
        for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
            check_stat(all[i].got, json_object_get(e, all[i].key), 1e-13, 1e-14, all[i].key);
        assert_string_equal(d.mean_interval.method, "t");
        assert_close(d80.mean_interval.level, 0.8, 0);
    }
    json_decref(root);
}

/* One column of decimals as integers over `unit`. */
static size_t
read_scaled(const char *path, int64_t unit, int64_t *values)
{
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    char line[64];
    size_t n = 0;
    while (fgets(line, sizeof line, file)) {
        struct om_fraction f;
        if (om_fraction_parse(line, strcspn(line, "\r\n"), &f))
            values[n++] = f.num * (unit / f.den);
    }
    fclose(file);
    return n;
}

static void
nist_certified(void **state)
{
    (void)state;
    static int64_t values[CELLS_MAX];
    static const struct {
        const char *name;
        int64_t unit;
        double mean, sd;
    } sets[] = {{"PiDigits", 1, 4.53480000000000, 2.86733906028871},
                {"Lottery", 1, 518.958715596330, 291.699727470969},
                {"Lew", 1, -177.435000000000, 277.332168044316},
                {"Mavro", 100000, 2.00185600000000, 0.000429123454003053},
                {"NumAcc1", 1, 10000002, 1},
                {"NumAcc2", 10, 1.2, 0.1}};
    for (size_t i = 0; i < sizeof sets / sizeof sets[0]; i++) {
        char file[128];
        snprintf(file, sizeof file, "nist_strd/univariate/%s.csv", sets[i].name);
        const char *path = shared_path(file);
        if (!path)
            skip();
        struct om_counts counts =
            counts_of(values, read_scaled(path, sets[i].unit, values), sets[i].unit, cells);
        struct om_description d;
        om_describe(&counts, 0.95, &d);
        assert_close(d.mean.value, sets[i].mean, 1e-14); /* certified to 15 digits */
        assert_close(d.sd.value, sets[i].sd, 1e-14);
    }
}

/* NumAcc4 of the same collection, which one-pass formulas in double get wrong in the 8th digit: 10000000.2
 * once, then 10000000.1 and 10000000.3 in turn, 1001 values, SD exactly 0.1. */
static void
survives_a_huge_offset(void **state)
{
    (void)state;
    const struct om_count at[] = {{100000001, 500}, {100000002, 1}, {100000003, 500}};
    struct om_description d;
    om_describe(&(struct om_counts){at, 3, 10}, 0.95, &d);
    assert_close(d.mean.value, 10000000.2, 0);
    assert_close(d.sd.value, 0.1, 1e-16);
    /* the same around the largest values allowed */
    const int64_t big = ((int64_t)1 << 53) - 4;
    const struct om_count far[] = {{big + 1, 500}, {big + 2, 1}, {big + 3, 500}};
    om_describe(&(struct om_counts){far, 3, 10}, 0.95, &d);
    assert_close(d.sd.value, 0.1, 1e-16);
    assert_close(d.median.value, (double)(big + 2) / 10, 0);
}

static void
without_values(void **state)
{
    (void)state;
    struct om_description d;
    om_describe(&(struct om_counts){NULL, 0, 1}, 0.95, &d);
    assert_int_equal(d.n, 0);
    assert_undefined(d.mean, OM_WHY_EMPTY);
    assert_undefined(d.variance, OM_WHY_EMPTY);
    assert_undefined(d.sd, OM_WHY_EMPTY);
    assert_undefined(d.se, OM_WHY_EMPTY);
    assert_undefined(d.median, OM_WHY_EMPTY);
    assert_undefined(d.q1, OM_WHY_EMPTY);
    assert_undefined(d.q3, OM_WHY_EMPTY);
    assert_undefined(d.min, OM_WHY_EMPTY);
    assert_undefined(d.max, OM_WHY_EMPTY);
    assert_no_bounds(d.mean_interval, OM_WHY_EMPTY);
}

static void
one_value(void **state)
{
    (void)state;
    const struct om_count at[] = {{7, 1}};
    struct om_description d;
    om_describe(&(struct om_counts){at, 1, 2}, 0.95, &d);
    assert_close(d.mean.value, 3.5, 0);
    assert_close(d.median.value, 3.5, 0);
    assert_close(d.q1.value, 3.5, 0);
    assert_close(d.max.value, 3.5, 0);
    assert_undefined(d.variance, OM_WHY_ONE);
    assert_undefined(d.sd, OM_WHY_ONE);
    assert_undefined(d.se, OM_WHY_ONE);
    assert_no_bounds(d.mean_interval, OM_WHY_ONE);
}

/* A spread of exactly 0 is a fact; an interval without width would be a claim. */
static void
all_equal(void **state)
{
    (void)state;
    const struct om_count at[] = {{-3, 5}};
    struct om_description d;
    om_describe(&(struct om_counts){at, 1, 7}, 0.95, &d);
    assert_close(d.mean.value, -3 / 7.0, 0);
    assert_true(d.sd.reason == NULL && d.sd.value == 0);
    assert_true(d.variance.reason == NULL && d.variance.value == 0);
    assert_true(d.se.reason == NULL && d.se.value == 0);
    assert_no_bounds(d.mean_interval, OM_WHY_CONSTANT);
}

static void
impossible_levels(void **state)
{
    (void)state;
    const struct om_count at[] = {{1, 5}, {2, 1}};
    const double levels[] = {0, 1, -0.5, 95, NAN};
    struct om_description d;
    for (size_t i = 0; i < 5; i++) {
        om_describe(&(struct om_counts){at, 2, 1}, levels[i], &d);
        assert_no_bounds(d.mean_interval, OM_WHY_LEVEL);
        assert_null(d.sd.reason);
    }
}

static void
follows_shift_scale_and_sign(void **state)
{
    (void)state;
    const int64_t x[] = {3, 0, 27, 14, 14, 9, 1, 1, 6, 20};
    int64_t shifted[10], negated[10];
    for (size_t i = 0; i < 10; i++) {
        shifted[i] = x[i] + 123456789;
        negated[i] = -x[i];
    }
    static struct om_count a[16], b[16], c[16];
    struct om_counts plain = counts_of(x, 10, 1, a), far = counts_of(shifted, 10, 1, b),
                     mirror = counts_of(negated, 10, 1, c);
    struct om_counts scaled = {plain.at, plain.n, 56};
    struct om_description d, s, m, u;
    om_describe(&plain, 0.95, &d);
    om_describe(&far, 0.95, &s);
    om_describe(&mirror, 0.95, &m);
    om_describe(&scaled, 0.95, &u);
    assert_close(s.sd.value, d.sd.value, 0); /* to the last bit: integers */
    assert_close(s.q3.value, d.q3.value + 123456789, 0);
    assert_close(m.mean.value, -d.mean.value, 0);
    assert_close(m.variance.value, d.variance.value, 0);
    assert_close(m.q1.value, -d.q3.value, 0);
    assert_close(m.mean_interval.lower, -d.mean_interval.upper, 0);
    assert_close(u.sd.value, d.sd.value / 56, 1e-15);
    assert_close(u.variance.value, d.variance.value / 56 / 56, 1e-15);
}

/* Everyone twice: the mean stays, the sum of squares doubles: catches n - 1 taken of cells instead of people.
 */
static void
doubling_everyone(void **state)
{
    (void)state;
    const struct om_count once[] = {{0, 3}, {5, 1}, {9, 4}}, twice[] = {{0, 6}, {5, 2}, {9, 8}};
    struct om_description a, b;
    om_describe(&(struct om_counts){once, 3, 1}, 0.95, &a);
    om_describe(&(struct om_counts){twice, 3, 1}, 0.95, &b);
    assert_close(b.mean.value, a.mean.value, 0);
    assert_close(b.variance.value * 15, a.variance.value * 7 * 2, 1e-15);
}

/* Values 0 and 27, ten thousand million each: variance n / (n - 1) * 13.5^2. */
static void
counts_beyond_32_bits(void **state)
{
    (void)state;
    const struct om_count at[] = {{0, 10000000000u}, {27, 10000000000u}};
    struct om_description d;
    om_describe(&(struct om_counts){at, 2, 1}, 0.95, &d);
    assert_true(d.n == 20000000000u);
    assert_close(d.mean.value, 13.5, 0);
    assert_close(d.variance.value, 182.25 * (1 + 1 / 19999999999.0), 1e-16);
    assert_close(d.median.value, 13.5, 0);
    assert_close(d.q1.value, 0, 0);
    assert_close(d.q3.value, 27, 0);
}

/* Beyond what 128 bits hold: 2^53 apart, 2^40 each. The spread is 2^53 exactly, the mean 0. */
static void
sums_beyond_128_bits(void **state)
{
    (void)state;
    const int64_t big = ((int64_t)1 << 53) - 1;
    const uint64_t many = (uint64_t)1 << 40;
    const struct om_count at[] = {{-big, many}, {big, many}};
    struct om_description d;
    om_describe(&(struct om_counts){at, 2, 1}, 0.95, &d);
    assert_close(d.mean.value, 0, 0);
    assert_close(d.sd.value, (double)big * (1 + 0.25 / (double)many), 3e-16);
    /* a sum of squares that 128 bits would cut to 0 */
    const struct om_count even[] = {{-(big + 1) / 2, many}, {(big + 1) / 2, many}};
    om_describe(&(struct om_counts){even, 2, 1}, 0.95, &d);
    assert_close(d.sd.value, 4503599627370496.0, 1e-12);
    /* and a lopsided one: n p q scaled by the distance */
    const struct om_count lopsided[] = {{-big, 1}, {big, 3 * many}};
    om_describe(&(struct om_counts){lopsided, 2, 1}, 0.95, &d);
    double share = 1 / (double)(3 * many + 1);
    assert_close(d.variance.value, 4 * (double)big * (double)big * share, 1e-15);
}

/* Both ways of finding n Sum(xy) - Sum(x) Sum(y) must say the same where both can. */
static void
wide_and_narrow_sums_agree(void **state)
{
    (void)state;
    const int64_t x[] = {1, -5, 1000003, 77, 1 << 30}, y[] = {-8, 4, 31, -1000001, 5};
    for (int shift = 0; shift < 24; shift++) {
        struct om_moments m = {0};
        long double n = 0, sx = 0, sy = 0, sxy = 0, size = 0;
        for (size_t i = 0; i < 5; i++) {
            int64_t a = x[i] * ((int64_t)1 << shift), b = y[i] * ((int64_t)1 << shift);
            uint64_t count = (uint64_t)(i + 1) << (shift + 12);
            om_moments_add(&m, a, b, count);
            n += (long double)count;
            sx += (long double)a * (long double)count;
            sy += (long double)b * (long double)count;
            sxy += (long double)a * (long double)b * (long double)count;
            size += fabsl((long double)a * (long double)b) * (long double)count;
        }
        long double want = n * sxy - sx * sy;
        assert_true(fabsl(om_moments_product(&m) - want) <= 1e-17L * (n * size + fabsl(sx * sy)));
    }
}

static void
centres_round_to_nearest(void **state)
{
    (void)state;
    assert_int_equal(om_moments_centre(0, 0), 0);
    assert_int_equal(om_moments_centre(7, 2), 4);
    assert_int_equal(om_moments_centre(-7, 2), -3);
    assert_int_equal(om_moments_centre(-8, 3), -3);
    assert_int_equal(om_moments_centre(-7, 3), -2);
    assert_int_equal(om_moments_centre(10, 3), 3);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_r_has_it),
        cmocka_unit_test(nist_certified),
        cmocka_unit_test(survives_a_huge_offset),
        cmocka_unit_test(without_values),
        cmocka_unit_test(one_value),
        cmocka_unit_test(all_equal),
        cmocka_unit_test(impossible_levels),
        cmocka_unit_test(follows_shift_scale_and_sign),
        cmocka_unit_test(doubling_everyone),
        cmocka_unit_test(counts_beyond_32_bits),
        cmocka_unit_test(sums_beyond_128_bits),
        cmocka_unit_test(wide_and_narrow_sums_agree),
        cmocka_unit_test(centres_round_to_nearest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
