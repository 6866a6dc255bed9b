/*
 * Cuts blocks of input into pieces of at most one physical line and knows where each one is. LF, CR LF and a
 * lone CR each end one line, also where a block ends between CR and LF.
 */
#ifndef OM_CSV_LINES_H
#define OM_CSV_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct om_csv_lines {
    const char *block; /* borrowed; block[next .. used) is still to come */
    size_t used;
    size_t next;
    bool searched;  /* the next two are known; nobody searches a block that is never cut */
    size_t next_lf; /* the first at or after next, or used: so that no byte is searched twice */
    size_t next_cr;

    uint64_t offset; /* of block[next] in the input */
    uint64_t line;   /* that byte's physical line, from 1 */
    uint64_t start;  /* that line's first byte */
    bool after_cr;   /* the byte before it was a CR: an LF now is the rest of the same line end */
};

struct om_csv_stretch {
    const char *bytes;
    size_t length; /* at least 1 */
    bool whole;    /* it ends with a line end, not just with the block */
    bool rest;     /* it is the LF of a CR LF whose CR ended the block before */
};

/* At the first byte of the input. */
#define OM_CSV_LINES_START ((struct om_csv_lines){.line = 1})

/* Goes on in a new block, which begins with what was left of the one before. */
void om_csv_lines_block(struct om_csv_lines *lines, const char *block, size_t used);

/* Leaves out bytes at the start of the input that belong to no line. */
void om_csv_lines_skip(struct om_csv_lines *lines, size_t length);

/* Passes length bytes that are n_lines whole lines, from the start of a line on. */
void om_csv_lines_jump(struct om_csv_lines *lines, size_t length, uint64_t n_lines);

/* The next piece; only when there is one (next < used). It stays the next until it is passed. */
struct om_csv_stretch om_csv_lines_next(struct om_csv_lines *lines);
void om_csv_lines_pass(struct om_csv_lines *lines, struct om_csv_stretch piece);

#endif
