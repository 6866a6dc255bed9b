/* The tests of an instrument in the form that papers print them, ready to be copied. */
#include "report/compose.h"

#include <stdio.h>
#include <string.h>

enum { APA_GROUPS = 6 }; /* with more, everyone only: the tables have them all */

/* "p = .034", "p < .001" */
static void
probability(struct om_buffer *out, const struct om_result *p)
{
    const struct om_shown shown = om_show_p(p->value);
    om_buffer_format(out, ", p %s%s", shown.text[0] == '.' || shown.text[0] == '1' ? "= " : "", shown.text);
}

/* ", 95 % CI [-1.41, -0.85]" */
static void
interval(struct om_buffer *out, const struct om_result *row, int decimals)
{
    if (row->has_interval)
        om_buffer_format(out, ", %s %% CI [%s, %s]", om_show_score(100 * row->level, 2).text,
                         om_show_fixed(row->lower, decimals).text, om_show_fixed(row->upper, decimals).text);
}

static void
mean_sd(struct om_buffer *out, const struct om_compose *compose, struct om_topic topic, const char *occasion,
        int decimals)
{
    topic.occasion = occasion;
    const struct om_result *mean = om_compose_find(compose, &topic, "mean");
    const struct om_result *sd = om_compose_find(compose, &topic, "sd");
    if (!mean || !mean->has_value)
        return;
    om_buffer_format(out, "%s M = %s", occasion, om_show_fixed(mean->value, decimals).text);
    if (sd && sd->has_value)
        om_buffer_format(out, ", SD = %s", om_show_fixed(sd->value, decimals).text);
    om_buffer_text(out, "; ");
}

static void
t_test(struct om_buffer *out, const struct om_compose *compose, const struct om_topic *topic)
{
    const struct om_result *t = om_compose_find(compose, topic, "t.statistic"),
                           *df = om_compose_find(compose, topic, "t.df"),
                           *p = om_compose_find(compose, topic, "t.p"),
                           *d = om_compose_find(compose, topic, "d_z");
    if (!p || !p->has_value) {
        om_buffer_format(out, "; no t test: %s", p && p->note[0] ? p->note : "not defined");
    } else {
        if (t && df && t->has_value && df->has_value)
            om_buffer_format(out, ", t(%s) = %s", om_show_score(df->value, 2).text,
                             om_show_fixed(t->value, 2).text);
        probability(out, p);
    }
    if (d && d->has_value) {
        om_buffer_format(out, ", d_z = %s", om_show_fixed(d->value, 2).text);
        interval(out, d, 2);
    }
}

static void
rank_test(struct om_buffer *out, const struct om_compose *compose, const struct om_topic *topic)
{
    const struct om_result *w = om_compose_find(compose, topic, "wilcoxon.statistic"),
                           *p = om_compose_find(compose, topic, "wilcoxon.p"),
                           *r = om_compose_find(compose, topic, "rank_biserial");
    if (!w || !p || !w->has_value || !p->has_value)
        return;
    om_buffer_format(out, " Wilcoxon W+ = %s", om_show_score(w->value, 1).text);
    probability(out, p);
    if (r && r->has_value)
        om_buffer_format(out, ", rank-biserial r = %s", om_show_coefficient(r->value).text);
    om_buffer_text(out, ".");
}

static void
screen_test(struct om_buffer *out, const struct om_compose *compose, const struct om_topic *topic)
{
    const struct om_result *p = om_compose_find(compose, topic, "mcnemar.exact_p");
    if (!p || !p->has_value)
        return;
    om_buffer_text(out, " Screening status: exact McNemar test");
    probability(out, p);
    om_buffer_text(out, ".");
}

static void
statement(const struct om_compose *compose, const struct om_topic *topic, const char *who)
{
    const int decimals = om_compose_decimals(topic->info->scale);
    const struct om_result *n = om_compose_find(compose, topic, "n"),
                           *change = om_compose_find(compose, topic, "mean");
    struct om_buffer text = OM_BUFFER_EMPTY;
    if (!n || !n->has_value || !change)
        return;
    om_buffer_format(&text, "n = %s; ", om_show_fixed(n->value, 0).text);
    mean_sd(&text, compose, *topic, compose->analysis->first, decimals);
    mean_sd(&text, compose, *topic, compose->analysis->last, decimals);
    if (change->has_value) {
        om_buffer_format(&text, "change %s", om_show_fixed(change->value, decimals).text);
        interval(&text, change, decimals);
    } else {
        om_buffer_format(&text, "change not defined: %s", change->note);
    }
    t_test(&text, compose, topic);
    om_buffer_text(&text, ".");
    rank_test(&text, compose, topic);
    screen_test(&text, compose, topic);
    compose->page->failed |= !om_buffer_ok(&text);
    om_page_item(compose->page, who, "%s", om_buffer_string(&text));
    om_buffer_release(&text);
}

void
om_compose_apa(const struct om_compose *compose, const struct om_scale_info *info)
{
    const struct om_analysis *analysis = compose->analysis;
    const char *population[2];
    char anchor[OM_ANCHOR];
    const size_t n = om_compose_populations(compose, info, population);
    om_compose_anchor(anchor, "apa", info->instrument->id);
    om_page_subheading(compose->page, anchor, "%s in APA form", info->instrument->name);
    for (size_t p = 0; p < n; p++) {
        struct om_topic topic = {"all", info, population[p], "change", NULL};
        statement(compose, &topic, strcmp(population[p], "all") == 0 ? "everyone" : "positive");
    }
    for (size_t g = 1; g < analysis->n_groups && analysis->n_groups <= APA_GROUPS + 1; g++) {
        struct om_topic topic = {analysis->group[g], info, population[0], "change", NULL};
        statement(compose, &topic, topic.group);
    }
}
