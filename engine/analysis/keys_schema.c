/*
 * The key schema: a table schema (Frictionless Table Schema 2.0), whose fields become rules about columns.
 *
 * JSON is read by the reader of YAML, which knows places and limits.
 */
#include "analysis/keys.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/memory.h"
#include "io/yaml.h"

#include <string.h>

static const struct {
    const char *name;
    enum om_rule_type type;
    bool checked;
} types[] = {
    {"string", OM_RULE_TEXT, true},     {"integer", OM_RULE_INTEGER, true}, {"number", OM_RULE_NUMBER, true},
    {"boolean", OM_RULE_BOOLEAN, true}, {"date", OM_RULE_DATE, true},       {"any", OM_RULE_ANY, true},
    {"year", OM_RULE_INTEGER, true},    {"time", OM_RULE_ANY, false},       {"datetime", OM_RULE_ANY, false},
    {"yearmonth", OM_RULE_ANY, false},  {"duration", OM_RULE_ANY, false},   {"list", OM_RULE_ANY, false},
    {"array", OM_RULE_ANY, false},      {"object", OM_RULE_ANY, false},     {"geopoint", OM_RULE_ANY, false},
    {"geojson", OM_RULE_ANY, false},
};

/* Members of a field and of its constraints that say nothing about a cell, or are looked at. */
static const char *const described[] = {
    "name",    "type",       "title",       "description",       "example",
    "rdfType", "categories", "constraints", "categoriesOrdered", "missingValues"};
static const char *const constraints[] = {"required",         "minimum",          "maximum",   "enum",
                                          "exclusiveMinimum", "exclusiveMaximum", "minLength", "maxLength"};

static bool
is_among(const char *word, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(word, words[i]) == 0)
            return true;
    return false;
}
#define IS_AMONG(word, words) is_among(word, words, sizeof(words) / sizeof(words)[0])

/* --- parts of a field ----------------------------------------------------------------------------------- */

/* Words that are written as texts, numbers, or {value, label}. */
static void
load_words(struct om_yaml *yaml, const struct om_yaml_node *list, struct om_rule_words *words)
{
    list = om_yaml_sequence(yaml, list);
    if (!list)
        return;
    words->at = om_yaml_array(yaml, list->n + 1, sizeof *words->at);
    om_yaml_each(entry, list)
    {
        const struct om_yaml_node *value =
            entry->kind == OM_YAML_MAPPING ? om_yaml_get(yaml, entry, "value") : entry;
        if (!words->at || !value || value->kind != OM_YAML_SCALAR)
            return;
        words->at[words->n] = om_yaml_copy_text(yaml, value->text);
        words->n += words->at[words->n] != NULL;
    }
}

static bool
load_bound(struct om_yaml *yaml, const struct om_yaml_node *node, const struct om_column_rule *rule,
           struct om_fraction *bound)
{
    if (!node || rule->type == OM_RULE_ANY)
        return false;
    const char *text = om_yaml_text(yaml, node);
    const bool ordered = rule->type != OM_RULE_TEXT && rule->type != OM_RULE_BOOLEAN;
    if (text && (!ordered || !om_column_rule_value(rule->type, text, strlen(text), bound)))
        om_yaml_fail(yaml, node, "minimum and maximum are for integers, numbers and dates",
                     "this is no bound of the field's type");
    return text != NULL;
}

static void
load_constraints(struct om_yaml *yaml, const struct om_yaml_node *map, struct om_column_rule *rule)
{
    const struct om_yaml_node *shortest = om_yaml_find(map, "minLength"),
                              *longest = om_yaml_find(map, "maxLength");
    const struct om_yaml_node *required = om_yaml_find(map, "required");
    const struct om_yaml_node *above = om_yaml_find(map, "exclusiveMinimum"),
                              *below = om_yaml_find(map, "exclusiveMaximum");
    rule->above = above != NULL;
    rule->below = below != NULL;
    rule->has_minimum = load_bound(yaml, above ? above : om_yaml_find(map, "minimum"), rule, &rule->minimum);
    rule->has_maximum = load_bound(yaml, below ? below : om_yaml_find(map, "maximum"), rule, &rule->maximum);
    if (required)
        rule->required = om_yaml_bool(yaml, required);
    if (shortest)
        rule->shortest = (size_t)om_yaml_int(yaml, shortest, 0, 1 << 20);
    if (longest)
        rule->longest = (size_t)om_yaml_int(yaml, longest, 1, 1 << 20);
    if (om_yaml_find(map, "enum"))
        load_words(yaml, om_yaml_find(map, "enum"), &rule->allowed);
}

/* What the schema asks for and nobody looks at, so that nobody trusts in it. */
static void
find_unchecked(struct om_yaml *yaml, const struct om_yaml_node *field, bool type_checked,
               struct om_column_rule *rule)
{
    struct om_buffer list = OM_BUFFER_EMPTY;
    if (!type_checked)
        om_buffer_format(&list, ", type %s", om_yaml_find(field, "type")->text);
    om_yaml_each(member, field) if (!IS_AMONG(member->key->text, described) &&
                                    !(strcmp(member->key->text, "format") == 0 &&
                                      strcmp(member->text, "default") == 0))
        om_buffer_format(&list, ", %s", member->key->text);
    om_yaml_each(member, om_yaml_find(field, "constraints")) if (!IS_AMONG(member->key->text, constraints) ||
                                                                 (rule->type == OM_RULE_ANY &&
                                                                  strstr(member->key->text, "imum")))
        om_buffer_format(&list, ", %s", member->key->text);
    if (list.length > 0)
        rule->unchecked = om_yaml_copy_text(yaml, om_buffer_string(&list) + 2);
    om_buffer_release(&list);
}

static void
load_field(struct om_yaml *yaml, const struct om_yaml_node *field, const struct om_yaml_node *missing,
           struct om_column_rule *rule)
{
    const struct om_yaml_node *type = om_yaml_find(om_yaml_mapping(yaml, field), "type");
    const char *word = type ? om_yaml_text(yaml, type) : "string";
    size_t t = 0;
    while (word && t < sizeof types / sizeof types[0] && strcmp(types[t].name, word) != 0)
        t++;
    if (word && t == sizeof types / sizeof types[0])
        om_yaml_fail(yaml, type, NULL, "there is no type \"%s\" in Table Schema", word);
    if (yaml->status != OM_OK)
        return;
    rule->type = types[t].type;
    rule->column = om_yaml_copy(yaml, om_yaml_get(yaml, field, "name"));
    const struct om_yaml_node *own = om_yaml_find(field, "missingValues");
    if (own || missing)
        load_words(yaml, own ? own : missing, &rule->missing);
    if (om_yaml_find(field, "constraints"))
        load_constraints(yaml, om_yaml_mapping(yaml, om_yaml_find(field, "constraints")), rule);
    find_unchecked(yaml, field, types[t].checked, rule);
}

/* --- the schema ----------------------------------------------------------------------------------------- */

/* "superset" and "partial" (in the first edition a list of one of them) allow fields that are not there. */
static bool
allows_absence(const struct om_yaml_node *match)
{
    if (match && match->kind == OM_YAML_SEQUENCE)
        match = om_yaml_first(match);
    return match && match->kind == OM_YAML_SCALAR &&
           (strcmp(match->text, "superset") == 0 || strcmp(match->text, "partial") == 0);
}

static void
load_schema(struct om_yaml *yaml, struct om_panel_spec *spec)
{
    const struct om_yaml_node *root = om_yaml_mapping(yaml, yaml->root);
    const struct om_yaml_node *missing = om_yaml_find(root, "missingValues");
    const bool optional = allows_absence(om_yaml_find(root, "fieldsMatch"));
    om_yaml_each(field, om_yaml_sequence(yaml, om_yaml_get(yaml, root, "fields")))
    {
        if (!om_grow(&spec->rule, &spec->rule_capacity, spec->n_rules, sizeof *spec->rule)) {
            om_yaml_fail_memory(yaml);
            return;
        }
        struct om_column_rule *rule = &spec->rule[spec->n_rules++];
        *rule = (struct om_column_rule){.optional = optional};
        load_field(yaml, field, missing, rule);
        if (yaml->status == OM_OK && !rule->missing.at && !missing && !om_yaml_find(field, "missingValues")) {
            rule->missing.at = om_yaml_array(yaml, 1, sizeof *rule->missing.at);
            if (rule->missing.at && (rule->missing.at[0] = om_yaml_copy_text(yaml, "")) != NULL)
                rule->missing.n = 1;
        }
        if (yaml->status != OM_OK)
            return;
    }
}

om_status
om_key_schema(struct om_study *study, const char *target, const struct om_texts *values, struct om_error *err)
{
    struct om_buffer bytes = OM_BUFFER_EMPTY;
    struct om_yaml yaml;
    (void)target;
    om_status status = om_yaml_read_file(values->at[0], &bytes, err);
    if (status == OM_OK)
        status = om_study_add_source(study, "schema", values->at[0], &bytes, err);
    if (status == OM_OK)
        status = om_yaml_parse(&yaml, values->at[0], om_buffer_string(&bytes), bytes.length, err);
    if (status == OM_OK) {
        load_schema(&yaml, &study->panel);
        status = yaml.status;
        om_yaml_release(&yaml);
    }
    om_buffer_release(&bytes);
    return status;
}
