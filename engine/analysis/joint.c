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

static struct om_joint_score
judge(const struct om_run_scale *scale, struct om_fraction score)
{
    return (struct om_joint_score){score,
                                   om_scale_reaches(scale->info.scale, score, scale->joint_rule->caseness)};
}

static uint8_t
bits_of(const struct om_run_scale *scale, const struct om_joint_score *first,
        const struct om_joint_score *last)
{
    return om_joint_bits(scale->info.scale->direction, scale->joint_rule->points, first, last);
}

/* --- scales whose levels are known --------------------------------------------------------------------- */

static void
fill_table(struct om_run_scale *scale, struct om_joint_score *score)
{
    const struct om_scorer *scorer = scale->scorer;
    const size_t n = scorer->n_levels, side = n + 1;
    for (size_t i = 0; i < n; i++)
        score[i] = judge(scale, (struct om_fraction){scorer->level[i].value, scorer->unit});
    memset(scale->joint, OM_JOINT_MISSING, side * side);
    for (size_t first = 0; first < n; first++)
        for (size_t last = 0; last < n; last++)
            scale->joint[first * side + last] = bits_of(scale, &score[first], &score[last]);
}

static om_status
make_table(struct om_run_scale *scale, struct om_error *err)
{
    const size_t n = scale->scorer->n_levels;
    if (n > LEVELS_MAX)
        return om_fail(err, OM_ERR_DEFINITION, "scale %s of %s can take %zu values, too many for the rule %s",
                       scale->info.scale->id, scale->info.instrument->id, n, scale->joint_rule->id);
    struct om_joint_score *score = om_alloc(n, sizeof *score);
    scale->joint = om_alloc((n + 1) * (n + 1), 1);
    if (score && scale->joint)
        fill_table(scale, score);
    om_status status = score && scale->joint ? OM_OK : om_fail_memory(err);
    om_free(score);
    return status;
}

static bool
has_too_many(const struct om_run *run)
{
    for (size_t s = 0; s < run->n_scales; s++)
        if (rule_of(run->scale[s].info.scale) && run->scale[s].scorer &&
            run->scale[s].scorer->n_levels > LEVELS_MAX)
            return true;
    return false;
}

/* A tally may be asked for the rule later on. */
static bool
wants_joint(const struct om_run *run)
{
    return run->use == OM_RUN_TALLY || run->use == OM_RUN_SHARED ||
           (run->use == OM_RUN_REPORT && run->study->rules[OM_RULE_NHS]);
}

om_status
om_joint_init(struct om_run *run, struct om_error *err)
{
    size_t members = 0;
    for (size_t s = 0; s < run->n_scales; s++)
        members += rule_of(run->scale[s].info.scale) != NULL;
    run->has_joint = wants_joint(run) && members > 1;
    if (!run->study->rules[OM_RULE_NHS] && has_too_many(run)) /* a tally goes without it */
        run->has_joint = false;
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

static struct om_joint_score
judge_total(const struct om_run_scale *scale, const struct om_dictionary *totals, uint32_t number)
{
    uint64_t total = om_total_at((const uint8_t *)om_dictionary_text(totals, number));
    return judge(scale, om_total_value(total));
}

static void
mark_totals(const struct om_run_scale *scale, const struct om_dictionary *totals, const uint16_t *first,
            const uint16_t *last, size_t n, uint8_t *state)
{
    for (size_t r = 0; r < n; r++) {
        if (first[r] == OM_LEVELS_MAX || last[r] == OM_LEVELS_MAX) {
            state[r] |= OM_JOINT_MISSING;
            continue;
        }
        struct om_joint_score before = judge_total(scale, totals, first[r]);
        struct om_joint_score after = judge_total(scale, totals, last[r]);
        state[r] |= bits_of(scale, &before, &after);
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
