/* Everybody's score before and after: tiles of the crosstab, coloured by class of change. */
#include "report/figure.h"
#include "base/error.h"
#include "base/memory.h"

#include <omstat/change.h>

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { SHADES = 8 };

static const struct class_look {
    const char *word, *statistic, *color;
} looks[OM_CHANGE_CLASSES] = {
    [OM_CHANGE_RECOVERED] = {"Recovered", "class.recovered", "#00664f"},
    [OM_CHANGE_IMPROVED] = {"Improved", "class.improved", "#3d85c6"},
    [OM_CHANGE_UNCHANGED] = {"No reliable change", "class.unchanged", "#7f8792"},
    [OM_CHANGE_DETERIORATED] = {"Deteriorated", "class.deteriorated", "#d2691e"},
    [OM_CHANGE_HARMED] = {"Harmed", "class.harmed", "#7f2704"},
};

struct plot {
    const struct om_rule_view *rule;
    struct om_grid grid;
    struct om_frame frame;
    double tile;     /* pixels of one */
    uint64_t *count; /* per tile and class: [(y * n + x) * OM_CHANGE_CLASSES + class] */
    uint64_t largest, n;
    const struct om_result *share[OM_CHANGE_CLASSES];
};

/* --- data ---------------------------------------------------------------------------------------------- */

/* The rule to colour by: one that tells who recovered, where there is one. */
static const struct om_rule_view *
choose_rule(const struct om_figure_context *context)
{
    const struct om_scale_view *view = context->view;
    const struct om_rule_view *found = NULL;
    for (size_t r = 0; view && r < view->n_rules; r++) {
        if (strcmp(view->rule[r].rule, "jt") == 0 && view->rule[r].has_cutoff)
            return &view->rule[r];
        if (context->rule && strcmp(view->rule[r].rule, context->rule) == 0)
            found = &view->rule[r];
    }
    return found;
}

static void
count_tiles(const struct om_figure_context *context, struct plot *plot)
{
    const struct om_scale_view *view = context->view;
    for (size_t i = 0; i < view->n_cells; i++) {
        const struct om_scale_cell *cell = &view->cell[i];
        uint8_t class_ = plot->rule->class_[i];
        if (!om_figure_includes(context, cell) || class_ >= OM_CHANGE_CLASSES)
            continue;
        size_t x = om_grid_place(&plot->grid, om_figure_score(context, cell->first));
        size_t y = om_grid_place(&plot->grid, om_figure_score(context, cell->last));
        plot->count[(y * plot->grid.n + x) * OM_CHANGE_CLASSES + class_] += cell->count;
        plot->n += cell->count;
    }
    for (size_t t = 0; t < plot->grid.n * plot->grid.n; t++) {
        uint64_t sum = 0;
        for (int c = 0; c < OM_CHANGE_CLASSES; c++)
            sum += plot->count[t * OM_CHANGE_CLASSES + (size_t)c];
        plot->largest = sum > plot->largest ? sum : plot->largest;
    }
}

/* 1 ... SHADES: by doublings, so that one person shows beside thousands. */
static unsigned
shade_of(uint64_t count, uint64_t largest)
{
    unsigned bits = 64 - (unsigned)__builtin_clzll(count), most = 64 - (unsigned)__builtin_clzll(largest);
    return most < 2 ? SHADES : 1 + (SHADES - 1) * (bits - 1) / (most - 1);
}

/* Where all counts are small even one person is dark enough to be seen well. */
static struct om_color
shade_color(const char *color, unsigned shade, uint64_t largest)
{
    double lightest = largest < 8 ? 0.55 : largest < 64 ? 0.4 : 0.25;
    return om_color_mix(color, "#ffffff", lightest + (1 - lightest) * (shade - 1) / (SHADES - 1));
}

/* --- drawing ------------------------------------------------------------------------------------------- */

/* A tile has the colour of the class most of its persons are in; all persons of one pair of scores are in the
 * same. */
static bool
tile_of(const struct plot *plot, size_t index, int *class_, uint64_t *count)
{
    const uint64_t *at = &plot->count[index * OM_CHANGE_CLASSES];
    *count = 0;
    *class_ = 0;
    for (int c = 0; c < OM_CHANGE_CLASSES; c++) {
        *count += at[c];
        *class_ = at[c] > at[*class_] ? c : *class_;
    }
    return *count > 0;
}

static void
draw_tiles(struct om_draft *draft, const struct plot *plot, int class_, unsigned shade)
{
    struct om_svg *svg = &draft->svg;
    const size_t n = plot->grid.n;
    const double gap = plot->tile > 6 ? 1.2 : 0.5, round = plot->tile > 9 ? 4 : 0,
                 size = plot->tile - gap - round;
    bool any = false;
    for (size_t i = 0; i < n * n; i++) {
        const size_t row = i / n;
        int of;
        uint64_t count;
        if (!tile_of(plot, i, &of, &count) || of != class_ || shade_of(count, plot->largest) != shade)
            continue;
        if (!any)
            om_svg_path_begin(svg);
        any = true;
        om_svg_square(svg, plot->frame.left + (double)(i % n) * plot->tile + (gap + round) / 2,
                      plot->frame.bottom - (double)(row + 1) * plot->tile + (gap + round) / 2, size, size);
    }
    if (!any)
        return;
    struct om_color color = shade_color(looks[class_].color, shade, plot->largest);
    struct om_paint paint = {.fill = color.text};
    if (round > 0) /* corners are those of the stroke */
        paint = (struct om_paint){.fill = color.text, .stroke = color.text, .width = round, .round = true};
    om_svg_path_end(svg, &paint);
}

/* A line of equal change: score after = score before + change. Labelled where there is room. */
static void
draw_change(struct om_draft *draft, const struct plot *plot, double change, const struct om_paint *paint,
            const char *label, double from, double below)
{
    const struct om_frame *frame = &plot->frame;
    double low = fmax(frame->x.low, frame->x.low - change),
           high = fmin(frame->x.high, frame->x.high - change);
    if (low >= high)
        return;
    double x1 = om_axis_at(&frame->x, low), y1 = om_axis_at(&frame->y, low + change);
    double x2 = om_axis_at(&frame->x, high), y2 = om_axis_at(&frame->y, high + change);
    om_svg_line(&draft->svg, x1, y1, x2, y2, paint);
    struct om_text_style style = {.size = 11.5, .fill = OM_INK, .angle = -45, .halo = true};
    double width = om_text_width(label, style.size, false), length = hypot(x2 - x1, y2 - y1);
    for (double at = from; at <= 0.8 && length > width + 10; at += 0.06) {
        double share = fmin(at, (length - width - 5) / length);
        if (om_svg_text(&draft->svg, x1 + share * (x2 - x1) + below * 0.7071,
                        y1 + share * (y2 - y1) + below * 0.7071, &style, label))
            return;
    }
}

static void
draw_cutoff(struct om_draft *draft, const struct plot *plot, double at, double value)
{
    const struct om_frame *frame = &plot->frame;
    const struct om_paint paint = {.stroke = OM_INK, .width = 1.5, .dash = "6 4"};
    double x = om_axis_at(&frame->x, at), y = om_axis_at(&frame->y, at);
    struct om_text_style style = om_style_tick;
    style.anchor = OM_ANCHOR_MIDDLE;
    if (!(at > frame->x.low && at < frame->x.high))
        return;
    om_svg_line(&draft->svg, x, frame->top, x, frame->bottom, &paint);
    om_svg_line(&draft->svg, frame->left, y, frame->right, y, &paint);
    om_svg_textf(&draft->svg, x, frame->top - 7, &style, "cut-off %s", om_show_score(value, 1).text);
}

static void
draw_lines(struct om_draft *draft, const struct plot *plot)
{
    const struct om_rule_view *rule = plot->rule;
    const struct om_scale_info *info = draft->context->info;
    const double half = plot->grid.step / 2, sign = om_figure_lower_better(draft->context) ? -1 : 1;
    const struct om_paint solid = {.stroke = OM_INK, .width = 1.6},
                          fine = {.stroke = OM_MUTED, .dash = "2 3"};
    bool reliable = strcmp(rule->rule, "shift") != 0;
    draw_change(draft, plot, 0, &fine, "no change", 0.72, 4);
    if (rule->points > 0) {
        double back = rule->inclusive ? half : 0;
        draw_change(draft, plot, sign * (rule->points - back), &solid,
                    reliable ? "reliable improvement" : "improvement", 0.42, 4);
        draw_change(draft, plot, -sign * (rule->points_worse - back), &solid,
                    reliable ? "reliable worsening" : "worsening", 0.30, 4);
    }
    if (rule->has_cutoff)
        draw_cutoff(draft, plot, rule->cutoff, rule->cutoff);
    else if (info->cutoff_at.den)
        draw_cutoff(draft, plot, om_grid_cutoff(draft->context, &plot->grid),
                    om_fraction_value(info->cutoff_at));
}

/* One person, up to two powers of ten, and the most there are; returns how many marks. */
static size_t
shade_marks(uint64_t largest, uint64_t marks[4])
{
    size_t n = 1;
    marks[0] = 1;
    for (uint64_t power = 10; power < largest && power <= UINT64_MAX / 10; power *= 10) {
        if (n == 3)
            marks[1] = marks[2];
        else
            n++;
        marks[n - 1] = power;
    }
    if (largest > 1)
        marks[n++] = largest;
    return n;
}

/* The classes with their shares, and what the shades mean. */
static void
draw_side(struct om_draft *draft, const struct plot *plot, double x)
{
    struct om_svg *svg = &draft->svg;
    const struct om_text_style big = {.size = 18, .bold = true, .fill = OM_INK};
    double y = plot->frame.top + 10;
    om_svg_text(svg, x, y, &om_style_strong, "Change class");
    y += 26;
    for (int c = 0; c < OM_CHANGE_CLASSES; c++) {
        const struct om_result *row = plot->share[c];
        if (!row)
            continue;
        const char *word = c == OM_CHANGE_UNCHANGED && strcmp(plot->rule->rule, "shift") == 0
                               ? "Little change"
                               : looks[c].word;
        struct om_shown share = om_show_percent(row->numerator, row->denominator);
        om_svg_rect(svg, x, y - 10, 12, 12, 2, &(struct om_paint){.fill = looks[c].color});
        om_svg_text(svg, x + 20, y, &om_style_label, word);
        om_svg_text(svg, x + 20, y + 22, &big, share.text);
        om_svg_textf(svg, x + 30 + om_text_width(share.text, big.size, true), y + 22, &om_style_tick,
                     "n = %s", om_show_count(row->numerator).text);
        y += 54;
    }
    uint64_t marks[4];
    size_t n = shade_marks(plot->largest, marks);
    y += 8;
    om_svg_text(svg, x, y, &om_style_tick, "Persons per square");
    struct om_text_style style = om_style_tick;
    style.anchor = OM_ANCHOR_MIDDLE;
    style.size = 10;
    for (size_t i = 0; i < n; i++) {
        double at = x + 45.0 * (double)i, top = y + 9;
        struct om_color color =
            shade_color(looks[OM_CHANGE_UNCHANGED].color, shade_of(marks[i], plot->largest), plot->largest);
        om_svg_rect(svg, at, top, 36, 13, 2, &(struct om_paint){.fill = color.text});
        om_svg_text(svg, at + 18, top + 25, &style, om_show_count(marks[i]).text);
    }
}

static void
draw_axes(struct om_draft *draft, const struct plot *plot)
{
    const struct om_analysis *analysis = draft->context->analysis;
    struct om_ticks ticks;
    char label[200];
    om_ticks_score(plot->grid.low, plot->grid.high, 11, &ticks);
    snprintf(label, sizeof label, "Score at %.150s", analysis->first);
    om_frame_y(draft, &plot->frame, &ticks, false, NULL);
    om_frame_x(draft, &plot->frame, &ticks, false, true, label);
    struct om_text_style style = om_style_label;
    style.anchor = OM_ANCHOR_MIDDLE;
    style.angle = -90;
    snprintf(label, sizeof label, "Score at %.150s", analysis->last);
    om_svg_text_fit(&draft->svg, OM_FIGURE_MARGIN + 10, (plot->frame.top + plot->frame.bottom) / 2, &style,
                    plot->frame.bottom - plot->frame.top, label);
}

/* --- words --------------------------------------------------------------------------------------------- */

static struct om_shown
part(const struct om_result *row)
{
    return row ? om_show_part(row->numerator, row->denominator) : (struct om_shown){""};
}

static void
write_words(struct om_draft *draft, const struct plot *plot)
{
    const struct om_figure_context *context = draft->context;
    const struct om_analysis *analysis = context->analysis;
    const struct om_rule_view *rule = plot->rule;
    bool five = plot->share[OM_CHANGE_RECOVERED] != NULL;
    const struct om_result *better =
        om_figure_row(context, "all", "change", rule->rule, five ? "improved.any" : "class.improved");
    const struct om_result *worse =
        om_figure_row(context, "all", "change", rule->rule, five ? "deteriorated.any" : "class.deteriorated");
    /* "reliably" is what the headlines say of the rule of that name; this one may come to other numbers */
    const char *how = five                                  ? " beyond measurement error"
                      : strcmp(rule->rule, "reliable") == 0 ? " reliably"
                                                            : "";
    om_buffer_format(&draft->title, "%s: %s improve%s", context->info->instrument->name, part(better).text,
                     how);
    if (five)
        om_buffer_format(&draft->title, ", %s recover", part(plot->share[OM_CHANGE_RECOVERED]).text);
    om_buffer_format(&draft->title, "; %s get worse", part(worse).text);
    om_buffer_format(
        &draft->subtitle,
        "Scores at %s and %s, n = %s%s. Each square is one pair of scores; darker is more persons.",
        analysis->first, analysis->last, om_show_count(plot->n).text,
        strcmp(context->population, "positive") == 0 ? " screening positive at first" : "");
    if (rule->points > 0)
        om_buffer_format(&draft->subtitle, " Rule %s: a change %s %s points counts%s.",
                         five ? "jt (Jacobson-Truax)" : rule->rule,
                         rule->inclusive ? "of at least" : "beyond", om_show_score(rule->points, 1).text,
                         five ? "; recovered are those who crossed the cut-off with it" : "");
    om_buffer_format(&draft->description, "Crosstab of %s scores at %s (across) and %s (up), %s persons. ",
                     context->info->instrument->name, analysis->first, analysis->last,
                     om_show_count(plot->n).text);
    for (int c = 0; c < OM_CHANGE_CLASSES; c++)
        if (plot->share[c])
            om_buffer_format(&draft->description, "%s: %" PRIu64 " of %" PRIu64 ". ", looks[c].word,
                             plot->share[c]->numerator, plot->share[c]->denominator);
}

static void
write_table(struct om_draft *draft, const struct plot *plot)
{
    static const char *const header[] = {"class", "persons", "of", "share"};
    om_draft_columns(draft, 4, header);
    for (int c = 0; c < OM_CHANGE_CLASSES; c++) {
        if (!plot->share[c])
            continue;
        om_draft_cell(draft, "%s", looks[c].word);
        om_draft_cell(draft, "%" PRIu64, plot->share[c]->numerator);
        om_draft_cell(draft, "%" PRIu64, plot->share[c]->denominator);
        om_draft_cell(draft, "%s",
                      om_show_percent(plot->share[c]->numerator, plot->share[c]->denominator).text);
    }
}

static om_status
draw(struct om_figure_context *context, struct plot *plot, struct om_error *err)
{
    enum { SIDE = 430, LEFT = 66, BELOW = 56 };
    struct om_draft draft;
    om_draft_begin(&draft, context, OM_FIGURE_SCORES, NULL);
    write_words(&draft, plot);
    double top = om_draft_head(&draft) + 18, half = plot->grid.step / 2;
    struct om_frame *frame = &plot->frame;
    *frame = (struct om_frame){.left = LEFT, .top = top, .right = LEFT + SIDE, .bottom = top + SIDE};
    frame->x = (struct om_axis){plot->grid.low - half, plot->grid.high + half, frame->left, frame->right};
    frame->y = (struct om_axis){plot->grid.low - half, plot->grid.high + half, frame->bottom, frame->top};
    plot->tile = SIDE / (double)plot->grid.n;
    draw_axes(&draft, plot);
    for (int c = 0; c < OM_CHANGE_CLASSES; c++)
        for (unsigned shade = 1; shade <= SHADES; shade++)
            draw_tiles(&draft, plot, c, shade);
    draw_lines(&draft, plot);
    draw_side(&draft, plot, frame->right + 28);
    draft.svg.height = fmax(draft.svg.height, frame->bottom + BELOW);
    write_table(&draft, plot);
    return om_draft_end(&draft, err);
}

om_status
om_figure_scores(struct om_figure_context *context, struct om_error *err)
{
    struct plot plot = {.rule = choose_rule(context)};
    if (!plot.rule)
        return OM_OK;
    for (int c = 0; c < OM_CHANGE_CLASSES; c++) {
        const struct om_result *row =
            om_figure_row(context, "all", "change", plot.rule->rule, looks[c].statistic);
        if (row && row->has_value && row->has_ratio && row->denominator > 0)
            plot.share[c] = row;
    }
    if (!plot.share[OM_CHANGE_IMPROVED] || !plot.share[OM_CHANGE_DETERIORATED])
        return OM_OK;
    om_figure_grid(context, &plot.grid);
    plot.count = om_calloc(plot.grid.n * plot.grid.n * OM_CHANGE_CLASSES, sizeof *plot.count);
    if (!plot.count)
        return om_fail_memory(err);
    count_tiles(context, &plot);
    om_status status = plot.n ? draw(context, &plot, err) : OM_OK;
    om_free(plot.count);
    return status;
}
