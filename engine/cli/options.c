#include "options.h"

#include "message.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <omstat/study.h>

static const struct om_option own_options[OM_OPTION_COUNT] = {
    [OM_OPTION_STUDY] = {OM_OPTION_STUDY, "study", 0, "FILE",
                         "Read the study file FILE. Options on the command line are applied after it.",
                         "Study"},
    [OM_OPTION_OUTPUT] = {OM_OPTION_OUTPUT, "output", 'o', "FILE",
                          "Write to FILE, which appears whole or not at all. Default: -, standard output.",
                          "Output"},
    [OM_OPTION_FOLDER] = {OM_OPTION_FOLDER, "output", 'o', "DIR",
                          "Make the folder of this run in DIR, which is made when it is missing.", "Output"},
    [OM_OPTION_PERIOD] =
        {OM_OPTION_PERIOD, "period", 0, "NAME",
         "The name of the folder, such as 2026-11; later ones should sort behind. Default: the day, "
         "in UTC.",
         "Output"},
    [OM_OPTION_PREVIOUS] =
        {OM_OPTION_PREVIOUS, "previous", 0, "DIR",
         "The folder of the run to compare with. Default: the last one before the period in the same "
         "place.",
         "Output"},
    [OM_OPTION_FORMAT] = {OM_OPTION_FORMAT, "format", 0, "text|markdown|html|csv|json|xlsx",
                          "Form of the report. Default: what the ending of the output file says "
                          "(.txt .md .html .csv .json .xlsx), else text.",
                          "Output"},
    [OM_OPTION_WIDTH] = {OM_OPTION_WIDTH, "width", 0, "COLUMNS",
                         "Width of the text report. Default: the terminal's, or 100 when there is none.",
                         "Output"},
    [OM_OPTION_FIGURES] = {OM_OPTION_FIGURES, "figures", 0, "DIRECTORY",
                           "Write each figure to DIRECTORY, as SVG and, where rsvg-convert is installed, as "
                           "PNG. The report itself is written only when --output or --format is given too.",
                           "Output"},
    [OM_OPTION_COLOR] = {OM_OPTION_COLOR, "color", 0, "auto|always|never",
                         "Colour in text. Default: auto, on a terminal unless NO_COLOR is set.", "Output"},
    [OM_OPTION_FAIL_ON] =
        {OM_OPTION_FAIL_ON, "fail-on", 0, "warning|error|never",
         "End with exit code 1 when there is a finding of this severity or a worse one. The output "
         "is written all the same. Default: never.",
         "Output"},
    [OM_OPTION_FINDINGS_FORMAT] = {OM_OPTION_FINDINGS_FORMAT, "format", 0, OM_FINDINGS_FORMATS,
                                   "Form of the findings. Default: text.", "Output"},
    [OM_OPTION_PAGE_FORMAT] = {OM_OPTION_PAGE_FORMAT, "format", 0, "text|markdown",
                               "Markdown gives all of the catalogue as one page. Default: text.", "Output"},
    [OM_OPTION_GATE] = {OM_OPTION_GATE, "fail-on", 0, "warning|error|never",
                        "End with exit code 1 when there is a finding of this severity or a worse one. What "
                        "is fatal ends with "
                        "a code of its own. Default: error.",
                        "Output"},
    [OM_OPTION_BASELINE] =
        {OM_OPTION_BASELINE, "baseline", 0, "FILE",
         "Accept the findings in FILE: only new ones, and more of the same, fail the data.", "Output"},
    [OM_OPTION_WRITE_BASELINE] = {OM_OPTION_WRITE_BASELINE, "write-baseline", 0, "FILE",
                                  "Write the findings of this run to FILE, to be accepted by later ones.",
                                  "Output"},
    [OM_OPTION_VALID] = {OM_OPTION_VALID, "valid", 0, "FILE",
                         "Copy the header and the records without an error to FILE, byte for byte.",
                         "Output"},
    [OM_OPTION_INVALID] = {OM_OPTION_INVALID, "invalid", 0, "FILE",
                           "Copy the header and the records with an error to FILE, byte for byte.", "Output"},
    [OM_OPTION_SHAREABLE_LOG] =
        {OM_OPTION_SHAREABLE_LOG, "shareable-log", 0, "FILE",
         "With --shareable: write what was withheld, and why, to FILE. It is not to be "
         "shared.",
         "Output"},
    [OM_OPTION_MANIFEST] = {OM_OPTION_MANIFEST, "manifest", 0, "FILE",
                            "Also write the manifest to FILE: what the output was made from and by, and its "
                            "SHA-256. For 'omstat verify'.",
                            "Output"},
    [OM_OPTION_CLAIMS_FORMAT] = {OM_OPTION_CLAIMS_FORMAT, "format", 0, "text|markdown|json|junit",
                                 "Form of the verdicts. Default: text.", "Output"},
    [OM_OPTION_CLAIMS_GATE] = {OM_OPTION_CLAIMS_GATE, "fail-on", 0, "mismatch|undecidable|never",
                               "End with exit code 1 when a claim does not match; or also when one cannot be "
                               "decided. Default: mismatch.",
                               "Output"},
    [OM_OPTION_INPUT_DIR] = {OM_OPTION_INPUT_DIR, "input-dir", 0, "DIR",
                             "Look for inputs and definitions here before the folder of the report.",
                             "Input"},
    [OM_OPTION_QUIET] = {OM_OPTION_QUIET, "quiet", 'q', NULL,
                         "Say nothing on standard error unless there is an error, in the data too.",
                         "Output"},
    [OM_OPTION_HELP] = {OM_OPTION_HELP, "help", 'h', NULL, "Print this help.", "Output"},
    [OM_OPTION_ADD] = {OM_OPTION_ADD, "add", 0, "TALLY",
                       "Add what this tally has counted, of other inputs. May be given several times.",
                       "Tally"},
    [OM_OPTION_SUBTRACT] =
        {OM_OPTION_SUBTRACT, "subtract", 0, "TALLY",
         "Take this tally, which was added before, out of the sum again. May be given several "
         "times.",
         "Tally"},
    [OM_OPTION_SHOW] = {OM_OPTION_SHOW, "show", 0, NULL, "Show what is in a tally, and count nothing.",
                        "Tally"},
    [OM_OPTION_SHOW_FORMAT] = {OM_OPTION_SHOW_FORMAT, "format", 0, "text|json",
                               "Form of what --show writes. Default: text.", "Output"},
    [OM_OPTION_PAIRING_KEY] =
        {OM_OPTION_PAIRING_KEY, "pairing-key", 0, "FILE",
         "The secret key of the hashes, 16 bytes or more, in a file that only its owner may read.", "Output"},
    [OM_OPTION_AS] = {OM_OPTION_AS, "as", 0, "slurm|make|xargs",
                      "What runs the shards: Slurm, GNU make or xargs. Default: slurm.", "Job"},
    [OM_OPTION_NODES] =
        {OM_OPTION_NODES, "nodes", 0, "N",
         "Shards that run at the same time, each on a node of its own; with xargs on one machine. "
         "Default: 1. With make it is make's -j that says how many.",
         "Job"},
    [OM_OPTION_SHARDS] =
        {OM_OPTION_SHARDS, "shards", 0, "N",
         "Shards that the panel is read in: more of them lose less when one has to be done again. "
         "Default: as many as nodes.",
         "Job"},
    [OM_OPTION_DIRECTORY] =
        {OM_OPTION_DIRECTORY, "directory", 0, "DIR",
         "Where the tallies of the shards and their sum, all.tally, are kept. Default: omstat- and "
         "a fingerprint of the inputs and options.",
         "Job"},
    /* For the build and for packagers: not listed. */
    [OM_OPTION_MDOC] = {OM_OPTION_MDOC, "mdoc", 0, NULL, "Print the manual page.", NULL},
    [OM_OPTION_COMPLETION] = {OM_OPTION_COMPLETION, "completion", 0, "bash", "Print a completion script.",
                              NULL},
};

/* Does a count depend on it? Rules, populations and statistics are chosen when a tally is reported on. */
static bool
decides_counts(const struct om_study_key *key)
{
    return strcmp(key->name, "describe") == 0 || (!key->report_only && strcmp(key->name, "cutoff") != 0);
}

/* The index-th key that the command takes, or NULL; *n_keys is how many it takes. */
static const struct om_study_key *
key_at(const struct om_command *command, size_t index, size_t *n_keys)
{
    size_t n = 0;
    const struct om_study_key *key = om_study_keys(&n), *found = NULL;
    *n_keys = 0;
    for (size_t i = 0; i < n && command->study; i++) {
        if (key[i].report_only && command->scores_only)
            continue;
        if (command->counts_only && !decides_counts(&key[i]))
            continue;
        if ((*n_keys)++ == index)
            found = &key[i];
    }
    return found;
}

size_t
om_option_count(const struct om_command *command)
{
    size_t n_keys;
    key_at(command, 0, &n_keys);
    return n_keys + (size_t)__builtin_popcountll(command->options);
}

struct om_option
om_option_at(const struct om_command *command, size_t index)
{
    size_t n_keys;
    const struct om_study_key *key = key_at(command, index, &n_keys);
    if (key)
        return (struct om_option){.id = OM_OPTION_KEY,
                                  .name = key->name,
                                  .argument = key->argument,
                                  .help = key->help,
                                  .topic = key->topic};
    size_t id = 0;
    for (size_t left = index - n_keys; id < OM_OPTION_COUNT - 1; id++) /* the last is what is left */
        if ((command->options & OM_OPTION_BIT(id)) && left-- == 0)
            break;
    return own_options[id];
}

size_t
om_option_choices(const char *argument, void (*visit)(void *context, const char *word, size_t length),
                  void *context)
{
    size_t n = 0;
    if (!argument || argument[strspn(argument, "abcdefghijklmnopqrstuvwxyz_-|")])
        return 0;
    for (const char *word = argument;; word++) {
        size_t length = strcspn(word, "|");
        visit(context, word, length);
        n++;
        word += length;
        if (!*word)
            return n;
    }
}

struct choice {
    const char *wanted;
    int index, found;
};

static void
match_choice(void *context, const char *word, size_t length)
{
    struct choice *choice = context;
    if (strlen(choice->wanted) == length && memcmp(choice->wanted, word, length) == 0)
        choice->found = choice->index;
    choice->index++;
}

/* The place of the value in the option's list, or -1 after saying what is possible. */
static int
choose(const struct om_command *command, const struct om_option *option, const char *value)
{
    struct choice choice = {value, 0, -1};
    om_option_choices(option->argument, match_choice, &choice);
    if (choice.found < 0)
        om_say_usage(command, "--%s '%s': give one of %s", option->name, value, option->argument);
    return choice.found;
}

static int
read_width(const struct om_command *command, const char *value, size_t *width)
{
    int32_t number;
    if (om_integer_parse(value, strlen(value), &number) != 1 || number < 40 || number > 1000)
        return om_say_usage(command, "--width '%s': give a number from 40 to 1000", value);
    *width = (size_t)number;
    return OM_EXIT_OK;
}

static int
read_count(const struct om_command *command, const char *name, const char *value, size_t *count)
{
    int32_t number;
    if (om_integer_parse(value, strlen(value), &number) != 1 || number < 1 || number > 100000)
        return om_say_usage(command, "%s '%s': give a number from 1 to 100000", name, value);
    *count = (size_t)number;
    return OM_EXIT_OK;
}

/* Takes one option of the program's own. */
static int
take_own(struct om_invocation *out, const struct om_option *option, char *value)
{
    int choice = 0;
    switch (option->id) {
    case OM_OPTION_STUDY:
        if (out->study)
            return om_say_usage(out->command, "--study: there can be one study file, and there are two");
        out->study = value;
        return OM_EXIT_OK;
    case OM_OPTION_PERIOD:
        out->period = value;
        break;
    case OM_OPTION_PREVIOUS:
        out->previous = value;
        break;
    case OM_OPTION_OUTPUT:
    case OM_OPTION_FOLDER:
        out->output = value;
        out->has_output = true;
        return OM_EXIT_OK;
    case OM_OPTION_FIGURES:
        out->figures = value;
        return OM_EXIT_OK;
    case OM_OPTION_FORMAT:
        out->has_format = om_format_parse(value, &out->format);
        return out->has_format
                   ? OM_EXIT_OK
                   : om_say_usage(out->command, "--format '%s': give one of %s", value, option->argument);
    case OM_OPTION_WIDTH:
        return read_width(out->command, value, &out->width);
    case OM_OPTION_COLOR:
        choice = choose(out->command, option, value);
        out->color = choice < 0 ? out->color : (enum om_color)choice;
        break;
    case OM_OPTION_FINDINGS_FORMAT:
        choice = choose(out->command, option, value);
        out->findings_format = choice < 0 ? out->findings_format : (enum om_findings_format)choice;
        break;
    case OM_OPTION_PAGE_FORMAT:
        choice = choose(out->command, option, value);
        out->markdown = choice == 1;
        break;
    case OM_OPTION_BASELINE:
        out->baseline = value;
        break;
    case OM_OPTION_WRITE_BASELINE:
        out->write_baseline = value;
        break;
    case OM_OPTION_CLAIMS_FORMAT:
        choice = choose(out->command, option, value);
        out->claims_format = choice < 0 ? out->claims_format : (enum om_claims_format)choice;
        break;
    case OM_OPTION_CLAIMS_GATE:
        choice = choose(out->command, option, value);
        out->claims_fail_on = choice < 0 ? out->claims_fail_on : (enum om_claims_fail_on)choice;
        break;
    case OM_OPTION_MANIFEST:
        out->manifest = value;
        break;
    case OM_OPTION_INPUT_DIR:
        out->input_dir = value;
        break;
    case OM_OPTION_VALID:
        out->valid = value;
        break;
    case OM_OPTION_INVALID:
        out->invalid = value;
        break;
    case OM_OPTION_SHAREABLE_LOG:
        out->shareable_log = value;
        break;
    case OM_OPTION_GATE:
    case OM_OPTION_FAIL_ON:
        choice = choose(out->command, option, value);
        out->fail_on = choice < 0 ? out->fail_on : (enum om_fail_on)choice;
        break;
    case OM_OPTION_ADD:
        out->added[out->n_added++] = value;
        break;
    case OM_OPTION_SUBTRACT:
        out->subtracted[out->n_subtracted++] = value;
        break;
    case OM_OPTION_SHOW:
        out->show = true;
        break;
    case OM_OPTION_SHOW_FORMAT:
        choice = choose(out->command, option, value);
        out->has_show_format = true;
        out->show_json = choice == 1;
        break;
    case OM_OPTION_PAIRING_KEY:
        out->pairing_key = value;
        break;
    case OM_OPTION_AS:
        choice = choose(out->command, option, value);
        out->as = choice < 0 ? out->as : (enum om_job_form)choice;
        break;
    case OM_OPTION_NODES:
        return read_count(out->command, "--nodes", value, &out->nodes);
    case OM_OPTION_SHARDS:
        return read_count(out->command, "--shards", value, &out->shards);
    case OM_OPTION_DIRECTORY:
        out->directory = value;
        break;
    case OM_OPTION_QUIET:
        out->quiet = true;
        break;
    case OM_OPTION_HELP:
        out->help = true;
        break;
    case OM_OPTION_MDOC:
        out->mdoc = true;
        break;
    case OM_OPTION_COMPLETION:
        choice = choose(out->command, option, value);
        out->completion = value;
        break;
    case OM_OPTION_KEY:
    case OM_OPTION_COUNT:
        break;
    }
    return choice < 0 ? OM_EXIT_USAGE : OM_EXIT_OK;
}

/* "--a, --b": the options that begin with name. Returns how many. */
static size_t
list_beginning(const struct om_command *command, const char *name, char *list, size_t size)
{
    size_t n = 0, used = 0;
    for (size_t i = 0; i < om_option_count(command); i++) {
        const struct om_option option = om_option_at(command, i);
        if (strncmp(option.name, name, strlen(name)) == 0 && used < size)
            used += (size_t)snprintf(list + used, size - used, "%s--%s", n++ ? ", " : "", option.name);
    }
    return n;
}

/* Says why a word of the form "--name" or "--name=value" is no option. */
static int
unknown_option(const struct om_command *command, const char *word)
{
    char name[64], list[512];
    snprintf(name, sizeof name, "%.*s", (int)strcspn(word, "="), word);
    if (list_beginning(command, name + strspn(name, "-"), list, sizeof list) > 1)
        return om_say_usage(command, "option %s is ambiguous: it could be %s", name, list);
    struct om_nearest nearest = {.word = name + strspn(name, "-"), .prefix = "--"};
    for (size_t i = 0; i < om_option_count(command); i++) {
        const struct om_option option = om_option_at(command, i);
        if (option.topic)
            om_nearest_consider(&nearest, option.name);
    }
    return om_say_unknown(command, &nearest, "there is no option %s in 'omstat %s'", name, command->name);
}

enum { LONG_BASE = 256 }; /* getopt's value for option i is LONG_BASE + i, apart from any letter */

/* Finds the option that getopt_long names, by its long or short form. */
static bool
find_option(const struct om_command *command, int value, struct om_option *out)
{
    for (size_t i = 0; i < om_option_count(command); i++) {
        *out = om_option_at(command, i);
        if (value == LONG_BASE + (int)i || (out->letter && value == out->letter))
            return true;
    }
    return false;
}

/* Says what getopt_long could not take. */
static int
refuse(const struct om_command *command, int problem, char **argv)
{
    struct om_option option;
    bool known = optopt && find_option(command, optopt, &option);
    if (problem == ':' && known)
        return om_say_usage(command, "option --%s needs a value: %s", option.name, option.argument);
    if (known)
        return om_say_usage(command, "option --%s takes no value", option.name);
    if (optopt && optopt < LONG_BASE)
        return om_say_usage(command, "there is no option -%c in 'omstat %s'", optopt, command->name);
    return unknown_option(command, argv[optind - 1]);
}

/* Describes the options to getopt_long. `longs` has room for one more than there are, `letters` for two each.
 */
static void
describe(const struct om_command *command, struct option *longs, char *letters)
{
    size_t n = om_option_count(command);
    *letters++ = ':'; /* a missing value is told apart from an unknown option */
    for (size_t i = 0; i < n; i++) {
        struct om_option option = om_option_at(command, i);
        bool may = option.id == OM_OPTION_KEY && (!option.argument || option.argument[0] == '[');
        int takes = may ? optional_argument : option.argument ? required_argument : no_argument;
        longs[i] = (struct option){option.name, takes, NULL, LONG_BASE + (int)i};
        if (option.letter) {
            *letters++ = option.letter;
            if (option.argument)
                *letters++ = ':';
        }
    }
    longs[n] = (struct option){0};
    *letters = '\0';
}

/* A switch may be turned off again: --strict=false. */
static struct om_setting
take_key(const struct om_option *option, const char *value)
{
    return (struct om_setting){
        .key = option->name,
        .value = value ? value : "true",
        .names_file = option->argument && strstr(option->argument, "FILE"),
    };
}

int
om_options_parse(const struct om_command *command, int argc, char **argv, struct om_invocation *out)
{
    size_t n = om_option_count(command);
    int status = OM_EXIT_OK, value;
    *out = (struct om_invocation){.command = command, .output = "-", .fail_on = OM_FAIL_ON_NEVER};
    if (command->options & OM_OPTION_BIT(OM_OPTION_GATE))
        out->fail_on = OM_FAIL_ON_ERROR;
    out->setting = calloc((size_t)argc, sizeof *out->setting);
    out->added = calloc((size_t)argc, sizeof *out->added);
    out->subtracted = calloc((size_t)argc, sizeof *out->subtracted);
    struct option *longs = calloc(n + 1, sizeof *longs);
    char *letters = calloc(n + 1, 2);
    if (!out->setting || !out->added || !out->subtracted || !longs || !letters) {
        status = om_say_error(&(struct om_error){.status = OM_ERR_NOMEM, .message = "out of memory"});
        goto cleanup;
    }
    describe(command, longs, letters);
    optind = 0; /* glibc: begin afresh */
    opterr = 0;
    while (status == OM_EXIT_OK && (value = getopt_long(argc, argv, letters, longs, NULL)) != -1) {
        struct om_option option;
        if (value == ':' || value == '?' || !find_option(command, value, &option))
            status = refuse(command, value, argv);
        else if (option.id == OM_OPTION_KEY)
            out->setting[out->n_settings++] = take_key(&option, optarg);
        else
            status = take_own(out, &option, optarg);
    }
    out->operand = argv + optind;
    out->n_operands = (size_t)(argc - optind);
cleanup:
    free(letters);
    free(longs);
    return status;
}

void
om_invocation_release(struct om_invocation *invocation)
{
    free(invocation->setting);
    free(invocation->added);
    free(invocation->subtracted);
    *invocation = (struct om_invocation){0};
}
