/* Real people at two waves: all that is said of a paired change, from R. */
#include <omstat/effects.h>
#include <omstat/equivalence.h>
#include <omstat/nonparametric.h>
#include <omstat/symmetry.h>
#include "unit/stats/cells.h"

static struct om_pair_count cells[CELLS_MAX];
static struct om_error err;

static void
check_three(struct om_stat estimate, struct om_interval interval, const json_t *want, const char *what)
{
    check_stat(estimate, json_array_get(want, 0), 1e-11, 0, what);
    check_bounds(interval, json_array_get(want, 1), json_array_get(want, 2), 1e-10, 0, what);
}

static void
check_tests(const struct om_pairs *pairs, const json_t *e)
{
    struct om_changes changes;
    struct om_sign_result sign;
    struct om_sign_flip_result flip;
    struct om_hodges_lehmann_result middle;
    struct om_superiority_result superiority;
    assert_ok(om_changes_make(pairs, &changes, &err));
    om_sign_test(&changes.counts, &sign);
    assert_ok(om_sign_flip_test(&changes.counts, &flip, &err));
    om_hodges_lehmann(&changes.counts, 0.95, &middle);
    om_superiority(sign.increased, sign.unchanged, sign.decreased, 0.95, &superiority);
    om_changes_release(&changes);
    assert_close((double)middle.n, json_at(e, "n"), 0);
    check_stat(sign.p, json_object_get(e, "sign_p"), 1e-11, 0, "sign");
    check_stat(flip.p, json_object_get(e, "flip_p"), 1e-9, 0, "flip"); /* perm.test has fewer digits */
    check_stat(superiority.estimate, json_object_get(e, "superiority"), 1e-15, 0, "superiority");
    check_three(middle.estimate, middle.interval, json_object_get(e, "hodges_lehmann"), "hodges_lehmann");
    const struct {
        const char *key;
        struct om_wilcoxon_rule rule;
    } rules[] = {{"drop_exact", {OM_ZEROS_DROP, OM_WILCOXON_EXACT}},
                 {"pratt_exact", {OM_ZEROS_PRATT, OM_WILCOXON_EXACT}},
                 {"pratt_normal", {OM_ZEROS_PRATT, OM_WILCOXON_NORMAL}}};
    for (size_t i = 0; i < 3; i++) {
        struct om_wilcoxon_result w;
        assert_ok(om_wilcoxon_by(pairs, &rules[i].rule, &w, &err));
        check_stat(w.p, json_object_get(e, rules[i].key), 1e-9, 0, rules[i].key);
    }
}

static void
check_effects(const struct om_pairs *pairs, const json_t *e)
{
    struct om_paired_result p;
    struct om_effects_result x;
    struct om_equivalence_result tost;
    assert_ok(om_paired(pairs, 0.95, &p, &err));
    om_effects(&p, &x);
    om_equivalence(&p, 1, 0.95, &tost);
    check_stat(x.d_b.estimate, json_object_get(e, "d_b"), 1e-12, 0, "d_b");
    check_three(p.g_z.estimate, x.g_z_normal, json_object_get(e, "g_z_normal"), "g_z");
    check_three(x.g_b.estimate, x.g_b_normal, json_object_get(e, "g_b_normal"), "g_b");
    check_stat(tost.p, json_object_get(e, "tost_1"), 1e-11, 0, "tost");
}

/* The band of a score: how many thresholds it is above. */
static size_t
band_of(int64_t score, const json_t *tops)
{
    size_t band = 0;
    while (band < json_array_size(tops) && (double)score > json_number_value(json_array_get(tops, band)))
        band++;
    return band;
}

static void
check_bands(const struct om_pairs *pairs, const json_t *e)
{
    const json_t *tops = json_object_get(e, "bands");
    size_t k = json_array_size(tops) + 1;
    uint64_t table[36] = {0};
    for (size_t i = 0; i < pairs->n; i++)
        table[band_of(pairs->at[i].pre, tops) * k + band_of(pairs->at[i].post, tops)] += pairs->at[i].count;
    struct om_symmetry_result s;
    assert_ok(om_symmetry(table, k, &s, &err));
    check_stat(s.stuart_maxwell, json_object_get(e, "stuart_maxwell"), 1e-11, 0, "stuart_maxwell");
    check_stat(s.stuart_maxwell_df, json_object_get(e, "stuart_maxwell_df"), 0, 0, "df");
    check_stat(s.bowker, json_object_get(e, "bowker"), 1e-12, 0, "bowker");
    check_stat(s.bowker_df, json_object_get(e, "bowker_df"), 0, 0, "df");
}

static void
as_r_has_it(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int first, items;
    } scales[] = {{"phq9", 1, 9}, {"gad7", 10, 7}};
    const char *path = shared_path("phq9_gad7_two_waves/wide.csv");
    if (!path)
        skip();
    json_t *root = load_json("tests/oracle/two_waves.json");
    for (size_t i = 0; i < 2; i++) {
        path = shared_path("phq9_gad7_two_waves/wide.csv");
        struct om_pairs pairs = pairs_of_two_waves(path, scales[i].first, scales[i].items, cells);
        const json_t *e = json_object_get(root, scales[i].name);
        check_tests(&pairs, e);
        check_effects(&pairs, e);
        check_bands(&pairs, e);
    }
    json_decref(root);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(as_r_has_it)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
