/*
 * What gives the published number instead: other populations, rules, points, cut-offs, groups, occasions and
 * scales among the rows of the analyses at hand.
 *
 * Each way in which a row differs from the claim has a cost: small where papers are silent (who is counted,
 * which rule), large where they are not (another occasion). Rows beyond a limit are no explanation. Ties keep
 * the order of the rows.
 */
#include "claims/check.h"

#include "base/error.h"
#include "base/memory.h"

#include <inttypes.h>
#include <string.h>

enum {
    COST_STATISTIC = 2,
    COST_N = 2,
    COST_POPULATION = 2,
    COST_RULE = 3,
    COST_VARIANT = 3,
    COST_POINTS = 4,
    COST_SCALE = 5,
    COST_GROUP = 5,
    COST_OCCASION = 6,
    COST_MOST = 8,
};

/* "improved.6" asks of the rule shift, "left.31" of the rule screen, what another number of points or another
 * cut-off gives. */
static bool
asks_number(const char *statistic, const char *name)
{
    const size_t length = strlen(name);
    return strncmp(statistic, name, length) == 0 && statistic[length] >= '0' && statistic[length] <= '9';
}

/* What the statistic of a row costs in place of the claim's; -1 where it answers another question. */
static int
statistic_cost(const struct om_claim *claim, const struct om_result *row)
{
    const bool improved = strcmp(claim->statistic, "class.improved") == 0;
    const bool deteriorated = strcmp(claim->statistic, "class.deteriorated") == 0;
    if (strcmp(claim->statistic, row->statistic) == 0)
        return strcmp(claim->rule, row->rule) == 0 ? 0 : COST_RULE;
    if ((improved && strcmp(row->statistic, "improved.any") == 0) ||
        (deteriorated && strcmp(row->statistic, "deteriorated.any") == 0))
        return COST_STATISTIC + (strcmp(claim->rule, row->rule) == 0 ? 0 : COST_RULE);
    if ((improved && (asks_number(row->statistic, "improved.") || asks_number(row->statistic, "left."))) ||
        (deteriorated &&
         (asks_number(row->statistic, "deteriorated.") || asks_number(row->statistic, "entered."))))
        return COST_POINTS + (strcmp(claim->rule, row->rule) == 0 ? 0 : COST_RULE);
    if ((improved && (strcmp(row->statistic, "worst_case.improved") == 0 ||
                      strcmp(row->statistic, "best_case.improved") == 0)) &&
        strcmp(claim->rule, row->rule) == 0)
        return COST_POINTS;
    return -1;
}

static int
cost_of(const struct om_claim *claim, const struct om_result *row)
{
    const int statistic = statistic_cost(claim, row);
    if (statistic < 0 || strcmp(claim->instrument, row->instrument) != 0)
        return -1;
    return statistic + (strcmp(claim->population, row->population) ? COST_POPULATION : 0) +
           (strcmp(claim->scale, row->scale) ? COST_SCALE : 0) +
           (strcmp(claim->group, row->group) ? COST_GROUP : 0) +
           (strcmp(claim->occasion, row->occasion) ? COST_OCCASION : 0);
}

static bool
gives(const struct om_claim *claim, const struct om_result *row)
{
    struct om_fraction exact;
    return row->has_value && om_claims_exact(row, &exact) &&
           om_published_fits(&claim->value, exact, claim->rounding, claim->tolerance) &&
           (!claim->has_k || (row->has_ratio && row->numerator == claim->k));
}

static uint64_t
n_of(const struct om_result *row)
{
    return row->has_ratio ? row->denominator : row->n;
}

static bool
other_n(const struct om_claim *claim, const struct om_result *row)
{
    return claim->has_n && (n_of(row) < claim->n_from || n_of(row) > claim->n_to);
}

static void
add_change(struct om_buffer *out, const char *what, const char *claimed, const char *found)
{
    if (strcmp(claimed, found) != 0)
        om_buffer_format(out, "%s%s %s", out->length ? ", " : "", what, *found ? found : "none");
}

/* Statistics that ask of another number of points or another cut-off, in words. */
static void
add_statistic(struct om_buffer *out, const struct om_claim *claim, const struct om_result *row)
{
    const char *number = strchr(row->statistic, '.');
    const char *comma = out->length ? ", " : "";
    if (asks_number(row->statistic, "improved.") || asks_number(row->statistic, "deteriorated."))
        om_buffer_format(out, "%s%s points", comma, number + 1);
    else if (asks_number(row->statistic, "left.") || asks_number(row->statistic, "entered."))
        om_buffer_format(out, "%scut-off %s", comma, number + 1);
    else
        add_change(out, "statistic", claim->statistic, row->statistic);
}

static char *
describe(const struct om_claim *claim, const struct om_claims_variant *variant, const struct om_result *row)
{
    struct om_buffer out = OM_BUFFER_EMPTY;
    om_buffer_text(&out, variant->change);
    add_change(&out, "population", claim->population, row->population);
    add_change(&out, "rule", claim->rule, row->rule);
    add_statistic(&out, claim, row);
    add_change(&out, "scale", claim->scale, row->scale);
    add_change(&out, "group", claim->group, row->group);
    add_change(&out, "occasion", claim->occasion, row->occasion);
    if (other_n(claim, row))
        om_buffer_format(&out, "%sn %" PRIu64, out.length ? ", " : "", n_of(row));
    return om_buffer_take(&out);
}

/* Is one of the first n the same counts by a part of this change? Then the rest of it does not matter. */
static bool
is_said(const struct om_claim_result *result, size_t n, const struct om_result *row, const char *change)
{
    for (size_t i = 0; i < n; i++) {
        const struct om_alternative *said = &result->alternative[i];
        if (said->has_ratio == row->has_ratio && said->numerator == row->numerator &&
            said->denominator == row->denominator && strstr(change, said->change))
            return true;
    }
    return false;
}

/* Puts one in its place by cost; the last falls off. */
static om_status
keep(struct om_claim_result *result, const struct om_claim *claim, const struct om_claims_variant *variant,
     const struct om_result *row, int cost, struct om_error *err)
{
    size_t at = result->n_alternatives;
    while (at > 0 && result->alternative[at - 1].cost > cost)
        at--;
    if (at == OM_ALTERNATIVES_MAX)
        return OM_OK;
    char *change = describe(claim, variant, row);
    if (!change)
        return om_fail_memory(err);
    if (is_said(result, at, row, change)) {
        om_free(change);
        return OM_OK;
    }
    if (result->n_alternatives == OM_ALTERNATIVES_MAX)
        om_free(result->alternative[--result->n_alternatives].change);
    memmove(&result->alternative[at + 1], &result->alternative[at],
            (result->n_alternatives - at) * sizeof *result->alternative);
    result->alternative[at] = (struct om_alternative){.change = change,
                                                      .value = row->value,
                                                      .has_ratio = row->has_ratio,
                                                      .numerator = row->numerator,
                                                      .denominator = row->denominator,
                                                      .cost = cost};
    result->n_alternatives++;
    return OM_OK;
}

om_status
om_claims_search(const struct om_claim *claim, const struct om_claims_variant *variant, size_t n_variants,
                 struct om_claim_result *result, struct om_error *err)
{
    for (size_t i = 0; i < result->n_alternatives; i++)
        om_free(result->alternative[i].change);
    om_free(result->alternative);
    result->n_alternatives = 0;
    result->alternative = om_calloc(OM_ALTERNATIVES_MAX + 1, sizeof *result->alternative);
    if (!result->alternative)
        return om_fail_memory(err);
    for (size_t v = 0; v < n_variants; v++) {
        const struct om_results *rows = &variant[v].analysis->results;
        if (variant[v].instrument && strcmp(variant[v].instrument, claim->instrument) != 0)
            continue;
        for (size_t i = 0; i < rows->n_rows; i++) {
            const struct om_result *row = &rows->row[i];
            const int own = cost_of(claim, row);
            const int cost = own + (v ? COST_VARIANT : 0) + (other_n(claim, row) ? COST_N : 0);
            if (own >= 0 && own + (int)v > 0 && cost <= COST_MOST && gives(claim, row))
                OM_TRY(keep(result, claim, &variant[v], row, cost, err));
        }
    }
    return OM_OK;
}
