/* Who, when, in which group: the cells of a record that are no answers. */
#include "panel/worker.h"
#include "base/error.h"
#include "base/number.h"
#include "base/utf8.h"
#include "csv/writer.h"

#include <string.h>

static void
trim(const struct om_field *field, const char **text, size_t *length)
{
    *text = field->data;
    *length = field->length;
    om_trim(text, length);
}

static void
fault(struct om_worker *worker, const struct om_record_row *row, const struct om_field *key, int code,
      enum om_severity severity, int column, const char *message, const char *hint)
{
    om_worker_fault(
        worker,
        (struct om_fault){
            .code = code, .severity = severity, .column = column, .message = message, .hint = hint},
        row, key);
}

/* Keys are compared and written as text, so a NUL byte in one means a damaged record. */
static bool
has_nul(struct om_worker *worker, const struct om_field *key, const struct om_record_row *row, int column)
{
    if (key->length == 0 || !memchr(key->data, '\0', key->length))
        return false;
    om_worker_nul_fault(worker, row, column, key);
    return true;
}

static bool
keys_have_nul(struct om_worker *worker, const struct om_panel_file *file, const struct om_keys *keys,
              const struct om_record_row *row)
{
    bool found = has_nul(worker, &keys->id, row, file->id) ||
                 has_nul(worker, &keys->occasion, row, file->occasion_column);
    for (size_t b = 0; b < worker->panel->n_by && !found; b++)
        found = has_nul(worker, &keys->by[b], row, file->by[b]);
    return found;
}

/* What may stand in a key, but is worth a word: bytes that are no UTF-8. */
static void
judge_text(struct om_worker *worker, const struct om_record_row *row, const struct om_field *key, int column)
{
    if (!om_utf8_valid(key->data, key->length))
        fault(worker, row, key, 101, OM_WARNING, column, "not valid UTF-8",
              "the bytes are kept as they are; convert the file to UTF-8");
}

/* Text that a spreadsheet would run. */
static void
look_for_formula(struct om_worker *worker, struct om_record_row *row, const struct om_field *key, int column)
{
    const bool reject = worker->panel->spec->no_formulas;
    if (!om_csv_is_formula(key->data, key->length))
        return;
    fault(worker, row, key, 192, reject ? OM_BAD : OM_WARNING, column,
          "text that a spreadsheet would run as a formula",
          reject ? "remove the character it begins with, or say --formula-guard=escape or off"
                 : "remove the character it begins with");
    row->rejected |= reject;
}

static void
look_for_formulas(struct om_worker *worker, const struct om_panel_file *file, const struct om_keys *keys,
                  struct om_record_row *row)
{
    look_for_formula(worker, row, &keys->id, file->id);
    look_for_formula(worker, row, &keys->occasion, file->occasion_column);
    for (size_t b = 0; b < worker->panel->n_by; b++)
        look_for_formula(worker, row, &keys->by[b], file->by[b]);
}

static bool
take_id(struct om_worker *worker, const struct om_panel_file *file, const struct om_keys *keys,
        struct om_record_row *row, bool words)
{
    if (file->id == OM_NONE)
        return true;
    row->id = keys->id.data;
    row->id_length = keys->id.length;
    if (words && row->id_length > 0)
        return true;
    size_t length;
    trim(&keys->id, &row->id, &length);
    row->id_length = (uint32_t)length;
    if (length == 0) {
        fault(worker, row, &keys->id, 141, OM_BAD, file->id, "no id", "every record needs one");
        return false;
    }
    judge_text(worker, row, &keys->id, file->id);
    return true;
}

static om_status
take_value(struct om_values *values, const struct om_field *field, size_t r, uint32_t *value,
           struct om_error *err)
{
    const char *text;
    size_t length;
    trim(field, &text, &length);
    *value = om_values_take(values, text, length, r);
    return *value == OM_DICTIONARY_FULL ? om_fail_memory(err) : OM_OK;
}

static om_status
take_occasion(struct om_worker *worker, const struct om_panel_file *file, const struct om_keys *keys,
              size_t r, bool words, struct om_error *err)
{
    struct om_record_row *row = &worker->block.row[r];
    if (file->occasion_column == OM_NONE)
        return OM_OK;
    const char *text;
    size_t length;
    trim(&keys->occasion, &text, &length);
    if (length == 0) {
        bool total = om_looks_like_total(row->id, row->id_length);
        fault(worker, row, NULL, total ? 115 : 141, OM_BAD, total ? OM_NONE : file->occasion_column,
              total ? "the record looks like a total or a footer" : "no occasion",
              total ? "delete it: it is no person" : "every record of a long panel needs one");
        row->rejected = true;
        return OM_OK;
    }
    if (!words)
        judge_text(worker, row, &keys->occasion, file->occasion_column);
    uint32_t value;
    OM_TRY(take_value(&worker->occasion, &keys->occasion, r, &value, err));
    row->occasion = (int)value;
    return OM_OK;
}

/* Nothing to look at twice. */
static bool
are_words(const struct om_panel *panel, const struct om_keys *keys)
{
    bool all = (keys->id.length == 0 || om_is_word(keys->id.data, keys->id.length)) &&
               (keys->occasion.length == 0 || om_is_word(keys->occasion.data, keys->occasion.length));
    for (size_t b = 0; b < panel->n_by && all; b++)
        all = keys->by[b].length == 0 || om_is_word(keys->by[b].data, keys->by[b].length);
    return all;
}

om_status
om_worker_take_keys(struct om_worker *worker, const struct om_keys *keys, size_t r, struct om_error *err)
{
    struct om_record_row *row = &worker->block.row[r];
    const struct om_panel_file *file = &worker->panel->file[worker->block.file];
    bool words = are_words(worker->panel, keys);
    row->rejected =
        (!words && keys_have_nul(worker, file, keys, row)) || !take_id(worker, file, keys, row, words);
    if (!row->rejected)
        OM_TRY(take_occasion(worker, file, keys, r, words, err));
    for (size_t b = 0; b < worker->panel->n_by && !row->rejected; b++) {
        OM_TRY(take_value(&worker->by[b], &keys->by[b], r, &worker->block.by[b][r], err));
        if (!words)
            judge_text(worker, row, &keys->by[b], file->by[b]);
    }
    const struct om_panel_spec *spec = worker->panel->spec;
    if (!row->rejected && (spec->thorough || spec->no_formulas))
        look_for_formulas(worker, file, keys, row);
    return OM_OK;
}
