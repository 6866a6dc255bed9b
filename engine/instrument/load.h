/*
 * A definition (YAML, docs/formats/instrument.md) into a struct om_instrument.
 *
 * load.c reads the instrument itself, load_source.c where facts come from, load_items.c items, answers and
 * column names, load_scale.c scales with load_class.c and load_change.c, load_vector.c worked examples. They
 * check what one value can tell by itself; check.c and check_scale.c check how the values fit together.
 */
#ifndef OM_INSTRUMENT_LOAD_H
#define OM_INSTRUMENT_LOAD_H

#include <omstat/instrument.h>
#include "io/yaml.h"

#define OM_COUNT(array) (sizeof(array) / sizeof(array)[0])

struct om_loader {
    struct om_yaml yaml;
    const struct om_registry *known; /* where a parent is looked up; NULL: nowhere */
    const struct om_yaml_node *references;
    struct om_instrument *instrument;
};

/* Loads and checks. On success the caller owns *out. Errors: OM_ERR_DEFINITION, OM_ERR_NOMEM. */
om_status om_instrument_load(const struct om_registry *known, const char *name, const char *text,
                             size_t length, struct om_instrument **out, struct om_error *err) OM_NODISCARD;
void om_instrument_free(struct om_instrument *instrument); /* accepts NULL and what is loaded half way */

/* --- parts; all report through load->yaml --- */

/* An id that becomes a column name or a name in results: ^[a-z][a-z0-9_]{0,31}$, for an item and for what is
 * named after a value (a cut-off "33") also beginning with a digit. */
bool om_is_id(const char *text, bool digit_first);
/* The node as such an id, copied. */
char *om_load_id(struct om_loader *load, const struct om_yaml_node *node, const char *what, bool digit_first);
/* The key's text with blanks for underscores, or `label` when the mapping gives one. */
char *om_load_label(struct om_loader *load, const struct om_yaml_node *map, const char *id);
/* The number under key, or the entry's own id when that is a number and the key is left out. */
struct om_fraction om_load_amount(struct om_loader *load, const struct om_yaml_node *entry, const char *key);

/* The key `source` of map (which may be NULL). */
void om_load_source(struct om_loader *load, const struct om_yaml_node *map, struct om_source *out);
void om_load_references(struct om_loader *load, const struct om_yaml_node *root);
void om_source_release(struct om_source *source);

/* Is there a scale that arrives as a total? Then there are no items. */
bool om_load_says_total(const struct om_yaml_node *root);
/* Forgets the items and all but the first scale, which becomes a total that arrives as a number. */
void om_instrument_keep_total(struct om_instrument *instrument);
/* How many columns a form has. */
static inline size_t
om_instrument_columns(const struct om_instrument *instrument)
{
    return om_instrument_is_total(instrument) ? 1 : instrument->n_items;
}

void om_load_items(struct om_loader *load, const struct om_yaml_node *root);
void om_load_answers(struct om_loader *load, const struct om_yaml_node *root);
void om_load_columns(struct om_loader *load, const struct om_yaml_node *root);
/* The index of the item a text names; fails with the near ones. 0 then. */
int om_load_item(struct om_loader *load, const struct om_yaml_node *node, const char *text);
/* The items that `1`, `1-9`, `spouse-daily` or a list of these name, as bits; every item for NULL. */
uint64_t om_load_item_set(struct om_loader *load, const struct om_yaml_node *node);

void om_load_scales(struct om_loader *load, const struct om_yaml_node *root);
void om_load_classes(struct om_loader *load, const struct om_yaml_node *map, struct om_scale *scale);
void om_load_thresholds(struct om_loader *load, const struct om_yaml_node *map, struct om_scale *scale);
/* After the cut-offs and thresholds that they name. */
void om_load_joint_rules(struct om_loader *load, const struct om_yaml_node *map, struct om_scale *scale);
void om_load_norms(struct om_loader *load, const struct om_yaml_node *map, struct om_scale *scale);

void om_load_vectors(struct om_loader *load, const struct om_yaml_node *root);

/* How the values of a definition fit together. root is the mapping it was loaded from. */
void om_check_instrument(struct om_loader *load, const struct om_yaml_node *root);
void om_check_scale(struct om_loader *load, const struct om_yaml_node *map, const struct om_scale *scale);

#endif
