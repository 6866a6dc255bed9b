/* The keys of the change rules. */
#include "analysis/keys.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/memory.h"

#include <string.h>

enum second { NO_SECOND, MAY_HAVE_SECOND, NEEDS_SECOND };

static const struct value_key {
    const char *key;
    enum second second;
    bool needs_target;
    const char *hint;
} value_keys[OM_RULE_VALUES] = {
    [OM_VALUE_RELIABILITY] = {"reliability", MAY_HAVE_SECOND, true,
                              "write INSTRUMENT=NUMBER, above 0 and below 1, such as bdi=.88; or bdi=.88:.85 "
                              "for the scores before and after"},
    [OM_VALUE_FUNCTIONAL] = {"functional-norms", NEEDS_SECOND, true,
                             "write INSTRUMENT=MEAN:SD, such as bdi=7.69:7.52"},
    [OM_VALUE_CLINICAL] = {"clinical-norms", NEEDS_SECOND, true,
                           "write INSTRUMENT=MEAN:SD, such as bdi=35.5:8.2"},
    [OM_VALUE_ANCHOR] = {"anchor", MAY_HAVE_SECOND, true,
                         "write INSTRUMENT=POINTS, above 0, such as bdi=7; or bdi=7:5 for improvement and "
                         "deterioration"},
    [OM_VALUE_PERCENT] =
        {"percent", NO_SECOND, false,
         "a share of the first score above 0 and at most 1, such as .5; INSTRUMENT=SHARE for "
         "one instrument"},
};

const char *
om_rule_value_key(enum om_rule_value_kind kind)
{
    return value_keys[kind].key;
}

void
om_rule_settings_release(struct om_rule_settings *settings)
{
    for (size_t i = 0; i < settings->n_values; i++)
        om_free(settings->value[i].target);
    om_free(settings->value);
    *settings = (struct om_rule_settings){0};
}

/* NUMBER or NUMBER:NUMBER. */
static bool
parse_value(const char *text, enum second second, struct om_rule_value *out)
{
    size_t length = strcspn(text, ":");
    if (!om_fraction_parse(text, length, &out->first))
        return false;
    if (!text[length])
        return second != NEEDS_SECOND;
    const char *rest = text + length + 1;
    out->has_second = true;
    return second != NO_SECOND && om_fraction_parse(rest, strlen(rest), &out->second);
}

static bool
is_share(struct om_fraction f, bool may_be_one)
{
    return f.num > 0 && (f.num < f.den || (may_be_one && f.num == f.den));
}

static bool
is_possible(const struct om_rule_value *value)
{
    switch (value->kind) {
    case OM_VALUE_RELIABILITY:
        return is_share(value->first, false) && (!value->has_second || is_share(value->second, false));
    case OM_VALUE_FUNCTIONAL:
    case OM_VALUE_CLINICAL:
        return value->second.num > 0;
    case OM_VALUE_ANCHOR:
        return value->first.num > 0 && (!value->has_second || value->second.num > 0);
    case OM_VALUE_PERCENT:
        return is_share(value->first, true);
    case OM_RULE_VALUES:
        break;
    }
    return false;
}

static om_status
set_value(enum om_rule_value_kind kind, struct om_study *study, const char *target,
          const struct om_texts *values, struct om_error *err)
{
    struct om_rule_settings *settings = &study->rule;
    const struct value_key *key = &value_keys[kind];
    struct om_rule_value value = {.kind = kind};
    if ((key->needs_target && !target) || !parse_value(values->at[0], key->second, &value) ||
        !is_possible(&value))
        return om_fail_key(err, key->key, key->hint);
    if (!om_grow(&settings->value, &settings->capacity, settings->n_values, sizeof *settings->value))
        return om_fail_memory(err);
    if (target && !(value.target = om_strdup(target)))
        return om_fail_memory(err);
    settings->value[settings->n_values++] = value;
    return OM_OK;
}

om_status
om_key_reliability(struct om_study *study, const char *target, const struct om_texts *values,
                   struct om_error *err)
{
    return set_value(OM_VALUE_RELIABILITY, study, target, values, err);
}

om_status
om_key_functional_norms(struct om_study *study, const char *target, const struct om_texts *values,
                        struct om_error *err)
{
    return set_value(OM_VALUE_FUNCTIONAL, study, target, values, err);
}

om_status
om_key_clinical_norms(struct om_study *study, const char *target, const struct om_texts *values,
                      struct om_error *err)
{
    return set_value(OM_VALUE_CLINICAL, study, target, values, err);
}

om_status
om_key_anchor(struct om_study *study, const char *target, const struct om_texts *values, struct om_error *err)
{
    return set_value(OM_VALUE_ANCHOR, study, target, values, err);
}

om_status
om_key_percent(struct om_study *study, const char *target, const struct om_texts *values,
               struct om_error *err)
{
    return set_value(OM_VALUE_PERCENT, study, target, values, err);
}

om_status
om_key_jt_cutoff(struct om_study *study, const char *target, const struct om_texts *values,
                 struct om_error *err)
{
    (void)target;
    for (int kind = OM_CUTOFF_AUTO; kind <= OM_CUTOFF_C; kind++)
        if (strcmp(values->at[0], om_cutoff_id((enum om_cutoff_kind)kind)) == 0) {
            study->rule.cutoff = (enum om_cutoff_kind)kind;
            return OM_OK;
        }
    return om_fail_key(err, "jt-cutoff", "possible: auto, a, b, c");
}

om_status
om_key_reliable(struct om_study *study, const char *target, const struct om_texts *values,
                struct om_error *err)
{
    (void)target;
    bool index = strcmp(values->at[0], "index") == 0;
    if (!index && strcmp(values->at[0], "points") != 0)
        return om_fail_key(err, "reliable", "possible: points, index");
    study->rule.reliable_by_index = index;
    return OM_OK;
}

om_status
om_key_compat(struct om_study *study, const char *target, const struct om_texts *values, struct om_error *err)
{
    (void)target;
    bool none = strcmp(values->at[0], "none") == 0;
    if (!none && strcmp(values->at[0], "clinicalsignificance") != 0)
        return om_fail_key(err, "compat", "possible: none, clinicalsignificance");
    study->rule.compatible = !none;
    return OM_OK;
}

om_status
om_key_rule(struct om_study *study, const char *target, const struct om_texts *values, struct om_error *err)
{
    (void)target;
    bool rules[OM_RULES] = {false};
    for (size_t i = 0; i < values->n; i++) {
        bool all = strcmp(values->at[i], "all") == 0;
        enum om_rule rule = om_rule_parse(values->at[i]);
        if (rule == OM_RULES && !all) {
            struct om_buffer list = OM_BUFFER_EMPTY;
            for (int k = 0; k < OM_RULES; k++)
                om_buffer_format(&list, "%s, ", om_rule_id((enum om_rule)k));
            om_fail(err, OM_ERR_USAGE, "rule: this value is not possible");
            om_hint(err, "possible: %sall", om_buffer_string(&list));
            om_buffer_release(&list);
            return OM_ERR_USAGE;
        }
        for (int k = 0; k < OM_RULES; k++)
            rules[k] |= all || k == (int)rule;
    }
    memcpy(study->rules, rules, sizeof rules);
    return OM_OK;
}

bool
om_rule_by_default(enum om_rule rule)
{
    return rule <= OM_RULE_JT;
}

/* How well a target fits a scale: 3 names the scale, 2 its instrument, 1 everyone, 0 another. */
static int
fit(const char *target, bool of_all_scales, const struct om_instrument *instrument,
    const struct om_scale *scale)
{
    size_t length = strlen(instrument->id);
    if (!target)
        return 1;
    if (strncmp(target, instrument->id, length) != 0)
        return 0;
    if (target[length] == '.')
        return strcmp(target + length + 1, scale->id) == 0 ? 3 : 0;
    return target[length] == '\0' && (of_all_scales || scale == &instrument->scale[0]) ? 2 : 0;
}

const struct om_rule_value *
om_rule_value_find(const struct om_rule_settings *settings, enum om_rule_value_kind kind,
                   const struct om_instrument *instrument, const struct om_scale *scale)
{
    const struct om_rule_value *best = NULL;
    int best_fit = 1;
    for (size_t i = 0; i < settings->n_values; i++) {
        const struct om_rule_value *value = &settings->value[i];
        int here = value->kind == kind ? fit(value->target, kind == OM_VALUE_PERCENT, instrument, scale) : 0;
        if (here >= best_fit) {
            best = value;
            best_fit = here;
        }
    }
    return best;
}
