#include "stats/sign_flips.h"

#include <string.h>
#include "base/error.h"
#include "base/memory.h"

/* What all sizes are multiples of. */
static int64_t
common_unit(const struct om_count *size, size_t n)
{
    int64_t unit = 0;
    for (size_t i = 0; i < n; i++)
        for (int64_t rest = size[i].value; rest;) {
            int64_t next = unit % rest;
            unit = rest;
            rest = next;
        }
    return unit ? unit : 1;
}

bool
om_sign_flips_feasible(const struct om_count *size, size_t n, om_wide limit)
{
    om_wide sums = limit / common_unit(size, n) + 1, flips = 0;
    for (size_t i = 0; i < n; i++)
        flips += (om_wide)size[i].count;
    return flips < OM_SIGN_FLIPS_MAX && sums < OM_SIGN_FLIPS_MAX && flips * sums <= OM_SIGN_FLIPS_MAX;
}

/* One size more: to[s] = (from[s] + from[s - size]) / 2. */
static void
flip(const double *restrict from, double *restrict to, size_t size, size_t limit)
{
    size_t alone = size <= limit ? size : limit + 1;
    for (size_t s = 0; s < alone; s++)
        to[s] = from[s] / 2;
    for (size_t s = alone; s <= limit; s++)
        to[s] = (from[s] + from[s - size]) / 2;
}

/* The same with sizes in units. */
static void
fill(const struct om_count *size, size_t n, int64_t unit, size_t limit, double *p, double *spare)
{
    double *from = p, *to = spare;
    size_t top = 0; /* the largest sum so far, or the limit: there is nothing above it */
    memset(p, 0, (limit + 1) * sizeof *p);
    memset(spare, 0, (limit + 1) * sizeof *spare);
    from[0] = 1;
    for (size_t i = 0; i < n; i++)
        for (uint64_t k = 0; k < size[i].count; k++) {
            uint64_t step = (uint64_t)(size[i].value / unit);
            top = step < limit - top ? top + (size_t)step : limit;
            flip(from, to, step <= limit ? (size_t)step : limit + 1, top);
            double *swap = from;
            from = to;
            to = swap;
        }
    if (from != p)
        memcpy(p, from, (limit + 1) * sizeof *p);
}

void
om_sign_flips_fill(const struct om_count *size, size_t n, size_t limit, double *p, double *spare)
{
    fill(size, n, 1, limit, p, spare);
}

om_status
om_sign_flips_cdf(const struct om_count *size, size_t n, om_wide limit, double *p, struct om_error *err)
{
    int64_t unit = common_unit(size, n);
    size_t last = (size_t)(limit / unit);
    double *at = om_alloc(last + 1, 2 * sizeof *at);
    if (!at)
        return om_fail_memory(err);
    fill(size, n, unit, last, at, at + last + 1);
    *p = 0;
    for (size_t s = 0; s <= last; s++)
        *p += at[s];
    om_free(at);
    return OM_OK;
}
