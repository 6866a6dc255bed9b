/*
 * Linear programmes: how small and how large a sum can be, given what is known of others. The only place that
 * names GLPK, the GNU Linear Programming Kit. It keeps its state per thread, prints nothing here, and ends
 * the program when memory is exhausted; nothing else of it can fail on valid input.
 */
#ifndef OM_STATS_PROGRAM_H
#define OM_STATS_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <omstat/status.h>

struct om_program;

/* The version of GLPK. */
const char *om_program_library_version(void);

/* n unknowns, none below 0 or above most. Errors: OM_ERR_NOMEM. */
om_status om_program_new(size_t n, double most, struct om_program **out, struct om_error *err) OM_NODISCARD;
void om_program_free(struct om_program *program); /* accepts NULL */

/* lower <= sum of weight[i] * unknown i <= upper. */
void om_program_add(struct om_program *program, const double *weight, double lower, double upper);

/* The largest sum of weight[i] * unknown i, or the least; answer[i] is an unknown that brings it about. False
 * when none was found. */
bool om_program_bound(struct om_program *program, const double *weight, bool largest, double *value,
                      double *answer);

#endif
