#include "panel/total.h"
#include "base/number.h"

static const int64_t power[OM_TOTAL_PLACES_MAX + 1] = {1,      10,      100,      1000,      10000,
                                                       100000, 1000000, 10000000, 100000000, 1000000000};

struct om_fraction
om_total_value(uint64_t total)
{
    int64_t both = (int64_t)total;
    unsigned places = (unsigned)(total & 15);
    return (struct om_fraction){.num = (both - places) / 16, .den = power[places]};
}

/* Reads [+-]digits[.digits]. Returns 1 for such a number, 0 for none, -1 for one with too many digits. */
static int
parse(const char *text, size_t length, bool comma, int64_t *number, unsigned *places)
{
    const int64_t limit = INT64_C(1) << 53;
    size_t i = 0, digits = 0;
    bool negative = length > 0 && text[0] == '-', behind = false;
    if (length > 0 && (text[0] == '-' || text[0] == '+'))
        i++;
    *number = 0;
    *places = 0;
    for (; i < length; i++) {
        if (!behind && (text[i] == '.' || (comma && text[i] == ','))) {
            behind = true;
            continue;
        }
        if (!om_ascii_digit(text[i]))
            return 0;
        digits++;
        if (behind && text[i] == '0') { /* counts only if another digit follows */
            size_t k = i;
            while (k < length && text[k] == '0')
                k++;
            if (k == length)
                break;
        }
        if (*number >= limit / 10 || (behind && *places == OM_TOTAL_PLACES_MAX))
            return -1;
        *number = *number * 10 + (text[i] - '0');
        *places += behind;
    }
    if (negative)
        *number = -*number;
    return digits > 0;
}

static bool
is_in_range(const struct om_scale *scale, struct om_fraction value)
{
    return om_fraction_compare(value, scale->minimum) >= 0 && om_fraction_compare(value, scale->maximum) <= 0;
}

bool
om_total_is_canonical(uint64_t total, const struct om_scale *scale)
{
    const int64_t limit = INT64_C(1) << 53, number = ((int64_t)total - (int64_t)(total & 15)) / 16;
    const unsigned places = (unsigned)(total & 15);
    return om_total_is_number(total) && places <= OM_TOTAL_PLACES_MAX && number < limit && number > -limit &&
           (places == 0 || number % 10 != 0) && is_in_range(scale, om_total_value(total));
}

uint64_t
om_total_decode(const struct om_panel_total *total, const char *text, size_t length,
                enum om_cell_fault *fault)
{
    const struct om_decoder *decoder = &total->decoder;
    int64_t number;
    unsigned places;
    *fault = OM_CELL_FINE;
    om_trim(&text, &length);
    int token = om_decoder_find(decoder, text, length);
    if (token >= 0)
        return om_total_none((uint8_t)token);
    int parsed = parse(text, length, total->comma, &number, &places);
    struct om_fraction value = {.num = number, .den = power[places]};
    if (parsed == 1 && is_in_range(&decoder->instrument->scale[0], value))
        return (uint64_t)number * 16 + places;
    *fault = om_decoder_fault(decoder, text, length, parsed, number);
    return om_total_none(OM_CODE_INVALID);
}
