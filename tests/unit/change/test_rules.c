/*
 * The change rules for every pair of scores of PHQ-9, PCL-5 and B-IPF, against the published definitions
 * written out in whole numbers for one pair at a time.
 */
#include "support/support.h"

#include <omstat/change.h>
#include <string.h>

/* A scale as the naive rules see it: scores are value / unit. */
struct naive {
    const char *name;
    int64_t unit, n_values;                     /* values 0 ... n_values - 1, all of them tried */
    int64_t step;                               /* between values tried */
    int64_t cutoff, remission, reliable, shift; /* points; 0: none */
    const int *band; /* points from which each band begins, behind the last: -1; NULL: no bands */
    bool better;     /* higher is better */
};

static const int phq9_bands[] = {0, 5, 10, 15, 20, -1};
static const int bipf_bands[] = {0, 11, 31, 51, 81, -1};

static const struct naive scales[] = {
    {"PHQ-9", 1, 28, 1, 10, 5, 6, 5, phq9_bands, false},
    {"PCL-5", 1, 81, 1, 33, 0, 15, 5, NULL, false},
    {"PCL-5 with 18 points", 1, 81, 1, 33, 0, 18, 10, NULL, false},
    {"PHQ-9 turned round", 1, 28, 1, 10, 0, 6, 5, phq9_bands, true},
    {"PHQ-9 in eighths", 8, 27 * 8 + 1, 9, 10, 5, 6, 5, phq9_bands, false},
};

/* floor(value / unit + 1/2): bands and thresholds look at this. */
static int64_t
seen(const struct naive *scale, int64_t value)
{
    return (2 * value + scale->unit) / (2 * scale->unit);
}

static int
band_of(const struct naive *scale, int64_t value)
{
    int band = -1;
    for (int b = 0; scale->band && scale->band[b] >= 0; b++)
        if (seen(scale, value) >= scale->band[b])
            band = b;
    return band;
}

static bool
is_positive(const struct naive *scale, int64_t value)
{
    return scale->better ? seen(scale, value) <= scale->cutoff : seen(scale, value) >= scale->cutoff;
}

static struct om_change_point
point_of(const struct naive *scale, int64_t value)
{
    return (struct om_change_point){.value = value,
                                    .band = band_of(scale, value),
                                    .positive = is_positive(scale, value),
                                    .remitted = seen(scale, value) < scale->remission};
}

/* Does somebody who goes from `from` to `to` improve? Deterioration is improvement read backwards, except for
 * the share, which is always one of the first score. */
static bool
naive_improves(const struct naive *scale, enum om_rule rule, int64_t from, int64_t to)
{
    int64_t fall = scale->better ? to - from : from - to; /* in units, for the better */
    bool milder =
        scale->better ? band_of(scale, to) > band_of(scale, from) : band_of(scale, to) < band_of(scale, from);
    switch (rule) {
    case OM_RULE_SHIFT:
        return fall >= scale->shift * scale->unit;
    case OM_RULE_RELIABLE:
        return fall >= scale->reliable * scale->unit;
    case OM_RULE_BAND:
        return milder;
    case OM_RULE_BAND_OR_SHIFT:
        return milder || fall >= scale->shift * scale->unit;
    case OM_RULE_SCREEN:
        return is_positive(scale, from) && !is_positive(scale, to);
    case OM_RULE_REMISSION:
        return seen(scale, from) >= scale->remission && seen(scale, to) < scale->remission;
    default:
        break;
    }
    fail_msg("not here");
    return false;
}

static enum om_change_class
naive_class(const struct naive *scale, enum om_rule rule, int64_t first, int64_t last)
{
    if ((rule == OM_RULE_BAND || rule == OM_RULE_BAND_OR_SHIFT) && !scale->band)
        return OM_CHANGE_UNDEFINED;
    if (rule == OM_RULE_PERCENT) {
        if (first == 0)
            return OM_CHANGE_UNDEFINED;
        /* response: 2 * post <= pre; the reverse: 2 * post >= 3 * pre */
        bool halved = 2 * last <= first, half_more = 2 * last >= 3 * first;
        if (scale->better ? half_more : halved)
            return OM_CHANGE_IMPROVED;
        return (scale->better ? halved : half_more) ? OM_CHANGE_DETERIORATED : OM_CHANGE_UNCHANGED;
    }
    if (naive_improves(scale, rule, first, last))
        return OM_CHANGE_IMPROVED;
    return naive_improves(scale, rule, last, first) ? OM_CHANGE_DETERIORATED : OM_CHANGE_UNCHANGED;
}

static struct om_change_rule
rule_of(const struct naive *scale, enum om_rule id)
{
    return (struct om_change_rule){.rule = id,
                                   .direction = scale->better ? OM_HIGHER_BETTER : OM_HIGHER_WORSE,
                                   .points = {id == OM_RULE_RELIABLE ? scale->reliable : scale->shift, 1},
                                   .share = {1, 2},
                                   .unit = scale->unit};
}

static void
assert_pair(const struct naive *scale, enum om_rule id, int64_t first, int64_t last)
{
    struct om_change_rule rule = rule_of(scale, id);
    struct om_change_point from = point_of(scale, first), to = point_of(scale, last);
    enum om_change_class want = naive_class(scale, id, first, last),
                         got = om_change_classify(&rule, &from, &to);
    if (got != want)
        fail_msg("%s, %s: %d -> %d (unit %d) is %d, expected %d", scale->name, om_rule_id(id), (int)first,
                 (int)last, (int)scale->unit, (int)got, (int)want);
}

static void
test_every_pair_of_scores(void **state)
{
    (void)state;
    for (size_t s = 0; s < sizeof scales / sizeof scales[0]; s++)
        for (int id = 0; id <= OM_RULE_REMISSION; id++)
            for (int64_t first = 0; first < scales[s].n_values; first += scales[s].step)
                for (int64_t last = 0; last < scales[s].n_values; last += scales[s].step)
                    assert_pair(&scales[s], (enum om_rule)id, first, last);
}

/* 100 * sum / (6 * n): every pair of the 109 values there are. */
static void
test_every_pair_of_bipf_scores(void **state)
{
    (void)state;
    static const struct naive bipf = {"B-IPF", 1260, 126001, 1, 11, 0, 10, 5, bipf_bands, false};
    int64_t value[300];
    size_t n = 0;
    for (int64_t at = 0; at < bipf.n_values; at++) { /* 1260 * 100 / 6n is whole for n = 1 ... 7 */
        bool there = false;
        for (int items = 1; items <= 7 && !there; items++)
            there = at * 6 * items % (100 * bipf.unit) == 0;
        if (there)
            value[n++] = at;
    }
    assert_int_equal(n, 109);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            for (int id = 0; id <= OM_RULE_REMISSION; id++)
                assert_pair(&bipf, (enum om_rule)id, value[i], value[j]);
}

static enum om_change_class
classify(struct om_change_rule rule, int64_t first, int64_t last)
{
    struct om_change_point from = {.value = first, .band = -1}, to = {.value = last, .band = -1};
    return om_change_classify(&rule, &from, &to);
}

/* Thresholds are inclusive, also where points are a fraction of a point and values a fraction of a score. */
static void
test_exactly_at_the_threshold(void **state)
{
    (void)state;
    struct om_change_rule rule = {
        .rule = OM_RULE_SHIFT, .points = {5, 2}, .unit = 3};       /* 2.5 points; thirds */
    assert_int_equal(classify(rule, 20, 13), OM_CHANGE_UNCHANGED); /* 7/3 */
    assert_int_equal(classify(rule, 20, 12), OM_CHANGE_IMPROVED);  /* 8/3 */
    assert_int_equal(classify(rule, 13, 20), OM_CHANGE_UNCHANGED);
    assert_int_equal(classify(rule, 12, 20), OM_CHANGE_DETERIORATED);
    rule.unit = 2;
    assert_int_equal(classify(rule, 20, 15), OM_CHANGE_IMPROVED); /* 5/2 exactly */
    assert_int_equal(classify(rule, 20, 16), OM_CHANGE_UNCHANGED);
    assert_int_equal(classify(rule, 15, 20), OM_CHANGE_DETERIORATED);
    rule.direction = OM_HIGHER_BETTER;
    assert_int_equal(classify(rule, 15, 20), OM_CHANGE_IMPROVED);
    assert_int_equal(classify(rule, 20, 15), OM_CHANGE_DETERIORATED);
    /* products beyond 64 bits */
    struct om_change_rule large = {.rule = OM_RULE_RELIABLE, .unit = INT64_C(1) << 32};
    large.points = (struct om_fraction){INT64_C(999999999000000000), INT64_C(1000000000000000000)};
    assert_int_equal(classify(large, large.unit, 1),
                     OM_CHANGE_IMPROVED); /* all but 1 / 2^32, and 10^-9 is more */
    assert_int_equal(classify(large, large.unit, 5), OM_CHANGE_UNCHANGED);
    assert_int_equal(classify(large, 1, large.unit), OM_CHANGE_DETERIORATED);
    large.points = (struct om_fraction){1, 1};
    assert_int_equal(classify(large, large.unit, 1), OM_CHANGE_UNCHANGED);
    assert_int_equal(classify(large, large.unit, 0), OM_CHANGE_IMPROVED);
}

static void
test_share_of_the_first_score(void **state)
{
    (void)state;
    struct om_change_rule rule = {.rule = OM_RULE_PERCENT, .share = {1, 2}, .unit = 1};
    assert_int_equal(classify(rule, 0, 0), OM_CHANGE_UNDEFINED);
    assert_int_equal(classify(rule, 0, 27), OM_CHANGE_UNDEFINED);
    assert_int_equal(classify(rule, 1, 0), OM_CHANGE_IMPROVED);
    assert_int_equal(classify(rule, 11, 6), OM_CHANGE_UNCHANGED);
    assert_int_equal(classify(rule, 11, 5), OM_CHANGE_IMPROVED);
    assert_int_equal(classify(rule, 10, 5), OM_CHANGE_IMPROVED);
    assert_int_equal(classify(rule, 10, 15),
                     OM_CHANGE_DETERIORATED); /* of the first, not of the last score */
    assert_int_equal(classify(rule, 10, 14), OM_CHANGE_UNCHANGED);
    rule.share = (struct om_fraction){1, 5};
    assert_int_equal(classify(rule, 10, 8), OM_CHANGE_IMPROVED);
    assert_int_equal(classify(rule, 9, 8), OM_CHANGE_UNCHANGED);
}

/* One side without a band leaves both band rules undefined, whatever the points. */
static void
test_bands_that_are_missing(void **state)
{
    (void)state;
    struct om_change_rule rule = {.rule = OM_RULE_BAND, .points = {5, 1}, .unit = 1};
    struct om_change_point with = {.value = 20, .band = 2}, without = {.value = 0, .band = -1};
    for (int i = 0; i < 2; i++) {
        assert_int_equal(om_change_classify(&rule, &with, &without), OM_CHANGE_UNDEFINED);
        assert_int_equal(om_change_classify(&rule, &without, &with), OM_CHANGE_UNDEFINED);
        assert_int_equal(om_change_classify(&rule, &without, &without), OM_CHANGE_UNDEFINED);
        assert_int_equal(om_change_classify(&rule, &with, &with), OM_CHANGE_UNCHANGED);
        rule.rule = OM_RULE_BAND_OR_SHIFT;
    }
    rule.rule = OM_RULES;
    assert_int_equal(om_change_classify(&rule, &with, &with), OM_CHANGE_UNDEFINED);
}

/* Worked pairs: the parts of each that concern one scale. GAD-7 bands and its 4 points of reliable change. */
static void
test_worked_pairs(void **state)
{
    (void)state;
    static const int gad7_bands[] = {0, 5, 10, 15, -1};
    static const struct naive phq9 = {"PHQ-9", 1, 28, 1, 10, 5, 6, 5, phq9_bands, false};
    static const struct naive gad7 = {"GAD-7", 1, 22, 1, 8, 5, 4, 5, gad7_bands, false}; /* caseness 8 */
    static const struct naive pcl5 = {"PCL-5", 1, 81, 1, 33, 0, 15, 5, NULL, false};
    static const struct {
        const struct naive *scale;
        enum om_rule rule;
        int first, last;
        enum om_change_class want;
    } pair[] = {
        {&phq9, OM_RULE_RELIABLE, 16, 10, OM_CHANGE_IMPROVED}, /* falls 6 */
        {&phq9, OM_RULE_SCREEN, 16, 10, OM_CHANGE_UNCHANGED},  /* still a case: no recovery */
        {&gad7, OM_RULE_RELIABLE, 12, 7, OM_CHANGE_IMPROVED},
        {&gad7, OM_RULE_SCREEN, 12, 7, OM_CHANGE_IMPROVED},
        {&phq9, OM_RULE_RELIABLE, 15, 9, OM_CHANGE_IMPROVED},
        {&phq9, OM_RULE_SCREEN, 15, 9, OM_CHANGE_IMPROVED},
        {&gad7, OM_RULE_RELIABLE, 8, 7, OM_CHANGE_UNCHANGED},
        {&gad7, OM_RULE_SCREEN, 8, 7, OM_CHANGE_IMPROVED},
        {&phq9, OM_RULE_RELIABLE, 12, 9, OM_CHANGE_UNCHANGED}, /* recovery without reliable improvement */
        {&phq9, OM_RULE_SCREEN, 12, 9, OM_CHANGE_IMPROVED},
        {&gad7, OM_RULE_SCREEN, 7, 7, OM_CHANGE_UNCHANGED},
        {&phq9, OM_RULE_RELIABLE, 14, 8, OM_CHANGE_IMPROVED},
        {&gad7, OM_RULE_RELIABLE, 6, 10, OM_CHANGE_DETERIORATED}, /* rises 4 */
        {&gad7, OM_RULE_SCREEN, 6, 10, OM_CHANGE_DETERIORATED},
        {&pcl5, OM_RULE_RELIABLE, 45, 30, OM_CHANGE_IMPROVED}, /* exactly 15 */
        {&pcl5, OM_RULE_RELIABLE, 45, 31, OM_CHANGE_UNCHANGED},
        {&phq9, OM_RULE_REMISSION, 12, 4, OM_CHANGE_IMPROVED},
        {&phq9, OM_RULE_REMISSION, 12, 5, OM_CHANGE_UNCHANGED},
        {&phq9, OM_RULE_REMISSION, 4, 5, OM_CHANGE_DETERIORATED},
        {&phq9, OM_RULE_BAND, 10, 9, OM_CHANGE_IMPROVED},
        {&phq9, OM_RULE_BAND, 14, 10, OM_CHANGE_UNCHANGED},
        {&phq9, OM_RULE_BAND_OR_SHIFT, 27, 22, OM_CHANGE_IMPROVED}, /* 5 points within one band */
        {&phq9, OM_RULE_BAND_OR_SHIFT, 27, 23, OM_CHANGE_UNCHANGED},
        {&phq9, OM_RULE_BAND_OR_SHIFT, 9, 10, OM_CHANGE_DETERIORATED},
    };
    for (size_t i = 0; i < sizeof pair / sizeof pair[0]; i++) {
        struct om_change_rule rule = rule_of(pair[i].scale, pair[i].rule);
        struct om_change_point from = point_of(pair[i].scale, pair[i].first),
                               to = point_of(pair[i].scale, pair[i].last);
        if (om_change_classify(&rule, &from, &to) != pair[i].want)
            fail_msg("%s, %s: %d -> %d", pair[i].scale->name, om_rule_id(pair[i].rule), pair[i].first,
                     pair[i].last);
    }
}

static void
test_names(void **state)
{
    (void)state;
    static const char *const ids[] = {
        "shift", "band",       "band-or-shift", "screen", "reliable", "percent", "remission",
        "jt",    "gln",        "hll",           "en",     "nk",       "ha",      "anchor",
        "cwb",   "functional", "functional-ha", "nhs"};
    assert_int_equal(OM_RULES, 18);
    for (int i = 0; i < OM_RULES; i++) {
        assert_int_equal(om_rule_parse(om_rule_id((enum om_rule)i)), i);
        assert_true(om_rule_parse(ids[i]) != OM_RULES);
    }
    assert_string_equal(om_rule_id(OM_RULE_BAND_OR_SHIFT), "band-or-shift");
    assert_string_equal(om_rule_id(OM_RULE_SCREEN), "screen");
    assert_int_equal(om_rule_parse("Shift"), OM_RULES);
    assert_int_equal(om_rule_parse(""), OM_RULES);
    assert_string_equal(om_rule_id(OM_RULES), "");
    assert_string_equal(om_change_class_id(OM_CHANGE_IMPROVED), "improved");
    assert_string_equal(om_change_class_id(OM_CHANGE_UNCHANGED), "unchanged");
    assert_string_equal(om_change_class_id(OM_CHANGE_DETERIORATED), "deteriorated");
    assert_string_equal(om_change_class_id(OM_CHANGE_UNDEFINED), "");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_pair_of_scores),
        cmocka_unit_test(test_every_pair_of_bipf_scores),
        cmocka_unit_test(test_exactly_at_the_threshold),
        cmocka_unit_test(test_share_of_the_first_score),
        cmocka_unit_test(test_bands_that_are_missing),
        cmocka_unit_test(test_worked_pairs),
        cmocka_unit_test(test_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
