/* Scales: how they combine their items, what may be missing, bands, cut-offs and classes. */
#include "instrument/load.h"
#include "base/memory.h"
#include "base/number.h"

#include <string.h>

static struct om_fraction
whole(int64_t value)
{
    return (struct om_fraction){value, 1};
}

/* "33 or more": what a cut-off is called unless the file has better words. */
static char *
cutoff_label(struct om_loader *load, const struct om_scale *scale, struct om_fraction at)
{
    struct om_buffer text = OM_BUFFER_EMPTY;
    om_buffer_double(&text, om_fraction_value(at));
    om_buffer_text(&text, scale->direction == OM_HIGHER_WORSE ? " or more" : " or less");
    char *label = om_buffer_take(&text);
    if (!label)
        om_yaml_fail_memory(&load->yaml);
    return label;
}

/* --- endorsement --- */

/* `endorsed: 2` for all items, or one code per item or range: `endorsed: {1-8: 2, 9: 1}`. */
static void
load_endorsed(struct om_loader *load, const struct om_yaml_node *node, struct om_scale *scale)
{
    struct om_yaml *yaml = &load->yaml;
    uint64_t covered = 0;
    if (node->kind == OM_YAML_SCALAR) {
        int code = om_yaml_int(yaml, node, 0, OM_CODE_MAX);
        for (size_t i = 0; i < load->instrument->n_items; i++)
            scale->endorsed[i] = (scale->items >> i & 1) ? (uint8_t)code : 0;
        return;
    }
    om_yaml_each(entry, om_yaml_mapping(yaml, node))
    {
        uint64_t set = om_load_item_set(load, entry->key);
        int code = om_yaml_int(yaml, entry, 0, OM_CODE_MAX);
        if (set & (covered | ~scale->items))
            om_yaml_fail(yaml, entry->key, "Name each item of the scale once, and no other.",
                         "items \"%.40s\" %s", entry->key->text,
                         set & covered ? "are named twice" : "are not all in this scale");
        covered |= set;
        for (size_t i = 0; i < load->instrument->n_items; i++)
            if (set >> i & 1)
                scale->endorsed[i] = (uint8_t)code;
    }
    if (covered != scale->items)
        om_yaml_fail(yaml, node, "Give a code for every item of the scale.",
                     "some items of this scale have no endorsement code");
}

/* --- missing answers --- */

static void
load_missing(struct om_loader *load, const struct om_yaml_node *map, struct om_scale *scale)
{
    static const char *const keys[] = {"max_blank", "min_answered", "source"};
    struct om_yaml *yaml = &load->yaml;
    const struct om_yaml_node *missing = om_yaml_find(map, "missing");
    const struct om_yaml_node *least = om_yaml_find(missing, "min_answered");
    scale->min_answered = 1;
    if (!missing)
        return; /* only complete answers make a score */
    om_yaml_known_keys(yaml, missing, keys, OM_COUNT(keys));
    scale->max_blank = om_yaml_int(yaml, om_yaml_get(yaml, missing, "max_blank"), 0, (int)scale->n_items - 1);
    if (least)
        scale->min_answered = om_yaml_int(yaml, least, 1, (int)scale->n_items);
    om_load_source(load, missing, &scale->missing_source);
}

/* --- bands and cut-offs --- */

static void
load_bands(struct om_loader *load, const struct om_yaml_node *map, struct om_scale *scale)
{
    static const char *const keys[] = {"from", "label"};
    struct om_yaml *yaml = &load->yaml;
    const struct om_yaml_node *bands = om_yaml_mapping(yaml, om_yaml_find(map, "bands"));
    if (!bands)
        return;
    scale->band = om_yaml_array(yaml, bands->n, sizeof *scale->band);
    om_yaml_each(entry, bands)
    {
        if (yaml->status != OM_OK)
            return;
        if (strcmp(entry->key->text, "source") == 0)
            continue;
        struct om_band *band = &scale->band[scale->n_bands++];
        bool words = entry->kind == OM_YAML_MAPPING;
        if (words)
            om_yaml_known_keys(yaml, entry, keys, OM_COUNT(keys));
        band->id = om_load_id(load, entry->key, "band", false);
        band->label = om_load_label(load, entry, band->id);
        band->from = om_yaml_fraction(yaml, words ? om_yaml_get(yaml, entry, "from") : entry);
    }
    om_load_source(load, bands, &scale->band_source);
}

static void
load_cutoffs(struct om_loader *load, const struct om_yaml_node *map, struct om_scale *scale)
{
    static const char *const keys[] = {"at", "default", "choice", "label", "source"};
    struct om_yaml *yaml = &load->yaml;
    const struct om_yaml_node *cutoffs = om_yaml_mapping(yaml, om_yaml_find(map, "cutoffs"));
    if (!cutoffs)
        return;
    scale->cutoff = om_yaml_array(yaml, cutoffs->n, sizeof *scale->cutoff);
    om_yaml_each(entry, cutoffs)
    {
        if (yaml->status != OM_OK)
            return;
        struct om_cutoff *cutoff = &scale->cutoff[scale->n_cutoffs++];
        om_yaml_known_keys(yaml, entry, keys, OM_COUNT(keys));
        cutoff->id = om_load_id(load, entry->key, "cut-off", true);
        cutoff->at = om_load_amount(load, entry, "at");
        cutoff->is_default = om_yaml_bool(yaml, om_yaml_find(entry, "default"));
        cutoff->is_choice = om_yaml_bool(yaml, om_yaml_find(entry, "choice"));
        cutoff->label = om_yaml_find(entry, "label") ? om_yaml_copy(yaml, om_yaml_find(entry, "label"))
                                                     : cutoff_label(load, scale, cutoff->at);
        om_load_source(load, entry, &cutoff->source);
    }
}

static void
load_remission(struct om_loader *load, const struct om_yaml_node *map, struct om_scale *scale)
{
    static const char *const keys[] = {"below", "source"};
    struct om_yaml *yaml = &load->yaml;
    const struct om_yaml_node *remission = om_yaml_find(map, "remission");
    if (!remission)
        return;
    om_yaml_known_keys(yaml, remission, keys, OM_COUNT(keys));
    scale->has_remission = true;
    scale->remission_below = om_yaml_fraction(yaml, om_yaml_get(yaml, remission, "below"));
    om_load_source(load, remission, &scale->remission_source);
}

/* --- the scale --- */

/* The lowest and the highest score there can be. */
static void
set_range(const struct om_instrument *in, struct om_scale *scale)
{
    int64_t k = (int64_t)scale->n_items;
    switch (scale->combine) {
    case OM_COMBINE_SUM:
        scale->minimum = whole(k * in->minimum);
        scale->maximum = whole(k * in->maximum);
        break;
    case OM_COMBINE_MEAN:
        scale->minimum = whole(in->minimum);
        scale->maximum = whole(in->maximum);
        break;
    case OM_COMBINE_PERCENT:
        scale->minimum = whole(0);
        scale->maximum = whole(100);
        break;
    case OM_COMBINE_COUNT:
        scale->minimum = whole(0);
        scale->maximum = whole(k);
        break;
    case OM_COMBINE_TOTAL: /* set from the definition */
    case OM_COMBINE_CLASS: /* set with the classes */
        break;
    }
}

/* Of a total, which nothing else tells. */
static void
load_range(struct om_loader *load, const struct om_yaml_node *map, struct om_scale *scale)
{
    const int64_t far = INT64_C(1) << 53;
    const struct om_yaml_node *range = om_yaml_sequence(&load->yaml, om_yaml_find(map, "range"));
    scale->open_range = !range;
    scale->minimum = whole(-far);
    scale->maximum = whole(far);
    if (range && range->n == 2) { /* om_check_scale asks for two */
        scale->minimum = om_yaml_fraction(&load->yaml, range->first);
        scale->maximum = om_yaml_fraction(&load->yaml, range->first->next);
    }
}

static void
load_scale(struct om_loader *load, const struct om_yaml_node *map, struct om_scale *scale)
{
    static const char *const keys[] = {"label",           "combine",           "higher_is",   "items",
                                       "endorsed",        "missing",           "round",       "range",
                                       "bands",           "cutoffs",           "classes",     "remission",
                                       "reliable_change", "meaningful_change", "joint_rules", "norms"};
    static const char *const combine[] = {"sum", "mean", "percent", "count", "total", "class"};
    static const char *const direction[] = {"worse", "better"};
    static const char *const rounding[] = {"none", "half_up"};
    struct om_yaml *yaml = &load->yaml;
    om_yaml_known_keys(yaml, map, keys, OM_COUNT(keys));
    scale->id = om_load_id(load, map->key, "scale", false);
    scale->label = om_load_label(load, map, scale->id);
    scale->combine =
        (enum om_combine)om_yaml_enum(yaml, om_yaml_get(yaml, map, "combine"), combine, OM_COUNT(combine));
    scale->direction = (enum om_direction)om_yaml_enum(yaml, om_yaml_find(map, "higher_is"), direction, 2);
    scale->items = om_load_item_set(load, om_yaml_find(map, "items"));
    scale->n_items = (size_t)__builtin_popcountll(scale->items);
    const struct om_yaml_node *round = om_yaml_find(map, "round"), *endorsed = om_yaml_find(map, "endorsed");
    bool prorated_points = scale->combine == OM_COMBINE_SUM || scale->combine == OM_COMBINE_PERCENT;
    scale->rounding = round ? (enum om_rounding)om_yaml_enum(yaml, round, rounding, 2)
                            : (prorated_points ? OM_ROUND_HALF_UP : OM_ROUND_NONE);
    if (yaml->status != OM_OK)
        return;
    if (endorsed)
        load_endorsed(load, endorsed, scale);
    if (scale->combine == OM_COMBINE_TOTAL)
        load_range(load, map, scale);
    else
        set_range(load->instrument, scale);
    load_missing(load, map, scale);
    load_bands(load, map, scale);
    load_cutoffs(load, map, scale);
    om_load_classes(load, map, scale);
    om_load_thresholds(load, map, scale);
    om_load_joint_rules(load, map, scale);
    om_load_norms(load, map, scale);
    load_remission(load, map, scale);
}

void
om_load_scales(struct om_loader *load, const struct om_yaml_node *root)
{
    struct om_yaml *yaml = &load->yaml;
    struct om_instrument *in = load->instrument;
    const struct om_yaml_node *scales = om_yaml_mapping(yaml, om_yaml_get(yaml, root, "scales"));
    if (scales && scales->n == 0)
        om_yaml_fail(yaml, scales, "Add one, such as \"total: {combine: sum}\".",
                     "an instrument needs a scale");
    in->scale = om_yaml_array(yaml, scales ? scales->n : 0, sizeof *in->scale);
    om_yaml_each(entry, scales)
    {
        if (yaml->status != OM_OK)
            return;
        load_scale(load, entry, &in->scale[in->n_scales++]);
    }
}
