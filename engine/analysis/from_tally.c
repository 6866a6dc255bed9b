/*
 * The counts of a tally, as a run that has them: as if one thread had counted what is in it.
 *
 * Groups are those of the study's --by columns, which are some of the tally's; groups that differ in others
 * come together. From here on nothing knows that there was no panel.
 */
#include "analysis/counted.h"
#include "analysis/families.h"
#include "analysis/fingerprint.h"
#include "analysis/tally_reading.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/number.h"
#include "panel/total.h"
#include "validate/collect.h"

#include <inttypes.h>
#include <omstat/catalogue.h>
#include <omstat/joint.h>
#include <string.h>

/* Where things of the run are in the tally. */
struct conversion {
    const struct om_study *study; /* as it was asked for */
    const struct om_tally *tally;
    const char *name;
    struct om_counted *out;
    size_t by[OM_GROUPING_MAX],
        described[OM_GROUPING_MAX]; /* columns of the tally, as the study orders them */
    size_t *scale;                  /* of the tally, per scale of the run */
};

/* --- may the study ask that of this tally? -------------------------------------------------------------- */

static om_status
fail_column(const struct om_tally_texts *there, const char *key, const char *column, const char *name,
            struct om_error *err)
{
    struct om_buffer list = OM_BUFFER_EMPTY;
    for (size_t i = 0; i < there->n; i++)
        om_buffer_format(&list, "%s%s", i ? ", " : "", there->at[i]);
    om_fail(err, OM_ERR_USAGE, "--%s: this tally does not tell '%s' apart", key, column);
    om_place(err, name, 0, 0);
    om_hint(err, "it was made with --%s %s; for another column the panel has to be tallied again", key,
            there->n ? om_buffer_string(&list) : "of no column");
    om_buffer_release(&list);
    return OM_ERR_USAGE;
}

static om_status
find_columns(const struct om_texts *asked, const struct om_tally_texts *there, const char *key,
             const char *name, size_t *column, struct om_error *err)
{
    for (size_t i = 0; i < asked->n; i++) {
        size_t at = 0;
        while (at < there->n && !om_ascii_equal(there->at[at], strlen(there->at[at]), asked->at[i]))
            at++;
        if (at == there->n)
            return fail_column(there, key, asked->at[i], name, err);
        column[i] = at;
    }
    return OM_OK;
}

static bool
same_occasion(const char *a, const char *b)
{
    return om_ascii_equal(a, strlen(a), b);
}

static om_status
check_occasions(const struct conversion *c, struct om_error *err)
{
    const struct om_texts *asked = &c->study->panel.occasions;
    const char *last = c->tally->last ? c->tally->last : "";
    if (asked->n == 0 || om_tally_names_occasions(&c->tally->setting, c->study) ||
        (same_occasion(asked->at[0], c->tally->first) &&
         same_occasion(asked->n > 1 ? asked->at[asked->n - 1] : "", last)))
        return OM_OK;
    om_fail(err, OM_ERR_USAGE, "--occasions: this tally compares '%.64s'%s%.64s%s", c->tally->first,
            *last ? " and '" : "", last, *last ? "'" : "");
    om_place(err, c->name, 0, 0);
    om_hint(err, "it has nothing about others; the panel has to be tallied again for them");
    return OM_ERR_USAGE;
}

/* Is the family named, or meant by "all"? */
static bool
names_family(const struct om_study *study, const char *family)
{
    static const char key[] = "statistics: ";
    for (size_t i = 0; i < study->set.n; i++) {
        const char *text = study->set.at[i];
        if (strncmp(text, key, sizeof key - 1) != 0)
            continue;
        for (const char *word = text + sizeof key - 1; *word;) {
            size_t length = strcspn(word, ",");
            if (strlen(family) == length && memcmp(word, family, length) == 0)
                return true;
            word += length + (word[length] == ',');
        }
    }
    return false;
}

/* Families that need more than counts: refused when they are named; left out, and said, when all are asked.
 */
static om_status
check_families(struct conversion *c, struct om_study *own, struct om_error *err)
{
    struct om_buffer left_out = OM_BUFFER_EMPTY;
    for (size_t f = 0; om_families[f].id; f++) {
        if (!own->families[f] || !om_families[f].every_occasion)
            continue;
        if (names_family(c->study, om_families[f].id)) {
            om_buffer_release(&left_out);
            om_fail(err, OM_ERR_USAGE, "statistics: %s needs the scores of each person at every occasion",
                    om_families[f].id);
            om_place(err, c->name, 0, 0);
            om_hint(err, "a tally has counts only: report on the panel itself");
            return OM_ERR_USAGE;
        }
        own->families[f] = false;
        om_buffer_format(
            &left_out, "%s%s",
            left_out.length ? ", " : "left out, since a tally cannot know them: ", om_families[f].id);
    }
    own->panel.every_occasion = false;
    om_status status = om_buffer_ok(&left_out) ? OM_OK : om_fail_memory(err);
    if (status == OM_OK && left_out.length)
        status = om_texts_add(&c->out->reading, om_buffer_string(&left_out), left_out.length, err);
    om_buffer_release(&left_out);
    return status;
}

/* --- instruments ---------------------------------------------------------------------------------------- */

static om_status
fail_definition(const struct conversion *c, const struct om_tally_instrument *wanted,
                const struct om_instrument *known, struct om_error *err)
{
    if (!known) {
        om_fail(err, OM_ERR_DEFINITION, "this tally has the instrument '%.32s', which is not known here",
                wanted->id);
        om_hint(err, "name its definition with --instrument FILE");
    } else {
        om_fail(
            err, OM_ERR_DEFINITION,
            "the scores of %.32s in this tally were made by another definition (version %.32s; here it is "
            "version %.32s)",
            wanted->id, wanted->version, known->version ? known->version : "");
        om_hint(err,
                "name the definition it was tallied with by --instrument FILE, or tally the panel again");
    }
    om_place(err, c->name, 0, 0);
    return OM_ERR_DEFINITION;
}

static om_status
check_instrument(const struct conversion *c, const struct om_tally_instrument *wanted,
                 const struct om_instrument *known, struct om_error *err)
{
    char digest[OM_SHA256_TEXT];
    if (!known)
        return fail_definition(c, wanted, known, err);
    OM_TRY(om_instrument_fingerprint(known, digest, err));
    if (strcmp(digest, wanted->digest) != 0 ||
        strcmp(known->version ? known->version : "", wanted->version) != 0)
        return fail_definition(c, wanted, known, err);
    return OM_OK;
}

/* Scores that arrive as totals are known from the settings of the tally. */
static om_status
add_totals(const struct conversion *c, struct om_error *err)
{
    const char *text;
    for (size_t i = 0; i < c->study->set.n; i++)
        if (strncmp(c->study->set.at[i], "scale: ", 7) == 0) /* the study says it, and the same */
            return OM_OK;
    for (size_t n = 0; (text = om_tally_setting(&c->tally->setting, "scale", n)) != NULL; n++)
        OM_TRY(om_study_add_totals(c->study->registry, text, err));
    return OM_OK;
}

/* The instruments of the tally in the order a panel has them: that of the registry, those derived behind. */
static om_status
list_instruments(const struct conversion *c, const struct om_instrument **list, size_t *n,
                 struct om_error *err)
{
    const struct om_registry *registry = c->study->registry;
    const struct om_tally_instrument *wanted = c->tally->instrument;
    OM_TRY(add_totals(c, err));
    for (size_t i = 0; i < c->tally->n_instruments; i++)
        OM_TRY(check_instrument(c, &wanted[i], om_registry_find(registry, wanted[i].id), err));
    *n = 0;
    for (int derived = 0; derived <= 1; derived++)
        for (size_t k = 0; k < om_registry_count(registry); k++)
            for (size_t i = 0; i < c->tally->n_instruments; i++)
                if (wanted[i].derived == derived &&
                    strcmp(om_registry_at(registry, k)->id, wanted[i].id) == 0)
                    list[(*n)++] = om_registry_at(registry, k);
    return OM_OK;
}

static bool
same_scale(const struct conversion *c, const struct om_run_scale *run, const struct om_tally_scale *tally)
{
    return strcmp(c->tally->instrument[tally->instrument].id, run->info.instrument->id) == 0 &&
           strcmp(tally->id, run->info.scale->id) == 0;
}

static om_status
match_scales(struct conversion *c, struct om_error *err)
{
    struct om_run *run = &c->out->run;
    c->scale = om_calloc(run->n_scales + 1, sizeof *c->scale);
    if (!c->scale)
        return om_fail_memory(err);
    bool fits = run->n_scales == c->tally->n_scales;
    for (size_t s = 0; fits && s < run->n_scales; s++) {
        size_t at = 0;
        while (at < c->tally->n_scales && !same_scale(c, &run->scale[s], &c->tally->scale[at]))
            at++;
        c->scale[s] = at;
        fits = at < c->tally->n_scales && c->tally->scale[at].is_total == run->scale[s].is_total &&
               (run->scale[s].is_total || c->tally->scale[at].n_levels == run->scale[s].scorer->n_levels);
    }
    if (fits)
        return OM_OK;
    om_fail(err, OM_ERR_DEFINITION, "the scales of this tally are not those of its instruments");
    om_place(err, c->name, 0, 0);
    om_hint(err, "tally the panel again with this version of omstat");
    return OM_ERR_DEFINITION;
}

/* --- counts --------------------------------------------------------------------------------------------- */

static om_status
fail_content(const struct conversion *c, struct om_error *err)
{
    om_fail(err, OM_ERR_PANEL, "this tally has counts that its instruments cannot have");
    om_place(err, c->name, 0, 0);
    return OM_ERR_PANEL;
}

/* The numbers that the share gives to the values of a total, by the tally's; one entry more for "none". */
static om_status
number_totals(const struct conversion *c, size_t s, uint32_t *number, struct om_error *err)
{
    const struct om_run_scale *scale = &c->out->run.scale[s];
    const struct om_tally_scale *from = &c->tally->scale[c->scale[s]];
    number[0] = OM_LEVELS_MAX;
    for (size_t i = 0; i < from->n_values; i++) {
        uint64_t total = (uint64_t)from->value[i];
        if (!om_total_is_canonical(total, scale->info.scale))
            return fail_content(c, err);
        number[i + 1] =
            om_dictionary_add(&c->out->run.share[0].total[s], (const char *)&total, sizeof total, NULL);
        if (number[i + 1] == OM_DICTIONARY_FULL)
            return om_fail_memory(err);
    }
    return OM_OK;
}

/* The run's numbers of the states of a table: of the tally's 0, 1, ... */
static om_status
number_levels(const struct conversion *c, size_t s, uint32_t before, uint32_t **out, struct om_error *err)
{
    const struct om_run_scale *scale = &c->out->run.scale[s];
    const size_t n = om_tally_scale_levels(&c->tally->scale[c->scale[s]]);
    uint32_t *number = *out = om_alloc(n + 2, sizeof *number);
    if (!number)
        return om_fail_memory(err);
    if (scale->is_total)
        return number_totals(c, s, number, err);
    for (uint32_t l = 0; l < n; l++)
        number[l + before] = l;
    for (uint32_t i = 0; i < before; i++) /* 0: the last of the table; 1 of two: the last but one */
        number[i] = (uint32_t)n + before - 1 - i;
    return OM_OK;
}

static om_status
add_table(const struct om_tally_cells *cells, const uint32_t *number, struct om_crosstab *table,
          struct om_error *err)
{
    for (size_t i = 0; i < cells->n; i++)
        OM_TRY(
            om_crosstab_add(table, number[cells->at[i].a], number[cells->at[i].b], cells->at[i].count, err));
    return OM_OK;
}

/* Tables of one scale, of all groups; group[g] is that of the run. */
static om_status
add_scale(const struct conversion *c, size_t s, const size_t *group, struct om_error *err)
{
    const struct om_tally *tally = c->tally;
    struct om_run_group *to = c->out->run.share[0].group;
    uint32_t *scores = NULL, *states = NULL;
    const bool safety =
        c->out->run.scale[s].safety && !c->out->run.scale[s].is_total && tally->has[OM_TALLY_SAFETY];
    om_status status = number_levels(c, s, 1, &scores, err);
    if (status == OM_OK && safety)
        status = number_levels(c, s, 2, &states, err);
    for (size_t g = 0; g < tally->n_groups && status == OM_OK; g++) {
        status = add_table(om_tally_at(tally, OM_TALLY_SCORES, g, c->scale[s]), scores,
                           &to[group[g]].table[s], err);
        if (status == OM_OK && safety)
            status = add_table(om_tally_at(tally, OM_TALLY_SAFETY, g, c->scale[s]), states,
                               &to[group[g]].safety[s], err);
    }
    om_free(scores);
    om_free(states);
    return status;
}

/* Sums of one list, to be added to those of a group. */
static om_status
add_sums(const struct conversion *c, const struct om_tally_cells *cells, struct om_item_sums *to,
         struct om_error *err)
{
    struct om_item_sums sums;
    if (cells->n == 0)
        return OM_OK;
    if (cells->at[cells->n - 1].a != to->k)
        return fail_content(c, err);
    OM_TRY(om_item_sums_init(&sums, to->k, err));
    for (size_t i = 0; i < cells->n; i++) {
        const struct om_tally_cell *cell = &cells->at[i];
        if (cell->a < to->k)
            sums.product[cell->a * (cell->a + 1) / 2 + cell->b] = (int64_t)cell->count;
        else if (cell->b < to->k)
            sums.sum[cell->b] = (int64_t)cell->count;
        else
            sums.n = cell->count;
    }
    bool fits = om_item_sums_merge(to, &sums);
    om_item_sums_release(&sums);
    return fits ? OM_OK : om_fail(err, OM_ERR_PANEL, "more forms in one group than sums can hold");
}

static om_status
add_described(const struct conversion *c, size_t g, struct om_run_group *to, struct om_error *err)
{
    const struct om_panel_spec *panel = &c->study->panel;
    for (size_t d = 0; d < panel->described.n; d++) {
        const struct om_tally_cells *cells = om_tally_at(c->tally, OM_TALLY_DESCRIBED, g, c->described[d]);
        for (size_t i = 0; i < cells->n; i++) {
            const char *text = c->tally->value[c->described[d]].at[cells->at[i].a];
            struct om_dictionary *values = &c->out->by_value[panel->by.n + d];
            uint32_t number = om_dictionary_add(values, text, strlen(text), NULL);
            if (number == OM_DICTIONARY_FULL)
                return om_fail_memory(err);
            OM_TRY(om_run_add_described(&c->out->run, to, d, number, cells->at[i].count, err));
        }
    }
    return OM_OK;
}

static om_status
add_group(const struct conversion *c, size_t g, struct om_run_group *to, struct om_error *err)
{
    const struct om_tally *tally = c->tally;
    const struct om_run *run = &c->out->run;
    const struct om_tally_cells *persons = om_tally_at(tally, OM_TALLY_PERSONS, g, 0);
    to->persons += om_tally_count(persons, OM_TALLY_ALL, 0);
    to->without_partner += om_tally_count(persons, OM_TALLY_ALONE, 0);
    OM_TRY(add_described(c, g, to, err));
    for (size_t i = 0; i < 2 * run->n_scales && tally->has[OM_TALLY_SUMS]; i++)
        if (run->scale[i / 2].has_alpha)
            OM_TRY(add_sums(c, om_tally_at(tally, OM_TALLY_SUMS, g, 2 * c->scale[i / 2] + i % 2),
                            &to->sums[i], err));
    const struct om_tally_cells *joint = run->has_joint ? om_tally_at(tally, OM_TALLY_JOINT, g, 0) : NULL;
    for (size_t i = 0; joint && i < joint->n; i++)
        to->joint[joint->at[i].a] += joint->at[i].count;
    return OM_OK;
}

/* The group of the run that a group of the tally belongs to: with the same values in the study's columns. */
static om_status
find_group(const struct conversion *c, size_t g, size_t *group, struct om_error *err)
{
    uint32_t value[OM_GROUPING_MAX];
    static const uint32_t row;
    const struct om_person_block block = {.n = 1, .row = &row, .by = value, .by_step = 1};
    for (size_t b = 0; b < c->study->panel.by.n; b++) {
        const char *text = c->tally->group[g].at[c->by[b]];
        value[b] = om_dictionary_add(&c->out->by_value[b], text, strlen(text), NULL);
        if (value[b] == OM_DICTIONARY_FULL)
            return om_fail_memory(err);
    }
    return om_run_find_group(&c->out->run, &c->out->run.share[0], &block, 0, group, err);
}

static om_status
add_groups(const struct conversion *c, struct om_error *err)
{
    const size_t n = c->tally->n_groups;
    struct om_run_share *share = &c->out->run.share[0];
    size_t *group = om_calloc(n + 1, sizeof *group);
    om_status status = group ? OM_OK : om_fail_memory(err);
    for (size_t g = 0; g < n && status == OM_OK; g++)
        status = find_group(c, g, &group[g], err);
    for (size_t g = 0; g < n && status == OM_OK; g++)
        status = add_group(c, g, &share->group[group[g]], err);
    for (size_t s = 0; s < c->out->run.n_scales && status == OM_OK; s++)
        status = add_scale(c, s, group, err);
    om_free(group);
    return status;
}

static void
add_records(const struct conversion *c)
{
    const struct om_tally_cells *records = om_tally_at(c->tally, OM_TALLY_RECORDS, 0, 0);
    struct om_persons_count *count = &c->out->run.count;
    *count = (struct om_persons_count){.read = om_tally_count(records, OM_TALLY_READ, 0),
                                       .scored = om_tally_count(records, OM_TALLY_SCORED, 0),
                                       .rejected = om_tally_count(records, OM_TALLY_REJECTED, 0),
                                       .skipped = om_tally_count(records, OM_TALLY_SKIPPED, 0),
                                       .duplicates = om_tally_count(records, OM_TALLY_TWICE, 0),
                                       .last = c->tally->last ? 1 : OM_NONE,
                                       .slot = {0, 1},
                                       .n_slots = c->tally->last ? 2 : 1};
    for (size_t g = 0; g < c->tally->n_groups; g++)
        count->persons += om_tally_count(om_tally_at(c->tally, OM_TALLY_PERSONS, g, 0), OM_TALLY_ALL, 0);
}

/* Where they were found, nobody knows any more; what they are is in the catalogue. */
static om_status
add_findings(const struct conversion *c, struct om_error *err)
{
    OM_TRY(om_findings_new(&c->out->findings, err));
    if (!c->tally->has[OM_TALLY_FINDINGS])
        return OM_OK;
    const struct om_tally_cells *cells = om_tally_at(c->tally, OM_TALLY_FINDINGS, 0, 0);
    for (size_t i = 0; i < cells->n; i++) {
        const struct om_tally_finding *from = &c->tally->finding[cells->at[i].a];
        const struct om_catalogue_entry *entry = om_catalogue_find((int)from->code);
        struct om_finding finding = {.code = (int)from->code,
                                     .severity = (enum om_severity)from->severity,
                                     .file = c->name,
                                     .column = from->column,
                                     .message = entry ? entry->title : "",
                                     .hint = entry ? entry->remedy : ""};
        om_findings_collect_many(c->out->findings, &finding, cells->at[i].count);
    }
    return OM_OK;
}

/* --- what is said about it ------------------------------------------------------------------------------ */

static om_status
add_inputs(const struct conversion *c, struct om_error *err)
{
    size_t n = 0;
    for (size_t s = 0; s < c->tally->n_shards; s++)
        n += c->tally->shard[s].n_inputs;
    c->out->input = om_calloc(n + 1, sizeof *c->out->input);
    if (!c->out->input)
        return om_fail_memory(err);
    for (size_t s = 0; s < c->tally->n_shards; s++)
        for (size_t i = 0; i < c->tally->shard[s].n_inputs; i++) {
            const struct om_tally_input *from = &c->tally->shard[s].input[i];
            struct om_input_info *to = &c->out->input[c->out->n_inputs++];
            const char *colon = strchr(from->digest, ':');
            *to = (struct om_input_info){.path = from->name,
                                         .bytes = from->bytes,
                                         .records = from->records,
                                         .part = from->part,
                                         .parts = from->parts,
                                         .digest_name =
                                             strncmp(from->digest, "sha256:", 7) == 0 ? "sha256" : "xxh128"};
            strncpy(to->digest, colon ? colon + 1 : "", sizeof to->digest - 1);
        }
    return OM_OK;
}

static om_status
say(const struct conversion *c, struct om_error *err)
{
    const struct om_tally *tally = c->tally;
    struct om_buffer text = OM_BUFFER_EMPTY;
    om_buffer_format(&text, "a tally of %zu input%s, made by", c->out->n_inputs,
                     c->out->n_inputs == 1 ? "" : "s");
    for (size_t i = 0; i < tally->by.n; i++)
        om_buffer_format(&text, "%s %s", i ? "," : " groups of", tally->by.at[i]);
    if (!tally->by.n)
        om_buffer_text(&text, " no groups");
    for (size_t i = 0; i < tally->setting.n; i++)
        om_buffer_format(&text, "; %s", tally->setting.at[i]);
    if (tally->n_removed)
        om_buffer_format(&text, "; %zu shard%s taken out again", tally->n_removed,
                         tally->n_removed == 1 ? "" : "s");
    om_status status = om_buffer_ok(&text)
                           ? om_texts_add(&c->out->reading, om_buffer_string(&text), text.length, err)
                           : om_fail_memory(err);
    om_buffer_release(&text);
    return status;
}

/* --- the whole ------------------------------------------------------------------------------------------ */

static om_status
prepare(struct conversion *c, struct om_error *err)
{
    struct om_counted *out = c->out;
    const struct om_panel_spec *panel = &c->study->panel;
    const struct om_instrument *list[OM_TALLY_INSTRUMENTS_MAX];
    const char *rule = om_tally_setting(&c->tally->setting, "missing-rule", 0);
    size_t n = 0;
    OM_TRY(om_tally_check_settings(&c->tally->setting, c->study, c->name, err));
    OM_TRY(check_occasions(c, err));
    OM_TRY(find_columns(&panel->by, &c->tally->by, "by", c->name, c->by, err));
    OM_TRY(find_columns(&panel->described, &c->tally->described, "describe", c->name, c->described, err));
    out->study = *c->study; /* borrowed: as asked, but for what the tally knows better */
    out->study.missing_rule = rule && strcmp(rule, "prorate") == 0 ? OM_MISSING_PRORATE : OM_MISSING_COMPLETE;
    OM_TRY(check_families(c, &out->study, err));
    OM_TRY(list_instruments(c, list, &n, err));
    OM_TRY(om_texts_add(&out->occasion, c->tally->first, strlen(c->tally->first), err));
    if (c->tally->last)
        OM_TRY(om_texts_add(&out->occasion, c->tally->last, strlen(c->tally->last), err));
    out->n_by_values = panel->by.n + panel->described.n;
    out->by_value = om_calloc(out->n_by_values + 1, sizeof *out->by_value);
    if (!out->by_value)
        return om_fail_memory(err);
    for (size_t b = 0; b < out->n_by_values; b++) /* 0 is the blank */
        if (om_dictionary_add(&out->by_value[b], "", 0, NULL) == OM_DICTIONARY_FULL)
            return om_fail_memory(err);
    out->run = (struct om_run){
        .use = OM_RUN_REPORT, .source = c->name, .occasion = &out->occasion, .by_value = out->by_value};
    OM_TRY(om_run_init_bare(&out->run, &out->study, list, n, err));
    out->run.has_joint &= c->tally->has[OM_TALLY_JOINT];
    return match_scales(c, err);
}

om_status
om_count_tally(const struct om_study *study, const struct om_tally *tally, const char *name,
               struct om_counted *out, struct om_error *err)
{
    struct conversion c = {.study = study, .tally = tally, .name = name, .out = out};
    om_status status = prepare(&c, err);
    if (status == OM_OK)
        status = add_groups(&c, err);
    if (status == OM_OK)
        status = add_findings(&c, err);
    if (status == OM_OK)
        status = add_inputs(&c, err);
    om_free(c.scale);
    OM_TRY(status);
    add_records(&c);
    OM_TRY(say(&c, err));
    return om_run_finish(&out->run, err);
}
