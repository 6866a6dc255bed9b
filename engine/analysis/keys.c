/* Which function serves which key, and what these functions share. */
#include "analysis/keys.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/number.h"

#include <string.h>

om_status
om_fail_key(struct om_error *err, const char *key, const char *possible)
{
    om_fail(err, OM_ERR_USAGE, "%s: this value is not possible", key);
    om_hint(err, "%s", possible);
    return OM_ERR_USAGE;
}

int
om_key_word(const char *text, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (om_ascii_equal(text, strlen(text), words[i]))
            return (int)i;
    return -1;
}

om_status
om_key_choose(const struct om_texts *values, const char *key, const char *const *words, size_t n, int *out,
              struct om_error *err)
{
    *out = om_key_word(values->at[0], words, n);
    if (*out >= 0)
        return OM_OK;
    struct om_buffer list = OM_BUFFER_EMPTY;
    for (size_t i = 0; i < n; i++)
        om_buffer_format(&list, "%s%s", i ? ", " : "possible: ", words[i]);
    om_status status = om_fail_key(err, key, om_buffer_string(&list));
    om_buffer_release(&list);
    return status;
}

om_status
om_key_copy(char **out, const char *text, struct om_error *err)
{
    char *copy = om_strdup(text);
    if (!copy)
        return om_fail_memory(err);
    om_free(*out);
    *out = copy;
    return OM_OK;
}

static const struct {
    const char *name;
    om_key_apply_fn *apply;
} handlers[] = {
    {"id", om_key_id},
    {"by", om_key_by},
    {"occasion", om_key_occasion},
    {"occasion-column", om_key_occasion_column},
    {"occasions", om_key_occasions},
    {"layout", om_key_layout},
    {"map", om_key_map},
    {"instrument", om_key_instrument},
    {"describe", om_key_describe},
    {"scale", om_key_scale},
    {"input", om_key_input},
    {"delimiter", om_key_delimiter},
    {"encoding", om_key_encoding},
    {"allow-empty", om_key_allow_empty},
    {"formula-guard", om_key_formula_guard},
    {"duplicates", om_key_duplicates},
    {"max-groups", om_key_max_groups},
    {"missing", om_key_missing},
    {"declined", om_key_declined},
    {"not-applicable", om_key_not_applicable},
    {"recode", om_key_recode},
    {"missing-rule", om_key_missing_rule},
    {"population", om_key_population},
    {"rule", om_key_rule},
    {"percent", om_key_percent},
    {"anchor", om_key_anchor},
    {"reliability", om_key_reliability},
    {"clinical-norms", om_key_clinical_norms},
    {"functional-norms", om_key_functional_norms},
    {"jt-cutoff", om_key_jt_cutoff},
    {"reliable", om_key_reliable},
    {"compat", om_key_compat},
    {"shift", om_key_shift},
    {"cutoff", om_key_cutoff},
    {"nhs", om_key_nhs},
    {"rtm-correlation", om_key_rtm_correlation},
    {"reference", om_key_reference},
    {"statistics", om_key_statistics},
    {"occasion-times", om_key_occasion_times},
    {"wilcoxon", om_key_wilcoxon},
    {"equivalence", om_key_equivalence},
    {"effect", om_key_effect},
    {"replicates", om_key_replicates},
    {"seed", om_key_seed},
    {"level", om_key_level},
    {"shareable", om_key_shareable},
    {"strict", om_key_strict},
    {"threads", om_key_threads},
    {"memory", om_key_memory},
    {"shard", om_key_shard},
    {"persons", om_key_persons},
    {"digest", om_key_digest},
    {"max-input", om_key_max_input},
    {"max-missing", om_key_max_missing},
    {"min-group", om_key_min_group},
    {"date", om_key_date},
    {"interval", om_key_interval},
    {"checks", om_key_checks},
    {"schema", om_key_schema},
    {"severity", om_key_severity},
    {"show-values", om_key_show_values},
};

om_key_apply_fn *
om_key_apply(const char *name)
{
    for (size_t i = 0; i < sizeof handlers / sizeof handlers[0]; i++)
        if (strcmp(handlers[i].name, name) == 0)
            return handlers[i].apply;
    return NULL;
}
