/*
 * One study by several processes (<omstat/exchange.h>).
 *
 *   rank 0   shard 1 -> counts -.
 *   rank 1   shard 2 -> counts --> rank 0: the sum, and what all of them found -> rows
 *   rank 2   shard 3 -> counts -'
 *
 * Persons of a long panel have met before that (panel/gather.c). What travels here are tallies, and beside
 * them the scores of persons at every occasion where a report follows them (analysis/followed.h).
 */
#ifndef OM_ANALYSIS_SHARE_H
#define OM_ANALYSIS_SHARE_H

#include "analysis/counted.h"

/* Is the study run by several processes, and are its inputs panels? */
bool om_is_shared(const struct om_study *study);

/* Counts the shard of this process, for OM_RUN_TALLY or OM_RUN_SHARED, and adds up: *sum is the tally of all
 * at rank 0, and NULL elsewhere. own is what this process has counted; its inputs, findings and followed
 * persons become those of all at rank 0. Errors as om_count_panel, the same in all processes. */
om_status om_count_shared(const struct om_study *study, enum om_run_use use, const struct om_hooks *hooks,
                          struct om_counted *own, struct om_tally **sum, struct om_error *err) OM_NODISCARD;

/* The same as what om_count_panel gives; *elsewhere says that it is at rank 0. */
om_status om_count_with_others(const struct om_study *study, const struct om_hooks *hooks,
                               struct om_counted *out, bool *elsewhere, struct om_error *err) OM_NODISCARD;

/* --- what a process tells: numbers, and bytes behind their length. What is taken moves *at on. --- */

void om_share_put_number(struct om_buffer *out, uint64_t number);
void om_share_put_bytes(struct om_buffer *out, const void *bytes, size_t length);
uint64_t om_share_take_number(const char **at);
const char *om_share_take_bytes(const char **at, size_t *length);

#endif
