/*
 * Figures of an analysis, as SVG.
 *
 * Each figure states a finding in its title, says in its subtitle who was counted and how to read it, and
 * carries a description and the numbers behind it for those who do not see it.
 *
 * To embed one in a page of HTML: write `svg` as it is (it has no XML declaration, and its ids begin with
 * the figure's own, so several may stand on one page), and `table` below it, as a table within <details>,
 * say; title, subtitle and description are in the SVG and need not be repeated. All other text here is plain
 * UTF-8, valid and free of control characters, but not escaped. A figure is drawn on white in literal
 * colours: a dark page shows it on a light card. It scales with the width it is given; below 480 pixels it is
 * better to let it scroll.
 */
#ifndef OMSTAT_FIGURES_H
#define OMSTAT_FIGURES_H

#include <stddef.h>
#include <omstat/report.h>

enum om_figure_kind {
    OM_FIGURE_SCORES,       /* each person's score before and after, coloured by class of change */
    OM_FIGURE_BANDS,        /* from which severity band into which */
    OM_FIGURE_MEANS,        /* means before and after, by group */
    OM_FIGURE_DISTRIBUTION, /* scores before and after */
    OM_FIGURE_EFFECTS,      /* forest plot: standardised mean change by group */
    OM_FIGURE_FUNNEL,       /* responder rates by group against its size */
    OM_FIGURE_CATERPILLAR,  /* mean change by group, in order of its size */
    OM_FIGURE_THRESHOLD,    /* share improved against the points that are asked for */
    OM_FIGURE_SURVIVAL,     /* Kaplan-Meier: share without the event so far */
    OM_FIGURE_RATE_TREND,   /* p-chart of the responder rate over months */
    OM_FIGURE_CHANGE_TREND, /* XmR chart of the mean change over months */
    OM_FIGURE_MISSING,      /* items left unanswered */
    OM_FIGURE_KINDS,
};

/* The data behind a figure: cell[row * n_columns + column], row 0 is the header. */
struct om_figure_table {
    char **cell;
    size_t n_columns, n_rows; /* rows with the header */
};

struct om_figure {
    char *id; /* "phq9-total-scores": of a-z, 0-9, '-' and '_'; unique among the figures of an analysis */
    enum om_figure_kind kind;
    const char *instrument, *scale; /* ids, borrowed from the analysis; scale "" where it is about items */
    const char *group;              /* "all", or "" when it shows the groups; borrowed */
    char *title;                    /* the finding, a sentence without a full stop */
    char *subtitle;                 /* who, and how to read it */
    char *description;              /* a paragraph for screen readers; in the SVG as <desc> */
    char *svg;                      /* one <svg> element, NUL-terminated */
    size_t svg_length;
    double width, height; /* of its viewBox, in pixels at natural size */
    struct om_figure_table table;
};

struct om_figures {
    struct om_figure *at; /* by instrument, then by kind */
    size_t n;
};

/* Draws what the analysis has data for; there may be no figure at all. What was withheld from the analysis
 * (views set to NULL, rows without a value) is left out. The analysis must outlive the figures. Errors:
 * OM_ERR_NOMEM. */
OM_API OM_NODISCARD om_status om_figures_make(const struct om_analysis *analysis, struct om_figures *out,
                                              struct om_error *err);
/* Frees what om_figures_make filled in; a zeroed one is fine. */
OM_API void om_figures_release(struct om_figures *figures);

/* Where figures are written to. */
struct om_figure_output {
    const char *directory;    /* made when it is missing */
    const char *rsvg_convert; /* path of that program, which makes a PNG of each; NULL: none are made */
    void (*wrote)(void *context, const char *path); /* called for each file; may be NULL */
    void *context;
    struct om_outputs *written; /* is told what was written, for a manifest; NULL: nobody is */
};

/* Writes each figure as <id>.svg, and <id>.png at twice its size. A file appears whole or not at all, and
 * takes the place of one that is there. Errors: OM_ERR_CREATE, OM_ERR_IO (also when rsvg-convert fails),
 * OM_ERR_NOMEM; the figures before are written then. */
OM_API OM_NODISCARD om_status om_figures_write(const struct om_figures *figures,
                                               const struct om_figure_output *output, struct om_error *err);

/* "scores", "bands", ...: what the ids end with. Static storage. */
OM_API const char *om_figure_kind_id(enum om_figure_kind kind);

#endif
