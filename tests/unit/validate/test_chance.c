/* The chance of the same answers, against all answers there are, one by one. */
#include "support/support.h"
#include "validate/chance.h"

#include <math.h>

enum { ITEMS = 5, CODES = 5, TOTALS = ITEMS * (CODES - 2) + 1 }; /* codes 0 to 3, and none */

static void
enumerate(const double share[ITEMS][CODES], double once[TOTALS], double twice[TOTALS])
{
    size_t all = 1;
    for (size_t j = 0; j < ITEMS; j++)
        all *= CODES;
    for (size_t v = 0; v < all; v++) {
        double p = 1;
        size_t total = 0, rest = v;
        for (size_t j = 0; j < ITEMS; j++, rest /= CODES) {
            const size_t c = rest % CODES;
            p *= share[j][c];
            total += c == CODES - 1 ? 0 : c;
        }
        once[total] += p;
        twice[total] += p * p;
    }
}

static void
make_counts(uint64_t count[ITEMS * CODES], double tilt)
{
    for (size_t j = 0; j < ITEMS; j++)
        for (size_t c = 0; c < CODES; c++)
            count[j * CODES + c] = (uint64_t)(1e9 * (double)(1 + (3 * j + 7 * c + j * c) % 11) *
                                              pow(tilt, c < 4 ? (double)c : 0));
}

static void
test_all_answers(void **state)
{
    (void)state;
    uint64_t count[ITEMS * CODES];
    double share[ITEMS][CODES], once[TOTALS] = {0}, twice[TOTALS] = {0}, q[TOTALS];
    struct om_error err;
    for (size_t i = 0; i < ITEMS * CODES; i++)
        count[i] = (3 * i * i + i) % 23; /* zeros too */
    for (size_t j = 0; j < ITEMS; j++) {
        double n = 0;
        for (size_t c = 0; c < CODES; c++)
            n += (double)count[j * CODES + c] + 0.5;
        for (size_t c = 0; c < CODES; c++)
            share[j][c] = ((double)count[j * CODES + c] + 0.5) / n;
    }
    enumerate(share, once, twice);
    assert_int_equal(om_chance_same(count, ITEMS, CODES, q, &err), OM_OK);
    for (size_t t = 0; t < TOTALS; t++)
        assert_close(q[t], twice[t] / (once[t] * once[t]), 1e-12);
}

/* How severe the sample is does not matter. */
static void
test_tilt(void **state)
{
    (void)state;
    uint64_t count[ITEMS * CODES];
    double mild[TOTALS], severe[TOTALS];
    struct om_error err;
    make_counts(count, 0.5);
    assert_int_equal(om_chance_same(count, ITEMS, CODES, mild, &err), OM_OK);
    make_counts(count, 2);
    assert_int_equal(om_chance_same(count, ITEMS, CODES, severe, &err), OM_OK);
    for (size_t t = 0; t < TOTALS; t++)
        assert_close(mild[t], severe[t], 1e-7); /* half an answer in 1e9 */
}

/* Two items with even answers: 1, 2, 3, 4, 3, 2, 1 ways to a total, all as likely. With one item blank there
 * are two more to the totals up to 3, and with both one more to 0. */
static void
test_by_hand(void **state)
{
    (void)state;
    const uint64_t even[2 * CODES] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
    const double ways[] = {4, 4, 5, 6, 3, 2, 1};
    double q[7];
    struct om_error err;
    assert_int_equal(om_chance_same(even, 2, CODES, q, &err), OM_OK);
    for (size_t t = 0; t < 7; t++)
        assert_close(q[t], 1 / ways[t], 1e-12);
}

static void
test_too_rare(void **state)
{
    (void)state;
    static uint64_t count[64 * CODES];
    static double q[64 * 3 + 1];
    struct om_error err;
    for (size_t j = 0; j < 64; j++)
        count[j * CODES] = 1000000000;
    assert_int_equal(om_chance_same(count, 64, CODES, q, &err), OM_OK);
    assert_close(q[0], 1, 1e-6);
    assert_close(q[192], 1, 0); /* all at the top: (5e-10)^64 */
    for (size_t t = 0; t <= 192; t++)
        assert_true(q[t] > 0 && q[t] <= 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_answers),
        cmocka_unit_test(test_tilt),
        cmocka_unit_test(test_by_hand),
        cmocka_unit_test(test_too_rare),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
