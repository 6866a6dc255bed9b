/* Reading a descriptor, whatever mode it is in and whatever signals come. */
#ifndef OM_IO_DESCRIPTOR_H
#define OM_IO_DESCRIPTOR_H

#include <stddef.h>
#include <sys/types.h>

/* Like read(2), but waits for input also when fd does not block, and goes on after signals. Fails with
 * ECANCELED once stop (another descriptor, or -1) has something to read. */
ssize_t om_descriptor_read(int fd, int stop, void *buffer, size_t capacity);

#endif
