#include "analysis/joint.h"
#include "base/error.h"
#include "base/memory.h"

#include <string.h>

/* Pairs of levels are looked up in a table of bytes: enough for a prorated scale of a hundred items. */
enum { LEVELS_MAX = 4096 };

const struct om_joint_rule *
om_joint_rule_of(const struct om_scale *scale)
{
    for (size_t i = 0; i < scale->n_joint_rules; i++)
        if (strcmp(scale->joint_rule[i].id, om_rule_id(OM_RULE_NHS)) == 0)
            return &scale->joint_rule[i];
    return NULL;
}

static struct om_change_point
point_of(const struct om_scorer *scorer, size_t level, struct om_fraction caseness)
{
    return (struct om_change_point){.value = scorer->level[level].value,
                                    .positive = om_scorer_reaches(scorer, level, caseness)};
}

static om_status
init_scale(struct om_run_scale *scale, const struct om_joint_rule *rule, struct om_error *err)
{
    const struct om_scorer *scorer = scale->scorer;
    const size_t n = scorer->n_levels, side = n + 1;
    const struct om_change_rule reliable = {.rule = OM_RULE_RELIABLE,
                                            .direction = scale->info.scale->direction,
                                            .points = rule->points,
                                            .unit = scorer->unit};
    if (n > LEVELS_MAX)
        return om_fail(err, OM_ERR_DEFINITION, "scale %s of %s can take %zu values, too many for the rule %s",
                       scale->info.scale->id, scale->info.instrument->id, n, rule->id);
    scale->joint = om_alloc(side * side, 1);
    if (!scale->joint)
        return om_fail_memory(err);
    memset(scale->joint, OM_JOINT_MISSING, side * side);
    for (size_t first = 0; first < n; first++)
        for (size_t last = 0; last < n; last++) {
            struct om_change_point before = point_of(scorer, first, rule->caseness);
            struct om_change_point after = point_of(scorer, last, rule->caseness);
            scale->joint[first * side + last] = om_joint_bits(&reliable, &before, &after);
        }
    return OM_OK;
}

om_status
om_joint_init(struct om_run *run, struct om_error *err)
{
    size_t members = 0;
    for (size_t s = 0; s < run->n_scales; s++)
        members += om_joint_rule_of(run->scale[s].info.scale) != NULL;
    run->has_joint = !run->by_record && run->study->rules[OM_RULE_NHS] && members > 1;
    for (size_t s = 0; run->has_joint && s < run->n_scales; s++) {
        const struct om_joint_rule *rule = om_joint_rule_of(run->scale[s].info.scale);
        if (rule)
            OM_TRY(init_scale(&run->scale[s], rule, err));
    }
    return OM_OK;
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
