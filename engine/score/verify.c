#include "score/levels.h"
#include "base/error.h"

#include <stdio.h>
#include <string.h>

struct outcome {
    const struct om_scorer *scorer;
    uint16_t level;
    uint8_t reason;
};

static om_status
fail_example(const struct om_vector *vector, const struct om_expectation *expect, const char *what,
             const char *expected, const char *got, struct om_error *err)
{
    om_fail(err, OM_ERR_DEFINITION, "example '%s', scale %s: %s should be %s, is %s", vector->name,
            expect->scale, what, expected, got);
    om_place(err, NULL, expect->line, 0);
    om_hint(err, "the example or the scale is wrong");
    return OM_ERR_DEFINITION;
}

static void
score_text(const struct outcome *outcome, char *text, size_t size)
{
    if (outcome->reason != OM_REASON_SCORED)
        snprintf(text, size, "no score (%s)", om_reason_text((enum om_reason)outcome->reason));
    else
        snprintf(text, size, "%.10g",
                 (double)outcome->scorer->level[outcome->level].value / (double)outcome->scorer->unit);
}

static om_status
compare_score(const struct om_vector *vector, const struct om_expectation *expect,
              const struct outcome *outcome, struct om_error *err)
{
    char expected[64], got[96];
    bool scored = outcome->reason == OM_REASON_SCORED;
    snprintf(expected, sizeof expected, "%.10g", expect->has_score ? om_fraction_value(expect->score) : 0.0);
    score_text(outcome, got, sizeof got);
    if (expect->no_score && scored)
        return fail_example(vector, expect, "the score", "none", got, err);
    if (!expect->no_score && !scored)
        return fail_example(vector, expect, "the score", expect->has_score ? expected : "there", got, err);
    if (!expect->has_score)
        return OM_OK;
    struct om_fraction score = {.num = outcome->scorer->level[outcome->level].value,
                                .den = outcome->scorer->unit};
    if (om_fraction_compare(score, expect->score) != 0)
        return fail_example(vector, expect, "the score", expected, got, err);
    return OM_OK;
}

static om_status
compare_status(const struct om_vector *vector, const struct om_expectation *expect,
               const struct outcome *outcome, struct om_error *err)
{
    if (outcome->reason != OM_REASON_SCORED)
        return OM_OK;
    const struct om_level *level = &outcome->scorer->level[outcome->level];
    const char *band = level->band < 0 ? "none" : outcome->scorer->scale->band[level->band].id;
    if (expect->band && strcmp(expect->band, band) != 0)
        return fail_example(vector, expect, "the band", expect->band, band, err);
    if (expect->positive >= 0 && level->positive != (expect->positive == 1))
        return fail_example(vector, expect, "screening", expect->positive ? "positive" : "negative",
                            level->positive ? "positive" : "negative", err);
    return OM_OK;
}

static const struct om_fraction *
find_cutoff(const struct om_scale *scale, const char *id)
{
    for (size_t i = 0; id && i < scale->n_cutoffs; i++)
        if (strcmp(scale->cutoff[i].id, id) == 0)
            return &scale->cutoff[i].at;
    return NULL;
}

static om_status
verify_one(const struct om_instrument *instrument, const struct om_vector *vector,
           const struct om_expectation *expect, struct om_error *err)
{
    const struct om_scale *scale = om_instrument_scale(instrument, expect->scale);
    struct om_scorer *scorer;
    OM_TRY(om_scorer_new(instrument, scale, vector->prorate ? OM_MISSING_PRORATE : OM_MISSING_COMPLETE,
                         find_cutoff(scale, expect->cutoff), &scorer, err));
    const uint8_t *code[OM_ITEMS_MAX];
    for (size_t i = 0; i < instrument->n_items; i++)
        code[i] = &vector->code[i];
    struct outcome outcome = {.scorer = scorer};
    om_scorer_run(scorer, code, 1, &outcome.level, &outcome.reason);
    om_status status = compare_score(vector, expect, &outcome, err);
    if (status == OM_OK)
        status = compare_status(vector, expect, &outcome, err);
    om_scorer_free(scorer);
    return status;
}

om_status
om_instrument_verify(const struct om_instrument *instrument, struct om_error *err)
{
    for (size_t v = 0; v < instrument->n_vectors; v++)
        for (size_t e = 0; e < instrument->vector[v].n_expect; e++)
            OM_TRY(verify_one(instrument, &instrument->vector[v], &instrument->vector[v].expect[e], err));
    return OM_OK;
}
