#include "analysis/counted.h"
#include "analysis/score_lines.h"
#include "base/error.h"
#include "base/memory.h"
#include "io/sink.h"
#include "panel/seen.h"
#include "panel/settle.h"

#include <stdlib.h>
#include <string.h>

/* Text that is kept before anything is written to a pipe, where nothing can be taken back: so much appears
 * whole or not at all. More, and the run would hold a large panel in memory and its reader up. */
enum { KEEP = 1 << 24 };

/* What was written for one record. */
struct span {
    size_t start, length;         /* in the text */
    struct om_record_place first; /* where the person was first */
    bool dead;                    /* a duplicate that does not count */
};

/* A run of `omstat score`: records in, lines of scores out, in file order. */
struct scoring {
    const struct om_study *study;
    struct om_panel_spec spec; /* the study's, with what only matters here */
    struct om_panel *panel;
    struct om_run run; /* for its scales */
    struct om_score_lines lines;
    struct om_score_block *scores; /* per thread */
    size_t threads;
    struct om_sink sink;
    struct om_buffer text; /* lines that are not written out yet */
    size_t header;         /* length of the header, which stands first in it */
    size_t keep;           /* text that is not written out before there is more */
    struct om_record_ledger *ledger;
    uint64_t duplicates;

    struct om_seen *seen; /* duplicates are an error: found when everything has been read. Else NULL */

    /* Another policy: found at once. */
    struct om_buffer key;
    struct om_dictionary keys; /* person and occasion: index into span */
    struct span *span;
    size_t span_capacity;
    bool hold; /* a later duplicate may take lines back: nothing is written out before the end */
};

/* --- duplicates, when they are no error ---------------------------------------------------------------- */

/* The span of this record's person and occasion, made when it is new. NULL without memory. */
static struct span *
find_span(struct scoring *s, const struct om_record_block *block, size_t r, bool *is_new)
{
    struct om_buffer *key = &s->key;
    int occasion = om_block_occasion(block, r);
    om_buffer_clear(key);
    om_buffer_add(key, &occasion, sizeof occasion);
    om_buffer_add(key, block->row[r].id, block->row[r].id_length);
    uint32_t index = OM_DICTIONARY_FULL;
    if (om_buffer_ok(key))
        index = om_dictionary_add(&s->keys, key->data, key->length, is_new);
    if (index == OM_DICTIONARY_FULL || !om_grow(&s->span, &s->span_capacity, index, sizeof *s->span))
        return NULL;
    if (*is_new)
        s->span[index] = (struct span){.first = om_block_place(block, r)};
    return &s->span[index];
}

static void
write_lines(struct scoring *s, size_t thread, const struct om_record_block *block, size_t r)
{
    om_score_lines_write(&s->lines, &s->scores[thread], block, r, &s->text);
}

/* A record whose person and occasion were seen: the policy says which of the two is written. */
static void
take_duplicate(struct scoring *s, size_t thread, const struct om_record_block *block, size_t r,
               struct span *span)
{
    struct om_record_place place = om_block_place(block, r);
    om_report_duplicate(s->panel, &place, &span->first);
    s->duplicates++;
    s->ledger->rejected++;
    if (s->study->panel.duplicates == OM_DUPLICATES_LAST) {
        span->start = s->text.length;
        write_lines(s, thread, block, r);
        span->length = s->text.length - span->start;
    } else if (s->study->panel.duplicates == OM_DUPLICATES_REJECT && !span->dead) {
        span->dead = true;
        s->ledger->rejected++;
        s->ledger->scored--;
    }
}

/* --- records ------------------------------------------------------------------------------------------- */

static om_status
take_record(struct scoring *s, size_t thread, const struct om_record_block *block, size_t r,
            struct om_error *err)
{
    s->ledger->read++;
    if (block->row[r].rejected) {
        s->ledger->rejected++;
        return OM_OK;
    }
    if (s->seen || s->panel->file[block->file].id == OM_NONE) {
        write_lines(s, thread, block, r);
        s->ledger->scored++;
        return OM_OK;
    }
    bool is_new = false;
    struct span *span = find_span(s, block, r, &is_new);
    if (!span)
        return om_fail_memory(err);
    if (!is_new) {
        take_duplicate(s, thread, block, r, span);
        return OM_OK;
    }
    span->start = s->text.length;
    write_lines(s, thread, block, r);
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

/* Writes out what there is. */
static om_status
write_out(struct scoring *s, struct om_error *err)
{
    if (!om_buffer_ok(&s->text))
        return om_fail_memory(err);
    OM_TRY(om_sink_write(&s->sink, om_buffer_string(&s->text), s->text.length, err));
    om_buffer_clear(&s->text);
    return OM_OK;
}

/* Writes out what was held: the header, and the spans that count by their place in the input. */
static om_status
write_held(struct scoring *s, struct om_error *err)
{
    if (!om_buffer_ok(&s->text))
        return om_fail_memory(err);
    OM_TRY(om_sink_write(&s->sink, s->text.data, s->header, err));
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
    const struct om_panel_spec *spec = &s->spec;
    s->spec = s->study->panel;
    s->spec.no_formulas = s->study->formula_guard == OM_FORMULA_ERROR;
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
    OM_TRY(om_run_init(&s->run, s->study, s->panel, OM_RUN_RECORDS, err));
    OM_TRY(om_score_lines_init(&s->lines, &s->run, err));
    bool has_ids = om_panel_has_ids(s->panel);
    s->threads = om_flow_threads(s->panel);
    s->scores = om_calloc(s->threads, sizeof *s->scores);
    if (!s->scores)
        return om_fail_memory(err);
    if (has_ids && spec->duplicates == OM_DUPLICATES_ERROR)
        OM_TRY(om_seen_new(s->panel, s->threads, &s->seen, err));
    s->hold = has_ids && (spec->duplicates == OM_DUPLICATES_LAST || spec->duplicates == OM_DUPLICATES_REJECT);
    OM_TRY(om_sink_open(&s->sink, path, err));
    s->keep = om_sink_can_undo(&s->sink) ? 0 : KEEP;
    om_score_lines_header(&s->lines, &s->text);
    s->header = s->text.length;
    return OM_OK;
}

/* Scores a block while others are being read. */
static om_status
score(void *context, size_t thread, const struct om_record_block *block, struct om_error *err)
{
    struct scoring *s = context;
    return om_score_block(&s->lines, block, &s->scores[thread], err);
}

/* Remembers whose records were written. */
static om_status
remember(void *context, size_t thread, struct om_record_block *block, struct om_error *err)
{
    struct scoring *s = context;
    return s->seen ? om_seen_take(s->seen, thread, block, err) : OM_OK;
}

/* Writes its lines when its turn has come. */
static om_status
write_block(void *context, size_t thread, struct om_record_block *block, bool *stop, struct om_error *err)
{
    struct scoring *s = context;
    (void)stop;
    if (s->seen)
        OM_TRY(om_seen_join(s->seen, block, err));
    OM_TRY(om_score_lines_keys(&s->lines, err));
    for (size_t r = 0; r < block->n; r++)
        OM_TRY(take_record(s, thread, block, r, err));
    if (!om_buffer_ok(&s->text))
        return om_fail_memory(err);
    if (s->text.length > s->keep && !s->hold) {
        OM_TRY(write_out(s, err));
        s->keep = 0;
    }
    return OM_OK;
}

static om_status
score_all(struct scoring *s, const struct om_hooks *hooks, struct om_error *err)
{
    struct om_flow_user user = {.prepare = score,
                                .join = write_block,
                                .take = remember,
                                .context = s,
                                .progress = hooks ? hooks->progress : NULL,
                                .progress_context = hooks ? hooks->context : NULL};
    OM_TRY(om_flow_run(s->panel, &user, err));
    if (!s->seen)
        return OM_OK;
    struct om_persons_count count = {0};
    OM_TRY(om_seen_report(s->seen, &count, err));
    s->duplicates = count.duplicates;
    return OM_OK;
}

static om_status
check(const struct scoring *s, const struct om_findings *findings, struct om_error *err)
{
    if (om_findings_status(findings) != OM_OK)
        return om_fail_memory(err);
    if (s->duplicates && s->study->panel.duplicates == OM_DUPLICATES_ERROR)
        return om_fail_duplicates(s->panel, s->duplicates, err);
    if (s->ledger->read > 0 || !s->spec.allow_empty)
        OM_TRY(om_check_records(s->panel->file[0].path, s->ledger->read, s->ledger->scored, err));
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
    om_status status = om_texts_add_all(&reading, &panel->reading, err);
    out->reading = reading.at;
    out->n_reading = reading.n;
    return status;
}

static void
release(struct scoring *s)
{
    om_sink_abort(&s->sink);
    om_buffer_release(&s->text);
    for (size_t t = 0; s->scores && t < s->threads; t++)
        om_score_block_release(&s->scores[t]);
    om_free(s->scores);
    om_seen_free(s->seen);
    if (s->lines.run)
        om_score_lines_release(&s->lines);
    om_run_release(&s->run);
    om_panel_close(s->panel);
    om_buffer_release(&s->key);
    om_dictionary_release(&s->keys);
    om_free(s->span);
}

om_status
om_score(const struct om_study *study, const char *path, const struct om_hooks *hooks, struct om_scoring *out,
         struct om_error *err)
{
    *out = (struct om_scoring){0};
    OM_TRY(om_refuse_tallies(study, err));
    if (study->shareable.below > 1) {
        om_fail(err, OM_ERR_USAGE, "the scores of single persons cannot be shareable");
        om_hint(err, "share a report, or take shareable out of the study file");
        return OM_ERR_USAGE;
    }
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
        status = s.hold ? write_held(&s, err) : write_out(&s, err);
    if (status == OM_OK)
        status = om_sink_commit(&s.sink, err);
    release(&s);
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
