/*
 * HTML out, one element after the other into a buffer.
 *
 * What comes from data can only be text or the value of an attribute, and both are escaped here; elements and
 * attributes are those of two lists, none of which can load or run anything. So no name of a group, column or
 * file can become markup, whoever calls. Two doors lead past that: om_html_constant takes only literals of
 * this program, and om_html_picture takes a picture that this library drew. Failure is the buffer's: sticky,
 * checked once at the end.
 */
#ifndef OM_REPORT_HTML_H
#define OM_REPORT_HTML_H

#include "base/buffer.h"

#include <stdbool.h>

enum om_tag {
    OM_TAG_A,
    OM_TAG_ARTICLE,
    OM_TAG_B,
    OM_TAG_BODY,
    OM_TAG_CAPTION,
    OM_TAG_DD,
    OM_TAG_DETAILS,
    OM_TAG_DIV,
    OM_TAG_DL,
    OM_TAG_DT,
    OM_TAG_FIGCAPTION,
    OM_TAG_FIGURE,
    OM_TAG_H1,
    OM_TAG_H2,
    OM_TAG_H3,
    OM_TAG_H4,
    OM_TAG_HEADER,
    OM_TAG_LI,
    OM_TAG_MAIN,
    OM_TAG_NAV,
    OM_TAG_OL,
    OM_TAG_P,
    OM_TAG_PRE,
    OM_TAG_SECTION,
    OM_TAG_SPAN,
    OM_TAG_SUMMARY,
    OM_TAG_TABLE,
    OM_TAG_TBODY,
    OM_TAG_TD,
    OM_TAG_TH,
    OM_TAG_THEAD,
    OM_TAG_TITLE,
    OM_TAG_TR,
    OM_TAG_UL,
    /* of the bars in SVG */
    OM_TAG_SVG,
    OM_TAG_RECT,
    OM_TAG_COUNT
};

enum om_attribute {
    OM_ATTRIBUTE_ARIA_HIDDEN,
    OM_ATTRIBUTE_ARIA_LABEL,
    OM_ATTRIBUTE_ARIA_LABELLEDBY,
    OM_ATTRIBUTE_CLASS,
    OM_ATTRIBUTE_COLSPAN,
    OM_ATTRIBUTE_DIR,
    OM_ATTRIBUTE_ID,
    OM_ATTRIBUTE_ROLE,
    OM_ATTRIBUTE_SCOPE,
    OM_ATTRIBUTE_TABINDEX,
    /* of the bars in SVG */
    OM_ATTRIBUTE_HEIGHT,
    OM_ATTRIBUTE_PRESERVE_ASPECT_RATIO,
    OM_ATTRIBUTE_VIEW_BOX,
    OM_ATTRIBUTE_WIDTH,
    OM_ATTRIBUTE_X,
    OM_ATTRIBUTE_COUNT
};

enum { OM_HTML_DEPTH = 32 };

struct om_html {
    struct om_buffer *out;
    enum om_tag open[OM_HTML_DEPTH];
    size_t depth;
    bool in_tag; /* between "<p" and ">" */
};

#define OM_HTML(buffer) ((struct om_html){.out = (buffer)})

void om_html_open(struct om_html *html, enum om_tag tag);
/* Directly after om_html_open. */
void om_html_attribute(struct om_html *html, enum om_attribute name, const char *value);
void om_html_number(struct om_html *html, enum om_attribute name, double value);
/* Of an OM_TAG_A: to a place on the same page, or to a file in the same folder. There are no other links. */
void om_html_link(struct om_html *html, const char *anchor);
void om_html_file_link(struct om_html *html, const char *name);
void om_html_text(struct om_html *html, const char *text);
/* JSON in a <pre>: line ends stay, and what does not print is written as \u0000, which means the same there.
 */
void om_html_lines(struct om_html *html, const char *text);
/* Ends the element that is open; to name it is to have it checked. */
void om_html_close(struct om_html *html, enum om_tag tag);
/* An element with nothing but text in it. */
void om_html_element(struct om_html *html, enum om_tag tag, const char *text);

/* Markup written in this program. */
#define om_html_constant(html, literal) om_html_markup((html), "" literal "")
/* A whole <svg> element drawn by this library. */
#define om_html_picture(html, svg) om_html_markup((html), (svg))
void om_html_markup(struct om_html *html, const char *markup); /* by way of these two only */

#endif
