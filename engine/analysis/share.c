#include "analysis/share.h"
#include "analysis/followed.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/memory.h"
#include "io/source.h"
#include "panel/shared.h"
#include "validate/collect.h"

#include <stdio.h>
#include <string.h>

om_status
om_study_share(struct om_study *study, const struct om_exchange *exchange, struct om_error *err)
{
    if (!exchange || exchange->size <= 1)
        return OM_OK;
    if (study->panel.n_shards > 0) {
        om_fail(err, OM_ERR_USAGE, "--shard: each process has a shard of its own");
        om_hint(err, "leave it out");
        return OM_ERR_USAGE;
    }
    study->panel.exchange = exchange;
    study->panel.shard = exchange->rank + 1;
    study->panel.n_shards = exchange->size;
    return OM_OK;
}

bool
om_is_shared(const struct om_study *study)
{
    return study->panel.exchange != NULL;
}

/* --- what a process tells ------------------------------------------------------------------------------- */

void
om_share_put_number(struct om_buffer *out, uint64_t number)
{
    om_buffer_add(out, &number, sizeof number);
}

void
om_share_put_bytes(struct om_buffer *out, const void *bytes, size_t length)
{
    om_share_put_number(out, length);
    if (length)
        om_buffer_add(out, bytes, length);
}

/* With its NUL, so that it can be used where it lies. */
static void
put_text(struct om_buffer *out, const char *text)
{
    om_share_put_bytes(out, text ? text : "", text ? strlen(text) + 1 : 0);
}

uint64_t
om_share_take_number(const char **at)
{
    uint64_t number;
    memcpy(&number, *at, sizeof number);
    *at += sizeof number;
    return number;
}

const char *
om_share_take_bytes(const char **at, size_t *length)
{
    *length = (size_t)om_share_take_number(at);
    const char *bytes = *at;
    *at += *length;
    return bytes;
}

/* NULL where there was none. */
static const char *
take_text(const char **at)
{
    size_t length;
    const char *text = om_share_take_bytes(at, &length);
    return length ? text : NULL;
}

static void
put_finding(struct om_buffer *out, const struct om_finding *finding)
{
    const uint64_t number[] = {(uint64_t)finding->code, finding->severity,      finding->line,
                               finding->record,         finding->column_number, finding->byte_offset};
    const char *text[] = {finding->file, finding->column, finding->message, finding->hint, finding->value};
    for (size_t i = 0; i < sizeof number / sizeof number[0]; i++)
        om_share_put_number(out, number[i]);
    for (size_t i = 0; i < sizeof text / sizeof text[0]; i++)
        put_text(out, text[i]);
}

static struct om_finding
take_finding(const char **at)
{
    struct om_finding finding = {.code = (int)om_share_take_number(at),
                                 .severity = (enum om_severity)om_share_take_number(at)};
    finding.line = om_share_take_number(at);
    finding.record = om_share_take_number(at);
    finding.column_number = om_share_take_number(at);
    finding.byte_offset = om_share_take_number(at);
    finding.file = take_text(at);
    finding.column = take_text(at);
    finding.message = take_text(at);
    finding.hint = take_text(at);
    finding.value = take_text(at);
    return finding;
}

static void
put_findings(struct om_buffer *out, const struct om_findings *findings)
{
    const size_t n = om_findings_groups(findings);
    om_share_put_number(out, n);
    for (size_t i = 0; i < n; i++) {
        const struct om_finding_group *group = om_findings_group(findings, i);
        om_share_put_number(out, group->count);
        om_share_put_number(out, group->n_kept);
        for (size_t k = 0; k < group->n_kept; k++)
            put_finding(out, &group->first[k]);
    }
}

static void
take_findings(const char **at, struct om_findings *findings)
{
    for (uint64_t n = om_share_take_number(at); n > 0; n--) {
        const uint64_t count = om_share_take_number(at), kept = om_share_take_number(at);
        struct om_finding finding = {0};
        for (uint64_t k = 0; k < kept; k++) {
            finding = take_finding(at);
            om_findings_collect(findings, &finding);
        }
        if (count > kept)
            om_findings_collect_many(findings, &finding, count - kept);
    }
}

/* A digest of all of a file, as the one process that reads all of it would have made it. */
static om_status
digest_file(const char *path, enum om_digest_kind kind, char text[OM_SHA256_TEXT], struct om_error *err)
{
    enum { STEP = 1 << 20 };
    struct om_input input = OM_INPUT_CLOSED;
    struct om_digest digest = {0};
    char *bytes = om_alloc(STEP, 1);
    om_status status = bytes ? om_input_open(&input, path, err) : om_fail_memory(err);
    if (status == OM_OK)
        status = om_digest_open(&digest, kind, input.total, err);
    for (uint64_t at = 0; status == OM_OK && at < input.total; at += STEP) {
        const size_t n = input.total - at < STEP ? (size_t)(input.total - at) : STEP;
        status = om_input_read_at(&input, at, bytes, n, err);
        if (status == OM_OK)
            om_digest_update(&digest, bytes, n);
    }
    if (status == OM_OK)
        status = om_input_finish(&input, err);
    if (status == OM_OK)
        status = om_digest_final(&digest, text, err);
    om_digest_release(&digest);
    om_input_close(&input);
    om_free(bytes);
    return status;
}

/* Records of each file that this process has read; and the digests of the files that fall to it, in turn. */
static om_status
put_inputs(struct om_buffer *out, const struct om_study *study, const struct om_panel *panel,
           struct om_error *err)
{
    const struct om_exchange *exchange = study->panel.exchange;
    const size_t n_files = panel ? panel->n_files : 0;
    for (size_t f = 0; f < n_files; f++) {
        char digest[OM_SHA256_TEXT] = "";
        if (f % exchange->size == exchange->rank)
            OM_TRY(digest_file(panel->file[f].path, study->panel.digest, digest, err));
        om_share_put_number(out, panel->file[f].records);
        put_text(out, digest);
    }
    return OM_OK;
}

static void
put_followed(const struct om_counted *own, struct om_buffer *out)
{
    struct om_buffer rows = OM_BUFFER_EMPTY;
    om_followed_put(&own->run, &rows);
    om_share_put_bytes(out, rows.data, rows.length);
    out->failed |= rows.failed;
    om_buffer_release(&rows);
}

static om_status
tell(const struct om_study *study, const struct om_counted *own, struct om_buffer *out, struct om_error *err)
{
    struct om_tally *tally = NULL;
    char *bytes = NULL;
    size_t length = 0;
    om_status status = om_tally_of_counted(own, &tally, err);
    if (status == OM_OK)
        status = om_tally_save(tally, &bytes, &length, err);
    if (status == OM_OK) {
        om_share_put_bytes(out, bytes, length);
        put_findings(out, own->findings);
        if (own->run.has_waves)
            put_followed(own, out);
        status = put_inputs(out, study, own->panel, err);
    }
    om_tally_free(tally);
    om_text_free(bytes);
    return status == OM_OK && !om_buffer_ok(out) ? om_fail_memory(err) : status;
}

/* --- what rank 0 makes of it ---------------------------------------------------------------------------- */

static om_status
add_tally(struct om_tally **sum, const char *bytes, size_t length, struct om_error *err)
{
    struct om_tally *tally = NULL;
    OM_TRY(om_tally_load(bytes, length, "a process", &tally, err));
    if (!*sum) {
        *sum = tally;
        return OM_OK;
    }
    om_status status = om_tally_merge(*sum, tally, "a process", err);
    om_tally_free(tally);
    return status;
}

/* Kept: what was heard is gone with the next exchange. */
static void
take_followed(const char **at, struct om_followed *followed)
{
    size_t length;
    const char *rows = om_share_take_bytes(at, &length);
    om_buffer_add(&followed->rows, rows, length);
    followed->n++;
}

/* The inputs as they are, not in shards. */
static om_status
hear(const struct om_parcel *from, size_t size, struct om_counted *own, struct om_tally **sum,
     struct om_error *err)
{
    struct om_findings *findings = NULL;
    if (!own->panel)
        return om_fail(err, OM_ERR_INTERNAL, "no panel was counted");
    OM_TRY(om_findings_new(&findings, err));
    om_findings_free(own->findings);
    own->findings = findings;
    own->n_inputs = own->panel->n_files;
    om_free(own->input);
    own->input = om_calloc(own->n_inputs + 1, sizeof *own->input);
    if (!own->input)
        return om_fail_memory(err);
    for (size_t r = 0; r < size; r++) {
        size_t length;
        const char *at = from[r].bytes;
        if (!at)
            return om_fail(err, OM_ERR_INTERNAL, "a process has told nothing");
        const char *bytes = om_share_take_bytes(&at, &length);
        OM_TRY(add_tally(sum, bytes, length, err));
        take_findings(&at, findings);
        if (own->run.has_waves)
            take_followed(&at, &own->followed);
        for (size_t f = 0; f < own->n_inputs; f++) {
            const struct om_panel_file *file = &own->panel->file[f];
            struct om_input_info *info = &own->input[f];
            info->path = file->path;
            info->bytes = om_csv_bytes_total(file->reader);
            info->records += om_share_take_number(&at);
            const char *digest = take_text(&at);
            if (digest && *digest)
                snprintf(info->digest, sizeof info->digest, "%s", digest);
        }
    }
    for (size_t f = 0; f < own->n_inputs; f++)
        own->input[f].digest_name = strlen(own->input[f].digest) == OM_SHA256_TEXT - 1 ? "sha256" : "xxh128";
    OM_TRY(om_tally_set_inputs(*sum, own->input, own->n_inputs, err));
    return om_buffer_ok(&own->followed.rows) ? OM_OK : om_fail_memory(err);
}

om_status
om_count_shared(const struct om_study *study, enum om_run_use use, const struct om_hooks *hooks,
                struct om_counted *own, struct om_tally **sum, struct om_error *err)
{
    const struct om_exchange *exchange = study->panel.exchange;
    struct om_buffer told = OM_BUFFER_EMPTY;
    struct om_parcel *from = om_calloc(exchange->size, sizeof *from);
    om_status status = from ? om_count_panel(study, use, hooks, own, err) : om_fail_memory(err);
    if (status == OM_OK)
        status = tell(study, own, &told, err);
    status = from ? om_share_bytes_with_first(exchange, status, told.data, told.length, from, err)
                  : om_exchange_agree(exchange, status, err);
    if (status == OM_OK && from && exchange->rank == 0)
        status = hear(from, exchange->size, own, sum, err);
    status = om_exchange_agree(exchange, status, err);
    if (status != OM_OK) {
        om_tally_free(*sum);
        *sum = NULL;
    }
    om_buffer_release(&told);
    om_free(from);
    return status;
}

/* Everything but the counts: as this process knows it of the panel. The tally was on the way only. */
static void
take_over(struct om_counted *own, struct om_counted *out)
{
    om_findings_free(out->findings);
    om_texts_release(&out->reading);
    om_free(out->input);
    om_free(out->tallied);
    out->tallied = NULL;
    out->n_tallied = 0;
    out->findings = own->findings;
    out->reading = own->reading;
    out->input = own->input;
    out->n_inputs = own->n_inputs;
    out->panel = own->panel;
    out->run.occasion = &out->panel->occasion;
    out->run.source = own->run.source;
    out->run.count.first = own->run.count.first;
    out->run.count.last = own->run.count.last;
    out->run.count.n_slots = own->run.count.n_slots;
    memcpy(out->run.count.slot, own->run.count.slot, sizeof out->run.count.slot);
    own->findings = NULL;
    own->reading = (struct om_texts){0};
    own->input = NULL;
    own->panel = NULL;
}

om_status
om_count_with_others(const struct om_study *study, const struct om_hooks *hooks, struct om_counted *out,
                     bool *elsewhere, struct om_error *err)
{
    struct om_counted own = {0};
    *elsewhere = study->panel.exchange->rank > 0;
    bool tallies = false;
    if (study->panel.n_inputs > 0)
        OM_TRY(om_tally_is_file(study->panel.input[0].path, &tallies, err));
    if (tallies) /* they are small */
        return *elsewhere ? OM_OK : om_count_inputs(study, hooks, out, err);
    om_status status = om_count_shared(study, OM_RUN_SHARED, hooks, &own, &out->tally, err);
    if (status == OM_OK && !*elsewhere) {
        status = om_count_tally_and_rows(study, out->tally, own.run.has_waves ? &own.followed : NULL,
                                         study->panel.input[0].path, out, err);
        if (status == OM_OK)
            take_over(&own, out);
    } else if (status != OM_OK) { /* the reason may be among them */
        out->findings = own.findings;
        own.findings = NULL;
    }
    om_counted_release(&own);
    return status;
}
