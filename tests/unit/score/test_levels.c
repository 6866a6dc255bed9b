/* The levels of the built-in scales against rationals, what a scorer refuses, and what happens without
 * memory. */
#include "sweep.h"

#include "base/memory.h"
#include <stdio.h>

static struct om_registry *registry;

static int
load_registry(void **state)
{
    struct om_error err;
    (void)state;
    assert_ok(om_registry_new(&registry, &err));
    return 0;
}

static int
free_registry(void **state)
{
    (void)state;
    om_registry_free(registry);
    return 0;
}

static struct om_scorer *
scorer_of(const char *instrument, const char *scale, enum om_missing_rule rule)
{
    struct om_error err;
    struct om_scorer *scorer;
    const struct om_instrument *in = om_registry_find(registry, instrument);
    assert_ok(om_scorer_new(in, om_instrument_scale(in, scale), rule, NULL, &scorer, &err));
    return scorer;
}

/* Marks sum * k / n in steps of 1 / grid, where grid is a multiple of every n. */
static void
assert_sum_levels(const char *instrument, const char *scale, int k, int highest, int max_blank, int grid,
                  enum om_missing_rule rule)
{
    struct om_scorer *scorer = scorer_of(instrument, scale, rule);
    size_t steps = (size_t)(k * highest * grid) + 1, next = 0;
    bool *there = calloc(steps, sizeof *there);
    assert_non_null(there);
    for (int n = k - (rule == OM_MISSING_PRORATE ? max_blank : 0); n <= k; n++)
        for (int sum = 0; sum <= n * highest; sum++) {
            assert_int_equal(sum * k * grid % n, 0);
            there[sum * k * grid / n] = true;
        }
    for (size_t at = 0; at < steps; at++) {
        if (!there[at])
            continue;
        assert_true(next < scorer->n_levels);
        assert_true(scorer->level[next].value * grid == (int64_t)at * scorer->unit);
        next++;
    }
    assert_int_equal(next, scorer->n_levels);
    free(there);
    om_scorer_free(scorer);
}

static void
test_levels_of_sums(void **state)
{
    (void)state;
    for (int prorate = 0; prorate < 2; prorate++) {
        enum om_missing_rule rule = prorate ? OM_MISSING_PRORATE : OM_MISSING_COMPLETE;
        assert_sum_levels("phq9", "total", 9, 3, 2, 56, rule); /* 9 items: grid / 7, / 8 */
        assert_sum_levels("gad7", "total", 7, 3, 1, 6, rule);
        assert_sum_levels("phq8", "total", 8, 3, 1, 7, rule);
        assert_sum_levels("phq2", "total", 2, 3, 0, 1, rule);
        assert_sum_levels("gad2", "total", 2, 3, 0, 1, rule);
        assert_sum_levels("phq9", "item9", 1, 3, 0, 1, rule);
        assert_sum_levels("pcl5", "total", 20, 4, 4, 16 * 17 * 18 * 19, rule);
        assert_sum_levels("pcl5", "cluster_b", 5, 4, 1, 4, rule);
        assert_sum_levels("pcl5", "cluster_c", 2, 4, 0, 1, rule);
        assert_sum_levels("pcl5", "cluster_d", 7, 4, 1, 6, rule);
        assert_sum_levels("pcl5", "cluster_e", 6, 4, 1, 5, rule);
    }
}

/* Complete forms of the four measures: as many levels as the totals there are. */
static void
test_number_of_levels(void **state)
{
    (void)state;
    static const struct {
        const char *instrument, *scale;
        size_t n;
    } known[] = {{"phq9", "total", 28}, {"gad7", "total", 22},    {"pcl5", "total", 81},
                 {"phq9", "item9", 4},  {"phq9", "algorithm", 3}, {"pcl5", "provisional_ptsd", 2}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        struct om_scorer *scorer = scorer_of(known[i].instrument, known[i].scale, OM_MISSING_COMPLETE);
        assert_int_equal(scorer->n_levels, known[i].n);
        assert_int_equal(scorer->unit, 1);
        for (size_t l = 0; l < known[i].n; l++)
            assert_int_equal(scorer->level[l].value, l);
        om_scorer_free(scorer);
    }
}

/* Totals of the published bands, and the published cut-offs. */
static void
test_bands_and_cutoffs_at_their_edges(void **state)
{
    (void)state;
    static const int phq9[] = {0, 5, 10, 15, 20, 28}, gad7[] = {0, 5, 10, 15, 22};
    struct om_scorer *scorer = scorer_of("phq9", "total", OM_MISSING_COMPLETE);
    for (int band = 0; band < 5; band++)
        for (int total = phq9[band]; total < phq9[band + 1]; total++)
            assert_int_equal(scorer->level[total].band, band);
    om_scorer_free(scorer);
    scorer = scorer_of("gad7", "total", OM_MISSING_COMPLETE);
    struct om_fraction eight = {8, 1};
    for (int band = 0; band < 4; band++)
        for (int total = gad7[band]; total < gad7[band + 1]; total++) {
            assert_int_equal(scorer->level[total].band, band);
            assert_int_equal(om_scorer_reaches(scorer, (size_t)total, eight), total >= 8);
        }
    om_scorer_free(scorer);
    scorer = scorer_of("pcl5", "total", OM_MISSING_COMPLETE); /* no official bands */
    assert_true(scorer->has_cutoff);
    for (size_t l = 0; l < 81; l++) {
        assert_int_equal(scorer->level[l].band, -1);
        assert_int_equal(scorer->level[l].positive, l >= 33);
        assert_false(scorer->level[l].remitted);
    }
    om_scorer_free(scorer);
    scorer = scorer_of("pcl5", "cluster_b", OM_MISSING_COMPLETE);
    assert_false(scorer->has_cutoff);
    assert_false(scorer->level[20].positive);
    om_scorer_free(scorer);
}

/* One scorer, all records, no record, no place for reasons. */
static void
test_block_sizes(void **state)
{
    (void)state;
    static uint8_t column[9][OM_SCORE_BLOCK];
    static uint16_t level[OM_SCORE_BLOCK + 1];
    const uint8_t *code[9];
    struct om_scorer *scorer = scorer_of("phq9", "total", OM_MISSING_COMPLETE);
    for (size_t i = 0; i < 9; i++) {
        code[i] = column[i];
        for (size_t r = 0; r < OM_SCORE_BLOCK; r++)
            column[i][r] = (uint8_t)((r + i) % 4);
    }
    for (size_t n = 0; n <= OM_SCORE_BLOCK; n += n < 10 ? 1 : 507) {
        memset(level, 0xff, sizeof level);
        om_scorer_run(scorer, code, n, level, NULL);
        for (size_t r = 0; r < n; r++) {
            int sum = 0;
            for (size_t i = 0; i < 9; i++)
                sum += column[i][r];
            assert_int_equal(level[r], sum);
        }
        assert_int_equal(level[n], 0xffff);
    }
    om_scorer_free(scorer);
    om_scorer_free(NULL);
}

static void
test_form_present(void **state)
{
    (void)state;
    uint8_t column[2][4] = {{0x80, 0x81, 0x80, 0}, {0x80, 0x80, 0x83, 0x80}}, present[4] = {1, 0, 0, 0};
    const uint8_t *code[] = {column[0], column[1]};
    om_form_present(om_registry_find(registry, "phq2"), code, 4, present);
    assert_int_equal(present[0], 0);
    assert_int_equal(present[1], 1);
    assert_int_equal(present[2], 1);
    assert_int_equal(present[3], 1);
}

static void
test_reasons_have_words(void **state)
{
    (void)state;
    assert_string_equal(om_reason_text(OM_REASON_SCORED), "");
    for (int a = OM_REASON_NO_FORM; a <= OM_REASON_UNDETERMINED; a++)
        for (int b = OM_REASON_SCORED; b < a; b++)
            assert_string_not_equal(om_reason_text((enum om_reason)a), om_reason_text((enum om_reason)b));
    assert_string_equal(om_reason_text((enum om_reason)99), "");
}

/* A mean over 1 to 30 answers has no common denominator that fits; a sum without prorating has. */
static void
test_scales_that_cannot_be_exact(void **state)
{
    (void)state;
    char items[400] = "", text[1000];
    struct om_error err;
    const struct om_instrument *wide;
    struct om_scorer *scorer = NULL;
    for (int i = 1; i <= 30; i++)
        snprintf(items + strlen(items), sizeof items - strlen(items), "%s%d: x", i > 1 ? ", " : "", i);
    snprintf(text, sizeof text,
             "id: wide\nversion: 1\nname: Wide\nitems: {%s}\nanswers: {0-9: }\nnot_applicable: [NA]\n"
             "scales:\n  mean: {combine: mean}\n  sum: {combine: sum}\n",
             items);
    assert_ok(om_registry_add_text(registry, "wide.yaml", text, strlen(text), &wide, &err));
    size_t live = om_memory_live();
    om_status status =
        om_scorer_new(wide, om_instrument_scale(wide, "mean"), OM_MISSING_COMPLETE, NULL, &scorer, &err);
    assert_int_equal(status, OM_ERR_DEFINITION);
    assert_null(scorer);
    assert_non_null(strstr(err.message, "mean of wide"));
    assert_true(err.hint[0] != '\0');
    assert_int_equal(om_memory_live(), live);
    assert_ok(om_scorer_new(wide, om_instrument_scale(wide, "sum"), OM_MISSING_PRORATE, NULL, &scorer, &err));
    assert_int_equal(scorer->n_levels, 271);
    om_scorer_free(scorer);
}

static void
test_out_of_memory(void **state)
{
    (void)state;
    for (size_t i = 0; i < om_instrument_builtin_count(); i++) {
        const struct om_instrument *in = om_registry_find(registry, om_instrument_builtin_id(i));
        for (size_t s = 0; s < in->n_scales; s++) {
            size_t live = om_memory_live();
            om_status status = OM_ERR_NOMEM;
            size_t k;
            for (k = 0; status != OM_OK; k++) {
                struct om_scorer *scorer = NULL;
                struct om_error err = {0};
                om_memory_fail_at(k);
                status = om_scorer_new(in, &in->scale[s], OM_MISSING_PRORATE, NULL, &scorer, &err);
                om_memory_fail_at((size_t)-1);
                if (status != OM_OK) {
                    assert_int_equal(status, OM_ERR_NOMEM);
                    assert_int_equal(err.status, OM_ERR_NOMEM);
                    assert_null(scorer);
                }
                om_scorer_free(scorer);
                assert_int_equal(om_memory_live(), live);
            }
            assert_true(k > 2);
        }
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_levels_of_sums),
        cmocka_unit_test(test_number_of_levels),
        cmocka_unit_test(test_bands_and_cutoffs_at_their_edges),
        cmocka_unit_test(test_block_sizes),
        cmocka_unit_test(test_form_present),
        cmocka_unit_test(test_reasons_have_words),
        cmocka_unit_test(test_scales_that_cannot_be_exact),
        cmocka_unit_test(test_out_of_memory),
    };
    return cmocka_run_group_tests(tests, load_registry, free_registry);
}
