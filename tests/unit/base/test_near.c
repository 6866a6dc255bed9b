#include "support/support.h"

#include "base/near.h"
#include <string.h>

static void
test_distance_counts_edits(void **state)
{
    (void)state;
    assert_int_equal(om_edit_distance("", ""), 0);
    assert_int_equal(om_edit_distance("", "abc"), 3);
    assert_int_equal(om_edit_distance("abc", ""), 3);
    assert_int_equal(om_edit_distance("kitten", "sitting"), 3);
    assert_int_equal(om_edit_distance("sitting", "kitten"), 3);
    assert_int_equal(om_edit_distance("itmes", "items"), 1); /* neighbours swapped: one edit, not two */
    assert_int_equal(om_edit_distance("ITEMS", "items"), 0);
    assert_int_equal(om_edit_distance("ca", "abc"), 3); /* restricted: no edit inside a swap */
}

static void
test_words_beyond_the_limit_are_no_slips(void **state)
{
    (void)state;
    char word[50];
    memset(word, 'a', 48);
    word[48] = '\0';
    assert_int_equal(om_edit_distance(word, word), 0);
    memset(word, 'a', 49);
    word[49] = '\0';
    assert_true(om_edit_distance(word, "a") == (size_t)-1);
    assert_true(om_edit_distance("a", word) == (size_t)-1);
}

static void
test_the_equally_nearest_and_no_more_than_three(void **state)
{
    (void)state;
    static const char *const known[] = {"bands", "band", "bend", "bond", "bind", "label", "items"};
    const char *near[OM_NEAR_MAX];
    assert_int_equal(om_near_words("bnd", known, 7, near), 3); /* "bands" is farther, "bind" the fourth */
    assert_string_equal(near[0], "band");
    assert_string_equal(near[1], "bend");
    assert_string_equal(near[2], "bond");
    assert_int_equal(om_near_words("itmes", known, 7, near), 1);
    assert_string_equal(near[0], "items");
    assert_int_equal(om_near_words("zebra", known, 7, near), 0);
    static const char *const evidence[] = {"derived", "verified"}; /* 2 edits and 1 away */
    assert_int_equal(om_near_words("verifed", evidence, 2, near), 1);
    assert_string_equal(near[0], "verified");
}

static void
test_beginnings_are_near_and_single_letters_are_not(void **state)
{
    (void)state;
    static const char *const known[] = {"meaningful_change", "n", "id"};
    const char *near[OM_NEAR_MAX];
    assert_int_equal(om_near_words("meaningful", known, 3, near), 1);
    assert_string_equal(near[0], "meaningful_change");
    assert_int_equal(om_near_words("me", known, 3, near), 0);
    assert_int_equal(om_near_words("x", known, 3, near), 0); /* "n" shares nothing with it */
    assert_int_equal(om_near_words("", known, 3, near), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_distance_counts_edits),
        cmocka_unit_test(test_words_beyond_the_limit_are_no_slips),
        cmocka_unit_test(test_the_equally_nearest_and_no_more_than_three),
        cmocka_unit_test(test_beginnings_are_near_and_single_letters_are_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
