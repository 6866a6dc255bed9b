/*
 * Class scales: the first class whose criteria all hold, such as a count of symptoms with a core one among
 * them. Their bands and their cut-off follow from the classes, so that everything behind scoring can treat
 * them like any other scale: score 0 is the least severe class.
 */
#include "instrument/load.h"
#include "base/memory.h"

#include <string.h>

static void
load_criteria(struct om_loader *load, const struct om_yaml_node *list, const struct om_scale *scale,
              struct om_class *class_)
{
    static const char *const keys[] = {"of", "at_least"};
    struct om_yaml *yaml = &load->yaml;
    if (!om_yaml_sequence(yaml, list))
        return;
    class_->criterion = om_yaml_array(yaml, list->n, sizeof *class_->criterion);
    om_yaml_each(entry, list)
    {
        if (yaml->status != OM_OK)
            return;
        struct om_criterion *criterion = &class_->criterion[class_->n_criteria++];
        const struct om_yaml_node *of = om_yaml_find(entry, "of");
        om_yaml_known_keys(yaml, entry, keys, OM_COUNT(keys));
        criterion->items = of ? om_load_item_set(load, of) : scale->items;
        if (criterion->items & ~scale->items)
            om_yaml_fail(yaml, of, "Add them to the scale's items, or take them out here.",
                         "a criterion names items that are not in this scale");
        criterion->at_least = om_yaml_int(yaml, om_yaml_get(yaml, entry, "at_least"), 1,
                                          __builtin_popcountll(criterion->items));
    }
}

static void
load_class(struct om_loader *load, const struct om_yaml_node *entry, const struct om_scale *scale,
           struct om_class *class_)
{
    static const char *const keys[] = {"label", "positive", "requires"};
    struct om_yaml *yaml = &load->yaml;
    class_->id = om_load_id(load, entry->key, "class", false);
    class_->label = om_load_label(load, entry, class_->id);
    if (om_yaml_is_null(entry))
        return;
    om_yaml_known_keys(yaml, entry, keys, OM_COUNT(keys));
    class_->positive = om_yaml_bool(yaml, om_yaml_find(entry, "positive"));
    load_criteria(load, om_yaml_find(entry, "requires"), scale, class_);
}

/* One band per class, the least severe first. */
static void
bands_from_classes(struct om_loader *load, struct om_scale *scale)
{
    scale->band = om_yaml_array(&load->yaml, scale->n_classes, sizeof *scale->band);
    for (; scale->band && scale->n_bands < scale->n_classes; scale->n_bands++) {
        const struct om_class *class_ = &scale->class_[scale->n_classes - 1 - scale->n_bands];
        struct om_band *band = &scale->band[scale->n_bands];
        band->id = om_yaml_copy_text(&load->yaml, class_->id);
        band->label = om_yaml_copy_text(&load->yaml, class_->label);
        band->from = (struct om_fraction){(int64_t)scale->n_bands, 1};
    }
}

/* Screening positive begins at the least severe class that is positive. */
static void
cutoff_from_classes(struct om_loader *load, struct om_scale *scale)
{
    struct om_yaml *yaml = &load->yaml;
    size_t last = scale->n_classes;
    while (last > 0 && !scale->class_[last - 1].positive)
        last--;
    if (last == 0)
        return;
    scale->cutoff = om_yaml_array(yaml, 1, sizeof *scale->cutoff);
    if (!scale->cutoff)
        return;
    scale->n_cutoffs = 1;
    *scale->cutoff = (struct om_cutoff){
        .id = om_yaml_copy_text(yaml, scale->class_[last - 1].id),
        .label = om_yaml_copy_text(yaml, scale->class_[last - 1].label),
        .at = {(int64_t)(scale->n_classes - last), 1},
        .is_default = true,
        .source = {.citation = om_yaml_copy_text(yaml, scale->band_source.citation),
                   .evidence = om_yaml_copy_text(yaml, scale->band_source.evidence),
                   .note = om_yaml_copy_text(yaml, scale->band_source.note)},
    };
}

void
om_load_classes(struct om_loader *load, const struct om_yaml_node *map, struct om_scale *scale)
{
    struct om_yaml *yaml = &load->yaml;
    const struct om_yaml_node *classes = om_yaml_mapping(yaml, om_yaml_find(map, "classes"));
    if (scale->combine != OM_COMBINE_CLASS) /* check_scale.c refuses classes there, and bands here */
        return;
    if (!om_yaml_get(yaml, map, "classes") || yaml->status != OM_OK || scale->band || scale->cutoff)
        return;
    scale->class_ = om_yaml_array(yaml, classes->n, sizeof *scale->class_);
    om_yaml_each(entry, classes)
    {
        if (yaml->status != OM_OK)
            return;
        if (strcmp(entry->key->text, "source") != 0)
            load_class(load, entry, scale, &scale->class_[scale->n_classes++]);
    }
    om_load_source(load, classes, &scale->band_source);
    scale->minimum = (struct om_fraction){0, 1};
    scale->maximum = (struct om_fraction){(int64_t)scale->n_classes - 1, 1};
    bands_from_classes(load, scale);
    cutoff_from_classes(load, scale);
}
