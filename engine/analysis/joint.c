#include "analysis/joint.h"
#include "base/error.h"
#include "base/memory.h"
#include "panel/total.h"

#include <string.h>

/* Pairs of levels are looked up in a table of bytes: enough for a prorated scale of a hundred items. */
enum { LEVELS_MAX = 4096 };

static const struct om_joint_rule *
rule_of(const struct om_scale *scale)
{
    for (size_t i = 0; i < scale->n_joint_rules; i++)
        if (strcmp(scale->joint_rule[i].id, om_rule_id(OM_RULE_NHS)) == 0)
            return &scale->joint_rule[i];
    return NULL;
}

static uint8_t
bits_of(const struct om_run_scale *scale, struct om_fraction first, struct om_fraction last)
{
    const struct om_joint_rule *rule = scale->joint_rule;
    const struct om_scale *of = scale->info.scale;
    const struct om_joint_score before = {first, om_scale_reaches(of, first, rule->caseness)};
    const struct om_joint_score after = {last, om_scale_reaches(of, last, rule->caseness)};
    return om_joint_bits(of->direction, rule->points, &before, &after);
}

/* --- scales whose levels are known --------------------------------------------------------------------- */

static struct om_fraction
score_of(const struct om_scorer *scorer, size_t level)
{
    return (struct om_fraction){scorer->level[level].value, scorer->unit};
}

static om_status
make_table(struct om_run_scale *scale, struct om_error *err)
{
    const struct om_scorer *scorer = scale->scorer;
    const size_t n = scorer->n_levels, side = n + 1;
    if (n > LEVELS_MAX)
        return om_fail(err, OM_ERR_DEFINITION, "scale %s of %s can take %zu values, too many for the rule %s",
                       scale->info.scale->id, scale->info.instrument->id, n, scale->joint_rule->id);
    scale->joint = om_alloc(side * side, 1);
    if (!scale->joint)
        return om_fail_memory(err);
    memset(scale->joint, OM_JOINT_MISSING, side * side);
    for (size_t first = 0; first < n; first++)
        for (size_t last = 0; last < n; last++)
            scale->joint[first * side + last] =
                bits_of(scale, score_of(scorer, first), score_of(scorer, last));
    return OM_OK;
}

om_status
om_joint_init(struct om_run *run, struct om_error *err)
{
    size_t members = 0;
    for (size_t s = 0; s < run->n_scales; s++)
        members += rule_of(run->scale[s].info.scale) != NULL;
    run->has_joint = !run->by_record && run->study->rules[OM_RULE_NHS] && members > 1;
    for (size_t s = 0; run->has_joint && s < run->n_scales; s++) {
        run->scale[s].joint_rule = rule_of(run->scale[s].info.scale);
        if (run->scale[s].joint_rule && !run->scale[s].is_total)
            OM_TRY(make_table(&run->scale[s], err));
    }
    return OM_OK;
}

static void
mark_levels(const struct om_run_scale *scale, const uint16_t *first, const uint16_t *last, size_t n,
            uint8_t *state)
{
    const uint32_t side = (uint32_t)scale->scorer->n_levels + 1;
    for (size_t r = 0; r < n; r++)
        state[r] |= scale->joint[first[r] * side + last[r]];
}

/* --- totals, whose levels are not known yet ------------------------------------------------------------ */

static struct om_fraction
total_of(const struct om_dictionary *totals, uint32_t number)
{
    return om_total_value(om_total_at((const uint8_t *)om_dictionary_text(totals, number)));
}

static void
mark_totals(const struct om_run_scale *scale, const struct om_dictionary *totals, const uint16_t *first,
            const uint16_t *last, size_t n, uint8_t *state)
{
    for (size_t r = 0; r < n; r++) {
        bool missing = first[r] == OM_LEVELS_MAX || last[r] == OM_LEVELS_MAX;
        state[r] |= missing ? OM_JOINT_MISSING
                            : bits_of(scale, total_of(totals, first[r]), total_of(totals, last[r]));
    }
}

/* --- counting ------------------------------------------------------------------------------------------ */

void
om_joint_mark(const struct om_run_scale *scale, const struct om_dictionary *totals, const uint16_t *first,
              const uint16_t *last, size_t n, uint8_t *state)
{
    if (scale->is_total)
        mark_totals(scale, totals, first, last, n, state);
    else
        mark_levels(scale, first, last, n, state);
}

/* In turns in several tables, since one of them would wait for the person before. */
void
om_joint_count(uint64_t *count, const uint8_t *state, size_t n)
{
    enum { TURNS = 4 };
    uint16_t turn[TURNS][OM_JOINT_STATES] = {{0}};
    for (size_t r = 0; r < n; r++)
        turn[r % TURNS][state[r]]++;
    for (size_t i = 0; i < OM_JOINT_STATES; i++)
        count[i] += (uint64_t)turn[0][i] + turn[1][i] + turn[2][i] + turn[3][i];
}
