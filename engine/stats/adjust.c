#include <omstat/adjust.h>

#include <math.h>
#include <stdlib.h>
#include "base/error.h"
#include "base/memory.h"

struct ranked {
    double p;
    size_t at;
};

static int
by_p(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    return (x->p > y->p) - (x->p < y->p);
}

/* The i-th smallest of n becomes (n - i + 1) p, and nothing is below one before it. */
static void
holm(const struct ranked *rank, size_t n, double *out)
{
    double most = 0;
    for (size_t i = 0; i < n; i++) {
        most = fmax(most, fmin(1, (double)(n - i) * rank[i].p));
        out[rank[i].at] = most;
    }
}

/* The i-th smallest becomes n / i p, and nothing is above one behind it. */
static void
benjamini_hochberg(const struct ranked *rank, size_t n, double *out)
{
    double least = 1;
    for (size_t i = n; i > 0; i--) {
        least = fmin(least, (double)n / (double)i * rank[i - 1].p);
        out[rank[i - 1].at] = least;
    }
}

om_status
om_adjust(const double *p, size_t n, enum om_adjustment adjustment, double *out, struct om_error *err)
{
    struct ranked *rank = om_alloc(n ? n : 1, sizeof *rank);
    if (!rank)
        return om_fail_memory(err);
    for (size_t i = 0; i < n; i++)
        rank[i] = (struct ranked){p[i], i};
    qsort(rank, n, sizeof *rank, by_p);
    if (adjustment == OM_ADJUST_HOLM)
        holm(rank, n, out);
    else
        benjamini_hochberg(rank, n, out);
    om_free(rank);
    return OM_OK;
}
