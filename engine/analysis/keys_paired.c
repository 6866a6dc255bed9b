/* Keys of the statistics of a paired change: wilcoxon, equivalence, effect, seed, replicates. */
#include "analysis/keys.h"
#include "base/error.h"
#include "base/number.h"

#include <string.h>

const char *const om_wilcoxon_zeros_words[OM_WILCOXON_ZEROS_WORDS] = {"drop", "pratt", "split"};
const char *const om_wilcoxon_p_words[OM_WILCOXON_P_WORDS] = {"auto", "exact", "normal", "normal-cc"};

/* Each word settles one of the two conventions. */
om_status
om_key_wilcoxon(struct om_study *study, const char *target, const struct om_texts *values,
                struct om_error *err)
{
    (void)target;
    struct om_wilcoxon_rule *rule = &study->paired.wilcoxon;
    for (size_t i = 0; i < values->n; i++) {
        int zeros = om_key_word(values->at[i], om_wilcoxon_zeros_words, OM_WILCOXON_ZEROS_WORDS);
        int p = om_key_word(values->at[i], om_wilcoxon_p_words, OM_WILCOXON_P_WORDS);
        if (zeros < 0 && p < 0)
            return om_fail_key(
                err, "wilcoxon",
                "possible for changes of zero: drop, pratt, split; for p: auto, exact, normal, "
                "normal-cc");
        if (zeros >= 0)
            rule->zeros = (enum om_wilcoxon_zeros)zeros;
        else
            rule->p = (enum om_wilcoxon_p)p;
    }
    return OM_OK;
}

om_status
om_key_equivalence(struct om_study *study, const char *target, const struct om_texts *values,
                   struct om_error *err)
{
    struct om_study_paired *paired = &study->paired;
    struct om_fraction points;
    if (!om_fraction_parse(values->at[0], strlen(values->at[0]), &points) || points.num <= 0)
        return om_fail_key(err, "equivalence",
                           "a number of points above 0; INSTRUMENT=NUMBER for one instrument");
    return om_study_add_number(&paired->equivalence, &paired->n_equivalences, &paired->equivalence_capacity,
                               target, points, err);
}

om_status
om_key_effect(struct om_study *study, const char *target, const struct om_texts *values, struct om_error *err)
{
    static const char possible[] = "at most 8 sizes of d_z above 0, such as 0.2,0.5";
    struct om_study_paired *paired = &study->paired;
    (void)target;
    if (values->n > OM_EFFECTS_MAX)
        return om_fail_key(err, "effect", possible);
    paired->n_effects = 0;
    for (size_t i = 0; i < values->n; i++) {
        struct om_fraction size;
        if (!om_fraction_parse(values->at[i], strlen(values->at[i]), &size) || size.num <= 0)
            return om_fail_key(err, "effect", possible);
        paired->effect[paired->n_effects++] = om_fraction_value(size);
    }
    return OM_OK;
}

om_status
om_key_seed(struct om_study *study, const char *target, const struct om_texts *values, struct om_error *err)
{
    int32_t seed;
    (void)target;
    if (om_integer_parse(values->at[0], strlen(values->at[0]), &seed) != 1 || seed < 0)
        return om_fail_key(err, "seed", "a whole number from 0 to 2147483647");
    study->paired.seed = (uint64_t)seed;
    return OM_OK;
}

om_status
om_key_replicates(struct om_study *study, const char *target, const struct om_texts *values,
                  struct om_error *err)
{
    int32_t n;
    (void)target;
    if (om_integer_parse(values->at[0], strlen(values->at[0]), &n) != 1 || n < 100 || n > 10000000)
        return om_fail_key(err, "replicates", "a whole number from 100 to 10000000");
    study->paired.replicates = (size_t)n;
    return OM_OK;
}
