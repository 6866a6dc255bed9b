#include "report/html.h"
#include "base/number.h"
#include "report/utf8.h"
#include "report/xml.h"

#include <string.h>

/* block: a line of its own in the file. */
static const struct {
    const char *name;
    bool block;
} tags[OM_TAG_COUNT] = {
    [OM_TAG_A] = {"a", false},
    [OM_TAG_ARTICLE] = {"article", true},
    [OM_TAG_B] = {"b", false},
    [OM_TAG_BODY] = {"body", true},
    [OM_TAG_CAPTION] = {"caption", true},
    [OM_TAG_DD] = {"dd", true},
    [OM_TAG_DETAILS] = {"details", true},
    [OM_TAG_DIV] = {"div", true},
    [OM_TAG_DL] = {"dl", true},
    [OM_TAG_DT] = {"dt", true},
    [OM_TAG_FIGCAPTION] = {"figcaption", true},
    [OM_TAG_FIGURE] = {"figure", true},
    [OM_TAG_H1] = {"h1", true},
    [OM_TAG_H2] = {"h2", true},
    [OM_TAG_H3] = {"h3", true},
    [OM_TAG_H4] = {"h4", true},
    [OM_TAG_HEADER] = {"header", true},
    [OM_TAG_LI] = {"li", true},
    [OM_TAG_MAIN] = {"main", true},
    [OM_TAG_NAV] = {"nav", true},
    [OM_TAG_OL] = {"ol", true},
    [OM_TAG_P] = {"p", true},
    [OM_TAG_PRE] = {"pre", true},
    [OM_TAG_SECTION] = {"section", true},
    [OM_TAG_SPAN] = {"span", false},
    [OM_TAG_SUMMARY] = {"summary", true},
    [OM_TAG_TABLE] = {"table", true},
    [OM_TAG_TBODY] = {"tbody", true},
    [OM_TAG_TD] = {"td", false},
    [OM_TAG_TH] = {"th", false},
    [OM_TAG_THEAD] = {"thead", true},
    [OM_TAG_TITLE] = {"title", true},
    [OM_TAG_TR] = {"tr", true},
    [OM_TAG_UL] = {"ul", true},
    [OM_TAG_SVG] = {"svg", true},
    [OM_TAG_RECT] = {"rect", true},
};

static const char *const attributes[OM_ATTRIBUTE_COUNT] = {
    [OM_ATTRIBUTE_ARIA_HIDDEN] = "aria-hidden",
    [OM_ATTRIBUTE_ARIA_LABEL] = "aria-label",
    [OM_ATTRIBUTE_ARIA_LABELLEDBY] = "aria-labelledby",
    [OM_ATTRIBUTE_CLASS] = "class",
    [OM_ATTRIBUTE_COLSPAN] = "colspan",
    [OM_ATTRIBUTE_DIR] = "dir",
    [OM_ATTRIBUTE_ID] = "id",
    [OM_ATTRIBUTE_ROLE] = "role",
    [OM_ATTRIBUTE_SCOPE] = "scope",
    [OM_ATTRIBUTE_TABINDEX] = "tabindex",
    [OM_ATTRIBUTE_HEIGHT] = "height",
    [OM_ATTRIBUTE_PRESERVE_ASPECT_RATIO] = "preserveAspectRatio",
    [OM_ATTRIBUTE_VIEW_BOX] = "viewBox",
    [OM_ATTRIBUTE_WIDTH] = "width",
    [OM_ATTRIBUTE_X] = "x",
};

static void
end_tag_start(struct om_html *html)
{
    if (html->in_tag)
        om_buffer_char(html->out, '>');
    html->in_tag = false;
}

/* A mistake of the caller: what is written would be no page. */
static void
fail(struct om_html *html)
{
    html->out->failed = 1;
}

void
om_html_open(struct om_html *html, enum om_tag tag)
{
    end_tag_start(html);
    if (html->depth == OM_HTML_DEPTH) {
        fail(html);
        return;
    }
    html->open[html->depth++] = tag;
    om_buffer_char(html->out, '<');
    om_buffer_text(html->out, tags[tag].name);
    html->in_tag = true;
}

static void
attribute(struct om_html *html, const char *name, const char *before, const char *value)
{
    if (!html->in_tag)
        fail(html);
    om_buffer_char(html->out, ' ');
    om_buffer_text(html->out, name);
    om_buffer_text(html->out, "=\"");
    om_buffer_text(html->out, before);
    om_xml_text(html->out, value);
    om_buffer_char(html->out, '"');
}

void
om_html_attribute(struct om_html *html, enum om_attribute name, const char *value)
{
    attribute(html, attributes[name], "", value);
}

void
om_html_number(struct om_html *html, enum om_attribute name, double value)
{
    char text[OM_NUMBER_TEXT];
    om_number_format(value, text);
    attribute(html, attributes[name], "", text);
}

void
om_html_link(struct om_html *html, const char *anchor)
{
    attribute(html, "href", "#", anchor);
}

void
om_html_file_link(struct om_html *html, const char *name)
{
    attribute(html, "href", "./", name); /* whatever the name is, it names no other scheme or site */
}

void
om_html_text(struct om_html *html, const char *text)
{
    end_tag_start(html);
    om_xml_text(html->out, text);
}

void
om_html_lines(struct om_html *html, const char *text)
{
    uint32_t character;
    end_tag_start(html);
    for (size_t left = strlen(text), n; left; text += n, left -= n) {
        char one[8] = {0};
        n = om_utf8_next(text, left, &character);
        if (character == '\n') {
            om_buffer_char(html->out, '\n');
        } else if (character < 0x10000 && !om_utf8_prints(character)) {
            om_buffer_format(html->out, "\\u%04x", (unsigned)character);
        } else {
            memcpy(one, text, n);
            om_xml_text(html->out, one);
        }
    }
}

void
om_html_close(struct om_html *html, enum om_tag tag)
{
    end_tag_start(html);
    if (html->depth == 0 || html->open[html->depth - 1] != tag) {
        fail(html);
        return;
    }
    html->depth--;
    om_buffer_text(html->out, "</");
    om_buffer_text(html->out, tags[tag].name);
    om_buffer_text(html->out, tags[tag].block ? ">\n" : ">");
}

void
om_html_element(struct om_html *html, enum om_tag tag, const char *text)
{
    om_html_open(html, tag);
    om_html_text(html, text);
    om_html_close(html, tag);
}

void
om_html_markup(struct om_html *html, const char *markup)
{
    end_tag_start(html);
    om_buffer_text(html->out, markup);
}
