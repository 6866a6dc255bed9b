/* PCL-5: every pattern of each cluster, and random whole forms. Weathers and others 2013, Blevins and others
 * 2015. */
#include "sweep.h"

static const struct {
    const char *scale;
    int first, n, max_blank, needed; /* items endorsed (2 or above) for the criterion */
} cluster[] = {
    {"cluster_b", 0, 5, 1, 1},
    {"cluster_c", 5, 2, 0, 1},
    {"cluster_d", 7, 7, 1, 2},
    {"cluster_e", 14, 6, 1, 2},
};

static bool
is_untouched(const uint8_t *row)
{
    return plain_count(row, 20, 4, false).untouched == 20;
}

static struct expected
plain_sum(const uint8_t *row, int first, int k, int max_blank, bool prorate)
{
    struct plain_counts c = plain_count(row + first, k, 4, false);
    if (is_untouched(row))
        return no_score(OM_REASON_NO_FORM);
    if (c.invalid)
        return no_score(OM_REASON_INVALID);
    if (c.blank > (prorate ? max_blank : 0))
        return no_score(OM_REASON_BLANK);
    return (struct expected){.num = c.sum * k, .den = k - c.blank};
}

static struct expected
pcl5_total(const uint8_t *row, bool prorate)
{
    struct expected score = plain_sum(row, 0, 20, 4, prorate);
    score.positive = score.reason == OM_REASON_SCORED && plain_half_up(score.num, score.den) >= 33;
    return score;
}

#define CLUSTER(letter, index)                                                                               \
    static struct expected cluster_##letter(const uint8_t *row, bool prorate)                                \
    {                                                                                                        \
        return plain_sum(row, cluster[index].first, cluster[index].n, cluster[index].max_blank, prorate);    \
    }
CLUSTER(b, 0)
CLUSTER(c, 1)
CLUSTER(d, 2)
CLUSTER(e, 3)
#undef CLUSTER

static int
meets(const int *x, size_t c)
{
    int endorsed = 0;
    for (int i = 0; i < cluster[c].n; i++)
        endorsed += x[cluster[c].first + i] >= 2;
    return endorsed >= cluster[c].needed;
}

static int
provisional(const int *x)
{
    return meets(x, 0) && meets(x, 1) && meets(x, 2) && meets(x, 3);
}

/* The answers with every blank one replaced. */
static void
fill(const uint8_t *row, int with, int *x)
{
    for (int i = 0; i < 20; i++)
        x[i] = row[i] <= 4 ? row[i] : with;
}

/* 1, 0, or -1 when the blank answers matter: all of their values are tried. */
static int
provisional_of_all_completions(const uint8_t *row)
{
    int x[20], hole[20], n_holes = 0, i;
    fill(row, 0, x);
    for (i = 0; i < 20; i++)
        if (row[i] > 4)
            hole[n_holes++] = i;
    int first = provisional(x);
    do {
        if (provisional(x) != first)
            return -1;
        for (i = n_holes - 1; i >= 0 && ++x[hole[i]] == 5; i--)
            x[hole[i]] = 0;
    } while (i >= 0);
    return first;
}

/* The same from two completions. Test "between all zero and all four" below shows that they are enough. */
static int
provisional_of_two_completions(const uint8_t *row)
{
    int low[20], high[20];
    fill(row, 0, low);
    fill(row, 4, high);
    return provisional(low) == provisional(high) ? provisional(low) : -1;
}

static struct expected
pcl5_provisional(const uint8_t *row, bool prorate)
{
    struct plain_counts c = plain_count(row, 20, 4, false);
    if (is_untouched(row))
        return no_score(OM_REASON_NO_FORM);
    if (c.invalid)
        return no_score(OM_REASON_INVALID);
    if (c.blank && !prorate)
        return no_score(OM_REASON_BLANK);
    int yes = c.blank <= 3 ? provisional_of_all_completions(row) : provisional_of_two_completions(row);
    if (yes < 0)
        return no_score(OM_REASON_UNDETERMINED);
    return (struct expected){.num = yes, .den = 1, .band = yes ? "yes" : "no", .positive = yes == 1};
}

static struct sweep sweep;
static const uint8_t answers[] = {0, 1, 2, 3, 4, 0x80};

static void
test_every_pattern_of_each_cluster(void **state)
{
    (void)state;
    static const plain_fn plain[] = {cluster_b, cluster_c, cluster_d, cluster_e};
    uint64_t forms[] = {7776, 36, 279936, 46656};
    for (size_t c = 0; c < 4; c++) {
        uint8_t row[20] = {0};
        sweep_init(&sweep, 20);
        sweep_add(&sweep, "pcl5", cluster[c].scale, plain[c]);
        sweep_add(&sweep, "pcl5", "total", pcl5_total);
        sweep_all(&sweep, row, (size_t)cluster[c].first, (size_t)cluster[c].n, answers, 6);
        assert_int_equal(sweep.forms, forms[c]);
        sweep_release(&sweep);
    }
}

/*
 * A criterion counts items at 2 or above, in items no other criterion looks at. So it is enough to show, for
 * each alone: among all completions of the blanks it is met by none unless by all fours, and by all if by all
 * zeros. Whether all criteria are met is then settled exactly when all zeros and all fours agree.
 */
static void
test_criteria_lie_between_all_zero_and_all_four(void **state)
{
    (void)state;
    for (size_t c = 0; c < 4; c++) {
        int n = cluster[c].n, first = cluster[c].first, i;
        int x[20] = {0}, digit[20] = {0};
        do { /* 0-4: an answer; 5-9: blank, completed with 0-4 */
            int low[20], high[20];
            for (i = 0; i < n; i++) {
                x[first + i] = digit[i] % 5;
                low[first + i] = digit[i] < 5 ? digit[i] : 0;
                high[first + i] = digit[i] < 5 ? digit[i] : 4;
            }
            if (!(meets(low, c) <= meets(x, c) && meets(x, c) <= meets(high, c)))
                fail_msg("cluster %zu", c);
            for (i = 0; i < n && ++digit[i] == 10; i++)
                digit[i] = 0;
        } while (i < n);
    }
}

static void
add_all(void)
{
    sweep_init(&sweep, 20);
    sweep_add(&sweep, "pcl5", "total", pcl5_total);
    sweep_add(&sweep, "pcl5", "cluster_b", cluster_b);
    sweep_add(&sweep, "pcl5", "cluster_c", cluster_c);
    sweep_add(&sweep, "pcl5", "cluster_d", cluster_d);
    sweep_add(&sweep, "pcl5", "cluster_e", cluster_e);
    sweep_add(&sweep, "pcl5", "provisional_ptsd", pcl5_provisional);
}

/* Low answers are drawn more often: the diagnosis is then near its limits. */
static uint8_t
random_answer(size_t highest)
{
    return (uint8_t)sweep_random(&sweep, 1 + sweep_random(&sweep, highest + 1));
}

static void
test_random_forms(void **state)
{
    (void)state;
    uint8_t row[20];
    add_all();
    for (size_t f = 0; f < 300000; f++) {
        size_t highest = 1 + f % 4, n_blank = f / 4 % 10;
        for (size_t i = 0; i < 20; i++)
            row[i] = random_answer(highest);
        for (size_t b = 0; b < n_blank; b++)
            row[sweep_random(&sweep, 20)] = b % 3 ? 0x80 : 0x81;
        sweep_row(&sweep, row);
    }
    memset(row, 0x80, sizeof row);
    sweep_row(&sweep, row);
    memset(row, 0x81, sizeof row);
    sweep_row(&sweep, row);
    sweep_flush(&sweep);
    sweep_release(&sweep);
}

static void
test_any_byte(void **state)
{
    (void)state;
    uint8_t row[20];
    add_all();
    for (size_t f = 0; f < 100000; f++) {
        for (size_t i = 0; i < 20; i++)
            row[i] = sweep_random(&sweep, 20) ? random_answer(4) : (uint8_t)sweep_random(&sweep, 256);
        sweep_row(&sweep, row);
    }
    for (size_t item = 0; item < 20; item++)
        for (int byte = 0; byte < 256; byte++) {
            memset(row, 2, sizeof row);
            row[item] = (uint8_t)byte;
            sweep_row(&sweep, row);
        }
    sweep_flush(&sweep);
    sweep_release(&sweep);
}

/* The default cut-off is a choice between 31, 32 and 33: each can be put in force. */
static void
test_other_cutoffs(void **state)
{
    (void)state;
    struct om_registry *registry;
    struct om_error err;
    assert_ok(om_registry_new(&registry, &err));
    const struct om_instrument *pcl5 = om_registry_find(registry, "pcl5");
    for (int at = 31; at <= 33; at++) {
        struct om_fraction cutoff = {at, 1}, usual = {33, 1};
        struct om_scorer *scorer;
        assert_ok(om_scorer_new(pcl5, om_instrument_scale(pcl5, "total"), OM_MISSING_PRORATE, &cutoff,
                                &scorer, &err));
        for (size_t l = 0; l < scorer->n_levels; l++) {
            int64_t seen = plain_half_up(scorer->level[l].value, scorer->unit);
            assert_int_equal(scorer->level[l].positive, seen >= at);
            assert_int_equal(om_scorer_reaches(scorer, l, usual), seen >= 33);
        }
        om_scorer_free(scorer);
    }
    om_registry_free(registry);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_pattern_of_each_cluster),
        cmocka_unit_test(test_criteria_lie_between_all_zero_and_all_four),
        cmocka_unit_test(test_random_forms),
        cmocka_unit_test(test_any_byte),
        cmocka_unit_test(test_other_cutoffs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
