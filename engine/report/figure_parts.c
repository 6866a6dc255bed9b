/* Parts of charts: frames, legends, grids, colours. */
#include "report/figure.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* --- colours ------------------------------------------------------------------------------------------- */

static unsigned
hex(const char *digits)
{
    unsigned value = 0;
    for (int i = 0; i < 2; i++) {
        char c = digits[i];
        value = value * 16 + (unsigned)(c <= '9' ? c - '0' : c - 'a' + 10);
    }
    return value;
}

struct om_color
om_color_mix(const char *color, const char *other, double share)
{
    struct om_color out = {"#"};
    for (int i = 0; i < 3; i++) {
        double from = hex(other + 1 + 2 * i), to = hex(color + 1 + 2 * i);
        snprintf(out.text + 1 + 2 * i, 3, "%02x", (unsigned)(from + (to - from) * share + 0.5) & 0xFF);
    }
    return out;
}

/* --- frames -------------------------------------------------------------------------------------------- */

static void
show_tick(char *text, size_t size, double value, int decimals, bool percent)
{
    if (percent)
        snprintf(text, size, "%.40s %%", om_show_fixed(100 * value, decimals > 2 ? decimals - 2 : 0).text);
    else if (fabs(value) >= 10000)
        snprintf(text, size, "%s%.40s", value < 0 ? "-" : "", om_show_count((uint64_t)fabs(value)).text);
    else
        snprintf(text, size, "%.60s", om_show_fixed(value, decimals).text);
}

void
om_frame_y(struct om_draft *draft, const struct om_frame *frame, const struct om_ticks *ticks, bool percent,
           const char *label)
{
    struct om_text_style style = om_style_tick;
    char text[64];
    style.anchor = OM_ANCHOR_END;
    for (size_t i = 0; i < ticks->n; i++) {
        double y = om_axis_at(&frame->y, ticks->at[i]);
        om_svg_line(&draft->svg, frame->left, y, frame->right, y, &(struct om_paint){.stroke = OM_GRID});
        show_tick(text, sizeof text, ticks->at[i], ticks->decimals, percent);
        om_svg_text(&draft->svg, frame->left - 8, y + 4, &style, text);
    }
    if (label)
        om_svg_text(&draft->svg, OM_FIGURE_MARGIN, frame->top - 12, &om_style_tick, label);
}

void
om_frame_x(struct om_draft *draft, const struct om_frame *frame, const struct om_ticks *ticks, bool percent,
           bool grid, const char *label)
{
    struct om_text_style style = om_style_tick;
    char text[64];
    style.anchor = OM_ANCHOR_MIDDLE;
    for (size_t i = 0; i < ticks->n; i++) {
        double x = om_axis_at(&frame->x, ticks->at[i]);
        if (grid)
            om_svg_line(&draft->svg, x, frame->top, x, frame->bottom, &(struct om_paint){.stroke = OM_GRID});
        else
            om_svg_line(&draft->svg, x, frame->bottom, x, frame->bottom + 4,
                        &(struct om_paint){.stroke = OM_AXIS});
        show_tick(text, sizeof text, ticks->at[i], ticks->decimals, percent);
        om_svg_text(&draft->svg, x, frame->bottom + 18, &style, text);
    }
    style = om_style_label;
    style.anchor = OM_ANCHOR_MIDDLE;
    if (label)
        om_svg_text_fit(&draft->svg, (frame->left + frame->right) / 2, frame->bottom + 40, &style,
                        frame->right - frame->left, label);
}

double
om_legend(struct om_draft *draft, double x, double y, enum om_mark mark, const char *color, const char *text)
{
    struct om_svg *svg = &draft->svg;
    const double middle = y - 4;
    const struct om_paint filled = {.fill = color};
    switch (mark) {
    case OM_MARK_SQUARE:
        om_svg_rect(svg, x, middle - 6, 12, 12, 2, &filled);
        break;
    case OM_MARK_BAND:
        om_svg_rect(svg, x, middle - 5, 18, 10, 0, &filled);
        break;
    case OM_MARK_DOT:
        om_svg_circle(svg, x + 6, middle, 4.5, &filled);
        break;
    case OM_MARK_RING:
        om_svg_circle(svg, x + 6, middle, 4,
                      &(struct om_paint){.fill = "#ffffff", .stroke = color, .width = 2});
        break;
    case OM_MARK_DIAMOND:
        om_svg_diamond(svg, x + 6, middle, 6, &filled);
        break;
    case OM_MARK_LINE:
        om_svg_line(svg, x, middle, x + 18, middle, &(struct om_paint){.stroke = color, .width = 2});
        break;
    case OM_MARK_DASHES:
        om_svg_line(svg, x, middle, x + 18, middle,
                    &(struct om_paint){.stroke = color, .width = 1.5, .dash = "5 3"});
        break;
    }
    bool wide = mark == OM_MARK_LINE || mark == OM_MARK_DASHES || mark == OM_MARK_BAND;
    double at = x + (wide ? 24 : 18);
    om_svg_text(svg, at, y, &om_style_tick, text);
    return at + om_text_width(text, om_style_tick.size, false) + 18;
}

/* --- labels side by side ------------------------------------------------------------------------------- */

void
om_spread(double *center, size_t n, double gap, double low, double high)
{
    for (size_t i = 0; i < n; i++) {
        double least = i ? center[i - 1] + gap : low;
        center[i] = fmax(center[i], least);
    }
    for (size_t i = n; i-- > 0;) {
        double most = i + 1 < n ? center[i + 1] - gap : high;
        center[i] = fmin(center[i], most);
    }
}

/* --- crosstabs ----------------------------------------------------------------------------------------- */

bool
om_figure_includes(const struct om_figure_context *context, const struct om_scale_cell *cell)
{
    const struct om_scale_view *view = context->view;
    if (cell->first == view->n_levels || (context->analysis->last && cell->last == view->n_levels))
        return false;
    return strcmp(context->population, "positive") != 0 || view->level[cell->first].positive;
}

double
om_figure_score(const struct om_figure_context *context, uint32_t level)
{
    return (double)context->view->level[level].value / (double)context->view->unit;
}

/* The lowest and highest score: of the scale where they are known, else those seen. */
static void
find_range(const struct om_figure_context *context, double *low, double *high)
{
    const struct om_scale *scale = context->info->scale;
    const struct om_scale_view *view = context->view;
    *low = om_fraction_value(scale->minimum);
    *high = om_fraction_value(scale->maximum);
    if (scale->open_range && view->n_levels) {
        *low = om_figure_score(context, 0);
        *high = om_figure_score(context, (uint32_t)view->n_levels - 1);
    }
}

/* Between two scores of full forms. */
static double
natural_step(const struct om_figure_context *context)
{
    const struct om_scale *scale = context->info->scale;
    const struct om_instrument *instrument = context->info->instrument;
    double points = (double)scale->n_items * (instrument->maximum - instrument->minimum);
    double range = om_fraction_value(scale->maximum) - om_fraction_value(scale->minimum);
    bool spread = scale->combine == OM_COMBINE_PERCENT || scale->combine == OM_COMBINE_MEAN;
    return spread && points > 0 ? range / points : 1;
}

void
om_figure_grid(const struct om_figure_context *context, struct om_grid *out)
{
    enum { MOST = 101, ROUND = 50 };
    double low, high, step = natural_step(context);
    find_range(context, &low, &high);
    if ((high - low) / step + 1 > MOST) {
        struct om_ticks ticks;
        om_ticks_round(low, high, OM_TICKS_MAX, &ticks);
        step = ticks.step / 2;
        low = floor(low / step) * step;
        high = ceil(high / step) * step;
    }
    *out = (struct om_grid){low, high, step, (size_t)((high - low) / step + 0.5) + 1};
}

size_t
om_grid_place(const struct om_grid *grid, double score)
{
    double place = floor((score - grid->low) / grid->step + 0.5 + 1e-9);
    return place < 0 ? 0 : place >= (double)grid->n ? grid->n - 1 : (size_t)place;
}

double
om_grid_cutoff(const struct om_figure_context *context, const struct om_grid *grid)
{
    const struct om_scale *scale = context->info->scale;
    double at = om_fraction_value(context->info->cutoff_at);
    bool lower = om_figure_lower_better(context);
    if (scale->rounding == OM_ROUND_HALF_UP)
        at += lower ? -0.5 : 0.5;
    double places = (at - grid->low) / grid->step;
    return grid->low + grid->step * (lower ? ceil(places - 1e-9) - 0.5 : floor(places + 1e-9) + 0.5);
}
