/* The key `describe`: columns counted in each group. COLUMN, COLUMN:number or COLUMN:category */
#include "analysis/keys.h"
#include "base/error.h"

#include <string.h>

/* The kind that stands behind a name, and the length of the name without it. */
static enum om_described
kind_of(const char *text, size_t *length)
{
    static const struct {
        const char *ending;
        enum om_described kind;
    } endings[] = {{":number", OM_DESCRIBED_NUMBER}, {":category", OM_DESCRIBED_CATEGORY}};
    *length = strlen(text);
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        size_t n = strlen(endings[i].ending);
        if (*length <= n || strcmp(text + *length - n, endings[i].ending) != 0)
            continue;
        *length -= n;
        return endings[i].kind;
    }
    return OM_DESCRIBED_AUTO;
}

static om_status
fail_describe(struct om_error *err, const char *hint)
{
    om_fail(err, OM_ERR_USAGE, "describe: this value is not possible");
    om_hint(err, "%s", hint);
    return OM_ERR_USAGE;
}

om_status
om_key_describe(struct om_study *study, const char *target, const struct om_texts *values,
                struct om_error *err)
{
    struct om_panel_spec *panel = &study->panel;
    (void)target;
    for (size_t i = 0; i < values->n; i++) {
        size_t length;
        enum om_described kind = kind_of(values->at[i], &length);
        if (length == 0)
            return fail_describe(err, "give the names of columns, separated by commas; COLUMN:number or "
                                      "COLUMN:category says how");
        if (panel->described.n == OM_GROUPING_MAX)
            return fail_describe(err, "at most 16 columns");
        panel->described_as[panel->described.n] = kind;
        OM_TRY(om_texts_add(&panel->described, values->at[i], length, err));
    }
    return OM_OK;
}
