/*
 * What was set of a study, in the order it was set, and the files that were read for it.
 *
 * A setting has a text form, "by: cohort,site" or "map: phq9=p{item}", that says it again exactly: given to
 * om_study_set it sets the same. A comma within a value of a list is written "\,", an equals sign within a
 * target "\=", a backslash "\\", a blank at an end of a value "\ ".
 */
#ifndef OM_ANALYSIS_SETTINGS_H
#define OM_ANALYSIS_SETTINGS_H

#include "base/buffer.h"
#include "io/sha256.h"
#include "panel/spec.h"

#include <omstat/study.h>

struct om_study_setting {
    const struct om_study_key *key;
    char *target; /* NULL = none */
    struct om_texts values;
    char *text; /* "key: value", the value in text form */
};

/* A file that says how to read and compute: a study file, an instrument definition, a table schema. */
struct om_study_source {
    const char *key; /* "study", "instrument", "schema" */
    char *path;
    char sha256[OM_SHA256_TEXT];
};

struct om_study_settings {
    struct om_study_setting *at;
    size_t n, capacity;
    struct om_study_source *source;
    size_t n_sources, source_capacity;
};

void om_settings_release(struct om_study_settings *settings);

om_status om_settings_add(struct om_study_settings *settings, const struct om_study_key *key,
                          const char *target, const struct om_texts *values,
                          struct om_error *err) OM_NODISCARD;
om_status om_settings_add_source(struct om_study_settings *settings, const char *key, const char *path,
                                 const char *sha256, struct om_error *err) OM_NODISCARD;

/* The value in text form; files by their base names when asked for. */
void om_setting_value(struct om_buffer *out, const struct om_study_setting *setting, bool base_names);

/* Takes the text form of a value apart: the target (NULL = none; the caller frees it) and the values. */
om_status om_setting_parse(const struct om_study_key *key, const char *text, char **target,
                           struct om_texts *values, struct om_error *err) OM_NODISCARD;

#endif
