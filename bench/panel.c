/* How a panel is drawn and written: bench/generate.c has the options. */
#include "panel.h"

#include <stdio.h>
#include <string.h>

enum { ITEMS = 43, MEASURES = 4 };

static const struct {
    const char *name;
    int items, top;
} measures[MEASURES] = {{"phq9", 9, 3}, {"gad7", 7, 3}, {"pcl5", 20, 4}, {"bipf", 7, 6}};
static const int tops[PANEL_TOPS] = {3, 4, 6};
static const char *const occasions[2] = {"pre", "post"};

/* The output function of splitmix64: Steele, Lea and Flood (2014). */
static uint64_t
mix(uint64_t z)
{
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static const uint64_t golden = UINT64_C(0x9e3779b97f4a7c15);

static uint64_t
stream(const struct panel *panel, uint64_t person, uint64_t which)
{
    return mix(mix(panel->seed + golden) ^ (person * 4 + which) * golden);
}

/* Answers spread around the severity by a third of the range. */
void
panel_fill_codes(struct panel *panel)
{
    for (int t = 0; t < PANEL_TOPS; t++)
        for (int class = 0; class < PANEL_CLASSES; class ++)
            for (int bits = 0; bits < 256; bits++) {
                int top = tops[t];
                int value = class * top * 256 / (PANEL_CLASSES - 1) + (bits - 128) * (top + 1) * 2 / 3 + 128;
                int code = value < 0 ? 0 : value / 256;
                panel->code[t][class][bits] = (char)('0' + (code < top ? code : top));
            }
}

static char *
put_text(char *p, const char *text)
{
    size_t n = strlen(text);
    memcpy(p, text, n);
    return p + n;
}

/* At least `width` digits. */
static char *
put_number(char *p, uint64_t value, int width)
{
    char digits[20];
    int n = 0;
    do {
        digits[n++] = (char)('0' + value % 10);
        value /= 10;
    } while (value || n < width);
    while (n)
        *p++ = digits[--n];
    return p;
}

/* `count` answers, each with a comma before it. 32 random bits an answer: 8 for the code, 24 for a gap. */
static char *
put_answers(char *p, uint64_t *state, int count, const char code[256], uint32_t missing,
            uint32_t not_applicable)
{
    uint64_t random = 0;
    for (int i = 0; i < count; i++) {
        random = i % 2 ? random >> 32 : mix(*state += golden);
        uint32_t gap = (uint32_t)random >> 8;
        *p++ = ',';
        if (gap >= missing + not_applicable) {
            *p++ = code[random & 0xff];
        } else if (gap >= missing) {
            *p++ = 'N';
            *p++ = 'A';
        }
    }
    return p;
}

static char *
put_form(char *p, const struct panel *panel, uint64_t person, uint64_t occasion)
{
    uint64_t trait = stream(panel, person, 2), state = stream(panel, person, occasion);
    unsigned before = 5 + trait % 9, gain = (unsigned)(trait >> 32) % 8;
    unsigned class = occasion == 0 ? before : before - (gain < before ? gain : before);
    for (int m = 0; m < MEASURES; m++) {
        int t = measures[m].top == tops[0] ? 0 : measures[m].top == tops[1] ? 1 : 2;
        p = put_answers(p, &state, measures[m].items, panel->code[t][class], panel->missing,
                        t == 2 ? panel->not_applicable : 0);
    }
    return p;
}

static char *
put_key(char *p, const struct panel *panel, uint64_t person)
{
    *p++ = 'P';
    p = put_number(p, person + 1, 8);
    *p++ = ',';
    return put_number(p, 1 + stream(panel, person, 3) % panel->cohorts, 1);
}

static char *
put_names(char *p, const char *suffix)
{
    for (int m = 0; m < MEASURES; m++)
        for (int i = 0; i < measures[m].items; i++)
            p += sprintf(p, ",%s_%d%s", measures[m].name, i + 1, suffix);
    return p;
}

/* A permutation of 0 ... count-1 without a table: four Feistel rounds over the next even power of two, again
 * until the result is in range (Black and Rogaway 2002, Ciphers with arbitrary finite domains). */
static uint64_t
permute(uint64_t i, uint64_t count, uint64_t seed)
{
    int half = 1;
    while (half < 31 && UINT64_C(1) << (2 * half) < count)
        half++;
    uint64_t mask = (UINT64_C(1) << half) - 1;
    do {
        uint64_t left = i >> half, right = i & mask;
        for (uint64_t round = 0; round < 4; round++) {
            uint64_t next = left ^ (mix(seed ^ (right * 4 + round + 1) * golden) & mask);
            left = right;
            right = next;
        }
        i = left << half | right;
    } while (i >= count);
    return i;
}

static char *
put_plain_record(char *p, const struct panel *panel, uint64_t i)
{
    uint64_t person = i;
    if (panel->layout == PANEL_WIDE)
        return put_form(put_form(put_key(p, panel, person), panel, person, 0), panel, person, 1);
    if (panel->layout == PANEL_LONG_SHUFFLED)
        i = permute(i, 2 * panel->rows, panel->seed);
    person = i / 2;
    p = put_key(p, panel, person);
    *p++ = ',';
    return put_form(put_text(p, occasions[i % 2]), panel, person, i % 2);
}

static char *
put_plain_header(char *p, const struct panel *panel)
{
    if (panel->layout == PANEL_WIDE)
        return put_names(put_names(put_text(p, "id,cohort"), "_pre"), "_post");
    return put_names(put_text(p, "id,cohort,occasion"), "");
}

/* --- other ways to write the same answers --------------------------------------------------------------- */

enum odd { PLAIN, QUOTED, PADDED, ZERO };

static char *
put_field(char *p, const char *field, size_t n, enum odd odd)
{
    if (odd == QUOTED)
        *p++ = '"';
    else if (odd == PADDED)
        *p++ = ' ';
    else if (odd == ZERO && n == 1) /* one digit: 7 becomes 07 */
        *p++ = '0';
    memcpy(p, field, n);
    p += n;
    if (odd == QUOTED)
        *p++ = '"';
    else if (odd == PADDED)
        *p++ = ' ';
    return p;
}

/* Each odd record has one quoted answer, one with blanks around it and one with a leading zero. */
static enum odd
oddity(const struct panel *panel, uint64_t random, int field)
{
    int keys = panel->layout == PANEL_WIDE ? 2 : 3, answers = panel->layout == PANEL_WIDE ? 2 * ITEMS : ITEMS;
    for (enum odd odd = QUOTED; odd <= ZERO; odd++)
        if (field == keys + (int)((random >> (odd * 8)) % (uint64_t)answers))
            return odd;
    return PLAIN;
}

/* Writes the plain record anew: all fields quoted, or (with `random`) as an odd one. */
static char *
restyle(char *p, const struct panel *panel, const char *plain, const char *end, uint64_t random)
{
    for (int field = 0; plain <= end; field++) {
        const char *stop = memchr(plain, ',', (size_t)(end - plain));
        if (!stop)
            stop = end;
        if (field)
            *p++ = ',';
        p = put_field(p, plain, (size_t)(stop - plain),
                      panel->quoted ? QUOTED : oddity(panel, random, field));
        plain = stop + 1;
    }
    return p;
}

static char *
put_end(char *p, const struct panel *panel)
{
    if (panel->crlf)
        *p++ = '\r';
    *p++ = '\n';
    return p;
}

char *
panel_put_header(char *p, const struct panel *panel)
{
    char plain[PANEL_RECORD_LIMIT];
    char *end = put_plain_header(plain, panel);
    return put_end(panel->quoted ? restyle(p, panel, plain, end, 0) : put_text(p, (*end = '\0', plain)),
                   panel);
}

char *
panel_put_record(char *p, const struct panel *panel, uint64_t i)
{
    char plain[PANEL_RECORD_LIMIT];
    uint64_t random = panel->odd ? mix(mix(panel->seed ^ golden) + (i + 1) * golden) : 0;
    bool odd = (random >> 40) < panel->odd;
    if (!panel->quoted && !odd)
        return put_end(put_plain_record(p, panel, i), panel);
    return put_end(restyle(p, panel, plain, put_plain_record(plain, panel, i), random), panel);
}
