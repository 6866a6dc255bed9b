/* The manual page omstat(1) as mdoc(7) source. */
#include "help.h"
#include "message.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

/* Of the last change to what the manual says. */
#define MANUAL_DATE "November 22, 2026"

/* A command that takes every option that any takes. */
static struct om_command
everything(void)
{
    struct om_command all = {.name = "COMMAND", .study = true};
    size_t n;
    const struct om_command *const *command = om_commands(&n);
    for (size_t i = 0; i < n; i++)
        all.options |= command[i]->options;
    return all;
}

/* Characters of a word as mdoc sees them: the dashes of an option are minus signs, a backslash is itself. */
static void
put_word(const char *word, size_t length)
{
    size_t quotes = strspn(word, "'(");
    bool option = quotes + 1 < length && word[quotes] == '-' && word[quotes + 1] != ',';
    for (size_t i = 0; i < length; i++) {
        if (word[i] == '\\')
            fputs("\\e", stdout);
        else if (word[i] == '-' && option)
            fputs("\\-", stdout);
        else
            putchar(word[i]);
    }
}

/* Words on lines of their own length; one that would look like a macro at the start of a line is disarmed. */
static void
put_words(const char *text, size_t length, size_t width)
{
    size_t used = 0;
    for (const char *end = text + length; text < end;) {
        size_t word = strcspn(text, " \n");
        if (used && used + 1 + word > width) {
            putchar('\n');
            used = 0;
        }
        if (used)
            putchar(' ');
        else if (*text == '.' || *text == '\'')
            fputs("\\&", stdout);
        put_word(text, word);
        used += 1 + word;
        text += word + (text[word] != '\0');
    }
    putchar('\n');
}

/* Sentences on lines of their own, paragraphs by .Pp. */
static void
put_prose(const char *text)
{
    while (*text) {
        if (*text == '\n') {
            puts(".Pp");
            text += strspn(text, "\n");
        }
        size_t length = 0;
        while (text[length] && text[length] != '\n') {
            const char *at = text + length++;
            if (strchr(".?!", at[0]) && at[1] == ' ' && (isupper((unsigned char)at[2]) || at[2] == '\''))
                break;
        }
        put_words(text, length, 72);
        text += length + (text[length] == ' ');
    }
}

/* One word of a synopsis: [FILE...], FILE..., ID or a literal. */
static void
put_argument(const char *word, size_t length)
{
    bool optional = word[0] == '[', repeated;
    if (optional) {
        word++;
        length -= 2;
    }
    repeated = length > 3 && memcmp(word + length - 3, "...", 3) == 0;
    if (repeated)
        length -= 3;
    printf(".%s%s %.*s%s\n", optional ? "Op " : "", isupper((unsigned char)word[0]) ? "Ar" : "Cm",
           (int)length, word, repeated ? " ..." : "");
}

static void
put_synopsis(const struct om_command *command)
{
    const char *form = command->arguments;
    while (*form) {
        printf(".Nm\n.Cm %s\n.Op Ar OPTION ...\n", command->name);
        while (*form && *form != '\n') {
            size_t length = strcspn(form, " \n");
            put_argument(form, length);
            form += length + (form[length] == ' ');
        }
        form += *form == '\n';
    }
}

/* A sentence with the commands that take an option, unless all do. */
static void
put_takers(enum om_option_id id)
{
    enum { LINE = 72 };
    size_t n, n_takers = 0;
    const struct om_command *const *command = om_commands(&n);
    for (size_t i = 0; i < n; i++)
        n_takers += (command[i]->options & OM_OPTION_BIT(id)) != 0;
    if (n_takers == n)
        return;
    size_t column = (size_t)printf("Taken by");
    const char *comma = "";
    for (size_t i = 0; i < n; i++)
        if (command[i]->options & OM_OPTION_BIT(id)) {
            const size_t length = strlen(command[i]->name) + 2;
            fputs(comma, stdout);
            column += length;
            putchar(column > LINE ? '\n' : ' ');
            column = column > LINE ? length : column;
            fputs(command[i]->name, stdout);
            comma = ",";
        }
    puts(".");
}

static void
put_option(const struct om_option *option)
{
    fputs(".It ", stdout);
    if (option->letter)
        printf("Fl %c , ", option->letter);
    printf("Fl \\-%s", option->name);
    const char *argument = option->argument ? option->argument : "";
    if (argument[0] == '[') /* may be left out, and then so is the equals sign */
        printf(" Ns Op = Ns Ar %.*s", (int)strlen(argument) - 2, argument + 1);
    else if (argument[0])
        printf(" Ar %s", argument);
    putchar('\n');
    put_prose(option->help);
    if (option->id != OM_OPTION_KEY)
        put_takers(option->id);
}

static void
put_options(void)
{
    const struct om_command all = everything();
    const char *topic = "";
    puts(".Sh OPTIONS");
    put_prose("Options up to the heading Study are the keys of a study file under the same names. They are "
              "taken by "
              "report, score and init. A switch is turned off again, after a study file, by --NAME=false.");
    for (size_t i = 0; i < om_option_count(&all); i++) {
        const struct om_option option = om_option_at(&all, i);
        if (!option.topic)
            continue;
        if (strcmp(option.topic, topic) != 0) {
            printf("%s.Ss %s\n.Bl -tag -width Ds\n", *topic ? ".El\n" : "", option.topic);
            topic = option.topic;
        }
        put_option(&option);
    }
    puts(".El");
}

static void
put_commands(void)
{
    size_t n;
    const struct om_command *const *command = om_commands(&n);
    puts(".Sh COMMANDS");
    for (size_t i = 0; i < n; i++) {
        printf(".Ss omstat %s\n", command[i]->name);
        put_prose(command[i]->text);
    }
}

static void
put_examples(void)
{
    size_t n;
    const struct om_command *const *command = om_commands(&n);
    puts(".Sh EXAMPLES");
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < command[i]->n_examples; j++) {
            const struct om_example *example = &command[i]->example[j];
            if (i || j)
                puts(".Pp");
            put_prose(example->purpose);
            fputs(".Bd -literal -offset indent\n", stdout);
            put_words(example->line, strlen(example->line), SIZE_MAX);
            puts(".Ed");
        }
}

static void
put_exit_status(void)
{
    puts(".Sh EXIT STATUS\n.Bl -tag -width Ds");
    for (size_t i = 0; i < om_n_exit_texts; i++) {
        printf(".It %d\n", om_exit_texts[i].code);
        put_prose(om_exit_texts[i].text);
    }
    puts(".El");
}

static void
put_environment(void)
{
    puts(".Sh ENVIRONMENT\n.Bl -tag -width OMSTAT_KERNEL\n.It Ev COLUMNS");
    put_prose("Width of the terminal; the terminal itself is asked when it is not set. Reports written to a "
              "file or a pipe do not depend on it.");
    puts(".It Ev NO_COLOR");
    put_prose("When set and not empty, no colour is used unless asked for.");
    puts(".It Ev OMSTAT_KERNEL");
    put_prose("When set and not empty, the kernels to use, the inner loops written for one kind of "
              "processor: scalar, avx2, avx512 or neon. The results are the same. Default: the fastest that "
              "this processor can run. Those that it can run are listed by --version.");
    puts(".El");
}

int
om_help_manual(void)
{
    size_t n;
    const struct om_command *const *command = om_commands(&n);
    puts(".Dd " MANUAL_DATE "\n.Dt OMSTAT 1\n.Os\n.Sh NAME\n.Nm omstat\n"
         ".Nd scores, change and pre/post statistics of questionnaire panels\n.Sh SYNOPSIS");
    for (size_t i = 0; i < n; i++)
        put_synopsis(command[i]);
    puts(".Nm\n.Fl \\-version\n.Sh DESCRIPTION");
    put_prose(
        "omstat turns questionnaire answers in CSV files into scores, severity classes, classes of change "
        "and "
        "pre/post statistics. Results go to standard output or to a file that appears whole or not at all. "
        "What was understood and what is wrong with the data is said on standard error. The same input and "
        "options give the same bytes.");
    put_commands();
    put_options();
    put_environment();
    put_exit_status();
    put_examples();
    return om_finish_output();
}
