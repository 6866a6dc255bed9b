/* The key `scale`: a score that arrives as a total. NAME:COLUMN[:better=higher|lower][:range=LOW..HIGH] */
#include "analysis/keys.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/number.h"

#include <string.h>

static om_status
fail_scale(struct om_error *err)
{
    om_fail(err, OM_ERR_USAGE, "scale: this value is not possible");
    om_hint(err, "write NAME:COLUMN, and if need be :better=higher and :range=LOW..HIGH, for example "
                 "who5:who_{occasion}:better=higher:range=0..100");
    return OM_ERR_USAGE;
}

struct parts {
    const char *name, *column;
    enum om_direction direction;
    struct om_fraction low, high;
    bool has_range;
};

static bool
read_range(const char *text, struct parts *parts)
{
    const char *dots = strstr(text, "..");
    parts->has_range = dots && om_fraction_parse(text, (size_t)(dots - text), &parts->low) &&
                       om_fraction_parse(dots + 2, strlen(dots + 2), &parts->high) &&
                       om_fraction_compare(parts->low, parts->high) < 0;
    return parts->has_range;
}

/* Takes the words behind the column off the end of text, from the last one on; what is left is NAME:COLUMN.
 */
static bool
read_parts(char *text, struct parts *parts)
{
    *parts = (struct parts){.name = text};
    for (char *colon = strrchr(text, ':'); colon && colon != strchr(text, ':'); colon = strrchr(text, ':')) {
        const char *word = colon + 1;
        if (strcmp(word, "better=higher") == 0)
            parts->direction = OM_HIGHER_BETTER;
        else if (strncmp(word, "range=", 6) == 0 && !read_range(word + 6, parts))
            return false;
        else if (strncmp(word, "better=", 7) == 0 && strcmp(word, "better=lower") != 0)
            return false;
        else if (strncmp(word, "range=", 6) != 0 && strncmp(word, "better=", 7) != 0)
            break; /* the column has a colon in its name */
        *colon = '\0';
    }
    char *colon = strchr(text, ':');
    if (!colon || !colon[1])
        return false;
    *colon = '\0';
    parts->column = colon + 1;
    return true;
}

static om_status
add_map(struct om_panel_spec *panel, const struct parts *parts, struct om_error *err)
{
    if (!om_grow(&panel->map, &panel->map_capacity, panel->n_maps, sizeof *panel->map))
        return om_fail_memory(err);
    struct om_panel_map *map = &panel->map[panel->n_maps++];
    *map = (struct om_panel_map){.instrument = om_strdup(parts->name), .pattern = om_strdup(parts->column)};
    return map->instrument && map->pattern ? OM_OK : om_fail_memory(err);
}

static om_status
add_total(struct om_registry *registry, const struct parts *parts, struct om_error *err)
{
    struct om_total_spec total = {.id = parts->name,
                                  .direction = parts->direction,
                                  .low = parts->has_range ? &parts->low : NULL,
                                  .high = parts->has_range ? &parts->high : NULL};
    return om_registry_add_total(registry, &total, err);
}

static om_status
add_scale(struct om_study *study, char *text, struct om_error *err)
{
    struct parts parts;
    if (!read_parts(text, &parts))
        return fail_scale(err);
    OM_TRY(add_total(study->registry, &parts, err));
    return add_map(&study->panel, &parts, err);
}

om_status
om_study_add_totals(struct om_registry *registry, const char *value, struct om_error *err)
{
    struct om_texts scales = {0};
    char *target; /* the key takes none */
    om_status status = om_setting_parse(om_key_find("scale"), value, &target, &scales, err);
    for (size_t i = 0; i < scales.n && status == OM_OK; i++) {
        struct parts parts;
        if (!read_parts(scales.at[i], &parts)) {
            status = fail_scale(err);
            break;
        }
        const struct om_instrument *known = om_registry_find(registry, parts.name);
        if (!known || !om_instrument_is_total(known))
            status = add_total(registry, &parts, err);
    }
    om_texts_release(&scales);
    return status;
}

om_status
om_key_scale(struct om_study *study, const char *target, const struct om_texts *values, struct om_error *err)
{
    (void)target;
    for (size_t i = 0; i < values->n; i++) {
        char *text = om_strdup(values->at[i]);
        if (!text)
            return om_fail_memory(err);
        om_status status = add_scale(study, text, err);
        om_free(text);
        if (status != OM_OK)
            return status;
    }
    return OM_OK;
}
