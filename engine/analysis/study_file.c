#include "analysis/study.h"
#include "base/error.h"
#include "base/memory.h"
#include "io/yaml.h"

#include <string.h>

/* What a reader of the file hands on: the study, and the node an error would be about. */
struct loading {
    struct om_study *study;
    struct om_yaml yaml;
    const struct om_study_key *key;
};

/* A value that the key does not accept is an error in the file, at the node. */
static void
apply(struct loading *loading, const struct om_yaml_node *node, const char *target,
      const struct om_texts *values)
{
    struct om_error why;
    om_status status = om_study_apply(loading->study, loading->key, target, values, &why);
    if (status == OM_OK)
        return;
    if (status == OM_ERR_NOMEM)
        om_yaml_fail_memory(&loading->yaml);
    else
        om_yaml_fail(&loading->yaml, node, why.hint, "%s", why.message);
}

static bool
add(struct loading *loading, struct om_texts *values, const struct om_yaml_node *node)
{
    if (node->kind != OM_YAML_SCALAR) {
        om_yaml_fail(&loading->yaml, node, NULL, "%s takes plain values here", loading->key->name);
        return false;
    }
    if (om_texts_add(values, node->text, strlen(node->text), NULL) == OM_OK)
        return true;
    om_yaml_fail_memory(&loading->yaml);
    return false;
}

/* from: to  ->  "from:to", the form recode has on the command line. */
static bool
add_pair(struct loading *loading, struct om_texts *values, const struct om_yaml_node *entry)
{
    struct om_buffer pair = OM_BUFFER_EMPTY;
    if (entry->kind != OM_YAML_SCALAR) {
        om_yaml_fail(&loading->yaml, entry, NULL, "%s takes pairs of plain values here", loading->key->name);
        return false;
    }
    om_buffer_format(&pair, "%s:%s", entry->key->text, entry->text);
    bool ok =
        om_buffer_ok(&pair) && om_texts_add(values, om_buffer_string(&pair), pair.length, NULL) == OM_OK;
    om_buffer_release(&pair);
    if (!ok)
        om_yaml_fail_memory(&loading->yaml);
    return ok;
}

/* {when: ..., then: ..., message: ...}  ->  "when => then => message", the form of the command line. */
static bool
add_rule(struct loading *loading, struct om_texts *values, const struct om_yaml_node *entry)
{
    static const char *const parts[] = {"when", "then", "message"};
    struct om_buffer rule = OM_BUFFER_EMPTY;
    om_yaml_known_keys(&loading->yaml, entry, parts, 3);
    for (size_t i = 0; i < 3; i++) {
        const struct om_yaml_node *part =
            i < 2 ? om_yaml_get(&loading->yaml, entry, parts[i]) : om_yaml_find(entry, parts[i]);
        if (part)
            om_buffer_format(&rule, "%s%s", i ? " => " : "", om_yaml_text(&loading->yaml, part));
        if (loading->yaml.status != OM_OK)
            break;
    }
    const bool read = loading->yaml.status == OM_OK;
    const bool ok = read && om_buffer_ok(&rule) &&
                    om_texts_add(values, om_buffer_string(&rule), rule.length, NULL) == OM_OK;
    om_buffer_release(&rule);
    if (read && !ok)
        om_yaml_fail_memory(&loading->yaml);
    return ok;
}

static bool
add_entry(struct loading *loading, struct om_texts *values, const struct om_yaml_node *node,
          const struct om_yaml_node *entry)
{
    if (node->kind == OM_YAML_MAPPING)
        return add_pair(loading, values, entry);
    return entry->kind == OM_YAML_MAPPING && strcmp(loading->key->name, "checks") == 0
               ? add_rule(loading, values, entry)
               : add(loading, values, entry);
}

/* A scalar, a sequence of scalars or (recode) a mapping of scalars. */
static void
load_values(struct loading *loading, const struct om_yaml_node *node, const char *target)
{
    struct om_texts values = {0};
    bool ok = true;
    if (node->kind == OM_YAML_SCALAR)
        ok = add(loading, &values, node);
    else if (!loading->key->list)
        om_yaml_fail(&loading->yaml, node, NULL, "%s takes one value", loading->key->name);
    else
        om_yaml_each(entry, node) ok = ok && add_entry(loading, &values, node, entry);
    if (ok && loading->yaml.status == OM_OK && values.n == 0)
        om_yaml_fail(&loading->yaml, node, "give a value or leave the key out", "%s is empty",
                     loading->key->name);
    if (ok && loading->yaml.status == OM_OK)
        apply(loading, node, target, &values);
    om_texts_release(&values);
}

static void
load_key(struct loading *loading, const struct om_yaml_node *node)
{
    if (loading->key->targeted && node->kind == OM_YAML_MAPPING) {
        om_yaml_each(entry, node)
            load_values(loading, entry, strcmp(entry->key->text, "all") == 0 ? NULL : entry->key->text);
    } else {
        load_values(loading, node, NULL);
    }
}

/* The keys of the study, and those that are of a file alone. */
static void
check_keys(struct loading *loading, const struct om_yaml_node *map, const char *of_file)
{
    size_t n;
    const struct om_study_key *keys = om_study_keys(&n);
    const char **names = om_yaml_array(&loading->yaml, n + 1, sizeof *names);
    for (size_t i = 0; names && i < n; i++)
        names[i] = keys[i].name;
    if (names) {
        names[n] = of_file;
        om_yaml_known_keys(&loading->yaml, map, names, n + 1);
    }
    om_free(names);
}

/* Every key of the mapping but those that `instead` (may be NULL) has, too. */
static void
load_keys(struct loading *loading, const struct om_yaml_node *map, const struct om_yaml_node *instead)
{
    om_yaml_each(entry, map)
    {
        if (loading->yaml.status != OM_OK)
            return;
        loading->key = om_key_find(entry->key->text);
        if (loading->key && !om_yaml_find(instead, entry->key->text))
            load_key(loading, entry);
    }
}

static void
load_all(struct loading *loading, const char *report)
{
    const struct om_yaml_node *root = loading->yaml.root, *own = NULL;
    check_keys(loading, root, "reports");
    if (report)
        own = om_yaml_get(&loading->yaml, om_yaml_get(&loading->yaml, root, "reports"), report);
    if (own && !om_yaml_is_null(own))
        check_keys(loading, own, "outputs");
    load_keys(loading, root, own);
    load_keys(loading, own, NULL);
}

static om_status
load_file(struct om_study *study, const char *path, const char *report, struct om_error *err)
{
    struct om_buffer bytes = OM_BUFFER_EMPTY;
    struct loading loading = {.study = study};
    om_status status = om_yaml_read_file(path, &bytes, err);
    if (status == OM_OK)
        status = om_study_add_source(study, "study", path, &bytes, err);
    if (status == OM_OK)
        status = om_yaml_parse(&loading.yaml, path, om_buffer_string(&bytes), bytes.length, err);
    if (status == OM_OK) {
        load_all(&loading, report);
        status = loading.yaml.status;
        om_yaml_release(&loading.yaml);
    }
    om_buffer_release(&bytes);
    return status;
}

om_status
om_study_load(struct om_study *study, const char *path, struct om_error *err)
{
    return load_file(study, path, NULL, err);
}

om_status
om_study_load_report(struct om_study *study, const char *path, const char *report, struct om_error *err)
{
    return load_file(study, path, report, err);
}
