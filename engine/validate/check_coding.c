/* How answers are coded: a whole instrument from 1 instead of 0 (OM201, OM202), an item the wrong way round
 * (OM203). Only sums over forms are kept. */
#include "validate/exam.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/memory.h"

#include <math.h>
#include <stdio.h>

enum { FORMS_LEAST = 20, REVERSAL_FORMS_LEAST = 50, REVERSAL_ITEMS_LEAST = 4 };

struct item_sums {
    int64_t x, xx, xt; /* of the item, its square, and its product with the sum of all items */
};

/* Of an instrument, over all occasions. */
struct coding {
    uint64_t cells, lowest, highest; /* answers; of those, of the lowest and the highest code, and forms, */
    uint64_t forms;                  /* as long as the lowest has not been seen */
    int64_t complete, t, tt; /* complete forms that were looked at closely; sums of the sum of items */
    struct item_sums item[OM_ITEMS_MAX];
};

/* --- seeing --------------------------------------------------------------------------------------------- */

static void
count_codes(struct coding *coding, const struct om_instrument *instrument, const uint8_t *code, size_t n)
{
    uint32_t cells = 0, lowest = 0, highest = 0;
    for (size_t i = 0; i < n; i++) {
        cells += code[i] < OM_CODE_BLANK;
        lowest += code[i] == instrument->minimum;
        highest += code[i] == instrument->maximum;
    }
    coding->cells += cells;
    coding->lowest += lowest;
    coding->highest += highest;
}

/* Points of an item as the scale counts them: one that the definition reverses is turned round first. */
static int
points(const struct om_instrument *instrument, size_t item, uint8_t code)
{
    return instrument->item[item].reversed ? instrument->minimum + instrument->maximum - code : code;
}

static void
add_form(struct coding *coding, const struct om_panel_instrument *at, const uint8_t *const *column, size_t i)
{
    const struct om_instrument *instrument = at->instrument;
    int64_t total = 0;
    for (size_t j = 0; j < instrument->n_items; j++)
        total += points(instrument, j, column[at->item[j]][i]);
    for (size_t j = 0; j < instrument->n_items; j++) {
        struct item_sums *sums = &coding->item[j];
        const int64_t x = points(instrument, j, column[at->item[j]][i]);
        sums->x += x;
        sums->xx += x * x;
        sums->xt += x * total;
    }
    coding->t += total;
    coding->tt += total * total;
    coding->complete++;
}

static om_status
forms(const struct om_exam *exam, const void *plan, void *state, const struct om_exam_block *block,
      struct om_error *err)
{
    struct coding *all = state;
    (void)plan, (void)err;
    for (size_t k = 0; k < exam->panel->n_instruments; k++) {
        const struct om_panel_instrument *at = &exam->panel->instrument[k];
        const struct om_exam_form *form = &block->form[k];
        if (!form->here)
            continue;
        if (all[k].lowest == 0) { /* else nothing is to be learned from the counts */
            for (size_t i = 0; i < block->n; i++)
                all[k].forms += form->present[i];
            for (size_t j = 0; j < at->instrument->n_items; j++)
                count_codes(&all[k], at->instrument, block->column[at->item[j]], block->n);
        }
        for (size_t s = 0; s < block->n_sampled; s++)
            if (form->answered[block->sampled[s]] == at->instrument->n_items)
                add_form(&all[k], at, block->column, block->sampled[s]);
    }
    return OM_OK;
}

/* --- judging -------------------------------------------------------------------------------------------- */

static uint64_t
count_above(const struct om_exam *exam, const struct om_instrument *instrument)
{
    uint64_t above = 0;
    for (size_t f = 0; f < exam->panel->n_files; f++) {
        const struct om_panel_file *file = &exam->panel->file[f];
        for (size_t k = 0; k < file->n_cells; k++)
            if (file->cell[k].decoder.instrument == instrument)
                above += file->one_above[file->cell[k].column];
    }
    return above;
}

/* Any form of it will do: what is wrong is wrong with all. */
static struct om_exam_column
somewhere(const struct om_exam *exam, size_t instrument, size_t item)
{
    struct om_exam_column at = {.column = OM_NONE};
    bool found = false;
    for (int k = 0; k < (int)exam->panel->occasion.n && !found; k++)
        found = om_exam_item(exam, k, instrument, item, &at);
    return at;
}

/* "declare it: --recode phq9=1:0,2:1,3:2,4:3" */
static om_status
report_coding(const struct om_exam *exam, size_t k, const struct coding *coding, uint64_t above,
              struct om_error *err)
{
    const struct om_instrument *instrument = exam->panel->instrument[k].instrument;
    struct om_buffer message = OM_BUFFER_EMPTY, hint = OM_BUFFER_EMPTY;
    om_buffer_format(&message, "%s is coded from %d to %d, it seems: no answer is %d, ", instrument->name,
                     instrument->minimum + 1, instrument->maximum + 1, instrument->minimum);
    if (above)
        om_buffer_format(&message, "and %llu are %d", (unsigned long long)above, instrument->maximum + 1);
    else
        om_buffer_format(&message, "though %llu of %llu are %d", (unsigned long long)coding->highest,
                         (unsigned long long)coding->cells, instrument->maximum);
    om_buffer_format(&hint, "if it is, say --recode %s=", instrument->id);
    for (size_t a = 0; a < instrument->n_answers; a++)
        om_buffer_format(&hint, "%s%d:%d", a ? "," : "", instrument->answer[a].code + 1,
                         instrument->answer[a].code);
    if (om_buffer_ok(&message) && om_buffer_ok(&hint))
        om_exam_report(exam, above ? 201 : 202, above ? OM_BAD : OM_WARNING, somewhere(exam, k, 0),
                       om_buffer_string(&message), om_buffer_string(&hint));
    om_status status = om_buffer_ok(&message) && om_buffer_ok(&hint) ? OM_OK : om_fail_memory(err);
    om_buffer_release(&message);
    om_buffer_release(&hint);
    return status;
}

static bool
is_recoded(const struct om_exam *exam, const struct om_instrument *instrument)
{
    for (size_t f = 0; f < exam->panel->n_files; f++)
        for (size_t k = 0; k < exam->panel->file[f].n_cells; k++)
            if (exam->panel->file[f].cell[k].decoder.instrument == instrument &&
                exam->panel->file[f].cell[k].decoder.recoded)
                return true;
    return false;
}

static om_status
judge_coding(struct om_exam *exam, size_t k, const struct coding *coding, struct om_error *err)
{
    const struct om_instrument *instrument = exam->panel->instrument[k].instrument;
    const uint64_t above = count_above(exam, instrument);
    const bool loud = above >= 3 && above * 100 >= coding->cells + above;
    const bool quiet = coding->forms >= FORMS_LEAST && coding->highest * 50 >= coding->cells && !above;
    if (coding->lowest > 0 || coding->cells == 0 || is_recoded(exam, instrument) || (!loud && !quiet))
        return OM_OK;
    exam->miscoded[k] = true;
    return report_coding(exam, k, coding, above, err);
}

/* The correlation of an item with the sum of the others; NAN where one of them does not vary. */
static double
item_rest(const struct coding *coding, size_t j)
{
    const struct item_sums *s = &coding->item[j];
    const double n = (double)coding->complete, x = (double)s->x, t = (double)coding->t;
    const double xx = n * (double)s->xx - x * x, xt = n * (double)s->xt - x * t,
                 tt = n * (double)coding->tt - t * t;
    const double rest = tt - 2 * xt + xx; /* n times the sum of squares of the rest */
    return xx > 0 && rest > 0 ? (xt - xx) / sqrt(xx * rest) : NAN;
}

static void
judge_items(const struct om_exam *exam, size_t k, const struct coding *coding)
{
    const struct om_instrument *instrument = exam->panel->instrument[k].instrument;
    if (coding->complete < REVERSAL_FORMS_LEAST || instrument->n_items < REVERSAL_ITEMS_LEAST)
        return;
    for (size_t j = 0; j < instrument->n_items; j++) {
        const double r = item_rest(coding, j);
        /* below -0.2, and by four standard errors of Fisher's z below 0 */
        if (!(r < -0.2) || atanh(fmax(r, -0.999999)) * sqrt((double)coding->complete - 3) > -4)
            continue;
        char message[200];
        snprintf(message, sizeof message,
                 "%.60s: item %.40s correlates with the others at %.2f: its answers seem to run the other "
                 "way",
                 instrument->name, instrument->item[j].id, r);
        om_exam_report(exam, 203, OM_WARNING, somewhere(exam, k, j), message,
                       "if they do, turn them round with --recode COLUMN=CODE:CODE,...");
    }
}

/* --- the check ------------------------------------------------------------------------------------------ */

static om_status
begin(struct om_exam *exam, void **plan, struct om_error *err)
{
    for (size_t f = 0; f < exam->panel->n_files; f++) {
        struct om_panel_file *file = &exam->panel->file[f];
        file->one_above = om_calloc(file->header.n, sizeof *file->one_above);
        if (!file->one_above)
            return om_fail_memory(err);
    }
    if (exam->n_forms == 0)
        return OM_OK;
    *plan = om_calloc(1, 1); /* nothing is planned */
    return *plan ? OM_OK : om_fail_memory(err);
}

static om_status
open(const struct om_exam *exam, const void *plan, void **state, struct om_error *err)
{
    (void)plan;
    *state = om_calloc(exam->panel->n_instruments, sizeof(struct coding));
    return *state ? OM_OK : om_fail_memory(err);
}

static void
merge(struct coding *to, const struct coding *from)
{
    to->cells += from->cells;
    to->lowest += from->lowest;
    to->highest += from->highest;
    to->forms += from->forms;
    to->complete += from->complete;
    to->t += from->t;
    to->tt += from->tt;
    for (size_t j = 0; j < OM_ITEMS_MAX; j++) {
        to->item[j].x += from->item[j].x;
        to->item[j].xx += from->item[j].xx;
        to->item[j].xt += from->item[j].xt;
    }
}

static om_status
finish(struct om_exam *exam, void *plan, void *const *state, size_t n, struct om_error *err)
{
    struct coding *all = state[0];
    (void)plan;
    bool few = false;
    for (size_t k = 0; k < exam->panel->n_instruments; k++) {
        if (!exam->own[k])
            continue;
        for (size_t t = 1; t < n; t++)
            merge(&all[k], &((const struct coding *)state[t])[k]);
        OM_TRY(judge_coding(exam, k, &all[k], err));
        judge_items(exam, k, &all[k]);
        few |= all[k].complete < REVERSAL_FORMS_LEAST;
    }
    if (few)
        om_exam_skip(exam, 203, "reversed items: an instrument has fewer than 50 complete forms");
    return OM_OK;
}

const struct om_check om_check_coding = {
    .begin = begin, .end = om_free, .open = open, .close = om_free, .forms = forms, .finish = finish};
