/*
 * Numbers as people read them. Rounding for the eye only: CSV and JSON carry full precision.
 *
 * Results are small values, so a call can stand among the arguments of a format: om_show_p(p).text.
 */
#ifndef OM_REPORT_NUMBER_H
#define OM_REPORT_NUMBER_H

#include <omstat/number.h>
#include <stdint.h>

struct om_shown {
    char text[64];
};

/* decimals places, '.' in every locale, never "-0.0". Beyond 1e15 as 1.2e+18. */
struct om_shown om_show_fixed(double value, int decimals);

/* The same without zeros at the end: a single score, which is mostly a whole number. */
struct om_shown om_show_score(double value, int decimals);

/* A probability: ".034", "< .001", "> .999". */
struct om_shown om_show_p(double p);

/* A coefficient that lies in -1 ... 1: ".89", "-.12", "1.00". */
struct om_shown om_show_coefficient(double value);

/* k of n as a whole per cent, halves up: "45 %". Some but under half a per cent: "< 1 %"; nearly all: "> 99
 * %". n > 0. */
struct om_shown om_show_percent(uint64_t k, uint64_t n);

/* Bounds of a mean: "-7.4 to -5.2"; of a share, in per cent: "33-58". */
struct om_shown om_show_bounds(double lower, double upper, int decimals);
struct om_shown om_show_percent_bounds(double lower, double upper);

/* A threshold or limit as written in its definition: "10", "2.5". */
struct om_shown om_show_fraction(struct om_fraction f);

#endif
