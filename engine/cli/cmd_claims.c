#include "message.h"
#include "study.h"

#include <string.h>
#include <omstat/claims.h>

/* Does the rest of the command line name a panel, directly, by occasion or in a study file? */
static bool
names_panel(const struct om_invocation *invocation)
{
    for (size_t i = 0; i < invocation->n_settings; i++)
        if (strcmp(invocation->setting[i].key, "occasion") == 0 ||
            strcmp(invocation->setting[i].key, "input") == 0)
            return true;
    return invocation->n_operands > 0 || invocation->study;
}

/* A study of nothing still knows the instruments that were given. */
static int
study_without_panel(const struct om_invocation *invocation, struct om_study **out)
{
    struct om_error err = {0};
    om_status status = om_study_new(out, &err);
    for (size_t i = 0; status == OM_OK && i < invocation->n_settings; i++)
        status = om_study_set(*out, invocation->setting[i].key, invocation->setting[i].value, &err);
    return status == OM_OK ? OM_EXIT_OK : om_say_error(&err);
}

static int
verdict(const struct om_invocation *invocation, const struct om_claims_results *results)
{
    const bool mismatch = results->count[OM_CLAIM_MISMATCH] > 0;
    const bool undecidable = results->count[OM_CLAIM_UNDECIDABLE] > 0;
    switch (invocation->claims_fail_on) {
    case OM_CLAIMS_FAIL_ON_UNDECIDABLE:
        return mismatch || undecidable ? OM_EXIT_FINDINGS : OM_EXIT_OK;
    case OM_CLAIMS_FAIL_ON_MISMATCH:
        return mismatch ? OM_EXIT_FINDINGS : OM_EXIT_OK;
    case OM_CLAIMS_FAIL_ON_NEVER:
        break;
    }
    return OM_EXIT_OK;
}

static int
check(const struct om_invocation *invocation, const struct om_claims *claims)
{
    struct om_study *study = NULL;
    struct om_claims_results *results = NULL;
    struct om_error err = {0};
    struct om_invocation panel = *invocation; /* all but the claims is about the panel */
    panel.operand++;
    panel.n_operands--;
    int code = names_panel(&panel) ? om_study_from(&panel, &study) : study_without_panel(&panel, &study);
    if (code == OM_EXIT_OK) {
        struct om_progress progress = om_progress_start(invocation);
        struct om_hooks hooks = {.progress = om_progress_report, .context = &progress};
        om_status status = om_claims_run(claims, study, &hooks, &results, &err);
        om_progress_end(&progress);
        if (status == OM_OK)
            status = om_claims_write(claims, results, invocation->claims_format, invocation->output, &err);
        code = status == OM_OK ? verdict(invocation, results) : om_say_error(&err);
    }
    om_claims_results_free(results);
    om_study_free(study);
    return code;
}

static int
run_claims(const struct om_invocation *invocation)
{
    struct om_claims *claims = NULL;
    struct om_error err = {0};
    if (invocation->n_operands == 0)
        return om_say_usage(invocation->command, "'omstat claims' needs a file of claims");
    int code = om_refuse_replacing(invocation, invocation->operand, 1);
    if (code != OM_EXIT_OK)
        return code;
    if (om_claims_load(invocation->operand[0], &claims, &err) != OM_OK)
        return om_say_error(&err);
    code = check(invocation, claims);
    om_claims_free(claims);
    return code;
}

const struct om_command om_command_claims = {
    .name = "claims",
    .arguments = "CLAIMS [PANEL...]",
    .summary = "hold published numbers against a panel, or against arithmetic",
    .text = "Reads a file of claims (YAML): numbers that somebody published, each with the question it "
            "answers. With a panel each number is computed again and compared as it was rounded: match, "
            "mismatch, or undecidable. A mismatch is followed by what would give the published number: "
            "another population, rule, number of points, cut-off, missing rule, group.\n\n"
            "Without a panel the numbers are held against arithmetic: can a percentage, a mean or an SD be "
            "that of n people, which n are possible, and does p follow from the test.\n\n"
            "The exit code is 1 when a claim does not match. All rules and both populations are computed, "
            "whatever the study asks for.",
    .options = OM_OPTION_BIT(OM_OPTION_STUDY) | OM_OPTION_BIT(OM_OPTION_OUTPUT) |
               OM_OPTION_BIT(OM_OPTION_CLAIMS_FORMAT) | OM_OPTION_BIT(OM_OPTION_CLAIMS_GATE) |
               OM_OPTION_BIT(OM_OPTION_QUIET) | OM_OPTION_BIT(OM_OPTION_HELP),
    .study = true,
    .example = {{"omstat claims paper.yaml panel.csv", "Does the panel say what the paper says?"},
                {"omstat claims paper.yaml", "Can the numbers of the paper be, whatever the data?"},
                {"omstat claims paper.yaml panel.csv --format junit -o claims.xml",
                 "The same for a pipeline, which shows the claims as tests."}},
    .n_examples = 3,
    .run = run_claims,
};
