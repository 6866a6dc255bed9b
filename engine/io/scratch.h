/*
 * A file without a name for what does not fit in memory: gone when it is closed or the process ends, readable
 * by nobody else. It lies in /var/tmp, where the system expects large temporary files, else in /tmp.
 *
 * What is written is encrypted (AES-128 in counter mode) with a key that exists in this process alone: when
 * the process has ended, nobody can read what the disk still holds. But what another program is to read
 * is plain.
 */
#ifndef OM_IO_SCRATCH_H
#define OM_IO_SCRATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <omstat/status.h>

struct om_scratch {
    int fd;          /* -1 until something is written */
    bool plain;      /* for others to read, who are given fd */
    uint64_t length; /* that was written, with what waits to be */
    void *cipher;    /* holds the key */
    unsigned char *waiting;
    size_t n_waiting;
};

#define OM_SCRATCH_EMPTY ((struct om_scratch){.fd = -1})

/* Writes at the end; what is small waits for more. Errors: OM_ERR_CREATE, OM_ERR_IO (a full disk), after
 * which nothing more may be written; OM_ERR_NOMEM. */
om_status om_scratch_write(struct om_scratch *scratch, const void *bytes, size_t length,
                           struct om_error *err) OM_NODISCARD;
/* Writes what waits. Errors: OM_ERR_IO, as above. */
om_status om_scratch_flush(struct om_scratch *scratch, struct om_error *err) OM_NODISCARD;
/* Reads what was written, and flushed. Several threads may read at once. Errors: OM_ERR_IO, OM_ERR_NOMEM. */
om_status om_scratch_read(const struct om_scratch *scratch, uint64_t offset, void *bytes, size_t length,
                          struct om_error *err) OM_NODISCARD;
/* Is so much left on the disk that others do not suffer when more is written? A file that cannot be made is
 * told as by om_scratch_write. */
om_status om_scratch_has_room(struct om_scratch *scratch, bool *room, struct om_error *err) OM_NODISCARD;
void om_scratch_close(struct om_scratch *scratch);

#endif
