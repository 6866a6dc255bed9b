#include "panel/shared.h"
#include "panel/order.h"
#include "panel/places.h"
#include "panel/shard.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/memory.h"

#include <string.h>

om_status
om_exchange_agree(const struct om_exchange *exchange, om_status status, struct om_error *err)
{
    if (!exchange || exchange->size <= 1)
        return status;
    struct om_parcel *from = om_calloc(exchange->size, sizeof *from);
    if (!from && status == OM_OK) /* the others still wait for this one */
        status = om_fail_memory(err);
    struct om_parcel none;
    status = exchange->swap(exchange->context, status, NULL, from ? from : &none, err);
    om_free(from);
    return status;
}

om_status
om_share_bytes(const struct om_exchange *exchange, om_status status, const void *bytes, size_t length,
               struct om_parcel *from, struct om_error *err)
{
    struct om_parcel *to = om_alloc(exchange->size, sizeof *to);
    if (!to && status == OM_OK)
        status = om_fail_memory(err);
    for (size_t r = 0; to && r < exchange->size; r++)
        to[r] = (struct om_parcel){bytes, length};
    status = exchange->swap(exchange->context, status, to, from, err);
    om_free(to);
    return status;
}

om_status
om_share_bytes_with_first(const struct om_exchange *exchange, om_status status, const void *bytes,
                          size_t length, struct om_parcel *from, struct om_error *err)
{
    struct om_parcel *to = om_calloc(exchange->size, sizeof *to);
    if (!to && status == OM_OK)
        status = om_fail_memory(err);
    if (to)
        to[0] = (struct om_parcel){bytes, length};
    status = exchange->swap(exchange->context, status, to, from, err);
    om_free(to);
    return status;
}

static om_status
take_places(const struct om_parcel *from, size_t size, struct om_places *places, struct om_error *err)
{
    struct om_places_stretch stretch;
    for (size_t r = 0; r < size; r++)
        for (size_t at = 0; at < from[r].length; at += sizeof stretch) {
            memcpy(&stretch, (const char *)from[r].bytes + at, sizeof stretch);
            OM_TRY(om_places_append(places, &stretch, err));
        }
    return OM_OK;
}

om_status
om_share_places(const struct om_panel *panel, struct om_places *places, uint64_t before, struct om_error *err)
{
    const struct om_exchange *exchange = panel->spec->exchange;
    const struct om_places own = *places;
    struct om_places_stretch *sent = NULL;
    size_t n = 0;
    struct om_parcel *from = om_calloc(exchange->size, sizeof *from);
    *places = (struct om_places){0};
    om_status status = from ? om_places_list(&own, &sent, &n, err) : om_fail_memory(err);
    for (size_t i = 0; i < n; i++) {
        sent[i].ordinal += before;
        sent[i].place = om_panel_place(panel, sent[i].place);
    }
    status = from ? om_share_bytes_with_first(exchange, status, sent, n * sizeof *sent, from, err)
                  : om_exchange_agree(exchange, status, err);
    if (status == OM_OK && from)
        status = take_places(from, exchange->size, places, err);
    om_free(sent);
    om_free(from);
    return om_exchange_agree(exchange, status, err);
}

om_status
om_share_sum(const struct om_exchange *exchange, om_status status, uint64_t number, uint64_t *sum,
             uint64_t *before, struct om_error *err)
{
    *sum = number;
    if (before)
        *before = 0;
    if (!exchange)
        return status;
    struct om_parcel *from = om_calloc(exchange->size, sizeof *from);
    if (!from)
        return om_exchange_agree(exchange, om_fail_memory(err), err);
    status = om_share_bytes(exchange, status, &number, sizeof number, from, err);
    *sum = 0;
    for (size_t r = 0; r < exchange->size && status == OM_OK; r++) {
        uint64_t one = 0;
        if (from[r].bytes)
            memcpy(&one, from[r].bytes, sizeof one);
        if (before && r == exchange->rank)
            *before = *sum;
        *sum += one;
    }
    om_free(from);
    return status;
}

/* --- the same numbers ----------------------------------------------------------------------------------- */

/* A text as it travels: its length in four bytes, then it. */
static void
put_text(struct om_buffer *out, const char *text, size_t length)
{
    const uint32_t n = (uint32_t)length;
    om_buffer_add(out, &n, sizeof n);
    om_buffer_add(out, text, length);
}

static const char *
take_text(const char **at, size_t *length)
{
    uint32_t n;
    memcpy(&n, *at, sizeof n);
    const char *text = *at + sizeof n;
    *length = n;
    *at = text + n;
    return text;
}

/* One list behind the other: its length, then its texts. */
static om_status
put_lists(const struct om_panel *panel, struct om_buffer *out, struct om_error *err)
{
    uint32_t n = (uint32_t)panel->occasion.n;
    om_buffer_add(out, &n, sizeof n);
    for (size_t i = 0; i < panel->occasion.n; i++)
        put_text(out, panel->occasion.at[i], strlen(panel->occasion.at[i]));
    for (size_t b = 0; b < panel->n_by; b++) {
        const struct om_dictionary *values = &panel->by_value[b];
        n = (uint32_t)values->n;
        om_buffer_add(out, &n, sizeof n);
        for (uint32_t i = 0; i < n; i++)
            put_text(out, om_dictionary_text(values, i), om_dictionary_length(values, i));
    }
    return om_buffer_ok(out) ? OM_OK : om_fail_memory(err);
}

static uint32_t
take_length(const char **at)
{
    uint32_t n;
    memcpy(&n, *at, sizeof n);
    *at += sizeof n;
    return n;
}

/* Where the numbers of one process lead; NULL for those of others. */
static om_status
take_occasions(struct om_panel *panel, const char **at, uint32_t *number, struct om_error *err)
{
    const uint32_t n = take_length(at);
    for (uint32_t i = 0; i < n; i++) {
        size_t length;
        const char *text = take_text(at, &length);
        int index = om_panel_occasion(panel, text, length, err);
        if (index == OM_NONE)
            return err->status;
        if (number)
            number[i] = (uint32_t)index;
    }
    return OM_OK;
}

static om_status
fail_values(const struct om_panel *panel, size_t b, size_t most, struct om_error *err)
{
    const bool groups = b < panel->spec->by.n;
    om_fail(err, OM_ERR_USAGE, "column '%s' has more than %zu different values: %s",
            om_panel_by_name(panel, b), most,
            groups ? "it does not look like a group" : "too many to describe");
    om_hint(err, groups ? "choose another column for --by, or raise --max-groups"
                        : "choose another column for --describe, or round its numbers");
    return OM_ERR_USAGE;
}

static om_status
take_values(struct om_panel *panel, size_t b, const char **at, uint32_t *number, struct om_error *err)
{
    const size_t most = b < panel->spec->by.n ? panel->spec->max_groups : OM_DESCRIBED_MAX;
    const uint32_t n = take_length(at);
    for (uint32_t i = 0; i < n; i++) {
        size_t length;
        const char *text = take_text(at, &length);
        const uint32_t index = om_dictionary_add(&panel->by_value[b], text, length, NULL);
        if (index == OM_DICTIONARY_FULL)
            return om_fail_memory(err);
        if (index > most)
            return fail_values(panel, b, most, err);
        if (number)
            number[i] = index;
    }
    return OM_OK;
}

/* Forgets all occasions and values, but not the blank. */
static void
forget_values(struct om_panel *panel)
{
    om_texts_release(&panel->occasion);
    for (size_t b = 0; b < panel->n_by; b++) {
        om_dictionary_release(&panel->by_value[b]);
        panel->by_value[b] = OM_DICTIONARY_EMPTY;
    }
}

static om_status
make_numbers(const struct om_panel *panel, struct om_shared_numbers *out, struct om_error *err)
{
    out->occasion = om_calloc(panel->occasion.n + 1, sizeof *out->occasion);
    bool made = out->occasion != NULL;
    for (size_t b = 0; b < panel->n_by; b++) {
        out->by[b] = om_calloc(panel->by_value[b].n + 1, sizeof *out->by[b]);
        made &= out->by[b] != NULL;
    }
    return made ? OM_OK : om_fail_memory(err);
}

static om_status
unite(struct om_panel *panel, const struct om_parcel *from, struct om_shared_numbers *out,
      struct om_error *err)
{
    const struct om_exchange *exchange = panel->spec->exchange;
    forget_values(panel);
    for (size_t r = 0; r < exchange->size; r++) {
        const bool own = r == exchange->rank;
        const char *at = from[r].bytes;
        OM_TRY(take_occasions(panel, &at, own ? out->occasion : NULL, err));
        for (size_t b = 0; b < panel->n_by; b++)
            OM_TRY(take_values(panel, b, &at, own ? out->by[b] : NULL, err));
    }
    return OM_OK;
}

om_status
om_share_numbers(struct om_panel *panel, struct om_shared_numbers *out, struct om_error *err)
{
    const struct om_exchange *exchange = panel->spec->exchange;
    struct om_buffer lists = OM_BUFFER_EMPTY;
    struct om_parcel *from = om_calloc(exchange->size, sizeof *from);
    *out = (struct om_shared_numbers){0};
    om_status status = from ? make_numbers(panel, out, err) : om_fail_memory(err);
    if (status == OM_OK)
        status = put_lists(panel, &lists, err);
    if (!from)
        return om_exchange_agree(exchange, status, err);
    status = om_share_bytes(exchange, status, om_buffer_string(&lists), lists.length, from, err);
    if (status == OM_OK)
        status = unite(panel, from, out, err);
    om_buffer_release(&lists);
    om_free(from);
    return status;
}

void
om_shared_numbers_release(struct om_shared_numbers *numbers)
{
    om_free(numbers->occasion);
    for (size_t b = 0; b < OM_BY_MAX; b++)
        om_free(numbers->by[b]);
    *numbers = (struct om_shared_numbers){0};
}

/* --- the order of the ids ------------------------------------------------------------------------------- */

static bool
ascend(const struct om_parcel *from, size_t size)
{
    const char *last = NULL;
    size_t n_last = 0;
    for (size_t r = 0; r < size; r++) {
        const char *at = from[r].bytes;
        const bool own = *at++, some = *at++;
        size_t n_first;
        if (!own)
            return false;
        if (!some)
            continue;
        const char *first = take_text(&at, &n_first);
        if (last && om_id_compare(last, n_last, first, n_first) >= 0)
            return false;
        last = take_text(&at, &n_last);
    }
    return true;
}

om_status
om_share_order(const struct om_exchange *exchange, const struct om_last_id *first,
               const struct om_last_id *last, bool ascending, bool *all, struct om_error *err)
{
    struct om_buffer text = OM_BUFFER_EMPTY;
    struct om_parcel *from = om_calloc(exchange->size, sizeof *from);
    om_buffer_char(&text, ascending);
    om_buffer_char(&text, first->text != NULL);
    if (first->text) {
        put_text(&text, first->text, first->length);
        put_text(&text, last->text, last->length);
    }
    if (!from || !om_buffer_ok(&text)) {
        om_buffer_release(&text);
        om_free(from);
        return om_exchange_agree(exchange, om_fail_memory(err), err);
    }
    om_status status = om_share_bytes(exchange, OM_OK, text.data, text.length, from, err);
    *all = status == OM_OK && ascend(from, exchange->size);
    om_buffer_release(&text);
    om_free(from);
    return status;
}
