/*
 * Figures: what those who draw them share. One file a kind; each is a function of the analysis that draws
 * nothing where its data are missing.
 */
#ifndef OM_REPORT_FIGURE_H
#define OM_REPORT_FIGURE_H

#include "report/axis.h"
#include "report/compose.h"
#include "report/svg.h"

#include <omstat/figures.h>

/* Pixels of a figure at natural size. */
enum { OM_FIGURE_WIDTH = 720, OM_FIGURE_MARGIN = 20 };

/* Colours that tell apart without red against green, and that differ in lightness where they meet. */
#define OM_INK        "#1a1d21"
#define OM_MUTED      "#59636e"
#define OM_GRID       "#e4e7ea"
#define OM_AXIS       "#9aa3ad"
#define OM_BLUE       "#2f6496"
#define OM_BLUE_DARK  "#123f66"
#define OM_BLUE_LIGHT "#9dbfdb"
#define OM_ORANGE     "#c2500a"
#define OM_GREY       "#7f8792"

/* A colour `share` of the way from white, as "#rrggbb". */
struct om_color {
    char text[8];
};
struct om_color om_color_mix(const char *color, const char *other, double share);

/* The rows that figures read, of all groups, in the order of the results. */
struct om_figure_rows {
    const struct om_result **at;
    size_t n;
};

/* Everything a figure is drawn from. */
struct om_figure_context {
    const struct om_analysis *analysis;
    const struct om_scale_info *info; /* the main scale of an instrument */
    const struct om_scale_view *view; /* of it; NULL when there is none */
    struct om_figure_rows rows;       /* of the scale and population */
    const char *population;           /* "all", or "positive" when only that was asked for */
    bool periods;                     /* the groups are months, quarters or years */
    const char *rule; /* of the responder rate: reliable where there is one, else shift; NULL: none */
    struct om_figures *out;
    size_t capacity;
};

/* A figure while it is drawn. Memory that fails shows in the end. */
struct om_draft {
    struct om_figure_context *context;
    struct om_svg svg;
    char id[96];
    struct om_buffer title, subtitle, description;
    enum om_figure_kind kind;
    const char *scale, *group;
    char **cell;
    size_t n_cells, cell_capacity, n_columns;
    bool failed;
};

/* tail: added to the id when a kind has several figures; NULL otherwise. */
void om_draft_begin(struct om_draft *draft, struct om_figure_context *context, enum om_figure_kind kind,
                    const char *tail);
/* Draws title and subtitle, once they are written; returns the y below them. */
double om_draft_head(struct om_draft *draft);
/* Adds the figure to the others and releases the draft. */
om_status om_draft_end(struct om_draft *draft, struct om_error *err) OM_NODISCARD;
void om_draft_abandon(struct om_draft *draft);

/* What is in the file of a figure. */
void om_figure_file(const struct om_figure *figure, struct om_buffer *out);

/* The data table: the header in one call, then cell by cell. */
void om_draft_columns(struct om_draft *draft, size_t n, const char *const *name);
void om_draft_cell(struct om_draft *draft, const char *format, ...) OM_PRINTF(2, 3);

/* --- parts of a chart ----------------------------------------------------------------------------------- */

struct om_frame {
    double left, top, right, bottom;
    struct om_axis x, y;
};

extern const struct om_text_style om_style_title, om_style_subtitle, om_style_tick, om_style_label,
    om_style_strong;

/* Grid lines and numbers; suffix "" or " %" (then values are fractions). The label stands above the axis'
 * upper end, or below its middle. */
void om_frame_y(struct om_draft *draft, const struct om_frame *frame, const struct om_ticks *ticks,
                bool percent, const char *label);
void om_frame_x(struct om_draft *draft, const struct om_frame *frame, const struct om_ticks *ticks,
                bool percent, bool grid, const char *label);
/* A mark and its text, as an entry of a legend; returns the x behind it. */
enum om_mark {
    OM_MARK_SQUARE,
    OM_MARK_DOT,
    OM_MARK_RING,
    OM_MARK_LINE,
    OM_MARK_DASHES,
    OM_MARK_BAND,
    OM_MARK_DIAMOND
};
double om_legend(struct om_draft *draft, double x, double y, enum om_mark mark, const char *color,
                 const char *text);

/* --- data ----------------------------------------------------------------------------------------------- */

/* Fills in context->rows; the caller frees rows.at with om_free. */
om_status om_figure_collect(struct om_figure_context *context, struct om_error *err) OM_NODISCARD;
/* The rule that "improved" is about: reliable change where an instrument has it, else a shift in points. NULL
 * where nobody is classified. */
const char *om_figure_choose_rule(const struct om_figure_context *context);

/* Per group of the analysis the row, or NULL. The caller frees *row with om_free. */
om_status om_figure_by_group(const struct om_figure_context *context, const char *occasion, const char *rule,
                             const char *statistic, const struct om_result ***row,
                             struct om_error *err) OM_NODISCARD;
/* The row of one group, or NULL. */
const struct om_result *om_figure_row(const struct om_figure_context *context, const char *group,
                                      const char *occasion, const char *rule, const char *statistic);

/* What a group is called beside others of the same columns: "cohort=1" is "1" when all begin with "cohort=".
 */
const char *om_figure_group_name(const struct om_figure_context *context, size_t group);
/* Are the groups months, quarters or years, all of one kind? Those without a date do not count. */
bool om_figure_has_periods(const struct om_figure_context *context);
/* "cohort", or "group" when there are several columns. */
struct om_shown om_figure_grouping(const struct om_figure_context *context);
/* "10 000 000": thousands apart from 10 000 on. */
struct om_shown om_show_count(uint64_t n);
/* "41 %", or with few persons "3 of 5". */
struct om_shown om_show_part(uint64_t k, uint64_t n);
/* Is less better? */
bool om_figure_lower_better(const struct om_figure_context *context);

/* --- crosstabs ------------------------------------------------------------------------------------------ */

/* Is a cell of the population, with a score wherever one is needed? */
bool om_figure_includes(const struct om_figure_context *context, const struct om_scale_cell *cell);
/* The score of a level. */
double om_figure_score(const struct om_figure_context *context, uint32_t level);

/* Places on the range of a scale, `step` apart and n in number, from low to high: each possible score where
 * they are few enough, else round numbers. */
struct om_grid {
    double low, high, step;
    size_t n;
};
void om_figure_grid(const struct om_figure_context *context, struct om_grid *out);
/* The nearest place. */
size_t om_grid_place(const struct om_grid *grid, double score);

/* Where the threshold in force lies between two places of the grid: those at or beyond it are on its one
 * side, the others on the other. */
double om_grid_cutoff(const struct om_figure_context *context, const struct om_grid *grid);

/* Pushes n ascending centres at least `gap` apart, within low ... high, moving them as little as is simple.
 * They fit: (n - 1) * gap <= high - low. */
void om_spread(double *center, size_t n, double gap, double low, double high);

/* --- the kinds ------------------------------------------------------------------------------------------ */

typedef om_status om_figure_fn(struct om_figure_context *context, struct om_error *err);
om_figure_fn om_figure_scores, om_figure_bands, om_figure_means, om_figure_distribution, om_figure_effects,
    om_figure_funnel, om_figure_caterpillar, om_figure_threshold, om_figure_survival, om_figure_rate_trend,
    om_figure_change_trend, om_figure_missing;

#endif
