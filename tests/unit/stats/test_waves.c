#include <omstat/waves.h>

#include <math.h>
#include <stdio.h>
#include "base/memory.h"
#include "stats/outcome.h"
#include "unit/stats/rows.h"

static struct rows rows;
static struct om_error err;
static struct om_wave wave[OCCASIONS_MAX];

enum { NO = OM_NO_SCORE };

static void
check_waves(const struct om_trajectories *t, const json_t *want)
{
    struct om_waves_result r;
    assert_ok(om_waves(t, 0.95, wave, &r, &err));
    const struct {
        const char *key;
        uint64_t got;
    } all[] = {{"persons", r.persons},
               {"complete", r.complete},
               {"monotone", r.monotone},
               {"intermittent", r.intermittent},
               {"first", r.first}};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        assert_close((double)all[i].got, json_at(want, all[i].key), 0);
    for (size_t k = 0; k < t->n_occasions; k++) {
        char path[32];
        snprintf(path, sizeof path, "n/%zu", k);
        assert_close((double)wave[k].score.n, json_at(want, path), 0);
        snprintf(path, sizeof path, "retained/%zu", k);
        assert_close((double)wave[k].retained, json_at(want, path), 0);
        snprintf(path, sizeof path, "last_seen/%zu", k);
        assert_close((double)wave[k].last_seen, json_at(want, path), 0);
        snprintf(path, sizeof path, "mean/%zu", k);
        assert_close(wave[k].score.mean.value, json_at(want, path), 1e-14);
        snprintf(path, sizeof path, "sd/%zu", k);
        assert_close(wave[k].score.sd.value, json_at(want, path), 1e-13);
    }
}

static void
check_friedman(const struct om_trajectories *t, const json_t *want)
{
    struct om_friedman_result f;
    assert_ok(om_friedman(t, &f, &err));
    assert_close((double)f.n, json_at(want, "n"), 0);
    check_stat(f.chi2, json_object_get(want, "chi2"), 1e-12, 1e-13, "chi2");
    check_stat(f.df, json_object_get(want, "df"), 0, 0, "df");
    check_stat(f.p, json_object_get(want, "p"), 1e-10, 0, "p");
    check_stat(f.kendall_w, json_object_get(want, "w"), 1e-12, 1e-14, "w");
    assert_close(f.page_l, json_at(want, "page_l"), 1e-15);
    check_stat(f.page_z, json_object_get(want, "page_z"), 1e-12, 1e-13, "page_z");
    check_stat(f.page_p, json_object_get(want, "page_p"), 1e-10, 0, "page_p");
}

/* Slips this sees: people with gaps ranked over what they have, ties broken, the tie correction left out, W
 * over occasions instead of occasions less one; retention of everyone present instead of those of the first
 * occasion; a late start taken for drop-out. */
static void
as_r_has_it(void **state)
{
    (void)state;
    json_t *root = load_json("tests/oracle/waves.json"), *want;
    const char *name;
    json_object_foreach(root, name, want)
    {
        if (!json_object_get(want, "y"))
            continue;
        rows_of_json(want, &rows);
        check_waves(&rows.all, json_object_get(want, "present"));
        check_friedman(&rows.all, json_object_get(want, "friedman"));
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
    check_waves(&rows.all, json_object_get(json_object_get(root, "sgdata"), "present"));
    check_friedman(&rows.all, json_object_get(json_object_get(root, "sgdata"), "friedman"));
    json_decref(root);
}

/* Friedman (1937): three ranked by four without ties, worked by hand: rank sums 4, 7, 8, 11. */
static void
worked_example(void **state)
{
    (void)state;
    const int32_t value[] = {10, 20, 30, 40, 1, 2, 5, 9, 7, 8, 3, 9};
    struct om_trajectories t = rows_by_hand(&rows, value, 3, 4);
    struct om_friedman_result f;
    assert_ok(om_friedman(&t, &f, &err)); /* ranks 1234 1234 2314: sums 4, 7, 7, 12 */
    assert_close(f.chi2.value, 12.0 / (3 * 4 * 5) * (16 + 49 + 49 + 144) - 3 * 3 * 5, 1e-13);
    assert_close(f.kendall_w.value, f.chi2.value / 9, 1e-14);
    assert_close(f.page_l, 4 + 14 + 21 + 48, 0);
    assert_close(f.page_z.value, (87 - 3 * 4 * 25 / 4.0) / sqrt(3 * 16 * 5 * 15 / 144.0), 1e-14);
}

/* Ranks see the order alone; the occasions' order matters to the trend alone; turning time round turns it. */
static void
what_ranks_see(void **state)
{
    (void)state;
    json_t *root = load_json("tests/oracle/waves.json");
    rows_of_json(json_object_get(root, "short"), &rows);
    json_decref(root);
    struct om_friedman_result f, g;
    assert_ok(om_friedman(&rows.all, &f, &err));
    const size_t k = rows.all.n_occasions;
    for (size_t i = 0; i < rows.all.n; i++)
        for (size_t j = 0; j < k; j++)
            if (rows.value[i * k + j] != NO)
                rows.value[i * k + j] =
                    rows.value[i * k + j] * rows.value[i * k + j] * 3 + 100 * (int32_t)i; /* >= 0 */
    rows.all.unit = 56;
    assert_ok(om_friedman(&rows.all, &g, &err));
    assert_close(g.chi2.value, f.chi2.value, 0);
    for (size_t i = 0; i < rows.all.n; i++)
        for (size_t j = 0; j < k / 2; j++) {
            int32_t *row = rows.value + i * k, kept = row[j];
            row[j] = row[k - 1 - j];
            row[k - 1 - j] = kept;
        }
    assert_ok(om_friedman(&rows.all, &g, &err));
    assert_close(g.chi2.value, f.chi2.value, 0);
    assert_close(g.page_z.value, -f.page_z.value, 0);
}

/* A million times the people: chi2 and z grow with n and its root, W stays. */
static void
counted_rows(void **state)
{
    (void)state;
    json_t *root = load_json("tests/oracle/waves.json");
    rows_of_json(json_object_get(root, "tied"), &rows);
    json_decref(root);
    static uint64_t count[ROWS_MAX];
    struct om_friedman_result f, g;
    struct om_waves_result r, s;
    assert_ok(om_friedman(&rows.all, &f, &err));
    assert_ok(om_waves(&rows.all, 0.95, wave, &r, &err));
    for (size_t i = 0; i < rows.all.n; i++)
        count[i] = 1000000000;
    rows.all.count = count;
    assert_ok(om_friedman(&rows.all, &g, &err));
    assert_close(g.chi2.value, 1e9 * f.chi2.value, 1e-14);
    assert_close(g.kendall_w.value, f.kendall_w.value, 1e-14);
    assert_close(g.page_z.value, sqrt(1e9) * f.page_z.value, 1e-14);
    assert_ok(om_waves(&rows.all, 0.95, wave, &s, &err));
    assert_int_equal(s.complete, r.complete * 1000000000);
}

static void
patterns(void **state)
{
    (void)state;
    const int32_t value[] = {5,  4,  3,              /* complete */
                             5,  4,  NO,             /* monotone */
                             5,  NO, NO, 5,  NO, 3,  /* a gap */
                             NO, 4,  3,  NO, NO, NO, /* a late start; nobody */
                             NO, 4,  NO};
    struct om_trajectories t = rows_by_hand(&rows, value, 7, 3);
    struct om_waves_result r;
    assert_ok(om_waves(&t, 0.95, wave, &r, &err));
    assert_true(r.persons == 6 && r.complete == 1 && r.monotone == 2 && r.intermittent == 3 && r.first == 4);
    assert_true(wave[0].score.n == 4 && wave[1].score.n == 4 && wave[2].score.n == 3);
    assert_true(wave[0].retained == 4 && wave[1].retained == 2 && wave[2].retained == 2);
    assert_true(wave[0].last_seen == 1 && wave[1].last_seen == 2 && wave[2].last_seen == 3);
}

static void
nothing_to_rank(void **state)
{
    (void)state;
    const int32_t flat[] = {5, 5, 5, 7, 7, 7}, gaps[] = {5, NO, 5, NO, 7, 7}, one[] = {3, 1, 2};
    struct om_friedman_result f;
    struct om_waves_result r;
    struct om_trajectories t = rows_by_hand(&rows, flat, 2, 3);
    assert_ok(om_friedman(&t, &f, &err));
    assert_undefined(f.chi2, "nobody's scores differ between occasions");
    assert_undefined(f.page_p, "nobody's scores differ between occasions");
    assert_undefined(f.kendall_w, "nobody's scores differ between occasions");
    t = rows_by_hand(&rows, gaps, 2, 3);
    assert_ok(om_friedman(&t, &f, &err));
    assert_undefined(f.p, "nobody has a score at every occasion");
    assert_true(f.n == 0 && f.page_l == 0);
    t.n = 0;
    assert_ok(om_friedman(&t, &f, &err));
    assert_undefined(f.df, "nobody has a score at every occasion");
    assert_ok(om_waves(&t, 0.95, wave, &r, &err));
    assert_true(r.persons == 0);
    assert_undefined(wave[2].score.mean, OM_WHY_EMPTY);
    t = rows_by_hand(&rows, flat, 6, 1);
    assert_ok(om_friedman(&t, &f, &err));
    assert_undefined(f.chi2, "two occasions or more are needed");
    t = rows_by_hand(&rows, one, 1, 3);
    assert_ok(om_friedman(&t, &f, &err));
    assert_close(f.chi2.value, 2, 1e-15); /* one person's order is unanimous */
    assert_close(f.kendall_w.value, 1, 1e-15);
}

static void
bad_shapes_and_memory(void **state)
{
    (void)state;
    const int32_t value[] = {5, 4, 3, 5, 4, 2};
    struct om_trajectories t = rows_by_hand(&rows, value, 2, 3), bad;
    struct om_waves_result r;
    struct om_friedman_result f;
    const double falls[] = {0, 2, 1}, same[] = {0, 1, 1}, nan[] = {0, NAN, 2};
    const double *times[] = {falls, same, nan};
    for (size_t i = 0; i < 3; i++) {
        bad = t;
        bad.time = times[i];
        assert_int_equal(om_waves(&bad, 0.95, wave, &r, &err), OM_ERR_INVALID);
    }
    const uint64_t many[] = {(uint64_t)1 << 40, 1};
    bad = t;
    bad.count = many;
    assert_int_equal(om_friedman(&bad, &f, &err), OM_ERR_INVALID);
    bad = t;
    bad.unit = 0;
    assert_int_equal(om_friedman(&bad, &f, &err), OM_ERR_INVALID);
    const size_t live = om_memory_live();
    for (size_t k = 0; k < 2; k++) {
        om_memory_fail_at(k);
        assert_int_equal(om_waves(&t, 0.95, wave, &r, &err), OM_ERR_NOMEM);
        om_memory_fail_at(0);
        assert_int_equal(om_friedman(&t, &f, &err), OM_ERR_NOMEM);
        om_memory_fail_at((size_t)-1);
        assert_int_equal(om_memory_live(), live);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_r_has_it),     cmocka_unit_test(real_sessions),
        cmocka_unit_test(worked_example),  cmocka_unit_test(what_ranks_see),
        cmocka_unit_test(counted_rows),    cmocka_unit_test(patterns),
        cmocka_unit_test(nothing_to_rank), cmocka_unit_test(bad_shapes_and_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
