/*
 * Every pattern of PHQ-9 and GAD-7 answers, scored as well by plain scorers written from the published rules:
 * Kroenke and others 2001, Spitzer and others 2006.
 */
#include "sweep.h"

/* A sum of k items with codes 0 to 3, made up for at most max_blank blank ones: sum * k / answered. */
static struct expected
plain_sum(const uint8_t *row, int k, int max_blank, bool prorate)
{
    struct plain_counts c = plain_count(row, k, 3, false);
    if (c.untouched == k)
        return no_score(OM_REASON_NO_FORM);
    if (c.invalid)
        return no_score(OM_REASON_INVALID);
    if (c.blank > (prorate ? max_blank : 0))
        return no_score(OM_REASON_BLANK);
    return (struct expected){.num = c.sum * k, .den = k - c.blank};
}

/* Bands and thresholds look at the score rounded half-up. */
static struct expected
with_bands(struct expected score, int64_t severe)
{
    if (score.reason != OM_REASON_SCORED)
        return score;
    int64_t seen = plain_half_up(score.num, score.den);
    score.band = seen <= 4 ? "minimal" : seen <= 9 ? "mild" : seen <= 14 ? "moderate" : "severe";
    if (severe == 20 && seen >= 15)
        score.band = seen <= 19 ? "moderately_severe" : "severe";
    score.positive = seen >= 10;
    return score;
}

static struct expected
with_remission(struct expected score)
{
    score.remitted = score.reason == OM_REASON_SCORED && plain_half_up(score.num, score.den) < 5;
    return score;
}

static struct expected
phq9_total(const uint8_t *row, bool prorate)
{
    return with_remission(with_bands(plain_sum(row, 9, 2, prorate), 20));
}

static struct expected
phq8_total(const uint8_t *row, bool prorate)
{
    return with_bands(plain_sum(row, 8, 1, prorate), 20);
}

static struct expected
gad7_total(const uint8_t *row, bool prorate)
{
    return with_remission(with_bands(plain_sum(row, 7, 1, prorate), 15));
}

/* PHQ-2 and GAD-2: the first two items, complete, positive from 3. */
static struct expected
first_two(const uint8_t *row, bool prorate)
{
    struct expected score = plain_sum(row, 2, 0, prorate);
    score.positive = score.reason == OM_REASON_SCORED && score.num >= 3 * score.den;
    return score;
}

/* The safety item does not ask for the others: a form with item 9 alone has its answer. */
static struct expected
phq9_item9(const uint8_t *row, bool prorate)
{
    (void)prorate;
    if (plain_count(row, 9, 3, false).untouched == 9)
        return no_score(OM_REASON_NO_FORM);
    if (row[8] == 0x80 || row[8] == 0x81)
        return no_score(OM_REASON_BLANK);
    if (row[8] > 3)
        return no_score(OM_REASON_INVALID);
    return (struct expected){.num = row[8], .den = 1, .positive = row[8] >= 1};
}

/* 0 neither, 1 other, 2 major depressive syndrome, of nine answers. */
static int
syndrome(const int *x)
{
    int core = (x[0] >= 2) + (x[1] >= 2);
    int count = core + (x[2] >= 2) + (x[3] >= 2) + (x[4] >= 2) + (x[5] >= 2) + (x[6] >= 2) + (x[7] >= 2) +
                (x[8] >= 1);
    if (core >= 1 && count >= 5)
        return 2;
    return core >= 1 && count >= 2 ? 1 : 0;
}

/* The syndrome whatever is put in place of the blank answers, or -1 when that makes a difference: all are
 * tried. */
static int
syndrome_of_all_completions(const uint8_t *row)
{
    int x[9], hole[9], n_holes = 0, i;
    for (i = 0; i < 9; i++) {
        x[i] = row[i] <= 3 ? row[i] : 0;
        if (row[i] > 3)
            hole[n_holes++] = i;
    }
    int first = syndrome(x);
    do {
        if (syndrome(x) != first)
            return -1;
        for (i = n_holes - 1; i >= 0 && ++x[hole[i]] == 4; i--)
            x[hole[i]] = 0;
    } while (i >= 0);
    return first;
}

static struct expected
phq9_algorithm(const uint8_t *row, bool prorate)
{
    static const char *const name[] = {"none", "other", "major"};
    struct plain_counts c = plain_count(row, 9, 3, false);
    if (c.untouched == 9)
        return no_score(OM_REASON_NO_FORM);
    if (c.invalid)
        return no_score(OM_REASON_INVALID);
    if (c.blank && !prorate)
        return no_score(OM_REASON_BLANK);
    int class_ = syndrome_of_all_completions(row);
    if (class_ < 0)
        return no_score(OM_REASON_UNDETERMINED);
    return (struct expected){.num = class_, .den = 1, .band = name[class_], .positive = class_ == 2};
}

static struct sweep sweep;

static void
add_phq9(void)
{
    sweep_init(&sweep, 9);
    sweep_add(&sweep, "phq9", "total", phq9_total);
    sweep_add(&sweep, "phq9", "algorithm", phq9_algorithm);
    sweep_add(&sweep, "phq9", "item9", phq9_item9);
    sweep_add(&sweep, "phq8", "total", phq8_total);
    sweep_add(&sweep, "phq2", "total", first_two);
}

static void
add_gad7(void)
{
    sweep_init(&sweep, 7);
    sweep_add(&sweep, "gad7", "total", gad7_total);
    sweep_add(&sweep, "gad2", "total", first_two);
}

static const uint8_t answers[] = {0, 1, 2, 3, 0x80};

static void
test_every_phq9_pattern(void **state)
{
    (void)state;
    uint8_t row[9];
    add_phq9();
    sweep_all(&sweep, row, 0, 9, answers, 5);
    sweep_reached(&sweep);
    assert_int_equal(sweep.forms, 1953125);
    sweep_scored(&sweep, 0, 262144, 1441792); /* 4^9; + 9 * 4^8 + 36 * 4^7 */
    assert_int_equal(sweep.check[2].scored, 262144);
    assert_true(sweep.check[3].scored > 262144);
    sweep_scored(&sweep, 2, 1562500, 1562500); /* 5^8 * 4 */
    sweep_scored(&sweep, 3, 327680, 983040);   /* 4^8 * 5; + 8 * 4^7 * 5 */
    sweep_scored(&sweep, 4, 1250000, 1250000); /* 4^2 * 5^7 */
    sweep_release(&sweep);
}

static void
test_every_gad7_pattern(void **state)
{
    (void)state;
    uint8_t row[7];
    add_gad7();
    sweep_all(&sweep, row, 0, 7, answers, 5);
    sweep_reached(&sweep);
    assert_int_equal(sweep.forms, 78125);
    sweep_scored(&sweep, 0, 16384, 45056); /* 4^7; + 7 * 4^6 */
    sweep_scored(&sweep, 1, 50000, 50000); /* 4^2 * 5^5 */
    sweep_release(&sweep);
}

/* Mostly good answers; now and then any byte there is, among them "declined" and "does not apply". */
static void
sweep_soiled(size_t n_forms)
{
    uint8_t row[SWEEP_ITEMS];
    for (size_t f = 0; f < n_forms; f++) {
        size_t one_in = 2 + f % 20;
        for (size_t i = 0; i < sweep.n_items; i++)
            row[i] = (uint8_t)sweep_random(&sweep, sweep_random(&sweep, one_in) ? 4 : 256);
        if (f % 3 == 0)
            row[sweep_random(&sweep, sweep.n_items)] = 0x81;
        sweep_row(&sweep, row);
    }
    sweep_flush(&sweep);
}

static void
test_answers_that_are_not_allowed(void **state)
{
    (void)state;
    uint8_t row[9];
    add_phq9();
    sweep_soiled(300000);
    for (size_t item = 0; item < 9; item++) /* each byte in each place, alone and beside blank answers */
        for (int byte = 0; byte < 256; byte++)
            for (size_t n_blank = 0; n_blank < 4; n_blank++) {
                memset(row, 2, sizeof row);
                for (size_t b = 1; b <= n_blank; b++)
                    row[(item + b) % 9] = 0x80;
                row[item] = (uint8_t)byte;
                sweep_row(&sweep, row);
            }
    sweep_flush(&sweep);
    sweep_release(&sweep);
    add_gad7();
    sweep_soiled(300000);
    sweep_release(&sweep);
}

/* Blank throughout is no form; declining every answer is one. */
static void
test_declined_is_a_form_without_a_score(void **state)
{
    (void)state;
    static const uint8_t pattern[] = {0, 1, 2, 3, 0x81};
    uint8_t row[9];
    add_phq9();
    memset(row, 0x80, sizeof row);
    sweep_row(&sweep, row);
    memset(row, 0x81, sizeof row);
    sweep_row(&sweep, row);
    row[3] = 0x80;
    sweep_row(&sweep, row);
    sweep_all(&sweep, row, 2, 7, pattern, 5);
    sweep_release(&sweep);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_phq9_pattern),
        cmocka_unit_test(test_every_gad7_pattern),
        cmocka_unit_test(test_answers_that_are_not_allowed),
        cmocka_unit_test(test_declined_is_a_form_without_a_score),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
