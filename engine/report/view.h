/* The views of a result set: each adds a whole document to a buffer, whose failure is checked by the caller.
 */
#ifndef OM_REPORT_VIEW_H
#define OM_REPORT_VIEW_H

#include "base/buffer.h"
#include "report/page.h"

#include <omstat/figures.h>
#include <omstat/report.h>

/* Data: every row, full precision. docs/formats/results.md. */
void om_view_csv(struct om_buffer *out, const struct om_results *results);
void om_view_json(struct om_buffer *out, const struct om_analysis *analysis,
                  const struct om_report_options *options);

/* The page for people: first composed, then rendered in one of three ways. figures may be NULL. */
void om_view_compose(struct om_page *page, const struct om_analysis *analysis,
                     const struct om_report_options *options, const struct om_figures *figures);
void om_view_text(struct om_buffer *out, const struct om_page *page, size_t width, bool color);
void om_view_markdown(struct om_buffer *out, const struct om_page *page);
void om_view_html(struct om_buffer *out, const struct om_page *page);

/* Adds one line of text with all that Markdown gives a meaning escaped. */
void om_markdown_text(struct om_buffer *out, const char *text);

#endif
