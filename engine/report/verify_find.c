#include "report/verify_find.h"

#include "base/error.h"
#include "base/memory.h"
#include "io/digest.h"
#include "io/path.h"

#include <string.h>
#include <sys/stat.h>

void
om_found_release(struct om_found *found, size_t n)
{
    for (size_t i = 0; found && i < n; i++) {
        om_free(found[i].path);
        om_free(found[i].changed);
    }
    om_free(found);
}

static om_status
keep(char **at, const char *path, struct om_error *err)
{
    if (*at)
        return OM_OK;
    *at = om_strdup(path);
    return *at ? OM_OK : om_fail_memory(err);
}

/* Is the file at path the one of the manifest? A file that cannot be read is none. Its size is looked at
 * first. */
static om_status
compare(const char *path, const struct om_manifest_file *file, bool sized, bool *same, uint64_t *bytes,
        struct om_error *err)
{
    struct stat state;
    char digest[OM_SHA256_TEXT];
    const bool sha256 = strcmp(file->digest_name, "sha256") == 0;
    *same = false;
    *bytes = 0;
    if (!file->digest) /* withheld */
        return OM_OK;
    *bytes = stat(path, &state) == 0 ? (uint64_t)state.st_size : 0;
    if (sized && *bytes != file->bytes)
        return OM_OK;
    om_status status = om_digest_file(path, sha256 ? OM_DIGEST_SHA256 : OM_DIGEST_XXH128, bytes, digest, err);
    if (status == OM_ERR_NOMEM || status == OM_ERR_IO)
        return status;
    *same = status == OM_OK && strcmp(digest, file->digest) == 0;
    return OM_OK;
}

/* Takes path for the file, or for what stands in its place. */
static om_status
consider(const char *path, const struct om_manifest_file *file, bool sized, struct om_found *found,
         struct om_error *err)
{
    struct stat state;
    bool same;
    uint64_t bytes;
    if (found->path || stat(path, &state) != 0 || !S_ISREG(state.st_mode))
        return OM_OK;
    OM_TRY(compare(path, file, sized, &same, &bytes, err));
    if (same)
        return keep(&found->path, path, err);
    if (!found->changed)
        found->changed_bytes = bytes;
    return keep(&found->changed, path, err);
}

static om_status
look_in(const char *folder, size_t length, const struct om_manifest_file *file, bool sized,
        struct om_found *found, struct om_error *err)
{
    struct om_buffer path = OM_BUFFER_EMPTY;
    om_buffer_add(&path, folder, length);
    om_buffer_format(&path, "%s%s%s%s", length && folder[length - 1] != '/' ? "/" : "",
                     file->folder ? file->folder : "", file->folder ? "/" : "", file->path);
    om_status status = om_buffer_ok(&path) ? consider(om_buffer_string(&path), file, sized, found, err)
                                           : om_fail_memory(err);
    om_buffer_release(&path);
    return status;
}

static om_status
look_around(const struct om_verify_request *request, const struct om_manifest_file *file, bool sized,
            struct om_found *found, struct om_error *err)
{
    for (size_t i = 0; i < request->n_folders; i++)
        OM_TRY(look_in(request->folder[i], strlen(request->folder[i]), file, sized, found, err));
    return look_in(request->output, (size_t)(om_path_base(request->output) - request->output), file, sized,
                   found, err);
}

om_status
om_verify_find(const struct om_verify_request *request, const struct om_manifest_file *file,
               struct om_found *found, struct om_error *err)
{
    return look_around(request, file, false, found, err);
}

/* An input whose digest was withheld: what the request names is taken for it, by its name or its place. */
static om_status
take_named(const struct om_verify_request *request, const struct om_manifest *manifest, size_t i,
           struct om_found *found, struct om_error *err)
{
    for (size_t k = 0; k < request->n_inputs; k++)
        if (strcmp(om_path_base(request->input[k]), manifest->input[i].path) == 0)
            return keep(&found->path, request->input[k], err);
    return request->n_inputs == manifest->n_inputs ? keep(&found->path, request->input[i], err) : OM_OK;
}

om_status
om_verify_find_inputs(const struct om_verify_request *request, const struct om_manifest *manifest,
                      struct om_found *found, struct om_error *err)
{
    for (size_t i = 0; i < manifest->n_inputs; i++) {
        const struct om_manifest_file *file = &manifest->input[i];
        if (!file->digest) {
            OM_TRY(take_named(request, manifest, i, &found[i], err));
            continue;
        }
        for (size_t k = 0; k < request->n_inputs && !found[i].path; k++) {
            bool same;
            uint64_t bytes;
            OM_TRY(compare(request->input[k], file, true, &same, &bytes, err));
            if (same)
                OM_TRY(keep(&found[i].path, request->input[k], err));
        }
        /* of those given, one of that name, or the only one, is meant to be the file */
        for (size_t k = 0; k < request->n_inputs; k++)
            if (strcmp(om_path_base(request->input[k]), file->path) == 0 ||
                (request->n_inputs == 1 && manifest->n_inputs == 1))
                OM_TRY(consider(request->input[k], file, true, &found[i], err));
        if (!found[i].changed)
            OM_TRY(look_around(request, file, true, &found[i], err));
    }
    return OM_OK;
}
