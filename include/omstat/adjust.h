/* Many tests at once: p values adjusted for their number. docs/methods/adjustment.md */
#ifndef OMSTAT_ADJUST_H
#define OMSTAT_ADJUST_H

#include <omstat/stat.h>

enum om_adjustment {
    OM_ADJUST_HOLM = 0, /* Holm (1979), Scand J Stat 6, 65: the chance of one false finding or more */
    OM_ADJUST_BH =
        1 /* Benjamini & Hochberg (1995), JRSS B 57, 289: the share of false ones among the findings */
};

/* Writes to out[i] what p[i] becomes among the n; the order of p does not matter. out may be p. 0 <= p <= 1.
 * Errors: OM_ERR_NOMEM. */
OM_API OM_NODISCARD om_status om_adjust(const double *p, size_t n, enum om_adjustment adjustment, double *out,
                                        struct om_error *err);

#endif
