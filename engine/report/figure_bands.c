/* From which severity band into which: bands as columns of blocks, joined by flows. A scale without bands has
 * two, at or beyond its cut-off and not. */
#include "report/figure.h"
#include "base/error.h"
#include "base/memory.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { BANDS_MAX = 12 };

struct bands {
    size_t n;
    char name[BANDS_MAX][64], range[BANDS_MAX][32];
    uint64_t flow[BANDS_MAX][BANDS_MAX]; /* [before][after], ascending scores */
    uint64_t before[BANDS_MAX], after[BANDS_MAX];
    uint64_t total, better, worse;
    bool two; /* by the cut-off */
};

/* --- data ---------------------------------------------------------------------------------------------- */

static size_t
band_of(const struct om_figure_context *context, const struct bands *bands, uint32_t level)
{
    const struct om_scale_level *at = &context->view->level[level];
    if (!bands->two)
        return (size_t)at->band;
    return at->positive == om_figure_lower_better(context);
}

/* "10-14" where bands lie between whole numbers. */
static void
name_bands(const struct om_figure_context *context, struct bands *bands)
{
    const struct om_scale *scale = context->info->scale;
    if (bands->two) {
        bool lower = om_figure_lower_better(context);
        const struct om_shown at = om_show_fraction(context->info->cutoff_at);
        snprintf(bands->name[lower], sizeof bands->name[0], "positive");
        snprintf(bands->range[lower], sizeof bands->range[0], "%.20s or %s", at.text,
                 lower ? "more" : "less");
        snprintf(bands->name[!lower], sizeof bands->name[0], "negative");
        snprintf(bands->range[!lower], sizeof bands->range[0], "%s %.20s", lower ? "below" : "above",
                 at.text);
        return;
    }
    for (size_t i = 0; i < bands->n; i++) {
        const struct om_band *band = &scale->band[i];
        bool last = i + 1 == bands->n;
        snprintf(bands->name[i], sizeof bands->name[i], "%.60s", band->label);
        if (band->from.num % band->from.den != 0 || (!last && band[1].from.num % band[1].from.den != 0))
            continue;
        int64_t from = band->from.num / band->from.den;
        int64_t to = last ? om_fraction_round(scale->maximum) : band[1].from.num / band[1].from.den - 1;
        if (last && scale->open_range)
            snprintf(bands->range[i], sizeof bands->range[i], "%" PRId64 "+", from);
        else if (to == from)
            snprintf(bands->range[i], sizeof bands->range[i], "%" PRId64, from);
        else
            snprintf(bands->range[i], sizeof bands->range[i], "%" PRId64 "-%" PRId64, from, to);
    }
}

static bool
count_flows(const struct om_figure_context *context, struct bands *bands)
{
    const struct om_scale *scale = context->info->scale;
    const struct om_scale_view *view = context->view;
    bool lower = om_figure_lower_better(context);
    *bands = (struct bands){.n = scale->n_bands};
    if (!view || !context->analysis->last)
        return false;
    if (scale->n_bands < 2 && context->info->cutoff_at.den) {
        bands->two = true;
        bands->n = 2;
    }
    if (bands->n < 2 || bands->n > BANDS_MAX)
        return false;
    for (size_t i = 0; i < view->n_cells; i++) {
        const struct om_scale_cell *cell = &view->cell[i];
        if (!om_figure_includes(context, cell))
            continue;
        size_t first = band_of(context, bands, cell->first), last = band_of(context, bands, cell->last);
        bands->flow[first][last] += cell->count;
        bands->before[first] += cell->count;
        bands->after[last] += cell->count;
        bands->total += cell->count;
        if (first != last)
            *((last < first) == lower ? &bands->better : &bands->worse) += cell->count;
    }
    name_bands(context, bands);
    return bands->total > 0;
}

/* --- drawing ------------------------------------------------------------------------------------------- */

/* One column: where its blocks stand, the highest score on top. */
struct column {
    double x, top[BANDS_MAX], height[BANDS_MAX], taken[BANDS_MAX];
};

enum { BLOCK = 24, GAP = 10, FLOWS = 430 };

static struct om_color
band_color(const struct bands *bands, size_t band, bool lower_better)
{
    double severity = (double)(lower_better ? band : bands->n - 1 - band) / (double)(bands->n - 1);
    return severity < 0.5 ? om_color_mix("#5a8fbb", "#cfdeeb", 2 * severity)
                          : om_color_mix(OM_BLUE_DARK, "#5a8fbb", 2 * severity - 1);
}

static void
stack(const struct bands *bands, const uint64_t *count, double top, double x, struct column *column)
{
    double y = top, unit = (FLOWS - GAP * (double)(bands->n - 1)) / (double)bands->total;
    column->x = x;
    for (size_t i = bands->n; i-- > 0;) {
        column->top[i] = y;
        column->taken[i] = 0;
        column->height[i] = (double)count[i] * unit;
        y += column->height[i] + GAP;
    }
}

static void
draw_flow(struct om_draft *draft, const struct bands *bands, struct column *from, struct column *to, size_t i,
          size_t j, bool lower_better)
{
    double height = from->height[i] * (double)bands->flow[i][j] / (double)bands->before[i];
    double y1 = from->top[i] + from->taken[i], y2 = to->top[j] + to->taken[j];
    double x1 = from->x + BLOCK, x2 = to->x, middle = (x1 + x2) / 2;
    struct om_color of = band_color(bands, i, lower_better);
    const struct om_paint paint = {.fill = i == j                    ? "#8d949d"
                                           : (j < i) == lower_better ? of.text
                                                                     : "#e07b39",
                                   .opacity = i == j                    ? 0.38
                                              : (j < i) == lower_better ? 0.55
                                                                        : 0.62};
    from->taken[i] += height;
    to->taken[j] += height;
    om_svg_path_begin(&draft->svg);
    om_svg_move(&draft->svg, x1, y1);
    om_svg_curve(&draft->svg, middle, y1, middle, y2, x2, y2);
    om_svg_to(&draft->svg, x2, y2 + height);
    om_svg_curve(&draft->svg, middle, y2 + height, middle, y1 + height, x1, y1 + height);
    om_svg_close(&draft->svg);
    om_svg_path_end(&draft->svg, &paint);
}

/* Blocks and their labels, which keep their distance where blocks are thin. */
static void
draw_column(struct om_draft *draft, const struct bands *bands, const struct column *column,
            const uint64_t *count, bool left)
{
    enum { LABEL = 31, LABEL_WIDTH = 160 };
    struct om_svg *svg = &draft->svg;
    bool lower = om_figure_lower_better(draft->context);
    double center[BANDS_MAX];
    for (size_t k = 0; k < bands->n; k++) {
        size_t i = bands->n - 1 - k;
        center[k] = column->top[i] + column->height[i] / 2;
    }
    double top = column->top[bands->n - 1];
    om_spread(center, bands->n, LABEL, top + 8, fmax(top + FLOWS, top + LABEL * (double)bands->n) - 8);
    for (size_t k = 0; k < bands->n; k++) {
        size_t i = bands->n - 1 - k;
        struct om_color color = band_color(bands, i, lower);
        if (count[i] > 0)
            om_svg_rect(svg, column->x, column->top[i], BLOCK, fmax(column->height[i], 1),
                        column->height[i] > 8 ? 3 : 0,
                        &(struct om_paint){.fill = color.text, .stroke = OM_BLUE_DARK, .width = 0.8});
        struct om_text_style name = om_style_strong, small = om_style_tick;
        name.anchor = small.anchor = left ? OM_ANCHOR_END : OM_ANCHOR_START;
        double x = left ? column->x - 10 : column->x + BLOCK + 10, y = center[k];
        om_svg_text_fit(svg, x, y - 2, &name, LABEL_WIDTH, bands->name[i]);
        om_svg_textf(svg, x, y + 13, &small, "%s%s%s, n = %s", bands->range[i],
                     bands->range[i][0] ? ": " : "", om_show_percent(count[i], bands->total).text,
                     om_show_count(count[i]).text);
    }
}

/* --- words --------------------------------------------------------------------------------------------- */

static void
write_words(struct om_draft *draft, const struct bands *bands)
{
    const struct om_figure_context *context = draft->context;
    const struct om_analysis *analysis = context->analysis;
    const char *name = context->info->instrument->name;
    const struct om_shown n = om_show_count(bands->total);
    if (bands->two)
        om_buffer_format(&draft->title, "%s: %s went from positive to negative, %s the other way", name,
                         om_show_part(bands->better, bands->total).text,
                         om_show_part(bands->worse, bands->total).text);
    else
        om_buffer_format(&draft->title, "%s: %s moved to a milder band, %s to a more severe one", name,
                         om_show_part(bands->better, bands->total).text,
                         om_show_part(bands->worse, bands->total).text);
    om_buffer_format(&draft->subtitle,
                     "%s at %s (left) and at %s (right), n = %s%s. Grey flows stayed, orange ones got worse.",
                     bands->two ? "Screening status" : "Severity band", analysis->first, analysis->last,
                     n.text,
                     strcmp(context->population, "positive") == 0 ? " screening positive at first" : "");
    om_buffer_format(&draft->description, "Flows between %s of %s from %s to %s, %s persons. ",
                     bands->two ? "screening results" : "severity bands", name, analysis->first,
                     analysis->last, n.text);
    for (size_t i = bands->n; i-- > 0;)
        om_buffer_format(&draft->description, "%s: %" PRIu64 " before, %" PRIu64 " after. ", bands->name[i],
                         bands->before[i], bands->after[i]);
}

static void
write_table(struct om_draft *draft, const struct bands *bands)
{
    const struct om_analysis *analysis = draft->context->analysis;
    char corner[200], text[BANDS_MAX][80];
    const char *header[BANDS_MAX + 2];
    snprintf(corner, sizeof corner, "%.90s \\ %.90s", analysis->first, analysis->last);
    header[0] = corner;
    for (size_t j = 0; j < bands->n; j++) {
        snprintf(text[j], sizeof text[j], "%s", bands->name[bands->n - 1 - j]);
        header[j + 1] = text[j];
    }
    header[bands->n + 1] = "all";
    om_draft_columns(draft, bands->n + 2, header);
    for (size_t k = 0; k <= bands->n; k++) {
        size_t i = bands->n - 1 - k;
        om_draft_cell(draft, "%s", k < bands->n ? bands->name[i] : "all");
        for (size_t j = bands->n; j-- > 0;)
            om_draft_cell(draft, "%" PRIu64, k < bands->n ? bands->flow[i][j] : bands->after[j]);
        om_draft_cell(draft, "%" PRIu64, k < bands->n ? bands->before[i] : bands->total);
    }
}

om_status
om_figure_bands(struct om_figure_context *context, struct om_error *err)
{
    enum { LEFT = 190, RIGHT = OM_FIGURE_WIDTH - 190 - BLOCK };
    struct bands bands;
    struct om_draft draft;
    if (!count_flows(context, &bands))
        return OM_OK;
    om_draft_begin(&draft, context, OM_FIGURE_BANDS, NULL);
    write_words(&draft, &bands);
    double top = om_draft_head(&draft) + 34;
    struct column before = {0}, after = {0};
    stack(&bands, bands.before, top, LEFT, &before);
    stack(&bands, bands.after, top, RIGHT, &after);
    struct om_text_style style = om_style_strong;
    om_svg_text_fit(&draft.svg, RIGHT, top - 14, &style, 150, context->analysis->last);
    style.anchor = OM_ANCHOR_END;
    om_svg_text_fit(&draft.svg, LEFT + BLOCK, top - 14, &style, 150, context->analysis->first);
    bool lower = om_figure_lower_better(context);
    for (size_t i = bands.n; i-- > 0;)
        for (size_t j = bands.n; j-- > 0;)
            if (bands.flow[i][j])
                draw_flow(&draft, &bands, &before, &after, i, j, lower);
    draw_column(&draft, &bands, &before, bands.before, true);
    draw_column(&draft, &bands, &after, bands.after, false);
    draft.svg.height = fmax(draft.svg.height, top + FLOWS + 16);
    write_table(&draft, &bands);
    return om_draft_end(&draft, err);
}
