/* Worked examples: answers and what they must score. */
#include "instrument/load.h"
#include "base/memory.h"
#include "base/number.h"

#include <string.h>

/* One answer of an example: a code, "." for blank, "declined" or "na". */
static void
load_answer_token(struct om_loader *load, const struct om_yaml_node *node, const char *token, size_t length,
                  uint8_t *code)
{
    int32_t value;
    if (om_ascii_equal(token, length, "."))
        *code = OM_CODE_BLANK;
    else if (om_ascii_equal(token, length, "declined"))
        *code = OM_CODE_DECLINED;
    else if (om_ascii_equal(token, length, "na") && load->instrument->has_na)
        *code = OM_CODE_NA;
    else if (om_integer_parse(token, length, &value) == 1 && value >= 0 && value <= OM_CODE_MAX &&
             load->instrument->allowed[value])
        *code = (uint8_t)value;
    else
        om_yaml_fail(&load->yaml, node,
                     load->instrument->has_na
                         ? "Write a code of this instrument, . for blank, declined, or na for does not apply."
                         : "Write a code of this instrument, . for blank, or declined.",
                     "\"%.*s\" is not an answer", length < 40 ? (int)length : 40, token);
}

static void
load_answers(struct om_loader *load, const struct om_yaml_node *node, struct om_vector *vector)
{
    const char *p = om_yaml_text(&load->yaml, node);
    size_t n = 0;
    while (p && *(p += strspn(p, " \n"))) {
        size_t length = strcspn(p, " \n");
        if (n < load->instrument->n_items)
            load_answer_token(load, node, p, length, &vector->code[n]);
        n++;
        p += length;
    }
    if (node && n != load->instrument->n_items)
        om_yaml_fail(&load->yaml, node, "Write one answer for each item, separated by blanks.",
                     "%zu answers for %zu items", n, load->instrument->n_items);
}

static struct om_expectation *
add_expectation(struct om_loader *load, struct om_vector *vector, size_t *capacity, const char *scale,
                uint64_t line)
{
    if (load->yaml.status != OM_OK)
        return NULL;
    if (!om_grow(&vector->expect, capacity, vector->n_expect, sizeof *vector->expect)) {
        om_yaml_fail_memory(&load->yaml);
        return NULL;
    }
    struct om_expectation *e = &vector->expect[vector->n_expect++];
    *e = (struct om_expectation){.line = line, .positive = -1, .score = {0, 1}};
    e->scale = om_yaml_copy_text(&load->yaml, scale);
    return e;
}

static char *
load_band_name(struct om_loader *load, const struct om_yaml_node *node, const struct om_scale *scale)
{
    const char *known[128], *id = om_yaml_text(&load->yaml, node);
    size_t n = scale->n_bands < OM_COUNT(known) ? scale->n_bands : OM_COUNT(known);
    for (size_t i = 0; id && i < scale->n_bands; i++)
        if (strcmp(scale->band[i].id, id) == 0)
            return om_yaml_copy_text(&load->yaml, id);
    for (size_t i = 0; i < n; i++)
        known[i] = scale->band[i].id;
    if (id)
        om_yaml_fail_unknown(&load->yaml, node, "band", id, known, n);
    return NULL;
}

static void
check_cutoff_name(struct om_loader *load, const struct om_yaml_node *key, const struct om_scale *scale)
{
    const char *known[128];
    size_t n = scale->n_cutoffs < OM_COUNT(known) ? scale->n_cutoffs : OM_COUNT(known);
    for (size_t i = 0; i < scale->n_cutoffs; i++)
        if (strcmp(scale->cutoff[i].id, key->text) == 0)
            return;
    for (size_t i = 0; i < n; i++)
        known[i] = scale->cutoff[i].id;
    om_yaml_fail_unknown(&load->yaml, key, "cut-off", key->text, known, n);
}

/* `positive: true` is about the default cut-off, `positive: {31: true, 33: false}` about each one named. */
static void
load_positive(struct om_loader *load, const struct om_yaml_node *node, const struct om_scale *scale,
              struct om_vector *vector, size_t *capacity)
{
    struct om_yaml *yaml = &load->yaml;
    if (node && node->kind == OM_YAML_MAPPING) {
        om_yaml_each(entry, node)
        {
            check_cutoff_name(load, entry->key, scale);
            struct om_expectation *e = add_expectation(load, vector, capacity, scale->id, entry->line);
            if (!e)
                return;
            e->positive = om_yaml_bool(yaml, entry);
            e->cutoff = om_yaml_copy(yaml, entry->key);
        }
    } else if (node) {
        struct om_expectation *e = add_expectation(load, vector, capacity, scale->id, node->line);
        if (!e)
            return;
        e->positive = om_yaml_bool(yaml, node);
        if (!om_scale_default_cutoff(scale))
            om_yaml_fail(yaml, node, "Name one: \"positive: {33: true}\".",
                         "this scale has no default cut-off");
    }
}

static void
load_score(struct om_loader *load, const struct om_yaml_node *node, const struct om_scale *scale,
           struct om_expectation *e)
{
    if (!node)
        return;
    e->score = om_yaml_fraction(&load->yaml, node);
    e->has_score = true;
    if (om_fraction_compare(e->score, scale->minimum) < 0 ||
        om_fraction_compare(e->score, scale->maximum) > 0)
        om_yaml_fail(&load->yaml, node, "Check the scale's items and how they combine.",
                     "this score lies outside the range of the scale");
}

/* `total: 9`, `total: no score`, `algorithm: major`, or a mapping of score, band and positive. */
static void
load_expectation(struct om_loader *load, const struct om_yaml_node *entry, const struct om_scale *scale,
                 struct om_vector *vector, size_t *capacity)
{
    static const char *const keys[] = {"score", "band", "positive"};
    struct om_yaml *yaml = &load->yaml;
    struct om_expectation *e = add_expectation(load, vector, capacity, scale->id, entry->line);
    if (!e)
        return;
    if (entry->kind == OM_YAML_SCALAR) {
        const char *text = om_yaml_text(yaml, entry);
        if (text && strcmp(text, "no score") == 0)
            e->no_score = true;
        else if (text && om_is_id(text, false))
            e->band = load_band_name(load, entry, scale);
        else
            load_score(load, entry, scale, e);
        return;
    }
    om_yaml_known_keys(yaml, entry, keys, OM_COUNT(keys));
    load_score(load, om_yaml_find(entry, "score"), scale, e);
    if (om_yaml_find(entry, "band"))
        e->band = load_band_name(load, om_yaml_find(entry, "band"), scale);
    if (!e->has_score && !e->band) { /* it says only what is positive */
        om_free(e->scale);
        vector->n_expect--;
        if (!om_yaml_get(yaml, entry, "positive"))
            return;
    }
    load_positive(load, om_yaml_find(entry, "positive"), scale, vector, capacity);
}

static void
load_vector(struct om_loader *load, const struct om_yaml_node *map, struct om_vector *vector)
{
    static const char *const keys[] = {"name", "answers", "missing_rule", "expect"};
    static const char *const rule[] = {"complete", "prorate"};
    const char *known[128];
    struct om_yaml *yaml = &load->yaml;
    struct om_instrument *in = load->instrument;
    size_t capacity = 0, n = 0;
    om_yaml_known_keys(yaml, map, keys, OM_COUNT(keys));
    vector->line = map->line;
    vector->name = om_yaml_copy(yaml, om_yaml_get(yaml, map, "name"));
    vector->prorate = om_yaml_enum(yaml, om_yaml_find(map, "missing_rule"), rule, 2) == 1;
    load_answers(load, om_yaml_get(yaml, map, "answers"), vector);
    for (; n < in->n_scales && n < OM_COUNT(known); n++)
        known[n] = in->scale[n].id;
    om_yaml_each(entry, om_yaml_mapping(yaml, om_yaml_get(yaml, map, "expect")))
    {
        const struct om_scale *scale = om_instrument_scale(in, entry->key->text);
        if (!scale)
            om_yaml_fail_unknown(yaml, entry->key, "scale", entry->key->text, known, n);
        if (!scale || yaml->status != OM_OK)
            return;
        load_expectation(load, entry, scale, vector, &capacity);
    }
    if (vector->n_expect == 0)
        om_yaml_fail(yaml, map, "Add \"expect: {total: 9}\".", "this example expects nothing");
}

void
om_load_vectors(struct om_loader *load, const struct om_yaml_node *root)
{
    struct om_instrument *in = load->instrument;
    const struct om_yaml_node *vectors = om_yaml_sequence(&load->yaml, om_yaml_find(root, "vectors"));
    if (!vectors)
        return;
    in->vector = om_yaml_array(&load->yaml, vectors->n, sizeof *in->vector);
    om_yaml_each(entry, vectors)
    {
        if (load->yaml.status != OM_OK)
            return;
        load_vector(load, entry, &in->vector[in->n_vectors++]);
    }
}
