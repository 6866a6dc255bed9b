/* What the files that judge claims share. Private to claims/. */
#ifndef OM_CLAIMS_CHECK_H
#define OM_CLAIMS_CHECK_H

#include "base/buffer.h"

#include <omstat/claims.h>

/* 10^exponent, from 0 to 18. */
static inline int64_t
om_power_of_ten(int exponent)
{
    int64_t power = 1;
    while (exponent-- > 0)
        power *= 10;
    return power;
}

/* The number of a row as a fraction: a rate as k of n, a mean of whole scores as their sum of n, anything
 * else as the decimal that stands for the double. False when it is beyond fractions. */
bool om_claims_exact(const struct om_result *row, struct om_fraction *out);

/* What the scores of a scale are multiples of, and their range at this occasion. False when they are not
 * evenly spaced, or the instrument is not known. */
bool om_claims_spacing(const struct om_registry *registry, const struct om_claim *claim,
                       struct om_score_range *out);

/* Judges by arithmetic alone. */
om_status om_claims_arithmetic(const struct om_registry *registry, const struct om_claim *claim,
                               struct om_claim_result *result, struct om_error *err) OM_NODISCARD;

/* Fills in the alternatives of a claim that does not match. */
om_status om_claims_search(const struct om_claim *claim, const struct om_claims_variant *variant,
                           size_t n_variants, struct om_claim_result *result,
                           struct om_error *err) OM_NODISCARD;

/* Is it a share of people? */
bool om_claims_is_rate(const struct om_claim *claim);

/* Sets verdict and reason; takes the text of the buffer and releases it. */
om_status om_claims_judge(struct om_claim_result *result, enum om_verdict verdict, struct om_buffer *reason,
                          struct om_error *err) OM_NODISCARD;

#endif
