/* Columns that were computed from the items elsewhere: totals (OM204) and severity labels (OM215). */
#include "validate/exam.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/number.h"
#include "panel/guess.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORD_MAX = 64 };

static const char *const total_words[] = {"total", "score", "sum", "tot", "totalscore", "sumscore"};
static const char *const label_words[] = {"severity", "band", "category", "severitylabel", "label"};

struct stored {
    bool label;
    size_t file, slot, kept, instrument;
    int column;
};

struct plan {
    struct stored *at;
    size_t n, capacity;
    struct om_scorer **scorer; /* per instrument; NULL where none is needed */
    size_t n_instruments;
};

struct seen {
    struct om_hits hits;
    uint64_t compared;
};

struct state {
    size_t n;
    struct seen at[];
};

/* --- columns -------------------------------------------------------------------------------------------- */

/* Small letters and digits only; false for what is too long. */
static bool
squeeze(const char *text, size_t length, char out[WORD_MAX + 1])
{
    size_t n = 0;
    for (size_t i = 0; i < length; i++) {
        char c = om_ascii_lower(text[i]);
        if (!((c >= 'a' && c <= 'z') || om_ascii_digit(c) || (c & 0x80)))
            continue;
        if (n == WORD_MAX)
            return false;
        out[n++] = c;
    }
    out[n] = '\0';
    return true;
}

/* Is this column's name the prefix and the word, with an occasion where the panel's names have one? */
static bool
is_named(const struct om_panel *panel, const char *header, const char *prefix, const char *word, size_t *slot)
{
    char wanted[WORD_MAX + 1], name[WORD_MAX + 1], occasion[OM_OCCASION_TEXT] = "";
    if (snprintf(wanted, sizeof wanted, "%s%s", prefix, word) >= (int)sizeof wanted)
        return false;
    if (!squeeze(header, strlen(header), name) ||
        (strcmp(name, wanted) != 0 && !om_guess_total(wanted, header, occasion)))
        return false;
    if (panel->layout != OM_LAYOUT_WIDE) {
        *slot = 0;
        return !*occasion;
    }
    const int token = om_texts_find(&panel->occasion_token, occasion);
    *slot = token < 0 ? 0 : (size_t)token;
    return token >= 0;
}

static bool
find_kind(const struct om_panel *panel, const struct om_instrument *instrument, const char *header,
          const char *const *words, size_t n_words, size_t *slot)
{
    for (size_t p = 0; p <= instrument->n_prefixes; p++) {
        char prefix[WORD_MAX + 1];
        const char *text = p < instrument->n_prefixes ? instrument->prefix[p] : instrument->id;
        if (!squeeze(text, strlen(text), prefix))
            continue;
        for (size_t w = 0; w < n_words; w++)
            if (is_named(panel, header, prefix, words[w], slot))
                return true;
    }
    return false;
}

static om_status
add_stored(struct om_exam *exam, struct plan *plan, struct stored stored, struct om_error *err)
{
    const struct om_instrument *instrument = exam->panel->instrument[stored.instrument].instrument;
    if (!om_grow(&plan->at, &plan->capacity, plan->n, sizeof *plan->at))
        return om_fail_memory(err);
    OM_TRY(om_panel_keep(exam->panel, stored.file, (size_t)stored.column, &stored.kept, err));
    plan->at[plan->n++] = stored;
    if (plan->scorer[stored.instrument])
        return OM_OK;
    return om_scorer_new(instrument, &instrument->scale[0], OM_MISSING_COMPLETE, NULL,
                         &plan->scorer[stored.instrument], err);
}

static om_status
find_columns(struct om_exam *exam, struct plan *plan, size_t f, struct om_error *err)
{
    const struct om_panel *panel = exam->panel;
    const struct om_panel_file *file = &panel->file[f];
    for (size_t c = 0; c < file->header.n; c++)
        for (size_t k = 0; k < panel->n_instruments && !om_panel_uses(panel, file, c); k++) {
            const struct om_instrument *instrument = panel->instrument[k].instrument;
            struct stored stored = {.file = f, .instrument = k, .column = (int)c};
            if (!exam->own[k] || instrument->scale[0].combine == OM_COMBINE_CLASS)
                continue;
            const bool total = find_kind(panel, instrument, file->header.at[c], total_words,
                                         sizeof total_words / sizeof total_words[0], &stored.slot);
            stored.label = !total && instrument->scale[0].n_bands &&
                           find_kind(panel, instrument, file->header.at[c], label_words,
                                     sizeof label_words / sizeof label_words[0], &stored.slot);
            if (total || stored.label) {
                OM_TRY(add_stored(exam, plan, stored, err));
                break;
            }
        }
    return OM_OK;
}

/* --- comparing ------------------------------------------------------------------------------------------ */

/* Is the number what the fraction is, to the decimals it has? */
static bool
agrees(struct om_fraction stored, size_t places, int64_t value, int64_t unit)
{
    static const int64_t most = INT64_C(1) << 40;
    int64_t power = 1;
    if (stored.num > most || stored.num < -most || places > 6)
        return om_fraction_compare(stored, (struct om_fraction){value, unit}) == 0;
    for (size_t i = 0; i < places; i++)
        power *= 10;
    const int64_t written = stored.num * (power / stored.den); /* den divides the power of its decimals */
    const __int128 twice = 2 * ((__int128)written * unit - (__int128)value * power);
    return (twice < 0 ? -twice : twice) <= (value % unit ? unit : 0);
}

static size_t
decimals(const char *text, size_t length)
{
    const char *point = memchr(text, '.', length);
    return point ? length - (size_t)(point - text) - 1 : 0;
}

/* A total that is neither the score nor, of a scale that is a mean or a percentage, the sum or the mean. */
static bool
total_disagrees(const struct om_scorer *scorer, const struct om_exam_form *form, size_t i, size_t level,
                const char *text, size_t length, bool *compared)
{
    struct om_fraction stored;
    if (!om_fraction_parse(text, length, &stored))
        return false;
    const size_t places = decimals(text, length);
    *compared = true;
    if (agrees(stored, places, scorer->level[level].value, scorer->unit))
        return false;
    const enum om_combine combine = scorer->scale->combine;
    return (combine != OM_COMBINE_MEAN && combine != OM_COMBINE_PERCENT) ||
           (!agrees(stored, places, form->sum[i], 1) &&
            !agrees(stored, places, form->sum[i], form->answered[i] ? form->answered[i] : 1));
}

/* The band that a text names, or -1. */
static int
find_band(const struct om_scale *scale, const char *text, size_t length)
{
    char word[WORD_MAX + 1], known[WORD_MAX + 1];
    if (!squeeze(text, length, word) || !*word)
        return -1;
    for (size_t b = 0; b < scale->n_bands; b++) {
        const char *const names[] = {scale->band[b].id, scale->band[b].label};
        for (size_t i = 0; i < 2; i++)
            if (squeeze(names[i], strlen(names[i]), known) && strcmp(known, word) == 0)
                return (int)b;
    }
    return -1;
}

static bool
disagrees(const struct stored *stored, const struct om_scorer *scorer, const struct om_exam_form *form,
          size_t i, size_t level, const struct om_field *cell, bool *compared)
{
    const char *text = cell->data;
    size_t length = cell->length;
    om_trim(&text, &length);
    if (!stored->label)
        return total_disagrees(scorer, form, i, level, text, length, compared);
    const int band = find_band(scorer->scale, text, length);
    *compared = band >= 0;
    return band >= 0 && band != scorer->level[level].band;
}

static om_status
compare(const struct om_exam *exam, const struct plan *plan, const struct stored *stored, struct seen *seen,
        const struct om_exam_block *block, struct om_error *err)
{
    const struct om_panel_instrument *at = &exam->panel->instrument[stored->instrument];
    const struct om_scorer *scorer = plan->scorer[stored->instrument];
    const struct om_record_block *records = block->block;
    const uint8_t *column[OM_ITEMS_MAX];
    uint16_t level[OM_EXAM_ROWS];
    uint8_t reason[OM_EXAM_ROWS];
    for (size_t j = 0; j < at->instrument->n_items; j++)
        column[j] = block->column[at->item[j]];
    om_scorer_run(scorer, column, block->n, level, reason);
    for (size_t i = 0; i < block->n; i++) {
        bool compared = false;
        if (level[i] == scorer->n_levels)
            continue;
        const struct om_field *cell = &records->kept[block->row[i] * records->n_kept + stored->kept];
        if (disagrees(stored, scorer, &block->form[stored->instrument], i, level[i], cell, &compared))
            OM_TRY(om_hits_add(&seen->hits, om_exam_ordinal(block, i), err));
        seen->compared += compared;
    }
    return OM_OK;
}

static om_status
forms(const struct om_exam *exam, const void *context, void *state, const struct om_exam_block *block,
      struct om_error *err)
{
    const struct plan *plan = context;
    struct state *all = state;
    for (size_t s = 0; s < plan->n; s++) {
        const struct stored *stored = &plan->at[s];
        if (stored->file == block->block->file && stored->slot == block->slot &&
            block->form[stored->instrument].here)
            OM_TRY(compare(exam, plan, stored, &all->at[s], block, err));
    }
    return OM_OK;
}

/* --- the check ------------------------------------------------------------------------------------------ */

static void
end(void *context)
{
    struct plan *plan = context;
    if (!plan)
        return;
    for (size_t k = 0; plan->scorer && k < plan->n_instruments; k++)
        om_scorer_free(plan->scorer[k]);
    om_free(plan->scorer);
    om_free(plan->at);
    om_free(plan);
}

static om_status
begin(struct om_exam *exam, void **out, struct om_error *err)
{
    struct plan *plan = om_calloc(1, sizeof *plan);
    *out = plan;
    if (!plan)
        return om_fail_memory(err);
    plan->n_instruments = exam->panel->n_instruments;
    plan->scorer = om_calloc(plan->n_instruments + 1, sizeof(struct om_scorer *));
    if (!plan->scorer)
        return om_fail_memory(err);
    for (size_t f = 0; f < exam->panel->n_files; f++)
        OM_TRY(find_columns(exam, plan, f, err));
    if (plan->n == 0) {
        end(plan);
        *out = NULL;
    }
    return OM_OK;
}

static om_status
open(const struct om_exam *exam, const void *context, void **state, struct om_error *err)
{
    const struct plan *plan = context;
    struct state *all = om_calloc(1, sizeof *all + plan->n * sizeof *all->at);
    *state = all;
    if (!all)
        return om_fail_memory(err);
    all->n = plan->n;
    for (size_t s = 0; s < plan->n; s++)
        all->at[s].hits.every = om_exam_is_error(exam, plan->at[s].label ? 215 : 204);
    return OM_OK;
}

static void
close(void *state)
{
    struct state *all = state;
    for (size_t s = 0; all && s < all->n; s++)
        om_hits_release(&all->at[s].hits);
    om_free(all);
}

static om_status
finish(struct om_exam *exam, void *context, void *const *state, size_t n, struct om_error *err)
{
    const struct plan *plan = context;
    bool unknown = false;
    for (size_t s = 0; s < plan->n; s++) {
        const struct stored *stored = &plan->at[s];
        const struct om_exam_column at = {stored->file, stored->column};
        struct seen *all = &((struct state *)state[0])->at[s];
        for (size_t t = 1; t < n; t++) {
            const struct seen *from = &((const struct state *)state[t])->at[s];
            all->compared += from->compared;
            OM_TRY(om_hits_join(&all->hits, &from->hits, err));
        }
        unknown |= stored->label && all->compared == 0;
        if (exam->miscoded[stored->instrument])
            continue;
        if (stored->label)
            om_exam_report_hits(exam, 215, at, &all->hits, "the label is not the band of the items' score",
                                "make the labels from the scores again");
        else
            om_exam_report_hits(exam, 204, at, &all->hits, "the total is not the score of the items",
                                "find out which of the two is right");
    }
    if (unknown)
        om_exam_skip(exam, 215, "severity labels: a column has no words that are bands of its instrument");
    return OM_OK;
}

const struct om_check om_check_stored = {
    .begin = begin, .end = end, .open = open, .close = close, .forms = forms, .finish = finish};
