#include "support/support.h"

#include "base/buffer.h"
#include "base/memory.h"
#include <string.h>

static void
test_every_way_to_write(void **state)
{
    (void)state;
    struct om_buffer b = OM_BUFFER_EMPTY;
    assert_string_equal(om_buffer_string(&b), "");
    om_buffer_text(&b, "n = ");
    om_buffer_format(&b, "%d%s", 28, ", ");
    om_buffer_double(&b, 14.625);
    om_buffer_char(&b, ';');
    om_buffer_repeat(&b, "ab", 3);
    om_buffer_repeat(&b, "ab", 0);
    om_buffer_add(&b, "x\0y", 3);
    om_buffer_add(&b, NULL, 0);
    om_buffer_format(&b, "%s", "");
    assert_true(om_buffer_ok(&b));
    assert_int_equal(b.length, 24);
    assert_memory_equal(b.data, "n = 28, 14.625;abababx\0y", 25);
    om_buffer_release(&b);
}

static void
test_long_texts_grow_it(void **state)
{
    (void)state;
    struct om_buffer b = OM_BUFFER_EMPTY;
    static char line[5000];
    memset(line, 'z', sizeof line - 1);
    for (size_t n = 1; n <= 300; n++) {
        om_buffer_char(&b, 'a');
        assert_int_equal(b.length, n);
        assert_int_equal(strlen(om_buffer_string(&b)), n);
    }
    om_buffer_format(&b, "%s", line);
    assert_int_equal(strlen(om_buffer_string(&b)), 300 + 4999);
    om_buffer_clear(&b);
    assert_string_equal(om_buffer_string(&b), "");
    assert_true(b.capacity > 5000);
    om_buffer_text(&b, "again");
    assert_string_equal(om_buffer_string(&b), "again");
    om_buffer_release(&b);
    om_buffer_clear(&b);
    assert_string_equal(om_buffer_string(&b), "");
}

/* Callers that write the bytes themselves: any length up to the room asked for. */
static void
test_room(void **state)
{
    (void)state;
    struct om_buffer b = {.ceiling = 300};
    om_buffer_text(&b, "a");
    for (size_t n = 0; n < 20; n++) {
        char *at = om_buffer_room(&b, 2 * n);
        assert_non_null(at);
        assert_ptr_equal(at, b.data + b.length);
        memset(at, 'b', 2 * n);
        om_buffer_wrote(&b, at + n);
        assert_int_equal(strlen(om_buffer_string(&b)), 1 + n * (n + 1) / 2);
    }
    assert_int_equal(strspn(om_buffer_string(&b) + 1, "b"), 190);
    assert_non_null(om_buffer_room(&b, 300 - b.length));
    assert_true(om_buffer_ok(&b));
    assert_null(om_buffer_room(&b, 301 - b.length));
    assert_false(om_buffer_ok(&b));
    assert_null(om_buffer_room(&b, 0));
    om_buffer_release(&b);
}

/* The ceiling itself can be reached; one byte more fails, and so does everything after it. */
static void
test_the_ceiling(void **state)
{
    (void)state;
    struct om_buffer b = {.ceiling = 5};
    om_buffer_text(&b, "12345");
    assert_true(om_buffer_ok(&b));
    om_buffer_text(&b, "");
    assert_true(om_buffer_ok(&b));
    om_buffer_char(&b, '6');
    assert_false(om_buffer_ok(&b));
    om_buffer_clear(&b);
    om_buffer_char(&b, '1'); /* failure is sticky */
    om_buffer_format(&b, "%d", 1);
    assert_int_equal(b.length, 0);
    assert_null(om_buffer_take(&b));
    assert_true(om_buffer_ok(&b)); /* released, with its ceiling */
    assert_int_equal(b.ceiling, 5);
    om_buffer_format(&b, "%s", "123456");
    assert_false(om_buffer_ok(&b));
    om_buffer_release(&b);
}

/* Lengths that no memory holds fail at once. */
static void
test_lengths_beyond_memory(void **state)
{
    (void)state;
    static const size_t lengths[] = {SIZE_MAX, SIZE_MAX - 1, SIZE_MAX / 2 + 2, SIZE_MAX / 2};
    for (size_t i = 0; i < 4; i++) {
        struct om_buffer b = OM_BUFFER_EMPTY;
        om_buffer_text(&b, "abc");
        om_buffer_add(&b, "", lengths[i]);
        assert_false(om_buffer_ok(&b));
        assert_string_equal(om_buffer_string(&b), "abc");
        om_buffer_release(&b);
    }
}

static void
test_taking_the_bytes(void **state)
{
    (void)state;
    size_t live = om_memory_live();
    struct om_buffer b = OM_BUFFER_EMPTY;
    char *empty = om_buffer_take(&b);
    assert_string_equal(empty, "");
    om_buffer_text(&b, "report");
    char *text = om_buffer_take(&b);
    assert_string_equal(text, "report");
    assert_string_equal(om_buffer_string(&b), "");
    assert_int_equal(b.capacity, 0);
    om_free(empty);
    om_free(text);
    assert_int_equal(om_memory_live(), live);
}

static void
test_out_of_memory(void **state)
{
    (void)state;
    size_t live = om_memory_live(), k = 0;
    for (bool failed = true; failed; k++) {
        struct om_buffer b = OM_BUFFER_EMPTY;
        om_memory_fail_at(k);
        for (size_t i = 0; i < 50; i++) {
            om_buffer_format(&b, "%d;", 1000);
            om_buffer_repeat(&b, "abc", 2);
        }
        char *text = om_buffer_take(&b);
        om_memory_fail_at((size_t)-1);
        failed = !text;
        assert_true(failed || strlen(text) == 550);
        om_free(text);
        assert_int_equal(om_memory_live(), live);
    }
    assert_true(k > 3);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_way_to_write),
        cmocka_unit_test(test_long_texts_grow_it),
        cmocka_unit_test(test_room),
        cmocka_unit_test(test_the_ceiling),
        cmocka_unit_test(test_lengths_beyond_memory),
        cmocka_unit_test(test_taking_the_bytes),
        cmocka_unit_test(test_out_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
