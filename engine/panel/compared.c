#include "panel/occasion.h"
#include "panel/persons.h"
#include "panel/shard.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/number.h"

#include <string.h>

/* May the name of an occasion stand in a message? It is a cell's value, and the column may be the wrong one:
 * only words that are known for occasions, and short numbers, are shown. */
static bool
is_shown(const char *name)
{
    struct om_occasion_word word;
    size_t length = strlen(name);
    return om_occasion_parse(name, length, false, &word) ||
           (length <= 3 && om_occasion_parse(name, length, true, &word));
}

static void
add_names(const struct om_panel *panel, struct om_buffer *list)
{
    size_t hidden = 0, shown = 0;
    for (size_t i = 0; i < panel->occasion.n; i++) {
        if (!is_shown(panel->occasion.at[i]))
            hidden++;
        else
            om_buffer_format(list, "%s%s", shown++ ? ", " : "", panel->occasion.at[i]);
    }
    if (hidden)
        om_buffer_format(list, "%s%zu not shown", shown ? ", " : "", hidden);
}

static om_status
fail_unknown(const struct om_panel *panel, const char *name, struct om_error *err)
{
    struct om_buffer list = OM_BUFFER_EMPTY;
    add_names(panel, &list);
    om_fail(err, OM_ERR_USAGE, "there is no occasion '%s'", name);
    om_hint(err, "the occasions there are: %s", om_buffer_string(&list));
    om_buffer_release(&list);
    return OM_ERR_USAGE;
}

static om_status
fail_order(const struct om_panel *panel, struct om_error *err)
{
    struct om_occasion_word word;
    size_t odd = 0; /* the first one that is no word for an occasion, and perhaps a mistyped one */
    while (odd < panel->occasion.n &&
           om_occasion_parse(panel->occasion.at[odd], strlen(panel->occasion.at[odd]), true, &word))
        odd++;
    struct om_buffer list = OM_BUFFER_EMPTY;
    add_names(panel, &list);
    om_fail(err, OM_ERR_PANEL, "OM142 the %zu occasions have no order of their own: %s", panel->occasion.n,
            om_buffer_string(&list));
    om_hint(err, "say which to compare with --occasions FIRST,LAST, written as in the data");
    om_buffer_release(&list);
    if (panel->spec->thorough && odd < panel->occasion.n && panel->occasion_place[odd].line) {
        const struct om_record_place at = om_panel_place(panel, panel->occasion_place[odd]);
        om_place(err, panel->file[at.file].path, at.line, 0);
    }
    return OM_ERR_PANEL;
}

/* Does occasion a come before b? Refuses when they have no order. */
static om_status
before(const struct om_panel *panel, size_t a, size_t b, bool *is, struct om_error *err)
{
    struct om_occasion_word x, y;
    const char *first = panel->occasion.at[a], *second = panel->occasion.at[b];
    int order;
    if (!om_occasion_parse(first, strlen(first), true, &x) ||
        !om_occasion_parse(second, strlen(second), true, &y) || !om_occasion_order(&x, &y, &order))
        return fail_order(panel, err);
    *is = order < 0;
    return OM_OK;
}

/* Do the names alone put every two occasions in order? */
static bool
have_order(const struct om_panel *panel)
{
    for (size_t i = 1; i < panel->occasion.n; i++)
        for (size_t j = 0; j < i; j++) {
            struct om_occasion_word x, y;
            const char *a = panel->occasion.at[j], *b = panel->occasion.at[i];
            int order;
            if (!om_occasion_parse(a, strlen(a), true, &x) || !om_occasion_parse(b, strlen(b), true, &y) ||
                !om_occasion_order(&x, &y, &order))
                return false;
        }
    return true;
}

static om_status
find_asked(const struct om_panel *panel, size_t i, int *found, struct om_error *err)
{
    const struct om_texts *asked = &panel->spec->occasions;
    *found = om_texts_find(&panel->occasion, asked->at[i]);
    if (*found == OM_NONE) /* the word in the column names serves too: w1 for pre */
        *found = om_texts_find(&panel->occasion_token, asked->at[i]);
    return *found == OM_NONE ? fail_unknown(panel, asked->at[i], err) : OM_OK;
}

om_status
om_panel_order_occasions(const struct om_panel *panel, int *order, size_t *n, struct om_error *err)
{
    const struct om_texts *asked = &panel->spec->occasions;
    *n = asked->n ? asked->n : panel->occasion.n;
    for (size_t i = 0; i < *n; i++) {
        order[i] = (int)i;
        if (asked->n)
            OM_TRY(find_asked(panel, i, &order[i], err));
    }
    /* Wide panels are in order already. Files given one per occasion are as they were given, unless their
     * names know better: `post=` before `pre=` must not turn every change round. */
    bool ordered = asked->n || panel->layout == OM_LAYOUT_WIDE ||
                   (panel->file[0].fixed_occasion != OM_NONE && !have_order(panel));
    for (size_t i = 1; i < *n && !ordered; i++)
        for (size_t k = i; k > 0; k--) {
            bool swap = false;
            OM_TRY(before(panel, (size_t)order[k], (size_t)order[k - 1], &swap, err));
            if (!swap)
                break;
            int one = order[k];
            order[k] = order[k - 1];
            order[k - 1] = one;
        }
    return OM_OK;
}

om_status
om_panel_compared(const struct om_panel *panel, int *first, int *last, struct om_error *err)
{
    int order[OM_OCCASIONS_MAX];
    size_t n = 0;
    OM_TRY(om_panel_order_occasions(panel, order, &n, err));
    *first = n ? order[0] : 0;
    *last = n > 1 ? order[n - 1] : OM_NONE;
    return OM_OK;
}

/* Says which occasions these are, in this order. Names from column names or from the command line are shown;
 * a cell may be anything. */
static void
say_others(const struct om_panel *panel, const char *what, const int *occasion, size_t n,
           struct om_buffer *text)
{
    const bool cells = panel->layout == OM_LAYOUT_LONG && panel->file[0].fixed_occasion == OM_NONE;
    size_t shown = 0, hidden = 0;
    for (size_t i = 0; i < n; i++)
        if (cells && !is_shown(panel->occasion.at[occasion[i]]))
            hidden++;
        else
            om_buffer_format(text, "%s%s", shown++ ? ", " : what, panel->occasion.at[occasion[i]]);
    if (hidden)
        om_buffer_format(text, "%s%zu not shown", shown ? ", " : what, hidden);
}

/* Those that are neither among the n of the list nor the two compared, by name: the order of records is not
 * to show. Returns how many. */
static size_t
list_rest(const struct om_panel *panel, int first, int last, const int *followed, size_t n, int *rest)
{
    size_t n_rest = 0;
    for (int i = 0; i < (int)panel->occasion.n; i++) {
        bool found = i == first || i == last;
        for (size_t k = 0; k < n && !found; k++)
            found = followed[k] == i;
        if (found)
            continue;
        size_t at = n_rest++;
        for (; at > 0 && om_natural_compare(panel->occasion.at[i], panel->occasion.at[rest[at - 1]]) < 0;
             at--)
            rest[at] = rest[at - 1];
        rest[at] = i;
    }
    return n_rest;
}

om_status
om_panel_say_compared(struct om_panel *panel, int first, int last, struct om_error *err)
{
    struct om_buffer text = OM_BUFFER_EMPTY;
    int order[OM_OCCASIONS_MAX], rest[OM_OCCASIONS_MAX];
    size_t n = 0;
    if (panel->occasion.n < 2 || (panel->layout == OM_LAYOUT_WIDE && panel->occasion.n == 2))
        return OM_OK;
    if (panel->spec->every_occasion)
        OM_TRY(om_panel_order_occasions(panel, order, &n, err));
    const size_t n_followed = n > 2 ? n - 2 : 0; /* between the two */
    const size_t n_rest = list_rest(panel, first, last, order + 1, n_followed, rest);
    om_buffer_format(&text, "compared: %s", panel->occasion.at[first]);
    if (last != OM_NONE)
        om_buffer_format(&text, " (first) and %s (last)", panel->occasion.at[last]);
    say_others(panel, "; also followed: ", order + 1, n_followed, &text);
    say_others(panel, "; not compared: ", rest, n_rest, &text);
    om_status status = om_buffer_ok(&text)
                           ? om_texts_add(&panel->reading, om_buffer_string(&text), text.length, err)
                           : om_fail_memory(err);
    om_buffer_release(&text);
    return status;
}
