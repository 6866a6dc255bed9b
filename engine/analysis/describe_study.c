#include "analysis/counted.h"
#include "analysis/describe.h"
#include "base/error.h"
#include "panel/persons.h"

#include <omstat/analysis.h>

#include <string.h>

static void
quoted_list(struct om_buffer *out, const char *key, const struct om_texts *texts)
{
    if (texts->n == 0)
        return;
    om_buffer_format(out, "%s: [", key);
    for (size_t i = 0; i < texts->n; i++) {
        om_buffer_text(out, i ? ", " : "");
        om_write_quoted(out, texts->at[i]);
    }
    om_buffer_text(out, "]\n");
}

static void
write_occasions(struct om_buffer *out, const struct om_panel *panel)
{
    const struct om_texts *token = &panel->occasion_token;
    if (panel->layout == OM_LAYOUT_LONG && panel->file[0].fixed_occasion != OM_NONE) {
        om_buffer_text(out, "occasion: # one file each\n");
        for (size_t i = 0; i < panel->n_files; i++) {
            om_buffer_text(out, "  ");
            om_write_quoted(out, panel->occasion.at[panel->file[i].fixed_occasion]);
            om_buffer_text(out, ": ");
            om_write_quoted(out, panel->file[i].path);
            om_buffer_char(out, '\n');
        }
        return;
    }
    if (panel->file[0].occasion_column != OM_NONE) {
        om_buffer_text(out, "occasion-column: ");
        om_write_quoted(out, panel->file[0].header.at[panel->file[0].occasion_column]);
        om_buffer_char(out, '\n');
    }
    quoted_list(out, "occasions", &panel->spec->occasions);
    if (panel->spec->occasions.n == 0 && panel->occasion.n > 1 && panel->layout == OM_LAYOUT_WIDE) {
        struct om_buffer line = OM_BUFFER_EMPTY;
        om_buffer_text(&line, "occasions, in order:");
        for (size_t i = 0; i < token->n; i++)
            om_buffer_format(&line, "%s %s", i ? "," : "", token->at[i]);
        om_buffer_text(&line, "; the first and the last are compared. To choose:");
        om_write_comment(out, om_buffer_string(&line));
        om_buffer_clear(&line);
        om_buffer_format(&line, "occasions: [%s, %s]", token->at[0], token->at[token->n - 1]);
        om_write_comment(out, om_buffer_string(&line));
        om_buffer_release(&line);
    }
}

/* Was an earlier form of this file written with the same entry? A pattern with {occasion} serves several. */
static bool
written_before(const struct om_panel_file *file, size_t f)
{
    const struct om_form_columns *form = file->recognition.form;
    for (size_t k = 0; k < f; k++)
        if (form[k].instrument == form[f].instrument && strcmp(form[k].scheme, form[f].scheme) == 0 &&
            strstr(form[f].scheme, "{occasion}"))
            return true;
    return false;
}

static void
write_form(struct om_buffer *out, const struct om_panel_file *file, size_t f)
{
    const struct om_form_columns *form = &file->recognition.form[f];
    bool pattern = strstr(form->scheme, "{item}") != NULL;
    om_buffer_format(out, "  %s", form->instrument->id);
    if (*form->occasion && !strstr(form->scheme, "{occasion}"))
        om_buffer_format(out, "@%s", form->occasion);
    om_buffer_text(out, ": ");
    if (pattern) {
        om_write_quoted(out, form->scheme);
    } else if (om_instrument_is_total(form->instrument) && strstr(form->scheme, "{occasion}")) {
        om_buffer_char(out, '[');
        om_write_quoted(out, form->scheme);
        om_buffer_char(out, ']');
    } else {
        om_buffer_char(out, '[');
        size_t n = om_instrument_is_total(form->instrument) ? 1 : form->instrument->n_items;
        for (size_t i = 0; i < n; i++) {
            om_buffer_text(out, i ? ", " : "");
            om_write_quoted(out, file->header.at[form->column[i]]);
        }
        om_buffer_char(out, ']');
    }
    om_buffer_char(out, '\n');
}

/* A map in a study file is for every input, so it can only be written when all are named alike. */
static bool
named_alike(const struct om_panel *panel)
{
    const struct om_recognition *first = &panel->file[0].recognition;
    for (size_t i = 1; i < panel->n_files; i++) {
        const struct om_recognition *other = &panel->file[i].recognition;
        if (other->n_forms != first->n_forms)
            return false;
        for (size_t f = 0; f < first->n_forms; f++)
            if (other->form[f].instrument != first->form[f].instrument ||
                strcmp(other->form[f].scheme, first->form[f].scheme) != 0 ||
                strcmp(other->form[f].occasion, first->form[f].occasion) != 0)
                return false;
    }
    return true;
}

/* Does the key `scale` say it already? */
static bool
written_as_scale(const struct om_panel *panel, const struct om_form_columns *form)
{
    const struct om_panel_spec *spec = panel->spec;
    for (size_t i = 0; om_instrument_is_total(form->instrument) && i < spec->n_maps; i++)
        if (spec->map[i].pattern && strcmp(spec->map[i].instrument, form->instrument->id) == 0)
            return true;
    return false;
}

static void
write_map(struct om_buffer *out, const struct om_panel *panel)
{
    const struct om_panel_file *file = &panel->file[0];
    if (!named_alike(panel)) {
        om_buffer_text(
            out, "# no map: the inputs name their columns differently, and each is read by its own names\n");
        return;
    }
    size_t n = 0;
    for (size_t f = 0; f < file->recognition.n_forms; f++) {
        if (written_before(file, f) || written_as_scale(panel, &file->recognition.form[f]))
            continue;
        if (n++ == 0)
            om_buffer_text(out, "map: # {item} is the number of the item\n");
        write_form(out, file, f);
    }
}

static void
write_study(struct om_buffer *out, const struct om_study *study, const struct om_panel *panel)
{
    const struct om_panel_file *file = &panel->file[0];
    om_buffer_text(out, "# How omstat reads this panel. Edit it, keep it, and use it with --study.\n");
    for (size_t i = 0; i < panel->reading.n; i++)
        om_write_comment(out, panel->reading.at[i]);
    om_buffer_format(out, "\nlayout: %s\n", panel->layout == OM_LAYOUT_WIDE ? "wide" : "long");
    if (file->id != OM_NONE) {
        om_buffer_text(out, "id: ");
        om_write_quoted(out, file->header.at[file->id]);
        om_buffer_char(out, '\n');
    }
    quoted_list(out, "by", &panel->spec->by);
    write_occasions(out, panel);
    write_map(out, panel);
    om_write_settings(out, study, panel);
}

om_status
om_study_describe(const struct om_study *study, char **yaml, struct om_error *err)
{
    struct om_panel *panel = NULL;
    if (study->panel.n_inputs == 0) {
        om_fail(err, OM_ERR_USAGE, "no input file");
        om_hint(err, "name the panel to describe");
        return OM_ERR_USAGE;
    }
    OM_TRY(om_refuse_tallies(study, err));
    OM_TRY(om_panel_open(&study->panel, study->registry, NULL, NULL, &panel, err));
    struct om_buffer out = OM_BUFFER_EMPTY;
    write_study(&out, study, panel);
    om_panel_close(panel);
    *yaml = om_buffer_take(&out);
    return *yaml ? OM_OK : om_fail_memory(err);
}
