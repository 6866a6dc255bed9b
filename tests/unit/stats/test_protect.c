/* Which rows of a table of counts can be shown; bounds of linear programmes. */
#include "support/support.h"

#include "stats/program.h"
#include "stats/protect.h"

#include <string.h>

enum { ROWS = 12, CLASSES = 4 };

/* alone[row] after protecting count, as 0 and 1; "" when nothing can be shown. */
static const char *
shown(const uint64_t *count, size_t rows, size_t classes, const bool *never_alone, uint64_t below)
{
    static char text[ROWS + 1];
    struct om_error err;
    struct om_blocks blocks;
    uint64_t size[ROWS] = {0};
    bool alone[ROWS], possible;
    for (size_t r = 0; r < rows; r++)
        for (size_t c = 0; c < classes; c++)
            size[r] += count[r * classes + c];
    assert_ok(om_blocks_init(&blocks, rows, &err));
    assert_ok(om_blocks_protect(&blocks, count, classes, size, never_alone, below, &possible, &err));
    assert_ok(om_blocks_alone(&blocks, alone, &err));
    om_blocks_release(&blocks);
    for (size_t r = 0; r < rows; r++)
        text[r] = alone[r] ? '1' : '0';
    text[possible ? rows : 0] = '\0';
    return text;
}
#define COUNTS(...) ((const uint64_t[]){__VA_ARGS__})

static void
joins_as_few_as_needed(void **state)
{
    (void)state;
    assert_string_equal(shown(COUNTS(20, 30, 40), 3, 1, NULL, 11), "111");
    assert_string_equal(shown(COUNTS(3, 30, 20, 40), 4, 1, NULL, 11), "0101"); /* with the smallest */
    assert_string_equal(shown(COUNTS(3, 9, 20, 40), 4, 1, NULL, 11), "0011");  /* 12 together */
    assert_string_equal(shown(COUNTS(3, 7, 20, 40), 4, 1, NULL, 11), "0001");
    assert_string_equal(shown(COUNTS(10, 11, 0, 40), 4, 1, NULL, 11), "0011"); /* nobody is no help */
    assert_string_equal(shown(COUNTS(10, 40), 2, 1, NULL, 10), "11");
    assert_string_equal(shown(COUNTS(10, 40), 2, 1, NULL, 11), "00");
    assert_string_equal(shown(COUNTS(4, 5), 2, 1, NULL, 11), ""); /* not even the sum */
    assert_string_equal(shown(COUNTS(0, 0), 2, 1, NULL, 11), "11");
}

static void
looks_at_every_class(void **state)
{
    (void)state;
    /* 3 of 43 are few, and so are 40 of 43, which leaves 3. */
    assert_string_equal(shown(COUNTS(3, 40, 20, 20, 30, 30), 3, 2, NULL, 11), "001");
    assert_string_equal(shown(COUNTS(40, 3, 20, 20, 30, 30), 3, 2, NULL, 11), "001");
    assert_string_equal(shown(COUNTS(40, 0, 20, 20, 30, 30), 3, 2, NULL, 11), "111");
    assert_string_equal(shown(COUNTS(40, 3, 20, 0, 30, 4), 3, 2, NULL, 11), "");
}

static void
keeps_rows_from_standing_alone(void **state)
{
    (void)state;
    const bool second[] = {false, true, false, false}, both[] = {false, true, false, true};
    assert_string_equal(shown(COUNTS(20, 30, 40, 50), 4, 1, second, 11), "0011");
    assert_string_equal(shown(COUNTS(20, 30, 40, 50), 4, 1, both, 11), "1010");
    assert_string_equal(shown(COUNTS(0, 30, 0, 0), 4, 1, second, 11), "1111"); /* nobody to join */
}

/* Whatever the table: no class of a block is small, blocks only grow, and the sum is what it was. */
static void
no_block_is_small(void **state)
{
    (void)state;
    struct om_error err;
    for (int round = 0; round < 5000; round++) {
        uint64_t count[ROWS * CLASSES], size[ROWS] = {0}, below = 2 + test_random() % 10;
        size_t rows = 1 + test_random() % ROWS, classes = 1 + test_random() % CLASSES;
        for (size_t i = 0; i < rows * classes; i++) {
            count[i] = test_random() % 3 == 0 ? 0 : test_random() % 40;
            size[i / classes] += count[i];
        }
        struct om_blocks blocks;
        bool possible, small = false;
        assert_ok(om_blocks_init(&blocks, rows, &err));
        assert_ok(om_blocks_protect(&blocks, count, classes, size, NULL, below, &possible, &err));
        for (size_t b = 0; b < rows; b++)
            for (size_t c = 0; c < classes; c++) {
                uint64_t sum = 0, all = 0;
                for (size_t r = 0; r < rows; r++) {
                    sum += blocks.block[r] == b ? count[r * classes + c] : 0;
                    all += count[r * classes + c];
                }
                assert_false(possible && sum > 0 && sum < below);
                small |= all > 0 && all < below;
            }
        assert_int_equal(possible, !small);
        om_blocks_release(&blocks);
    }
}

/* The vertex of a textbook: x + 2y <= 14, 3x - y >= 0, x - y <= 2; 3x + 4y is largest, 34, at (6, 4). */
static void
finds_bounds(void **state)
{
    (void)state;
    struct om_error err;
    struct om_program *program;
    double value, answer[2];
    assert_ok(om_program_new(2, 100, &program, &err));
    om_program_add(program, (double[]){1, 2}, 0, 14);
    om_program_add(program, (double[]){3, -1}, 0, 1000);
    om_program_add(program, (double[]){1, -1}, -1000, 2);
    assert_true(om_program_bound(program, (double[]){3, 4}, true, &value, answer));
    assert_close(value, 34, 1e-12);
    assert_close(answer[0], 6, 1e-12);
    assert_close(answer[1], 4, 1e-12);
    assert_true(om_program_bound(program, (double[]){3, 4}, false, &value, answer));
    assert_close(1 + value, 1, 1e-12);
    om_program_add(program, (double[]){1, 1}, 5, 5);
    assert_true(om_program_bound(program, (double[]){1, 0}, false, &value, answer));
    assert_close(value, 1.25, 1e-12); /* 3x >= y = 5 - x */
    om_program_add(program, (double[]){1, 0}, 50, 60);
    assert_false(om_program_bound(program, (double[]){1, 0}, true, &value, answer)); /* a contradiction */
    om_program_free(program);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(joins_as_few_as_needed),
                                       cmocka_unit_test(looks_at_every_class),
                                       cmocka_unit_test(keeps_rows_from_standing_alone),
                                       cmocka_unit_test(no_block_is_small), cmocka_unit_test(finds_bounds)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
