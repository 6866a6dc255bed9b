#include "report/workbook.h"

#include "base/buffer.h"
#include "base/memory.h"
#include "report/utf8.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>
#include <xlsxwriter.h>

enum { TITLE_WIDTH = 120, DESCRIPTION_WIDTH = 500 };
enum { CREATED = 315532800 }; /* 1980-01-01, as old as a file in a ZIP archive can be */

/* The library is loaded with the first workbook. It brings three more, one of them of five megabytes, and to
 * have them linked would cost every other report a tenth of its start. */
#define CALLS(X)                                                                                             \
    X(chart_add_series)                                                                                      \
    X(chart_axis_major_gridlines_set_line)                                                                   \
    X(chart_axis_major_gridlines_set_visible)                                                                \
    X(chart_axis_set_crossing_max)                                                                           \
    X(chart_axis_set_label_position)                                                                         \
    X(chart_axis_set_name)                                                                                   \
    X(chart_axis_set_num_format)                                                                             \
    X(chart_axis_set_reverse)                                                                                \
    X(chart_legend_set_position)                                                                             \
    X(chart_series_set_categories)                                                                           \
    X(chart_series_set_fill)                                                                                 \
    X(chart_series_set_line)                                                                                 \
    X(chart_series_set_marker_fill)                                                                          \
    X(chart_series_set_marker_line)                                                                          \
    X(chart_series_set_marker_size)                                                                          \
    X(chart_series_set_marker_type)                                                                          \
    X(chart_series_set_name)                                                                                 \
    X(chart_series_set_values)                                                                               \
    X(chart_set_high_low_lines)                                                                              \
    X(chart_title_set_name)                                                                                  \
    X(chart_title_set_name_font)                                                                             \
    X(format_set_align)                                                                                      \
    X(format_set_bg_color)                                                                                   \
    X(format_set_bold)                                                                                       \
    X(format_set_bottom)                                                                                     \
    X(format_set_font_size)                                                                                  \
    X(format_set_indent)                                                                                     \
    X(format_set_num_format)                                                                                 \
    X(format_set_text_wrap)                                                                                  \
    X(workbook_add_chart)                                                                                    \
    X(workbook_add_format)                                                                                   \
    X(workbook_add_worksheet)                                                                                \
    X(workbook_close)                                                                                        \
    X(workbook_new_opt)                                                                                      \
    X(workbook_set_properties)                                                                               \
    X(worksheet_autofilter)                                                                                  \
    X(worksheet_fit_to_pages)                                                                                \
    X(worksheet_freeze_panes)                                                                                \
    X(worksheet_insert_chart_opt)                                                                            \
    X(worksheet_repeat_rows)                                                                                 \
    X(worksheet_set_column)                                                                                  \
    X(worksheet_set_landscape)                                                                               \
    X(worksheet_set_row)                                                                                     \
    X(worksheet_write_number)                                                                                \
    X(worksheet_write_string)

/* Filled in by a process that makes a workbook, and nothing else. */
static struct {
#define X(name) __typeof__(&(name)) name;
    CALLS(X)
#undef X
} lxw;

static bool
find_calls(void *library)
{
    static const struct {
        const char *name;
        size_t at; /* in lxw */
    } call[] = {
#define X(name) {#name, offsetof(__typeof__(lxw), name)},
        CALLS(X)
#undef X
    };
    for (size_t i = 0; i < sizeof call / sizeof *call; i++) {
        void *found = dlsym(library, call[i].name);
        if (!found)
            return false;
        memcpy((char *)&lxw + call[i].at, &found, sizeof found);
    }
    return true;
}

om_status
om_workbook_load_library(void)
{
    void *library = dlopen("libxlsxwriter.so." LXW_SOVERSION, RTLD_NOW | RTLD_LOCAL);
    return library && find_calls(library) ? OM_OK : OM_ERR_UNSUPPORTED;
}

struct om_sheet {
    struct om_workbook *book;
    lxw_worksheet *worksheet;
    struct om_sheet *next;
};

struct om_workbook {
    lxw_workbook *workbook;
    lxw_format *style[OM_STYLES];
    struct om_sheet *sheets; /* to be freed */
    struct om_buffer text;   /* escaped, for one cell */
    lxw_error error;         /* the first */
};

const char *
om_workbook_library_version(void)
{
    return LXW_VERSION; /* of the header: to ask the library would mean to load it */
}

static void
check(struct om_workbook *book, lxw_error error)
{
    if (book->error == LXW_NO_ERROR)
        book->error = error;
}

static const char *const formats[OM_STYLES] = {
    [OM_STYLE_COUNT] = "#,##0",
    [OM_STYLE_MEAN] = "0.0",
    [OM_STYLE_EFFECT] = "0.00",
    [OM_STYLE_RATE] = "0.0%",
    [OM_STYLE_P] = "[<0.001]\"< .001\";0.000",
};

static void
make_header(lxw_format *style)
{
    lxw.format_set_bold(style);
    lxw.format_set_text_wrap(style);
    lxw.format_set_bg_color(style, 0xE7EDF3);
    lxw.format_set_bottom(style, LXW_BORDER_THIN);
}

static bool
make_styles(struct om_workbook *book)
{
    for (int i = 0; i < OM_STYLES; i++) {
        book->style[i] = lxw.workbook_add_format(book->workbook);
        if (!book->style[i])
            return false;
        if (formats[i])
            lxw.format_set_num_format(book->style[i], formats[i]);
        lxw.format_set_align(book->style[i], LXW_ALIGN_VERTICAL_TOP);
    }
    lxw.format_set_bold(book->style[OM_STYLE_TITLE]);
    lxw.format_set_font_size(book->style[OM_STYLE_TITLE], 14);
    make_header(book->style[OM_STYLE_HEADER]);
    make_header(book->style[OM_STYLE_NUMBER_HEADER]);
    lxw.format_set_align(book->style[OM_STYLE_NUMBER_HEADER], LXW_ALIGN_RIGHT);
    lxw.format_set_text_wrap(book->style[OM_STYLE_TEXT]);
    lxw.format_set_indent(book->style[OM_STYLE_LABEL], 1);
    return true;
}

static void
release(struct om_workbook *book)
{
    for (struct om_sheet *sheet = book->sheets, *next; sheet; sheet = next) {
        next = sheet->next;
        om_free(sheet);
    }
    om_buffer_release(&book->text);
    om_free(book);
}

/* Text that the library writes as it is, unlike that of cells: what XML lacks is shown escaped, a blank
 * stands before what would be taken for a formula, and what is wider than width is shortened. */
static const char *
plain(struct om_workbook *book, const char *text, size_t width)
{
    struct om_buffer shown = OM_BUFFER_EMPTY;
    om_utf8_display(&shown, text);
    om_buffer_clear(&book->text);
    if (*text == '=')
        om_buffer_char(&book->text, ' ');
    om_utf8_fit(&book->text, om_buffer_string(&shown), width);
    if (!om_buffer_ok(&shown) || !om_buffer_ok(&book->text))
        check(book, LXW_ERROR_MEMORY_MALLOC_FAILED);
    om_buffer_release(&shown);
    return om_buffer_string(&book->text);
}

struct om_workbook *
om_workbook_open(const char *path, const char *title, bool streamed)
{
    struct om_workbook *book = om_calloc(1, sizeof *book);
    lxw_workbook_options options = {.constant_memory = streamed, .use_zip64 = LXW_FALSE};
    if (!book)
        return NULL;
    char *own_title = om_strdup(plain(book, title, TITLE_WIDTH)); /* the library's fields are not const */
    lxw_doc_properties properties = {.title = own_title, .created = CREATED};
    book->workbook = own_title ? lxw.workbook_new_opt(path, &options) : NULL;
    if (!book->workbook || !make_styles(book)) {
        om_free(own_title);
        release(book);
        return NULL;
    }
    check(book, lxw.workbook_set_properties(book->workbook, &properties));
    om_free(own_title);
    return book;
}

om_status
om_workbook_close(struct om_workbook *book)
{
    check(book, lxw.workbook_close(book->workbook));
    om_status status = book->error == LXW_NO_ERROR                     ? OM_OK
                       : book->error == LXW_ERROR_MEMORY_MALLOC_FAILED ? OM_ERR_NOMEM
                                                                       : OM_ERR_IO;
    release(book);
    return status;
}

struct om_sheet *
om_sheet_add(struct om_workbook *book, const char *name)
{
    struct om_sheet *sheet = om_calloc(1, sizeof *sheet);
    if (!sheet) {
        check(book, LXW_ERROR_MEMORY_MALLOC_FAILED);
        return NULL;
    }
    *sheet = (struct om_sheet){book, lxw.workbook_add_worksheet(book->workbook, name), book->sheets};
    book->sheets = sheet;
    if (!sheet->worksheet) {
        check(book, LXW_ERROR_MEMORY_MALLOC_FAILED);
        return sheet;
    }
    lxw.worksheet_set_landscape(sheet->worksheet);
    lxw.worksheet_fit_to_pages(sheet->worksheet, 1, 0); /* all columns on a page */
    return sheet;
}

static bool
usable(const struct om_sheet *sheet)
{
    return sheet && sheet->worksheet && sheet->book->error == LXW_NO_ERROR;
}

void
om_sheet_width(struct om_sheet *sheet, unsigned column, double characters)
{
    if (usable(sheet))
        check(sheet->book, lxw.worksheet_set_column(sheet->worksheet, (lxw_col_t)column, (lxw_col_t)column,
                                                    characters, NULL));
}

void
om_sheet_height(struct om_sheet *sheet, uint32_t row, double points)
{
    if (usable(sheet))
        check(sheet->book, lxw.worksheet_set_row(sheet->worksheet, row, points, NULL));
}

void
om_sheet_freeze(struct om_sheet *sheet, uint32_t row, unsigned column)
{
    if (!usable(sheet))
        return;
    lxw.worksheet_freeze_panes(sheet->worksheet, row, (lxw_col_t)column);
    if (row)
        check(sheet->book, lxw.worksheet_repeat_rows(sheet->worksheet, row - 1, row - 1));
}

void
om_sheet_filter(struct om_sheet *sheet, uint32_t first_row, uint32_t last_row, unsigned columns)
{
    if (usable(sheet))
        check(sheet->book,
              lxw.worksheet_autofilter(sheet->worksheet, first_row, 0, last_row, (lxw_col_t)(columns - 1)));
}

static bool
is_hexadecimal(const char *text, size_t n)
{
    return strspn(text, "0123456789abcdefABCDEF") >= n;
}

/* Spreadsheets read _xHHHH_ as the character of that number: what looks like one is written so that it stays
 * as it is. Two characters that XML does not know at all are written that way; the library does so for the
 * others. */
static const char *
escape(struct om_buffer *out, const char *text)
{
    enum { ESCAPE = 8 };
    size_t characters = 0; /* written */
    om_buffer_clear(out);
    for (const char *at = text; *at; at++) {
        characters += ((unsigned char)*at & 0xC0) != 0x80;
        if (characters + ESCAPE >= OM_SHEET_TEXT && ((unsigned char)*at & 0xC0) != 0x80) {
            om_buffer_text(out, "\xE2\x80\xA6");
            break;
        }
        if (at[0] == '_' && at[1] == 'x' && is_hexadecimal(at + 2, 4) && at[6] == '_') {
            om_buffer_text(out, "_x005F");
            characters += ESCAPE;
        }
        if (memcmp(at, "\xEF\xBF", strnlen(at, 2)) == 0 && (at[2] == '\xBE' || at[2] == '\xBF')) {
            om_buffer_text(out, at[2] == '\xBE' ? "_xFFFE_" : "_xFFFF_");
            at += 2;
            characters += ESCAPE;
            continue;
        }
        om_buffer_char(out, *at);
    }
    return om_buffer_string(out);
}

void
om_sheet_text(struct om_sheet *sheet, uint32_t row, unsigned column, const char *text, enum om_style style)
{
    if (!usable(sheet) || !*text)
        return;
    const char *safe = escape(&sheet->book->text, text);
    check(sheet->book, om_buffer_ok(&sheet->book->text)
                           ? lxw.worksheet_write_string(sheet->worksheet, row, (lxw_col_t)column, safe,
                                                        sheet->book->style[style])
                           : LXW_ERROR_MEMORY_MALLOC_FAILED);
}

void
om_sheet_label(struct om_sheet *sheet, uint32_t row, unsigned column, const char *text)
{
    struct om_buffer shown = OM_BUFFER_EMPTY;
    om_utf8_display(&shown, text);
    if (om_buffer_ok(&shown))
        om_sheet_text(sheet, row, column, om_buffer_string(&shown), OM_STYLE_PLAIN);
    else if (usable(sheet))
        check(sheet->book, LXW_ERROR_MEMORY_MALLOC_FAILED);
    om_buffer_release(&shown);
}

void
om_sheet_number(struct om_sheet *sheet, uint32_t row, unsigned column, double value, enum om_style style)
{
    if (usable(sheet))
        check(sheet->book, lxw.worksheet_write_number(sheet->worksheet, row, (lxw_col_t)column, value,
                                                      sheet->book->style[style]));
}

static void
style_series(lxw_chart_series *series, const struct om_chart *chart, size_t i)
{
    lxw_chart_fill fill = {.color = chart->series[i].color};
    if (chart->kind != OM_CHART_RANGES) {
        lxw.chart_series_set_fill(series, &fill);
        return;
    }
    lxw_chart_line hidden = {.none = LXW_TRUE};
    bool middle = i == 1;
    lxw.chart_series_set_line(series, &hidden);
    lxw.chart_series_set_marker_type(series, middle ? LXW_CHART_MARKER_CIRCLE : LXW_CHART_MARKER_DIAMOND);
    lxw.chart_series_set_marker_size(series, middle ? 7 : 5);
    lxw.chart_series_set_marker_fill(series, &fill);
    lxw_chart_line edge = {.color = chart->series[i].color};
    lxw.chart_series_set_marker_line(series, &edge);
}

static void
add_series(struct om_workbook *book, lxw_chart *out, const struct om_chart *chart, size_t i)
{
    lxw_chart_series *series = lxw.chart_add_series(out, NULL, NULL);
    if (!series)
        return;
    lxw_col_t column = (lxw_col_t)chart->series[i].column, labels = (lxw_col_t)chart->labels;
    lxw.chart_series_set_name(series, plain(book, chart->series[i].name, TITLE_WIDTH));
    lxw.chart_series_set_categories(series, chart->data, chart->first_row, labels, chart->last_row, labels);
    lxw.chart_series_set_values(series, chart->data, chart->first_row, column, chart->last_row, column);
    style_series(series, chart, i);
}

void
om_sheet_chart(struct om_sheet *sheet, uint32_t row, unsigned column, const struct om_chart *chart)
{
    static const uint8_t type[] = {[OM_CHART_COLUMNS] = LXW_CHART_COLUMN,
                                   [OM_CHART_STACKED] = LXW_CHART_BAR_STACKED_PERCENT,
                                   [OM_CHART_RANGES] = LXW_CHART_LINE};
    if (!usable(sheet))
        return;
    lxw_chart *out = lxw.workbook_add_chart(sheet->book->workbook, type[chart->kind]);
    if (!out) {
        check(sheet->book, LXW_ERROR_MEMORY_MALLOC_FAILED);
        return;
    }
    for (size_t i = 0; i < chart->n_series; i++)
        add_series(sheet->book, out, chart, i);
    lxw_chart_font font = {.size = 12, .bold = LXW_TRUE};
    lxw.chart_title_set_name(out, plain(sheet->book, chart->title, TITLE_WIDTH));
    lxw.chart_title_set_name_font(out, &font);
    bool lying = chart->kind == OM_CHART_STACKED;
    lxw_chart_axis *values = lying ? out->x_axis : out->y_axis, *labels = lying ? out->y_axis : out->x_axis;
    lxw_chart_line faint = {.color = 0xE3E6EA, .width = 0.75};
    lxw.chart_axis_set_name(values, plain(sheet->book, chart->axis, TITLE_WIDTH));
    lxw.chart_axis_set_num_format(values, chart->number_format);
    lxw.chart_axis_major_gridlines_set_visible(values, LXW_TRUE);
    lxw.chart_axis_major_gridlines_set_line(values, &faint);
    lxw.chart_axis_set_label_position(labels, LXW_CHART_AXIS_LABEL_POSITION_LOW);
    lxw.chart_legend_set_position(out, LXW_CHART_LEGEND_BOTTOM);
    if (lying) { /* the first label above the others, the values below all */
        lxw.chart_axis_set_reverse(labels);
        lxw.chart_axis_set_crossing_max(labels);
        lxw.chart_axis_major_gridlines_set_visible(labels, LXW_FALSE);
    }
    if (chart->kind == OM_CHART_RANGES) {
        lxw_chart_line line = {.color = chart->series[1].color, .width = 1.5};
        lxw.chart_set_high_low_lines(out, &line);
    }
    char *description = om_strdup(plain(sheet->book, chart->description, DESCRIPTION_WIDTH));
    lxw_chart_options options = {.x_scale = 1.25, .y_scale = 1.2, .description = description};
    check(sheet->book, description ? lxw.worksheet_insert_chart_opt(sheet->worksheet, row, (lxw_col_t)column,
                                                                    out, &options)
                                   : LXW_ERROR_MEMORY_MALLOC_FAILED);
    om_free(description);
}
