/* Items, answers and the names that columns go by. */
#include "instrument/load.h"
#include "base/memory.h"
#include "base/number.h"

#include <stdio.h>
#include <string.h>

/* --- items --- */

static void
load_own_items(struct om_loader *load, const struct om_yaml_node *items)
{
    static const char *const keys[] = {"label", "reversed"};
    struct om_yaml *yaml = &load->yaml;
    struct om_instrument *in = load->instrument;
    om_yaml_each(entry, om_yaml_mapping(yaml, items))
    {
        if (in->n_items == OM_ITEMS_MAX) {
            om_yaml_fail(yaml, entry->key, "Longer questionnaires can be split by scale.",
                         "more than %d items", OM_ITEMS_MAX);
            return;
        }
        struct om_item *item = &in->item[in->n_items++];
        item->id = om_load_id(load, entry->key, "item", true);
        if (entry->kind == OM_YAML_MAPPING) {
            om_yaml_known_keys(yaml, entry, keys, OM_COUNT(keys));
            item->label = om_yaml_copy(yaml, om_yaml_get(yaml, entry, "label"));
            item->reversed = om_yaml_bool(yaml, om_yaml_find(entry, "reversed"));
        } else {
            item->label = om_yaml_copy(yaml, entry);
        }
    }
    if (items && in->n_items == 0)
        om_yaml_fail(yaml, items, "Write one \"number: label\" a line.", "an instrument needs items");
}

/* The instruments that can be a parent, for the remedy. */
static void
fail_parent(struct om_loader *load, const struct om_yaml_node *node)
{
    const char *known[64];
    size_t n = 0;
    for (; load->known && n < om_registry_count(load->known) && n < OM_COUNT(known); n++)
        known[n] = om_registry_at(load->known, n)->id;
    om_yaml_fail_unknown(&load->yaml, node, "instrument", node->text, known, n);
}

/* The parent, after making sure that the chain of parents does not lead back here. */
static const struct om_instrument *
find_parent(struct om_loader *load, const struct om_yaml_node *node)
{
    struct om_yaml *yaml = &load->yaml;
    const char *id = om_yaml_text(yaml, node);
    const struct om_instrument *parent = id && load->known ? om_registry_find(load->known, id) : NULL;
    if (id && !parent)
        fail_parent(load, node);
    for (const struct om_instrument *p = parent; p;
         p = p->parent ? om_registry_find(load->known, p->parent) : NULL)
        if (strcmp(p->id, load->instrument->id) == 0)
            om_yaml_fail(yaml, node, "Give this definition another id.",
                         "\"%s\" would be derived from itself", load->instrument->id);
    return yaml->status == OM_OK ? parent : NULL;
}

static void
inherit_answers(struct om_loader *load, const struct om_instrument *parent)
{
    struct om_yaml *yaml = &load->yaml;
    struct om_instrument *in = load->instrument;
    in->minimum = parent->minimum;
    in->maximum = parent->maximum;
    in->has_na = parent->has_na;
    memcpy(in->allowed, parent->allowed, sizeof in->allowed);
    in->answer = om_yaml_array(yaml, parent->n_answers, sizeof *in->answer);
    for (; in->answer && in->n_answers < parent->n_answers; in->n_answers++) {
        const struct om_answer *from = &parent->answer[in->n_answers];
        struct om_answer *to = &in->answer[in->n_answers];
        to->code = from->code;
        to->label = om_yaml_array(yaml, from->n_labels, sizeof *to->label);
        for (; to->label && to->n_labels < from->n_labels; to->n_labels++)
            to->label[to->n_labels] = om_yaml_copy_text(yaml, from->label[to->n_labels]);
    }
    in->na_label = om_yaml_array(yaml, parent->n_na_labels, sizeof *in->na_label);
    for (; in->na_label && in->n_na_labels < parent->n_na_labels; in->n_na_labels++)
        in->na_label[in->n_na_labels] = om_yaml_copy_text(yaml, parent->na_label[in->n_na_labels]);
}

/* The items of the parent that `items` lists, or all of them. */
static uint64_t
parent_items(struct om_loader *load, const struct om_instrument *parent, const struct om_yaml_node *node)
{
    struct om_loader view = *load; /* item ids are looked up in the parent */
    struct om_instrument shallow = *parent;
    view.instrument = &shallow;
    uint64_t set = om_load_item_set(&view, node);
    load->yaml = view.yaml;
    return set;
}

static void
inherit_items(struct om_loader *load, const struct om_yaml_node *root, const struct om_yaml_node *derived)
{
    struct om_yaml *yaml = &load->yaml;
    struct om_instrument *in = load->instrument;
    const struct om_instrument *parent = find_parent(load, derived);
    if (!parent)
        return;
    in->parent = om_yaml_copy_text(yaml, parent->id);
    uint64_t set = parent_items(load, parent, om_yaml_find(root, "items"));
    for (size_t i = 0; i < parent->n_items; i++) {
        if (!(set >> i & 1))
            continue;
        in->parent_item[in->n_items] = (uint8_t)i;
        struct om_item *item = &in->item[in->n_items++];
        item->id = om_yaml_copy_text(yaml, parent->item[i].id);
        item->label = om_yaml_copy_text(yaml, parent->item[i].label);
        item->reversed = parent->item[i].reversed;
    }
    inherit_answers(load, parent);
}

bool
om_load_says_total(const struct om_yaml_node *root)
{
    om_yaml_each(entry, om_yaml_find(root, "scales"))
    {
        const struct om_yaml_node *combine = om_yaml_find(entry, "combine");
        if (combine && combine->kind == OM_YAML_SCALAR && strcmp(combine->text, "total") == 0)
            return true;
    }
    return false;
}

void
om_load_items(struct om_loader *load, const struct om_yaml_node *root)
{
    const struct om_yaml_node *derived = om_yaml_find(root, "derived_from");
    if (derived)
        inherit_items(load, root, derived);
    else if (om_yaml_find(root, "items"))
        load_own_items(load, om_yaml_find(root, "items"));
    else if (!om_load_says_total(root)) /* which has none */
        om_yaml_get(&load->yaml, root, "items");
}

/* --- naming items --- */

int
om_load_item(struct om_loader *load, const struct om_yaml_node *node, const char *text)
{
    const char *known[OM_ITEMS_MAX];
    int index = om_instrument_item(load->instrument, text);
    if (index >= 0 || load->yaml.status != OM_OK)
        return index < 0 ? 0 : index;
    for (size_t i = 0; i < load->instrument->n_items; i++)
        known[i] = load->instrument->item[i].id;
    om_yaml_fail_unknown(&load->yaml, node, "item", text, known, load->instrument->n_items);
    return 0;
}

/* One item, or first-last in the order of the definition. */
static uint64_t
item_range(struct om_loader *load, const struct om_yaml_node *node)
{
    char first[80];
    const char *text = om_yaml_text(&load->yaml, node);
    if (!text)
        return 0;
    const char *dash = strchr(text, '-');
    snprintf(first, sizeof first, "%.*s", dash ? (int)(dash - text) % 80 : 79, text);
    int from = om_load_item(load, node, first);
    int to = dash ? om_load_item(load, node, dash + 1) : from;
    if (from > to)
        om_yaml_fail(&load->yaml, node, "Write the earlier item first.", "the range \"%.40s\" runs backwards",
                     text);
    uint64_t set = 0;
    for (int i = from; i <= to; i++)
        set |= UINT64_C(1) << i;
    return set;
}

uint64_t
om_load_item_set(struct om_loader *load, const struct om_yaml_node *node)
{
    uint64_t set = 0;
    if (!node) {
        for (size_t i = 0; i < load->instrument->n_items; i++)
            set |= UINT64_C(1) << i;
        return set;
    }
    if (node->kind == OM_YAML_SCALAR)
        return item_range(load, node);
    om_yaml_each(entry, om_yaml_sequence(&load->yaml, node))
    {
        uint64_t more = item_range(load, entry);
        if (set & more)
            om_yaml_fail(&load->yaml, entry, "Name each item once.", "an item is named twice");
        set |= more;
    }
    if (node->n == 0)
        om_yaml_fail(&load->yaml, node, "Name the items, or leave the key out for all of them.",
                     "no items are named");
    return set;
}

/* --- answers --- */

/* A key of `answers`: a code, or first-last for codes without wording of their own. */
static void
code_range(struct om_loader *load, const struct om_yaml_node *key, int *first, int *last)
{
    int32_t a = -1, b = -1;
    const char *text = key->text, *dash = strchr(text, '-');
    size_t n = dash ? (size_t)(dash - text) : strlen(text);
    bool ok = om_integer_parse(text, n, &a) == 1;
    b = a;
    if (ok && dash)
        ok = om_integer_parse(dash + 1, strlen(dash + 1), &b) == 1;
    if (!ok || a < 0 || b < a || b > OM_CODE_MAX) {
        om_yaml_fail(&load->yaml, key, "Write the code, as in \"0: not at all\", or several, as in \"1-7:\".",
                     "an answer code must be a whole number from 0 to %d", OM_CODE_MAX);
        a = b = 0;
    }
    *first = a;
    *last = b;
}

/* Keeps the answers in ascending order of their codes, whatever the order of the file. */
static void
insert_answer(struct om_instrument *in, struct om_answer answer)
{
    size_t i = in->n_answers++;
    for (; i > 0 && in->answer[i - 1].code > answer.code; i--)
        in->answer[i] = in->answer[i - 1];
    in->answer[i] = answer;
    in->allowed[answer.code] = true;
}

static void
load_answer(struct om_loader *load, const struct om_yaml_node *entry)
{
    struct om_yaml *yaml = &load->yaml;
    struct om_instrument *in = load->instrument;
    int first, last;
    code_range(load, entry->key, &first, &last);
    for (int code = first; code <= last && yaml->status == OM_OK; code++) {
        struct om_answer answer = {.code = code};
        if (in->allowed[code]) {
            om_yaml_fail(yaml, entry->key, "Give each code once.", "the code %d was already given", code);
            return;
        }
        if (!om_yaml_is_null(entry))
            answer.label = om_yaml_copy_list(yaml, entry, &answer.n_labels);
        insert_answer(in, answer);
    }
    if (first != last && !om_yaml_is_null(entry))
        om_yaml_fail(yaml, entry, "Give each code a line of its own.",
                     "one wording cannot stand for several codes");
}

void
om_load_answers(struct om_loader *load, const struct om_yaml_node *root)
{
    struct om_yaml *yaml = &load->yaml;
    struct om_instrument *in = load->instrument;
    if (in->parent) {
        const struct om_yaml_node *own = om_yaml_find(root, "answers");
        own = own ? own : om_yaml_find(root, "not_applicable");
        if (own)
            om_yaml_fail(yaml, own->key,
                         "Leave the key out, or describe the items here instead of deriving them.",
                         "the answers are those of \"%s\"", in->parent);
        return;
    }
    if (om_instrument_is_total(in)) {
        static const char *const of_items[] = {"answers", "not_applicable", "vectors", "safety"};
        for (size_t i = 0; i < OM_COUNT(of_items); i++)
            if (om_yaml_find(root, of_items[i]))
                om_yaml_fail(yaml, om_yaml_find(root, of_items[i])->key, "Leave the key out.",
                             "\"%s\" does not go with an instrument that arrives as a total", of_items[i]);
        return;
    }
    const struct om_yaml_node *answers = om_yaml_mapping(yaml, om_yaml_get(yaml, root, "answers"));
    in->answer = om_yaml_array(yaml, OM_CODE_MAX + 1, sizeof *in->answer);
    if (!in->answer)
        return;
    om_yaml_each(entry, answers) load_answer(load, entry);
    if (in->n_answers < 2) {
        om_yaml_fail(yaml, answers, "Write one \"code: wording\" a line.",
                     "an instrument needs two answers or more");
        return;
    }
    in->minimum = in->answer[0].code;
    in->maximum = in->answer[in->n_answers - 1].code;
    const struct om_yaml_node *na = om_yaml_find(root, "not_applicable");
    in->has_na = na != NULL;
    in->na_label = om_yaml_copy_list(yaml, na, &in->n_na_labels);
}

/* --- columns --- */

static void
load_naming(struct om_loader *load, const struct om_yaml_node *entry, struct om_naming *naming)
{
    static const char *const keys[] = {"columns", "missing", "declined", "source"};
    struct om_yaml *yaml = &load->yaml;
    size_t n = 0;
    om_yaml_known_keys(yaml, entry, keys, OM_COUNT(keys));
    naming->name = om_yaml_copy(yaml, entry->key);
    const struct om_yaml_node *columns = om_yaml_sequence(yaml, om_yaml_get(yaml, entry, "columns"));
    if (columns && columns->n != om_instrument_columns(load->instrument)) {
        om_yaml_fail(yaml, columns, "Name the column of each item, in the order of the items.",
                     "%zu columns for %zu items", columns->n, om_instrument_columns(load->instrument));
        return;
    }
    naming->column = om_yaml_copy_list(yaml, columns, &n);
    naming->missing = om_yaml_copy_list(yaml, om_yaml_find(entry, "missing"), &naming->n_missing);
    naming->declined = om_yaml_copy_list(yaml, om_yaml_find(entry, "declined"), &naming->n_declined);
    om_load_source(load, entry, &naming->source);
}

void
om_load_columns(struct om_loader *load, const struct om_yaml_node *root)
{
    struct om_yaml *yaml = &load->yaml;
    struct om_instrument *in = load->instrument;
    const struct om_yaml_node *prefixes = om_yaml_find(root, "prefixes");
    in->prefix = om_yaml_copy_list(yaml, prefixes ? prefixes : om_yaml_find(root, "id"), &in->n_prefixes);
    const struct om_yaml_node *namings = om_yaml_mapping(yaml, om_yaml_find(root, "namings"));
    if (!namings)
        return;
    in->naming = om_yaml_array(yaml, namings->n, sizeof *in->naming);
    om_yaml_each(entry, namings)
    {
        if (!in->naming || yaml->status != OM_OK)
            return;
        load_naming(load, entry, &in->naming[in->n_namings++]);
    }
}
