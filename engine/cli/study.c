#include "study.h"

#include "message.h"

#include <limits.h>
#include <omstat/exchange.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* True when both names are the same file of the file system. */
static bool
same_file(const char *a, const char *b)
{
    struct stat at_a, at_b;
    return stat(a, &at_a) == 0 && stat(b, &at_b) == 0 && S_ISREG(at_a.st_mode) &&
           at_a.st_dev == at_b.st_dev && at_a.st_ino == at_b.st_ino;
}

static const char *
last_part(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static bool
find_folder(const char *path, struct stat *at)
{
    char folder[PATH_MAX];
    const int length = (int)(last_part(path) - path);
    const int written = snprintf(folder, sizeof folder, "%.*s.", length, path); /* "reports/." */
    return written < (int)sizeof folder && stat(folder, at) == 0;
}

/* The same for files that may not be there yet. A device takes what it is given, twice too. */
static bool
same_place(const char *a, const char *b)
{
    struct stat at_a, at_b;
    if (stat(a, &at_a) == 0 && !S_ISREG(at_a.st_mode))
        return false;
    if (strcmp(a, b) == 0 || same_file(a, b))
        return true;
    return strcmp(last_part(a), last_part(b)) == 0 && find_folder(a, &at_a) && find_folder(b, &at_b) &&
           at_a.st_dev == at_b.st_dev && at_a.st_ino == at_b.st_ino;
}

int
om_refuse_replacing(const struct om_invocation *invocation, char *const *input, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (same_file(invocation->output, input[i]))
            return om_say_usage(invocation->command, "--output '%s' would replace an input",
                                invocation->output);
    return OM_EXIT_OK;
}

/* Would writing this file replace something that is read? The study knows its panels; definitions and the
 * study file itself are looked at here. */
static bool
replaces_input(const struct om_invocation *invocation, const struct om_study *study, const char *path)
{
    for (size_t i = 0; i < invocation->n_settings; i++)
        if ((strcmp(invocation->setting[i].key, "instrument") == 0 ||
             strcmp(invocation->setting[i].key, "schema") == 0) &&
            same_file(path, invocation->setting[i].value))
            return true;
    if (invocation->study && same_file(path, invocation->study))
        return true;
    if (invocation->pairing_key && same_file(path, invocation->pairing_key))
        return true;
    return om_study_reads(study, path);
}

/* A file to be written, or none. */
struct output {
    const char *option, *path;
};

/* Says which of the files to be written would replace an input, or one written before it. A baseline may take
 * the place of the one that was compared with; nothing else may. */
static int
check_outputs(const struct om_invocation *invocation, const struct om_study *study)
{
    const struct output output[] = {{"output", invocation->output},
                                    {"manifest", invocation->manifest},
                                    {"shareable-log", invocation->shareable_log},
                                    {"valid", invocation->valid},
                                    {"invalid", invocation->invalid},
                                    {"write-baseline", invocation->write_baseline}};
    for (size_t i = 0; i < sizeof output / sizeof *output; i++) {
        const char *path = output[i].path;
        if (!path)
            continue;
        if (replaces_input(invocation, study, path) ||
            (invocation->baseline && path != invocation->write_baseline &&
             same_file(path, invocation->baseline)))
            return om_say_usage(invocation->command, "--%s '%s' would replace an input", output[i].option,
                                path);
        for (size_t k = 0; k < i; k++)
            if (output[k].path && same_place(path, output[k].path))
                return om_say_usage(invocation->command, "--%s and --%s are the same file", output[i].option,
                                    output[k].option);
    }
    return OM_EXIT_OK;
}

/* Panel files may be named one by one, by occasion, or in the study file. */
static bool
names_input(const struct om_invocation *invocation)
{
    if (invocation->n_operands || invocation->study)
        return true;
    for (size_t i = 0; i < invocation->n_settings; i++)
        if (strcmp(invocation->setting[i].key, "occasion") == 0 ||
            strcmp(invocation->setting[i].key, "input") == 0)
            return true;
    return false;
}

static om_status
fill_study(const struct om_invocation *invocation, struct om_study *study, struct om_error *err)
{
    om_status status = OM_OK;
    if (invocation->study)
        status = om_study_load(study, invocation->study, err);
    for (size_t i = 0; status == OM_OK && i < invocation->n_settings; i++)
        status = om_study_set(study, invocation->setting[i].key, invocation->setting[i].value, err);
    for (size_t i = 0; status == OM_OK && i < invocation->n_operands; i++)
        status = om_study_add_input(study, invocation->operand[i], err);
    return status;
}

static const struct om_exchange *shared_with; /* set once, before any command runs */

void
om_study_share_with(const struct om_exchange *exchange)
{
    shared_with = exchange;
}

int
om_study_from(const struct om_invocation *invocation, struct om_study **out)
{
    struct om_error err = {0};
    if (!names_input(invocation))
        return om_say_usage(invocation->command, "'omstat %s' needs a panel to read",
                            invocation->command->name);
    struct om_study *study = NULL;
    om_status status = om_study_new(&study, &err);
    if (status == OM_OK)
        status = fill_study(invocation, study, &err);
    if (status == OM_OK)
        status = om_study_share(study, shared_with, &err);
    status = om_exchange_agree(shared_with, status, &err);
    int code = status == OM_OK ? check_outputs(invocation, study) : om_say_error(&err);
    if (code == OM_EXIT_OK)
        *out = study;
    else
        om_study_free(study);
    return code;
}

int
om_fail_on_findings(const struct om_invocation *invocation, const struct om_findings *findings)
{
    if (invocation->fail_on == OM_FAIL_ON_NEVER || !findings)
        return OM_EXIT_OK;
    enum om_severity severity = invocation->fail_on == OM_FAIL_ON_WARNING ? OM_WARNING : OM_BAD;
    return om_findings_count(findings, severity) ? OM_EXIT_FINDINGS : OM_EXIT_OK;
}
