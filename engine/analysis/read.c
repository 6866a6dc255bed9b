/* The first half of an analysis: a panel is read and counted. */
#include "analysis/counted.h"
#include "base/error.h"
#include "base/memory.h"
#include "panel/shard.h"
#include "panel/shared.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static om_status
check_inputs(const struct om_study *study, struct om_error *err)
{
    if (study->shareable.below > 1 && study->panel.show_values) {
        om_fail(err, OM_ERR_USAGE, "shareable and show-values contradict each other");
        om_hint(err, "leave one of them out; cells are not for sharing");
        return OM_ERR_USAGE;
    }
    if (study->panel.n_inputs > 0)
        return OM_OK;
    om_fail(err, OM_ERR_USAGE, "no input file");
    om_hint(err, "name one, or `-` for standard input, or --occasion NAME=FILE for each occasion");
    return OM_ERR_USAGE;
}

/* A part of a long panel may lack an occasion that is asked for: others have it. */
static om_status
expect_occasions(struct om_panel *panel, struct om_error *err)
{
    const struct om_texts *asked = &panel->spec->occasions;
    if (panel->layout != OM_LAYOUT_LONG || panel->file[0].occasion_column == OM_NONE)
        return OM_OK;
    for (size_t i = 0; i < asked->n; i++)
        if (om_panel_occasion(panel, asked->at[i], strlen(asked->at[i]), err) == OM_NONE)
            return err ? err->status : OM_ERR_NOMEM;
    return OM_OK;
}

/* Persons are whole only where all their records are read. */
static om_status
check_parts(const struct om_panel *panel, struct om_error *err)
{
    const struct om_panel_spec *spec = panel->spec;
    if (spec->n_parts > 1 && !om_panel_has_ids(panel)) {
        om_fail(err, OM_ERR_USAGE, "--persons: there is no id to part the persons by");
        om_hint(err, "name its column with --id");
        return OM_ERR_USAGE;
    }
    if (spec->n_parts > 1 && spec->n_shards > 1) {
        om_fail(err, OM_ERR_USAGE, "--shard and --persons: give one of them");
        om_hint(err, "--shard reads a part of the bytes, --persons a part of the persons");
        return OM_ERR_USAGE;
    }
    if (spec->n_shards <= 1 || spec->exchange || panel->layout != OM_LAYOUT_LONG)
        return OM_OK;
    om_fail(err, OM_ERR_USAGE, "--shard: the records of a person may be in several shards of a long panel");
    om_place(err, panel->file[0].path, 0, 0);
    om_hint(
        err,
        "read a part of the persons (--persons %zu/%zu), of pairing files if it is large (omstat pair); or "
        "use omstat-mpi",
        spec->shard, spec->n_shards);
    return OM_ERR_USAGE;
}

static om_status
read_once(const struct om_study *study, enum om_run_use use, const struct om_hooks *hooks, bool again,
          struct om_counted *out, struct om_error *err)
{
    if (use == OM_RUN_TALLY && study->panel.every_occasion) { /* a tally has two */
        out->study = *study;
        out->study.panel.every_occasion = false;
        study = &out->study;
    }
    om_status status = om_findings_new(&out->findings, err);
    if (status == OM_OK)
        status = om_panel_open(&study->panel, study->registry, om_findings_collect, out->findings,
                               &out->panel, err);
    if (status == OM_OK && (use == OM_RUN_TALLY || use == OM_RUN_SHARED))
        status = expect_occasions(out->panel, err);
    if (status == OM_OK)
        status = check_parts(out->panel, err);
    if (status == OM_OK)
        status = om_run_init(&out->run, study, out->panel, use, err);
    OM_TRY(om_exchange_agree(study->panel.exchange, status, err));
    return om_persons_read(out->panel, again, om_run_consume, &out->run, hooks ? hooks->progress : NULL,
                           hooks ? hooks->context : NULL, &out->run.count, err);
}

/* Ids are forgotten: nobody can find out later that two persons of two parts are one. */
static om_status
say_alone(struct om_counted *out, struct om_error *err)
{
    const uint64_t n = out->run.group[0].without_partner;
    char text[160];
    if (out->run.use != OM_RUN_TALLY || out->panel->layout != OM_LAYOUT_LONG || n == 0 ||
        out->panel->spec->exchange) /* which has brought the records together */
        return OM_OK;
    snprintf(text, sizeof text,
             "%" PRIu64
             " person%s a record at one occasion only: all records of a person have to be in one run, "
             "since a tally keeps no ids",
             n, n == 1 ? " has" : "s have");
    return om_texts_add(&out->reading, text, strlen(text), err);
}

/* A shard that reads nothing of any file names the first one all the same: it was read, and found empty. */
static bool
is_read(const struct om_panel *panel, size_t file)
{
    bool any = false;
    for (size_t i = 0; i < panel->n_files; i++)
        any |= !panel->file[i].none;
    return any ? !panel->file[file].none : file == 0;
}

static om_status
describe_inputs(struct om_counted *out, struct om_error *err)
{
    const struct om_panel *panel = out->panel;
    out->input = om_calloc(panel->n_files, sizeof *out->input);
    if (!out->input)
        return om_fail_memory(err);
    for (size_t i = 0; i < panel->n_files; i++) {
        struct om_panel_file *file = &panel->file[i];
        if (!is_read(panel, i))
            continue;
        const struct om_panel_spec *spec = panel->spec;
        const bool cut = file->part || file->none, some = spec->n_parts > 1;
        struct om_input_info *info = &out->input[out->n_inputs++];
        *info = (struct om_input_info){.path = file->path,
                                       .bytes = om_panel_file_bytes(file),
                                       .records = file->records,
                                       .part = (uint32_t)(some  ? spec->part
                                                          : cut ? spec->shard
                                                                : 0),
                                       .parts = (uint32_t)(some  ? spec->n_parts
                                                           : cut ? spec->n_shards
                                                                 : 0),
                                       .digest_name =
                                           file->digest.kind == OM_DIGEST_SHA256 ? "sha256" : "xxh128"};
        OM_TRY(om_digest_final(&file->digest, info->digest, err));
    }
    return OM_OK;
}

om_status
om_count_panel(const struct om_study *study, enum om_run_use use, const struct om_hooks *hooks,
               struct om_counted *out, struct om_error *err)
{
    OM_TRY(check_inputs(study, err));
    OM_TRY(read_once(study, use, hooks, false, out, err));
    if (out->run.count.read_again) { /* forget everything, and read in another way */
        om_counted_release(out);
        OM_TRY(read_once(study, use, hooks, true, out, err));
    }
    OM_TRY(om_run_finish(&out->run, err));
    OM_TRY(om_panel_say_compared(out->panel, out->run.count.first, out->run.count.last, err));
    OM_TRY(om_texts_add_all(&out->reading, &out->panel->reading, err));
    OM_TRY(say_alone(out, err));
    return describe_inputs(out, err);
}

void
om_counted_release(struct om_counted *counted)
{
    om_run_release(&counted->run);
    om_findings_free(counted->findings);
    om_texts_release(&counted->reading);
    om_free(counted->input);
    om_free(counted->tallied);
    om_panel_close(counted->panel);
    om_tally_free(counted->tally);
    om_buffer_release(&counted->followed.rows);
    om_texts_release(&counted->occasion);
    for (size_t b = 0; counted->by_value && b < counted->n_by_values; b++)
        om_dictionary_release(&counted->by_value[b]);
    om_free(counted->by_value);
    *counted = (struct om_counted){0};
}
