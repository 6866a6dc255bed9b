/*
 * Numbers and answers: the parser against the C library in exact arithmetic, the printer against strtod, and
 * a cell's code by the table of the fast path against the slow way.
 */
#include "fuzz/fuzz.h"
#include "base/number.h"
#include "base/utf8.h"
#include "csv/plain.h"
#include "panel/decode.h"

#include <math.h>

/* num / den of [-]digits[.digits], by the rules of the header, in 128 bits; false where it is none. */
static bool
plain_fraction(const char *text, size_t length, __int128 *num, __int128 *den)
{
    bool negative = length && *text == '-', point = false;
    size_t digits = 0;
    *num = 0;
    *den = 1;
    for (size_t i = negative; i < length; i++) {
        if (text[i] == '.' && !point) {
            point = true;
            continue;
        }
        if (!om_ascii_digit(text[i]) || ++digits > 36)
            return false;
        *num = 10 * *num + (text[i] - '0');
        *den *= point ? 10 : 1;
    }
    if (negative)
        *num = -*num;
    return digits > 0;
}

static void
check_fraction(const char *text, size_t length)
{
    struct om_fraction got;
    __int128 num, den;
    if (!om_fraction_parse(text, length, &got))
        return;
    require(plain_fraction(text, length, &num, &den));
    require(got.den > 0 && (__int128)got.num * den == num * got.den);
    require(om_gcd(got.num ? llabs(got.num) : got.den, got.den) == 1 || got.num == 0);
}

static void
check_integer(const char *text, size_t length)
{
    int32_t got = 0;
    __int128 num, den;
    const int parsed = om_integer_parse(text, length, &got);
    om_trim(&text, &length);
    require(parsed >= -1 && parsed <= 1);
    if (parsed != 1 || length > 36)
        return;
    require(plain_fraction(text, length, &num, &den));
    require(num == (__int128)got * den);
}

static void
check_printer(uint64_t bits)
{
    double value;
    char text[OM_NUMBER_TEXT], *end;
    memcpy(&value, &bits, sizeof value);
    if (!isfinite(value))
        return;
    om_number_format(value, text);
    double back = strtod(text, &end);
    require(*end == '\0' && (back == value));
}

/* Well-formed UTF-8 by the table of the Unicode standard (3-7), byte by byte. */
static bool
well_formed(const uint8_t *s, size_t n)
{
    for (size_t i = 0; i < n;) {
        uint8_t b = s[i];
        size_t more = b < 0x80                 ? 0
                      : b >= 0xC2 && b <= 0xDF ? 1
                      : b >= 0xE0 && b <= 0xEF ? 2
                      : b >= 0xF0 && b <= 0xF4 ? 3
                                               : 9;
        if (more == 9 || more > n - i - 1)
            return false;
        for (size_t k = 1; k <= more; k++) {
            uint8_t low = k > 1 ? 0x80 : b == 0xE0 ? 0xA0 : b == 0xF0 ? 0x90 : 0x80;
            uint8_t high = k > 1 ? 0xBF : b == 0xED ? 0x9F : b == 0xF4 ? 0x8F : 0xBF;
            if (s[i + k] < low || s[i + k] > high)
                return false;
        }
        i += more + 1;
    }
    return true;
}

static struct om_decoder *
decoders(size_t *n)
{
    static struct om_decoder decoder[16];
    static struct om_registry *registry;
    static const struct om_panel_spec nothing;
    if (!registry) {
        require(om_registry_new(&registry, NULL) == OM_OK);
        for (size_t i = 0; i < om_registry_count(registry); i++)
            require(om_decoder_init(&decoder[i], om_registry_at(registry, i), "q1", NULL, &nothing, NULL) ==
                    OM_OK);
    }
    *n = om_registry_count(registry);
    return decoder;
}

static void
check_decoder(const struct om_decoder *decoder, const char *text, size_t length)
{
    enum om_cell_fault slow, fast;
    const uint8_t code = om_decode_slow(decoder, text, length, &slow);
    require(code == om_decode(decoder, text, length, &fast));
    require((code == OM_CODE_INVALID) == (slow != OM_CELL_FINE));
    require(code >= 0x80 || decoder->instrument->allowed[code]);
    require(code <= OM_CODE_INVALID);
    if (length == 1 && (uint8_t)*text > 0x20 && (uint8_t)*text < 0x80 &&
        decoder->token[(uint8_t)*text] != OM_LOOK)
        require(decoder->token[(uint8_t)*text] == code);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t n;
    if (size > 512)
        return 0;
    char *text = malloc(size + 1);
    require(text);
    memcpy(text, data, size);
    text[size] = '\0';
    check_fraction(text, size);
    check_integer(text, size);
    require(om_utf8_valid(text, size) == well_formed(data, size));
    const struct om_decoder *decoder = decoders(&n);
    for (size_t i = 0; i < n; i++)
        check_decoder(&decoder[i], text, size);
    if (size >= 8) {
        uint64_t bits;
        memcpy(&bits, data, 8);
        check_printer(bits);
    }
    const char *half = text + strlen(text) / 2;
    require(om_natural_compare(text, half) == -om_natural_compare(half, text));
    require(om_natural_compare(text, text) == 0);
    free(text);
    return 0;
}
