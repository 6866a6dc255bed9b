/*
 * Records in any order: put away as they come, then person by person.
 *
 * A record:  ordinal (4 bytes) | occasion and groups, as the number of their combination (3) | packed answers
 * | totals
 */
#include "panel/pack.h"
#include "panel/persons.h"
#include "panel/settle.h"
#include "panel/shared.h"
#include "panel/store.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/memory.h"

#include <pthread.h>
#include <string.h>

enum { ORDINAL = 4, COMBINATION = 3, HEAD = ORDINAL + COMBINATION, PERSONS = 256, CACHE = 256 };

/* An occasion and the values of the --by columns. */
struct combination {
    uint32_t of[1 + OM_BY_MAX];
};

/* What one thread has for itself. */
struct desk {
    struct {
        struct combination key;
        uint32_t number; /* + 1; 0: an empty slot */
    } cache[CACHE];
    struct om_pack_room room;
    struct om_sheet sheet[OM_SHEETS_MAX];
    struct combination of[OM_SHEETS_MAX]; /* beside it */
    struct om_sheet *more;                /* of a person with very many records */
    size_t more_capacity;
    uint8_t *code; /* persons to be handed on */
    uint32_t *by;
    size_t n;
};

struct gathering {
    struct om_persons *persons;
    struct om_pack pack;
    size_t n_parts;  /* answers of a record are those of one occasion (long) or of all that are kept (wide) */
    size_t n_totals; /* of a record */
    size_t stride;   /* of a person handed on: the answers of all slots, then the totals of all slots */
    struct om_store *store;
    struct om_places places;
    struct om_settling *settling;
    struct desk *desk;
    struct om_persons_where file_where;
    struct om_pack_form *form;     /* per file */
    uint32_t *where, *total_where; /* in a person handed on */
    uint32_t row[PERSONS];

    pthread_mutex_t lock; /* over the combinations while records are put away */
    struct om_dictionary known;

    /* With other processes: */
    uint64_t records, before; /* read by this one; by those of lower rank */
    uint32_t *number;         /* of each combination among those of all */
};

/* --- putting away --------------------------------------------------------------------------------------- */

static om_status
fail_too_many(struct om_error *err)
{
    om_fail(err, OM_ERR_NOMEM, "more than 4,294,967,295 records that are not in order of the id");
    om_hint(err, "sort the file by id, or split it by person");
    return OM_ERR_NOMEM;
}

static om_status
join(void *context, size_t thread, struct om_record_block *block, bool *stop, struct om_error *err)
{
    struct gathering *g = context;
    struct om_persons_count *count = g->persons->count;
    (void)thread;
    (void)stop;
    OM_TRY(om_places_add(&g->places, block, err));
    if (block->ordinal + block->n > UINT32_MAX)
        return fail_too_many(err);
    count->read += block->n;
    count->rejected += block->n_rejected;
    g->records = block->ordinal + block->n;
    return OM_OK;
}

static uint32_t
add_combination(struct gathering *g, const struct combination *key, size_t n)
{
    pthread_mutex_lock(&g->lock);
    uint32_t number = om_dictionary_add(&g->known, (const char *)key->of, n * sizeof *key->of, NULL);
    pthread_mutex_unlock(&g->lock);
    return number;
}

static om_status
number_of(struct gathering *g, struct desk *desk, const struct combination *key, size_t n, uint32_t *number,
          struct om_error *err)
{
    size_t slot = 0;
    for (size_t i = 0; i < n; i++)
        slot = slot * 31 + key->of[i];
    slot %= CACHE;
    bool same = desk->cache[slot].number != 0;
    for (size_t i = 0; i < n && same; i++)
        same = desk->cache[slot].key.of[i] == key->of[i];
    if (same) {
        *number = desk->cache[slot].number - 1;
        return OM_OK;
    }
    *number = add_combination(g, key, n);
    if (*number == OM_DICTIONARY_FULL || *number >> (8 * COMBINATION))
        return om_fail_memory(err);
    desk->cache[slot].key = *key;
    desk->cache[slot].number = *number + 1;
    return OM_OK;
}

/* The totals of a record, one behind the other. */
static void
put_totals(const struct gathering *g, size_t file, const uint8_t *code, uint8_t *out)
{
    for (size_t i = 0; i < g->n_totals; i++, out += OM_TOTAL_BYTES) {
        uint32_t at = g->file_where.total[file][i];
        if (at == OM_NOWHERE)
            memset(out, OM_CODE_BLANK, OM_TOTAL_BYTES);
        else
            memcpy(out, code + at, OM_TOTAL_BYTES);
    }
}

static om_status
take(void *context, size_t thread, struct om_record_block *block, struct om_error *err)
{
    struct gathering *g = context;
    struct desk *desk = &g->desk[thread];
    size_t n_by = g->persons->panel->n_by;
    for (size_t r = 0; r < block->n; r++) {
        const struct om_record_row *row = &block->row[r];
        if (row->rejected)
            continue;
        struct combination key;
        key.of[0] = (uint32_t)om_block_occasion(block, r);
        for (size_t b = 0; b < n_by; b++)
            key.of[1 + b] = om_block_by(block, b, r);
        uint32_t number, ordinal = (uint32_t)(block->ordinal + r);
        OM_TRY(number_of(g, desk, &key, 1 + n_by, &number, err));
        uint8_t *payload = NULL;
        OM_TRY(om_store_room(g->store, thread, row->id, row->id_length, &payload, err));
        memcpy(payload, &ordinal, ORDINAL);
        for (size_t i = 0; i < COMBINATION; i++)
            payload[ORDINAL + i] = (uint8_t)(number >> (8 * i));
        const uint8_t *code = block->code + r * block->stride;
        om_pack(&g->pack, &g->form[block->file], code, payload + HEAD, &desk->room);
        put_totals(g, block->file, code, payload + HEAD + g->pack.bytes);
    }
    return OM_OK;
}

/* --- taking out ----------------------------------------------------------------------------------------- */

static om_status
hand_on(struct gathering *g, size_t thread, struct om_error *err)
{
    struct desk *desk = &g->desk[thread];
    struct om_person_block block = {.n = desk->n,
                                    .row = g->row,
                                    .code = desk->code,
                                    .stride = g->stride,
                                    .where = g->where,
                                    .total_where = g->total_where,
                                    .n_slots = g->persons->count->n_slots,
                                    .by = desk->by,
                                    .by_step = PERSONS};
    desk->n = 0;
    return block.n ? g->persons->consume(g->persons->context, thread, &block, err) : OM_OK;
}

/* The answers of a person, slot by slot: what is written behind those of one is overwritten by what comes
 * next, in the end by the totals. */
static void
open_answers(const struct gathering *g, const struct om_settled *person, uint8_t *code,
             struct om_pack_room *room)
{
    const struct om_panel *panel = g->persons->panel;
    size_t n_slots = g->persons->count->n_slots, size = panel->n_totals * OM_TOTAL_BYTES;
    uint8_t *total = code + n_slots * panel->n_items;
    if (g->n_parts > 1) { /* all of them in one record */
        om_pack_open(&g->pack, person->code[0], code, room);
        memcpy(total, person->code[0] + g->pack.bytes, n_slots * size);
        return;
    }
    for (size_t k = 0; k < n_slots; k++)
        if (person->code[k])
            om_pack_open(&g->pack, person->code[k], code + k * panel->n_items, room);
        else
            memset(code + k * panel->n_items, OM_CODE_BLANK, panel->n_items);
    for (size_t k = 0; k < n_slots; k++, total += size)
        if (person->code[k])
            memcpy(total, person->code[k] + g->pack.bytes, size);
        else
            memset(total, OM_CODE_BLANK, size);
}

static uint64_t
ordinal_of(const void *context, const uint8_t *payload)
{
    uint32_t ordinal;
    (void)context;
    memcpy(&ordinal, payload, ORDINAL);
    return ordinal;
}

static uint32_t
combination_of(const uint8_t *payload)
{
    uint32_t number = 0;
    for (size_t k = 0; k < COMBINATION; k++)
        number |= (uint32_t)payload[ORDINAL + k] << (8 * k);
    return number;
}

static int
occasion_of(const struct gathering *g, const uint8_t *payload)
{
    uint32_t occasion;
    memcpy(&occasion, om_dictionary_text(&g->known, combination_of(payload)), sizeof occasion);
    return (int)occasion;
}

/* One more record of the person on the desk. */
static om_status
add_sheet(struct gathering *g, size_t thread, const uint8_t *payload, size_t *n, struct om_error *err)
{
    struct desk *desk = &g->desk[thread];
    const uint32_t number = combination_of(payload);
    const struct om_sheet sheet = {
        .ordinal = ordinal_of(NULL, payload), .occasion = occasion_of(g, payload), .code = payload + HEAD};
    size_t at;
    OM_TRY(om_settle_add(&g->settling[thread], desk->sheet, n, &sheet, &at, err));
    if (at == OM_SHEET_NONE)
        return OM_OK;
    memcpy(desk->of[at].of, om_dictionary_text(&g->known, number), om_dictionary_length(&g->known, number));
    desk->sheet[at].code = sheet.code;
    desk->sheet[at].by = desk->of[at].of + 1;
    return OM_OK;
}

static om_status
settle(void *context, size_t thread, const uint8_t *const *payload, size_t n, struct om_error *err)
{
    struct gathering *g = context;
    struct desk *desk = &g->desk[thread];
    struct om_settled person;
    size_t n_sheets = 0;
    for (size_t i = 0; i < n; i++)
        OM_TRY(add_sheet(g, thread, payload[i], &n_sheets, err));
    OM_TRY(om_settle(&g->settling[thread], desk->sheet, n_sheets, &person, err));
    if (!person.alive)
        return OM_OK;
    open_answers(g, &person, desk->code + desk->n * g->stride, &desk->room);
    for (size_t b = 0; b < g->persons->panel->n_by; b++)
        desk->by[b * PERSONS + desk->n] = person.by[b];
    desk->n++;
    return desk->n == PERSONS ? hand_on(g, thread, err) : OM_OK;
}

/* Very many records of a person, of which most do not count. */
static om_status
thin(void *context, size_t thread, const uint8_t *const *payload, size_t n, bool *drop, struct om_error *err)
{
    struct gathering *g = context;
    struct desk *desk = &g->desk[thread];
    for (size_t i = 0; i < n; i++) {
        if (!om_grow(&desk->more, &desk->more_capacity, i, sizeof *desk->more))
            return om_fail_memory(err);
        desk->more[i] = (struct om_sheet){.ordinal = ordinal_of(NULL, payload[i]),
                                          .occasion = occasion_of(g, payload[i])};
    }
    return om_settle_between(&g->settling[thread], desk->more, n, drop, err);
}

static struct om_store_visitor
visitor(struct gathering *g)
{
    return (struct om_store_visitor){.person = settle, .thin = thin, .ordinal = ordinal_of, .context = g};
}

/* --- all of it ------------------------------------------------------------------------------------------ */

static om_status
prepare(struct gathering *g, struct om_error *err)
{
    struct om_persons *persons = g->persons;
    const struct om_panel *panel = persons->panel;
    size_t n_by = panel->n_by ? panel->n_by : 1;
    bool wide = panel->layout == OM_LAYOUT_WIDE;
    static const int only[1] = {0}; /* a long record has one occasion */
    if (wide)
        OM_TRY(om_persons_slots(panel, persons->count, err));
    g->n_parts = wide ? persons->count->n_slots : 1;
    g->n_totals = g->n_parts * panel->n_totals;
    OM_TRY(om_persons_where(panel, wide ? persons->count->slot : only, g->n_parts, &g->file_where, err));
    OM_TRY(om_pack_make(&g->pack, panel, g->n_parts, err));
    size_t bytes = HEAD + g->pack.bytes + g->n_totals * OM_TOTAL_BYTES;
    g->form = om_alloc(panel->n_files, sizeof *g->form);
    if (!g->form)
        return om_fail_memory(err);
    for (size_t f = 0; f < panel->n_files; f++)
        g->form[f] = om_pack_form(&g->pack, g->file_where.item[f]);
    OM_TRY(om_store_new(panel->spec, bytes, persons->threads, &g->store, err));
    OM_TRY(om_settling_new(panel, persons->threads, &g->settling, err));
    g->desk = om_calloc(persons->threads, sizeof *g->desk);
    if (!g->desk)
        return om_fail_memory(err);
    for (size_t t = 0; t < persons->threads; t++) {
        struct desk *desk = &g->desk[t];
        desk->by = om_alloc(n_by * PERSONS, sizeof *desk->by);
        if (!desk->by)
            return om_fail_memory(err);
    }
    for (uint32_t i = 0; i < PERSONS; i++)
        g->row[i] = i;
    return OM_OK;
}

/* Where everything is in a person handed on. */
static om_status
lay_out_persons(struct gathering *g, struct om_error *err)
{
    const struct om_panel *panel = g->persons->panel;
    size_t n_slots = g->persons->count->n_slots, items = n_slots * panel->n_items,
           totals = n_slots * panel->n_totals;
    g->stride = items + totals * OM_TOTAL_BYTES;
    g->where = om_alloc(items + 1, sizeof *g->where);
    g->total_where = om_alloc(totals + 1, sizeof *g->total_where);
    if (!g->where || !g->total_where)
        return om_fail_memory(err);
    for (size_t i = 0; i < items; i++)
        g->where[i] = (uint32_t)i;
    for (size_t i = 0; i < totals; i++)
        g->total_where[i] = (uint32_t)(items + i * OM_TOTAL_BYTES);
    for (size_t t = 0; t < g->persons->threads; t++) {
        g->desk[t].code = om_alloc(PERSONS * g->stride + OM_PACK_STEP, 1);
        if (!g->desk[t].code)
            return om_fail_memory(err);
    }
    return OM_OK;
}

static void
start_settling(struct gathering *g)
{
    const struct om_persons_count *count = g->persons->count;
    for (size_t t = 0; t < g->persons->threads; t++) {
        g->settling[t].slot = count->slot;
        g->settling[t].n_slots = count->n_slots;
    }
}

/* --- with other processes ------------------------------------------------------------------------------- */

/* The combinations of this process, in the numbers that all have agreed on. */
static om_status
translate_combinations(const struct gathering *g, const struct om_shared_numbers *numbers,
                       struct om_buffer *out, struct om_error *err)
{
    const size_t n_by = g->persons->panel->n_by;
    for (uint32_t i = 0; i < g->known.n; i++) {
        struct combination key;
        memcpy(key.of, om_dictionary_text(&g->known, i), om_dictionary_length(&g->known, i));
        if (g->persons->panel->layout == OM_LAYOUT_LONG)
            key.of[0] = numbers->occasion[key.of[0]];
        for (size_t b = 0; b < n_by; b++)
            key.of[1 + b] = numbers->by[b][key.of[1 + b]];
        om_buffer_add(out, key.of, (1 + n_by) * sizeof *key.of);
    }
    return om_buffer_ok(out) ? OM_OK : om_fail_memory(err);
}

/* The combinations of all processes, and which of them those of this one are. */
static om_status
unite_combinations(struct gathering *g, const struct om_parcel *from, struct om_error *err)
{
    const struct om_exchange *exchange = g->persons->panel->spec->exchange;
    const size_t bytes = (1 + g->persons->panel->n_by) * sizeof(uint32_t);
    g->number = om_alloc(g->known.n + 1, sizeof *g->number);
    if (!g->number)
        return om_fail_memory(err);
    om_dictionary_release(&g->known);
    g->known = OM_DICTIONARY_EMPTY;
    for (size_t r = 0; r < exchange->size; r++)
        for (size_t i = 0; i < from[r].length / bytes; i++) {
            const char *key = (const char *)from[r].bytes + i * bytes;
            const uint32_t number = om_dictionary_add(&g->known, key, bytes, NULL);
            if (number == OM_DICTIONARY_FULL || number >> (8 * COMBINATION))
                return om_fail_memory(err);
            if (r == exchange->rank)
                g->number[i] = number;
        }
    return OM_OK;
}

/* Agrees with the other processes on the numbers of everything that a record names. */
static om_status
share(struct gathering *g, om_status status, struct om_error *err)
{
    struct om_panel *panel = g->persons->panel;
    const struct om_exchange *exchange = panel->spec->exchange;
    struct om_shared_numbers numbers = {0};
    struct om_buffer combinations = OM_BUFFER_EMPTY;
    struct om_parcel *from = om_calloc(exchange->size, sizeof *from);
    uint64_t all = 0;
    if (!from)
        return om_exchange_agree(exchange, status == OM_OK ? om_fail_memory(err) : status, err);
    status = om_share_sum(exchange, status, g->records, &all, &g->before, err);
    if (status == OM_OK && all > UINT32_MAX)
        status = fail_too_many(err); /* in all processes */
    if (status == OM_OK) {
        status = om_share_numbers(panel, &numbers, err);
        if (status == OM_OK)
            status = translate_combinations(g, &numbers, &combinations, err);
        status =
            om_share_bytes(exchange, status, om_buffer_string(&combinations), combinations.length, from, err);
        if (status == OM_OK)
            status = unite_combinations(g, from, err);
        status = om_exchange_agree(exchange, status, err);
    }
    om_shared_numbers_release(&numbers);
    om_buffer_release(&combinations);
    om_free(from);
    return status;
}

static void
translate(void *context, uint8_t *payload)
{
    const struct gathering *g = context;
    uint32_t ordinal, number = 0;
    memcpy(&ordinal, payload, ORDINAL);
    for (size_t k = 0; k < COMBINATION; k++)
        number |= (uint32_t)payload[ORDINAL + k] << (8 * k);
    ordinal += (uint32_t)g->before;
    number = g->number[number];
    memcpy(payload, &ordinal, ORDINAL);
    for (size_t k = 0; k < COMBINATION; k++)
        payload[ORDINAL + k] = (uint8_t)(number >> (8 * k));
}

/* Every record is counted by the process in which its person is. Nothing may be lost on the way. */
static om_status
settle_shared(struct gathering *g, struct om_error *err)
{
    const struct om_exchange *exchange = g->persons->panel->spec->exchange;
    struct om_persons_count *count = g->persons->count;
    uint64_t sent, got;
    OM_TRY(om_share_sum(exchange, OM_OK, count->read, &sent, NULL, err));
    count->read = count->scored + count->rejected + count->skipped;
    OM_TRY(om_share_sum(exchange, OM_OK, count->read, &got, NULL, err));
    if (sent == got)
        return OM_OK;
    return om_fail(err, OM_ERR_INTERNAL, "records were lost between processes: this is a fault of omstat");
}

/* --- all of it, again ----------------------------------------------------------------------------------- */

/* The occasions are known when all records are. */
static om_status
take_out_shared(struct gathering *g, struct om_error *err)
{
    struct om_persons *persons = g->persons;
    struct om_persons_count *count = persons->count;
    om_status status = om_persons_slots(persons->panel, count, err);
    if (status == OM_OK)
        status = lay_out_persons(g, err);
    start_settling(g);
    const struct om_store_visitor who = visitor(g);
    status = om_store_visit_shared(g->store, status, translate, &who, err);
    if (status == OM_OK)
        status = hand_on(g, 0, err);
    OM_TRY(om_exchange_agree(persons->panel->spec->exchange, status, err));
    OM_TRY(
        om_settle_report(persons->panel, g->settling, persons->threads, &g->places, g->before, count, err));
    return settle_shared(g, err);
}

static om_status
take_out(struct gathering *g, struct om_error *err)
{
    struct om_persons *persons = g->persons;
    struct om_persons_count *count = persons->count;
    OM_TRY(om_persons_slots(persons->panel, count, err));
    OM_TRY(lay_out_persons(g, err));
    start_settling(g);
    const struct om_store_visitor who = visitor(g);
    OM_TRY(om_store_visit(g->store, &who, err));
    for (size_t t = 0; t < persons->threads; t++)
        OM_TRY(hand_on(g, t, err));
    return om_settle_report(persons->panel, g->settling, persons->threads, &g->places, g->before, count, err);
}

static void
release(struct gathering *g)
{
    for (size_t t = 0; g->desk && t < g->persons->threads; t++) {
        om_free(g->desk[t].more);
        om_free(g->desk[t].code);
        om_free(g->desk[t].by);
    }
    om_settling_free(g->settling);
    om_free(g->desk);
    om_persons_where_release(g->persons->panel, &g->file_where);
    om_free(g->form);
    om_free(g->where);
    om_free(g->total_where);
    om_free(g->number);
    om_pack_release(&g->pack);
    om_places_release(&g->places);
    om_dictionary_release(&g->known);
    om_store_free(g->store);
}

om_status
om_persons_gather(struct om_persons *persons, struct om_error *err)
{
    struct gathering g = {.persons = persons, .lock = PTHREAD_MUTEX_INITIALIZER};
    struct om_flow_user user = persons->user;
    user.join = join;
    user.take = take;
    user.context = &g;
    const struct om_exchange *exchange = persons->panel->spec->exchange;
    om_status status = prepare(&g, err);
    if (status == OM_OK)
        status = om_flow_run(persons->panel, &user, err);
    if (exchange)
        status = share(&g, status, err);
    if (status == OM_OK)
        status = exchange ? take_out_shared(&g, err) : take_out(&g, err);
    release(&g);
    return status;
}
