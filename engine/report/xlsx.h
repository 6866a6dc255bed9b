/*
 * The workbook of an analysis: overview and charts for people, then every result, the classes of every rule,
 * the ledger, what the words mean, and what it was made from. docs/formats/xlsx.md.
 */
#ifndef OM_REPORT_XLSX_H
#define OM_REPORT_XLSX_H

#include "base/buffer.h"
#include "report/compose.h"
#include "report/workbook.h"

#include <omstat/report.h>

/* Adds the bytes of the workbook. Errors: OM_ERR_UNSUPPORTED when it is not built in; OM_ERR_USAGE when a
 * sheet cannot hold the rows; OM_ERR_NOMEM; OM_ERR_IO; OM_ERR_INTERNAL. */
om_status om_view_xlsx(struct om_buffer *out, const struct om_analysis *analysis,
                       const struct om_report_options *options, struct om_error *err) OM_NODISCARD;

/* The sheets "overview" and "charts": one line an instrument and group, and pictures of it. */
void om_xlsx_overview(struct om_workbook *book, const struct om_analysis *analysis);

/* A column of a table in a sheet. */
struct om_sheet_column {
    const char *title;
    double width; /* in characters */
    bool text;    /* else numbers, and the title stands to the right */
};

/* Writes the titles into a row, sets the widths, and keeps the row in sight. */
void om_xlsx_columns(struct om_sheet *sheet, uint32_t row, const struct om_sheet_column *column, size_t n,
                     unsigned fixed_columns);

#endif
