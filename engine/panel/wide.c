/* A wide panel: a record is a person, and goes on as it is. */
#include "panel/order.h"
#include "panel/persons.h"
#include "panel/seen.h"
#include "panel/shared.h"
#include "base/error.h"
#include "base/memory.h"

/* What a thread hands on. */
struct hand {
    uint32_t *row, *by;
    size_t capacity;
};

struct wide {
    struct om_persons *persons;
    bool check; /* that ids ascend */
    struct hand *hand;
    struct om_last_id first, last;
    struct om_seen *seen; /* NULL: ids are not kept */
    struct om_persons_where file_where;
};

static om_status
join(void *context, size_t thread, struct om_record_block *block, bool *stop, struct om_error *err)
{
    struct wide *w = context;
    struct om_persons_count *count = w->persons->count;
    (void)thread;
    if (w->check) {
        enum om_order order;
        OM_TRY(om_first_id_note(&w->first, block, err));
        OM_TRY(om_last_id_pass(&w->last, block, &order, err));
        count->read_again |= order != OM_ORDER_ASCENDING;
        *stop = count->read_again;
    }
    if (w->seen)
        OM_TRY(om_seen_join(w->seen, block, err));
    count->read += block->n;
    count->rejected += block->n_rejected;
    count->scored += block->n - block->n_rejected;
    count->persons += block->n - block->n_rejected;
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
    size_t n_by = w->persons->panel->n_by, n = 0;
    OM_TRY(make_room(hand, block->n, n_by, err));
    for (size_t r = 0; r < block->n; r++) {
        hand->row[n] = (uint32_t)r;
        n += !block->row[r].rejected;
    }
    for (size_t b = 0; b < n_by; b++)
        for (size_t i = 0; i < n; i++)
            hand->by[b * hand->capacity + i] = om_block_by(block, b, hand->row[i]);
    if (w->seen)
        OM_TRY(om_seen_take(w->seen, thread, block, err));
    struct om_person_block persons = {.n = n,
                                      .row = hand->row,
                                      .code = block->code,
                                      .stride = block->stride,
                                      .where = w->file_where.item[block->file],
                                      .total_where = w->file_where.total[block->file],
                                      .n_slots = w->persons->count->n_slots,
                                      .by = hand->by,
                                      .by_step = hand->capacity};
    return n ? w->persons->consume(w->persons->context, thread, &persons, err) : OM_OK;
}

/* --- all of it ------------------------------------------------------------------------------------------ */

static om_status
prepare(struct wide *w, bool keep, struct om_error *err)
{
    struct om_persons *persons = w->persons;
    struct om_persons_count *count = persons->count;
    OM_TRY(om_persons_slots(persons->panel, count, err));
    OM_TRY(om_persons_where(persons->panel, count->slot, count->n_slots, &w->file_where, err));
    w->hand = om_calloc(persons->threads, sizeof *w->hand);
    if (!w->hand)
        return om_fail_memory(err);
    return keep ? om_seen_new(persons->panel, persons->threads, &w->seen, err) : OM_OK;
}

/* Who was seen before was counted all the same: nobody but the order of the records could tell. */
static om_status
report_duplicates(struct wide *w, struct om_error *err)
{
    struct om_persons_count *count = w->persons->count;
    OM_TRY(om_seen_report(w->seen, count, err));
    count->scored -= count->duplicates;
    count->persons -= count->duplicates;
    return OM_OK;
}

/* How it went with the other processes: their ids come before or after those of this one. */
static om_status
share(struct wide *w, om_status status, struct om_error *err)
{
    const struct om_exchange *exchange = w->persons->panel->spec->exchange;
    struct om_persons_count *count = w->persons->count;
    bool ascend = false;
    status = om_exchange_agree(exchange, status, err);
    if (!exchange || status != OM_OK || !w->check)
        return status;
    status = om_share_order(exchange, &w->first, &w->last, !count->read_again, &ascend, err);
    count->read_again = !ascend;
    return status;
}

om_status
om_persons_wide(struct om_persons *persons, bool check, bool keep, struct om_error *err)
{
    struct wide w = {.persons = persons, .check = check && !keep};
    struct om_flow_user user = persons->user;
    user.join = join;
    user.take = take;
    user.context = &w;
    om_status status = prepare(&w, keep, err);
    if (status == OM_OK)
        status = om_flow_run(persons->panel, &user, err);
    status = share(&w, status, err);
    if (status == OM_OK && keep)
        status = report_duplicates(&w, err);
    for (size_t t = 0; w.hand && t < persons->threads; t++) {
        om_free(w.hand[t].row);
        om_free(w.hand[t].by);
    }
    om_free(w.hand);
    om_persons_where_release(persons->panel, &w.file_where);
    om_last_id_release(&w.first);
    om_last_id_release(&w.last);
    om_seen_free(w.seen);
    return status;
}
