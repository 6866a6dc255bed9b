/* Names of statistics that are made of two words, or a word and a number, found again by where the
 * words are. */
#ifndef OM_ANALYSIS_RESULTS_H
#define OM_ANALYSIS_RESULTS_H

#include <omstat/results.h>

/* "family.part" as the set keeps it; NULL without memory. The two texts must stay what they are, and where
 * they are, as long as the set. */
const char *om_results_name(struct om_results *results, const char *family, const char *part);
/* The same with a number, to 10 digits. */
const char *om_results_numbered(struct om_results *results, const char *family, double number);

#endif
