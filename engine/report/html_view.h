/* Rendering a page as HTML: what html_page.c and html_parts.c share. */
#ifndef OM_REPORT_HTML_VIEW_H
#define OM_REPORT_HTML_VIEW_H

#include "report/html.h"
#include "report/page.h"

struct om_html_view {
    struct om_html html;
    const struct om_page *page;
    size_t n_tables; /* so far: they are named by number */
    bool in_section;
};

/* The class of the style sheet, or NULL for plain. */
const char *om_html_class(enum om_tone tone);

/* name: of the caption, unique on the page. */
void om_html_table(struct om_html_view *view, const struct om_table *table, const char *name);
void om_html_headline(struct om_html_view *view, const struct om_block *block);
void om_html_figure(struct om_html_view *view, const struct om_block *block);

#endif
