/*
 * Whole panels: read as one piece by one thread and in small pieces by three, they give the same results, the
 * same findings at the same places and the same error; every view of the findings can be made; and no cell
 * value gets into any of them.
 *
 *   byte 0   size of a piece    byte 1   settings    the rest: the panel
 */
#include "fuzz/fuzz.h"
#include "analysis/study.h"
#include "base/buffer.h"

#include <omstat/analysis.h>
#include <omstat/findings_report.h>
#include <omstat/report.h>

static const char *const settings[][9] = {
    {"missing-rule", "complete", NULL},
    {"duplicates", "first", "missing-rule", "prorate", NULL},
    {"duplicates", "reject-all", "by", "site", "max-groups", "20", NULL},
    {"duplicates", "last", "checks", "phq9_1 > 2 => phq9_2 != blank", NULL},
};
enum { SETTINGS = sizeof settings / sizeof settings[0] };

/* Studies are made once: what changes is the content of the file they name. */
static struct om_study *
study_of(unsigned which, const char *path)
{
    static struct om_study *study[SETTINGS];
    if (study[which])
        return study[which];
    require(om_study_new(&study[which], NULL) == OM_OK);
    require(om_study_add_input(study[which], path, NULL) == OM_OK);
    for (size_t i = 0; settings[which][i]; i += 2)
        require(om_study_set(study[which], settings[which][i], settings[which][i + 1], NULL) == OM_OK);
    return study[which];
}

static void
write_findings(struct om_buffer *out, const struct om_findings *findings)
{
    for (size_t i = 0; findings && i < om_findings_groups(findings); i++) {
        const struct om_finding_group *group = om_findings_group(findings, i);
        om_buffer_format(out, "%d x %llu:", group->first[0].code, (unsigned long long)group->count);
        for (size_t k = 0; k < group->n_kept; k++)
            om_buffer_format(out, " %llu/%llu/%s/%llu %s", (unsigned long long)group->first[k].line,
                             (unsigned long long)group->first[k].record, group->first[k].column,
                             (unsigned long long)group->first[k].byte_offset, group->first[k].message);
        om_buffer_char(out, '\n');
    }
}

static void
write_error(struct om_buffer *out, om_status status, const struct om_error *err)
{
    om_buffer_format(out, "%s %llu:%llu %s (%s)\n", om_status_name(status), (unsigned long long)err->line,
                     (unsigned long long)err->column, err->message, err->hint);
}

static void
write_report(struct om_buffer *out, const struct om_study *study)
{
    struct om_analysis *analysis = NULL;
    struct om_findings *findings = NULL;
    struct om_report_options options = {.format = OM_FORMAT_CSV};
    struct om_error err = {0};
    char *text = NULL;
    size_t length;
    om_status status = om_analyse(study, NULL, &analysis, &findings, &err);
    require_words(status, &err);
    require(status != OM_ERR_INTERNAL && status != OM_ERR_INVALID);
    if (status == OM_OK) {
        require(om_report_render(analysis, &options, &text, &length, &err) == OM_OK);
        om_buffer_add(out, text, length);
        om_text_free(text);
        findings = NULL;
        write_findings(out, analysis->findings);
    } else {
        write_error(out, status, &err);
        write_findings(out, findings);
    }
    om_findings_free(findings);
    om_analysis_free(analysis);
}

static void
write_validation(struct om_buffer *out, const struct om_study *study)
{
    struct om_validation *validation = NULL;
    struct om_error err = {0};
    om_status status = om_validate(study, NULL, &validation, &err);
    require_words(status, &err);
    require(status != OM_ERR_INTERNAL && status != OM_ERR_INVALID);
    if (status != OM_OK) {
        write_error(out, status, &err);
        return;
    }
    for (int format = OM_FINDINGS_TEXT; format <= OM_FINDINGS_MARKDOWN; format++) {
        struct om_findings_options options = {.format = (enum om_findings_format)format, .gate = true};
        char *text = NULL;
        size_t length;
        require(om_validation_render(validation, &options, &text, &length, &err) == OM_OK);
        om_buffer_add(out, text, length);
        om_text_free(text);
    }
    om_validation_free(validation);
}

static void
read_panel(struct om_buffer *out, struct om_study *study, size_t threads, size_t piece)
{
    study->panel.threads = threads;
    study->panel.piece = piece;
    write_report(out, study);
    write_validation(out, study);
    require(om_buffer_ok(out));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const size_t piece = 1 + 4 * fuzz_byte(&data, &size);
    const unsigned which = fuzz_byte(&data, &size) % SETTINGS;
    if (size > 1 << 14)
        return 0;
    struct om_study *study = study_of(which, fuzz_file(data, size));
    struct om_buffer whole = OM_BUFFER_EMPTY, pieces = OM_BUFFER_EMPTY;
    const size_t live = om_memory_live();
    read_panel(&whole, study, 1, 1 << 20);
    read_panel(&pieces, study, 3, piece);
    if (whole.length != pieces.length || memcmp(whole.data, pieces.data, whole.length) != 0) {
        size_t i = 0;
        while (i < whole.length && i < pieces.length && whole.data[i] == pieces.data[i])
            i++;
        size_t from = i < 60 ? 0 : i - 60;
        fprintf(stderr, "whole:  %.300s\npieces: %.300s\n", whole.data + from, pieces.data + from);
        abort();
    }
    om_buffer_release(&whole);
    om_buffer_release(&pieces);
    require(om_memory_live() == live);
    return 0;
}
