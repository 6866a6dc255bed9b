/* Claims held against analyses. */
#include "claims/check.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/number.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* --- numbers of rows ------------------------------------------------------------------------------------ */

/* The decimal that stands for a double, as a fraction; digits beyond the 15th are rounded off. */
static bool
from_double(double value, struct om_fraction *out)
{
    char text[40];
    if (fabs(value) >= 1e9 || !isfinite(value))
        return false;
    snprintf(text, sizeof text, "%.*f", fabs(value) < 10 ? 14 : fabs(value) < 1e4 ? 11 : 8, value);
    for (char *p = text; *p; p++)
        if (*p == ',') /* a locale's point */
            *p = '.';
    return om_fraction_parse(text, strlen(text), out) == 1;
}

bool
om_claims_exact(const struct om_result *row, struct om_fraction *out)
{
    const double limit = 1e15;
    if (row->has_ratio && row->denominator > 0 && (double)row->denominator < limit &&
        fabs(row->value - (double)row->numerator / (double)row->denominator) < 1e-12) {
        *out = (struct om_fraction){(int64_t)row->numerator, (int64_t)row->denominator};
        return true;
    }
    const double sum = row->value * (double)row->n;
    if (row->has_n && row->n > 0 && strstr(row->statistic, "mean") && fabs(sum) < 1e9 &&
        fabs(sum - round(sum)) < 1e-7) {
        *out = (struct om_fraction){(int64_t)round(sum), (int64_t)row->n};
        return true;
    }
    return from_double(row->value, out);
}

/* --- one claim ------------------------------------------------------------------------------------------ */

static const struct om_result *
find_row(const struct om_claim *claim, const struct om_analysis *analysis)
{
    return om_results_find(&analysis->results, claim->group, claim->instrument, claim->scale,
                           claim->population, claim->occasion, claim->rule, claim->statistic);
}

/* The first part of the claim that no row has. */
static void
say_absent(struct om_buffer *text, const struct om_claim *claim, const struct om_results *results)
{
    const struct {
        const char *what, *name;
    } part[] = {{"instrument", claim->instrument}, {"scale", claim->scale},         {"group", claim->group},
                {"occasion", claim->occasion},     {"statistic", claim->statistic}, {"rule", claim->rule}};
    const char *given[6] = {0};
    for (size_t i = 0; i < sizeof part / sizeof *part; i++) {
        given[i] = part[i].name;
        if (!om_results_find(results, given[2], given[0], given[1], NULL, given[3], given[5], given[4])) {
            om_buffer_format(text, "the panel gives no such number: %s %s%s", part[i].what,
                             *part[i].name ? part[i].name : "none", i ? ", of what stands before" : "");
            return;
        }
    }
    om_buffer_format(text, "the panel gives no such number for the population %s", claim->population);
}

/* A number as it was published, to the places it has and two more; what would be 0 then, in two digits. */
static void
say_value(struct om_buffer *text, const struct om_claim *claim, double value)
{
    const int decimals = claim->value.decimals + 2;
    const double shown = claim->value.percent ? 100 * value : value;
    if (value != 0 && fabs(shown) < pow(10, -decimals))
        om_buffer_format(text, "%.2g", shown);
    else
        om_buffer_format(text, "%.*f", decimals, shown);
    om_buffer_text(text, claim->value.percent ? " %" : "");
}

/* What it would take of the same n. */
static void
say_needed(struct om_buffer *text, const struct om_claim *claim, const struct om_result *row)
{
    uint64_t k;
    if (!row->has_ratio || claim->value.relation != '=' || !om_claims_is_rate(claim))
        return;
    if (om_rate_possible(&claim->value, row->denominator, claim->rounding, claim->tolerance, &k))
        om_buffer_format(text, "; it would take %" PRIu64 " of %" PRIu64, k, row->denominator);
    else
        om_buffer_format(text, "; no part of %" PRIu64 " is that", row->denominator);
}

static om_status
judge_row(const struct om_claim *claim, const struct om_result *row, struct om_claim_result *result,
          struct om_error *err)
{
    struct om_fraction exact;
    struct om_buffer text = OM_BUFFER_EMPTY;
    if (!row->has_value || !om_claims_exact(row, &exact)) {
        om_buffer_format(&text, "the number is not defined: %s", *row->note ? row->note : "beyond the range");
        return om_claims_judge(result, OM_CLAIM_UNDECIDABLE, &text, err);
    }
    result->has_value = true;
    result->value = row->value;
    result->has_ratio = row->has_ratio;
    result->numerator = row->numerator;
    result->denominator = row->denominator;
    const uint64_t n = row->has_ratio ? row->denominator : row->n;
    const bool fits = om_published_fits(&claim->value, exact, claim->rounding, claim->tolerance);
    const bool n_fits = !claim->has_n || (n >= claim->n_from && n <= claim->n_to);
    const bool k_fits = !claim->has_k || (row->has_ratio && row->numerator == claim->k);
    result->wrong_number = claim->value.relation == '=' && !(fits && n_fits && k_fits);
    om_buffer_text(&text, "the panel gives ");
    if (row->has_ratio)
        om_buffer_format(&text, "%" PRIu64 " of %" PRIu64 ", ", row->numerator, row->denominator);
    say_value(&text, claim, row->value);
    if (!fits) {
        om_buffer_format(&text, ", not %s", claim->value_text);
        say_needed(&text, claim, row);
    } else if (!n_fits) {
        om_buffer_format(&text, ", which fits, but of %" PRIu64 " people", n);
    } else if (!k_fits) {
        om_buffer_format(&text, ", which fits, but not as %" PRIu64, claim->k);
    }
    return om_claims_judge(result, fits && n_fits && k_fits ? OM_CLAIM_MATCH : OM_CLAIM_MISMATCH, &text, err);
}

static om_status
judge(const struct om_claim *claim, const struct om_registry *registry,
      const struct om_claims_variant *variant, size_t n_variants, struct om_claim_result *result,
      struct om_error *err)
{
    const bool asks_data = claim->has_value && *claim->statistic;
    if (n_variants == 0 || !asks_data)
        return om_claims_arithmetic(registry, claim, result, err);
    const struct om_result *row = find_row(claim, variant[0].analysis);
    if (!row) {
        struct om_buffer text = OM_BUFFER_EMPTY;
        say_absent(&text, claim, &variant[0].analysis->results);
        return om_claims_judge(result, OM_CLAIM_UNDECIDABLE, &text, err);
    }
    OM_TRY(judge_row(claim, row, result, err));
    if (claim->test.kind == OM_TEST_NONE || result->verdict != OM_CLAIM_MATCH)
        return OM_OK;
    /* the number fits; what stands beside it has to fit together as well */
    struct om_claim test = *claim;
    struct om_claim_result together = {.verdict = OM_CLAIM_UNDECIDABLE};
    test.has_value = false;
    om_status status = om_claims_arithmetic(registry, &test, &together, err);
    if (status == OM_OK && together.verdict == OM_CLAIM_MISMATCH) {
        om_free(result->reason);
        result->reason = together.reason;
        result->verdict = OM_CLAIM_MISMATCH;
    } else {
        om_free(together.reason);
    }
    return status;
}

/* --- all of them ---------------------------------------------------------------------------------------- */

static om_status
judge_all(const struct om_claims *claims, const struct om_registry *registry,
          const struct om_claims_variant *variant, size_t n_variants, struct om_claims_results *out,
          struct om_error *err)
{
    size_t searched = 0;
    for (size_t i = 0; i < claims->n_claims; i++) {
        struct om_claim_result *result = &out->result[i];
        out->n++;
        OM_TRY(judge(&claims->claim[i], registry, variant, n_variants, result, err));
        out->count[result->verdict]++;
        if (result->wrong_number && searched++ < OM_ALTERNATIVES_CLAIMS)
            OM_TRY(om_claims_search(&claims->claim[i], variant, n_variants, result, err));
    }
    return OM_OK;
}

om_status
om_claims_check(const struct om_claims *claims, const struct om_registry *registry,
                const struct om_claims_variant *variant, size_t n_variants, struct om_claims_results **out,
                struct om_error *err)
{
    struct om_claims_results *results = om_calloc(1, sizeof *results);
    if (!results)
        return om_fail_memory(err);
    results->with_data = n_variants > 0;
    results->result = om_calloc(claims->n_claims + 1, sizeof *results->result);
    if (!results->result) {
        om_free(results);
        return om_fail_memory(err);
    }
    om_status status = judge_all(claims, registry, variant, n_variants, results, err);
    if (status == OM_OK)
        *out = results;
    else
        om_claims_results_free(results);
    return status;
}

void
om_claims_results_free(struct om_claims_results *results)
{
    if (!results)
        return;
    for (size_t i = 0; i < results->n; i++) {
        struct om_claim_result *result = &results->result[i];
        om_free(result->reason);
        om_free(result->possible_n);
        om_free(result->impossible_n);
        for (size_t k = 0; k < result->n_alternatives; k++)
            om_free(result->alternative[k].change);
        om_free(result->alternative);
    }
    om_free(results->result);
    om_free(results);
}
