/*
 * Where bytes go: a file that appears whole or not at all, standard output for "-", or a device or FIFO that
 * exists already.
 *
 * A file is written aside in the target's directory (temporary.h), brought to the disk and renamed over the
 * target: whoever looks sees the old file or the new one, and a run that is killed leaves the old one. The
 * mode of an existing target is kept.
 *
 *     struct om_sink sink = OM_SINK_CLOSED;
 *     ... om_sink_open, om_sink_write ..., om_sink_commit
 *     cleanup: om_sink_abort(&sink);         does nothing after a commit
 *
 * Standard output that was redirected to a file is given its old length again when the run fails. A pipe
 * cannot take anything back: see om_sink_can_undo.
 *
 * A program that uses this ignores SIGXFSZ and decides about SIGPIPE; when ignored both arrive here as
 * errors.
 */
#ifndef OM_IO_SINK_H
#define OM_IO_SINK_H

#include "base/buffer.h"
#include "io/temporary.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <omstat/status.h>

enum { OM_SINK_BUFFER = 1 << 16 };

struct om_sink {
    int fd;                   /* -1 when closed */
    int directory;            /* of a file's target; -1 when written directly */
    struct om_temporary file; /* closed when written directly */
    char *path;               /* as given */
    char *buffer;             /* OM_SINK_BUFFER bytes, the first `used` not written yet */
    size_t used;
    off_t start;   /* of what goes to a file behind standard output; -1 when it cannot be taken back */
    uint64_t done; /* bytes written */
    int cause;     /* errno of the first write that failed; later calls fail with it too */
    bool secret;   /* a file is for its owner alone; set it before opening */
    void (*tap)(void *context, const void *bytes, size_t length); /* sees what is written; NULL = nobody */
    void *tap_context;
    bool named_only; /* for tests: see om_temporary_open; set it before opening */
};

#define OM_SINK_CLOSED ((struct om_sink){.fd = -1, .directory = -1, .start = -1, .file = OM_TEMPORARY_CLOSED})

/* Opens a closed sink. Errors: OM_ERR_CREATE for a target that is a directory, a symbolic link,
 * write-protected or in a directory that cannot be written; OM_ERR_NOMEM. The sink is then still closed and
 * nothing was made. */
OM_NODISCARD om_status om_sink_open(struct om_sink *sink, const char *path, struct om_error *err);

/* Does om_sink_abort leave nothing of what was written? Not so for pipes, terminals and devices, and for a
 * file that standard output appends to. */
bool om_sink_can_undo(const struct om_sink *sink);

/* Errors: OM_ERR_IO. After one, commit fails too. */
OM_NODISCARD om_status om_sink_write(struct om_sink *sink, const void *bytes, size_t length,
                                     struct om_error *err);

/* Makes the output appear and closes the sink, whatever the outcome. On failure (OM_ERR_IO) a file's old
 * content is intact and no temporary file is left. */
OM_NODISCARD om_status om_sink_commit(struct om_sink *sink, struct om_error *err);

/* Closes the sink and forgets what was not written yet; a file is as before, also one that standard output
 * was redirected to, unless somebody else wrote to it as well. Accepts a closed sink. */
void om_sink_abort(struct om_sink *sink);

/* All of a buffer to a file, or to standard output for "-". Errors: those of the above, and OM_ERR_NOMEM when
 * the buffer has failed; nothing is made then. */
OM_NODISCARD om_status om_sink_write_all(const char *path, const struct om_buffer *bytes,
                                         struct om_error *err);

/* True when writing path would overwrite the regular file that input_path (or "-") reads, under any name. */
bool om_sink_same_file(const char *path, const char *input_path);

#endif
