#include "support/support.h"

#include "base/memory.h"
#include <string.h>

static const volatile size_t huge = SIZE_MAX / 2 + 1; /* volatile: the compiler must not know */

static void
test_products_that_do_not_fit_are_refused(void **state)
{
    (void)state;
    size_t live = om_memory_live();
    char *old = om_alloc(4, 1);
    assert_non_null(old);
    memcpy(old, "abc", 4);
    assert_null(om_alloc(huge, 2));
    assert_null(om_alloc(2, huge));
    assert_null(om_calloc(huge, 2));
    assert_null(om_realloc(old, huge, 4));
    assert_string_equal(old, "abc"); /* still there */
    om_free(old);
    assert_int_equal(om_memory_live(), live);
}

static void
test_no_bytes_are_still_memory(void **state)
{
    (void)state;
    void *memory[] = {om_alloc(0, 8), om_alloc(8, 0), om_calloc(0, 0), om_realloc(NULL, 0, 4)};
    for (size_t i = 0; i < 4; i++) {
        assert_non_null(memory[i]);
        om_free(memory[i]);
    }
    om_free(NULL);
}

static void
test_zeroed_and_copied(void **state)
{
    (void)state;
    unsigned char *zero = om_calloc(1000, 3);
    assert_non_null(zero);
    for (size_t i = 0; i < 3000; i++)
        assert_int_equal(zero[i], 0);
    char *whole = om_strdup("level"), *part = om_strndup("level", 2), *none = om_strndup("level", 0);
    assert_string_equal(whole, "level");
    assert_string_equal(part, "le");
    assert_string_equal(none, "");
    om_free(zero);
    om_free(whole);
    om_free(part);
    om_free(none);
}

static void
test_live_blocks_are_counted(void **state)
{
    (void)state;
    size_t live = om_memory_live();
    char *a = om_alloc(1, 1), *b = om_realloc(NULL, 1, 1);
    assert_int_equal(om_memory_live(), live + 2);
    b = om_realloc(b, 5000, 1); /* the same block, wherever it lies now */
    assert_int_equal(om_memory_live(), live + 2);
    om_free(a);
    om_free(NULL);
    assert_int_equal(om_memory_live(), live + 1);
    om_free(b);
    assert_int_equal(om_memory_live(), live);
}

static void
test_growing_keeps_what_is_there(void **state)
{
    (void)state;
    uint32_t *v = NULL;
    size_t capacity = 0, moves = 0;
    for (uint32_t n = 0; n < 1000; n++) {
        size_t before = capacity;
        assert_true(om_grow(&v, &capacity, n, sizeof *v));
        assert_true(capacity > n);
        moves += capacity != before;
        v[n] = n;
    }
    for (uint32_t n = 0; n < 1000; n++)
        assert_int_equal(v[n], n);
    assert_int_equal(moves, 8); /* 8, 16, ... 1024 */
    om_memory_fail_at(0);
    uint32_t *old = v;
    assert_false(om_grow(&v, &capacity, capacity, sizeof *v));
    assert_ptr_equal(v, old);
    assert_int_equal(capacity, 1024);
    assert_true(om_grow(&v, &capacity, capacity, sizeof *v));
    om_free(v);
}

/* Exactly one allocation fails, the k-th from now, of whichever kind. */
static void
test_the_kth_allocation_fails(void **state)
{
    (void)state;
    for (size_t k = 0; k < 7; k++) {
        void *memory[6] = {NULL};
        om_memory_fail_at(k);
        memory[0] = om_alloc(1, 1);
        memory[1] = om_calloc(1, 1);
        memory[2] = om_realloc(NULL, 1, 1);
        memory[3] = om_strdup("x");
        memory[4] = om_strndup("x", 1);
        memory[5] = om_alloc(1, 1);
        for (size_t i = 0; i < 6; i++) {
            assert_true((memory[i] == NULL) == (i == k));
            om_free(memory[i]);
        }
        om_memory_fail_at((size_t)-1);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_products_that_do_not_fit_are_refused),
        cmocka_unit_test(test_no_bytes_are_still_memory),
        cmocka_unit_test(test_zeroed_and_copied),
        cmocka_unit_test(test_live_blocks_are_counted),
        cmocka_unit_test(test_growing_keeps_what_is_there),
        cmocka_unit_test(test_the_kth_allocation_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
