#include "report/xlsx.h"

#include "base/error.h"
#include "io/child.h"
#include "report/manifest.h"

#include <string.h>

enum {
    HEADER_HEIGHT = 32,
    STREAMED_FROM = 20000, /* rows: below, the charts hold a copy of their numbers */
    MEMORY_MIB = 4096,
    SECONDS = 600, /* that the child may take */
};

void
om_xlsx_columns(struct om_sheet *sheet, uint32_t row, const struct om_sheet_column *column, size_t n,
                unsigned fixed_columns)
{
    om_sheet_height(sheet, row, HEADER_HEIGHT);
    for (size_t i = 0; i < n; i++) {
        om_sheet_width(sheet, (unsigned)i, column[i].width);
        om_sheet_text(sheet, row, (unsigned)i, column[i].title,
                      column[i].text ? OM_STYLE_HEADER : OM_STYLE_NUMBER_HEADER);
    }
    om_sheet_freeze(sheet, row + 1, fixed_columns);
}

static const struct om_sheet_column result_columns[] = {
    {"group", 18, true},      {"instrument", 11, true},   {"scale", 12, true},     {"population", 11, true},
    {"occasion", 10, true},   {"rule", 13, true},         {"statistic", 26, true}, {"value", 13, false},
    {"numerator", 11, false}, {"denominator", 11, false}, {"lower", 13, false},    {"upper", 13, false},
    {"level", 7, false},      {"method", 24, true},       {"n", 9, false},         {"note", 60, true},
};
enum { RESULT_COLUMNS = sizeof result_columns / sizeof *result_columns, VALUE = 7 };

static void
number_if(struct om_sheet *sheet, uint32_t row, unsigned column, bool has, double value)
{
    if (has)
        om_sheet_number(sheet, row, column, value, OM_STYLE_PLAIN);
}

static void
result_line(struct om_sheet *sheet, uint32_t line, const struct om_result *row)
{
    const char *const subject[VALUE] = {row->group,    row->instrument, row->scale,    row->population,
                                        row->occasion, row->rule,       row->statistic};
    for (unsigned i = 0; i < VALUE; i++)
        om_sheet_text(sheet, line, i, subject[i], OM_STYLE_PLAIN);
    number_if(sheet, line, VALUE, row->has_value, row->value);
    number_if(sheet, line, VALUE + 1, row->has_ratio, (double)row->numerator);
    number_if(sheet, line, VALUE + 2, row->has_ratio, (double)row->denominator);
    number_if(sheet, line, VALUE + 3, row->has_interval, row->lower);
    number_if(sheet, line, VALUE + 4, row->has_interval, row->upper);
    number_if(sheet, line, VALUE + 5, row->has_level, row->level);
    om_sheet_text(sheet, line, VALUE + 6, row->method, OM_STYLE_PLAIN);
    number_if(sheet, line, VALUE + 7, row->has_n, (double)row->n);
    om_sheet_text(sheet, line, VALUE + 8, row->note, OM_STYLE_PLAIN);
}

static void
results_sheet(struct om_workbook *book, const struct om_analysis *analysis)
{
    struct om_sheet *sheet = om_sheet_add(book, "results");
    uint32_t line = 1;
    om_xlsx_columns(sheet, 0, result_columns, RESULT_COLUMNS, 1);
    for (size_t i = 0; i < analysis->results.n_rows; i++)
        result_line(sheet, line++, &analysis->results.row[i]);
    om_sheet_filter(sheet, 0, line - 1, RESULT_COLUMNS);
}

static void
class_line(struct om_sheet *sheet, uint32_t line, const struct om_result *row)
{
    const char *const subject[] = {row->group,      row->instrument, row->scale,
                                   row->population, row->rule,       row->statistic + strlen("class.")};
    for (unsigned i = 0; i < 6; i++)
        om_sheet_text(sheet, line, i, subject[i], OM_STYLE_PLAIN);
    if (row->has_ratio) {
        om_sheet_number(sheet, line, 6, (double)row->numerator, OM_STYLE_COUNT);
        om_sheet_number(sheet, line, 7, (double)row->denominator, OM_STYLE_COUNT);
    }
    if (row->has_value)
        om_sheet_number(sheet, line, 8, row->value, OM_STYLE_RATE);
    if (row->has_interval) {
        om_sheet_number(sheet, line, 9, row->lower, OM_STYLE_RATE);
        om_sheet_number(sheet, line, 10, row->upper, OM_STYLE_RATE);
    }
    om_sheet_text(sheet, line, 11, row->note, OM_STYLE_PLAIN);
}

static void
classes_sheet(struct om_workbook *book, const struct om_analysis *analysis)
{
    static const struct om_sheet_column columns[] = {
        {"group", 18, true}, {"instrument", 11, true}, {"scale", 12, true},  {"population", 11, true},
        {"rule", 13, true},  {"class", 20, true},      {"people", 9, false}, {"of", 9, false},
        {"share", 9, false}, {"lower", 9, false},      {"upper", 9, false},  {"note", 60, true},
    };
    enum { N = sizeof columns / sizeof *columns };
    struct om_sheet *sheet = om_sheet_add(book, "classes");
    uint32_t line = 1;
    om_xlsx_columns(sheet, 0, columns, N, 1);
    for (size_t i = 0; i < analysis->results.n_rows; i++)
        if (strncmp(analysis->results.row[i].statistic, "class.", strlen("class.")) == 0)
            class_line(sheet, line++, &analysis->results.row[i]);
    om_sheet_filter(sheet, 0, line - 1, N);
}

static void
count(struct om_sheet *sheet, uint32_t row, unsigned column, uint64_t value)
{
    if (value != OM_WITHHELD)
        om_sheet_number(sheet, row, column, (double)value, OM_STYLE_COUNT);
}

static uint32_t
record_lines(struct om_sheet *sheet, uint32_t line, const struct om_record_ledger *records)
{
    const struct {
        const char *name;
        uint64_t n;
    } part[] = {{"records read", records->read},
                {"records scored", records->scored},
                {"records rejected", records->rejected},
                {"records skipped", records->skipped}};
    for (size_t i = 0; i < sizeof part / sizeof *part; i++) {
        om_sheet_text(sheet, line, 0, part[i].name, OM_STYLE_PLAIN);
        count(sheet, line++, 1, part[i].n);
    }
    return line;
}

static void
ledger_sheet(struct om_workbook *book, const struct om_analysis *analysis)
{
    static const struct om_sheet_column columns[] = {
        {"group", 18, true},     {"instrument", 11, true}, {"persons", 10, false}, {"baseline", 10, false},
        {"positive", 10, false}, {"paired", 10, false},    {"used", 10, false},
    };
    enum { N = sizeof columns / sizeof *columns };
    struct om_sheet *sheet = om_sheet_add(book, "ledger");
    uint32_t line = 1;
    om_xlsx_columns(sheet, 0, columns, N, 1);
    for (size_t i = 0; i < analysis->n_ledger; i++, line++) {
        const struct om_person_ledger *ledger = &analysis->ledger[i];
        om_sheet_text(sheet, line, 0, ledger->group, OM_STYLE_PLAIN);
        om_sheet_text(sheet, line, 1, ledger->instrument, OM_STYLE_PLAIN);
        count(sheet, line, 2, ledger->persons);
        count(sheet, line, 3, ledger->baseline);
        if (ledger->has_cutoff)
            count(sheet, line, 4, ledger->positive);
        count(sheet, line, 5, ledger->paired);
        if (ledger->has_cutoff)
            count(sheet, line, 6, ledger->used);
    }
    om_sheet_filter(sheet, 0, line - 1, N);
    if (analysis->disclosure.active)
        return;
    line = record_lines(sheet, line + 1, &analysis->records);
    om_sheet_text(sheet, line, 0, "persons with one record only", OM_STYLE_PLAIN);
    count(sheet, line, 1, analysis->without_partner);
}

/* What a page says in words. */
static void
page_sheet(struct om_workbook *book, const char *name, const struct om_page *page)
{
    struct om_sheet *sheet = om_sheet_add(book, name);
    uint32_t line = 0;
    om_sheet_width(sheet, 0, 24);
    om_sheet_width(sheet, 1, 110);
    for (size_t i = 0; i < page->n_blocks; i++) {
        const struct om_block *block = &page->block[i];
        bool heads = block->kind == OM_BLOCK_TITLE || block->kind == OM_BLOCK_HEADING;
        bool item = block->kind == OM_BLOCK_ITEM;
        if (block->kind == OM_BLOCK_TABLE)
            continue;
        if (item)
            om_sheet_text(sheet, line, 0, om_page_text(page, block->term), OM_STYLE_PLAIN);
        om_sheet_text(sheet, line++, heads ? 0 : 1, om_page_text(page, block->text),
                      heads ? OM_STYLE_TITLE : OM_STYLE_TEXT);
    }
}

static om_status
methods_sheet(struct om_workbook *book, const struct om_analysis *analysis)
{
    struct om_page page = OM_PAGE_EMPTY;
    struct om_compose compose = {.page = &page, .analysis = analysis};
    om_compose_reading(&compose);
    om_compose_methods(&compose);
    bool ok = om_page_ok(&page);
    if (ok)
        page_sheet(book, "methods", &page);
    om_page_release(&page);
    return ok ? OM_OK : OM_ERR_NOMEM;
}

/* As JSON, a line a row. */
static om_status
manifest_sheet(struct om_workbook *book, const struct om_analysis *analysis,
               const struct om_report_options *options)
{
    struct om_sheet *sheet = om_sheet_add(book, "manifest");
    struct om_buffer text = OM_BUFFER_EMPTY;
    uint32_t line = 0;
    om_sheet_width(sheet, 0, 140);
    om_manifest_text(&text, analysis, options);
    bool ok = om_buffer_ok(&text);
    for (char *at = ok ? text.data : NULL, *end; at && *at; at = end + 1) {
        end = at + strcspn(at, "\n");
        if (!*end)
            break; /* every line ends */
        *end = '\0';
        om_sheet_text(sheet, line++, 0, at, OM_STYLE_PLAIN);
    }
    om_buffer_release(&text);
    return ok ? OM_OK : OM_ERR_NOMEM;
}

struct request {
    const struct om_analysis *analysis;
    const struct om_report_options *options;
};

/* In the child. */
static om_status
write_book(void *context, const char *path)
{
    const struct request *request = context;
    const struct om_analysis *analysis = request->analysis;
    OM_TRY(om_workbook_load_library());
    struct om_workbook *book =
        om_workbook_open(path, "Outcome report", analysis->results.n_rows > STREAMED_FROM);
    if (!book)
        return OM_ERR_NOMEM;
    om_xlsx_overview(book, analysis);
    classes_sheet(book, analysis);
    results_sheet(book, analysis);
    ledger_sheet(book, analysis);
    om_status status = methods_sheet(book, analysis);
    if (status == OM_OK)
        status = manifest_sheet(book, analysis, request->options);
    om_status closed = om_workbook_close(book);
    return status != OM_OK ? status : closed;
}

om_status
om_view_xlsx(struct om_buffer *out, const struct om_analysis *analysis,
             const struct om_report_options *options, struct om_error *err)
{
    if (analysis->results.n_rows >= OM_SHEET_ROWS) {
        om_fail(err, OM_ERR_USAGE, "a sheet of a workbook holds %d rows, and there are %zu results",
                OM_SHEET_ROWS - 1, analysis->results.n_rows);
        om_hint(err, "ask for fewer groups or statistics, or write them as CSV");
        return OM_ERR_USAGE;
    }
    struct request request = {analysis, options};
    om_status status =
        om_child_make(write_book, &request, "the workbook", (size_t)MEMORY_MIB << 20, SECONDS, out, err);
    if (status != OM_ERR_UNSUPPORTED)
        return status;
    om_fail(err, status, "the library that writes workbooks cannot be loaded (libxlsxwriter %s)",
            om_workbook_library_version());
    om_hint(err, "install it, or ask for another format");
    return status;
}
