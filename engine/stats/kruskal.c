#include <omstat/between.h>

#include "stats/dist.h"
#include "stats/outcome.h"
#include "stats/pooled.h"

/* H = 12 / (N (N + 1)) Sum n_i (mean rank_i - (N + 1) / 2)^2, divided by the share of N^3 - N that is not
 * ties. The rank sums are compared with their expectations in integers, so nothing cancels. */
static void
test(const struct om_pooled *pooled, const struct om_counts *group, size_t n, struct om_kruskal_result *out)
{
    long double total = pooled->total, sum = 0;
    for (size_t i = 0; i < n; i++) {
        uint64_t size = 0;
        for (size_t k = 0; k < group[i].n; k++)
            size += group[i].at[k].count;
        if (size == 0)
            continue;
        om_wide off = om_pooled_rank_sum(pooled, &group[i]) - (om_wide)size * ((om_wide)pooled->total + 1);
        sum += (long double)off * (long double)off / (long double)size;
        out->n_groups++;
    }
    const char *reason = out->n == 0         ? OM_WHY_EMPTY
                         : out->n_groups < 2 ? OM_WHY_ONE_GROUP
                         : pooled->n < 2     ? OM_WHY_CONSTANT
                                             : NULL;
    if (reason) {
        out->h = out->df = out->p = out->epsilon_squared = om_undefined(reason);
        return;
    }
    long double untied = 1 - pooled->tie_cubes / (total * total * total - total);
    double h = (double)(3 * sum / (total * (total + 1)) / untied), df = (double)(out->n_groups - 1);
    out->h = om_defined(h);
    out->df = om_defined(df);
    out->p = om_defined(om_chi2_p(h, df));
    out->epsilon_squared = om_defined(h / (double)(total - 1));
}

om_status
om_kruskal(const struct om_counts *group, size_t n, struct om_kruskal_result *out, struct om_error *err)
{
    struct om_pooled pooled;
    om_status status = om_pooled_make(group, n, &pooled, err);
    if (status != OM_OK)
        return status;
    *out = (struct om_kruskal_result){.n = pooled.total};
    test(&pooled, group, n, out);
    om_pooled_release(&pooled);
    return OM_OK;
}
