/* Which figures an analysis gets, and the frame they are made in. */
#include "report/figure.h"
#include "base/error.h"
#include "base/memory.h"
#include "report/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *id;
    om_figure_fn *draw;
} kinds[OM_FIGURE_KINDS] = {
    [OM_FIGURE_SCORES] = {"scores", om_figure_scores},
    [OM_FIGURE_BANDS] = {"bands", om_figure_bands},
    [OM_FIGURE_MEANS] = {"means", om_figure_means},
    [OM_FIGURE_EFFECTS] = {"effects", om_figure_effects},
    [OM_FIGURE_SURVIVAL] = {"survival", om_figure_survival},
    [OM_FIGURE_RATE_TREND] = {"rate-trend", om_figure_rate_trend},
    [OM_FIGURE_CHANGE_TREND] = {"change-trend", om_figure_change_trend},
    [OM_FIGURE_MISSING] = {"missing", om_figure_missing},
    [OM_FIGURE_DISTRIBUTION] = {"distribution", om_figure_distribution},
    [OM_FIGURE_THRESHOLD] = {"threshold", om_figure_threshold},
    [OM_FIGURE_FUNNEL] = {"funnel", om_figure_funnel},
    [OM_FIGURE_CATERPILLAR] = {"caterpillar", om_figure_caterpillar},
};

const char *
om_figure_kind_id(enum om_figure_kind kind)
{
    return (unsigned)kind < OM_FIGURE_KINDS ? kinds[kind].id : "";
}

/* --- one figure ---------------------------------------------------------------------------------------- */

const struct om_text_style om_style_title = {.size = 17, .bold = true, .fill = OM_INK};
const struct om_text_style om_style_subtitle = {.size = 12.5, .fill = OM_MUTED};
const struct om_text_style om_style_tick = {.size = 11, .fill = OM_MUTED};
const struct om_text_style om_style_label = {.size = 12, .fill = OM_INK};
const struct om_text_style om_style_strong = {.size = 12, .bold = true, .fill = OM_INK};

/* Ids are file names: what is neither letter, digit nor '_' becomes '-'. */
static void
make_safe(char *id)
{
    for (char *p = id; *p; p++) {
        if (*p >= 'A' && *p <= 'Z')
            *p = (char)(*p - 'A' + 'a');
        else if (!((*p >= 'a' && *p <= 'z') || (*p >= '0' && *p <= '9') || *p == '_'))
            *p = '-';
    }
}

static bool
is_taken(const struct om_figures *figures, const char *id)
{
    for (size_t i = 0; i < figures->n; i++)
        if (strcmp(figures->at[i].id, id) == 0)
            return true;
    return false;
}

static void
name_figure(struct om_draft *draft, const char *tail)
{
    const struct om_scale_info *info = draft->context->info;
    char stem[sizeof draft->id - 12];
    snprintf(stem, sizeof stem, "%s%s%s-%s%s%s", info->instrument->id, draft->scale[0] ? "-" : "",
             draft->scale, om_figure_kind_id(draft->kind), tail ? "-" : "", tail ? tail : "");
    make_safe(stem);
    snprintf(draft->id, sizeof draft->id, "%s", stem);
    for (unsigned k = 2; is_taken(draft->context->out, draft->id); k++)
        snprintf(draft->id, sizeof draft->id, "%s-%u", stem, k);
}

void
om_draft_begin(struct om_draft *draft, struct om_figure_context *context, enum om_figure_kind kind,
               const char *tail)
{
    *draft = (struct om_draft){.context = context,
                               .kind = kind,
                               .scale = kind == OM_FIGURE_MISSING ? "" : context->info->scale->id,
                               .group = "all"};
    om_svg_begin(&draft->svg, OM_FIGURE_WIDTH);
    name_figure(draft, tail);
}

double
om_draft_head(struct om_draft *draft)
{
    const double width = OM_FIGURE_WIDTH - 2 * OM_FIGURE_MARGIN;
    double y = om_svg_paragraph(&draft->svg, OM_FIGURE_MARGIN, 30, &om_style_title, width, 3,
                                om_buffer_string(&draft->title));
    y = om_svg_paragraph(&draft->svg, OM_FIGURE_MARGIN, y, &om_style_subtitle, width, 4,
                         om_buffer_string(&draft->subtitle));
    return y;
}

void
om_draft_columns(struct om_draft *draft, size_t n, const char *const *name)
{
    draft->n_columns = n;
    for (size_t i = 0; i < n; i++)
        om_draft_cell(draft, "%s", name[i]);
}

void
om_draft_cell(struct om_draft *draft, const char *format, ...)
{
    char text[512];
    struct om_buffer shown = OM_BUFFER_EMPTY;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    om_utf8_display(&shown, text);
    char *cell = om_buffer_take(&shown);
    if (!cell || !om_grow(&draft->cell, &draft->cell_capacity, draft->n_cells, sizeof *draft->cell)) {
        om_free(cell);
        draft->failed = true;
        return;
    }
    draft->cell[draft->n_cells++] = cell;
}

void
om_draft_abandon(struct om_draft *draft)
{
    om_svg_release(&draft->svg);
    om_buffer_release(&draft->title);
    om_buffer_release(&draft->subtitle);
    om_buffer_release(&draft->description);
    for (size_t i = 0; i < draft->n_cells; i++)
        om_free(draft->cell[i]);
    om_free(draft->cell);
    *draft = (struct om_draft){0};
}

static void
release_figure(struct om_figure *figure)
{
    om_free(figure->id);
    om_free(figure->title);
    om_free(figure->subtitle);
    om_free(figure->description);
    om_free(figure->svg);
    for (size_t i = 0; figure->table.cell && i < figure->table.n_rows * figure->table.n_columns; i++)
        om_free(figure->table.cell[i]);
    om_free(figure->table.cell);
}

/* Text of the figure as it may be shown. */
static char *
displayed(struct om_buffer *text)
{
    struct om_buffer out = OM_BUFFER_EMPTY;
    om_utf8_display(&out, om_buffer_string(text));
    out.failed |= text->failed;
    return om_buffer_take(&out);
}

om_status
om_draft_end(struct om_draft *draft, struct om_error *err)
{
    struct om_figure_context *context = draft->context;
    struct om_figures *out = context->out;
    struct om_buffer svg = OM_BUFFER_EMPTY;
    struct om_figure figure = {.id = om_strdup(draft->id),
                               .kind = draft->kind,
                               .instrument = context->info->instrument->id,
                               .scale = draft->scale,
                               .group = draft->group,
                               .title = displayed(&draft->title),
                               .subtitle = displayed(&draft->subtitle),
                               .description = displayed(&draft->description),
                               .width = draft->svg.width};
    om_svg_finish(&draft->svg, draft->id, om_buffer_string(&draft->title),
                  om_buffer_string(&draft->description), &svg);
    figure.height = draft->svg.height;
    figure.svg_length = svg.length;
    figure.svg = om_buffer_take(&svg);
    figure.table = (struct om_figure_table){draft->cell, draft->n_columns,
                                            draft->n_columns ? draft->n_cells / draft->n_columns : 0};
    bool ok = !draft->failed && figure.id && figure.title && figure.subtitle && figure.description &&
              figure.svg && om_grow(&out->at, &context->capacity, out->n, sizeof *out->at);
    if (ok) {
        out->at[out->n++] = figure;
        draft->cell = NULL;
        draft->n_cells = 0;
    } else {
        figure.table.cell = NULL; /* still the draft's */
        release_figure(&figure);
    }
    om_draft_abandon(draft);
    return ok ? OM_OK : om_fail_memory(err);
}

/* --- all of them --------------------------------------------------------------------------------------- */

void
om_figures_release(struct om_figures *figures)
{
    for (size_t i = 0; i < figures->n; i++)
        release_figure(&figures->at[i]);
    om_free(figures->at);
    *figures = (struct om_figures){0};
}

/* The view of a scale, or NULL where it is withheld. */
static const struct om_scale_view *
view_of(const struct om_analysis *analysis, const struct om_scale_info *info)
{
    const struct om_scale_view *view = analysis->view ? &analysis->view[info - analysis->scale] : NULL;
    return view && view->n_cells > 0 ? view : NULL;
}

static om_status
draw_instrument(struct om_figure_context *context, struct om_error *err)
{
    om_status status = OM_OK;
    OM_TRY(om_figure_collect(context, err));
    context->rule = om_figure_choose_rule(context);
    for (size_t k = 0; k < OM_FIGURE_KINDS && status == OM_OK; k++)
        if (kinds[k].draw)
            status = kinds[k].draw(context, err);
    om_free(context->rows.at);
    return status;
}

om_status
om_figures_make(const struct om_analysis *analysis, struct om_figures *out, struct om_error *err)
{
    struct om_figures figures = {0};
    struct om_figure_context context = {.analysis = analysis, .out = &figures};
    om_status status = OM_OK;
    context.periods = om_figure_has_periods(&context);
    for (size_t i = 0; i < analysis->n_instruments && status == OM_OK; i++) {
        context.info = om_compose_main_scale(analysis, analysis->instrument[i]);
        if (!context.info || om_compose_is_short_form(analysis, analysis->instrument[i]))
            continue;
        context.view = view_of(analysis, context.info);
        context.population = om_compose_population(&(struct om_compose){.analysis = analysis}, context.info);
        status = draw_instrument(&context, err);
    }
    if (status == OM_OK)
        *out = figures;
    else
        om_figures_release(&figures);
    return status;
}
