/*
 * An analysis made by hand: four instruments and a short form, three groups, two occasions. The numbers are
 * made up but hang together, as the tests here are about showing numbers, not about computing them.
 */
#ifndef OM_TESTS_REPORT_FIXTURE_H
#define OM_TESTS_REPORT_FIXTURE_H

#include "support/support.h"

#include <math.h>
#include <omstat/analysis.h>
#include <stdio.h>
#include <string.h>

/* Definitions hold char * that the library owns; these stand for it. */
#define T(text) ((char[]){text})

static struct om_band phq_bands[] = {
    {T("minimal"), T("minimal"), {0, 1}},    {T("mild"), T("mild"), {5, 1}},
    {T("moderate"), T("moderate"), {10, 1}}, {T("moderately_severe"), T("moderately severe"), {15, 1}},
    {T("severe"), T("severe"), {20, 1}},
};
static struct om_band bipf_bands[] = {
    {T("none"), T("none"), {0, 1}},          {T("mild"), T("mild"), {11, 1}},
    {T("moderate"), T("moderate"), {31, 1}}, {T("severe"), T("severe"), {51, 1}},
    {T("extreme"), T("extreme"), {81, 1}},
};
static struct om_cutoff at_10[] = {{.id = T("10"), .at = {10, 1}, .is_default = true}};
static struct om_cutoff at_33[] = {{.id = T("33"), .at = {33, 1}, .is_default = true}};
static struct om_cutoff at_3[] = {{.id = T("3"), .at = {3, 1}, .is_default = true}};
static struct om_cutoff at_1[] = {{.id = T("1"), .at = {1, 1}, .is_default = true}};
static struct om_cutoff bipf_11[] = {{.id = T("11"), .at = {11, 1}, .is_default = true, .is_choice = true}};
static struct om_threshold points_6[] = {
    {.id = T("nhs"), .kind = T("reliable"), .points = {6, 1}, .is_default = true}};
static struct om_threshold points_4[] = {
    {.id = T("nhs"), .kind = T("reliable"), .points = {4, 1}, .is_default = true}};
static struct om_threshold points_15[] = {
    {.id = T("mcid"), .kind = T("meaningful"), .points = {10, 1}, .is_default = true},
    {.id = T("marx"), .kind = T("reliable"), .points = {15, 1}, .is_default = true}};

static struct om_scale phq9_scales[] = {
    {.id = T("total"),
     .label = T("Total"),
     .maximum = {27, 1},
     .minimum = {0, 1},
     .band = phq_bands,
     .n_bands = 5,
     .cutoff = at_10,
     .n_cutoffs = 1,
     .threshold = points_6,
     .n_thresholds = 1,
     .has_remission = true,
     .remission_below = {5, 1}},
    {.id = T("algorithm"),
     .label = T("depressive syndrome"),
     .combine = OM_COMBINE_CLASS,
     .maximum = {2, 1},
     .minimum = {0, 1}},
    {.id = T("item9"),
     .label = T("Item 9"),
     .maximum = {3, 1},
     .minimum = {0, 1},
     .cutoff = at_1,
     .n_cutoffs = 1},
};
static struct om_scale gad7_scales[] = {{.id = T("total"),
                                         .label = T("Total"),
                                         .maximum = {21, 1},
                                         .minimum = {0, 1},
                                         .band = phq_bands,
                                         .n_bands = 4,
                                         .cutoff = at_10,
                                         .n_cutoffs = 1,
                                         .threshold = points_4,
                                         .n_thresholds = 1}};
static struct om_scale pcl5_scales[] = {
    {.id = T("total"),
     .label = T("Total"),
     .maximum = {80, 1},
     .minimum = {0, 1},
     .cutoff = at_33,
     .n_cutoffs = 1,
     .threshold = points_15,
     .n_thresholds = 2},
    {.id = T("cluster_b"), .label = T("cluster B: intrusion"), .maximum = {20, 1}, .minimum = {0, 1}},
    {.id = T("cluster_c"), .label = T("cluster C: avoidance"), .maximum = {8, 1}, .minimum = {0, 1}},
    {.id = T("provisional_ptsd"),
     .label = T("provisional PTSD"),
     .combine = OM_COMBINE_CLASS,
     .maximum = {1, 1},
     .minimum = {0, 1}},
};
static struct om_scale bipf_scales[] = {{.id = T("total"),
                                         .label = T("Score"),
                                         .combine = OM_COMBINE_PERCENT,
                                         .maximum = {100, 1},
                                         .minimum = {0, 1},
                                         .band = bipf_bands,
                                         .n_bands = 5,
                                         .cutoff = bipf_11,
                                         .n_cutoffs = 1}};
static struct om_scale phq2_scales[] = {{.id = T("total"),
                                         .label = T("Total"),
                                         .maximum = {6, 1},
                                         .minimum = {0, 1},
                                         .cutoff = at_3,
                                         .n_cutoffs = 1}};
static struct om_safety phq9_safety[] = {
    {.scale = T("item9"), .item = 8, .at_least = 1, .label = T("thoughts of death or self-harm")}};

static struct om_instrument fixture_instruments[] = {
    {.id = T("phq9"),
     .version = T("1"),
     .name = T("PHQ-9"),
     .title = T("Patient Health Questionnaire, 9 items"),
     .scale = phq9_scales,
     .n_scales = 3,
     .safety = phq9_safety,
     .n_safety = 1,
     .sha256 = "aa"},
    {.id = T("gad7"),
     .version = T("1"),
     .name = T("GAD-7"),
     .title = T("Generalised Anxiety Disorder scale, 7 items"),
     .scale = gad7_scales,
     .n_scales = 1,
     .sha256 = "bb"},
    {.id = T("pcl5"),
     .version = T("1"),
     .name = T("PCL-5"),
     .title = T("PTSD Checklist for DSM-5"),
     .scale = pcl5_scales,
     .n_scales = 4,
     .sha256 = "cc"},
    {.id = T("bipf"),
     .version = T("1"),
     .name = T("B-IPF"),
     .title = T("Brief Inventory of Psychosocial Functioning"),
     .scale = bipf_scales,
     .n_scales = 1,
     .sha256 = "dd"},
    {.id = T("phq2"),
     .version = T("1"),
     .name = T("PHQ-2"),
     .title = T("Patient Health Questionnaire, 2 items"),
     .parent = T("phq9"),
     .scale = phq2_scales,
     .n_scales = 1,
     .sha256 = "ee"},
};
enum { FIXTURE_INSTRUMENTS = 5 };

enum { FIXTURE_GROUPS_MAX = 256 };

struct fixture {
    struct om_analysis analysis;
    char name[FIXTURE_GROUPS_MAX][96];
    const char *group[FIXTURE_GROUPS_MAX];
    const char *occasion[2];
    const struct om_instrument *instrument[FIXTURE_INSTRUMENTS];
    struct om_scale_info scale[16];
    struct om_person_ledger ledger[FIXTURE_GROUPS_MAX * FIXTURE_INSTRUMENTS];
    struct om_input_info input[1];
    char *reading[2];
    char *option[2];
};

/* Ways in which a study can be unlike the usual one. */
struct fixture_shape {
    size_t groups; /* beside "all" */
    bool one_occasion;
    const char *population;
    uint64_t persons; /* in each group */
    bool evil_names;
};

struct fixture_row {
    struct fixture *fixture;
    const struct om_scale_info *info;
    const char *group, *population, *occasion, *rule;
};

static inline struct om_result
fixture_key(const struct fixture_row *at, const char *statistic)
{
    return (struct om_result){.group = at->group,
                              .instrument = at->info->instrument->id,
                              .scale = at->info->scale->id,
                              .population = at->population,
                              .occasion = at->occasion,
                              .rule = at->rule,
                              .statistic = statistic};
}

static inline void
fixture_add(const struct fixture_row *at, struct om_result row)
{
    struct om_error err;
    assert_ok(om_results_add(&at->fixture->analysis.results, &row, &err));
}

static inline void
fixture_value(const struct fixture_row *at, const char *statistic, double value, uint64_t n)
{
    struct om_result row = fixture_key(at, statistic);
    row.has_value = true;
    row.value = value;
    row.has_n = true;
    row.n = n;
    fixture_add(at, row);
}

static inline void
fixture_undefined(const struct fixture_row *at, const char *statistic, const char *note)
{
    struct om_result row = fixture_key(at, statistic);
    row.note = note;
    fixture_add(at, row);
}

static inline void
fixture_mean(const struct fixture_row *at, const char *statistic, double value, double half, uint64_t n,
             const char *method)
{
    struct om_result row = fixture_key(at, statistic);
    row.has_value = row.has_interval = row.has_level = row.has_n = true;
    row.value = value;
    row.lower = value - half;
    row.upper = value + half;
    row.level = 0.95;
    row.method = method;
    row.n = n;
    if (n < 2) {
        row.has_interval = row.has_level = false;
        row.note = "fewer than 2 values";
    }
    fixture_add(at, row);
}

static inline void
fixture_share(const struct fixture_row *at, const char *statistic, uint64_t k, uint64_t n)
{
    struct om_result row = fixture_key(at, statistic);
    row.has_ratio = row.has_n = true;
    row.numerator = k;
    row.denominator = row.n = n;
    row.method = "wilson";
    if (n == 0) {
        row.note = "nobody is in this population";
    } else { /* Wilson 1927, z = 1.96 */
        double z = 1.959963984540054, p = (double)k / (double)n, q = z * z / (double)n;
        double half = z * sqrt(p * (1 - p) / (double)n + q / (4 * (double)n)) / (1 + q);
        row.has_value = row.has_interval = row.has_level = true;
        row.value = p;
        row.lower = (p + q / 2) / (1 + q) - half;
        row.upper = (p + q / 2) / (1 + q) + half;
        row.level = 0.95;
    }
    fixture_add(at, row);
}

/* Scores at one occasion, around `mean`. */
static inline void
fixture_scores(const struct fixture_row *at, double mean, double sd, uint64_t n)
{
    fixture_value(at, "n", (double)n, n);
    if (n == 0) {
        fixture_undefined(at, "mean", "no values");
        fixture_undefined(at, "sd", "no values");
        return;
    }
    fixture_mean(at, "mean", mean, 2 * sd / sqrt((double)n), n, "t");
    if (n < 2)
        fixture_undefined(at, "sd", "fewer than 2 values");
    else
        fixture_value(at, "sd", sd, n);
    fixture_value(at, "median", floor(mean), n);
    fixture_value(at, "q1", floor(mean) - 3, n);
    fixture_value(at, "q3", floor(mean) + 4, n);
    fixture_value(at, "min", 0, n);
    fixture_value(at, "max", om_fraction_value(at->info->scale->maximum), n);
}

static inline void
fixture_bands(const struct fixture_row *at, bool late, uint64_t n)
{
    static const double before[] = {.07, .18, .35, .25, .15}, after[] = {.40, .33, .16, .08, .03};
    uint64_t left = n;
    for (size_t i = at->info->scale->n_bands; i-- > 0;) {
        char statistic[64];
        snprintf(statistic, sizeof statistic, "band.%s", at->info->scale->band[i].id);
        uint64_t k = i ? (uint64_t)((late ? after : before)[i] * (double)n + .5) : left;
        k = k > left ? left : k;
        left -= k;
        fixture_share(at, statistic, k, n);
    }
}

static inline void
fixture_classes(struct fixture_row at, bool positive, uint64_t n)
{
    static const struct {
        const char *rule;
        double improved, worse;
    } rules[] = {{"shift", .61, .05},    {"band", .66, .07},      {"band-or-shift", .74, .08},
                 {"screen", .55, .02},   {"reliable", .52, .034}, {"percent", .41, .02},
                 {"remission", .33, .01}};
    for (size_t r = 0; r < sizeof rules / sizeof *rules; r++) {
        const struct om_scale *scale = at.info->scale;
        if ((strstr(rules[r].rule, "band") && !scale->n_bands) ||
            (strcmp(rules[r].rule, "reliable") == 0 && !scale->n_thresholds) ||
            (strcmp(rules[r].rule, "remission") == 0 && !scale->has_remission))
            continue;
        uint64_t of = strcmp(rules[r].rule, "percent") == 0 && !positive && n ? n - 1 : n;
        uint64_t improved = (uint64_t)(rules[r].improved * (double)of),
                 worse = (uint64_t)(rules[r].worse * (double)of);
        at.rule = rules[r].rule;
        fixture_share(&at, "class.improved", improved, of);
        fixture_share(&at, "class.unchanged", of - improved - worse, of);
        fixture_share(&at, "class.deteriorated", worse, of);
    }
}

/* Jacobson & Truax: five classes, those clinical before again, and once what holds for everyone. */
static inline void
fixture_five(struct fixture_row at, bool first, uint64_t n)
{
    static const char *const classes[] = {"recovered", "improved", "unchanged", "deteriorated", "harmed"};
    const uint64_t clinical = n * 9 / 10, recovered = n / 4, improved = n / 5, deteriorated = n / 20, harmed = n / 50;
    const uint64_t count[] = {recovered, improved, n - recovered - improved - deteriorated - harmed, deteriorated,
                              harmed};
    const uint64_t of_clinical[] = {recovered, improved, clinical - recovered - improved - deteriorated,
                                    deteriorated};
    char statistic[40];
    at.rule = "jt";
    for (int c = 0; c < 5; c++) {
        snprintf(statistic, sizeof statistic, "class.%s", classes[c]);
        fixture_share(&at, statistic, count[c], n);
    }
    fixture_share(&at, "improved.any", recovered + improved, n);
    fixture_share(&at, "deteriorated.any", deteriorated + harmed, n);
    for (int c = 0; c < 4; c++) {
        snprintf(statistic, sizeof statistic, "of_clinical.%s", classes[c]);
        fixture_share(&at, statistic, of_clinical[c], clinical);
    }
    if (!first)
        return;
    struct om_result row = fixture_key(&at, "cutoff");
    row.has_value = true;
    row.value = 6.4;
    row.note = "reliability 0.84 (phq9, primary_care_retest), SD 5.6 (the sample); cut-off c at 6.4 (clinical: the "
               "sample; functional: the study)";
    fixture_add(&at, row);
    fixture_value(&at, "points", 6.2088, n);
}

static inline void
fixture_change(const struct fixture_row *at, double mean, double sd, uint64_t n)
{
    static const char *const effect[] = {"d_z", "d_av", "d_rm", "g_z", "g_av", "rank_biserial"};
    fixture_value(at, "n", (double)n, n);
    if (n == 0) {
        fixture_undefined(at, "mean", "no pairs");
        fixture_undefined(at, "t.p", "fewer than 2 pairs");
        fixture_undefined(at, "d_z", "fewer than 2 pairs");
        return;
    }
    fixture_mean(at, "mean", mean, 2 * sd / sqrt((double)n), n, "t");
    if (n < 2) {
        fixture_undefined(at, "t.p", "fewer than 2 pairs");
        fixture_undefined(at, "d_z", "fewer than 2 pairs");
        return;
    }
    double t = mean / sd * sqrt((double)n);
    fixture_value(at, "t.statistic", t, n);
    fixture_value(at, "t.df", (double)n - 1, n);
    fixture_value(at, "t.p", exp(-t * t / 2), n);
    fixture_value(at, "wilcoxon.p", exp(-t * t / 2.2), n);
    fixture_value(at, "mcnemar.exact_p", exp(-t * t / 6), n);
    fixture_value(at, "correlation", .47, n);
    for (size_t i = 0; i < sizeof effect / sizeof *effect; i++)
        fixture_mean(at, effect[i], mean / sd * (1 - .04 * (double)i), .21, n, "noncentral-t");
}

static inline void
fixture_safety(struct fixture_row at, bool two, uint64_t n)
{
    static const char *const category[] = {"emergent", "worsening", "persistent",
                                           "resolved", "absent",    "unanswered"};
    const uint64_t k[] = {n / 40, n / 60, n / 15, n / 8, 0, n / 30};
    uint64_t left = n;
    for (size_t i = 0; i < 6; i++)
        left -= k[i];
    at.occasion = "pre";
    fixture_share(&at, "present", n / 15 + n / 8 + n / 60, n - n / 30);
    fixture_value(&at, "unanswered", (double)(n / 30), n);
    if (!two)
        return;
    at.occasion = "post";
    fixture_share(&at, "present", n / 15 + n / 40 + n / 60, n - n / 30);
    fixture_value(&at, "unanswered", (double)(n / 30), n);
    at.occasion = "change";
    at.rule = "safety";
    for (size_t i = 0; i < 6; i++) {
        char statistic[32];
        snprintf(statistic, sizeof statistic, "class.%s", category[i]);
        fixture_share(&at, statistic, i == 4 ? left : k[i], n);
    }
}

/* Every row of one scale and group. */
static inline void
fixture_scale(struct fixture *f, const struct om_scale_info *info, size_t group, uint64_t n, bool two)
{
    double top = om_fraction_value(info->scale->maximum), tilt = .02 * (double)(group % 5);
    struct fixture_row at = {f, info, f->group[group], "all", "pre", ""};
    if (strcmp(info->scale->id, "item9") == 0) {
        fixture_safety(at, two, n);
        return;
    }
    bool class = info->scale->combine == OM_COMBINE_CLASS;
    for (int positive = 0; positive < (info->cutoff ? 2 : 1); positive++) {
        uint64_t of = positive ? n * 7 / 10 : n;
        at.population = positive ? "positive" : "all";
        for (int late = 0; late <= two; late++) {
            at.occasion = late ? "post" : "pre";
            if (!class)
                fixture_scores(&at, top * (late ? .29 : .51 + .08 * positive + tilt), top * (late ? .2 : .19),
                               of);
            if (info->cutoff || class)
                fixture_share(&at, "positive", positive && !late ? of : of * (late ? 3 : 7) / 10, of);
            fixture_bands(&at, late, of);
            if (!positive && !class && of > 2)
                fixture_mean(&at, "alpha", late ? .91 : .89, .031, of, "feldt");
        }
        at.occasion = "change";
        if (two && !class) {
            fixture_change(&at, -top * (.22 + .08 * positive + tilt), top * .21, of);
            fixture_classes(at, positive, of);
            if (info->scale->n_thresholds)
                fixture_five(at, group == 0, of);
        }
    }
}

static char fixture_reading[2][64] = {"phq9_1_pre ... phq9_9_pre are items 1 to 9 of PHQ-9 at pre",
                                      "cohort is the group"};
static char fixture_option[2][32] = {"by: cohort", "missing-rule: complete"};

static inline void
fixture_describe(struct fixture *f)
{
    struct om_analysis *a = &f->analysis;
    f->input[0] = (struct om_input_info){.path = "panel.csv", .bytes = 24310, .records = a->records.read, .digest_name = "sha256", .digest = "0123456789abcdef"};
    f->reading[0] = fixture_reading[0];
    f->reading[1] = fixture_reading[1];
    f->option[0] = fixture_option[0];
    f->option[1] = fixture_option[1];
    a->input = f->input;
    a->n_inputs = 1;
    a->reading = f->reading;
    a->n_reading = 2;
    a->option = f->option;
    a->n_options = 2;
    a->missing_rule = "complete";
    a->shift = (struct om_fraction){5, 1};
}

static inline void
fixture_names(struct fixture *f, const struct fixture_shape *shape)
{
    static const char *const evil[] = {
        "cohort=<b>|x|</b> *a* _b_ `c`\n| [d](e) & \\ @f #1 $g$", "cohort=\x1b[31mred\xff\xc3\x28 =1,\"2\"",
        "cohort=a very long name of a programme that will not fit any column of this table, site north 17"};
    f->group[0] = "all";
    for (size_t g = 1; g <= shape->groups; g++) {
        if (shape->evil_names && g <= 3)
            snprintf(f->name[g], sizeof f->name[g], "%s", evil[g - 1]);
        else
            snprintf(f->name[g], sizeof f->name[g], "cohort=%zu", g);
        f->group[g] = f->name[g];
    }
}

static inline void
fixture_scales(struct fixture *f)
{
    struct om_analysis *a = &f->analysis;
    for (size_t i = 0; i < FIXTURE_INSTRUMENTS; i++) {
        f->instrument[i] = &fixture_instruments[i];
        for (size_t j = 0; j < fixture_instruments[i].n_scales; j++) {
            struct om_scale *scale = &fixture_instruments[i].scale[j];
            f->scale[a->n_scales++] = (struct om_scale_info){
                .instrument = &fixture_instruments[i],
                .scale = scale,
                .cutoff = scale->cutoff,
                .cutoff_at = scale->cutoff ? scale->cutoff->at : (struct om_fraction){0, 0},
                .shift = {strcmp(fixture_instruments[i].id, "bipf") == 0 ? 10 : 5, 1},
                .share = {1, 2}};
        }
    }
    a->instrument = f->instrument;
    a->n_instruments = FIXTURE_INSTRUMENTS;
    a->scale = f->scale;
}

static inline struct fixture *
fixture_new(struct fixture_shape shape)
{
    struct fixture *f = calloc(1, sizeof *f);
    struct om_analysis *a = &f->analysis;
    bool two = !shape.one_occasion;
    f->occasion[0] = "pre";
    f->occasion[1] = "post";
    fixture_names(f, &shape);
    a->group = f->group;
    a->n_groups = shape.groups + 1;
    a->occasion = f->occasion;
    a->n_occasions = two ? 2 : 1;
    a->first = "pre";
    a->last = two ? "post" : NULL;
    a->population = shape.population ? shape.population : "all";
    a->persons = shape.persons * (shape.groups ? shape.groups : 1);
    a->without_partner = two ? a->persons / 20 : 0;
    a->records = (struct om_record_ledger){a->persons + 2, a->persons, 1, 1};
    fixture_scales(f);
    fixture_describe(f);
    a->ledger = f->ledger;
    for (size_t g = 0; g < a->n_groups; g++) {
        uint64_t n = g ? shape.persons : a->persons;
        for (size_t i = 0; i < a->n_scales; i++)
            fixture_scale(f, &f->scale[i], g, n, two);
        for (size_t i = 0; i < a->n_instruments; i++)
            f->ledger[a->n_ledger++] = (struct om_person_ledger){
                f->group[g], f->instrument[i]->id, n + 2, n + 1, n * 7 / 10 + 1, n, n * 7 / 10, true};
    }
    return f;
}

static inline void
fixture_free(struct fixture *f)
{
    om_results_release(&f->analysis.results);
    free(f);
}

#endif
