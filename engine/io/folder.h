/*
 * A folder that appears whole or not at all: it is filled under a name of its own beside the target and
 * renamed in the end. A program that is ended meanwhile leaves `.omstat-` and 16 digits behind, which the
 * next one that opens a folder there removes: whoever fills one holds a lock on it.
 *
 *     struct om_folder folder = OM_FOLDER_CLOSED;
 *     ... om_folder_open(&folder, "reports", "2026-11"), write to om_folder_path(&folder, "index.md") ...,
 *     om_folder_commit
 *     cleanup: om_folder_abort(&folder);         does nothing after a commit
 */
#ifndef OM_IO_FOLDER_H
#define OM_IO_FOLDER_H

#include <omstat/status.h>

struct om_folder {
    char *parent, *name; /* of the target */
    char *working;       /* path while it is filled; NULL when closed */
    int lock;            /* descriptor of the same */
};

#define OM_FOLDER_CLOSED ((struct om_folder){.lock = -1})

/* Makes the parent too, if it is not there (but not the parent's parent). Errors: OM_ERR_CREATE when the
 * target is there already or cannot be made; OM_ERR_NOMEM. */
om_status om_folder_open(struct om_folder *folder, const char *parent, const char *name,
                         struct om_error *err) OM_NODISCARD;

/* The path of a file in it, or of the folder itself for NULL; the caller frees with om_free. NULL without
 * memory. */
char *om_folder_path(const struct om_folder *folder, const char *file);

/* Makes a folder within it. Errors: OM_ERR_CREATE, OM_ERR_NOMEM. */
om_status om_folder_within(const struct om_folder *folder, const char *name,
                           struct om_error *err) OM_NODISCARD;

/* Gives it its name. Errors: OM_ERR_CREATE when somebody else made the target meanwhile; OM_ERR_IO. */
om_status om_folder_commit(struct om_folder *folder, struct om_error *err) OM_NODISCARD;

/* Removes what was written. Accepts a closed one. */
void om_folder_abort(struct om_folder *folder);

/* Looks for the folder in `parent` whose name comes last among those below `name` and that holds `file`. *out
 * is its path, which the caller frees, or NULL when there is none. Errors: OM_ERR_NOMEM. */
om_status om_folder_before(const char *parent, const char *name, const char *file, char **out,
                           struct om_error *err) OM_NODISCARD;

#endif
