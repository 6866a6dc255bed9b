#include "io/directory.h"
#include "base/error.h"
#include "base/memory.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

static om_status
make_one(const char *path, struct om_error *err)
{
    struct stat at;
    if (mkdir(path, 0777) == 0)
        return OM_OK;
    int problem = errno;
    if (stat(path, &at) == 0 && S_ISDIR(at.st_mode))
        return OM_OK;
    om_fail(err, OM_ERR_CREATE, "cannot make the directory %s: %s", path,
            problem == EEXIST ? "there is a file of that name" : strerror(problem));
    om_hint(err, "name a directory, or one that can be made where you may write");
    om_place(err, path, 0, 0);
    return OM_ERR_CREATE;
}

om_status
om_directory_make(const char *path, struct om_error *err)
{
    char *part = om_strdup(path);
    om_status status = OM_OK;
    if (!part)
        return om_fail_memory(err);
    for (char *p = part; p && status == OM_OK && *p; p++) {
        if (*p != '/' || p == part || p[-1] == '/')
            continue;
        *p = '\0';
        status = make_one(part, err);
        *p = '/';
    }
    if (status == OM_OK)
        status = make_one(path, err);
    om_free(part);
    return status;
}
