/*
 * Tests of a square table of classes before by classes after, such as severity bands; McNemar's test for more
 * than two. docs/methods/bands-symmetry.md
 */
#ifndef OMSTAT_SYMMETRY_H
#define OMSTAT_SYMMETRY_H

#include <omstat/stat.h>

struct om_symmetry_result {
    uint64_t n;     /* persons */
    uint64_t moved; /* whose class differs */
    /* Marginal homogeneity: are the classes as frequent after as before? Stuart (1955), Maxwell (1970). df is
     * the rank of the covariance matrix: classes that nobody entered or left take no part, and where people
     * move within separate sets of classes, each set has one df less than it has classes. */
    struct om_stat stuart_maxwell, stuart_maxwell_df, stuart_maxwell_p;
    /* Symmetry: does each move have its counterpart? Bowker (1948). df is the number of pairs of classes
     * between which anybody moved. */
    struct om_stat bowker, bowker_df, bowker_p;
};

/* table[i * k + j]: persons in class i before and j after; k >= 1, the counts add up to 2^60 at most. Errors:
 * OM_ERR_NOMEM. */
OM_API OM_NODISCARD om_status om_symmetry(const uint64_t *table, size_t k, struct om_symmetry_result *out,
                                          struct om_error *err);

#endif
