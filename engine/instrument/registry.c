/* The instruments a run knows, in the order they came; a later one of the same id takes the earlier one's
 * place. */
#include <omstat/instrument.h>
#include "instrument/builtin.h"
#include "instrument/load.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/memory.h"

#include <string.h>

struct entry {
    const struct om_instrument *instrument;
    struct om_instrument *own; /* the same; NULL when it is compiled in */
};

struct om_registry {
    struct entry *entry;
    size_t n, capacity;
};

/* Puts an instrument in a place, or behind the last one. False without memory. */
static bool
put_at(struct om_registry *registry, size_t place, struct entry entry)
{
    if (place < registry->n)
        om_instrument_free(registry->entry[place].own);
    else if (!om_grow(&registry->entry, &registry->capacity, registry->n, sizeof *registry->entry))
        return false;
    else
        registry->n++;
    registry->entry[place] = entry;
    return true;
}

om_status
om_registry_new(struct om_registry **out, struct om_error *err)
{
    struct om_registry *registry = om_calloc(1, sizeof *registry);
    if (!registry)
        return om_fail_memory(err);
    for (size_t i = 0; i < om_builtin_instruments; i++)
        if (!put_at(registry, i, (struct entry){.instrument = &om_builtin_instrument[i]})) {
            om_registry_free(registry);
            return om_fail_memory(err);
        }
    *out = registry;
    return OM_OK;
}

void
om_registry_free(struct om_registry *registry)
{
    if (!registry)
        return;
    for (size_t i = 0; i < registry->n; i++)
        om_instrument_free(registry->entry[i].own);
    om_free(registry->entry);
    om_free(registry);
}

size_t
om_registry_count(const struct om_registry *registry)
{
    return registry->n;
}

const struct om_instrument *
om_registry_at(const struct om_registry *registry, size_t index)
{
    return index < registry->n ? registry->entry[index].instrument : NULL;
}

/* The place of an id, or n. */
static size_t
place_of(const struct om_registry *registry, const char *id)
{
    size_t i = 0;
    while (i < registry->n && strcmp(registry->entry[i].instrument->id, id) != 0)
        i++;
    return i;
}

const struct om_instrument *
om_registry_find(const struct om_registry *registry, const char *id)
{
    return om_registry_at(registry, place_of(registry, id));
}

/* Does the child find the items it was derived from, with the same codes, in this parent? */
static bool
still_fits(const struct om_instrument *child, const struct om_instrument *parent)
{
    if (memcmp(child->allowed, parent->allowed, sizeof child->allowed) != 0 ||
        child->has_na != parent->has_na)
        return false;
    for (size_t i = 0; i < child->n_items; i++) {
        size_t from = child->parent_item[i];
        if (from >= parent->n_items || strcmp(child->item[i].id, parent->item[from].id) != 0 ||
            child->item[i].reversed != parent->item[from].reversed)
            return false;
    }
    return true;
}

/* Instruments derived from this one read its columns: a replacement must not pull them from under their feet.
 */
static om_status
check_children(const struct om_registry *registry, const struct om_instrument *replacement, const char *name,
               struct om_error *err)
{
    for (size_t i = 0; i < registry->n; i++) {
        const struct om_instrument *child = registry->entry[i].instrument;
        if (!child->parent || strcmp(child->parent, replacement->id) != 0 || still_fits(child, replacement))
            continue;
        om_fail(err, OM_ERR_DEFINITION,
                "\"%s\" is derived from \"%s\" and does not find its items with the same codes here",
                child->id, replacement->id);
        om_place(err, name, 0, 0);
        om_hint(err, "Give this definition an id of its own.");
        return OM_ERR_DEFINITION;
    }
    return OM_OK;
}

om_status
om_registry_add_text(struct om_registry *registry, const char *name, const char *text, size_t length,
                     const struct om_instrument **out, struct om_error *err)
{
    struct om_instrument *instrument = NULL;
    OM_TRY(om_instrument_load(registry, name, text, length, &instrument, err));
    size_t place = place_of(registry, instrument->id);
    om_status status = check_children(registry, instrument, name, err);
    if (status == OM_OK && !put_at(registry, place, (struct entry){instrument, instrument}))
        status = om_fail_memory(err);
    if (status != OM_OK) {
        om_instrument_free(instrument);
        return status;
    }
    if (out)
        *out = instrument;
    return OM_OK;
}

/* A definition as short as can be. */
static om_status
add_bare_total(struct om_registry *registry, const struct om_total_spec *spec, struct om_error *err)
{
    struct om_buffer text = OM_BUFFER_EMPTY;
    om_buffer_format(&text, "id: %s\nversion: given\nname: %s\nscales:\n  total:\n    combine: total\n",
                     spec->id, spec->id);
    om_buffer_format(&text, "    higher_is: %s\n", spec->direction == OM_HIGHER_BETTER ? "better" : "worse");
    if (spec->low) {
        om_buffer_text(&text, "    range: [");
        om_buffer_double(&text, om_fraction_value(*spec->low));
        om_buffer_text(&text, ", ");
        om_buffer_double(&text, om_fraction_value(*spec->high));
        om_buffer_text(&text, "]\n");
    }
    om_status status =
        om_buffer_ok(&text)
            ? om_registry_add_text(registry, "--scale", om_buffer_string(&text), text.length, NULL, err)
            : om_fail_memory(err);
    om_buffer_release(&text);
    return status;
}

/* An instrument that is compiled in is loaded once more where it has to change. */
static om_status
make_own(struct om_registry *registry, struct entry *entry, struct om_error *err)
{
    for (size_t i = 0; i < om_builtin_table_size && !entry->own; i++) {
        const struct om_builtin *builtin = &om_builtin_table[i];
        if (strcmp(builtin->id, entry->instrument->id) == 0)
            OM_TRY(
                om_instrument_load(registry, builtin->id, builtin->text, builtin->length, &entry->own, err));
    }
    entry->instrument = entry->own;
    return OM_OK;
}

om_status
om_registry_add_total(struct om_registry *registry, const struct om_total_spec *spec, struct om_error *err)
{
    if (!om_is_id(spec->id, false)) {
        om_fail(err, OM_ERR_USAGE, "this cannot be the name of a scale");
        om_hint(err, "small letters, digits and _, at most 32 of them, a letter first");
        return OM_ERR_USAGE;
    }
    size_t place = place_of(registry, spec->id);
    if (place == registry->n)
        return add_bare_total(registry, spec, err);
    struct entry *entry = &registry->entry[place];
    enum om_combine combine = entry->instrument->scale[0].combine;
    if (combine == OM_COMBINE_CLASS || combine == OM_COMBINE_COUNT) {
        om_fail(err, OM_ERR_DEFINITION, "the first scale of %s is no score that could arrive as a total",
                entry->instrument->name);
        om_hint(err, "give the scale another name");
        return OM_ERR_DEFINITION;
    }
    if (combine == OM_COMBINE_TOTAL)
        return OM_OK;
    OM_TRY(make_own(registry, entry, err));
    om_instrument_keep_total(entry->own);
    return OM_OK;
}

om_status
om_registry_add_file(struct om_registry *registry, const char *path, const struct om_instrument **out,
                     struct om_error *err)
{
    struct om_buffer bytes = OM_BUFFER_EMPTY;
    om_status status = om_yaml_read_file(path, &bytes, err);
    if (status == OM_OK)
        status = om_registry_add_text(registry, path, om_buffer_string(&bytes), bytes.length, out, err);
    om_buffer_release(&bytes);
    return status;
}
