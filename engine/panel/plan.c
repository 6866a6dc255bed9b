#include "panel/panel.h"
#include "panel/occasion.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/number.h"

#include <string.h>

/* Do the column names of this file say the occasion? All of them must, or none. */
static om_status
names_say_occasion(const struct om_panel_file *file, bool *says, struct om_error *err)
{
    const struct om_form_columns *form = file->recognition.form;
    *says = *form[0].occasion != '\0';
    for (size_t f = 1; f < file->recognition.n_forms; f++)
        if ((*form[f].occasion != '\0') != *says) {
            const struct om_form_columns *with = *says ? &form[0] : &form[f];
            const struct om_form_columns *without = *says ? &form[f] : &form[0];
            om_fail(err, OM_ERR_PANEL, "the columns of %s ('%s') say an occasion, those of %s ('%s') do not",
                    with->instrument->name, with->scheme, without->instrument->name, without->scheme);
            om_place(err, file->path, 1, 0);
            om_hint(err, "give the occasion of the others: --map %s@%s='%s'", without->instrument->id,
                    with->occasion, without->scheme);
            return OM_ERR_PANEL;
        }
    return OM_OK;
}

/* The word's index among the panel's occasion words, added when new. */
static om_status
add_token(struct om_panel *panel, const char *token, struct om_error *err)
{
    if (om_texts_find(&panel->occasion_token, token) >= 0)
        return OM_OK;
    if (panel->occasion_token.n == OM_OCCASIONS_MAX)
        return om_fail(err, OM_ERR_PANEL, "OM142 more than %d occasions in the column names",
                       OM_OCCASIONS_MAX);
    return om_texts_add(&panel->occasion_token, token, strlen(token), err);
}

/* Puts the words in their own order; refuses when they have none. */
static om_status
order_tokens(struct om_panel *panel, struct om_error *err)
{
    struct om_texts *t = &panel->occasion_token;
    for (size_t i = 1; i < t->n; i++) {
        for (size_t k = i; k > 0; k--) {
            struct om_occasion_word a, b;
            int order;
            if (!om_occasion_parse(t->at[k - 1], strlen(t->at[k - 1]), true, &a) ||
                !om_occasion_parse(t->at[k], strlen(t->at[k]), true, &b) ||
                !om_occasion_order(&a, &b, &order)) {
                om_fail(err, OM_ERR_PANEL, "OM142 which comes first, '%s' or '%s'?", t->at[k - 1], t->at[k]);
                om_hint(err, "say it with --occasions %s,%s (first to last)", t->at[k - 1], t->at[k]);
                return OM_ERR_PANEL;
            }
            if (order <= 0)
                break;
            char *swap = t->at[k - 1];
            t->at[k - 1] = t->at[k];
            t->at[k] = swap;
        }
    }
    return OM_OK;
}

/* Wide: names for the words. With --occasions the user's, in the user's order; two are called pre and post.
 */
static om_status
name_tokens(struct om_panel *panel, struct om_error *err)
{
    struct om_texts *t = &panel->occasion_token;
    const struct om_texts *asked = &panel->spec->occasions;
    bool rename = asked->n == 0 && t->n == 2;
    OM_TRY(asked->n ? OM_OK : order_tokens(panel, err));
    for (size_t i = 0; i < asked->n; i++) {
        int at = om_texts_find(t, asked->at[i]);
        bool standard = om_ascii_equal(asked->at[i], strlen(asked->at[i]), "pre") ||
                        om_ascii_equal(asked->at[i], strlen(asked->at[i]), "post");
        if (at < 0 && standard && t->n == 2) { /* pre and post are what two occasions are called here */
            OM_TRY(order_tokens(panel, err));
            at = om_ascii_equal(asked->at[i], strlen(asked->at[i]), "post");
            rename = true;
        }
        if (at < 0) {
            struct om_buffer list = OM_BUFFER_EMPTY;
            for (size_t k = 0; k < t->n; k++)
                om_buffer_format(&list, "%s%s", k ? ", " : "", t->at[k]);
            om_fail(err, OM_ERR_USAGE, "there is no occasion '%s' in the column names", asked->at[i]);
            om_hint(err, "the occasions there are: %s", om_buffer_string(&list));
            om_buffer_release(&list);
            return OM_ERR_USAGE;
        }
    }
    for (size_t i = 0; i < t->n; i++) {
        const char *name = t->at[i];
        if (rename)
            name = i == 0 ? "pre" : "post";
        OM_TRY(om_texts_add(&panel->occasion, name, strlen(name), err));
    }
    return OM_OK;
}

/* A record that holds one occasion cannot have columns that name several. */
static om_status
check_one_occasion(const struct om_panel_file *file, const char *given, struct om_error *err)
{
    const struct om_form_columns *form = file->recognition.form;
    for (size_t f = 1; f < file->recognition.n_forms; f++)
        if (strcmp(form[f].occasion, form[0].occasion) != 0) {
            om_fail(err, OM_ERR_PANEL, "%s, but the names of the columns say several occasions", given);
            om_place(err, file->path, 1, 0);
            om_hint(err, "they are '%s', '%s', ...: give the file as a plain, wide input", form[0].occasion,
                    form[f].occasion);
            return OM_ERR_PANEL;
        }
    return OM_OK;
}

/* The occasion column of a long file. A wide one has none to look for. */
static om_status
find_occasion_column(const struct om_panel *panel, struct om_panel_file *file, struct om_error *err)
{
    const struct om_panel_spec *spec = panel->spec;
    if (spec->layout == OM_LAYOUT_WIDE) {
        if (!spec->occasion_column)
            return OM_OK;
        om_fail(err, OM_ERR_USAGE, "a wide panel has no occasion column, but '%s' is named",
                spec->occasion_column);
        om_hint(err, "leave out --occasion-column, or say --layout long");
        return OM_ERR_USAGE;
    }
    OM_TRY(om_panel_find_occasion_column(panel, file, err));
    if (file->occasion_column != OM_NONE)
        return check_one_occasion(file, "each record is of one occasion", err);
    if (spec->layout != OM_LAYOUT_LONG)
        return OM_OK;
    om_fail(err, OM_ERR_PANEL, "no column says the occasion of a record, which a long panel needs");
    om_place(err, file->path, 1, 0);
    om_hint(err, "name it with --occasion-column COLUMN");
    return OM_ERR_PANEL;
}

/* Wide, long or one file an occasion. */
static om_status
plan_layout(struct om_panel *panel, struct om_error *err)
{
    const struct om_panel_spec *spec = panel->spec;
    bool wide = false, any_long = false;
    for (size_t i = 0; i < panel->n_files; i++) {
        struct om_panel_file *file = &panel->file[i];
        bool says;
        OM_TRY(names_say_occasion(file, &says, err));
        if (spec->input[i].occasion) {
            const char *name = spec->input[i].occasion;
            OM_TRY(check_one_occasion(file, "the file is given as one occasion", err));
            file->fixed_occasion = om_panel_occasion(panel, name, strlen(name), err);
            OM_TRY(file->fixed_occasion == OM_NONE ? err ? err->status : OM_ERR_NOMEM : OM_OK);
            any_long = true;
            continue;
        }
        if (says && spec->layout != OM_LAYOUT_LONG && !spec->occasion_column) {
            wide = true;
            for (size_t f = 0; f < file->recognition.n_forms; f++)
                OM_TRY(add_token(panel, file->recognition.form[f].occasion, err));
            continue;
        }
        OM_TRY(find_occasion_column(panel, file, err));
        any_long |= file->occasion_column != OM_NONE;
        if (file->occasion_column == OM_NONE) { /* one record a person, one occasion without a name */
            OM_TRY(add_token(panel, "", err));
            wide = true;
        }
    }
    if (wide && any_long) {
        om_fail(err, OM_ERR_PANEL,
                "the files do not have the same layout: some have all occasions in one record, "
                "others one occasion a record");
        om_hint(err, "report them one by one, or say the layout with --layout");
        return OM_ERR_PANEL;
    }
    panel->layout = wide ? OM_LAYOUT_WIDE : OM_LAYOUT_LONG;
    if (wide)
        OM_TRY(name_tokens(panel, err));
    panel->n_slots = wide ? panel->occasion.n : 1;
    return OM_OK;
}

static bool
has_columns(const struct om_panel *panel, const struct om_instrument *instrument)
{
    for (size_t i = 0; i < panel->n_files; i++)
        for (size_t f = 0; f < panel->file[i].recognition.n_forms; f++)
            if (panel->file[i].recognition.form[f].instrument == instrument)
                return true;
    return false;
}

static const struct om_panel_instrument *
find_instrument(const struct om_panel *panel, const char *id)
{
    for (size_t i = 0; i < panel->n_instruments; i++)
        if (strcmp(panel->instrument[i].instrument->id, id) == 0)
            return &panel->instrument[i];
    return NULL;
}

/* The instrument whose items a short form may share; a total has none to share. */
static const struct om_panel_instrument *
find_parent(const struct om_panel *panel, const struct om_instrument *instrument)
{
    const struct om_panel_instrument *parent = find_instrument(panel, instrument->parent);
    return parent && !om_instrument_is_total(parent->instrument) ? parent : NULL;
}

/* Instruments with columns get items of their own; short forms without share their parent's. */
static om_status
plan_instruments(struct om_panel *panel, struct om_error *err)
{
    size_t n = om_registry_count(panel->registry);
    panel->instrument = om_calloc(n, sizeof *panel->instrument);
    if (!panel->instrument)
        return om_fail_memory(err);
    for (int derived = 0; derived <= 1; derived++)
        for (size_t r = 0; r < n; r++) {
            const struct om_instrument *instrument = om_registry_at(panel->registry, r);
            bool own = has_columns(panel, instrument);
            const struct om_panel_instrument *parent =
                !own && instrument->parent ? find_parent(panel, instrument) : NULL;
            if (derived ? !parent : !own)
                continue;
            struct om_panel_instrument *entry = &panel->instrument[panel->n_instruments++];
            entry->instrument = instrument;
            entry->derived = derived;
            if (om_instrument_is_total(instrument))
                entry->total = panel->n_totals++;
            for (size_t j = 0; j < instrument->n_items; j++)
                entry->item[j] = own ? panel->n_items++ : parent->item[instrument->parent_item[j]];
        }
    return OM_OK;
}

static om_status
plan_cells(struct om_panel *panel, struct om_panel_file *file, struct om_error *err)
{
    size_t n = 0;
    for (size_t f = 0; f < file->recognition.n_forms; f++)
        n += file->recognition.form[f].instrument->n_items;
    file->cell = om_calloc(n, sizeof *file->cell);
    file->total = om_calloc(file->recognition.n_forms, sizeof *file->total);
    if (!file->cell || !file->total)
        return om_fail_memory(err);
    for (size_t f = 0; f < file->recognition.n_forms; f++) {
        const struct om_form_columns *form = &file->recognition.form[f];
        const struct om_panel_instrument *entry = find_instrument(panel, form->instrument->id);
        if (!entry)
            return om_fail(err, OM_ERR_INTERNAL, "an instrument with columns is not in the plan");
        size_t slot = 0;
        if (panel->layout == OM_LAYOUT_WIDE)
            slot = (size_t)om_texts_find(&panel->occasion_token, form->occasion);
        if (om_instrument_is_total(form->instrument)) {
            struct om_panel_total *total = &file->total[file->n_totals];
            total->column = form->column[0];
            total->target = slot * panel->n_totals + entry->total;
            total->comma = panel->spec->delimiter && panel->spec->delimiter != ',';
            OM_TRY(om_decoder_init(&total->decoder, form->instrument, file->header.at[total->column],
                                   form->naming, panel->spec, err));
            file->n_totals++;
        }
        for (size_t j = 0; j < form->instrument->n_items; j++) {
            struct om_panel_cell *cell = &file->cell[file->n_cells];
            cell->column = form->column[j];
            cell->target = slot * panel->n_items + entry->item[j];
            OM_TRY(om_decoder_init(&cell->decoder, form->instrument, file->header.at[cell->column],
                                   form->naming, panel->spec, err));
            file->n_cells++;
        }
    }
    return OM_OK;
}

static om_status
check_by(const struct om_panel *panel, struct om_error *err)
{
    for (size_t b = 0; b < panel->n_by; b++) {
        bool found = false;
        for (size_t i = 0; i < panel->n_files; i++)
            found |= panel->file[i].by[b] != OM_NONE;
        if (found)
            continue;
        struct om_buffer list = OM_BUFFER_EMPTY;
        const struct om_texts *header = &panel->file[0].header;
        for (size_t c = 0; c < header->n && c < 12; c++)
            om_buffer_format(&list, "%s%s", c ? ", " : "", header->at[c]);
        om_fail(err, OM_ERR_USAGE, "there is no column '%s' (--%s)", om_panel_by_name(panel, b),
                b < panel->spec->by.n ? "by" : "describe");
        om_place(err, panel->file[0].path, 1, 0);
        om_hint(err, "the columns are: %s%s", om_buffer_string(&list), header->n > 12 ? ", ..." : "");
        om_buffer_release(&list);
        return OM_ERR_USAGE;
    }
    return OM_OK;
}

static om_status
check_ids(const struct om_panel *panel, struct om_error *err)
{
    if (panel->layout != OM_LAYOUT_LONG)
        return OM_OK;
    for (size_t i = 0; i < panel->n_files; i++)
        if (panel->file[i].id == OM_NONE) {
            om_fail(err, OM_ERR_PANEL, "no column with the person's id, which pairing the occasions needs");
            om_place(err, panel->file[i].path, 1, 0);
            om_hint(err, "name it with --id COLUMN");
            return OM_ERR_PANEL;
        }
    return OM_OK;
}

om_status
om_panel_plan(struct om_panel *panel, struct om_error *err)
{
    for (size_t i = 0; i < panel->n_files; i++)
        OM_TRY(om_panel_find_columns(panel, &panel->file[i], err));
    OM_TRY(plan_layout(panel, err));
    OM_TRY(plan_instruments(panel, err));
    OM_TRY(check_by(panel, err));
    OM_TRY(check_ids(panel, err));
    for (size_t i = 0; i < panel->n_files; i++)
        OM_TRY(plan_cells(panel, &panel->file[i], err));
    OM_TRY(om_panel_say_reading(panel, err));
    return om_panel_check_targets(panel, err);
}
