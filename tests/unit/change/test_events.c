#include <omstat/events.h>

#include <stdio.h>
#include "unit/stats/rows.h"

static struct rows rows;
static struct om_error err;

enum { NO = OM_NO_SCORE, POINTS = 41 };

/* Lower is better; in remission below 5, screening positive at 10. */
static const struct om_change_point *
points(void)
{
    static struct om_change_point point[POINTS];
    for (int i = 0; i < POINTS; i++)
        point[i] =
            (struct om_change_point){.value = i, .band = i / 5, .positive = i >= 10, .remitted = i < 5};
    return point;
}

static struct om_event_rule
rule_of(enum om_rule rule, enum om_change_class wanted, bool confirmed)
{
    return (struct om_event_rule){
        .change = {.rule = rule, .direction = OM_HIGHER_WORSE, .points = {5, 1}, .share = {1, 2}, .unit = 1},
        .wanted = wanted,
        .confirmed = confirmed};
}

static void
check(const json_t *events)
{
    const struct {
        const char *key;
        struct om_event_rule rule;
    } all[] = {{"shift", rule_of(OM_RULE_SHIFT, OM_CHANGE_IMPROVED, false)},
               {"percent", rule_of(OM_RULE_PERCENT, OM_CHANGE_IMPROVED, false)},
               {"remission", rule_of(OM_RULE_REMISSION, OM_CHANGE_IMPROVED, false)},
               {"worse", rule_of(OM_RULE_SHIFT, OM_CHANGE_DETERIORATED, false)},
               {"worse_confirmed", rule_of(OM_RULE_RELIABLE, OM_CHANGE_DETERIORATED, true)},
               {"percent_confirmed", rule_of(OM_RULE_PERCENT, OM_CHANGE_IMPROVED, true)}};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        const json_t *want = json_object_get(events, all[i].key);
        struct om_event_count count[OCCASIONS_MAX];
        struct om_event_ledger ledger;
        uint64_t sum = 0;
        char path[32];
        assert_ok(om_time_to_event(&all[i].rule, &rows.all, points(), POINTS, count, &ledger, &err));
        assert_close((double)ledger.without_first, json_at(want, "without_first"), 0);
        assert_close((double)ledger.not_at_risk, json_at(want, "not_at_risk"), 0);
        for (size_t k = 0; k < rows.all.n_occasions; k++) {
            snprintf(path, sizeof path, "events/%zu", k);
            assert_close((double)count[k].events, json_at(want, path), 0);
            snprintf(path, sizeof path, "censored/%zu", k);
            assert_close((double)count[k].censored, json_at(want, path), 0);
            sum += count[k].events + count[k].censored;
        }
        assert_int_equal(sum, ledger.counted);
        assert_int_equal(ledger.persons, ledger.without_first + ledger.not_at_risk + ledger.counted);
    }
}

static void
as_written_out(void **state)
{
    (void)state;
    json_t *root = load_json("tests/oracle/waves.json"), *want;
    const char *name;
    json_object_foreach(root, name, want)
    {
        if (!json_object_get(want, "y"))
            continue;
        rows_of_json(want, &rows);
        check(json_object_get(want, "events"));
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
    /* scores above 40 occur: without points, and so without remission */
    const json_t *want =
        json_object_get(json_object_get(json_object_get(root, "sgdata"), "events"), "percent");
    struct om_event_rule rule = rule_of(OM_RULE_PERCENT, OM_CHANGE_IMPROVED, false);
    struct om_event_count count[OCCASIONS_MAX];
    struct om_event_ledger ledger;
    assert_ok(om_time_to_event(&rule, &rows.all, NULL, 0, count, &ledger, &err));
    for (size_t k = 0; k < 12; k++)
        assert_close((double)count[k].events,
                     json_number_value(json_array_get(json_object_get(want, "events"), k)), 0);
    json_decref(root);
}

static struct om_event_count count[8];
static struct om_event_ledger ledger;

static void
follow(struct om_event_rule rule, const int32_t *row, size_t n)
{
    struct om_trajectories t = rows_by_hand(&rows, row, 1, n);
    assert_ok(om_time_to_event(&rule, &t, points(), POINTS, count, &ledger, &err));
}

/* Confirmation asks the next occasion with a score, not any later one; the event happens at the first. */
static void
confirmation(void **state)
{
    (void)state;
    const struct om_event_rule rule = rule_of(OM_RULE_SHIFT, OM_CHANGE_DETERIORATED, true);
    const int32_t plain[] = {10, 12, 15, 16, 9}, with_gap[] = {10, 15, NO, 17, 9},
                  broken[] = {10, 15, 14, 15, 14}, later[] = {10, 15, 14, 15, 15},
                  last[] = {10, 11, 12, 13, 15}, single[] = {10, 15, NO, NO, NO};
    follow(rule, plain, 5);
    assert_true(count[2].events == 1 && ledger.counted == 1);
    follow(rule, with_gap, 5);
    assert_true(count[1].events == 1);
    follow(rule, broken, 5);
    assert_true(count[4].censored == 1);
    follow(rule, later, 5);
    assert_true(count[3].events == 1);
    follow(rule, last, 5);
    assert_true(count[4].censored == 1 && count[4].events == 0);
    follow(rule, single, 5);
    assert_true(count[1].censored == 1);
}

/* Who cannot have the event does not start; times count from the first occasion. */
static void
starting_points(void **state)
{
    (void)state;
    const int32_t well[] = {4, 8, 3}, ill[] = {12, NO, 9}, zero[] = {0, 5, 5}, nobody[] = {NO, NO, NO},
                  late[] = {NO, 5, 3}, alone[] = {12, NO, NO};
    follow(rule_of(OM_RULE_REMISSION, OM_CHANGE_IMPROVED, false), well, 3);
    assert_true(ledger.not_at_risk == 1 && ledger.counted == 0);
    follow(rule_of(OM_RULE_REMISSION, OM_CHANGE_DETERIORATED, false), well, 3);
    assert_true(ledger.not_at_risk == 0 && count[1].events == 1);
    follow(rule_of(OM_RULE_SCREEN, OM_CHANGE_IMPROVED, false), ill, 3);
    assert_true(count[2].events == 1);
    follow(rule_of(OM_RULE_SCREEN, OM_CHANGE_DETERIORATED, false), ill, 3);
    assert_true(ledger.not_at_risk == 1);
    follow(rule_of(OM_RULE_PERCENT, OM_CHANGE_DETERIORATED, false), zero, 3);
    assert_true(ledger.not_at_risk == 1);
    follow(rule_of(OM_RULE_BAND, OM_CHANGE_IMPROVED, false), ill, 3);
    assert_true(count[2].events == 1);
    follow(rule_of(OM_RULE_SHIFT, OM_CHANGE_IMPROVED, false), nobody, 3);
    assert_true(ledger.persons == 0);
    follow(rule_of(OM_RULE_SHIFT, OM_CHANGE_IMPROVED, false), late, 3);
    assert_true(ledger.persons == 1 && ledger.without_first == 1);
    follow(rule_of(OM_RULE_SHIFT, OM_CHANGE_IMPROVED, false), alone, 3);
    assert_true(count[0].censored == 1);

    struct om_trajectories t = rows_by_hand(&rows, ill, 1, 3);
    const uint64_t many[] = {1000000};
    rows.time[0] = 3;
    rows.time[1] = 5.5;
    rows.time[2] = 12;
    t.count = many;
    struct om_event_rule rule = rule_of(OM_RULE_SCREEN, OM_CHANGE_IMPROVED, false);
    assert_ok(om_time_to_event(&rule, &t, points(), POINTS, count, &ledger, &err));
    assert_true(count[0].time == 0 && count[1].time == 2.5 && count[2].time == 9);
    assert_true(count[2].events == 1000000 && ledger.counted == 1000000);
    assert_int_equal(om_time_to_event(&rule, &t, points(), 12, count, &ledger, &err), OM_ERR_INVALID);
    assert_int_equal(om_time_to_event(&rule, &t, points(), 9, count, &ledger, &err), OM_ERR_INVALID);
    t.n_occasions = 0;
    assert_int_equal(om_time_to_event(&rule, &t, points(), POINTS, count, &ledger, &err), OM_ERR_INVALID);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_written_out),
        cmocka_unit_test(real_sessions),
        cmocka_unit_test(confirmation),
        cmocka_unit_test(starting_points),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
