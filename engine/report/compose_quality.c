/* What is wrong with the data: a line for each kind of finding. */
#include "report/compose.h"

#include <inttypes.h>
#include <omstat/catalogue.h>

/* Groups of one code stand next to each other. */
static void
code_line(struct om_page *page, const struct om_findings *findings, size_t from, size_t to)
{
    const struct om_finding *first = &om_findings_group(findings, from)->first[0];
    const struct om_catalogue_entry *entry = om_catalogue_find(first->code);
    uint64_t count = 0, line = first->line;
    size_t columns = 0;
    for (size_t i = from; i < to; i++) {
        const struct om_finding_group *group = om_findings_group(findings, i);
        count += group->count;
        columns += group->first[0].column[0] != '\0';
        line = group->first[0].line < line ? group->first[0].line : line;
    }
    om_table_row(page);
    om_table_cell(page, OM_TONE_PLAIN, "OM%03d", first->code);
    om_table_cell(page, first->severity >= OM_BAD ? OM_TONE_WORSE : OM_TONE_PLAIN, "%s",
                  om_severity_name(first->severity));
    om_table_cell(page, OM_TONE_PLAIN, "%s", entry ? entry->title : first->message);
    om_table_cell(page, OM_TONE_PLAIN, "%" PRIu64, count);
    if (columns)
        om_table_cell(page, OM_TONE_PLAIN, "%zu", columns);
    else
        om_table_cell(page, OM_TONE_PLAIN, "%s", "");
    if (line)
        om_table_cell(page, OM_TONE_PLAIN, "%" PRIu64, line);
    else
        om_table_cell(page, OM_TONE_PLAIN, "%s", "");
}

void
om_compose_quality(const struct om_compose *compose)
{
    struct om_page *page = compose->page;
    const struct om_findings *findings = compose->analysis->findings;
    const struct om_record_ledger *records = &compose->analysis->records;
    const size_t n = findings ? om_findings_groups(findings) : 0;
    if (records->read == OM_WITHHELD)
        return;
    om_page_heading(page, "quality", "Data quality");
    om_page_paragraph(page, records->rejected ? OM_TONE_WORSE : OM_TONE_PLAIN,
                      "%" PRIu64 " of %" PRIu64 " records were rejected, and %" PRIu64
                      " skipped because they are of an occasion that is not compared.%s",
                      records->rejected, records->read, records->skipped,
                      n ? "" : " Nothing else was found wrong with the data.");
    if (n == 0)
        return;
    om_table_begin(page,
                   "What was found, by kind; omstat explain CODE says what each means and what is done");
    om_table_column(page, OM_ALIGN_LEFT, "code");
    om_table_column(page, OM_ALIGN_LEFT, "severity");
    om_table_column(page, OM_ALIGN_LEFT, "finding");
    om_table_column(page, OM_ALIGN_RIGHT, "times");
    om_table_column(page, OM_ALIGN_RIGHT, "columns");
    om_table_column(page, OM_ALIGN_RIGHT, "first in line");
    for (size_t from = 0, to; from < n; from = to) {
        const struct om_finding *of = &om_findings_group(findings, from)->first[0];
        for (to = from + 1; to < n; to++) {
            const struct om_finding *next = &om_findings_group(findings, to)->first[0];
            if (next->code != of->code || next->severity != of->severity)
                break;
        }
        code_line(page, findings, from, to);
    }
    om_table_end(page);
}
