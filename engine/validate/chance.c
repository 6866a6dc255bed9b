#include "validate/chance.h"
#include "base/error.h"
#include "base/memory.h"

#include <string.h>

/* The sums over the items so far, by total: one more item. `sums` has room behind its n entries. */
static void
add_item(double *sums, double *scratch, size_t *n, const double *weight, size_t n_codes)
{
    const size_t points = n_codes - 2, none = n_codes - 1; /* the most an answer adds */
    memset(scratch, 0, (*n + points) * sizeof *scratch);
    for (size_t t = 0; t < *n; t++) {
        for (size_t c = 0; c <= points; c++)
            scratch[t + c] += sums[t] * weight[c];
        scratch[t] += sums[t] * weight[none];
    }
    *n += points;
    memcpy(sums, scratch, *n * sizeof *sums);
}

om_status
om_chance_same(const uint64_t *count, size_t n_items, size_t n_codes, double *q, struct om_error *err)
{
    static const double least = 1e-120; /* its square is still far from the smallest double */
    const size_t n_totals = n_items * (n_codes - 2) + 1;
    double *once = om_calloc(n_totals, sizeof *once), *twice = om_calloc(n_totals, sizeof *twice),
           *scratch = om_calloc(n_totals, sizeof *scratch), *share = om_calloc(2 * n_codes, sizeof *share);
    om_status status = once && twice && scratch && share ? OM_OK : om_fail_memory(err);
    size_t n = 1, n_twice = 1;
    if (status == OM_OK)
        once[0] = twice[0] = 1;
    for (size_t j = 0; j < n_items && status == OM_OK; j++) {
        double all = 0;
        for (size_t c = 0; c < n_codes; c++)
            all += (double)count[j * n_codes + c] + 0.5; /* what nobody answered is not impossible */
        for (size_t c = 0; c < n_codes; c++) {
            share[c] = ((double)count[j * n_codes + c] + 0.5) / all;
            share[n_codes + c] = share[c] * share[c];
        }
        add_item(once, scratch, &n, share, n_codes);
        add_item(twice, scratch, &n_twice, share + n_codes, n_codes);
    }
    for (size_t t = 0; t < n_totals && status == OM_OK; t++)
        q[t] = once[t] < least ? 1 : twice[t] / (once[t] * once[t]);
    om_free(once);
    om_free(twice);
    om_free(scratch);
    om_free(share);
    return status;
}
