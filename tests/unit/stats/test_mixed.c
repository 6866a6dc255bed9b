#include <omstat/mixed.h>

#include <math.h>
#include <stdio.h>
#include "base/memory.h"
#include "stats/growth.h"
#include "stats/outcome.h"
#include "unit/stats/rows.h"

static struct rows rows;
static struct om_error err;

/* What lme4 reaches: its optimisers stop when theta moves by less than 1e-7 or so, so the criterion, which is
 * flat there, agrees to 1e-10, but what depends on theta to first order no better than that. On the boundary
 * it stops at a theta of 1e-5 where ours is 0. lmerTest differences numerically for its degrees of freedom. */
struct tolerance {
    double criterion, effect, se, variance, df;
};
static const struct tolerance usual = {1e-10, 1e-7, 1e-6, 1e-5, 1e-4};
static const struct tolerance boundary = {1e-9, 1e-6, 1e-5, 1e-4, 1e-3};

static void
check_effect(const struct om_fixed_effect *got, const json_t *want, size_t i, const struct tolerance *t)
{
    char path[32];
    const double se = json_number_value(json_array_get(json_object_get(want, "se"), i));
    const struct {
        const char *key;
        struct om_stat got;
        double rel, absolute;
    } all[] = {{"estimate", got->estimate, t->effect, t->effect * se},
               {"se", got->se, t->se, 0},
               {"df", got->df, t->df, 0},
               {"t", got->t, t->se * 10, 1e-7},
               {"p", got->p, t->df * 10, 1e-9},
               {"lower", {got->interval.lower, got->interval.reason}, t->se * 10, t->se * se},
               {"upper", {got->interval.upper, got->interval.reason}, t->se * 10, t->se * se}};
    for (size_t k = 0; k < sizeof all / sizeof all[0]; k++) {
        snprintf(path, sizeof path, "%s %zu", all[k].key, i);
        check_stat(all[k].got, json_array_get(json_object_get(want, all[k].key), i), all[k].rel,
                   all[k].absolute, path);
    }
}

/* Coefficients stand in the order of lme4: intercept, time, the groups, time by the groups. */
static void
check_effects(const struct om_mixed_group *group, size_t n_groups, const json_t *want,
              const struct tolerance *t)
{
    check_effect(&group[0].intercept, want, 0, t);
    check_effect(&group[0].slope, want, 1, t);
    for (size_t g = 1; g < n_groups; g++) {
        check_effect(&group[g].intercept_difference, want, 1 + g, t);
        check_effect(&group[g].slope_difference, want, n_groups + g, t);
    }
}

static void
check_people(const struct om_mixed_result *fit, const struct om_mixed_group *group, const json_t *want,
             const struct tolerance *t)
{
    const double scale0 = sqrt(fit->covariance[0]), scale1 = sqrt(fit->covariance[2]);
    size_t at = 0;
    for (size_t i = 0; i < rows.all.n; i++) {
        const int32_t *row = om_trajectory(&rows.all, i);
        struct om_growth person;
        bool any = false;
        for (size_t k = 0; k < rows.all.n_occasions; k++)
            any |= row[k] != OM_NO_SCORE;
        if (!any)
            continue;
        const struct om_mixed_group *own = &group[rows.n_groups > 1 ? rows.group_of[i] : 0];
        om_mixed_person(fit, own, &rows.all, row, &person);
        const double loose = 1000 * t->effect;
        assert_true(fabs(person.intercept - json_number_value(json_array_get(json_object_get(want, "mode0"), at))) <=
                    loose * scale0);
        assert_true(fabs(person.slope - json_number_value(json_array_get(json_object_get(want, "mode1"), at))) <=
                    loose * scale1);
        assert_true(fabs(person.intercept_sd - json_number_value(json_array_get(json_object_get(want, "sd0"), at))) <=
                    loose * scale0);
        assert_true(fabs(person.slope_sd - json_number_value(json_array_get(json_object_get(want, "sd1"), at))) <=
                    loose * scale1);
        at++;
    }
    assert_int_equal(at, json_array_size(json_object_get(want, "mode0")));
}

static void
check_fit(const char *name, const struct om_trajectories *groups, size_t n_groups, const json_t *want)
{
    struct om_mixed_group group[GROUPS_MAX];
    struct om_mixed_result fit;
    assert_ok(om_mixed(groups, n_groups, 1, 0.95, group, &fit, &err));
    if (fit.reason)
        fail_msg("%s: %s", name, fit.reason);
    printf("%-18s reml %.12f (%+.1e)%s\n", name, fit.reml.value, fit.reml.value - json_at(want, "reml"),
           fit.singular ? " singular" : "");
    const bool singular = json_at(want, "singular") != 0;
    const struct tolerance *t = singular ? &boundary : &usual;
    assert_int_equal(fit.singular, singular);
    /* never worse than lme4, and no better than its tolerance explains */
    assert_true(fit.reml.value <= json_at(want, "reml") + 1e-8);
    assert_close(fit.reml.value, json_at(want, "reml"), t->criterion);
    check_effects(group, n_groups, want, t);
    check_stat(fit.residual_sd, json_object_get(want, "residual_sd"), t->variance, 0, "residual_sd");
    check_stat(fit.intercept_sd, json_object_get(want, "intercept_sd"), t->variance, 1e-4, "intercept_sd");
    check_stat(fit.slope_sd, json_object_get(want, "slope_sd"), t->variance, 1e-4, "slope_sd");
    if (!json_is_null(json_object_get(want, "correlation")))
        check_stat(fit.correlation, json_object_get(want, "correlation"), 10 * t->variance, 1e-5, "correlation");
    if (n_groups > 1) {
        check_stat(fit.slopes_chi2, json_object_get(want, "slopes_chi2"), 20 * t->se, 1e-7, "slopes_chi2");
        check_stat(fit.slopes_p, json_object_get(want, "slopes_p"), 100 * t->se, 1e-9, "slopes_p");
    }
    check_people(&fit, group, want, t);
}

static void
as_lme4_has_it(void **state)
{
    (void)state;
    json_t *root = load_json("tests/oracle/mixed.json"), *panel;
    const char *name;
    json_object_foreach(root, name, panel)
    {
        if (strcmp(name, "claus") == 0)
            continue;
        rows_of_json(panel, &rows);
        check_fit(name, rows.group, rows.n_groups, json_object_get(panel, "expect"));
    }
    json_decref(root);
}

static void
real_people(void **state)
{
    (void)state;
    if (!shared_path("change_classification/claus_2020.csv"))
        skip();
    json_t *root = load_json("tests/oracle/mixed.json"), *fits;
    const char *outcome;
    json_object_foreach(json_object_get(root, "claus"), outcome, fits)
    {
        rows_of_claus(shared_path("change_classification/claus_2020.csv"), outcome, &rows);
        check_fit(outcome, rows.group, 2, json_object_get(fits, "arms"));
        rows.n_groups = 1;
        check_fit(outcome, &rows.all, 1, json_object_get(fits, "one"));
    }
    json_decref(root);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_lme4_has_it),
        cmocka_unit_test(real_people),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
