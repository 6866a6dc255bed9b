/* The crosstab against a plain two-dimensional array. */
#include "support/support.h"

#include "base/memory.h"
#include "tally/crosstab.h"
#include <string.h>

static uint64_t state64 = 123456789123456789u;

static size_t
next_random(size_t below)
{
    state64 ^= state64 << 13;
    state64 ^= state64 >> 7;
    state64 ^= state64 << 17;
    return (size_t)(state64 >> 32) % below;
}

/* A number of levels, and the counts that the table must hold. */
struct plain {
    size_t side;
    uint64_t *count;
};

static struct plain
plain_new(size_t n_levels)
{
    struct plain plain = {.side = n_levels + 1,
                          .count = calloc((n_levels + 1) * (n_levels + 1), sizeof(uint64_t))};
    assert_non_null(plain.count);
    return plain;
}

static void
add(struct om_crosstab *table, struct plain *plain, size_t first, size_t last, uint64_t count)
{
    struct om_error err;
    assert_ok(om_crosstab_add(table, first, last, count, &err));
    plain->count[first * plain->side + last] += count;
}

/* The table lists exactly the counts that are not 0, in order, and knows their sum. */
static void
assert_holds(const struct om_crosstab *table, const struct plain *plain)
{
    struct om_error err;
    struct om_cell *cells;
    size_t n, at = 0;
    uint64_t total = 0;
    assert_ok(om_crosstab_cells(table, &cells, &n, &err));
    for (size_t first = 0; first < plain->side; first++)
        for (size_t last = 0; last < plain->side; last++) {
            uint64_t count = plain->count[first * plain->side + last];
            total += count;
            if (count == 0)
                continue;
            if (at >= n || cells[at].first != first || cells[at].last != last || cells[at].count != count)
                fail_msg("cell %zu %zu of %zu levels", first, last, plain->side - 1);
            at++;
        }
    assert_int_equal(at, n);
    assert_true(om_crosstab_total(table) == total);
    om_free(cells);
}

static void
test_random_adds(void **state)
{
    (void)state;
    static const size_t sizes[] = {0, 1, 2, 3, 5, 7, 10, 27, 28, 81, 110, 400};
    for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
        struct om_crosstab table;
        struct plain plain = plain_new(sizes[s]);
        om_crosstab_init(&table, sizes[s]);
        assert_holds(&table, &plain);
        for (size_t i = 0; i < 20000; i++) {
            /* half of them near the diagonal, some of them many persons at once, some of them nobody */
            size_t first = next_random(plain.side), last = next_random(2) ? first : next_random(plain.side);
            add(&table, &plain, first, last, i % 97 == 0 ? UINT64_C(1) << 40 : i % 89 != 0);
            if (i < 40 || i % 4999 == 0)
                assert_holds(&table, &plain);
        }
        assert_holds(&table, &plain);
        om_crosstab_release(&table);
        free(plain.count);
    }
}

/* Every cell once, in an order that is not that of the table, looked at after each addition: whenever the
 * list grows or becomes a dense table, nothing is lost. */
static void
test_from_list_to_dense_at_every_size(void **state)
{
    (void)state;
    for (size_t n_levels = 0; n_levels <= 20; n_levels++) {
        struct om_crosstab table;
        struct plain plain = plain_new(n_levels);
        size_t cells = plain.side * plain.side;
        bool was_list = false;
        om_crosstab_init(&table, n_levels);
        for (size_t i = 0; i < cells; i++) {
            size_t at = i * 37 % cells;
            while (plain.count[at])
                at = (at + 1) % cells;
            add(&table, &plain, at / plain.side, at % plain.side, i + 1);
            was_list |= !table.dense;
            assert_holds(&table, &plain);
        }
        assert_non_null(table.dense);
        assert_null(table.key);
        assert_true(was_list == (n_levels >= 6)); /* 16 places of a list: 192 bytes; 49 cells: 196 */
        om_crosstab_release(&table);
        free(plain.count);
    }
}

/* Cells hold more than 32 bits: what does not fit moves on, all of it, however it comes. */
static void
test_more_than_32_bits(void **state)
{
    (void)state;
    struct om_crosstab table;
    struct om_error err;
    struct plain plain = plain_new(7);
    static const uint64_t counts[] = {1, UINT32_MAX - 2, 5, UINT32_MAX, UINT64_C(1) << 33, UINT32_MAX,
                                      7, UINT32_MAX - 1};
    uint16_t same[300] = {0};
    om_crosstab_init(&table, 7);
    for (size_t i = 0; i < 64; i++)
        add(&table, &plain, i / 8, i % 8, 1);
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        add(&table, &plain, i % 3, i % 2, counts[i]);
        assert_ok(
            om_crosstab_add_all(&table, same, same, 300, &err)); /* the full table is emptied here, too */
        plain.count[0] += 300;
        assert_holds(&table, &plain);
    }
    om_crosstab_release(&table);
    free(plain.count);
}

/* Blocks of persons, in small and large tables, give what one at a time gives. */
static void
test_many_at_once(void **state)
{
    (void)state;
    uint32_t random = 1;
    for (size_t n_levels = 0; n_levels <= 60; n_levels += 3) {
        struct om_crosstab table;
        struct om_error err;
        struct plain plain = plain_new(n_levels);
        om_crosstab_init(&table, n_levels);
        for (size_t n = 0; n < 1500; n += 1 + n / 3) {
            uint16_t first[1500], last[1500];
            for (size_t r = 0; r < n; r++) {
                random = random * 1664525u + 1013904223u;
                first[r] = (uint16_t)((random >> 8) % plain.side);
                last[r] = (uint16_t)((random >> 20) % plain.side);
                plain.count[first[r] * plain.side + last[r]]++;
            }
            assert_ok(om_crosstab_add_all(&table, first, last, n, &err));
            assert_holds(&table, &plain);
        }
        om_crosstab_release(&table);
        free(plain.count);
    }
}

/* Tables of many levels stay lists while few cells occur. */
static void
test_the_largest_table(void **state)
{
    (void)state;
    struct om_crosstab table;
    struct om_cell *cells;
    struct om_error err;
    size_t n, side = 65001;
    om_crosstab_init(&table, side - 1);
    for (size_t i = 0; i < 3000; i++)
        for (size_t twice = 0; twice < 2; twice++)
            assert_ok(om_crosstab_add(&table, side - 1 - i * 21, side - 1 - i * 7, 1, &err));
    assert_null(table.dense);
    assert_int_equal(table.n_used, 3000); /* a cell that occurs twice takes one place */
    assert_ok(om_crosstab_cells(&table, &cells, &n, &err));
    assert_int_equal(n, 3000);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(cells[i].first, side - 1 - (n - 1 - i) * 21);
        assert_int_equal(cells[i].last, side - 1 - (n - 1 - i) * 7);
        assert_int_equal(cells[i].count, 2);
    }
    assert_int_equal(om_crosstab_total(&table), 6000);
    om_free(cells);
    om_crosstab_release(&table);
}

static void
fill(struct om_crosstab *table, struct plain *plain, size_t n_levels, size_t n)
{
    om_crosstab_init(table, n_levels);
    for (size_t i = 0; i < n; i++)
        add(table, plain, next_random(n_levels + 1), next_random(n_levels + 1), 1 + next_random(3));
}

static void
merge(struct om_crosstab *into, const struct om_crosstab *from)
{
    struct om_error err;
    assert_ok(om_crosstab_merge(into, from, &err));
}

/* a + b + c, ((c + b) + a), (a + (b + c)) into an empty one: the same cells, and the parts unchanged. */
static void
test_merging_in_any_order(void **state)
{
    (void)state;
    static const size_t sizes[] = {0, 1, 4, 28, 81};
    static const size_t lengths[] = {0, 1, 7, 300, 5000};
    for (size_t s = 0; s < 5; s++)
        for (size_t l = 0; l < 125; l++) {
            struct om_crosstab part[3], one, other;
            struct plain all = plain_new(sizes[s]), part_c = plain_new(sizes[s]);
            fill(&part[0], &all, sizes[s], lengths[l % 5]);
            fill(&part[1], &all, sizes[s], lengths[l / 5 % 5]);
            fill(&part[2], &part_c, sizes[s], lengths[l / 25]);
            for (size_t i = 0; i < all.side * all.side; i++)
                all.count[i] += part_c.count[i];
            om_crosstab_init(&one, sizes[s]);
            merge(&one, &part[0]);
            merge(&one, &part[1]);
            merge(&one, &part[2]);
            assert_holds(&one, &all);
            om_crosstab_init(&other, sizes[s]);
            merge(&other, &part[2]);
            merge(&other, &part[1]);
            merge(&part[0], &other);
            assert_holds(&part[0], &all);
            assert_holds(&part[2], &part_c);
            for (size_t i = 0; i < 3; i++)
                om_crosstab_release(&part[i]);
            om_crosstab_release(&one);
            om_crosstab_release(&other);
            free(all.count);
            free(part_c.count);
        }
}

static void
test_a_released_table_is_empty_and_usable(void **state)
{
    (void)state;
    struct om_crosstab table;
    struct plain plain = plain_new(3), again = plain_new(3);
    om_crosstab_init(&table, 3);
    add(&table, &plain, 3, 0, 5);
    om_crosstab_release(&table);
    assert_int_equal(om_crosstab_total(&table), 0);
    add(&table, &again, 0, 3, 1);
    assert_holds(&table, &again);
    om_crosstab_release(&table);
    om_crosstab_release(&table);
    free(plain.count);
    free(again.count);
}

/* Where memory ends, the addition has not happened, and all others have. */
static void
test_out_of_memory(void **state)
{
    (void)state;
    size_t live = om_memory_live();
    for (size_t n_levels = 0; n_levels < 30; n_levels += 7)
        for (size_t k = 0; k < 60; k++) {
            struct om_crosstab table, merged;
            struct om_error err = {0};
            struct plain plain = plain_new(n_levels), half = plain_new(n_levels);
            struct om_cell *cells = NULL;
            size_t n;
            om_crosstab_init(&table, n_levels);
            om_memory_fail_at(k);
            for (size_t i = 0; i < 200; i++) {
                size_t first = i * 7 % plain.side, last = i * 13 / 7 % plain.side;
                om_status status = om_crosstab_add(&table, first, last, 1, &err);
                plain.count[first * plain.side + last] += status == OM_OK;
                assert_true(status == OM_OK || (status == OM_ERR_NOMEM && err.status == OM_ERR_NOMEM));
            }
            om_memory_fail_at((size_t)-1);
            assert_holds(&table, &plain);
            om_memory_fail_at(0);
            assert_int_equal(om_crosstab_cells(&table, &cells, &n, &err), OM_ERR_NOMEM);
            assert_null(cells);
            om_crosstab_init(&merged, n_levels);
            add(&merged, &half, 0, 0, 1);
            om_memory_fail_at(k % 8);
            om_status status = om_crosstab_merge(&merged, &table, &err);
            om_memory_fail_at((size_t)-1);
            assert_true(status == OM_OK || status == OM_ERR_NOMEM);
            if (status == OM_OK) {
                plain.count[0]++;
                assert_holds(&merged, &plain);
            }
            om_crosstab_release(&table);
            om_crosstab_release(&merged);
            free(plain.count);
            free(half.count);
            assert_int_equal(om_memory_live(), live);
        }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random_adds),
        cmocka_unit_test(test_from_list_to_dense_at_every_size),
        cmocka_unit_test(test_more_than_32_bits),
        cmocka_unit_test(test_many_at_once),
        cmocka_unit_test(test_the_largest_table),
        cmocka_unit_test(test_merging_in_any_order),
        cmocka_unit_test(test_a_released_table_is_empty_and_usable),
        cmocka_unit_test(test_out_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
