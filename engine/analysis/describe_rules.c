/* The keys of the change rules, as a study file has them. */
#include "analysis/describe.h"

#include <string.h>

/* Nothing when they are the usual ones. */
static void
write_rule_list(struct om_buffer *out, const struct om_study *study)
{
    size_t n = 0;
    bool usual = true;
    for (int i = 0; i < OM_RULES; i++)
        usual &= study->rules[i] == om_rule_by_default((enum om_rule)i);
    if (usual)
        return;
    om_buffer_text(out, "rule: [");
    for (int i = 0; i < OM_RULES; i++)
        if (study->rules[i])
            om_buffer_format(out, "%s%s", n++ ? ", " : "", om_rule_id((enum om_rule)i));
    om_buffer_text(out, "]\n");
}

/* Was the same said again for the same target? */
static bool
is_replaced(const struct om_rule_settings *settings, size_t i)
{
    const struct om_rule_value *value = &settings->value[i];
    for (size_t k = i + 1; k < settings->n_values; k++) {
        const struct om_rule_value *later = &settings->value[k];
        bool same = value->target && later->target ? strcmp(value->target, later->target) == 0
                                                   : value->target == later->target;
        if (later->kind == value->kind && same)
            return true;
    }
    return false;
}

/* key:
 *   target: '7.69:7.52'     */
static void
write_values(struct om_buffer *out, const struct om_rule_settings *settings, enum om_rule_value_kind kind)
{
    size_t n = 0;
    for (size_t i = 0; i < settings->n_values; i++) {
        const struct om_rule_value *value = &settings->value[i];
        if (value->kind != kind || is_replaced(settings, i))
            continue;
        if (n++ == 0)
            om_buffer_format(out, "%s:\n", om_rule_value_key(kind));
        om_buffer_text(out, "  ");
        om_write_quoted(out, value->target ? value->target : "all");
        om_buffer_text(out, ": '");
        om_buffer_double(out, om_fraction_value(value->first));
        if (value->has_second) {
            om_buffer_char(out, ':');
            om_buffer_double(out, om_fraction_value(value->second));
        }
        om_buffer_text(out, "'\n");
    }
}

void
om_write_rules(struct om_buffer *out, const struct om_study *study)
{
    write_rule_list(out, study);
    for (int kind = 0; kind < OM_RULE_VALUES; kind++)
        write_values(out, &study->rule, (enum om_rule_value_kind)kind);
    if (study->rule.cutoff != OM_CUTOFF_AUTO)
        om_buffer_format(out, "jt-cutoff: %s\n", om_cutoff_id(study->rule.cutoff));
    if (study->rule.reliable_by_index)
        om_buffer_text(out, "reliable: index\n");
    if (study->rule.compatible)
        om_buffer_text(out, "compat: clinicalsignificance\n");
}
