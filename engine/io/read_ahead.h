/*
 * One thread that makes blocks of bytes ahead of their reader, a few at most.
 *
 * The thread runs nothing but `make`, one block at a time, and every signal is blocked in it. What make
 * leaves in its context belongs to the reader once the last block was taken, or after closing.
 */
#ifndef OM_IO_READ_AHEAD_H
#define OM_IO_READ_AHEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <omstat/status.h>

enum { OM_READ_AHEAD_BLOCKS = 4, OM_READ_AHEAD_BYTES = 256 * 1024, OM_READ_AHEAD_STORED = 64 * 1024 };

struct om_read_ahead_block {
    size_t length;   /* of bytes; 0 is possible anywhere */
    size_t n_stored; /* of stored */
    bool last;
    unsigned char bytes[OM_READ_AHEAD_BYTES];
    unsigned char stored[OM_READ_AHEAD_STORED]; /* the bytes of the file that were read for this block */
};

/* Fills a block. When it waits for something else than the processor it gives up, with any outcome, once the
 * descriptor stop has something to read. */
typedef void om_read_ahead_make(void *context, struct om_read_ahead_block *block, int stop);

struct om_read_ahead;

/* Errors: OM_ERR_NOMEM, also when the system has no thread or descriptor left. */
OM_NODISCARD om_status om_read_ahead_open(om_read_ahead_make *make, void *context, struct om_read_ahead **out,
                                          struct om_error *err);

/* The next block, valid until the next call; NULL after the last one, as often as it is asked for. */
const struct om_read_ahead_block *om_read_ahead_next(struct om_read_ahead *ahead);

/* Stops the thread wherever it is, and waits for its end. Accepts NULL. */
void om_read_ahead_close(struct om_read_ahead *ahead);

#endif
