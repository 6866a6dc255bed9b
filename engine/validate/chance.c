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

/* What is worked with; once and twice are by total. */
struct work {
    double *once, *twice, *scratch, *share;
};

static void
add_all(struct work *work, const uint64_t *count, size_t n_items, size_t n_codes)
{
    size_t n = 1, n_twice = 1;
    work->once[0] = work->twice[0] = 1;
    for (size_t j = 0; j < n_items; j++) {
        double all = 0, *share = work->share, *squared = work->share + n_codes;
        for (size_t c = 0; c < n_codes; c++)
            all += (double)count[j * n_codes + c] + 0.5; /* what nobody answered is not impossible */
        for (size_t c = 0; c < n_codes; c++) {
            share[c] = ((double)count[j * n_codes + c] + 0.5) / all;
            squared[c] = share[c] * share[c];
        }
        add_item(work->once, work->scratch, &n, share, n_codes);
        add_item(work->twice, work->scratch, &n_twice, squared, n_codes);
    }
}

om_status
om_chance_same(const uint64_t *count, size_t n_items, size_t n_codes, double *q, struct om_error *err)
{
    static const double least = 1e-120; /* its square is still far from the smallest double */
    const size_t n_totals = n_items * (n_codes - 2) + 1;
    double *memory = om_calloc(3 * n_totals + 2 * n_codes, sizeof *memory);
    if (!memory)
        return om_fail_memory(err);
    struct work work = {memory, memory + n_totals, memory + 2 * n_totals, memory + 3 * n_totals};
    add_all(&work, count, n_items, n_codes);
    for (size_t t = 0; t < n_totals; t++)
        q[t] = work.once[t] < least ? 1 : work.twice[t] / (work.once[t] * work.once[t]);
    om_free(memory);
    return OM_OK;
}
