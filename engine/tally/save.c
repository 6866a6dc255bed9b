/* A tally to bytes. What is written where: docs/formats/tally.md */
#include "base/error.h"
#include "base/hash.h"
#include "tally/wire.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* --- sections ------------------------------------------------------------------------------------------- */

/* A section is written behind a gap for its length, which is filled in at its end. */
static size_t
begin(struct om_buffer *out, const char *tag, uint32_t flags)
{
    om_buffer_add(out, tag, 4);
    om_wire_put_fixed(out, flags, 4);
    om_wire_put_fixed(out, 0, 8);
    return out->length;
}

static void
end(struct om_buffer *out, size_t start)
{
    uint64_t length = out->length - start;
    for (size_t i = 0; i < 8 && om_buffer_ok(out); i++)
        out->data[start - 8 + i] = (char)(unsigned char)(length >> (8 * i));
}

static void
put_texts(struct om_buffer *out, const struct om_tally_texts *texts)
{
    om_wire_put(out, texts->n);
    for (size_t i = 0; i < texts->n; i++)
        om_wire_put_text(out, texts->at[i]);
}

static void
put_study(struct om_buffer *out, const struct om_tally *tally)
{
    size_t start = begin(out, "STDY", 0);
    put_texts(out, &tally->setting);
    om_wire_put(out, tally->last ? 2 : 1);
    om_wire_put_text(out, tally->first);
    if (tally->last)
        om_wire_put_text(out, tally->last);
    put_texts(out, &tally->by);
    put_texts(out, &tally->described);
    om_wire_put(out, tally->n_instruments);
    for (size_t i = 0; i < tally->n_instruments; i++) {
        om_wire_put_text(out, tally->instrument[i].id);
        om_wire_put_text(out, tally->instrument[i].version);
        om_wire_put_text(out, tally->instrument[i].digest);
        om_wire_put(out, tally->instrument[i].derived);
    }
    om_wire_put(out, tally->n_scales);
    for (size_t s = 0; s < tally->n_scales; s++) {
        om_wire_put(out, tally->scale[s].instrument);
        om_wire_put_text(out, tally->scale[s].id);
        om_wire_put(out, tally->scale[s].is_total ? 0 : 1 + (uint64_t)tally->scale[s].n_levels);
    }
    end(out, start);
}

static void
put_shards(struct om_buffer *out, const char *tag, const struct om_tally_shard *shard, size_t n, bool times)
{
    size_t start = begin(out, tag, 0);
    om_wire_put(out, n);
    for (size_t s = 0; s < n; s++) {
        om_wire_put(out, shard[s].persons);
        if (times)
            om_wire_put(out, shard[s].times);
        om_wire_put(out, shard[s].n_inputs);
        for (size_t i = 0; i < shard[s].n_inputs; i++) {
            const struct om_tally_input *input = &shard[s].input[i];
            om_wire_put_text(out, input->name);
            om_wire_put_text(out, input->digest);
            om_wire_put(out, input->parts);
            if (input->parts)
                om_wire_put(out, input->part);
            om_wire_put(out, input->bytes);
            om_wire_put(out, input->records);
        }
    }
    end(out, start);
}

/* The names that counts are found by. */
static void
put_names(struct om_buffer *out, const struct om_tally *tally)
{
    size_t start = begin(out, "NAME", 0);
    om_wire_put(out, tally->n_groups);
    for (size_t g = 0; g < tally->n_groups; g++)
        for (size_t b = 0; b < tally->by.n; b++)
            om_wire_put_text(out, tally->group[g].at[b]);
    for (size_t d = 0; d < tally->described.n; d++)
        put_texts(out, &tally->value[d]);
    for (size_t s = 0; s < tally->n_scales; s++) {
        if (!tally->scale[s].is_total)
            continue;
        om_wire_put(out, tally->scale[s].n_values);
        for (size_t i = 0; i < tally->scale[s].n_values; i++)
            om_wire_put_signed(out, tally->scale[s].value[i]);
    }
    om_wire_put(out, tally->n_findings);
    for (size_t i = 0; i < tally->n_findings; i++) {
        om_wire_put(out, tally->finding[i].severity);
        om_wire_put(out, tally->finding[i].code);
        om_wire_put_text(out, tally->finding[i].column);
    }
    end(out, start);
}

/* A cell: how much a is above that of the one before; b, or with the same a how much it is above; the count.
 */
static void
put_cells(struct om_buffer *out, const struct om_tally_cells *cells)
{
    uint32_t a = 0, b = 0;
    om_wire_put(out, cells->n);
    for (size_t i = 0; i < cells->n; i++) {
        const struct om_tally_cell *cell = &cells->at[i];
        om_wire_put(out, cell->a - a);
        om_wire_put(out, cell->a == a ? cell->b - b : cell->b);
        om_wire_put(out, cell->count);
        a = cell->a;
        b = cell->b;
    }
}

static void
put_counts(struct om_buffer *out, const struct om_tally *tally)
{
    for (int kind = 0; kind < OM_TALLY_KINDS; kind++) {
        if (!tally->has[kind])
            continue;
        size_t start = begin(out, om_wire_kind[kind], 0);
        for (size_t i = 0; i < om_tally_lists(tally, (enum om_tally_kind)kind); i++)
            put_cells(out, &tally->cells[kind][i]);
        end(out, start);
    }
}

om_status
om_tally_study(const struct om_tally *tally, char text[OM_TALLY_STUDY_TEXT], struct om_error *err)
{
    struct om_buffer out = OM_BUFFER_EMPTY;
    put_study(&out, tally);
    struct om_hash128 hash = om_hash128(om_buffer_string(&out), out.length, 0);
    snprintf(text, OM_TALLY_STUDY_TEXT, "%016" PRIx64 "%016" PRIx64, hash.high, hash.low);
    om_status status = om_buffer_ok(&out) ? OM_OK : om_fail_memory(err);
    om_buffer_release(&out);
    return status;
}

om_status
om_tally_save(const struct om_tally *tally, char **bytes, size_t *length, struct om_error *err)
{
    struct om_buffer out = OM_BUFFER_EMPTY;
    om_buffer_add(&out, om_wire_magic, sizeof om_wire_magic);
    om_wire_put_fixed(&out, OM_WIRE_VERSION, 4);
    om_wire_put_fixed(&out, 0, 4);
    size_t start = out.length + 8;
    om_wire_put_fixed(&out, 0, 8);
    put_study(&out, tally);
    put_shards(&out, "SHRD", tally->shard, tally->n_shards, false);
    put_shards(&out, "GONE", tally->removed, tally->n_removed, true);
    put_names(&out, tally);
    put_counts(&out, tally);
    uint64_t whole = out.length + OM_WIRE_CHECKSUM;
    for (size_t i = 0; i < 8 && om_buffer_ok(&out); i++)
        out.data[start - 8 + i] = (char)(unsigned char)(whole >> (8 * i));
    if (om_buffer_ok(&out)) {
        struct om_hash128 checksum = om_hash128(out.data, out.length, 0);
        om_wire_put_fixed(&out, checksum.low, 8);
        om_wire_put_fixed(&out, checksum.high, 8);
    }
    size_t n = out.length;
    *bytes = om_buffer_take(&out);
    *length = n;
    return *bytes ? OM_OK : om_fail_memory(err);
}
