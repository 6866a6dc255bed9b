#include "analysis/settings.h"

#include "base/error.h"
#include "base/memory.h"
#include "io/path.h"

#include <string.h>

void
om_settings_release(struct om_study_settings *settings)
{
    for (size_t i = 0; i < settings->n; i++) {
        om_free(settings->at[i].target);
        om_free(settings->at[i].text);
        om_texts_release(&settings->at[i].values);
    }
    for (size_t i = 0; i < settings->n_sources; i++)
        om_free(settings->source[i].path);
    om_free(settings->at);
    om_free(settings->source);
    *settings = (struct om_study_settings){0};
}

om_status
om_settings_add(struct om_study_settings *settings, const struct om_study_key *key, const char *target,
                const struct om_texts *values, struct om_error *err)
{
    if (!om_grow(&settings->at, &settings->capacity, settings->n, sizeof *settings->at))
        return om_fail_memory(err);
    struct om_study_setting *setting = &settings->at[settings->n++];
    *setting = (struct om_study_setting){.key = key};
    if (target) {
        setting->target = om_strdup(target);
        if (!setting->target)
            return om_fail_memory(err);
    }
    for (size_t i = 0; i < values->n; i++)
        OM_TRY(om_texts_add(&setting->values, values->at[i], strlen(values->at[i]), err));
    struct om_buffer text = OM_BUFFER_EMPTY;
    om_buffer_format(&text, "%s: ", key->name);
    om_setting_value(&text, setting, false);
    setting->text = om_buffer_take(&text);
    return setting->text ? OM_OK : om_fail_memory(err);
}

om_status
om_settings_add_source(struct om_study_settings *settings, const char *key, const char *path,
                       const char *sha256, struct om_error *err)
{
    if (!om_grow(&settings->source, &settings->source_capacity, settings->n_sources,
                 sizeof *settings->source))
        return om_fail_memory(err);
    struct om_study_source *source = &settings->source[settings->n_sources];
    *source = (struct om_study_source){.key = key, .path = om_strdup(path)};
    if (!source->path)
        return om_fail_memory(err);
    memcpy(source->sha256, sha256, sizeof source->sha256);
    settings->n_sources++;
    return OM_OK;
}

/* --- the text form ------------------------------------------------------------------------------------- */

static bool
is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* Adds text with a backslash before each byte that is in `special`, and before blanks at its ends. */
static void
escape(struct om_buffer *out, const char *text, const char *special)
{
    const size_t length = strlen(text);
    for (size_t i = 0; i < length; i++) {
        if (strchr(special, text[i]) || (is_blank(text[i]) && (i == 0 || i + 1 == length)))
            om_buffer_char(out, '\\');
        om_buffer_char(out, text[i]);
    }
}

void
om_setting_value(struct om_buffer *out, const struct om_study_setting *setting, bool base_names)
{
    const struct om_study_key *key = setting->key;
    const bool short_names = base_names && key->argument && strstr(key->argument, "FILE");
    bool equals = setting->target != NULL; /* without a target, the first equals sign would make one */
    for (size_t i = 0; i < setting->values.n; i++)
        equals |= key->targeted && strchr(setting->values.at[i], '=');
    if (setting->target)
        escape(out, setting->target, "\\=");
    om_buffer_text(out, equals ? "=" : "");
    for (size_t i = 0; i < setting->values.n; i++) {
        const char *value = setting->values.at[i];
        if (short_names)
            value = om_path_base(value);
        om_buffer_text(out, i ? "," : "");
        if (key->list)
            escape(out, value, "\\,");
        else
            om_buffer_text(out, value);
    }
}

/* Takes text up to an unescaped `end` or its NUL; blanks around it are left out. Returns where it stopped. */
static const char *
unescape(struct om_buffer *out, const char *text, char end)
{
    size_t kept = 0; /* bytes up to the last that is no blank */
    om_buffer_clear(out);
    for (; *text && *text != end; text++) {
        const bool escaped = *text == '\\' && (text[1] == end || text[1] == '\\' || is_blank(text[1]));
        if (escaped)
            text++;
        else if (is_blank(*text) && out->length == 0)
            continue;
        om_buffer_char(out, *text);
        if (escaped || !is_blank(*text))
            kept = out->length;
    }
    if (om_buffer_ok(out) && out->data)
        out->data[out->length = kept] = '\0';
    return text;
}

static om_status
parse_target(const char **text, char **target, struct om_error *err)
{
    struct om_buffer part = OM_BUFFER_EMPTY;
    const char *end = unescape(&part, *text, '=');
    om_status status = OM_OK;
    if (*end) {
        *text = end + 1;
        *target = part.length ? om_strdup(om_buffer_string(&part)) : NULL;
        if (!om_buffer_ok(&part) || (part.length && !*target))
            status = om_fail_memory(err);
    }
    om_buffer_release(&part);
    return status;
}

om_status
om_setting_parse(const struct om_study_key *key, const char *text, char **target, struct om_texts *values,
                 struct om_error *err)
{
    *target = NULL;
    if (key->targeted)
        OM_TRY(parse_target(&text, target, err));
    if (!key->list)
        return om_texts_add(values, text, strlen(text), err);
    struct om_buffer part = OM_BUFFER_EMPTY;
    om_status status = OM_OK;
    for (bool more = true; more && status == OM_OK;) {
        const char *end = unescape(&part, text, ',');
        status = om_buffer_ok(&part) ? om_texts_add(values, om_buffer_string(&part), part.length, err)
                                     : om_fail_memory(err);
        more = *end != '\0';
        text = end + 1;
    }
    om_buffer_release(&part);
    return status;
}
