#include "panel/occasion.h"
#include "support/support.h"

#include <string.h>

static struct om_occasion_word
word(const char *text)
{
    struct om_occasion_word out;
    if (!om_occasion_parse(text, strlen(text), true, &out))
        fail_msg("'%s' is no occasion", text);
    return out;
}

/* -1, 0, 1, or 9 where the two have no order. */
static int
order(const char *a, const char *b)
{
    struct om_occasion_word x = word(a), y = word(b);
    int sign = 0;
    return om_occasion_order(&x, &y, &sign) ? sign : 9;
}

static void
test_words(void **state)
{
    (void)state;
    static const char *const known[] = {"pre",           "PRE",         "Post",      "baseline",  "T1",
                                        "time 2",        "Week_12",     "fu1",       "fu",        "followup",
                                        "follow-up",     "follow_up_2", "intake",    "discharge", "mid",
                                        "wave3",         "w1",          "d30",       "month6",    "visit 2",
                                        "session10",     "12",          "1.5",       "-1",        "post-test",
                                        "pre.treatment", "t01",         "occasion 2"};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        word(known[i]);
    static const char *const unknown[] = {"",      "t",     "time", "week", "prex",
                                          "pre1",  "x1",    "arm",  "1a",   "t1x",
                                          "t 1 x", "post2", "w",    "é",    "t1234567",
                                          "1.2.3", "t-",    "1e3",  "--1",  "abcdefghijklmnopqrstuvwxyz"};
    for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++) {
        struct om_occasion_word out;
        if (om_occasion_parse(unknown[i], strlen(unknown[i]), true, &out))
            fail_msg("'%s' was taken for an occasion", unknown[i]);
    }
}

static void
test_plain_numbers_only_where_allowed(void **state)
{
    (void)state;
    struct om_occasion_word out;
    assert_true(om_occasion_parse("2", 1, true, &out));
    assert_false(om_occasion_parse("2", 1, false, &out));
    assert_true(om_occasion_parse("t2", 2, false, &out));
}

static void
test_order(void **state)
{
    (void)state;
    assert_int_equal(order("pre", "post"), -1);
    assert_int_equal(order("post", "pre"), 1);
    assert_int_equal(order("baseline", "t1"), -1);
    assert_int_equal(order("t2", "t10"), -1);
    assert_int_equal(order("time10", "t2"), 1);
    assert_int_equal(order("w1", "wave2"), -1);
    assert_int_equal(order("week2", "wk10"), -1);
    assert_int_equal(order("t9", "mid"), -1);
    assert_int_equal(order("mid", "post"), -1);
    assert_int_equal(order("post", "fu"), -1);
    assert_int_equal(order("fu", "fu1"), -1);
    assert_int_equal(order("fu1", "follow-up 2"), -1);
    assert_int_equal(order("0", "1"), -1);
    assert_int_equal(order("9", "10"), -1);
    assert_int_equal(order("-1", "0"), -1);
    assert_int_equal(order("1.5", "2"), -1);
}

/* No order: two words of one meaning, two units, or a unit beside a bare number. */
static void
test_no_order(void **state)
{
    (void)state;
    assert_int_equal(order("pre", "baseline"), 9);
    assert_int_equal(order("post", "discharge"), 9);
    assert_int_equal(order("week1", "month1"), 9);
    assert_int_equal(order("t1", "w2"), 9);
    assert_int_equal(order("1", "t2"), 9);
    assert_int_equal(order("t1", "time1"), 9);
    assert_int_equal(order("2", "2.0"), 9);
    assert_int_equal(order("mid", "middle"), 9);
}

/* The order is one: it reverses with its arguments and is transitive over all words tried. */
static void
test_order_is_consistent(void **state)
{
    (void)state;
    static const char *const all[] = {"pre", "baseline", "t1",  "t2",  "t10",   "w1",
                                      "w2",  "1",        "2",   "10",  "mid",   "post",
                                      "end", "fu",       "fu1", "fu2", "week4", "month1"};
    size_t n = sizeof all / sizeof all[0];
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < n; k++) {
            int ab = order(all[i], all[k]), ba = order(all[k], all[i]);
            assert_true(ab == 9 ? ba == 9 : ba == -ab);
            for (size_t l = 0; l < n; l++)
                if (ab == -1 && order(all[k], all[l]) == -1)
                    assert_int_equal(order(all[i], all[l]), -1);
        }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_plain_numbers_only_where_allowed),
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_no_order),
        cmocka_unit_test(test_order_is_consistent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
