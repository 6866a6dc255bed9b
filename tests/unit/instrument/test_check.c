/* How the parts of a definition fit together: every check, at its place. */
#include "unit/instrument/tiny.h"

#include <stdio.h>

static void
test_wordings(void **state)
{
    (void)state;
    static const struct fault faults[] = {
        {HEAD ITEMS "answers: {0: no, 1: some, 2: No}\n" TOTAL, 5, 30, "the wording \"No\" is given twice",
         "one answer"},
        {HEAD ITEMS "answers:\n  0: [no, never]\n  1: [yes, NEVER]\n" TOTAL, 7, 12,
         "\"NEVER\" is given twice", ""},
        {HEAD ITEMS "answers: {0: [no, no], 1: some}\n" TOTAL, 5, 19, "\"no\" is given twice", ""},
        {START "not_applicable: [NA, some]\n" TOTAL, 6, 22, "\"some\" is given twice", "one answer"},
        {HEAD ITEMS "answers: {0: no, 1: '1', 2: yes}\n" TOTAL, 5, 21, "a number cannot be the wording",
         "Codes"},
        {HEAD ITEMS "answers: {0: no, 1: [one, 2.0], 2: yes}\n" TOTAL, 5, 27, "a number cannot be",
         "leave it out"},
        {START "not_applicable: 9\n" TOTAL, 6, 17, "a number cannot be the wording", ""},
    };
    ASSERT_FAULTS(faults);
}

static void
test_columns(void **state)
{
    (void)state;
#define NAMING TINY "namings:\n  X:\n" /* the next line is 11 */
    static const struct fault faults[] = {
        {TINY "prefixes: Tiny\n", 9, 11, "\"Tiny\" cannot begin a column name", "any case"},
        {TINY "prefixes: [tiny, 'a b']\n", 9, 18, "\"a b\" cannot begin", "small letters"},
        {TINY "prefixes: [tiny, t, tiny]\n", 9, 21, "\"tiny\" is given twice", "once"},
        {NAMING "    columns: [q1, q2, Q1]\n", 11, 23, "\"Q1\" is named twice", "own column"},
        {NAMING "    columns: [a, b, c]\n    missing: 2\n", 12, 14, "2 is an answer", "must differ"},
        {NAMING "    columns: [a, b, c]\n    declined: [7, 0]\n", 12, 19, "0 is an answer", "must differ"},
        {NAMING "    columns: [a, b, c]\n    missing: [-1, dk]\n    declined: [7, DK]\n", 12, 19,
         "\"dk\" is both missing and declined", "one of the two"},
    };
    ASSERT_FAULTS(faults);
}

static void
test_keys_that_do_not_go_together(void **state)
{
    (void)state;
#define KIND                                                                                                 \
    "scales:\n  s:\n    combine: class\n    endorsed: 1\n    classes: {a: {requires: [{at_least: 1}]}, b: "  \
    "}\n"
#define HOW_MANY "scales:\n  s:\n    combine: count\n    endorsed: 1\n" /* the next line is 10 */
    static const struct fault faults[] = {
        {TINY "    classes: {a: }\n", 9, 5, "\"classes\" does not go with", "Leave the key out"},
        {TINY "    endorsed: 1\n", 9, 5, "\"endorsed\" does not go with a scale of points", "Leave"},
        {START KIND "    bands: {a: 0}\n", 11, 5, "\"bands\" does not go with a class scale", "Leave"},
        {START KIND "    cutoffs: {1: {}}\n", 11, 5, "\"cutoffs\" does not go with a class scale", "Leave"},
        {START KIND "    higher_is: worse\n", 11, 5, "\"higher_is\" does not go with", "Leave"},
        {START KIND "    remission: {below: 1}\n", 11, 5, "\"remission\" does not go with", "Leave"},
        {START KIND "    reliable_change: {1: {}}\n", 11, 5, "\"reliable_change\" does not go with", "Leave"},
        {START KIND "    joint_rules: {nhs: {}}\n", 11, 5, "\"joint_rules\" does not go with", "Leave"},
        {START KIND "    meaningful_change: {1: {}}\n", 11, 5, "\"meaningful_change\" does not go", "Leave"},
        {START KIND "    norms: {x: {population: p, sd: 1}}\n", 11, 5, "\"norms\" does not go", "Leave"},
        {START KIND "    missing: {max_blank: 1}\n", 11, 5, "\"missing\" does not go with endorsed items",
         "Leave"},
        {START KIND "    round: none\n", 11, 5, "\"round\" does not go with endorsed items", "Leave"},
        {START HOW_MANY "    missing: {max_blank: 1}\n", 10, 5, "\"missing\" does not go with", "Leave"},
        {START HOW_MANY "    round: half_up\n", 10, 5, "\"round\" does not go with", "Leave"},
        {START "scales: {s: {combine: count}}\n", 6, 13, "\"endorsed\" is missing", "Add"},
        {HEAD ITEMS "answers: {1-5: }\nscales: {s: {combine: percent}}\n", 6, 23, "begin at 0",
         "sum or mean"},
    };
    ASSERT_FAULTS(faults);
}

static void
test_endorsement(void **state)
{
    (void)state;
    static const struct fault faults[] = {
        {START "scales: {s: {combine: count, endorsed: 0}}\n", 6, 40,
         "item \"1\" must be endorsed above code 0", "every answer"},
        {START "scales: {s: {combine: count, endorsed: 3}}\n", 6, 40, "at most at 2", "none"},
        {START "scales: {s: {combine: count, endorsed: {1-2: 1, 3: 3}}}\n", 6, 40, "item \"3\"", "none"},
        {HEAD "items: {1: a, 2: {label: b, reversed: true}}\n" ANSWERS
              "scales: {s: {combine: count, endorsed: 1}}\n",
         6, 40, "item \"2\" is reversed", "as they are"},
    };
    ASSERT_FAULTS(faults);
}

static void
test_range(void **state)
{
    (void)state;
    static const struct fault faults[] = {
        {TINY "    range: [0, 5]\n", 9, 12, "scores from 0 to 6", "against the source"},
        {TINY "    range: [1, 6]\n", 9, 12, "scores from 0 to 6", "against the source"},
        {TINY "    range: [0, 3, 6]\n", 9, 12, "two ends", "[lowest, highest]"},
        {TINY "    range: 0-6\n", 9, 12, "must be a list", "[a, b]"},
        {TINY "    range: [0, six]\n", 9, 16, "must be a number", ""},
    };
    ASSERT_FAULTS(faults);
}

static void
test_bands(void **state)
{
    (void)state;
    static const struct fault faults[] = {
        {TINY "    bands: {low: 1, high: 3}\n", 9, 18, "the first band must begin at 0", "Every score"},
        {TINY "    bands: {low: 0, mid: 3, high: 2}\n", 9, 35, "\"high\" does not begin above band \"mid\"",
         "lowest"},
        {TINY "    bands: {low: 0, high: {from: 0}}\n", 9, 34, "\"high\" does not begin above band \"low\"",
         ""},
        {TINY "    bands: {low: 0, high: 7}\n", 9, 27, "outside the range of the scale, 0 to 6", ""},
        {TINY "    bands: {low: -1, high: 3}\n", 9, 18, "outside the range", ""},
        {TINY "    bands: {low: 0, high: 2.5}\n", 9, 27, "a whole number where scores are rounded",
         "round: none"},
    };
    ASSERT_FAULTS(faults);
}

static void
test_cutoffs(void **state)
{
    (void)state;
    static const struct fault faults[] = {
        {TINY "    cutoffs: {7: {}}\n", 9, 15, "outside the range", ""},
        {TINY "    cutoffs: {x: {at: 7}}\n", 9, 23, "outside the range", ""},
        {TINY "    cutoffs: {x: {at: 1.5}}\n", 9, 23, "whole number", "round: none"},
        {TINY "    cutoffs: {0: {}}\n", 9, 15, "every score reaches this cut-off", "higher_is"},
        {TINY "    higher_is: better\n    cutoffs: {6: {}}\n", 10, 15, "every score reaches", "higher_is"},
        {TINY "    cutoffs: {1: {default: true}, 2: {default: true}}\n", 9, 48,
         "two cut-offs are the default", "Keep one"},
        {TINY "    cutoffs: {1: {default: true, source: {evidence: recalled}}}\n", 9, 18,
         "a default that is recalled, not verified, needs a note", "note"},
        {TINY "    cutoffs: {1: {choice: true}}\n", 9, 27, "must say what it rests on", "note"},
    };
    ASSERT_FAULTS(faults);
}

static void
test_change(void **state)
{
    (void)state;
    static const struct fault faults[] = {
        {TINY "    reliable_change: {0: {}}\n", 9, 23, "above 0 and at most 6", "without a sign"},
        {TINY "    reliable_change: {a: {points: -2}}\n", 9, 35, "above 0 and at most 6", "without a sign"},
        {TINY "    meaningful_change: {a: {points: 7}}\n", 9, 37, "above 0 and at most 6", ""},
        {TINY "    reliable_change: {1: {default: true}, 2: {default: true}}\n", 9, 56, "two thresholds",
         "Keep one"},
        {TINY "    meaningful_change: {1: {default: true}, 2: {default: true}}\n", 9, 58, "two thresholds",
         "Keep one"},
        {TINY "    reliable_change: {1: {default: true, source: {evidence: derived}}}\n", 9, 26,
         "needs a note", ""},
        {TINY "    remission: {below: 0}\n", 9, 24, "no score lies below", ""},
        {TINY "    remission: {below: 7}\n", 9, 24, "outside the range", ""},
        {TINY "    higher_is: better\n    remission: {below: 2}\n", 10, 24, "no meaning", "Leave"},
    };
    ASSERT_FAULTS(faults);
}

/* One default of each kind is no contradiction. */
static void
test_one_default_of_each_kind_is_fine(void **state)
{
    (void)state;
    struct om_registry *registry;
    struct om_error err;
    static const char text[] =
        TINY "    reliable_change: {2: {default: true}}\n    meaningful_change: {1: {default: true}}\n";
    assert_ok(om_registry_new(&registry, &err));
    assert_ok(om_registry_add_text(registry, "t.yaml", text, strlen(text), NULL, &err));
    om_registry_free(registry);
}

static void
test_norms(void **state)
{
    (void)state;
#define NORM(values)                                                                                         \
    TINY "    norms: {a: {population: p, " values "}}\n" /* values begin at line 9, column 32 */
    static const struct fault faults[] = {
        {TINY "    norms: {a: {population: p}}\n", 9, 16, "this norm says nothing",
         "mean, sd or reliability"},
        {NORM("sd: 1, n: 1"), 9, 42, "\"n\" must be a whole number of 2 or more", ""},
        {NORM("sd: 1, n: 9.5"), 9, 42, "\"n\" must be a whole number", ""},
        {NORM("mean: 6.1"), 9, 38, "the mean lies outside the range", ""},
        {NORM("mean: -1"), 9, 38, "the mean lies outside the range", ""},
        {NORM("sd: 0"), 9, 36, "\"sd\" must be above 0", ""},
        {NORM("sd: 6.5"), 9, 36, "at most 6", ""},
        {NORM("reliability: 1, reliability_kind: alpha"), 9, 45, "between 0 and 1", ""},
        {NORM("reliability: 0, reliability_kind: alpha"), 9, 45, "between 0 and 1", ""},
        {NORM("reliability: 0.8"), 9, 16, "go together", "Give both"},
        {NORM("sd: 1, reliability_kind: alpha"), 9, 16, "go together", "Give both"},
        {NORM("kind: ill, mean: 2, sd: 1"), 9, 38, "\"ill\"", "clinical"},
        {NORM("kind: clinical, mean: 2"), 9, 38, "needs mean and sd", "Give both"},
        {NORM("kind: functional, sd: 1"), 9, 38, "needs mean and sd", "Give both"},
    };
    ASSERT_FAULTS(faults);
}

static void
test_classes(void **state)
{
    (void)state;
#define CLASSES                                                                                              \
    START "scales:\n  s:\n    combine: class\n    endorsed: 1\n    classes:\n" /* the next line is 11 */
#define SOME "{requires: [{at_least: 1}]}\n"
    static const struct fault faults[] = {
        {CLASSES "      a:\n", 11, 7, "two classes or more", "everybody else"},
        {CLASSES "      a: " SOME "      b: " SOME, 12, 7, "the last class must hold for everybody", "none:"},
        {CLASSES "      a:\n      b:\n", 11, 7, "\"a\" has no criteria", "move it to the end"},
        {CLASSES "      a: {requires: []}\n      b:\n", 11, 7, "\"a\" has no criteria", "requires"},
        {CLASSES "      a: " SOME "      b: {positive: true}\n", 12, 7, "cannot be positive", "Leave out"},
        {CLASSES "      a: {requires: [{at_least: 2}]}\n      b: {positive: true, requires: [{at_least: "
                 "1}]}\n      c:\n",
         12, 7, "\"b\" is positive, and the more severe \"a\" is not", "more severe class positive"},
    };
    ASSERT_FAULTS(faults);
}

static void
test_safety(void **state)
{
    (void)state;
#define SAFE                                                                                                 \
    TINY "  one: {combine: sum, items: 1}\n  mean: {combine: mean, items: 1}\nsafety:\n" /* next: line 12 */
    static const struct fault faults[] = {
        {SAFE "  two: {item: 1, at_least: 1}\n", 12, 3, "unknown scale \"two\"", "Known here: \"total\""},
        {SAFE "  one: {item: 2, at_least: 1}\n", 12, 3, "\"one\" is not the sum of item \"2\" alone",
         "combine: sum"},
        {SAFE "  total: {item: 1, at_least: 1}\n", 12, 3, "\"total\" is not the sum of item \"1\"",
         "this one item"},
        {SAFE "  mean: {item: 1, at_least: 1}\n", 12, 3, "is not the sum", "combine: sum"},
        {SAFE "  one: {item: 1, at_least: 0}\n", 12, 28, "above 0 and at most 2", ""},
        {SAFE "  one: {item: 1, at_least: 3}\n", 12, 28, "above 0 and at most 2", ""},
        {HEAD "items: {1: {label: a, reversed: true}, 2: b}\n" ANSWERS
              "scales: {s: {combine: sum, items: 1}}\nsafety: {s: {item: 1, at_least: 1}}\n",
         7, 20, "a reversed item cannot be", "as they are"},
    };
    ASSERT_FAULTS(faults);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wordings),    cmocka_unit_test(test_columns),
        cmocka_unit_test(test_endorsement), cmocka_unit_test(test_keys_that_do_not_go_together),
        cmocka_unit_test(test_range),       cmocka_unit_test(test_bands),
        cmocka_unit_test(test_cutoffs),     cmocka_unit_test(test_change),
        cmocka_unit_test(test_norms),       cmocka_unit_test(test_one_default_of_each_kind_is_fine),
        cmocka_unit_test(test_classes),     cmocka_unit_test(test_safety),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
