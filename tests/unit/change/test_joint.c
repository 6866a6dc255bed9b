#include <omstat/joint.h>

#include <stdlib.h>
#include "support/support.h"

/* One measure: lower is better, a case from `caseness`, reliable from `points`. */
struct measure {
    int caseness, points, top;
};
static const struct measure phq9 = {10, 6, 27}, gad7 = {8, 4, 21};

static uint8_t
bits_of(const struct measure *m, int first, int last, enum om_direction direction)
{
    const struct om_joint_score a = {{first, 1}, first >= m->caseness};
    const struct om_joint_score b = {{last, 1}, last >= m->caseness};
    return om_joint_bits(direction, (struct om_fraction){m->points, 1}, &a, &b);
}

struct pair {
    int first, last;
};

static unsigned
state_of(struct pair phq, struct pair gad)
{
    return bits_of(&phq9, phq.first, phq.last, OM_HIGHER_WORSE) |
           bits_of(&gad7, gad.first, gad.last, OM_HIGHER_WORSE);
}

/* The rule in the words of its definition. */
static bool
as_defined(struct pair p, struct pair g, enum om_joint_class class_, bool both)
{
    bool was = p.first >= 10 || g.first >= 8, is = p.last >= 10 || g.last >= 8;
    int phq_fall = p.first - p.last, gad_fall = g.first - g.last;
    bool improved = both ? phq_fall >= 6 && gad_fall >= 4
                         : (phq_fall >= 6 && gad_fall > -4) || (gad_fall >= 4 && phq_fall > -6);
    bool worse = both ? phq_fall <= -6 && gad_fall <= -4
                      : (phq_fall <= -6 && gad_fall < 4) || (gad_fall <= -4 && phq_fall < 6);
    switch (class_) {
    case OM_JOINT_RECOVERY:
        return was && !is;
    case OM_JOINT_RELIABLE_IMPROVEMENT:
        return improved;
    case OM_JOINT_RELIABLE_RECOVERY:
        return was && !is && improved;
    case OM_JOINT_RELIABLE_DETERIORATION:
        return worse;
    default:
        return !improved && !worse;
    }
}

/* Slips this sees: > for >= at any limit, "and" between the measures of caseness, one measure forgotten, an
 * opposite change of the other measure overlooked, first and last taken the wrong way round. */
static void
every_pair_of_scores(void **state)
{
    (void)state;
    for (int p = 0; p < 28 * 28; p++)
        for (int g = 0; g < 22 * 22; g++) {
            struct pair phq = {p / 28, p % 28}, gad = {g / 22, g % 22};
            unsigned s = state_of(phq, gad);
            for (int c = 0; c < OM_JOINT_CLASSES; c++)
                for (int both = 0; both < 2; both++)
                    if (om_joint_is(s, (enum om_joint_class)c, (enum om_joint_improvement)both) !=
                        as_defined(phq, gad, (enum om_joint_class)c, both))
                        fail_msg("PHQ-9 %d to %d, GAD-7 %d to %d: %s (%s)", phq.first, phq.last, gad.first,
                                 gad.last, om_joint_class_id((enum om_joint_class)c),
                                 om_joint_improvement_id((enum om_joint_improvement)both));
        }
}

/* Worked cases; "." is no, a letter yes: r)ecovery, i)mprovement, R)eliable recovery, d)eterioration, n)one.
 */
static void
worked_cases(void **state)
{
    (void)state;
    static const struct {
        struct pair phq, gad;
        const char *classes, *both;
    } cases[] = {
        {{16, 10}, {12, 7}, ".i...", ".i..."}, /* improved, PHQ-9 10 is still a case */
        {{15, 9}, {8, 7}, "riR..", "r...n"},
        {{12, 9}, {7, 7}, "r...n", "r...n"},  /* 3 points are not reliable */
        {{14, 8}, {6, 10}, "....n", "....n"}, /* one falls 6, the other rises 4 */
        {{4, 10}, {3, 7}, "...d.", "...d."},
        {{4, 10}, {3, 6}, "...d.", "....n"},
        {{9, 3}, {7, 3}, ".i...", ".i..."}, /* no case at first: nothing to recover from */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        unsigned s = state_of(cases[i].phq, cases[i].gad);
        for (int c = 0; c < OM_JOINT_CLASSES; c++) {
            assert_int_equal(om_joint_is(s, (enum om_joint_class)c, OM_JOINT_COMPOSITE),
                             cases[i].classes[c] != '.');
            assert_int_equal(om_joint_is(s, (enum om_joint_class)c, OM_JOINT_BOTH), cases[i].both[c] != '.');
        }
    }
}

/* Improvement, deterioration and neither: exactly one; swapping the occasions swaps the first two. */
static void
one_of_three_and_mirrored(void **state)
{
    (void)state;
    for (int i = 0; i < 200000; i++) {
        struct pair p = {(int)(test_random() % 28), (int)(test_random() % 28)}, q = {p.last, p.first};
        struct pair g = {(int)(test_random() % 22), (int)(test_random() % 22)}, h = {g.last, g.first};
        unsigned s = state_of(p, g), t = state_of(q, h);
        for (int m = 0; m < 2; m++) {
            enum om_joint_improvement how = (enum om_joint_improvement)m;
            assert_int_equal(om_joint_is(s, OM_JOINT_RELIABLE_IMPROVEMENT, how) +
                                 om_joint_is(s, OM_JOINT_RELIABLE_DETERIORATION, how) +
                                 om_joint_is(s, OM_JOINT_NO_RELIABLE_CHANGE, how),
                             1);
            assert_int_equal(om_joint_is(s, OM_JOINT_RELIABLE_IMPROVEMENT, how),
                             om_joint_is(t, OM_JOINT_RELIABLE_DETERIORATION, how));
        }
        assert_int_equal(s & OM_JOINT_MISSING, 0);
    }
}

/* On a scale where higher is better a rise is the improvement. */
static void
higher_is_better(void **state)
{
    (void)state;
    const struct measure m = {10, 5, 30};
    assert_true(bits_of(&m, 3, 8, OM_HIGHER_BETTER) & OM_JOINT_IMPROVED);
    assert_true(bits_of(&m, 8, 3, OM_HIGHER_BETTER) & OM_JOINT_DETERIORATED);
    assert_true(bits_of(&m, 8, 4, OM_HIGHER_BETTER) & OM_JOINT_NOT_DETERIORATED);
}

/* Scores with decimals, and as many digits as there can be, are compared exactly. */
static void
fractions(void **state)
{
    (void)state;
    const struct om_fraction points = {11, 2};
    const int64_t many = (INT64_C(1) << 53) - 1, nano = 1000000000;
    const struct {
        struct om_fraction first, last;
        bool improved;
    } cases[] = {
        {{155, 10}, {10, 1}, true},
        {{15499999999, nano}, {10, 1}, false},
        {{31, 2}, {40, 4}, true},
        {{many, nano}, {many - 5500000000, nano}, true},
        {{many, nano}, {many - 5499999999, nano}, false},
        {{many - 1, nano}, {-many, nano}, true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct om_joint_score a = {cases[i].first, false}, b = {cases[i].last, false};
        assert_int_equal(!!(om_joint_bits(OM_HIGHER_WORSE, points, &a, &b) & OM_JOINT_IMPROVED),
                         cases[i].improved);
        assert_int_equal(!!(om_joint_bits(OM_HIGHER_BETTER, points, &b, &a) & OM_JOINT_IMPROVED),
                         cases[i].improved);
    }
}

static void
names_and_denominators(void **state)
{
    (void)state;
    assert_string_equal(om_joint_class_id(OM_JOINT_RELIABLE_RECOVERY), "reliable_recovery");
    assert_string_equal(om_joint_class_id(OM_JOINT_CLASSES), "");
    assert_string_equal(om_joint_improvement_id(OM_JOINT_BOTH), "both");
    assert_false(om_joint_is(OM_JOINT_IMPROVED, OM_JOINT_CLASSES, OM_JOINT_COMPOSITE));
    const bool of_cases[] = {true, false, true, false, false};
    for (int c = 0; c < OM_JOINT_CLASSES; c++)
        assert_int_equal(om_joint_of_cases((enum om_joint_class)c), of_cases[c]);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_pair_of_scores),
        cmocka_unit_test(worked_cases),
        cmocka_unit_test(one_of_three_and_mirrored),
        cmocka_unit_test(higher_is_better),
        cmocka_unit_test(fractions),
        cmocka_unit_test(names_and_denominators),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
