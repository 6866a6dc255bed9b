/* How scores are distributed, before and after: bars over one axis, darker at and beyond the cut-off. */
#include "report/figure.h"
#include "base/error.h"
#include "base/memory.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { PANEL = 150, BETWEEN = 46, LEFT = 64 };

struct distribution {
    struct om_grid grid;
    uint64_t *count[2]; /* per place of the grid */
    uint64_t n, largest;
    size_t occasions;
    const struct om_result *mean[2], *positive[2];
    bool has_cutoff;
    double cutoff; /* where bars change their colour */
};

/* --- data ---------------------------------------------------------------------------------------------- */

static void
count_scores(const struct om_figure_context *context, struct distribution *out)
{
    const struct om_scale_view *view = context->view;
    for (size_t i = 0; i < view->n_cells; i++) {
        const struct om_scale_cell *cell = &view->cell[i];
        if (!om_figure_includes(context, cell))
            continue;
        out->n += cell->count;
        out->count[0][om_grid_place(&out->grid, om_figure_score(context, cell->first))] += cell->count;
        if (out->occasions == 2)
            out->count[1][om_grid_place(&out->grid, om_figure_score(context, cell->last))] += cell->count;
    }
    for (size_t k = 0; k < out->occasions; k++)
        for (size_t i = 0; i < out->grid.n; i++)
            out->largest = out->count[k][i] > out->largest ? out->count[k][i] : out->largest;
}

/* --- drawing ------------------------------------------------------------------------------------------- */

static void
draw_bars(struct om_draft *draft, const struct distribution *d, const struct om_frame *frame, size_t which,
          bool beyond)
{
    bool lower_better = om_figure_lower_better(draft->context), any = false;
    double width = (frame->right - frame->left) / (double)d->grid.n, gap = width > 4 ? 1 : 0.2;
    for (size_t i = 0; i < d->grid.n; i++) {
        double score = d->grid.low + d->grid.step * (double)i;
        bool positive = d->has_cutoff && (lower_better ? score > d->cutoff : score < d->cutoff);
        if (d->count[which][i] == 0 || positive != beyond)
            continue;
        double share = (double)d->count[which][i] / (double)d->n, y = om_axis_at(&frame->y, share);
        if (!any)
            om_svg_path_begin(&draft->svg);
        any = true;
        om_svg_square(&draft->svg, frame->left + width * (double)i + gap / 2, y, width - gap,
                      frame->bottom - y);
    }
    if (any)
        om_svg_path_end(&draft->svg, &(struct om_paint){.fill = beyond ? OM_BLUE_DARK : "#8fb4d4"});
}

/* The mean, as a mark on the axis and in words. */
static void
draw_mean(struct om_draft *draft, const struct distribution *d, const struct om_frame *frame, size_t which)
{
    const struct om_result *mean = d->mean[which];
    if (!mean || !mean->has_value)
        return;
    double x = om_axis_at(&frame->x, mean->value);
    om_svg_path_begin(&draft->svg);
    om_svg_move(&draft->svg, x, frame->bottom + 1);
    om_svg_to(&draft->svg, x - 6, frame->bottom + 11);
    om_svg_to(&draft->svg, x + 6, frame->bottom + 11);
    om_svg_close(&draft->svg);
    om_svg_path_end(&draft->svg, &(struct om_paint){.fill = OM_ORANGE});
    om_svg_textf(&draft->svg, x + 10, frame->bottom + 12, &om_style_tick, "mean %s",
                 om_show_fixed(mean->value, om_compose_decimals(draft->context->info->scale)).text);
}

static void
draw_panel(struct om_draft *draft, const struct distribution *d, const struct om_frame *frame, size_t which)
{
    const struct om_analysis *analysis = draft->context->analysis;
    struct om_ticks ticks;
    const char *name = which ? analysis->last : analysis->first;
    om_ticks_round(frame->y.low, frame->y.high, 4, &ticks);
    om_frame_y(draft, frame, &ticks, true, NULL);
    draw_bars(draft, d, frame, which, false);
    draw_bars(draft, d, frame, which, true);
    if (d->has_cutoff) {
        double x = om_axis_at(&frame->x, d->cutoff);
        om_svg_line(&draft->svg, x, frame->top - 4, x, frame->bottom,
                    &(struct om_paint){.stroke = OM_INK, .width = 1.4, .dash = "6 4"});
    }
    om_svg_line(&draft->svg, frame->left, frame->bottom, frame->right, frame->bottom,
                &(struct om_paint){.stroke = OM_AXIS});
    om_svg_text_fit(&draft->svg, OM_FIGURE_MARGIN, frame->top - 14, &om_style_strong, 200,
                    *name ? name : "Scores");
    struct om_text_style style = om_style_tick;
    style.anchor = OM_ANCHOR_END;
    if (d->has_cutoff && d->positive[which] && d->positive[which]->has_value)
        om_svg_textf(&draft->svg, frame->right, frame->top - 14, &style,
                     "%s at or beyond the cut-off: %s of %s",
                     om_show_percent(d->positive[which]->numerator, d->positive[which]->denominator).text,
                     om_show_count(d->positive[which]->numerator).text,
                     om_show_count(d->positive[which]->denominator).text);
    draw_mean(draft, d, frame, which);
}

/* --- words --------------------------------------------------------------------------------------------- */

static void
write_words(struct om_draft *draft, const struct distribution *d)
{
    const struct om_figure_context *context = draft->context;
    const struct om_analysis *analysis = context->analysis;
    const char *name = context->info->instrument->name;
    int decimals = om_compose_decimals(context->info->scale);
    const struct om_result *before = d->positive[0], *after = d->positive[1];
    struct om_shown at = om_show_fraction(context->info->cutoff_at);
    if (d->has_cutoff && before && before->has_value)
        om_buffer_format(&draft->title, "%s: %s are at or beyond the cut-off of %s%s", name,
                         om_show_part(before->numerator, before->denominator).text, at.text,
                         d->occasions == 2 ? " before" : "");
    else if (d->mean[0])
        om_buffer_format(&draft->title, "%s: the mean is %s%s", name,
                         om_show_fixed(d->mean[0]->value, decimals).text, d->occasions == 2 ? " before" : "");
    if (d->occasions == 2 && d->has_cutoff && after && after->has_value)
        om_buffer_format(&draft->title, ", %s after",
                         om_show_part(after->numerator, after->denominator).text);
    else if (d->occasions == 2 && d->mean[1])
        om_buffer_format(&draft->title, ", %s after", om_show_fixed(d->mean[1]->value, decimals).text);
    om_buffer_format(&draft->subtitle, "Share of persons with each score%s, n = %s%s.%s",
                     d->occasions == 2 ? ", the same persons at both occasions" : "",
                     om_show_count(d->n).text,
                     strcmp(context->population, "positive") == 0 ? " screening positive at first" : "",
                     d->has_cutoff ? " Dark bars are at or beyond the cut-off." : "");
    om_buffer_format(&draft->description, "Histogram of %s scores", name);
    if (d->occasions == 2)
        om_buffer_format(&draft->description, " at %s and %s", analysis->first, analysis->last);
    om_buffer_format(&draft->description, ", %s persons.", om_show_count(d->n).text);
}

/* Places that nobody has are left out. */
static void
write_table(struct om_draft *draft, const struct distribution *d)
{
    const struct om_analysis *analysis = draft->context->analysis;
    const char *header[] = {"score", analysis->first[0] ? analysis->first : "persons",
                            analysis->last ? analysis->last : ""};
    om_draft_columns(draft, 1 + d->occasions, header);
    for (size_t i = 0; i < d->grid.n; i++) {
        if (d->count[0][i] == 0 && (d->occasions < 2 || d->count[1][i] == 0))
            continue;
        om_draft_cell(draft, "%s", om_show_score(d->grid.low + d->grid.step * (double)i, 2).text);
        for (size_t k = 0; k < d->occasions; k++)
            om_draft_cell(draft, "%" PRIu64, d->count[k][i]);
    }
}

static om_status
draw(struct om_figure_context *context, const struct distribution *d, struct om_error *err)
{
    struct om_draft draft;
    struct om_ticks ticks;
    om_draft_begin(&draft, context, OM_FIGURE_DISTRIBUTION, NULL);
    write_words(&draft, d);
    double top = om_draft_head(&draft) + 34, half = d->grid.step / 2;
    struct om_frame frame = {0};
    for (size_t k = 0; k < d->occasions; k++) {
        double y = top + (PANEL + BETWEEN) * (double)k;
        frame = (struct om_frame){
            .left = LEFT, .top = y, .right = OM_FIGURE_WIDTH - OM_FIGURE_MARGIN, .bottom = y + PANEL};
        frame.x = (struct om_axis){d->grid.low - half, d->grid.high + half, frame.left, frame.right};
        frame.y = (struct om_axis){0, (double)d->largest / (double)d->n * 1.05, frame.bottom, frame.top};
        draw_panel(&draft, d, &frame, k);
    }
    char label[100];
    snprintf(label, sizeof label, "%.80s score", context->info->instrument->name);
    frame.bottom += 8; /* below the mark of the mean */
    om_ticks_score(d->grid.low, d->grid.high, 15, &ticks);
    om_frame_x(&draft, &frame, &ticks, false, false, label);
    draft.svg.height = fmax(draft.svg.height, frame.bottom + 54);
    write_table(&draft, d);
    return om_draft_end(&draft, err);
}

/* Rows and counts of each occasion. */
static om_status
prepare(const struct om_figure_context *context, struct distribution *d, struct om_error *err)
{
    const char *occasion[2] = {context->analysis->first, context->analysis->last};
    om_figure_grid(context, &d->grid);
    for (size_t k = 0; k < 2 && occasion[k]; k++) {
        d->mean[k] = om_figure_row(context, "all", occasion[k], "", "mean");
        d->positive[k] = om_figure_row(context, "all", occasion[k], "", "positive");
        d->count[k] = om_calloc(d->grid.n, sizeof *d->count[k]);
        if (!d->count[k])
            return om_fail_memory(err);
    }
    if (context->info->cutoff_at.den) {
        d->has_cutoff = true;
        d->cutoff = om_grid_cutoff(context, &d->grid);
    }
    count_scores(context, d);
    return OM_OK;
}

om_status
om_figure_distribution(struct om_figure_context *context, struct om_error *err)
{
    struct distribution d = {.occasions = context->analysis->last ? 2 : 1};
    if (!context->view || context->info->scale->combine == OM_COMBINE_CLASS)
        return OM_OK;
    om_status status = prepare(context, &d, err);
    if (status == OM_OK && d.n > 0 && d.mean[0] && d.mean[0]->has_value)
        status = draw(context, &d, err);
    om_free(d.count[0]);
    om_free(d.count[1]);
    return status;
}
