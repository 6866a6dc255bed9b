/*
 * Two one-sided tests: is the mean change within bounds that are too small to matter? Schuirmann (1987),
 * J. Pharmacokinetics and Biopharmaceutics 15, 657. docs/methods/equivalence.md
 */
#ifndef OMSTAT_EQUIVALENCE_H
#define OMSTAT_EQUIVALENCE_H

#include <omstat/paired.h>

struct om_equivalence_result {
    struct om_stat lower_t, lower_p; /* against a mean change of -bound or less */
    struct om_stat upper_t, upper_p; /* against one of bound or more */
    struct om_stat p;                /* the larger of the two */
    struct om_interval interval;     /* "t", level 1 - 2 alpha: within the bounds exactly when p < alpha */
};

/* bound > 0, in points. level = 1 - alpha is that of the study: 0.95 gives the 90 % interval. */
OM_API void om_equivalence(const struct om_paired_result *paired, double bound, double level,
                           struct om_equivalence_result *out);

#endif
