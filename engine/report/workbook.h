/*
 * A workbook in the format of Excel (XLSX): sheets of typed cells and charts that point to them. The only
 * place that knows the library that writes it.
 *
 * Text is text, whatever it begins with: no cell becomes a formula. Nothing of the time or the machine
 * enters, so that the same cells give the same bytes. Failure is sticky: om_workbook_close reports it.
 *
 * The library does not look whether memory is left. It is to be called in a process of its own (io/child.h).
 */
#ifndef OM_REPORT_WORKBOOK_H
#define OM_REPORT_WORKBOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <omstat/status.h>

/* How a cell looks; of numbers, how they are shown (the value is kept in full). */
enum om_style {
    OM_STYLE_PLAIN, /* a number as it is */
    OM_STYLE_TITLE,
    OM_STYLE_HEADER, /* of a column of text */
    OM_STYLE_NUMBER_HEADER,
    OM_STYLE_TEXT,   /* runs over several lines */
    OM_STYLE_LABEL,  /* stands off from the number before it */
    OM_STYLE_COUNT,  /* 1,204 */
    OM_STYLE_MEAN,   /* 12.3 */
    OM_STYLE_EFFECT, /* -0.93 */
    OM_STYLE_RATE,   /* 45.3 % */
    OM_STYLE_P,      /* 0.031, < .001 */
    OM_STYLES
};

struct om_workbook;
struct om_sheet;

enum { OM_SHEET_ROWS = 1048576, OM_SHEET_TEXT = 32767 }; /* rows, and characters of a cell, there can be */

/* "1.1.4" */
const char *om_workbook_library_version(void);

/* Before anything else. OM_ERR_UNSUPPORTED where the library is not on this machine. */
om_status om_workbook_load_library(void) OM_NODISCARD;

/* NULL without memory. streamed: rows go to a file as they are finished, and must be written in order. */
struct om_workbook *om_workbook_open(const char *path, const char *title, bool streamed);
/* Writes and frees it. Errors: OM_ERR_NOMEM, OM_ERR_IO. */
om_status om_workbook_close(struct om_workbook *book) OM_NODISCARD;

/* A further sheet; its name has at most 31 characters, none of them []:*?/\. */
struct om_sheet *om_sheet_add(struct om_workbook *book, const char *name);
/* Width of a column in characters. */
void om_sheet_width(struct om_sheet *sheet, unsigned column, double characters);
/* Height of a row in points; in a streamed workbook before its cells are written. */
void om_sheet_height(struct om_sheet *sheet, uint32_t row, double points);
/* Rows above `row` and columns left of `column` stay in sight; the last of the rows is printed on every page.
 */
void om_sheet_freeze(struct om_sheet *sheet, uint32_t row, unsigned column);
/* Makes the header of a range a filter. */
void om_sheet_filter(struct om_sheet *sheet, uint32_t first_row, uint32_t last_row, unsigned columns);
/* Cells. Empty text is no cell; text beyond OM_SHEET_TEXT is cut and ends with an ellipsis. */
void om_sheet_text(struct om_sheet *sheet, uint32_t row, unsigned column, const char *text,
                   enum om_style style);
/* A text that charts name things by: characters that XML lacks are shown escaped, as a chart does not know
 * the way cells write them. */
void om_sheet_label(struct om_sheet *sheet, uint32_t row, unsigned column, const char *text);
void om_sheet_number(struct om_sheet *sheet, uint32_t row, unsigned column, double value,
                     enum om_style style);

enum om_chart_kind {
    OM_CHART_COLUMNS, /* values side by side, upright */
    OM_CHART_STACKED, /* shares of a whole, lying */
    OM_CHART_RANGES,  /* three values: lower, the middle, upper; a line joins them */
};

enum { OM_CHART_SERIES = 4 };
struct om_chart_series {
    const char *name;
    unsigned column; /* of its values */
    uint32_t color;  /* 0xRRGGBB */
};

/* Labels and values are in rows first_row to last_row of the sheet `data`. */
struct om_chart {
    enum om_chart_kind kind;
    const char *title, *axis; /* what the values are */
    const char *description;  /* for those who do not see it */
    const char *data;
    uint32_t first_row, last_row;
    unsigned labels; /* column */
    const char *number_format;
    struct om_chart_series series[OM_CHART_SERIES];
    size_t n_series;
};

/* Places a chart with its corner at a cell. */
void om_sheet_chart(struct om_sheet *sheet, uint32_t row, unsigned column, const struct om_chart *chart);

#endif
