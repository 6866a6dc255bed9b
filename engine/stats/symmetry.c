/*
 * The covariance matrix of Stuart and Maxwell has -(n_ij + n_ji) beside the diagonal and rows that add up to
 * 0: it is the Laplacian of a graph whose edges are weighted with the people who moved. Its rank is therefore
 * the number of classes less the number of connected sets of classes, and a generalised inverse is the
 * inverse of what is left without one class of each set. Nothing is decided by comparing a pivot with 0.
 */
#include <omstat/symmetry.h>

#include "base/error.h"
#include "base/memory.h"
#include "stats/dist.h"
#include "stats/outcome.h"

/* A class and its share in the moves. */
struct node {
    size_t set;             /* the lowest class it is connected with, itself included */
    long double difference; /* before less after */
};

struct laplacian {
    size_t k;
    struct node *node;
    long double *at; /* k x k */
};

static om_status
laplacian_make(const uint64_t *table, size_t k, struct laplacian *l, struct om_error *err)
{
    *l = (struct laplacian){k, om_calloc(k, sizeof *l->node), om_calloc(k * k, sizeof *l->at)};
    if (!l->node || !l->at) {
        om_free(l->node);
        om_free(l->at);
        return om_fail_memory(err);
    }
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j < k; j++) {
            if (i == j)
                continue;
            long double out = (long double)table[i * k + j], in = (long double)table[j * k + i];
            l->node[i].difference += out - in;
            l->at[i * k + i] += out + in;
            l->at[i * k + j] = -(out + in);
        }
    return OM_OK;
}

/* Spreads the lowest number over what is connected until nothing changes. */
static void
find_sets(struct laplacian *l)
{
    size_t k = l->k;
    for (size_t i = 0; i < k; i++)
        l->node[i].set = i;
    for (int again = 1; again;) {
        again = 0;
        for (size_t i = 0; i < k; i++)
            for (size_t j = 0; j < k; j++)
                if (l->at[i * k + j] < 0 && l->node[j].set < l->node[i].set) {
                    l->node[i].set = l->node[j].set;
                    again = 1;
                }
    }
}

/* d' S^- d by elimination, without the lowest class of each set. The pivots of a Laplacian stay positive. */
static double
quadratic_form(struct laplacian *l, size_t *rank)
{
    size_t k = l->k;
    long double sum = 0;
    *rank = 0;
    for (size_t i = 0; i < k; i++) {
        if (l->node[i].set == i)
            continue;
        long double pivot = l->at[i * k + i], d = l->node[i].difference;
        sum += d * d / pivot;
        ++*rank;
        for (size_t j = i + 1; j < k; j++) {
            long double factor = l->at[j * k + i] / pivot;
            l->node[j].difference -= factor * d;
            for (size_t c = i + 1; c < k; c++)
                l->at[j * k + c] -= factor * l->at[i * k + c];
        }
    }
    return (double)sum;
}

static double
bowker(const uint64_t *table, size_t k, size_t *pairs)
{
    long double sum = 0;
    *pairs = 0;
    for (size_t i = 0; i < k; i++)
        for (size_t j = i + 1; j < k; j++) {
            long double there = (long double)table[i * k + j], back = (long double)table[j * k + i];
            if (there + back > 0) {
                sum += (there - back) * (there - back) / (there + back);
                ++*pairs;
            }
        }
    return (double)sum;
}

om_status
om_symmetry(const uint64_t *table, size_t k, struct om_symmetry_result *out, struct om_error *err)
{
    struct laplacian l;
    size_t rank, pairs;
    OM_TRY(laplacian_make(table, k, &l, err));
    find_sets(&l);
    double stuart = quadratic_form(&l, &rank), symmetric = bowker(table, k, &pairs);
    om_free(l.node);
    om_free(l.at);

    *out = (struct om_symmetry_result){0};
    for (size_t i = 0; i < k * k; i++) {
        out->n += table[i];
        out->moved += i / k != i % k ? table[i] : 0;
    }
    if (out->moved == 0) {
        struct om_stat none = om_undefined(out->n ? "nobody moved to another class" : OM_WHY_EMPTY);
        out->stuart_maxwell = out->stuart_maxwell_df = out->stuart_maxwell_p = none;
        out->bowker = out->bowker_df = out->bowker_p = none;
        return OM_OK;
    }
    out->stuart_maxwell = om_defined(stuart);
    out->stuart_maxwell_df = om_defined((double)rank);
    out->stuart_maxwell_p = om_defined(om_chi2_p(stuart, (double)rank));
    out->bowker = om_defined(symmetric);
    out->bowker_df = om_defined((double)pairs);
    out->bowker_p = om_defined(om_chi2_p(symmetric, (double)pairs));
    return OM_OK;
}
