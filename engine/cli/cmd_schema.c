#include "message.h"
#include "study.h"

#include <omstat/schema.h>

static int
run_schema(const struct om_invocation *invocation)
{
    struct om_study *study = NULL;
    struct om_error err = {0};
    char *json = NULL;
    int code = om_study_from(invocation, &study);
    if (code != OM_EXIT_OK)
        return code;
    if (om_schema_describe(study, &json, &err) == OM_OK) {
        fputs(json, stdout);
        code = om_finish_output();
    } else {
        code = om_say_error(&err);
    }
    om_text_free(json);
    om_study_free(study);
    return code;
}

const struct om_command om_command_schema = {
    .name = "schema",
    .arguments = "[FILE...]",
    .summary = "print what a panel should be as a table schema",
    .text =
        "Reads the names of the columns of a panel and prints a Frictionless Table Schema (2.0): type and "
        "bounds "
        "of every column, and what means no answer. Other programs can hold a data set to it, and 'omstat "
        "validate --schema' holds columns to it that are no answers: edit their types and constraints.",
    .options = OM_OPTION_BIT(OM_OPTION_STUDY) | OM_OPTION_BIT(OM_OPTION_HELP),
    .study = true,
    .scores_only = true,
    .example = {{"omstat schema panel.csv > schema.json", "Start a schema."}},
    .n_examples = 1,
    .run = run_schema,
};
