/* Where facts come from. A citation of one word is the key of an entry under `references`. */
#include "instrument/load.h"
#include "base/memory.h"

#include <string.h>

enum { REFERENCES_MAX = 128 };

void
om_source_release(struct om_source *source)
{
    om_free(source->citation);
    om_free(source->evidence);
    om_free(source->note);
}

void
om_load_references(struct om_loader *load, const struct om_yaml_node *root)
{
    struct om_yaml *yaml = &load->yaml;
    load->references = om_yaml_mapping(yaml, om_yaml_find(root, "references"));
    if (load->references && load->references->n > REFERENCES_MAX)
        om_yaml_fail(yaml, load->references, "Name the less used ones in full where they are cited.",
                     "more than %d references", REFERENCES_MAX);
    om_yaml_each(entry, load->references)
    {
        om_yaml_text(yaml, entry);
        if (strchr(entry->key->text, ' '))
            om_yaml_fail(yaml, entry->key, "Use a word such as smith2001.",
                         "the name of a reference has a blank in it");
    }
}

/* The full text behind one citation. */
static const char *
resolve(struct om_loader *load, const struct om_yaml_node *node)
{
    const char *known[REFERENCES_MAX], *text = om_yaml_text(&load->yaml, node);
    if (!text || strchr(text, ' '))
        return text;
    const struct om_yaml_node *full = om_yaml_find(load->references, text);
    if (full)
        return om_yaml_text(&load->yaml, full);
    size_t n = 0;
    om_yaml_each(entry, load->references) if (n < REFERENCES_MAX) known[n++] = entry->key->text;
    om_yaml_fail_unknown(&load->yaml, node, "reference", text, known, n);
    return NULL;
}

/* One citation, or several joined by "; ". */
static char *
load_citation(struct om_loader *load, const struct om_yaml_node *node)
{
    struct om_buffer text = OM_BUFFER_EMPTY;
    if (!node)
        return NULL;
    if (node->kind == OM_YAML_SCALAR)
        return om_yaml_copy_text(&load->yaml, resolve(load, node));
    om_yaml_each(entry, om_yaml_sequence(&load->yaml, node))
    {
        const char *one = resolve(load, entry);
        if (one) {
            om_buffer_text(&text, text.length ? "; " : "");
            om_buffer_text(&text, one);
        }
    }
    char *joined = om_buffer_take(&text);
    if (!joined)
        om_yaml_fail_memory(&load->yaml);
    return joined;
}

void
om_load_source(struct om_loader *load, const struct om_yaml_node *map, struct om_source *out)
{
    static const char *const keys[] = {"citation", "evidence", "note"};
    static const char *const evidence[] = {"verified", "derived", "recalled", "recommended"};
    struct om_yaml *yaml = &load->yaml;
    const struct om_yaml_node *source = om_yaml_find(map, "source");
    if (!source)
        return;
    om_yaml_known_keys(yaml, source, keys, OM_COUNT(keys));
    out->citation = load_citation(load, om_yaml_find(source, "citation"));
    out->note = om_yaml_copy(yaml, om_yaml_find(source, "note"));
    int grade = om_yaml_enum(yaml, om_yaml_get(yaml, source, "evidence"), evidence, OM_COUNT(evidence));
    out->evidence = om_yaml_copy_text(yaml, evidence[grade]);
    if (grade == 0 && !out->citation)
        om_yaml_fail(yaml, source, "Add \"citation: ...\", or call it recalled.",
                     "a verified fact needs a citation");
    if (grade == 3 && !out->note)
        om_yaml_fail(yaml, source, "Add \"note: ...\" with the reason.", "a recommendation needs a note");
}
