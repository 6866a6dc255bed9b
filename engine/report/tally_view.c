/* What is in a tally: a page for people, an object for programs. */
#include <omstat/tally_report.h>

#include "base/error.h"
#include "io/sink.h"
#include "report/json.h"
#include "report/view.h"
#include "tally/tally.h"

#include <inttypes.h>
#include <omstat/catalogue.h>
#include <stdio.h>
#include <string.h>

enum { DIGITS = 12, WIDTH = 100 };

static uint64_t
records(const struct om_tally *tally, enum om_tally_record which)
{
    return om_tally_count(om_tally_at(tally, OM_TALLY_RECORDS, 0, 0), which, 0);
}

static uint64_t
persons(const struct om_tally *tally, size_t group)
{
    return om_tally_count(om_tally_at(tally, OM_TALLY_PERSONS, group, 0), OM_TALLY_ALL, 0);
}

static uint64_t
everybody(const struct om_tally *tally)
{
    uint64_t sum = 0;
    for (size_t g = 0; g < tally->n_groups; g++)
        sum += persons(tally, g);
    return sum;
}

static uint64_t
findings(const struct om_tally *tally, uint32_t finding)
{
    return tally->has[OM_TALLY_FINDINGS]
               ? om_tally_count(om_tally_at(tally, OM_TALLY_FINDINGS, 0, 0), finding, 0)
               : 0;
}

/* The k-th finding when those of the worst severity come first, and each severity as it stands. */
static size_t
worst_first(const struct om_tally *tally, size_t k)
{
    for (uint32_t severity = OM_FATAL + 1; severity-- > 0;)
        for (size_t i = 0; i < tally->n_findings; i++)
            if (tally->finding[i].severity == severity && k-- == 0)
                return i;
    return 0;
}

/* "cohort=1;site=A" */
static void
put_group(struct om_buffer *out, const struct om_tally *tally, size_t group)
{
    for (size_t b = 0; b < tally->by.n; b++)
        om_buffer_format(out, "%s%s=%s", b ? ";" : "", tally->by.at[b],
                         *tally->group[group].at[b] ? tally->group[group].at[b] : "(blank)");
    if (!tally->by.n)
        om_buffer_text(out, "all");
}

static void
put_list(struct om_buffer *out, const struct om_tally_texts *texts, const char *none)
{
    for (size_t i = 0; i < texts->n; i++)
        om_buffer_format(out, "%s%s", i ? ", " : "", texts->at[i]);
    if (!texts->n)
        om_buffer_text(out, none);
}

/* --- for people ----------------------------------------------------------------------------------------- */

static void
item_list(struct om_page *page, const char *term, const struct om_tally_texts *texts, const char *none)
{
    struct om_buffer text = OM_BUFFER_EMPTY;
    put_list(&text, texts, none);
    om_page_item(page, term, "%s", om_buffer_string(&text));
    om_buffer_release(&text);
}

static void
compose_study(struct om_page *page, const struct om_tally *tally)
{
    char study[OM_TALLY_STUDY_TEXT] = "";
    om_page_heading(page, "counted", "What was counted");
    if (om_tally_study(tally, study, NULL) != OM_OK)
        page->failed = true;
    om_page_item(page, "study", "%s", study);
    om_page_item(page, "records",
                 "%" PRIu64 " read = %" PRIu64 " scored + %" PRIu64 " rejected + %" PRIu64 " skipped",
                 records(tally, OM_TALLY_READ), records(tally, OM_TALLY_SCORED),
                 records(tally, OM_TALLY_REJECTED), records(tally, OM_TALLY_SKIPPED));
    if (tally->last)
        om_page_item(page, "occasions", "%s and %s", tally->first, tally->last);
    else
        om_page_item(page, "occasions", "one%s%s", *tally->first ? ": " : "", tally->first);
    item_list(page, "groups by", &tally->by, "no column");
    item_list(page, "described", &tally->described, "no column");
    item_list(page, "fixed", &tally->setting, "everything at its default");
}

static void
compose_instruments(struct om_page *page, const struct om_tally *tally)
{
    om_table_begin(page, "Instruments");
    om_table_column(page, OM_ALIGN_LEFT, "instrument");
    om_table_column(page, OM_ALIGN_LEFT, "version");
    om_table_column(page, OM_ALIGN_LEFT, "scoring digest");
    om_table_column(page, OM_ALIGN_LEFT, "scales");
    for (size_t i = 0; i < tally->n_instruments; i++) {
        struct om_buffer scales = OM_BUFFER_EMPTY;
        for (size_t s = 0; s < tally->n_scales; s++)
            if (tally->scale[s].instrument == i)
                om_buffer_format(&scales, "%s%s", scales.length ? ", " : "", tally->scale[s].id);
        om_table_row(page);
        om_table_cell(page, OM_TONE_PLAIN, "%s", tally->instrument[i].id);
        om_table_cell(page, OM_TONE_PLAIN, "%s", tally->instrument[i].version);
        om_table_cell(page, OM_TONE_PLAIN, "%.*s", DIGITS, tally->instrument[i].digest);
        om_table_cell(page, OM_TONE_PLAIN, "%s", om_buffer_string(&scales));
        om_buffer_release(&scales);
    }
    om_table_end(page);
}

static void
compose_groups(struct om_page *page, const struct om_tally *tally)
{
    om_table_begin(page, "Groups");
    om_table_column(page, OM_ALIGN_LEFT, "group");
    om_table_column(page, OM_ALIGN_RIGHT, "persons");
    for (size_t g = 0; g < tally->n_groups; g++) {
        struct om_buffer name = OM_BUFFER_EMPTY;
        put_group(&name, tally, g);
        om_table_row(page);
        om_table_cell(page, OM_TONE_PLAIN, "%s", om_buffer_string(&name));
        om_table_cell(page, OM_TONE_PLAIN, "%" PRIu64, persons(tally, g));
        om_buffer_release(&name);
    }
    om_table_end(page);
}

/* A run is a row; more inputs of it follow without its number of persons. */
static void
compose_shards(struct om_page *page, const char *title, const struct om_tally_shard *shard, size_t n,
               bool times)
{
    om_table_begin(page, "%s", title);
    om_table_column(page, OM_ALIGN_LEFT, "input");
    om_table_column(page, OM_ALIGN_RIGHT, "records");
    om_table_column(page, OM_ALIGN_RIGHT, "persons");
    if (times)
        om_table_column(page, OM_ALIGN_RIGHT, "times");
    om_table_column(page, OM_ALIGN_LEFT, "digest");
    for (size_t s = 0; s < n; s++)
        for (size_t i = 0; i < shard[s].n_inputs; i++) {
            const struct om_tally_input *input = &shard[s].input[i];
            om_table_row(page);
            if (input->parts)
                om_table_cell(page, OM_TONE_PLAIN, "%s, part %" PRIu32 "/%" PRIu32, input->name, input->part,
                              input->parts);
            else
                om_table_cell(page, OM_TONE_PLAIN, "%s",
                              strcmp(input->name, "-") == 0 ? "standard input" : input->name);
            om_table_cell(page, OM_TONE_PLAIN, "%" PRIu64, input->records);
            if (i == 0)
                om_table_cell(page, OM_TONE_PLAIN, "%" PRIu64, shard[s].persons);
            else
                om_table_cell(page, OM_TONE_DIM, "with it");
            if (times)
                om_table_cell(page, OM_TONE_PLAIN, "%" PRIu64, shard[s].times);
            om_table_cell(page, OM_TONE_PLAIN, "%.*s", DIGITS + 7, input->digest);
        }
    om_table_end(page);
}

static void
compose_findings(struct om_page *page, const struct om_tally *tally)
{
    om_table_begin(page, "Findings");
    om_table_column(page, OM_ALIGN_LEFT, "code");
    om_table_column(page, OM_ALIGN_LEFT, "severity");
    om_table_column(page, OM_ALIGN_RIGHT, "times");
    om_table_column(page, OM_ALIGN_LEFT, "column");
    om_table_column(page, OM_ALIGN_LEFT, "what");
    for (size_t k = 0; k < tally->n_findings; k++) {
        const size_t i = worst_first(tally, k);
        const struct om_tally_finding *one = &tally->finding[i];
        const struct om_catalogue_entry *entry = om_catalogue_find((int)one->code);
        om_table_row(page);
        om_table_cell(page, OM_TONE_PLAIN, "OM%03" PRIu32, one->code);
        om_table_cell(page, OM_TONE_PLAIN, "%s", om_severity_name((enum om_severity)one->severity));
        om_table_cell(page, OM_TONE_PLAIN, "%" PRIu64, findings(tally, (uint32_t)i));
        om_table_cell(page, OM_TONE_PLAIN, "%s", one->column);
        om_table_cell(page, OM_TONE_PLAIN, "%s", entry ? entry->title : "");
    }
    om_table_end(page);
}

static void
compose(struct om_page *page, const struct om_tally *tally, const char *name)
{
    om_page_title(page, "Tally: %s", strcmp(name, "-") == 0 ? "standard input" : name);
    om_page_paragraph(page, OM_TONE_PLAIN, "%" PRIu64 " persons in %zu group%s, counted in %zu run%s.",
                      everybody(tally), tally->n_groups, tally->n_groups == 1 ? "" : "s", tally->n_shards,
                      tally->n_shards == 1 ? "" : "s");
    compose_study(page, tally);
    compose_instruments(page, tally);
    if (tally->by.n)
        compose_groups(page, tally);
    compose_shards(page, "Inputs", tally->shard, tally->n_shards, false);
    if (tally->n_removed)
        compose_shards(page, "Taken out again", tally->removed, tally->n_removed, true);
    if (tally->n_findings)
        compose_findings(page, tally);
}

/* --- for programs --------------------------------------------------------------------------------------- */

static void
member_list(struct om_json *json, const char *name, const struct om_tally_texts *texts)
{
    om_json_name(json, name);
    om_json_begin(json, '[', OM_JSON_INLINE);
    for (size_t i = 0; i < texts->n; i++)
        om_json_text(json, texts->at[i]);
    om_json_end(json, ']');
}

static void
json_instruments(struct om_json *json, const struct om_tally *tally)
{
    om_json_name(json, "instruments");
    om_json_begin(json, '[', OM_JSON_LINES);
    for (size_t i = 0; i < tally->n_instruments; i++) {
        om_json_begin(json, '{', OM_JSON_INLINE);
        om_json_member_text(json, "id", tally->instrument[i].id);
        om_json_member_text(json, "version", tally->instrument[i].version);
        om_json_member_text(json, "scoring", tally->instrument[i].digest);
        om_json_end(json, '}');
    }
    om_json_end(json, ']');
}

static void
json_groups(struct om_json *json, const struct om_tally *tally)
{
    om_json_name(json, "groups");
    om_json_begin(json, '[', OM_JSON_LINES);
    for (size_t g = 0; g < tally->n_groups; g++) {
        om_json_begin(json, '{', OM_JSON_INLINE);
        member_list(json, "values", &tally->group[g]);
        om_json_member_count(json, "persons", persons(tally, g));
        om_json_end(json, '}');
    }
    om_json_end(json, ']');
}

static void
json_shards(struct om_json *json, const char *name, const struct om_tally_shard *shard, size_t n)
{
    om_json_name(json, name);
    om_json_begin(json, '[', OM_JSON_LINES);
    for (size_t s = 0; s < n; s++) {
        om_json_begin(json, '{', OM_JSON_LINES);
        om_json_member_count(json, "persons", shard[s].persons);
        if (shard[s].times)
            om_json_member_count(json, "times", shard[s].times);
        om_json_name(json, "inputs");
        om_json_begin(json, '[', OM_JSON_LINES);
        for (size_t i = 0; i < shard[s].n_inputs; i++) {
            const struct om_tally_input *input = &shard[s].input[i];
            om_json_begin(json, '{', OM_JSON_INLINE);
            om_json_member_text(json, "name", input->name);
            om_json_member_text(json, "digest", input->digest);
            if (input->parts) {
                om_json_member_count(json, "part", input->part);
                om_json_member_count(json, "parts", input->parts);
            }
            om_json_member_count(json, "bytes", input->bytes);
            om_json_member_count(json, "records", input->records);
            om_json_end(json, '}');
        }
        om_json_end(json, ']');
        om_json_end(json, '}');
    }
    om_json_end(json, ']');
}

static void
json_findings(struct om_json *json, const struct om_tally *tally)
{
    om_json_name(json, "findings");
    om_json_begin(json, '[', OM_JSON_LINES);
    for (size_t k = 0; k < tally->n_findings; k++) {
        const size_t i = worst_first(tally, k);
        char code[16];
        snprintf(code, sizeof code, "OM%03" PRIu32, tally->finding[i].code);
        om_json_begin(json, '{', OM_JSON_INLINE);
        om_json_member_text(json, "code", code);
        om_json_member_text(json, "severity", om_severity_name((enum om_severity)tally->finding[i].severity));
        om_json_member_text(json, "column", tally->finding[i].column);
        om_json_member_count(json, "count", findings(tally, (uint32_t)i));
        om_json_end(json, '}');
    }
    om_json_end(json, ']');
}

static void
put_json(struct om_buffer *out, const struct om_tally *tally)
{
    struct om_json json = OM_JSON(out);
    om_json_begin(&json, '{', OM_JSON_LINES);
    char study[OM_TALLY_STUDY_TEXT] = "";
    if (om_tally_study(tally, study, NULL) != OM_OK)
        out->failed = 1;
    om_json_member_text(&json, "schema", "omstat/tally/1");
    om_json_member_text(&json, "study", study);
    om_json_member_count(&json, "persons", everybody(tally));
    om_json_name(&json, "records");
    om_json_begin(&json, '{', OM_JSON_INLINE);
    om_json_member_count(&json, "read", records(tally, OM_TALLY_READ));
    om_json_member_count(&json, "scored", records(tally, OM_TALLY_SCORED));
    om_json_member_count(&json, "rejected", records(tally, OM_TALLY_REJECTED));
    om_json_member_count(&json, "skipped", records(tally, OM_TALLY_SKIPPED));
    om_json_end(&json, '}');
    om_json_name(&json, "occasions");
    om_json_begin(&json, '[', OM_JSON_INLINE);
    om_json_text(&json, tally->first);
    if (tally->last)
        om_json_text(&json, tally->last);
    om_json_end(&json, ']');
    member_list(&json, "by", &tally->by);
    member_list(&json, "describe", &tally->described);
    member_list(&json, "settings", &tally->setting);
    json_instruments(&json, tally);
    json_groups(&json, tally);
    json_shards(&json, "shards", tally->shard, tally->n_shards);
    json_shards(&json, "taken_out", tally->removed, tally->n_removed);
    json_findings(&json, tally);
    om_json_end(&json, '}');
}

/* --- either --------------------------------------------------------------------------------------------- */

static void
put_text(struct om_buffer *out, const struct om_tally *tally, const char *name)
{
    struct om_page page = OM_PAGE_EMPTY;
    compose(&page, tally, name);
    if (om_page_ok(&page))
        om_view_text(out, &page, WIDTH, false);
    else
        out->failed = 1;
    om_page_release(&page);
}

om_status
om_tally_show(const struct om_tally *tally, const char *name, const struct om_tally_view *view,
              const char *path, struct om_error *err)
{
    struct om_buffer out = OM_BUFFER_EMPTY;
    if (view->json)
        put_json(&out, tally);
    else
        put_text(&out, tally, name);
    om_status status = om_sink_write_all(path, &out, err);
    om_buffer_release(&out);
    return status;
}
