/* The completion script for bash. */
#include "help.h"
#include "message.h"

#include <string.h>
#include <omstat/instrument.h>

static void
put_word(void *context, const char *word, size_t length)
{
    (void)context;
    printf(" %.*s", (int)length, word);
}

static void
ignore_word(void *context, const char *word, size_t length)
{
    (void)context;
    (void)word;
    (void)length;
}

static void
put_command_names(void)
{
    size_t n;
    const struct om_command *const *command = om_commands(&n);
    for (size_t i = 0; i < n; i++)
        put_word(NULL, command[i]->name, strlen(command[i]->name));
}

/* True when a command before this one takes an option of the same name. */
static bool
seen_before(size_t command_index, const char *name)
{
    size_t n;
    const struct om_command *const *command = om_commands(&n);
    for (size_t i = 0; i < command_index; i++)
        for (size_t j = 0; j < om_option_count(command[i]); j++)
            if (strcmp(om_option_at(command[i], j).name, name) == 0)
                return true;
    return false;
}

/* A branch for every option whose values can be listed. */
static void
put_values(void)
{
    size_t n;
    const struct om_command *const *command = om_commands(&n);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < om_option_count(command[i]); j++) {
            const struct om_option option = om_option_at(command[i], j);
            if (seen_before(i, option.name) || om_option_choices(option.argument, ignore_word, NULL) == 0)
                continue;
            printf("    *\" --%s\") words=\"", option.name);
            om_option_choices(option.argument, put_word, NULL);
            puts(" \" ;;");
        }
}

/* A branch for every command with the names of its options. */
static void
put_options(void)
{
    size_t n;
    const struct om_command *const *command = om_commands(&n);
    for (size_t i = 0; i < n; i++) {
        printf("        %s) words=\"", command[i]->name);
        for (size_t j = 0; j < om_option_count(command[i]); j++) {
            const struct om_option option = om_option_at(command[i], j);
            if (option.topic)
                printf(" --%s", option.name);
        }
        puts(" \" ;;");
    }
}

int
om_help_completion(void)
{
    puts("# Completion of omstat for bash, made by 'omstat help --completion bash'.\n"
         "_omstat() {\n"
         "    local word=${COMP_WORDS[COMP_CWORD]} words=\n"
         "    local before=\" ${COMP_WORDS[*]:1:COMP_CWORD-1}\"\n"
         "    case $before in");
    printf("    \" \" | \" help\") words=\"");
    put_command_names();
    puts(" \" ;;");
    puts("    \" instruments\") words=\"list show check\" ;;");
    printf("    \" instruments show\") words=\"");
    for (size_t i = 0; i < om_instrument_builtin_count(); i++)
        printf(" %s", om_instrument_builtin_id(i));
    puts(" \" ;;");
    put_values();
    puts("    esac\n"
         "    if [[ $word == -* ]]; then\n"
         "        case ${COMP_WORDS[1]} in");
    put_options();
    puts("        -*) words=\"--help --version\" ;;\n"
         "        esac\n"
         "    fi\n"
         "    mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$word\")\n"
         "}\n"
         "complete -o bashdefault -o default -F _omstat omstat");
    return om_finish_output();
}
