/*
 * A page for people: headings, paragraphs, definitions and tables, before anyone decides how they look.
 *
 * Content is put here once; text.c, markdown.c and html_*.c only render. All text lives in one buffer and
 * cells hold offsets into it, so there is one thing to release. Failure is sticky (om_page_ok), and calls
 * after it do nothing.
 */
#ifndef OM_REPORT_PAGE_H
#define OM_REPORT_PAGE_H

#include "base/buffer.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <omstat/status.h>

/* What a reader should make of a piece of text; how it is shown is the renderer's. */
enum om_tone {
    OM_TONE_PLAIN,
    OM_TONE_BETTER, /* improvement */
    OM_TONE_WORSE,  /* deterioration, or something to look at */
    OM_TONE_DIM,    /* a remark */
};

enum om_align {
    OM_ALIGN_LEFT,
    OM_ALIGN_RIGHT,
};

/* The parts of a whole that a bar shows, from left to right; none where `of` is 0. */
enum { OM_SHARES = 3 };
struct om_shares {
    uint64_t part[OM_SHARES]; /* better, neither, worse */
    uint64_t of;
};

struct om_cell {
    size_t text;
    enum om_tone tone;
    double bar; /* above 0: the text is a bar, and this is its length as a part of the longest, 0 ... 1 */
};

struct om_column {
    size_t title;
    enum om_align align;
};

/* A row of cells, one for each column; or a line across all of them, which heads the rows that follow. */
struct om_table_row {
    size_t first_cell;
    size_t n_cells;
    bool across;
};

/* The first column labels the rows. */
struct om_table {
    size_t title;
    struct om_column *column;
    size_t n_columns, column_capacity;
    struct om_table_row *row;
    size_t n_rows, row_capacity;
    struct om_cell *cell;
    size_t n_cells, cell_capacity;
    size_t *note; /* reasons, cited in cells as [1], [2] ... */
    size_t n_notes, note_capacity;
};

enum om_block_kind {
    OM_BLOCK_TITLE,
    OM_BLOCK_HEADING,
    OM_BLOCK_PARAGRAPH,
    OM_BLOCK_ITEM,     /* a term and what it means */
    OM_BLOCK_HEADLINE, /* a term and what happened to it, in words */
    OM_BLOCK_TABLE,
    OM_BLOCK_FIGURE, /* a picture with its data as a table; for views that show pictures */
    OM_BLOCK_CODE,   /* JSON for programs */
};

/* A finished picture in SVG, which needs no escaping, and what is said about it. */
struct om_figure_text {
    size_t svg, title, subtitle, description;
    bool small;
};

struct om_block {
    enum om_block_kind kind;
    enum om_tone tone;
    int level;     /* headings only: 2, or 3 within a section */
    size_t anchor; /* headings, figures and code: a name for links, unique on the page */
    size_t term;   /* items and headlines only */
    size_t text;
    bool is_link;       /* items only: the text is the name of a file in the folder of the page */
    size_t n_sentences; /* headlines only: they stand one after the other from `text` on, each with a NUL */
    struct om_shares shares;      /* headlines only */
    struct om_figure_text figure; /* figures only */
    struct om_table table;        /* tables and figures only */
};

struct om_page {
    struct om_block *block;
    size_t n_blocks, block_capacity;
    struct om_buffer text;
    bool failed;
    bool typeset; /* HTML: pictures, and signs such as the one for "at least", not only those of a keyboard */
};

#define OM_PAGE_EMPTY ((struct om_page){0})

void om_page_release(struct om_page *page);
bool om_page_ok(const struct om_page *page);
const char *om_page_text(const struct om_page *page, size_t offset);

/* The sentences of a headline, one after the other. */
void om_page_sentences(const struct om_page *page, const struct om_block *block, struct om_buffer *out);

void om_page_title(struct om_page *page, const char *format, ...) OM_PRINTF(2, 3);
/* anchor: letters, digits, dashes and underscores; never from data. */
void om_page_heading(struct om_page *page, const char *anchor, const char *format, ...) OM_PRINTF(3, 4);
void om_page_subheading(struct om_page *page, const char *anchor, const char *format, ...) OM_PRINTF(3, 4);
void om_page_paragraph(struct om_page *page, enum om_tone tone, const char *format, ...) OM_PRINTF(3, 4);
void om_page_item(struct om_page *page, const char *term, const char *format, ...) OM_PRINTF(3, 4);
/* An item that leads to a file in the same folder. */
void om_page_link(struct om_page *page, const char *term, const char *file);
/* Any number of sentences follow, the most important one first. */
void om_page_headline(struct om_page *page, const char *term, enum om_tone tone,
                      const struct om_shares *shares);
void om_page_sentence(struct om_page *page, const char *text);
/* lines: JSON of any number of lines. A renderer may break them at blanks outside of strings. */
void om_page_code(struct om_page *page, const char *anchor, const char *title, const char *lines);

/* What a figure shows. Its table follows as that of om_table_begin does, without om_table_end. */
struct om_figure_words {
    const char *svg, *title, *subtitle, *description;
    bool small; /* two may stand side by side */
};
void om_page_figure(struct om_page *page, const char *anchor, const struct om_figure_words *words);

/* A table is the last block until om_table_end: columns first, then rows, each with its cells from left to
 * right. Cells left out at the end of a row are empty. */
void om_table_begin(struct om_page *page, const char *format, ...) OM_PRINTF(2, 3);
void om_table_column(struct om_page *page, enum om_align align, const char *format, ...) OM_PRINTF(3, 4);
void om_table_across(struct om_page *page, const char *format, ...) OM_PRINTF(2, 3);
void om_table_row(struct om_page *page);
void om_table_cell(struct om_page *page, enum om_tone tone, const char *format, ...) OM_PRINTF(3, 4);
/* Says that the last cell is a bar of this length; see struct om_cell. */
void om_table_bar(struct om_page *page, double length);
/* Cites a reason under the table; returns its number, the same for the same reason. */
size_t om_table_note(struct om_page *page, const char *reason);
/* Drops columns and rows that say nothing (no cell beyond the label), and the table when nothing is left. */
void om_table_end(struct om_page *page);

#endif
