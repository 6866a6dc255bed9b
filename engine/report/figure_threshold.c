/* The share improved, and that worse, by how many points are asked for: how much hangs on the threshold. */
#include "report/figure.h"
#include "base/error.h"
#include "base/memory.h"

#include <omstat/proportion.h>

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { LEFT = 64, HIGH = 320, RULES_MOST = 6 };

struct threshold {
    struct om_grid grid;
    size_t steps;     /* thresholds: grid steps 1 ... steps */
    uint64_t *better; /* per threshold, persons who improved by at least so much */
    uint64_t *worse;
    uint64_t n;
    double level;
};

/* --- data ---------------------------------------------------------------------------------------------- */

/* How many whole steps a change has: 5 points on a scale of whole points are 5. */
static size_t
steps_of(const struct threshold *t, double change)
{
    return (size_t)floor(fabs(change) / t->grid.step + 1e-9);
}

static void
count_changes(const struct om_figure_context *context, struct threshold *t)
{
    const struct om_scale_view *view = context->view;
    bool lower = om_figure_lower_better(context);
    for (size_t i = 0; i < view->n_cells; i++) {
        const struct om_scale_cell *cell = &view->cell[i];
        if (!om_figure_includes(context, cell))
            continue;
        double change = om_figure_score(context, cell->last) - om_figure_score(context, cell->first);
        size_t steps = steps_of(t, change);
        t->n += cell->count;
        uint64_t *count = (change < 0) == lower ? t->better : t->worse;
        for (size_t k = 1; k <= steps && k <= t->steps; k++)
            count[k] += cell->count;
    }
}

/* Persons who improved by so many points or more. */
static uint64_t
improved_by(const struct om_figure_context *context, double points)
{
    const struct om_scale_view *view = context->view;
    const double sign = om_figure_lower_better(context) ? -1 : 1;
    uint64_t n = 0;
    for (size_t i = 0; i < view->n_cells; i++) {
        const struct om_scale_cell *cell = &view->cell[i];
        if (om_figure_includes(context, cell) &&
            sign * (om_figure_score(context, cell->last) - om_figure_score(context, cell->first)) >=
                points - 1e-9)
            n += cell->count;
    }
    return n;
}

/* Where nobody is left, the axis may end: a little behind the last one. */
static size_t
last_step(const struct threshold *t)
{
    size_t last = 1;
    for (size_t k = 1; k <= t->steps; k++)
        if (t->better[k] || t->worse[k])
            last = k;
    return last + 1 < t->steps ? last + 1 : t->steps;
}

/* --- drawing ------------------------------------------------------------------------------------------- */

static double
share_of(const struct threshold *t, uint64_t count)
{
    return (double)count / (double)t->n;
}

/* A band of intervals, as steps: a threshold holds up to the next one. */
static void
draw_band(struct om_draft *draft, const struct threshold *t, const struct om_frame *frame,
          const uint64_t *count, size_t last, const char *color)
{
    struct om_interval bounds;
    om_svg_path_begin(&draft->svg);
    for (size_t k = 1; k <= last; k++) {
        om_proportion(count[k], t->n, t->level, OM_PROPORTION_WILSON, &bounds);
        double x = om_axis_at(&frame->x, (double)k * t->grid.step), y = om_axis_at(&frame->y, bounds.upper);
        if (k == 1)
            om_svg_move(&draft->svg, x, y);
        else
            om_svg_to(&draft->svg, x, y);
    }
    for (size_t k = last; k >= 1; k--) {
        om_proportion(count[k], t->n, t->level, OM_PROPORTION_WILSON, &bounds);
        om_svg_to(&draft->svg, om_axis_at(&frame->x, (double)k * t->grid.step),
                  om_axis_at(&frame->y, bounds.lower));
    }
    om_svg_close(&draft->svg);
    om_svg_path_end(&draft->svg, &(struct om_paint){.fill = color, .opacity = 0.18});
}

static void
draw_curve(struct om_draft *draft, const struct threshold *t, const struct om_frame *frame,
           const uint64_t *count, size_t last, const struct om_paint *paint)
{
    om_svg_path_begin(&draft->svg);
    for (size_t k = 1; k <= last; k++) {
        double x = om_axis_at(&frame->x, (double)k * t->grid.step),
               y = om_axis_at(&frame->y, share_of(t, count[k]));
        if (k == 1)
            om_svg_move(&draft->svg, x, y);
        else
            om_svg_to(&draft->svg, x, y);
    }
    om_svg_path_end(&draft->svg, paint);
}

/* Rules that ask for points stand where they do; several of the same points share a line. */
static void
draw_rules(struct om_draft *draft, const struct om_frame *frame)
{
    const struct om_scale_view *view = draft->context->view;
    struct om_text_style style = om_style_tick;
    style.anchor = OM_ANCHOR_MIDDLE;
    style.halo = true;
    for (size_t r = 0; r < view->n_rules; r++) {
        const struct om_rule_view *rule = &view->rule[r];
        char label[160];
        int at = snprintf(label, sizeof label, "%.30s", rule->rule);
        bool first = rule->points > 0;
        for (size_t other = 0; first && other < view->n_rules; other++) {
            if (view->rule[other].points != rule->points || other == r)
                continue;
            first = other > r;
            if (first)
                at += snprintf(label + at, sizeof label - (size_t)at, ", %.30s", view->rule[other].rule);
        }
        double x = om_axis_at(&frame->x, rule->points);
        if (!first || rule->points < frame->x.low || rule->points > frame->x.high)
            continue;
        om_svg_line(&draft->svg, x, frame->top, x, frame->bottom,
                    &(struct om_paint){.stroke = OM_INK, .width = 1.1, .dash = "4 4"});
        snprintf(label + strlen(label), sizeof label - strlen(label), " %.10s",
                 om_show_score(rule->points, 1).text);
        for (int line = 0; line < 3; line++) /* above each other where lines are close */
            if (om_svg_text(&draft->svg, fmax(x, frame->left + om_text_width(label, style.size, false) / 2),
                            frame->top - 8 - 15 * line, &style, label))
                break;
    }
}

/* --- words --------------------------------------------------------------------------------------------- */

static void
write_words(struct om_draft *draft, const struct threshold *t)
{
    const struct om_figure_context *context = draft->context;
    const struct om_analysis *analysis = context->analysis;
    const double asked = om_fraction_value(context->info->shift);
    const uint64_t once = improved_by(context, asked), twice = improved_by(context, 2 * asked);
    om_buffer_format(&draft->title, "%s: %s improve by %s points or more, %s by %s or more",
                     context->info->instrument->name, om_show_part(once, t->n).text,
                     om_show_score(asked, 1).text, om_show_part(twice, t->n).text,
                     om_show_score(2 * asked, 1).text);
    om_buffer_format(&draft->subtitle,
                     "Share who changed by so many points or more, with %s %% intervals, n = %s%s. Dashed: "
                     "the points of rules.",
                     om_show_score(100 * t->level, 1).text, om_show_count(t->n).text,
                     strcmp(context->population, "positive") == 0 ? " screening positive at first" : "");
    om_buffer_format(&draft->description,
                     "Share of persons whose %s score improved, and got worse, from %s to %s by at least so "
                     "many points.",
                     context->info->instrument->name, analysis->first, analysis->last);
}

static void
write_table(struct om_draft *draft, const struct threshold *t, size_t last)
{
    enum { ROWS = 30 };
    static const char *const header[] = {"points", "improved", "worse", "of", "share improved"};
    size_t every = (last + ROWS - 1) / ROWS;
    om_draft_columns(draft, 5, header);
    for (size_t k = 1; k <= last; k += every) {
        om_draft_cell(draft, "%s", om_show_score((double)k * t->grid.step, 2).text);
        om_draft_cell(draft, "%" PRIu64, t->better[k]);
        om_draft_cell(draft, "%" PRIu64, t->worse[k]);
        om_draft_cell(draft, "%" PRIu64, t->n);
        om_draft_cell(draft, "%s", om_show_percent(t->better[k], t->n).text);
    }
}

static om_status
draw(struct om_figure_context *context, const struct threshold *t, struct om_error *err)
{
    struct om_draft draft;
    struct om_ticks ticks;
    size_t last = last_step(t);
    static const struct om_paint better = {.stroke = OM_BLUE, .width = 2.4, .round = true},
                                 worse = {.stroke = OM_ORANGE, .width = 2.4, .dash = "7 3"};
    om_draft_begin(&draft, context, OM_FIGURE_THRESHOLD, NULL);
    write_words(&draft, t);
    double top = om_draft_head(&draft) + 44;
    struct om_frame frame = {
        .left = LEFT, .top = top, .right = OM_FIGURE_WIDTH - OM_FIGURE_MARGIN, .bottom = top + HIGH};
    frame.x = (struct om_axis){t->grid.step, fmax((double)last, 2) * t->grid.step, frame.left, frame.right};
    frame.y = (struct om_axis){0, 1, frame.bottom, frame.top};
    om_ticks_round(0, 1, 6, &ticks);
    om_frame_y(&draft, &frame, &ticks, true, NULL);
    om_ticks_round(frame.x.low, frame.x.high, 14, &ticks);
    om_frame_x(&draft, &frame, &ticks, false, false, "Points of change at least");
    draw_band(&draft, t, &frame, t->better, last, OM_BLUE);
    draw_band(&draft, t, &frame, t->worse, last, OM_ORANGE);
    draw_curve(&draft, t, &frame, t->better, last, &better);
    draw_curve(&draft, t, &frame, t->worse, last, &worse);
    draw_rules(&draft, &frame);
    double x = om_legend(&draft, frame.left, frame.bottom + 64, OM_MARK_LINE, OM_BLUE, "improved");
    om_legend(&draft, x, frame.bottom + 64, OM_MARK_DASHES, OM_ORANGE, "worse");
    draft.svg.height = fmax(draft.svg.height, frame.bottom + 78);
    write_table(&draft, t, last);
    return om_draft_end(&draft, err);
}

om_status
om_figure_threshold(struct om_figure_context *context, struct om_error *err)
{
    struct threshold t = {.level = 0.95};
    const struct om_result *row =
        context->rule ? om_figure_row(context, "all", "change", context->rule, "class.improved") : NULL;
    if (!context->view || !context->analysis->last || !row)
        return OM_OK;
    if (row->has_level)
        t.level = row->level;
    om_figure_grid(context, &t.grid);
    t.steps = t.grid.n - 1;
    t.better = om_calloc(t.grid.n + 1, sizeof *t.better);
    t.worse = om_calloc(t.grid.n + 1, sizeof *t.worse);
    om_status status = OM_OK;
    if (t.better && t.worse) {
        count_changes(context, &t);
        if (t.n > 0 && t.steps > 1)
            status = draw(context, &t, err);
    } else {
        status = om_fail_memory(err);
    }
    om_free(t.better);
    om_free(t.worse);
    return status;
}
