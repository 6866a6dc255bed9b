#include "analysis/families.h"
#include "analysis/study.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/number.h"

#include <string.h>

/* --- helpers ------------------------------------------------------------------------------------------- */

om_status
om_fail_key(struct om_error *err, const char *key, const char *possible)
{
    om_fail(err, OM_ERR_USAGE, "%s: this value is not possible", key);
    om_hint(err, "%s", possible);
    return OM_ERR_USAGE;
}

/* Which of the words a value is. */
static om_status
choose(const struct om_texts *values, const char *key, const char *const *words, size_t n, int *out,
       struct om_error *err)
{
    for (size_t i = 0; i < n; i++)
        if (om_ascii_equal(values->at[0], strlen(values->at[0]), words[i])) {
            *out = (int)i;
            return OM_OK;
        }
    struct om_buffer list = OM_BUFFER_EMPTY;
    for (size_t i = 0; i < n; i++)
        om_buffer_format(&list, "%s%s", i ? ", " : "possible: ", words[i]);
    om_status status = om_fail_key(err, key, om_buffer_string(&list));
    om_buffer_release(&list);
    return status;
}

static om_status
copy_text(char **out, const char *text, struct om_error *err)
{
    char *copy = om_strdup(text);
    if (!copy)
        return om_fail_memory(err);
    om_free(*out);
    *out = copy;
    return OM_OK;
}

static om_status
copy_list(struct om_texts *out, const struct om_texts *values, struct om_error *err)
{
    for (size_t i = 0; i < values->n; i++)
        OM_TRY(om_texts_add(out, values->at[i], strlen(values->at[i]), err));
    return OM_OK;
}

/* --- the panel ----------------------------------------------------------------------------------------- */

static om_status
set_id(struct om_study *study, const char *target, const struct om_texts *values, struct om_error *err)
{
    (void)target;
    return copy_text(&study->panel.id, values->at[0], err);
}

static om_status
set_by(struct om_study *study, const char *target, const struct om_texts *values, struct om_error *err)
{
    (void)target;
    for (size_t i = 0; i < values->n; i++)
        if (!*values->at[i])
            return om_fail_key(err, "by", "give the names of columns, separated by commas");
    for (size_t i = 0; i < values->n; i++) {
        if (om_texts_find(&study->panel.by, values->at[i]) >= 0)
            continue; /* a study file and the command line may both name it */
        if (study->panel.by.n == OM_GROUPING_MAX)
            return om_fail_key(err, "by", "at most 16 columns");
        OM_TRY(om_texts_add(&study->panel.by, values->at[i], strlen(values->at[i]), err));
    }
    return OM_OK;
}

static om_status
add_input(struct om_study *study, const char *occasion, const char *path, struct om_error *err)
{
    struct om_panel_spec *panel = &study->panel;
    if (!om_grow(&panel->input, &panel->input_capacity, panel->n_inputs, sizeof *panel->input))
        return om_fail_memory(err);
    struct om_panel_input *input = &panel->input[panel->n_inputs++];
    *input = (struct om_panel_input){0};
    OM_TRY(copy_text(&input->path, path, err));
    return occasion ? copy_text(&input->occasion, occasion, err) : OM_OK;
}

static om_status
set_occasion(struct om_study *study, const char *target, const struct om_texts *values, struct om_error *err)
{
    if (!target || !*target || !*values->at[0])
        return om_fail_key(err, "occasion", "write NAME=FILE, for example pre=wave1.csv");
    return add_input(study, target, values->at[0], err);
}

static om_status
set_input(struct om_study *study, const char *target, const struct om_texts *values, struct om_error *err)
{
    (void)target;
    for (size_t i = 0; i < values->n; i++)
        OM_TRY(add_input(study, NULL, values->at[i], err));
    return OM_OK;
}

static om_status
set_occasion_column(struct om_study *study, const char *target, const struct om_texts *values,
                    struct om_error *err)
{
    (void)target;
    return copy_text(&study->panel.occasion_column, values->at[0], err);
}

static om_status
set_occasions(struct om_study *study, const char *target, const struct om_texts *values, struct om_error *err)
{
    (void)target;
    om_texts_release(&study->panel.occasions);
    for (size_t i = 0; i < values->n; i++)
        if (!*values->at[i] || om_texts_find(&study->panel.occasions, values->at[i]) >= 0)
            return om_fail_key(err, "occasions",
                               "name the first and the last occasion, for example pre,post");
        else
            OM_TRY(om_texts_add(&study->panel.occasions, values->at[i], strlen(values->at[i]), err));
    return OM_OK;
}

static om_status
set_layout(struct om_study *study, const char *target, const struct om_texts *values, struct om_error *err)
{
    (void)target;
    static const char *const words[] = {"auto", "wide", "long"};
    int which;
    OM_TRY(choose(values, "layout", words, 3, &which, err));
    study->panel.layout = (enum om_layout)which;
    return OM_OK;
}

/* INSTRUMENT=PATTERN, INSTRUMENT=COLUMN,COLUMN,...; INSTRUMENT@OCCASION= for one occasion. */
static om_status
set_map(struct om_study *study, const char *target, const struct om_texts *values, struct om_error *err)
{
    struct om_panel_spec *panel = &study->panel;
    if (!target || !*target || !*values->at[0])
        return om_fail_key(err, "map",
                           "write phq9='PATTERN with {item} and perhaps {occasion}' or "
                           "phq9=COLUMN,COLUMN,... in item order");
    if (!om_grow(&panel->map, &panel->map_capacity, panel->n_maps, sizeof *panel->map))
        return om_fail_memory(err);
    struct om_panel_map *map = &panel->map[panel->n_maps++];
    *map = (struct om_panel_map){0};
    size_t name = strcspn(target, "@");
    map->instrument = om_strndup(target, name);
    if (!map->instrument)
        return om_fail_memory(err);
    if (target[name])
        OM_TRY(copy_text(&map->occasion, target + name + 1, err));
    if (values->n == 1 && strstr(values->at[0], "{item}"))
        return copy_text(&map->pattern, values->at[0], err);
    return copy_list(&map->columns, values, err);
}

static om_status
set_delimiter(struct om_study *study, const char *target, const struct om_texts *values, struct om_error *err)
{
    (void)target;
    static const struct {
        const char *word;
        char byte;
    } known[] = {{"comma", ','}, {"semicolon", ';'}, {"tab", '\t'}, {"\\t", '\t'}, {"pipe", '|'}};
    const char *text = values->at[0];
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strcmp(text, known[i].word) == 0) {
            study->panel.delimiter = known[i].byte;
            return OM_OK;
        }
    if (strlen(text) != 1 || strchr("\"\r\n", *text) || (unsigned char)*text >= 0x80)
        return om_fail_key(err, "delimiter", "possible: comma, semicolon, tab, pipe, or one character");
    study->panel.delimiter = *text;
    return OM_OK;
}

static om_status
set_duplicates(struct om_study *study, const char *target, const struct om_texts *values,
               struct om_error *err)
{
    (void)target;
    static const char *const words[] = {"error", "first", "last", "reject-all"};
    int which;
    OM_TRY(choose(values, "duplicates", words, 4, &which, err));
    study->panel.duplicates = (enum om_duplicates)which;
    return OM_OK;
}

static om_status
set_max_groups(struct om_study *study, const char *target, const struct om_texts *values,
               struct om_error *err)
{
    (void)target;
    int32_t n;
    if (om_integer_parse(values->at[0], strlen(values->at[0]), &n) != 1 || n < 1)
        return om_fail_key(err, "max-groups", "a whole number, 1 or more");
    study->panel.max_groups = (size_t)n;
    return OM_OK;
}

static om_status
set_instrument(struct om_study *study, const char *target, const struct om_texts *values,
               struct om_error *err)
{
    (void)target;
    for (size_t i = 0; i < values->n; i++) {
        const struct om_instrument *added;
        OM_TRY(om_registry_add_file(study->registry, values->at[i], &added, err));
        OM_TRY(om_settings_add_source(&study->set, "instrument", values->at[i], added->sha256, err));
    }
    return OM_OK;
}

/* --- answers ------------------------------------------------------------------------------------------- */

static om_status
add_tokens(struct om_study *study, const char *target, const struct om_texts *values, uint8_t code,
           struct om_error *err)
{
    struct om_panel_spec *panel = &study->panel;
    for (size_t i = 0; i < values->n; i++) {
        if (!om_grow(&panel->token, &panel->token_capacity, panel->n_tokens, sizeof *panel->token))
            return om_fail_memory(err);
        struct om_panel_token *token = &panel->token[panel->n_tokens++];
        *token = (struct om_panel_token){.code = code};
        OM_TRY(copy_text(&token->text, values->at[i], err));
        if (target)
            OM_TRY(copy_text(&token->column, target, err));
    }
    return OM_OK;
}

static om_status
set_missing(struct om_study *study, const char *target, const struct om_texts *values, struct om_error *err)
{
    return add_tokens(study, target, values, OM_CODE_BLANK, err);
}

static om_status
set_declined(struct om_study *study, const char *target, const struct om_texts *values, struct om_error *err)
{
    return add_tokens(study, target, values, OM_CODE_DECLINED, err);
}

static om_status
set_not_applicable(struct om_study *study, const char *target, const struct om_texts *values,
                   struct om_error *err)
{
    return add_tokens(study, target, values, OM_CODE_NA, err);
}

/* TARGET=FROM:TO,FROM:TO,... */
static om_status
set_recode(struct om_study *study, const char *target, const struct om_texts *values, struct om_error *err)
{
    struct om_panel_spec *panel = &study->panel;
    for (size_t i = 0; i < values->n; i++) {
        const char *colon = strrchr(values->at[i], ':');
        int32_t code;
        if (!target || !colon || om_integer_parse(colon + 1, strlen(colon + 1), &code) != 1 || code < 0 ||
            code > OM_CODE_MAX)
            return om_fail_key(err, "recode",
                               "write phq9=1:0,2:1,3:2,4:3 (from:to), for an instrument or a column");
        if (!om_grow(&panel->recode, &panel->recode_capacity, panel->n_recodes, sizeof *panel->recode))
            return om_fail_memory(err);
        struct om_panel_recode *recode = &panel->recode[panel->n_recodes++];
        *recode = (struct om_panel_recode){.code = code};
        OM_TRY(copy_text(&recode->column, target, err));
        recode->text = om_strndup(values->at[i], (size_t)(colon - values->at[i]));
        if (!recode->text)
            return om_fail_memory(err);
    }
    return OM_OK;
}

static om_status
set_missing_rule(struct om_study *study, const char *target, const struct om_texts *values,
                 struct om_error *err)
{
    (void)target;
    static const char *const words[] = {"complete", "prorate"};
    int which;
    OM_TRY(choose(values, "missing-rule", words, 2, &which, err));
    study->missing_rule = (enum om_missing_rule)which;
    return OM_OK;
}

/* --- analysis ------------------------------------------------------------------------------------------ */

static om_status
set_population(struct om_study *study, const char *target, const struct om_texts *values,
               struct om_error *err)
{
    (void)target;
    static const char *const words[] = {"all", "positive", "both"};
    int which;
    OM_TRY(choose(values, "population", words, 3, &which, err));
    study->populations[0] = which != 1;
    study->populations[1] = which != 0;
    return OM_OK;
}

om_status
om_study_add_number(struct om_study_number **list, size_t *n, size_t *capacity, const char *target,
                    struct om_fraction value, struct om_error *err)
{
    struct om_study_number number = {.value = value};
    if (!om_grow(list, capacity, *n, sizeof **list))
        return om_fail_memory(err);
    if (target)
        OM_TRY(copy_text(&number.instrument, target, err));
    (*list)[(*n)++] = number;
    return OM_OK;
}

static om_status
add_number(struct om_study_number **list, size_t *n, size_t *capacity, const char *target, const char *text,
           const char *key, struct om_error *err)
{
    struct om_fraction value;
    if (!om_fraction_parse(text, strlen(text), &value) || value.num < 0)
        return om_fail_key(err, key, "a number of points, 0 or more; INSTRUMENT=NUMBER for one instrument");
    return om_study_add_number(list, n, capacity, target, value, err);
}

static om_status
set_shift(struct om_study *study, const char *target, const struct om_texts *values, struct om_error *err)
{
    return add_number(&study->shift, &study->n_shifts, &study->shift_capacity, target, values->at[0], "shift",
                      err);
}

static om_status
set_cutoff(struct om_study *study, const char *target, const struct om_texts *values, struct om_error *err)
{
    if (!target)
        return om_fail_key(err, "cutoff", "write INSTRUMENT=NUMBER, for example pcl5=31");
    return add_number(&study->cutoff, &study->n_cutoffs, &study->cutoff_capacity, target, values->at[0],
                      "cutoff", err);
}

static om_status
fail_family(struct om_error *err)
{
    struct om_buffer list = OM_BUFFER_EMPTY;
    for (size_t i = 0; om_families[i].id; i++)
        om_buffer_format(&list, "%s, ", om_families[i].id);
    om_fail(err, OM_ERR_USAGE, "statistics: this value is not possible");
    om_hint(err, "possible: %sall", om_buffer_string(&list));
    om_buffer_release(&list);
    return OM_ERR_USAGE;
}

static om_status
set_statistics(struct om_study *study, const char *target, const struct om_texts *values,
               struct om_error *err)
{
    (void)target;
    for (size_t i = 0; i < values->n; i++) {
        bool all = strcmp(values->at[i], "all") == 0;
        int family = om_family_find(values->at[i]);
        if (!all && family < 0)
            return fail_family(err);
        for (size_t k = 0; om_families[k].id; k++)
            study->families[k] |= all || (int)k == family;
    }
    for (size_t k = 0; om_families[k].id; k++)
        study->panel.every_occasion |= study->families[k] && om_families[k].every_occasion;
    return OM_OK;
}

static om_status
set_level(struct om_study *study, const char *target, const struct om_texts *values, struct om_error *err)
{
    (void)target;
    struct om_fraction value;
    if (!om_fraction_parse(values->at[0], strlen(values->at[0]), &value) || value.num <= 0 ||
        value.num >= value.den)
        return om_fail_key(err, "level", "a number between 0 and 1, such as 0.95");
    study->level = om_fraction_value(value);
    return OM_OK;
}

static om_status
set_strict(struct om_study *study, const char *target, const struct om_texts *values, struct om_error *err)
{
    (void)target;
    static const char *const words[] = {"false", "true"};
    int which;
    OM_TRY(choose(values, "strict", words, 2, &which, err));
    study->strict = which == 1;
    return OM_OK;
}

/* --- running ------------------------------------------------------------------------------------------- */

static om_status
set_threads(struct om_study *study, const char *target, const struct om_texts *values, struct om_error *err)
{
    (void)target;
    int32_t n;
    if (om_integer_parse(values->at[0], strlen(values->at[0]), &n) != 1 || n < 1 || n > OM_THREADS_MAX)
        return om_fail_key(err, "threads", "a whole number from 1 to 256");
    study->panel.threads = (size_t)n;
    return OM_OK;
}

/* "3/64". */
static om_status
read_part(const char *key, const char *text, size_t *part, size_t *parts, struct om_error *err)
{
    const char *slash = strchr(text, '/');
    int32_t k, n;
    if (!slash || om_integer_parse(text, (size_t)(slash - text), &k) != 1 ||
        om_integer_parse(slash + 1, strlen(slash + 1), &n) != 1 || k < 1 || n < k || n > OM_SHARDS_MAX)
        return om_fail_key(err, key, "which one of how many, such as 3/64: from 1/1 to 1000000/1000000");
    *part = (size_t)k;
    *parts = (size_t)n;
    return OM_OK;
}

static om_status
set_shard(struct om_study *study, const char *target, const struct om_texts *values, struct om_error *err)
{
    (void)target;
    return read_part("shard", values->at[0], &study->panel.shard, &study->panel.n_shards, err);
}

static om_status
set_persons(struct om_study *study, const char *target, const struct om_texts *values, struct om_error *err)
{
    (void)target;
    return read_part("persons", values->at[0], &study->panel.part, &study->panel.n_parts, err);
}

bool
om_size_parse(const char *text, uint64_t *size)
{
    static const char units[] = "KMGT";
    size_t length = strlen(text);
    int32_t n;
    int shift = 0;
    const char *unit = length ? strchr(units, text[length - 1]) : NULL;
    if (unit) {
        shift = 10 * ((int)(unit - units) + 1);
        length--;
    }
    if (om_integer_parse(text, length, &n) != 1 || n < 1)
        return false;
    *size = (uint64_t)n << shift;
    return true;
}

static om_status
set_memory(struct om_study *study, const char *target, const struct om_texts *values, struct om_error *err)
{
    uint64_t size;
    (void)target;
    if (!om_size_parse(values->at[0], &size) || size < OM_MEMORY_LEAST)
        return om_fail_key(err, "memory", "a size of 1M or more, such as 500M or 2G");
    study->panel.memory = (size_t)size;
    return OM_OK;
}

static om_status
set_digest(struct om_study *study, const char *target, const struct om_texts *values, struct om_error *err)
{
    (void)target;
    static const char *const words[] = {"auto", "sha256", "xxh128"};
    int which;
    OM_TRY(choose(values, "digest", words, 3, &which, err));
    study->panel.digest = (enum om_digest_kind)which;
    return OM_OK;
}

/* --- which function serves which key ------------------------------------------------------------------- */

static const struct {
    const char *name;
    om_key_apply_fn *apply;
} handlers[] = {
    {"id", set_id},
    {"by", set_by},
    {"occasion", set_occasion},
    {"occasion-column", set_occasion_column},
    {"occasions", set_occasions},
    {"layout", set_layout},
    {"map", set_map},
    {"instrument", set_instrument},
    {"describe", om_key_describe},
    {"scale", om_key_scale},
    {"input", set_input},
    {"delimiter", set_delimiter},
    {"encoding", om_key_encoding},
    {"allow-empty", om_key_allow_empty},
    {"formula-guard", om_key_formula_guard},
    {"duplicates", set_duplicates},
    {"max-groups", set_max_groups},
    {"missing", set_missing},
    {"declined", set_declined},
    {"not-applicable", set_not_applicable},
    {"recode", set_recode},
    {"missing-rule", set_missing_rule},
    {"population", set_population},
    {"rule", om_key_rule},
    {"percent", om_key_percent},
    {"anchor", om_key_anchor},
    {"reliability", om_key_reliability},
    {"clinical-norms", om_key_clinical_norms},
    {"functional-norms", om_key_functional_norms},
    {"jt-cutoff", om_key_jt_cutoff},
    {"reliable", om_key_reliable},
    {"compat", om_key_compat},
    {"shift", set_shift},
    {"cutoff", set_cutoff},
    {"nhs", om_set_nhs},
    {"rtm-correlation", om_set_rtm_correlation},
    {"reference", om_key_reference},
    {"statistics", set_statistics},
    {"occasion-times", om_key_occasion_times},
    {"wilcoxon", om_key_wilcoxon},
    {"equivalence", om_key_equivalence},
    {"effect", om_key_effect},
    {"replicates", om_key_replicates},
    {"seed", om_key_seed},
    {"level", set_level},
    {"shareable", om_key_shareable},
    {"strict", set_strict},
    {"threads", set_threads},
    {"memory", set_memory},
    {"shard", set_shard},
    {"persons", set_persons},
    {"digest", set_digest},
    {"max-input", om_key_max_input},
    {"max-missing", om_key_max_missing},
    {"min-group", om_key_min_group},
    {"date", om_key_date},
    {"interval", om_key_interval},
    {"checks", om_key_checks},
    {"schema", om_key_schema},
    {"severity", om_key_severity},
    {"show-values", om_key_show_values},
};

om_key_apply_fn *
om_key_apply(const char *name)
{
    for (size_t i = 0; i < sizeof handlers / sizeof handlers[0]; i++)
        if (strcmp(handlers[i].name, name) == 0)
            return handlers[i].apply;
    return NULL;
}
