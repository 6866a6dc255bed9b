#include "io/folder.h"

#include "base/error.h"
#include "base/memory.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <inttypes.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { WALK_DESCRIPTORS = 8 };
static const char working_name[] = ".omstat-";
enum { WORKING_NAME = sizeof working_name - 1, WORKING_DIGITS = 16 };

static char *
join(const char *folder, const char *name)
{
    size_t length = strlen(folder) + strlen(name) + 2;
    char *path = om_alloc(length, 1);
    if (path)
        snprintf(path, length, "%s/%s", folder, name);
    return path;
}

static om_status
cannot_make(struct om_error *err, const char *path, int cause)
{
    om_fail(err, OM_ERR_CREATE, "cannot make the folder: %s", strerror(cause));
    om_place(err, path, 0, 0);
    om_hint(err, "name a folder that may be written");
    return OM_ERR_CREATE;
}

static om_status
exists_already(struct om_error *err, const char *path)
{
    om_fail(err, OM_ERR_CREATE, "the folder is there already");
    om_place(err, path, 0, 0);
    om_hint(err, "remove it, or name another period");
    return OM_ERR_CREATE;
}

static om_status
refuse_existing(const struct om_folder *folder, struct om_error *err)
{
    struct stat target;
    char *path = join(folder->parent, folder->name);
    if (!path)
        return om_fail_memory(err);
    om_status status = lstat(path, &target) == 0 ? exists_already(err, path) : OM_OK;
    om_free(path);
    return status;
}

/* A descriptor that holds the lock of a folder until it is closed; -1 when another one does. */
static int
lock_folder(const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0)
        return fd;
    if (fd >= 0)
        close(fd);
    return -1;
}

static int
remove_entry(const char *path, const struct stat *entry, int kind, struct FTW *where)
{
    (void)entry;
    (void)kind;
    (void)where;
    (void)remove(path);
    return 0;
}

static void
remove_folder(const char *path)
{
    (void)nftw(path, remove_entry, WALK_DESCRIPTORS, FTW_DEPTH | FTW_PHYS);
}

static bool
is_working_name(const char *name)
{
    return strncmp(name, working_name, WORKING_NAME) == 0 && strlen(name) == WORKING_NAME + WORKING_DIGITS &&
           strspn(name + WORKING_NAME, "0123456789abcdef") == WORKING_DIGITS;
}

/* Between its making and its locking a folder is nobody's: one that is new is left alone. */
static bool
is_old(const char *path)
{
    enum { SECONDS = 60 };
    struct stat state;
    return lstat(path, &state) == 0 && S_ISDIR(state.st_mode) && time(NULL) - state.st_mtime > SECONDS;
}

/* Removes what others left that were ended. */
static void
remove_abandoned(const char *parent)
{
    DIR *open = opendir(parent);
    if (!open)
        return;
    for (struct dirent *entry; (entry = readdir(open)) != NULL;) {
        char *path = is_working_name(entry->d_name) ? join(parent, entry->d_name) : NULL;
        int fd = path && is_old(path) ? lock_folder(path) : -1;
        if (fd >= 0) {
            remove_folder(path);
            close(fd);
        }
        om_free(path);
    }
    closedir(open);
}

static om_status
make_working(struct om_folder *folder, struct om_error *err)
{
    uint64_t bits;
    char name[32];
    do {
        if (getrandom(&bits, sizeof bits, 0) != (ssize_t)sizeof bits)
            bits = (uint64_t)getpid();
        snprintf(name, sizeof name, "%s%0*" PRIx64, working_name, WORKING_DIGITS, bits);
        om_free(folder->working);
        folder->working = join(folder->parent, name);
        if (!folder->working)
            return om_fail_memory(err);
        if (mkdir(folder->working, 0777) == 0) {
            folder->lock = lock_folder(folder->working); /* not every file system has locks */
            return OM_OK;
        }
    } while (errno == EEXIST);
    om_status status = cannot_make(err, folder->parent, errno);
    om_free(folder->working);
    folder->working = NULL;
    return status;
}

static void
forget(struct om_folder *folder)
{
    if (folder->lock >= 0)
        close(folder->lock);
    om_free(folder->parent);
    om_free(folder->name);
    om_free(folder->working);
    *folder = OM_FOLDER_CLOSED;
}

om_status
om_folder_open(struct om_folder *folder, const char *parent, const char *name, struct om_error *err)
{
    struct om_folder opening = {.parent = om_strdup(parent), .name = om_strdup(name), .lock = -1};
    if (!opening.parent || !opening.name) {
        forget(&opening);
        return om_fail_memory(err);
    }
    om_status status = OM_OK;
    if (mkdir(parent, 0777) != 0 && errno != EEXIST)
        status = cannot_make(err, parent, errno);
    if (status == OM_OK)
        status = refuse_existing(&opening, err);
    if (status == OM_OK) {
        remove_abandoned(parent);
        status = make_working(&opening, err);
    }
    if (status == OM_OK)
        *folder = opening;
    else
        forget(&opening);
    return status;
}

char *
om_folder_path(const struct om_folder *folder, const char *file)
{
    return file ? join(folder->working, file) : om_strdup(folder->working);
}

om_status
om_folder_within(const struct om_folder *folder, const char *name, struct om_error *err)
{
    char *path = join(folder->working, name);
    if (!path)
        return om_fail_memory(err);
    om_status status = mkdir(path, 0777) == 0 ? OM_OK : cannot_make(err, path, errno);
    om_free(path);
    return status;
}

/* A rename is on the disk when the folder it happened in is. */
static void
sync_folder(const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        (void)fsync(fd);
        close(fd);
    }
}

om_status
om_folder_commit(struct om_folder *folder, struct om_error *err)
{
    char *target = join(folder->parent, folder->name);
    if (!target)
        return om_fail_memory(err);
    om_status status = OM_OK;
    sync_folder(folder->working);
    if (renameat2(AT_FDCWD, folder->working, AT_FDCWD, target, RENAME_NOREPLACE) != 0 &&
        (errno != EINVAL || rename(folder->working, target) != 0)) /* not every file system knows the flag */
        status = errno == EEXIST || errno == ENOTEMPTY ? exists_already(err, target)
                                                       : cannot_make(err, target, errno);
    if (status == OM_OK) {
        sync_folder(folder->parent);
        forget(folder);
    }
    om_free(target);
    return status;
}

void
om_folder_abort(struct om_folder *folder)
{
    if (folder->working)
        remove_folder(folder->working);
    forget(folder);
}

static bool
holds(const char *folder, const char *name, const char *file)
{
    struct stat found;
    char *inner = join(folder, name), *path = inner ? join(inner, file) : NULL;
    bool yes = path && stat(path, &found) == 0 && S_ISREG(found.st_mode);
    om_free(path);
    om_free(inner);
    return yes;
}

om_status
om_folder_before(const char *parent, const char *name, const char *file, char **out, struct om_error *err)
{
    char last[NAME_MAX + 1] = "";
    DIR *open = opendir(parent);
    *out = NULL;
    if (!open)
        return OM_OK;
    for (struct dirent *entry; (entry = readdir(open)) != NULL;)
        if (entry->d_name[0] != '.' && strcmp(entry->d_name, name) < 0 && strcmp(entry->d_name, last) > 0 &&
            holds(parent, entry->d_name, file))
            snprintf(last, sizeof last, "%s", entry->d_name);
    closedir(open);
    if (!*last)
        return OM_OK;
    *out = join(parent, last);
    return *out ? OM_OK : om_fail_memory(err);
}
