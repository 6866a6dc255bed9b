/* Claims without data: what the numbers say about each other, and about n. */
#include "claims/check.h"

#include "base/error.h"
#include "base/memory.h"

#include <inttypes.h>
#include <string.h>

om_status
om_claims_judge(struct om_claim_result *result, enum om_verdict verdict, struct om_buffer *reason,
                struct om_error *err)
{
    char *text = om_buffer_take(reason);
    if (!text)
        return om_fail_memory(err);
    om_free(result->reason);
    result->reason = text;
    result->verdict = verdict;
    return OM_OK;
}

bool
om_claims_is_rate(const struct om_claim *claim)
{
    static const char *const rates[] = {
        "class.",   "band.", "positive", "improved.", "deteriorated.", "of_clinical.", "left.",
        "entered.", "floor", "ceiling",  "present",   "worst_case.",   "best_case.",   "retention"};
    for (size_t i = 0; i < sizeof rates / sizeof *rates; i++)
        if (strncmp(claim->statistic, rates[i], strlen(rates[i])) == 0)
            return true;
    return claim->value.percent;
}

bool
om_claims_spacing(const struct om_registry *registry, const struct om_claim *claim,
                  struct om_score_range *out)
{
    const struct om_instrument *instrument =
        registry && *claim->instrument ? om_registry_find(registry, claim->instrument) : NULL;
    const struct om_scale *scale = instrument ? om_instrument_scale(instrument, claim->scale) : NULL;
    if (!scale || (scale->combine != OM_COMBINE_SUM && scale->combine != OM_COMBINE_COUNT))
        return false;
    *out = (struct om_score_range){.unit = {1, 1}};
    if (scale->minimum.den != 1 || scale->maximum.den != 1 || scale->open_range)
        return true;
    const bool change = strcmp(claim->occasion, "change") == 0;
    out->has_range = true;
    out->high = change ? scale->maximum.num - scale->minimum.num : scale->maximum.num;
    out->low = change ? -out->high : scale->minimum.num;
    return true;
}

/* --- lists of n ----------------------------------------------------------------------------------------- */

/* "20, 21, 24-31": runs of three and more in short. */
static void
add_run(struct om_buffer *list, uint64_t from, uint64_t to)
{
    const char *comma = list->length ? ", " : "";
    if (to == from)
        om_buffer_format(list, "%s%" PRIu64, comma, from);
    else if (to == from + 1)
        om_buffer_format(list, "%s%" PRIu64 ", %" PRIu64, comma, from, to);
    else
        om_buffer_format(list, "%s%" PRIu64 "-%" PRIu64, comma, from, to);
}

/* Which of the n from `from` to `to` are possible for a rate (unit NULL) or a mean. */
struct n_lists {
    struct om_buffer possible, impossible;
    uint64_t n_possible;
    uint64_t first_k[3], first_n[3]; /* of a rate */
};

static bool
possible(const struct om_claim *claim, const struct om_fraction *unit, uint64_t n, uint64_t *k)
{
    return unit ? om_mean_possible(&claim->value, n, *unit, claim->rounding)
                : om_rate_possible(&claim->value, n, claim->rounding, claim->tolerance, k);
}

static void
list_n(const struct om_claim *claim, const struct om_fraction *unit, struct n_lists *lists)
{
    uint64_t begin = claim->n_from;
    bool before = false;
    for (uint64_t n = claim->n_from; n <= claim->n_to; n++) {
        uint64_t k = 0;
        const bool now = possible(claim, unit, n, &k);
        if (now && lists->n_possible < 3) {
            lists->first_k[lists->n_possible] = k;
            lists->first_n[lists->n_possible] = n;
        }
        lists->n_possible += now;
        if (n > claim->n_from && now != before) {
            add_run(before ? &lists->possible : &lists->impossible, begin, n - 1);
            begin = n;
        }
        before = now;
    }
    add_run(before ? &lists->possible : &lists->impossible, begin, claim->n_to);
}

/* --- claims about people -------------------------------------------------------------------------------- */

static om_status
judge_known_n(const struct om_claim *claim, const struct om_fraction *unit, struct om_claim_result *result,
              struct om_error *err)
{
    struct om_buffer text = OM_BUFFER_EMPTY;
    const uint64_t n = claim->n_from;
    uint64_t k = 0;
    if (!possible(claim, unit, n, &k)) {
        om_buffer_format(&text,
                         unit ? "no sum of %" PRIu64 " scores has the mean %s"
                              : "no part of %" PRIu64 " people is %s",
                         n, claim->value_text);
        return om_claims_judge(result, OM_CLAIM_MISMATCH, &text, err);
    }
    if (unit)
        om_buffer_format(&text, "possible: a mean of %" PRIu64 " scores can be %s", n, claim->value_text);
    else
        om_buffer_format(&text, "possible: %" PRIu64 " of %" PRIu64 " is %s", k, n, claim->value_text);
    return om_claims_judge(result, OM_CLAIM_UNDECIDABLE, &text, err);
}

static om_status
judge_unknown_n(const struct om_claim *claim, const struct om_fraction *unit, struct om_claim_result *result,
                struct om_error *err)
{
    struct n_lists lists = {OM_BUFFER_EMPTY, OM_BUFFER_EMPTY, 0, {0}, {0}};
    struct om_buffer text = OM_BUFFER_EMPTY;
    list_n(claim, unit, &lists);
    const uint64_t shown = lists.n_possible < 3 ? lists.n_possible : 3;
    if (lists.n_possible == 0)
        om_buffer_format(&text, "no n from %" PRIu64 " to %" PRIu64 " gives %s", claim->n_from, claim->n_to,
                         claim->value_text);
    else
        om_buffer_format(&text, "possible for %" PRIu64 " of the %" PRIu64 " n from %" PRIu64 " to %" PRIu64,
                         lists.n_possible, claim->n_to - claim->n_from + 1, claim->n_from, claim->n_to);
    for (uint64_t i = 0; !unit && i < shown; i++)
        om_buffer_format(&text, "%s%" PRIu64 "/%" PRIu64, i ? ", " : "; the smallest: ", lists.first_k[i],
                         lists.first_n[i]);
    result->possible_n = om_buffer_take(&lists.possible);
    result->impossible_n = om_buffer_take(&lists.impossible);
    om_buffer_release(&lists.possible);
    om_buffer_release(&lists.impossible);
    if (!result->possible_n || !result->impossible_n) {
        om_buffer_release(&text);
        return om_fail_memory(err);
    }
    return om_claims_judge(result, lists.n_possible ? OM_CLAIM_UNDECIDABLE : OM_CLAIM_MISMATCH, &text, err);
}

/* k of n is a sum that anybody can do. */
static om_status
judge_ratio(const struct om_claim *claim, struct om_claim_result *result, struct om_error *err)
{
    struct om_buffer text = OM_BUFFER_EMPTY;
    const struct om_fraction share = {(int64_t)claim->k, (int64_t)claim->n_from};
    const bool fits = claim->k <= claim->n_from &&
                      om_published_fits(&claim->value, share, claim->rounding, claim->tolerance);
    om_buffer_format(
        &text, fits ? "possible: %" PRIu64 " of %" PRIu64 " is %s" : "%" PRIu64 " of %" PRIu64 " is not %s",
        claim->k, claim->n_from, claim->value_text);
    return om_claims_judge(result, fits ? OM_CLAIM_UNDECIDABLE : OM_CLAIM_MISMATCH, &text, err);
}

static om_status
judge_sd(const struct om_claim *claim, const struct om_score_range *range, struct om_claim_result *result,
         struct om_error *err)
{
    struct om_buffer text = OM_BUFFER_EMPTY;
    const uint64_t n = claim->n_from;
    const bool mean = om_mean_possible(&claim->mean, n, range->unit, claim->rounding);
    const bool sd = n >= 2 && om_sd_possible(&claim->mean, &claim->value, n, range, claim->rounding);
    if (!mean)
        om_buffer_format(&text, "no sum of %" PRIu64 " scores has the mean that stands beside it", n);
    else if (!sd)
        om_buffer_format(&text, "no %" PRIu64 " scores with that mean have the SD %s", n, claim->value_text);
    else
        om_buffer_format(&text, "possible: %" PRIu64 " scores with that mean can have the SD %s", n,
                         claim->value_text);
    return om_claims_judge(result, mean && sd ? OM_CLAIM_UNDECIDABLE : OM_CLAIM_MISMATCH, &text, err);
}

static om_status
judge_value(const struct om_registry *registry, const struct om_claim *claim, struct om_claim_result *result,
            struct om_error *err)
{
    struct om_score_range range;
    struct om_buffer text = OM_BUFFER_EMPTY;
    const bool exact_n = claim->has_n && claim->n_from == claim->n_to, rate = om_claims_is_rate(claim);
    const bool spaced = om_claims_spacing(registry, claim, &range);
    const bool mean =
        strcmp(claim->statistic, "mean") == 0 || strcmp(claim->statistic, "available.mean") == 0;
    const bool sd = strcmp(claim->statistic, "sd") == 0 || strcmp(claim->statistic, "available.sd") == 0;
    if (rate && exact_n && claim->has_k)
        return judge_ratio(claim, result, err);
    if (exact_n && sd && claim->has_mean && spaced)
        return judge_sd(claim, &range, result, err);
    if (claim->value.relation == '=' && claim->has_n && (rate || (mean && spaced)))
        return exact_n ? judge_known_n(claim, rate ? NULL : &range.unit, result, err)
                       : judge_unknown_n(claim, rate ? NULL : &range.unit, result, err);
    om_buffer_text(&text, "there are no data to compute it from");
    if (rate && !claim->has_n)
        om_buffer_text(&text, ", and no n to hold it against");
    return om_claims_judge(result, OM_CLAIM_UNDECIDABLE, &text, err);
}

/* --- tests ---------------------------------------------------------------------------------------------- */

static om_status
judge_test(const struct om_claim *claim, struct om_claim_result *result, struct om_error *err)
{
    struct om_test_check check;
    struct om_buffer text = OM_BUFFER_EMPTY;
    if (om_published_test_check(&claim->test, claim->rounding, &check, err) != OM_OK) {
        om_buffer_text(&text, "the test cannot be computed: its degrees of freedom or its value are beyond "
                              "what it is defined for");
        return om_claims_judge(result, OM_CLAIM_UNDECIDABLE, &text, err);
    }
    if (check.p_fits && check.d_z_fits) {
        om_buffer_format(&text, "what is said of the test fits together: p from %.3g to %.3g", check.p_low,
                         check.p_high);
        return om_claims_judge(result, claim->has_value ? result->verdict : OM_CLAIM_MATCH, &text, err);
    }
    if (!check.p_fits)
        om_buffer_format(&text, "p does not follow from the statistic, which gives %.3g to %.3g%s",
                         check.p_low, check.p_high,
                         check.one_sided_fits ? " (a one-sided test would fit)" : "");
    if (!check.d_z_fits)
        om_buffer_format(&text, "%sd_z does not follow from t, which gives %.3f to %.3f",
                         check.p_fits ? "" : "; ", check.d_low, check.d_high);
    return om_claims_judge(result, OM_CLAIM_MISMATCH, &text, err);
}

om_status
om_claims_arithmetic(const struct om_registry *registry, const struct om_claim *claim,
                     struct om_claim_result *result, struct om_error *err)
{
    result->verdict = OM_CLAIM_UNDECIDABLE;
    if (claim->has_value) {
        om_status status = judge_value(registry, claim, result, err);
        if (status != OM_OK || result->verdict == OM_CLAIM_MISMATCH || claim->test.kind == OM_TEST_NONE)
            return status;
    }
    struct om_claim_result test = {.verdict = OM_CLAIM_UNDECIDABLE};
    om_status status = judge_test(claim, &test, err);
    if (status == OM_OK && (!claim->has_value || test.verdict == OM_CLAIM_MISMATCH)) {
        om_free(result->reason);
        result->reason = test.reason;
        result->verdict = test.verdict;
    } else {
        om_free(test.reason);
    }
    return status;
}
