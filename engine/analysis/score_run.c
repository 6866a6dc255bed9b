#include "analysis/tallies.h"
#include "base/error.h"
#include "base/memory.h"
#include "csv/writer.h"
#include "io/sink.h"
#include "panel/gather.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What was written for one record. */
struct span {
    size_t start, length;         /* in the text */
    struct om_record_place first; /* where the person was first */
    bool dead;                    /* a duplicate that does not count */
};

/* A run of `omstat score`: records in, lines of scores out, in file order. */
struct scoring {
    const struct om_study *study;
    struct om_panel *panel;
    struct om_run run; /* for its scales */
    struct om_sink sink;
    struct om_buffer text;
    struct om_csv_writer writer;
    struct om_record_ledger *ledger;
    uint64_t duplicates;
    uint16_t *level; /* [slot * n_scales + scale][record] */
    uint8_t *reason;

    struct om_dictionary keys; /* person and occasion: index into span */
    struct span *span;
    size_t span_capacity;
    bool hold; /* a later duplicate may take lines back: nothing is written out before the end */
};

/* --- the header ---------------------------------------------------------------------------------------- */

static void
write_header(struct scoring *s)
{
    struct om_csv_writer *w = &s->writer;
    const struct om_panel_file *file = &s->panel->file[0];
    om_csv_write_text(w, file->id == OM_NONE ? "record" : file->header.at[file->id]);
    for (size_t b = 0; b < s->study->panel.by.n; b++)
        om_csv_write_text(w, s->study->panel.by.at[b]);
    om_csv_write_text(w, "occasion");
    static const char *const parts[] = {"", "_n_answered", "_band", "_positive", "_reason"};
    for (size_t i = 0; i < s->run.n_scales; i++) {
        const struct om_run_scale *scale = &s->run.scale[i];
        char name[128];
        for (size_t p = 0; p < sizeof parts / sizeof parts[0]; p++) {
            snprintf(name, sizeof name, "%s_%s%s", scale->info.instrument->id, scale->info.scale->id,
                     parts[p]);
            om_csv_write_text(w, name);
        }
        if (scale->safety) {
            snprintf(name, sizeof name, "%s_%s_flag", scale->info.instrument->id, scale->info.scale->id);
            om_csv_write_text(w, name);
        }
    }
    om_csv_write_end(w);
}

/* --- lines --------------------------------------------------------------------------------------------- */

/* No score: the number of answers and the reason, everything else empty. */
static void
write_unscored(struct om_csv_writer *w, const struct om_run_scale *scale, int64_t answered, uint8_t reason)
{
    om_csv_write_empty(w);
    om_csv_write_integer(w, answered);
    om_csv_write_empty(w);
    om_csv_write_empty(w);
    om_csv_write_text(w, om_reason_text((enum om_reason)reason));
    if (scale->safety)
        om_csv_write_empty(w);
}

static void
write_scored(struct om_csv_writer *w, const struct om_run_scale *scale, int64_t answered, uint16_t level)
{
    const struct om_scorer *scorer = scale->scorer;
    const struct om_level *at = &scorer->level[level];
    om_csv_write_double(w, (double)at->value / (double)scorer->unit);
    om_csv_write_integer(w, answered);
    om_csv_write_text(w, at->band >= 0 ? scale->info.scale->band[at->band].id : "");
    if (scorer->has_cutoff)
        om_csv_write_integer(w, at->positive);
    else
        om_csv_write_empty(w);
    om_csv_write_empty(w);
    if (scale->safety)
        om_csv_write_integer(w, at->value >= scale->safety->at_least * scorer->unit);
}

static void
write_scale(struct scoring *s, const struct om_run_scale *scale, const uint8_t *const *code, size_t at,
            size_t r)
{
    const struct om_scorer *scorer = scale->scorer;
    int64_t answered = 0;
    for (size_t i = 0; i < scale->info.scale->n_items; i++)
        answered += code[scorer->item[i]][r] <= OM_CODE_MAX;
    if (s->reason[at + r] == OM_REASON_SCORED)
        write_scored(&s->writer, scale, answered, s->level[at + r]);
    else
        write_unscored(&s->writer, scale, answered, s->reason[at + r]);
}

static void
write_keys(struct scoring *s, const struct om_record_block *block, size_t r, const char *occasion)
{
    const struct om_record_row *row = &block->row[r];
    if (s->panel->file[block->file].id == OM_NONE)
        om_csv_write_integer(&s->writer, (int64_t)row->number);
    else
        om_csv_write_bytes(&s->writer, row->id, row->id_length);
    for (size_t b = 0; b < s->study->panel.by.n; b++) {
        const struct om_dictionary *values = &s->panel->by_value[b];
        uint32_t value = block->by[b * OM_BLOCK + r];
        om_csv_write_bytes(&s->writer, om_dictionary_text(values, value),
                           om_dictionary_length(values, value));
    }
    om_csv_write_text(&s->writer, occasion);
}

/* The lines of one record: one for each occasion it holds. */
static void
write_record(struct scoring *s, const struct om_record_block *block, size_t r)
{
    const struct om_panel *panel = s->panel;
    for (size_t slot = 0; slot < panel->n_slots; slot++) {
        int occasion = panel->layout == OM_LAYOUT_LONG ? block->row[r].occasion : (int)slot;
        write_keys(s, block, r, panel->occasion.at[occasion]);
        for (size_t i = 0; i < s->run.n_scales; i++) {
            const struct om_run_scale *scale = &s->run.scale[i];
            const uint8_t *code[OM_ITEMS_MAX];
            for (size_t k = 0; k < scale->info.instrument->n_items; k++)
                code[k] = block->code + (slot * panel->n_items + scale->panel->item[k]) * OM_BLOCK;
            write_scale(s, scale, code, (slot * s->run.n_scales + i) * OM_BLOCK, r);
        }
        om_csv_write_end(&s->writer);
    }
}

static void
score_block(struct scoring *s, const struct om_record_block *block)
{
    for (size_t slot = 0; slot < s->panel->n_slots; slot++)
        for (size_t i = 0; i < s->run.n_scales; i++) {
            const struct om_run_scale *scale = &s->run.scale[i];
            const uint8_t *code[OM_ITEMS_MAX];
            for (size_t k = 0; k < scale->info.instrument->n_items; k++)
                code[k] = block->code + (slot * s->panel->n_items + scale->panel->item[k]) * OM_BLOCK;
            size_t at = (slot * s->run.n_scales + i) * OM_BLOCK;
            om_scorer_run(scale->scorer, code, block->n, s->level + at, s->reason + at);
        }
}

/* --- duplicates ---------------------------------------------------------------------------------------- */

/* The span of this record's person and occasion, made when it is new. NULL without memory. */
static struct span *
find_span(struct scoring *s, const struct om_record_row *row, size_t file, bool *is_new)
{
    struct om_buffer key = OM_BUFFER_EMPTY;
    om_buffer_add(&key, &row->occasion, sizeof row->occasion);
    om_buffer_add(&key, row->id, row->id_length);
    uint32_t index = OM_DICTIONARY_FULL;
    if (om_buffer_ok(&key))
        index = om_dictionary_add(&s->keys, key.data, key.length, is_new);
    om_buffer_release(&key);
    if (index == OM_DICTIONARY_FULL || !om_grow(&s->span, &s->span_capacity, index, sizeof *s->span))
        return NULL;
    if (*is_new)
        s->span[index] = (struct span){.first = {.file = file, .line = row->line, .number = row->number}};
    return &s->span[index];
}

/* A record whose person and occasion were seen: the policy says which of the two is written. */
static void
take_duplicate(struct scoring *s, const struct om_record_block *block, size_t r, struct span *span)
{
    om_report_duplicate(s->panel, block->file, &block->row[r], &span->first);
    s->duplicates++;
    s->ledger->rejected++;
    if (s->study->panel.duplicates == OM_DUPLICATES_LAST) {
        span->start = s->text.length;
        write_record(s, block, r);
        span->length = s->text.length - span->start;
    } else if (s->study->panel.duplicates == OM_DUPLICATES_REJECT && !span->dead) {
        span->dead = true;
        s->ledger->rejected++;
        s->ledger->scored--;
    }
}

static om_status
take_record(struct scoring *s, const struct om_record_block *block, size_t r, struct om_error *err)
{
    s->ledger->read++;
    if (block->row[r].rejected) {
        s->ledger->rejected++;
        return OM_OK;
    }
    if (s->panel->file[block->file].id == OM_NONE) { /* nobody can be told from anybody else */
        write_record(s, block, r);
        s->ledger->scored++;
        return OM_OK;
    }
    bool is_new = false;
    struct span *span = find_span(s, &block->row[r], block->file, &is_new);
    if (!span)
        return om_fail_memory(err);
    if (!is_new) {
        take_duplicate(s, block, r, span);
        return OM_OK;
    }
    span->start = s->text.length;
    write_record(s, block, r);
    span->length = s->text.length - span->start;
    s->ledger->scored++;
    return OM_OK;
}

static int
by_place(const void *a, const void *b)
{
    const struct span *x = a, *y = b;
    return (x->start > y->start) - (x->start < y->start);
}

/* Writes out what was held: the spans that count, by their place in the input. */
static om_status
write_held(struct scoring *s, struct om_error *err)
{
    if (!om_buffer_ok(&s->text))
        return om_fail_memory(err);
    if (s->keys.n > 1)
        qsort(s->span, s->keys.n, sizeof *s->span, by_place);
    for (size_t i = 0; i < s->keys.n; i++)
        if (!s->span[i].dead)
            OM_TRY(om_sink_write(&s->sink, s->text.data + s->span[i].start, s->span[i].length, err));
    om_buffer_clear(&s->text);
    return OM_OK;
}

/* --- the run ------------------------------------------------------------------------------------------- */

static om_status
prepare(struct scoring *s, struct om_findings *findings, const char *path, struct om_error *err)
{
    const struct om_panel_spec *spec = &s->study->panel;
    if (spec->n_inputs == 0) {
        om_fail(err, OM_ERR_USAGE, "no input file");
        om_hint(err, "name one, or `-` for standard input");
        return OM_ERR_USAGE;
    }
    if (om_study_reads(s->study, path)) {
        om_fail(err, OM_ERR_USAGE, "the output would overwrite the input");
        om_place(err, path, 0, 0);
        om_hint(err, "write to another file");
        return OM_ERR_USAGE;
    }
    OM_TRY(om_panel_open(spec, s->study->registry, om_findings_collect, findings, &s->panel, err));
    OM_TRY(om_run_init(&s->run, s->study, s->panel, true, err));
    size_t n = s->panel->n_slots * s->run.n_scales * OM_BLOCK;
    s->level = om_alloc(n, sizeof *s->level);
    s->reason = om_alloc(n, sizeof *s->reason);
    if (!s->level || !s->reason)
        return om_fail_memory(err);
    bool has_ids = true;
    for (size_t i = 0; i < s->panel->n_files; i++)
        has_ids &= s->panel->file[i].id != OM_NONE;
    s->hold = has_ids && (spec->duplicates == OM_DUPLICATES_LAST || spec->duplicates == OM_DUPLICATES_REJECT);
    OM_TRY(om_sink_open(&s->sink, path, err));
    s->writer = (struct om_csv_writer){.out = &s->text};
    write_header(s);
    return om_csv_writer_drain(&s->writer, &s->sink, err);
}

static om_status
score_all(struct scoring *s, const struct om_hooks *hooks, struct om_error *err)
{
    const struct om_record_block *block;
    for (;;) {
        OM_TRY(om_panel_next(s->panel, &block, err));
        if (block->n == 0)
            return s->hold ? write_held(s, err) : OM_OK;
        score_block(s, block);
        for (size_t r = 0; r < block->n; r++)
            OM_TRY(take_record(s, block, r, err));
        if (!s->hold)
            OM_TRY(om_csv_writer_drain(&s->writer, &s->sink, err));
        if (hooks && hooks->progress)
            hooks->progress(hooks->context, om_panel_bytes_read(s->panel), om_panel_bytes_total(s->panel));
    }
}

static om_status
check(const struct scoring *s, const struct om_findings *findings, struct om_error *err)
{
    if (om_findings_status(findings) != OM_OK)
        return om_fail_memory(err);
    if (s->duplicates && s->study->panel.duplicates == OM_DUPLICATES_ERROR)
        return om_fail_duplicates(s->panel, s->duplicates, err);
    OM_TRY(om_check_records(s->panel, s->ledger->read, s->ledger->scored, err));
    uint64_t errors = om_findings_count(findings, OM_BAD);
    if (s->study->strict && errors > 0)
        return om_fail(err, OM_ERR_DATA, "%llu error%s in the data, and --strict asks to stop",
                       (unsigned long long)errors, errors == 1 ? "" : "s");
    if (s->ledger->read != s->ledger->scored + s->ledger->rejected)
        return om_fail(err, OM_ERR_INTERNAL, "the counts do not add up: this is a fault of omstat");
    return OM_OK;
}

static om_status
keep_reading(struct om_scoring *out, const struct om_panel *panel, struct om_error *err)
{
    struct om_texts reading = {0};
    om_status status = OM_OK;
    for (size_t i = 0; i < panel->reading.n && status == OM_OK; i++)
        status = om_texts_add(&reading, panel->reading.at[i], strlen(panel->reading.at[i]), err);
    out->reading = reading.at;
    out->n_reading = reading.n;
    return status;
}

om_status
om_score(const struct om_study *study, const char *path, const struct om_hooks *hooks, struct om_scoring *out,
         struct om_error *err)
{
    *out = (struct om_scoring){0};
    OM_TRY(om_findings_new(&out->findings, err));
    struct scoring s = {.study = study, .sink = OM_SINK_CLOSED, .ledger = &out->records};
    om_status status = prepare(&s, out->findings, path, err);
    if (status == OM_OK)
        status = keep_reading(out, s.panel, err);
    if (status == OM_OK)
        status = score_all(&s, hooks, err);
    if (status == OM_OK)
        status = check(&s, out->findings, err);
    if (status == OM_OK)
        status = om_sink_commit(&s.sink, err);
    om_sink_abort(&s.sink);
    om_buffer_release(&s.text);
    om_run_release(&s.run);
    om_panel_close(s.panel);
    om_free(s.level);
    om_free(s.reason);
    om_dictionary_release(&s.keys);
    om_free(s.span);
    return status;
}

void
om_scoring_release(struct om_scoring *scoring)
{
    om_findings_free(scoring->findings);
    for (size_t i = 0; i < scoring->n_reading; i++)
        om_free(scoring->reading[i]);
    om_free(scoring->reading);
    *scoring = (struct om_scoring){0};
}
