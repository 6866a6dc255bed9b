#include "instrument_text.h"

#include "fill.h"
#include "line.h"

#include <math.h>
#include <string.h>

static const char *
combine_words(enum om_combine combine)
{
    switch (combine) {
    case OM_COMBINE_SUM:
        return "sum of the codes";
    case OM_COMBINE_MEAN:
        return "mean of the codes";
    case OM_COMBINE_PERCENT:
        return "percentage of the greatest possible sum";
    case OM_COMBINE_COUNT:
        return "number of items endorsed";
    case OM_COMBINE_TOTAL:
        return "arrives as a number";
    case OM_COMBINE_CLASS:
        return "first class whose criteria all hold";
    }
    return "";
}

/* "1-8 at 2 or more, 9 at 1 or more": items by the code at which they are endorsed. */
static void
add_endorsement(struct om_line *line, const struct om_instrument *instrument, const struct om_scale *scale)
{
    const char *gap = "";
    for (int code = instrument->minimum; code <= instrument->maximum; code++) {
        uint64_t items = 0;
        for (size_t i = 0; i < instrument->n_items; i++)
            if (scale->items >> i & 1 && scale->endorsed[i] == code)
                items |= UINT64_C(1) << i;
        if (!items)
            continue;
        om_line_add(line, "%s", gap);
        om_line_items(line, instrument, items);
        om_line_add(line, " at %d or more", code);
        gap = "; ";
    }
}

static void
put_making(FILE *stream, const struct om_instrument *instrument, const struct om_scale *scale)
{
    struct om_line items = {0}, range = {0}, missing = {0};
    om_line_items(&items, instrument, scale->items);
    om_put_fact(stream, "items", items.text);
    om_put_fact(stream, "score", combine_words(scale->combine));
    if (scale->combine == OM_COMBINE_COUNT || scale->combine == OM_COMBINE_CLASS) {
        struct om_line endorsed = {0};
        add_endorsement(&endorsed, instrument, scale);
        om_put_fact(stream, "endorsed", endorsed.text);
    } else {
        om_line_fraction(&range, scale->minimum);
        om_line_add(&range, " to ");
        om_line_fraction(&range, scale->maximum);
        om_line_add(&range, ", higher is %s%s", scale->direction == OM_HIGHER_WORSE ? "worse" : "better",
                    scale->rounding == OM_ROUND_HALF_UP ? "; rounded half up before bands and cut-offs" : "");
        om_put_fact(stream, "range", range.text);
    }
    if (scale->combine == OM_COMBINE_TOTAL)
        return;
    om_line_add(&missing, "every item must be answered%s", instrument->has_na ? " or not apply" : "");
    if (scale->max_blank)
        om_line_add(&missing, "; when prorating, %d of %zu may be blank", scale->max_blank, scale->n_items);
    if (scale->min_answered > 1)
        om_line_add(&missing, "; at least %d answered", scale->min_answered);
    om_line_source(&missing, &scale->missing_source);
    om_put_fact(stream, "missing", missing.text);
}

/* The heading of a list, with its source. */
static void
put_heading(FILE *stream, const char *heading, const struct om_source *source)
{
    struct om_line line = {0};
    om_line_source(&line, source);
    om_fill_entry(stream, OM_LINE_MARGIN, heading, line.text, OM_LINE_FACT);
}

static void
put_classes(FILE *stream, const struct om_instrument *instrument, const struct om_scale *scale)
{
    for (size_t i = 0; i < scale->n_classes; i++) {
        const struct om_class *class_ = &scale->class_[i];
        struct om_line line = {0};
        om_line_add(&line, "%s%s", class_->label ? class_->label : class_->id,
                    class_->positive ? " (positive)" : "");
        for (size_t j = 0; j < class_->n_criteria; j++) {
            om_line_add(&line, "%sat least %d of items ", j ? ", " : ": ", class_->criterion[j].at_least);
            om_line_items(&line, instrument, class_->criterion[j].items);
        }
        if (class_->n_criteria == 0)
            om_line_add(&line, ": all others");
        om_fill_entry(stream, OM_LINE_MARGIN + 2, class_->id, line.text, OM_LINE_ENTRY);
    }
}

static void
put_bands(FILE *stream, const struct om_scale *scale)
{
    if (!scale->n_bands)
        return;
    put_heading(stream, "bands", &scale->band_source);
    for (size_t i = 0; i < scale->n_bands; i++) {
        struct om_line line = {0};
        om_line_add(&line, "from ");
        om_line_fraction(&line, scale->band[i].from);
        if (scale->band[i].label)
            om_line_add(&line, ": %s", scale->band[i].label);
        om_fill_entry(stream, OM_LINE_MARGIN + 2, scale->band[i].id, line.text, OM_LINE_ENTRY);
    }
}

static void
put_cutoffs(FILE *stream, const struct om_scale *scale)
{
    for (size_t i = 0; i < scale->n_cutoffs; i++) {
        const struct om_cutoff *cutoff = &scale->cutoff[i];
        struct om_line line = {0};
        om_line_add(&line, "positive at ");
        om_line_fraction(&line, cutoff->at);
        om_line_add(&line, " or %s%s%s", scale->direction == OM_HIGHER_WORSE ? "more" : "less",
                    cutoff->is_default ? " (default)" : "",
                    cutoff->is_choice ? " (a choice, not published)" : "");
        if (cutoff->label && !strstr(line.text, cutoff->label)) /* the usual label says the same */
            om_line_add(&line, ": %s", cutoff->label);
        om_line_source(&line, &cutoff->source);
        om_put_fact(stream, "cut-off", line.text);
    }
}

static void
put_thresholds(FILE *stream, const struct om_scale *scale)
{
    for (size_t i = 0; i < scale->n_thresholds; i++) {
        const struct om_threshold *threshold = &scale->threshold[i];
        struct om_line line = {0};
        om_line_add(&line, "%s: %s at ", threshold->id, threshold->kind);
        om_line_fraction(&line, threshold->points);
        om_line_add(&line, " points or more%s", threshold->is_default ? " (default)" : "");
        if (threshold->label)
            om_line_add(&line, ": %s", threshold->label);
        om_line_source(&line, &threshold->source);
        om_put_fact(stream, "change", line.text);
    }
    if (scale->has_remission) {
        struct om_line line = {0};
        om_line_add(&line, "below ");
        om_line_fraction(&line, scale->remission_below);
        om_line_source(&line, &scale->remission_source);
        om_put_fact(stream, "remission", line.text);
    }
}

static void
put_joint_rules(FILE *stream, const struct om_scale *scale)
{
    for (size_t i = 0; i < scale->n_joint_rules; i++) {
        const struct om_joint_rule *rule = &scale->joint_rule[i];
        struct om_line line = {0};
        om_line_add(&line, "%s: a case at ", rule->id);
        om_line_fraction(&line, rule->caseness);
        om_line_add(&line, " or %s, reliable change from ",
                    scale->direction == OM_HIGHER_WORSE ? "more" : "less");
        om_line_fraction(&line, rule->points);
        om_line_add(&line, " points");
        om_line_source(&line, &rule->source);
        om_put_fact(stream, "joint rule", line.text);
    }
}

static void
put_norms(FILE *stream, const struct om_scale *scale)
{
    for (size_t i = 0; i < scale->n_norms; i++) {
        const struct om_norm *norm = &scale->norm[i];
        struct om_line line = {0};
        om_line_add(&line, "%s", norm->id);
        if (norm->population)
            om_line_add(&line, ": %s", norm->population);
        if (norm->kind != OM_NORM_OTHER)
            om_line_add(&line, "; the %s population",
                        norm->kind == OM_NORM_CLINICAL ? "clinical" : "functional");
        if (!isnan(norm->n))
            om_line_add(&line, "; n %.10g", norm->n);
        if (!isnan(norm->mean))
            om_line_add(&line, "; mean %.10g", norm->mean);
        if (!isnan(norm->sd))
            om_line_add(&line, "; SD %.10g", norm->sd);
        if (!isnan(norm->reliability))
            om_line_add(&line, "; %s %.10g", norm->reliability_kind ? norm->reliability_kind : "reliability",
                        norm->reliability);
        om_line_source(&line, &norm->source);
        om_put_fact(stream, "norm", line.text);
    }
}

void
om_put_scale(FILE *stream, const struct om_instrument *instrument, const struct om_scale *scale)
{
    fprintf(stream, "\nScale %s%s", scale->id, scale->label ? ": " : "");
    om_put_safe(stream, scale->label ? scale->label : "");
    fputc('\n', stream);
    put_making(stream, instrument, scale);
    if (scale->combine == OM_COMBINE_CLASS) { /* its bands are its classes */
        put_heading(stream, "classes", &scale->band_source);
        put_classes(stream, instrument, scale);
    } else {
        put_bands(stream, scale);
        put_cutoffs(stream, scale);
    }
    put_thresholds(stream, scale);
    put_joint_rules(stream, scale);
    put_norms(stream, scale);
}
