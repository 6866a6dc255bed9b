#include <omstat/sudden_gains.h>

#include <stdio.h>
#include "base/memory.h"
#include "unit/stats/rows.h"

static struct rows rows;
static struct om_error err;

enum { NO = OM_NO_SCORE };

static const struct om_sudden_gain_rule bdi = {.points = {7, 1}, .share = {1, 4}, .alpha = 0.05};

static void
check_count(const struct om_sudden_count *got, const json_t *want)
{
    assert_close((double)got->persons, json_at(want, "persons"), 0);
    assert_close((double)got->steps, json_at(want, "steps"), 0);
    assert_close((double)got->reversed, json_at(want, "reversed"), 0);
    assert_close((double)got->reversed_persons, json_at(want, "reversed_persons"), 0);
    assert_close(got->mean_size, json_at(want, "mean_size"), 1e-14);
}

/* Which person and interval, one by one. */
static void
check_steps(const struct om_sudden_gain_rule *rule, const json_t *want, bool loss)
{
    const json_t *row = json_object_get(want, "row"), *from = json_object_get(want, "from");
    size_t at = 0;
    for (size_t i = 0; i < rows.all.n; i++) {
        struct om_sudden_step step[OCCASIONS_MAX];
        size_t looked_at, n = om_sudden_steps(rule, om_trajectory(&rows.all, i), rows.all.n_occasions,
                                              rows.all.unit, step, &looked_at);
        for (size_t s = 0; s < n; s++) {
            if (step[s].loss != loss)
                continue;
            assert_close((double)i, json_number_value(json_array_get(row, at)), 0);
            assert_close((double)step[s].from, json_number_value(json_array_get(from, at)), 0);
            at++;
        }
    }
    assert_int_equal(at, json_array_size(row));
}

static void
check_panel(json_t *gains)
{
    const char *name;
    json_t *want;
    json_object_foreach(gains, name, want)
    {
        struct om_sudden_gain_rule rule = bdi;
        struct om_sudden_gains_result r;
        rule.points = (struct om_fraction){(int64_t)json_at(want, "cut"), 1};
        rule.critical = json_at(want, "critical");
        rule.alpha = json_at(want, "alpha");
        assert_ok(om_sudden_gains(&rows.all, &rule, &r, &err));
        assert_close((double)r.persons, json_at(want, "persons"), 0);
        assert_close((double)r.intervals, json_at(want, "intervals"), 0);
        check_count(&r.gain, json_object_get(want, "gain"));
        check_count(&r.loss, json_object_get(want, "loss"));
        check_steps(&rule, json_object_get(want, "gain"), false);
        check_steps(&rule, json_object_get(want, "loss"), true);
    }
}

static void
as_the_criteria_say(void **state)
{
    (void)state;
    json_t *root = load_json("tests/oracle/waves.json"), *want;
    const char *name;
    json_object_foreach(root, name, want)
    {
        if (!json_object_get(want, "y"))
            continue;
        rows_of_json(want, &rows);
        check_panel(json_object_get(want, "gains"));
    }
    json_decref(root);
}

static void
real_sessions(void **state)
{
    (void)state;
    const char *path = shared_path("session_series/sgdata.csv");
    if (!path)
        skip();
    rows_of_wide(path, "bdi_s1", 12, &rows);
    json_t *root = load_json("tests/oracle/waves.json");
    check_panel(json_object_get(json_object_get(root, "sgdata"), "gains"));
    json_decref(root);
}

static size_t
steps_of(const struct om_sudden_gain_rule *rule, const int32_t *row, size_t n, struct om_sudden_step *step,
         size_t *looked_at)
{
    return om_sudden_steps(rule, row, n, 1, step, looked_at);
}

/* One row a limit: exactly on it, and just beyond. */
static void
limits(void **state)
{
    (void)state;
    struct om_sudden_step step[8];
    size_t looked;
    const int32_t seven[] = {25, 25, 25, 18, 18, 18}, six[] = {24, 24, 24, 18, 18, 18};
    assert_int_equal(steps_of(&bdi, seven, 6, step, &looked), 1); /* 7 of 25 is 28 %, and nothing varies */
    assert_true(step[0].from == 2 && step[0].size == 7 && !step[0].loss && !step[0].reversed);
    assert_int_equal(looked, 3); /* not the first and the last step: one score on one side */
    assert_int_equal(steps_of(&bdi, six, 6, step, &looked), 0);
    const int32_t quarter[] = {28, 28, 28, 21, 21, 21}, less[] = {29, 29, 29, 22, 22, 22};
    assert_int_equal(steps_of(&bdi, quarter, 6, step, &looked), 1);
    assert_int_equal(steps_of(&bdi, less, 6, step, &looked), 0); /* 7 of 29 is below a quarter */

    /* means 24 and 14, pooled SD sqrt((32 + 18) / 4) = 3.5355: they differ by 2.8284 of it */
    const int32_t spread[] = {28, 20, 24, 14, 11, 17};
    struct om_sudden_gain_rule rule = bdi;
    assert_int_equal(steps_of(&rule, spread, 6, step, &looked), 1);
    rule.critical = 2.82;
    assert_int_equal(steps_of(&rule, spread, 6, step, &looked), 1);
    rule.critical = 2.83;
    assert_int_equal(steps_of(&rule, spread, 6, step, &looked), 0);
    const struct om_sudden_gain_rule flat = {.points = {0, 1}, .share = {0, 1}, .alpha = 0.05};
    const int32_t still[] = {9, 9, 9, 9, 9, 9};
    assert_int_equal(steps_of(&flat, still, 6, step, &looked), 0); /* standing still is no gain */
}

/* 2.776, 3.182 and 4.303 for 4, 3 and 2 degrees of freedom; too few scores on a side, and it is not looked
 * at. */
static void
missing_scores(void **state)
{
    (void)state;
    struct om_sudden_step step[8];
    size_t looked;
    struct om_sudden_gain_rule fixed = bdi;
    fixed.critical = 2.776;
    /* 25, 23 and 14, 12: fall of 11 in means, pooled SD sqrt(2): 7.8; with df 2: 6.1 */
    const int32_t both[] = {NO, 25, 23, 14, NO, 12};
    assert_int_equal(steps_of(&bdi, both, 6, step, &looked), 1);
    assert_int_equal(looked, 1);
    /* 27, 22 and 13, 9: 13.5 against SD 3.2016: 4.217 SDs, between 2.776 and 4.303 */
    const int32_t between[] = {NO, 27, 22, 13, 9, NO};
    assert_int_equal(steps_of(&bdi, between, 6, step, &looked), 0);
    assert_int_equal(steps_of(&fixed, between, 6, step, &looked), 1);
    const int32_t few[] = {NO, NO, 23, 14, 12, 13}, end[] = {25, 24, 23, 14, NO, NO},
                  gap[] = {25, 24, NO, 14, 12, 13}, none[] = {NO, NO, NO, NO, NO, NO};
    assert_int_equal(steps_of(&bdi, few, 6, step, &looked), 0);
    assert_int_equal(looked, 1); /* 14 to 12 has two scores on either side */
    assert_int_equal(steps_of(&bdi, end, 6, step, &looked), 0);
    assert_int_equal(looked, 1);
    assert_int_equal(steps_of(&bdi, gap, 6, step, &looked), 0);
    assert_int_equal(looked, 0 + 1);
    assert_int_equal(steps_of(&bdi, none, 6, step, &looked), 0);
    assert_int_equal(looked, 0);
    assert_int_equal(steps_of(&bdi, none, 1, step, &looked), 0);
}

/* Half of the gain given back is a reversal; the end of the step itself is not looked at. */
static void
reversals(void **state)
{
    (void)state;
    struct om_sudden_step step[8];
    size_t looked;
    const int32_t half[] = {30, 30, 30, 20, 20, 20, 25}, almost[] = {30, 30, 30, 20, 20, 20, 24},
                  gap[] = {30, 30, 30, 20, 20, NO, NO, 29};
    assert_int_equal(steps_of(&bdi, half, 7, step, &looked), 1);
    assert_true(step[0].reversed);
    assert_int_equal(steps_of(&bdi, almost, 7, step, &looked), 1);
    assert_false(step[0].reversed);
    assert_int_equal(steps_of(&bdi, gap, 8, step, &looked), 1);
    assert_true(step[0].reversed);
}

/* A mirror: with higher better the gains are the losses; a loss is measured against the score it starts from,
 * and so asks for less than a gain over the same span. */
static void
losses(void **state)
{
    (void)state;
    json_t *root = load_json("tests/oracle/waves.json");
    rows_of_json(json_object_get(root, "worse"), &rows);
    json_decref(root);
    struct om_sudden_gain_rule up = bdi;
    struct om_sudden_gains_result a, b;
    up.higher_is_better = true;
    assert_ok(om_sudden_gains(&rows.all, &bdi, &a, &err));
    assert_ok(om_sudden_gains(&rows.all, &up, &b, &err));
    assert_memory_equal(&a.gain, &b.loss, sizeof a.gain);
    assert_memory_equal(&a.loss, &b.gain, sizeof a.gain);
    assert_true(a.loss.steps > 0 && a.gain.steps > 0);
    const int32_t rise[] = {22, 22, 22, 29, 29, 29}, fall[] = {29, 29, 29, 22, 22, 22},
                  from_zero[] = {0, 0, 0, 7, 7, 7};
    struct om_sudden_step step[8];
    size_t looked;
    assert_int_equal(steps_of(&bdi, rise, 6, step, &looked), 1);
    assert_true(step[0].loss);
    assert_int_equal(steps_of(&bdi, fall, 6, step, &looked), 0);
    assert_int_equal(steps_of(&bdi, from_zero, 6, step, &looked), 1); /* any rise is a quarter of 0 */
}

/* Units, counts, and points that are not whole. */
static void
units_and_counts(void **state)
{
    (void)state;
    json_t *root = load_json("tests/oracle/waves.json");
    rows_of_json(json_object_get(root, "sessions"), &rows);
    json_decref(root);
    struct om_sudden_gain_rule rule = bdi;
    struct om_sudden_gains_result a, b;
    rule.points = (struct om_fraction){13, 2}; /* 6.5: the same as 7 in whole scores */
    assert_ok(om_sudden_gains(&rows.all, &bdi, &a, &err));
    assert_ok(om_sudden_gains(&rows.all, &rule, &b, &err));
    assert_memory_equal(&a, &b, sizeof a);
    static uint64_t count[ROWS_MAX];
    for (size_t i = 0; i < rows.all.n * rows.all.n_occasions; i++)
        if (rows.value[i] != NO)
            rows.value[i] *= 56;
    for (size_t i = 0; i < rows.all.n; i++)
        count[i] = 1000;
    rows.all.unit = 56;
    rows.all.count = count;
    assert_ok(om_sudden_gains(&rows.all, &bdi, &b, &err));
    assert_true(b.gain.steps == 1000 * a.gain.steps && b.gain.persons == 1000 * a.gain.persons);
    assert_true(b.intervals == 1000 * a.intervals && b.persons == 1000 * a.persons);
    assert_close(b.gain.mean_size, a.gain.mean_size, 1e-14);
}

static void
refusals(void **state)
{
    (void)state;
    const int32_t value[] = {5, 4, 3};
    struct om_trajectories t = rows_by_hand(&rows, value, 1, 3);
    struct om_sudden_gain_rule rule = bdi;
    struct om_sudden_gains_result r;
    rule.alpha = 0;
    assert_int_equal(om_sudden_gains(&t, &rule, &r, &err), OM_ERR_INVALID);
    rule.alpha = 1;
    assert_int_equal(om_sudden_gains(&t, &rule, &r, &err), OM_ERR_INVALID);
    om_memory_fail_at(0);
    assert_int_equal(om_sudden_gains(&t, &bdi, &r, &err), OM_ERR_NOMEM);
    om_memory_fail_at((size_t)-1);
    t.n = 0;
    assert_ok(om_sudden_gains(&t, &bdi, &r, &err));
    assert_true(r.persons == 0 && r.gain.mean_size == 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_the_criteria_say), cmocka_unit_test(real_sessions), cmocka_unit_test(limits),
        cmocka_unit_test(missing_scores),      cmocka_unit_test(reversals),     cmocka_unit_test(losses),
        cmocka_unit_test(units_and_counts),    cmocka_unit_test(refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
