#include <omstat/paired.h>

#include <math.h>
#include "stats/dist.h"
#include "stats/margins.h"
#include "stats/moments.h"
#include "stats/outcome.h"

enum { EXACT_MAX = 49, EXACT_SUMS = EXACT_MAX * (EXACT_MAX + 1) / 2 + 1 };

struct ranks {
    uint64_t zero, used;
    om_wide twice_plus, twice_minus; /* mid-ranks are halves, so these are integers */
    long double tie_cubes;           /* sum over ties of t^3 - t */
    bool ties;
};

/* Gives the next `plus` increases and `minus` decreases, all of one size, their mid-rank. */
static void
rank_next(struct ranks *r, uint64_t plus, uint64_t minus)
{
    uint64_t size = plus + minus;
    om_wide twice_rank = 2 * (om_wide)r->used + (om_wide)size + 1;
    r->twice_plus += twice_rank * (om_wide)plus;
    r->twice_minus += twice_rank * (om_wide)minus;
    r->used += size;
    r->ties |= size > 1;
    long double t = size;
    r->tie_cubes += t * t * t - t;
}

/* Walks outwards from zero change in both directions, in order of size. */
static struct ranks
rank_changes(const struct om_counts *change)
{
    struct ranks r = {0};
    const struct om_count *at = change->at;
    size_t up = 0;
    while (up < change->n && at[up].value < 0)
        up++;
    size_t down = up; /* decreases left: at[0 .. down) */
    if (up < change->n && at[up].value == 0)
        r.zero = at[up++].count;
    while (down > 0 || up < change->n) {
        int64_t increase = up < change->n ? at[up].value : INT64_MAX;
        int64_t decrease = down > 0 ? -at[down - 1].value : INT64_MAX;
        uint64_t plus = increase <= decrease ? at[up++].count : 0;
        uint64_t minus = decrease <= increase ? at[--down].count : 0;
        rank_next(&r, plus, minus);
    }
    return r;
}

/* P(W <= w) for n ranks without ties, all 2^n signs equally likely: counts of the subsets of 1..n with each
 * sum. */
static double
exact_cdf(unsigned w, unsigned n)
{
    uint64_t ways[EXACT_SUMS] = {1}, total = 0;
    unsigned top = 0;
    for (unsigned rank = 1; rank <= n; rank++) {
        top += rank;
        for (unsigned sum = top; sum >= rank; sum--)
            ways[sum] += ways[sum - rank];
    }
    for (unsigned sum = 0; sum <= w; sum++)
        total += ways[sum];
    return ldexp((double)total, -(int)n);
}

static void
normal_tests(const struct ranks *r, struct om_wilcoxon_result *out)
{
    long double n = r->used;
    double sd = (double)sqrtl(n * (n + 1) * (2 * n + 1) / 24 - r->tie_cubes / 48);
    double off =
        (double)(r->twice_plus - r->twice_minus) / 4; /* W+ less its expectation, the mean of W+ and W- */
    double corrected = off > 0 ? off - 0.5 : off < 0 ? off + 0.5 : 0;
    out->z = om_defined(off / sd);
    out->z_p = om_defined(om_normal_p(off / sd));
    out->z_cc = om_defined(corrected / sd);
    out->z_cc_p = om_defined(om_normal_p(corrected / sd));
}

static struct om_stat
exact_test(const struct ranks *r)
{
    if (r->used > EXACT_MAX)
        return om_undefined("50 or more changes: the normal approximation serves");
    if (r->zero)
        return om_undefined("some did not change: the exact distribution does not apply");
    if (r->ties)
        return om_undefined("some changes are of one size: the exact distribution does not apply");
    om_wide smaller = (r->twice_plus < r->twice_minus ? r->twice_plus : r->twice_minus) / 2;
    return om_defined(fmin(1, 2 * exact_cdf((unsigned)smaller, (unsigned)r->used)));
}

static void
undefined_test(const char *reason, struct om_wilcoxon_result *out)
{
    out->w_plus = out->w_minus = out->z = out->z_p = out->z_cc = out->z_cc_p = out->exact_p = out->p =
        out->rank_biserial = om_undefined(reason);
}

om_status
om_wilcoxon(const struct om_pairs *pairs, struct om_wilcoxon_result *out, struct om_error *err)
{
    struct om_margins margins;
    om_status status = om_margins_make(pairs, &margins, err);
    if (status != OM_OK)
        return status;
    struct ranks r = rank_changes(&margins.change);
    om_margins_release(&margins);

    *out = (struct om_wilcoxon_result){.n = r.zero + r.used,
                                       .n_zero = r.zero,
                                       .n_used = r.used,
                                       .ties = r.ties,
                                       .method = "signed-rank-normal-cc"};
    if (r.used == 0) {
        undefined_test(r.zero ? OM_WHY_NO_CHANGE : OM_WHY_EMPTY, out);
        return OM_OK;
    }
    out->w_plus = om_defined((double)r.twice_plus / 2);
    out->w_minus = om_defined((double)r.twice_minus / 2);
    out->rank_biserial = om_defined(
        (double)((long double)(r.twice_plus - r.twice_minus) / (long double)(r.twice_plus + r.twice_minus)));
    normal_tests(&r, out);
    out->exact_p = exact_test(&r);
    out->p = out->z_cc_p;
    if (!out->exact_p.reason) {
        out->p = out->exact_p;
        out->method = "signed-rank-exact";
    }
    return OM_OK;
}
