#include <omstat/nonparametric.h>

#include <math.h>
#include "base/error.h"
#include "base/memory.h"
#include "stats/dist.h"
#include "stats/margins.h"
#include "stats/outcome.h"
#include "stats/sign_flips.h"

om_status
om_changes_make(const struct om_pairs *pairs, struct om_changes *out, struct om_error *err)
{
    struct om_margins margins;
    OM_TRY(om_margins_make(pairs, &margins, err));
    *out = (struct om_changes){margins.change, margins.memory};
    return OM_OK;
}

void
om_changes_release(struct om_changes *changes)
{
    om_free(changes->memory);
    *changes = (struct om_changes){0};
}

void
om_sign_test(const struct om_counts *change, struct om_sign_result *out)
{
    *out = (struct om_sign_result){0};
    for (size_t i = 0; i < change->n; i++) {
        int64_t value = change->at[i].value;
        *(value > 0 ? &out->increased : value < 0 ? &out->decreased : &out->unchanged) += change->at[i].count;
    }
    uint64_t changed = out->increased + out->decreased;
    uint64_t fewer = out->increased < out->decreased ? out->increased : out->decreased;
    out->p = changed          ? om_defined(om_binomial_half_p(fewer, changed))
             : out->unchanged ? om_undefined(OM_WHY_NO_CHANGE)
                              : om_undefined(OM_WHY_EMPTY);
}

/* --- the permutation test ------------------------------------------------------------------------------ */

/* The sizes of the changes, whatever their sign, and the sums on both sides. */
struct sizes {
    struct om_count *at;
    size_t n;
    uint64_t changed;
    om_wide plus, minus;
    long double squares;
};

static void
add_size(struct sizes *sizes, int64_t value, uint64_t plus, uint64_t minus)
{
    om_wide size = value;
    sizes->at[sizes->n++] = (struct om_count){value, plus + minus};
    sizes->changed += plus + minus;
    sizes->plus += size * (om_wide)plus;
    sizes->minus += size * (om_wide)minus;
    sizes->squares += (long double)(size * size) * (long double)(plus + minus);
}

/* Zero changes have no sign to lose. */
static void
gather_sizes(const struct om_counts *change, struct sizes *sizes)
{
    const struct om_count *at = change->at;
    size_t down = 0;
    while (down < change->n && at[down].value < 0)
        down++;
    size_t up = down;
    if (up < change->n && at[up].value == 0)
        up++;
    while (down > 0 || up < change->n) {
        int64_t increase = up < change->n ? at[up].value : INT64_MAX;
        int64_t decrease = down > 0 ? -at[down - 1].value : INT64_MAX;
        uint64_t plus = increase <= decrease ? at[up++].count : 0;
        uint64_t minus = decrease <= increase ? at[--down].count : 0;
        add_size(sizes, increase < decrease ? increase : decrease, plus, minus);
    }
}

static om_status
flip_signs(const struct sizes *sizes, struct om_sign_flip_result *out, struct om_error *err)
{
    om_wide smaller = sizes->plus < sizes->minus ? sizes->plus : sizes->minus;
    out->z = om_defined((double)((long double)(sizes->plus - sizes->minus) / sqrtl(sizes->squares)));
    if (!om_sign_flips_feasible(sizes->at, sizes->n, smaller)) {
        out->method = "sign-flip-normal";
        out->p = om_defined(om_normal_p(out->z.value));
        return OM_OK;
    }
    double p;
    OM_TRY(om_sign_flips_cdf(sizes->at, sizes->n, smaller, &p, err));
    out->p = om_defined(fmin(1, 2 * p));
    return OM_OK;
}

om_status
om_sign_flip_test(const struct om_counts *change, struct om_sign_flip_result *out, struct om_error *err)
{
    struct sizes sizes = {.at = om_alloc(change->n + 1, sizeof *sizes.at)};
    if (!sizes.at)
        return om_fail_memory(err);
    gather_sizes(change, &sizes);
    *out = (struct om_sign_flip_result){.n = sizes.changed, .method = "sign-flip-exact"};
    om_status status = OM_OK;
    if (sizes.changed == 0)
        out->p = out->z = om_undefined(change->n ? OM_WHY_NO_CHANGE : OM_WHY_EMPTY);
    else
        status = flip_signs(&sizes, out, err);
    om_free(sizes.at);
    return status;
}
