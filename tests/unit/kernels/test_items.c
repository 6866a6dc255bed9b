/* The counting kernels against loops that look at one byte at a time, wherever the columns lie in memory. */
#include "support/support.h"

#include "kernels/items.h"
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { ITEMS = 9, LONGEST = 1024, ALIGNMENTS = 64 };

/* Memory of which the byte behind the last cannot be touched. */
static uint8_t *
guarded_end(void)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE), room = 2 * LONGEST + 2 * ALIGNMENTS;
    room = (room + page - 1) / page * page;
    uint8_t *at = mmap(NULL, room + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (at == MAP_FAILED || mprotect(at + room, page, PROT_NONE) != 0)
        fail_msg("no guard page");
    return at + room;
}

static uint8_t *column_end[ITEMS], *sum_end, *byte_end[3];

static int
map_memory(void **state)
{
    (void)state;
    for (size_t i = 0; i < ITEMS; i++)
        column_end[i] = guarded_end();
    sum_end = guarded_end();
    for (size_t i = 0; i < 3; i++)
        byte_end[i] = guarded_end();
    return 0;
}

/* Half of the answers low codes, half any byte. */
static void
fill(uint8_t *column, size_t n)
{
    for (size_t r = 0; r < n; r++)
        column[r] = (uint8_t)(test_random() % (test_random() % 2 ? 8 : 256));
}

/* Places the columns `gap` bytes before the end of their memory, each a little differently when gap is not 0.
 */
static void
place(uint8_t **column, size_t n, size_t gap)
{
    for (size_t i = 0; i < ITEMS; i++) {
        column[i] = column_end[i] - n - (gap ? (gap + 5 * i) % ALIGNMENTS : 0);
        fill(column[i], n);
    }
}

static const struct om_item_rule rules[][ITEMS] = {
    {{0, 3, 0}, {0, 3, 0}, {0, 3, 0}, {0, 3, 0}, {0, 3, 0}, {0, 3, 0}, {0, 3, 0}, {0, 3, 0}, {0, 3, 0}},
    {{0, 3, 1}, {0, 3, 0}, {0, 3, 1}, {0, 3, 1}, {0, 3, 0}, {0, 3, 1}, {0, 3, 0}, {0, 3, 1}, {0, 3, 1}},
    {{1, 5, 0}, {1, 5, 1}, {1, 5, 0}, {1, 5, 1}, {1, 5, 1}, {1, 5, 0}, {1, 5, 0}, {1, 5, 1}, {1, 5, 0}},
    {{0, 119, 0},
     {0, 119, 1},
     {119, 119, 1},
     {7, 7, 0},
     {2, 119, 1},
     {0, 0, 1},
     {0, 6, 0},
     {1, 2, 1},
     {3, 9, 0}},
};

static void
check_sum(uint8_t *const *column, const struct om_item_rule *rule, size_t n_items, size_t n, size_t gap)
{
    uint16_t *sum = (uint16_t *)(void *)(sum_end - 2 * n - 2 * gap);
    struct om_item_counts out = {.sum = sum,
                                 .answered = byte_end[0] - n - gap,
                                 .na = byte_end[1] - n - gap,
                                 .invalid = byte_end[2] - n - gap};
    for (size_t r = 0; r < n; r++) { /* what was there before must not matter */
        out.sum[r] = 0xdead;
        out.answered[r] = out.na[r] = out.invalid[r] = 0xee;
    }
    om_kernel_sum((const uint8_t *const *)column, rule, n_items, n, &out);
    for (size_t r = 0; r < n; r++) {
        int total = 0, answered = 0, na = 0, invalid = 0;
        for (size_t i = 0; i < n_items; i++) {
            int c = column[i][r];
            if (c >= rule[i].minimum && c <= rule[i].maximum) {
                answered++;
                total += rule[i].reversed ? rule[i].minimum + rule[i].maximum - c : c;
            } else if (c == 0x82) {
                na++;
            } else if (c != 0x80 && c != 0x81) {
                invalid++;
            }
        }
        if (out.sum[r] != total || out.answered[r] != answered || out.na[r] != na ||
            out.invalid[r] != invalid)
            fail_msg("record %zu of %zu, gap %zu: %d %d %d %d, expected %d %d %d %d", r, n, gap, out.sum[r],
                     out.answered[r], out.na[r], out.invalid[r], total, answered, na, invalid);
    }
}

static void
check_endorsed(uint8_t *const *column, size_t n_items, size_t n, size_t gap)
{
    static const uint8_t threshold[ITEMS] = {2, 1, 3, 2, 2, 119, 1, 4, 7};
    uint8_t *at_least = byte_end[0] - n - gap, *at_most = byte_end[1] - n - gap;
    memset(at_least, 0xee, n);
    memset(at_most, 0xee, n);
    om_kernel_endorsed((const uint8_t *const *)column, threshold, n_items, n, at_least, at_most);
    for (size_t r = 0; r < n; r++) {
        int sure = 0, possible = 0;
        for (size_t i = 0; i < n_items; i++) {
            bool yes = column[i][r] < 0x80 && column[i][r] >= threshold[i];
            sure += yes;
            possible += yes || column[i][r] == 0x80 || column[i][r] == 0x81;
        }
        if (at_least[r] != sure || at_most[r] != possible)
            fail_msg("record %zu of %zu, gap %zu", r, n, gap);
    }
}

static void
check_answered(uint8_t *const *column, size_t n_items, size_t n, size_t gap)
{
    uint8_t *answered = byte_end[0] - n - gap;
    memset(answered, 0xee, n);
    om_kernel_answered((const uint8_t *const *)column, n_items, n, answered);
    for (size_t r = 0; r < n; r++) {
        int want = 0;
        for (size_t i = 0; i < n_items; i++)
            want += column[i][r] < 0x80;
        if (answered[r] != want)
            fail_msg("record %zu of %zu, gap %zu", r, n, gap);
    }
}

static void
check_present(uint8_t *const *column, size_t n_items, size_t n, size_t gap)
{
    uint8_t *present = byte_end[2] - n - gap;
    for (size_t r = 0; r < n; r++) {
        present[r] = r % 5 == 0; /* what is there stays */
        if (r % 3 == 0)
            for (size_t i = 0; i < n_items; i++)
                column[i][r] = 0x80;
    }
    om_kernel_present((const uint8_t *const *)column, n_items, n, present);
    for (size_t r = 0; r < n; r++) {
        bool any = r % 5 == 0;
        for (size_t i = 0; i < n_items; i++)
            any |= column[i][r] != 0x80;
        if (present[r] != any)
            fail_msg("record %zu of %zu, gap %zu", r, n, gap);
    }
}

static void
check_all(size_t n_items, size_t n, size_t gap)
{
    uint8_t *column[ITEMS];
    place(column, n, gap);
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++)
        check_sum(column, rules[i], n_items, n, gap);
    check_endorsed(column, n_items, n, gap);
    check_answered(column, n_items, n, gap);
    check_present(column, n_items, n, gap);
}

static void
test_every_length_and_alignment(void **state)
{
    (void)state;
    for (size_t gap = 0; gap < ALIGNMENTS; gap++) {
        for (size_t n = 0; n <= 70; n++)
            check_all(ITEMS, n, gap);
        check_all(ITEMS, LONGEST, gap);
    }
}

static void
test_any_number_of_items(void **state)
{
    (void)state;
    for (size_t n_items = 0; n_items <= ITEMS; n_items++)
        for (size_t n = 0; n < 40; n += 13)
            check_all(n_items, n, 0);
}

/* Sums beyond a byte: 64 items at the highest code. */
static void
test_the_largest_sum(void **state)
{
    (void)state;
    static uint8_t highest[100], answered[100], na[100], invalid[100], at_least[100], at_most[100],
        threshold[64];
    static uint16_t sum[100];
    const uint8_t *column[64];
    struct om_item_rule rule[64];
    struct om_item_counts out = {.sum = sum, .answered = answered, .na = na, .invalid = invalid};
    memset(highest, 119, sizeof highest);
    memset(threshold, 119, sizeof threshold);
    for (size_t i = 0; i < 64; i++) {
        column[i] = highest;
        rule[i] = (struct om_item_rule){0, 119, 0};
    }
    om_kernel_sum(column, rule, 64, 100, &out);
    om_kernel_endorsed(column, threshold, 64, 100, at_least, at_most);
    for (size_t r = 0; r < 100; r++) {
        assert_int_equal(sum[r], 64 * 119);
        assert_int_equal(answered[r], 64);
        assert_int_equal(na[r] + invalid[r], 0);
        assert_int_equal(at_least[r], 64);
        assert_int_equal(at_most[r], 64);
    }
}

/* Each byte there is, in an item with codes 1 to 5. */
static void
test_every_byte(void **state)
{
    (void)state;
    uint8_t *column[ITEMS];
    for (size_t i = 0; i < ITEMS; i++) {
        column[i] = column_end[i] - 256;
        for (size_t r = 0; r < 256; r++)
            column[i][r] = (uint8_t)(r + i);
    }
    for (size_t n_items = 1; n_items <= ITEMS; n_items++) {
        for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++)
            check_sum(column, rules[i], n_items, 256, 0);
        check_endorsed(column, n_items, 256, 0);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_length_and_alignment),
        cmocka_unit_test(test_any_number_of_items),
        cmocka_unit_test(test_the_largest_sum),
        cmocka_unit_test(test_every_byte),
    };
    return cmocka_run_group_tests(tests, map_memory, NULL);
}
