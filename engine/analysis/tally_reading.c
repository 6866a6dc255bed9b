#include "analysis/tally_reading.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/number.h"

#include <stdlib.h>
#include <string.h>

/* repeats: every setting adds to those before; of the others the last one counts. usual: what they are when
 * nobody sets them. */
static const struct {
    const char *key;
    bool repeats;
    const char *usual;
} fixed[] = {
    {"declined", true, NULL},
    {"duplicates", false, "error"},
    {"id", false, NULL},
    {"map", true, NULL},
    {"missing", true, NULL},
    {"missing-rule", false, "complete"},
    {"not-applicable", true, NULL},
    {"occasion-column", false, NULL},
    {"recode", true, NULL},
    {"scale", true, NULL},
};
enum { FIXED = sizeof fixed / sizeof fixed[0] };

/* The value of "key: value" when it is of this key, else NULL. */
static const char *
value_of(const char *setting, const char *key)
{
    size_t length = strlen(key);
    return strncmp(setting, key, length) == 0 && strncmp(setting + length, ": ", 2) == 0
               ? setting + length + 2
               : NULL;
}

static om_status
add_key(const struct om_study *study, size_t k, struct om_tally_texts *out, struct om_error *err)
{
    const char *last = NULL, *said = NULL;
    for (size_t i = 0; i < study->set.n; i++) {
        const char *value = value_of(study->set.at[i].text, fixed[k].key);
        if (value && fixed[k].repeats) {
            OM_TRY(om_tally_texts_add(out, study->set.at[i].text, strlen(study->set.at[i].text), err));
        } else if (value) {
            last = study->set.at[i].text;
            said = value;
        }
    }
    if (!last || (fixed[k].usual && strcmp(said, fixed[k].usual) == 0))
        return OM_OK;
    return om_tally_texts_add(out, last, strlen(last), err);
}

om_status
om_tally_settings(const struct om_study *study, struct om_tally_texts *out, struct om_error *err)
{
    for (size_t k = 0; k < FIXED; k++)
        OM_TRY(add_key(study, k, out, err));
    return OM_OK;
}

static const char *
asked_occasions(const struct om_study *study)
{
    const char *last = NULL;
    for (size_t i = 0; i < study->set.n; i++)
        if (value_of(study->set.at[i].text, "occasions"))
            last = study->set.at[i].text;
    return last;
}

om_status
om_tally_add_occasions(const struct om_study *study, const char *first, const char *last,
                       struct om_tally_texts *out, struct om_error *err)
{
    const struct om_texts *asked = &study->panel.occasions;
    const char *setting = asked_occasions(study);
    if (!setting || !asked->n ||
        (om_ascii_equal(first, strlen(first), asked->at[0]) &&
         (!last || om_ascii_equal(last, strlen(last), asked->at[asked->n - 1]))))
        return OM_OK;
    return om_tally_texts_add(out, setting, strlen(setting), err);
}

bool
om_tally_names_occasions(const struct om_tally_texts *settings, const struct om_study *study)
{
    const char *there = om_tally_setting(settings, "occasions", 0), *asked = asked_occasions(study);
    return there && asked && strcmp(there, value_of(asked, "occasions")) == 0;
}

const char *
om_tally_setting(const struct om_tally_texts *settings, const char *key, size_t n)
{
    for (size_t i = 0; i < settings->n; i++) {
        const char *value = value_of(settings->at[i], key);
        if (value && n-- == 0)
            return value;
    }
    return NULL;
}

static bool
is_set(const struct om_study *study, const char *key)
{
    for (size_t i = 0; i < study->set.n; i++)
        if (value_of(study->set.at[i].text, key))
            return true;
    return false;
}

static om_status
fail_setting(const char *key, const char *counted, const char *asked, const char *name, struct om_error *err)
{
    om_fail(err, OM_ERR_DEFINITION, "%s is %.200s in this study, and was %.200s when the panel was tallied",
            key, asked ? asked : "the default", counted ? counted : "the default");
    om_place(err, name, 0, 0);
    om_hint(err, "it decides what is counted: report without it, or tally the panel again");
    return OM_ERR_DEFINITION;
}

om_status
om_tally_check_settings(const struct om_tally_texts *settings, const struct om_study *study, const char *name,
                        struct om_error *err)
{
    struct om_tally_texts own = {0};
    om_status status = om_tally_settings(study, &own, err);
    for (size_t k = 0; k < FIXED && status == OM_OK; k++) {
        const char *key = fixed[k].key, *counted, *asked;
        size_t n = 0;
        if (!is_set(study, key))
            continue;
        do {
            counted = om_tally_setting(settings, key, n);
            asked = om_tally_setting(&own, key, n++);
            if (!counted != !asked || (counted && strcmp(counted, asked) != 0))
                status = fail_setting(key, counted, asked, name, err);
        } while (counted && asked && status == OM_OK);
    }
    om_tally_texts_release(&own);
    return status;
}
