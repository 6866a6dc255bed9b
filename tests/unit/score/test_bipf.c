/* Every pattern of B-IPF answers: codes 0 to 6, "does not apply", blank. Kleiman and others 2020. */
#include "sweep.h"

/*
 * 100 * sum / (6 * answered). Bands without rounding, by the upper limits 10, 30, 50 and 80: no score between
 * two bands exists, so this must agree with rounding half-up first, which is what the library does.
 */
static struct expected
bipf_total(const uint8_t *row, bool prorate)
{
    struct plain_counts c = plain_count(row, 7, 6, true);
    if (c.untouched == 7)
        return no_score(OM_REASON_NO_FORM);
    if (c.invalid)
        return no_score(OM_REASON_INVALID);
    if (c.na == 7)
        return no_score(OM_REASON_NOT_APPLICABLE);
    if (c.blank > (prorate ? 1 : 0) || c.answered == 0)
        return no_score(OM_REASON_BLANK);
    int sum = 100 * c.sum, n = c.answered;
    return (struct expected){.num = sum,
                             .den = 6 * n,
                             .band = sum <= 60 * n    ? "none"
                                     : sum <= 180 * n ? "mild"
                                     : sum <= 300 * n ? "moderate"
                                     : sum <= 480 * n ? "severe"
                                                      : "extreme",
                             .positive = sum > 60 * n};
}

static struct sweep sweep;

static void
test_every_bipf_pattern(void **state)
{
    (void)state;
    static const uint8_t answers[] = {0, 1, 2, 3, 4, 5, 6, 0x82, 0x80};
    uint8_t row[7];
    sweep_init(&sweep, 7);
    sweep_add(&sweep, "bipf", "total", bipf_total);
    sweep_all(&sweep, row, 0, 7, answers, 9);
    sweep_reached(&sweep);
    assert_int_equal(sweep.forms, 4782969);
    sweep_scored(&sweep, 0, 2097151, 3932152); /* 8^7 - 1; + 7 * (8^6 - 1) */
    sweep_release(&sweep);
}

static void
test_any_byte(void **state)
{
    (void)state;
    uint8_t row[7];
    sweep_init(&sweep, 7);
    sweep_add(&sweep, "bipf", "total", bipf_total);
    for (size_t f = 0; f < 500000; f++) {
        static const uint8_t common[] = {0, 1, 2, 3, 4, 5, 6, 0x80, 0x81, 0x82, 0x82};
        for (size_t i = 0; i < 7; i++)
            row[i] = sweep_random(&sweep, 2 + f % 30) ? common[sweep_random(&sweep, sizeof common)]
                                                      : (uint8_t)sweep_random(&sweep, 256);
        sweep_row(&sweep, row);
    }
    sweep_flush(&sweep);
    sweep_release(&sweep);
}

/* How many scores there are: sums over 6n for n = 1 ... 7, equal values counted once. */
static void
test_levels_are_the_scores_there_are(void **state)
{
    (void)state;
    struct om_registry *registry;
    struct om_scorer *scorer;
    struct om_error err;
    assert_ok(om_registry_new(&registry, &err));
    const struct om_instrument *bipf = om_registry_find(registry, "bipf");
    assert_ok(
        om_scorer_new(bipf, om_instrument_scale(bipf, "total"), OM_MISSING_COMPLETE, NULL, &scorer, &err));
    size_t n = 0;
    for (int value = 0; value <= 252000; value++) { /* in steps of 1 / 2520, and 2520 = lcm(6, 12, ... 42) */
        bool there = false;
        for (int items = 1; items <= 7; items++)
            for (int sum = 0; sum <= 6 * items; sum++)
                there |= 100 * sum * 2520 == value * 6 * items;
        if (!there)
            continue;
        assert_true(n < scorer->n_levels);
        assert_int_equal(scorer->level[n].value * 2520, value * scorer->unit);
        n++;
    }
    assert_int_equal(scorer->n_levels, n);
    om_scorer_free(scorer);
    om_registry_free(registry);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_bipf_pattern),
        cmocka_unit_test(test_any_byte),
        cmocka_unit_test(test_levels_are_the_scores_there_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
