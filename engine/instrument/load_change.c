/* What a scale knows about change: thresholds in points, its part in rules over several instruments, and
 * norms. */
#include "instrument/load.h"
#include "base/memory.h"

#include <math.h>
#include <string.h>

/* "6 points": what a threshold is called unless the file has better words. */
static char *
points_label(struct om_loader *load, struct om_fraction points)
{
    struct om_buffer text = OM_BUFFER_EMPTY;
    om_buffer_double(&text, om_fraction_value(points));
    om_buffer_text(&text, points.num == points.den ? " point" : " points");
    char *label = om_buffer_take(&text);
    if (!label)
        om_yaml_fail_memory(&load->yaml);
    return label;
}

static void
load_threshold(struct om_loader *load, const struct om_yaml_node *entry, const char *kind,
               struct om_threshold *threshold)
{
    static const char *const keys[] = {"points", "default", "label", "source"};
    struct om_yaml *yaml = &load->yaml;
    const struct om_yaml_node *label = om_yaml_find(entry, "label");
    om_yaml_known_keys(yaml, entry, keys, OM_COUNT(keys));
    threshold->id = om_load_id(load, entry->key, "threshold", true);
    threshold->kind = om_yaml_copy_text(yaml, kind);
    threshold->points = om_load_amount(load, entry, "points");
    threshold->is_default = om_yaml_bool(yaml, om_yaml_find(entry, "default"));
    threshold->label = label ? om_yaml_copy(yaml, label) : points_label(load, threshold->points);
    om_load_source(load, entry, &threshold->source);
}

void
om_load_thresholds(struct om_loader *load, const struct om_yaml_node *map, struct om_scale *scale)
{
    static const char *const kind[][2] = {{"reliable_change", "reliable"},
                                          {"meaningful_change", "meaningful"}};
    struct om_yaml *yaml = &load->yaml;
    const struct om_yaml_node *list[2];
    size_t n = 0;
    for (size_t i = 0; i < 2; i++) {
        list[i] = om_yaml_mapping(yaml, om_yaml_find(map, kind[i][0]));
        n += list[i] ? list[i]->n : 0;
    }
    if (n == 0)
        return;
    scale->threshold = om_yaml_array(yaml, n, sizeof *scale->threshold);
    for (size_t i = 0; i < 2; i++) {
        om_yaml_each(entry, list[i])
        {
            if (yaml->status != OM_OK)
                return;
            load_threshold(load, entry, kind[i][1], &scale->threshold[scale->n_thresholds++]);
        }
    }
}

/* The value of the cut-off that a joint rule names. */
static struct om_fraction
named_cutoff(struct om_loader *load, const struct om_yaml_node *entry, const struct om_scale *scale)
{
    const struct om_yaml_node *name = om_yaml_get(&load->yaml, entry, "caseness");
    for (size_t i = 0; name && i < scale->n_cutoffs; i++)
        if (strcmp(scale->cutoff[i].id, name->text) == 0)
            return scale->cutoff[i].at;
    om_yaml_fail(&load->yaml, name, "Give the id of one of the scale's \"cutoffs\".",
                 "\"caseness\" names no cut-off of this scale");
    return (struct om_fraction){0, 1};
}

static struct om_fraction
named_change(struct om_loader *load, const struct om_yaml_node *entry, const struct om_scale *scale)
{
    const struct om_yaml_node *name = om_yaml_get(&load->yaml, entry, "reliable_change");
    for (size_t i = 0; name && i < scale->n_thresholds; i++)
        if (strcmp(scale->threshold[i].kind, "reliable") == 0 &&
            strcmp(scale->threshold[i].id, name->text) == 0)
            return scale->threshold[i].points;
    om_yaml_fail(&load->yaml, name, "Give the id of one of the scale's \"reliable_change\".",
                 "\"reliable_change\" names no such change of this scale");
    return (struct om_fraction){0, 1};
}

void
om_load_joint_rules(struct om_loader *load, const struct om_yaml_node *map, struct om_scale *scale)
{
    static const char *const keys[] = {"caseness", "reliable_change", "source"};
    static const char *const rules[] = {"nhs"};
    struct om_yaml *yaml = &load->yaml;
    const struct om_yaml_node *list = om_yaml_mapping(yaml, om_yaml_find(map, "joint_rules"));
    if (!list || scale->combine == OM_COMBINE_CLASS) /* check_scale.c refuses them there */
        return;
    om_yaml_known_keys(yaml, list, rules, OM_COUNT(rules));
    scale->joint_rule = om_yaml_array(yaml, list->n, sizeof *scale->joint_rule);
    om_yaml_each(entry, list)
    {
        if (yaml->status != OM_OK)
            return;
        struct om_joint_rule *rule = &scale->joint_rule[scale->n_joint_rules++];
        om_yaml_known_keys(yaml, entry, keys, OM_COUNT(keys));
        rule->id = om_load_id(load, entry->key, "joint rule", false);
        rule->caseness = named_cutoff(load, entry, scale);
        rule->points = named_change(load, entry, scale);
        om_load_source(load, entry, &rule->source);
    }
}

/* A number that the source may not give. */
static double
known_or_nan(struct om_loader *load, const struct om_yaml_node *map, const char *key)
{
    const struct om_yaml_node *node = om_yaml_find(map, key);
    return node ? om_fraction_value(om_yaml_fraction(&load->yaml, node)) : NAN;
}

void
om_load_norms(struct om_loader *load, const struct om_yaml_node *map, struct om_scale *scale)
{
    static const char *const keys[] = {"population",       "n",    "mean",  "sd", "reliability",
                                       "reliability_kind", "kind", "source"};
    static const char *const kinds[] = {"other", "clinical", "functional"};
    struct om_yaml *yaml = &load->yaml;
    const struct om_yaml_node *norms = om_yaml_mapping(yaml, om_yaml_find(map, "norms"));
    if (!norms)
        return;
    scale->norm = om_yaml_array(yaml, norms->n, sizeof *scale->norm);
    om_yaml_each(entry, norms)
    {
        if (yaml->status != OM_OK)
            return;
        struct om_norm *norm = &scale->norm[scale->n_norms++];
        om_yaml_known_keys(yaml, entry, keys, OM_COUNT(keys));
        norm->id = om_load_id(load, entry->key, "norm", true);
        norm->population = om_yaml_copy(yaml, om_yaml_get(yaml, entry, "population"));
        norm->kind =
            (enum om_norm_kind)om_yaml_enum(yaml, om_yaml_find(entry, "kind"), kinds, OM_COUNT(kinds));
        norm->n = known_or_nan(load, entry, "n");
        norm->mean = known_or_nan(load, entry, "mean");
        norm->sd = known_or_nan(load, entry, "sd");
        norm->reliability = known_or_nan(load, entry, "reliability");
        norm->reliability_kind = om_yaml_copy(yaml, om_yaml_find(entry, "reliability_kind"));
        om_load_source(load, entry, &norm->source);
    }
}
