#include "report/verify_study.h"

#include "analysis/study.h"
#include "base/error.h"
#include "base/memory.h"

#include <string.h>

/* What is there to be handed out: each file once, in the order of the manifest. */
struct rebuilding {
    struct om_study *study;
    const struct om_manifest *manifest;
    const struct om_found *input, *file;
    bool *input_used, *file_used;
};

/* The path of the next input of this name, or NULL. */
static const char *
next_input(struct rebuilding *r, const char *name)
{
    for (size_t i = 0; i < r->manifest->n_inputs; i++)
        if (!r->input_used[i] && strcmp(r->manifest->input[i].path, name) == 0) {
            r->input_used[i] = true;
            return r->input[i].path;
        }
    return NULL;
}

static const char *
next_file(struct rebuilding *r, const char *key, const char *name)
{
    for (size_t i = 0; i < r->manifest->n_files; i++)
        if (!r->file_used[i] && strcmp(r->manifest->file[i].key, key) == 0 &&
            strcmp(r->manifest->file[i].path, name) == 0) {
            r->file_used[i] = true;
            return r->file[i].path;
        }
    return NULL;
}

static om_status
refuse(const struct rebuilding *r, const char *option, const char *why, struct om_error *err)
{
    om_fail(err, OM_ERR_PANEL, "the manifest has the option '%.80s', %s", option, why);
    om_place(err, r->manifest->yaml.file, 0, 0);
    return OM_ERR_PANEL;
}

/* Names of files become the paths where they were found. */
static om_status
resolve(struct rebuilding *r, const struct om_study_key *key, const char *option, struct om_texts *values,
        struct om_error *err)
{
    const bool panel = strcmp(key->name, "input") == 0 || strcmp(key->name, "occasion") == 0;
    if (!key->argument || !strstr(key->argument, "FILE"))
        return OM_OK;
    for (size_t i = 0; i < values->n; i++) {
        const char *path = panel ? next_input(r, values->at[i]) : next_file(r, key->name, values->at[i]);
        char *copy = path ? om_strdup(path) : NULL;
        if (!path)
            return refuse(r, option, "whose file it does not list", err);
        if (!copy)
            return om_fail_memory(err);
        om_free(values->at[i]);
        values->at[i] = copy;
    }
    return OM_OK;
}

static om_status
apply(struct rebuilding *r, const char *option, struct om_error *err)
{
    char name[48];
    const char *colon = strstr(option, ": ");
    const size_t length = colon ? (size_t)(colon - option) : sizeof name;
    if (length >= sizeof name)
        return refuse(r, option, "which is none of this version", err);
    memcpy(name, option, length);
    name[length] = '\0';
    const struct om_study_key *key = om_key_find(name);
    if (!key || strcmp(key->topic, "Running") == 0)
        return refuse(r, option, "which is none of this version", err);
    struct om_texts values = {0};
    char *target = NULL;
    om_status status = om_setting_parse(key, colon + 2, &target, &values, err);
    if (status == OM_OK)
        status = resolve(r, key, option, &values, err);
    if (status == OM_OK)
        status = om_study_apply(r->study, key, target, &values, err);
    om_texts_release(&values);
    om_free(target);
    return status;
}

/* The digests have to be of the kind that the manifest has. */
static om_status
set_digest(struct rebuilding *r, struct om_error *err)
{
    size_t sha256 = 0;
    for (size_t i = 0; i < r->manifest->n_inputs; i++)
        sha256 += strcmp(r->manifest->input[i].digest_name, "sha256") == 0;
    return om_study_set(r->study, "digest",
                        sha256 == r->manifest->n_inputs ? "sha256"
                        : sha256 == 0                   ? "xxh128"
                                                        : "auto",
                        err);
}

static om_status
rebuild(struct rebuilding *r, struct om_error *err)
{
    for (size_t i = 0; i < r->manifest->n_options; i++)
        OM_TRY(apply(r, r->manifest->option[i], err));
    for (size_t i = 0; i < r->manifest->n_inputs; i++)
        if (!r->input_used[i])
            OM_TRY(om_study_add_input(r->study, r->input[i].path, err));
    return set_digest(r, err);
}

om_status
om_verify_study(const struct om_manifest *manifest, const struct om_found *input, const struct om_found *file,
                struct om_study **out, struct om_error *err)
{
    struct rebuilding r = {.manifest = manifest, .input = input, .file = file};
    r.input_used = om_calloc(manifest->n_inputs + 1, sizeof *r.input_used);
    r.file_used = om_calloc(manifest->n_files + 1, sizeof *r.file_used);
    om_status status = OM_OK;
    if (!r.input_used || !r.file_used)
        status = om_fail_memory(err);
    else
        status = om_study_new(&r.study, err);
    if (status == OM_OK && r.input_used && r.file_used)
        status = rebuild(&r, err);
    om_free(r.input_used);
    om_free(r.file_used);
    if (status == OM_OK)
        *out = r.study;
    else
        om_study_free(r.study);
    return status;
}
