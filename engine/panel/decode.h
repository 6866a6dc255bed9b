/*
 * One cell of an item column to one answer byte (instrument.h: OM_CODE_*).
 *
 * In this order: a token (missing, declined, not applicable), a recoded text, an answer's wording, an integer
 * that is an allowed code. Blanks around a cell and letter case do not matter. Anything else is
 * OM_CODE_INVALID and the reason is one of enum om_cell_fault. A blank is never 0.
 */
#ifndef OM_PANEL_DECODE_H
#define OM_PANEL_DECODE_H

#include "panel/spec.h"

enum om_cell_fault {
    OM_CELL_FINE = 0,
    OM_CELL_ENCODING = 101,    /* not UTF-8 */
    OM_CELL_NUL = 104,         /* holds a NUL byte */
    OM_CELL_HEADER = 115,      /* the column's own name: a header in the middle of the data */
    OM_CELL_NOT_INTEGER = 130, /* of a total: not a number */
    OM_CELL_OVERFLOW = 131,    /* beyond any code, or inf, nan, 1e400 */
    OM_CELL_OUT_OF_RANGE = 132,
    OM_CELL_SENTINEL = 133, /* looks like an undeclared code for missing: -9, 99, 999 */
};

struct om_decoder_entry {
    char *text; /* trimmed */
    uint8_t code;
};

struct om_decoder {
    const struct om_instrument *instrument;
    const char *column; /* its name; borrowed */
    uint8_t one[256];   /* code of a one-byte cell; OM_CODE_INVALID = look closer */
    uint8_t token[128]; /* code of a token of the fast path (csv/plain.h), or OM_LOOK (kernels/rows.h) */
    bool recoded;       /* integers not listed are invalid: the list says what the codes are */
    struct om_decoder_entry *entry;
    size_t n_entries, capacity;
    char hint[160]; /* for people: which codes there are */
};

/* Collects what applies to this column: tokens and recodings for everyone, for the instrument, for the
 * column. */
om_status om_decoder_init(struct om_decoder *decoder, const struct om_instrument *instrument,
                          const char *column, const struct om_naming *naming,
                          const struct om_panel_spec *spec, struct om_error *err) OM_NODISCARD;
void om_decoder_release(struct om_decoder *decoder);

/* The answer byte of a cell; *fault says why it is OM_CODE_INVALID. */
uint8_t om_decode_slow(const struct om_decoder *decoder, const char *text, size_t length,
                       enum om_cell_fault *fault);

/* The code of a token or wording, or -1. text is trimmed. */
int om_decoder_find(const struct om_decoder *decoder, const char *text, size_t length);

/* What is wrong with a trimmed cell that is no answer. parsed: 1 for a number, then `number` is its whole
 * part; 0 for none; -1 for one that is too large. */
enum om_cell_fault om_decoder_fault(const struct om_decoder *decoder, const char *text, size_t length,
                                    int parsed, int64_t number);

static inline uint8_t
om_decode(const struct om_decoder *decoder, const char *text, size_t length, enum om_cell_fault *fault)
{
    if (length == 1) {
        uint8_t code = decoder->one[(unsigned char)text[0]];
        if (code != OM_CODE_INVALID)
            return code;
    }
    return om_decode_slow(decoder, text, length, fault);
}

#endif
