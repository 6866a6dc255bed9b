#include "report/outputs.h"

#include "base/error.h"
#include "base/memory.h"
#include "io/digest.h"
#include "io/path.h"

#include <string.h>

void
om_outputs_release(struct om_outputs *outputs)
{
    for (size_t i = 0; i < outputs->n; i++) {
        om_free(outputs->at[i].path);
        om_free(outputs->at[i].folder);
    }
    om_free(outputs->at);
    *outputs = (struct om_outputs){0};
}

/* "out", "./out/" and "a/out" are all "out". */
static char *
folder_name(const char *folder)
{
    size_t end = strlen(folder);
    while (end > 1 && folder[end - 1] == '/')
        end--;
    size_t begin = end;
    while (begin > 0 && folder[begin - 1] != '/')
        begin--;
    char *name = om_alloc(end - begin + 1, 1);
    if (!name)
        return NULL;
    memcpy(name, folder + begin, end - begin);
    name[end - begin] = '\0';
    return name;
}

om_status
om_outputs_add(struct om_outputs *outputs, const char *folder, const char *path, uint64_t bytes,
               const char *sha256, struct om_error *err)
{
    struct om_output_info info = {
        .path = om_strdup(om_path_base(path)), .folder = folder ? folder_name(folder) : NULL, .bytes = bytes};
    if (!info.path || (folder && !info.folder) ||
        !om_grow(&outputs->at, &outputs->capacity, outputs->n, sizeof *outputs->at)) {
        om_free(info.path);
        om_free(info.folder);
        return om_fail_memory(err);
    }
    strncpy(info.sha256, sha256, sizeof info.sha256 - 1);
    outputs->at[outputs->n++] = info;
    return OM_OK;
}

om_status
om_outputs_add_bytes(struct om_outputs *outputs, const char *folder, const char *path, const void *bytes,
                     size_t length, struct om_error *err)
{
    char sha256[OM_SHA256_TEXT];
    OM_TRY(om_sha256_text(bytes, length, sha256, err));
    return om_outputs_add(outputs, folder, path, length, sha256, err);
}

om_status
om_outputs_add_file(struct om_outputs *outputs, const char *path, struct om_error *err)
{
    char sha256[OM_SHA256_TEXT];
    uint64_t bytes = 0;
    OM_TRY(om_digest_file(path, OM_DIGEST_SHA256, &bytes, sha256, err));
    return om_outputs_add(outputs, NULL, path, bytes, sha256, err);
}

void
om_outputs_sums(const struct om_outputs *outputs, struct om_buffer *out)
{
    for (size_t i = 0; i < outputs->n; i++) {
        const struct om_output_info *info = &outputs->at[i];
        om_buffer_format(out, "%s  %s%s%s\n", info->sha256, info->folder ? info->folder : "",
                         info->folder ? "/" : "", info->path);
    }
}
