/* The key `occasion-times`: when the occasions are. */
#include "analysis/keys.h"
#include "base/error.h"

#include <string.h>

static om_status
fail_times(struct om_error *err)
{
    om_fail(err, OM_ERR_USAGE, "occasion-times: this value is not possible");
    om_hint(err, "give ascending numbers, one an occasion, such as 0,6,12");
    return OM_ERR_USAGE;
}

om_status
om_key_occasion_times(struct om_study *study, const char *target, const struct om_texts *values,
                      struct om_error *err)
{
    (void)target;
    if (values->n < 2 || values->n > OM_STUDY_TIMES)
        return fail_times(err);
    for (size_t i = 0; i < values->n; i++) {
        struct om_fraction time;
        if (!om_fraction_parse(values->at[i], strlen(values->at[i]), &time))
            return fail_times(err);
        study->time[i] = om_fraction_value(time);
        if (i > 0 && !(study->time[i - 1] < study->time[i]))
            return fail_times(err);
    }
    study->n_times = values->n;
    return OM_OK;
}
