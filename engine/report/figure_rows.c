#include "report/figure_rows.h"
#include "base/error.h"
#include "base/memory.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- which groups -------------------------------------------------------------------------------------- */

struct keyed {
    double key;
    size_t group;
};

static int
compare_keyed(const void *a, const void *b)
{
    const struct keyed *x = a, *y = b;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return x->group < y->group ? -1 : x->group > y->group;
}

om_status
om_rows_pick(const double *key, size_t n_groups, size_t most, bool sort, struct om_row_pick *out,
             struct om_error *err)
{
    struct keyed *all = om_alloc(n_groups, sizeof *all);
    *out = (struct om_row_pick){.group = om_alloc(n_groups, sizeof *out->group)};
    if (!all || !out->group) {
        om_free(all);
        om_free(out->group);
        out->group = NULL;
        return om_fail_memory(err);
    }
    size_t n = 0;
    for (size_t g = 1; g < n_groups; g++)
        if (isfinite(key[g]))
            all[n++] = (struct keyed){key[g], g};
    out->without = n_groups - 1 - n;
    if ((n > most || sort) && n > 1)
        qsort(all, n, sizeof *all, compare_keyed);
    out->gap = out->n = n < most ? n : most;
    out->left_out = n - out->n;
    if (out->left_out)
        out->gap = (most + 1) / 2;
    for (size_t i = 0; i < out->n; i++)
        out->group[i] = all[i < out->gap ? i : i + out->left_out].group;
    om_free(all);
    return OM_OK;
}

struct om_row_value
om_row_value_of(const struct om_result *row)
{
    if (!row || !row->has_value)
        return (struct om_row_value){0};
    return (struct om_row_value){true, row->has_interval, row->value, row->lower, row->upper};
}

/* --- the chart ----------------------------------------------------------------------------------------- */

enum { LABELS_WIDEST = 190, ROW_TWO = 30, ROW_ONE = 22, DENSE = 460, GAP = 10 };

static const char *const color_before = "#7f8792", *const color_after = OM_BLUE;

static double
widest_label(const struct om_row_chart *chart)
{
    double widest = chart->left && !chart->dense ? om_text_width(chart->left, om_style_tick.size, false) : 0;
    for (size_t i = 0; i < chart->n && !chart->dense; i++)
        if (chart->row[i].label && !chart->row[i].left_out)
            widest =
                fmax(widest, om_text_width(chart->row[i].label, om_style_label.size, chart->row[i].strong));
    return fmin(widest, LABELS_WIDEST);
}

static double
widest_right(const struct om_row_chart *chart)
{
    double widest = chart->right ? om_text_width(chart->right, om_style_tick.size, false) : 0;
    for (size_t i = 0; i < chart->n && !chart->dense; i++)
        widest = fmax(widest, om_text_width(chart->row[i].right, om_style_tick.size, false));
    return widest;
}

static void
include(struct om_axis *axis, const struct om_row_value *value)
{
    if (!value->has)
        return;
    om_axis_include(axis, value->value);
    if (value->has_interval) {
        om_axis_include(axis, value->lower);
        om_axis_include(axis, value->upper);
    }
}

/* Holds every value and interval, but not more than the scale has. */
static void
settle_axis(const struct om_row_chart *chart, struct om_frame *frame)
{
    struct om_axis *axis = &frame->x;
    *axis = (struct om_axis){chart->low, chart->high, frame->left, frame->right};
    for (size_t i = 0; i < chart->n; i++)
        for (int k = 0; k < 2; k++)
            include(axis, &chart->row[i].at[k]);
    if (chart->reference_label)
        om_axis_include(axis, chart->reference);
    om_axis_round(axis, 9);
    axis->low = fmax(axis->low, chart->floor);
    axis->high = fmin(axis->high, chart->ceiling);
}

static double
row_height(const struct om_row_chart *chart)
{
    if (chart->dense)
        return fmax(1.2, fmin(14, DENSE / (double)chart->n));
    return chart->two ? ROW_TWO : ROW_ONE;
}

/* Bounds beyond the axis end at it. */
static void
draw_interval(struct om_draft *draft, const struct om_frame *frame, const struct om_row_value *value,
              double y, const char *color, double width)
{
    if (!value->has_interval)
        return;
    double x1 = om_axis_at(&frame->x, fmax(value->lower, frame->x.low));
    double x2 = om_axis_at(&frame->x, fmin(value->upper, frame->x.high));
    om_svg_line(&draft->svg, x1, y, x2, y,
                &(struct om_paint){.stroke = color, .width = width, .round = width > 1});
}

static void
draw_two(struct om_draft *draft, const struct om_frame *frame, const struct om_row *row, double y)
{
    const struct om_row_value *before = &row->at[0], *after = &row->at[1];
    const double apart = 5, radius = row->strong ? 5.5 : 4.5;
    double x1 = om_axis_at(&frame->x, before->value), x2 = om_axis_at(&frame->x, after->value);
    if (before->has && after->has)
        om_svg_line(&draft->svg, x1, y - apart, x2, y + apart,
                    &(struct om_paint){.stroke = "#c3c9d0", .width = 1.5});
    if (before->has) {
        draw_interval(draft, frame, before, y - apart, color_before, 2);
        om_svg_circle(&draft->svg, x1, y - apart, radius,
                      &(struct om_paint){.fill = "#ffffff", .stroke = color_before, .width = 2});
    }
    if (after->has) {
        draw_interval(draft, frame, after, y + apart, color_after, 2);
        om_svg_circle(&draft->svg, x2, y + apart, radius, &(struct om_paint){.fill = color_after});
    }
}

static void
draw_one(struct om_draft *draft, const struct om_frame *frame, const struct om_row *row, double y,
         double height)
{
    const char *color = row->color ? row->color : OM_BLUE;
    const struct om_row_value *value = &row->at[0];
    if (!value->has)
        return;
    double x = om_axis_at(&frame->x, value->value);
    draw_interval(draft, frame, value, y, row->strong ? OM_INK : color,
                  height < 6 ? fmax(0.5, height * 0.35) : 2);
    if (row->strong)
        om_svg_diamond(&draft->svg, x, y, 7, &(struct om_paint){.fill = OM_INK});
    else
        om_svg_circle(&draft->svg, x, y, fmin(4.5, fmax(1, height * 0.55)),
                      &(struct om_paint){.fill = color});
}

static void
draw_left_out(struct om_draft *draft, const struct om_frame *frame, size_t n, double y)
{
    struct om_text_style style = om_style_tick;
    style.anchor = OM_ANCHOR_MIDDLE;
    om_svg_line(&draft->svg, frame->left, y, frame->right, y,
                &(struct om_paint){.stroke = OM_AXIS, .dash = "2 4"});
    style.halo = true;
    om_svg_textf(&draft->svg, (frame->left + frame->right) / 2, y + 4, &style, "%zu between these not shown",
                 n);
}

static void
draw_row(struct om_draft *draft, const struct om_row_chart *chart, const struct om_frame *frame,
         const struct om_row *row, double y)
{
    struct om_text_style label = row->strong ? om_style_strong : om_style_label, right = om_style_tick;
    right.anchor = OM_ANCHOR_END;
    if (row->left_out) {
        draw_left_out(draft, frame, row->left_out, y);
        return;
    }
    if (chart->two)
        draw_two(draft, frame, row, y);
    else
        draw_one(draft, frame, row, y, row_height(chart));
    if (chart->dense)
        return;
    om_svg_text_fit(&draft->svg, OM_FIGURE_MARGIN, y + 4, &label, LABELS_WIDEST, row->label);
    om_svg_text(&draft->svg, OM_FIGURE_WIDTH - OM_FIGURE_MARGIN, y + 4, &right, row->right);
}

static double
draw_legend(struct om_draft *draft, const struct om_row_chart *chart, double top)
{
    if (!chart->two || !chart->series[0])
        return top;
    double x = om_legend(draft, OM_FIGURE_MARGIN, top + 4, OM_MARK_RING, color_before, chart->series[0]);
    om_legend(draft, x, top + 4, OM_MARK_DOT, color_after, chart->series[1]);
    return top + 22;
}

static void
draw_reference(struct om_draft *draft, const struct om_row_chart *chart, const struct om_frame *frame)
{
    struct om_text_style style = om_style_tick;
    style.anchor = OM_ANCHOR_MIDDLE;
    if (!chart->reference_label)
        return;
    double x = om_axis_at(&frame->x, chart->reference);
    double half = om_text_width(chart->reference_label, style.size, false) / 2;
    om_svg_line(&draft->svg, x, frame->top, x, frame->bottom,
                &(struct om_paint){.stroke = OM_INK, .width = 1.2, .dash = "6 4"});
    om_svg_text(&draft->svg,
                fmin(fmax(x, OM_FIGURE_MARGIN + half), OM_FIGURE_WIDTH - OM_FIGURE_MARGIN - half),
                frame->top - 7, &style, chart->reference_label);
}

void
om_rows_draw(struct om_draft *draft, const struct om_row_chart *chart, double top)
{
    const double labels = widest_label(chart), right = chart->dense ? 0 : widest_right(chart),
                 height = row_height(chart);
    struct om_frame frame = {.left = OM_FIGURE_MARGIN + fmax(labels + 16, 12),
                             .top = draw_legend(draft, chart, top) + 20,
                             .right = OM_FIGURE_WIDTH - OM_FIGURE_MARGIN - (right > 0 ? right + 16 : 10)};
    frame.bottom = frame.top + GAP + height * (double)chart->n;
    settle_axis(chart, &frame);
    struct om_ticks ticks;
    om_ticks_round(frame.x.low, frame.x.high, 9, &ticks);
    om_frame_x(draft, &frame, &ticks, chart->percent, true, chart->axis);
    draw_reference(draft, chart, &frame);
    struct om_text_style style = om_style_tick;
    if (chart->left && !chart->dense)
        om_svg_text_fit(&draft->svg, OM_FIGURE_MARGIN, frame.top - 7, &style, LABELS_WIDEST, chart->left);
    style.anchor = OM_ANCHOR_END;
    if (chart->right && !chart->dense)
        om_svg_text(&draft->svg, OM_FIGURE_WIDTH - OM_FIGURE_MARGIN, frame.top - 7, &style, chart->right);
    for (size_t i = 0; i < chart->n; i++)
        draw_row(draft, chart, &frame, &chart->row[i], frame.top + GAP / 2.0 + height * ((double)i + 0.5));
    draft->svg.height = fmax(draft->svg.height, frame.bottom + 52);
}
