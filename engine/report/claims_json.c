/* Judged claims as JSON (schema omstat/claims/1) and as JUnit: a test case for each claim. */
#include "report/claims_view.h"
#include "report/json.h"
#include "report/xml.h"

static void
member_ratio(struct om_json *json, bool has, uint64_t numerator, uint64_t denominator)
{
    om_json_name(json, "numerator");
    has ? om_json_count(json, numerator) : om_json_null(json);
    om_json_name(json, "denominator");
    has ? om_json_count(json, denominator) : om_json_null(json);
}

static void
add_alternatives(struct om_json *json, const struct om_claim_result *result)
{
    om_json_name(json, "alternatives");
    om_json_begin(json, '[', OM_JSON_LINES);
    for (size_t i = 0; i < result->n_alternatives; i++) {
        const struct om_alternative *alternative = &result->alternative[i];
        om_json_begin(json, '{', OM_JSON_INLINE);
        om_json_member_text(json, "change", alternative->change);
        om_json_name(json, "value");
        om_json_number(json, alternative->value);
        member_ratio(json, alternative->has_ratio, alternative->numerator, alternative->denominator);
        om_json_end(json, '}');
    }
    om_json_end(json, ']');
}

static void
add_claim(struct om_json *json, const struct om_claim *claim, const struct om_claim_result *result)
{
    om_json_begin(json, '{', OM_JSON_LINES);
    om_json_member_text(json, "id", claim->id);
    om_json_member_text(json, "verdict", om_verdict_name(result->verdict));
    om_json_member_optional(json, "text", claim->text);
    om_json_member_optional(json, "source", claim->source);
    om_json_member_optional(json, "instrument", claim->instrument);
    om_json_member_optional(json, "scale", claim->scale);
    om_json_member_optional(json, "group", claim->group);
    om_json_member_optional(json, "population", claim->population);
    om_json_member_optional(json, "occasion", claim->occasion);
    om_json_member_optional(json, "rule", claim->rule);
    om_json_member_optional(json, "statistic", claim->statistic);
    om_json_member_optional(json, "claimed", claim->has_value ? claim->value_text : "");
    om_json_member_text(json, "reason", result->reason);
    om_json_name(json, "value");
    result->has_value ? om_json_number(json, result->value) : om_json_null(json);
    member_ratio(json, result->has_value && result->has_ratio, result->numerator, result->denominator);
    add_alternatives(json, result);
    om_json_member_optional(json, "possible_n", result->possible_n);
    om_json_member_optional(json, "impossible_n", result->impossible_n);
    om_json_end(json, '}');
}

void
om_claims_json(struct om_buffer *out, const struct om_claims *claims, const struct om_claims_results *results)
{
    struct om_json json = OM_JSON(out);
    om_json_begin(&json, '{', OM_JSON_LINES);
    om_json_member_text(&json, "schema", "omstat/claims/1");
    om_json_member_optional(&json, "source", claims->source);
    om_json_name(&json, "counts");
    om_json_begin(&json, '{', OM_JSON_INLINE);
    for (int verdict = OM_CLAIM_MATCH; verdict <= OM_CLAIM_UNDECIDABLE; verdict++)
        om_json_member_count(&json, om_verdict_name((enum om_verdict)verdict), results->count[verdict]);
    om_json_end(&json, '}');
    om_json_name(&json, "claims");
    om_json_begin(&json, '[', OM_JSON_LINES);
    for (size_t i = 0; i < results->n; i++)
        add_claim(&json, &claims->claim[i], &results->result[i]);
    om_json_end(&json, ']');
    om_json_end(&json, '}');
}

/* --- JUnit ---------------------------------------------------------------------------------------------- */

static void
add_case(struct om_buffer *out, const struct om_claim *claim, const struct om_claim_result *result)
{
    om_buffer_text(out, "    <testcase");
    om_xml_attribute(out, "name", claim->id);
    om_xml_attribute(out, "classname", "omstat.claims");
    if (result->verdict == OM_CLAIM_MATCH) {
        om_buffer_text(out, "/>\n");
        return;
    }
    const bool fails = result->verdict == OM_CLAIM_MISMATCH;
    om_buffer_text(out, fails ? ">\n      <failure type=\"mismatch\"" : ">\n      <skipped");
    om_xml_attribute(out, "message", result->reason);
    if (fails) {
        om_buffer_char(out, '>');
        om_xml_text(out, claim->text);
        om_buffer_char(out, '\n');
        for (size_t i = 0; i < result->n_alternatives; i++) {
            struct om_buffer line = OM_BUFFER_EMPTY;
            om_claims_say_alternative(&line, &result->alternative[i]);
            om_buffer_text(out, "given by: ");
            om_xml_text(out, om_buffer_string(&line));
            om_buffer_char(out, '\n');
            out->failed |= !om_buffer_ok(&line);
            om_buffer_release(&line);
        }
        om_buffer_text(out, "</failure>\n");
    } else {
        om_buffer_text(out, "/>\n");
    }
    om_buffer_text(out, "    </testcase>\n");
}

void
om_claims_junit(struct om_buffer *out, const struct om_claims *claims,
                const struct om_claims_results *results)
{
    const size_t failures = results->count[OM_CLAIM_MISMATCH], skipped = results->count[OM_CLAIM_UNDECIDABLE];
    om_buffer_format(out,
                     "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                     "<testsuites tests=\"%zu\" failures=\"%zu\" errors=\"0\" skipped=\"%zu\">\n"
                     "  <testsuite name=\"omstat claims\" tests=\"%zu\" failures=\"%zu\" errors=\"0\" "
                     "skipped=\"%zu\">\n",
                     results->n, failures, skipped, results->n, failures, skipped);
    for (size_t i = 0; i < results->n; i++)
        add_case(out, &claims->claim[i], &results->result[i]);
    om_buffer_text(out, "  </testsuite>\n</testsuites>\n");
}
