#include "analysis/study.h"
#include "base/buffer.h"
#include "base/error.h"
#include "panel/persons.h"

#include <omstat/analysis.h>

#include <string.h>

/* A YAML scalar in single quotes: the one form in which nothing but the quote itself is special. */
static void
quoted(struct om_buffer *out, const char *text)
{
    om_buffer_char(out, '\'');
    for (; *text; text++) {
        if (*text == '\'')
            om_buffer_char(out, '\'');
        om_buffer_char(out, *text);
    }
    om_buffer_char(out, '\'');
}

static void
quoted_list(struct om_buffer *out, const char *key, const struct om_texts *texts)
{
    if (texts->n == 0)
        return;
    om_buffer_format(out, "%s: [", key);
    for (size_t i = 0; i < texts->n; i++) {
        om_buffer_text(out, i ? ", " : "");
        quoted(out, texts->at[i]);
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
            om_buffer_format(out, "  %s: ", panel->occasion.at[panel->file[i].fixed_occasion]);
            quoted(out, panel->file[i].path);
            om_buffer_char(out, '\n');
        }
        return;
    }
    if (panel->file[0].occasion_column != OM_NONE) {
        om_buffer_text(out, "occasion-column: ");
        quoted(out, panel->file[0].header.at[panel->file[0].occasion_column]);
        om_buffer_char(out, '\n');
    }
    quoted_list(out, "occasions", &panel->spec->occasions);
    if (panel->spec->occasions.n == 0 && panel->occasion.n > 1 && panel->layout == OM_LAYOUT_WIDE) {
        om_buffer_text(out, "# occasions, in order:");
        for (size_t i = 0; i < token->n; i++)
            om_buffer_format(out, "%s %s", i ? "," : "", token->at[i]);
        om_buffer_text(out, "; the first and the last are compared. To choose:\n# occasions: [");
        om_buffer_format(out, "%s, %s]\n", token->at[0], token->at[token->n - 1]);
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
        quoted(out, form->scheme);
    } else {
        om_buffer_char(out, '[');
        for (size_t i = 0; i < form->instrument->n_items; i++) {
            om_buffer_text(out, i ? ", " : "");
            quoted(out, file->header.at[form->column[i]]);
        }
        om_buffer_char(out, ']');
    }
    om_buffer_char(out, '\n');
}

/* Codes that came with a code book must be said once the columns are listed one by one. */
static void
write_tokens(struct om_buffer *out, const struct om_panel_file *file)
{
    for (size_t f = 0; f < file->recognition.n_forms; f++) {
        const struct om_form_columns *form = &file->recognition.form[f];
        if (!form->naming || form->naming->n_declined == 0)
            continue;
        om_buffer_format(out, "declined: # %s\n  %s: [", form->naming->name, form->instrument->id);
        for (size_t i = 0; i < form->naming->n_declined; i++) {
            om_buffer_text(out, i ? ", " : "");
            quoted(out, form->naming->declined[i]);
        }
        om_buffer_text(out, "]\n");
    }
}

static void
write_study(struct om_buffer *out, const struct om_study *study, const struct om_panel *panel)
{
    const struct om_panel_file *file = &panel->file[0];
    om_buffer_text(out, "# How omstat reads this panel. Edit it, keep it, and use it with --study.\n");
    for (size_t i = 0; i < panel->reading.n; i++)
        om_buffer_format(out, "# %s\n", panel->reading.at[i]);
    om_buffer_format(out, "\nlayout: %s\n", panel->layout == OM_LAYOUT_WIDE ? "wide" : "long");
    if (file->id != OM_NONE) {
        om_buffer_text(out, "id: ");
        quoted(out, file->header.at[file->id]);
        om_buffer_char(out, '\n');
    }
    quoted_list(out, "by", &panel->spec->by);
    write_occasions(out, panel);
    om_buffer_text(out, "map: # {item} is the number of the item\n");
    for (size_t f = 0; f < file->recognition.n_forms; f++)
        if (!written_before(file, f))
            write_form(out, file, f);
    write_tokens(out, file);
    om_buffer_format(out, "missing-rule: %s # or prorate: by each instrument's own rule\n",
                     study->missing_rule == OM_MISSING_PRORATE ? "prorate" : "complete");
    om_buffer_text(out, "duplicates: error # or first, last, reject-all\n"
                        "population: both # or all, positive\n"
                        "shift: 5 # points; or a mapping, such as {bipf: 10}\n"
                        "# missing: ['99'] # cells that mean no answer; {COLUMN: [...]} for one column\n"
                        "# cutoff: {pcl5: 31}\n"
                        "# by: [cohort]\n");
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
    OM_TRY(om_panel_open(&study->panel, study->registry, NULL, NULL, &panel, err));
    struct om_buffer out = OM_BUFFER_EMPTY;
    write_study(&out, study, panel);
    om_panel_close(panel);
    *yaml = om_buffer_take(&out);
    return *yaml ? OM_OK : om_fail_memory(err);
}
