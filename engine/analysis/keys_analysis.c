/* The keys that say what is asked of the scores. */
#include "analysis/families.h"
#include "analysis/keys.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/number.h"

#include <string.h>

om_status
om_key_population(struct om_study *study, const char *target, const struct om_texts *values,
                  struct om_error *err)
{
    (void)target;
    static const char *const words[] = {"all", "positive", "both"};
    int which;
    OM_TRY(om_key_choose(values, "population", words, 3, &which, err));
    study->populations[0] = which != 1;
    study->populations[1] = which != 0;
    return OM_OK;
}

om_status
om_study_add_number(struct om_study_number **list, size_t *n, size_t *capacity, const char *target,
                    struct om_fraction value, struct om_error *err)
{
    struct om_study_number number = {.value = value};
    if (!om_grow(list, capacity, *n, sizeof **list))
        return om_fail_memory(err);
    if (target)
        OM_TRY(om_key_copy(&number.instrument, target, err));
    (*list)[(*n)++] = number;
    return OM_OK;
}

static om_status
add_number(struct om_study_number **list, size_t *n, size_t *capacity, const char *target, const char *text,
           const char *key, struct om_error *err)
{
    struct om_fraction value;
    if (!om_fraction_parse(text, strlen(text), &value) || value.num < 0)
        return om_fail_key(err, key, "a number of points, 0 or more; INSTRUMENT=NUMBER for one instrument");
    return om_study_add_number(list, n, capacity, target, value, err);
}

om_status
om_key_shift(struct om_study *study, const char *target, const struct om_texts *values, struct om_error *err)
{
    return add_number(&study->shift, &study->n_shifts, &study->shift_capacity, target, values->at[0], "shift",
                      err);
}

om_status
om_key_cutoff(struct om_study *study, const char *target, const struct om_texts *values, struct om_error *err)
{
    if (!target)
        return om_fail_key(err, "cutoff", "write INSTRUMENT=NUMBER, for example pcl5=31");
    return add_number(&study->cutoff, &study->n_cutoffs, &study->cutoff_capacity, target, values->at[0],
                      "cutoff", err);
}

static om_status
fail_family(struct om_error *err)
{
    struct om_buffer list = OM_BUFFER_EMPTY;
    for (size_t i = 0; om_families[i].id; i++)
        om_buffer_format(&list, "%s, ", om_families[i].id);
    om_fail(err, OM_ERR_USAGE, "statistics: this value is not possible");
    om_hint(err, "possible: %sall", om_buffer_string(&list));
    om_buffer_release(&list);
    return OM_ERR_USAGE;
}

om_status
om_key_statistics(struct om_study *study, const char *target, const struct om_texts *values,
                  struct om_error *err)
{
    (void)target;
    for (size_t i = 0; i < values->n; i++) {
        bool all = strcmp(values->at[i], "all") == 0;
        int family = om_family_find(values->at[i]);
        if (!all && family < 0)
            return fail_family(err);
        for (size_t k = 0; om_families[k].id; k++)
            study->families[k] |= all || (int)k == family;
    }
    for (size_t k = 0; om_families[k].id; k++)
        study->panel.every_occasion |= study->families[k] && om_families[k].every_occasion;
    return OM_OK;
}

om_status
om_key_level(struct om_study *study, const char *target, const struct om_texts *values, struct om_error *err)
{
    (void)target;
    struct om_fraction value;
    if (!om_fraction_parse(values->at[0], strlen(values->at[0]), &value) || value.num <= 0 ||
        value.num >= value.den)
        return om_fail_key(err, "level", "a number between 0 and 1, such as 0.95");
    study->level = om_fraction_value(value);
    return OM_OK;
}

om_status
om_key_strict(struct om_study *study, const char *target, const struct om_texts *values, struct om_error *err)
{
    (void)target;
    static const char *const words[] = {"false", "true"};
    int which;
    OM_TRY(om_key_choose(values, "strict", words, 2, &which, err));
    study->strict = which == 1;
    return OM_OK;
}
