#include "report/manifest_read.h"

#include "base/error.h"
#include "base/memory.h"
#include "report/manifest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- finding it ---------------------------------------------------------------------------------------- */

/* Where the object that names the schema begins; the last of several. NULL = nowhere. */
static const char *
find_begin(const char *bytes, size_t length)
{
    static const char name[] = OM_MANIFEST_SCHEMA;
    const char *found = NULL, *rest = bytes, *end = bytes + length;
    for (const char *at; (at = memmem(rest, (size_t)(end - rest), name, sizeof name - 1)); rest = at + 1) {
        const char *brace = memrchr(bytes, '{', (size_t)(at - bytes));
        if (brace && at - brace < 80)
            found = brace;
    }
    return found;
}

/* Length of the JSON object at the beginning of text; 0 when it does not end. */
static size_t
object_length(const char *text, size_t length)
{
    size_t depth = 0;
    bool quoted = false;
    for (size_t i = 0; i < length; i++) {
        if (quoted && text[i] == '\\')
            i++;
        else if (text[i] == '"')
            quoted = !quoted;
        else if (!quoted && (text[i] == '{' || text[i] == '['))
            depth++;
        else if (!quoted && (text[i] == '}' || text[i] == ']') && --depth == 0)
            return i + 1;
    }
    return 0;
}

/* Text of HTML up to the next tag, with its character references taken back. */
static void
decode_html(struct om_buffer *out, const char *text, size_t length)
{
    static const struct {
        const char *name;
        char byte;
    } known[] = {{"&quot;", '"'}, {"&amp;", '&'},   {"&lt;", '<'},    {"&gt;", '>'},  {"&#39;", '\''},
                 {"&#34;", '"'},  {"&apos;", '\''}, {"&#x27;", '\''}, {"&#x22;", '"'}};
    for (size_t i = 0; i < length && text[i] != '<'; i++) {
        size_t k = 0;
        const size_t n_known = sizeof known / sizeof *known;
        while (text[i] == '&' && k < n_known && strncmp(text + i, known[k].name, strlen(known[k].name)) != 0)
            k++;
        const bool coded = text[i] == '&' && k < n_known;
        om_buffer_char(out, coded ? known[k].byte : text[i]);
        i += coded ? strlen(known[k].name) - 1 : 0;
    }
}

static bool
is_html(const char *bytes, size_t length)
{
    size_t i = 0;
    while (i < length && strchr(" \t\r\n", bytes[i]))
        i++;
    return i + 1 < length && bytes[i] == '<' && bytes[i + 1] == '!';
}

/* --- reading it ---------------------------------------------------------------------------------------- */

/* A name within a folder, and nothing that leads out of it. */
static const char *
base_name(struct om_yaml *yaml, const struct om_yaml_node *node)
{
    const char *name = om_yaml_text(yaml, node);
    if (name && (strchr(name, '/') || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)) {
        om_yaml_fail(yaml, node, NULL, "a file is named by more than its base name");
        return NULL;
    }
    return name;
}

static const char *
hexadecimal(struct om_yaml *yaml, const struct om_yaml_node *node, size_t length)
{
    if (om_yaml_is_null(node)) /* withheld */
        return NULL;
    const char *text = om_yaml_text(yaml, node);
    if (text && (strlen(text) != length || strspn(text, "0123456789abcdef") != length)) {
        om_yaml_fail(yaml, node, NULL, "this is no digest");
        return NULL;
    }
    return text;
}

static uint64_t
whole_number(struct om_yaml *yaml, const struct om_yaml_node *node)
{
    if (om_yaml_is_null(node)) /* withheld */
        return 0;
    const char *text = om_yaml_text(yaml, node);
    if (text && (strspn(text, "0123456789") != strlen(text) || strlen(text) > 19))
        om_yaml_fail(yaml, node, NULL, "this is no count");
    return text && yaml->status == OM_OK ? strtoull(text, NULL, 10) : 0;
}

static struct om_manifest_file *
read_files(struct om_yaml *yaml, const struct om_yaml_node *list, bool keyed, size_t *n)
{
    list = om_yaml_sequence(yaml, list);
    struct om_manifest_file *file = om_yaml_array(yaml, (list ? list->n : 0) + 1, sizeof *file);
    om_yaml_each(entry, list)
    {
        if (!file || yaml->status != OM_OK)
            break;
        const struct om_yaml_node *xxh128 = om_yaml_find(entry, "xxh128");
        struct om_manifest_file *at = &file[(*n)++];
        *at = (struct om_manifest_file){
            .key = keyed ? om_yaml_text(yaml, om_yaml_get(yaml, entry, "key")) : "",
            .path = base_name(yaml, om_yaml_get(yaml, entry, "path")),
            .digest_name = xxh128 ? "xxh128" : "sha256",
            .digest = xxh128 ? hexadecimal(yaml, xxh128, 32)
                             : hexadecimal(yaml, om_yaml_get(yaml, entry, "sha256"), 64),
        };
        const struct om_yaml_node *folder = om_yaml_find(entry, "folder");
        if (folder)
            at->folder = base_name(yaml, folder);
        if (!keyed)
            at->bytes = whole_number(yaml, om_yaml_get(yaml, entry, "bytes"));
    }
    return file;
}

static const char **
read_texts(struct om_yaml *yaml, const struct om_yaml_node *list, size_t *n)
{
    list = om_yaml_sequence(yaml, list);
    const char **text = om_yaml_array(yaml, (list ? list->n : 0) + 1, sizeof *text);
    om_yaml_each(entry, list)
    {
        const char *one = text ? om_yaml_text(yaml, entry) : NULL;
        if (!one)
            break;
        text[(*n)++] = one;
    }
    return text;
}

static void
read_instruments(struct om_manifest *manifest, const struct om_yaml_node *list)
{
    struct om_yaml *yaml = &manifest->yaml;
    list = om_yaml_sequence(yaml, list);
    manifest->instrument = om_yaml_array(yaml, (list ? list->n : 0) + 1, sizeof *manifest->instrument);
    om_yaml_each(entry, list)
    {
        if (!manifest->instrument || yaml->status != OM_OK)
            break;
        manifest->instrument[manifest->n_instruments++] =
            (struct om_manifest_instrument){om_yaml_text(yaml, om_yaml_get(yaml, entry, "id")),
                                            om_yaml_text(yaml, om_yaml_get(yaml, entry, "version")),
                                            om_yaml_text(yaml, om_yaml_get(yaml, entry, "sha256"))};
    }
}

static void
read_build(struct om_yaml *yaml, const struct om_yaml_node *root, struct om_build *build)
{
    build->version = om_yaml_text(yaml, om_yaml_get(yaml, root, "version"));
    build->commit = om_yaml_text(yaml, om_yaml_get(yaml, root, "commit"));
    om_yaml_each(entry, om_yaml_mapping(yaml, om_yaml_get(yaml, root, "libraries")))
    {
        if (build->n_libraries == OM_LIBRARIES_MAX) {
            om_yaml_fail(yaml, entry, NULL, "there are too many libraries");
            return;
        }
        build->library[build->n_libraries++] =
            (struct om_library){entry->key->text, om_yaml_text(yaml, entry)};
    }
}

static void
read_all(struct om_manifest *manifest)
{
    struct om_yaml *yaml = &manifest->yaml;
    const struct om_yaml_node *root = om_yaml_mapping(yaml, yaml->root);
    const struct om_yaml_node *outputs = om_yaml_find(root, "outputs"), *date = om_yaml_find(root, "date");
    read_build(yaml, root, &manifest->built_by);
    manifest->date = date ? om_yaml_text(yaml, date) : NULL;
    manifest->input = read_files(yaml, om_yaml_get(yaml, root, "inputs"), false, &manifest->n_inputs);
    manifest->file = read_files(yaml, om_yaml_get(yaml, root, "files"), true, &manifest->n_files);
    if (outputs)
        manifest->output = read_files(yaml, outputs, false, &manifest->n_outputs);
    manifest->option = read_texts(yaml, om_yaml_get(yaml, root, "options"), &manifest->n_options);
    manifest->view = read_texts(yaml, om_yaml_get(yaml, root, "view"), &manifest->n_views);
    read_instruments(manifest, om_yaml_get(yaml, root, "instruments"));
}

static om_status
fail_without(const char *name, struct om_error *err)
{
    om_fail(err, OM_ERR_PANEL, "there is no manifest in it");
    om_place(err, name, 0, 0);
    om_hint(err, "JSON, HTML, Markdown and text reports hold one; for CSV and XLSX give the file that "
                 "--manifest wrote");
    return OM_ERR_PANEL;
}

om_status
om_manifest_read(struct om_manifest *manifest, const char *name, const char *bytes, size_t length,
                 struct om_error *err)
{
    *manifest = (struct om_manifest){0};
    struct om_buffer plain = OM_BUFFER_EMPTY;
    struct om_error why = {0};
    om_status status = OM_OK;
    const bool html = is_html(bytes, length);
    if (html) {
        /* quotes of JSON may be written as references: look for the beginning once they are taken back */
        static const char schema[] = OM_MANIFEST_SCHEMA;
        const char *last = NULL, *rest = bytes, *end = bytes + length;
        for (const char *at; (at = memmem(rest, (size_t)(end - rest), schema, sizeof schema - 1));
             rest = at + 1)
            last = at;
        const char *brace = last ? memrchr(bytes, '{', (size_t)(last - bytes)) : NULL;
        if (brace)
            decode_html(&plain, brace, (size_t)(end - brace));
        bytes = om_buffer_string(&plain);
        length = plain.length;
    }
    const char *begin = om_buffer_ok(&plain) ? find_begin(bytes, length) : NULL;
    const size_t size = begin ? object_length(begin, (size_t)(bytes + length - begin)) : 0;
    if (!om_buffer_ok(&plain))
        status = om_fail_memory(err);
    else if (!size)
        status = fail_without(name, err);
    if (status == OM_OK) {
        manifest->beside = begin == bytes && !html;
        status = om_yaml_parse(&manifest->yaml, name, begin, size, &why);
        if (status == OM_OK) {
            read_all(manifest);
            status = manifest->yaml.status;
            manifest->yaml.err = NULL;
        }
        if (status == OM_ERR_NOMEM)
            om_fail_memory(err);
        else if (status != OM_OK) {
            status = om_fail(err, OM_ERR_PANEL, "the manifest in it cannot be read: %s", why.message);
            om_place(err, name, 0, 0);
        }
    }
    om_buffer_release(&plain);
    return status;
}

void
om_manifest_release(struct om_manifest *manifest)
{
    om_free(manifest->input);
    om_free(manifest->file);
    om_free(manifest->output);
    om_free(manifest->option);
    om_free(manifest->view);
    om_free(manifest->instrument);
    om_yaml_release(&manifest->yaml);
    *manifest = (struct om_manifest){0};
}
