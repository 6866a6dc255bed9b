/* The catalogue of findings as a page of documentation. */
#include <omstat/findings_report.h>

#include "base/buffer.h"
#include "base/error.h"

static const char head[] =
    "<!-- Made from engine/validate/catalogue.c by `make findings-page`. -->\n\n"
    "# Findings\n\n"
    "A finding is one thing wrong with the data, with a stable code and an exact place. "
    "[`omstat validate`](formats/findings.md)\nlists them and decides whether a data set may go on; `omstat "
    "report` and "
    "`omstat score` say them on standard error. `omstat\nexplain OM132` prints an entry of this page. Values "
    "of cells and "
    "identifiers are never shown, unless `--show-values` asks for\nit. Codes are never reused.\n\n"
    "| severity | what happens |\n"
    "|---|---|\n"
    "| fatal | there is no result; the error ends the run |\n"
    "| error | the record is left out (rejected), or the scale of that person has no score; `--strict` stops "
    "the run, "
    "`--fail-on error` ends it with exit code 1 |\n"
    "| warning | the data are used as described; `--fail-on warning` ends the run with exit code 1 |\n"
    "| note | worth knowing; only `omstat validate` shows it |\n\n"
    "A study may give a code another severity: `--severity OM133=warning,OM143=off`. That changes what is "
    "said and "
    "whether the run\nfails, never what is done with the data. What is fatal stays fatal.\n";

static void
add_summary(struct om_buffer *out, const struct om_catalogue_entry *entry, size_t n, bool of_data)
{
    om_buffer_text(out, of_data ? "\n## In the data\n\n" : "\n## About the program\n\n");
    om_buffer_text(out,
                   of_data ? "| code | severity | what |\n|---|---|---|\n" : "| code | what |\n|---|---|\n");
    for (size_t i = 0; i < n; i++)
        if (entry[i].of_data == of_data && of_data)
            om_buffer_format(out, "| [OM%03d](#om%03d) | %s | %s |\n", entry[i].code, entry[i].code,
                             om_severity_name(entry[i].severity), entry[i].title);
        else if (entry[i].of_data == of_data)
            om_buffer_format(out, "| [OM%03d](#om%03d) | %s |\n", entry[i].code, entry[i].code,
                             entry[i].title);
}

static void
add_entry(struct om_buffer *out, const struct om_catalogue_entry *entry)
{
    char first = entry->title[0];
    if (first >= 'a' && first <= 'z')
        first = (char)(first - 'a' + 'A');
    om_buffer_format(out, "\n### OM%03d\n\n%c%s", entry->code, first, entry->title + 1);
    if (entry->of_data)
        om_buffer_format(out, " (%s)", om_severity_name(entry->severity));
    om_buffer_format(out, ".\n\n- What omstat does: %s\n- Why it matters: %s\n- Remedy: %s\n", entry->does,
                     entry->why, entry->remedy);
    if (entry->example[0])
        om_buffer_format(out, "\n```text\n%s```\n", entry->example);
}

om_status
om_catalogue_page(char **text, struct om_error *err)
{
    struct om_buffer out = OM_BUFFER_EMPTY;
    size_t n;
    const struct om_catalogue_entry *entry = om_catalogue(&n);
    om_buffer_text(&out, head);
    add_summary(&out, entry, n, true);
    add_summary(&out, entry, n, false);
    om_buffer_text(&out, "\n## What each means\n");
    for (size_t i = 0; i < n; i++)
        add_entry(&out, &entry[i]);
    *text = om_buffer_take(&out);
    return *text ? OM_OK : om_fail_memory(err);
}
