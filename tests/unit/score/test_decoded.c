/* The short ways to a level against the long one, for every scale that is built in, under both missing rules
 * and with every set of kernels. All patterns of answers: sweep.h. */
#include "support/support.h"

#include "kernels/kernels.h"
#include "score/decoded.h"
#include <string.h>

enum { BLOCKS = 60 };

/* Allowed codes, and a share of no answers that differs from block to block. */
static void
fill(const struct om_instrument *instrument, uint8_t column[OM_ITEMS_MAX][OM_DECODED_ROWS], int block)
{
    static const uint8_t none[] = {OM_CODE_BLANK, OM_CODE_BLANK, OM_CODE_DECLINED, OM_CODE_NA,
                                   OM_CODE_INVALID};
    unsigned rare = block % 3 == 0 ? 1000000 : block % 3 == 1 ? 30 : 3;
    for (size_t i = 0; i < instrument->n_items; i++)
        for (size_t r = 0; r < OM_DECODED_ROWS; r++) {
            int span = instrument->maximum - instrument->minimum + 1, code;
            do
                code = instrument->minimum + (int)(test_random() % (unsigned)span);
            while (!instrument->allowed[code]);
            column[i][r] = test_random() % rare ? (uint8_t)code : none[test_random() % 5];
        }
    for (size_t i = 0; i < instrument->n_items; i++) { /* nobody answered, and nothing applies */
        column[i][0] = OM_CODE_BLANK;
        column[i][1] = OM_CODE_NA;
    }
}

static void
compare(const struct om_scorer *scorer, const uint8_t *const *code, size_t n)
{
    uint16_t want[OM_DECODED_ROWS], got[OM_DECODED_ROWS];
    uint8_t complete[OM_DECODED_ROWS];
    om_scorer_run(scorer, code, n, want, NULL);
    om_scorer_levels(scorer, code, n, got, complete);
    for (size_t r = 0; r < n; r++) {
        bool all = true;
        for (size_t i = 0; i < scorer->scale->n_items; i++)
            all &= code[scorer->item[i]][r] <= OM_CODE_MAX;
        if (got[r] != want[r] || complete[r] != (all ? 0xff : 0))
            fail_msg("%s %s, rule %d, person %zu: level %u, not %u; complete %u", scorer->instrument->id,
                     scorer->scale->id, (int)scorer->missing_rule, r, got[r], want[r], complete[r]);
    }
}

static void
check_scale(const struct om_instrument *instrument, const struct om_scale *scale, enum om_missing_rule rule)
{
    static uint8_t column[OM_ITEMS_MAX][OM_DECODED_ROWS];
    const uint8_t *code[OM_ITEMS_MAX];
    struct om_scorer *scorer;
    struct om_error err;
    assert_ok(om_scorer_new(instrument, scale, rule, NULL, &scorer, &err));
    for (size_t i = 0; i < OM_ITEMS_MAX; i++)
        code[i] = column[i];
    for (int block = 0; block < BLOCKS; block++) {
        fill(instrument, column, block);
        compare(scorer, code, block % 2 ? OM_DECODED_ROWS : 1 + test_random() % OM_DECODED_ROWS);
    }
    om_scorer_free(scorer);
}

static void
every_scale(void **state)
{
    (void)state;
    struct om_registry *registry;
    struct om_error err;
    size_t n_sets;
    const struct om_kernels *set = om_kernels_all(&n_sets);
    assert_ok(om_registry_new(&registry, &err));
    for (size_t k = 0; k < n_sets; k++) {
        if (!om_kernels_choose(set[k].name))
            continue;
        for (size_t i = 0; i < om_registry_count(registry); i++) {
            const struct om_instrument *instrument = om_registry_at(registry, i);
            for (size_t s = 0; s < instrument->n_scales; s++) {
                check_scale(instrument, &instrument->scale[s], OM_MISSING_COMPLETE);
                check_scale(instrument, &instrument->scale[s], OM_MISSING_PRORATE);
            }
        }
    }
    om_kernels_choose(NULL);
    om_registry_free(registry);
}

/* The four questionnaires take the short ways: else this test compares the long way with itself. */
static void
short_ways_are_taken(void **state)
{
    (void)state;
    struct om_registry *registry;
    struct om_error err;
    bool taken[5] = {false};
    assert_ok(om_registry_new(&registry, &err));
    for (size_t i = 0; i < om_registry_count(registry); i++) {
        const struct om_instrument *instrument = om_registry_at(registry, i);
        for (size_t s = 0; s < instrument->n_scales; s++) {
            struct om_scorer *scorer;
            assert_ok(
                om_scorer_new(instrument, &instrument->scale[s], OM_MISSING_COMPLETE, NULL, &scorer, &err));
            taken[scorer->way] = true;
            om_scorer_free(scorer);
        }
    }
    assert_true(taken[OM_WAY_PLAIN] && taken[OM_WAY_TABLE] && taken[OM_WAY_CLASS] && !taken[OM_WAY_LONG]);
    om_registry_free(registry);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_scale),
        cmocka_unit_test(short_ways_are_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
