/* The prepared text of scales against fields written one by one: every level, reason and number of answers of
 * every built-in scale, under both missing rules and with another cut-off. */
#include "support/support.h"

#include "analysis/score_text.h"
#include "base/memory.h"
#include <stdio.h>

enum { REASONS = OM_REASON_UNDETERMINED + 1, UNTOUCHED = 0x5a };

static const struct om_safety *
safety_of(const struct om_instrument *instrument, const struct om_scale *scale)
{
    for (size_t i = 0; i < instrument->n_safety; i++)
        if (strcmp(instrument->safety[i].scale, scale->id) == 0)
            return &instrument->safety[i];
    return NULL;
}

/* What docs/formats/scores.md says, formatted the plain way. */
static void
expect(const struct om_scorer *scorer, const struct om_safety *safety, size_t level, int reason, int answered,
       char out[256])
{
    const char *flag = safety ? "," : "";
    if (reason != OM_REASON_SCORED) {
        snprintf(out, 256, ",,%d,,,%s%s", answered, om_reason_text((enum om_reason)reason), flag);
        return;
    }
    const struct om_level *at = &scorer->level[level];
    double score = (double)at->value / (double)scorer->unit;
    int precision = 15;
    char number[64];
    do
        snprintf(number, sizeof number, "%.*g", precision, score);
    while (strtod(number, NULL) != score && precision++ < 17);
    snprintf(out, 256, ",%s,%d,%s,%s,%s%s", number, answered,
             at->band >= 0 ? scorer->scale->band[at->band].id : "",
             !scorer->has_cutoff ? ""
             : at->positive      ? "1"
                                 : "0",
             flag,
             !safety                                        ? ""
             : at->value >= safety->at_least * scorer->unit ? "1"
                                                            : "0");
}

static void
assert_record(const struct om_score_column *column, const struct om_scorer *scorer,
              const struct om_safety *safety)
{
    char want[256], got[512];
    size_t room = om_score_text_room(column, 1);
    assert_in_range(room, 1, sizeof got - 1);
    expect(scorer, safety, *column->level, *column->reason, *column->answered, want);
    memset(got, UNTOUCHED, sizeof got);
    char *end = om_score_text_put(column, 1, 0, got);
    assert_int_equal(got[room], UNTOUCHED);
    *end = '\0';
    if (strcmp(got, want) != 0)
        fail_msg("%s %s: \"%s\", expected \"%s\"", scorer->instrument->id, scorer->scale->id, got, want);
}

static size_t
assert_scale(const struct om_instrument *instrument, const struct om_scale *scale, enum om_missing_rule rule,
             const struct om_fraction *cutoff)
{
    struct om_error err;
    struct om_scorer *scorer;
    struct om_score_text text;
    uint16_t level;
    uint8_t reason, answered;
    const struct om_safety *safety = safety_of(instrument, scale);
    const struct om_score_column column = {
        .text = &text, .level = &level, .reason = &reason, .answered = &answered};
    assert_ok(om_scorer_new(instrument, scale, rule, cutoff, &scorer, &err));
    assert_ok(om_score_text_init(&text, scorer, safety, &err));
    for (answered = 0; answered <= scale->n_items; answered++) {
        reason = OM_REASON_SCORED;
        for (level = 0; level < scorer->n_levels; level++)
            assert_record(&column, scorer, safety);
        for (reason = OM_REASON_SCORED + 1; reason < REASONS; reason++)
            assert_record(&column, scorer, safety);
    }
    size_t n = scorer->n_levels;
    om_score_text_release(&text);
    om_scorer_free(scorer);
    return n;
}

static void
every_combination_is_formatted(void **state)
{
    struct om_registry *registry;
    struct om_error err;
    size_t scales = 0, levels = 0, flags = 0;
    (void)state;
    assert_ok(om_registry_new(&registry, &err));
    for (size_t i = 0; i < om_registry_count(registry); i++) {
        const struct om_instrument *instrument = om_registry_at(registry, i);
        for (size_t k = 0; k < instrument->n_scales; k++, scales++) {
            const struct om_scale *scale = &instrument->scale[k];
            struct om_fraction third = {.num = scale->maximum.num, .den = 3 * scale->maximum.den};
            levels += assert_scale(instrument, scale, OM_MISSING_COMPLETE, NULL);
            levels += assert_scale(instrument, scale, OM_MISSING_PRORATE, NULL);
            assert_scale(instrument, scale, OM_MISSING_PRORATE, &third);
            flags += safety_of(instrument, scale) != NULL;
        }
    }
    assert_true(scales > 12 && levels > 1000 && flags > 0);
    om_registry_free(registry);
}

/* Fields of several scales follow one another; each column is read at the record asked for. */
static void
scales_stand_one_behind_the_other(void **state)
{
    struct om_registry *registry;
    struct om_error err;
    struct om_scorer *scorer[2];
    struct om_score_text text[2];
    struct om_score_column column[2];
    uint16_t level[2][3] = {{27, 28, 0}, {1, 4, 2}};
    uint8_t reason[2][3] = {{0, OM_REASON_UNDETERMINED, 0}, {0, OM_REASON_NO_FORM, 0}};
    uint8_t answered[2][3] = {{9, 7, 8}, {1, 0, 1}};
    static const char *const want[] = {
        ",27,9,severe,1,,1,1,,,,0", /* the second is a safety item */
        ",,7,,,undetermined: the blank answers could change it,,0,,,no answers,", ",0,8,minimal,0,,2,1,,,,1"};
    char got[512];
    (void)state;
    assert_ok(om_registry_new(&registry, &err));
    const struct om_instrument *phq9 = om_registry_find(registry, "phq9");
    static const char *const id[] = {"total", "item9"};
    for (size_t i = 0; i < 2; i++) {
        struct om_safety safety = {.at_least = 2};
        assert_ok(om_scorer_new(phq9, om_instrument_scale(phq9, id[i]), OM_MISSING_COMPLETE, NULL, &scorer[i],
                                &err));
        scorer[i]->has_cutoff &= i == 0;
        assert_ok(om_score_text_init(&text[i], scorer[i], i ? &safety : NULL, &err));
        column[i] = (struct om_score_column){&text[i], level[i], reason[i], answered[i]};
    }
    for (size_t r = 0; r < 3; r++) {
        *om_score_text_put(column, 2, r, got) = '\0';
        assert_string_equal(got, want[r]);
    }
    for (size_t i = 0; i < 2; i++) {
        om_score_text_release(&text[i]);
        om_scorer_free(scorer[i]);
    }
    om_registry_free(registry);
}

static void
every_allocation_may_fail(void **state)
{
    struct om_registry *registry;
    struct om_error err;
    struct om_scorer *scorer;
    struct om_score_text text;
    om_status status = OM_ERR_NOMEM;
    size_t k = 0;
    (void)state;
    assert_ok(om_registry_new(&registry, &err));
    const struct om_instrument *phq9 = om_registry_find(registry, "phq9");
    assert_ok(om_scorer_new(phq9, &phq9->scale[0], OM_MISSING_COMPLETE, NULL, &scorer, &err));
    size_t live = om_memory_live();
    for (; status != OM_OK; k++) {
        om_memory_fail_at(k);
        status = om_score_text_init(&text, scorer, NULL, &err);
        om_memory_fail_at((size_t)-1);
        assert_true(status == OM_OK || (status == OM_ERR_NOMEM && om_memory_live() == live));
    }
    assert_true(k > 4);
    om_score_text_release(&text);
    assert_int_equal(om_memory_live(), live);
    om_scorer_free(scorer);
    om_registry_free(registry);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_combination_is_formatted),
        cmocka_unit_test(scales_stand_one_behind_the_other),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
