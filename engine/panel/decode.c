#include "panel/decode.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/number.h"
#include "base/utf8.h"
#include "csv/plain.h"

#include <stdio.h>
#include <string.h>

static om_status
add_entry(struct om_decoder *decoder, const char *text, uint8_t code, struct om_error *err)
{
    if (!om_grow(&decoder->entry, &decoder->capacity, decoder->n_entries, sizeof *decoder->entry))
        return om_fail_memory(err);
    char *copy = om_strdup(text);
    if (!copy)
        return om_fail_memory(err);
    decoder->entry[decoder->n_entries++] = (struct om_decoder_entry){.text = copy, .code = code};
    return OM_OK;
}

static om_status
add_texts(struct om_decoder *decoder, char *const *text, size_t n, uint8_t code, struct om_error *err)
{
    for (size_t i = 0; i < n; i++)
        OM_TRY(add_entry(decoder, text[i], code, err));
    return OM_OK;
}

/* Does a setting for `target` (a column, an instrument, or NULL = all) concern this column? */
static bool
concerns(const struct om_decoder *decoder, const char *target)
{
    return !target || om_ascii_equal(target, strlen(target), decoder->column) ||
           strcmp(target, decoder->instrument->id) == 0;
}

/* Entries are searched in order, so what the user says comes first, then the code book, then what everyone
 * knows. */
static om_status
add_all(struct om_decoder *decoder, const struct om_naming *naming, const struct om_panel_spec *spec,
        struct om_error *err)
{
    const struct om_instrument *instrument = decoder->instrument;
    for (size_t i = 0; i < spec->n_tokens; i++)
        if (concerns(decoder, spec->token[i].column))
            OM_TRY(add_entry(decoder, spec->token[i].text, spec->token[i].code, err));
    for (size_t i = 0; i < spec->n_recodes; i++) {
        if (!concerns(decoder, spec->recode[i].column))
            continue;
        int32_t number;
        if (om_integer_parse(spec->recode[i].text, strlen(spec->recode[i].text), &number) == 1)
            decoder->recoded = true;
        OM_TRY(add_entry(decoder, spec->recode[i].text, (uint8_t)spec->recode[i].code, err));
    }
    if (naming) {
        OM_TRY(add_texts(decoder, naming->missing, naming->n_missing, OM_CODE_BLANK, err));
        OM_TRY(add_texts(decoder, naming->declined, naming->n_declined, OM_CODE_DECLINED, err));
    }
    if (instrument->has_na)
        OM_TRY(add_texts(decoder, instrument->na_label, instrument->n_na_labels, OM_CODE_NA, err));
    for (size_t i = 0; i < instrument->n_answers; i++)
        OM_TRY(add_texts(decoder, instrument->answer[i].label, instrument->answer[i].n_labels,
                         (uint8_t)instrument->answer[i].code, err));
    static const char *const usual[] = {"", "NA", "N/A"};
    for (size_t i = 0; i < sizeof usual / sizeof usual[0]; i++)
        OM_TRY(add_entry(decoder, usual[i], OM_CODE_BLANK, err));
    return OM_OK;
}

/* The one-byte cells that an entry or a number may match; for the others the slow way, through every entry,
 * finds nothing. */
static void
mark_candidates(const struct om_decoder *decoder, bool candidate[256])
{
    for (unsigned c = 0; c < 256; c++) {
        char byte = (char)c;
        const char *text = &byte;
        size_t length = 1;
        om_trim(&text, &length);
        candidate[c] = length == 0 || om_ascii_digit(byte);
    }
    for (size_t i = 0; i < decoder->n_entries; i++) {
        const char *text = decoder->entry[i].text;
        for (unsigned c = 0; c < 256 && text[0] && !text[1]; c++)
            candidate[c] |= om_ascii_lower((char)c) == om_ascii_lower(text[0]);
    }
}

static void
set_token(struct om_decoder *decoder, enum om_token token, const char *text)
{
    enum om_cell_fault fault;
    uint8_t code = om_decode_slow(decoder, text, strlen(text), &fault);
    if (fault == OM_CELL_FINE)
        decoder->token[token] = code;
}

static void
describe_codes(struct om_decoder *decoder)
{
    const struct om_instrument *instrument = decoder->instrument;
    const struct om_scale *scale = &instrument->scale[0];
    if (!om_instrument_is_total(instrument))
        snprintf(decoder->hint, sizeof decoder->hint, "the codes of %s are %d to %d", instrument->name,
                 instrument->minimum, instrument->maximum);
    else if (scale->open_range)
        snprintf(decoder->hint, sizeof decoder->hint,
                 "a total is a number such as 17 or 90.5, of at most %d digits behind the point", 9);
    else
        snprintf(decoder->hint, sizeof decoder->hint, "the totals of %s are numbers from %.10g to %.10g",
                 instrument->name, om_fraction_value(scale->minimum), om_fraction_value(scale->maximum));
}

om_status
om_decoder_init(struct om_decoder *decoder, const struct om_instrument *instrument, const char *column,
                const struct om_naming *naming, const struct om_panel_spec *spec, struct om_error *err)
{
    *decoder = (struct om_decoder){.instrument = instrument, .column = column};
    describe_codes(decoder);
    memset(decoder->one, OM_CODE_INVALID, sizeof decoder->one);
    om_status status = add_all(decoder, naming, spec, err);
    if (status != OM_OK) {
        om_decoder_release(decoder);
        return status;
    }
    bool candidate[256];
    mark_candidates(decoder, candidate);
    for (int c = 0; c < 256; c++) {
        char text = (char)c;
        enum om_cell_fault fault;
        if (candidate[c])
            decoder->one[c] = om_decode_slow(decoder, &text, 1, &fault);
    }
    memset(decoder->token, OM_LOOK, sizeof decoder->token);
    for (int c = OM_TOKEN_ODD + 1; c < 128; c++)
        if (decoder->one[c] != OM_CODE_INVALID)
            decoder->token[c] = decoder->one[c];
    set_token(decoder, OM_TOKEN_EMPTY, "");
    set_token(decoder, OM_TOKEN_NA, "NA");
    return OM_OK;
}

void
om_decoder_release(struct om_decoder *decoder)
{
    for (size_t i = 0; i < decoder->n_entries; i++)
        om_free(decoder->entry[i].text);
    om_free(decoder->entry);
    decoder->entry = NULL;
    decoder->n_entries = decoder->capacity = 0;
}

/* Numbers that data sets use for "no answer". */
static bool
looks_like_sentinel(int64_t value)
{
    static const int32_t usual[] = {66, 77, 88, 666, 777, 888, 6666, 7777, 8888, 99999, 999999};
    const bool nearly = (value >= 95 && value <= 99) || (value >= 995 && value <= 999) ||
                        (value >= 9995 && value <= 9999); /* 97 refused, 98 does not know */
    for (size_t i = 0; i < sizeof usual / sizeof usual[0]; i++)
        if (value == usual[i])
            return true;
    return value < 0 || nearly;
}

/* inf, nan, 1e400 and their like: numbers to a spreadsheet, no answers. */
static bool
looks_like_float(const char *text, size_t length)
{
    static const char *const usual[] = {"inf", "-inf", "+inf", "infinity", "-infinity", "nan", "-nan"};
    for (size_t i = 0; i < sizeof usual / sizeof usual[0]; i++)
        if (om_ascii_equal(text, length, usual[i]))
            return true;
    bool exponent = false;
    for (size_t i = 0; i < length; i++) {
        char c = om_ascii_lower(text[i]);
        exponent |= c == 'e' && i > 0;
        if (!om_ascii_digit(c) && c != 'e' && c != '.' && c != '-' && c != '+')
            return false;
    }
    return exponent;
}

enum om_cell_fault
om_decoder_fault(const struct om_decoder *decoder, const char *text, size_t length, int parsed,
                 int64_t number)
{
    if (length && memchr(text, '\0', length))
        return OM_CELL_NUL;
    if (!om_utf8_valid(text, length))
        return OM_CELL_ENCODING;
    if (om_ascii_equal(text, length, decoder->column))
        return OM_CELL_HEADER;
    if (parsed < 0 || looks_like_float(text, length))
        return OM_CELL_OVERFLOW;
    if (parsed == 0)
        return OM_CELL_NOT_INTEGER;
    return looks_like_sentinel(number) ? OM_CELL_SENTINEL : OM_CELL_OUT_OF_RANGE;
}

int
om_decoder_find(const struct om_decoder *decoder, const char *text, size_t length)
{
    for (size_t i = 0; i < decoder->n_entries; i++)
        if (om_ascii_equal(text, length, decoder->entry[i].text))
            return decoder->entry[i].code;
    return -1;
}

uint8_t
om_decode_slow(const struct om_decoder *decoder, const char *text, size_t length, enum om_cell_fault *fault)
{
    *fault = OM_CELL_FINE;
    om_trim(&text, &length);
    int token = om_decoder_find(decoder, text, length);
    if (token >= 0)
        return (uint8_t)token;
    int32_t number = 0;
    int parsed = om_integer_parse(text, length, &number);
    if (parsed == 1) { /* "3.0" and "07" are looked up as the integers they are */
        for (size_t i = 0; i < decoder->n_entries; i++) {
            int32_t listed;
            const char *entry = decoder->entry[i].text;
            if (om_integer_parse(entry, strlen(entry), &listed) == 1 && listed == number)
                return decoder->entry[i].code;
        }
        if (!decoder->recoded && number >= 0 && number <= OM_CODE_MAX && decoder->instrument->allowed[number])
            return (uint8_t)number;
    }
    *fault = om_decoder_fault(decoder, text, length, parsed, number);
    return OM_CODE_INVALID;
}
