/*
 * A file that does not show until it is finished: the mechanism under a sink.
 *
 * It is made without a name (O_TMPFILE), so that even a killed program leaves nothing behind, or under a
 * random name where the file system or a missing /proc does not allow that. Failures are errno values; 0 is
 * success.
 */
#ifndef OM_IO_TEMPORARY_H
#define OM_IO_TEMPORARY_H

#include <stdbool.h>
#include <sys/stat.h>

enum { OM_TEMPORARY_NAME = 32 };

struct om_temporary {
    int fd;                       /* to write to; -1 when closed */
    int directory;                /* borrowed */
    char name[OM_TEMPORARY_NAME]; /* in the directory; empty while it has none */
};

#define OM_TEMPORARY_CLOSED ((struct om_temporary){.fd = -1, .directory = -1})

/* named_only: do without O_TMPFILE, for tests. The mode is subject to the umask. */
int om_temporary_open(struct om_temporary *file, int directory, mode_t mode, bool named_only);

/* Gives the file the permissions of another. It is for no one the other was not for: where the group cannot
 * be kept, the group gets none. */
int om_temporary_keep_mode(struct om_temporary *file, const struct stat *other);

/* Brings the content to the disk and the file to its name, replacing what stood there. Closes it on success;
 * on failure the caller discards it. */
int om_temporary_publish(struct om_temporary *file, const char *name);

void om_temporary_discard(struct om_temporary *file); /* accepts a closed one */

#endif
