/*
 * Small records put away in parts by several threads, to be taken out part by part.
 *
 *   thread --room--> its list of the part --limit reached: all lists--> a scratch file (scratch.h)
 *
 * Each thread has lists and a file of its own, so that nobody waits. A thread's records of a part come out in
 * the order in which it put them away. What a record is, is the caller's; all of a part are of one size.
 */
#ifndef OM_IO_SPOOL_H
#define OM_IO_SPOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <omstat/status.h>

struct om_spool;

struct om_spool_spec {
    size_t parts, threads;
    size_t limit; /* bytes of memory for records, about; 0 for none */
    bool firm;    /* the limit holds: a file that cannot be written is an error. Else records for which there
                   * is no room on the disk stay in memory */
};

om_status om_spool_new(const struct om_spool_spec *spec, struct om_spool **out,
                       struct om_error *err) OM_NODISCARD;
void om_spool_free(struct om_spool *spool); /* accepts NULL */

/* Room for a record of so many bytes, which the caller writes to *at next. Errors: OM_ERR_NOMEM;
 * OM_ERR_CREATE or OM_ERR_IO for the file. */
om_status om_spool_room(struct om_spool *spool, size_t thread, size_t part, size_t bytes, uint8_t **at,
                        struct om_error *err) OM_NODISCARD;

/* From here on nothing is put away any more, and threads may take different parts at the same time. */

/* Bytes of all records of a part. */
uint64_t om_spool_bytes(const struct om_spool *spool, size_t part);
/* Moves them to `to`, thread by thread. Errors as om_scratch_read. */
om_status om_spool_take(struct om_spool *spool, size_t part, uint8_t *to, struct om_error *err) OM_NODISCARD;

/* The records of a part one by one, those of all threads in ascending order of a number that each has, which
 * ascends among those of a thread. They stay where they are. */
typedef uint64_t om_spool_number_fn(const void *context, const uint8_t *record);
struct om_spool_walk;
om_status om_spool_walk_new(const struct om_spool *spool, size_t part, size_t bytes,
                            om_spool_number_fn *number, const void *context, struct om_spool_walk **out,
                            struct om_error *err) OM_NODISCARD;
/* *record is valid until the next call, and NULL at the end. */
om_status om_spool_walk_next(struct om_spool_walk *walk, const uint8_t **record,
                             struct om_error *err) OM_NODISCARD;
void om_spool_walk_free(struct om_spool_walk *walk); /* accepts NULL */

#endif
