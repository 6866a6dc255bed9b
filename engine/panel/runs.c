/*
 * A long panel in order of the id: the records of a person follow each other, and the person is complete when
 * the next one begins. Nothing is kept but the last person of the block before.
 *
 *   block k      A A | B B | C C | D          D is held: more of D may follow
 *   block k + 1  D | E E | ...                 held D and this D are one person; its thread takes both
 */
#include "panel/order.h"
#include "panel/persons.h"
#include "panel/settle.h"
#include "base/error.h"
#include "base/memory.h"

#include <string.h>

enum { PERSONS = 256 };

/* Records of one person, copied: one an occasion. */
struct held {
    char *id;
    size_t id_length, id_capacity;
    size_t n;
    struct om_sheet sheet[OM_SHEETS_MAX]; /* its by and code are set when it is used */
    uint32_t *by;                         /* [record][by column] */
    uint8_t *code;                        /* [record][stride] */
    size_t by_capacity, code_capacity;    /* in records */
};

/* What one thread has for itself. */
struct desk {
    struct held head; /* the person before the block's own ones; none when n is 0 */
    size_t from, to;  /* records of the block that are persons of its own */
    struct om_sheet sheet[OM_SHEETS_MAX];
    uint32_t *sheet_by; /* beside it */
    uint8_t *code;      /* persons to be handed on: the record at the first occasion, then that at the last */
    uint32_t *by;
    size_t n;
};

struct runs {
    struct om_persons *persons;
    size_t stride, n_by, n_occasions;
    struct held held;
    struct om_last_id last;
    struct om_places places;
    struct desk *desk;
    struct om_settling *settling;
    uint32_t *where, *total_where;
    uint32_t row[PERSONS];
};

/* --- held records --------------------------------------------------------------------------------------- */

static void
release_held(struct held *held)
{
    om_free(held->id);
    om_free(held->by);
    om_free(held->code);
    *held = (struct held){0};
}

static om_status
hold_id(struct held *held, const struct om_record_row *row, struct om_error *err)
{
    if (row->id_length > held->id_capacity || !held->id) {
        char *larger = om_realloc(held->id, 2 * (size_t)row->id_length + 1, 1);
        if (!larger)
            return om_fail_memory(err);
        held->id = larger;
        held->id_capacity = 2 * (size_t)row->id_length + 1;
    }
    memcpy(held->id, row->id, row->id_length);
    held->id_length = row->id_length;
    return OM_OK;
}

static om_status
hold(const struct runs *runs, size_t thread, struct held *held, const struct om_record_block *block, size_t r,
     struct om_error *err)
{
    const size_t n_by = runs->n_by ? runs->n_by : 1;
    const struct om_sheet sheet = {.ordinal = block->ordinal + r, .occasion = om_block_occasion(block, r)};
    size_t at;
    if (held->n == 0)
        OM_TRY(hold_id(held, &block->row[r], err));
    OM_TRY(om_settle_add(&runs->settling[thread], held->sheet, &held->n, &sheet, &at, err));
    if (at == OM_SHEET_NONE)
        return OM_OK;
    if (!om_grow(&held->by, &held->by_capacity, at, n_by * sizeof *held->by) ||
        !om_grow(&held->code, &held->code_capacity, at, runs->stride))
        return om_fail_memory(err);
    for (size_t b = 0; b < runs->n_by; b++)
        held->by[at * n_by + b] = om_block_by(block, b, r);
    memcpy(held->code + at * runs->stride, block->code + r * runs->stride, runs->stride);
    return OM_OK;
}

static bool
is_held(const struct held *held, const struct om_record_row *row)
{
    return held->n > 0 && om_id_compare(held->id, held->id_length, row->id, row->id_length) == 0;
}

/* --- joining -------------------------------------------------------------------------------------------- */

/* The two occasions to compare, from those seen so far. If they change later, all has been in vain. */
static bool
still_compared(struct runs *runs)
{
    struct om_persons_count *count = runs->persons->count;
    struct om_panel *panel = runs->persons->panel;
    struct om_persons_count now = {.last = OM_NONE};
    if (panel->occasion.n == runs->n_occasions)
        return true;
    bool began = runs->n_occasions > 0;
    runs->n_occasions = panel->occasion.n;
    if (om_persons_slots(panel, &now, NULL) != OM_OK)
        return false;
    if (began) /* other threads are reading them */
        return now.first == count->first && now.last == count->last;
    count->first = now.first;
    count->last = now.last;
    count->n_slots = now.n_slots;
    memcpy(count->slot, now.slot, sizeof now.slot);
    return true;
}

/* Deals the records of the block: those of the person held before, the block's own persons, the last one. */
static om_status
deal(struct runs *runs, size_t thread, const struct om_record_block *block, struct om_error *err)
{
    struct desk *desk = &runs->desk[thread];
    size_t n = block->n, first = 0;
    desk->from = desk->to = desk->head.n = 0;
    while (first < n && block->row[first].rejected)
        first++;
    if (first == n)
        return OM_OK;
    size_t last = n;
    while (block->row[last - 1].rejected)
        last--;
    size_t own = last - 1; /* where the last person begins */
    for (size_t r = own; r-- > first;)
        if (!block->row[r].rejected) {
            if (!om_id_equal(&block->row[r], &block->row[last - 1]))
                break;
            own = r;
        }
    desk->from = first;
    while (desk->from < last && is_held(&runs->held, &block->row[desk->from])) {
        OM_TRY(hold(runs, thread, &runs->held, block, desk->from, err));
        do
            desk->from++;
        while (desk->from < last && block->row[desk->from].rejected);
    }
    if (desk->from == last) { /* all of them are of the one person */
        desk->from = desk->to = 0;
        return OM_OK;
    }
    const struct held empty = desk->head;
    desk->head = runs->held;
    runs->held = empty;
    runs->held.n = 0;
    desk->to = own;
    for (size_t r = own; r < last; r++)
        if (!block->row[r].rejected)
            OM_TRY(hold(runs, thread, &runs->held, block, r, err));
    return OM_OK;
}

static om_status
join(void *context, size_t thread, struct om_record_block *block, bool *stop, struct om_error *err)
{
    struct runs *runs = context;
    struct om_persons_count *count = runs->persons->count;
    struct desk *desk = &runs->desk[thread];
    enum om_order order;
    OM_TRY(om_last_id_pass(&runs->last, block, &order, err));
    OM_TRY(om_places_add(&runs->places, block, err));
    if (order == OM_ORDER_NONE || (block->n > 0 && !still_compared(runs))) {
        count->read_again = *stop = true;
        desk->from = desk->to = desk->head.n = 0;
        return OM_OK;
    }
    count->read += block->n;
    count->rejected += block->n_rejected;
    return deal(runs, thread, block, err);
}

/* --- taking --------------------------------------------------------------------------------------------- */

static om_status
hand_on(struct runs *runs, size_t thread, struct om_error *err)
{
    struct desk *desk = &runs->desk[thread];
    struct om_person_block block = {.n = desk->n,
                                    .row = runs->row,
                                    .code = desk->code,
                                    .stride = 2 * runs->stride,
                                    .where = runs->where,
                                    .total_where = runs->total_where,
                                    .n_slots = runs->persons->count->n_slots,
                                    .by = desk->by,
                                    .by_step = PERSONS};
    desk->n = 0;
    return block.n ? runs->persons->consume(runs->persons->context, thread, &block, err) : OM_OK;
}

static om_status
take_person(struct runs *runs, size_t thread, const struct om_sheet *sheet, size_t n, struct om_error *err)
{
    struct desk *desk = &runs->desk[thread];
    struct om_settled person;
    struct om_settling *settling = &runs->settling[thread];
    settling->slot = runs->persons->count->slot;
    settling->n_slots = runs->persons->count->n_slots;
    OM_TRY(om_settle(settling, sheet, n, &person, err));
    if (!person.alive)
        return OM_OK;
    uint8_t *code = desk->code + desk->n * 2 * runs->stride;
    for (size_t which = 0; which < settling->n_slots; which++)
        if (person.code[which])
            memcpy(code + which * runs->stride, person.code[which], runs->stride);
        else
            memset(code + which * runs->stride, OM_CODE_BLANK, runs->stride);
    for (size_t b = 0; b < runs->n_by; b++)
        desk->by[b * PERSONS + desk->n] = person.by[b];
    desk->n++;
    return desk->n == PERSONS ? hand_on(runs, thread, err) : OM_OK;
}

static om_status
take_held(struct runs *runs, size_t thread, struct held *held, struct om_error *err)
{
    size_t n_by = runs->n_by ? runs->n_by : 1;
    for (size_t i = 0; i < held->n; i++) {
        held->sheet[i].by = held->by + i * n_by;
        held->sheet[i].code = held->code + i * runs->stride;
    }
    size_t n = held->n;
    held->n = 0;
    return n ? take_person(runs, thread, held->sheet, n, err) : OM_OK;
}

/* The records from `from` on that are of one person; returns where the next one begins. */
static om_status
take_run(struct runs *runs, size_t thread, const struct om_record_block *block, size_t from, size_t *next,
         struct om_error *err)
{
    struct desk *desk = &runs->desk[thread];
    size_t n = 0, r = from, at;
    for (; r < desk->to; r++) {
        const struct om_record_row *row = &block->row[r];
        if (row->rejected)
            continue;
        if (!om_id_equal(row, &block->row[from]))
            break;
        const struct om_sheet sheet = {.ordinal = block->ordinal + r,
                                       .occasion = om_block_occasion(block, r),
                                       .code = block->code + r * runs->stride};
        OM_TRY(om_settle_add(&runs->settling[thread], desk->sheet, &n, &sheet, &at, err));
        if (at == OM_SHEET_NONE)
            continue;
        for (size_t b = 0; b < runs->n_by; b++)
            desk->sheet_by[at * runs->n_by + b] = om_block_by(block, b, r);
        desk->sheet[at].by = desk->sheet_by + at * runs->n_by;
    }
    *next = r;
    return take_person(runs, thread, desk->sheet, n, err);
}

static om_status
take(void *context, size_t thread, struct om_record_block *block, struct om_error *err)
{
    struct runs *runs = context;
    struct desk *desk = &runs->desk[thread];
    OM_TRY(take_held(runs, thread, &desk->head, err));
    for (size_t r = desk->from; r < desk->to;) {
        if (block->row[r].rejected)
            r++;
        else
            OM_TRY(take_run(runs, thread, block, r, &r, err));
    }
    return hand_on(runs, thread, err);
}

/* --- all of it ------------------------------------------------------------------------------------------ */

/* Where something is in two rows that follow each other. */
static uint32_t *
twice(const uint32_t *where, size_t n, size_t stride)
{
    uint32_t *at = om_alloc(2 * n + 1, sizeof *at);
    for (size_t i = 0; at && i < n; i++) {
        at[i] = where[i];
        at[n + i] = where[i] == OM_NOWHERE ? OM_NOWHERE : (uint32_t)(stride + where[i]);
    }
    return at;
}

static om_status
prepare(struct runs *runs, struct om_error *err)
{
    const struct om_panel *panel = runs->persons->panel;
    size_t threads = runs->persons->threads;
    const struct om_form *form = &panel->file[0].form;
    runs->desk = om_calloc(threads, sizeof *runs->desk);
    OM_TRY(om_settling_new(panel, threads, &runs->settling, err));
    runs->where = twice(form->where, panel->n_items, runs->stride);
    runs->total_where = twice(form->total_where, panel->n_totals, runs->stride);
    if (!runs->desk || !runs->where || !runs->total_where)
        return om_fail_memory(err);
    for (size_t t = 0; t < threads; t++) {
        runs->desk[t].sheet_by = om_alloc((runs->n_by ? runs->n_by : 1) * OM_SHEETS_MAX, sizeof(uint32_t));
        runs->desk[t].code = om_alloc((size_t)PERSONS * 2, runs->stride);
        runs->desk[t].by = om_alloc((runs->n_by ? runs->n_by : 1) * PERSONS, sizeof(uint32_t));
        if (!runs->desk[t].sheet_by || !runs->desk[t].code || !runs->desk[t].by)
            return om_fail_memory(err);
    }
    for (uint32_t i = 0; i < PERSONS; i++)
        runs->row[i] = i;
    return OM_OK;
}

/* The last person, and what was noted of all. */
static om_status
finish(struct runs *runs, struct om_error *err)
{
    struct om_persons_count *count = runs->persons->count;
    if (count->read_again)
        return OM_OK;
    if (count->read == 0) /* nothing was compared yet */
        OM_TRY(om_persons_slots(runs->persons->panel, count, err));
    OM_TRY(take_held(runs, 0, &runs->held, err));
    OM_TRY(hand_on(runs, 0, err));
    return om_settle_report(runs->persons->panel, runs->settling, runs->persons->threads, &runs->places, 0,
                            count, err);
}

static void
release(struct runs *runs)
{
    for (size_t t = 0; runs->desk && t < runs->persons->threads; t++) {
        release_held(&runs->desk[t].head);
        om_free(runs->desk[t].sheet_by);
        om_free(runs->desk[t].code);
        om_free(runs->desk[t].by);
    }
    release_held(&runs->held);
    om_free(runs->desk);
    om_settling_free(runs->settling);
    om_free(runs->where);
    om_free(runs->total_where);
    om_last_id_release(&runs->last);
    om_places_release(&runs->places);
}

om_status
om_persons_runs(struct om_persons *persons, struct om_error *err)
{
    struct runs runs = {.persons = persons,
                        .stride = persons->panel->file[0].form.n_tiles * OM_TILE,
                        .n_by = persons->panel->n_by};
    struct om_flow_user user = persons->user;
    user.join = join;
    user.take = take;
    user.context = &runs;
    om_status status = prepare(&runs, err);
    if (status == OM_OK)
        status = om_flow_run(persons->panel, &user, err);
    if (status == OM_OK)
        status = finish(&runs, err);
    release(&runs);
    return status;
}
