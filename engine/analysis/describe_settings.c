#include "analysis/describe.h"
#include "analysis/families.h"

#include <string.h>

/* Values by target, as they are written: "all" stands for no target. Everything is borrowed but the value
 * texts. */
struct grouped {
    struct om_texts target, value;
    bool failed;
};

static void
group_add(struct grouped *grouped, const char *target, const struct om_buffer *value)
{
    if (!target)
        target = "all";
    const char *text = om_buffer_string(value);
    if (!om_buffer_ok(value) || om_texts_add(&grouped->target, target, strlen(target), NULL) != OM_OK ||
        om_texts_add(&grouped->value, text, value->length, NULL) != OM_OK)
        grouped->failed = true;
}

/* key:
 *   target: [value, value]     */
static void
group_write(struct om_buffer *out, const char *key, const char *brackets, struct grouped *grouped)
{
    size_t n = grouped->value.n; /* a target without its value is a failure */
    out->failed |= grouped->failed;
    if (n)
        om_buffer_format(out, "%s:\n", key);
    for (size_t i = 0; i < n; i++) {
        if (om_texts_find(&grouped->target, grouped->target.at[i]) != (int)i)
            continue;
        om_buffer_text(out, "  ");
        om_write_quoted(out, grouped->target.at[i]);
        om_buffer_format(out, ": %c", brackets[0]);
        for (size_t k = i; k < n; k++)
            if (om_texts_find(&grouped->target, grouped->target.at[k]) == (int)i)
                om_buffer_format(out, "%s%s", k > i ? ", " : "", grouped->value.at[k]);
        om_buffer_format(out, "%c\n", brackets[1]);
    }
    om_texts_release(&grouped->target);
    om_texts_release(&grouped->value);
}

static void
group_text(struct grouped *grouped, const char *target, const char *text)
{
    struct om_buffer value = OM_BUFFER_EMPTY;
    om_write_quoted(&value, text);
    group_add(grouped, target, &value);
    om_buffer_release(&value);
}

/* Does the study itself say what this cell means? Then the code book does not. */
static bool
is_said(const struct om_panel_spec *spec, const struct om_instrument *instrument, const char *text)
{
    for (size_t i = 0; i < spec->n_tokens; i++)
        if (strcmp(spec->token[i].text, text) == 0 &&
            (!spec->token[i].column || strcmp(spec->token[i].column, instrument->id) == 0))
            return true;
    return false;
}

/* Codes that came with a code book must be said once the columns are listed one by one. */
static void
add_code_books(struct grouped *grouped, const struct om_panel *panel, uint8_t code)
{
    const struct om_recognition *read = &panel->file[0].recognition;
    for (size_t f = 0; f < read->n_forms; f++) {
        const struct om_naming *naming = read->form[f].naming;
        const struct om_instrument *instrument = read->form[f].instrument;
        if (!naming ||
            (f > 0 && read->form[f - 1].instrument == instrument)) /* forms are in instrument order */
            continue;
        char *const *text = code == OM_CODE_DECLINED ? naming->declined : naming->missing;
        size_t n = code == OM_CODE_DECLINED ? naming->n_declined : naming->n_missing;
        for (size_t i = 0; i < n; i++)
            if (!is_said(panel->spec, instrument, text[i]))
                group_text(grouped, instrument->id, text[i]);
    }
}

static void
write_tokens(struct om_buffer *out, const struct om_panel *panel, const char *key, uint8_t code)
{
    const struct om_panel_spec *spec = panel->spec;
    struct grouped grouped = {.failed = false};
    for (size_t i = 0; i < spec->n_tokens; i++)
        if (spec->token[i].code == code)
            group_text(&grouped, spec->token[i].column, spec->token[i].text);
    if (code != OM_CODE_NA)
        add_code_books(&grouped, panel, code);
    group_write(out, key, "[]", &grouped);
}

static void
write_recodes(struct om_buffer *out, const struct om_panel_spec *spec)
{
    struct grouped grouped = {.failed = false};
    for (size_t i = 0; i < spec->n_recodes; i++) {
        struct om_buffer value = OM_BUFFER_EMPTY;
        om_write_quoted(&value, spec->recode[i].text);
        om_buffer_format(&value, ": %d", spec->recode[i].code);
        group_add(&grouped, spec->recode[i].column, &value);
        om_buffer_release(&value);
    }
    group_write(out, "recode", "{}", &grouped);
}

/* One number a target, the last one given. */
static void
write_numbers(struct om_buffer *out, const char *key, const struct om_study_number *number, size_t n)
{
    if (n)
        om_buffer_format(out, "%s:\n", key);
    for (size_t i = 0; i < n; i++) {
        const char *target = number[i].instrument ? number[i].instrument : "all";
        bool again = false;
        for (size_t k = i + 1; k < n; k++)
            again |= strcmp(target, number[k].instrument ? number[k].instrument : "all") == 0;
        if (again)
            continue;
        om_buffer_format(out, "  %s: ", target);
        om_buffer_double(out, om_fraction_value(number[i].value));
        om_buffer_char(out, '\n');
    }
}

/* Every value that was set of a key. */
static void
write_as_set(struct om_buffer *out, const struct om_study *study, const char *key)
{
    size_t n = 0;
    for (size_t i = 0; i < study->set.n; i++) {
        const struct om_study_setting *set = &study->set.at[i];
        for (size_t k = 0; k < set->values.n && strcmp(set->key->name, key) == 0; k++) {
            om_buffer_format(out, n++ ? ", " : "%s: [", key);
            om_write_quoted(out, set->values.at[k]);
        }
    }
    om_buffer_text(out, n ? "]\n" : "");
}

static void
write_delimiter(struct om_buffer *out, char delimiter)
{
    char text[2] = {delimiter, '\0'};
    if (!delimiter)
        return;
    om_buffer_text(out, "delimiter: ");
    om_write_quoted(out, delimiter == '\t' ? "tab" : text);
    om_buffer_char(out, '\n');
}

static void
write_families(struct om_buffer *out, const struct om_study *study)
{
    size_t n = 0;
    for (size_t f = 0; om_families[f].id; f++)
        if (om_family_asked(study, f))
            om_buffer_format(out, "%s%s", n++ ? ", " : "statistics: [", om_families[f].id);
    om_buffer_text(out, n ? "]\n" : "");
}

static void
write_agreement(struct om_buffer *out, const struct om_study *study)
{
    if (study->joint_improvement != OM_JOINT_COMPOSITE)
        om_buffer_format(out, "nhs: %s\n", om_joint_improvement_id(study->joint_improvement));
    if (study->rtm_alpha && study->n_rtm_correlations == 0)
        om_buffer_text(out, "rtm-correlation: alpha\n");
    write_numbers(out, "rtm-correlation", study->rtm_correlation, study->n_rtm_correlations);
    if (study->rtm_alpha && study->n_rtm_correlations > 0)
        om_buffer_text(out, "  all: alpha\n");
}

/* Only what differs from the defaults. */
static void
write_paired(struct om_buffer *out, const struct om_study_paired *paired)
{
    if (paired->wilcoxon.zeros != OM_ZEROS_DROP || paired->wilcoxon.p != OM_WILCOXON_AUTO)
        om_buffer_format(out, "wilcoxon: [%s, %s]\n", om_wilcoxon_zeros_words[paired->wilcoxon.zeros],
                         om_wilcoxon_p_words[paired->wilcoxon.p]);
    write_numbers(out, "equivalence", paired->equivalence, paired->n_equivalences);
    for (size_t i = 0; i < paired->n_effects; i++) {
        om_buffer_text(out, i ? ", " : "effect: [");
        om_buffer_double(out, paired->effect[i]);
    }
    om_buffer_text(out, paired->n_effects ? "]\n" : "");
    if (paired->replicates != 10000)
        om_buffer_format(out, "replicates: %zu\n", paired->replicates);
    if (paired->seed != 1)
        om_buffer_format(out, "seed: %llu\n", (unsigned long long)paired->seed);
}

static void
write_severities(struct om_buffer *out, const struct om_panel_spec *spec)
{
    size_t n = 0;
    for (int code = OM_FINDING_FIRST; code <= OM_FINDING_LAST; code++) {
        uint8_t said = spec->said[code - OM_FINDING_FIRST];
        if (said != OM_SAID_NOTHING)
            om_buffer_format(
                out, "%sOM%d=%s", n++ ? ", " : "severity: [", code,
                said == OM_SAID_OFF ? "off" : om_severity_name((enum om_severity)(said - OM_SAID_LEAST)));
    }
    om_buffer_text(out, n ? "]\n" : "");
}

/* In the largest unit that says it exactly. */
static void
write_max_input(struct om_buffer *out, uint64_t size)
{
    static const char *const units[] = {"", "K", "M", "G", "T"};
    size_t u = 0;
    while (size > 0 && size % 1024 == 0 && u < 4) {
        size /= 1024;
        u++;
    }
    if (size > 0)
        om_buffer_format(out, "max-input: %llu%s\n", (unsigned long long)size, units[u]);
}

static void
write_rules_between_fields(struct om_buffer *out, const struct om_exam_settings *exam)
{
    for (size_t i = 0; i < exam->n_rules; i++) {
        om_buffer_text(out, i ? "  - " : "checks:\n  - ");
        struct om_buffer rule = OM_BUFFER_EMPTY;
        om_buffer_text(&rule, exam->rule[i].text);
        if (exam->rule[i].message)
            om_buffer_format(&rule, "=> %s", exam->rule[i].message);
        om_write_quoted(out, om_buffer_string(&rule));
        out->failed |= rule.failed;
        om_buffer_release(&rule);
        om_buffer_char(out, '\n');
    }
}

static void
write_checks(struct om_buffer *out, const struct om_exam_settings *exam)
{
    if (exam->date) {
        om_buffer_text(out, "date: ");
        om_write_quoted(out, exam->date);
        om_buffer_char(out, '\n');
    }
    if (exam->has_interval)
        om_buffer_format(out, "interval: %d..%d\n", exam->interval[0], exam->interval[1]);
    if (om_fraction_compare(exam->max_missing, (struct om_fraction){1, 5}) != 0) {
        om_buffer_text(out, "max-missing: ");
        om_buffer_double(out, om_fraction_value(exam->max_missing));
        om_buffer_char(out, '\n');
    }
    if (exam->min_group != 5)
        om_buffer_format(out, "min-group: %zu\n", exam->min_group);
    write_rules_between_fields(out, exam);
}

/* The last one that was set; earlier ones count as well, but one is usual. */
static void
write_schema(struct om_buffer *out, const struct om_study *study)
{
    const char *last = NULL;
    for (size_t i = 0; i < study->set.n; i++)
        if (strcmp(study->set.at[i].key->name, "schema") == 0)
            last = study->set.at[i].values.at[0];
    if (!last)
        return;
    om_buffer_text(out, "schema: ");
    om_write_quoted(out, last);
    om_buffer_char(out, '\n');
}

void
om_write_settings(struct om_buffer *out, const struct om_study *study, const struct om_panel *panel)
{
    static const char *const policies[] = {"error", "first", "last", "reject-all"};
    write_as_set(out, study, "instrument");
    write_as_set(out, study, "scale");
    write_delimiter(out, study->panel.delimiter);
    if (study->panel.encoding != OM_ENCODING_UTF8)
        om_buffer_format(out, "encoding: %s\n", om_encoding_word(study->panel.encoding));
    if (study->panel.allow_empty)
        om_buffer_text(out, "allow-empty: true\n");
    if (study->formula_guard != OM_FORMULA_ERROR)
        om_buffer_format(out, "formula-guard: %s\n",
                         study->formula_guard == OM_FORMULA_ESCAPE ? "escape" : "off");
    write_tokens(out, panel, "missing", OM_CODE_BLANK);
    write_tokens(out, panel, "declined", OM_CODE_DECLINED);
    write_tokens(out, panel, "not-applicable", OM_CODE_NA);
    write_recodes(out, &study->panel);
    om_buffer_format(out, "missing-rule: %s # or prorate: by each instrument's own rule\n",
                     study->missing_rule == OM_MISSING_PRORATE ? "prorate" : "complete");
    om_buffer_format(out, "duplicates: %s # or first, last, reject-all\n", policies[study->panel.duplicates]);
    om_buffer_format(out, "population: %s # or all, positive\n",
                     !study->populations[1]  ? "all"
                     : study->populations[0] ? "both"
                                             : "positive");
    om_write_rules(out, study);
    if (study->n_shifts == 0)
        om_buffer_text(out, "shift: 5 # points; or a mapping, such as {bipf: 10}\n");
    write_numbers(out, "shift", study->shift, study->n_shifts);
    write_numbers(out, "cutoff", study->cutoff, study->n_cutoffs);
    write_as_set(out, study, "describe");
    write_agreement(out, study);
    write_families(out, study);
    if (study->reference) {
        om_buffer_text(out, "reference: ");
        om_write_quoted(out, study->reference);
        om_buffer_char(out, '\n');
    }
    for (size_t i = 0; i < study->n_times; i++) {
        om_buffer_text(out, i ? ", " : "occasion-times: [");
        om_buffer_double(out, study->time[i]);
    }
    om_buffer_text(out, study->n_times ? "]\n" : "");
    write_paired(out, &study->paired);
    if (study->level != 0.95) {
        om_buffer_text(out, "level: ");
        om_buffer_double(out, study->level);
        om_buffer_char(out, '\n');
    }
    if (study->panel.max_groups != OM_MAX_GROUPS)
        om_buffer_format(out, "max-groups: %zu\n", study->panel.max_groups);
    if (study->shareable.below > 0 && strcmp(study->shareable.preset, "own") != 0)
        om_buffer_format(out, "shareable: %s\n", study->shareable.preset);
    else if (study->shareable.below > 0)
        om_buffer_format(out, "shareable: below=%llu,round=%llu\n",
                         (unsigned long long)study->shareable.below,
                         (unsigned long long)study->shareable.round);
    if (study->strict)
        om_buffer_text(out, "strict: true\n");
    write_severities(out, &study->panel);
    write_max_input(out, study->panel.max_input);
    write_schema(out, study);
    write_checks(out, &study->exam);
    om_buffer_text(out, "# missing: ['99'] # cells that mean no answer; {COLUMN: [...]} for one column\n"
                        "# cutoff: {pcl5: 31}\n"
                        "# by: [cohort]\n");
}
