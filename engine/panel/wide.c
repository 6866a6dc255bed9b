/* A wide panel: a record is a person, and goes on as it is. */
#include "panel/order.h"
#include "panel/persons.h"
#include "panel/settle.h"
#include "panel/store.h"
#include "base/error.h"
#include "base/memory.h"

#include <string.h>

/* What a thread hands on. */
struct hand {
    uint32_t *row, *by;
    size_t capacity;
    uint64_t ordinal; /* of the block's first record */
};

struct wide {
    struct om_persons *persons;
    bool check, keep;
    struct hand *hand;
    struct om_last_id last;
    struct om_store *store; /* ids, with the ordinal of the record */
    struct om_places places;
    struct om_settling *settling; /* for the notes on duplicates */
    uint32_t **file_where;        /* per file: [which * n_items + item] */
};

static om_status
join(void *context, size_t thread, struct om_record_block *block, bool *stop, struct om_error *err)
{
    struct wide *w = context;
    struct om_persons_count *count = w->persons->count;
    if (w->check && !w->keep) {
        enum om_order order;
        OM_TRY(om_last_id_pass(&w->last, block, &order, err));
        count->read_again |= order != OM_ORDER_ASCENDING;
        *stop = count->read_again;
    }
    w->hand[thread].ordinal = w->places.records;
    if (w->keep)
        OM_TRY(om_places_add(&w->places, block, err));
    uint64_t rejected = 0;
    for (size_t r = 0; r < block->n; r++)
        rejected += block->row[r].rejected;
    count->read += block->n;
    count->rejected += rejected;
    count->scored += block->n - rejected;
    count->persons += block->n - rejected;
    return OM_OK;
}

static om_status
make_room(struct hand *hand, size_t n, size_t n_by, struct om_error *err)
{
    if (n <= hand->capacity)
        return OM_OK;
    om_free(hand->row);
    om_free(hand->by);
    hand->capacity = 0;
    hand->row = om_alloc(n, sizeof *hand->row);
    hand->by = om_alloc(n * (n_by ? n_by : 1), sizeof *hand->by);
    if (!hand->row || !hand->by)
        return om_fail_memory(err);
    hand->capacity = n;
    return OM_OK;
}

static om_status
take(void *context, size_t thread, struct om_record_block *block, struct om_error *err)
{
    struct wide *w = context;
    struct hand *hand = &w->hand[thread];
    size_t n_by = w->persons->panel->spec->by.n, n = 0;
    OM_TRY(make_room(hand, block->n, n_by, err));
    for (size_t r = 0; r < block->n; r++) {
        hand->row[n] = (uint32_t)r;
        n += !block->row[r].rejected;
    }
    for (size_t b = 0; b < n_by; b++)
        for (size_t i = 0; i < n; i++)
            hand->by[b * hand->capacity + i] = om_block_by(block, b, hand->row[i]);
    for (size_t i = 0; i < n && w->keep; i++) {
        const struct om_record_row *row = &block->row[hand->row[i]];
        uint64_t ordinal = hand->ordinal + hand->row[i];
        OM_TRY(om_store_put(w->store, thread, row->id, row->id_length, &ordinal, err));
    }
    struct om_person_block persons = {.n = n,
                                      .row = hand->row,
                                      .code = block->code,
                                      .stride = block->stride,
                                      .where = w->file_where[block->file],
                                      .has_last = w->persons->count->last != OM_NONE,
                                      .by = hand->by,
                                      .by_step = hand->capacity};
    return n ? w->persons->consume(w->persons->context, thread, &persons, err) : OM_OK;
}

/* --- duplicates -------------------------------------------------------------------------------------------
 */

/* All records of one id: every one but the first repeats it. */
static om_status
note_duplicates(void *context, size_t thread, const uint8_t *const *payload, size_t n, struct om_error *err)
{
    struct wide *w = context;
    uint64_t first = UINT64_MAX, ordinal;
    for (size_t i = 0; i < n && n > 1; i++) {
        memcpy(&ordinal, payload[i], sizeof ordinal);
        first = ordinal < first ? ordinal : first;
    }
    for (size_t i = 0; i < n && n > 1; i++) {
        memcpy(&ordinal, payload[i], sizeof ordinal);
        if (ordinal == first)
            continue;
        struct om_settle_note note = {.code = 140, .ordinal = ordinal, .first = first};
        w->settling[thread].duplicates++;
        w->settling[thread].rejected++;
        OM_TRY(om_settle_note(&w->settling[thread], note, err));
    }
    return OM_OK;
}

static om_status
find_duplicates(struct wide *w, struct om_error *err)
{
    struct om_persons_count *count = w->persons->count;
    OM_TRY(om_store_visit(w->store, note_duplicates, w, err));
    OM_TRY(om_settle_report(w->persons->panel, w->settling, w->persons->threads, &w->places, count, err));
    count->scored -= count->duplicates;
    count->persons -= count->duplicates;
    return OM_OK;
}

/* --- all of it --------------------------------------------------------------------------------------------
 */

static om_status
prepare(struct wide *w, struct om_error *err)
{
    struct om_persons *persons = w->persons;
    OM_TRY(om_panel_compared(persons->panel, &persons->count->first, &persons->count->last, err));
    int slot[2] = {persons->count->first, persons->count->last};
    OM_TRY(om_persons_where(persons->panel, slot, 2, &w->file_where, err));
    w->hand = om_calloc(persons->threads, sizeof *w->hand);
    w->settling = om_calloc(persons->threads, sizeof *w->settling);
    if (!w->hand || !w->settling)
        return om_fail_memory(err);
    return w->keep ? om_store_new(sizeof(uint64_t), persons->threads, persons->panel->spec->memory, &w->store,
                                  err)
                   : OM_OK;
}

om_status
om_persons_wide(struct om_persons *persons, bool check, bool keep, struct om_error *err)
{
    struct wide w = {.persons = persons, .check = check, .keep = keep};
    struct om_flow_user user = persons->user;
    user.join = join;
    user.take = take;
    user.context = &w;
    om_status status = prepare(&w, err);
    if (status == OM_OK)
        status = om_flow_run(persons->panel, &user, err);
    if (status == OM_OK && keep)
        status = find_duplicates(&w, err);
    for (size_t t = 0; t < persons->threads; t++) {
        if (w.hand) {
            om_free(w.hand[t].row);
            om_free(w.hand[t].by);
        }
        if (w.settling)
            om_free(w.settling[t].note);
    }
    om_free(w.hand);
    om_free(w.settling);
    om_persons_where_release(persons->panel, w.file_where);
    om_last_id_release(&w.last);
    om_places_release(&w.places);
    om_store_free(w.store);
    return status;
}
