/*
 * Definitions and study files: a small typed reader of YAML.
 *
 * libyaml's events are built into a tree in which every node knows its line and column, because every error
 * found later (a band out of order, an item that does not exist) must name them. libcyaml was the other
 * choice; the structs it loads no longer know where a value stood. libyaml's own document tree no longer
 * knows what was an anchor or an alias.
 *
 * What is read is the plain part of YAML: scalars, sequences, mappings with scalar keys. Refused, with the
 * place: anchors, aliases, tags, duplicate keys, a second document, bytes that are not UTF-8, and more than
 * OM_YAML_DEPTH_MAX levels, OM_YAML_NODES_MAX nodes or OM_YAML_BYTES_MAX bytes.
 *
 * Reading is sticky, like om_buffer: the first failure is kept, later calls do nothing and return NULL, 0 or
 * false. A loader reads on as if all were well and asks for om_yaml.status once. Every function accepts a
 * NULL node and then returns the same neutral value without failing, so an optional key needs no `if`:
 *
 *     om_yaml_known_keys(yaml, map, keys, n);
 *     rule->max_blank = om_yaml_int(yaml, om_yaml_find(map, "max_blank"), 0, 63);
 *     om_yaml_each(band, om_yaml_mapping(yaml, om_yaml_get(yaml, map, "bands"))) ... band->key->text ...
 */
#ifndef OM_IO_YAML_H
#define OM_IO_YAML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <omstat/number.h>
#include <omstat/status.h>
#include "base/buffer.h"

enum { OM_YAML_DEPTH_MAX = 16, OM_YAML_NODES_MAX = 20000, OM_YAML_BYTES_MAX = 1 << 20 };

enum om_yaml_kind { OM_YAML_SCALAR, OM_YAML_SEQUENCE, OM_YAML_MAPPING };

struct om_yaml_node {
    enum om_yaml_kind kind;
    bool quoted;                /* a scalar in quotes or a block of text: never a number or a truth value */
    uint64_t line, column;      /* 1-based; column counts characters */
    size_t n;                   /* entries of a sequence or mapping */
    struct om_yaml_node *key;   /* of a mapping's entry: its key, a scalar; else NULL */
    struct om_yaml_node *first; /* entries in the order of the file */
    struct om_yaml_node *next;  /* the entry behind this one */
    char text[];                /* of a scalar; no NUL inside */
};

/* A document and the first thing found wrong with it. */
struct om_yaml {
    const char *file; /* the name errors give; borrowed */
    struct om_yaml_node *root;
    om_status status; /* of everything read so far */
    struct om_error *err;
};

/* The bytes of a definition file, at most OM_YAML_BYTES_MAX. Errors: OM_ERR_NO_INPUT, OM_ERR_PERMISSION,
 * OM_ERR_IO, OM_ERR_NOMEM, OM_ERR_DEFINITION (too large). */
om_status om_yaml_read_file(const char *path, struct om_buffer *bytes, struct om_error *err) OM_NODISCARD;

/* Parses text. err (may be NULL) is kept and filled by whatever fails first, here or in the readers below.
 * Errors: OM_ERR_DEFINITION, OM_ERR_NOMEM; yaml then holds nothing. */
om_status om_yaml_parse(struct om_yaml *yaml, const char *file, const char *text, size_t length,
                        struct om_error *err) OM_NODISCARD;
void om_yaml_release(struct om_yaml *yaml);
/* The two together: the tree of a file. path is borrowed. */
om_status om_yaml_load(struct om_yaml *yaml, const char *path, struct om_error *err) OM_NODISCARD;

/* Records a failure at a node: OM_ERR_DEFINITION with file, line and column. hint may be NULL. */
void om_yaml_fail(struct om_yaml *yaml, const struct om_yaml_node *node, const char *hint, const char *format,
                  ...) OM_PRINTF(4, 5);
void om_yaml_fail_memory(struct om_yaml *yaml);
/* `unknown <what> "<word>"`, with the nearest of the known words, or all of them, as the remedy. */
void om_yaml_fail_unknown(struct om_yaml *yaml, const struct om_yaml_node *node, const char *what,
                          const char *word, const char *const *known, size_t n);

/* --- structure --- */

#define om_yaml_each(entry, node)                                                                            \
    for (const struct om_yaml_node *entry = om_yaml_first(node); entry; entry = entry->next)

static inline const struct om_yaml_node *
om_yaml_first(const struct om_yaml_node *node)
{
    return node ? node->first : NULL;
}

/* The value of a key, or NULL when the mapping lacks it or node is no mapping. */
const struct om_yaml_node *om_yaml_find(const struct om_yaml_node *map, const char *key);
/* The value of a key; fails when it is not there. */
const struct om_yaml_node *om_yaml_get(struct om_yaml *yaml, const struct om_yaml_node *map, const char *key);
/* The node itself, after checking what it is; NULL otherwise. */
const struct om_yaml_node *om_yaml_mapping(struct om_yaml *yaml, const struct om_yaml_node *node);
const struct om_yaml_node *om_yaml_sequence(struct om_yaml *yaml, const struct om_yaml_node *node);
/* Fails when node is no mapping or has a key that is not listed. */
void om_yaml_known_keys(struct om_yaml *yaml, const struct om_yaml_node *map, const char *const *known,
                        size_t n);

/* An empty value: `key:` or `key: ~`. */
bool om_yaml_is_null(const struct om_yaml_node *node);

/* --- scalars --- */

/* Any scalar that is not empty. Borrowed from the tree. */
const char *om_yaml_text(struct om_yaml *yaml, const struct om_yaml_node *node);
/* A plain whole number from minimum to maximum. */
int om_yaml_int(struct om_yaml *yaml, const struct om_yaml_node *node, int minimum, int maximum);
/* A plain true or false. */
bool om_yaml_bool(struct om_yaml *yaml, const struct om_yaml_node *node);
/* A plain decimal number (11.5) or ratio (250/21), exact. {0, 1} for NULL. */
struct om_fraction om_yaml_fraction(struct om_yaml *yaml, const struct om_yaml_node *node);
/* Which of the words it is, as an index; 0 for NULL. */
int om_yaml_enum(struct om_yaml *yaml, const struct om_yaml_node *node, const char *const *words, size_t n);

/* --- what the caller owns (om_free) --- */

/* n zeroed elements; NULL with a recorded failure when there is no memory, or after any failure. */
void *om_yaml_array(struct om_yaml *yaml, size_t n, size_t size);
char *om_yaml_copy_text(struct om_yaml *yaml, const char *text);           /* NULL for NULL */
char *om_yaml_copy(struct om_yaml *yaml, const struct om_yaml_node *node); /* of om_yaml_text */
/* A sequence of texts, or one text by itself. *n is set before anything can fail half way: free all of them.
 */
char **om_yaml_copy_list(struct om_yaml *yaml, const struct om_yaml_node *node, size_t *n);

/* The version of libyaml that runs: "0.2.5". Static storage. */
const char *om_yaml_library_version(void);

#endif
