/*
 * A constructed panel of any size: PHQ-9, GAD-7, PCL-5 and B-IPF item by item, before and after.
 *
 * Every form is drawn from (seed, person, occasion) alone. So all panels of one seed hold the same answers,
 * whatever the layout and the way they are written; a shuffled panel needs no memory; and the bytes are the
 * same on every machine.
 */
#ifndef BENCH_PANEL_H
#define BENCH_PANEL_H

#include <stdbool.h>
#include <stdint.h>

enum { PANEL_CLASSES = 16, PANEL_TOPS = 3, PANEL_RECORD_LIMIT = 4096 };
enum panel_layout { PANEL_WIDE, PANEL_LONG, PANEL_LONG_SHUFFLED };

struct panel {
    uint64_t rows; /* people */
    uint64_t cohorts;
    uint64_t seed;
    uint32_t missing, not_applicable, odd; /* of 2^24 */
    enum panel_layout layout;
    bool quoted, crlf;
    char code[PANEL_TOPS][PANEL_CLASSES]
             [256]; /* the answer to 8 random bits, per highest code and severity */
};

/* Fills `code`. */
void panel_fill_codes(struct panel *panel);

/* Write the header or the i-th record, at most PANEL_RECORD_LIMIT bytes, and return the end. */
char *panel_put_header(char *p, const struct panel *panel);
char *panel_put_record(char *p, const struct panel *panel, uint64_t i);

#endif
