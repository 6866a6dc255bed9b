/*
 * Which keys of a study fix what a count means, and so must be the same for all that is added up; and which
 * are free when a tally is reported on.
 *
 *   fixed   how cells become answers, answers scores, and records persons: id, map, scale, occasion-column,
 *           duplicates, missing, declined, not-applicable, recode, missing-rule
 *   by what they come to   occasions, instrument, by, describe: what is in the tally says it
 *   free    where files are and what form they have; everything under Analysis, Findings and Running
 */
#ifndef OM_ANALYSIS_TALLY_READING_H
#define OM_ANALYSIS_TALLY_READING_H

#include "analysis/study.h"
#include "tally/tally.h"

/* The settings of a study that fix what a count means, "key: value", in a canonical order. What is set to its
 * default is left out. Errors: OM_ERR_NOMEM. */
om_status om_tally_settings(const struct om_study *study, struct om_tally_texts *out,
                            struct om_error *err) OM_NODISCARD;

/* The same for the occasions asked for, where the names they have are others: words in column names that
 * stand for them. */
om_status om_tally_add_occasions(const struct om_study *study, const char *first, const char *last,
                                 struct om_tally_texts *out, struct om_error *err) OM_NODISCARD;
/* Does the study ask for the occasions in those words? */
bool om_tally_names_occasions(const struct om_tally_texts *settings, const struct om_study *study);

/* May a study report on counts that were made under these settings? What it does not set is as it was then.
 * Errors: OM_ERR_DEFINITION, OM_ERR_NOMEM. */
om_status om_tally_check_settings(const struct om_tally_texts *settings, const struct om_study *study,
                                  const char *name, struct om_error *err) OM_NODISCARD;

/* The value of the n-th setting of this key, or NULL. */
const char *om_tally_setting(const struct om_tally_texts *settings, const char *key, size_t n);

#endif
