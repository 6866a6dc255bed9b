/* Tallies made of panels, and analyses made of tallies. */
#include "analysis/share.h"
#include "base/error.h"
#include "base/memory.h"
#include "tally/tally.h"

#include <string.h>

/* What all processes have counted. */
static om_status
sum_counts(struct om_tallying *out)
{
    const struct om_tally_cells *records = om_tally_at(out->tally, OM_TALLY_RECORDS, 0, 0);
    out->records = (struct om_record_ledger){.read = om_tally_count(records, OM_TALLY_READ, 0),
                                             .scored = om_tally_count(records, OM_TALLY_SCORED, 0),
                                             .rejected = om_tally_count(records, OM_TALLY_REJECTED, 0),
                                             .skipped = om_tally_count(records, OM_TALLY_SKIPPED, 0)};
    out->persons = om_tally_persons(out->tally);
    return OM_OK;
}

om_status
om_tally_panel(const struct om_study *study, const struct om_hooks *hooks, struct om_tallying *out,
               struct om_error *err)
{
    *out = (struct om_tallying){0};
    struct om_counted *counted = out->owned = om_calloc(1, sizeof *counted);
    if (!counted)
        return om_fail_memory(err);
    om_status status = om_refuse_tallies(study, err);
    if (status == OM_OK)
        status = om_is_shared(study) ? om_count_shared(study, OM_RUN_TALLY, hooks, counted, &out->tally, err)
                                     : om_count_panel(study, OM_RUN_TALLY, hooks, counted, err);
    out->findings = counted->findings;
    out->reading = counted->reading.at;
    out->n_reading = counted->reading.n;
    if (status == OM_OK)
        status = om_check_strict(study, counted->findings, err);
    OM_TRY(status);
    if (om_is_shared(study))
        return out->tally ? sum_counts(out) : OM_OK;
    const struct om_persons_count *count = &counted->run.count;
    out->records = (struct om_record_ledger){
        .read = count->read, .scored = count->scored, .rejected = count->rejected, .skipped = count->skipped};
    out->persons = count->persons;
    return om_tally_of_counted(counted, &out->tally, err);
}

void
om_tallying_release(struct om_tallying *tallying)
{
    if (tallying->owned) {
        om_counted_release(tallying->owned);
        om_free(tallying->owned);
    }
    om_tally_free(tallying->tally);
    *tallying = (struct om_tallying){0};
}

/* --- which inputs are tallies --------------------------------------------------------------------------- */

static om_status
count_tallies(const struct om_study *study, size_t *n, size_t *first, struct om_error *err)
{
    *n = *first = 0;
    for (size_t i = study->panel.n_inputs; i-- > 0;) {
        bool is;
        OM_TRY(om_tally_is_file(study->panel.input[i].path, &is, err));
        *n += is;
        *first = is ? i : *first;
    }
    return OM_OK;
}

om_status
om_refuse_tallies(const struct om_study *study, struct om_error *err)
{
    size_t n, first;
    OM_TRY(count_tallies(study, &n, &first, err));
    if (n == 0)
        return OM_OK;
    om_fail(err, OM_ERR_PANEL, "this is a tally: it has counts, and no records");
    om_place(err, study->panel.input[first].path, 0, 0);
    om_hint(err,
            "`omstat report` reports on it, `omstat merge` adds tallies up, `omstat tally --show` shows it");
    return OM_ERR_PANEL;
}

static om_status
describe_files(const struct om_study *study, const struct om_tally_origin *origin, struct om_counted *out,
               struct om_error *err)
{
    const size_t n = study->panel.n_inputs;
    out->input = om_calloc(n, sizeof *out->input);
    if (!out->input)
        return om_fail_memory(err);
    for (; out->n_inputs < n; out->n_inputs++) {
        const struct om_tally_origin *from = &origin[out->n_inputs];
        struct om_input_info *to = &out->input[out->n_inputs];
        *to = (struct om_input_info){.path = study->panel.input[out->n_inputs].path,
                                     .bytes = from->bytes,
                                     .digest_name = "sha256",
                                     .tally = true,
                                     .persons = from->persons};
        memcpy(to->digest, from->sha256, sizeof from->sha256);
    }
    return OM_OK;
}

/* All inputs of a study, added up. */
static om_status
read_tallies(const struct om_study *study, struct om_counted *out, struct om_error *err)
{
    const size_t n = study->panel.n_inputs;
    const char **path = om_alloc(n, sizeof *path);
    struct om_tally_origin *origin = om_calloc(n, sizeof *origin);
    if (!path || !origin) {
        om_free(path);
        om_free(origin);
        return om_fail_memory(err);
    }
    for (size_t i = 0; i < n; i++)
        path[i] = study->panel.input[i].path;
    om_status status = om_tally_read_files(path, n, origin, &out->tally, err);
    if (status == OM_OK)
        status = describe_files(study, origin, out, err);
    om_free(path);
    om_free(origin);
    return status;
}

static om_status
fail_mixed(const struct om_study *study, size_t tally, struct om_error *err)
{
    om_fail(err, OM_ERR_USAGE, "some inputs are tallies, and some are panels");
    om_place(err, study->panel.input[tally].path, 0, 0);
    om_hint(err, "tally the panels first: omstat tally PANEL -o NAME.tally");
    return OM_ERR_USAGE;
}

om_status
om_count_inputs(const struct om_study *study, const struct om_hooks *hooks, struct om_counted *out,
                struct om_error *err)
{
    size_t n, first;
    OM_TRY(count_tallies(study, &n, &first, err));
    if (n == 0)
        return om_count_panel(study, OM_RUN_REPORT, hooks, out, err);
    if (n < study->panel.n_inputs)
        return fail_mixed(study, first, err);
    for (size_t i = 0; i < n; i++)
        if (study->panel.input[i].occasion) {
            om_fail(err, OM_ERR_USAGE, "--occasion: a tally knows its occasions");
            om_place(err, study->panel.input[i].path, 0, 0);
            om_hint(err, "give it as it is: omstat report FILE");
            return OM_ERR_USAGE;
        }
    OM_TRY(read_tallies(study, out, err));
    return om_count_tally(study, out->tally, study->panel.input[0].path, out, err);
}
