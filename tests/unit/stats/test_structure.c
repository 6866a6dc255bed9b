#include <omstat/reliability.h>

#include <math.h>
#include "base/memory.h"
#include "stats/dist.h"
#include "stats/item_spread.h"
#include "stats/one_factor.h"
#include "stats/symmetric.h"
#include "unit/stats/cells.h"
#include "unit/stats/item_forms.h"

static struct om_item_sums sums;
static struct om_items_result items;
static struct om_split_half_result halves;
static struct om_omega_result omega;
static struct om_interval bootstrap;
static struct om_error err;

static void
all_of(const struct om_item_sums *s)
{
    assert_ok(om_items(s, &items, &err));
    om_split_half(s, &halves);
    assert_ok(om_omega(s, &omega, &err));
    assert_ok(om_alpha_bootstrap(s, 0.95, &bootstrap, &err));
}

static void
all_of_codes(size_t k, size_t n, const uint8_t *codes)
{
    sums_of_codes(&sums, k, n, codes);
    all_of(&sums);
}

/* Sums of n forms whose items have these covariances (times a common factor) and means of 0. */
static void
sums_of_matrix(size_t k, uint64_t n, const int64_t *covariance)
{
    fresh_sums(&sums, k);
    sums.n = n;
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j <= i; j++)
            sums.product[i * (i + 1) / 2 + j] = covariance[i * k + j];
}

static void
check_items(struct om_stat got[], const json_t *want, const char *what)
{
    for (size_t i = 0; i < sums.k; i++)
        check_stat(got[i], json_array_get(want, i), 1e-11, 1e-13, what);
}

/* Slips this sees: omega over correlations where covariances are meant, or over the observed variance of the
 * total; loadings of the covariances; the other Bartlett factor (without 2/3); df of an exploratory model
 * without the rotation; the item variances with divisor n; lambda 2 with k for k / (k - 1) or each pair once;
 * lambda 6 from the correlations; halves by first and last; Horst's with the wrong share; percentile bounds
 * in place of the pivotal ones, tails exchanged, m = n. */
static void
check_oracle(const json_t *e)
{
    const json_t *i = json_object_get(e, "items"), *h = json_object_get(e, "halves");
    const json_t *f = json_object_get(e, "factor");
    check_bounds(bootstrap, json_object_get(e, "lower"), json_object_get(e, "upper"), 1e-10, 0, "bootstrap");
    assert_string_equal(bootstrap.method, "bootstrap-normal");
    check_items(items.mean, json_object_get(i, "mean"), "item mean");
    check_items(items.sd, json_object_get(i, "sd"), "item sd");
    check_items(omega.loading, json_object_get(f, "loading"), "loading");
    const struct {
        const json_t *from;
        const char *key;
        struct om_stat got;
        double rel;
    } all[] = {{i, "total_sd", items.total_sd, 1e-12},
               {i, "correlation", items.correlation, 1e-12},
               {i, "alpha_standardized", items.alpha_standardized, 1e-12},
               {i, "lambda2", items.lambda2, 1e-12},
               {i, "lambda6", items.lambda6, 1e-11},
               {h, "correlation", halves.correlation, 1e-12},
               {h, "spearman_brown", halves.spearman_brown, 1e-12},
               {h, "horst", halves.horst, 1e-10}, /* the usual form of the root, in R, cancels */
               {h, "guttman", halves.guttman, 1e-12},
               {f, "omega", omega.omega, 1e-12},
               {f, "omega_standardized", omega.omega_standardized, 1e-12},
               {f, "chi2", omega.chi2, 1e-10},
               {f, "p", omega.p, 1e-9}};
    for (size_t s = 0; s < sizeof all / sizeof all[0]; s++)
        check_stat(all[s].got, json_object_get(all[s].from, all[s].key), all[s].rel, 0, all[s].key);
    assert_close(omega.df.value, json_at(f, "df"), 0);
}

static void
as_r_has_it(void **state)
{
    (void)state;
    json_t *root = load_json("tests/oracle/structure.json");
    const char *name;
    json_t *panel;
    json_object_foreach(root, name, panel)
    {
        sums_of_json(&sums, panel);
        all_of(&sums);
        check_oracle(json_object_get(panel, "expect"));
    }
    json_decref(root);
}

static void
real_answers(void **state)
{
    (void)state;
    static const struct {
        const char *name, *csv;
        int first, highest;
        size_t k;
    } sets[] = {{"phq9", "phq9_gad7_two_waves/wave1.csv", 1, 3, 9},
                {"gad7", "phq9_gad7_two_waves/wave2.csv", 10, 3, 7},
                {"nhanes", "nhanes_phq9_2015_2016/DPQ_I.csv", 1, 3, 9},
                {"pcl5", "pcl5_veterans/ptsd.csv", 1, 4, 20}};
    json_t *root = load_json("tests/oracle/structure_shared.json");
    for (size_t i = 0; i < sizeof sets / sizeof sets[0]; i++) {
        const char *path = shared_path(sets[i].csv);
        if (!path)
            skip();
        sums_of_file(&sums, path, sets[i].first, sets[i].k, sets[i].highest);
        all_of(&sums);
        check_oracle(json_object_get(json_object_get(root, sets[i].name), "expect"));
    }
    json_decref(root);
}

/* --- what must come out whatever the numbers ----------------------------------------------------------- */

/* Equal covariances, unequal variances: the items measure the same, and omega is alpha. */
static void
omega_is_alpha_of_equivalent_items(void **state)
{
    (void)state;
    const int64_t c[] = {9, 4, 4, 4, 4, 6, 4, 4, 4, 4, 20, 4, 4, 4, 4, 5};
    struct om_alpha_result alpha;
    sums_of_matrix(4, 100, c);
    all_of(&sums);
    om_alpha(&sums, 0.95, &alpha);
    assert_close(omega.omega.value, 64 / 88.0, 1e-13);
    assert_close(omega.omega.value, alpha.alpha.value, 1e-13);
    assert_close(omega.loading[2].value, 2 / sqrt(20), 1e-13);
    assert_true(omega.chi2.value < 1e-11 && omega.p.value > 0.999999); /* it fits exactly */
    assert_close(items.lambda2.value, alpha.alpha.value, 1e-13);
}

/* Equal variances as well: the bootstrap and Feldt's interval rest on the same distribution, at any n. */
static void
bootstrap_is_feldt_of_parallel_items(void **state)
{
    (void)state;
    static const uint64_t n[] = {3, 4, 10, 94, 1000, 1000000, 1000000000, OM_FORMS_MAX};
    for (size_t k = 2; k <= 20; k += 6)
        for (size_t i = 0; i < sizeof n / sizeof n[0]; i++)
            for (int64_t off = -1; off <= 90; off += 13) { /* alpha from below 0 to 0.99 */
                int64_t c[400];
                struct om_alpha_result alpha;
                if (n[i] <= k && off == 12)
                    continue; /* a matrix of full rank, as no such sample has; fine, but once is enough */
                for (size_t at = 0; at < k * k; at++)
                    c[at] = at % (k + 1) ? off : 100;
                sums_of_matrix(k, n[i], c);
                om_alpha(&sums, 0.95, &alpha);
                assert_ok(om_alpha_bootstrap(&sums, 0.95, &bootstrap, &err));
                /* Far below 0 a bound is 1 minus a large number; what is compared is that number. */
                assert_close(1 - bootstrap.lower, 1 - alpha.interval.lower, 1e-9);
                assert_close(1 - bootstrap.upper, 1 - alpha.interval.upper, 1e-9);
            }
}

static const uint8_t FORMS[] = {3, 3, 1, 2, 1, 2, 3, 3, 1, 3, 2, 3, 1, 1, 1, 3, 1, 1, 1,
                                1, 1, 0, 2, 2, 3, 2, 3, 2, 0, 1, 2, 1, 3, 3, 2, 2, 0, 0,
                                0, 0, 3, 2, 3, 3, 2, 1, 0, 2, 1, 0, 1, 0, 3, 3, 3, 3};
enum { ITEMS = 4, COUNT = sizeof FORMS / ITEMS };

/* Twice as many forms of each kind: nothing but what looks at n may change. */
static void
doubled(void **state)
{
    (void)state;
    all_of_codes(ITEMS, COUNT, FORMS);
    struct om_omega_result once = omega;
    assert_null(once.omega.reason);
    struct om_items_result items_once = items;
    struct om_split_half_result halves_once = halves;
    struct om_interval narrow = bootstrap;
    for (size_t i = 0; i < COUNT; i++)
        assert_true(om_item_sums_add(&sums, FORMS + i * ITEMS, 1));
    all_of(&sums);
    assert_close(omega.omega.value, once.omega.value, 1e-13);
    assert_close(omega.loading[3].value, once.loading[3].value, 1e-13);
    assert_close(omega.chi2.value,
                 once.chi2.value * (2 * COUNT - 1 - 13 / 6.0 - 2 / 3.0) / (COUNT - 1 - 13 / 6.0 - 2 / 3.0),
                 1e-10);
    assert_close(items.lambda6.value, items_once.lambda6.value, 1e-13);
    assert_close(items.sd[0].value, items_once.sd[0].value * sqrt(2 * (COUNT - 1) / (2.0 * COUNT - 1)),
                 1e-13);
    assert_memory_equal(&halves.horst, &halves_once.horst, sizeof halves.horst);
    assert_true(bootstrap.lower > narrow.lower && bootstrap.upper < narrow.upper);
}

/* An item moved by a constant, and the items in reverse order. */
static void
shifted_and_reordered(void **state)
{
    (void)state;
    uint8_t codes[sizeof FORMS];
    all_of_codes(ITEMS, COUNT, FORMS);
    struct om_omega_result before = omega;
    struct om_items_result items_before = items;
    struct om_split_half_result halves_before = halves;
    struct om_interval bounds = bootstrap;
    for (size_t i = 0; i < sizeof FORMS; i++)
        codes[i] = (uint8_t)(FORMS[i] + (i % ITEMS == 1 ? 100 : 0));
    all_of_codes(ITEMS, COUNT, codes);
    assert_memory_equal(&omega, &before, sizeof omega);
    assert_memory_equal(&halves, &halves_before, sizeof halves);
    assert_close(items.mean[1].value, items_before.mean[1].value + 100, 1e-15);
    for (size_t i = 0; i < sizeof FORMS; i++)
        codes[i] = FORMS[i / ITEMS * ITEMS + ITEMS - 1 - i % ITEMS];
    all_of_codes(ITEMS, COUNT, codes);
    for (size_t i = 0; i < ITEMS; i++)
        assert_close(omega.loading[i].value, before.loading[ITEMS - 1 - i].value, 1e-12);
    assert_close(omega.omega.value, before.omega.value, 1e-12);
    assert_close(items.lambda2.value, items_before.lambda2.value, 1e-14);
    assert_close(halves.spearman_brown.value, halves_before.spearman_brown.value, 1e-14);
    assert_close(bootstrap.lower, bounds.lower, 1e-11);
}

/* All items keyed the other way: the same items. One item: its loading changes sign. */
static void
turned(void **state)
{
    (void)state;
    uint8_t codes[sizeof FORMS];
    all_of_codes(ITEMS, COUNT, FORMS);
    struct om_omega_result before = omega;
    for (size_t i = 0; i < sizeof FORMS; i++)
        codes[i] = (uint8_t)(3 - FORMS[i]);
    all_of_codes(ITEMS, COUNT, codes);
    assert_close(omega.omega.value, before.omega.value, 1e-13);
    assert_close(omega.loading[0].value, before.loading[0].value, 1e-13);
    for (size_t i = 0; i < sizeof FORMS; i++)
        codes[i] = (uint8_t)(i % ITEMS == 0 ? 3 - FORMS[i] : FORMS[i]);
    all_of_codes(ITEMS, COUNT, codes);
    assert_close(fabs(omega.loading[0].value), fabs(before.loading[0].value), 1e-12);
    double same = omega.loading[0].value * omega.loading[1].value;
    assert_true(same * before.loading[0].value * before.loading[1].value < 0);
    assert_close(omega.chi2.value, before.chi2.value, 1e-9);
}

/* Two halves that are the same sum, in points: r 1, and everything that follows from it. */
static void
halves_by_hand(void **state)
{
    (void)state;
    const uint8_t same[] = {0, 0, 1, 1, 3, 3, 2, 2};
    all_of_codes(2, 4, same);
    assert_close(halves.correlation.value, 1, 0);
    assert_close(halves.spearman_brown.value, 1, 0);
    assert_close(halves.horst.value, 1, 0);
    assert_close(halves.guttman.value, 1, 0);
    /* Variances 5/3 and 5/3, covariance 1: r 0.6, 2 r / (1 + r) 0.75; so is Guttman's, 4 / (10/3 + 2). */
    const uint8_t part[] = {0, 1, 1, 0, 2, 3, 3, 2};
    all_of_codes(2, 4, part);
    assert_close(halves.correlation.value, 0.6, 1e-15);
    assert_close(halves.spearman_brown.value, 0.75, 1e-15);
    assert_close(halves.horst.value, 0.75, 1e-15);
    assert_close(halves.guttman.value, 0.75, 1e-15);
    assert_close(items.correlation.value, 0.6, 1e-15);
    assert_close(items.total_sd.value, sqrt(16 / 3.0), 1e-15);
    assert_close(items.alpha_standardized.value, 0.75, 1e-15);
}

/* --- where there is no answer -------------------------------------------------------------------------- */

static void
assert_all_undefined(const char *why)
{
    assert_undefined(omega.omega, why);
    assert_undefined(omega.omega_standardized, why);
    assert_undefined(omega.chi2, why);
    assert_undefined(omega.df, why);
    assert_undefined(omega.p, why);
    for (size_t i = 0; i < omega.k; i++)
        assert_undefined(omega.loading[i], why);
}

static void
too_few(void **state)
{
    (void)state;
    const uint8_t codes[] = {1, 2, 3, 0, 3, 3, 1, 2};
    all_of_codes(4, 0, codes);
    assert_all_undefined(OM_WHY_EMPTY);
    assert_undefined(items.mean[0], OM_WHY_EMPTY);
    assert_undefined(items.sd[0], OM_WHY_EMPTY);
    assert_undefined(items.total_sd, OM_WHY_EMPTY);
    assert_undefined(items.lambda6, OM_WHY_EMPTY);
    assert_undefined(halves.guttman, OM_WHY_EMPTY);
    assert_no_bounds(bootstrap, OM_WHY_EMPTY);
    all_of_codes(4, 1, codes);
    assert_all_undefined(OM_WHY_ONE);
    assert_close(items.mean[2].value, 3, 0);
    assert_undefined(items.sd[2], OM_WHY_ONE);
    assert_undefined(items.correlation, OM_WHY_ONE);
    assert_undefined(halves.correlation, OM_WHY_ONE);
    assert_no_bounds(bootstrap, OM_WHY_ONE);
    all_of_codes(4, 2, codes);
    assert_all_undefined(OM_WHY_DEPENDENT);
    assert_no_bounds(bootstrap, OM_WHY_TWO);
}

static void
too_few_items(void **state)
{
    (void)state;
    const uint8_t codes[] = {1, 2, 3, 0, 2, 3};
    fresh_sums(&sums, 0);
    all_of(&sums);
    assert_undefined(items.total_sd, OM_WHY_EMPTY);
    all_of_codes(1, 6, codes);
    assert_all_undefined(OM_WHY_THREE_ITEMS);
    assert_undefined(items.correlation, OM_WHY_TWO_ITEMS);
    assert_undefined(items.lambda2, OM_WHY_TWO_ITEMS);
    assert_undefined(halves.guttman, OM_WHY_TWO_ITEMS);
    assert_undefined(halves.horst, OM_WHY_TWO_ITEMS);
    assert_no_bounds(bootstrap, OM_WHY_TWO_ITEMS);
    assert_null(items.sd[0].reason);
    assert_close(items.total_sd.value, items.sd[0].value, 0);
    all_of_codes(2, 3, codes);
    assert_all_undefined(OM_WHY_THREE_ITEMS);
    assert_null(halves.guttman.reason);
    assert_null(items.lambda6.reason);
}

static void
without_variation(void **state)
{
    (void)state;
    const uint8_t same[] = {1, 2, 0, 1, 2, 0, 1, 2, 0};
    all_of_codes(3, 3, same);
    assert_all_undefined(OM_WHY_FLAT_ITEMS);
    assert_close(items.sd[1].value, 0, 0);
    assert_close(items.total_sd.value, 0, 0);
    assert_undefined(items.correlation, OM_WHY_FLAT_ITEMS);
    assert_undefined(items.alpha_standardized, OM_WHY_FLAT_ITEMS);
    assert_undefined(items.lambda2, OM_WHY_FLAT_TOTAL);
    assert_undefined(halves.guttman, OM_WHY_FLAT_TOTAL);
    assert_undefined(halves.correlation, "the sum of one half is the same on every form");
    const uint8_t mirrored[] = {0, 3, 1, 2, 3, 0}; /* the items cancel */
    all_of_codes(2, 3, mirrored);
    assert_undefined(halves.guttman, OM_WHY_FLAT_TOTAL);
    assert_close(halves.correlation.value, -1, 0);
    assert_undefined(halves.spearman_brown, "the correlation of the halves is -1");
    assert_undefined(halves.horst, "the halves do not correlate positively");
    assert_undefined(items.alpha_standardized, OM_WHY_FLAT_TOTAL);
    const uint8_t one_flat[] = {0, 2, 1, 1, 2, 3, 2, 2, 0, 1, 2, 2};
    all_of_codes(3, 4, one_flat);
    assert_undefined(items.lambda6, OM_WHY_FLAT_ITEMS);
    assert_null(items.lambda2.reason);
    assert_null(bootstrap.reason); /* an item that says nothing is no hindrance */
}

/* Proportional items: every sample has the same alpha. Equal ones: it is 1. */
static void
along_one_line(void **state)
{
    (void)state;
    const uint8_t proportional[] = {0, 0, 1, 2, 2, 4, 3, 6}, equal[] = {0, 0, 1, 1, 3, 3};
    all_of_codes(2, 4, proportional);
    assert_no_bounds(bootstrap, "the items vary together only, and alpha with no sample");
    assert_undefined(items.lambda6, OM_WHY_DEPENDENT);
    all_of_codes(2, 3, equal);
    assert_no_bounds(bootstrap, "alpha is exactly 1");
    const uint8_t pair[] = {0, 1, 2, 0};
    all_of_codes(2, 2, pair); /* as any two forms do */
    assert_no_bounds(bootstrap, OM_WHY_TWO);
    all_of_codes(ITEMS, COUNT, FORMS);
    assert_ok(om_alpha_bootstrap(&sums, 1.5, &bootstrap, &err));
    assert_no_bounds(bootstrap, OM_WHY_LEVEL);
    /* The levels next to 0 and to 1. */
    assert_ok(om_alpha_bootstrap(&sums, 1e-300, &bootstrap, &err));
    assert_close(bootstrap.lower, bootstrap.upper, 1e-15);
    assert_ok(om_alpha_bootstrap(&sums, 1 - 1.2e-16, &bootstrap, &err));
    assert_true(isfinite(bootstrap.lower) && bootstrap.lower < 0 && bootstrap.upper < 1);
}

static void
no_factor(void **state)
{
    (void)state;
    const int64_t heywood[] = {100, 90, 80, 90, 100, 30, 80, 30, 100};
    sums_of_matrix(3, 50, heywood); /* the first loading would be sqrt(2.4) */
    all_of(&sums);
    assert_all_undefined(OM_WHY_DEPENDENT); /* and no matrix of correlations looks like that */
    const int64_t possible[] = {100, 70, 70, 70, 100, 30, 70, 30, 100}; /* sqrt(0.49 / 0.3) */
    sums_of_matrix(3, 50, possible);
    all_of(&sums);
    assert_all_undefined("the fit leaves an item no variance of its own (a Heywood case)");
    const int64_t odd[] = {100, -40, 40, -40, 100, 40, 40, 40, 100}; /* three loadings whose product is -1 */
    sums_of_matrix(3, 50, odd);
    all_of(&sums);
    assert_all_undefined("the fit leaves an item no variance of its own (a Heywood case)");
    const int64_t apart[] = {10, 0, 0, 0, 0, 10, 0, 0, 0, 0, 10, 0, 0, 0, 0, 10};
    sums_of_matrix(4, 50, apart);
    all_of(&sums);
    assert_all_undefined("the items do not determine one common factor");
    assert_close(items.correlation.value, 0, 0);
    const int64_t two_only[] = {10, 5, 0, 0, 5, 10, 0, 0, 0, 0, 10, 0, 0, 0, 0, 10};
    sums_of_matrix(4, 50, two_only); /* any two loadings with the product 0.5 */
    all_of(&sums);
    assert_all_undefined("the items do not determine one common factor");
    const uint8_t twin[] = {0, 0, 1, 1, 1, 3, 2, 2, 0, 3, 3, 2, 1, 1, 1, 0, 0, 3};
    all_of_codes(3, 6, twin);
    assert_all_undefined(OM_WHY_DEPENDENT);
    all_of_codes(ITEMS, 4, FORMS); /* as many forms as items */
    assert_all_undefined(OM_WHY_DEPENDENT);
}

/* Three items fit whatever they are. */
static void
three_items(void **state)
{
    (void)state;
    const int64_t c[] = {100, 56, 48, 56, 100, 42, 48, 42, 100}; /* loadings 0.8, 0.7, 0.6 */
    sums_of_matrix(3, 50, c);
    all_of(&sums);
    assert_close(omega.loading[0].value, 0.8, 1e-13);
    assert_close(omega.loading[1].value, 0.7, 1e-13);
    assert_close(omega.loading[2].value, 0.6, 1e-13);
    assert_close(omega.df.value, 0, 0);
    assert_undefined(omega.chi2, "3 items always fit one factor");
    assert_undefined(omega.p, "3 items always fit one factor");
    assert_close(omega.omega.value, 2.1 * 2.1 / 5.92, 1e-13);
}

/* 64 items and 2^40 forms. */
static void
the_largest(void **state)
{
    (void)state;
    fresh_sums(&sums, OM_SUMS_ITEMS_MAX);
    for (int form = 0; form < 400; form++) {
        uint8_t codes[OM_SUMS_ITEMS_MAX];
        uint32_t level = test_random() % 100;
        for (size_t i = 0; i < OM_SUMS_ITEMS_MAX; i++)
            codes[i] = (uint8_t)((level + test_random() % 20) * OM_SUMS_CODE_MAX / 119);
        assert_true(om_item_sums_add(&sums, codes, OM_FORMS_MAX / 400));
    }
    all_of(&sums);
    struct om_alpha_result alpha;
    om_alpha(&sums, 0.95, &alpha);
    assert_true(omega.omega.value > 0.99 && omega.omega.value < 1);
    assert_true(items.lambda2.value >= alpha.alpha.value && items.lambda6.value > items.lambda2.value);
    assert_true(bootstrap.lower < alpha.alpha.value && alpha.alpha.value < bootstrap.upper);
    assert_true(bootstrap.upper - bootstrap.lower < 1e-6);
}

static void
out_of_memory(void **state)
{
    (void)state;
    size_t before = om_memory_live();
    all_of_codes(ITEMS, COUNT, FORMS);
    for (size_t k = 0; k < 2; k++) {
        om_memory_fail_at(k);
        assert_int_equal(om_omega(&sums, &omega, &err), OM_ERR_NOMEM);
        om_memory_fail_at((size_t)-1);
    }
    om_memory_fail_at(0);
    assert_int_equal(om_items(&sums, &items, &err), OM_ERR_NOMEM);
    om_memory_fail_at(0);
    assert_int_equal(om_alpha_bootstrap(&sums, 0.95, &bootstrap, &err), OM_ERR_NOMEM);
    om_memory_fail_at((size_t)-1);
    assert_int_equal(om_memory_live(), before);
}

/* The tools below: a matrix of which everything is known. */
static void
small_matrices(void **state)
{
    (void)state;
    const double a[] = {4, 2, 0.5, 2, 3, -1, 0.5, -1, 5};
    double l[9], inverse[9], values[3], vectors[9], copy[9], b[] = {9.5, 5, 13.5}; /* a (1, 2, 3)' */
    memcpy(l, a, sizeof a);
    assert_true(om_cholesky(l, 3, 1e-10));
    om_cholesky_solve(l, 3, b);
    for (size_t i = 0; i < 3; i++)
        assert_close(b[i], (double)i + 1, 1e-15);
    om_cholesky_inverse(l, 3, inverse);
    for (size_t i = 0; i < 3; i++)
        for (size_t j = 0; j < 3; j++) {
            double sum = 0;
            for (size_t m = 0; m < 3; m++)
                sum += a[i * 3 + m] * inverse[m * 3 + j];
            assert_true(fabs(sum - (i == j)) < 1e-14);
        }
    memcpy(copy, a, sizeof a);
    om_eigen(copy, 3, values, vectors);
    for (size_t j = 0; j < 3; j++)
        for (size_t i = 0; i < 3; i++) {
            double sum = 0;
            for (size_t m = 0; m < 3; m++)
                sum += a[i * 3 + m] * vectors[m * 3 + j];
            assert_true(fabs(sum - values[j] * vectors[i * 3 + j]) < 1e-13);
        }
    const double singular[] = {1, 1, 1, 1};
    memcpy(copy, singular, sizeof singular);
    assert_false(om_cholesky(copy, 2, 1e-10));
}

static int
release_all(void **state)
{
    (void)state;
    om_item_sums_release(&sums);
    return om_memory_live() == 0 ? 0 : -1;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_r_has_it),
        cmocka_unit_test(real_answers),
        cmocka_unit_test(omega_is_alpha_of_equivalent_items),
        cmocka_unit_test(bootstrap_is_feldt_of_parallel_items),
        cmocka_unit_test(doubled),
        cmocka_unit_test(shifted_and_reordered),
        cmocka_unit_test(turned),
        cmocka_unit_test(halves_by_hand),
        cmocka_unit_test(too_few),
        cmocka_unit_test(too_few_items),
        cmocka_unit_test(without_variation),
        cmocka_unit_test(along_one_line),
        cmocka_unit_test(no_factor),
        cmocka_unit_test(three_items),
        cmocka_unit_test(the_largest),
        cmocka_unit_test(out_of_memory),
        cmocka_unit_test(small_matrices),
    };
    return cmocka_run_group_tests(tests, NULL, release_all);
}
