/* Which items are left unanswered, before and after. */
#include "report/figure_rows.h"
#include "base/error.h"
#include "base/memory.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

struct missing {
    const struct om_result *row[2][OM_ITEMS_MAX];
    struct om_row line[OM_ITEMS_MAX];
    char label[OM_ITEMS_MAX][80];
    size_t n, most;        /* items; the one most often left out, of both occasions together */
    uint64_t blank, forms; /* of it */
};

static const struct om_result *
row_of(const struct om_figure_context *context, const char *occasion, size_t item)
{
    char name[80];
    snprintf(name, sizeof name, "item_missing.%.60s", context->info->instrument->item[item].id);
    const struct om_result *row = om_figure_row(context, "all", occasion, "", name);
    return row && row->has_value && row->has_ratio && row->denominator > 0 ? row : NULL;
}

static bool
collect(const struct om_figure_context *context, struct missing *m)
{
    const struct om_analysis *analysis = context->analysis;
    const struct om_instrument *instrument = context->info->instrument;
    const char *occasion[2] = {analysis->first, analysis->last};
    bool any = false;
    m->n = instrument->n_items;
    for (size_t i = 0; i < m->n; i++) {
        const struct om_item *item = &instrument->item[i];
        uint64_t blank = 0, forms = 0;
        for (size_t k = 0; k < 2 && occasion[k]; k++) {
            const struct om_result *row = m->row[k][i] = row_of(context, occasion[k], i);
            if (!row)
                continue;
            blank += row->numerator;
            forms += row->denominator;
            m->line[i].at[k] = om_row_value_of(row);
            any = true;
        }
        snprintf(m->label[i], sizeof m->label[i], "%.20s%s%.50s", item->id,
                 item->label && item->label[0] ? " " : "", item->label ? item->label : "");
        m->line[i].label = m->label[i];
        snprintf(m->line[i].right, sizeof m->line[i].right, "%.30s", om_show_count(blank).text);
        if (forms && (!m->forms || (double)blank / (double)forms > (double)m->blank / (double)m->forms)) {
            m->most = i;
            m->blank = blank;
            m->forms = forms;
        }
    }
    return any;
}

static void
write_words(struct om_draft *draft, const struct missing *m)
{
    const struct om_figure_context *context = draft->context;
    const struct om_analysis *analysis = context->analysis;
    const char *name = context->info->instrument->name;
    if (m->blank)
        om_buffer_format(&draft->title, "%s: item %s is left unanswered most often, in %s of forms", name,
                         context->info->instrument->item[m->most].id,
                         om_show_percent(m->blank, m->forms).text);
    else
        om_buffer_format(&draft->title, "%s: no item is left unanswered", name);
    om_buffer_format(&draft->subtitle,
                     "Share of forms without a usable answer to the item, with 95 %% intervals; a form is "
                     "one with any answer. "
                     "At the right how many%s.",
                     analysis->last ? ", both occasions together" : "");
    om_buffer_format(&draft->description, "Unanswered items of %s, of %" PRIu64 " forms.", name, m->forms);
}

static void
write_table(struct om_draft *draft, const struct missing *m)
{
    const struct om_analysis *analysis = draft->context->analysis;
    const char *occasion[2] = {analysis->first, analysis->last};
    char heading[2][120], of[2][120];
    const char *header[5] = {"item"};
    size_t n = 1, occasions = analysis->last ? 2 : 1;
    for (size_t k = 0; k < occasions; k++) {
        snprintf(heading[k], sizeof heading[k], "%.90s unanswered", occasion[k]);
        snprintf(of[k], sizeof of[k], "%.90s forms", occasion[k]);
        header[n++] = heading[k];
        header[n++] = of[k];
    }
    om_draft_columns(draft, n, header);
    for (size_t i = 0; i < m->n; i++) {
        om_draft_cell(draft, "%s", m->label[i]);
        for (size_t k = 0; k < occasions; k++) {
            const struct om_result *row = m->row[k][i];
            om_draft_cell(draft, "%s", row ? om_show_count(row->numerator).text : "");
            om_draft_cell(draft, "%s", row ? om_show_count(row->denominator).text : "");
        }
    }
}

static om_status
draw(struct om_figure_context *context, const struct missing *m, struct om_error *err)
{
    const struct om_analysis *analysis = context->analysis;
    struct om_draft draft;
    om_draft_begin(&draft, context, OM_FIGURE_MISSING, NULL);
    write_words(&draft, m);
    double top = om_draft_head(&draft) + 4;
    const struct om_row_chart chart = {.row = m->line,
                                       .n = m->n,
                                       .two = analysis->last != NULL,
                                       .percent = true,
                                       .high = 0.01,
                                       .floor = 0,
                                       .ceiling = 1,
                                       .axis = "Forms without an answer to the item",
                                       .left = "item",
                                       .right = "forms",
                                       .series = {analysis->first, analysis->last}};
    om_rows_draw(&draft, &chart, top);
    write_table(&draft, m);
    return om_draft_end(&draft, err);
}

om_status
om_figure_missing(struct om_figure_context *context, struct om_error *err)
{
    struct missing *m = om_calloc(1, sizeof *m);
    if (!m)
        return om_fail_memory(err);
    om_status status = collect(context, m) ? draw(context, m, err) : OM_OK;
    om_free(m);
    return status;
}
