/*
 * The counts of a tally, as a run that has them: as if one thread had counted what is in it.
 *
 * Groups are those of the study's --by columns, which are some of the tally's; groups that differ in others
 * come together. From here on nothing knows that there was no panel.
 */
#include "analysis/fingerprint.h"
#include "analysis/followed.h"
#include "analysis/from_tally.h"
#include "analysis/tally_reading.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/number.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* --- instruments ---------------------------------------------------------------------------------------- */

static om_status
fail_definition(const struct om_from_tally *c, const struct om_tally_instrument *wanted,
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
check_instrument(const struct om_from_tally *c, const struct om_tally_instrument *wanted,
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
add_totals(const struct om_from_tally *c, struct om_error *err)
{
    const char *text;
    for (size_t i = 0; i < c->study->set.n; i++)
        if (strncmp(c->study->set.at[i].text, "scale: ", 7) == 0) /* the study says it, and the same */
            return OM_OK;
    for (size_t n = 0; (text = om_tally_setting(&c->tally->setting, "scale", n)) != NULL; n++)
        OM_TRY(om_study_add_totals(c->study->registry, text, err));
    return OM_OK;
}

/* The instruments of the tally in the order a panel has them: that of the registry, those derived behind. */
static om_status
list_instruments(const struct om_from_tally *c, const struct om_instrument **list, size_t *n,
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
same_scale(const struct om_from_tally *c, const struct om_run_scale *run, const struct om_tally_scale *tally)
{
    return strcmp(c->tally->instrument[tally->instrument].id, run->info.instrument->id) == 0 &&
           strcmp(tally->id, run->info.scale->id) == 0;
}

static om_status
match_scales(struct om_from_tally *c, struct om_error *err)
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

/* --- what is said about it ------------------------------------------------------------------------------ */

/* As people look for them: by name, and then by part. */
static int
compare_inputs(const void *a, const void *b)
{
    const struct om_input_info *x = a, *y = b;
    const int order = om_natural_compare(x->path, y->path);
    if (order != 0 || x->part != y->part)
        return order != 0 ? order : x->part < y->part ? -1 : 1;
    return strcmp(x->digest, y->digest);
}

static om_status
add_tallied(const struct om_from_tally *c, struct om_error *err)
{
    size_t n = 0;
    for (size_t s = 0; s < c->tally->n_shards; s++)
        n += c->tally->shard[s].n_inputs;
    c->out->tallied = om_calloc(n + 1, sizeof *c->out->tallied);
    if (!c->out->tallied)
        return om_fail_memory(err);
    for (size_t s = 0; s < c->tally->n_shards; s++)
        for (size_t i = 0; i < c->tally->shard[s].n_inputs; i++) {
            const struct om_tally_input *from = &c->tally->shard[s].input[i];
            struct om_input_info *to = &c->out->tallied[c->out->n_tallied++];
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
    if (c->out->n_inputs > 1)
        qsort(c->out->input, c->out->n_inputs, sizeof *c->out->input, compare_inputs);
    return OM_OK;
}

static om_status
say(const struct om_from_tally *c, struct om_error *err)
{
    const struct om_tally *tally = c->tally;
    struct om_buffer text = OM_BUFFER_EMPTY;
    om_buffer_format(&text, "a tally of %zu input%s, made by", c->out->n_tallied,
                     c->out->n_tallied == 1 ? "" : "s");
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
prepare(struct om_from_tally *c, struct om_error *err)
{
    struct om_counted *out = c->out;
    const struct om_panel_spec *panel = &c->study->panel;
    const struct om_instrument *list[OM_TALLY_INSTRUMENTS_MAX];
    const char *rule = om_tally_setting(&c->tally->setting, "missing-rule", 0);
    size_t n = 0;
    out->study = *c->study; /* borrowed: as asked, but for what the tally knows better */
    out->study.missing_rule = rule && strcmp(rule, "prorate") == 0 ? OM_MISSING_PRORATE : OM_MISSING_COMPLETE;
    OM_TRY(om_from_tally_ask(c, &out->study, err));
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
    for (size_t s = 0; s < out->run.n_scales; s++)
        out->run.scale[s].counts_items &= c->tally->has[OM_TALLY_ITEMS];
    return match_scales(c, err);
}

om_status
om_count_tally_and_rows(const struct om_study *study, const struct om_tally *tally,
                        const struct om_followed *followed, const char *name, struct om_counted *out,
                        struct om_error *err)
{
    struct om_from_tally c = {
        .study = study, .tally = tally, .name = name, .out = out, .has_rows = followed != NULL};
    om_status status = prepare(&c, err);
    if (status == OM_OK)
        status = om_from_tally_counts(&c, err);
    if (status == OM_OK && followed)
        status = om_followed_take(&out->run, out->by_value, followed, err);
    if (status == OM_OK)
        status = add_tallied(&c, err);
    om_free(c.scale);
    OM_TRY(status);
    OM_TRY(say(&c, err));
    return om_run_finish(&out->run, err);
}

om_status
om_count_tally(const struct om_study *study, const struct om_tally *tally, const char *name,
               struct om_counted *out, struct om_error *err)
{
    return om_count_tally_and_rows(study, tally, NULL, name, out, err);
}
