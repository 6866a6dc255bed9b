#include "analysis/norms.h"
#include "analysis/tallies.h"
#include "base/error.h"
#include "base/memory.h"
#include "stats/margins.h"
#include "stats/outcome.h"

#include <math.h>
#include <omstat/describe.h>
#include <stdio.h>
#include <string.h>

static const struct om_rule_value *
find_value(const struct om_study *study, const struct om_run_scale *scale, enum om_rule_value_kind kind)
{
    return om_rule_value_find(&study->rule, kind, scale->info.instrument, scale->info.scale);
}

static void
say(struct om_norm_source *source, const char *text)
{
    snprintf(source->text, sizeof source->text, "%s", text);
}

static void
say_definition(struct om_norm_source *source, const struct om_run_scale *scale, const struct om_norm *norm)
{
    snprintf(source->text, sizeof source->text, "%.20s, %.50s", scale->info.instrument->id, norm->id);
}

/* --- the sample: everyone with both scores ------------------------------------------------------------- */

static om_status
pairs_of_everyone(const struct om_run *run, size_t s, struct om_pair_count **at, struct om_pairs *pairs,
                  struct om_error *err)
{
    const struct om_scorer *scorer = run->scale[s].scorer;
    struct om_cell *cells = NULL;
    size_t n = 0;
    OM_TRY(om_crosstab_cells(&run->group[0].table[s], &cells, &n, err));
    *at = om_alloc(n, sizeof **at);
    *pairs = (struct om_pairs){.at = *at, .unit = scorer->unit};
    for (size_t i = 0; *at && i < n; i++)
        if (cells[i].first < scorer->n_levels && cells[i].last < scorer->n_levels)
            (*at)[pairs->n++] = (struct om_pair_count){.pre = scorer->level[cells[i].first].value,
                                                       .post = scorer->level[cells[i].last].value,
                                                       .count = cells[i].count};
    om_free(cells);
    return *at ? OM_OK : om_fail_memory(err);
}

static om_status
describe_sample(const struct om_run *run, size_t s, struct om_scale_norms *norms, struct om_error *err)
{
    struct om_pair_count *at = NULL;
    struct om_pairs pairs;
    struct om_margins margins;
    OM_TRY(pairs_of_everyone(run, s, &at, &pairs, err));
    om_status status = om_margins_make(&pairs, &margins, err);
    om_free(at);
    if (status != OM_OK)
        return status;
    struct om_description pre, post, change;
    om_describe(&margins.pre, run->study->level, &pre);
    om_describe(&margins.post, run->study->level, &post);
    om_describe(&margins.change, run->study->level, &change);
    om_margins_release(&margins);
    norms->pairs = change.n;
    norms->people = (struct om_index_source){.mean_pre = pre.mean,
                                             .sd_pre = pre.sd,
                                             .mean_post = post.mean,
                                             .sd_post = post.sd,
                                             .sd_change = change.sd};
    return OM_OK;
}

/* --- reliability ---------------------------------------------------------------------------------------- */

static const struct om_norm *
norm_with_reliability(const struct om_scale *scale)
{
    for (size_t i = 0; i < scale->n_norms; i++)
        if (!isnan(scale->norm[i].reliability))
            return &scale->norm[i];
    return NULL;
}

static void
use_alpha(const struct om_run *run, size_t s, struct om_scale_norms *norms)
{
    struct om_alpha_result alpha;
    om_alpha(&run->group[0].sums[2 * s + 1], run->study->level, &alpha);
    norms->people.reliability_post = alpha.alpha;
    om_alpha(&run->group[0].sums[2 * s], run->study->level, &alpha);
    norms->people.reliability = alpha.alpha;
    norms->alpha = alpha.interval;
    norms->forms = alpha.n;
    say(&norms->reliability, "alpha of the sample");
}

/* A norm with an SD beside its reliability gives both: they belong together. */
static void
settle_reliability(const struct om_run *run, size_t s, bool has_sd, struct om_scale_norms *norms)
{
    const struct om_run_scale *scale = &run->scale[s];
    const struct om_rule_value *given = find_value(run->study, scale, OM_VALUE_RELIABILITY);
    const struct om_norm *norm = norm_with_reliability(scale->info.scale);
    norms->known = given || norm || scale->has_alpha;
    norms->alpha = om_no_bounds(run->study->level, "feldt", "the reliability is not of this sample");
    if (given) {
        struct om_fraction post = given->has_second ? given->second : given->first;
        norms->people.reliability = om_defined(om_fraction_value(given->first));
        norms->people.reliability_post = om_defined(om_fraction_value(post));
        say(&norms->reliability, "the study");
    } else if (norm) {
        norms->people.reliability = norms->people.reliability_post = om_defined(norm->reliability);
        say_definition(&norms->reliability, scale, norm);
        if (!has_sd && !isnan(norm->sd)) {
            norms->people.sd_pre = om_defined(norm->sd);
            say_definition(&norms->sd, scale, norm);
        }
    } else if (scale->has_alpha) {
        use_alpha(run, s, norms);
    } else {
        norms->people.reliability = norms->people.reliability_post = om_undefined("no reliability is known");
    }
}

/* --- the two populations -------------------------------------------------------------------------------- */

static const struct om_norm *
norm_of_kind(const struct om_scale *scale, enum om_norm_kind kind)
{
    for (size_t i = 0; i < scale->n_norms; i++)
        if (scale->norm[i].kind == kind)
            return &scale->norm[i];
    return NULL;
}

/* Mean and SD of a population: the study's, else the definition's. False when neither has it. */
static bool
find_population(const struct om_study *study, const struct om_run_scale *scale, enum om_rule_value_kind key,
                enum om_norm_kind kind, struct om_stat *mean, struct om_stat *sd,
                struct om_norm_source *source)
{
    const struct om_rule_value *given = find_value(study, scale, key);
    const struct om_norm *norm = norm_of_kind(scale->info.scale, kind);
    if (!given && !norm)
        return false;
    *mean = om_defined(given ? om_fraction_value(given->first) : norm->mean);
    *sd = om_defined(given ? om_fraction_value(given->second) : norm->sd);
    if (given)
        say(source, "the study");
    else
        say_definition(source, scale, norm);
    return true;
}

/* Norms of the clinical population are also what scores before are held against. Are there any? */
static bool
settle_populations(const struct om_run *run, const struct om_run_scale *scale, struct om_scale_norms *norms)
{
    struct om_cutoff_source *out = &norms->populations;
    out->direction = scale->info.scale->direction;
    out->b_with_clinical_sd = run->study->rule.compatible;
    out->clinical_mean = norms->people.mean_pre;
    out->clinical_sd = norms->people.sd_pre;
    say(&norms->clinical, "the sample");
    say(&norms->sd, "the sample");
    out->functional_mean = out->functional_sd = om_undefined("there are no norms of a functional population");
    say(&norms->functional, "");
    find_population(run->study, scale, OM_VALUE_FUNCTIONAL, OM_NORM_FUNCTIONAL, &out->functional_mean,
                    &out->functional_sd, &norms->functional);
    bool known = find_population(run->study, scale, OM_VALUE_CLINICAL, OM_NORM_CLINICAL, &out->clinical_mean,
                                 &out->clinical_sd, &norms->clinical);
    if (known) {
        norms->people.mean_pre = out->clinical_mean;
        norms->people.sd_pre = out->clinical_sd;
        norms->sd = norms->clinical;
    }
    return known;
}

om_status
om_run_settle_norms(struct om_run *run, struct om_error *err)
{
    for (size_t s = 0; s < run->n_scales; s++) {
        struct om_run_scale *scale = &run->scale[s];
        if (!scale->numeric)
            continue;
        OM_TRY(describe_sample(run, s, &scale->norms, err));
        bool has_sd = settle_populations(run, scale, &scale->norms);
        settle_reliability(run, s, has_sd, &scale->norms);
    }
    return OM_OK;
}

/* --- what the study names ------------------------------------------------------------------------------- */

static bool
is_in_panel(const struct om_run *run, const char *target)
{
    size_t length = strcspn(target, ".");
    for (size_t i = 0; i < run->n_instruments; i++) {
        const struct om_instrument *instrument = run->instrument[i];
        if (strlen(instrument->id) == length && strncmp(instrument->id, target, length) == 0)
            return !target[length] || om_instrument_scale(instrument, target + length + 1);
    }
    return false;
}

om_status
om_run_check_rule_values(const struct om_run *run, struct om_error *err)
{
    const struct om_rule_settings *settings = &run->study->rule;
    for (size_t i = 0; i < settings->n_values; i++) {
        const struct om_rule_value *value = &settings->value[i];
        if (!value->target || is_in_panel(run, value->target))
            continue;
        om_fail(err, OM_ERR_USAGE, "--%s names '%s', which the panel does not have",
                om_rule_value_key(value->kind), value->target);
        om_hint(err, "write an instrument, or INSTRUMENT.SCALE; `omstat instruments show` has the names");
        return OM_ERR_USAGE;
    }
    return OM_OK;
}

bool
om_anchor_points(const struct om_study *study, const struct om_instrument *instrument,
                 const struct om_scale *scale, struct om_fraction *better, struct om_fraction *worse)
{
    const struct om_rule_value *given = om_rule_value_find(&study->rule, OM_VALUE_ANCHOR, instrument, scale);
    *worse = (struct om_fraction){0, 0};
    if (given) {
        *better = given->first;
        if (given->has_second)
            *worse = given->second;
        return true;
    }
    for (size_t i = 0; i < scale->n_thresholds; i++)
        if (scale->threshold[i].is_default && strcmp(scale->threshold[i].kind, "meaningful") == 0) {
            *better = scale->threshold[i].points;
            return true;
        }
    return false;
}

struct om_fraction
om_percent_share(const struct om_study *study, const struct om_instrument *instrument,
                 const struct om_scale *scale)
{
    const struct om_rule_value *given = om_rule_value_find(&study->rule, OM_VALUE_PERCENT, instrument, scale);
    return given ? given->first : (struct om_fraction){.num = 1, .den = 2};
}
