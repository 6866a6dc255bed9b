#include "help.h"

#include "fill.h"
#include "message.h"

#include <string.h>
#include <omstat/instrument.h>
#include <omstat/kernels.h>
#include <omstat/report.h>
#include <omstat/version.h>

enum { MARGIN = 2, COMMAND_COLUMN = 16, OPTION_COLUMN = 24, CODE_COLUMN = 6 };

const struct om_exit_text om_exit_texts[] = {
    {0, "All went well."},
    {1,
     "The data have findings at or above --fail-on, or a finding that stops the run (--strict, duplicates)."},
    {64, "The command line is wrong."},
    {65, "The input is no panel that can be reported on."},
    {66, "There is no such input."},
    {69, "This build lacks the feature."},
    {70, "The program failed a check of itself; nothing was written."},
    {71, "Memory is exhausted."},
    {73, "The output cannot be created."},
    {74, "Reading or writing failed half way."},
    {77, "The system refuses access."},
    {78, "An instrument definition or a study file has an error."},
};
const size_t om_n_exit_texts = sizeof om_exit_texts / sizeof om_exit_texts[0];

void
om_help_kernels(char *text, size_t size)
{
    size_t used = 0;
    const char *name;
    text[0] = '\0';
    for (size_t i = 0; (name = om_kernels_usable_name(i)) != NULL && used < size; i++)
        used += (size_t)snprintf(text + used, size - used, "%s%s", i ? " " : "", name);
}

/* Made by the Makefile: the MPI that omstat-mpi is built with, or that there is none. */
extern const char om_mpi_text[];

static void
print_mpi(const struct om_exchange *exchange)
{
    if (exchange)
        printf("mpi:         %s, %zu process%s\n", exchange->name ? exchange->name : "some", exchange->size,
               exchange->size == 1 ? "" : "es");
    else
        printf("mpi:         %s\n", om_mpi_text);
}

int
om_help_version(const struct om_exchange *exchange)
{
    char usable[128];
    om_help_kernels(usable, sizeof usable);
    struct om_library library[OM_LIBRARIES_MAX];
    const size_t n_libraries = om_libraries(library);
    printf("omstat %s\n", OM_VERSION);
    printf("instruments:");
    for (size_t i = 0; i < om_instrument_builtin_count(); i++)
        printf(" %s", om_instrument_builtin_id(i));
    printf("\ninput:       csv, plain or in gzip or zstd\n");
    printf("output:      text markdown html csv json%s\n",
           om_format_available(OM_FORMAT_XLSX) ? " xlsx" : "");
    printf("kernels:     %s (usable: %s)\n", om_kernels_name(), usable);
    print_mpi(exchange);
    printf("commit:      %s\n", om_commit());
    printf("libraries:  ");
    for (size_t i = 0; i < n_libraries; i++)
        printf(" %s %s%s", library[i].name, library[i].version, i + 1 < n_libraries ? "," : "\n");
    printf("compiler:    %s\n", __VERSION__);
    printf("licence:     GPL-3.0-or-later, without any warranty\n");
    return om_finish_output();
}

int
om_help_program(void)
{
    size_t n;
    const struct om_command *const *command = om_commands(&n);
    printf("omstat %s: scores, change and pre/post statistics of questionnaire panels\n\n", OM_VERSION);
    printf("usage: omstat COMMAND [OPTION...] [FILE...]\n"
           "       omstat --help | --version\n\n"
           "Commands\n");
    for (size_t i = 0; i < n; i++)
        om_fill_entry(stdout, MARGIN, command[i]->name, command[i]->summary, COMMAND_COLUMN);
    printf("\nExamples\n");
    for (size_t i = 0; i < n; i++)
        printf("  %s\n", command[i]->example[0].line);
    printf("\nExit codes\n");
    for (size_t i = 0; i < om_n_exit_texts; i++) {
        char code[8];
        snprintf(code, sizeof code, "%d", om_exit_texts[i].code);
        om_fill_entry(stdout, MARGIN, code, om_exit_texts[i].text, CODE_COLUMN);
    }
    printf("\n'omstat help COMMAND' lists the options of a command.\n");
    return om_finish_output();
}

/* "-o, --output FILE" */
static void
option_label(const struct om_option *option, char *label, size_t size)
{
    char letter[8] = "";
    if (option->letter)
        snprintf(letter, sizeof letter, "-%c, ", option->letter);
    const char *argument = option->argument ? option->argument : "";
    if (argument[0] == '[') /* may be left out, and then so is the equals sign */
        snprintf(label, size, "%s--%s[=%s", letter, option->name, argument + 1);
    else
        snprintf(label, size, "%s--%s%s%s", letter, option->name, argument[0] ? " " : "", argument);
}

static bool
same_topic(const struct om_option *a, const struct om_option *b)
{
    return a->topic && b->topic && strcmp(a->topic, b->topic) == 0;
}

/* All options under the heading of option `first`, unless an earlier option has the same heading. */
static void
print_topic(const struct om_command *command, size_t first)
{
    const struct om_option head = om_option_at(command, first);
    for (size_t i = 0; i < first; i++) {
        const struct om_option earlier = om_option_at(command, i);
        if (same_topic(&head, &earlier))
            return;
    }
    if (!head.topic)
        return;
    printf("\n%s\n", head.topic);
    for (size_t i = first; i < om_option_count(command); i++) {
        const struct om_option option = om_option_at(command, i);
        char label[160];
        if (!same_topic(&head, &option))
            continue;
        option_label(&option, label, sizeof label);
        om_fill_entry(stdout, MARGIN, label, option.help, OPTION_COLUMN);
    }
}

/* One synopsis line for each form of the arguments. */
static void
print_usage(const struct om_command *command)
{
    const char *form = command->arguments, *lead = "usage:";
    for (; *form; lead = "      ") {
        size_t length = strcspn(form, "\n");
        printf("%s omstat %s [OPTION...] %.*s\n", lead, command->name, (int)length, form);
        form += length + (form[length] == '\n');
    }
}

int
om_help_command(const struct om_command *command)
{
    printf("omstat %s: %s\n\n", command->name, command->summary);
    print_usage(command);
    putchar('\n');
    om_fill(stdout, command->text, 0, 0);
    for (size_t i = 0; i < om_option_count(command); i++)
        print_topic(command, i);
    if (command->study)
        printf("\nA switch is turned off again, after a study file, by --NAME=false.\n");
    printf("\nExamples\n");
    for (size_t i = 0; i < command->n_examples; i++) {
        if (i)
            putchar('\n');
        printf("  %s\n      %s\n", command->example[i].purpose, command->example[i].line);
    }
    return om_finish_output();
}
