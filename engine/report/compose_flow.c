/* Who was counted, as a picture for each instrument: from the records that were read to the people compared.
 */
#include "report/compose.h"
#include "report/flow.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { STEPS = 5, WORDS = 300 };

struct words {
    char text[WORDS];
};

/* The steps of one instrument. Texts stand in label, of_these and left. */
struct steps {
    struct om_flow_step step[STEPS];
    struct words label[STEPS], of_these[STEPS], left[STEPS];
    size_t n;
};

static void
add_step(struct steps *steps, uint64_t n, const char *label, const char *occasion)
{
    const size_t i = steps->n++;
    snprintf(steps->label[i].text, WORDS, "%s%.200s", label, occasion);
    steps->step[i] =
        (struct om_flow_step){steps->label[i].text, n, steps->of_these[i].text, steps->left[i].text};
}

/* Some of those at the last step. */
static void
of_these(struct steps *steps, uint64_t n, const char *words, const char *occasion)
{
    snprintf(steps->of_these[steps->n - 1].text, WORDS, "%" PRIu64 " %s%.200s", n, words, occasion);
}

/* Those who go no further from the last step, if there are any. */
static void
leaving(struct steps *steps, uint64_t n, const char *words, const char *occasion)
{
    if (n)
        snprintf(steps->left[steps->n - 1].text, WORDS, "%" PRIu64 " %s%.200s", n, words, occasion);
}

static void
fill(struct steps *steps, const struct om_analysis *analysis, const struct om_person_ledger *ledger)
{
    const struct om_record_ledger *records = &analysis->records;
    const char *first = analysis->first, *last = analysis->last;
    const char *scored = *first ? "with a score at " : "with a score",
               *unscored = *first ? "without a score at " : "without a score";
    steps->n = 0;
    memset(steps->of_these, 0, sizeof steps->of_these);
    memset(steps->left, 0, sizeof steps->left);
    add_step(steps, records->read, "records read", "");
    if (records->rejected && records->skipped)
        snprintf(steps->left[0].text, WORDS, "%" PRIu64 " rejected, %" PRIu64 " skipped", records->rejected,
                 records->skipped);
    else
        leaving(steps, records->rejected + records->skipped, records->rejected ? "rejected" : "skipped", "");
    add_step(steps, records->scored, "records scored", "");
    add_step(steps, ledger->persons, "people", "");
    leaving(steps, ledger->persons - ledger->baseline, unscored, first);
    add_step(steps, ledger->baseline, scored, first);
    if (ledger->has_cutoff && ledger->positive != OM_WITHHELD)
        of_these(steps, ledger->positive, "of these screening positive", "");
    if (!last)
        return;
    leaving(steps, ledger->baseline - ledger->paired, "without a score at ", last);
    add_step(steps, ledger->paired, "with both scores", "");
    if (ledger->has_cutoff && ledger->used != OM_WITHHELD)
        of_these(steps, ledger->used, "of these screening positive at ", first);
}

static void
table(struct om_page *page, const struct steps *steps)
{
    om_table_column(page, OM_ALIGN_LEFT, "step");
    om_table_column(page, OM_ALIGN_RIGHT, "n");
    om_table_column(page, OM_ALIGN_LEFT, "of these");
    om_table_column(page, OM_ALIGN_LEFT, "no further");
    for (size_t i = 0; i < steps->n; i++) {
        om_table_row(page);
        om_table_cell(page, OM_TONE_PLAIN, "%s", steps->step[i].label);
        om_table_cell(page, OM_TONE_PLAIN, "%" PRIu64, steps->step[i].n);
        om_table_cell(page, OM_TONE_PLAIN, "%s", steps->step[i].of_these);
        om_table_cell(page, OM_TONE_PLAIN, "%s", steps->step[i].left);
    }
}

static void
describe(struct om_buffer *out, const struct steps *steps)
{
    om_buffer_text(out, "From top to bottom: ");
    for (size_t i = 0; i < steps->n; i++) {
        const struct om_flow_step *step = &steps->step[i];
        om_buffer_format(out, "%s%" PRIu64 " %s", i ? "; " : "", step->n, step->label);
        if (step->of_these[0])
            om_buffer_format(out, " (%s)", step->of_these);
        if (step->left[0])
            om_buffer_format(out, ", of whom %s", step->left);
    }
    om_buffer_char(out, '.');
}

static void
flow(const struct om_compose *compose, const struct om_instrument *instrument)
{
    const struct om_person_ledger *ledger = om_compose_persons(compose, "all", instrument->id);
    if (!ledger || !om_compose_knows(ledger) || compose->analysis->records.read == OM_WITHHELD)
        return;
    struct steps steps;
    char anchor[OM_ANCHOR], title[256];
    struct om_buffer svg = OM_BUFFER_EMPTY, description = OM_BUFFER_EMPTY;
    fill(&steps, compose->analysis, ledger);
    om_compose_anchor(anchor, "flow", instrument->id);
    snprintf(title, sizeof title, "%.100s: %" PRIu64 " of %" PRIu64 " people %s", instrument->name,
             compose->analysis->last ? ledger->paired : ledger->baseline, ledger->persons,
             compose->analysis->last ? "are compared" : "have a score");
    describe(&description, &steps);
    if (compose->page->typeset)
        om_flow_draw(&svg,
                     &(struct om_flow){anchor, title, om_buffer_string(&description), steps.step, steps.n});
    compose->page->failed |= !om_buffer_ok(&svg) || !om_buffer_ok(&description);
    om_page_figure(
        compose->page, anchor,
        &(struct om_figure_words){om_buffer_string(&svg), title, "", om_buffer_string(&description), true});
    table(compose->page, &steps);
    om_buffer_release(&svg);
    om_buffer_release(&description);
}

void
om_compose_flows(const struct om_compose *compose)
{
    const struct om_analysis *analysis = compose->analysis;
    for (size_t i = 0; i < analysis->n_instruments; i++)
        if (om_compose_main_scale(analysis, analysis->instrument[i]) &&
            !om_compose_is_short_form(analysis, analysis->instrument[i]))
            flow(compose, analysis->instrument[i]);
}
