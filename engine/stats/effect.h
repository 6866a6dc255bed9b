/* Standardised mean changes, from what om_paired has found so far. */
#ifndef OM_STATS_EFFECT_H
#define OM_STATS_EFFECT_H

#include "stats/margins.h"
#include "stats/noncentral_t.h"

#include <omstat/paired.h>

/* Fills d_z, d_av, d_rm, g_z, g_av. Reads n, the means, sds, t and correlation; twice_rest = 2 (1 - r). */
void om_effect_sizes(double level, double twice_rest, const struct om_memo *memo,
                     struct om_paired_result *out);

/* No estimate and no interval, for one reason. */
struct om_effect om_no_effect(const char *reason, double level);

/* An effect size that is `factor` times d_z, and so are its bounds: the factor is taken as known. */
struct om_effect om_effect_scaled(const struct om_effect *d, double factor);

/* Times Hedges' correction, which needs 3 pairs. */
struct om_effect om_effect_corrected(const struct om_effect *d, uint64_t n);

/* A standardised mean difference, d = t / root. The bounds are those delta / root under which the observed t
 * is just at the edge: Steiger & Fouladi (1997), Cumming & Finch (2001). memo may be NULL. */
struct om_effect om_effect_from_t(double d, double root, double t, double df, double level,
                                  const struct om_memo *memo);

/* om_paired for many groups, of pairs and their margins; memo may be NULL. */
void om_paired_memo(const struct om_pairs *pairs, const struct om_margins *margins, double level,
                    const struct om_memo *memo, struct om_paired_result *out);

#endif
