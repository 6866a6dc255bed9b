/* Composing the page: what the parts share. Statistics are looked up, never computed here. */
#ifndef OM_REPORT_COMPOSE_H
#define OM_REPORT_COMPOSE_H

#include "report/number.h"
#include "report/page.h"

#include <omstat/figures.h>
#include <omstat/report.h>

/* With more groups than this, only the tables of change, scores and safety list each of them; the data views
 * always do. */
enum { OM_COMPOSE_GROUPS = 30 };

enum { OM_RULES_LIMIT = 32 };

/* The rules a scale has classes for, in the order of the result set. */
struct om_rule_list {
    const char *rule[OM_RULES_LIMIT];
    size_t n;
};

struct om_compose {
    struct om_page *page;
    const struct om_analysis *analysis;
    const struct om_report_options *options;
    const struct om_figures *figures; /* NULL for views without pictures */
    struct om_rule_list *rules; /* of each scale, where they were gathered; NULL: looked for each time */
};

/* Which rows of the result set a line of the page is about. */
struct om_topic {
    const char *group;
    const struct om_scale_info *info;
    const char *population;
    const char *occasion;
    const char *rule;
};

/* The row, or NULL. */
const struct om_result *om_compose_find(const struct om_compose *compose, const struct om_topic *topic,
                                        const char *statistic);
bool om_compose_compares(const struct om_compose *compose); /* two occasions */

/* Gathers the rules of all scales, in one walk through the rows; without memory the page has failed. The
 * caller frees them with om_free. */
void om_compose_gather_rules(struct om_compose *compose);

/* A file without its folder, which can say who somebody is. */
const char *om_compose_file(const char *path);

/* A name for links to a section, out of ids: "instrument-phq9". Always fits. */
enum { OM_ANCHOR = 128 };
void om_compose_anchor(char anchor[OM_ANCHOR], const char *kind, const char *id);

/* The name of an occasion as a heading: the only one of a panel may have none. NULL gives "". */
const char *om_compose_occasion(const char *name);

/* The populations asked for, as far as the scale has them: at most two. A scale without a threshold always
 * shows everyone. */
size_t om_compose_populations(const struct om_compose *compose, const struct om_scale_info *info,
                              const char *population[2]);
/* "everyone with both scores", "screening positive at pre (>= 10)". */
void om_compose_population_line(const struct om_compose *compose, const struct om_scale_info *info,
                                const char *population);
/* How many groups, "all" first, a table lists. every: one line a group whatever their number. */
size_t om_compose_groups(const struct om_compose *compose, bool every);

/* The scale an instrument is known by: its total, else its first score. NULL when the analysis has none. */
const struct om_scale_info *om_compose_main_scale(const struct om_analysis *analysis,
                                                  const struct om_instrument *instrument);
/* A threshold in force, from the definition or the study; or a diagnosis, positive by its criteria. */
bool om_compose_has_threshold(const struct om_scale_info *info);
/* The population that tables of one population show: everyone, unless only those screening positive were
 * asked for. */
const char *om_compose_population(const struct om_compose *compose, const struct om_scale_info *info);
const char *om_compose_who(const struct om_compose *compose);       /* the same in words */
struct om_shown om_compose_level(const struct om_compose *compose); /* "95 % CI" */
bool om_compose_is_safety(const struct om_scale_info *info);
bool om_compose_is_short_form(const struct om_analysis *analysis, const struct om_instrument *instrument);
int om_compose_decimals(const struct om_scale *scale); /* for means: 2 on scales of few points, else 1 */
const char *om_compose_beyond(const struct om_compose *compose,
                              const struct om_scale_info *info); /* ">=" or "<=" of a threshold */

/* Cells. A missing row gives an empty cell, an undefined one a citation of its reason. */
void om_cell_undefined(struct om_page *page, const char *reason);
/* The number of persons a row is about, in "of" and "n"; OM_WITHHELD where that is not told. */
uint64_t om_compose_of(const struct om_result *row);
void om_cell_number(struct om_page *page, uint64_t number); /* "*" for OM_WITHHELD */
void om_cell_count(struct om_page *page, const struct om_result *row);
void om_cell_fixed(struct om_page *page, const struct om_result *row, int decimals, enum om_tone tone);
void om_cell_score(struct om_page *page, const struct om_result *row, int decimals);
void om_cell_coefficient(struct om_page *page, const struct om_result *row);
void om_cell_p(struct om_page *page, const struct om_result *row);
void om_cell_mean_sd(struct om_page *page, const struct om_result *mean, const struct om_result *sd,
                     int decimals);
void om_cell_bounds(struct om_page *page, const struct om_result *row, int decimals);
/* "28 (32 %, 23-42)"; " of 88" is added when the denominator is not the one the table names already. */
struct om_shown om_show_share(const struct om_result *row, const uint64_t *of, bool interval);
void om_cell_share(struct om_page *page, const struct om_result *row, const uint64_t *of, bool interval,
                   enum om_tone tone);
/* "45 %", or "45 % of 62" when the line names another number. */
void om_cell_percent_of(struct om_page *page, const struct om_result *row, uint64_t of, enum om_tone tone);
/* "better", "worse", or "unclear" when the interval of the mean change holds zero. */
void om_cell_reading(struct om_page *page, const struct om_result *change, const struct om_scale *scale);
enum om_tone om_tone_of_change(const struct om_result *change, const struct om_scale *scale);
/* A horizontal bar for a rate, `width` long when the rate is `full` (above 0). */
void om_cell_bar(struct om_page *page, const struct om_result *row, double full, size_t width);

/* The rules a scale has classes for, in the order of the result set; returns how many. */
size_t om_compose_rules(const struct om_compose *compose, const struct om_scale_info *info,
                        const char *rule[OM_RULES_LIMIT]);
/* The one rule that is shown where there is room for one: reliable change where an instrument has it, else a
 * shift in points. NULL without any. */
const char *om_compose_main_rule(const struct om_compose *compose, const struct om_scale_info *info);
/* The row of a class of three: "improved" and "deteriorated" hold recovered and harmed where a rule tells
 * them apart. */
const struct om_result *om_compose_class(const struct om_compose *compose, const struct om_topic *topic,
                                         const char *class_);
/* The cut-off between populations that a rule has on a scale, or NULL. */
const struct om_result *om_compose_cutoff(const struct om_compose *compose, const struct om_scale_info *info,
                                          const char *rule);
/* What counts as improved, in a few words; "" for a rule without such words. */
struct om_shown om_rule_meaning(const struct om_compose *compose, const struct om_scale_info *info,
                                const char *rule);
/* The full definition with the points in force, as a list item. */
void om_rule_define(const struct om_compose *compose, const char *rule);

/* Who of a group was counted for an instrument, or NULL. */
const struct om_person_ledger *om_compose_persons(const struct om_compose *compose, const char *group,
                                                  const char *instrument);

/* Signs as the view can show them: ">=" and "->", or one character. */
const char *om_compose_at_least(const struct om_compose *compose);
const char *om_compose_arrow(const struct om_compose *compose);

/* Are those counted and those compared told, and not withheld? */
bool om_compose_knows(const struct om_person_ledger *ledger);

/* What was withheld, and by which rule; nothing when nobody asked. */
void om_compose_disclosure(const struct om_compose *compose);
void om_compose_disclosure_rule(const struct om_compose *compose);
/* Parts of the page, in its order. */
void om_compose_headlines(const struct om_compose *compose);
void om_compose_glance(const struct om_compose *compose);
void om_compose_table1(const struct om_compose *compose);
void om_compose_safety(const struct om_compose *compose);
void om_compose_instrument(const struct om_compose *compose, const struct om_scale_info *info);
void om_compose_classes(const struct om_compose *compose, const struct om_scale_info *info);
void om_compose_figures(const struct om_compose *compose, const struct om_scale_info *info);
void om_compose_apa(const struct om_compose *compose, const struct om_scale_info *info);
void om_compose_families(const struct om_compose *compose, const struct om_scale_info *info);
void om_compose_agreement(const struct om_compose *compose, const struct om_scale_info *info);
void om_compose_sensitivity(const struct om_compose *compose, const struct om_scale_info *info);
void om_compose_regression_to_mean(const struct om_compose *compose, const struct om_scale_info *info);
void om_compose_joint(const struct om_compose *compose);
void om_compose_others(const struct om_compose *compose);
void om_compose_ledger(const struct om_compose *compose);
void om_compose_flows(const struct om_compose *compose);
void om_compose_quality(const struct om_compose *compose);
void om_compose_reading(const struct om_compose *compose);
void om_compose_methods(const struct om_compose *compose);
void om_compose_made(const struct om_compose *compose);

#endif
