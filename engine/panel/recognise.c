#include "panel/recognise.h"
#include "panel/guess.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/near.h"

#include <stdio.h>
#include <string.h>

/* The readings of one instrument under one scheme and occasion. */
struct sheet {
    struct om_form_columns form;
    uint64_t covered; /* bit i = item i has a column */
    int twice;        /* an item that two columns claim, or -1 */
    size_t twice_column;
};

struct sheets {
    struct sheet *at;
    size_t n, capacity;
};

/* One bit a column of a form: a total has one. */
static uint64_t
all_items(const struct om_instrument *instrument)
{
    if (om_instrument_is_total(instrument))
        return 1;
    return instrument->n_items == 64 ? UINT64_MAX : (UINT64_C(1) << instrument->n_items) - 1;
}

static bool
is_complete(const struct sheet *sheet)
{
    return sheet->covered == all_items(sheet->form.instrument);
}

/* Files a reading under its sheet. */
static om_status
file_guess(struct sheets *sheets, const struct om_guess *guess, struct om_error *err)
{
    struct sheet *sheet = NULL;
    for (size_t i = 0; i < sheets->n && !sheet; i++) {
        const struct om_form_columns *form = &sheets->at[i].form;
        if (form->instrument == guess->instrument && strcmp(form->scheme, guess->scheme) == 0 &&
            strcmp(form->occasion, guess->occasion) == 0)
            sheet = &sheets->at[i];
    }
    if (!sheet) {
        if (!om_grow(&sheets->at, &sheets->capacity, sheets->n, sizeof *sheets->at))
            return om_fail_memory(err);
        sheet = &sheets->at[sheets->n++];
        *sheet =
            (struct sheet){.form = {.instrument = guess->instrument, .naming = guess->naming}, .twice = -1};
        memcpy(sheet->form.scheme, guess->scheme, sizeof guess->scheme);
        memcpy(sheet->form.occasion, guess->occasion, sizeof guess->occasion);
    }
    if (sheet->covered >> guess->item & 1) {
        sheet->twice = guess->item;
        sheet->twice_column = guess->column;
        return OM_OK; /* an error only if this sheet turns out to be the one that is meant */
    }
    sheet->covered |= UINT64_C(1) << guess->item;
    sheet->form.column[guess->item] = guess->column;
    return OM_OK;
}

static bool
is_mapped(const struct om_panel_spec *spec, const struct om_instrument *instrument)
{
    for (size_t i = 0; i < spec->n_maps; i++)
        if (strcmp(spec->map[i].instrument, instrument->id) == 0)
            return true;
    return false;
}

static om_status
guess_all(const struct om_registry *registry, const struct om_panel_spec *spec, const struct om_texts *header,
          struct sheets *sheets, struct om_error *err)
{
    struct om_guesses guesses = {0};
    om_status status = OM_OK;
    for (size_t c = 0; c < header->n && status == OM_OK; c++)
        status = om_guess_column(registry, header->at[c], c, &guesses, err);
    for (size_t i = 0; i < guesses.n && status == OM_OK; i++)
        if (!is_mapped(spec, guesses.at[i].instrument))
            status = file_guess(sheets, &guesses.at[i], err);
    om_free(guesses.at);
    return status;
}

/* The columns of a map that lists them one by one. */
static om_status
take_list(const struct om_panel_map *map, const struct om_instrument *instrument,
          const struct om_texts *header, struct sheets *sheets, struct om_error *err)
{
    if (map->columns.n != instrument->n_items) {
        om_fail(err, OM_ERR_USAGE, "map of %s lists %zu columns, %s has %zu items", map->instrument,
                map->columns.n, instrument->name, instrument->n_items);
        om_hint(err, "list one column for each item, in item order");
        return OM_ERR_USAGE;
    }
    for (size_t j = 0; j < map->columns.n; j++) {
        struct om_guess guess = {.instrument = instrument, .item = (int)j};
        int column = om_texts_find(header, map->columns.at[j]);
        if (column < 0) {
            om_fail(err, OM_ERR_USAGE, "there is no column '%s', which the map of %s names",
                    map->columns.at[j], map->instrument);
            om_hint(err, "look at the first line of the file; names are compared without regard to case");
            return OM_ERR_USAGE;
        }
        guess.column = (size_t)column;
        snprintf(guess.scheme, sizeof guess.scheme, "the columns listed");
        snprintf(guess.occasion, sizeof guess.occasion, "%s", map->occasion ? map->occasion : "");
        OM_TRY(file_guess(sheets, &guess, err));
    }
    return OM_OK;
}

static om_status
take_pattern(const struct om_panel_map *map, const struct om_instrument *instrument,
             const struct om_texts *header, struct sheets *sheets, struct om_error *err)
{
    size_t before = sheets->n;
    for (size_t c = 0; c < header->n; c++) {
        struct om_guess guess = {.instrument = instrument, .column = c};
        if (!om_guess_pattern(instrument, map->pattern, header->at[c], &guess.item, guess.occasion))
            continue;
        snprintf(guess.scheme, sizeof guess.scheme, "%s", map->pattern);
        if (map->occasion)
            snprintf(guess.occasion, sizeof guess.occasion, "%s", map->occasion);
        OM_TRY(file_guess(sheets, &guess, err));
    }
    if (sheets->n > before)
        return OM_OK;
    om_fail(err, OM_ERR_USAGE, "no column fits the pattern '%s' given for %s", map->pattern, map->instrument);
    om_hint(
        err,
        "{item} stands for the item's number (with or without leading zeros), {occasion} for the occasion");
    return OM_ERR_USAGE;
}

/* The column of a total: of this very name, or else of this name with an occasion. */
static om_status
take_total(const struct om_panel_map *map, const struct om_instrument *instrument,
           const struct om_texts *header, struct sheets *sheets, struct om_error *err)
{
    const char *wanted = map->pattern ? map->pattern : map->columns.n == 1 ? map->columns.at[0] : "";
    int same = om_texts_find(header, wanted);
    size_t before = sheets->n;
    for (size_t c = 0; c < header->n; c++) {
        struct om_guess guess = {.instrument = instrument, .column = c};
        if ((same >= 0 && (size_t)same != c) || !om_guess_total(wanted, header->at[c], guess.occasion))
            continue;
        snprintf(guess.scheme, sizeof guess.scheme, "%s", wanted);
        if (map->occasion)
            snprintf(guess.occasion, sizeof guess.occasion, "%s", map->occasion);
        OM_TRY(file_guess(sheets, &guess, err));
    }
    if (sheets->n > before)
        return OM_OK;
    om_fail(err, OM_ERR_USAGE, "there is no column '%s' for the total of %s", wanted, map->instrument);
    om_hint(err, "name one column, with {occasion} where the occasion stands: bdi:bdi_{occasion}");
    return OM_ERR_USAGE;
}

static om_status
take_maps(const struct om_registry *registry, const struct om_panel_spec *spec, const struct om_texts *header,
          struct sheets *sheets, struct om_error *err)
{
    for (size_t i = 0; i < spec->n_maps; i++) {
        const struct om_instrument *instrument = om_registry_find(registry, spec->map[i].instrument);
        if (!instrument) {
            om_fail(err, OM_ERR_USAGE, "map names the instrument '%s', which is not known",
                    spec->map[i].instrument);
            om_hint(err, "`omstat instruments list` shows the ones that are; --instrument FILE adds one");
            return OM_ERR_USAGE;
        }
        if (om_instrument_is_total(instrument)) {
            OM_TRY(take_total(&spec->map[i], instrument, header, sheets, err));
            continue;
        }
        OM_TRY(spec->map[i].pattern ? take_pattern(&spec->map[i], instrument, header, sheets, err)
                                    : take_list(&spec->map[i], instrument, header, sheets, err));
    }
    return OM_OK;
}

/* The name that the column of an item would have under the scheme of a sheet. */
static void
expected_name(const struct sheet *sheet, size_t item, struct om_buffer *name)
{
    const struct om_form_columns *form = &sheet->form;
    for (const char *at = form->scheme; *at;) {
        const char *what = strncmp(at, "{item}", 6) == 0        ? form->instrument->item[item].id
                           : strncmp(at, "{occasion}", 10) == 0 ? form->occasion
                                                                : NULL;
        if (what)
            om_buffer_text(name, what);
        else
            om_buffer_char(name, *at);
        at += what ? strcspn(at, "}") + 1 : 1;
    }
}

/* Does this scheme read the column, at whatever occasion? */
static bool
scheme_reads(const struct sheets *sheets, const struct sheet *of, size_t column)
{
    for (size_t i = 0; i < sheets->n; i++) {
        const struct sheet *sheet = &sheets->at[i];
        for (size_t j = 0; j < sheet->form.instrument->n_items; j++)
            if (sheet->form.instrument == of->form.instrument && sheet->covered >> j & 1 &&
                sheet->form.column[j] == column && strcmp(sheet->form.scheme, of->form.scheme) == 0)
                return true;
    }
    return false;
}

/* Columns whose names come near that of a missing item: "; near: 'phq5_pre'". */
static om_status
list_near(const struct sheets *sheets, const struct sheet *sheet, size_t item, const struct om_texts *header,
          struct om_buffer *list, struct om_error *err)
{
    struct om_buffer name = OM_BUFFER_EMPTY;
    const char **known = om_calloc(header->n, sizeof *known), *near[OM_NEAR_MAX];
    size_t n_known = 0, n = 0;
    expected_name(sheet, item, &name);
    for (size_t c = 0; known && c < header->n; c++)
        if (!scheme_reads(sheets, sheet, c))
            known[n_known++] = header->at[c];
    if (known)
        n = om_near_words(om_buffer_string(&name), known, n_known, near);
    for (size_t i = 0; i < n; i++)
        om_buffer_format(list, "%s'%s'", i ? ", " : "", near[i]);
    const bool ok = known && om_buffer_ok(&name);
    om_buffer_release(&name);
    om_free(known);
    return ok ? OM_OK : om_fail_memory(err);
}

/* Names the items without a column, what the others look like, and which columns come near the first. */
static om_status
fail_missing(const struct sheets *sheets, const struct sheet *sheet, const struct om_texts *header,
             struct om_error *err)
{
    const struct om_instrument *instrument = sheet->form.instrument;
    struct om_buffer items = OM_BUFFER_EMPTY, near = OM_BUFFER_EMPTY;
    size_t n = 0;
    OM_TRY(list_near(sheets, sheet, (size_t)__builtin_ctzll(~sheet->covered), header, &near, err));
    for (size_t j = 0; j < instrument->n_items; j++)
        if (!(sheet->covered >> j & 1))
            om_buffer_format(&items, "%s%s", n++ ? ", " : "", instrument->item[j].id);
    om_fail(err, OM_ERR_PANEL, "OM121 %s: no column for item%s %s%s%s (the others are read as '%s')",
            instrument->name, n == 1 ? "" : "s", om_buffer_string(&items),
            *sheet->form.occasion ? " at occasion " : "", sheet->form.occasion, sheet->form.scheme);
    om_hint(err,
            "%s%s%sadd the column, correct its name, or name the columns with --map %s=PATTERN or "
            "--map %s=COLUMN,COLUMN,...",
            near.length ? "near it is " : "", near.length ? om_buffer_string(&near) : "",
            near.length ? ": " : "", instrument->id, instrument->id);
    om_buffer_release(&items);
    om_buffer_release(&near);
    return OM_ERR_PANEL;
}

static om_status
fail_ambiguous(const struct om_form_columns *a, const struct om_form_columns *b, struct om_error *err)
{
    om_fail(err, OM_ERR_PANEL,
            "%s%s%s can be read in two ways: '%s' (from column %zu) or '%s' (from column %zu)",
            a->instrument->name, *a->occasion ? " at occasion " : "", a->occasion, a->scheme,
            a->column[0] + 1, b->scheme, b->column[0] + 1);
    om_hint(err, "choose one, for example --map %s='%s'", a->instrument->id, a->scheme);
    return OM_ERR_PANEL;
}

static om_status
fail_twice(const struct sheet *sheet, struct om_error *err)
{
    const struct om_form_columns *form = &sheet->form;
    om_fail(err, OM_ERR_PANEL, "OM121 columns %zu and %zu are both item %s of %s%s%s",
            form->column[sheet->twice] + 1, sheet->twice_column + 1, form->instrument->item[sheet->twice].id,
            form->instrument->name, *form->occasion ? " at occasion " : "", form->occasion);
    om_hint(err, "name the columns with --map %s=COLUMN,COLUMN,...", form->instrument->id);
    return OM_ERR_PANEL;
}

/* Is there any complete sheet of this instrument? */
static bool
has_complete(const struct sheets *sheets, const struct om_instrument *instrument)
{
    for (size_t i = 0; i < sheets->n; i++)
        if (sheets->at[i].form.instrument == instrument && is_complete(&sheets->at[i]))
            return true;
    return false;
}

static bool
same_scheme_is_complete(const struct sheets *sheets, const struct sheet *sheet)
{
    for (size_t i = 0; i < sheets->n; i++)
        if (sheets->at[i].form.instrument == sheet->form.instrument && is_complete(&sheets->at[i]) &&
            strcmp(sheets->at[i].form.scheme, sheet->form.scheme) == 0)
            return true;
    return false;
}

/* A sheet that lacks items is an error when it is plainly meant: asked for by a map of which nothing is
 * complete, more than half there with no complete one beside it, or the other occasion of a complete scheme.
 * Else its columns are something else. */
static bool
is_meant(const struct sheets *sheets, const struct om_panel_spec *spec, const struct sheet *sheet)
{
    size_t n_items = sheet->form.instrument->n_items; /* a sheet of a total is never incomplete */
    size_t n_covered = (size_t)__builtin_popcountll(sheet->covered);
    if (is_mapped(spec, sheet->form.instrument) && !same_scheme_is_complete(sheets, sheet))
        return true;
    if (2 * n_covered <= n_items || n_covered < 2)
        return false;
    return same_scheme_is_complete(sheets, sheet) || !has_complete(sheets, sheet->form.instrument);
}

static om_status
choose(const struct sheets *sheets, const struct om_panel_spec *spec, const struct om_texts *header,
       struct om_recognition *out, struct om_error *err)
{
    for (size_t i = 0; i < sheets->n; i++) {
        const struct sheet *sheet = &sheets->at[i];
        if (!is_complete(sheet)) {
            if (is_meant(sheets, spec, sheet))
                return fail_missing(sheets, sheet, header, err);
            continue;
        }
        if (sheet->twice >= 0)
            return fail_twice(sheet, err);
        for (size_t k = 0; k < out->n_forms; k++)
            if (out->form[k].instrument == sheet->form.instrument &&
                strcmp(out->form[k].occasion, sheet->form.occasion) == 0)
                return fail_ambiguous(&out->form[k], &sheet->form, err);
        if (!om_grow(&out->form, &out->capacity, out->n_forms, sizeof *out->form))
            return om_fail_memory(err);
        out->form[out->n_forms++] = sheet->form;
    }
    return OM_OK;
}

/* By instrument in registry order; within one, in column order (the sheets are filed in that order). */
static void
order_forms(const struct om_registry *registry, struct om_recognition *out)
{
    size_t done = 0;
    for (size_t r = 0; r < om_registry_count(registry); r++)
        for (size_t i = done; i < out->n_forms; i++)
            if (out->form[i].instrument == om_registry_at(registry, r)) {
                struct om_form_columns form = out->form[i];
                memmove(&out->form[done + 1], &out->form[done], (i - done) * sizeof form);
                out->form[done++] = form;
            }
}

om_status
om_recognise(const struct om_registry *registry, const struct om_panel_spec *spec,
             const struct om_texts *header, struct om_recognition *out, struct om_error *err)
{
    struct sheets sheets = {0};
    *out = (struct om_recognition){0};
    om_status status = take_maps(registry, spec, header, &sheets, err);
    if (status == OM_OK)
        status = guess_all(registry, spec, header, &sheets, err);
    if (status == OM_OK)
        status = choose(&sheets, spec, header, out, err);
    if (status == OM_OK)
        order_forms(registry, out);
    else
        om_recognition_release(out);
    om_free(sheets.at);
    return status;
}

void
om_recognition_release(struct om_recognition *recognition)
{
    om_free(recognition->form);
    *recognition = (struct om_recognition){0};
}
