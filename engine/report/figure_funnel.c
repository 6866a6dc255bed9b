/* Responder rates by group: a funnel of what chance alone would bring about, and mean changes in order. */
#include "report/figure_rows.h"
#include "base/error.h"
#include "base/memory.h"

#include <omstat/control_chart.h>

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Fewer groups make no funnel; more than so many points become small squares. */
enum { GROUPS_LEAST = 4, DOTS_MOST = 300, LABELS_MOST = 12, TABLE_MOST = 40 };

/* --- funnel -------------------------------------------------------------------------------------------- */

enum place { WITHIN, BEYOND_95, BEYOND_998 };

struct site {
    size_t group;
    uint64_t k, n;
    double rate, distance; /* from the overall rate, in standard errors */
    enum place place;
    bool above;
};

struct funnel {
    struct site *site;
    size_t n;
    double rate; /* of everyone */
    uint64_t smallest, largest;
    size_t beyond[3];
};

static enum place
place_of(uint64_t n, double rate, double overall, bool *above)
{
    *above = rate > overall;
    if (rate < om_funnel_limit(n, overall, 0.001) || rate > om_funnel_limit(n, overall, 0.999))
        return BEYOND_998;
    return rate < om_funnel_limit(n, overall, 0.025) || rate > om_funnel_limit(n, overall, 0.975) ? BEYOND_95
                                                                                                  : WITHIN;
}

static int
by_distance(const void *a, const void *b)
{
    const struct site *x = a, *y = b;
    double dx = fabs(x->distance), dy = fabs(y->distance);
    if (dx != dy)
        return dx > dy ? -1 : 1;
    return x->group < y->group ? -1 : x->group > y->group;
}

static om_status
find_sites(const struct om_figure_context *context, struct funnel *out, struct om_error *err)
{
    const size_t n_groups = context->analysis->n_groups;
    const struct om_result **row = NULL;
    *out = (struct funnel){.site = om_alloc(n_groups, sizeof *out->site)};
    if (!out->site)
        return om_fail_memory(err);
    OM_TRY(om_figure_by_group(context, "change", context->rule, "class.improved", &row, err));
    bool any = row[0] && row[0]->has_value && row[0]->has_ratio && row[0]->denominator > 0;
    out->rate = any ? (double)row[0]->numerator / (double)row[0]->denominator : 0;
    for (size_t g = 1; any && g < n_groups; g++) {
        if (!row[g] || !row[g]->has_value || !row[g]->has_ratio || row[g]->denominator == 0)
            continue;
        struct site *site = &out->site[out->n++];
        *site = (struct site){.group = g, .k = row[g]->numerator, .n = row[g]->denominator};
        site->rate = (double)site->k / (double)site->n;
        site->place = place_of(site->n, site->rate, out->rate, &site->above);
        double error = sqrt(out->rate * (1 - out->rate) / (double)site->n);
        site->distance = error > 0 ? (site->rate - out->rate) / error : 0;
        out->largest = site->n > out->largest ? site->n : out->largest;
        out->smallest = out->n == 1 || site->n < out->smallest ? site->n : out->smallest;
        out->beyond[site->place]++;
    }
    om_free(row);
    qsort(out->site, out->n, sizeof *out->site, by_distance);
    return OM_OK;
}

/* A limit over all sizes, closely where it bends. */
static void
draw_limit(struct om_draft *draft, const struct om_frame *frame, const struct funnel *funnel, double tail,
           const struct om_paint *paint)
{
    enum { STEPS = 160 };
    uint64_t before = 0;
    om_svg_path_begin(&draft->svg);
    for (int i = 1; i <= STEPS; i++) {
        double share = (double)i / STEPS;
        uint64_t n = (uint64_t)fmax(1, frame->x.low + (frame->x.high - frame->x.low) * share * share + 0.5);
        if (n == before)
            continue;
        double x = om_axis_at(&frame->x, (double)n),
               y = om_axis_at(&frame->y, om_funnel_limit(n, funnel->rate, tail));
        if (before == 0)
            om_svg_move(&draft->svg, x, y);
        else
            om_svg_to(&draft->svg, x, y);
        before = n;
    }
    om_svg_path_end(&draft->svg, paint);
}

static void
draw_sites(struct om_draft *draft, const struct om_frame *frame, const struct funnel *funnel)
{
    static const struct om_paint within = {.fill = "#8d97a3", .stroke = "#ffffff", .width = 0.8},
                                 beyond = {.fill = OM_BLUE, .stroke = "#ffffff", .width = 0.8},
                                 far = {.fill = OM_ORANGE, .stroke = "#ffffff", .width = 0.8};
    const bool many = funnel->n > DOTS_MOST;
    bool any = false;
    for (size_t i = 0; many && i < funnel->n; i++) {
        const struct site *site = &funnel->site[i];
        if (site->place != WITHIN)
            continue;
        if (!any)
            om_svg_path_begin(&draft->svg);
        any = true;
        om_svg_square(&draft->svg, om_axis_at(&frame->x, (double)site->n) - 1.2,
                      om_axis_at(&frame->y, site->rate) - 1.2, 2.4, 2.4);
    }
    if (any)
        om_svg_path_end(&draft->svg, &(struct om_paint){.fill = "#8d97a3", .opacity = 0.7});
    for (size_t i = funnel->n; i-- > 0;) {
        const struct site *site = &funnel->site[i];
        double x = om_axis_at(&frame->x, (double)site->n), y = om_axis_at(&frame->y, site->rate);
        if (site->place == BEYOND_998)
            om_svg_diamond(&draft->svg, x, y, many ? 5 : 6.5, &far);
        else if (site->place == BEYOND_95 || !many)
            om_svg_circle(&draft->svg, x, y, many ? 3 : 4.5, site->place == WITHIN ? &within : &beyond);
    }
}

/* The farthest first; beside their mark where there is room. */
static void
label_sites(struct om_draft *draft, const struct om_frame *frame, const struct funnel *funnel)
{
    size_t drawn = 0;
    for (size_t i = 0; i < funnel->n && drawn < LABELS_MOST; i++) {
        const struct site *site = &funnel->site[i];
        struct om_text_style style = om_style_tick;
        double x = om_axis_at(&frame->x, (double)site->n), y = om_axis_at(&frame->y, site->rate);
        if (site->place == WITHIN && funnel->n > LABELS_MOST)
            break;
        style.halo = true;
        style.fill = site->place == BEYOND_998 ? OM_ORANGE : OM_INK;
        const char *name = om_figure_group_name(draft->context, site->group);
        double width = fmin(om_text_width(name, style.size, false), 120);
        bool right = x + 9 + width < frame->right;
        style.anchor = right ? OM_ANCHOR_START : OM_ANCHOR_END;
        drawn += om_svg_text_fit(&draft->svg, x + (right ? 9 : -9), y + 4, &style, 120, name);
    }
}

static void
words_of_funnel(struct om_draft *draft, const struct funnel *funnel)
{
    const struct om_figure_context *context = draft->context;
    const char *name = context->info->instrument->name;
    struct om_shown by = om_figure_grouping(context);
    struct om_shown meaning =
        om_rule_meaning(&(struct om_compose){.analysis = context->analysis}, context->info, context->rule);
    const struct om_result *all = om_figure_row(context, "all", "change", context->rule, "class.improved");
    if (funnel->beyond[BEYOND_998])
        om_buffer_format(&draft->title, "%s: %zu of %zu rates %s by more than chance", name,
                         funnel->beyond[BEYOND_998], funnel->n,
                         funnel->beyond[BEYOND_998] == 1 ? "differs" : "differ");
    else
        om_buffer_format(&draft->title, "%s: all %zu rates are within what chance explains", name, funnel->n);
    om_buffer_format(
        &draft->subtitle,
        "Share improved (rule %s: %s) by %s against the number of persons. Line: everyone, %s. "
        "Limits of chance around it: 95 %% (dashed) and 99.8 %% (solid), exact binomial. Outside 95 %%: %zu, "
        "where chance alone would put about %s.",
        context->rule, meaning.text, by.text,
        all ? om_show_percent(all->numerator, all->denominator).text : "",
        funnel->beyond[BEYOND_95] + funnel->beyond[BEYOND_998],
        om_show_score(0.05 * (double)funnel->n, funnel->n < 200 ? 1 : 0).text);
    om_buffer_format(&draft->description,
                     "Funnel plot of the share improved in %zu groups against their size. %zu lie outside "
                     "the 95 %% limits, %zu of them outside the 99.8 %% limits.",
                     funnel->n, funnel->beyond[BEYOND_95] + funnel->beyond[BEYOND_998],
                     funnel->beyond[BEYOND_998]);
}

/* The farthest first. */
static void
table_of_funnel(struct om_draft *draft, const struct funnel *funnel)
{
    static const char *const header[] = {"group", "improved", "of", "share", "limits 99.8 %", "outside"};
    static const char *const places[] = {"", "95 %", "99.8 %"};
    om_draft_columns(draft, 6, header);
    for (size_t i = 0; i < funnel->n && i < TABLE_MOST; i++) {
        const struct site *site = &funnel->site[i];
        om_draft_cell(draft, "%s", om_figure_group_name(draft->context, site->group));
        om_draft_cell(draft, "%" PRIu64, site->k);
        om_draft_cell(draft, "%" PRIu64, site->n);
        om_draft_cell(draft, "%s", om_show_percent(site->k, site->n).text);
        om_draft_cell(draft, "%s %%",
                      om_show_percent_bounds(om_funnel_limit(site->n, funnel->rate, 0.001),
                                             om_funnel_limit(site->n, funnel->rate, 0.999))
                          .text);
        om_draft_cell(draft, "%s", places[site->place]);
    }
}

/* From 0 persons on, unless all groups are large; and the shares there are, with the limits of the smallest
 * group. */
static void
settle_axes(const struct funnel *funnel, struct om_frame *frame)
{
    const double smallest = (double)funnel->smallest, largest = (double)funnel->largest;
    double low = largest < 2 * smallest ? fmax(0, floor(smallest - 0.3 * (largest - smallest) - 1)) : 0;
    frame->x = (struct om_axis){low, largest + 0.04 * (largest - low) + 1, frame->left, frame->right};
    frame->y = (struct om_axis){funnel->rate, funnel->rate, frame->bottom, frame->top};
    om_axis_include(&frame->y, om_funnel_limit(funnel->smallest, funnel->rate, 0.001));
    om_axis_include(&frame->y, om_funnel_limit(funnel->smallest, funnel->rate, 0.999));
    for (size_t i = 0; i < funnel->n; i++)
        om_axis_include(&frame->y, funnel->site[i].rate);
    om_axis_round(&frame->y, 7);
    frame->y.low = fmax(0, frame->y.low);
    frame->y.high = fmin(1, frame->y.high);
}

static om_status
draw_funnel(struct om_figure_context *context, const struct funnel *funnel, struct om_error *err)
{
    enum { LEFT = 64, HIGH = 340 };
    struct om_draft draft;
    struct om_ticks ticks;
    om_draft_begin(&draft, context, OM_FIGURE_FUNNEL, NULL);
    draft.group = "";
    words_of_funnel(&draft, funnel);
    double top = om_draft_head(&draft) + 14;
    struct om_frame frame = {LEFT,       top,          OM_FIGURE_WIDTH - OM_FIGURE_MARGIN,
                             top + HIGH, {0, 0, 0, 0}, {0, 0, 0, 0}};
    settle_axes(funnel, &frame);
    om_ticks_round(frame.y.low, frame.y.high, 7, &ticks);
    om_frame_y(&draft, &frame, &ticks, true, NULL);
    om_ticks_round(frame.x.low, frame.x.high, 8, &ticks);
    om_frame_x(&draft, &frame, &ticks, false, false, "Persons");
    static const struct om_paint solid = {.stroke = OM_INK, .width = 1.4},
                                 dashed = {.stroke = OM_MUTED, .width = 1.4, .dash = "5 4"};
    char clip[sizeof draft.id + 8];
    snprintf(clip, sizeof clip, "%s-clip", draft.id);
    om_svg_clip_begin(&draft.svg, clip, frame.left, frame.top, frame.right - frame.left,
                      frame.bottom - frame.top);
    draw_limit(&draft, &frame, funnel, 0.001, &solid);
    draw_limit(&draft, &frame, funnel, 0.999, &solid);
    draw_limit(&draft, &frame, funnel, 0.025, &dashed);
    draw_limit(&draft, &frame, funnel, 0.975, &dashed);
    om_svg_clip_end(&draft.svg);
    double y = om_axis_at(&frame.y, funnel->rate);
    om_svg_line(&draft.svg, frame.left, y, frame.right, y,
                &(struct om_paint){.stroke = OM_BLUE, .width = 1.2});
    draw_sites(&draft, &frame, funnel);
    label_sites(&draft, &frame, funnel);
    double x = om_legend(&draft, frame.left, frame.bottom + 64, OM_MARK_DOT, "#8d97a3", "within 95 %");
    x = om_legend(&draft, x, frame.bottom + 64, OM_MARK_DOT, OM_BLUE, "outside 95 %");
    om_legend(&draft, x, frame.bottom + 64, OM_MARK_DIAMOND, OM_ORANGE, "outside 99.8 %");
    draft.svg.height = fmax(draft.svg.height, frame.bottom + 78);
    table_of_funnel(&draft, funnel);
    return om_draft_end(&draft, err);
}

om_status
om_figure_funnel(struct om_figure_context *context, struct om_error *err)
{
    struct funnel funnel;
    if (!context->rule || context->analysis->n_groups < GROUPS_LEAST + 1 || context->periods)
        return OM_OK;
    om_status status = find_sites(context, &funnel, err);
    if (status == OM_OK && funnel.n >= GROUPS_LEAST && funnel.rate > 0 && funnel.rate < 1)
        status = draw_funnel(context, &funnel, err);
    om_free(funnel.site);
    return status;
}
