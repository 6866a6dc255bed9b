/* Filling a struct om_error. Every function accepts err == NULL. */
#ifndef OM_BASE_ERROR_H
#define OM_BASE_ERROR_H

#include <omstat/status.h>

/* Sets status and message, clears place and hint, and returns status: `return om_fail(err, ...)`. */
om_status om_fail(struct om_error *err, om_status status, const char *format, ...) OM_PRINTF(3, 4);

/* Adds the remedy. Returns err->status (OM_ERR_INTERNAL when err is NULL is never needed: ignore it). */
void om_hint(struct om_error *err, const char *format, ...) OM_PRINTF(2, 3);

/* Adds the place. file may be NULL; 0 for a line or column that is not known. */
void om_place(struct om_error *err, const char *file, uint64_t line, uint64_t column);

/* The usual words for memory that could not be had. */
om_status om_fail_memory(struct om_error *err);

/* Runs an om_status call and returns its status from the enclosing function when it failed. Only for
 * functions that own nothing at that point. */
#define OM_TRY(call)                                                                                         \
    do {                                                                                                     \
        om_status om_try_status = (call);                                                                    \
        if (om_try_status != OM_OK)                                                                          \
            return om_try_status;                                                                            \
    } while (0)

#endif
