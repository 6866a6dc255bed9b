/*
 * Claims: numbers that somebody published, held against a panel, or, without one, against arithmetic.
 *
 * Published numbers are exact decimals with a number of places, and are compared as fractions: "79 %" is 53
 * of 67 when, and only when, 100 * 53 / 67 rounds to 79. docs/methods and docs/formats/claims.md define all
 * that is looked at.
 */
#ifndef OMSTAT_CLAIMS_H
#define OMSTAT_CLAIMS_H

#include <omstat/analysis.h>

/* --- published numbers --------------------------------------------------------------------------------- */

/* How an author may have rounded. Halves are about magnitudes: -7.65 is -7.7 rounded half-up. */
enum om_published_rounding {
    OM_PUBLISHED_HALF_UP,
    OM_PUBLISHED_HALF_EVEN,
    OM_PUBLISHED_EITHER, /* any of the two */
    OM_PUBLISHED_TRUNCATE,
};

enum { OM_PUBLISHED_DIGITS = 15, OM_PUBLISHED_DECIMALS = 9 };

/* units / 10^decimals, in per cent or as it is. */
struct om_published {
    int64_t units;
    int decimals;
    bool percent;
    char relation; /* '=', '<' or '>' */
};

/* "79 %", "-7.6", ".034", "< .001"; at most 15 digits, of which 9 decimals. False when it is none. */
OM_API bool om_published_parse(const char *text, struct om_published *out);

/* Could x have been published like this? tolerance: in the units of the number as published (points of per
 * cent), 0 = none. Exact for |num| and den below 2^62 / 10^11; false beyond. */
OM_API bool om_published_fits(const struct om_published *published, struct om_fraction x,
                              enum om_published_rounding rounding, struct om_fraction tolerance);

/* --- what is possible without data ---------------------------------------------------------------------- */

/* Is there a whole k from 0 to n with k/n published like this? *k (may be NULL) is the smallest near it. */
OM_API bool om_rate_possible(const struct om_published *rate, uint64_t n, enum om_published_rounding rounding,
                             struct om_fraction tolerance, uint64_t *k);

/* Is there a sum of n scores that are multiples of unit whose mean is published like this (GRIM: Brown and
 * Heathers 2017)? */
OM_API bool om_mean_possible(const struct om_published *mean, uint64_t n, struct om_fraction unit,
                             enum om_published_rounding rounding);

/* Scores from low to high; has_range false: from anywhere to anywhere. */
struct om_score_range {
    struct om_fraction unit;
    bool has_range;
    int64_t low, high; /* in units */
};

/* Is there, for a sum that fits the mean, a sum of squares of the same parity, between the smallest and the
 * largest there can be, whose SD (divisor n - 1) is published like this (GRIMMER: Anaya 2016, Allard 2018)?
 * False is a proof; true is none. n from 2 to 10^6. */
OM_API bool om_sd_possible(const struct om_published *mean, const struct om_published *sd, uint64_t n,
                           const struct om_score_range *range, enum om_published_rounding rounding);

enum om_test_kind { OM_TEST_NONE, OM_TEST_T, OM_TEST_Z, OM_TEST_CHI2, OM_TEST_F, OM_TEST_R };

/* A published test: its statistic, degrees of freedom, p, and perhaps d_z = t / sqrt(df + 1). */
struct om_published_test {
    enum om_test_kind kind;
    struct om_published statistic, p, d_z;
    bool has_p, has_d_z;
    double df, df2; /* df2: of F */
    bool one_sided;
};

struct om_test_check {
    double p_low, p_high; /* what the statistic, rounded as it is, gives for p */
    double d_low, d_high; /* and for d_z */
    bool p_fits, d_z_fits;
    bool one_sided_fits; /* p is not that of both sides, but that of one */
};

/* Errors: OM_ERR_INVALID for degrees of freedom that are not above 0 or |r| > 1. */
OM_API OM_NODISCARD om_status om_published_test_check(const struct om_published_test *test,
                                                      enum om_published_rounding rounding,
                                                      struct om_test_check *out, struct om_error *err);

/* --- a file of claims ----------------------------------------------------------------------------------- */

/* One statement. Text is never NULL ("" = not given) and owned by the file of claims. */
struct om_claim {
    const char *id, *text, *source;
    const char *instrument, *scale, *group, *population, *occasion, *rule, *statistic;
    bool has_value, has_n, has_k, has_mean;
    struct om_published value, mean; /* mean: beside an SD */
    const char *value_text;
    enum om_published_rounding rounding;
    struct om_fraction tolerance;
    uint64_t n_from, n_to; /* equal where n is known */
    uint64_t k;
    struct om_published_test test;
    uint64_t line; /* in the file */
};

struct om_claims {
    const char *source; /* what was published, for people */
    struct om_claim *claim;
    size_t n_claims;
    void *owned; /* private */
};

/* Reads a file of claims (docs/formats/claims.md). Errors: OM_ERR_DEFINITION with line, column and remedy;
 * OM_ERR_NO_INPUT ... */
OM_API OM_NODISCARD om_status om_claims_load(const char *path, struct om_claims **out, struct om_error *err);
OM_API void om_claims_free(struct om_claims *claims); /* accepts NULL */

/* --- what came out -------------------------------------------------------------------------------------- */

enum om_verdict { OM_CLAIM_MATCH, OM_CLAIM_MISMATCH, OM_CLAIM_UNDECIDABLE };

/* Another question whose answer is the published number. */
struct om_alternative {
    char *change; /* "population all instead of positive" */
    double value;
    bool has_ratio;
    uint64_t numerator, denominator;
    int cost; /* the less, the more plausible */
};

struct om_claim_result {
    enum om_verdict verdict;
    char *reason; /* a sentence */
    bool has_value, has_ratio;
    bool wrong_number; /* a mismatch of the number itself, to be explained */
    double value;      /* recomputed */
    uint64_t numerator, denominator;
    struct om_alternative *alternative; /* of a mismatch, the most plausible first */
    size_t n_alternatives;
    char *possible_n, *impossible_n; /* "11, 22, 23-30"; NULL where n is known or not asked for */
};

/* Results in the order of the claims. */
struct om_claims_results {
    struct om_claim_result *result;
    size_t n;
    size_t count[3]; /* by verdict */
    bool with_data;
};

/* An analysis to look for alternatives in, and how it differs from the first. */
struct om_claims_variant {
    const char *change;     /* "missing rule prorate"; "" for the first */
    const char *instrument; /* the only one it differs for; NULL = any */
    const struct om_analysis *analysis;
};

enum { OM_ALTERNATIVES_MAX = 5, OM_ALTERNATIVES_CLAIMS = 200 };

/* Judges claims by variant[0], and looks for other ways to the numbers that do not match (for the first
 * OM_ALTERNATIVES_CLAIMS of them) in all variants. Without a variant claims are judged by arithmetic alone.
 * registry knows the instruments. Errors: OM_ERR_NOMEM. */
OM_API OM_NODISCARD om_status om_claims_check(const struct om_claims *claims,
                                              const struct om_registry *registry,
                                              const struct om_claims_variant *variant, size_t n_variants,
                                              struct om_claims_results **out, struct om_error *err);
OM_API void om_claims_results_free(struct om_claims_results *results); /* accepts NULL */

/* Reads the panel of a study and judges claims by it; where one does not match, once more by the other
 * missing rule and by the other cut-offs of its instrument. A study without inputs: by arithmetic alone. The
 * study's rules and families of statistics are widened to what the claims and the search need. Errors: as
 * om_analyse. */
OM_API OM_NODISCARD om_status om_claims_run(const struct om_claims *claims, struct om_study *study,
                                            const struct om_hooks *hooks, struct om_claims_results **out,
                                            struct om_error *err);

/* --- for people and programs ---------------------------------------------------------------------------- */

enum om_claims_format {
    OM_CLAIMS_TEXT,
    OM_CLAIMS_MARKDOWN,
    OM_CLAIMS_JSON, /* schema omstat/claims/1 */
    OM_CLAIMS_JUNIT,
};

/* Renders into memory; the caller frees with om_text_free. */
OM_API OM_NODISCARD om_status om_claims_render(const struct om_claims *claims,
                                               const struct om_claims_results *results,
                                               enum om_claims_format format, char **text, size_t *length,
                                               struct om_error *err);
/* Renders to a file that appears whole or not at all, or to standard output for "-". */
OM_API OM_NODISCARD om_status om_claims_write(const struct om_claims *claims,
                                              const struct om_claims_results *results,
                                              enum om_claims_format format, const char *path,
                                              struct om_error *err);

#endif
