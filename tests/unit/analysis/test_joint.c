/* The rule over PHQ-9 and GAD-7 together (nhs), from panels to rows. */
#include "studies.h"

/* A record: PHQ-9 and GAD-7 before and after as answers that add up to these; -1: one item left blank, -2: no
 * form. */
struct person {
    const char *site;
    int phq[2], gad[2];
};

static void
put_form(struct text *text, int items, int total)
{
    static const char *const cells[] = {",0", ",1", ",2", ",3"};
    int rest = total < 0 ? items : total;
    for (int i = 0; i < items; i++) {
        if (total == -2 || (total == -1 && i == 0)) {
            text_put(text, ",");
            continue;
        }
        int answer = rest > 3 ? 3 : rest;
        rest -= answer;
        text_put(text, cells[answer]);
    }
}

static const char *
panel_of(const struct person *person, size_t n, bool gad)
{
    static const char *const when[2] = {"pre", "post"};
    struct text text = {0};
    text_put(&text, "id,site");
    for (int o = 0; o < 2; o++)
        for (int i = 1; i <= 9 + (gad ? 7 : 0); i++) {
            char name[32];
            snprintf(name, sizeof name, ",%s_%d_%s", i <= 9 ? "phq9" : "gad7", i <= 9 ? i : i - 9, when[o]);
            text_put(&text, name);
        }
    text_put(&text, "\n");
    for (size_t p = 0; p < n; p++) {
        char id[64];
        snprintf(id, sizeof id, "%zu,%s", p + 1, person[p].site);
        text_put(&text, id);
        for (int o = 0; o < 2; o++) {
            put_form(&text, 9, person[p].phq[o]);
            if (gad)
                put_form(&text, 7, person[p].gad[o]);
        }
        text_put(&text, "\n");
    }
    return text_file(&text);
}

static void
assert_rate(const struct run *run, const char *group, const char *population, const char *statistic,
            uint64_t k, uint64_t n)
{
    const struct om_result *row =
        row_of(run, group, "phq9+gad7", "total", population, "change", "nhs", statistic);
    if (row->numerator != k || row->denominator != n)
        fail_msg("%s %s %s: %d of %d, expected %d of %d", group, population, statistic, (int)row->numerator,
                 (int)row->denominator, (int)k, (int)n);
    assert_string_equal(row->method, n ? "wilson" : "");
}

/* The worked cases, and people who cannot be judged. */
static const struct person people[] = {
    {"a", {16, 10}, {12, 7}}, /* improved, still a case */
    {"a", {15, 9}, {8, 7}},   /* improved, recovered */
    {"a", {12, 9}, {7, 7}},   /* recovered only */
    {"b", {14, 8}, {6, 10}},  /* apart: no reliable change */
    {"b", {4, 10}, {3, 4}},   /* deteriorated; no case before */
    {"b", {15, -1}, {8, 7}},  /* an item left out */
    {"b", {15, 3}, {-2, 7}},  /* no GAD-7 before */
    {"b", {15, -2}, {15, -2}},
};
enum { PEOPLE = sizeof people / sizeof people[0] };

static void
worked_cases(void **state)
{
    (void)state;
    struct run run = RUN("input", panel_of(people, PEOPLE, true), "by", "site");
    assert_run(&run);
    assert_rate(&run, "all", "all", "class.recovery", 2, 4);
    assert_rate(&run, "all", "all", "class.reliable_improvement", 2, 5);
    assert_rate(&run, "all", "all", "class.reliable_recovery", 1, 4);
    assert_rate(&run, "all", "all", "class.reliable_deterioration", 1, 5);
    assert_rate(&run, "all", "all", "class.no_reliable_change", 2, 5);
    assert_rate(&run, "all", "positive", "class.reliable_improvement", 2, 4);
    assert_rate(&run, "all", "positive", "class.reliable_deterioration", 0, 4);
    assert_rate(&run, "all", "positive", "class.no_reliable_change", 2, 4);
    assert_rate(&run, "site=a", "all", "class.recovery", 2, 3);
    assert_rate(&run, "site=b", "all", "class.recovery", 0, 1);
    assert_rate(&run, "site=b", "all", "class.reliable_deterioration", 1, 2);
    const struct om_result *n = row_of(&run, "all", "phq9+gad7", "total", "all", "change", "nhs", "n");
    assert_int_equal(n->numerator, 5);
    assert_int_equal(n->denominator, PEOPLE);
    release(&run);
}

static void
of_both_measures(void **state)
{
    (void)state;
    struct run run = RUN("input", panel_of(people, PEOPLE, true), "nhs", "both");
    assert_run(&run);
    assert_rate(&run, "all", "all", "class.recovery", 2, 4);
    assert_rate(&run, "all", "all", "class.reliable_improvement", 1, 5); /* 6 and 5 points */
    assert_rate(&run, "all", "all", "class.reliable_recovery", 0, 4);
    assert_rate(&run, "all", "all", "class.reliable_deterioration", 0, 5);
    assert_rate(&run, "all", "all", "class.no_reliable_change", 4, 5);
    release(&run);
}

/* The cut-off of a study is that of its screening; who is a case for this rule is said by the definitions. */
static void
own_cutoffs_do_not_matter(void **state)
{
    (void)state;
    const char *path = panel_of(people, PEOPLE, true);
    struct run run = RUN("input", path, "cutoff", "phq9=20", "cutoff", "gad7=20");
    assert_run(&run);
    assert_rate(&run, "all", "all", "class.recovery", 2, 4);
    release(&run);
}

/* Prorated forms take part: the one left out above is 9 x 9 / 8 = 10.125, still a case, 4.875 points better.
 */
static void
prorated(void **state)
{
    (void)state;
    struct run run = RUN("input", panel_of(people, PEOPLE, true), "missing-rule", "prorate");
    assert_run(&run);
    assert_rate(&run, "all", "all", "class.recovery", 2, 5);
    assert_rate(&run, "all", "all", "class.reliable_improvement", 2, 6);
    assert_rate(&run, "all", "all", "class.no_reliable_change", 3, 6);
    release(&run);
}

/* The same people by their totals: with decimals, and in another place of the panel. */
static void
totals(void **state)
{
    (void)state;
    const char *path = file_of("id,gad_pre,phq_pre,gad_post,phq_post\n"
                               "a,12,16,7,10\nb,8.0,15,7,9\nc,7,12,7,9\nd,6,14,10,8\ne,3,4,4,10\nf,8,15,7,\n"
                               "g,7.9,15.5,7.5,9.5\nh,,15,7,3\n");
    struct run run = RUN("input", path, "scale", "phq9:phq_{occasion}", "scale", "gad7:gad_{occasion}");
    assert_run(&run);
    assert_rate(&run, "all", "all", "class.recovery", 2, 5); /* 9.5 is a case, rounded half up */
    assert_rate(&run, "all", "all", "class.reliable_improvement", 3, 6);
    assert_rate(&run, "all", "all", "class.reliable_recovery", 1, 5);
    assert_rate(&run, "all", "all", "class.reliable_deterioration", 1, 6);
    assert_rate(&run, "all", "all", "class.no_reliable_change", 2, 6);
    release(&run);
}

static void
assert_absent(struct run run)
{
    assert_run(&run);
    assert_null(om_results_find(&run.analysis->results, NULL, NULL, NULL, NULL, NULL, "nhs", NULL));
    release(&run);
}

static void
absent_without_what_it_needs(void **state)
{
    (void)state;
    assert_absent(RUN("input", panel_of(people, PEOPLE, false)));
    assert_absent(RUN("input", panel_of(people, PEOPLE, true), "rule", "shift,reliable"));
    assert_absent(RUN("input", panel_of(people, PEOPLE, true), "occasions", "pre"));
    struct run run = RUN("input", panel_of(people, PEOPLE, true), "rule", "nhs", "population", "positive");
    assert_run(&run);
    assert_rate(&run, "all", "positive", "class.recovery", 2, 4);
    assert_null(om_results_find(&run.analysis->results, NULL, "phq9+gad7", NULL, "all", NULL, NULL, NULL));
    assert_null(om_results_find(&run.analysis->results, NULL, NULL, NULL, NULL, NULL, "shift", NULL));
    release(&run);
}

/* Nobody can be judged: no share, and a reason. */
static void
nobody(void **state)
{
    (void)state;
    struct run run = RUN("input", panel_of(people + 5, 1, true), "occasions", "pre,post");
    assert_run(&run);
    const struct om_result *row =
        row_of(&run, "all", "phq9+gad7", "total", "all", "change", "nhs", "class.recovery");
    assert_false(row->has_value);
    assert_true(*row->note);
    release(&run);
}

/* Many persons in blocks and groups, by one to three threads: the rows of the groups add up, and threads do
 * not matter. */
static void
blocks_groups_threads(void **state)
{
    (void)state;
    enum { MANY = 3000 };
    static struct person many[MANY];
    static const char *const sites[] = {"a", "b", "c"};
    uint64_t improved = 0, judged = 0;
    for (int i = 0; i < MANY; i++) {
        struct person *p = &many[i];
        p->site = sites[test_random() % 3];
        for (int o = 0; o < 2; o++) {
            p->phq[o] = (int)(test_random() % 29) - 1;
            p->gad[o] = (int)(test_random() % 23) - 1;
        }
        if (p->phq[0] < 0 || p->phq[1] < 0 || p->gad[0] < 0 || p->gad[1] < 0)
            continue;
        int phq = p->phq[0] - p->phq[1], gad = p->gad[0] - p->gad[1];
        judged++;
        improved += (phq >= 6 || gad >= 4) && phq > -6 && gad > -4;
    }
    const char *path = panel_of(many, MANY, true);
    struct run one = RUN("input", path, "by", "site", "threads", "1");
    struct run three = RUN("input", path, "by", "site", "threads", "3");
    assert_run(&one);
    assert_rate(&one, "all", "all", "class.reliable_improvement", improved, judged);
    uint64_t k = 0, n = 0;
    for (int g = 0; g < 3; g++) {
        char group[16];
        snprintf(group, sizeof group, "site=%s", sites[g]);
        const struct om_result *row =
            row_of(&one, group, "phq9+gad7", "total", "all", "change", "nhs", "class.reliable_improvement");
        k += row->numerator;
        n += row->denominator;
    }
    assert_int_equal(k, improved);
    assert_int_equal(n, judged);
    assert_same_results(&one, &three, "threads");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(worked_cases),
        cmocka_unit_test(of_both_measures),
        cmocka_unit_test(own_cutoffs_do_not_matter),
        cmocka_unit_test(prorated),
        cmocka_unit_test(totals),
        cmocka_unit_test(absent_without_what_it_needs),
        cmocka_unit_test(nobody),
        cmocka_unit_test(blocks_groups_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
