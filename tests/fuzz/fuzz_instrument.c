/*
 * Definitions of instruments: refused with a place, or loaded so that every scale can be scored. What the
 * definition's own examples say must be what the scorer gives, or be refused; it is never a crash.
 */
#include "fuzz/fuzz.h"
#include "instrument/load.h"

#include <omstat/score.h>

static const struct om_registry *
known(void)
{
    static struct om_registry *registry;
    if (!registry)
        require(om_registry_new(&registry, NULL) == OM_OK);
    return registry;
}

/* Forms answered with one code throughout, and not at all. */
static void
score_forms(const struct om_instrument *instrument, const struct om_scale *scale)
{
    enum { FORMS = 3 };
    uint8_t codes[OM_ITEMS_MAX][FORMS];
    const uint8_t *column[OM_ITEMS_MAX];
    uint16_t level[FORMS];
    uint8_t reason[FORMS];
    struct om_scorer *scorer = NULL;
    struct om_error err = {0};
    om_status status = om_scorer_new(instrument, scale, OM_MISSING_PRORATE, NULL, &scorer, &err);
    require_words(status, &err);
    if (status != OM_OK)
        return;
    for (size_t k = 0; k < instrument->n_items; k++) {
        codes[k][0] = (uint8_t)instrument->minimum;
        codes[k][1] = (uint8_t)instrument->maximum;
        codes[k][2] = k % 2 ? OM_CODE_BLANK : OM_CODE_NA;
        column[k] = codes[k];
    }
    om_scorer_run(scorer, column, FORMS, level, reason);
    for (size_t f = 0; f < FORMS; f++)
        if (reason[f] == OM_REASON_SCORED)
            require(level[f] < scorer->n_levels);
    om_scorer_free(scorer);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct om_instrument *instrument = NULL;
    struct om_error err = {0};
    const struct om_registry *registry = known();
    const size_t live = om_memory_live();
    if (size > 1 << 16)
        return 0;
    om_status status = om_instrument_load(registry, "fuzz", (const char *)data, size, &instrument, &err);
    require_words(status, &err);
    require(status == OM_OK || (status == OM_ERR_DEFINITION && err.line > 0));
    if (status == OM_OK) {
        status = om_instrument_verify(instrument, &err);
        require_words(status, &err);
        for (size_t s = 0; s < instrument->n_scales && !om_instrument_is_total(instrument); s++)
            score_forms(instrument, &instrument->scale[s]);
    }
    om_instrument_free(instrument);
    require(om_memory_live() == live);
    return 0;
}
