/*
 * Copies the records of a file to one of two others, byte for byte.
 *
 * The panel is read once more to learn where its records begin, and beside it the plain bytes of the file, so
 * that compressed input and records given up by the reader are cut where the validation cut them.
 */
#include "analysis/study.h"
#include "analysis/validation.h"
#include "base/buffer.h"
#include "base/error.h"
#include "io/sink.h"
#include "io/source.h"
#include "panel/flow.h"

#include <string.h>

enum { CHUNK = 64 * 1024 };

struct split {
    const struct om_record_set *bad;
    struct om_input source;
    char chunk[CHUNK];
    size_t n_chunk, used; /* bytes of it, and those that were taken */
    uint64_t offset;      /* of the next byte */

    struct om_sink to[2]; /* valid, invalid; closed when not asked for */
    bool wanted[2];
    bool started;             /* something but blanks was seen */
    bool open[2];             /* of them, those the bytes go to */
    struct om_buffer waiting; /* blanks and line ends: of the record if something follows, else blank lines */
};

/* --- bytes ---------------------------------------------------------------------------------------------- */

static om_status
put(struct split *s, const char *bytes, size_t length, struct om_error *err)
{
    for (size_t k = 0; k < 2; k++)
        if (s->open[k] && s->wanted[k])
            OM_TRY(om_sink_write(&s->to[k], bytes, length, err));
    return OM_OK;
}

static bool
is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Blank lines before the header are left out as well. */
static void
start(struct split *s)
{
    size_t n = s->waiting.length;
    while (n > 0 && s->waiting.data[n - 1] != '\n' && s->waiting.data[n - 1] != '\r')
        n--;
    struct om_buffer rest = OM_BUFFER_EMPTY;
    om_buffer_text(&rest, om_buffer_string(&s->waiting) + n);
    om_buffer_release(&s->waiting);
    s->waiting = rest;
    s->started = true;
}

/* Bytes of a record. What may be blank lines behind it waits until it is known. */
static om_status
take_bytes(struct split *s, const char *bytes, size_t length, struct om_error *err)
{
    while (length > 0) {
        size_t n = 0;
        const bool blank = is_blank(*bytes);
        while (n < length && is_blank(bytes[n]) == blank)
            n++;
        if (!blank) {
            if (!s->started)
                start(s);
            OM_TRY(put(s, om_buffer_string(&s->waiting), s->waiting.length, err));
            om_buffer_clear(&s->waiting);
            OM_TRY(put(s, bytes, n, err));
        } else if (s->waiting.length < OM_CSV_RECORD_LIMIT) { /* more than fit in a record are blank lines */
            om_buffer_add(&s->waiting, bytes, n);
        }
        bytes += n;
        length -= n;
    }
    return om_buffer_ok(&s->waiting) ? OM_OK : om_fail_memory(err);
}

/* The record has ended: of what waits, its own line end is written. */
static om_status
end_record(struct split *s, struct om_error *err)
{
    const char *text = om_buffer_string(&s->waiting);
    size_t n = strcspn(text, "\r\n");
    n += text[n] == '\r' && text[n + 1] == '\n' ? 2 : text[n] != '\0';
    OM_TRY(put(s, text, n, err));
    om_buffer_clear(&s->waiting);
    return OM_OK;
}

/* Takes the bytes up to an offset, or to the end. */
static om_status
take_until(struct split *s, uint64_t offset, struct om_error *err)
{
    while (s->offset < offset) {
        if (s->used == s->n_chunk) {
            s->used = 0;
            OM_TRY(om_input_read(&s->source, s->chunk, CHUNK, &s->n_chunk, err));
            if (s->n_chunk == 0)
                return OM_OK;
        }
        size_t n = s->n_chunk - s->used;
        n = offset - s->offset < n ? (size_t)(offset - s->offset) : n;
        OM_TRY(take_bytes(s, s->chunk + s->used, n, err));
        s->used += n;
        s->offset += n;
    }
    return OM_OK;
}

/* --- records -------------------------------------------------------------------------------------------- */

/* Before a record begins, what came before it ends; what is first is the header, which goes to both. */
static om_status
take_block(void *context, size_t thread, struct om_record_block *block, bool *stop, struct om_error *err)
{
    struct split *s = context;
    (void)thread, (void)stop;
    for (size_t r = 0; r < block->n; r++) {
        struct om_record_place place = om_block_place(block, r);
        OM_TRY(take_until(s, place.byte_offset, err));
        OM_TRY(end_record(s, err));
        s->open[1] = om_record_set_has(s->bad, place.number);
        s->open[0] = !s->open[1];
    }
    return OM_OK;
}

/* Is the file what it was when it was validated? */
static om_status
check_same(struct om_panel *panel, const char *digest, struct om_error *err)
{
    char now[OM_SHA256_TEXT];
    OM_TRY(om_digest_final(&panel->file[0].digest, now, err));
    if (strcmp(now, digest) == 0)
        return OM_OK;
    om_fail(err, OM_ERR_IO, "OM161 the file changed after it was validated");
    om_place(err, panel->file[0].path, 0, 0);
    om_hint(err, "wait until nothing writes to it, or read a copy");
    return OM_ERR_IO;
}

static om_status
copy_all(struct split *s, const struct om_panel_spec *spec, const struct om_registry *registry,
         const char *digest, struct om_error *err)
{
    struct om_panel *panel = NULL;
    struct om_flow_user user = {.join = take_block, .context = s};
    OM_TRY(om_input_open(&s->source, spec->input[0].path, err));
    OM_TRY(om_input_decode(&s->source, spec->encoding, err));
    OM_TRY(om_panel_open(spec, registry, NULL, NULL, &panel, err));
    s->open[0] = s->open[1] = true;
    om_status status = om_flow_run(panel, &user, err);
    if (status == OM_OK)
        status = take_until(s, UINT64_MAX, err);
    if (status == OM_OK)
        status = end_record(s, err);
    if (status == OM_OK)
        status = check_same(panel, digest, err);
    om_panel_close(panel);
    return status;
}

/* --- the public face ------------------------------------------------------------------------------------ */

static om_status
check(const struct om_study *study, const struct om_validation *validation, const char *const path[2],
      struct om_error *err)
{
    const struct om_panel_spec *spec = &study->panel;
    if (spec->n_inputs != 1 || strcmp(spec->input[0].path, "-") == 0 || validation->n_inputs != 1) {
        om_fail(err, OM_ERR_USAGE, "records can be copied from one file, which is read twice");
        om_hint(err, "validate the files one by one, and none from standard input");
        return OM_ERR_USAGE;
    }
    if (validation->status != OM_OK)
        return om_fail(err, validation->status, "the reading ended early: no records are copied");
    for (size_t k = 0; k < 2; k++)
        if (path[k] && om_study_reads(study, path[k])) {
            om_fail(err, OM_ERR_USAGE, "OM163 the output would overwrite the input");
            om_place(err, path[k], 0, 0);
            om_hint(err, "write to another file");
            return OM_ERR_USAGE;
        }
    return OM_OK;
}

om_status
om_validation_split(const struct om_study *study, const struct om_validation *validation, const char *valid,
                    const char *invalid, struct om_error *err)
{
    const struct om_validation_owned *owned = validation->owned;
    const char *const path[2] = {valid, invalid};
    OM_TRY(check(study, validation, path, err));
    struct split s = {.bad = &owned->bad,
                      .source = OM_INPUT_CLOSED,
                      .to = {OM_SINK_CLOSED, OM_SINK_CLOSED},
                      .wanted = {valid != NULL, invalid != NULL}};
    om_status status = OM_OK;
    for (size_t k = 0; k < 2 && status == OM_OK; k++)
        if (s.wanted[k])
            status = om_sink_open(&s.to[k], path[k], err);
    if (status == OM_OK && owned->panel) /* else there was nothing to read, and is nothing to copy */
        status = copy_all(&s, &owned->spec, study->registry, validation->input[0].digest, err);
    for (size_t k = 0; k < 2 && status == OM_OK; k++)
        if (s.wanted[k])
            status = om_sink_commit(&s.to[k], err);
    for (size_t k = 0; k < 2; k++)
        om_sink_abort(&s.to[k]);
    om_input_close(&s.source);
    om_buffer_release(&s.waiting);
    return status;
}
