/* Persons whose records are with several processes: each part comes together at its owner. */
#include "panel/shared.h"
#include "panel/store.h"
#include "base/error.h"
#include "base/memory.h"

#include <string.h>

om_status
om_store_share_seed(const struct om_exchange *exchange, om_status status, uint64_t *seed,
                    struct om_error *err)
{
    struct om_parcel *from = om_calloc(exchange->size, sizeof *from);
    const uint64_t none = 0;
    if (!from && status == OM_OK)
        status = om_fail_memory(err);
    status = from ? om_share_bytes(exchange, status, seed ? seed : &none, sizeof none, from, err)
                  : om_exchange_agree(exchange, status, err);
    if (status == OM_OK && seed && from && from[0].bytes)
        memcpy(seed, from[0].bytes, sizeof *seed);
    om_free(from);
    return status;
}

struct round {
    struct om_store *store;
    const struct om_exchange *exchange;
    struct om_store_records *out; /* per process: what it is to get */
    struct om_parcel *to, *from;
};

/* Takes one part of each owner out of the store. */
static om_status
fill(struct round *round, size_t kind, size_t turn, om_store_translate_fn *translate, void *context,
     struct om_error *err)
{
    const size_t size = round->exchange->size, bytes = om_store_record_bytes(round->store, kind);
    const size_t payload = bytes - om_store_payload(round->store);
    for (size_t r = 0; r < size; r++) {
        const size_t part = turn * size + r;
        if (part >= OM_STORE_PARTS)
            continue;
        struct om_store_records *out = &round->out[r];
        OM_TRY(om_store_take(round->store, kind, part, out, err));
        for (size_t i = 0; i < out->n; i++)
            translate(context, out->bytes + i * bytes + payload);
        round->to[r] = (struct om_parcel){out->bytes, out->n * bytes};
    }
    return OM_OK;
}

static void
empty(struct round *round)
{
    for (size_t r = 0; r < round->exchange->size; r++) {
        om_free(round->out[r].bytes);
        round->out[r] = (struct om_store_records){0};
        round->to[r] = (struct om_parcel){0};
    }
}

/* The records of one part, from all processes. */
static om_status
put_together(const struct round *round, size_t kind, struct om_store_records *all, struct om_error *err)
{
    size_t length = 0;
    for (size_t r = 0; r < round->exchange->size; r++)
        length += round->from[r].length;
    *all = (struct om_store_records){.n = length / om_store_record_bytes(round->store, kind)};
    if (length == 0)
        return OM_OK;
    uint8_t *at = all->bytes = om_alloc(length + OM_STORE_BEHIND, 1);
    if (!at)
        return om_fail_memory(err);
    for (size_t r = 0; r < round->exchange->size; r++) {
        if (round->from[r].length)
            memcpy(at, round->from[r].bytes, round->from[r].length);
        at += round->from[r].length;
    }
    return OM_OK;
}

om_status
om_store_visit_shared(struct om_store *store, om_status status, om_store_translate_fn *translate,
                      const struct om_store_visitor *visitor, struct om_error *err)
{
    const struct om_exchange *exchange = om_store_exchange(store);
    struct round round = {.store = store,
                          .exchange = exchange,
                          .out = om_calloc(exchange->size, sizeof *round.out),
                          .to = om_calloc(exchange->size, sizeof *round.to),
                          .from = om_calloc(exchange->size, sizeof *round.from)};
    if (status == OM_OK && (!round.out || !round.to || !round.from))
        status = om_fail_memory(err);
    const size_t turns = (OM_STORE_PARTS + exchange->size - 1) / exchange->size;
    status = om_exchange_agree(exchange, status, err);
    bool agreed = status != OM_OK; /* that there is an error: nobody goes on */
    for (size_t i = 0; i < OM_STORE_KINDS * turns && !agreed; i++) {
        struct om_store_records all = {0};
        if (status == OM_OK) /* otherwise the others learn of it now */
            status = fill(&round, i / turns, i % turns, translate, visitor->context, err);
        status = exchange->swap(exchange->context, status, round.to, round.from, err);
        agreed = status != OM_OK;
        empty(&round);
        if (!agreed)
            status = put_together(&round, i / turns, &all, err);
        if (status == OM_OK)
            status = om_store_visit_records(store, i / turns, &all, visitor, 0, err);
        om_free(all.bytes);
    }
    if (!agreed)
        status = om_exchange_agree(exchange, status, err);
    om_free(round.out);
    om_free(round.to);
    om_free(round.from);
    return status;
}
