/* How the parts of one scale fit together. */
#include "instrument/load.h"

#include <math.h>
#include <string.h>

static bool
is_whole(struct om_fraction f)
{
    return f.num % f.den == 0;
}

static bool
is_between(struct om_fraction low, struct om_fraction value, struct om_fraction high)
{
    return om_fraction_compare(low, value) <= 0 && om_fraction_compare(value, high) <= 0;
}

/* Limits are compared with the rounded score; one between two whole numbers would not mean what it says. */
static void
check_limit(struct om_loader *load, const struct om_yaml_node *node, const struct om_scale *scale,
            struct om_fraction limit)
{
    if (!is_between(scale->minimum, limit, scale->maximum))
        om_yaml_fail(&load->yaml, node, NULL, "this limit lies outside the range of the scale, %g to %g",
                     om_fraction_value(scale->minimum), om_fraction_value(scale->maximum));
    else if (scale->rounding == OM_ROUND_HALF_UP && !is_whole(limit))
        om_yaml_fail(&load->yaml, node, "Write the whole number, or \"round: none\".",
                     "a limit must be a whole number where scores are rounded half-up");
}

/* A default that nobody verified must say why it is one. */
static void
check_default(struct om_loader *load, const struct om_yaml_node *map, const struct om_source *source)
{
    if (source->evidence && strcmp(source->evidence, "verified") != 0 && !source->note)
        om_yaml_fail(&load->yaml, map, "Add \"note: ...\" to its source.",
                     "a default that is %s, not verified, needs a note", source->evidence);
}

/* --- what goes with which way of combining --- */

static void
forbid(struct om_loader *load, const struct om_yaml_node *map, const char *key, const char *why)
{
    const struct om_yaml_node *found = om_yaml_find(map, key);
    if (found)
        om_yaml_fail(&load->yaml, found->key, "Leave the key out.", "\"%s\" does not go with %s", key, why);
}

static void
check_keys(struct om_loader *load, const struct om_yaml_node *map, const struct om_scale *scale)
{
    static const char *const computed[] = {"bands",           "cutoffs",           "higher_is",   "remission",
                                           "reliable_change", "meaningful_change", "joint_rules", "norms"};
    static const char *const of_items[] = {"items", "missing"};
    bool class_ = scale->combine == OM_COMBINE_CLASS, count = scale->combine == OM_COMBINE_COUNT;
    if (!class_)
        forbid(load, map, "classes", "a scale of points; write \"combine: class\" for one");
    for (size_t i = 0; class_ && i < OM_COUNT(computed); i++)
        forbid(load, map, computed[i], "a class scale: it follows from the classes");
    if (class_ || count) {
        forbid(load, map, "missing", "endorsed items: they are not prorated");
        forbid(load, map, "round", "endorsed items: the score is whole");
        om_yaml_get(&load->yaml, map, "endorsed");
    } else {
        forbid(load, map, "endorsed", "a scale of points");
    }
    if ((scale->combine == OM_COMBINE_TOTAL) != om_instrument_is_total(load->instrument) ||
        (scale->combine == OM_COMBINE_TOTAL && load->instrument->n_scales > 1))
        om_yaml_fail(&load->yaml, om_yaml_find(map, "combine"),
                     "Describe the items, or make the total an instrument of its own.",
                     "a scale that arrives as a total is the only one of an instrument without items");
    for (size_t i = 0; scale->combine == OM_COMBINE_TOTAL && i < OM_COUNT(of_items); i++)
        forbid(load, map, of_items[i], "a total that arrives as a number");
    if (scale->open_range && scale->n_bands > 0)
        om_yaml_get(&load->yaml, map, "range");
    if (scale->combine == OM_COMBINE_PERCENT && load->instrument->minimum != 0)
        om_yaml_fail(&load->yaml, om_yaml_find(map, "combine"), "Use sum or mean.",
                     "a percentage of the maximum needs codes that begin at 0");
}

static void
check_endorsed(struct om_loader *load, const struct om_yaml_node *map, const struct om_scale *scale)
{
    const struct om_instrument *in = load->instrument;
    const struct om_yaml_node *node = om_yaml_find(map, "endorsed");
    for (size_t i = 0; node && i < in->n_items; i++) {
        if (!(scale->items >> i & 1))
            continue;
        if (scale->endorsed[i] <= in->minimum || scale->endorsed[i] > in->maximum)
            om_yaml_fail(&load->yaml, node, "Otherwise every answer, or none, would endorse the item.",
                         "item \"%s\" must be endorsed above code %d and at most at %d", in->item[i].id,
                         in->minimum, in->maximum);
        if (in->item[i].reversed)
            om_yaml_fail(&load->yaml, node, "Describe the item with its codes as they are.",
                         "item \"%s\" is reversed and cannot be endorsed", in->item[i].id);
    }
}

static void
check_range(struct om_loader *load, const struct om_yaml_node *map, const struct om_scale *scale)
{
    const struct om_yaml_node *range = om_yaml_sequence(&load->yaml, om_yaml_find(map, "range"));
    if (!range)
        return;
    if (range->n != 2) {
        om_yaml_fail(&load->yaml, range, "Write [lowest, highest].", "a range has two ends");
        return;
    }
    struct om_fraction low = om_yaml_fraction(&load->yaml, range->first);
    struct om_fraction high = om_yaml_fraction(&load->yaml, range->first->next);
    if (om_fraction_compare(low, high) >= 0)
        om_yaml_fail(&load->yaml, range, "Write [lowest, highest].", "the range runs backwards");
    if (om_fraction_compare(low, scale->minimum) || om_fraction_compare(high, scale->maximum))
        om_yaml_fail(&load->yaml, range, "Check the items, the codes and the range against the source.",
                     "the items and codes give scores from %g to %g", om_fraction_value(scale->minimum),
                     om_fraction_value(scale->maximum));
}

/* --- limits --- */

static void
check_bands(struct om_loader *load, const struct om_yaml_node *map, const struct om_scale *scale)
{
    const struct om_yaml_node *bands = om_yaml_find(map, "bands");
    for (size_t i = 0; bands && i < scale->n_bands; i++) {
        const struct om_yaml_node *entry = om_yaml_find(bands, scale->band[i].id);
        const struct om_yaml_node *place = om_yaml_find(entry, "from") ? om_yaml_find(entry, "from") : entry;
        check_limit(load, place, scale, scale->band[i].from);
        if (i == 0 && om_fraction_compare(scale->band[0].from, scale->minimum) != 0)
            om_yaml_fail(&load->yaml, place, "Every score must fall into a band.",
                         "the first band must begin at %g, the lowest score",
                         om_fraction_value(scale->minimum));
        if (i > 0 && om_fraction_compare(scale->band[i - 1].from, scale->band[i].from) >= 0)
            om_yaml_fail(&load->yaml, place, "List the bands from the lowest scores to the highest.",
                         "band \"%s\" does not begin above band \"%s\"", scale->band[i].id,
                         scale->band[i - 1].id);
    }
}

/* A cut-off that everybody reaches screens nobody. */
static bool
divides(const struct om_scale *scale, struct om_fraction at)
{
    return scale->direction == OM_HIGHER_WORSE ? om_fraction_compare(at, scale->minimum) > 0
                                               : om_fraction_compare(at, scale->maximum) < 0;
}

/* Where om_load_amount found its number. */
static const struct om_yaml_node *
amount_place(const struct om_yaml_node *entry, const char *key)
{
    return om_yaml_find(entry, key) ? om_yaml_find(entry, key) : entry->key;
}

static void
check_cutoffs(struct om_loader *load, const struct om_yaml_node *map, const struct om_scale *scale)
{
    const struct om_yaml_node *cutoffs = om_yaml_find(map, "cutoffs");
    size_t n_defaults = 0;
    for (size_t i = 0; cutoffs && i < scale->n_cutoffs; i++) {
        const struct om_cutoff *cutoff = &scale->cutoff[i];
        const struct om_yaml_node *entry = om_yaml_find(cutoffs, cutoff->id);
        const struct om_yaml_node *at = amount_place(entry, "at");
        check_limit(load, at, scale, cutoff->at);
        if (!divides(scale, cutoff->at))
            om_yaml_fail(&load->yaml, at, "Check the number, and \"higher_is\".",
                         "every score reaches this cut-off");
        if (cutoff->is_default && ++n_defaults == 2)
            om_yaml_fail(&load->yaml, om_yaml_find(entry, "default"), "Keep one of them.",
                         "two cut-offs are the default");
        if (cutoff->is_default)
            check_default(load, entry, &cutoff->source);
        if (cutoff->is_choice && !cutoff->source.note)
            om_yaml_fail(&load->yaml, om_yaml_find(entry, "choice"), "Add a source with a note.",
                         "a choice must say what it rests on");
    }
}

static void
check_thresholds(struct om_loader *load, const struct om_yaml_node *map, const struct om_scale *scale)
{
    size_t n_defaults[2] = {0, 0};
    for (size_t i = 0; i < scale->n_thresholds; i++) {
        const struct om_threshold *threshold = &scale->threshold[i];
        bool reliable = strcmp(threshold->kind, "reliable") == 0;
        const struct om_yaml_node *list =
            om_yaml_find(map, reliable ? "reliable_change" : "meaningful_change");
        const struct om_yaml_node *entry = om_yaml_find(list, threshold->id);
        double span = om_fraction_value(scale->maximum) - om_fraction_value(scale->minimum);
        if (threshold->points.num <= 0 || om_fraction_value(threshold->points) > span)
            om_yaml_fail(&load->yaml, amount_place(entry, "points"),
                         "Write the size of the change without a sign.",
                         "a change must be above 0 and at most %g points", span);
        if (threshold->is_default && ++n_defaults[reliable] == 2)
            om_yaml_fail(&load->yaml, om_yaml_find(entry, "default"), "Keep one of them.",
                         "two thresholds of this kind are the default");
        if (threshold->is_default)
            check_default(load, entry, &threshold->source);
    }
}

static void
check_remission(struct om_loader *load, const struct om_yaml_node *map, const struct om_scale *scale)
{
    const struct om_yaml_node *below = om_yaml_find(om_yaml_find(map, "remission"), "below");
    if (!scale->has_remission)
        return;
    if (scale->direction == OM_HIGHER_BETTER)
        om_yaml_fail(&load->yaml, below, "Leave \"remission\" out.",
                     "remission below a score has no meaning where higher is better");
    check_limit(load, below, scale, scale->remission_below);
    if (om_fraction_compare(scale->remission_below, scale->minimum) <= 0)
        om_yaml_fail(&load->yaml, below, NULL, "no score lies below this one");
}

/* --- norms --- */

static void
check_norm(struct om_loader *load, const struct om_yaml_node *entry, const struct om_scale *scale,
           const struct om_norm *norm)
{
    struct om_yaml *yaml = &load->yaml;
    double low = om_fraction_value(scale->minimum), high = om_fraction_value(scale->maximum);
    if (isnan(norm->mean) && isnan(norm->sd) && isnan(norm->reliability))
        om_yaml_fail(yaml, entry, "Add mean, sd or reliability.", "this norm says nothing");
    if (!isnan(norm->n) && (norm->n < 2 || norm->n != floor(norm->n)))
        om_yaml_fail(yaml, om_yaml_find(entry, "n"), NULL, "\"n\" must be a whole number of 2 or more");
    if (!isnan(norm->mean) && (norm->mean < low || norm->mean > high))
        om_yaml_fail(yaml, om_yaml_find(entry, "mean"), NULL,
                     "the mean lies outside the range of the scale, %g to %g", low, high);
    if (!isnan(norm->sd) && (norm->sd <= 0 || norm->sd > high - low))
        om_yaml_fail(yaml, om_yaml_find(entry, "sd"), NULL, "\"sd\" must be above 0 and at most %g",
                     high - low);
    if (!isnan(norm->reliability) && (norm->reliability <= 0 || norm->reliability >= 1))
        om_yaml_fail(yaml, om_yaml_find(entry, "reliability"), NULL,
                     "\"reliability\" must lie between 0 and 1");
    if (norm->kind != OM_NORM_OTHER && (isnan(norm->mean) || isnan(norm->sd)))
        om_yaml_fail(yaml, om_yaml_find(entry, "kind"), "Give both, or leave \"kind\" out.",
                     "a norm of a population to compare with needs mean and sd");
    if (isnan(norm->reliability) != !norm->reliability_kind)
        om_yaml_fail(yaml, entry, "Give both: \"reliability: 0.84\" and \"reliability_kind: test-retest\".",
                     "a reliability and its kind go together");
}

/* --- classes --- */

/* From the most to the least severe: each needs criteria but the last, and none that is positive may follow
 * one that is not. */
static void
check_classes(struct om_loader *load, const struct om_yaml_node *classes, const struct om_scale *scale)
{
    struct om_yaml *yaml = &load->yaml;
    if (scale->n_classes < 2)
        om_yaml_fail(yaml, classes, "The last one holds for everybody else.",
                     "a class scale needs two classes or more");
    for (size_t i = 0; i < scale->n_classes; i++) {
        const struct om_class *class_ = &scale->class_[i];
        const struct om_yaml_node *place = om_yaml_find(classes, class_->id)->key;
        bool last = i + 1 == scale->n_classes;
        if (last && class_->n_criteria)
            om_yaml_fail(yaml, place, "Add a class without \"requires\" behind it, such as \"none:\".",
                         "the last class must hold for everybody else, without criteria");
        if (!last && !class_->n_criteria)
            om_yaml_fail(yaml, place, "Add \"requires: [{at_least: 1}]\", or move it to the end.",
                         "the class \"%s\" has no criteria and would hold for everybody", class_->id);
        if (last && class_->positive)
            om_yaml_fail(yaml, place, "Leave out \"positive\".",
                         "the class of everybody else cannot be positive");
        if (class_->positive && i > 0 && !scale->class_[i - 1].positive)
            om_yaml_fail(yaml, place, "Make the more severe class positive too.",
                         "\"%s\" is positive, and the more severe \"%s\" is not", class_->id,
                         scale->class_[i - 1].id);
    }
}

void
om_check_scale(struct om_loader *load, const struct om_yaml_node *map, const struct om_scale *scale)
{
    check_keys(load, map, scale);
    check_endorsed(load, map, scale);
    check_range(load, map, scale);
    check_bands(load, map, scale);
    check_cutoffs(load, map, scale);
    check_thresholds(load, map, scale);
    check_remission(load, map, scale);
    for (size_t i = 0; i < scale->n_norms && load->yaml.status == OM_OK; i++)
        check_norm(load, om_yaml_find(om_yaml_find(map, "norms"), scale->norm[i].id), scale, &scale->norm[i]);
    if (load->yaml.status == OM_OK && scale->combine == OM_COMBINE_CLASS)
        check_classes(load, om_yaml_find(map, "classes"), scale);
}
