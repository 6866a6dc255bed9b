/* The key `reference`: the group that others are compared with. */
#include "analysis/keys.h"
#include "base/error.h"
#include "base/memory.h"

om_status
om_key_reference(struct om_study *study, const char *target, const struct om_texts *values,
                 struct om_error *err)
{
    (void)target;
    char *copy = om_strdup(values->at[0]);
    if (!copy)
        return om_fail_memory(err);
    om_free(study->reference);
    study->reference = copy;
    return OM_OK;
}
