/* Reads a panel for what is wrong with it. */
#include "analysis/counted.h"
#include "analysis/study.h"
#include "analysis/validation.h"
#include "base/error.h"
#include "base/memory.h"
#include "panel/persons.h"

#include <string.h>

bool
om_record_set_add(struct om_record_set *set, uint64_t number)
{
    size_t word = (size_t)(number / 64);
    while (set->n <= word) {
        if (!om_grow(&set->word, &set->capacity, set->n, sizeof *set->word))
            return false;
        set->word[set->n++] = 0;
    }
    set->word[word] |= UINT64_C(1) << number % 64;
    return true;
}

/* An om_finding_fn: to the findings, and records with an error to their set. */
static void
take_finding(void *context, const struct om_finding *finding)
{
    struct om_validation *v = context;
    struct om_validation_owned *owned = v->owned;
    om_findings_collect(v->findings, finding);
    if (finding->severity >= OM_BAD && finding->record > 1 && owned->spec.n_inputs == 1)
        owned->no_memory |= !om_record_set_add(&owned->bad, finding->record);
}

/* What is not looked at, and why. */
static void
take_unchecked(void *context, int code, const char *reason)
{
    struct om_validation *v = context;
    if (v->n_unchecked < OM_UNCHECKED_MAX)
        v->unchecked[v->n_unchecked++] = (struct om_unchecked){code, reason};
}

static om_status
read_panel(struct om_validation *v, const struct om_study *study, const struct om_hooks *hooks, bool again,
           struct om_persons_count *count, struct om_error *err)
{
    struct om_validation_owned *owned = v->owned;
    owned->bad.n = 0;
    OM_TRY(om_findings_new(&v->findings, err));
    OM_TRY(om_panel_open(&owned->spec, study->registry, take_finding, v, &owned->panel, err));
    v->n_unchecked = 0;
    OM_TRY(om_exam_begin(&owned->exam, owned->panel, &owned->settings, take_unchecked, v, err));
    return om_persons_read(owned->panel, again, om_exam_persons, &owned->exam, hooks ? hooks->progress : NULL,
                           hooks ? hooks->context : NULL, count, err);
}

static om_status
read_all(struct om_validation *v, const struct om_study *study, const struct om_hooks *hooks,
         struct om_error *err)
{
    struct om_validation_owned *owned = v->owned;
    struct om_persons_count count = {0};
    om_status status = read_panel(v, study, hooks, false, &count, err);
    if (status == OM_OK && count.read_again) {
        om_exam_end(&owned->exam);
        om_panel_close(owned->panel);
        owned->panel = NULL;
        om_findings_free(v->findings);
        v->findings = NULL;
        status = read_panel(v, study, hooks, true, &count, err);
    }
    v->records = count.read;
    v->rejected = count.rejected;
    if (status == OM_ERR_DATA) /* duplicates, and each is a finding */
        status = OM_OK;
    return status == OM_OK ? om_exam_finish(&owned->exam, &count, err) : status;
}

/* --- what ended the reading ----------------------------------------------------------------------------- */

/* Is it something about the input, and not about the study or the machine? */
static bool
is_of_input(om_status status)
{
    return status == OM_ERR_PANEL || status == OM_ERR_NO_INPUT || status == OM_ERR_PERMISSION ||
           status == OM_ERR_IO;
}

static int
usual_code(om_status status)
{
    return status == OM_ERR_PANEL ? 121 : status == OM_ERR_IO ? 160 : 162;
}

/* Makes a finding of the error that ended the reading. */
static om_status
take_end(struct om_validation *v, struct om_error *err)
{
    const struct om_error *ended = &v->ended;
    const char *message;
    int code = om_error_finding_code(ended, &message);
    const struct om_validation_owned *owned = v->owned;
    struct om_finding finding = {.code = code ? code : usual_code(ended->status),
                                 .severity = OM_FATAL,
                                 .file = ended->file[0] ? ended->file : owned->spec.input[0].path,
                                 .line = ended->line,
                                 .column = "",
                                 .message = message,
                                 .hint = ended->hint};
    if (code == 120 && owned->spec.allow_empty) { /* not even a header, and that is in order */
        finding.severity = OM_NOTE;
        om_findings_collect(v->findings, &finding);
        return om_findings_status(v->findings) == OM_OK ? OM_OK : om_fail_memory(err);
    }
    v->status = ended->status;
    om_findings_collect(v->findings, &finding);
    v->n_unchecked = 0; /* but for everything that was not read */
    take_unchecked(v, 0, "what comes behind the place where the reading ended");
    return om_findings_status(v->findings) == OM_OK ? OM_OK : om_fail_memory(err);
}

/* --- what it says about itself -------------------------------------------------------------------------- */

static void
find_unchecked(struct om_validation *v, const struct om_panel *panel)
{
    if (!om_panel_has_ids(panel))
        take_unchecked(v, 140, "duplicates: there is no column with the person's id");
}

static om_status
describe_inputs(struct om_validation *v, struct om_error *err)
{
    struct om_validation_owned *owned = v->owned;
    v->input = om_calloc(owned->spec.n_inputs, sizeof *v->input);
    if (!v->input)
        return om_fail_memory(err);
    for (size_t i = 0; i < owned->spec.n_inputs; i++) {
        struct om_input_info *info = &v->input[v->n_inputs++];
        *info = (struct om_input_info){.path = owned->spec.input[i].path, .digest_name = "sha256"};
        if (!owned->panel)
            continue;
        struct om_panel_file *file = &owned->panel->file[i];
        info->bytes = om_csv_bytes_read(file->reader);
        info->records = file->records;
        if (v->status != OM_OK)
            continue;
        info->digest_name = file->digest.kind == OM_DIGEST_SHA256 ? "sha256" : "xxh128";
        OM_TRY(om_digest_final(&file->digest, info->digest, err));
    }
    return OM_OK;
}

static om_status
describe(struct om_validation *v, struct om_error *err)
{
    const struct om_validation_owned *owned = v->owned;
    if (owned->no_memory || om_findings_status(v->findings) != OM_OK)
        return om_fail_memory(err);
    if (owned->panel) {
        v->reading = owned->panel->reading.at;
        v->n_reading = owned->panel->reading.n;
        find_unchecked(v, owned->panel);
    }
    return describe_inputs(v, err);
}

/* --- the public face ------------------------------------------------------------------------------------ */

om_status
om_validate(const struct om_study *study, const struct om_hooks *hooks, struct om_validation **out,
            struct om_error *err)
{
    if (study->panel.n_inputs == 0) {
        om_fail(err, OM_ERR_USAGE, "no input file");
        om_hint(err, "name one, or `-` for standard input, or --occasion NAME=FILE for each occasion");
        return OM_ERR_USAGE;
    }
    OM_TRY(om_refuse_tallies(study, err));
    struct om_validation *v = om_calloc(1, sizeof *v);
    struct om_validation_owned *owned = om_calloc(1, sizeof *owned);
    if (!v || !owned) {
        om_free(v);
        om_free(owned);
        return om_fail_memory(err);
    }
    v->owned = owned;
    owned->spec = study->panel;
    owned->spec.thorough = true;
    owned->settings = study->exam;
    owned->settings.missing_rule = study->missing_rule;
    if (study->strict && owned->spec.said[111 - OM_FINDING_FIRST] == OM_SAID_NOTHING)
        owned->spec.said[111 - OM_FINDING_FIRST] = OM_SAID_LEAST + OM_BAD;
    if (study->panel.allow_empty && owned->spec.said[120 - OM_FINDING_FIRST] == OM_SAID_NOTHING)
        owned->spec.said[120 - OM_FINDING_FIRST] = OM_SAID_LEAST + OM_NOTE;
    om_status status = read_all(v, study, hooks, &v->ended);
    if (is_of_input(status) && v->findings)
        status = take_end(v, err);
    else if (status != OM_OK && err)
        *err = v->ended;
    if (status == OM_OK)
        status = describe(v, err);
    if (status == OM_OK)
        *out = v;
    else
        om_validation_free(v);
    return status;
}

void
om_validation_free(struct om_validation *validation)
{
    if (!validation)
        return;
    struct om_validation_owned *owned = validation->owned;
    om_findings_free(validation->findings);
    om_free(validation->input);
    om_exam_end(&owned->exam);
    om_panel_close(owned->panel);
    om_free(owned->bad.word);
    om_free(owned);
    om_free(validation);
}
