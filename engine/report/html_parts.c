/* The parts of an HTML page that have an inside: tables, findings in words, figures. */
#include "report/html_view.h"
#include "report/number.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* --- tables --------------------------------------------------------------------------------------------- */

static void
open_cell(struct om_html *html, enum om_tag tag, enum om_align align, const char *class_)
{
    const char *number = align == OM_ALIGN_RIGHT ? "n" : "";
    char both[32];
    snprintf(both, sizeof both, "%s%s%s", number, *number && class_ ? " " : "", class_ ? class_ : "");
    om_html_open(html, tag);
    if (both[0])
        om_html_attribute(html, OM_ATTRIBUTE_CLASS, both);
}

static void
columns(struct om_html_view *view, const struct om_table *table)
{
    struct om_html *html = &view->html;
    om_html_open(html, OM_TAG_THEAD);
    om_html_open(html, OM_TAG_TR);
    for (size_t j = 0; j < table->n_columns; j++) {
        const char *title = om_page_text(view->page, table->column[j].title);
        const enum om_tag tag = title[0] ? OM_TAG_TH : OM_TAG_TD; /* an empty heading heads nothing */
        open_cell(html, tag, table->column[j].align, NULL);
        if (title[0])
            om_html_attribute(html, OM_ATTRIBUTE_SCOPE, "col");
        om_html_text(html, title);
        om_html_close(html, tag);
    }
    om_html_close(html, OM_TAG_TR);
    om_html_close(html, OM_TAG_THEAD);
}

/* The text stands for those who do not see, in words as long as a bar is drawn for the others. */
static void
bar_cell(struct om_html *html, double length)
{
    enum { UNITS = 100, HEIGHT = 10 };
    om_html_open(html, OM_TAG_TD);
    om_html_attribute(html, OM_ATTRIBUTE_CLASS, "bar");
    om_html_open(html, OM_TAG_SVG);
    om_html_attribute(html, OM_ATTRIBUTE_VIEW_BOX, "0 0 100 10");
    om_html_attribute(html, OM_ATTRIBUTE_PRESERVE_ASPECT_RATIO, "none");
    om_html_attribute(html, OM_ATTRIBUTE_ARIA_HIDDEN, "true");
    om_html_open(html, OM_TAG_RECT);
    om_html_number(html, OM_ATTRIBUTE_WIDTH, (double)(int)(length * UNITS + 0.5));
    om_html_number(html, OM_ATTRIBUTE_HEIGHT, HEIGHT);
    om_html_close(html, OM_TAG_RECT);
    om_html_close(html, OM_TAG_SVG);
    om_html_close(html, OM_TAG_TD);
}

static void
row(struct om_html_view *view, const struct om_table *table, const struct om_table_row *source)
{
    struct om_html *html = &view->html;
    om_html_open(html, OM_TAG_TR);
    for (size_t j = 0; j < table->n_columns; j++) {
        const struct om_cell *cell = j < source->n_cells ? &table->cell[source->first_cell + j] : NULL;
        const enum om_tag tag = j == 0 ? OM_TAG_TH : OM_TAG_TD;
        if (cell && cell->bar > 0) {
            bar_cell(html, cell->bar);
            continue;
        }
        open_cell(html, tag, table->column[j].align, cell ? om_html_class(cell->tone) : NULL);
        if (j == 0) {
            om_html_attribute(html, OM_ATTRIBUTE_SCOPE, "row");
            om_html_attribute(html, OM_ATTRIBUTE_DIR, "auto"); /* names may be in any script */
        }
        om_html_text(html, cell ? om_page_text(view->page, cell->text) : "");
        om_html_close(html, tag);
    }
    om_html_close(html, OM_TAG_TR);
}

/* A line across heads the rows below it: they are a group. */
static void
across(struct om_html_view *view, const struct om_table *table, const struct om_table_row *source)
{
    struct om_html *html = &view->html;
    om_html_open(html, OM_TAG_TR);
    om_html_open(html, OM_TAG_TH);
    om_html_attribute(html, OM_ATTRIBUTE_CLASS, "across");
    om_html_attribute(html, OM_ATTRIBUTE_SCOPE, "rowgroup");
    om_html_number(html, OM_ATTRIBUTE_COLSPAN, (double)table->n_columns);
    om_html_text(html, om_page_text(view->page, table->cell[source->first_cell].text));
    om_html_close(html, OM_TAG_TH);
    om_html_close(html, OM_TAG_TR);
}

static void
rows(struct om_html_view *view, const struct om_table *table)
{
    struct om_html *html = &view->html;
    om_html_open(html, OM_TAG_TBODY);
    for (size_t i = 0; i < table->n_rows; i++) {
        if (table->row[i].across && i > 0) {
            om_html_close(html, OM_TAG_TBODY);
            om_html_open(html, OM_TAG_TBODY);
        }
        if (table->row[i].across)
            across(view, table, &table->row[i]);
        else
            row(view, table, &table->row[i]);
    }
    om_html_close(html, OM_TAG_TBODY);
}

static void
notes(struct om_html_view *view, const struct om_table *table)
{
    struct om_html *html = &view->html;
    for (size_t i = 0; i < table->n_notes; i++) {
        char number[32];
        snprintf(number, sizeof number, "[%zu] ", i + 1);
        om_html_open(html, OM_TAG_P);
        om_html_attribute(html, OM_ATTRIBUTE_CLASS, "note");
        om_html_text(html, number);
        om_html_text(html, om_page_text(view->page, table->note[i]));
        om_html_close(html, OM_TAG_P);
    }
}

/* With more rows a table gets a box of its own, in which it moves below its headings. */
enum { LONG_TABLE = 40 };

void
om_html_table(struct om_html_view *view, const struct om_table *table, const char *name)
{
    struct om_html *html = &view->html;
    om_html_open(html, OM_TAG_DIV); /* wider than a phone, it moves within this box, also by keys */
    om_html_attribute(html, OM_ATTRIBUTE_CLASS, table->n_rows > LONG_TABLE ? "scroll long" : "scroll");
    om_html_attribute(html, OM_ATTRIBUTE_ROLE, "group");
    om_html_attribute(html, OM_ATTRIBUTE_TABINDEX, "0");
    om_html_attribute(html, OM_ATTRIBUTE_ARIA_LABELLEDBY, name);
    om_html_open(html, OM_TAG_TABLE);
    om_html_open(html, OM_TAG_CAPTION);
    om_html_attribute(html, OM_ATTRIBUTE_ID, name);
    om_html_text(html, om_page_text(view->page, table->title));
    om_html_close(html, OM_TAG_CAPTION);
    columns(view, table);
    rows(view, table);
    om_html_close(html, OM_TAG_TABLE);
    om_html_close(html, OM_TAG_DIV);
    notes(view, table);
}

/* --- findings in words ---------------------------------------------------------------------------------- */

static const struct {
    const char *class_, *word;
} share[OM_SHARES] = {{"better", "improved"}, {"same", "unchanged"}, {"worse", "worse"}};

/* The parts beside each other, as wide as they are large. */
static void
shares_bar(struct om_html *html, const struct om_shares *shares)
{
    double x = 0;
    om_html_open(html, OM_TAG_SVG);
    om_html_attribute(html, OM_ATTRIBUTE_CLASS, "shares");
    om_html_attribute(html, OM_ATTRIBUTE_VIEW_BOX, "0 0 1000 10");
    om_html_attribute(html, OM_ATTRIBUTE_PRESERVE_ASPECT_RATIO, "none");
    om_html_attribute(html, OM_ATTRIBUTE_ARIA_HIDDEN, "true");
    for (size_t i = 0; i < OM_SHARES; i++) {
        const double to = x + (double)shares->part[i];
        const double left = (double)(int)(1000 * x / (double)shares->of + 0.5);
        const double right = (double)(int)(1000 * to / (double)shares->of + 0.5);
        x = to;
        if (right <= left)
            continue;
        om_html_open(html, OM_TAG_RECT);
        om_html_attribute(html, OM_ATTRIBUTE_CLASS, share[i].class_);
        om_html_number(html, OM_ATTRIBUTE_X, left);
        om_html_number(html, OM_ATTRIBUTE_WIDTH, right - left);
        om_html_number(html, OM_ATTRIBUTE_HEIGHT, 10);
        om_html_close(html, OM_TAG_RECT);
    }
    om_html_close(html, OM_TAG_SVG);
}

static void
shares_legend(struct om_html *html, const struct om_shares *shares)
{
    om_html_open(html, OM_TAG_UL);
    om_html_attribute(html, OM_ATTRIBUTE_CLASS, "legend");
    for (size_t i = 0; i < OM_SHARES; i++) {
        om_html_open(html, OM_TAG_LI);
        om_html_attribute(html, OM_ATTRIBUTE_CLASS, shares->part[i] ? share[i].class_ : "same");
        om_html_element(html, OM_TAG_B, om_show_percent(shares->part[i], shares->of).text);
        om_html_text(html, " ");
        om_html_text(html, share[i].word);
        om_html_close(html, OM_TAG_LI);
    }
    om_html_close(html, OM_TAG_UL);
}

void
om_html_headline(struct om_html_view *view, const struct om_block *block)
{
    struct om_html *html = &view->html;
    om_html_open(html, OM_TAG_ARTICLE);
    if (om_html_class(block->tone))
        om_html_attribute(html, OM_ATTRIBUTE_CLASS, om_html_class(block->tone));
    om_html_element(html, OM_TAG_H3, om_page_text(view->page, block->term));
    if (block->shares.of) {
        shares_legend(html, &block->shares);
        shares_bar(html, &block->shares);
    }
    const char *sentence = om_page_text(view->page, block->text);
    for (size_t i = 0; i < block->n_sentences; i++, sentence += strlen(sentence) + 1)
        om_html_element(html, OM_TAG_P, sentence);
    om_html_close(html, OM_TAG_ARTICLE);
}

/* --- figures -------------------------------------------------------------------------------------------- */

/* Title and subtitle are drawn in the picture itself. */
void
om_html_figure(struct om_html_view *view, const struct om_block *block)
{
    struct om_html *html = &view->html;
    const char *title = om_page_text(view->page, block->figure.title);
    const char *anchor = om_page_text(view->page, block->anchor);
    char data[160];
    snprintf(data, sizeof data, "%.140s-data", anchor);
    om_html_open(html, OM_TAG_FIGURE);
    om_html_attribute(html, OM_ATTRIBUTE_ID, anchor);
    om_html_open(html, OM_TAG_DIV);
    om_html_attribute(html, OM_ATTRIBUTE_CLASS, "picture");
    om_html_attribute(html, OM_ATTRIBUTE_TABINDEX, "0");
    om_html_attribute(html, OM_ATTRIBUTE_ROLE, "group");
    om_html_attribute(html, OM_ATTRIBUTE_ARIA_LABEL, title);
    om_html_picture(html, om_page_text(view->page, block->figure.svg));
    om_html_close(html, OM_TAG_DIV);
    om_html_open(html, OM_TAG_FIGCAPTION);
    om_html_open(html, OM_TAG_DETAILS);
    om_html_open(html, OM_TAG_SUMMARY);
    om_html_text(html, "In words and numbers");
    om_html_open(html, OM_TAG_SPAN);
    om_html_attribute(html, OM_ATTRIBUTE_CLASS, "unseen");
    om_html_text(html, ": ");
    om_html_text(html, title);
    om_html_close(html, OM_TAG_SPAN);
    om_html_close(html, OM_TAG_SUMMARY);
    om_html_element(html, OM_TAG_P, om_page_text(view->page, block->figure.description));
    om_html_table(view, &block->table, data);
    om_html_close(html, OM_TAG_DETAILS);
    om_html_close(html, OM_TAG_FIGCAPTION);
    om_html_close(html, OM_TAG_FIGURE);
}
