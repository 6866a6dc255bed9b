/* May two tallies be added up, or one be taken out of the other? */
#include "base/error.h"
#include "base/number.h"
#include "tally/combine.h"

#include <string.h>

static om_status
fail_other(const char *name, const char *what, const char *remedy, struct om_error *err)
{
    om_fail(err, OM_ERR_DEFINITION, "this tally is of another study: %s", what);
    om_place(err, name, 0, 0);
    om_hint(err, "%s", remedy);
    return OM_ERR_DEFINITION;
}

/* What one has and the other has not. */
static om_status
fail_list(const char *name, const char *what, const char *own, const char *other, struct om_error *err)
{
    const char *none = "none";
    om_fail(err, OM_ERR_DEFINITION,
            "this tally is of another study: %s %s%.200s%s here, %s%.200s%s in the others", what,
            other ? "'" : "", other ? other : none, other ? "'" : "", own ? "'" : "", own ? own : none,
            own ? "'" : "");
    om_place(err, name, 0, 0);
    om_hint(err, "tally all parts with the same study file");
    return OM_ERR_DEFINITION;
}

static om_status
check_lists(const struct om_tally_texts *own, const struct om_tally_texts *other, const char *what,
            const char *name, struct om_error *err)
{
    for (size_t i = 0; i < own->n || i < other->n; i++) {
        const char *a = i < own->n ? own->at[i] : NULL, *b = i < other->n ? other->at[i] : NULL;
        if (!a || !b || strcmp(a, b) != 0)
            return fail_list(name, what, a, b, err);
    }
    return OM_OK;
}

/* Pre and PRE are one occasion. */
static bool
same_occasion(const char *a, const char *b)
{
    return a && b ? om_ascii_equal(a, strlen(a), b) : a == b;
}

static om_status
check_instruments(const struct om_tally *own, const struct om_tally *other, const char *name,
                  struct om_error *err)
{
    for (size_t i = 0; i < own->n_instruments || i < other->n_instruments; i++) {
        const struct om_tally_instrument *a = i < own->n_instruments ? &own->instrument[i] : NULL;
        const struct om_tally_instrument *b = i < other->n_instruments ? &other->instrument[i] : NULL;
        if (!a || !b || strcmp(a->id, b->id) != 0)
            return fail_list(name, "instrument", a ? a->id : NULL, b ? b->id : NULL, err);
        if (a->derived != b->derived)
            return fail_other(name, "a short form has columns of its own in one of them",
                              "name the columns of all instruments with --map", err);
        if (strcmp(a->version, b->version) == 0 && strcmp(a->digest, b->digest) == 0)
            continue;
        om_fail(err, OM_ERR_DEFINITION,
                "its scores of %.32s were made by another definition: version %.32s, not "
                "%.32s",
                a->id, b->version, a->version);
        om_place(err, name, 0, 0);
        om_hint(err, "tally all parts with the same definition of the instrument");
        return OM_ERR_DEFINITION;
    }
    bool same = own->n_scales == other->n_scales;
    for (size_t s = 0; same && s < own->n_scales; s++)
        same = own->scale[s].instrument == other->scale[s].instrument &&
               strcmp(own->scale[s].id, other->scale[s].id) == 0 &&
               own->scale[s].is_total == other->scale[s].is_total &&
               own->scale[s].n_levels == other->scale[s].n_levels;
    return same ? OM_OK
                : fail_other(name, "its scales are others", "tally all parts with the same definitions", err);
}

om_status
om_tally_agree(const struct om_tally *own, const struct om_tally *other, const char *name,
               struct om_error *err)
{
    OM_TRY(check_lists(&own->setting, &other->setting, "setting", name, err));
    OM_TRY(check_instruments(own, other, name, err));
    if (!same_occasion(own->first, other->first) || !same_occasion(own->last, other->last))
        return fail_other(name, "it compares other occasions",
                          "say which with --occasions FIRST,LAST when the parts are tallied", err);
    OM_TRY(check_lists(&own->by, &other->by, "--by", name, err));
    return check_lists(&own->described, &other->described, "--describe", name, err);
}
