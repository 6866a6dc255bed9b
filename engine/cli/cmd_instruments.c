#include "fill.h"
#include "instrument_text.h"
#include "message.h"

#include <string.h>
#include <omstat/score.h>

/* Ids of the scales, in one cell of the list. */
static void
scale_ids(const struct om_instrument *instrument, char *text, size_t size)
{
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = 0; i < instrument->n_scales && used < size; i++)
        used += (size_t)snprintf(text + used, size - used, "%s%s", i ? " " : "", instrument->scale[i].id);
}

static int
list_instruments(const struct om_registry *registry)
{
    char scales[256];
    printf("%-8s%-10s%5s  %-58s%s\n", "id", "name", "items", "title", "scales");
    for (size_t i = 0; i < om_registry_count(registry); i++) {
        const struct om_instrument *instrument = om_registry_at(registry, i);
        scale_ids(instrument, scales, sizeof scales);
        printf("%-8s%-10s%5zu  %-58s%s\n", instrument->id, instrument->name, instrument->n_items,
               instrument->title, scales);
    }
    return om_finish_output();
}

static int
unknown_instrument(const struct om_registry *registry, const char *id)
{
    struct om_nearest nearest = {.word = id};
    for (size_t i = 0; i < om_registry_count(registry); i++)
        om_nearest_consider(&nearest, om_registry_at(registry, i)->id);
    return om_say_unknown(&om_command_instruments, &nearest, "there is no instrument '%s'", id);
}

/* By id, or by the name of a definition file, which has a dot or a slash in it where an id has none. */
static int
show_instrument(struct om_registry *registry, const char *name)
{
    const struct om_instrument *instrument = NULL;
    struct om_error err = {0};
    if (strpbrk(name, "./")) {
        if (om_registry_add_file(registry, name, &instrument, &err) != OM_OK)
            return om_say_error(&err);
    } else {
        instrument = om_registry_find(registry, name);
    }
    if (!instrument)
        return unknown_instrument(registry, name);
    om_put_instrument(stdout, instrument);
    return om_finish_output();
}

static const char *
plural(size_t n)
{
    return n == 1 ? "" : "s";
}

/* Loads and verifies every file, whatever the others are like; the exit code is that of the first failure. */
static int
check_files(struct om_registry *registry, char **file, size_t n)
{
    int code = OM_EXIT_OK;
    for (size_t i = 0; i < n; i++) {
        const struct om_instrument *instrument = NULL;
        struct om_error err = {0};
        om_status status = om_registry_add_file(registry, file[i], &instrument, &err);
        if (status == OM_OK)
            status = om_instrument_verify(instrument, &err);
        if (status != OM_OK) {
            if (!err.file[0])
                snprintf(err.file, sizeof err.file, "%s", file[i]);
            int failure = om_say_error(&err);
            code = code ? code : failure;
            continue;
        }
        om_put_safe(stdout, file[i]);
        printf(": %s, %zu item%s, %zu scale%s, %zu test vector%s: fine\n", instrument->id,
               instrument->n_items, plural(instrument->n_items), instrument->n_scales,
               plural(instrument->n_scales), instrument->n_vectors, plural(instrument->n_vectors));
    }
    int output = om_finish_output();
    return code ? code : output;
}

static int
run_action(const struct om_invocation *invocation, struct om_registry *registry)
{
    const char *action = invocation->n_operands ? invocation->operand[0] : "list";
    char **rest = invocation->operand + 1;
    size_t n_rest = invocation->n_operands ? invocation->n_operands - 1 : 0;
    if (strcmp(action, "list") == 0)
        return n_rest ? om_say_usage(invocation->command, "'list' takes nothing more")
                      : list_instruments(registry);
    if (strcmp(action, "show") == 0)
        return n_rest != 1 ? om_say_usage(invocation->command, "'show' takes the id of one instrument")
                           : show_instrument(registry, rest[0]);
    if (strcmp(action, "check") == 0)
        return n_rest ? check_files(registry, rest, n_rest)
                      : om_say_usage(invocation->command, "'check' takes definition files");
    return om_say_usage(invocation->command, "'%s': give one of list, show, check", action);
}

static int
run_instruments(const struct om_invocation *invocation)
{
    struct om_registry *registry = NULL;
    struct om_error err = {0};
    if (om_registry_new(&registry, &err) != OM_OK)
        return om_say_error(&err);
    int code = run_action(invocation, registry);
    om_registry_free(registry);
    return code;
}

const struct om_command om_command_instruments = {
    .name = "instruments",
    .arguments = "list\nshow ID\ncheck FILE...",
    .summary = "list, show and check instrument definitions",
    .text =
        "An instrument is a definition file: items, answers, scales, missing rule, severity bands, cut-offs "
        "and "
        "where each of these comes from. 'list' names those that are built in. 'show' prints everything that "
        "is known about one; ID may also be a definition file, with its path. 'check' loads definition "
        "files, "
        "checks that they make sense, and scores the worked examples in them.",
    .options = OM_OPTION_BIT(OM_OPTION_HELP),
    .example = {{"omstat instruments list", "What is built in."},
                {"omstat instruments show phq9", "All of one definition, with sources."},
                {"omstat instruments check my.yaml", "Check a definition of your own."}},
    .n_examples = 3,
    .run = run_instruments,
};
