#include "panel/gather.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/number.h"

#include <stdio.h>
#include <string.h>

/*
 * One kept record:  sheet[i] = who, when and where; by and code hold its groups and answers:
 *
 *   by:    [record][by column]                   code: [record][slot * n_items + item]
 *
 * A person's records form a list through `next`, newest first.
 */
struct sheet {
    uint32_t person;
    uint32_t next;
    int occasion;
    uint32_t file;
    uint64_t line, number;
    bool dead; /* a duplicate that does not count */
};

enum { END_OF_LIST = UINT32_MAX };

struct gathering {
    struct om_panel *panel;
    struct om_persons_count *count;
    struct om_dictionary ids;
    uint32_t *head; /* per person */
    size_t head_capacity;
    struct sheet *sheet;
    size_t n_sheets, sheet_capacity;
    uint32_t *by;
    size_t by_capacity; /* in records */
    uint8_t *code;
    size_t code_capacity; /* in records */
    size_t row_items;     /* answer bytes of one record */
    uint32_t *block_by;   /* [by column][OM_BLOCK] */
    uint8_t *block_code;  /* [which * n_items + item][OM_BLOCK] */
    const uint8_t **column;
};

void
om_report_duplicate(const struct om_panel *panel, size_t file, const struct om_record_row *row,
                    const struct om_record_place *first)
{
    char message[400];
    snprintf(message, sizeof message, "the same person%s as in record %llu (line %llu)%s%.200s",
             panel->layout == OM_LAYOUT_LONG ? " and occasion" : "", (unsigned long long)first->number,
             (unsigned long long)first->line, first->file != file ? " of " : "",
             first->file != file ? panel->file[first->file].path : "");
    /* Once the policy has said which of them counts, it is no error any more. */
    bool settled = panel->spec->duplicates != OM_DUPLICATES_ERROR;
    om_panel_fault(panel, 140, settled ? OM_WARNING : OM_BAD, file, row, panel->file[file].id, message,
                   "mend the data, or say which counts: --duplicates first, last or reject-all");
}

om_status
om_fail_duplicates(const struct om_panel *panel, uint64_t n, struct om_error *err)
{
    bool wide = panel->layout == OM_LAYOUT_WIDE;
    om_fail(err, OM_ERR_DATA, "OM140 %llu record%s a person%s already seen", (unsigned long long)n,
            n == 1 ? " repeats" : "s repeat", wide ? "" : " and occasion");
    om_hint(err, "mend the data, or say which counts: --duplicates first, last or reject-all");
    return OM_ERR_DATA;
}

static struct sheet *
find_sheet(struct gathering *g, uint32_t person, int occasion)
{
    for (uint32_t i = g->head[person]; i != END_OF_LIST; i = g->sheet[i].next)
        if (g->sheet[i].occasion == occasion)
            return &g->sheet[i];
    return NULL;
}

static void
copy_record(struct gathering *g, size_t index, const struct om_record_block *block, size_t r)
{
    size_t n_by = g->panel->spec->by.n;
    for (size_t b = 0; b < n_by; b++)
        g->by[index * n_by + b] = block->by[b * OM_BLOCK + r];
    for (size_t c = 0; c < g->row_items; c++)
        g->code[index * g->row_items + c] = block->code[c * OM_BLOCK + r];
}

/* A person and occasion seen before: the policy decides. */
static void
take_duplicate(struct gathering *g, struct sheet *old, const struct om_record_block *block, size_t r)
{
    const struct om_record_row *row = &block->row[r];
    struct om_record_place first = {.file = old->file, .line = old->line, .number = old->number};
    om_report_duplicate(g->panel, block->file, row, &first);
    g->count->duplicates++;
    g->count->rejected++;
    switch (g->panel->spec->duplicates) {
    case OM_DUPLICATES_LAST:
        copy_record(g, (size_t)(old - g->sheet), block, r);
        break;
    case OM_DUPLICATES_REJECT:
        g->count->rejected += !old->dead;
        old->dead = true;
        break;
    case OM_DUPLICATES_ERROR:
    case OM_DUPLICATES_FIRST:
        break;
    }
}

static om_status
take_row(struct gathering *g, const struct om_record_block *block, size_t r, struct om_error *err)
{
    const struct om_record_row *row = &block->row[r];
    bool is_new;
    uint32_t person = om_dictionary_add(&g->ids, row->id, row->id_length, &is_new);
    if (person == OM_DICTIONARY_FULL || !om_grow(&g->head, &g->head_capacity, person, sizeof *g->head))
        return om_fail_memory(err);
    if (is_new)
        g->head[person] = END_OF_LIST;
    struct sheet *old = find_sheet(g, person, row->occasion);
    if (old) {
        take_duplicate(g, old, block, r);
        return OM_OK;
    }
    size_t n_by = g->panel->spec->by.n, n = g->n_sheets;
    if (n >= END_OF_LIST || !om_grow(&g->sheet, &g->sheet_capacity, n, sizeof *g->sheet) ||
        !om_grow(&g->by, &g->by_capacity, n, (n_by ? n_by : 1) * sizeof *g->by) ||
        !om_grow(&g->code, &g->code_capacity, n, g->row_items))
        return om_fail_memory(err);
    g->sheet[n] = (struct sheet){.person = person,
                                 .next = g->head[person],
                                 .occasion = row->occasion,
                                 .file = (uint32_t)block->file,
                                 .line = row->line,
                                 .number = row->number};
    g->head[person] = (uint32_t)n;
    copy_record(g, n, block, r);
    g->n_sheets++;
    return OM_OK;
}

/* The sheets of one person that matter, and the group they put the person in. */
struct person {
    const struct sheet *at[2]; /* at the two occasions compared */
    bool alive;
};

static struct person
collect_person(const struct gathering *g, uint32_t who)
{
    struct person p = {0};
    bool wide = g->panel->layout == OM_LAYOUT_WIDE;
    for (uint32_t i = g->head[who]; i != END_OF_LIST; i = g->sheet[i].next) {
        const struct sheet *sheet = &g->sheet[i];
        if (sheet->dead)
            continue;
        p.alive = true;
        if (wide || sheet->occasion == g->count->first)
            p.at[0] = sheet;
        if (wide || sheet->occasion == g->count->last)
            p.at[1] = sheet;
    }
    return p;
}

/* Is sheet a to be asked for the group before sheet b? The first occasion, the last, then the others by name.
 */
static bool
asked_before(const struct gathering *g, const struct sheet *a, const struct sheet *b)
{
    int first = g->count->first, last = g->count->last;
    int rank_a = a->occasion == first ? 0 : a->occasion == last ? 1 : 2;
    int rank_b = b->occasion == first ? 0 : b->occasion == last ? 1 : 2;
    if (rank_a != rank_b || rank_a < 2)
        return rank_a < rank_b;
    return om_natural_compare(g->panel->occasion.at[a->occasion], g->panel->occasion.at[b->occasion]) < 0;
}

/* The group of a person in one --by column: that of the first occasion that gives one. */
static uint32_t
group_of(const struct gathering *g, uint32_t who, size_t b)
{
    size_t n_by = g->panel->spec->by.n;
    const struct sheet *best = NULL;
    const struct sheet *other = NULL;
    for (uint32_t i = g->head[who]; i != END_OF_LIST; i = g->sheet[i].next) {
        const struct sheet *sheet = &g->sheet[i];
        uint32_t value = g->by[i * n_by + b];
        if (sheet->dead || value == 0)
            continue;
        if (best && value != g->by[(size_t)(best - g->sheet) * n_by + b])
            other = sheet;
        if (!best || asked_before(g, sheet, best))
            best = sheet;
    }
    if (other) {
        struct om_record_row row = {.line = other->line, .number = other->number};
        om_panel_fault(g->panel, 143, OM_WARNING, other->file, &row, g->panel->file[other->file].by[b],
                       "the person's group is not the same at every occasion",
                       "the group at the first occasion is used");
    }
    return best ? g->by[(size_t)(best - g->sheet) * n_by + b] : 0;
}

static void
fill_person(struct gathering *g, const struct person *p, uint32_t who, size_t r)
{
    size_t n_items = g->panel->n_items;
    bool wide = g->panel->layout == OM_LAYOUT_WIDE;
    int slot[2] = {wide ? g->count->first : 0, wide ? g->count->last : 0};
    for (size_t b = 0; b < g->panel->spec->by.n; b++)
        g->block_by[b * OM_BLOCK + r] = group_of(g, who, b);
    for (size_t which = 0; which < 2; which++) {
        const struct sheet *sheet = slot[which] == OM_NONE ? NULL : p->at[which];
        const uint8_t *from =
            sheet ? g->code + (size_t)(sheet - g->sheet) * g->row_items + (size_t)slot[which] * n_items
                  : NULL;
        for (size_t i = 0; i < n_items; i++)
            g->block_code[(which * n_items + i) * OM_BLOCK + r] = from ? from[i] : OM_CODE_BLANK;
    }
}

static om_status
hand_out(struct gathering *g, om_person_fn *consume, void *context, struct om_error *err)
{
    struct om_person_block block = {.by = g->block_by, .code = g->column};
    for (uint32_t who = 0; who < g->ids.n; who++) {
        struct person p = collect_person(g, who);
        if (!p.alive)
            continue;
        fill_person(g, &p, who, block.n++);
        g->count->persons++;
        if (block.n == OM_BLOCK) {
            OM_TRY(consume(context, &block, err));
            block.n = 0;
        }
    }
    return block.n ? consume(context, &block, err) : OM_OK;
}

static void
count_sheets(struct gathering *g)
{
    bool wide = g->panel->layout == OM_LAYOUT_WIDE;
    for (size_t i = 0; i < g->n_sheets; i++) {
        const struct sheet *sheet = &g->sheet[i];
        if (sheet->dead)
            continue;
        bool compared = wide || sheet->occasion == g->count->first || sheet->occasion == g->count->last;
        g->count->scored += compared;
        g->count->skipped += !compared;
    }
}

static om_status
gather_all(struct gathering *g, om_panel_progress_fn *progress, void *progress_context, struct om_error *err)
{
    const struct om_record_block *block;
    for (;;) {
        OM_TRY(om_panel_next(g->panel, &block, err));
        if (block->n == 0)
            return OM_OK;
        for (size_t r = 0; r < block->n; r++) {
            g->count->read++;
            if (block->row[r].rejected)
                g->count->rejected++;
            else
                OM_TRY(take_row(g, block, r, err));
        }
        if (progress)
            progress(progress_context, om_panel_bytes_read(g->panel), om_panel_bytes_total(g->panel));
    }
}

static om_status
prepare(struct gathering *g, struct om_error *err)
{
    size_t columns = 2 * g->panel->n_items;
    g->row_items = g->panel->n_slots * g->panel->n_items;
    g->block_by = om_alloc(g->panel->spec->by.n * OM_BLOCK, sizeof *g->block_by);
    g->block_code = om_alloc(columns, OM_BLOCK);
    g->column = om_alloc(columns, sizeof *g->column);
    if (!g->block_by || !g->block_code || !g->column)
        return om_fail_memory(err);
    for (size_t c = 0; c < columns; c++)
        g->column[c] = g->block_code + c * OM_BLOCK;
    return OM_OK;
}

om_status
om_gather(struct om_panel *panel, om_person_fn *consume, void *context, om_panel_progress_fn *progress,
          void *progress_context, struct om_persons_count *count, struct om_error *err)
{
    struct gathering g = {.panel = panel, .count = count};
    om_status status = prepare(&g, err);
    if (status == OM_OK)
        status = gather_all(&g, progress, progress_context, err);
    if (status == OM_OK)
        status = om_panel_compared(panel, &count->first, &count->last, err);
    if (status == OM_OK && count->last == OM_NONE)
        for (size_t i = 0; i < panel->n_items; i++)
            g.column[panel->n_items + i] = NULL;
    if (status == OM_OK) {
        count_sheets(&g);
        status = hand_out(&g, consume, context, err);
    }
    om_dictionary_release(&g.ids);
    om_free(g.head);
    om_free(g.sheet);
    om_free(g.by);
    om_free(g.code);
    om_free(g.block_by);
    om_free(g.block_code);
    om_free(g.column);
    return status;
}
