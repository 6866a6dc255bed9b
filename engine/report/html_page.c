/*
 * A page as one HTML file: no script, nothing loaded, and a policy that forbids both. It holds its style
 * sheet (page.css), which the policy names by its SHA-256.
 */
#include "report/html_view.h"
#include "report/style.h"
#include "report/view.h"
#include "io/sha256.h"

#include <omstat/version.h>
#include <stdio.h>
#include <string.h>

/* Every kind of block beside its neighbours of the same kind, in one element around them all. */
static enum om_tag
group_tag(enum om_block_kind kind)
{
    switch (kind) {
    case OM_BLOCK_ITEM:
        return OM_TAG_DL;
    case OM_BLOCK_HEADLINE:
    case OM_BLOCK_FIGURE:
        return OM_TAG_DIV;
    case OM_BLOCK_TITLE:
    case OM_BLOCK_HEADING:
    case OM_BLOCK_PARAGRAPH:
    case OM_BLOCK_TABLE:
    case OM_BLOCK_CODE:
        break;
    }
    return OM_TAG_COUNT;
}

static void
begin_group(struct om_html_view *view, const struct om_block *first)
{
    const enum om_tag tag = group_tag(first->kind);
    if (tag == OM_TAG_COUNT)
        return;
    om_html_open(&view->html, tag);
    if (first->kind != OM_BLOCK_ITEM)
        om_html_attribute(&view->html, OM_ATTRIBUTE_CLASS,
                          first->kind == OM_BLOCK_HEADLINE ? "headlines"
                          : first->figure.small            ? "figures small"
                                                           : "figures");
}

static void
end_group(struct om_html_view *view, enum om_block_kind kind)
{
    const enum om_tag tag = group_tag(kind);
    if (tag != OM_TAG_COUNT)
        om_html_close(&view->html, tag);
}

/* --- blocks --------------------------------------------------------------------------------------------- */

const char *
om_html_class(enum om_tone tone)
{
    switch (tone) {
    case OM_TONE_BETTER:
        return "better";
    case OM_TONE_WORSE:
        return "worse";
    case OM_TONE_DIM:
        return "dim";
    case OM_TONE_PLAIN:
        break;
    }
    return NULL;
}

static void
toned(struct om_html *html, enum om_tone tone)
{
    if (om_html_class(tone))
        om_html_attribute(html, OM_ATTRIBUTE_CLASS, om_html_class(tone));
}

/* A section goes on to the next heading of its level. */
static void
heading(struct om_html_view *view, const struct om_block *block)
{
    struct om_html *html = &view->html;
    const char *anchor = om_page_text(view->page, block->anchor);
    if (block->level == 2) {
        if (view->in_section)
            om_html_close(html, OM_TAG_SECTION);
        om_html_open(html, OM_TAG_SECTION);
        om_html_attribute(html, OM_ATTRIBUTE_ARIA_LABELLEDBY, anchor);
        view->in_section = true;
    }
    const enum om_tag tag = block->level == 2 ? OM_TAG_H2 : OM_TAG_H3;
    om_html_open(html, tag);
    om_html_attribute(html, OM_ATTRIBUTE_ID, anchor);
    om_html_text(html, om_page_text(view->page, block->text));
    om_html_close(html, tag);
}

static void
item(struct om_html_view *view, const struct om_block *block)
{
    struct om_html *html = &view->html;
    const char *term = om_page_text(view->page, block->term);
    if (term[0]) /* one without says more about the one before */
        om_html_element(html, OM_TAG_DT, term);
    if (!block->is_link) {
        om_html_element(html, OM_TAG_DD, om_page_text(view->page, block->text));
        return;
    }
    om_html_open(html, OM_TAG_DD);
    om_html_open(html, OM_TAG_A);
    om_html_file_link(html, om_page_text(view->page, block->text));
    om_html_text(html, om_page_text(view->page, block->text));
    om_html_close(html, OM_TAG_A);
    om_html_close(html, OM_TAG_DD);
}

/* Text for programs to read and for people to look up: folded. */
static void
code(struct om_html_view *view, const struct om_block *block)
{
    struct om_html *html = &view->html;
    om_html_open(html, OM_TAG_DETAILS);
    om_html_element(html, OM_TAG_SUMMARY, om_page_text(view->page, block->term));
    om_html_open(html, OM_TAG_PRE);
    om_html_attribute(html, OM_ATTRIBUTE_ID, om_page_text(view->page, block->anchor));
    om_html_attribute(html, OM_ATTRIBUTE_TABINDEX, "0");
    om_html_lines(html, om_page_text(view->page, block->text));
    om_html_close(html, OM_TAG_PRE);
    om_html_close(html, OM_TAG_DETAILS);
}

static void
block(struct om_html_view *view, const struct om_block *shown)
{
    struct om_html *html = &view->html;
    char name[32];
    switch (shown->kind) {
    case OM_BLOCK_TITLE:
        om_html_element(html, OM_TAG_H1, om_page_text(view->page, shown->text));
        break;
    case OM_BLOCK_HEADING:
        heading(view, shown);
        break;
    case OM_BLOCK_PARAGRAPH:
        om_html_open(html, OM_TAG_P);
        toned(html, shown->tone);
        om_html_text(html, om_page_text(view->page, shown->text));
        om_html_close(html, OM_TAG_P);
        break;
    case OM_BLOCK_ITEM:
        item(view, shown);
        break;
    case OM_BLOCK_HEADLINE:
        om_html_headline(view, shown);
        break;
    case OM_BLOCK_TABLE:
        snprintf(name, sizeof name, "table-%zu", ++view->n_tables);
        om_html_table(view, &shown->table, name);
        break;
    case OM_BLOCK_FIGURE:
        om_html_figure(view, shown);
        break;
    case OM_BLOCK_CODE:
        code(view, shown);
        break;
    }
}

/* The blocks from one to before another. */
static void
blocks(struct om_html_view *view, size_t from, size_t to)
{
    const struct om_block *all = view->page->block;
    for (size_t i = from; i < to && om_buffer_ok(view->html.out); i++) {
        if (i == from || all[i - 1].kind != all[i].kind)
            begin_group(view, &all[i]);
        block(view, &all[i]);
        if (i + 1 == to || all[i + 1].kind != all[i].kind)
            end_group(view, all[i].kind);
    }
    if (view->in_section)
        om_html_close(&view->html, OM_TAG_SECTION);
    view->in_section = false;
}

/* --- the whole ----------------------------------------------------------------------------------------- */

static void
contents(struct om_html_view *view)
{
    struct om_html *html = &view->html;
    om_html_open(html, OM_TAG_NAV);
    om_html_attribute(html, OM_ATTRIBUTE_ARIA_LABEL, "Contents");
    om_html_open(html, OM_TAG_OL);
    for (size_t i = 0; i < view->page->n_blocks; i++) {
        const struct om_block *heading = &view->page->block[i];
        if (heading->kind != OM_BLOCK_HEADING || heading->level != 2)
            continue;
        om_html_open(html, OM_TAG_LI);
        om_html_open(html, OM_TAG_A);
        om_html_link(html, om_page_text(view->page, heading->anchor));
        om_html_text(html, om_page_text(view->page, heading->text));
        om_html_close(html, OM_TAG_A);
        om_html_close(html, OM_TAG_LI);
    }
    om_html_close(html, OM_TAG_OL);
    om_html_close(html, OM_TAG_NAV);
}

static int
digit(char c)
{
    return c <= '9' ? c - '0' : c - 'a' + 10;
}

/* A digest in base64, which is how a policy writes it: 32 bytes make 44 characters. */
static void
base64_of_hex(const char *hex, char out[45])
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    uint32_t bits = 0;
    size_t n_bits = 0, n = 0;
    for (const char *p = hex; *p; p++) {
        bits = bits << 4 | (uint32_t)digit(*p);
        n_bits += 4;
        if (n_bits >= 6) {
            n_bits -= 6;
            out[n++] = letters[bits >> n_bits & 63];
        }
    }
    out[n++] = letters[bits << (6 - n_bits) & 63];
    memcpy(out + n, "=", 2);
}

static void
head(struct om_html_view *view)
{
    struct om_html *html = &view->html;
    char hex[OM_SHA256_TEXT], base64[45];
    struct om_error ignored;
    if (om_sha256_text(om_page_style, om_page_style_length, hex, &ignored) != OM_OK) {
        html->out->failed = 1;
        return;
    }
    base64_of_hex(hex, base64);
    om_html_constant(html, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                           "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                           "style-src 'sha256-");
    om_html_text(html, base64);
    om_html_constant(html, "'; img-src data:; base-uri 'none'; form-action 'none'\">\n"
                           "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                           "<meta name=\"color-scheme\" content=\"light dark\">\n"
                           "<meta name=\"generator\" content=\"omstat " OM_VERSION "\">\n"
                           "<link rel=\"icon\" href=\"data:,\">\n"); /* so that no server is asked for one */
    om_html_element(html, OM_TAG_TITLE, om_page_text(view->page, view->page->block[0].text));
    om_html_constant(html, "<style>");
    om_html_markup(html, om_page_style);
    om_html_constant(html, "</style>\n</head>\n");
}

/* The title and what stands below it come before the contents. */
static size_t
first_heading(const struct om_page *page)
{
    size_t i = 0;
    while (i < page->n_blocks && page->block[i].kind != OM_BLOCK_HEADING)
        i++;
    return i;
}

void
om_view_html(struct om_buffer *out, const struct om_page *page)
{
    struct om_html_view view = {.html = OM_HTML(out), .page = page};
    struct om_html *html = &view.html;
    const size_t start = first_heading(page);
    head(&view);
    om_html_open(html, OM_TAG_BODY);
    om_html_open(html, OM_TAG_A);
    om_html_attribute(html, OM_ATTRIBUTE_CLASS, "skip");
    om_html_link(html, "main");
    om_html_text(html, "Skip to the report");
    om_html_close(html, OM_TAG_A);
    om_html_open(html, OM_TAG_HEADER);
    blocks(&view, 0, start);
    om_html_close(html, OM_TAG_HEADER);
    contents(&view);
    om_html_open(html, OM_TAG_MAIN);
    om_html_attribute(html, OM_ATTRIBUTE_ID, "main");
    om_html_attribute(html, OM_ATTRIBUTE_TABINDEX, "-1");
    blocks(&view, start, page->n_blocks);
    om_html_close(html, OM_TAG_MAIN);
    om_html_close(html, OM_TAG_BODY);
    om_html_constant(html, "</html>\n");
}
