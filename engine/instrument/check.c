/* How the parts of a definition fit together. */
#include "instrument/load.h"
#include "base/number.h"

#include <string.h>

static bool
same_text(const char *a, const char *b)
{
    return om_ascii_equal(a, strlen(a), b);
}

/* The entry of a list, or the single text that stands for it. */
static const struct om_yaml_node *
nth(const struct om_yaml_node *node, size_t i)
{
    if (!node || node->kind == OM_YAML_SCALAR)
        return node;
    const struct om_yaml_node *entry = node->first;
    while (entry && i--)
        entry = entry->next;
    return entry;
}

/* --- answers: a wording must stand for one answer --- */

struct wording {
    const char *text;
    int code; /* OM_CODE_NA for "does not apply" */
};

/* The j-th wording of all answers and then of "does not apply"; NULL text behind the last. */
static struct wording
wording_at(const struct om_instrument *in, size_t j)
{
    for (size_t i = 0; i < in->n_answers; i++) {
        if (j < in->answer[i].n_labels)
            return (struct wording){in->answer[i].label[j], in->answer[i].code};
        j -= in->answer[i].n_labels;
    }
    return (struct wording){j < in->n_na_labels ? in->na_label[j] : NULL, OM_CODE_NA};
}

/* The entry of the list (or the single text) that reads as text, or NULL. */
static const struct om_yaml_node *
find_text(const struct om_yaml_node *list, const char *text)
{
    const struct om_yaml_node *place = NULL;
    for (size_t i = 0; list && i < (list->n ? list->n : 1); i++) {
        const struct om_yaml_node *entry = nth(list, i);
        if (entry && same_text(entry->text, text))
            place = entry;
    }
    return place; /* the last one: it is the twin */
}

static const struct om_yaml_node *
find_wording(const struct om_yaml_node *root, const char *text)
{
    const struct om_yaml_node *place = NULL, *found;
    om_yaml_each(entry, om_yaml_find(root, "answers"))
    {
        found = find_text(entry, text);
        place = found ? found : place;
    }
    found = find_text(om_yaml_find(root, "not_applicable"), text);
    return found ? found : place;
}

static void
check_wordings(struct om_loader *load, const struct om_yaml_node *root)
{
    const struct om_instrument *in = load->instrument;
    struct wording a, b;
    int32_t number;
    if (in->parent)
        return; /* checked there */
    for (size_t i = 0; (a = wording_at(in, i)).text && load->yaml.status == OM_OK; i++) {
        if (om_integer_parse(a.text, strlen(a.text), &number))
            om_yaml_fail(&load->yaml, find_wording(root, a.text), "Codes are read as they are; leave it out.",
                         "a number cannot be the wording of an answer");
        for (size_t j = 0; j < i; j++) {
            b = wording_at(in, j);
            if (same_text(a.text, b.text))
                om_yaml_fail(&load->yaml, find_wording(root, a.text),
                             "Each wording must stand for one answer.",
                             "the wording \"%.60s\" is given twice", a.text);
        }
    }
}

/* --- column names --- */

static void
check_prefixes(struct om_loader *load, const struct om_yaml_node *root)
{
    const struct om_instrument *in = load->instrument;
    const struct om_yaml_node *list = om_yaml_find(root, "prefixes");
    for (size_t i = 0; i < in->n_prefixes; i++) {
        if (!om_is_id(in->prefix[i], false))
            om_yaml_fail(&load->yaml, nth(list, i),
                         "Use small letters, digits and _; columns match in any case.",
                         "\"%.60s\" cannot begin a column name here", in->prefix[i]);
        for (size_t j = 0; j < i; j++)
            if (strcmp(in->prefix[i], in->prefix[j]) == 0)
                om_yaml_fail(&load->yaml, nth(list, i), "Name it once.", "the prefix \"%s\" is given twice",
                             in->prefix[i]);
    }
}

static void
check_tokens(struct om_loader *load, const struct om_yaml_node *list, char **token, size_t n)
{
    const struct om_instrument *in = load->instrument;
    for (size_t i = 0; i < n; i++) {
        int32_t code;
        if (om_integer_parse(token[i], strlen(token[i]), &code) == 1 && code >= 0 && code <= OM_CODE_MAX &&
            in->allowed[code])
            om_yaml_fail(&load->yaml, nth(list, i), "A code for no answer must differ from the answers.",
                         "%d is an answer of this instrument", (int)code);
    }
}

static void
check_namings(struct om_loader *load, const struct om_yaml_node *root)
{
    const struct om_instrument *in = load->instrument;
    const struct om_yaml_node *namings = om_yaml_find(root, "namings");
    for (size_t k = 0; k < in->n_namings; k++) {
        const struct om_naming *naming = &in->naming[k];
        const struct om_yaml_node *map = nth(namings, k), *missing = om_yaml_find(map, "missing");
        for (size_t i = 0; i < in->n_items; i++)
            for (size_t j = 0; j < i; j++)
                if (same_text(naming->column[i], naming->column[j]))
                    om_yaml_fail(&load->yaml, nth(om_yaml_find(map, "columns"), i),
                                 "Each item has its own column.", "the column \"%.60s\" is named twice",
                                 naming->column[i]);
        check_tokens(load, missing, naming->missing, naming->n_missing);
        check_tokens(load, om_yaml_find(map, "declined"), naming->declined, naming->n_declined);
        for (size_t i = 0; i < naming->n_missing; i++)
            for (size_t j = 0; j < naming->n_declined; j++)
                if (same_text(naming->missing[i], naming->declined[j]))
                    om_yaml_fail(&load->yaml, nth(missing, i), "Keep it in one of the two lists.",
                                 "\"%.60s\" is both missing and declined", naming->missing[i]);
    }
}

/* --- safety --- */

static void
check_safety(struct om_loader *load, const struct om_yaml_node *root)
{
    const struct om_instrument *in = load->instrument;
    const struct om_yaml_node *all = om_yaml_find(root, "safety");
    const char *known[64];
    size_t n = 0;
    for (; n < in->n_scales && n < OM_COUNT(known); n++)
        known[n] = in->scale[n].id;
    for (size_t i = 0; i < in->n_safety; i++) {
        const struct om_safety *safety = &in->safety[i];
        const struct om_yaml_node *map = nth(all, i);
        const struct om_scale *scale = om_instrument_scale(in, safety->scale);
        if (!scale)
            om_yaml_fail_unknown(&load->yaml, map->key, "scale", safety->scale, known, n);
        else if (scale->items != UINT64_C(1) << safety->item || scale->combine != OM_COMBINE_SUM)
            om_yaml_fail(
                &load->yaml, map->key, "Add a scale of its own: \"combine: sum\" over this one item.",
                "the scale \"%s\" is not the sum of item \"%s\" alone", scale->id, in->item[safety->item].id);
        if (safety->at_least <= in->minimum || safety->at_least > in->maximum)
            om_yaml_fail(&load->yaml, om_yaml_find(map, "at_least"), NULL,
                         "\"at_least\" must be above %d and at most %d", in->minimum, in->maximum);
        if (in->item[safety->item].reversed)
            om_yaml_fail(&load->yaml, om_yaml_find(map, "item"),
                         "Describe the item with its codes as they are.",
                         "a reversed item cannot be a safety item");
    }
}

void
om_check_instrument(struct om_loader *load, const struct om_yaml_node *root)
{
    const struct om_instrument *in = load->instrument;
    check_wordings(load, root);
    check_prefixes(load, root);
    check_namings(load, root);
    for (size_t i = 0; i < in->n_scales; i++)
        om_check_scale(load, om_yaml_find(om_yaml_find(root, "scales"), in->scale[i].id), &in->scale[i]);
    check_safety(load, root);
}
