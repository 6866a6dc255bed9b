/* A panel as a table schema: https://datapackage.org/standard/table-schema/ */
#include <omstat/schema.h>

#include "analysis/study.h"
#include "base/error.h"
#include "panel/panel.h"
#include "report/json.h"

#include <stdio.h>
#include <string.h>

/* Texts that are read as no answer. */
static void
add_missing(struct om_json *json, const struct om_decoder *decoder)
{
    om_json_name(json, "missingValues");
    om_json_begin(json, '[', OM_JSON_INLINE);
    for (size_t i = 0; i < decoder->n_entries; i++) {
        const struct om_decoder_entry *entry = &decoder->entry[i];
        if (entry->code >= OM_CODE_BLANK &&
            om_decoder_find(decoder, entry->text, strlen(entry->text)) == entry->code)
            om_json_text(json, entry->text);
    }
    om_json_end(json, ']');
}

/* The texts that are answers, where numbers are not what they say. */
static void
add_recoded(struct om_json *json, const struct om_decoder *decoder)
{
    om_json_member_text(json, "type", "string");
    om_json_name(json, "constraints");
    om_json_begin(json, '{', OM_JSON_INLINE);
    om_json_name(json, "enum");
    om_json_begin(json, '[', OM_JSON_INLINE);
    for (size_t i = 0; i < decoder->n_entries; i++)
        if (decoder->entry[i].code < OM_CODE_BLANK)
            om_json_text(json, decoder->entry[i].text);
    om_json_end(json, ']');
    om_json_end(json, '}');
}

static void
member_fraction(struct om_json *json, const char *name, struct om_fraction value)
{
    om_json_name(json, name);
    om_json_number(json, om_fraction_value(value));
}

static void
add_item(struct om_json *json, const struct om_decoder *decoder, size_t item)
{
    const struct om_instrument *instrument = decoder->instrument;
    char title[96];
    snprintf(title, sizeof title, "%s, item %s", instrument->name, instrument->item[item].id);
    om_json_member_text(json, "title", title);
    if (decoder->recoded) {
        add_recoded(json, decoder);
    } else {
        om_json_member_text(json, "type", "integer");
        om_json_name(json, "constraints");
        om_json_begin(json, '{', OM_JSON_INLINE);
        member_fraction(json, "minimum", (struct om_fraction){instrument->minimum, 1});
        member_fraction(json, "maximum", (struct om_fraction){instrument->maximum, 1});
        om_json_end(json, '}');
    }
    add_missing(json, decoder);
}

static void
add_total(struct om_json *json, const struct om_panel_total *total)
{
    const struct om_instrument *instrument = total->decoder.instrument;
    const struct om_scale *scale = &instrument->scale[0];
    char title[96];
    snprintf(title, sizeof title, "%s, total", instrument->name);
    om_json_member_text(json, "title", title);
    om_json_member_text(json, "type", "number");
    if (!scale->open_range) {
        om_json_name(json, "constraints");
        om_json_begin(json, '{', OM_JSON_INLINE);
        member_fraction(json, "minimum", scale->minimum);
        member_fraction(json, "maximum", scale->maximum);
        om_json_end(json, '}');
    }
    add_missing(json, &total->decoder);
}

static void
add_key(struct om_json *json, const char *title)
{
    om_json_member_text(json, "title", title);
    om_json_member_text(json, "type", "string");
    om_json_name(json, "constraints");
    om_json_begin(json, '{', OM_JSON_INLINE);
    om_json_name(json, "required");
    om_json_true(json);
    om_json_end(json, '}');
}

/* Which item of its instrument a cell's column is. */
static size_t
item_of(const struct om_panel_file *file, const struct om_panel_cell *cell)
{
    for (size_t f = 0; f < file->recognition.n_forms; f++)
        for (size_t j = 0; j < file->recognition.form[f].instrument->n_items; j++)
            if (file->recognition.form[f].column[j] == cell->column)
                return j;
    return 0;
}

static void
add_field(struct om_json *json, const struct om_panel *panel, size_t column)
{
    const struct om_panel_file *file = &panel->file[0];
    om_json_begin(json, '{', OM_JSON_INLINE);
    om_json_member_text(json, "name", file->header.at[column]);
    const struct om_panel_cell *cell = NULL;
    const struct om_panel_total *total = NULL;
    for (size_t k = 0; k < file->n_cells && !cell; k++)
        cell = file->cell[k].column == column ? &file->cell[k] : NULL;
    for (size_t k = 0; k < file->n_totals && !total; k++)
        total = file->total[k].column == column ? &file->total[k] : NULL;
    if (cell)
        add_item(json, &cell->decoder, item_of(file, cell));
    else if (total)
        add_total(json, total);
    else if ((int)column == file->id)
        add_key(json, "the person");
    else if ((int)column == file->occasion_column)
        add_key(json, "the occasion");
    else
        om_json_member_text(json, "type", "any");
    om_json_end(json, '}');
}

static void
add_schema(struct om_buffer *out, const struct om_panel *panel)
{
    const struct om_panel_file *file = &panel->file[0];
    struct om_json json = OM_JSON(out);
    om_json_begin(&json, '{', OM_JSON_LINES);
    om_json_member_text(&json, "$schema", "https://datapackage.org/profiles/2.0/tableschema.json");
    om_json_name(&json, "fields");
    om_json_begin(&json, '[', OM_JSON_LINES);
    for (size_t c = 0; c < file->header.n; c++)
        add_field(&json, panel, c);
    om_json_end(&json, ']');
    if (file->id != OM_NONE) {
        om_json_name(&json, "primaryKey");
        om_json_begin(&json, '[', OM_JSON_INLINE);
        om_json_text(&json, file->header.at[file->id]);
        if (file->occasion_column != OM_NONE)
            om_json_text(&json, file->header.at[file->occasion_column]);
        om_json_end(&json, ']');
    }
    om_json_end(&json, '}');
}

om_status
om_schema_describe(const struct om_study *study, char **json, struct om_error *err)
{
    struct om_panel *panel = NULL;
    struct om_buffer out = OM_BUFFER_EMPTY;
    if (study->panel.n_inputs == 0) {
        om_fail(err, OM_ERR_USAGE, "no input file");
        om_hint(err, "name the panel to describe");
        return OM_ERR_USAGE;
    }
    OM_TRY(om_panel_open(&study->panel, study->registry, NULL, NULL, &panel, err));
    add_schema(&out, panel);
    om_panel_close(panel);
    *json = om_buffer_take(&out);
    return *json ? OM_OK : om_fail_memory(err);
}
