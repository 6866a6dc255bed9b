#include <omstat/rates.h>

#include <math.h>
#include "base/memory.h"
#include "stats/outcome.h"
#include "unit/stats/cells.h"

static struct om_error err;

static struct om_rates_result
rates(uint64_t a, uint64_t n, uint64_t b, uint64_t m)
{
    struct om_rates_result r;
    om_compare_rates((struct om_rate){a, n}, (struct om_rate){b, m}, 0.95, &r);
    return r;
}

static double
fisher(const uint64_t *count, size_t rows, size_t columns)
{
    struct om_table table = {count, rows, columns};
    struct om_stat p;
    assert_ok(om_fisher(&table, &p, &err));
    assert_null(p.reason);
    return p.value;
}

/* --- against R ------------------------------------------------------------------------------------------ */

static void
check_tests(const json_t *e, const struct om_table *table)
{
    struct om_chi_square_result c;
    struct om_stat p;
    om_chi_square(table, &c);
    assert_ok(om_fisher(table, &p, &err));
    check_stat(c.chi2, json_object_get(e, "chi2"), 1e-12, 1e-15, "chi2");
    check_stat(c.p, json_object_get(e, "p"), 1e-11, 1e-300, "p");
    check_stat(p, json_object_get(e, "fisher"), 1e-10, 0,
               "fisher"); /* R adds up logarithms of gamma functions */
    if (json_object_get(e, "yates")) {
        check_stat(c.yates_chi2, json_object_get(e, "yates"), 1e-12, 1e-15, "yates");
        check_stat(c.yates_p, json_object_get(e, "yates_p"), 1e-11, 1e-300, "yates_p");
    }
    if (json_object_get(e, "smallest")) {
        assert_close((double)c.n, json_at(e, "n"), 0);
        check_stat(c.df, json_object_get(e, "df"), 0, 0, "df");
        check_stat(c.smallest_expected, json_object_get(e, "smallest"), 1e-14, 0, "smallest");
    }
}

/* Slips this sees: Wald's interval, Newcombe's method 11 (with continuity correction), the wrong ends joined,
 * Katz with 1/k + 1/n, the log interval not turned back, NNT bounds the wrong way round or from the
 * difference's own order. */
static void
pairs_as_r_has_them(void **state)
{
    (void)state;
    json_t *root = load_json("tests/oracle/rates.json"), *e;
    size_t i;
    json_array_foreach(json_object_get(root, "pairs"), i, e)
    {
        uint64_t a = (uint64_t)json_at(e, "a"), n = (uint64_t)json_at(e, "n"), b = (uint64_t)json_at(e, "b"),
                 m = (uint64_t)json_at(e, "m");
        struct om_rates_result r = rates(a, n, b, m);
        const uint64_t count[] = {a, n - a, b, m - b};
        const struct om_table table = {count, 2, 2};
        check_tests(e, &table);
        check_stat(r.difference.estimate, json_object_get(e, "difference"), 1e-12, 1e-16, "difference");
        check_bounds(r.difference.interval, json_object_get(e, "d_lower"), json_object_get(e, "d_upper"),
                     1e-12, 1e-15, "difference");
        check_stat(r.ratio.estimate, json_object_get(e, "ratio"), 1e-14, 0, "ratio");
        check_bounds(r.ratio.interval, json_object_get(e, "r_lower"), json_object_get(e, "r_upper"), 1e-12, 0,
                     "ratio");
        check_stat(r.odds_ratio.estimate, json_object_get(e, "odds"), 1e-14, 0, "odds");
        check_bounds(r.odds_ratio.interval, json_object_get(e, "o_lower"), json_object_get(e, "o_upper"),
                     1e-12, 0, "odds");
        check_stat(r.needed.estimate, json_object_get(e, "nnt"), 1e-12, 0, "nnt");
        check_bounds(r.needed.interval, json_object_get(e, "nnt_lower"), json_object_get(e, "nnt_upper"),
                     1e-11, 0, "nnt");
        check_stat(r.needed.benefit, json_object_get(e, "benefit"), 1e-11, 0, "benefit");
        check_stat(r.needed.harm, json_object_get(e, "harm"), 1e-11, 0, "harm");
    }
    json_decref(root);
}

static void
tables_as_r_has_them(void **state)
{
    (void)state;
    json_t *root = load_json("tests/oracle/rates.json"), *e;
    const char *name;
    json_object_foreach(json_object_get(root, "tables"), name, e)
    {
        uint64_t count[64];
        const json_t *cells = json_object_get(e, "count");
        for (size_t i = 0; i < json_array_size(cells); i++)
            count[i] = (uint64_t)json_number_value(json_array_get(cells, i));
        const struct om_table table = {count, (size_t)json_at(e, "rows"), (size_t)json_at(e, "columns")};
        check_tests(e, &table);
    }
    json_decref(root);
}

static void
trends_as_r_has_them(void **state)
{
    (void)state;
    json_t *root = load_json("tests/oracle/rates.json"), *e;
    size_t i;
    json_array_foreach(json_object_get(root, "trends"), i, e)
    {
        struct om_rate rate[8];
        struct om_trend_result t;
        size_t n = json_array_size(json_object_get(e, "k"));
        for (size_t g = 0; g < n; g++) {
            rate[g].k = (uint64_t)json_number_value(json_array_get(json_object_get(e, "k"), g));
            rate[g].n = (uint64_t)json_number_value(json_array_get(json_object_get(e, "n"), g));
        }
        om_trend(rate, n, &t);
        check_stat(t.z, json_object_get(e, "z"), 1e-12, 0, "z");
        check_stat(t.p, json_object_get(e, "p"), 1e-11, 0, "p");
    }
    json_decref(root);
}

/* --- published ------------------------------------------------------------------------------------------ */

/* Newcombe (1998), Table II, method 10: four decimals. */
static void
newcombe_table(void **state)
{
    (void)state;
    static const struct {
        uint64_t a, n, b, m;
        double lower, upper;
    } rows[] = {{56, 70, 48, 80, 0.0524, 0.3339}, {9, 10, 3, 10, 0.1705, 0.8090},
                {6, 7, 2, 7, 0.0582, 0.8062},     {5, 56, 0, 29, -0.0381, 0.1926},
                {0, 10, 0, 20, -0.1611, 0.2775},  {0, 10, 0, 10, -0.2775, 0.2775},
                {10, 10, 0, 20, 0.6791, 1.0000},  {10, 10, 0, 10, 0.6075, 1.0000}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct om_rates_result r = rates(rows[i].a, rows[i].n, rows[i].b, rows[i].m);
        assert_true(fabs(r.difference.interval.lower - rows[i].lower) < 5e-5);
        assert_true(fabs(r.difference.interval.upper - rows[i].upper) < 5e-5);
        assert_string_equal(r.difference.interval.method, "newcombe");
    }
}

/* Fisher's tea: 3 of 4 cups right is 17 of 70 or more extreme, both sides 34 of 70. */
static void
tea(void **state)
{
    (void)state;
    const uint64_t cups[] = {3, 1, 1, 3}, all[] = {4, 0, 0, 4};
    assert_close(fisher(cups, 2, 2), 34.0 / 70, 1e-14);
    assert_close(fisher(all, 2, 2), 2.0 / 70, 1e-14);
}

/* --- what must not matter ------------------------------------------------------------------------------- */

/* By enumeration and by tails the same: a third row of nobody makes no difference, a third column of one does
 * little. */
static void
two_ways_to_fisher(void **state)
{
    (void)state;
    for (uint64_t a = 0; a <= 6; a++)
        for (uint64_t b = 0; b <= 9; b++) {
            const uint64_t two[] = {a, 6 - a, b, 9 - b}, with_empty[] = {a, 6 - a, 0, 0, b, 9 - b};
            if (a + b == 0 || a + b == 15)
                continue;
            assert_close(fisher(two, 2, 2), fisher(with_empty, 3, 2), 0);
            const uint64_t flipped[] = {b, 9 - b, a, 6 - a}, mirrored[] = {6 - a, a, 9 - b, b};
            assert_close(fisher(two, 2, 2), fisher(flipped, 2, 2), 1e-13);
            assert_close(fisher(two, 2, 2), fisher(mirrored, 2, 2), 1e-13);
            double sum = 0, limit = 0; /* all tables of these margins, as products of binomial coefficients */
            for (int pass = 0; pass < 2; pass++)
                for (uint64_t x = 0; x <= 6; x++) {
                    if (x > a + b || a + b - x > 9)
                        continue;
                    double ways =
                        round(exp(lgamma(7) - lgamma((double)x + 1) - lgamma(7 - (double)x) + lgamma(10) -
                                  lgamma((double)(a + b - x) + 1) - lgamma(10 - (double)(a + b - x))));
                    limit = pass == 0 && x == a ? ways : limit;
                    sum += pass == 1 && ways <= limit ? ways : 0;
                }
            double all = round(exp(lgamma(16) - lgamma((double)(a + b) + 1) - lgamma(16 - (double)(a + b))));
            assert_close(fisher(two, 2, 2), sum / all, 1e-12);
        }
}

/* Rows and columns in any order, and turned round. */
static void
order_of_tables(void **state)
{
    (void)state;
    const uint64_t a[] = {2, 4, 3, 1, 0, 5, 6, 2, 2}, turned[] = {2, 1, 6, 4, 0, 2, 3, 5, 2},
                   moved[] = {6, 2, 2, 2, 4, 3, 1, 0, 5};
    assert_close(fisher(turned, 3, 3), fisher(a, 3, 3), 1e-14);
    assert_close(fisher(moved, 3, 3), fisher(a, 3, 3), 1e-14);
    struct om_chi_square_result c, d;
    om_chi_square(&(struct om_table){a, 3, 3}, &c);
    om_chi_square(&(struct om_table){turned, 3, 3}, &d);
    assert_close(c.chi2.value, d.chi2.value, 1e-14);
    assert_string_equal(c.yates_p.reason, "Yates' correction is for two rows and two columns");
}

/* Swapping the groups turns the difference round and inverts the ratios; the outcome's opposite turns it
 * round too. */
static void
swapped(void **state)
{
    (void)state;
    struct om_rates_result r = rates(7, 20, 15, 21), s = rates(15, 21, 7, 20), o = rates(13, 20, 6, 21);
    assert_close(s.difference.estimate.value, -r.difference.estimate.value, 1e-15);
    assert_close(s.difference.interval.lower, -r.difference.interval.upper, 1e-14);
    assert_close(o.difference.interval.lower, -r.difference.interval.upper, 1e-14);
    assert_close(s.ratio.estimate.value, 1 / r.ratio.estimate.value, 1e-15);
    assert_close(s.ratio.interval.lower, 1 / r.ratio.interval.upper, 1e-14);
    assert_close(s.odds_ratio.interval.upper, 1 / r.odds_ratio.interval.lower, 1e-14);
    assert_close(o.odds_ratio.estimate.value, 1 / r.odds_ratio.estimate.value, 1e-14);
    assert_close(s.needed.interval.lower, -r.needed.interval.upper, 1e-14);
    assert_true(r.needed.interval.lower < r.needed.estimate.value &&
                r.needed.estimate.value < r.needed.interval.upper);
}

/* With two groups the trend is the chi-square test; with the order turned round z changes sign. */
static void
trend_of_two(void **state)
{
    (void)state;
    const struct om_rate up[] = {{3, 20}, {9, 17}}, down[] = {{9, 17}, {3, 20}},
                         gap[] = {{3, 20}, {0, 0}, {9, 17}};
    const uint64_t count[] = {3, 17, 9, 8};
    struct om_trend_result t, d, g;
    struct om_chi_square_result c;
    om_trend(up, 2, &t);
    om_trend(down, 2, &d);
    om_trend(gap, 3, &g);
    om_chi_square(&(struct om_table){count, 2, 2}, &c);
    assert_close(t.z.value * t.z.value, c.chi2.value, 1e-14);
    assert_true(t.z.value > 0);
    assert_close(d.z.value, -t.z.value, 1e-15);
    assert_close(g.z.value, t.z.value, 1e-15);
}

/* Billions cost no more: bisection, not a walk through the margins. */
static void
billions(void **state)
{
    (void)state;
    const uint64_t near[] = {2000000000, 2000000000, 1999990000, 2000010000},
                   same[] = {500, 500, 4000000000, 4000000000};
    struct om_chi_square_result c;
    om_chi_square(&(struct om_table){near, 2, 2}, &c);
    assert_close(fisher(near, 2, 2), c.yates_p.value, 1e-4); /* 8e9 people: as good as normal */
    assert_true(fisher(same, 2, 2) == 1);
    struct om_rates_result r = rates(2000000000, 4000000000, 1999990000, 4000000000);
    assert_close(r.difference.estimate.value, 2.5e-6, 1e-15);
}

/* --- nothing to say ------------------------------------------------------------------------------------- */

static void
degenerate_rates(void **state)
{
    (void)state;
    struct om_rates_result r = rates(0, 0, 3, 10);
    assert_undefined(r.difference.estimate, OM_WHY_EMPTY_GROUP);
    assert_no_bounds(r.difference.interval, OM_WHY_EMPTY_GROUP);
    assert_undefined(r.ratio.estimate, OM_WHY_EMPTY_GROUP);
    assert_undefined(r.odds_ratio.estimate, OM_WHY_EMPTY_GROUP);
    assert_undefined(r.needed.estimate, OM_WHY_EMPTY_GROUP);
    assert_undefined(r.needed.benefit, OM_WHY_EMPTY_GROUP);
    assert_no_bounds(r.needed.interval, OM_WHY_EMPTY_GROUP);
    r = rates(11, 10, 3, 10);
    assert_undefined(r.difference.estimate, "the part is larger than the whole");
    r = rates(0, 10, 0, 10);
    assert_undefined(r.ratio.estimate, "nobody in the reference group has the outcome");
    assert_undefined(r.needed.estimate, "the rates are equal");
    assert_string_equal(r.needed.interval.reason, "the interval goes through infinity");
    assert_null(r.needed.benefit.reason);
    r = rates(10, 10, 10, 10);
    assert_close(r.ratio.estimate.value, 1, 0);
    assert_no_bounds(r.ratio.interval, "everybody has the outcome");
    r = rates(0, 10, 4, 10);
    assert_true(r.ratio.estimate.value == 0 && !r.ratio.estimate.reason && r.ratio.interval.reason);
    assert_true(r.odds_ratio.estimate.value == 0 && !r.odds_ratio.estimate.reason &&
                r.odds_ratio.interval.reason);
    om_compare_rates((struct om_rate){3, 9}, (struct om_rate){1, 9}, 1, &r);
    assert_no_bounds(r.difference.interval, OM_WHY_LEVEL);
    assert_no_bounds(r.ratio.interval, OM_WHY_LEVEL);
    assert_no_bounds(r.odds_ratio.interval, OM_WHY_LEVEL);
    assert_no_bounds(r.needed.interval, OM_WHY_LEVEL);
    assert_close(r.needed.estimate.value, 4.5, 1e-15);
}

static void
check_no_table(const uint64_t *count, size_t rows, size_t columns, const char *why)
{
    struct om_table table = {count, rows, columns};
    struct om_chi_square_result c;
    struct om_stat p;
    om_chi_square(&table, &c);
    assert_ok(om_fisher(&table, &p, &err));
    assert_undefined(p, why);
    const struct om_stat all[] = {c.chi2, c.df, c.p, c.yates_chi2, c.yates_p, c.smallest_expected};
    for (size_t i = 0; i < 6; i++)
        assert_undefined(all[i], why);
}

static void
degenerate_tables(void **state)
{
    (void)state;
    const uint64_t none[] = {0, 0, 0, 0}, row[] = {3, 4, 0, 0}, column[] = {0, 3, 0, 9};
    check_no_table(NULL, 0, 0, OM_WHY_EMPTY);
    check_no_table(none, 2, 2, OM_WHY_EMPTY);
    check_no_table(row, 2, 2, "the table has one row or one column");
    check_no_table(column, 2, 2, "the table has one row or one column");
    struct om_trend_result t;
    om_trend(NULL, 0, &t);
    assert_undefined(t.z, OM_WHY_EMPTY);
    om_trend((const struct om_rate[]){{3, 9}, {0, 0}}, 2, &t);
    assert_undefined(t.p, OM_WHY_ONE_GROUP);
    om_trend((const struct om_rate[]){{0, 9}, {0, 4}}, 2, &t);
    assert_undefined(t.p, "nobody has the outcome");
    om_trend((const struct om_rate[]){{9, 9}, {4, 4}}, 2, &t);
    assert_undefined(t.p, "everybody has the outcome");
}

/* Too many tables is said, not waited for; memory that cannot be had is an error. */
static void
large_tables(void **state)
{
    (void)state;
    static uint64_t many[2 * 600];
    uint64_t six[12], huge[6] = {3000000, 4000000, 5000000, 3000000, 4000000, 5000000};
    struct om_stat p;
    for (size_t i = 0; i < 1200; i++)
        many[i] = 1 + i % 3;
    for (size_t i = 0; i < 12; i++)
        six[i] = 40 + i;
    assert_ok(om_fisher(&(struct om_table){many, 600, 2}, &p, &err));
    assert_undefined(p, "too many tables with these margins for an exact test");
    assert_ok(om_fisher(&(struct om_table){six, 6, 2}, &p, &err));
    assert_undefined(p, "too many tables with these margins for an exact test");
    uint64_t single[48] = {0}; /* every table is as probable: there are 24,310 of 17 lines, 2,704,156 of 24 */
    for (size_t i = 0; i < 24; i++)
        single[2 * i + i % 2] = 1;
    assert_ok(om_fisher(&(struct om_table){single, 17, 2}, &p, &err));
    assert_null(p.reason);
    assert_close(p.value, 1, 1e-12);
    assert_ok(om_fisher(&(struct om_table){single, 24, 2}, &p, &err));
    assert_undefined(p, "too many tables with these margins for an exact test");
    assert_ok(om_fisher(&(struct om_table){huge, 3, 2}, &p, &err));
    assert_undefined(p, "too many tables with these margins for an exact test");
    size_t before = om_memory_live();
    om_memory_fail_at(0);
    assert_int_equal(om_fisher(&(struct om_table){many, 4, 2}, &p, &err), OM_ERR_NOMEM);
    om_memory_fail_at((size_t)-1);
    assert_int_equal(om_memory_live(), before);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pairs_as_r_has_them),
        cmocka_unit_test(tables_as_r_has_them),
        cmocka_unit_test(trends_as_r_has_them),
        cmocka_unit_test(newcombe_table),
        cmocka_unit_test(tea),
        cmocka_unit_test(two_ways_to_fisher),
        cmocka_unit_test(order_of_tables),
        cmocka_unit_test(swapped),
        cmocka_unit_test(trend_of_two),
        cmocka_unit_test(billions),
        cmocka_unit_test(degenerate_rates),
        cmocka_unit_test(degenerate_tables),
        cmocka_unit_test(large_tables),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
