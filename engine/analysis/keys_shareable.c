/* The key `shareable`: which counts are small. */
#include "analysis/keys.h"
#include "base/error.h"
#include "base/number.h"

#include <string.h>

static const struct om_disclosure_rule presets[] = {
    {"cms", 11, 1},  /* Centers for Medicare & Medicaid Services: no cell of 1 to 10 */
    {"nhs", 5, 5},   /* fewer than 5, and the rest to the nearest 5 */
    {"acro", 10, 1}, /* ACRO/SACRO: safe outputs rest on 10 or more */
};

bool
om_study_shareable(const struct om_study *study)
{
    return study->shareable.below > 1;
}

static om_status
refuse(struct om_error *err)
{
    return om_fail_key(err, "shareable",
                       "cms (fewer than 11; the default), nhs (fewer than 5, the rest rounded to 5), acro "
                       "(fewer than 10), or numbers of your own: below=N[,round=M], with M no larger than N");
}

/* "below=7" or ",round=5" at *text; moves behind it. */
static bool
read_number(const char **text, const char *name, uint64_t *number)
{
    const size_t length = strlen(name);
    if (strncmp(*text, name, length) != 0)
        return false;
    const char *digits = *text + length;
    const size_t n = strspn(digits, "0123456789");
    int32_t value;
    if (om_integer_parse(digits, n, &value) != 1 || value < 1)
        return false;
    *number = (uint64_t)value;
    *text = digits + n;
    return true;
}

om_status
om_key_shareable(struct om_study *study, const char *target, const struct om_texts *values,
                 struct om_error *err)
{
    (void)target;
    const char *text = values->at[0];
    struct om_disclosure_rule own = {"own", 0, 1};
    if (om_ascii_equal(text, strlen(text), "false")) {
        study->shareable = (struct om_disclosure_rule){"", 0, 1};
        return OM_OK;
    }
    if (om_ascii_equal(text, strlen(text), "true"))
        text = presets[0].preset;
    for (size_t i = 0; i < sizeof presets / sizeof *presets; i++)
        if (om_ascii_equal(text, strlen(text), presets[i].preset)) {
            study->shareable = presets[i];
            return OM_OK;
        }
    if (!read_number(&text, "below=", &own.below) || (*text && !read_number(&text, ",round=", &own.round)) ||
        *text || own.round > own.below)
        return refuse(err);
    study->shareable = own;
    return OM_OK;
}
