/* The keys that say what becomes of findings. */
#include "analysis/keys.h"
#include "base/error.h"
#include "base/number.h"

#include <omstat/catalogue.h>
#include <string.h>

/* "error" to what a study says of a code; OM_SAID_NOTHING for a word that is none. */
static uint8_t
said_of(const char *word)
{
    if (strcmp(word, "off") == 0)
        return OM_SAID_OFF;
    for (enum om_severity severity = OM_NOTE; severity < OM_FATAL; severity++)
        if (strcmp(word, om_severity_name(severity)) == 0)
            return (uint8_t)(OM_SAID_LEAST + severity);
    return OM_SAID_NOTHING;
}

/* OM132=warning, OM143=off */
om_status
om_key_severity(struct om_study *study, const char *target, const struct om_texts *values,
                struct om_error *err)
{
    static const char possible[] = "write CODE=off, note, warning or error, for example OM143=off; "
                                   "'omstat explain' lists the codes";
    (void)target;
    for (size_t i = 0; i < values->n; i++) {
        const char *text = values->at[i], *equals = strchr(text, '=');
        char code[16];
        if (!equals || (size_t)(equals - text) >= sizeof code)
            return om_fail_key(err, "severity", possible);
        memcpy(code, text, (size_t)(equals - text));
        code[equals - text] = '\0';
        const struct om_catalogue_entry *entry = om_catalogue_parse(code);
        uint8_t said = said_of(equals + 1);
        if (!entry || !entry->of_data || said == OM_SAID_NOTHING)
            return om_fail_key(err, "severity", possible);
        study->panel.said[entry->code - OM_FINDING_FIRST] = said;
    }
    return OM_OK;
}

om_status
om_key_show_values(struct om_study *study, const char *target, const struct om_texts *values,
                   struct om_error *err)
{
    (void)target;
    if (strcmp(values->at[0], "true") != 0 && strcmp(values->at[0], "false") != 0)
        return om_fail_key(err, "show-values", "possible: false, true");
    study->panel.show_values = strcmp(values->at[0], "true") == 0;
    return OM_OK;
}

om_status
om_key_max_input(struct om_study *study, const char *target, const struct om_texts *values,
                 struct om_error *err)
{
    (void)target;
    if (!om_size_parse(values->at[0], &study->panel.max_input))
        return om_fail_key(err, "max-input", "a size such as 500M or 2G");
    return OM_OK;
}
