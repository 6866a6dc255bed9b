/* Questions to a loaded definition, and its end. */
#include <omstat/instrument.h>
#include "instrument/load.h"
#include "base/memory.h"

#include <string.h>

const struct om_scale *
om_instrument_scale(const struct om_instrument *instrument, const char *id)
{
    for (size_t i = 0; i < instrument->n_scales; i++)
        if (strcmp(instrument->scale[i].id, id) == 0)
            return &instrument->scale[i];
    return NULL;
}

const struct om_cutoff *
om_scale_default_cutoff(const struct om_scale *scale)
{
    for (size_t i = 0; i < scale->n_cutoffs; i++)
        if (scale->cutoff[i].is_default)
            return &scale->cutoff[i];
    return NULL;
}

int
om_instrument_item(const struct om_instrument *instrument, const char *id)
{
    for (size_t i = 0; i < instrument->n_items; i++)
        if (instrument->item[i].id && strcmp(instrument->item[i].id, id) == 0)
            return (int)i;
    return -1;
}

static void
free_list(char **list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        om_free(list[i]);
    om_free(list);
}

static void
free_classes(struct om_scale *scale)
{
    for (size_t i = 0; i < scale->n_classes; i++) {
        om_free(scale->class_[i].id);
        om_free(scale->class_[i].label);
        om_free(scale->class_[i].criterion);
    }
    om_free(scale->class_);
}

static void
free_limits(struct om_scale *scale)
{
    for (size_t i = 0; i < scale->n_bands; i++) {
        om_free(scale->band[i].id);
        om_free(scale->band[i].label);
    }
    for (size_t i = 0; i < scale->n_cutoffs; i++) {
        om_free(scale->cutoff[i].id);
        om_free(scale->cutoff[i].label);
        om_source_release(&scale->cutoff[i].source);
    }
    om_free(scale->band);
    om_free(scale->cutoff);
}

static void
free_change(struct om_scale *scale)
{
    for (size_t i = 0; i < scale->n_thresholds; i++) {
        om_free(scale->threshold[i].id);
        om_free(scale->threshold[i].kind);
        om_free(scale->threshold[i].label);
        om_source_release(&scale->threshold[i].source);
    }
    for (size_t i = 0; i < scale->n_norms; i++) {
        om_free(scale->norm[i].id);
        om_free(scale->norm[i].population);
        om_free(scale->norm[i].reliability_kind);
        om_source_release(&scale->norm[i].source);
    }
    for (size_t i = 0; i < scale->n_joint_rules; i++) {
        om_free(scale->joint_rule[i].id);
        om_source_release(&scale->joint_rule[i].source);
    }
    om_free(scale->threshold);
    om_free(scale->joint_rule);
    om_free(scale->norm);
}

static void
free_scale(struct om_scale *scale)
{
    free_classes(scale);
    free_limits(scale);
    free_change(scale);
    om_free(scale->id);
    om_free(scale->label);
    om_source_release(&scale->missing_source);
    om_source_release(&scale->band_source);
    om_source_release(&scale->remission_source);
}

static void
free_namings(struct om_instrument *in)
{
    for (size_t i = 0; i < in->n_namings; i++) {
        struct om_naming *naming = &in->naming[i];
        om_free(naming->name);
        free_list(naming->column, naming->column ? om_instrument_columns(in) : 0);
        free_list(naming->missing, naming->n_missing);
        free_list(naming->declined, naming->n_declined);
        om_source_release(&naming->source);
    }
    om_free(in->naming);
}

static void
free_items(struct om_instrument *in)
{
    for (size_t i = 0; i < in->n_items; i++) {
        om_free(in->item[i].id);
        om_free(in->item[i].label);
    }
}

static void
free_answers(struct om_instrument *in)
{
    for (size_t i = 0; i < in->n_answers; i++)
        free_list(in->answer[i].label, in->answer[i].n_labels);
    om_free(in->answer);
    free_list(in->na_label, in->n_na_labels);
}

static void
free_vectors(struct om_instrument *in)
{
    for (size_t i = 0; i < in->n_vectors; i++) {
        struct om_vector *vector = &in->vector[i];
        for (size_t j = 0; j < vector->n_expect; j++) {
            om_free(vector->expect[j].scale);
            om_free(vector->expect[j].band);
            om_free(vector->expect[j].cutoff);
        }
        om_free(vector->expect);
        om_free(vector->name);
    }
    om_free(in->vector);
}

static void
free_safety(struct om_instrument *in)
{
    for (size_t i = 0; i < in->n_safety; i++) {
        om_free(in->safety[i].scale);
        om_free(in->safety[i].label);
        om_source_release(&in->safety[i].source);
    }
    om_free(in->safety);
}

void
om_instrument_keep_total(struct om_instrument *in)
{
    struct om_scale *scale = &in->scale[0];
    free_namings(in);
    free_answers(in);
    free_items(in);
    free_safety(in);
    free_vectors(in);
    for (size_t i = 1; i < in->n_scales; i++)
        free_scale(&in->scale[i]);
    memset(in->item, 0, sizeof in->item);
    memset(in->allowed, 0, sizeof in->allowed);
    in->answer = NULL;
    in->naming = NULL;
    in->na_label = NULL;
    in->safety = NULL;
    in->vector = NULL;
    in->n_items = in->n_answers = in->n_namings = in->n_na_labels = in->n_safety = in->n_vectors = 0;
    in->has_na = false;
    in->n_scales = 1;
    scale->combine = OM_COMBINE_TOTAL;
    scale->items = 0;
    scale->n_items = 0;
    scale->max_blank = 0;
}

void
om_instrument_free(struct om_instrument *in)
{
    if (!in)
        return;
    char *texts[] = {in->id,      in->version, in->name,    in->title,
                     in->authors, in->recall,  in->license, in->parent};
    for (size_t i = 0; i < OM_COUNT(texts); i++)
        om_free(texts[i]);
    om_source_release(&in->source);
    free_namings(in);
    free_answers(in);
    free_items(in);
    for (size_t i = 0; i < in->n_scales; i++)
        free_scale(&in->scale[i]);
    om_free(in->scale);
    free_safety(in);
    free_vectors(in);
    free_list(in->prefix, in->n_prefixes);
    om_free(in);
}
