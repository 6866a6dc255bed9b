/* A page as GitHub-flavoured Markdown. Everything from data is escaped; nothing in it can become markup. */
#include "report/utf8.h"
#include "report/view.h"

#include <string.h>

/* One line of text with all that Markdown gives a meaning escaped. */
void
om_markdown_text(struct om_buffer *out, const char *text)
{
    struct om_buffer shown = OM_BUFFER_EMPTY;
    om_utf8_display(&shown, text);
    for (const char *p = om_buffer_string(&shown); *p; p++) {
        if (*p == '<')
            om_buffer_text(out, "&lt;");
        else if (*p == '&')
            om_buffer_text(out, "&amp;");
        else if (*p == '@') /* no mention of anybody */
            om_buffer_text(out, "&#64;");
        else if (strchr("\\`*_|[]~#$", *p))
            om_buffer_format(out, "\\%c", *p);
        else
            om_buffer_char(out, *p);
    }
    out->failed |= !om_buffer_ok(&shown);
    om_buffer_release(&shown);
}

static void
emphasised(struct om_buffer *out, const char *mark, const char *text)
{
    if (!text[0])
        return;
    om_buffer_text(out, mark);
    om_markdown_text(out, text);
    om_buffer_text(out, mark);
}

static void
head(struct om_buffer *out, const struct om_page *page, const struct om_table *table)
{
    om_buffer_char(out, '|');
    for (size_t j = 0; j < table->n_columns; j++) {
        om_buffer_char(out, ' ');
        om_markdown_text(out, om_page_text(page, table->column[j].title));
        om_buffer_text(out, " |");
    }
    om_buffer_text(out, "\n|");
    for (size_t j = 0; j < table->n_columns; j++)
        om_buffer_text(out, table->column[j].align == OM_ALIGN_RIGHT ? " ---: |" : " :--- |");
    om_buffer_char(out, '\n');
}

static void
line(struct om_buffer *out, const struct om_page *page, const struct om_table *table,
     const struct om_table_row *row)
{
    om_buffer_char(out, '|');
    for (size_t j = 0; j < table->n_columns; j++) {
        const char *text = j < row->n_cells ? om_page_text(page, table->cell[row->first_cell + j].text) : "";
        om_buffer_char(out, ' ');
        if (row->across)
            emphasised(out, "**", text);
        else
            om_markdown_text(out, text);
        om_buffer_text(out, " |");
    }
    om_buffer_char(out, '\n');
}

static void
table(struct om_buffer *out, const struct om_page *page, const struct om_table *shown)
{
    emphasised(out, "**", om_page_text(page, shown->title));
    om_buffer_text(out, "\n\n");
    head(out, page, shown);
    for (size_t i = 0; i < shown->n_rows; i++)
        line(out, page, shown, &shown->row[i]);
    for (size_t i = 0; i < shown->n_notes; i++) {
        om_buffer_format(out, i ? "<br>\n\\[%zu\\] " : "\n\\[%zu\\] ", i + 1);
        om_markdown_text(out, om_page_text(page, shown->note[i]));
    }
    om_buffer_text(out, shown->n_notes ? "\n" : "");
}

static void
headline(struct om_buffer *out, const struct om_page *page, const struct om_block *shown)
{
    struct om_buffer text = OM_BUFFER_EMPTY;
    om_page_sentences(page, shown, &text);
    om_buffer_text(out, "- ");
    emphasised(out, "**", om_page_text(page, shown->term));
    om_buffer_text(out, ": ");
    om_markdown_text(out, om_buffer_string(&text));
    out->failed |= !om_buffer_ok(&text);
    om_buffer_release(&text);
}

static bool
is_listed(enum om_block_kind kind)
{
    return kind == OM_BLOCK_ITEM || kind == OM_BLOCK_HEADLINE;
}

/* Items in a row are one list; every other block is set off by an empty line. */
static void
block(struct om_buffer *out, const struct om_page *page, size_t i)
{
    const struct om_block *shown = &page->block[i];
    if (shown->kind == OM_BLOCK_FIGURE)
        return; /* for views that show pictures */
    if (i && !(is_listed(shown->kind) && shown[-1].kind == shown->kind))
        om_buffer_char(out, '\n');
    switch (shown->kind) {
    case OM_BLOCK_TITLE:
    case OM_BLOCK_HEADING:
        om_buffer_repeat(out, "#", shown->kind == OM_BLOCK_TITLE ? 1 : (size_t)shown->level);
        om_buffer_char(out, ' ');
        om_markdown_text(out, om_page_text(page, shown->text));
        break;
    case OM_BLOCK_PARAGRAPH:
        om_markdown_text(out, om_page_text(page, shown->text));
        break;
    case OM_BLOCK_HEADLINE:
        headline(out, page, shown);
        break;
    case OM_BLOCK_ITEM:
        om_buffer_text(out, "- ");
        emphasised(out, "**", om_page_text(page, shown->term));
        om_buffer_text(out, ": ");
        om_buffer_text(out, shown->is_link ? "[" : "");
        om_markdown_text(out, om_page_text(page, shown->text));
        if (shown->is_link)
            om_buffer_format(out, "](<%s>)", om_page_text(page, shown->text));
        break;
    case OM_BLOCK_TABLE:
        table(out, page, &shown->table);
        return;
    case OM_BLOCK_FIGURE:
        return;
    case OM_BLOCK_CODE: /* no line of JSON begins like a fence */
        om_buffer_text(out, "## ");
        om_markdown_text(out, om_page_text(page, shown->term));
        om_buffer_format(out, "\n\n```json\n%s```\n", om_page_text(page, shown->text));
        return;
    }
    om_buffer_char(out, '\n');
}

void
om_view_markdown(struct om_buffer *out, const struct om_page *page)
{
    for (size_t i = 0; i < page->n_blocks && om_buffer_ok(out); i++)
        block(out, page, i);
}
