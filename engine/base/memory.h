/*
 * The only way to the heap. Sizes are products checked for overflow; every function returns NULL on
 * failure and om_free accepts NULL. Test builds can make the k-th allocation fail (tests/support).
 */
#ifndef OM_BASE_MEMORY_H
#define OM_BASE_MEMORY_H

#include <stddef.h>
#include <omstat/status.h>

void *om_alloc(size_t count, size_t size) OM_NODISCARD;  /* contents undefined */
void *om_calloc(size_t count, size_t size) OM_NODISCARD; /* zeroed */
void *om_realloc(void *old, size_t count, size_t size) OM_NODISCARD;
void om_free(void *memory);

/* Contents undefined; begins where a cache line does, so that vectors do not cross lines. */
void *om_alloc_lines(size_t count, size_t size) OM_NODISCARD;

char *om_strdup(const char *text) OM_NODISCARD;
char *om_strndup(const char *text, size_t length) OM_NODISCARD; /* always terminated */

/* Makes room for one more element behind *array, doubling *capacity as needed. Returns 0 on failure and
 * leaves the array as it was. Use: if (!om_grow(&v, &cap, n, sizeof *v)) return om_fail_memory(err); */
int om_grow(void *array_pointer, size_t *capacity, size_t count, size_t size) OM_NODISCARD;

/* Memory that is about to be written for the first time: has the system find its pages together, which takes
 * a fraction of finding each when it is written to. What is there already stays. */
void om_memory_ready(void *from, size_t bytes);

/* Makes the k-th allocation from now (0 = the next) fail, for tests; (size_t)-1 switches it off. */
void om_memory_fail_at(size_t k);

/* Blocks handed out and not freed yet, for tests. */
size_t om_memory_live(void);

#endif
