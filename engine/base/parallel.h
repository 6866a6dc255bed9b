/* Several threads on one task. */
#ifndef OM_BASE_PARALLEL_H
#define OM_BASE_PARALLEL_H

#include <stddef.h>

/* How many processors this process may use; at least 1. */
size_t om_processors(void);

/* Runs task(context, 0) to task(context, n - 1) at the same time, the first on the calling thread, and waits
 * for all. The others take no signals. Returns how many there were: fewer than n when the system has no more
 * threads to give, at least 1. A task may therefore not wait for one of a higher number to begin. */
size_t om_parallel(size_t n, void (*task)(void *context, size_t number), void *context);

#endif
