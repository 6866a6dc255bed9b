/*
 * Work that is done in a process of its own, because a library that it calls cannot be trusted with this one:
 * it may run out of memory where it does not look, or be led astray by its input.
 *
 * The child is a copy of this process (fork) that may use one processor, no more memory than allowed, and
 * makes no core file; it ends when this one ends. What it writes to the path it is given lies in memory and
 * is handed over when the child has ended well.
 *
 *     parent                           child
 *     om_child_make ---- fork -------> work(context, path)
 *          |                               | writes path
 *        waits <-------- exit code --------+
 *     reads what was written
 */
#ifndef OM_IO_CHILD_H
#define OM_IO_CHILD_H

#include "base/buffer.h"

#include <omstat/status.h>

/* Runs in the child. Returns OM_OK when all is written; any other status becomes that of om_child_make. Must
 * not write elsewhere: standard input and output are those of /dev/null, and what is said on standard error
 * is a failure. */
typedef om_status om_child_work(void *context, const char *path);

/* what: of the error messages, as "the workbook". memory: bytes beyond what this process has now, 0 = no
 * limit; seconds: of the processor, 0 = no limit. Adds the bytes written to out. Errors: that of work;
 * OM_ERR_NOMEM; OM_ERR_INTERNAL when the child was killed, broke a limit or said something. */
om_status om_child_make(om_child_work *work, void *context, const char *what, size_t memory, unsigned seconds,
                        struct om_buffer *out, struct om_error *err) OM_NODISCARD;

#endif
