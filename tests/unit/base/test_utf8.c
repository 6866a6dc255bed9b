/* Against the list of all characters there are: encode each by the rule of RFC 3629, and accept nothing else.
 */
#include "support/support.h"

#include "base/utf8.h"
#include <string.h>

static size_t
encode(uint32_t c, unsigned char *out)
{
    if (c < 0x80)
        return out[0] = (unsigned char)c, 1;
    size_t n = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    for (size_t i = n - 1; i > 0; i--, c >>= 6)
        out[i] = (unsigned char)(0x80 | (c & 0x3f));
    out[0] = (unsigned char)((n == 2 ? 0xc0 : n == 3 ? 0xe0 : 0xf0) | c);
    return n;
}

static bool
is_valid(const unsigned char *text, size_t length)
{
    return om_utf8_valid((const char *)text, length);
}

/* Valid two-, three- and four-byte forms, by their value. */
static unsigned char two[1 << 16], *three, *four;

static void
test_every_character_is_accepted(void **state)
{
    (void)state;
    unsigned char text[5];
    three = calloc(1 << 24, 1);
    four = calloc(1 << 24, 1); /* behind 0xf0 ... 0xf4: bit 0 to 4 */
    assert_non_null(three);
    assert_non_null(four);
    for (uint32_t c = 0; c <= 0x10ffff; c++) {
        if (c >= 0xd800 && c <= 0xdfff)
            continue;
        size_t n = encode(c, text);
        if (!is_valid(text, n))
            fail_msg("U+%04X", c);
        for (size_t cut = 1; cut < n; cut++)
            if (is_valid(text, cut) || is_valid(text + cut, n - cut))
                fail_msg("U+%04X cut after %zu bytes", c, cut);
        if (n == 2)
            two[text[0] << 8 | text[1]] = 1;
        else if (n == 3)
            three[text[0] << 16 | text[1] << 8 | text[2]] = 1;
        else if (n == 4)
            four[text[1] << 16 | text[2] << 8 | text[3]] |= (unsigned char)(1 << (text[0] - 0xf0));
    }
}

/* Texts of one to three bytes: all there are. Of four: all behind a first byte from 0xee on. */
static void
test_nothing_else_is_accepted(void **state)
{
    (void)state;
    unsigned char t[4];
    for (uint32_t v = 0; v < 1 << 24; v++) {
        t[0] = (unsigned char)(v >> 16), t[1] = (unsigned char)(v >> 8), t[2] = (unsigned char)v;
        bool a0 = t[0] < 0x80, a1 = t[1] < 0x80, a2 = t[2] < 0x80;
        bool want = three[v] || (a0 && two[v & 0xffff]) || (two[v >> 8] && a2) || (a0 && a1 && a2);
        if (is_valid(t, 3) != want)
            fail_msg("%02x %02x %02x", t[0], t[1], t[2]);
        if (t[0] == 0 && is_valid(t + 1, 2) != (two[v & 0xffff] || (a1 && a2)))
            fail_msg("%02x %02x", t[1], t[2]);
        if (v < 256 && is_valid(t + 2, 1) != a2)
            fail_msg("%02x", t[2]);
    }
    for (unsigned first = 0xee; first <= 0xff; first++)
        for (uint32_t v = 0; v < 1 << 24; v++) {
            t[0] = (unsigned char)first, t[1] = (unsigned char)(v >> 16), t[2] = (unsigned char)(v >> 8);
            t[3] = (unsigned char)v;
            bool whole = first >= 0xf0 && first <= 0xf4 && (four[v] >> (first - 0xf0) & 1);
            bool parts = t[3] < 0x80 && three[first << 16 | v >> 8];
            if (is_valid(t, 4) != (whole || parts))
                fail_msg("%02x %02x %02x %02x", t[0], t[1], t[2], t[3]);
        }
    free(three);
    free(four);
}

static void
test_texts(void **state)
{
    (void)state;
    assert_true(om_utf8_valid("", 0));
    assert_true(om_utf8_valid(NULL, 0));
    assert_true(om_utf8_valid("a\0b", 3));
    assert_true(om_utf8_valid("L\xc3\xb6we", 5));
    assert_false(om_utf8_valid("L\xf6we", 4));
    assert_true(om_utf8_valid("L\xc3\xb6we\xff", 5)); /* only so far */
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_character_is_accepted),
        cmocka_unit_test(test_nothing_else_is_accepted),
        cmocka_unit_test(test_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
