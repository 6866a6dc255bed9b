/* Keys of the rule over several scales and of regression to the mean. */
#include "analysis/keys.h"
#include "base/error.h"
#include "base/memory.h"

#include <string.h>

om_status
om_key_nhs(struct om_study *study, const char *target, const struct om_texts *values, struct om_error *err)
{
    (void)target;
    for (int i = OM_JOINT_COMPOSITE; i <= OM_JOINT_BOTH; i++)
        if (strcmp(values->at[0], om_joint_improvement_id((enum om_joint_improvement)i)) == 0) {
            study->joint_improvement = (enum om_joint_improvement)i;
            return OM_OK;
        }
    return om_fail_key(err, "nhs", "possible: composite, both");
}

om_status
om_key_rtm_correlation(struct om_study *study, const char *target, const struct om_texts *values,
                       struct om_error *err)
{
    struct om_study_number number = {0};
    const char *text = values->at[0];
    if (!target && (strcmp(text, "sample") == 0 || strcmp(text, "alpha") == 0)) {
        study->rtm_alpha = *text == 'a';
        return OM_OK;
    }
    if (!target || !om_fraction_parse(text, strlen(text), &number.value) || number.value.num < 0 ||
        number.value.num > number.value.den)
        return om_fail_key(err, "rtm-correlation",
                           "possible: sample, alpha, or INSTRUMENT=NUMBER from 0 to 1, such as phq9=0.84");
    if (!om_grow(&study->rtm_correlation, &study->rtm_correlation_capacity, study->n_rtm_correlations,
                 sizeof *study->rtm_correlation))
        return om_fail_memory(err);
    number.instrument = om_strdup(target);
    if (!number.instrument)
        return om_fail_memory(err);
    study->rtm_correlation[study->n_rtm_correlations++] = number;
    return OM_OK;
}
