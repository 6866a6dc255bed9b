#include "stats/wilcoxon.h"

#include <math.h>
#include "base/error.h"
#include "base/memory.h"
#include "stats/dist.h"
#include "stats/margins.h"
#include "stats/outcome.h"
#include "stats/sign_flips.h"

enum { EXACT_BELOW = 50 }; /* of R: the exact test is the default for fewer changes */

/* Names of the methods: how zeros are treated, then what is named. */
enum { SUM, EXACT, NORMAL, NORMAL_CC, BISERIAL, NAMES };
static const char *const method[][NAMES] = {
    [OM_ZEROS_DROP] = {"signed-rank-w-plus", "signed-rank-exact", "signed-rank-normal",
                       "signed-rank-normal-cc", "matched-pairs"},
    [OM_ZEROS_PRATT] = {"signed-rank-pratt-w-plus", "signed-rank-pratt-exact", "signed-rank-pratt-normal",
                        "signed-rank-pratt-normal-cc", "matched-pairs-pratt"},
    [OM_ZEROS_SPLIT] = {"signed-rank-split-w-plus", "signed-rank-split-exact", "signed-rank-split-normal",
                        "signed-rank-split-normal-cc", "matched-pairs-split"},
};

/* Mid-ranks are halves, so twice a rank is an integer. */
struct ranks {
    uint64_t zero, changed;
    om_wide twice_plus, twice_minus;
    long double squares;   /* sum of (twice the rank)^2 over the ranks that have a sign by chance */
    bool ties;             /* two changes of one size */
    struct om_count *sign; /* those ranks: twice the rank, and how many have it */
    size_t n_signs;
};

static void
take_sign(struct ranks *r, om_wide twice_rank, uint64_t count)
{
    long double rank = (long double)twice_rank;
    r->squares += rank * rank * (long double)count;
    r->sign[r->n_signs++] = (struct om_count){(int64_t)twice_rank, count};
}

/* Zero changes come first in rank. Pratt gives their ranks to nobody; split gives half to each side, and lets
 * each of them have had a sign by chance. */
static void
rank_zeros(struct ranks *r, enum om_wilcoxon_zeros zeros)
{
    if (zeros != OM_ZEROS_SPLIT || !r->zero)
        return;
    om_wide twice_rank = (om_wide)r->zero + 1;
    r->twice_plus = r->twice_minus = twice_rank * (om_wide)r->zero / 2;
    take_sign(r, twice_rank, r->zero);
}

/* Gives the next `plus` increases and `minus` decreases, all of one size, their mid-rank. `below` have a
 * lower one. */
static void
rank_next(struct ranks *r, uint64_t below, uint64_t plus, uint64_t minus)
{
    uint64_t size = plus + minus;
    om_wide twice_rank = 2 * (om_wide)below + (om_wide)size + 1;
    r->twice_plus += twice_rank * (om_wide)plus;
    r->twice_minus += twice_rank * (om_wide)minus;
    r->changed += size;
    r->ties |= size > 1;
    take_sign(r, twice_rank, size);
}

/* Walks outwards from zero change in both directions, in order of size. */
static void
rank_changes(const struct om_counts *change, enum om_wilcoxon_zeros zeros, struct ranks *r)
{
    const struct om_count *at = change->at;
    size_t up = 0;
    while (up < change->n && at[up].value < 0)
        up++;
    size_t down = up; /* decreases left: at[0 .. down) */
    if (up < change->n && at[up].value == 0)
        r->zero = at[up++].count;
    rank_zeros(r, zeros);
    while (down > 0 || up < change->n) {
        int64_t increase = up < change->n ? at[up].value : INT64_MAX;
        int64_t decrease = down > 0 ? -at[down - 1].value : INT64_MAX;
        uint64_t plus = increase <= decrease ? at[up++].count : 0;
        uint64_t minus = decrease <= increase ? at[--down].count : 0;
        rank_next(r, r->changed + (zeros == OM_ZEROS_DROP ? 0 : r->zero), plus, minus);
    }
}

/* Given the ranks, W+ has half their sum as its expectation and a quarter of the sum of their squares as its
 * variance, ties and all. */
static void
normal_tests(const struct ranks *r, struct om_wilcoxon_result *out)
{
    double sd = (double)sqrtl(r->squares / 16);
    double off = (double)(r->twice_plus - r->twice_minus) / 4; /* W+ less the mean of W+ and W- */
    double corrected = off > 0 ? off - 0.5 : off < 0 ? off + 0.5 : 0;
    out->z = om_defined(off / sd);
    out->z_p = om_defined(om_normal_p(off / sd));
    out->z_cc = om_defined(corrected / sd);
    out->z_cc_p = om_defined(om_normal_p(corrected / sd));
}

/* Why there is no exact p, or NULL. */
static const char *
not_exact(const struct ranks *r, const struct om_wilcoxon_rule *rule, om_wide smaller)
{
    if (rule->p == OM_WILCOXON_EXACT)
        return om_sign_flips_feasible(r->sign, r->n_signs, smaller)
                   ? NULL
                   : "too many changes for the exact distribution: the normal approximation serves";
    if (r->changed >= EXACT_BELOW)
        return "50 or more changes: the normal approximation serves";
    if (r->zero)
        return "some did not change: the exact distribution does not apply";
    return r->ties ? "some changes are of one size: the exact distribution does not apply" : NULL;
}

static om_status
exact_test(const struct ranks *r, const struct om_wilcoxon_rule *rule, struct om_stat *out,
           struct om_error *err)
{
    om_wide smaller = r->twice_plus < r->twice_minus ? r->twice_plus : r->twice_minus;
    const char *reason = not_exact(r, rule, smaller);
    double p;
    *out = om_undefined(reason);
    if (reason)
        return OM_OK;
    OM_TRY(om_sign_flips_cdf(r->sign, r->n_signs, smaller, &p, err));
    *out = om_defined(fmin(1, 2 * p));
    return OM_OK;
}

static void
choose_p(const struct om_wilcoxon_rule *rule, struct om_wilcoxon_result *out)
{
    bool plain = rule->p == OM_WILCOXON_NORMAL;
    bool exact = !plain && rule->p != OM_WILCOXON_NORMAL_CC && !out->exact_p.reason;
    out->p = exact ? out->exact_p : plain ? out->z_p : out->z_cc_p;
    out->method = method[rule->zeros][exact ? EXACT : plain ? NORMAL : NORMAL_CC];
}

static om_status
test(const struct ranks *r, const struct om_wilcoxon_rule *rule, struct om_wilcoxon_result *out,
     struct om_error *err)
{
    if (r->changed == 0) {
        out->w_plus = out->w_minus = out->z = out->z_p = out->z_cc = out->z_cc_p = out->exact_p = out->p =
            out->rank_biserial = om_undefined(r->zero ? OM_WHY_NO_CHANGE : OM_WHY_EMPTY);
        return OM_OK;
    }
    out->w_plus = om_defined((double)r->twice_plus / 2);
    out->w_minus = om_defined((double)r->twice_minus / 2);
    out->rank_biserial = om_defined((double)((long double)(r->twice_plus - r->twice_minus) /
                                             (long double)(r->twice_plus + r->twice_minus)));
    normal_tests(r, out);
    OM_TRY(exact_test(r, rule, &out->exact_p, err));
    choose_p(rule, out);
    return OM_OK;
}

om_status
om_wilcoxon_of(const struct om_counts *change, const struct om_wilcoxon_rule *rule,
               struct om_wilcoxon_result *out, struct om_error *err)
{
    struct ranks r = {.sign = om_alloc(change->n + 1, sizeof *r.sign)};
    if (!r.sign)
        return om_fail_memory(err);
    rank_changes(change, rule->zeros, &r);
    *out = (struct om_wilcoxon_result){.n = r.zero + r.changed,
                                       .n_zero = r.zero,
                                       .n_used = r.changed,
                                       .ties = r.ties,
                                       .method = method[rule->zeros][NORMAL_CC],
                                       .sum_method = method[rule->zeros][SUM],
                                       .z_method = method[rule->zeros][NORMAL],
                                       .rank_biserial_method = method[rule->zeros][BISERIAL]};
    om_status status = test(&r, rule, out, err);
    om_free(r.sign);
    return status;
}

om_status
om_wilcoxon_by(const struct om_pairs *pairs, const struct om_wilcoxon_rule *rule,
               struct om_wilcoxon_result *out, struct om_error *err)
{
    struct om_margins margins;
    OM_TRY(om_margins_make(pairs, &margins, err));
    om_status status = om_wilcoxon_of(&margins.change, rule, out, err);
    om_margins_release(&margins);
    return status;
}

om_status
om_wilcoxon(const struct om_pairs *pairs, struct om_wilcoxon_result *out, struct om_error *err)
{
    return om_wilcoxon_by(pairs, &(struct om_wilcoxon_rule){OM_ZEROS_DROP, OM_WILCOXON_AUTO}, out, err);
}
