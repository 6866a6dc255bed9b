/* Quality over time, where the groups are months, quarters or years: a p-chart of the responder rate, and an
 * XmR chart of the mean change. */
#include "report/figure.h"
#include "report/period.h"
#include "base/error.h"
#include "base/memory.h"

#include <omstat/control_chart.h>

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    LEFT = 64,
    RIGHT = OM_FIGURE_WIDTH - 96,
    HIGH = 270,
    RANGES = 80,
    PERIODS_LEAST = 3,
    FEW = 12,
    TABLE_MOST = 60
};

/* A period with a value. */
struct member {
    size_t group;
    int at; /* in periods since the first */
    uint64_t k, n;
    double value;
};

struct trend {
    struct member *member;
    struct om_chart_point *point;
    double *range;
    size_t n;
    struct om_xmr xmr;
    bool shares;      /* a p-chart */
    uint64_t undated; /* persons in groups without a period */
    size_t marked, signals[OM_SIGNALS];
    size_t jumps; /* moving ranges above their limit */
};

/* --- data ---------------------------------------------------------------------------------------------- */

static int
by_time(const void *a, const void *b)
{
    const struct member *x = a, *y = b;
    return (x->at > y->at) - (x->at < y->at);
}

static bool
take_member(const struct om_figure_context *context, const struct om_result *row, size_t group, bool shares,
            struct member *out)
{
    struct om_period period;
    if (!row || !row->has_value || (shares && (!row->has_ratio || row->denominator == 0)))
        return false;
    if (!om_period_read(om_figure_group_name(context, group), &period))
        return false;
    *out = (struct member){.group = group,
                           .at = period.at,
                           .k = row->numerator,
                           .n = shares ? row->denominator : row->n,
                           .value = row->value};
    return true;
}

static om_status
take_members(const struct om_figure_context *context, struct trend *t, struct om_error *err)
{
    const struct om_result **row = NULL;
    size_t n_groups = context->analysis->n_groups;
    t->member = om_alloc(n_groups, sizeof *t->member);
    t->point = om_calloc(n_groups, sizeof *t->point);
    t->range = om_calloc(n_groups, sizeof *t->range);
    if (!t->member || !t->point || !t->range)
        return om_fail_memory(err);
    OM_TRY(om_figure_by_group(context, "change", t->shares ? context->rule : "",
                              t->shares ? "class.improved" : "mean", &row, err));
    for (size_t g = 1; g < n_groups; g++) {
        struct om_period period;
        if (take_member(context, row[g], g, t->shares, &t->member[t->n]))
            t->n++;
        else if (row[g] && !om_period_read(om_figure_group_name(context, g), &period))
            t->undated += t->shares ? row[g]->denominator : row[g]->n;
    }
    om_free(row);
    qsort(t->member, t->n, sizeof *t->member, by_time);
    return OM_OK;
}

static om_status
chart_shares(struct trend *t, struct om_error *err)
{
    uint64_t *k = om_alloc(t->n, sizeof *k), *n = om_alloc(t->n, sizeof *n);
    if (k && n) {
        for (size_t i = 0; i < t->n; i++) {
            k[i] = t->member[i].k;
            n[i] = t->member[i].n;
        }
        om_p_chart(k, n, t->n, t->point);
    }
    om_status status = k && n ? OM_OK : om_fail_memory(err);
    om_free(k);
    om_free(n);
    return status;
}

static om_status
chart_means(struct trend *t, struct om_error *err)
{
    double *value = om_alloc(t->n, sizeof *value);
    if (!value)
        return om_fail_memory(err);
    for (size_t i = 0; i < t->n; i++)
        value[i] = t->member[i].value;
    om_xmr_chart(value, t->n, t->point, t->range, &t->xmr);
    om_free(value);
    return OM_OK;
}

/* Is the moving range above its limit? */
static bool
jumps(const struct trend *t, size_t i)
{
    return t->range[i] > t->xmr.range_limit * (1 + 1e-12);
}

static void
count_signals(struct trend *t)
{
    for (size_t i = 0; i < t->n; i++) {
        t->marked += t->point[i].signals != 0;
        t->jumps += !t->shares && i > 0 && jumps(t, i);
        for (unsigned s = 0; s < OM_SIGNALS; s++)
            t->signals[s] += (t->point[i].signals >> s) & 1;
    }
}

/* --- drawing ------------------------------------------------------------------------------------------- */

static double
x_of(const struct om_frame *frame, const struct trend *t, size_t i)
{
    return om_axis_at(&frame->x, t->member[i].at);
}

/* A line through all points, in steps where it is a limit. */
static void
draw_through(struct om_draft *draft, const struct trend *t, const struct om_frame *frame, int what,
             const struct om_paint *paint)
{
    double half = t->n > 1 ? 0.5 : 0;
    om_svg_path_begin(&draft->svg);
    for (size_t i = 0; i < t->n; i++) {
        const struct om_chart_point *p = &t->point[i];
        double y = om_axis_at(&frame->y, what < 0 ? p->lower : what > 0 ? p->upper : p->value);
        double x1 = om_axis_at(&frame->x, t->member[i].at - half),
               x2 = om_axis_at(&frame->x, t->member[i].at + half);
        if (what == 0)
            x1 = x2 = x_of(frame, t, i);
        if (i == 0)
            om_svg_move(&draft->svg, x1, y);
        else
            om_svg_to(&draft->svg, x1, y);
        if (what)
            om_svg_to(&draft->svg, x2, y);
    }
    om_svg_path_end(&draft->svg, paint);
}

static void
draw_points(struct om_draft *draft, const struct trend *t, const struct om_frame *frame)
{
    double radius = t->n > 60 ? 2.6 : 4.2;
    for (size_t i = 0; i < t->n; i++) {
        double x = x_of(frame, t, i), y = om_axis_at(&frame->y, t->point[i].value);
        if (t->point[i].signals & OM_SIGNAL_OUTSIDE)
            om_svg_diamond(&draft->svg, x, y, radius + 2.5,
                           &(struct om_paint){.fill = OM_ORANGE, .stroke = "#ffffff"});
        else if (t->point[i].signals)
            om_svg_circle(&draft->svg, x, y, radius + 0.6,
                          &(struct om_paint){.fill = "#ffffff", .stroke = OM_ORANGE, .width = 2.2});
        else
            om_svg_circle(&draft->svg, x, y, radius, &(struct om_paint){.fill = OM_BLUE_DARK});
    }
}

/* The rule that a run of marked points breaks, by name, once at its beginning. */
static void
name_signals(struct om_draft *draft, const struct trend *t, const struct om_frame *frame)
{
    struct om_text_style style = om_style_tick;
    style.fill = "#9a3f08";
    style.halo = true;
    for (unsigned s = 0; s < OM_SIGNALS; s++)
        for (size_t i = 0; i < t->n; i++) {
            bool here = (t->point[i].signals >> s) & 1,
                 before = i > 0 && ((t->point[i - 1].signals >> s) & 1);
            if (!here || before)
                continue;
            const char *name = s == 0 ? "outside" : om_signal_name((enum om_signal)(1U << s));
            bool above = t->point[i].value >= t->point[i].centre;
            double x = x_of(frame, t, i), y = om_axis_at(&frame->y, t->point[i].value);
            double half = om_text_width(name, style.size, false) / 2;
            style.anchor = OM_ANCHOR_MIDDLE;
            x = fmin(fmax(x, frame->left + half), frame->right - half);
            for (int line = 1; line <= 4; line++)
                if (om_svg_text(&draft->svg, x, above ? y - 10 * line : y + 6 + 12 * line, &style, name))
                    break;
        }
}

static void
label_limit(struct om_draft *draft, const struct om_frame *frame, double at, const char *word,
            const struct trend *t, int decimals)
{
    double y = om_axis_at(&frame->y, at) + 4;
    const char *value = t->shares ? om_show_fixed(100 * at, 0).text : om_show_fixed(at, decimals).text;
    om_svg_textf(&draft->svg, frame->right + 8, y, &om_style_tick, "%s %s%s", word, value,
                 t->shares ? " %" : "");
}

/* Periods along the axis, as many as there is room for, on even multiples. */
static void
draw_periods(struct om_draft *draft, const struct trend *t, const struct om_frame *frame)
{
    static const int steps[] = {1, 2, 3, 6, 12, 24, 60, 120};
    struct om_period first;
    struct om_text_style style = om_style_tick;
    char text[16];
    style.anchor = OM_ANCHOR_MIDDLE;
    if (!om_period_read(om_figure_group_name(draft->context, t->member[0].group), &first))
        return;
    int low = t->member[0].at, high = t->member[t->n - 1].at;
    double unit = (frame->right - frame->left) / (high - low + 1);
    size_t s = 0;
    while (s + 1 < sizeof steps / sizeof *steps && unit * steps[s] < 58)
        s++;
    for (int at = low; at <= high; at++) {
        if ((at - low) % steps[s] != 0)
            continue;
        double x = om_axis_at(&frame->x, at);
        om_period_write(first.kind, at, text, sizeof text);
        om_svg_line(&draft->svg, x, frame->bottom, x, frame->bottom + 4,
                    &(struct om_paint){.stroke = OM_AXIS});
        om_svg_text(&draft->svg, x, frame->bottom + 18, &style, text);
    }
}

/* Moving ranges, in a panel below. */
static void
draw_ranges(struct om_draft *draft, const struct trend *t, const struct om_frame *above,
            struct om_frame *frame)
{
    struct om_ticks ticks;
    *frame = *above;
    frame->top = above->bottom + 56;
    frame->bottom = frame->top + RANGES;
    frame->y = (struct om_axis){0, t->xmr.range_limit, frame->bottom, frame->top};
    for (size_t i = 1; i < t->n; i++)
        om_axis_include(&frame->y, t->range[i]);
    if (!(frame->y.high > 0))
        frame->y.high = 1;
    om_ticks_round(0, frame->y.high, 4, &ticks);
    om_frame_y(draft, frame, &ticks, false, "Moving range");
    double mean = om_axis_at(&frame->y, t->xmr.mean_range), limit = om_axis_at(&frame->y, t->xmr.range_limit);
    om_svg_line(&draft->svg, frame->left, mean, frame->right, mean,
                &(struct om_paint){.stroke = OM_BLUE, .width = 1.2});
    om_svg_line(&draft->svg, frame->left, limit, frame->right, limit,
                &(struct om_paint){.stroke = OM_INK, .dash = "6 4"});
    om_svg_path_begin(&draft->svg);
    for (size_t i = 1; i < t->n; i++) {
        double x = x_of(frame, t, i), y = om_axis_at(&frame->y, t->range[i]);
        if (i == 1)
            om_svg_move(&draft->svg, x, y);
        else
            om_svg_to(&draft->svg, x, y);
    }
    om_svg_path_end(&draft->svg, &(struct om_paint){.stroke = "#8d97a3", .width = 1.4});
    for (size_t i = 1; i < t->n; i++) {
        bool beyond = jumps(t, i);
        om_svg_circle(&draft->svg, x_of(frame, t, i), om_axis_at(&frame->y, t->range[i]), beyond ? 4 : 2.4,
                      &(struct om_paint){.fill = beyond ? OM_ORANGE : OM_BLUE_DARK});
    }
    label_limit(draft, frame, t->xmr.range_limit, "limit", t, 1);
    label_limit(draft, frame, t->xmr.mean_range, "mean", t, 1);
}

/* --- words --------------------------------------------------------------------------------------------- */

static void
write_signals(struct om_buffer *out, const struct trend *t)
{
    const char *lead = "";
    for (unsigned s = 0; s < OM_SIGNALS; s++) {
        if (!t->signals[s])
            continue;
        om_buffer_format(out, "%s%s", lead, om_signal_name((enum om_signal)(1U << s)));
        lead = ", ";
    }
    if (t->jumps)
        om_buffer_format(out, "%smoving range above its limit", lead);
}

static void
write_words(struct om_draft *draft, const struct trend *t)
{
    const struct om_figure_context *context = draft->context;
    const char *name = context->info->instrument->name, *what = t->shares ? "responder rate" : "mean change";
    struct om_shown meaning = t->shares ? om_rule_meaning(&(struct om_compose){.analysis = context->analysis},
                                                          context->info, context->rule)
                                        : (struct om_shown){""};
    om_buffer_format(&draft->title, "%s: the %s ", name, what);
    if (t->marked || t->jumps) {
        om_buffer_text(&draft->title, "is not stable (");
        write_signals(&draft->title, t);
        om_buffer_char(&draft->title, ')');
    } else {
        om_buffer_text(&draft->title, "is stable, with no sign of change");
    }
    if (t->shares)
        om_buffer_format(
            &draft->subtitle,
            "p-chart: share improved (rule %s: %s). Line: all periods together; dashed: limits 3 "
            "standard errors off.",
            context->rule, meaning.text);
    else
        om_buffer_format(
            &draft->subtitle,
            "XmR chart: mean change, below it the moving range. Line: their mean; dashed: limits by the "
            "mean moving range. Below 0 is a fall; a %s is better.",
            om_figure_lower_better(context) ? "fall" : "rise");
    om_buffer_format(&draft->subtitle, " Orange: a rule of Provost and Murray is broken.");
    if (t->n < FEW)
        om_buffer_format(&draft->subtitle, " With fewer than %d periods the limits are provisional.", FEW);
    if (t->undated)
        om_buffer_format(&draft->subtitle, " %s without a date left out.",
                         t->undated == 1 ? "1 person" : om_show_count(t->undated).text);
    om_buffer_format(&draft->description, "Control chart of the %s of %s over %zu periods. ", what, name,
                     t->n);
    if (t->marked || t->jumps) {
        om_buffer_text(&draft->description, "Signs of change: ");
        write_signals(&draft->description, t);
        om_buffer_text(&draft->description, ".");
    } else {
        om_buffer_text(&draft->description, "No sign of change.");
    }
}

static void
write_table(struct om_draft *draft, const struct trend *t)
{
    static const char *const header[] = {"period", "n", "value", "lower limit", "upper limit", "sign"};
    om_draft_columns(draft, 6, header);
    size_t from = t->n > TABLE_MOST ? t->n - TABLE_MOST : 0; /* the latest */
    for (size_t i = from; i < t->n; i++) {
        const struct om_chart_point *p = &t->point[i];
        struct om_buffer signs = OM_BUFFER_EMPTY;
        const char *lead = "";
        for (unsigned s = 0; s < OM_SIGNALS; s++) {
            if ((p->signals >> s) & 1) {
                om_buffer_format(&signs, "%s%s", lead, om_signal_name((enum om_signal)(1U << s)));
                lead = ", ";
            }
        }
        int decimals = t->shares ? 3 : 2;
        om_draft_cell(draft, "%s", om_figure_group_name(draft->context, t->member[i].group));
        om_draft_cell(draft, "%" PRIu64, t->member[i].n);
        om_draft_cell(draft, "%s", om_show_fixed(p->value, decimals).text);
        om_draft_cell(draft, "%s", om_show_fixed(p->lower, decimals).text);
        om_draft_cell(draft, "%s", om_show_fixed(p->upper, decimals).text);
        om_draft_cell(draft, "%s", om_buffer_string(&signs));
        draft->failed |= !om_buffer_ok(&signs);
        om_buffer_release(&signs);
    }
}

/* --- the figure ---------------------------------------------------------------------------------------- */

static void
settle_axes(const struct trend *t, struct om_frame *frame)
{
    frame->x =
        (struct om_axis){t->member[0].at - 0.6, t->member[t->n - 1].at + 0.6, frame->left, frame->right};
    frame->y = (struct om_axis){t->point[0].value, t->point[0].value, frame->bottom, frame->top};
    for (size_t i = 0; i < t->n; i++) {
        om_axis_include(&frame->y, t->point[i].value);
        om_axis_include(&frame->y, t->point[i].lower);
        om_axis_include(&frame->y, t->point[i].upper);
    }
    double room = 0.06 * (frame->y.high - frame->y.low);
    frame->y.low -= room;
    frame->y.high += room;
    om_axis_round(&frame->y, 7);
    if (t->shares) {
        frame->y.low = fmax(0, frame->y.low);
        frame->y.high = fmin(1, frame->y.high);
    }
}

static om_status
draw(struct om_figure_context *context, const struct trend *t, struct om_error *err)
{
    struct om_draft draft;
    struct om_ticks ticks;
    const struct om_chart_point *last = &t->point[t->n - 1];
    om_draft_begin(&draft, context, t->shares ? OM_FIGURE_RATE_TREND : OM_FIGURE_CHANGE_TREND, NULL);
    draft.group = "";
    write_words(&draft, t);
    double top = om_draft_head(&draft) + 18;
    struct om_frame frame = {.left = LEFT, .top = top, .right = RIGHT, .bottom = top + HIGH}, below;
    settle_axes(t, &frame);
    om_ticks_round(frame.y.low, frame.y.high, 7, &ticks);
    om_frame_y(&draft, &frame, &ticks, t->shares, NULL);
    double y = om_axis_at(&frame.y, last->centre);
    om_svg_line(&draft.svg, frame.left, y, frame.right, y,
                &(struct om_paint){.stroke = OM_BLUE, .width = 1.2});
    draw_through(&draft, t, &frame, -1, &(struct om_paint){.stroke = OM_INK, .dash = "6 4"});
    draw_through(&draft, t, &frame, 1, &(struct om_paint){.stroke = OM_INK, .dash = "6 4"});
    draw_through(&draft, t, &frame, 0, &(struct om_paint){.stroke = "#8d97a3", .width = 1.6});
    draw_points(&draft, t, &frame);
    int decimals = om_compose_decimals(context->info->scale);
    label_limit(&draft, &frame, last->centre, "mean", t, decimals);
    label_limit(&draft, &frame, last->upper, "upper", t, decimals);
    label_limit(&draft, &frame, last->lower, "lower", t, decimals);
    draw_periods(&draft, t, &frame);
    name_signals(&draft, t, &frame);
    below = frame;
    if (!t->shares)
        draw_ranges(&draft, t, &frame, &below);
    draft.svg.height = fmax(draft.svg.height, below.bottom + 34);
    write_table(&draft, t);
    return om_draft_end(&draft, err);
}

static om_status
make(struct om_figure_context *context, bool shares, struct om_error *err)
{
    struct trend t = {.shares = shares};
    if (!context->periods || (shares && !context->rule))
        return OM_OK;
    om_status status = take_members(context, &t, err);
    bool enough = status == OM_OK && t.n >= PERIODS_LEAST;
    if (enough)
        status = shares ? chart_shares(&t, err) : chart_means(&t, err);
    if (enough && status == OM_OK) {
        count_signals(&t);
        status = draw(context, &t, err);
    }
    om_free(t.member);
    om_free(t.point);
    om_free(t.range);
    return status;
}

om_status
om_figure_rate_trend(struct om_figure_context *context, struct om_error *err)
{
    return make(context, true, err);
}

om_status
om_figure_change_trend(struct om_figure_context *context, struct om_error *err)
{
    return make(context, false, err);
}
