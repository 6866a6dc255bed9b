/* Directories that outputs go to. */
#ifndef OM_IO_DIRECTORY_H
#define OM_IO_DIRECTORY_H

#include <omstat/status.h>

/* Makes the directory, and those it lies in, where they are missing. Errors: OM_ERR_CREATE, OM_ERR_NOMEM. */
om_status om_directory_make(const char *path, struct om_error *err) OM_NODISCARD;

#endif
