#include <omstat/between.h>

#include <math.h>
#include "base/memory.h"
#include "stats/outcome.h"
#include "unit/stats/groups.h"

static struct groups g;
static struct om_error err;

/* --- against R ------------------------------------------------------------------------------------------ */

static void
check_pair(const json_t *e, const struct om_counts *group, const struct om_counts *reference)
{
    struct om_welch_result w;
    struct om_mann_whitney_result m;
    om_welch(group, reference, 0.95, &w);
    assert_ok(om_mann_whitney(group, reference, 0.95, &m, &err));
    assert_close((double)w.n, json_at(e, "n"), 0);
    assert_close((double)w.n_reference, json_at(e, "n_reference"), 0);
    assert_true(m.n == w.n && m.n_reference == w.n_reference);
    const struct {
        const char *key;
        struct om_stat got;
    } all[] = {{"difference", w.difference},
               {"t", w.t},
               {"df", w.df},
               {"p", w.p},
               {"d", w.d.estimate},
               {"g", w.g.estimate},
               {"u", m.u},
               {"superiority", m.superiority},
               {"z", m.z},
               {"z_p", m.z_p},
               {"z_cc", m.z_cc},
               {"z_cc_p", m.z_cc_p},
               {"exact_p", m.exact_p},
               {"u_p", m.p},
               {"shift", m.shift}};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        check_stat(all[i].got, json_object_get(e, all[i].key), 1e-12, 1e-15, all[i].key);
    const struct {
        const char *lower, *upper;
        struct om_interval got;
    } bounds[] = {{"lower", "upper", w.interval},
                  {"d_lower", "d_upper", w.d.interval},
                  {"g_lower", "g_upper", w.g.interval},
                  {"shift_lower", "shift_upper", m.shift_interval}};
    for (size_t i = 0; i < 4; i++)
        check_bounds(bounds[i].got, json_object_get(e, bounds[i].lower), json_object_get(e, bounds[i].upper),
                     1e-10, 1e-12, bounds[i].lower);
    assert_string_equal(m.method, m.exact_p.reason ? "rank-sum-normal-cc" : "rank-sum-exact");
}

static void
check_all(const json_t *e)
{
    struct om_anova_result a;
    struct om_kruskal_result k;
    assert_ok(om_anova(g.of, g.n, &a, &err));
    assert_ok(om_kruskal(g.of, g.n, &k, &err));
    assert_close((double)a.n, json_at(e, "n"), 0);
    assert_close((double)a.n_groups, json_at(e, "n_groups"), 0);
    assert_true(k.n == a.n && k.n_groups == a.n_groups);
    const struct {
        const char *key;
        struct om_stat got;
    } all[] = {{"f", a.classical.f},
               {"df1", a.classical.df1},
               {"df2", a.classical.df2},
               {"p", a.classical.p},
               {"eta_squared", a.eta_squared},
               {"omega_squared", a.omega_squared},
               {"welch_f", a.welch.f},
               {"welch_df1", a.welch.df1},
               {"welch_df2", a.welch.df2},
               {"welch_p", a.welch.p},
               {"h", k.h},
               {"h_df", k.df},
               {"h_p", k.p},
               {"epsilon_squared", k.epsilon_squared}};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        check_stat(all[i].got, json_object_get(e, all[i].key), 2e-12, 1e-14, all[i].key);
}

/* Slips this sees: reference minus group, pooled variance in t, Student's df, divisor n, d by the reference's
 * sd, J by its approximation, ties not counted in the variance, continuity correction the wrong way, the
 * exact p by one U too many, Moses' rank off by one, omega with the wrong mean square, Welch's factor 2 (k -
 * 2) with k - 1. */
static void
as_r_has_it(void **state)
{
    (void)state;
    json_t *root = load_json("tests/oracle/between.json");
    const char *name;
    json_t *panel;
    static const char *const outcome[] = {"claus_bdi", "claus_shaps", "claus_who", "claus_hamd"};
    json_object_foreach(root, name, panel)
    {
        if (json_object_get(panel, "groups"))
            groups_of_json(json_object_get(panel, "groups"), (int64_t)json_at(panel, "unit"), &g);
        else {
            int column = 5;
            while (strcmp(outcome[column - 5], name) != 0)
                column++;
            if (!groups_of_trial(column, true, &g))
                continue;
        }
        if (g.n == 2)
            check_pair(json_object_get(panel, "pair"), &g.of[1], &g.of[0]);
        check_all(json_object_get(panel, "all"));
    }
    json_decref(root);
}

/* --- certified values ----------------------------------------------------------------------------------- */

static void
read_nist(const char *path, int64_t unit)
{
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    char line[128];
    g = (struct groups){0};
    assert_non_null(fgets(line, sizeof line, file));
    while (fgets(line, sizeof line, file)) {
        char *comma = strchr(line, ',');
        assert_non_null(comma);
        size_t group = (size_t)atoi(line) - 1;
        g.n = group + 1 > g.n ? group + 1 : g.n;
        char *point = strchr(comma, '.');
        int64_t value = atoll(comma + 1) * unit, place = unit / 10;
        for (char *p = point ? point + 1 : comma; point && *p >= '0' && *p <= '9'; p++, place /= 10)
            value += (*p - '0') * place;
        g.value[group][g.size[group]++] = value;
    }
    fclose(file);
    groups_count(&g, unit);
}

/* Thirteen constant leading digits: a sum of squares in doubles has none of F's digits left (R: 1e12 off in
 * the last set). */
static void
nist_analysis_of_variance(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int64_t unit;
    } sets[] = {{"SiRstv", 10000}, {"SmLs01", 10}, {"SmLs04", 10}, {"SmLs07", 10}};
    if (!shared_path("nist_strd/certified.json"))
        skip();
    json_t *root = load_json(shared_path("nist_strd/certified.json"));
    for (size_t i = 0; i < 4; i++) {
        char path[64];
        const json_t *e = json_object_get(root, sets[i].name);
        struct om_anova_result a;
        snprintf(path, sizeof path, "nist_strd/anova/%s.csv", sets[i].name);
        read_nist(shared_path(path), sets[i].unit);
        assert_ok(om_anova(g.of, g.n, &a, &err));
        assert_close((double)a.n, json_at(e, "n"), 0);
        assert_close(a.classical.f.value, json_at(e, "F"), 1e-14); /* 15 digits are certified */
        assert_close(a.classical.df1.value, json_at(e, "df_between"), 0);
        assert_close(a.classical.df2.value, json_at(e, "df_within"), 0);
        assert_close(a.eta_squared.value, json_at(e, "r_squared"), 1e-14);
    }
    json_decref(root);
}

/* The Welch interval of the R package clinicalsignificance, from its file of reference results: ten digits.
 */
static void
published_trial(void **state)
{
    (void)state;
    struct om_welch_result w;
    if (!groups_of_trial(5, false, &g))
        skip();
    om_welch(&g.of[1], &g.of[0], 0.95, &w);
    assert_true(w.n == 21 && w.n_reference == 19);
    assert_close(w.difference.value, -11.89974937, 1e-9);
    assert_close(w.interval.lower, -19.72583794, 1e-9);
    assert_close(w.interval.upper, -4.073660804, 1e-9);
    assert_true(groups_of_trial(8, false, &g));
    om_welch(&g.of[1], &g.of[0], 0.95, &w);
    assert_close(w.difference.value, -9.972431078, 1e-9);
    assert_close(w.interval.lower, -13.79989552, 1e-9);
    assert_close(w.interval.upper, -6.144966633, 1e-9);
}

/* --- small cases done by hand --------------------------------------------------------------------------- */

static struct om_counts
group_of(size_t i, const int64_t *values, size_t n)
{
    return counts_of(values, n, 1, g.cell[i]);
}
#define GROUP(i, ...)                                                                                        \
    group_of(i, (const int64_t[]){__VA_ARGS__}, sizeof((const int64_t[]){__VA_ARGS__}) / sizeof(int64_t))

/* 1, 3 against 2: of 3 arrangements U = 0, 1, 2 are equally likely; U = 1. */
static void
three_people(void **state)
{
    (void)state;
    struct om_counts a = GROUP(0, 1, 3), b = GROUP(1, 2);
    struct om_mann_whitney_result m;
    assert_ok(om_mann_whitney(&a, &b, 0.95, &m, &err));
    assert_close(m.u.value, 1, 0);
    assert_close(m.exact_p.value, 1, 0);
    assert_true(m.shift.value == 0);
    assert_no_bounds(m.shift_interval, "too few persons for an interval of this level");
    assert_string_equal(m.shift_interval.method, "moses-exact");
    b = GROUP(1, 7);
    assert_ok(om_mann_whitney(&a, &b, 0.95, &m, &err));
    assert_close(m.exact_p.value, 2.0 / 3, 1e-15);
    assert_close(m.shift.value, -5, 0);
    assert_ok(om_mann_whitney(&b, &a, 0.3, &m, &err)); /* P(U = 0) = 1/3 < 0.35: ranks 1 and 2 of 4, 6 */
    assert_close(m.shift_interval.lower, 4, 0);
    assert_close(m.shift_interval.upper, 6, 0);
    assert_ok(om_mann_whitney(&b, &a, 0.34, &m, &err)); /* 0.33 < 1/3: the same tail, one rank less */
    assert_no_bounds(m.shift_interval, "too few persons for an interval of this level");
}

/* --- what must not matter, and what must
 * -------------------------------------------------------------------- */

static void
assert_same_stat(struct om_stat a, struct om_stat b)
{
    assert_true((a.reason == NULL) == (b.reason == NULL));
    assert_close(a.value, b.value, 1e-13);
}

static struct om_counts
changed(const struct om_counts *from, int64_t factor, int64_t shift, uint64_t times, struct om_count *cell)
{
    for (size_t i = 0; i < from->n; i++) {
        size_t to = factor > 0 ? i : from->n - 1 - i;
        cell[to] = (struct om_count){from->at[i].value * factor + shift, from->at[i].count * times};
    }
    return (struct om_counts){cell, from->n, from->unit};
}

/* A shift and a change of scale leave every test alone; a scale by -1 turns signs round; swapping groups too.
 */
static void
shift_scale_swap(void **state)
{
    (void)state;
    static struct om_count cell[2][64];
    struct om_counts a = GROUP(0, 3, 8, 8, 5, 20, 7, 9), b = GROUP(1, 1, 4, 8, 2, 10);
    const struct om_counts pair[2] = {a, b};
    struct om_welch_result w, v;
    struct om_mann_whitney_result m, k;
    struct om_anova_result f, h;
    om_welch(&a, &b, 0.95, &w);
    assert_ok(om_mann_whitney(&a, &b, 0.95, &m, &err));
    assert_ok(om_anova(pair, 2, &f, &err));
    const struct om_counts scaled[2] = {changed(&a, 7, 1000003, 1, cell[0]),
                                        changed(&b, 7, 1000003, 1, cell[1])};
    om_welch(&scaled[0], &scaled[1], 0.95, &v);
    assert_ok(om_mann_whitney(&scaled[0], &scaled[1], 0.95, &k, &err));
    assert_ok(om_anova(scaled, 2, &h, &err));
    assert_same_stat(v.t, w.t);
    assert_same_stat(v.df, w.df);
    assert_same_stat(v.g.estimate, w.g.estimate);
    assert_close(v.interval.lower, 7 * w.interval.lower, 1e-13);
    assert_same_stat(k.p, m.p);
    assert_close(k.shift.value, 7 * m.shift.value, 0);
    assert_close(k.shift_interval.upper, 7 * m.shift_interval.upper, 0);
    assert_same_stat(h.classical.f, f.classical.f);
    assert_same_stat(h.welch.f, f.welch.f);
    om_welch(&b, &a, 0.95, &v);
    assert_ok(om_mann_whitney(&b, &a, 0.95, &k, &err));
    assert_close(v.t.value, -w.t.value, 1e-15);
    assert_close(v.p.value, w.p.value, 1e-15);
    assert_close(v.d.interval.lower, -w.d.interval.upper, 1e-12);
    assert_close(k.superiority.value, 1 - m.superiority.value, 1e-15);
    assert_close(k.z.value, -m.z.value, 1e-15);
    assert_close(k.shift.value, -m.shift.value, 0);
    assert_close(k.shift_interval.lower, -m.shift_interval.upper, 0);
    const struct om_counts mirrored[2] = {changed(&a, -1, 0, 1, cell[0]), changed(&b, -1, 0, 1, cell[1])};
    om_welch(&mirrored[0], &mirrored[1], 0.95, &v);
    assert_close(v.t.value, -w.t.value, 1e-15);
}

/* With two groups Welch's F is t^2, the classical F Student's t^2 = (d / root)^2, Kruskal-Wallis z^2. */
static void
two_groups_agree(void **state)
{
    (void)state;
    const struct om_counts pair[2] = {GROUP(0, 3, 8, 8, 5, 20, 7, 9), GROUP(1, 1, 4, 8, 2, 10)};
    struct om_welch_result w;
    struct om_mann_whitney_result m;
    struct om_anova_result f;
    struct om_kruskal_result k;
    om_welch(&pair[0], &pair[1], 0.95, &w);
    assert_ok(om_mann_whitney(&pair[0], &pair[1], 0.95, &m, &err));
    assert_ok(om_anova(pair, 2, &f, &err));
    assert_ok(om_kruskal(pair, 2, &k, &err));
    assert_close(f.welch.f.value, w.t.value * w.t.value, 1e-14);
    assert_close(f.welch.df2.value, w.df.value, 1e-14);
    assert_close(f.welch.p.value, w.p.value, 1e-13);
    assert_close(f.classical.f.value, w.d.estimate.value * w.d.estimate.value * 35 / 12, 1e-14);
    assert_close(k.h.value, m.z.value * m.z.value, 1e-14);
    assert_close(k.p.value, m.z_p.value, 1e-13);
}

/* Order of groups does not matter, empty ones are nobody, and a group cut in two of the same values is not
 * the same. */
static void
order_and_empty_groups(void **state)
{
    (void)state;
    struct om_counts a = GROUP(0, 3, 8, 12, 5), b = GROUP(1, 1, 4, 6), c = GROUP(2, 9, 9, 7, 2, 1);
    struct om_counts none = {NULL, 0, 1};
    const struct om_counts plain[] = {a, b, c}, mixed[] = {none, c, a, none, b};
    struct om_anova_result f, h;
    struct om_kruskal_result k, l;
    assert_ok(om_anova(plain, 3, &f, &err));
    assert_ok(om_anova(mixed, 5, &h, &err));
    assert_ok(om_kruskal(plain, 3, &k, &err));
    assert_ok(om_kruskal(mixed, 5, &l, &err));
    assert_int_equal(h.n_groups, 3);
    assert_int_equal(l.n_groups, 3);
    assert_same_stat(f.classical.p, h.classical.p);
    assert_same_stat(f.welch.p, h.welch.p);
    assert_same_stat(k.p, l.p);
}

/* Billions: the same work, and no overflow. z grows with the root of n, the standardised sizes stay. */
static void
billions(void **state)
{
    (void)state;
    static struct om_count cell[2][64];
    const struct om_counts pair[2] = {GROUP(0, 3, 8, 8, 5, 20, 7, 9), GROUP(1, 1, 4, 8, 2, 10)};
    const uint64_t times = 4000000000;
    const struct om_counts many[2] = {changed(&pair[0], 1, 0, times, cell[0]),
                                      changed(&pair[1], 1, 0, times, cell[1])};
    struct om_mann_whitney_result m, k;
    struct om_anova_result f, h;
    struct om_welch_result w;
    assert_ok(om_mann_whitney(&pair[0], &pair[1], 0.95, &m, &err));
    assert_ok(om_mann_whitney(&many[0], &many[1], 0.95, &k, &err));
    assert_close(k.superiority.value, m.superiority.value, 1e-15);
    assert_close(k.shift.value, m.shift.value, 0);
    assert_close(k.shift_interval.lower, k.shift.value, 0); /* no room left around it */
    assert_true(k.p.value >= 0 && k.p.value < 1e-300);
    assert_ok(om_anova(pair, 2, &f, &err));
    assert_ok(om_anova(many, 2, &h, &err));
    assert_close(h.eta_squared.value, f.eta_squared.value, 1e-15);
    om_welch(&many[0], &many[1], 0.95, &w);
    assert_null(w.g.interval.reason);
}

/* Whatever the groups: every number is finite, every p a probability, every interval holds its estimate, and
 * what all pairs of a shift can be counted to is what is found without making them. */
static void
check_number(struct om_stat stat, double low, double high)
{
    assert_true(stat.reason ? stat.value == 0
                            : isfinite(stat.value) && stat.value >= low && stat.value <= high);
}

static void
check_around(struct om_stat estimate, struct om_interval interval)
{
    double slack = 1e-9 * (1 + fabs(estimate.value));
    if (!interval.reason)
        assert_true(isfinite(interval.lower) && isfinite(interval.upper) && !estimate.reason &&
                    interval.lower <= estimate.value + slack && estimate.value <= interval.upper + slack);
}

static int
by_size(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static double
median_difference(void)
{
    static int64_t all[400];
    size_t n = 0;
    for (size_t i = 0; i < g.size[0]; i++)
        for (size_t k = 0; k < g.size[1]; k++)
            all[n++] = g.value[0][i] - g.value[1][k];
    qsort(all, n, sizeof *all, by_size);
    return ((double)all[(n - 1) / 2] + (double)all[n / 2]) / 2;
}

static void
random_groups(void **state)
{
    (void)state;
    for (int round = 0; round < 3000; round++) {
        uint32_t spread = 1 + test_random() % (round % 2 ? 4 : 100);
        g.n = 2 + test_random() % 3;
        for (size_t i = 0; i < g.n; i++) {
            g.size[i] = test_random() % 20;
            for (size_t k = 0; k < g.size[i]; k++)
                g.value[i][k] = (int64_t)(test_random() % spread) - 30;
        }
        groups_count(&g, 1);
        struct om_welch_result w;
        struct om_mann_whitney_result m;
        struct om_anova_result a;
        struct om_kruskal_result k;
        om_welch(&g.of[0], &g.of[1], 0.95, &w);
        assert_ok(om_mann_whitney(&g.of[0], &g.of[1], 0.95, &m, &err));
        assert_ok(om_anova(g.of, g.n, &a, &err));
        assert_ok(om_kruskal(g.of, g.n, &k, &err));
        const struct om_stat p[] = {
            w.p,       m.p, m.z_p,         m.z_cc_p,      m.exact_p,        a.classical.p,
            a.welch.p, k.p, m.superiority, a.eta_squared, k.epsilon_squared};
        for (size_t i = 0; i < sizeof p / sizeof p[0]; i++)
            check_number(p[i], 0, 1 + 1e-15);
        const struct om_stat any[] = {w.t, w.df, a.classical.f, a.welch.f, a.omega_squared, k.h, m.z};
        for (size_t i = 0; i < sizeof any / sizeof any[0]; i++)
            check_number(any[i], -1e9, 1e9);
        check_around(w.difference, w.interval);
        check_around(w.d.estimate, w.d.interval);
        check_around(w.g.estimate, w.g.interval);
        check_around(m.shift, m.shift_interval);
        if (g.size[0] && g.size[1])
            assert_true(m.shift.value == median_difference());
    }
}

/* --- where there is nothing to say ---------------------------------------------------------------------- */

static void
check_no_pair(const struct om_counts *a, const struct om_counts *b, const char *welch, const char *rank)
{
    struct om_welch_result w;
    struct om_mann_whitney_result m;
    om_welch(a, b, 0.95, &w);
    assert_ok(om_mann_whitney(a, b, 0.95, &m, &err));
    const struct om_stat from_welch[] = {w.t, w.df, w.p, w.d.estimate, w.g.estimate};
    for (size_t i = 0; i < 5; i++)
        assert_undefined(from_welch[i], welch);
    assert_no_bounds(w.interval, welch);
    assert_no_bounds(w.d.interval, welch);
    assert_no_bounds(w.g.interval, welch);
    if (!rank)
        return;
    const struct om_stat from_ranks[] = {m.z, m.z_p, m.z_cc, m.z_cc_p, m.exact_p, m.p};
    for (size_t i = 0; i < 6; i++)
        assert_undefined(from_ranks[i], rank);
    assert_no_bounds(m.shift_interval, rank);
}

static void
degenerate_pairs(void **state)
{
    (void)state;
    struct om_counts none = {NULL, 0, 1}, one = GROUP(0, 4), flat = GROUP(1, 4, 4, 4), other = GROUP(2, 5, 5),
                     some = GROUP(3, 1, 2, 9);
    struct om_welch_result w;
    struct om_mann_whitney_result m;
    check_no_pair(&none, &none, OM_WHY_EMPTY_GROUP, OM_WHY_EMPTY);
    check_no_pair(&some, &none, OM_WHY_EMPTY_GROUP, OM_WHY_EMPTY_GROUP);
    check_no_pair(&none, &some, OM_WHY_EMPTY_GROUP, OM_WHY_EMPTY_GROUP);
    check_no_pair(&one, &some, OM_WHY_SMALL_GROUP, NULL);
    check_no_pair(&some, &one, OM_WHY_SMALL_GROUP, NULL);
    check_no_pair(&flat, &flat, OM_WHY_FLAT_GROUPS, OM_WHY_CONSTANT);
    check_no_pair(&flat, &other, OM_WHY_FLAT_GROUPS, NULL);
    om_welch(&flat, &other, 0.95, &w);
    assert_close(w.difference.value, -1, 0);
    assert_ok(om_mann_whitney(&flat, &other, 0.95, &m, &err));
    assert_true(m.superiority.value == 0 && m.superiority.reason == NULL);
    assert_null(m.p.reason);
    assert_ok(om_mann_whitney(&flat, &flat, 0.95, &m, &err));
    assert_close(m.superiority.value, 0.5, 0);
    assert_true(m.shift.value == 0 && m.shift.reason == NULL);
    om_welch(&none, &some, 0.95, &w);
    assert_undefined(w.difference, OM_WHY_EMPTY_GROUP);
}

static void
check_no_groups(const struct om_counts *group, size_t n, const char *classical, const char *welch,
                const char *rank)
{
    struct om_anova_result f;
    struct om_kruskal_result k;
    assert_ok(om_anova(group, n, &f, &err));
    assert_ok(om_kruskal(group, n, &k, &err));
    const struct om_stat one[] = {f.classical.f, f.classical.df1, f.classical.df2, f.classical.p,
                                  f.omega_squared};
    const struct om_stat two[] = {f.welch.f, f.welch.df1, f.welch.df2, f.welch.p};
    const struct om_stat three[] = {k.h, k.df, k.p, k.epsilon_squared};
    for (size_t i = 0; i < 5 && classical; i++)
        assert_undefined(one[i], classical);
    for (size_t i = 0; i < 4; i++)
        assert_undefined(two[i], welch);
    for (size_t i = 0; i < 4 && rank; i++)
        assert_undefined(three[i], rank);
}

static void
degenerate_groups(void **state)
{
    (void)state;
    struct om_counts none = {NULL, 0, 1}, one = GROUP(0, 4), two = GROUP(1, 6), flat = GROUP(2, 4, 4, 4),
                     other = GROUP(3, 5, 5), some = GROUP(4, 1, 2, 9);
    const struct om_counts singles[] = {one, two}, empty[] = {none, none}, alone[] = {none, some},
                           flats[] = {flat, other}, same[] = {flat, flat}, with_one[] = {some, one},
                           with_flat[] = {some, flat};
    check_no_groups(NULL, 0, OM_WHY_EMPTY, OM_WHY_EMPTY, OM_WHY_EMPTY);
    check_no_groups(empty, 2, OM_WHY_EMPTY, OM_WHY_EMPTY, OM_WHY_EMPTY);
    check_no_groups(alone, 2, OM_WHY_ONE_GROUP, OM_WHY_ONE_GROUP, OM_WHY_ONE_GROUP);
    check_no_groups(singles, 2, "no group has two persons", OM_WHY_SMALL_GROUP, NULL);
    check_no_groups(flats, 2, OM_WHY_FLAT_GROUPS, OM_WHY_FLAT_GROUP, NULL);
    check_no_groups(same, 2, OM_WHY_CONSTANT, OM_WHY_FLAT_GROUP, OM_WHY_CONSTANT);
    check_no_groups(with_one, 2, NULL, OM_WHY_SMALL_GROUP, NULL);
    check_no_groups(with_flat, 2, NULL, OM_WHY_FLAT_GROUP, NULL);
    struct om_anova_result f;
    assert_ok(om_anova(flats, 2, &f, &err)); /* all variation lies between the groups */
    assert_close(f.eta_squared.value, 1, 0);
    assert_ok(om_anova(with_one, 2, &f, &err));
    assert_null(f.classical.p.reason);
}

static void
invalid_levels(void **state)
{
    (void)state;
    struct om_counts a = GROUP(0, 3, 8, 12), b = GROUP(1, 1, 4, 6), tied = GROUP(2, 3, 3, 4);
    const double levels[] = {0, 1, -0.5, 2, NAN};
    for (size_t i = 0; i < 5; i++) {
        struct om_welch_result w;
        struct om_mann_whitney_result m;
        om_welch(&a, &b, levels[i], &w);
        assert_null(w.p.reason);
        assert_no_bounds(w.interval, OM_WHY_LEVEL);
        assert_no_bounds(w.d.interval, OM_WHY_LEVEL);
        assert_ok(om_mann_whitney(&a, &b, levels[i], &m, &err));
        assert_no_bounds(m.shift_interval, OM_WHY_LEVEL);
        assert_ok(om_mann_whitney(&a, &tied, levels[i], &m, &err));
        assert_no_bounds(m.shift_interval, OM_WHY_LEVEL);
        assert_null(m.p.reason);
    }
}

static void
no_memory(void **state)
{
    (void)state;
    struct om_counts pair[2] = {GROUP(0, 3, 8, 12), GROUP(1, 1, 4, 6)};
    struct om_anova_result f;
    struct om_kruskal_result k;
    struct om_mann_whitney_result m;
    size_t before = om_memory_live();
    om_memory_fail_at(0);
    assert_int_equal(om_anova(pair, 2, &f, &err), OM_ERR_NOMEM);
    for (size_t i = 0; i < 2; i++) {
        om_memory_fail_at(i);
        assert_int_equal(om_kruskal(pair, 2, &k, &err), OM_ERR_NOMEM);
        om_memory_fail_at(i);
        assert_int_equal(om_mann_whitney(&pair[0], &pair[1], 0.95, &m, &err), OM_ERR_NOMEM);
    }
    om_memory_fail_at((size_t)-1);
    assert_int_equal(om_memory_live(), before);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_r_has_it),
        cmocka_unit_test(nist_analysis_of_variance),
        cmocka_unit_test(published_trial),
        cmocka_unit_test(three_people),
        cmocka_unit_test(shift_scale_swap),
        cmocka_unit_test(two_groups_agree),
        cmocka_unit_test(order_and_empty_groups),
        cmocka_unit_test(billions),
        cmocka_unit_test(random_groups),
        cmocka_unit_test(degenerate_pairs),
        cmocka_unit_test(degenerate_groups),
        cmocka_unit_test(invalid_levels),
        cmocka_unit_test(no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
