#include "instrument/load.h"
#include "base/error.h"
#include "base/memory.h"
#include "io/sha256.h"

#include <string.h>

bool
om_is_id(const char *text, bool digit_first)
{
    size_t n = strlen(text);
    bool letter = *text >= 'a' && *text <= 'z', digit = *text >= '0' && *text <= '9';
    return (letter || (digit_first && digit)) && n <= 32 &&
           strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_") == n;
}

char *
om_load_id(struct om_loader *load, const struct om_yaml_node *node, const char *what, bool digit_first)
{
    const char *id = om_yaml_text(&load->yaml, node);
    if (id && !om_is_id(id, digit_first)) {
        om_yaml_fail(&load->yaml, node,
                     digit_first ? "Use small letters a-z, digits and _, at most 32 of them."
                                 : "Use small letters a-z, digits and _, at most 32 of them, a letter first.",
                     "\"%.60s\" cannot be the id of %s %s", id, strchr("aeiou", *what) ? "an" : "a", what);
        return NULL;
    }
    return om_yaml_copy_text(&load->yaml, id);
}

char *
om_load_label(struct om_loader *load, const struct om_yaml_node *map, const char *id)
{
    const struct om_yaml_node *label = om_yaml_find(map, "label");
    if (label)
        return om_yaml_copy(&load->yaml, label);
    char *text = om_yaml_copy_text(&load->yaml, id);
    for (char *p = text; p && *p; p++)
        if (*p == '_')
            *p = ' ';
    return text;
}

struct om_fraction
om_load_amount(struct om_loader *load, const struct om_yaml_node *entry, const char *key)
{
    struct om_fraction value;
    const char *id = entry->key->text;
    if (!om_yaml_find(entry, key) && om_fraction_parse(id, strlen(id), &value))
        return value;
    return om_yaml_fraction(&load->yaml, om_yaml_get(&load->yaml, entry, key));
}

/* A text that may be left out: then what the parent says, or "". */
static char *
load_remark(struct om_loader *load, const struct om_yaml_node *root, const char *key, const char *inherited)
{
    const struct om_yaml_node *node = om_yaml_find(root, key);
    if (node)
        return om_yaml_copy(&load->yaml, node);
    return om_yaml_copy_text(&load->yaml, inherited ? inherited : "");
}

static void
load_identity(struct om_loader *load, const struct om_yaml_node *root)
{
    static const char *const keys[] = {"id",      "version",      "name",    "title",          "authors",
                                       "year",    "recall",       "license", "source",         "references",
                                       "items",   "derived_from", "answers", "not_applicable", "prefixes",
                                       "namings", "scales",       "safety",  "vectors"};
    struct om_yaml *yaml = &load->yaml;
    struct om_instrument *in = load->instrument;
    om_yaml_known_keys(yaml, root, keys, OM_COUNT(keys));
    in->id = om_load_id(load, om_yaml_get(yaml, root, "id"), "instrument", false);
    in->version = om_yaml_copy(yaml, om_yaml_get(yaml, root, "version"));
    in->name = om_yaml_copy(yaml, om_yaml_get(yaml, root, "name"));
    in->title = load_remark(load, root, "title", in->name);
    in->authors = load_remark(load, root, "authors", NULL);
    in->year = om_yaml_int(yaml, om_yaml_find(root, "year"), 1800, 2200);
    om_load_references(load, root);
    om_load_source(load, root, &in->source);
}

/* What a derived instrument shares with its parent unless it says otherwise. */
static void
load_terms(struct om_loader *load, const struct om_yaml_node *root)
{
    struct om_instrument *in = load->instrument;
    const struct om_instrument *parent = in->parent ? om_registry_find(load->known, in->parent) : NULL;
    in->recall = load_remark(load, root, "recall", parent ? parent->recall : NULL);
    in->license = load_remark(load, root, "license", parent ? parent->license : NULL);
}

static void
load_safety(struct om_loader *load, const struct om_yaml_node *root)
{
    static const char *const keys[] = {"item", "at_least", "label", "source"};
    struct om_yaml *yaml = &load->yaml;
    struct om_instrument *in = load->instrument;
    const struct om_yaml_node *all = om_yaml_mapping(yaml, om_yaml_find(root, "safety"));
    if (!all)
        return;
    in->safety = om_yaml_array(yaml, all->n, sizeof *in->safety);
    om_yaml_each(entry, all)
    {
        if (yaml->status != OM_OK)
            return;
        struct om_safety *safety = &in->safety[in->n_safety++];
        om_yaml_known_keys(yaml, entry, keys, OM_COUNT(keys));
        safety->scale = om_yaml_copy(yaml, entry->key);
        const struct om_yaml_node *item = om_yaml_get(yaml, entry, "item");
        const char *id = om_yaml_text(yaml, item);
        safety->item = id ? om_load_item(load, item, id) : 0;
        safety->at_least = om_yaml_int(yaml, om_yaml_get(yaml, entry, "at_least"), 0, OM_CODE_MAX);
        if (om_yaml_find(entry, "label"))
            safety->label = om_yaml_copy(yaml, om_yaml_find(entry, "label"));
        else
            safety->label = om_yaml_copy_text(yaml, in->item[safety->item].label);
        om_load_source(load, entry, &safety->source);
    }
}

om_status
om_instrument_load(const struct om_registry *known, const char *name, const char *text, size_t length,
                   struct om_instrument **out, struct om_error *err)
{
    struct om_loader load = {.known = known};
    om_status status = om_yaml_parse(&load.yaml, name, text, length, err);
    if (status != OM_OK)
        return status;
    const struct om_yaml_node *root = load.yaml.root;
    load.instrument = om_yaml_array(&load.yaml, 1, sizeof *load.instrument);
    if (!load.instrument)
        goto cleanup;
    /* Each part may rely on those before it; a failure shows before the next one is tried. */
    void (*const part[])(struct om_loader *, const struct om_yaml_node *) = {
        load_identity,  om_load_items, load_terms,      om_load_answers,     om_load_columns,
        om_load_scales, load_safety,   om_load_vectors, om_check_instrument,
    };
    for (size_t i = 0; i < OM_COUNT(part) && load.yaml.status == OM_OK; i++)
        part[i](&load, root);
cleanup:
    status = load.yaml.status;
    if (status == OM_OK)
        status = om_sha256_text(text, length, load.instrument->sha256, err);
    if (status == OM_OK)
        *out = load.instrument;
    else
        om_instrument_free(load.instrument);
    om_yaml_release(&load.yaml);
    return status;
}
