/* The keys that say what is in the panel: columns, occasions, inputs. */
#include "analysis/keys.h"
#include "base/error.h"
#include "base/memory.h"

#include <string.h>

om_status
om_key_id(struct om_study *study, const char *target, const struct om_texts *values, struct om_error *err)
{
    (void)target;
    return om_key_copy(&study->panel.id, values->at[0], err);
}

om_status
om_key_by(struct om_study *study, const char *target, const struct om_texts *values, struct om_error *err)
{
    (void)target;
    for (size_t i = 0; i < values->n; i++)
        if (!*values->at[i])
            return om_fail_key(err, "by", "give the names of columns, separated by commas");
    for (size_t i = 0; i < values->n; i++) {
        if (om_texts_find(&study->panel.by, values->at[i]) >= 0)
            continue; /* a study file and the command line may both name it */
        if (study->panel.by.n == OM_GROUPING_MAX)
            return om_fail_key(err, "by", "at most 16 columns");
        OM_TRY(om_texts_add(&study->panel.by, values->at[i], strlen(values->at[i]), err));
    }
    return OM_OK;
}

static om_status
add_input(struct om_study *study, const char *occasion, const char *path, struct om_error *err)
{
    struct om_panel_spec *panel = &study->panel;
    if (!om_grow(&panel->input, &panel->input_capacity, panel->n_inputs, sizeof *panel->input))
        return om_fail_memory(err);
    struct om_panel_input *input = &panel->input[panel->n_inputs++];
    *input = (struct om_panel_input){0};
    OM_TRY(om_key_copy(&input->path, path, err));
    return occasion ? om_key_copy(&input->occasion, occasion, err) : OM_OK;
}

om_status
om_key_occasion(struct om_study *study, const char *target, const struct om_texts *values,
                struct om_error *err)
{
    if (!target || !*target || !*values->at[0])
        return om_fail_key(err, "occasion", "write NAME=FILE, for example pre=wave1.csv");
    return add_input(study, target, values->at[0], err);
}

om_status
om_key_input(struct om_study *study, const char *target, const struct om_texts *values, struct om_error *err)
{
    (void)target;
    for (size_t i = 0; i < values->n; i++)
        OM_TRY(add_input(study, NULL, values->at[i], err));
    return OM_OK;
}

om_status
om_key_occasion_column(struct om_study *study, const char *target, const struct om_texts *values,
                       struct om_error *err)
{
    (void)target;
    return om_key_copy(&study->panel.occasion_column, values->at[0], err);
}

om_status
om_key_occasions(struct om_study *study, const char *target, const struct om_texts *values,
                 struct om_error *err)
{
    (void)target;
    om_texts_release(&study->panel.occasions);
    for (size_t i = 0; i < values->n; i++)
        if (!*values->at[i] || om_texts_find(&study->panel.occasions, values->at[i]) >= 0)
            return om_fail_key(err, "occasions",
                               "name the first and the last occasion, for example pre,post");
        else
            OM_TRY(om_texts_add(&study->panel.occasions, values->at[i], strlen(values->at[i]), err));
    return OM_OK;
}

om_status
om_key_layout(struct om_study *study, const char *target, const struct om_texts *values, struct om_error *err)
{
    (void)target;
    static const char *const words[] = {"auto", "wide", "long"};
    int which;
    OM_TRY(om_key_choose(values, "layout", words, 3, &which, err));
    study->panel.layout = (enum om_layout)which;
    return OM_OK;
}

/* INSTRUMENT=PATTERN, INSTRUMENT=COLUMN,COLUMN,...; INSTRUMENT@OCCASION= for one occasion. */
om_status
om_key_map(struct om_study *study, const char *target, const struct om_texts *values, struct om_error *err)
{
    struct om_panel_spec *panel = &study->panel;
    if (!target || !*target || !*values->at[0])
        return om_fail_key(err, "map",
                           "write phq9='PATTERN with {item} and perhaps {occasion}' or "
                           "phq9=COLUMN,COLUMN,... in item order");
    if (!om_grow(&panel->map, &panel->map_capacity, panel->n_maps, sizeof *panel->map))
        return om_fail_memory(err);
    struct om_panel_map *map = &panel->map[panel->n_maps++];
    *map = (struct om_panel_map){0};
    size_t name = strcspn(target, "@");
    map->instrument = om_strndup(target, name);
    if (!map->instrument)
        return om_fail_memory(err);
    if (target[name])
        OM_TRY(om_key_copy(&map->occasion, target + name + 1, err));
    if (values->n == 1 && strstr(values->at[0], "{item}"))
        return om_key_copy(&map->pattern, values->at[0], err);
    return om_texts_add_all(&map->columns, values, err);
}

om_status
om_key_delimiter(struct om_study *study, const char *target, const struct om_texts *values,
                 struct om_error *err)
{
    (void)target;
    static const struct {
        const char *word;
        char byte;
    } known[] = {{"comma", ','}, {"semicolon", ';'}, {"tab", '\t'}, {"\\t", '\t'}, {"pipe", '|'}};
    const char *text = values->at[0];
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strcmp(text, known[i].word) == 0) {
            study->panel.delimiter = known[i].byte;
            return OM_OK;
        }
    if (strlen(text) != 1 || strchr("\"\r\n", *text) || (unsigned char)*text >= 0x80)
        return om_fail_key(err, "delimiter", "possible: comma, semicolon, tab, pipe, or one character");
    study->panel.delimiter = *text;
    return OM_OK;
}

om_status
om_key_duplicates(struct om_study *study, const char *target, const struct om_texts *values,
                  struct om_error *err)
{
    (void)target;
    static const char *const words[] = {"error", "first", "last", "reject-all"};
    int which;
    OM_TRY(om_key_choose(values, "duplicates", words, 4, &which, err));
    study->panel.duplicates = (enum om_duplicates)which;
    return OM_OK;
}

om_status
om_key_max_groups(struct om_study *study, const char *target, const struct om_texts *values,
                  struct om_error *err)
{
    (void)target;
    int32_t n;
    if (om_integer_parse(values->at[0], strlen(values->at[0]), &n) != 1 || n < 1)
        return om_fail_key(err, "max-groups", "a whole number, 1 or more");
    study->panel.max_groups = (size_t)n;
    return OM_OK;
}

om_status
om_key_instrument(struct om_study *study, const char *target, const struct om_texts *values,
                  struct om_error *err)
{
    (void)target;
    for (size_t i = 0; i < values->n; i++) {
        const struct om_instrument *added;
        OM_TRY(om_registry_add_file(study->registry, values->at[i], &added, err));
        OM_TRY(om_settings_add_source(&study->set, "instrument", values->at[i], added->sha256, err));
    }
    return OM_OK;
}
