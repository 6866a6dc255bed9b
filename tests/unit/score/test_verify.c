/* om_instrument_verify finds each way in which a worked example can be wrong, and names its line. */
#include "support/support.h"

#include "base/memory.h"
#include <omstat/instrument.h>
#include <omstat/score.h>
#include <string.h>

/* Lines 1 to 15; examples begin at line 17. */
#define DEFINITION                                                                                           \
    "id: tiny\nversion: 1\nname: Tiny\n"                                                                     \
    "items: {1: a, 2: b, 3: {label: c, reversed: true}}\n"                                                   \
    "answers: {0-2: }\n"                                                                                     \
    "scales:\n"                                                                                              \
    "  total:\n"                                                                                             \
    "    combine: sum\n"                                                                                     \
    "    missing: {max_blank: 1, source: {evidence: recommended, note: n}}\n"                                \
    "    bands: {low: 0, high: 3}\n"                                                                         \
    "    cutoffs: {3: {default: true}, 5: {}}\n"                                                             \
    "  several:\n"                                                                                           \
    "    combine: count\n"                                                                                   \
    "    items: 1-2\n"                                                                                       \
    "    endorsed: 2\n"                                                                                      \
    "vectors:\n"

struct example {
    const char *text;
    uint64_t line;              /* 0: it is right */
    const char *expected, *got; /* parts of the message */
};

static const struct example examples[] = {
    {"  - {name: fine, answers: 2 0 0, expect: {total: {score: 4, band: high, positive: true}, several: "
     "1}}\n",
     0, NULL, NULL},
    {"  - {name: fine, answers: 2 . 0, missing_rule: prorate, expect: {total: 6, several: no score}}\n", 0,
     NULL, NULL},
    {"  - {name: fine, answers: 2 . 0, expect: {total: no score, several: no score}}\n", 0, NULL, NULL},
    /* the score: forgot to turn item 3; off by a fraction; prorated or not */
    {"  - {name: x, answers: 2 0 0, expect: {total: 2}}\n", 17, "should be 2", "is 4"},
    {"  - {name: x, answers: 2 0 0, expect: {total: 401/100}}\n", 17, "should be 4.01", "is 4"},
    {"  - {name: x, answers: 2 . 0, missing_rule: prorate, expect: {total: 4}}\n", 17, "should be 4", "is 6"},
    {"  - {name: x, answers: 2 . 0, expect: {total: 6}}\n", 17, "should be 6", "no score (too many blank"},
    {"  - {name: x, answers: 2 0 0, expect: {total: no score}}\n", 17, "should be none", "is 4"},
    {"  - {name: x, answers: . declined 0, missing_rule: prorate, expect: {total: 6}}\n", 17, "should be 6",
     "no score (too many blank"},
    {"  - {name: x, answers: 2 . 0, missing_rule: prorate, expect: {several: 1}}\n", 17, "should be 1",
     "no score (undetermined"},
    {"  - {name: x, answers: 2 2 0, expect: {several: 1}}\n", 17, "should be 1", "is 2"},
    /* the band */
    {"  - {name: x, answers: 0 0 0, expect: {total: {score: 2, band: high}}}\n", 17, "band should be high",
     "is low"},
    {"  - {name: x, answers: 2 0 1, expect: {total: low}}\n", 17, "band should be low", "is high"},
    {"  - {name: x, answers: 2 . 0, expect: {total: high}}\n", 17, "should be there", "no score"},
    /* screening, by the default cut-off and by another */
    {"  - {name: x, answers: 0 0 0, expect: {total: {positive: true}}}\n", 17, "should be positive",
     "is negative"},
    {"  - {name: x, answers: 2 0 1, expect: {total: {positive: false}}}\n", 17, "should be negative",
     "is positive"},
    {"  - {name: x, answers: 2 0 0, expect: {total: {positive: {3: true, 5: true}}}}\n", 17,
     "should be positive", "is negative"},
    {"  - {name: x, answers: . . 0, expect: {total: {positive: false}}}\n", 17, "should be there",
     "no score"},
    /* the line is that of the expectation, in whichever example and scale it is */
    {"  - {name: fine, answers: 2 0 0, expect: {total: 4}}\n  - name: second\n    answers: 0 0 0\n    "
     "expect:\n"
     "      total: 2\n      several: 1\n",
     22, "example 'second', scale several", "is 0"},
    {"  - name: second\n    answers: 0 0 0\n    expect:\n      total:\n        score: 2\n        band: low\n"
     "        positive:\n          3: false\n          5: true\n",
     25, "should be positive", "is negative"},
};

static void
test_each_wrong_example(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof examples / sizeof examples[0]; i++) {
        const struct example *e = &examples[i];
        struct om_registry *registry;
        const struct om_instrument *tiny;
        struct om_error err = {0};
        char text[2000] = DEFINITION;
        strcat(text, e->text);
        assert_ok(om_registry_new(&registry, &err));
        assert_ok(om_registry_add_text(registry, "tiny.yaml", text, strlen(text), &tiny, &err));
        om_status status = om_instrument_verify(tiny, &err);
        if (e->line == 0) {
            om_assert_ok(status, &err, e->text, __FILE__, __LINE__);
        } else if (status != OM_ERR_DEFINITION || err.status != status || err.line != e->line ||
                   !strstr(err.message, e->expected) || !strstr(err.message, e->got) || !err.hint[0]) {
            fail_msg("%sgives %d at line %d: %s", e->text, (int)status, (int)err.line, err.message);
        }
        om_registry_free(registry);
    }
}

static void
test_the_examples_that_ship(void **state)
{
    (void)state;
    struct om_registry *registry;
    struct om_error err;
    assert_ok(om_registry_new(&registry, &err));
    for (size_t i = 0; i < om_registry_count(registry); i++) {
        assert_true(om_registry_at(registry, i)->n_vectors > 0);
        assert_ok(om_instrument_verify(om_registry_at(registry, i), &err));
    }
    om_registry_free(registry);
}

static void
test_out_of_memory(void **state)
{
    (void)state;
    struct om_registry *registry;
    struct om_error err;
    assert_ok(om_registry_new(&registry, &err));
    const struct om_instrument *bipf = om_registry_find(registry, "bipf");
    size_t live = om_memory_live(), k = 0;
    for (om_status status = OM_ERR_NOMEM; status != OM_OK; k++) {
        om_memory_fail_at(k);
        status = om_instrument_verify(bipf, &err);
        om_memory_fail_at((size_t)-1);
        assert_true(status == OM_OK || status == OM_ERR_NOMEM);
        assert_int_equal(om_memory_live(), live);
    }
    assert_true(k > 10);
    om_registry_free(registry);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_wrong_example),
        cmocka_unit_test(test_the_examples_that_ship),
        cmocka_unit_test(test_out_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
