#include "report/page.h"
#include "base/memory.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void
table_release(struct om_table *table)
{
    om_free(table->column);
    om_free(table->row);
    om_free(table->cell);
    om_free(table->note);
}

void
om_page_release(struct om_page *page)
{
    for (size_t i = 0; i < page->n_blocks; i++)
        table_release(&page->block[i].table);
    om_free(page->block);
    om_buffer_release(&page->text);
    *page = OM_PAGE_EMPTY;
}

bool
om_page_ok(const struct om_page *page)
{
    return !page->failed && om_buffer_ok(&page->text);
}

const char *
om_page_text(const struct om_page *page, size_t offset)
{
    return om_buffer_string(&page->text) + offset;
}

void
om_page_sentences(const struct om_page *page, const struct om_block *block, struct om_buffer *out)
{
    const char *sentence = om_page_text(page, block->text);
    for (size_t i = 0; i < block->n_sentences; i++, sentence += strlen(sentence) + 1) {
        om_buffer_text(out, i ? " " : "");
        om_buffer_text(out, sentence);
    }
}

static size_t OM_PRINTF(2, 0) add_text(struct om_page *page, const char *format, va_list args)
{
    size_t at = page->text.length;
    char small[512];
    va_list again;
    va_copy(again, args);
    int length = vsnprintf(small, sizeof small, format, args);
    if (length >= 0 && (size_t)length < sizeof small) {
        om_buffer_add(&page->text, small, (size_t)length + 1);
    } else {
        char *large = length < 0 ? NULL : om_alloc((size_t)length + 1, 1);
        if (large) {
            vsnprintf(large, (size_t)length + 1, format, again);
            om_buffer_add(&page->text, large, (size_t)length + 1);
            om_free(large);
        } else {
            page->failed = true;
        }
    }
    va_end(again);
    return at;
}

#define ADD_TEXT(page, format, at)                                                                           \
    do {                                                                                                     \
        va_list args;                                                                                        \
        va_start(args, format);                                                                              \
        (at) = add_text((page), (format), args);                                                             \
        va_end(args);                                                                                        \
    } while (0)

static void
add_block(struct om_page *page, struct om_block block)
{
    if (!om_page_ok(page))
        return;
    if (!om_grow(&page->block, &page->block_capacity, page->n_blocks, sizeof *page->block))
        page->failed = true;
    else
        page->block[page->n_blocks++] = block;
}

void
om_page_title(struct om_page *page, const char *format, ...)
{
    struct om_block block = {.kind = OM_BLOCK_TITLE};
    ADD_TEXT(page, format, block.text);
    add_block(page, block);
}

/* Adds text as it stands. */
static size_t
copy_text(struct om_page *page, const char *text)
{
    size_t at = page->text.length;
    om_buffer_add(&page->text, text, strlen(text) + 1);
    return at;
}

void
om_page_heading(struct om_page *page, const char *anchor, const char *format, ...)
{
    struct om_block block = {.kind = OM_BLOCK_HEADING, .level = 2, .anchor = copy_text(page, anchor)};
    ADD_TEXT(page, format, block.text);
    add_block(page, block);
}

void
om_page_subheading(struct om_page *page, const char *anchor, const char *format, ...)
{
    struct om_block block = {.kind = OM_BLOCK_HEADING, .level = 3, .anchor = copy_text(page, anchor)};
    ADD_TEXT(page, format, block.text);
    add_block(page, block);
}

void
om_page_paragraph(struct om_page *page, enum om_tone tone, const char *format, ...)
{
    struct om_block block = {.kind = OM_BLOCK_PARAGRAPH, .tone = tone};
    ADD_TEXT(page, format, block.text);
    add_block(page, block);
}

void
om_page_item(struct om_page *page, const char *term, const char *format, ...)
{
    struct om_block block = {.kind = OM_BLOCK_ITEM, .term = copy_text(page, term)};
    ADD_TEXT(page, format, block.text);
    add_block(page, block);
}

void
om_page_link(struct om_page *page, const char *term, const char *file)
{
    om_page_item(page, term, "%s", file);
    if (om_page_ok(page))
        page->block[page->n_blocks - 1].is_link = true;
}

void
om_page_headline(struct om_page *page, const char *term, enum om_tone tone, const struct om_shares *shares)
{
    struct om_block block = {.kind = OM_BLOCK_HEADLINE, .tone = tone, .term = copy_text(page, term)};
    block.text = page->text.length;
    if (shares)
        block.shares = *shares;
    add_block(page, block);
}

void
om_page_sentence(struct om_page *page, const char *text)
{
    copy_text(page, text);
    if (om_page_ok(page))
        page->block[page->n_blocks - 1].n_sentences++;
}

void
om_page_code(struct om_page *page, const char *anchor, const char *title, const char *lines)
{
    struct om_block block = {.kind = OM_BLOCK_CODE,
                             .anchor = copy_text(page, anchor),
                             .term = copy_text(page, title),
                             .text = copy_text(page, lines)};
    add_block(page, block);
}

void
om_page_figure(struct om_page *page, const char *anchor, const struct om_figure_words *words)
{
    struct om_block block = {.kind = OM_BLOCK_FIGURE,
                             .anchor = copy_text(page, anchor),
                             .figure = {.svg = copy_text(page, words->svg),
                                        .title = copy_text(page, words->title),
                                        .subtitle = copy_text(page, words->subtitle),
                                        .description = copy_text(page, words->description),
                                        .small = words->small}};
    block.table.title = block.figure.title;
    add_block(page, block);
}

void
om_table_begin(struct om_page *page, const char *format, ...)
{
    struct om_block block = {.kind = OM_BLOCK_TABLE};
    ADD_TEXT(page, format, block.table.title);
    add_block(page, block);
}

/* The table under construction; NULL after a failure. */
static struct om_table *
table_of(struct om_page *page)
{
    return om_page_ok(page) ? &page->block[page->n_blocks - 1].table : NULL;
}

void
om_table_column(struct om_page *page, enum om_align align, const char *format, ...)
{
    struct om_column column = {.align = align};
    ADD_TEXT(page, format, column.title);
    struct om_table *table = table_of(page);
    if (!table)
        return;
    if (!om_grow(&table->column, &table->column_capacity, table->n_columns, sizeof *table->column))
        page->failed = true;
    else
        table->column[table->n_columns++] = column;
}

static void
add_row(struct om_page *page, bool across)
{
    struct om_table *table = table_of(page);
    if (!table)
        return;
    if (!om_grow(&table->row, &table->row_capacity, table->n_rows, sizeof *table->row))
        page->failed = true;
    else
        table->row[table->n_rows++] = (struct om_table_row){.first_cell = table->n_cells, .across = across};
}

static void
add_cell(struct om_page *page, struct om_cell cell)
{
    struct om_table *table = table_of(page);
    if (!table)
        return;
    if (!om_grow(&table->cell, &table->cell_capacity, table->n_cells, sizeof *table->cell)) {
        page->failed = true;
        return;
    }
    table->cell[table->n_cells++] = cell;
    table->row[table->n_rows - 1].n_cells++;
}

void
om_table_row(struct om_page *page)
{
    add_row(page, false);
}

void
om_table_across(struct om_page *page, const char *format, ...)
{
    struct om_cell cell = {.tone = OM_TONE_PLAIN};
    add_row(page, true);
    ADD_TEXT(page, format, cell.text);
    add_cell(page, cell);
}

void
om_table_cell(struct om_page *page, enum om_tone tone, const char *format, ...)
{
    struct om_cell cell = {.tone = tone};
    ADD_TEXT(page, format, cell.text);
    add_cell(page, cell);
}

void
om_table_bar(struct om_page *page, double length)
{
    struct om_table *table = table_of(page);
    if (table)
        table->cell[table->n_cells - 1].bar = length;
}

size_t
om_table_note(struct om_page *page, const char *reason)
{
    struct om_table *table = table_of(page);
    if (!table)
        return 0;
    for (size_t i = 0; i < table->n_notes; i++)
        if (strcmp(om_page_text(page, table->note[i]), reason) == 0)
            return i + 1;
    if (!om_grow(&table->note, &table->note_capacity, table->n_notes, sizeof *table->note)) {
        page->failed = true;
        return 0;
    }
    table->note[table->n_notes++] = copy_text(page, reason);
    return table->n_notes;
}

static bool
cell_filled(const struct om_page *page, const struct om_table *table, const struct om_table_row *row,
            size_t column)
{
    return column < row->n_cells && om_page_text(page, table->cell[row->first_cell + column].text)[0];
}

static bool
row_says_something(const struct om_page *page, const struct om_table *table, const struct om_table_row *row)
{
    for (size_t j = 1; j < table->n_columns; j++)
        if (cell_filled(page, table, row, j))
            return true;
    return false;
}

/* Keeps rows with content, and lines across that still head such a row. */
static void
drop_rows(const struct om_page *page, struct om_table *table)
{
    size_t kept = 0;
    for (size_t i = 0; i < table->n_rows; i++) {
        if (!table->row[i].across && !row_says_something(page, table, &table->row[i]))
            continue;
        if (table->row[i].across && kept && table->row[kept - 1].across)
            kept--;
        table->row[kept++] = table->row[i];
    }
    if (kept && table->row[kept - 1].across)
        kept--;
    table->n_rows = kept;
}

static bool
column_says_something(const struct om_page *page, const struct om_table *table, size_t column)
{
    for (size_t i = 0; i < table->n_rows; i++)
        if (!table->row[i].across && cell_filled(page, table, &table->row[i], column))
            return true;
    return false;
}

static void
drop_column(struct om_table *table, size_t column)
{
    for (size_t i = 0; i < table->n_rows; i++) {
        struct om_table_row *row = &table->row[i];
        if (row->across || column >= row->n_cells)
            continue;
        struct om_cell *at = &table->cell[row->first_cell + column];
        memmove(at, at + 1, (row->n_cells - column - 1) * sizeof *at);
        row->n_cells--;
    }
    memmove(&table->column[column], &table->column[column + 1],
            (table->n_columns - column - 1) * sizeof *table->column);
    table->n_columns--;
}

void
om_table_end(struct om_page *page)
{
    struct om_table *table = table_of(page);
    if (!table)
        return;
    drop_rows(page, table);
    for (size_t j = table->n_columns; j-- > 1;)
        if (!column_says_something(page, table, j))
            drop_column(table, j);
    if (table->n_rows == 0) {
        table_release(table);
        page->n_blocks--;
    }
}
