#include "panel/panel.h"
#include "panel/occasion.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/number.h"

#include <string.h>

static const char *const id_names[] = {
    "id",          "recordid", "participantid", "patientid", "subjectid",    "subjid",     "usubjid",
    "seqn",        "pid",      "personid",      "clientid",  "respondentid", "caseid",     "userid",
    "participant", "patient",  "subject",       "person",    "client",       "respondent", "observationid"};
static const char *const occasion_names[] = {
    "occasion", "time",   "timepoint",       "visit",      "wave",     "phase", "session",
    "event",    "period", "redcapeventname", "assessment", "visitnum", "occ",   "prepost"};

/* Equal when separators and case are left out. */
static bool
same_name(const char *header, const char *usual)
{
    for (; *header; header++) {
        if (*header == '_' || *header == '-' || *header == '.' || *header == ' ')
            continue;
        if (om_ascii_lower(*header) != *usual++)
            return false;
    }
    return !*usual;
}

static om_status
say(struct om_panel *panel, struct om_buffer *sentence, struct om_error *err)
{
    om_status status = om_buffer_ok(sentence)
                           ? om_texts_add(&panel->reading, om_buffer_string(sentence), sentence->length, err)
                           : om_fail_memory(err);
    om_buffer_release(sentence);
    return status;
}

/* A column the user names, or the one with a usual name. *found is OM_NONE when there is none. */
static om_status
find_role(const struct om_panel *panel, const struct om_panel_file *file, const char *named,
          const char *option, const char *const *usual, size_t n_usual, int *found, struct om_error *err)
{
    *found = OM_NONE;
    if (named) {
        *found = om_texts_find(&file->header, named);
        if (*found >= 0)
            return OM_OK;
        om_fail(err, OM_ERR_USAGE, "there is no column '%s' (--%s)", named, option);
        om_place(err, file->path, 1, 0);
        om_hint(err, "name a column of the first line of the file");
        return OM_ERR_USAGE;
    }
    for (size_t c = 0; c < file->header.n; c++) {
        bool fits = false;
        for (size_t i = 0; i < n_usual && !fits; i++)
            fits = same_name(file->header.at[c], usual[i]);
        if (!fits || om_texts_find(&panel->spec->by, file->header.at[c]) >= 0)
            continue;
        if (*found >= 0) {
            om_fail(err, OM_ERR_PANEL, "two columns could be the %s: '%s' and '%s'", option,
                    file->header.at[*found], file->header.at[c]);
            om_place(err, file->path, 1, 0);
            om_hint(err, "choose with --%s '%s' or --%s '%s'", option, file->header.at[*found], option,
                    file->header.at[c]);
            return OM_ERR_PANEL;
        }
        *found = (int)c;
    }
    return OM_OK;
}

/* Names no item, person, group or occasion twice: a duplicate header makes every reading a guess. */
static om_status
check_header(const struct om_panel_file *file, struct om_error *err)
{
    for (size_t c = 0; c < file->header.n; c++)
        for (size_t k = c + 1; k < file->header.n; k++)
            if (*file->header.at[c] && strcmp(file->header.at[c], file->header.at[k]) == 0) {
                om_fail(err, OM_ERR_PANEL, "OM122 duplicate header: columns %zu and %zu are both '%s'", c + 1,
                        k + 1, file->header.at[c]);
                om_place(err, file->path, 1, 0);
                om_hint(err, "give every column a name of its own");
                return OM_ERR_PANEL;
            }
    return OM_OK;
}

/* A header in which no instrument was found: say what is usual, and whether another delimiter is in sight. */
static om_status
fail_nothing(const struct om_panel_file *file, char delimiter, struct om_error *err)
{
    const char *first = file->header.at[0];
    static const char others[] = ",;\t|";
    if (strncmp(first, "sep=", 4) == 0) {
        om_fail(err, OM_ERR_PANEL, "OM115 the first line is a spreadsheet's 'sep=' line, not a header");
        om_hint(err, "delete that line; --delimiter says what separates the fields");
    } else if (file->header.n == 1 && strpbrk(first, others)) {
        char other = *strpbrk(first, others);
        om_fail(err, OM_ERR_PANEL, "OM116 the first line has no '%c' but has '%s'",
                delimiter ? delimiter : ',', other == '\t' ? "tab" : (char[2]){other, '\0'});
        om_hint(err, "try --delimiter '%s'", other == '\t' ? "tab" : (char[2]){other, '\0'});
    } else {
        om_fail(err, OM_ERR_PANEL, "OM121 no instrument is recognised in the %zu column names",
                file->header.n);
        om_hint(err, "usual names are phq9_1 ... phq9_9, gad7_1_pre, DPQ010; others are named with "
                     "--map phq9='PATTERN with {item}' or --map phq9=COLUMN,COLUMN,...");
    }
    om_place(err, file->path, 1, 0);
    return OM_ERR_PANEL;
}

/* Is this the id column, or named like one where there is no other? */
static bool
is_id(const struct om_panel_file *file, int column)
{
    bool usual = false;
    for (size_t i = 0; i < sizeof id_names / sizeof id_names[0]; i++)
        usual |= same_name(file->header.at[column], id_names[i]);
    return column == file->id || (file->id == OM_NONE && usual);
}

static om_status
fail_by_id(const struct om_panel_file *file, const char *name, struct om_error *err)
{
    om_fail(err, OM_ERR_USAGE, "--by '%s' names the id: every person would be a group", name);
    om_place(err, file->path, 1, 0);
    om_hint(err, "choose a column that several persons share; if this is one, name the real id with --id");
    return OM_ERR_USAGE;
}

static om_status
plan_columns(struct om_panel *panel, struct om_panel_file *file, struct om_error *err)
{
    const struct om_panel_spec *spec = panel->spec;
    OM_TRY(check_header(file, err));
    om_status status = om_recognise(panel->registry, spec, &file->header, &file->recognition, err);
    if (status != OM_OK) {
        om_place(err, file->path, 1, 0);
        return status;
    }
    if (file->recognition.n_forms == 0)
        return fail_nothing(file, spec->delimiter, err);
    OM_TRY(find_role(panel, file, spec->id, "id", id_names, sizeof id_names / sizeof id_names[0], &file->id,
                     err));
    file->by = om_alloc(spec->by.n, sizeof *file->by);
    if (!file->by)
        return om_fail_memory(err);
    for (size_t b = 0; b < spec->by.n; b++) {
        file->by[b] = om_texts_find(&file->header, spec->by.at[b]);
        if (file->by[b] != OM_NONE && is_id(file, file->by[b]))
            return fail_by_id(file, spec->by.at[b], err);
    }
    return OM_OK;
}

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
        return om_fail(err, OM_ERR_PANEL, "more than %d occasions in the column names", OM_OCCASIONS_MAX);
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
                om_fail(err, OM_ERR_PANEL, "which comes first, '%s' or '%s'?", t->at[k - 1], t->at[k]);
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
    OM_TRY(find_role(panel, file, spec->occasion_column, "occasion-column", occasion_names,
                     sizeof occasion_names / sizeof occasion_names[0], &file->occasion_column, err));
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
                !own && instrument->parent ? find_instrument(panel, instrument->parent) : NULL;
            if (derived ? !parent : !own)
                continue;
            struct om_panel_instrument *entry = &panel->instrument[panel->n_instruments++];
            entry->instrument = instrument;
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
    if (!file->cell)
        return om_fail_memory(err);
    for (size_t f = 0; f < file->recognition.n_forms; f++) {
        const struct om_form_columns *form = &file->recognition.form[f];
        const struct om_panel_instrument *entry = find_instrument(panel, form->instrument->id);
        size_t slot = 0;
        if (panel->layout == OM_LAYOUT_WIDE)
            slot = (size_t)om_texts_find(&panel->occasion_token, form->occasion);
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
    for (size_t b = 0; b < panel->spec->by.n; b++) {
        bool found = false;
        for (size_t i = 0; i < panel->n_files; i++)
            found |= panel->file[i].by[b] != OM_NONE;
        if (found)
            continue;
        struct om_buffer list = OM_BUFFER_EMPTY;
        const struct om_texts *header = &panel->file[0].header;
        for (size_t c = 0; c < header->n && c < 12; c++)
            om_buffer_format(&list, "%s%s", c ? ", " : "", header->at[c]);
        om_fail(err, OM_ERR_USAGE, "there is no column '%s' (--by)", panel->spec->by.at[b]);
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

/* The columns of this file that nothing was made of. */
static om_status
say_unused(struct om_panel *panel, const struct om_panel_file *file, struct om_error *err)
{
    struct om_buffer list = OM_BUFFER_EMPTY;
    size_t n = 0;
    for (size_t c = 0; c < file->header.n; c++) {
        bool used = (int)c == file->id || (int)c == file->occasion_column;
        for (size_t b = 0; b < panel->spec->by.n; b++)
            used |= (int)c == file->by[b];
        for (size_t k = 0; k < file->n_cells && !used; k++)
            used = file->cell[k].column == c;
        if (used)
            continue;
        if (n < 8)
            om_buffer_format(&list, "%s%s", n ? ", " : "",
                             *file->header.at[c] ? file->header.at[c] : "(no name)");
        n++;
    }
    struct om_buffer sentence = OM_BUFFER_EMPTY;
    if (n > 0)
        om_buffer_format(&sentence, "not used: %s%s", om_buffer_string(&list), n > 8 ? ", ..." : "");
    om_buffer_release(&list);
    if (n > 0)
        return say(panel, &sentence, err);
    return OM_OK;
}

/* Is this form read just like an earlier one, but for the occasion? Then one sentence serves both. */
static bool
said_before(const struct om_panel_file *file, size_t f)
{
    const struct om_form_columns *form = file->recognition.form;
    for (size_t k = 0; k < f; k++)
        if (form[k].instrument == form[f].instrument && strcmp(form[k].scheme, form[f].scheme) == 0)
            return true;
    return false;
}

static om_status
say_forms(struct om_panel *panel, const struct om_panel_file *file, struct om_error *err)
{
    for (size_t f = 0; f < file->recognition.n_forms; f++) {
        const struct om_form_columns *form = &file->recognition.form[f];
        if (said_before(file, f))
            continue;
        struct om_buffer s = OM_BUFFER_EMPTY;
        om_buffer_format(&s, "%s: items 1-%zu from %s", form->instrument->name, form->instrument->n_items,
                         form->scheme);
        if (form->naming && form->naming->n_declined) {
            om_buffer_text(&s, "; read as declined:");
            for (size_t k = 0; k < form->naming->n_declined; k++)
                om_buffer_format(&s, " %s", form->naming->declined[k]);
        }
        if (form->instrument->has_na)
            om_buffer_text(&s, "; NA and N/A read as 'does not apply', an empty cell as blank");
        OM_TRY(say(panel, &s, err));
    }
    return OM_OK;
}

static om_status
say_roles(struct om_panel *panel, const struct om_panel_file *file, struct om_error *err)
{
    struct om_buffer s = OM_BUFFER_EMPTY;
    om_buffer_format(&s, "%s: %s panel", file->path,
                     panel->layout == OM_LAYOUT_WIDE   ? "wide"
                     : file->fixed_occasion != OM_NONE ? "one occasion"
                                                       : "long");
    if (file->id == OM_NONE)
        om_buffer_text(&s, ", no id column (each record is a person; duplicates cannot be seen)");
    else
        om_buffer_format(&s, ", id from '%s'", file->header.at[file->id]);
    if (file->fixed_occasion != OM_NONE)
        om_buffer_format(&s, ", occasion %s", panel->occasion.at[file->fixed_occasion]);
    if (file->occasion_column != OM_NONE)
        om_buffer_format(&s, ", occasion from '%s'", file->header.at[file->occasion_column]);
    for (size_t i = 0; panel->layout == OM_LAYOUT_WIDE && i < panel->occasion.n; i++) {
        const char *name = panel->occasion.at[i], *token = panel->occasion_token.at[i];
        if (*name)
            om_buffer_format(&s, "%s%s", i ? ", " : ", occasions ", name);
        if (*name && strcmp(name, token) != 0)
            om_buffer_format(&s, " (from '%s')", token);
    }
    return say(panel, &s, err);
}

om_status
om_panel_plan(struct om_panel *panel, struct om_error *err)
{
    for (size_t i = 0; i < panel->n_files; i++)
        OM_TRY(plan_columns(panel, &panel->file[i], err));
    OM_TRY(plan_layout(panel, err));
    OM_TRY(plan_instruments(panel, err));
    OM_TRY(check_by(panel, err));
    OM_TRY(check_ids(panel, err));
    for (size_t i = 0; i < panel->n_files; i++) {
        OM_TRY(plan_cells(panel, &panel->file[i], err));
        OM_TRY(say_roles(panel, &panel->file[i], err));
        OM_TRY(say_forms(panel, &panel->file[i], err));
        OM_TRY(say_unused(panel, &panel->file[i], err));
    }
    return om_panel_check_targets(panel, err);
}
