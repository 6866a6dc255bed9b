/* Which figures stand where on the page. They are drawn by om_figures_make and shown as they are. */
#include "report/compose.h"

#include <omstat/figures.h>
#include <string.h>

/* Told in this order, whatever the order they are drawn in: who changed, from where to where, by how much,
 * how surely, how it went, and what is missing. */
static const enum om_figure_kind order[] = {
    OM_FIGURE_SCORES,   OM_FIGURE_BANDS,       OM_FIGURE_MEANS,        OM_FIGURE_DISTRIBUTION,
    OM_FIGURE_EFFECTS,  OM_FIGURE_CATERPILLAR, OM_FIGURE_FUNNEL,       OM_FIGURE_THRESHOLD,
    OM_FIGURE_SURVIVAL, OM_FIGURE_RATE_TREND,  OM_FIGURE_CHANGE_TREND, OM_FIGURE_MISSING,
};
_Static_assert(sizeof order / sizeof *order == OM_FIGURE_KINDS, "every kind of figure has its place");

/* The data behind it: the first row are the headings. */
static void
table(struct om_page *page, const struct om_figure_table *source)
{
    for (size_t j = 0; j < source->n_columns && source->n_rows; j++)
        om_table_column(page, j ? OM_ALIGN_RIGHT : OM_ALIGN_LEFT, "%s", source->cell[j]);
    for (size_t i = 1; i < source->n_rows; i++) {
        om_table_row(page);
        for (size_t j = 0; j < source->n_columns; j++)
            om_table_cell(page, OM_TONE_PLAIN, "%s", source->cell[i * source->n_columns + j]);
    }
}

static void
show(struct om_page *page, const struct om_figure *figure)
{
    char anchor[OM_ANCHOR];
    om_compose_anchor(anchor, "figure", figure->id);
    om_page_figure(
        page, anchor,
        &(struct om_figure_words){figure->svg, figure->title, figure->subtitle, figure->description, false});
    table(page, &figure->table);
}

void
om_compose_figures(const struct om_compose *compose, const struct om_scale_info *info)
{
    if (!compose->figures)
        return;
    for (size_t k = 0; k < OM_FIGURE_KINDS; k++)
        for (size_t i = 0; i < compose->figures->n; i++) {
            const struct om_figure *figure = &compose->figures->at[i];
            if (figure->kind == order[k] && strcmp(figure->instrument, info->instrument->id) == 0)
                show(compose->page, figure);
        }
}
