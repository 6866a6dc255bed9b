#include "support/support.h"

#include "report/utf8.h"
#include <stdio.h>
#include <string.h>

static const char *
after(void (*transform)(struct om_buffer *, const char *), const char *text)
{
    static char copy[256];
    struct om_buffer out = OM_BUFFER_EMPTY;
    transform(&out, text);
    snprintf(copy, sizeof copy, "%s", om_buffer_string(&out));
    om_buffer_release(&out);
    return copy;
}

#define FFFD "\xEF\xBF\xBD"

/* The examples of the Unicode standard, chapter 3, "U+FFFD substitution of maximal subparts". */
static void
test_repair(void **state)
{
    (void)state;
    assert_string_equal(after(om_utf8_repair, "gr\xC3\xBC\xC3\x9F \xF0\x9F\x98\x80"),
                        "gr\xC3\xBC\xC3\x9F \xF0\x9F\x98\x80");
    assert_string_equal(after(om_utf8_repair, "\xC0\xAF\xE0\x80\xBF\xF0\x81\x82\x41"),
                        FFFD FFFD FFFD FFFD FFFD FFFD FFFD FFFD "A");
    assert_string_equal(after(om_utf8_repair, "\xED\xA0\x80\xED\xBF\xBF\xED\xAF\x41"),
                        FFFD FFFD FFFD FFFD FFFD FFFD FFFD FFFD "A");
    assert_string_equal(after(om_utf8_repair, "\xF4\x91\x92\x93\xFF\x41\x80\xBF\x42"),
                        FFFD FFFD FFFD FFFD FFFD "A" FFFD FFFD "B");
    assert_string_equal(after(om_utf8_repair, "\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41"),
                        FFFD FFFD FFFD FFFD "A");
    assert_string_equal(after(om_utf8_repair, "\xF4\x8F\xBF\xBF\xF4\x90\x80\x80"),
                        "\xF4\x8F\xBF\xBF" FFFD FFFD FFFD FFFD);
    assert_string_equal(after(om_utf8_repair, "cut \xE2\x82"), "cut " FFFD);
}

/* Every code point is written and read back; surrogates are not characters. */
static void
test_every_code_point(void **state)
{
    (void)state;
    for (uint32_t c = 1; c <= 0x10FFFF; c++) {
        char text[5] = {0};
        size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
        static const unsigned char lead[] = {0, 0, 0xC0, 0xE0, 0xF0};
        uint32_t rest = c, got;
        for (size_t i = n; i-- > 1; rest >>= 6)
            text[i] = (char)(0x80 | (rest & 0x3F));
        text[0] = (char)(lead[n] | rest);
        size_t used = om_utf8_next(text, n, &got);
        if (c >= 0xD800 && c <= 0xDFFF) {
            assert_true(got == OM_UTF8_INVALID && used == 1);
        } else if (used != n || got != c) {
            fail_msg("U+%04X", c);
        }
    }
}

static void
test_display(void **state)
{
    (void)state;
    assert_string_equal(after(om_utf8_display, "a\x1b[2J\tb\r\n\x7f"), "a\\x1b[2J\\tb\\r\\n\\x7f");
    assert_string_equal(after(om_utf8_display, "x\xff\xc3("), "x\\xff\\xc3(");
    assert_string_equal(after(om_utf8_display, "\xC2\x9B"
                                               "31m"),
                        "\\u009b31m"); /* C1 control */
    assert_string_equal(after(om_utf8_display, "\xE2\x80\xAE"
                                               "evil"),
                        "\\u202eevil"); /* right to left */
    assert_string_equal(after(om_utf8_display, "\xE2\x81\xA6\xE2\x80\xA8"),
                        "\\u2066\\u2028"); /* isolate, line */
    assert_string_equal(after(om_utf8_display, "caf\xC3\xA9 \xE2\x89\xA5 1"), "caf\xC3\xA9 \xE2\x89\xA5 1");
}

static void
test_width(void **state)
{
    (void)state;
    assert_int_equal(om_utf8_width(""), 0);
    assert_int_equal(om_utf8_width("caf\xC3\xA9"), 4);
    assert_int_equal(om_utf8_width("cafe\xCC\x81"), 4);             /* combining accent */
    assert_int_equal(om_utf8_width("\xE6\x97\xA5\xE6\x9C\xAC"), 4); /* two wide characters */
    assert_int_equal(om_utf8_width("\xF0\x9F\x98\x80"), 2);
    assert_int_equal(om_utf8_width("\xE2\x94\x80\xE2\x96\x88\xE2\x80\xA6"), 3); /* line, block, ellipsis */
}

/* Never wider than asked, both ends kept, whole characters only. */
static void
test_fit(void **state)
{
    (void)state;
    static const char *const names[] = {"cohort=1;site=north",
                                        "cohort=1;site=south",
                                        "",
                                        "ab",
                                        "\xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E\xE6\x96\x87",
                                        "e\xCC\x81xe\xCC\x81y\xC3\xA9z"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        for (size_t width = 1; width < 24; width++) {
            struct om_buffer out = OM_BUFFER_EMPTY;
            size_t used = om_utf8_fit(&out, names[i], width);
            assert_true(used <= width);
            assert_int_equal(om_utf8_width(om_buffer_string(&out)), used);
            if (om_utf8_width(names[i]) <= width)
                assert_string_equal(om_buffer_string(&out), names[i]);
            om_buffer_release(&out);
        }
    struct om_buffer out = OM_BUFFER_EMPTY;
    om_utf8_fit(&out, names[0], 12);
    assert_string_equal(om_buffer_string(&out), "cohort\xE2\x80\xA6north");
    om_buffer_release(&out);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_repair),  cmocka_unit_test(test_every_code_point),
        cmocka_unit_test(test_display), cmocka_unit_test(test_width),
        cmocka_unit_test(test_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
