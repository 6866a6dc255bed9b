#include "io/descriptor.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <unistd.h>

static bool
passes_by_itself(int cause)
{
    return cause == EINTR || cause == EAGAIN || cause == EWOULDBLOCK;
}

ssize_t
om_descriptor_read(int fd, int stop, void *buffer, size_t capacity)
{
    ssize_t got;
    do {
        struct pollfd waited[] = {{.fd = fd, .events = POLLIN}, {.fd = stop, .events = POLLIN}};
        while (poll(waited, 2, -1) < 0 && errno == EINTR)
            ;
        if (waited[1].revents) {
            errno = ECANCELED;
            return -1;
        }
        got = read(fd, buffer, capacity);
    } while (got < 0 && passes_by_itself(errno));
    return got;
}
