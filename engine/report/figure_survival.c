/* Kaplan-Meier curves of the family `survival`: the share without an event so far, with those at risk below.
 */
#include "report/figure.h"
#include "base/error.h"
#include "base/memory.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { LEFT = 64, RIGHT = OM_FIGURE_WIDTH - 130, HIGH = 300, CURVES_MOST = 5, TIMES_MOST = 64 };

static const struct {
    const char *color, *dash;
} looks[CURVES_MOST] = {{OM_BLUE_DARK, NULL},
                        {OM_ORANGE, "8 3"},
                        {"#4a90c4", "2 3"},
                        {"#6b4c9a", "10 3 2 3"},
                        {"#7f8792", "5 5"}};

static const char *const events[] = {"response", "remission", "improvement", "deterioration",
                                     "confirmed_deterioration"};

/* One curve: at each time after the first, in the order of the occasions. */
struct curve {
    size_t group;
    const struct om_result *survival[TIMES_MOST], *events[TIMES_MOST];
};

struct survival {
    const char *event, *rule, *words;
    size_t n_times;          /* with the first */
    double time[TIMES_MOST]; /* since the first: as the statistics count it */
    struct curve curve[CURVES_MOST];
    size_t n;
};

/* --- data ---------------------------------------------------------------------------------------------- */

static bool
take_curve(const struct om_figure_context *context, struct survival *s, size_t group)
{
    const struct om_analysis *analysis = context->analysis;
    struct curve *curve = &s->curve[s->n];
    char survival[80], count[80];
    snprintf(survival, sizeof survival, "km.%s.survival", s->event);
    snprintf(count, sizeof count, "km.%s.events", s->event);
    *curve = (struct curve){.group = group};
    bool any = false;
    for (size_t k = 1; k < s->n_times; k++) {
        const char *name = analysis->group[group], *at = analysis->occasion[k];
        curve->survival[k] = om_figure_row(context, name, at, s->rule, survival);
        curve->events[k] = om_figure_row(context, name, at, s->rule, count);
        any |= curve->survival[k] && curve->survival[k]->has_value;
    }
    s->n += any;
    return any;
}

/* Everyone when there are no groups, or too many of them for one picture. */
static void
take_curves(const struct om_figure_context *context, struct survival *s)
{
    size_t n_groups = context->analysis->n_groups;
    bool groups = n_groups > 2 && n_groups - 1 <= CURVES_MOST;
    for (size_t g = groups ? 1 : 0; g < (groups ? n_groups : 1); g++)
        take_curve(context, s, g);
}

/* --- drawing ------------------------------------------------------------------------------------------- */

static double
value_at(const struct curve *curve, size_t k, double before)
{
    const struct om_result *row = k ? curve->survival[k] : NULL;
    return row && row->has_value ? row->value : before;
}

static void
draw_curve(struct om_draft *draft, const struct survival *s, const struct om_frame *frame, size_t which)
{
    const struct curve *curve = &s->curve[which];
    double value = 1;
    om_svg_path_begin(&draft->svg);
    om_svg_move(&draft->svg, om_axis_at(&frame->x, 0), om_axis_at(&frame->y, 1));
    for (size_t k = 1; k < s->n_times; k++) {
        double x = om_axis_at(&frame->x, s->time[k]);
        om_svg_to(&draft->svg, x, om_axis_at(&frame->y, value));
        value = value_at(curve, k, value);
        om_svg_to(&draft->svg, x, om_axis_at(&frame->y, value));
    }
    om_svg_to(&draft->svg, frame->right, om_axis_at(&frame->y, value));
    om_svg_path_end(&draft->svg, &(struct om_paint){
                                     .stroke = looks[which].color, .width = 2.4, .dash = looks[which].dash});
    /* Intervals of the curve at its times, on the level they are about and beside those of other curves. */
    for (size_t k = 1; k < s->n_times; k++) {
        const struct om_result *row = curve->survival[k];
        double x = om_axis_at(&frame->x, s->time[k]) + 5 + 4 * (double)which;
        if (row && row->has_value && row->has_interval)
            om_svg_line(&draft->svg, x, om_axis_at(&frame->y, row->lower), x,
                        om_axis_at(&frame->y, row->upper),
                        &(struct om_paint){.stroke = looks[which].color, .width = 1});
    }
}

/* Names at the ends of the curves, pushed apart. */
static void
label_curves(struct om_draft *draft, const struct survival *s, const struct om_frame *frame)
{
    size_t order[CURVES_MOST];
    double end[CURVES_MOST], center[CURVES_MOST];
    for (size_t i = 0; i < s->n; i++) {
        double value = 1;
        for (size_t k = 1; k < s->n_times; k++)
            value = value_at(&s->curve[i], k, value);
        end[i] = om_axis_at(&frame->y, value);
        size_t j = i;
        for (; j > 0 && end[order[j - 1]] > end[i]; j--)
            order[j] = order[j - 1];
        order[j] = i;
    }
    for (size_t i = 0; i < s->n; i++)
        center[i] = end[order[i]];
    om_spread(center, s->n, 16, frame->top, frame->bottom);
    for (size_t i = 0; i < s->n; i++) {
        struct om_text_style style = om_style_strong;
        style.fill = looks[order[i]].color;
        om_svg_text_fit(&draft->svg, frame->right + 10, center[i] + 4, &style, 112,
                        om_figure_group_name(draft->context, s->curve[order[i]].group));
    }
}

/* Room for the name of an occasion, or a number at risk below it. */
static double
name_width(const struct om_figure_context *context, size_t k)
{
    return fmax(28, fmin(70, om_text_width(context->analysis->occasion[k], om_style_tick.size, false)));
}

/* Names that have room: from the last to the first, which both have theirs, those that do not touch one that
 * has. */
static void
choose_names(const struct om_figure_context *context, const struct survival *s, const struct om_frame *frame,
             bool named[TIMES_MOST])
{
    enum { SPACE = 8 };
    double left_of = INFINITY, first_ends = om_axis_at(&frame->x, 0) + name_width(context, 0) / 2 + SPACE;
    for (size_t k = s->n_times; k-- > 0;) {
        const double x = om_axis_at(&frame->x, s->time[k]), half = name_width(context, k) / 2;
        named[k] = k == 0 || (x + half + SPACE <= left_of && x - half >= first_ends);
        if (named[k])
            left_of = x - half;
    }
}

static double
draw_times(struct om_draft *draft, const struct survival *s, const struct om_frame *frame)
{
    const struct om_analysis *analysis = draft->context->analysis;
    struct om_text_style style = om_style_tick;
    bool named[TIMES_MOST];
    double y = frame->bottom + 76, middle = (frame->left + frame->right) / 2;
    choose_names(draft->context, s, frame, named);
    style.anchor = OM_ANCHOR_MIDDLE;
    for (size_t k = 0; k < s->n_times; k++) {
        double x = om_axis_at(&frame->x, s->time[k]);
        om_svg_line(&draft->svg, x, frame->bottom, x, frame->bottom + 4,
                    &(struct om_paint){.stroke = OM_AXIS});
        if (named[k])
            om_svg_text_fit(&draft->svg, x, frame->bottom + 18, &style, 70, analysis->occasion[k]);
    }
    struct om_text_style label = om_style_label;
    label.anchor = OM_ANCHOR_MIDDLE;
    om_svg_text(&draft->svg, middle, frame->bottom + 38, &label,
                analysis->occasion_time ? "Occasion, at its time since the first"
                                        : "Occasion (no times were given: one step each)");
    om_svg_text(&draft->svg, OM_FIGURE_MARGIN, frame->bottom + 56, &om_style_strong, "At risk");
    for (size_t i = 0; i < s->n; i++, y += 17) {
        for (size_t k = 1; k < s->n_times; k++) {
            const struct om_result *row = s->curve[i].events[k];
            if (named[k] && row && row->has_ratio)
                om_svg_text(&draft->svg, om_axis_at(&frame->x, s->time[k]), y, &style,
                            om_show_count(row->denominator).text);
        }
        struct om_text_style name = om_style_tick;
        name.fill = looks[i].color;
        om_svg_text_fit(&draft->svg, frame->right + 10, y, &name, 112,
                        om_figure_group_name(draft->context, s->curve[i].group));
    }
    return y;
}

/* --- words --------------------------------------------------------------------------------------------- */

static const char *
words_of(const char *event)
{
    if (strcmp(event, "response") == 0)
        return "a response";
    if (strcmp(event, "remission") == 0)
        return "a remission";
    if (strcmp(event, "improvement") == 0)
        return "a reliable improvement";
    return strcmp(event, "deterioration") == 0 ? "a deterioration" : "a confirmed deterioration";
}

static void
write_words(struct om_draft *draft, const struct survival *s)
{
    const struct om_figure_context *context = draft->context;
    const struct om_analysis *analysis = context->analysis;
    char name[80];
    snprintf(name, sizeof name, "km.%s.survival", s->event);
    const struct om_result *end = NULL;
    size_t last = 0;
    for (size_t k = 1; k < s->n_times; k++) {
        const struct om_result *row = om_figure_row(context, "all", analysis->occasion[k], s->rule, name);
        if (row && row->has_value) {
            end = row;
            last = k;
        }
    }
    if (end)
        om_buffer_format(&draft->title, "%s: %s %% have had %s by %s", context->info->instrument->name,
                         om_show_fixed(100 * (1 - end->value), 0).text, s->words, analysis->occasion[last]);
    else
        om_buffer_format(&draft->title, "%s: time to %s", context->info->instrument->name, s->words);
    om_buffer_format(
        &draft->subtitle,
        "Kaplan-Meier: share without %s so far (rule %s), with intervals at each occasion. People "
        "not seen to the end count for as long as they are seen.",
        s->words, s->rule);
    if (analysis->n_groups - 1 > CURVES_MOST)
        om_buffer_format(&draft->subtitle, " The %zu groups are shown together.", analysis->n_groups - 1);
    om_buffer_format(&draft->description, "Kaplan-Meier curve of the time to %s, %zu %s.", s->words, s->n,
                     s->n == 1 ? "curve" : "curves");
}

static void
write_table(struct om_draft *draft, const struct survival *s)
{
    static const char *const header[] = {"group",  "occasion",      "at risk",
                                         "events", "share without", "interval"};
    om_draft_columns(draft, 6, header);
    for (size_t i = 0; i < s->n; i++)
        for (size_t k = 1; k < s->n_times; k++) {
            const struct om_result *row = s->curve[i].survival[k], *count = s->curve[i].events[k];
            if (!row || !row->has_value || !count || !count->has_ratio)
                continue;
            om_draft_cell(draft, "%s", om_figure_group_name(draft->context, s->curve[i].group));
            om_draft_cell(draft, "%s", draft->context->analysis->occasion[k]);
            om_draft_cell(draft, "%" PRIu64, count->denominator);
            om_draft_cell(draft, "%" PRIu64, count->numerator);
            om_draft_cell(draft, "%s", om_show_fixed(row->value, 3).text);
            om_draft_cell(draft, "%s",
                          row->has_interval ? om_show_bounds(row->lower, row->upper, 3).text : "");
        }
}

static om_status
draw(struct om_figure_context *context, struct survival *s, struct om_error *err)
{
    struct om_draft draft;
    struct om_ticks ticks;
    char tail[80];
    snprintf(tail, sizeof tail, "%s-%s", s->event, s->rule);
    om_draft_begin(&draft, context, OM_FIGURE_SURVIVAL, tail);
    draft.group = s->curve[0].group ? "" : "all";
    write_words(&draft, s);
    double top = om_draft_head(&draft) + 14;
    struct om_frame frame = {.left = LEFT, .top = top, .right = RIGHT, .bottom = top + HIGH};
    frame.x = (struct om_axis){0, 1.05 * s->time[s->n_times - 1], frame.left, frame.right};
    frame.y = (struct om_axis){0, 1, frame.bottom, frame.top};
    om_ticks_round(0, 1, 6, &ticks);
    om_frame_y(&draft, &frame, &ticks, true, NULL);
    for (size_t i = 0; i < s->n; i++)
        draw_curve(&draft, s, &frame, i);
    label_curves(&draft, s, &frame);
    double y = draw_times(&draft, s, &frame);
    draft.svg.height = fmax(draft.svg.height, y);
    write_table(&draft, s);
    return om_draft_end(&draft, err);
}

static void
set_times(const struct om_analysis *analysis, struct survival *s)
{
    const double *time = analysis->occasion_time;
    for (size_t k = 0; k < s->n_times; k++)
        s->time[k] = time ? time[k] - time[0] : (double)k;
}

om_status
om_figure_survival(struct om_figure_context *context, struct om_error *err)
{
    static const char *const rules[] = {"shift", "percent", "remission", "reliable"};
    size_t n_times = context->analysis->n_occasions;
    if (!context->analysis->last || n_times > TIMES_MOST)
        return OM_OK;
    for (size_t e = 0; e < sizeof events / sizeof *events; e++)
        for (size_t r = 0; r < sizeof rules / sizeof *rules; r++) {
            struct survival s = {
                .event = events[e], .rule = rules[r], .words = words_of(events[e]), .n_times = n_times};
            set_times(context->analysis, &s);
            take_curves(context, &s);
            if (s.n)
                OM_TRY(draw(context, &s, err));
        }
    return OM_OK;
}
