#include "report/verify_folder.h"

#include "base/error.h"
#include "base/memory.h"
#include "io/digest.h"
#include "io/path.h"
#include "report/outputs.h"
#include "report/verify_outputs.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { DIGEST = OM_SHA256_TEXT - 1, LINE = DIGEST + 600, MOST = 100000 };

/* The folder as it is and as it was written. */
struct folder {
    const struct om_verify_request *request;
    const struct om_hooks *hooks;
    struct om_outputs listed;
    struct om_texts *difference, *remark;
};

bool
om_verify_is_folder(const char *path)
{
    struct stat state;
    return stat(path, &state) == 0 && S_ISDIR(state.st_mode);
}

static char *
path_in(const struct folder *f, const char *folder, const char *name)
{
    struct om_buffer path = OM_BUFFER_EMPTY;
    om_buffer_format(&path, "%s/%s%s%s", f->request->output, folder ? folder : "", folder ? "/" : "", name);
    return om_buffer_take(&path);
}

/* --- the list ------------------------------------------------------------------------------------------- */

static om_status
refuse_list(const struct folder *f, size_t line, const char *why, struct om_error *err)
{
    om_fail(err, OM_ERR_PANEL, "%s", why);
    om_place(err, f->request->output, line, 0);
    om_hint(err, "it is the folder of a report, as 'omstat batch' writes it, that can be verified");
    return OM_ERR_PANEL;
}

static bool
is_name(const char *name)
{
    return *name && strcmp(name, ".") != 0 && strcmp(name, "..") != 0 && !strchr(name, '/');
}

/* "digest  name" or "digest  folder/name": nothing that leads out of here. */
static om_status
take_line(struct folder *f, char *line, size_t number, struct om_error *err)
{
    static const char bad[] = "this is no line of " OM_SUMS_FILE;
    char *name = line + DIGEST + 2, *slash;
    line[strcspn(line, "\n")] = '\0';
    if (strlen(line) <= DIGEST + 2 || strspn(line, "0123456789abcdef") != DIGEST || line[DIGEST] != ' ' ||
        line[DIGEST + 1] != ' ' || number > MOST)
        return refuse_list(f, number, bad, err);
    line[DIGEST] = '\0';
    slash = strchr(name, '/');
    if (slash)
        *slash = '\0';
    if (!is_name(name) || (slash && !is_name(slash + 1)))
        return refuse_list(f, number, "the list names a file that is not in the folder", err);
    return om_outputs_add(&f->listed, slash ? name : NULL, slash ? slash + 1 : name, 0, line, err);
}

static om_status
read_list(struct folder *f, struct om_error *err)
{
    char line[LINE], *path = path_in(f, NULL, OM_SUMS_FILE);
    FILE *file = path ? fopen(path, "rbe") : NULL;
    const bool memory = path != NULL;
    om_free(path);
    if (!memory)
        return om_fail_memory(err);
    if (!file)
        return refuse_list(f, 0, "there is no " OM_SUMS_FILE " in this folder", err);
    om_status status = OM_OK;
    for (size_t number = 1; status == OM_OK && fgets(line, sizeof line, file); number++)
        status = take_line(f, line, number, err);
    (void)fclose(file);
    return status;
}

/* --- the files ------------------------------------------------------------------------------------------ */

static om_status
check_file(struct folder *f, const struct om_output_info *file, struct om_error *err)
{
    char sha256[OM_SHA256_TEXT] = "", *path = path_in(f, file->folder, file->path);
    struct om_buffer text = OM_BUFFER_EMPTY;
    uint64_t bytes;
    if (!path)
        return om_fail_memory(err);
    om_status status = om_digest_file(path, OM_DIGEST_SHA256, &bytes, sha256, err);
    om_free(path);
    if (status == OM_ERR_NOMEM || status == OM_ERR_IO)
        return status;
    if (status == OM_OK && strcmp(sha256, file->sha256) == 0)
        return OM_OK;
    om_buffer_format(&text, "%s%s%s %s", file->folder ? file->folder : "", file->folder ? "/" : "",
                     file->path, status == OM_OK ? "is no longer what was written" : "is missing");
    return om_verify_say(f->difference, &text, err);
}

static bool
is_listed(const struct folder *f, const char *folder, const char *name)
{
    for (size_t i = 0; i < f->listed.n; i++) {
        const struct om_output_info *file = &f->listed.at[i];
        if (folder ? file->folder && strcmp(file->folder, folder) == 0 && strcmp(file->path, name) == 0
                   : strcmp(file->folder ? file->folder : file->path, name) == 0)
            return true;
    }
    return false;
}

/* Something somebody put there, in the folder or in one of figures. */
static om_status
look_for_others(struct folder *f, const char *folder, struct om_error *err)
{
    char *path = path_in(f, folder, ".");
    DIR *directory = path ? opendir(path) : NULL;
    om_status status = path ? OM_OK : om_fail_memory(err);
    om_free(path);
    for (const struct dirent *entry; status == OM_OK && directory && (entry = readdir(directory));) {
        struct om_buffer text = OM_BUFFER_EMPTY;
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 ||
            is_listed(f, folder, entry->d_name) || (!folder && strcmp(entry->d_name, OM_SUMS_FILE) == 0))
            continue;
        om_buffer_format(&text, "%s%s%s is none of its files", folder ? folder : "", folder ? "/" : "",
                         entry->d_name);
        status = om_verify_say(f->difference, &text, err);
    }
    if (directory)
        (void)closedir(directory);
    return status;
}

static om_status
check_files(struct folder *f, struct om_error *err)
{
    const char *folder = NULL;
    for (size_t i = 0; i < f->listed.n; i++)
        OM_TRY(check_file(f, &f->listed.at[i], err));
    OM_TRY(look_for_others(f, NULL, err));
    for (size_t i = 0; i < f->listed.n; i++) { /* those of a folder stand together */
        const char *now = f->listed.at[i].folder;
        if (now && (!folder || strcmp(now, folder) != 0))
            OM_TRY(look_for_others(f, now, err));
        folder = now;
    }
    return OM_OK;
}

/* --- the reports ---------------------------------------------------------------------------------------- */

static om_status
pass_on(struct om_texts *to, const char *name, char *const *text, size_t n, struct om_error *err)
{
    for (size_t i = 0; i < n; i++) {
        struct om_buffer line = OM_BUFFER_EMPTY;
        om_buffer_format(&line, "%s: %s", name, text[i]);
        OM_TRY(om_verify_say(to, &line, err));
    }
    return OM_OK;
}

static om_status
verify_report(struct folder *f, const char *manifest, struct om_error *err)
{
    struct om_verify_request request = *f->request;
    struct om_verification *done = NULL;
    char *path = path_in(f, NULL, manifest);
    request.output = path;
    om_status status = path ? om_verify(&request, f->hooks, &done, err) : om_fail_memory(err);
    if (status == OM_OK && done)
        status = pass_on(f->difference, manifest, done->difference, done->n_differences, err);
    if (status == OM_OK && done)
        status = pass_on(f->remark, manifest, done->remark, done->n_remarks, err);
    om_verification_free(done);
    om_free(path);
    return status;
}

static bool
is_manifest(const struct om_output_info *file)
{
    static const char ending[] = ".manifest";
    const size_t n = strlen(file->path);
    return !file->folder && n >= sizeof ending && strcmp(file->path + n - (sizeof ending - 1), ending) == 0;
}

om_status
om_verify_folder(const struct om_verify_request *request, const struct om_hooks *hooks,
                 struct om_texts *difference, struct om_texts *remark, struct om_error *err)
{
    struct folder f = {.request = request, .hooks = hooks, .difference = difference, .remark = remark};
    om_status status = read_list(&f, err);
    if (status == OM_OK)
        status = check_files(&f, err);
    for (size_t i = 0; i < f.listed.n && status == OM_OK; i++)
        if (is_manifest(&f.listed.at[i]))
            status = verify_report(&f, f.listed.at[i].path, err);
    om_outputs_release(&f.listed);
    return status;
}
