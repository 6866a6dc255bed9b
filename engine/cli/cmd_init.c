#include "message.h"
#include "study.h"

static int
run_init(const struct om_invocation *invocation)
{
    struct om_study *study = NULL;
    struct om_error err = {0};
    char *yaml = NULL;
    int code = om_study_from(invocation, &study);
    if (code != OM_EXIT_OK)
        return code;
    if (om_study_describe(study, &yaml, &err) == OM_OK) {
        fputs(yaml, stdout);
        code = om_finish_output();
    } else {
        code = om_say_error(&err);
    }
    om_text_free(yaml);
    om_study_free(study);
    return code;
}

const struct om_command om_command_init = {
    .name = "init",
    .arguments = "[FILE...]",
    .summary = "write down how a panel is read, as a study file to edit",
    .text =
        "Reads the names of the columns of a panel and prints a study file (YAML) that says how they are "
        "understood: the layout, the person, the groups, the occasions and the items. Edit it, keep it under "
        "version control, and run it with 'omstat report --study'.",
    .options = OM_OPTION_BIT(OM_OPTION_STUDY) | OM_OPTION_BIT(OM_OPTION_HELP),
    .study = true,
    .example = {{"omstat init panel.csv > study.yaml", "Start a study file."}},
    .n_examples = 1,
    .run = run_init,
};
