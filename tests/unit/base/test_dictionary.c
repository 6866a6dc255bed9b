#include "support/support.h"

#include "base/dictionary.h"
#include "base/memory.h"
#include <stdio.h>
#include <string.h>

static size_t
name_of(size_t i, char *text) /* all different, some the beginning of others, one empty */
{
    return i == 0 ? (size_t)(text[0] = '\0') : (size_t)sprintf(text, "%zu%s", i / 2, i % 2 ? "-" : "");
}

static void
test_numbers_in_order_of_appearance(void **state)
{
    (void)state;
    struct om_dictionary d = OM_DICTIONARY_EMPTY;
    char text[32];
    bool is_new;
    assert_int_equal(om_dictionary_find(&d, "a", 1), OM_DICTIONARY_NONE);
    for (int round = 0; round < 2; round++)
        for (size_t i = 0; i < 20000; i++) {
            size_t length = name_of(i, text);
            assert_int_equal(om_dictionary_add(&d, text, length, &is_new), i);
            assert_int_equal(is_new, round == 0);
            assert_int_equal(om_dictionary_find(&d, text, length), i);
        }
    assert_int_equal(d.n, 20000);
    for (size_t i = 0; i < 20000; i++) {
        size_t length = name_of(i, text);
        assert_string_equal(om_dictionary_text(&d, (uint32_t)i), text);
        assert_int_equal(om_dictionary_length(&d, (uint32_t)i), length);
    }
    assert_int_equal(om_dictionary_find(&d, "x", 1), OM_DICTIONARY_NONE);
    assert_int_equal(om_dictionary_find(&d, "100", 2), om_dictionary_find(&d, "10", 2));
    om_dictionary_release(&d);
    assert_int_equal(om_dictionary_find(&d, "1", 1), OM_DICTIONARY_NONE);
    assert_int_equal(om_dictionary_add(&d, "new", 3, NULL), 0);
    om_dictionary_release(&d);
}

/* Bytes, not strings: NULs count, and the length is part of the key. */
static void
test_any_bytes(void **state)
{
    (void)state;
    struct om_dictionary d = OM_DICTIONARY_EMPTY;
    static const char zeros[8] = {0};
    for (uint32_t length = 0; length < 8; length++)
        assert_int_equal(om_dictionary_add(&d, zeros, length, NULL), length);
    assert_int_equal(om_dictionary_add(&d, "a\0b", 3, NULL), 8);
    assert_int_equal(om_dictionary_add(&d, "a\0c", 3, NULL), 9);
    assert_int_equal(om_dictionary_find(&d, "a\0b", 3), 8);
    assert_int_equal(om_dictionary_find(&d, "a", 1), OM_DICTIONARY_NONE);
    assert_memory_equal(om_dictionary_text(&d, 9), "a\0c", 4);
    om_dictionary_release(&d);
}

/* Every key begins with all that come after it, and many share a place in the table. */
static void
test_beginnings_of_one_another(void **state)
{
    (void)state;
    struct om_dictionary d = OM_DICTIONARY_EMPTY;
    static char text[3000];
    memset(text, 'a', sizeof text);
    for (uint32_t i = 0; i < 3000; i++)
        assert_int_equal(om_dictionary_add(&d, text, 3000 - i, NULL), i);
    for (uint32_t i = 0; i < 3000; i++)
        assert_int_equal(om_dictionary_find(&d, text, 3000 - i), i);
    om_dictionary_release(&d);
}

/* What could not be added can be added later, and nothing else is lost. */
static void
test_out_of_memory(void **state)
{
    (void)state;
    size_t live = om_memory_live();
    for (size_t k = 0; k < 40; k++) {
        struct om_dictionary d = OM_DICTIONARY_EMPTY;
        char text[32];
        bool is_new;
        om_memory_fail_at(k);
        for (size_t i = 0; i < 3000; i++) {
            size_t length = name_of(i, text);
            uint32_t index = om_dictionary_add(&d, text, length, &is_new);
            if (index == OM_DICTIONARY_FULL) {
                assert_false(is_new);
                assert_int_equal(d.n, i);
                index = om_dictionary_add(&d, text, length, &is_new);
            }
            assert_int_equal(index, i);
            assert_true(is_new);
        }
        om_memory_fail_at((size_t)-1);
        for (size_t i = 0; i < 3000; i++)
            assert_int_equal(om_dictionary_find(&d, text, name_of(i, text)), i);
        om_dictionary_release(&d);
        assert_int_equal(om_memory_live(), live);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers_in_order_of_appearance),
        cmocka_unit_test(test_any_bytes),
        cmocka_unit_test(test_beginnings_of_one_another),
        cmocka_unit_test(test_out_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
