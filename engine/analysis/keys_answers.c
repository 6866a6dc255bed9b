/* The keys that say what a cell means: missing tokens, codes, the missing rule. */
#include "analysis/keys.h"
#include "base/error.h"
#include "base/memory.h"

#include <string.h>

static om_status
add_tokens(struct om_study *study, const char *target, const struct om_texts *values, uint8_t code,
           struct om_error *err)
{
    struct om_panel_spec *panel = &study->panel;
    for (size_t i = 0; i < values->n; i++) {
        if (!om_grow(&panel->token, &panel->token_capacity, panel->n_tokens, sizeof *panel->token))
            return om_fail_memory(err);
        struct om_panel_token *token = &panel->token[panel->n_tokens++];
        *token = (struct om_panel_token){.code = code};
        OM_TRY(om_key_copy(&token->text, values->at[i], err));
        if (target)
            OM_TRY(om_key_copy(&token->column, target, err));
    }
    return OM_OK;
}

om_status
om_key_missing(struct om_study *study, const char *target, const struct om_texts *values,
               struct om_error *err)
{
    return add_tokens(study, target, values, OM_CODE_BLANK, err);
}

om_status
om_key_declined(struct om_study *study, const char *target, const struct om_texts *values,
                struct om_error *err)
{
    return add_tokens(study, target, values, OM_CODE_DECLINED, err);
}

om_status
om_key_not_applicable(struct om_study *study, const char *target, const struct om_texts *values,
                      struct om_error *err)
{
    return add_tokens(study, target, values, OM_CODE_NA, err);
}

/* TARGET=FROM:TO,FROM:TO,... */
om_status
om_key_recode(struct om_study *study, const char *target, const struct om_texts *values, struct om_error *err)
{
    struct om_panel_spec *panel = &study->panel;
    for (size_t i = 0; i < values->n; i++) {
        const char *colon = strrchr(values->at[i], ':');
        int32_t code;
        if (!target || !colon || om_integer_parse(colon + 1, strlen(colon + 1), &code) != 1 || code < 0 ||
            code > OM_CODE_MAX)
            return om_fail_key(err, "recode",
                               "write phq9=1:0,2:1,3:2,4:3 (from:to), for an instrument or a column");
        if (!om_grow(&panel->recode, &panel->recode_capacity, panel->n_recodes, sizeof *panel->recode))
            return om_fail_memory(err);
        struct om_panel_recode *recode = &panel->recode[panel->n_recodes++];
        *recode = (struct om_panel_recode){.code = code};
        OM_TRY(om_key_copy(&recode->column, target, err));
        recode->text = om_strndup(values->at[i], (size_t)(colon - values->at[i]));
        if (!recode->text)
            return om_fail_memory(err);
    }
    return OM_OK;
}

om_status
om_key_missing_rule(struct om_study *study, const char *target, const struct om_texts *values,
                    struct om_error *err)
{
    (void)target;
    static const char *const words[] = {"complete", "prorate"};
    int which;
    OM_TRY(om_key_choose(values, "missing-rule", words, 2, &which, err));
    study->missing_rule = (enum om_missing_rule)which;
    return OM_OK;
}
