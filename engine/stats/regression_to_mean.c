#include <omstat/regression_to_mean.h>

#include <math.h>
#include <omstat/describe.h>
#include "base/error.h"
#include "stats/dist.h"
#include "stats/margins.h"
#include "stats/outcome.h"

static const char WHY_NOBODY[] = "nobody was selected";
static const char WHY_EVERYBODY[] = "everybody was selected: the mean to regress to is not known";
static const char WHY_OTHER_WAY[] = "the observed change goes the other way";
static const char WHY_FAR[] = "the cut-off lies too far from the mean";

static om_status
describe_pairs(const struct om_pairs *pairs, struct om_description *pre, struct om_description *change,
               struct om_error *err)
{
    struct om_margins margins;
    OM_TRY(om_margins_make(pairs, &margins, err));
    om_describe(&margins.pre, 0.95, pre);
    om_describe(&margins.change, 0.95, change);
    om_margins_release(&margins);
    return OM_OK;
}

static struct om_stat
expected_linear(const struct om_description *everyone, const struct om_description *selected, double r)
{
    return om_defined((1 - r) * (everyone->mean.value - selected->mean.value));
}

static struct om_stat
expected_normal(const struct om_description *everyone, const struct om_rtm_selection *selection, double r)
{
    if (everyone->sd.reason || !(everyone->sd.value > 0))
        return om_undefined(everyone->sd.reason ? everyone->sd.reason : OM_WHY_CONSTANT);
    double toward = selection->low ? -1 : 1;
    double z = toward * (selection->cutoff - everyone->mean.value) / everyone->sd.value;
    double beyond = om_normal_cdf(-z), density = exp(-z * z / 2) / sqrt(2 * M_PI);
    if (!(beyond > 0))
        return om_undefined(WHY_FAR);
    return om_defined(-toward * (1 - r) * everyone->sd.value * density / beyond);
}

static struct om_rtm_estimate
compare(struct om_stat expected, double observed)
{
    struct om_rtm_estimate out = {.expected = expected};
    if (expected.reason) {
        out.beyond = out.share = om_undefined(expected.reason);
        return out;
    }
    out.beyond = om_defined(observed - expected.value);
    if (observed == 0)
        out.share = om_undefined(OM_WHY_NO_CHANGE);
    else if (expected.value * observed < 0)
        out.share = om_undefined(WHY_OTHER_WAY);
    else
        out.share = om_defined(expected.value / observed);
    return out;
}

om_status
om_regression_to_mean(const struct om_pairs *everyone, const struct om_pairs *selected,
                      const struct om_rtm_selection *selection, struct om_rtm_result *out,
                      struct om_error *err)
{
    struct om_description all, change_all, some, change;
    OM_TRY(describe_pairs(everyone, &all, &change_all, err));
    OM_TRY(describe_pairs(selected, &some, &change, err));
    *out = (struct om_rtm_result){.n = all.n, .n_selected = some.n, .observed = change.mean};
    if (some.n == 0)
        out->observed = om_undefined(all.n == 0 ? OM_WHY_EMPTY : WHY_NOBODY);
    const char *reason = out->observed.reason            ? out->observed.reason
                         : some.n == all.n               ? WHY_EVERYBODY
                         : selection->correlation.reason ? selection->correlation.reason
                                                         : NULL;
    const double r = selection->correlation.value;
    out->linear = compare(reason ? om_undefined(reason) : expected_linear(&all, &some, r), change.mean.value);
    out->normal =
        compare(reason ? om_undefined(reason) : expected_normal(&all, selection, r), change.mean.value);
    return OM_OK;
}
