/* Names of files. */
#ifndef OM_IO_PATH_H
#define OM_IO_PATH_H

#include <string.h>

/* What follows the last slash: the name within its folder. Borrowed. */
static inline const char *
om_path_base(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

#endif
