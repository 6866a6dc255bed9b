#include "panel/flow.h"
#include "panel/shard.h"
#include "panel/worker.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/parallel.h"

#include <pthread.h>
#include <string.h>

struct flow {
    struct om_panel *panel;
    const struct om_flow_user *user;
    struct om_worker *worker; /* per thread */

    pthread_mutex_t input; /* over claiming: */
    size_t file;           /* whose pieces are being claimed */
    uint64_t claimed;
    struct om_cut *cut; /* per file */

    pthread_mutex_t order; /* over joining: */
    pthread_cond_t turn;
    uint64_t joined;
    char *tail; /* the unfinished record that the last piece joined ends with */
    size_t n_tail, tail_capacity;
    uint64_t line, number, byte_offset; /* before the tail */
    uint64_t ordinal;                   /* records joined, of all files */

    _Atomic int stop; /* nothing more is to be claimed or joined */
    om_status status; /* the error of the earliest piece that had one */
    uint64_t status_piece;
    struct om_error error;
};

/* What a thread has in its hands. */
struct claim {
    uint64_t number;
    size_t file;
    bool first; /* of its file */
};

static void
fail(struct flow *flow, uint64_t piece, om_status status, const struct om_error *error)
{
    if (flow->status == OM_OK || piece < flow->status_piece) {
        flow->status = status;
        flow->status_piece = piece;
        flow->error = *error;
    }
    flow->stop = 1;
}

/* --- claiming ------------------------------------------------------------------------------------------- */

static om_status
claim_piece(struct flow *flow, struct om_worker *worker, struct claim *claim, struct om_error *err)
{
    struct om_cut *cut = &flow->cut[flow->file];
    claim->file = flow->file;
    claim->first = cut->source == NULL;
    if (claim->first) {
        struct om_panel_file *file = &flow->panel->file[flow->file];
        size_t size = flow->panel->spec->piece ? flow->panel->spec->piece : OM_CUT_SIZE;
        if (file->part)
            om_cut_open_part(cut, om_csv_source(file->reader), &file->digest, size, file->from, file->to);
        else
            om_cut_open(cut, om_csv_source(file->reader), &file->digest, size);
    }
    OM_TRY(om_cut_claim(cut, &worker->piece, err));
    flow->file += cut->ended;
    return OM_OK;
}

/* Takes the next piece and reads its bytes. False when there is none left. */
static bool
next_piece(struct flow *flow, struct om_worker *worker, struct claim *claim, om_status *status,
           struct om_error *err)
{
    pthread_mutex_lock(&flow->input);
    while (flow->file < flow->panel->n_files && flow->panel->file[flow->file].none)
        flow->file++;
    bool got = !flow->stop && flow->file < flow->panel->n_files;
    if (got) {
        claim->number = flow->claimed++;
        *status = claim_piece(flow, worker, claim, err);
        if (*status != OM_OK)
            flow->stop = 1;
    }
    pthread_mutex_unlock(&flow->input);
    if (got && *status == OM_OK)
        *status = om_cut_read(&flow->cut[claim->file], &worker->piece, err);
    return got;
}

/* --- decoding ------------------------------------------------------------------------------------------- */

/* What the reader of a file has read with the header stands before the first piece; a part of a file is read
 * by itself. */
static size_t
read_with_header(const struct om_panel_file *file, const char **bytes, struct om_csv_lines *at)
{
    const size_t n = om_csv_waiting(file->reader, bytes, at);
    return file->part ? 0 : n;
}

static void
decode(struct flow *flow, struct om_worker *worker, const struct claim *claim)
{
    struct om_piece *piece = &worker->piece;
    const char *waiting;
    struct om_csv_lines at;
    size_t n = claim->first ? read_with_header(&flow->panel->file[claim->file], &waiting, &at) : 0;
    if (n > 0)
        om_worker_read_behind(worker, claim->file, waiting, n);
    else
        om_worker_read(worker, claim->file, piece->bytes, piece->length, piece->last);
}

static om_status
prepare(struct flow *flow, struct om_worker *worker, size_t thread, struct om_error *err)
{
    if (!flow->user->prepare)
        return OM_OK;
    return flow->user->prepare(flow->user->context, thread, &worker->block, err);
}

/* --- joining -------------------------------------------------------------------------------------------- */

/* A line of the piece, as it is numbered in the file. */
static uint64_t
line_of(const struct flow *flow, size_t file, uint64_t line)
{
    const struct om_record_place place = {.file = file, .line = flow->line + line};
    return om_panel_place(flow->panel, place).line;
}

/* The panel's number of a value of a --by or --describe column. */
static om_status
join_by(struct flow *flow, struct om_worker *worker, size_t b, struct om_new_value fresh,
        struct om_error *err)
{
    struct om_panel *panel = flow->panel;
    const struct om_panel_file *file = &panel->file[worker->block.file];
    struct om_values *values = &worker->by[b];
    const char *text = om_dictionary_text(&values->known, fresh.value);
    size_t length = om_dictionary_length(&values->known, fresh.value);
    char period[OM_BY_PERIOD];
    if (panel->by_unit[b] != OM_BY_VALUE && length > 0) {
        length = om_by_period(panel->by_unit[b], text, length, period);
        text = period;
    }
    uint32_t index = om_dictionary_add(&panel->by_value[b], text, length, NULL);
    if (index == OM_DICTIONARY_FULL)
        return om_fail_memory(err);
    values->index[fresh.value] = index;
    const bool groups = b < panel->spec->by.n;
    const size_t most = groups ? panel->spec->max_groups : OM_DESCRIBED_MAX;
    if (panel->by_value[b].n <= most + 1)
        return OM_OK;
    om_fail(err, OM_ERR_USAGE, "column '%s' has more than %zu different values: %s",
            file->header.at[file->by[b]], most,
            groups ? "it does not look like a group" : "too many to describe");
    om_place(err, file->path, line_of(flow, worker->block.file, worker->block.row[fresh.row].line), 0);
    om_hint(err, groups ? "choose another column for --by, or raise --max-groups"
                        : "choose another column for --describe, or round its numbers");
    return OM_ERR_USAGE;
}

static om_status
join_occasion(struct flow *flow, struct om_worker *worker, struct om_new_value fresh, struct om_error *err)
{
    struct om_values *values = &worker->occasion;
    const size_t known = flow->panel->occasion.n;
    int index = om_panel_occasion(flow->panel, om_dictionary_text(&values->known, fresh.value),
                                  om_dictionary_length(&values->known, fresh.value), err);
    if (index == OM_NONE) {
        om_place(err, flow->panel->file[worker->block.file].path,
                 line_of(flow, worker->block.file, worker->block.row[fresh.row].line), 0);
        return err->status;
    }
    if ((size_t)index >= known)
        flow->panel->occasion_place[index] = (struct om_record_place){
            .file = worker->block.file, .line = flow->line + worker->block.row[fresh.row].line};
    values->index[fresh.value] = (uint32_t)index;
    return OM_OK;
}

/* Gives the values that are new the panel's numbers, in the order of the records. */
static om_status
join_values(struct flow *flow, struct om_worker *worker, size_t *row, struct om_error *err)
{
    size_t n_by = flow->panel->n_by, at[OM_BY_MAX + 1] = {0};
    for (;;) {
        struct om_values *next = NULL;
        size_t which = 0;
        for (size_t b = 0; b <= n_by; b++) {
            struct om_values *values = b == n_by ? &worker->occasion : &worker->by[b];
            if (at[b] < values->n_fresh && (!next || values->fresh[at[b]].row < next->fresh[at[which]].row)) {
                next = values;
                which = b;
            }
        }
        if (!next)
            return OM_OK;
        struct om_new_value fresh = next->fresh[at[which]++];
        *row = fresh.row;
        OM_TRY(which == n_by ? join_occasion(flow, worker, fresh, err)
                             : join_by(flow, worker, which, fresh, err));
    }
}

/* Reports the faults of records up to and including the block's record `last`. */
static void
report_faults(struct flow *flow, const struct om_worker *worker, size_t last)
{
    const struct om_record_block *block = &worker->block;
    uint32_t up_to = last < block->n ? block->row[last].number : UINT32_MAX;
    for (size_t i = 0; i < worker->n_faults && worker->fault[i].number <= up_to; i++) {
        const struct om_worker_fault *fault = &worker->fault[i];
        struct om_panel_file *file = &flow->panel->file[block->file];
        if (file->one_above && fault->fault.one_above)
            file->one_above[fault->fault.column]++;
        struct om_record_place place = {.file = block->file,
                                        .line = flow->line + fault->line,
                                        .number = flow->number + fault->number,
                                        .byte_offset = flow->byte_offset + fault->byte_offset};
        om_panel_fault(flow->panel, fault->fault, block->file, &place);
    }
}

/* The first line of a file that ends otherwise than its header. */
static void
report_mixed_ends(struct flow *flow, const struct om_worker *worker)
{
    struct om_panel_file *file = &flow->panel->file[worker->block.file];
    uint64_t other = 0;
    for (int k = 0; k < OM_CSV_ENDS; k++)
        if (k != file->line_end && worker->ends.first[k] && (!other || worker->ends.first[k] < other))
            other = worker->ends.first[k];
    if (!other || file->mixed_ends || file->line_end == OM_NONE || !flow->panel->spec->thorough)
        return;
    const struct om_record_place place = {.file = worker->block.file, .line = flow->line + other};
    file->mixed_ends = true;
    om_panel_fault(flow->panel,
                   (struct om_fault){.code = 105,
                                     .severity = OM_WARNING,
                                     .column = OM_NONE,
                                     .message = "the line does not end as the header does",
                                     .hint = "write the whole file with one kind of line end"},
                   worker->block.file, &place);
}

/* No more is to be read of an input than the study allows. */
static om_status
check_size(const struct flow *flow, size_t file, struct om_error *err)
{
    if (flow->panel->spec->max_input == 0 || flow->byte_offset <= flow->panel->spec->max_input)
        return OM_OK;
    om_fail(err, OM_ERR_PANEL, "OM151 the input is larger than --max-input allows (%llu bytes)",
            (unsigned long long)flow->panel->spec->max_input);
    om_place(err, flow->panel->file[file].path, 0, 0);
    om_hint(err, "look at the file, or raise --max-input");
    return OM_ERR_PANEL;
}

static void
place_block(struct flow *flow, struct om_worker *worker)
{
    struct om_record_block *block = &worker->block;
    block->line = flow->line;
    block->number = flow->number;
    block->byte_offset = flow->byte_offset;
    block->ordinal = flow->ordinal;
    for (size_t b = 0; b < flow->panel->n_by; b++)
        block->by_index[b] = worker->by[b].index;
    bool coded = flow->panel->file[block->file].occasion_column != OM_NONE;
    block->occasion_index = coded ? worker->occasion.index : NULL;
}

/* Where the next piece stands, and what it stands behind. */
static om_status
pass(struct flow *flow, const struct om_worker *worker, struct om_error *err)
{
    struct om_csv_progress progress = worker->progress;
    flow->line += progress.lines;
    flow->number += progress.records;
    if (progress.tail > flow->tail_capacity) {
        char *larger = om_realloc(flow->tail, 2 * progress.tail, 1);
        if (!larger)
            return om_fail_memory(err);
        flow->tail = larger;
        flow->tail_capacity = 2 * progress.tail;
    }
    if (progress.tail)
        memcpy(flow->tail, worker->end - progress.tail, progress.tail);
    flow->n_tail = progress.tail;
    return OM_OK;
}

static om_status
join_records(struct flow *flow, struct om_worker *worker, size_t thread, struct om_error *err)
{
    size_t last = SIZE_MAX;
    bool stop = false;
    struct om_panel_file *file = &flow->panel->file[worker->block.file];
    om_status status = join_values(flow, worker, &last, err);
    report_faults(flow, worker, status == OM_OK ? SIZE_MAX : last);
    report_mixed_ends(flow, worker);
    if (status != OM_OK)
        return status;
    place_block(flow, worker);
    file->records += worker->block.n;
    file->given_up += worker->n_broken;
    if (file->given_up > OM_CSV_GIVE_UPS)
        return om_csv_fail_given_up(file->path, err);
    flow->ordinal += worker->block.n;
    if (flow->panel->observer)
        OM_TRY(flow->panel->observer->join(flow->panel->observer->context, &worker->block, err));
    if (flow->user->join)
        OM_TRY(flow->user->join(flow->user->context, thread, &worker->block, &stop, err));
    if (stop)
        flow->stop = 1;
    if (worker->status == OM_OK)
        return OM_OK;
    *err = worker->error;
    if (err->line)
        err->line = line_of(flow, worker->block.file, err->line);
    return worker->status;
}

/* The lines of the header come before those of the first piece; its record is number 1. What was read with it
 * stands before the piece, as a tail does, and has been read with it. In a part, places count from its start.
 */
static void
start_file(struct flow *flow, size_t f)
{
    const struct om_panel_file *file = &flow->panel->file[f];
    const char *waiting;
    struct om_csv_lines at;
    flow->n_tail = read_with_header(file, &waiting, &at);
    flow->line = file->part ? 0 : at.line - 1;
    flow->number = file->part ? 0 : 1;
    flow->byte_offset = file->part ? file->from : at.offset;
}

static om_status
join_piece(struct flow *flow, struct om_worker *worker, size_t thread, const struct claim *claim,
           struct om_error *err)
{
    struct om_panel_file *file = &flow->panel->file[claim->file];
    if (claim->first) {
        start_file(flow, claim->file);
    } else if (flow->n_tail > 0) {
        om_worker_read_behind(worker, claim->file, flow->tail, flow->n_tail);
        OM_TRY(prepare(flow, worker, thread, err));
    }
    size_t length = worker->piece.length + flow->n_tail;
    OM_TRY(join_records(flow, worker, thread, err));
    OM_TRY(pass(flow, worker, err));
    flow->byte_offset += length - flow->n_tail;
    OM_TRY(check_size(flow, claim->file, err));
    OM_TRY(om_cut_pass(&flow->cut[claim->file], &worker->piece, err));
    file->bytes = flow->cut[claim->file].passed - file->from;
    const bool own = !file->part && flow->panel->spec->part <= 1; /* of several parts, the first says it */
    if (worker->piece.last && flow->number <= 1 && own)
        om_panel_fault(flow->panel,
                       (struct om_fault){.code = 120,
                                         .severity = OM_BAD,
                                         .column = OM_NONE,
                                         .message = "a header and no records",
                                         .hint = "export the data again"},
                       claim->file, NULL);
    if (flow->user->progress)
        flow->user->progress(flow->user->progress_context, om_panel_bytes_read(flow->panel),
                             om_panel_bytes_total(flow->panel));
    return OM_OK;
}

/* To those who look on, then to those who count. */
static om_status
hand_out(struct flow *flow, struct om_worker *worker, size_t thread, struct om_error *err)
{
    const struct om_observer *observer = flow->panel->observer;
    if (observer)
        OM_TRY(observer->look(observer->context, thread, &worker->block, err));
    return flow->user->take ? flow->user->take(flow->user->context, thread, &worker->block, err) : OM_OK;
}

/* --- a thread ------------------------------------------------------------------------------------------- */

static void
run(void *context, size_t thread)
{
    struct flow *flow = context;
    struct om_worker *worker = &flow->worker[thread];
    struct claim claim;
    struct om_error err = {0};
    om_status status = om_worker_open(worker, flow->panel, &err);
    if (status != OM_OK) {
        pthread_mutex_lock(&flow->order);
        fail(flow, 0, status, &err);
        pthread_mutex_unlock(&flow->order);
        return;
    }
    while (next_piece(flow, worker, &claim, &status, &err)) {
        if (status == OM_OK) {
            decode(flow, worker, &claim);
            status = prepare(flow, worker, thread, &err);
        }
        pthread_mutex_lock(&flow->order);
        while (flow->joined != claim.number)
            pthread_cond_wait(&flow->turn, &flow->order);
        bool use = status == OM_OK && !flow->stop;
        if (use)
            status = join_piece(flow, worker, thread, &claim, &err);
        if (status != OM_OK)
            fail(flow, claim.number, status, &err);
        flow->joined++;
        pthread_cond_broadcast(&flow->turn);
        pthread_mutex_unlock(&flow->order);
        if (!use || status != OM_OK)
            continue;
        status = hand_out(flow, worker, thread, &err);
        if (status != OM_OK) {
            pthread_mutex_lock(&flow->order);
            fail(flow, claim.number, status, &err);
            pthread_mutex_unlock(&flow->order);
        }
    }
}

/* --- all of it ------------------------------------------------------------------------------------------ */

size_t
om_flow_threads(const struct om_panel *panel)
{
    uint64_t total = om_panel_bytes_total(panel),
             size = panel->spec->piece ? panel->spec->piece : OM_CUT_SIZE;
    size_t threads = panel->spec->threads ? panel->spec->threads : om_processors();
    if (total > 0 && threads > 1 + total / size)
        threads = 1 + (size_t)(total / size);
    return threads;
}

om_status
om_flow_run(struct om_panel *panel, const struct om_flow_user *user, struct om_error *err)
{
    size_t threads = om_flow_threads(panel);
    struct flow flow = {.panel = panel,
                        .user = user,
                        .input = PTHREAD_MUTEX_INITIALIZER,
                        .order = PTHREAD_MUTEX_INITIALIZER,
                        .turn = PTHREAD_COND_INITIALIZER,
                        .worker = om_calloc(threads, sizeof *flow.worker),
                        .cut = om_calloc(panel->n_files, sizeof *flow.cut)};
    om_status status = flow.worker && flow.cut ? OM_OK : om_fail_memory(err);
    if (status == OM_OK) {
        om_parallel(threads, run, &flow);
        status = flow.status;
        if (status != OM_OK && err)
            *err = flow.error;
    }
    for (size_t t = 0; flow.worker && t < threads; t++)
        om_worker_close(&flow.worker[t]);
    for (size_t f = 0; flow.cut && f < panel->n_files; f++)
        om_cut_close(&flow.cut[f]);
    om_free(flow.worker);
    om_free(flow.cut);
    om_free(flow.tail);
    return status;
}
