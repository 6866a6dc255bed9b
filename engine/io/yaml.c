#include "io/yaml.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/near.h"
#include "io/source.h"
#include "base/number.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* --- files --- */

om_status
om_yaml_read_file(const char *path, struct om_buffer *bytes, struct om_error *err)
{
    struct om_input source = OM_INPUT_CLOSED;
    char block[8192];
    size_t n = 1;
    om_status status = om_input_open(&source, path, err);
    while (status == OM_OK && n > 0 && bytes->length <= OM_YAML_BYTES_MAX) {
        status = om_input_read(&source, block, sizeof block, &n, err);
        if (status == OM_OK)
            om_buffer_add(bytes, block, n);
    }
    om_input_close(&source);
    if (status == OM_OK && !om_buffer_ok(bytes))
        return om_fail_memory(err);
    if (status == OM_OK && bytes->length > OM_YAML_BYTES_MAX) {
        status = om_fail(err, OM_ERR_DEFINITION, "larger than 1 MiB");
        om_place(err, path, 0, 0);
        om_hint(err, "A definition is a few kilobytes of text. Is this the right file?");
    }
    return status;
}

/* --- failures --- */

om_status
om_yaml_load(struct om_yaml *yaml, const char *path, struct om_error *err)
{
    struct om_buffer bytes = OM_BUFFER_EMPTY;
    om_status status = om_yaml_read_file(path, &bytes, err);
    if (status == OM_OK)
        status = om_yaml_parse(yaml, path, om_buffer_string(&bytes), bytes.length, err);
    om_buffer_release(&bytes);
    return status;
}

void
om_yaml_fail(struct om_yaml *yaml, const struct om_yaml_node *node, const char *hint, const char *format, ...)
{
    char message[OM_ERROR_TEXT];
    va_list args;
    if (yaml->status != OM_OK)
        return;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    yaml->status = om_fail(yaml->err, OM_ERR_DEFINITION, "%s", message);
    om_place(yaml->err, yaml->file, node ? node->line : 0, node ? node->column : 0);
    if (hint)
        om_hint(yaml->err, "%s", hint);
}

void
om_yaml_fail_memory(struct om_yaml *yaml)
{
    if (yaml->status == OM_OK)
        yaml->status = om_fail_memory(yaml->err);
}

/* Appends words in quotes, separated by commas, as far as they fit. */
static void
list_words(char *text, size_t size, const char *const *words, size_t n, const char *last)
{
    for (size_t i = 0; i < n; i++) {
        size_t used = strlen(text);
        snprintf(text + used, size - used, "%s\"%.60s\"", i == 0 ? "" : i + 1 == n ? last : ", ", words[i]);
    }
}

void
om_yaml_fail_unknown(struct om_yaml *yaml, const struct om_yaml_node *node, const char *what,
                     const char *word, const char *const *known, size_t n)
{
    char hint[OM_ERROR_TEXT];
    const char *near[OM_NEAR_MAX];
    size_t n_near = om_near_words(word, known, n, near);
    if (n_near) {
        snprintf(hint, sizeof hint, "Did you mean ");
        list_words(hint, sizeof hint - 1, near, n_near, " or ");
        size_t used = strlen(hint);
        snprintf(hint + used, sizeof hint - used, "?");
    } else {
        snprintf(hint, sizeof hint, n ? "Known here: " : "None is defined.");
        list_words(hint, sizeof hint, known, n, ", ");
    }
    om_yaml_fail(yaml, node, hint, "unknown %s \"%.60s\"", what, word);
}

/* What an error calls a node: its key where it has one. */
static const char *
name_of(const struct om_yaml_node *node, char text[80])
{
    if (node->key)
        snprintf(text, 80, "\"%.60s\"", node->key->text);
    else
        snprintf(text, 80, "this entry");
    return text;
}

static void
fail_kind(struct om_yaml *yaml, const struct om_yaml_node *node, const char *hint, const char *wanted)
{
    char name[80];
    om_yaml_fail(yaml, node, hint, "%s must be %s", name_of(node, name), wanted);
}

/* --- structure --- */

const struct om_yaml_node *
om_yaml_find(const struct om_yaml_node *map, const char *key)
{
    if (map && map->kind == OM_YAML_MAPPING)
        om_yaml_each(entry, map) if (strcmp(entry->key->text, key) == 0) return entry;
    return NULL;
}

const struct om_yaml_node *
om_yaml_get(struct om_yaml *yaml, const struct om_yaml_node *map, const char *key)
{
    const struct om_yaml_node *value = om_yaml_find(om_yaml_mapping(yaml, map), key);
    if (map && !value) {
        char hint[128];
        snprintf(hint, sizeof hint, "Add \"%s: ...\".", key);
        om_yaml_fail(yaml, map, hint, "the key \"%s\" is missing", key);
    }
    return value;
}

const struct om_yaml_node *
om_yaml_mapping(struct om_yaml *yaml, const struct om_yaml_node *node)
{
    if (!node || node->kind == OM_YAML_MAPPING)
        return node;
    fail_kind(yaml, node, "Write one \"key: value\" a line, indented alike.", "a mapping of keys to values");
    return NULL;
}

const struct om_yaml_node *
om_yaml_sequence(struct om_yaml *yaml, const struct om_yaml_node *node)
{
    if (!node || node->kind == OM_YAML_SEQUENCE)
        return node;
    fail_kind(yaml, node, "Write [a, b], or one \"- a\" a line.", "a list");
    return NULL;
}

void
om_yaml_known_keys(struct om_yaml *yaml, const struct om_yaml_node *map, const char *const *known, size_t n)
{
    om_yaml_each(entry, om_yaml_mapping(yaml, map))
    {
        size_t i = 0;
        while (i < n && strcmp(entry->key->text, known[i]) != 0)
            i++;
        if (i == n)
            om_yaml_fail_unknown(yaml, entry->key, "key", entry->key->text, known, n);
    }
}

bool
om_yaml_is_null(const struct om_yaml_node *node)
{
    return node && node->kind == OM_YAML_SCALAR && !node->quoted &&
           (!*node->text || !strcmp(node->text, "~") || !strcmp(node->text, "null"));
}

/* --- scalars --- */

const char *
om_yaml_text(struct om_yaml *yaml, const struct om_yaml_node *node)
{
    if (!node)
        return NULL;
    if (node->kind != OM_YAML_SCALAR) {
        fail_kind(yaml, node, "Brackets, braces and colons in a text need quotes around it.", "a text");
        return NULL;
    }
    if (om_yaml_is_null(node) || !*node->text) {
        fail_kind(yaml, node, "Write a value behind it, or leave the key out.", "a text, and it is empty");
        return NULL;
    }
    return node->text;
}

/* The text of a scalar without quotes, or "" for anything else: no number and no truth value. */
static const char *
plain(const struct om_yaml_node *node)
{
    return node->kind == OM_YAML_SCALAR && !node->quoted ? node->text : "";
}

static const char *
without_quotes(const struct om_yaml_node *node)
{
    return node->kind == OM_YAML_SCALAR && node->quoted ? "Write it without quotes." : NULL;
}

int
om_yaml_int(struct om_yaml *yaml, const struct om_yaml_node *node, int minimum, int maximum)
{
    int32_t value;
    if (!node)
        return 0;
    const char *text = plain(node);
    if (!strchr(text, '.') && om_integer_parse(text, strlen(text), &value) == 1 && value >= minimum &&
        value <= maximum)
        return value;
    char wanted[80];
    snprintf(wanted, sizeof wanted, "a whole number from %d to %d", minimum, maximum);
    fail_kind(yaml, node, without_quotes(node), wanted);
    return 0;
}

bool
om_yaml_bool(struct om_yaml *yaml, const struct om_yaml_node *node)
{
    if (!node || strcmp(plain(node), "false") == 0)
        return false;
    if (strcmp(plain(node), "true") == 0)
        return true;
    fail_kind(yaml, node, "Write true or false, in lower case and without quotes.", "true or false");
    return false;
}

struct om_fraction
om_yaml_fraction(struct om_yaml *yaml, const struct om_yaml_node *node)
{
    struct om_fraction value = {0, 1}, below = {1, 1};
    if (!node)
        return value;
    const char *text = plain(node), *slash = strchr(text, '/');
    size_t length = slash ? (size_t)(slash - text) : strlen(text);
    bool ok = om_fraction_parse(text, length, &value);
    if (ok && slash) /* a ratio of two whole numbers, the second one positive */
        ok = om_fraction_parse(slash + 1, strlen(slash + 1), &below) && value.den == 1 && below.den == 1 &&
             below.num > 0;
    if (ok)
        return (struct om_fraction){value.num, slash ? below.num : value.den};
    const char *hint = without_quotes(node);
    fail_kind(yaml, node, hint ? hint : "Write it like 12, 12.5 or 250/21.", "a number");
    return (struct om_fraction){0, 1};
}

int
om_yaml_enum(struct om_yaml *yaml, const struct om_yaml_node *node, const char *const *words, size_t n)
{
    const char *text = om_yaml_text(yaml, node);
    if (!text)
        return 0;
    for (size_t i = 0; i < n; i++)
        if (strcmp(text, words[i]) == 0)
            return (int)i;
    char what[96], name[80];
    snprintf(what, sizeof what, "value of %s:", name_of(node, name));
    om_yaml_fail_unknown(yaml, node, what, text, words, n);
    return 0;
}

/* --- copies --- */

void *
om_yaml_array(struct om_yaml *yaml, size_t n, size_t size)
{
    if (yaml->status != OM_OK)
        return NULL;
    void *memory = om_calloc(n, size);
    if (!memory)
        om_yaml_fail_memory(yaml);
    return memory;
}

char *
om_yaml_copy_text(struct om_yaml *yaml, const char *text)
{
    if (!text || yaml->status != OM_OK)
        return NULL;
    char *copy = om_strdup(text);
    if (!copy)
        om_yaml_fail_memory(yaml);
    return copy;
}

char *
om_yaml_copy(struct om_yaml *yaml, const struct om_yaml_node *node)
{
    return om_yaml_copy_text(yaml, om_yaml_text(yaml, node));
}

char **
om_yaml_copy_list(struct om_yaml *yaml, const struct om_yaml_node *node, size_t *n)
{
    bool single = node && node->kind == OM_YAML_SCALAR;
    size_t count = single ? 1 : node ? node->n : 0, i = 0;
    *n = 0;
    if (!node || (!single && !om_yaml_sequence(yaml, node)))
        return NULL;
    char **list = om_yaml_array(yaml, count, sizeof *list);
    if (!list)
        return NULL;
    *n = count;
    if (single)
        list[0] = om_yaml_copy(yaml, node);
    else
        om_yaml_each(entry, node) list[i++] = om_yaml_copy(yaml, entry);
    return list;
}
