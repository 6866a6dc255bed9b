/*
 * Regression to the mean: how much of a change a selection by the first score brings about by itself.
 *
 * Who is selected for a high score was, on average, selected for a high error of measurement too, and scores
 * lower the next time. With the same mean and spread at both occasions and a correlation r between them the
 * expected change of the selected is
 *
 *   linear          (1 - r) (mean of everyone - mean of the selected)           Galton (1886)
 *   normal theory   -+ (1 - r) sd C(z), C(z) = phi(z) / (1 - Phi(z))             Davis (1976), Am J Epidemiol
 * 104, 493; Barnett, van der Pols & Dobson (2005), Int J Epidemiol 34, 215, equation 1
 *
 * where mean and sd are those of everyone at the first occasion and z is how many sd the cut-off lies beyond
 * the mean. docs/methods/regression-to-mean.md
 */
#ifndef OMSTAT_REGRESSION_TO_MEAN_H
#define OMSTAT_REGRESSION_TO_MEAN_H

#include <stdbool.h>
#include <omstat/stat.h>

/* Who was selected, and what is known of the measure. */
struct om_rtm_selection {
    double cutoff;              /* selected at or beyond this score, as a real value */
    bool low;                   /* ... at or below it: where higher is better */
    struct om_stat correlation; /* of two occasions without treatment */
};

/* An expected change and what is left of the observed one. */
struct om_rtm_estimate {
    struct om_stat expected;
    struct om_stat beyond; /* observed - expected */
    struct om_stat share;  /* expected / observed, where both go the same way */
};

struct om_rtm_result {
    uint64_t n, n_selected;
    struct om_stat observed; /* mean change of the selected, post minus pre */
    struct om_rtm_estimate linear, normal;
};

/* selected holds the pairs of everyone that were selected. Errors: OM_ERR_NOMEM. */
OM_API OM_NODISCARD om_status om_regression_to_mean(const struct om_pairs *everyone,
                                                    const struct om_pairs *selected,
                                                    const struct om_rtm_selection *selection,
                                                    struct om_rtm_result *out, struct om_error *err);

#endif
