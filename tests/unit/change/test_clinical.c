/* Indices of reliable change, cut-offs between populations, the five classes, and the change of groups:
 * against tests/oracle/clinical.R, worked examples, and what must hold of any panel. */
#include "unit/stats/cells.h"

#include <math.h>
#include <omstat/change.h>
#include <omstat/group_change.h>
#include <omstat/paired.h>
#include "stats/margins.h"

enum { PERSONS = 200 };
static const double Z = 1.9599639845400545, Z_HA = 1.6448536269514722;

static struct om_stat
number(double value)
{
    return (struct om_stat){value, NULL};
}

/* A panel of the oracle, person by person and as counts. */
struct panel {
    size_t n;
    int64_t unit, pre[PERSONS], post[PERSONS];
    double better;
    struct om_pair_count cells[PERSONS];
    struct om_description before, after, change;
    struct om_index_source people;
    struct om_cutoff_source populations;
};

static void
describe(struct panel *panel)
{
    struct om_margins margins;
    struct om_error err;
    for (size_t i = 0; i < panel->n; i++)
        panel->cells[i] = (struct om_pair_count){panel->pre[i], panel->post[i], 1};
    struct om_pairs pairs = cells_of(panel->cells, panel->n, panel->unit);
    assert_ok(om_margins_make(&pairs, &margins, &err));
    om_describe(&margins.pre, .95, &panel->before);
    om_describe(&margins.post, .95, &panel->after);
    om_describe(&margins.change, .95, &panel->change);
    om_margins_release(&margins);
    panel->people.mean_pre = panel->before.mean;
    panel->people.sd_pre = panel->before.sd;
    panel->people.mean_post = panel->after.mean;
    panel->people.sd_post = panel->after.sd;
    panel->people.sd_change = panel->change.sd;
    panel->populations.direction = panel->better > 0 ? OM_HIGHER_BETTER : OM_HIGHER_WORSE;
    panel->populations.clinical_mean = panel->before.mean;
    panel->populations.clinical_sd = panel->before.sd;
}

static void
read_panel(const json_t *from, struct panel *panel)
{
    const json_t *pre = json_object_get(from, "pre"), *post = json_object_get(from, "post");
    *panel = (struct panel){.n = json_array_size(pre), .unit = (int64_t)json_at(from, "unit")};
    assert_true(panel->n <= PERSONS);
    panel->better = json_at(from, "better");
    for (size_t i = 0; i < panel->n; i++) {
        panel->pre[i] = (int64_t)json_number_value(json_array_get(pre, i));
        panel->post[i] = (int64_t)json_number_value(json_array_get(post, i));
    }
    panel->people.reliability = number(json_at(from, "r"));
    panel->people.reliability_post = number(json_at(from, "r_post"));
    panel->populations.functional_mean = number(json_at(from, "functional/0"));
    panel->populations.functional_sd = number(json_at(from, "functional/1"));
    describe(panel);
}

static double
score(const struct panel *panel, int64_t value)
{
    return (double)value / (double)panel->unit;
}

/* Slips this sees: the SD after, divisor n, sqrt(1 - r) for sqrt(1 - r^2), the mean after for the mean before
 * and the reverse, HA without its group term, Rdd with the wrong variance. */
static void
check_index(const struct panel *panel, const json_t *want, enum om_index_kind kind)
{
    struct om_change_index index;
    const json_t *values = json_object_get(json_object_get(want, "index"), om_index_id(kind));
    om_change_index_make(kind, &panel->people, kind == OM_INDEX_HA ? Z_HA : Z, &index);
    assert_close(index.sem, json_at(want, "sem"), 1e-13);
    if (json_is_null(values)) {
        assert_string_equal(index.reason, "the changes vary no more than their error of measurement");
        return;
    }
    assert_null(index.reason);
    if (kind == OM_INDEX_HA)
        assert_close(index.r_dd, json_at(want, "r_dd"), 1e-12);
    for (size_t i = 0; i < panel->n; i++) {
        double got = om_change_index_of(&index, score(panel, panel->pre[i]), score(panel, panel->post[i]));
        double value = json_number_value(json_array_get(values, i));
        assert_true(fabs(got - value) <= 1e-11 * fmax(1, fabs(value)));
        int verdict =
            om_change_index_verdict(&index, score(panel, panel->pre[i]), score(panel, panel->post[i]));
        assert_int_equal(verdict, (value > index.critical) - (value < -index.critical));
    }
}

static void
check_cutoff(const struct panel *panel, const json_t *want, enum om_cutoff_kind kind)
{
    struct om_change_cutoff plain, true_;
    struct om_change_index index;
    size_t k = (size_t)(kind - OM_CUTOFF_A);
    const json_t *sides = json_array_get(json_object_get(want, "sides"), k);
    const json_t *at = json_array_get(json_object_get(want, "ha"), k);
    om_change_cutoff_make(kind, &panel->populations, &plain);
    assert_null(plain.reason);
    assert_close(plain.at, json_number_value(json_array_get(json_object_get(want, "jt"), k)), 1e-13);
    om_change_index_make(OM_INDEX_HA, &panel->people, Z_HA, &index);
    om_change_cutoff_make_true(kind, &panel->populations, &panel->people, &index, &true_);
    if (json_is_null(at))
        assert_non_null(true_.reason);
    else
        assert_close(true_.at, json_number_value(at), 1e-12);
    for (size_t i = 0; i < panel->n; i++) {
        double pre = score(panel, panel->pre[i]), post = score(panel, panel->post[i]);
        assert_int_equal(om_change_side_before(&plain, pre),
                         json_number_value(json_array_get(json_object_get(sides, "before"), i)));
        assert_int_equal(om_change_side_after(&plain, post),
                         json_number_value(json_array_get(json_object_get(sides, "after"), i)));
        if (!true_.reason)
            assert_int_equal(om_change_side_after(&true_, post),
                             json_number_value(json_array_get(json_object_get(sides, "true_after"), i)));
    }
}

static void
check_group_level(const struct panel *panel, const json_t *want)
{
    struct om_change_index index;
    struct om_change_cutoff cutoff;
    struct om_true_shares shares;
    om_change_index_make(OM_INDEX_HA, &panel->people, Z_HA, &index);
    om_change_cutoff_make_true(OM_CUTOFF_A, &panel->populations, &panel->people, &index, &cutoff);
    om_true_shares(&panel->change, &panel->after, index.r_dd, index.sem, cutoff.at, panel->better, &shares);
    check_stat(shares.changed, json_object_get(want, "changed"), 1e-11, 0, "changed");
    if (!cutoff.reason)
        check_stat(shares.functional, json_object_get(want, "functional"), 1e-11, 0, "functional");
}

static void
as_the_formulas_have_it(void **state)
{
    (void)state;
    json_t *root = load_json("tests/oracle/clinical.json");
    const char *name;
    json_t *from;
    size_t n = 0;
    json_object_foreach(root, name, from)
    {
        if (strcmp(name, "between") == 0)
            continue;
        static struct panel panel;
        const json_t *want = json_object_get(from, "expect");
        struct om_change_cutoff automatic;
        read_panel(from, &panel);
        for (int kind = 0; kind < OM_INDICES; kind++)
            check_index(&panel, want, (enum om_index_kind)kind);
        for (int kind = OM_CUTOFF_A; kind <= OM_CUTOFF_C; kind++)
            check_cutoff(&panel, want, (enum om_cutoff_kind)kind);
        check_group_level(&panel, want);
        om_change_cutoff_make(OM_CUTOFF_AUTO, &panel.populations, &automatic);
        assert_int_equal(automatic.kind, json_at(want, "overlap") ? OM_CUTOFF_C : OM_CUTOFF_B);
        n++;
    }
    assert_int_equal(n, 6);
    json_decref(root);
}

/* Jacobson & Truax (1991): 47.5 and 32.5 with SD 7.5 and r .80; populations 40 and 60, both with SD 7.5. */
static void
published_example(void **state)
{
    (void)state;
    struct om_index_source people = {
        .reliability = number(.8), .sd_pre = number(7.5), .mean_pre = number(40), .mean_post = number(50)};
    struct om_change_index index;
    om_change_index_make(OM_INDEX_JT, &people, 1.96, &index);
    assert_close(index.sem, 3.3541019662496847, 1e-14);
    assert_close(index.se, 4.743416490252569, 1e-14);
    assert_close(index.critical * index.se, 9.297096320895035, 1e-14);
    assert_close(om_change_index_of(&index, 32.5, 47.5), 3.1622776601683795, 1e-14);
    const struct om_cutoff_source both = {.direction = OM_HIGHER_BETTER,
                                          .clinical_mean = number(40),
                                          .clinical_sd = number(7.5),
                                          .functional_mean = number(60),
                                          .functional_sd = number(7.5)};
    static const double at[] = {55, 45, 50};
    struct om_change_cutoff cutoff;
    for (int k = 0; k < 3; k++) {
        om_change_cutoff_make((enum om_cutoff_kind)(OM_CUTOFF_A + k), &both, &cutoff);
        assert_close(cutoff.at, at[k], 1e-15);
    }
    om_change_cutoff_make(OM_CUTOFF_AUTO, &both, &cutoff);
    assert_int_equal(cutoff.kind, OM_CUTOFF_C);
    struct om_cutoff_source alone = both;
    alone.functional_mean = alone.functional_sd = (struct om_stat){0, "no norms"};
    om_change_cutoff_make(OM_CUTOFF_AUTO, &alone, &cutoff);
    assert_int_equal(cutoff.kind, OM_CUTOFF_A);
    om_change_cutoff_make(OM_CUTOFF_C, &alone, &cutoff);
    assert_string_equal(cutoff.reason, "no norms");
    /* b of the package: two SDs of the clinical population from the functional mean */
    struct om_cutoff_source package = both;
    package.b_with_clinical_sd = true;
    package.clinical_sd = number(5);
    om_change_cutoff_make(OM_CUTOFF_B, &package, &cutoff);
    assert_close(cutoff.at, 50, 1e-15);
}

/* DAS data, 30 couples, with norms 114.8 and 17.8 (the cut-offs of Jacobson and others 1984 as published). */
static void
couples(void **state)
{
    (void)state;
    static const int64_t tenths[30][2] = {
        {905, 970}, {740, 1240}, {970, 975},  {735, 880},  {610, 965},  {665, 625},  {685, 1125}, {865, 1035},
        {885, 900}, {685, 825},  {980, 1050}, {805, 995},  {895, 1125}, {915, 1010}, {835, 995},  {605, 795},
        {830, 880}, {880, 1005}, {985, 1190}, {785, 1160}, {995, 1160}, {795, 1290}, {845, 1130}, {925, 1180},
        {930, 920}, {850, 1140}, {640, 680},  {610, 520},  {800, 605},  {825, 1045}};
    static struct panel panel;
    panel = (struct panel){.n = 30, .unit = 10, .better = 1};
    for (size_t i = 0; i < 30; i++) {
        panel.pre[i] = tenths[i][0];
        panel.post[i] = tenths[i][1];
    }
    panel.people.reliability = number(.88);
    panel.populations.functional_mean = number(114.8);
    panel.populations.functional_sd = number(17.8);
    describe(&panel);
    struct om_change_rule rule = {.rule = OM_RULE_JT, .direction = OM_HIGHER_BETTER, .unit = 10};
    om_change_index_make(OM_INDEX_JT, &panel.people, 1.96, &rule.index);
    assert_true(fabs(panel.before.mean.value - 81.583) < 5e-4 && fabs(panel.before.sd.value - 11.826) < 5e-4);
    assert_true(fabs(rule.index.sem - 4.097) < 5e-4 && fabs(rule.index.se - 5.793) < 5e-4);
    assert_true(fabs(1.96 * rule.index.se - 11.355) < 5e-4);
    static const double at[] = {105.234, 79.200, 94.842};
    for (int k = 2; k >= 0; k--) {
        om_change_cutoff_make((enum om_cutoff_kind)(OM_CUTOFF_A + k), &panel.populations, &rule.cutoff);
        assert_true(fabs(rule.cutoff.at - at[k]) < 1e-3); /* three digits, cut off rather than rounded */
        if (k < 2)
            continue;
        uint64_t count[OM_CHANGE_UNDEFINED + 1] = {0};
        for (size_t i = 0; i < 30; i++) {
            struct om_change_point first = {.value = tenths[i][0], .band = -1},
                                   last = {.value = tenths[i][1], .band = -1};
            count[om_change_classify(&rule, &first, &last)]++;
        }
        /* The published scheme has 16 recovered, since it does not ask for a clinical score before: two of
         * them (98.5 to 119, 99.5 to 116) began on the functional side. 3 more improved. */
        assert_int_equal(count[OM_CHANGE_RECOVERED], 14);
        assert_int_equal(count[OM_CHANGE_IMPROVED], 5);
        assert_int_equal(count[OM_CHANGE_UNCHANGED], 10);
        assert_int_equal(count[OM_CHANGE_DETERIORATED] + count[OM_CHANGE_HARMED], 1);
    }
}

/* --- limits -------------------------------------------------------------------------------------------- */

static enum om_change_class
class_of(const struct om_change_rule *rule, int64_t first, int64_t last)
{
    struct om_change_point from = {.value = first, .band = -1}, to = {.value = last, .band = -1};
    return om_change_classify(rule, &from, &to);
}

/* SD and r chosen so that S_diff is 3 exactly on paper and never in binary: 2 SD^2 (1 - r) = 9 with r = 0.9
 * and SD = sqrt(45). With z = 2 a change of 6 is on the limit, and not beyond it. */
static void
on_the_limit(void **state)
{
    (void)state;
    struct om_index_source people = {.reliability = number(.9), .sd_pre = number(sqrt(45))};
    struct om_change_rule rule = {.rule = OM_RULE_JT, .direction = OM_HIGHER_WORSE, .unit = 1};
    rule.cutoff = (struct om_change_cutoff){
        .kind = OM_CUTOFF_A, .direction = OM_HIGHER_WORSE, .at = 0.3 / 0.1 + 7, .reliability = 1};
    om_change_index_make(OM_INDEX_JT, &people, 2, &rule.index);
    assert_int_equal(class_of(&rule, 20, 14), OM_CHANGE_UNCHANGED);
    assert_int_equal(class_of(&rule, 14, 20), OM_CHANGE_UNCHANGED);
    assert_int_equal(class_of(&rule, 20, 13), OM_CHANGE_IMPROVED);
    assert_int_equal(class_of(&rule, 13, 20), OM_CHANGE_DETERIORATED);
    /* the cut-off is 10: a score on it is on neither side */
    assert_int_equal(class_of(&rule, 17, 9), OM_CHANGE_RECOVERED);
    assert_int_equal(class_of(&rule, 17, 10), OM_CHANGE_IMPROVED);
    assert_int_equal(class_of(&rule, 10, 3), OM_CHANGE_IMPROVED);
    assert_int_equal(class_of(&rule, 9, 17), OM_CHANGE_HARMED);
    assert_int_equal(class_of(&rule, 10, 17), OM_CHANGE_DETERIORATED);
    assert_int_equal(class_of(&rule, 3, 10), OM_CHANGE_DETERIORATED);
    rule.compatible = true; /* on the cut-off is not clinical before, and not functional after */
    assert_int_equal(class_of(&rule, 10, 17), OM_CHANGE_HARMED);
    assert_int_equal(class_of(&rule, 3, 10), OM_CHANGE_HARMED);
    assert_int_equal(class_of(&rule, 17, 10), OM_CHANGE_IMPROVED);
    rule.rule = OM_RULE_FUNCTIONAL;
    assert_int_equal(class_of(&rule, 10, 10), OM_CHANGE_DETERIORATED);
    assert_int_equal(class_of(&rule, 11, 9), OM_CHANGE_IMPROVED);
    rule.compatible = false;
    assert_int_equal(class_of(&rule, 10, 10), OM_CHANGE_UNCHANGED);
    assert_int_equal(class_of(&rule, 9, 11), OM_CHANGE_DETERIORATED);
    assert_int_equal(class_of(&rule, 11, 9), OM_CHANGE_IMPROVED);
    assert_int_equal(class_of(&rule, 11, 10), OM_CHANGE_UNCHANGED);
}

/* The cut-off undefined: reliable change is still told, recovery is not. */
static void
without_a_cutoff(void **state)
{
    (void)state;
    struct om_index_source people = {.reliability = number(.9), .sd_pre = number(5)};
    struct om_change_rule rule = {
        .rule = OM_RULE_JT, .unit = 1, .points = {5, 1}, .cutoff = {.reason = "none"}};
    om_change_index_make(OM_INDEX_JT, &people, Z, &rule.index);
    assert_int_equal(class_of(&rule, 20, 2), OM_CHANGE_IMPROVED);
    assert_int_equal(class_of(&rule, 2, 20), OM_CHANGE_DETERIORATED);
    rule.rule = OM_RULE_CWB;
    assert_int_equal(class_of(&rule, 20, 15), OM_CHANGE_IMPROVED);
    rule.rule = OM_RULE_FUNCTIONAL;
    assert_int_equal(class_of(&rule, 20, 2), OM_CHANGE_UNDEFINED);
    rule.rule = OM_RULE_JT;
    rule.index.reason = "none";
    assert_int_equal(class_of(&rule, 20, 2), OM_CHANGE_UNDEFINED);
}

/* Improvement and deterioration by points of their own, inclusive. */
static void
anchors(void **state)
{
    (void)state;
    struct om_change_rule rule = {
        .rule = OM_RULE_ANCHOR, .unit = 2, .points = {8, 1}, .points_worse = {5, 1}};
    assert_int_equal(class_of(&rule, 40, 24), OM_CHANGE_IMPROVED);
    assert_int_equal(class_of(&rule, 40, 25), OM_CHANGE_UNCHANGED);
    assert_int_equal(class_of(&rule, 24, 34), OM_CHANGE_DETERIORATED);
    assert_int_equal(class_of(&rule, 24, 33), OM_CHANGE_UNCHANGED);
    rule.direction = OM_HIGHER_BETTER;
    assert_int_equal(class_of(&rule, 24, 40), OM_CHANGE_IMPROVED);
    assert_int_equal(class_of(&rule, 24, 39), OM_CHANGE_UNCHANGED);
    assert_int_equal(class_of(&rule, 34, 24), OM_CHANGE_DETERIORATED);
}

/* From 0: nothing here; improved in the package, and deteriorated too where lower is better. */
static void
percent_of_zero(void **state)
{
    (void)state;
    struct om_change_rule rule = {.rule = OM_RULE_PERCENT, .unit = 1, .share = {3, 10}};
    const struct om_change_point zero = {.value = 0}, four = {.value = 4}, ten = {.value = 10},
                                 seven = {.value = 7};
    assert_int_equal(om_change_classify(&rule, &zero, &four), OM_CHANGE_UNDEFINED);
    assert_false(om_change_counts_twice(&rule, &zero, &four));
    assert_int_equal(om_change_classify(&rule, &ten, &seven), OM_CHANGE_IMPROVED); /* 3 / 10 exactly */
    rule.compatible = true;
    assert_int_equal(om_change_classify(&rule, &zero, &zero), OM_CHANGE_UNCHANGED);
    assert_int_equal(om_change_classify(&rule, &zero, &four), OM_CHANGE_IMPROVED);
    assert_true(om_change_counts_twice(&rule, &zero, &four));
    assert_false(om_change_counts_twice(&rule, &zero, &zero));
    assert_false(om_change_counts_twice(&rule, &four, &ten));
    rule.direction = OM_HIGHER_BETTER;
    assert_int_equal(om_change_classify(&rule, &zero, &four), OM_CHANGE_IMPROVED);
    assert_false(om_change_counts_twice(&rule, &zero, &four));
}

static void
undefined_inputs(void **state)
{
    (void)state;
    const struct om_stat none = {0, "n is 0"};
    const struct om_index_source good = {.reliability = number(.8),
                                         .reliability_post = number(.8),
                                         .mean_pre = number(20),
                                         .sd_pre = number(5),
                                         .mean_post = number(15),
                                         .sd_post = number(6),
                                         .sd_change = number(7)};
    struct om_change_index index;
    struct om_change_cutoff cutoff;
    for (int kind = 0; kind < OM_INDICES; kind++) {
        struct om_index_source source = good;
        om_change_index_make((enum om_index_kind)kind, &source, Z, &index);
        assert_null(index.reason);
        source.sd_pre = none;
        om_change_index_make((enum om_index_kind)kind, &source, Z, &index);
        assert_string_equal(index.reason, "n is 0");
        source.sd_pre = number(0);
        om_change_index_make((enum om_index_kind)kind, &source, Z, &index);
        assert_string_equal(index.reason, "all scores before are equal");
        static const double bad[] = {1, 1.2, -.1};
        for (size_t i = 0; i < 3; i++) {
            source = good;
            source.reliability = number(bad[i]);
            om_change_index_make((enum om_index_kind)kind, &source, Z, &index);
            assert_non_null(strstr(index.reason, "the reliability is"));
        }
        source = good;
        source.reliability = number(0); /* all error, and still an index: but HA has nothing left */
        om_change_index_make((enum om_index_kind)kind, &source, Z, &index);
        assert_true((index.reason != NULL) == (kind == OM_INDEX_HA));
        source = good;
        source.mean_post = source.sd_change = none;
        om_change_index_make((enum om_index_kind)kind, &source, Z, &index);
        assert_true((index.reason != NULL) == (kind == OM_INDEX_HLL || kind == OM_INDEX_HA));
        source = good;
        source.reliability_post = number(1);
        om_change_index_make((enum om_index_kind)kind, &source, Z, &index);
        assert_true((index.reason != NULL) == (kind == OM_INDEX_NK));
        source = good;
        source.sd_change = number(0);
        om_change_index_make((enum om_index_kind)kind, &source, Z, &index);
        assert_true((index.reason != NULL) == (kind == OM_INDEX_HA));
    }
    struct om_cutoff_source flat = {.clinical_mean = number(3),
                                    .clinical_sd = number(0),
                                    .functional_mean = number(1),
                                    .functional_sd = number(0)};
    for (int kind = OM_CUTOFF_A; kind <= OM_CUTOFF_C; kind++) {
        om_change_cutoff_make((enum om_cutoff_kind)kind, &flat, &cutoff);
        assert_non_null(strstr(cutoff.reason, "does not vary"));
    }
    om_change_index_make(OM_INDEX_HA, &good, Z_HA, &index);
    struct om_index_source people = good;
    people.sd_post = number(1); /* below the SEM, 2.24 */
    struct om_cutoff_source populations = {.clinical_mean = number(20), .clinical_sd = number(5)};
    populations.functional_mean = populations.functional_sd = none;
    om_change_cutoff_make_true(OM_CUTOFF_A, &populations, &people, &index, &cutoff);
    assert_string_equal(cutoff.reason, "the scores after vary no more than their error of measurement");
    populations.clinical_sd = number(2);
    om_change_cutoff_make_true(OM_CUTOFF_A, &populations, &good, &index, &cutoff);
    assert_string_equal(cutoff.reason, "a population varies no more than the error of measurement");
    om_change_cutoff_make_true(OM_CUTOFF_B, &populations, &good, &index, &cutoff);
    assert_string_equal(cutoff.reason, "n is 0");
}

/* --- what must hold of any panel ------------------------------------------------------------------------ */

static struct panel
random_panel(double better)
{
    struct panel panel = {.n = 60, .unit = 2, .better = better};
    for (size_t i = 0; i < panel.n; i++) {
        panel.pre[i] = 30 + test_random() % 40;
        panel.post[i] = panel.pre[i] - 20 + test_random() % 35;
    }
    panel.people.reliability = number(.85);
    panel.people.reliability_post = number(.8);
    panel.populations.functional_mean = number(better < 0 ? 8 : 30);
    panel.populations.functional_sd = number(5);
    describe(&panel);
    return panel;
}

static struct om_change_rule
rule_of(const struct panel *panel, enum om_rule id, enum om_cutoff_kind which)
{
    struct om_change_rule rule = {
        .rule = id, .direction = panel->populations.direction, .unit = panel->unit, .points = {6, 1}};
    enum om_index_kind kind = om_rule_is_index(id) ? (enum om_index_kind)(id - OM_RULE_JT) : OM_INDEX_HA;
    om_change_index_make(kind, &panel->people, kind == OM_INDEX_HA ? Z_HA : Z, &rule.index);
    if (id == OM_RULE_HA || id == OM_RULE_FUNCTIONAL_HA)
        om_change_cutoff_make_true(which, &panel->populations, &panel->people, &rule.index, &rule.cutoff);
    else
        om_change_cutoff_make(which, &panel->populations, &rule.cutoff);
    return rule;
}

/* Seen in a mirror (scores negated, the other way better), in other units, and from another origin, everyone
 * keeps the class. */
static void
metamorphoses(void **state)
{
    (void)state;
    for (int round = 0; round < 40; round++) {
        struct panel a = random_panel(round % 2 ? 1 : -1), mirror = a, wide = a, shifted = a;
        mirror.better = -a.better;
        wide.unit = 6; /* thirds of what it was: 3 times the integers, the same scores */
        for (size_t i = 0; i < a.n; i++) {
            mirror.pre[i] = -a.pre[i];
            mirror.post[i] = -a.post[i];
            wide.pre[i] = 3 * a.pre[i];
            wide.post[i] = 3 * a.post[i];
            shifted.pre[i] = a.pre[i] + 2 * 37;
            shifted.post[i] = a.post[i] + 2 * 37;
        }
        mirror.populations.functional_mean.value = -a.populations.functional_mean.value;
        shifted.populations.functional_mean.value = a.populations.functional_mean.value + 37;
        describe(&mirror);
        describe(&wide);
        describe(&shifted);
        for (enum om_rule id = OM_RULE_JT; id < OM_RULES; id++)
            for (int which = OM_CUTOFF_AUTO; which <= OM_CUTOFF_C; which++) {
                enum om_cutoff_kind kind = (enum om_cutoff_kind)which;
                struct om_change_rule rule[] = {rule_of(&a, id, kind), rule_of(&mirror, id, kind),
                                                rule_of(&wide, id, kind), rule_of(&shifted, id, kind)};
                for (size_t i = 0; i < a.n; i++) {
                    enum om_change_class class_ = class_of(&rule[0], a.pre[i], a.post[i]);
                    assert_int_equal(class_, class_of(&rule[1], mirror.pre[i], mirror.post[i]));
                    assert_int_equal(class_, class_of(&rule[2], wide.pre[i], wide.post[i]));
                    assert_int_equal(class_, class_of(&rule[3], shifted.pre[i], shifted.post[i]));
                }
            }
    }
}

/* --- groups -------------------------------------------------------------------------------------------- */

static void
groups_without_variation(void **state)
{
    (void)state;
    const struct om_description nobody = {.mean = {0, "n is 0"}, .sd = {0, "n is 0"}, .se = {0, "n is 0"}};
    const struct om_description flat = {.n = 4, .mean = {5, NULL}, .sd = {0, NULL}, .se = {0, NULL}};
    struct om_true_shares shares;
    om_true_shares(&flat, &flat, .5, 1, 3, -1, &shares);
    assert_undefined(shares.changed, "all changes are equal");
    assert_non_null(shares.functional.reason);
    om_true_shares(&nobody, &nobody, .5, 1, 3, -1, &shares);
    assert_undefined(shares.changed, "n is 0");
    assert_undefined(shares.functional, "n is 0");
    om_true_shares(&flat, &flat, 0, 1, 3, -1, &shares);
    assert_non_null(shares.changed.reason);
}

/* By where the interval lies between 0 and 5 points; toward worse against 3; both directions. */
static void
categories(void **state)
{
    (void)state;
    static const struct {
        double lower, estimate, upper;
        enum om_mid_category category;
        bool worse;
    } cases[] = {
        {-1, 2, 5, OM_MID_NOT_SIGNIFICANT, false}, {0, 2, 4, OM_MID_NOT_SIGNIFICANT, false},
        {-6, 0, 6, OM_MID_NOT_SIGNIFICANT, false}, {1, 2, 4, OM_MID_NOT_RELEVANT, false},
        {1, 4, 6, OM_MID_NOT_BEYOND, false},       {1, 4, 5, OM_MID_NOT_BEYOND, false},
        {3, 5, 7, OM_MID_PROBABLE, false},         {3, 6, 9, OM_MID_PROBABLE, false},
        {5, 6, 7, OM_MID_PROBABLE, false},         {5.5, 7, 9, OM_MID_LARGE, false},
        {-2.5, -2, -1, OM_MID_NOT_RELEVANT, true}, {-4, -2, -1, OM_MID_NOT_BEYOND, true},
        {-6, -4, -1, OM_MID_PROBABLE, true},       {-9, -7, -4, OM_MID_LARGE, true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct om_interval up = {.lower = cases[i].lower, .upper = cases[i].upper};
        struct om_interval down = {.lower = -cases[i].upper, .upper = -cases[i].lower};
        struct om_mid_verdict a = om_mid_verdict(number(cases[i].estimate), &up, 5, 3, 1);
        struct om_mid_verdict b = om_mid_verdict(number(-cases[i].estimate), &down, 5, 3, -1);
        assert_int_equal(a.category, cases[i].category);
        assert_int_equal(b.category, cases[i].category);
        assert_int_equal(a.worse, cases[i].worse);
        assert_int_equal(b.worse, cases[i].worse);
    }
    struct om_interval none = {.reason = "n is 1"};
    assert_string_equal(om_mid_verdict(number(1), &none, 5, 5, 1).reason, "n is 1");
    assert_string_equal(om_mid_id(OM_MID_LARGE), "large");
    assert_string_equal(om_mid_id(OM_MID_CATEGORIES), "");
    assert_string_equal(om_mid_words(OM_MID_CATEGORIES), "");
}

static void
names(void **state)
{
    (void)state;
    assert_string_equal(om_index_id(OM_INDEX_HA), "ha");
    assert_string_equal(om_index_id(OM_INDICES), "");
    assert_string_equal(om_cutoff_id(OM_CUTOFF_AUTO), "auto");
    assert_string_equal(om_cutoff_id((enum om_cutoff_kind)9), "");
    for (int kind = 0; kind < OM_INDICES; kind++)
        assert_string_equal(om_index_id((enum om_index_kind)kind),
                            om_rule_id((enum om_rule)(OM_RULE_JT + kind)));
    struct om_change_index index;
    om_change_index_make(
        OM_INDICES, &(struct om_index_source){.sd_pre = {1, NULL}, .reliability = {.5, NULL}}, Z, &index);
    assert_string_equal(index.reason, "there is no such index");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_the_formulas_have_it),
        cmocka_unit_test(published_example),
        cmocka_unit_test(couples),
        cmocka_unit_test(on_the_limit),
        cmocka_unit_test(without_a_cutoff),
        cmocka_unit_test(anchors),
        cmocka_unit_test(percent_of_zero),
        cmocka_unit_test(undefined_inputs),
        cmocka_unit_test(metamorphoses),
        cmocka_unit_test(groups_without_variation),
        cmocka_unit_test(categories),
        cmocka_unit_test(names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
