/*
 * Text of other encodings against iconv: every byte, every character, every cut; and what is no text in them.
 */
#include "support/support.h"
#include "io/charset.h"
#include "io/source.h"

#include <iconv.h>
#include <string.h>

static size_t
convert_cut(enum om_encoding from, const void *bytes, size_t n, size_t step, unsigned char *out)
{
    struct om_charset conversion = {.from = from};
    size_t length = 0;
    for (size_t at = 0; at < n || at == 0; at += step) {
        const size_t piece = n - at < step ? n - at : step;
        length += om_charset_convert(&conversion, (const unsigned char *)bytes + at, piece, at + step >= n,
                                     out + length);
    }
    return length;
}

static void
assert_like_iconv(enum om_encoding from, const char *name, const char *bytes, size_t n)
{
    static unsigned char got[1 << 14];
    char want[1 << 14], *in = (char *)(uintptr_t)bytes, *out = want;
    size_t in_left = n, out_left = sizeof want;
    iconv_t oracle = iconv_open("UTF-8", name);
    assert_true(oracle != (iconv_t)-1);
    assert_true(iconv(oracle, &in, &in_left, &out, &out_left) != (size_t)-1);
    iconv_close(oracle);
    for (size_t step = 1; step < 8; step++) {
        assert_int_equal(convert_cut(from, bytes, n, step, got), out - want);
        assert_memory_equal(got, want, (size_t)(out - want));
    }
}

static void
every_byte(void **state)
{
    static const char none[] = "\x81\x8d\x8f\x90\x9d"; /* what Windows-1252 leaves out */
    (void)state;
    for (unsigned b = 0; b < 256; b++) {
        char byte = (char)b;
        unsigned char got[16];
        assert_like_iconv(OM_ENCODING_LATIN1, "ISO-8859-1", &byte, 1);
        if (b && strchr(none, byte)) {
            assert_int_equal(convert_cut(OM_ENCODING_WINDOWS1252, &byte, 1, 1, got), 1);
            assert_int_equal(got[0], OM_CHARSET_BAD);
        } else {
            assert_like_iconv(OM_ENCODING_WINDOWS1252, "CP1252", &byte, 1);
        }
    }
}

/* All of Unicode but the surrogates, in rows of 64 characters. */
static void
every_character(void **state)
{
    (void)state;
    for (unsigned first = 0; first < 0x110000; first += 64) {
        char little[64 * 4], big[64 * 4];
        size_t n = 0;
        if (first >= 0xD800 && first < 0xE000)
            continue;
        for (unsigned c = first; c < first + 64; c++) {
            unsigned unit[2] = {c, 0};
            const size_t units = c < 0x10000 ? 1 : 2;
            if (units == 2) {
                unit[0] = 0xD800 + ((c - 0x10000) >> 10);
                unit[1] = 0xDC00 + ((c - 0x10000) & 0x3FF);
            }
            for (size_t k = 0; k < units; k++, n += 2) {
                little[n] = big[n + 1] = (char)(unit[k] & 0xFF);
                little[n + 1] = big[n] = (char)(unit[k] >> 8);
            }
        }
        assert_like_iconv(OM_ENCODING_UTF16LE, "UTF-16LE", little, n);
        assert_like_iconv(OM_ENCODING_UTF16BE, "UTF-16BE", big, n);
    }
}

#define BYTES(text) (text), sizeof(text) - 1

static void
what_is_no_utf16(void **state)
{
    static const struct {
        const char *bytes;
        size_t n;
        const char *want;
    } cases[] = {
        {BYTES("a\0b"), "a\xFF"},        /* an odd byte */
        {BYTES("a\0\x00\xD8"), "a\xFF"}, /* half a pair, and the end */
        {BYTES("\x00\xD8\x62\0"), "\xFF"
                                  "b"}, /* half a pair, and something else */
        {BYTES("\x00\xDC\x62\0"), "\xFF"
                                  "b"}, /* the other half alone */
        {BYTES("\x00\xD8\x00\xD8\x00\xDC"), "\xFF\xF0\x90\x80\x80"},
        {BYTES("\x00\xD8"
               "b"),
         "\xFF\xFF"},
        {BYTES(""), ""},
    };
    unsigned char got[64];
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (size_t step = 1; step < 7; step++) {
            assert_int_equal(convert_cut(OM_ENCODING_UTF16LE, cases[i].bytes, cases[i].n, step, got),
                             strlen(cases[i].want));
            assert_memory_equal(got, cases[i].want, strlen(cases[i].want));
        }
}

static void
first_bytes(void **state)
{
    static const struct {
        enum om_encoding said;
        const char *bytes;
        size_t n;
        const char *hint; /* NULL: fine */
        enum om_encoding is;
    } cases[] = {
        {OM_ENCODING_UTF16, BYTES("\xFF\xFEi\0"), NULL, OM_ENCODING_UTF16LE},
        {OM_ENCODING_UTF16, BYTES("\xFE\xFF\0i"), NULL, OM_ENCODING_UTF16BE},
        {OM_ENCODING_UTF16, BYTES("i\0d\0"), "utf-16le", 0},
        {OM_ENCODING_UTF16, BYTES(""), NULL, OM_ENCODING_UTF16},
        {OM_ENCODING_UTF16LE, BYTES("\xFF\xFEi\0"), NULL, OM_ENCODING_UTF16LE},
        {OM_ENCODING_UTF16LE, BYTES("i\0d\0"), NULL, OM_ENCODING_UTF16LE},
        {OM_ENCODING_UTF16LE, BYTES("\xFE\xFF\0i"), "utf-16", 0},
        {OM_ENCODING_UTF16BE, BYTES("\xFF\xFEi\0"), "utf-16", 0},
        {OM_ENCODING_UTF16, BYTES("\xFF\xFE\0\0"), "UTF-32", 0},
        {OM_ENCODING_UTF16, BYTES("\0\0\xFE\xFF"), "UTF-32", 0},
        {OM_ENCODING_LATIN1, BYTES("\xEF\xBB\xBFi"), "leave", 0},
        {OM_ENCODING_LATIN1, BYTES("\xFF\xFEi\0"), "utf-16", 0},
        {OM_ENCODING_WINDOWS1252, BYTES("\xEFid,"), NULL, OM_ENCODING_WINDOWS1252},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct om_charset conversion = {.from = cases[i].said};
        struct om_error err = {0};
        const om_status status =
            om_charset_probe(&conversion, (const unsigned char *)cases[i].bytes, cases[i].n, &err);
        assert_int_equal(status, cases[i].hint ? OM_ERR_PANEL : OM_OK);
        if (cases[i].hint)
            assert_non_null(strstr(err.hint, cases[i].hint));
        else
            assert_int_equal(conversion.from, cases[i].is);
    }
}

/* A source hands it out whatever the room; the tap sees the bytes as they are stored. */
static size_t tapped;
static void
tap(void *context, const void *bytes, size_t length)
{
    (void)context, (void)bytes;
    tapped += length;
}

static void
through_a_source(void **state)
{
    enum { LETTERS = 70000 };
    static char file[2 + 2 * LETTERS], got[2 * LETTERS + 8];
    (void)state;
    memcpy(file, "\xFF\xFE", 2);
    for (size_t i = 0; i < LETTERS; i++) {
        file[2 + 2 * i] = (char)0xE9; /* e acute: two bytes of UTF-8 */
        file[3 + 2 * i] = 0;
    }
    const char *path = temporary_file(".csv", file, sizeof file);
    for (size_t room = 1; room < 300000; room = 7 * room + 3) {
        struct om_input source = OM_INPUT_CLOSED;
        struct om_error err;
        size_t n = 1, length = 0;
        tapped = 0;
        assert_ok(om_input_open(&source, path, &err));
        source.tap = tap;
        assert_ok(om_input_decode(&source, OM_ENCODING_UTF16, &err));
        for (; n > 0; length += n)
            assert_ok(om_input_read(&source, got + length,
                                    room < sizeof got - length ? room : sizeof got - length, &n, &err));
        assert_int_equal(length, 3 + 2 * LETTERS);
        assert_memory_equal(got, "\xEF\xBB\xBF\xC3\xA9", 5);
        assert_memory_equal(got + length - 2, "\xC3\xA9", 2);
        assert_int_equal(tapped, sizeof file);
        assert_false(om_input_anywhere(&source));
        om_input_close(&source);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_byte),  cmocka_unit_test(every_character),  cmocka_unit_test(what_is_no_utf16),
        cmocka_unit_test(first_bytes), cmocka_unit_test(through_a_source),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
