#include "fill.h"
#include "message.h"

#include <string.h>
#include <omstat/findings_report.h>

enum { MARGIN = 2, TEXT_COLUMN = 12, TITLE_COLUMN = 20 };

static void
put_code(const struct om_catalogue_entry *entry)
{
    char label[64];
    snprintf(label, sizeof label, "OM%03d  %s", entry->code,
             entry->of_data ? om_severity_name(entry->severity) : "");
    om_fill_entry(stdout, 0, label, entry->title, TITLE_COLUMN);
}

static void
explain(const struct om_catalogue_entry *entry)
{
    put_code(entry);
    om_fill_entry(stdout, MARGIN, "omstat", entry->does, TEXT_COLUMN);
    om_fill_entry(stdout, MARGIN, "why", entry->why, TEXT_COLUMN);
    om_fill_entry(stdout, MARGIN, "remedy", entry->remedy, TEXT_COLUMN);
    if (entry->example[0])
        printf("  example\n");
    for (const char *line = entry->example; *line;) {
        const char *end = strchr(line, '\n');
        int length = end ? (int)(end - line) : (int)strlen(line);
        printf("    %.*s\n", length, line);
        line += length + (end != NULL);
    }
}

static int
explain_all(const struct om_invocation *invocation)
{
    for (size_t i = 0; i < invocation->n_operands; i++) {
        const struct om_catalogue_entry *entry = om_catalogue_parse(invocation->operand[i]);
        if (!entry)
            return om_say_usage(invocation->command, "there is no code '%s'; 'omstat explain' lists them",
                                invocation->operand[i]);
        if (i)
            putchar('\n');
        explain(entry);
    }
    return om_finish_output();
}

static int
list(void)
{
    size_t n;
    const struct om_catalogue_entry *entry = om_catalogue(&n);
    for (size_t i = 0; i < n; i++)
        put_code(&entry[i]);
    return om_finish_output();
}

static int
run_explain(const struct om_invocation *invocation)
{
    struct om_error err = {0};
    char *page = NULL;
    if (invocation->n_operands && !invocation->markdown)
        return explain_all(invocation);
    if (!invocation->markdown)
        return list();
    if (invocation->n_operands)
        return om_say_usage(invocation->command, "--format markdown gives all codes: name none");
    if (om_catalogue_page(&page, &err) != OM_OK)
        return om_say_error(&err);
    fputs(page, stdout);
    om_text_free(page);
    return om_finish_output();
}

const struct om_command om_command_explain = {
    .name = "explain",
    .arguments = "[CODE...]",
    .summary = "say what a finding means and what to do about it",
    .text = "Without a code, lists them all.",
    .options = OM_OPTION_BIT(OM_OPTION_PAGE_FORMAT) | OM_OPTION_BIT(OM_OPTION_HELP),
    .example = {{"omstat explain OM132", "What is an answer out of range, and what now?"}},
    .n_examples = 1,
    .run = run_explain,
};
