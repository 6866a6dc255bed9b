/* Records to forms, and forms to the checks. */
#include "validate/exam.h"
#include "base/error.h"
#include "base/memory.h"
#include "kernels/kernels.h"
#include "panel/turn.h"

#include <string.h>

/* What a thread has for itself. */
struct om_exam_desk {
    struct om_turn *turn; /* per file; in a long panel one more, of persons */
    uint8_t *row;         /* the records turned, one behind the other */
    uint32_t index[OM_EXAM_ROWS], sampled[OM_EXAM_ROWS];
    struct om_exam_form *form[2];
};

/* --- forms ---------------------------------------------------------------------------------------------- */

static void
make_forms(const struct om_exam *exam, const uint32_t *where, const uint8_t *const *column, size_t n,
           struct om_exam_form *form)
{
    const struct om_panel *panel = exam->panel;
    const uint8_t *own[OM_ITEMS_MAX];
    for (size_t k = 0; k < panel->n_instruments; k++) {
        const struct om_panel_instrument *at = &panel->instrument[k];
        form[k].here = exam->own[k] && where[at->item[0]] != OM_NOWHERE;
        if (!form[k].here)
            continue;
        for (size_t j = 0; j < at->instrument->n_items; j++)
            own[j] = column[at->item[j]];
        const struct om_column_forms out = {form[k].present, form[k].answered,  form[k].blank,
                                            form[k].na,      form[k].different, form[k].sum};
        om_kernels_active()->column_forms(own, at->instrument->n_items, n, exam->step, &out);
    }
}

/* --- records -------------------------------------------------------------------------------------------- */

static om_status
join(void *context, const struct om_record_block *block, struct om_error *err)
{
    struct om_exam *exam = context;
    return om_places_add(&exam->places, block, err);
}

static om_status
show_forms(struct om_exam *exam, size_t thread, const struct om_exam_block *block, struct om_error *err)
{
    for (size_t c = 0; c < exam->n_checks; c++)
        if (exam->check[c]->forms)
            OM_TRY(exam->check[c]->forms(exam, exam->plan[c], exam->state[c][thread], block, err));
    return OM_OK;
}

static om_status
show_pairs(struct om_exam *exam, size_t thread, const struct om_exam_pairs *pairs, struct om_error *err)
{
    for (size_t c = 0; c < exam->n_checks; c++)
        if (exam->check[c]->pairs)
            OM_TRY(exam->check[c]->pairs(exam, exam->plan[c], exam->state[c][thread], pairs, err));
    return OM_OK;
}

/* For statistics that need no exact count: all of the first 16,384 records, then every 64th. */
static size_t
sample(const struct om_record_block *block, struct om_exam_desk *desk, size_t n)
{
    size_t sampled = 0;
    for (size_t i = 0; i < n; i++) {
        const uint64_t ordinal = block->ordinal + desk->index[i];
        desk->sampled[sampled] = (uint32_t)i;
        sampled += ordinal < 16384 || ordinal % 64 == 0;
    }
    return sampled;
}

/* n records of one layout whose rows are copied and numbered on the desk. */
static om_status
look_at_rows(struct om_exam *exam, size_t thread, const struct om_record_block *block, int occasion, size_t n,
             struct om_error *err)
{
    const struct om_panel *panel = exam->panel;
    struct om_exam_desk *desk = &exam->desk[thread];
    const struct om_turn *turn = &desk->turn[block->file];
    const bool wide = panel->layout == OM_LAYOUT_WIDE;
    const size_t n_sampled = sample(block, desk, n);
    om_turn_round(turn, desk->row, n);
    for (size_t slot = 0; slot < panel->n_slots; slot++) {
        const uint32_t *where = block->where + slot * panel->n_items;
        const uint8_t *const *column = turn->at + slot * panel->n_items;
        const int at = wide ? (int)slot : occasion;
        struct om_exam_form *form = desk->form[wide && at == exam->last];
        make_forms(exam, where, column, n, form);
        OM_TRY(show_forms(exam, thread,
                          &(struct om_exam_block){.n = n,
                                                  .thread = thread,
                                                  .block = block,
                                                  .row = desk->index,
                                                  .sampled = desk->sampled,
                                                  .n_sampled = n_sampled,
                                                  .occasion = at,
                                                  .slot = slot,
                                                  .column = column,
                                                  .form = form,
                                                  .code = desk->row,
                                                  .stride = block->stride,
                                                  .where = where},
                          err));
    }
    if (!wide || exam->last == OM_NONE)
        return OM_OK;
    const size_t first = (size_t)exam->first, last = (size_t)exam->last;
    if (panel->n_slots > 2) /* those of another occasion may stand there */
        make_forms(exam, block->where + first * panel->n_items, turn->at + first * panel->n_items, n,
                   desk->form[0]);
    return show_pairs(exam, thread,
                      &(struct om_exam_pairs){.n = n,
                                              .before = turn->at + first * panel->n_items,
                                              .after = turn->at + last * panel->n_items,
                                              .form_before = desk->form[0],
                                              .form_after = desk->form[1]},
                      err);
}

/* All records of the block at one occasion; in a wide panel all. */
static om_status
look_at_occasion(struct om_exam *exam, size_t thread, const struct om_record_block *block, int occasion,
                 struct om_error *err)
{
    struct om_exam_desk *desk = &exam->desk[thread];
    size_t n = 0;
    for (size_t r = 0; r < block->n; r++) {
        if (block->row[r].rejected || (occasion != OM_NONE && om_block_occasion(block, r) != occasion))
            continue;
        memcpy(desk->row + n * block->stride, block->code + r * block->stride, block->stride);
        desk->index[n++] = (uint32_t)r;
        if (n == OM_EXAM_ROWS) {
            OM_TRY(look_at_rows(exam, thread, block, occasion, n, err));
            n = 0;
        }
    }
    return n ? look_at_rows(exam, thread, block, occasion, n, err) : OM_OK;
}

static om_status
look(void *context, size_t thread, const struct om_record_block *block, struct om_error *err)
{
    struct om_exam *exam = context;
    uint64_t seen = 0; /* bit k: some record is of occasion k */
    if (exam->panel->layout == OM_LAYOUT_WIDE)
        return look_at_occasion(exam, thread, block, OM_NONE, err);
    for (size_t r = 0; r < block->n; r++)
        if (!block->row[r].rejected)
            seen |= UINT64_C(1) << om_block_occasion(block, r);
    for (int occasion = 0; occasion < OM_OCCASIONS_MAX; occasion++)
        if (seen >> occasion & 1)
            OM_TRY(look_at_occasion(exam, thread, block, occasion, err));
    return OM_OK;
}

/* --- persons of a long panel ---------------------------------------------------------------------------- */

static om_status
make_row_room(struct om_exam_desk *desk, size_t stride, struct om_error *err)
{
    uint8_t *larger = om_alloc_lines(OM_EXAM_ROWS * stride + OM_LANE, 1);
    if (!larger)
        return om_fail_memory(err);
    memset(larger, OM_CODE_BLANK, OM_EXAM_ROWS * stride + OM_LANE);
    om_free(desk->row);
    desk->row = larger;
    return OM_OK;
}

om_status
om_exam_persons(void *context, size_t thread, const struct om_person_block *block, struct om_error *err)
{
    struct om_exam *exam = context;
    struct om_exam_desk *desk = &exam->desk[thread];
    const size_t n_items = exam->panel->n_items;
    struct om_turn *turn = &desk->turn[exam->panel->n_files];
    for (size_t c = 0; c < exam->n_checks; c++)
        if (exam->check[c]->persons)
            OM_TRY(exam->check[c]->persons(exam, exam->plan[c], exam->state[c][thread], block, err));
    if (exam->panel->layout == OM_LAYOUT_WIDE || block->n_slots < 2)
        return OM_OK;
    if (!turn->at || turn->stride != block->stride) {
        OM_TRY(om_turn_plan(turn, block->where, 2 * n_items, block->stride, OM_EXAM_ROWS, err));
        OM_TRY(make_row_room(desk, block->stride, err));
    }
    for (size_t from = 0, n; from < block->n; from += n) {
        n = block->n - from < OM_EXAM_ROWS ? block->n - from : OM_EXAM_ROWS;
        for (size_t i = 0; i < n; i++)
            memcpy(desk->row + i * block->stride, block->code + block->row[from + i] * block->stride,
                   block->stride);
        om_turn_round(turn, desk->row, n);
        make_forms(exam, block->where, turn->at, n, desk->form[0]);
        make_forms(exam, block->where + n_items, turn->at + n_items, n, desk->form[1]);
        OM_TRY(show_pairs(exam, thread,
                          &(struct om_exam_pairs){.n = n,
                                                  .before = turn->at,
                                                  .after = turn->at + n_items,
                                                  .form_before = desk->form[0],
                                                  .form_after = desk->form[1]},
                          err));
    }
    return OM_OK;
}

/* --- from beginning to end ------------------------------------------------------------------------------ */

/* A short form that shares the columns of a longer one is not looked at again. Own ones come first. */
static om_status
find_own(struct om_exam *exam, struct om_error *err)
{
    const struct om_panel *panel = exam->panel;
    bool *taken = om_calloc(panel->n_items + 1, sizeof *taken);
    exam->own = om_calloc(panel->n_instruments + 1, sizeof *exam->own);
    exam->miscoded = om_calloc(panel->n_instruments + 1, sizeof *exam->miscoded);
    if (!taken || !exam->own || !exam->miscoded) {
        om_free(taken);
        return om_fail_memory(err);
    }
    exam->step = UINT8_MAX;
    for (size_t k = 0; k < panel->n_instruments; k++) {
        const struct om_panel_instrument *at = &panel->instrument[k];
        if (at->instrument->maximum > 0 && UINT8_MAX / (size_t)at->instrument->maximum < exam->step)
            exam->step = UINT8_MAX / (size_t)at->instrument->maximum;
        if (om_instrument_is_total(at->instrument) || taken[at->item[0]])
            continue;
        exam->own[k] = true;
        exam->n_forms++;
        for (size_t j = 0; j < at->instrument->n_items; j++)
            taken[at->item[j]] = true;
    }
    om_free(taken);
    return OM_OK;
}

static om_status
open_desk(const struct om_exam *exam, struct om_exam_desk *desk, struct om_error *err)
{
    const struct om_panel *panel = exam->panel;
    size_t widest = 0;
    desk->turn = om_calloc(panel->n_files + 1, sizeof *desk->turn);
    desk->form[0] = om_calloc(panel->n_instruments + 1, sizeof *desk->form[0]);
    desk->form[1] = om_calloc(panel->n_instruments + 1, sizeof *desk->form[1]);
    if (!desk->turn || !desk->form[0] || !desk->form[1])
        return om_fail_memory(err);
    for (size_t f = 0; f < panel->n_files; f++) {
        const struct om_form *form = &panel->file[f].form;
        const size_t stride = form->n_tiles * OM_TILE;
        widest = stride > widest ? stride : widest;
        OM_TRY(om_turn_plan(&desk->turn[f], form->where, panel->n_slots * panel->n_items, stride,
                            OM_EXAM_ROWS, err));
    }
    return make_row_room(desk, widest, err);
}

static om_status
add_check(struct om_exam *exam, const struct om_check *check, struct om_error *err)
{
    const size_t c = exam->n_checks;
    exam->check[c] = check;
    om_status status = check->begin(exam, &exam->plan[c], err);
    if (status != OM_OK || !exam->plan[c]) {
        check->end(exam->plan[c]);
        exam->plan[c] = NULL;
        return status;
    }
    exam->n_checks++;
    exam->state[c] = om_calloc(exam->threads, sizeof *exam->state[c]);
    if (!exam->state[c])
        return om_fail_memory(err);
    for (size_t t = 0; t < exam->threads; t++)
        OM_TRY(check->open(exam, exam->plan[c], &exam->state[c][t], err));
    return OM_OK;
}

om_status
om_exam_begin(struct om_exam *exam, struct om_panel *panel, const struct om_exam_settings *settings,
              void (*skip)(void *context, int code, const char *reason), void *context, struct om_error *err)
{
    static const struct om_check *const checks[] = {&om_check_coding, &om_check_forms,  &om_check_changes,
                                                    &om_check_twins,  &om_check_stored, &om_check_rules,
                                                    &om_check_dates,  &om_check_groups};
    *exam = (struct om_exam){.panel = panel,
                             .settings = settings,
                             .threads = om_flow_threads(panel),
                             .first = OM_NONE,
                             .last = OM_NONE,
                             .skip = skip,
                             .skip_context = context};
    if (panel->layout == OM_LAYOUT_WIDE)
        OM_TRY(om_panel_compared(panel, &exam->first, &exam->last, err));
    OM_TRY(find_own(exam, err));
    exam->desk = om_calloc(exam->threads, sizeof *exam->desk);
    if (!exam->desk)
        return om_fail_memory(err);
    for (size_t t = 0; t < exam->threads; t++)
        OM_TRY(open_desk(exam, &exam->desk[t], err));
    for (size_t c = 0; c < sizeof checks / sizeof checks[0]; c++)
        OM_TRY(add_check(exam, checks[c], err));
    exam->observer = (struct om_observer){join, look, exam};
    panel->observer = &exam->observer;
    return OM_OK;
}

om_status
om_exam_finish(struct om_exam *exam, const struct om_persons_count *count, struct om_error *err)
{
    exam->first = count->first;
    exam->last = count->last;
    for (size_t c = 0; c < exam->n_checks; c++)
        OM_TRY(exam->check[c]->finish(exam, exam->plan[c], exam->state[c], exam->threads, err));
    return OM_OK;
}

void
om_exam_end(struct om_exam *exam)
{
    for (size_t c = 0; c < exam->n_checks; c++) {
        for (size_t t = 0; exam->state[c] && t < exam->threads; t++)
            exam->check[c]->close(exam->state[c][t]);
        om_free(exam->state[c]);
        exam->check[c]->end(exam->plan[c]);
    }
    for (size_t t = 0; exam->desk && t < exam->threads; t++) {
        struct om_exam_desk *desk = &exam->desk[t];
        for (size_t f = 0; desk->turn && f <= exam->panel->n_files; f++)
            om_turn_release(&desk->turn[f]);
        om_free(desk->turn);
        om_free(desk->row);
        om_free(desk->form[0]);
        om_free(desk->form[1]);
    }
    om_free(exam->desk);
    om_free(exam->own);
    om_free(exam->miscoded);
    om_places_release(&exam->places);
    if (exam->panel)
        exam->panel->observer = NULL;
    *exam = (struct om_exam){0};
}
