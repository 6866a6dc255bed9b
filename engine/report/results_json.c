/* The result set as JSON, schema omstat/results/1: rows, denominators, and what they were made from. */
#include "report/manifest.h"
#include "report/view.h"

static void
member_number(struct om_json *json, const char *name, bool has, double value)
{
    om_json_name(json, name);
    if (has)
        om_json_number(json, value);
    else
        om_json_null(json);
}

static void
member_count(struct om_json *json, const char *name, bool has, uint64_t value)
{
    om_json_name(json, name);
    if (has)
        om_json_count(json, value);
    else
        om_json_null(json);
}

static void
add_row(struct om_json *json, const struct om_result *row)
{
    om_json_begin(json, '{', OM_JSON_INLINE);
    om_json_member_optional(json, "group", row->group);
    om_json_member_optional(json, "instrument", row->instrument);
    om_json_member_optional(json, "scale", row->scale);
    om_json_member_optional(json, "population", row->population);
    om_json_member_optional(json, "occasion", row->occasion);
    om_json_member_optional(json, "rule", row->rule);
    om_json_member_optional(json, "statistic", row->statistic);
    member_number(json, "value", row->has_value, row->value);
    member_count(json, "numerator", row->has_ratio, row->numerator);
    member_count(json, "denominator", row->has_ratio, row->denominator);
    member_number(json, "lower", row->has_interval, row->lower);
    member_number(json, "upper", row->has_interval, row->upper);
    member_number(json, "level", row->has_level, row->level);
    om_json_member_optional(json, "method", row->method);
    member_count(json, "n", row->has_n, row->n);
    om_json_member_optional(json, "note", row->note);
    om_json_end(json, '}');
}

static void
add_persons(struct om_json *json, const struct om_person_ledger *ledger)
{
    om_json_begin(json, '{', OM_JSON_INLINE);
    om_json_member_text(json, "group", ledger->group);
    om_json_member_text(json, "instrument", ledger->instrument);
    om_json_member_known(json, "persons", ledger->persons);
    om_json_member_known(json, "baseline", ledger->baseline);
    om_json_member_known(json, "positive", ledger->has_cutoff ? ledger->positive : OM_WITHHELD);
    om_json_member_known(json, "paired", ledger->paired);
    om_json_member_known(json, "used", ledger->has_cutoff ? ledger->used : OM_WITHHELD);
    om_json_end(json, '}');
}

static void
add_ledger(struct om_json *json, const struct om_analysis *analysis)
{
    const struct om_record_ledger *records = &analysis->records;
    om_json_begin(json, '{', OM_JSON_LINES);
    om_json_name(json, "records");
    om_json_begin(json, '{', OM_JSON_INLINE);
    om_json_member_known(json, "read", records->read);
    om_json_member_known(json, "scored", records->scored);
    om_json_member_known(json, "rejected", records->rejected);
    om_json_member_known(json, "skipped", records->skipped);
    om_json_end(json, '}');
    om_json_member_known(json, "persons", analysis->persons);
    om_json_member_known(json, "without_partner", analysis->without_partner);
    om_json_member_known(json, "duplicates", analysis->duplicates);
    om_json_name(json, "groups");
    om_json_begin(json, '[', OM_JSON_LINES);
    for (size_t i = 0; i < analysis->n_ledger; i++)
        add_persons(json, &analysis->ledger[i]);
    om_json_end(json, ']');
    om_json_end(json, '}');
}

static void
add_disclosure(struct om_json *json, const struct om_disclosure *disclosure)
{
    om_json_name(json, "disclosure");
    om_json_begin(json, '{', OM_JSON_INLINE);
    om_json_member_text(json, "preset", disclosure->preset);
    om_json_member_count(json, "below", disclosure->below);
    om_json_member_count(json, "round", disclosure->round);
    om_json_member_count(json, "shown", disclosure->n_shown);
    om_json_member_count(json, "withheld", disclosure->n_withheld);
    om_json_end(json, '}');
}

void
om_view_json(struct om_buffer *out, const struct om_analysis *analysis,
             const struct om_report_options *options)
{
    struct om_json json = OM_JSON(out);
    om_json_begin(&json, '{', OM_JSON_LINES);
    om_json_member_text(&json, "schema", "omstat/results/1");
    om_json_name(&json, "results");
    om_json_begin(&json, '[', OM_JSON_LINES);
    for (size_t i = 0; i < analysis->results.n_rows; i++)
        add_row(&json, &analysis->results.row[i]);
    om_json_end(&json, ']');
    if (analysis->disclosure.active)
        add_disclosure(&json, &analysis->disclosure);
    om_json_name(&json, "ledger");
    add_ledger(&json, analysis);
    om_json_name(&json, "manifest");
    om_manifest_json(&json, analysis, options);
    om_json_end(&json, '}');
}
