/*
 * A page as text for a terminal: aligned columns, no line beyond the width.
 *
 * A table that is too wide first gives up space in its label column, then continues with further columns in a
 * second part under the first, the labels repeated.
 */
#include "report/utf8.h"
#include "report/view.h"
#include "base/memory.h"

#include <string.h>

enum { GAP = 2, INDENT = 2, LABEL_LEAST = 14 };

struct text_view {
    struct om_buffer *out;
    const struct om_page *page;
    size_t width;
    bool color;
};

static const char reset[] = "\x1b[0m";

/* Cyan and red differ for nearly every eye, and words always say the same. */
static const char *
attribute(enum om_tone tone)
{
    switch (tone) {
    case OM_TONE_BETTER:
        return "\x1b[36m";
    case OM_TONE_WORSE:
        return "\x1b[31m";
    case OM_TONE_DIM:
        return "\x1b[2m";
    case OM_TONE_PLAIN:
        break;
    }
    return NULL;
}

static void
begin(struct text_view *view, const char *code)
{
    if (view->color && code)
        om_buffer_text(view->out, code);
}

static void
end(struct text_view *view, const char *code)
{
    if (view->color && code)
        om_buffer_text(view->out, reset);
}

static void
spaces(struct text_view *view, size_t n)
{
    om_buffer_repeat(view->out, " ", n);
}

/* Length in bytes of the longest run of words in displayed text that fits width; a longer word is cut. */
static size_t
line_length(const char *text, size_t width)
{
    size_t total = strlen(text), at = 0, used = 0, word_end = 0;
    uint32_t character;
    while (at < total) {
        if (text[at] == ' ')
            word_end = at;
        size_t n = om_utf8_next(text + at, total - at, &character);
        char one[8] = {0};
        memcpy(one, text + at, n);
        used += om_utf8_width(one);
        if (used > width)
            return word_end ? word_end : at ? at : n;
        at += n;
    }
    return total;
}

/* Text broken into lines; the first starts at column `first`, the others at column `indent`. */
static void
wrapped(struct text_view *view, const char *text, size_t first, size_t indent, const char *code)
{
    struct om_buffer shown = OM_BUFFER_EMPTY;
    om_utf8_display(&shown, text);
    const char *rest = om_buffer_string(&shown);
    if (!*rest)
        om_buffer_char(view->out, '\n');
    for (size_t start = first; *rest; start = indent) {
        size_t n = line_length(rest, view->width - start);
        if (rest != om_buffer_string(&shown))
            spaces(view, indent);
        size_t shown_bytes = n;
        while (shown_bytes > 1 && rest[shown_bytes - 1] == ' ')
            shown_bytes--;
        begin(view, code);
        om_buffer_add(view->out, rest, shown_bytes);
        end(view, code);
        om_buffer_char(view->out, '\n');
        rest += n;
        rest += strspn(rest, " ");
    }
    view->out->failed |= !om_buffer_ok(&shown);
    om_buffer_release(&shown);
}

/* Adds text in a field of this width. pad: fill up on the right too. */
static void
field(struct text_view *view, const char *text, size_t width, enum om_align align, const char *code, bool pad)
{
    struct om_buffer shown = OM_BUFFER_EMPTY, fitted = OM_BUFFER_EMPTY;
    if (!om_buffer_ok(view->out))
        return; /* widths measured without memory are too small */
    om_utf8_display(&shown, text);
    size_t used = om_utf8_fit(&fitted, om_buffer_string(&shown), width);
    if (align == OM_ALIGN_RIGHT)
        spaces(view, width - used);
    begin(view, fitted.length ? code : NULL);
    om_buffer_text(view->out, om_buffer_string(&fitted));
    end(view, fitted.length ? code : NULL);
    if (align == OM_ALIGN_LEFT && pad)
        spaces(view, width - used);
    view->out->failed |= !om_buffer_ok(&shown) || !om_buffer_ok(&fitted);
    om_buffer_release(&shown);
    om_buffer_release(&fitted);
}

static size_t
display_width(struct text_view *view, size_t text)
{
    struct om_buffer shown = OM_BUFFER_EMPTY;
    om_utf8_display(&shown, om_page_text(view->page, text));
    size_t width = om_utf8_width(om_buffer_string(&shown));
    view->out->failed |= !om_buffer_ok(&shown);
    om_buffer_release(&shown);
    return width;
}

/* How far labels are moved in: they stand under the lines across, where there are any. */
static size_t
under(const struct om_table *table)
{
    for (size_t i = 0; i < table->n_rows; i++)
        if (table->row[i].across)
            return INDENT;
    return 0;
}

/* The width each column would like. */
static void
natural_widths(struct text_view *view, const struct om_table *table, size_t *width)
{
    for (size_t j = 0; j < table->n_columns; j++)
        width[j] = display_width(view, table->column[j].title);
    for (size_t i = 0; i < table->n_rows; i++) {
        const struct om_table_row *row = &table->row[i];
        for (size_t j = 0; !row->across && j < row->n_cells; j++) {
            size_t wanted =
                display_width(view, table->cell[row->first_cell + j].text) + (j ? 0 : under(table));
            width[j] = wanted > width[j] ? wanted : width[j];
        }
    }
}

/* Brings the label down to what the other columns leave, if that is enough to be read, and any other column
 * to what fits beside the label. */
static void
fit_widths(const struct text_view *view, size_t n, size_t *width)
{
    size_t room = view->width - INDENT, others = 0;
    for (size_t j = 1; j < n; j++)
        others += GAP + width[j];
    size_t label = others < room ? room - others : 0;
    if (label < LABEL_LEAST)
        label = LABEL_LEAST;
    if (width[0] > label)
        width[0] = label;
    for (size_t j = 1; j < n; j++)
        if (width[j] > room - width[0] - GAP)
            width[j] = room - width[0] - GAP;
}

/* The first column that does not fit any more beside the label when starting with column `from`. */
static size_t
part_end(const struct text_view *view, const size_t *width, size_t n, size_t from)
{
    size_t used = INDENT + width[0], j = from;
    while (j < n && used + GAP + width[j] <= view->width)
        used += GAP + width[j++];
    return j;
}

struct part {
    const struct om_table *table;
    const size_t *width;
    size_t from, to; /* columns beside the label */
};

static bool
filled(const struct text_view *view, const struct part *part, const struct om_table_row *row, size_t j)
{
    return j < part->to && j < row->n_cells &&
           om_page_text(view->page, part->table->cell[row->first_cell + j].text)[0];
}

/* One line of cells. Blanks behind the last filled cell are not written. */
static void
row_line(struct text_view *view, const struct part *part, const struct om_table_row *row)
{
    size_t last = 0;
    for (size_t j = part->from; j < part->to; j++)
        if (filled(view, part, row, j))
            last = j;
    spaces(view, INDENT);
    for (size_t j = 0; j <= last; j = j ? j + 1 : part->from) {
        const struct om_cell *cell = j < row->n_cells ? &part->table->cell[row->first_cell + j] : NULL;
        size_t shift = j ? 0 : under(part->table);
        spaces(view, j ? GAP : shift);
        field(view, cell ? om_page_text(view->page, cell->text) : "", part->width[j] - shift,
              part->table->column[j].align, cell ? attribute(cell->tone) : NULL, j < last);
    }
    om_buffer_char(view->out, '\n');
}

static void
head_line(struct text_view *view, const struct part *part)
{
    size_t last = 0;
    for (size_t j = part->from; j < part->to; j++)
        if (om_page_text(view->page, part->table->column[j].title)[0])
            last = j;
    if (last == 0 && !om_page_text(view->page, part->table->column[0].title)[0])
        return;
    spaces(view, INDENT);
    for (size_t j = 0; j <= last; j = j ? j + 1 : part->from) {
        const struct om_column *column = &part->table->column[j];
        spaces(view, j ? GAP : 0);
        field(view, om_page_text(view->page, column->title), part->width[j], column->align, "\x1b[2m",
              j < last);
    }
    om_buffer_char(view->out, '\n');
}

static void
part_lines(struct text_view *view, const struct part *part)
{
    head_line(view, part);
    for (size_t i = 0; i < part->table->n_rows; i++) {
        const struct om_table_row *row = &part->table->row[i];
        if (!row->across) {
            row_line(view, part, row);
            continue;
        }
        spaces(view, INDENT);
        wrapped(view, om_page_text(view->page, part->table->cell[row->first_cell].text), INDENT, INDENT,
                "\x1b[1m");
    }
}

static void
table(struct text_view *view, const struct om_table *source)
{
    size_t n = source->n_columns;
    size_t *width = om_calloc(n, sizeof *width);
    if (!width) {
        view->out->failed = 1;
        return;
    }
    om_buffer_char(view->out, '\n');
    wrapped(view, om_page_text(view->page, source->title), 0, 0, "\x1b[1m");
    natural_widths(view, source, width);
    fit_widths(view, n, width);
    for (size_t from = 1, to; from < n; from = to) {
        to = part_end(view, width, n, from);
        part_lines(view, &(struct part){source, width, from, to});
    }
    for (size_t i = 0; i < source->n_notes; i++) {
        om_buffer_format(view->out, "  [%zu] ", i + 1);
        wrapped(view, om_page_text(view->page, source->note[i]), 6, 6, "\x1b[2m");
    }
    om_free(width);
}

static void
rule(struct text_view *view, const char *line)
{
    om_buffer_repeat(view->out, line, view->width);
    om_buffer_char(view->out, '\n');
}

/* Definitions line up behind a column that holds the usual term. */
static void
item(struct text_view *view, const struct om_block *block, const char *text)
{
    enum { TERM = 16 };
    size_t used = display_width(view, block->term);
    spaces(view, INDENT);
    field(view, om_page_text(view->page, block->term), TERM > used ? TERM : view->width - INDENT,
          OM_ALIGN_LEFT, "\x1b[1m", TERM > used);
    if (TERM <= used) {
        om_buffer_char(view->out, '\n');
        spaces(view, INDENT + TERM);
    }
    wrapped(view, text, INDENT + TERM, INDENT + TERM, NULL);
}

static void
headline(struct text_view *view, const struct om_block *block)
{
    struct om_buffer text = OM_BUFFER_EMPTY;
    om_page_sentences(view->page, block, &text);
    item(view, block, om_buffer_string(&text));
    view->out->failed |= !om_buffer_ok(&text);
    om_buffer_release(&text);
}

/* Length of the longest run of JSON that fits width and ends before a blank outside of strings; all of it
 * where there is no such blank. Of displayed text a byte is at most a column. */
static size_t
code_length(const char *text, size_t length, size_t width)
{
    size_t fits = 0;
    bool quoted = false;
    if (length <= width)
        return length;
    for (size_t i = 0; i < length && (i <= width || !fits); i++) {
        if (text[i] == '\\' && quoted)
            i++;
        else if (text[i] == '"')
            quoted = !quoted;
        else if (text[i] == ' ' && !quoted && i > 0 && text[i - 1] == ',')
            fits = i;
    }
    return fits ? fits : length;
}

/* JSON, line by line, what does not fit on lines of its own with a deeper indent. What a terminal might take
 * for a command is displayed as \u202e, which means the same in JSON. */
static void
code(struct text_view *view, const char *text)
{
    enum { MARGIN = 2, HANG = 2 };
    for (const char *end; (end = strchr(text, '\n')) != NULL; text = end + 1) {
        struct om_buffer line = OM_BUFFER_EMPTY, shown = OM_BUFFER_EMPTY;
        om_buffer_add(&line, text, (size_t)(end - text));
        om_utf8_display(&shown, om_buffer_string(&line));
        const char *rest = om_buffer_string(&shown);
        const size_t own = strspn(rest, " ");
        for (size_t indent = MARGIN; *rest; indent = MARGIN + own + HANG) {
            const size_t room = view->width > indent ? view->width - indent : 1;
            const size_t n = code_length(rest, strlen(rest), room);
            spaces(view, indent);
            om_buffer_add(view->out, rest, n);
            om_buffer_char(view->out, '\n');
            rest += n;
            rest += strspn(rest, " ");
        }
        view->out->failed |= !om_buffer_ok(&shown) || !om_buffer_ok(&line);
        om_buffer_release(&shown);
        om_buffer_release(&line);
    }
}

static void
block(struct text_view *view, const struct om_block *shown)
{
    const char *text = om_page_text(view->page, shown->text);
    switch (shown->kind) {
    case OM_BLOCK_TITLE:
        wrapped(view, text, 0, 0, "\x1b[1m");
        rule(view, "═");
        break;
    case OM_BLOCK_HEADING:
        om_buffer_text(view->out, shown->level == 2 ? "\n\n" : "\n");
        wrapped(view, text, 0, 0, "\x1b[1m");
        if (shown->level == 2)
            rule(view, "─");
        break;
    case OM_BLOCK_PARAGRAPH:
        wrapped(view, text, 0, 0, attribute(shown->tone));
        break;
    case OM_BLOCK_ITEM:
        item(view, shown, text);
        break;
    case OM_BLOCK_HEADLINE:
        headline(view, shown);
        break;
    case OM_BLOCK_TABLE:
        table(view, &shown->table);
        break;
    case OM_BLOCK_FIGURE:
        break; /* for views that are kept as files */
    case OM_BLOCK_CODE:
        om_buffer_text(view->out, "\n\n");
        wrapped(view, om_page_text(view->page, shown->term), 0, 0, "\x1b[1m");
        rule(view, "─");
        code(view, text);
        break;
    }
}

void
om_view_text(struct om_buffer *out, const struct om_page *page, size_t width, bool color)
{
    enum { LEAST = 48 };
    struct text_view view = {out, page, width < LEAST ? LEAST : width, color};
    for (size_t i = 0; i < page->n_blocks && om_buffer_ok(out); i++)
        block(&view, &page->block[i]);
}
