/* What was taken for what, in sentences for people. */
#include "panel/panel.h"
#include "base/buffer.h"
#include "base/error.h"

#include <string.h>

static om_status
say(struct om_panel *panel, struct om_buffer *sentence, struct om_error *err)
{
    om_status status = om_buffer_ok(sentence)
                           ? om_texts_add(&panel->reading, om_buffer_string(sentence), sentence->length, err)
                           : om_fail_memory(err);
    om_buffer_release(sentence);
    return status;
}

/* The columns of this file that nothing was made of. */
static om_status
say_unused(struct om_panel *panel, const struct om_panel_file *file, struct om_error *err)
{
    struct om_buffer list = OM_BUFFER_EMPTY;
    size_t n = 0;
    for (size_t c = 0; c < file->header.n; c++) {
        if (om_panel_uses(panel, file, c))
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
        if (om_instrument_is_total(form->instrument))
            om_buffer_format(&s, "%s: total from %s, higher is %s", form->instrument->name, form->scheme,
                             form->instrument->scale[0].direction == OM_HIGHER_BETTER ? "better" : "worse");
        else
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
om_panel_say_reading(struct om_panel *panel, struct om_error *err)
{
    for (size_t i = 0; i < panel->n_files; i++) {
        OM_TRY(say_roles(panel, &panel->file[i], err));
        OM_TRY(say_forms(panel, &panel->file[i], err));
        OM_TRY(say_unused(panel, &panel->file[i], err));
    }
    return OM_OK;
}
