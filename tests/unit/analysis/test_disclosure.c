/* Shareable analyses: what is withheld, and that it cannot be had in another way. The attack by linear
 * programmes is test_disclosure_attack.c. */
#include "studies.h"

#include <math.h>
#include <omstat/proportion.h>

#define EVALUATION "input", "data/evaluation_wide.csv", "by", "cohort"

static bool
is_withheld(const struct om_result *row)
{
    return strcmp(row->note, OM_NOTE_WITHHELD) == 0;
}

/* --- the key -------------------------------------------------------------------------------------------- */

static void
presets(void **state)
{
    (void)state;
    const struct {
        const char *value, *preset;
        uint64_t below, round;
    } cases[] = {{"true", "cms", 11, 1},  {"cms", "cms", 11, 1},    {"NHS", "nhs", 5, 5},
                 {"acro", "acro", 10, 1}, {"below=7", "own", 7, 1}, {"below=7,round=5", "own", 7, 5}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct run run = RUN(EVALUATION, "shareable", cases[i].value);
        assert_run(&run);
        const struct om_disclosure *disclosure = &run.analysis->disclosure;
        assert_true(disclosure->active);
        assert_string_equal(disclosure->preset, cases[i].preset);
        assert_int_equal(disclosure->below, cases[i].below);
        assert_int_equal(disclosure->round, cases[i].round);
        assert_true(disclosure->n_withheld > 0 && disclosure->n_shown > 0);
        assert_int_equal(disclosure->n_shown + disclosure->n_withheld, run.analysis->results.n_rows);
        assert_int_equal(disclosure->n_withheld + disclosure->n_left_out, disclosure->log.n_rows);
        release(&run);
    }
}

static void
refusals(void **state)
{
    (void)state;
    static const char *const bad[] = {"11",
                                      "below",
                                      "below=",
                                      "below=0",
                                      "below=-3",
                                      "below=5,",
                                      "below=5,round=0",
                                      "below=5,round=6",
                                      "round=5",
                                      "below=5 ",
                                      "below=5,round=5x",
                                      "cms,nhs",
                                      "below=5;round=5",
                                      "maybe",
                                      ""};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct run run = RUN(EVALUATION, "shareable", bad[i]);
        assert_refused(&run, OM_ERR_USAGE, "shareable", "below=N[,round=M]");
    }
    struct run run = RUN(EVALUATION, "shareable", "true", "show-values", "true");
    assert_refused(&run, OM_ERR_USAGE, "contradict", "leave one");
}

/* Nothing below 1: the report is what it is without the key, and so it is when the key is taken back. */
static void
nothing_withheld(void **state)
{
    (void)state;
    struct run one = RUN(EVALUATION, "shareable", "below=1"), plain = RUN(EVALUATION);
    assert_false(one.analysis->disclosure.active);
    assert_same_results(&one, &plain, "below=1");
    struct run back = RUN(EVALUATION, "shareable", "nhs", "shareable", "false"), again = RUN(EVALUATION);
    assert_same_results(&back, &again, "false");
}

/* --- what is shown is true ------------------------------------------------------------------------------ */

static const struct om_result *
same_row(const struct run *run, const struct om_result *row)
{
    return row_of(run, row->group, row->instrument, row->scale, row->population, row->occasion, row->rule,
                  row->statistic);
}

static double
tenth(double value)
{
    return round(value * 10) / 10;
}

/* Every count as in the report that withholds nothing; means and SDs to a tenth; the rest follows from these.
 */
static void
shown_is_true(void **state)
{
    (void)state;
    struct run run = RUN(EVALUATION, "shareable", "cms"), plain = RUN(EVALUATION);
    assert_run(&run);
    size_t rates = 0, means = 0, derived = 0;
    for (size_t i = 0; i < run.analysis->results.n_rows; i++) {
        const struct om_result *row = &run.analysis->results.row[i], *truth = same_row(&plain, row);
        if (!row->has_value) {
            assert_true(is_withheld(row));
            assert_false(row->has_ratio || row->has_interval || row->has_level);
            continue;
        }
        if (row->has_ratio) {
            rates++;
            assert_int_equal(row->numerator, truth->numerator);
            assert_int_equal(row->denominator, truth->denominator);
            assert_close(row->lower, truth->lower, 1e-12);
            assert_close(row->upper, truth->upper, 1e-12);
        } else if (strcmp(row->statistic, "mean") == 0 || strcmp(row->statistic, "sd") == 0) {
            means++;
            assert_close(row->value, tenth(truth->value), 1e-12);
        } else if (row->has_n && strcmp(row->statistic, "n") != 0) {
            const struct om_result key = *row;
#define BESIDE(name)                                                                                         \
    value_of(&run, key.group, key.instrument, key.scale, key.population, key.occasion, "", name)
            const double mean = BESIDE("mean"), sd = BESIDE("sd"), n = (double)row->n;
            derived++;
            if (strcmp(row->statistic, "se") == 0)
                assert_close(row->value, sd / sqrt(n), 1e-12);
            else if (strcmp(row->statistic, "t.statistic") == 0)
                assert_close(row->value, mean / (sd / sqrt(n)), 1e-12);
            else if (strcmp(row->statistic, "t.df") == 0)
                assert_close(row->value, n - 1, 1e-12);
            else if (strcmp(row->statistic, "d_z") == 0)
                assert_close(row->value, mean / sd, 1e-12);
            else
                assert_string_equal(row->statistic, "t.p");
        }
        assert_true(!row->has_n || row->n == truth->n);
    }
    assert_true(rates > 20 && means > 50 && derived > 50);
    /* R: 2 * pt(-abs(t), 79), t = -7 / (6.1 / sqrt(80)); -7 -+ qt(.975, 79) * 6.1 / sqrt(80) */
    assert_close(value_of(&run, "all", "phq9", "total", "all", "change", "", "t.p"), 3.4109397706521e-16,
                 1e-9);
    const struct om_result *mean = row_of(&run, "all", "phq9", "total", "all", "change", "", "mean");
    assert_close(mean->lower, -8.3574885026505, 1e-12);
    assert_close(mean->upper, -5.6425114973495, 1e-12);
    release(&run);
    release(&plain);
}

/* Counts rounded to 5 are multiples of 5 everywhere, and what is computed from them says the same. */
static void
rounded_alike(void **state)
{
    (void)state;
    struct run run = RUN(EVALUATION, "shareable", "nhs"), plain = RUN(EVALUATION);
    assert_run(&run);
    size_t checked = 0;
    for (size_t i = 0; i < run.analysis->results.n_rows; i++) {
        const struct om_result *row = &run.analysis->results.row[i], *truth = same_row(&plain, row);
        struct om_interval wilson;
        assert_true(!row->has_n || row->n % 5 == 0);
        if (strncmp(row->statistic, "ledger.", 7) == 0 || strcmp(row->statistic, "n") == 0)
            assert_true(!row->has_value || fmod(row->value, 5) == 0);
        if (!row->has_ratio)
            continue;
        checked++;
        assert_int_equal(row->numerator, (truth->numerator + 2) / 5 * 5);
        assert_int_equal(row->denominator, (truth->denominator + 2) / 5 * 5);
        assert_int_equal(row->denominator, row->n);
        assert_close(row->value, (double)row->numerator / (double)row->denominator, 1e-15);
        om_proportion(row->numerator, row->denominator, 0.95, OM_PROPORTION_WILSON, &wilson);
        assert_close(row->lower, wilson.lower, 1e-15);
        assert_close(row->upper, wilson.upper, 1e-15);
        const struct om_result *n =
            row_of(&run, row->group, row->instrument, row->scale, row->population, row->occasion, "", "n");
        assert_true(row->rule[0] || n->value == (double)row->denominator);
    }
    assert_true(checked > 30);
    assert_true(run.analysis->persons % 5 == 0);
    release(&run);
    release(&plain);
}

/* --- differencing
 * -------------------------------------------------------------------------------------------- */

static void
assert_not_small(uint64_t count, uint64_t below, const struct om_result *row)
{
    if (count > 0 && count < below)
        fail_msg("%s %s %s %s %s: %llu are left over", row->instrument, row->population, row->occasion,
                 row->rule, row->statistic, (unsigned long long)count);
}

/* All less the groups that are shown, everyone less those positive, a class less another: nothing small. */
static void
no_small_difference(void **state)
{
    (void)state;
    static const char *const rules[] = {"cms", "nhs", "acro", "below=7", "below=3"};
    for (size_t s = 0; s < 5; s++) {
        struct run run = RUN(EVALUATION, "shareable", rules[s]), plain = RUN(EVALUATION);
        assert_run(&run);
        const uint64_t below = run.analysis->disclosure.below;
        for (size_t i = 0; i < run.analysis->results.n_rows; i++) {
            const struct om_result *row = &run.analysis->results.row[i], *truth = same_row(&plain, row);
            if (strcmp(row->group, "all") != 0 || !row->has_value || !truth->has_ratio ||
                row->statistic[0] == 'l')
                continue;
            uint64_t k = truth->numerator, n = truth->n;
            for (size_t g = 1; g < run.analysis->n_groups; g++) {
                const struct om_result *of =
                    om_results_find(&run.analysis->results, run.analysis->group[g], row->instrument,
                                    row->scale, row->population, row->occasion, row->rule, row->statistic);
                if (!of || !of->has_value)
                    continue;
                const struct om_result *is = same_row(&plain, of);
                assert_not_small(is->numerator, below, of);
                assert_not_small(is->n - is->numerator, below, of);
                k -= is->numerator;
                n -= is->n;
            }
            assert_not_small(k, below, row);
            if (strcmp(row->statistic, "n") != 0)
                assert_not_small(n - k, below, row);
        }
        release(&run);
        release(&plain);
    }
}

/* --- what must not be there
 * --------------------------------------------------------------------------------- */

/* A panel of three sites, one of them of three persons. exchanged: one of the three and one of the next
 * smallest site have changed places. */
static const char *
panel_with_tiny_site(bool exchanged)
{
    struct text text = {0};
    char line[200];
    text_put(&text, "id,site,gad7_1_pre,gad7_2_pre,gad7_3_pre,gad7_4_pre,gad7_5_pre,gad7_6_pre,gad7_7_pre,"
                    "gad7_1_post,gad7_2_post,gad7_3_post,gad7_4_post,gad7_5_post,gad7_6_post,gad7_7_post\n");
    for (int i = 0; i < 63; i++) {
        const char *site = i < 3 ? "tiny" : i < 23 ? "north" : "south";
        if (exchanged && (i == 1 || i == 5))
            site = i == 1 ? "north" : "tiny";
        int before = i % 4, after = (i * 7 / 3) % 4 * (i % 3 ? 1 : 0);
        snprintf(line, sizeof line, "p%02d,%s,%d,%d,%d,2,1,%d,2,%d,0,%d,1,%d,0,%d\n", i, site, before, i % 3,
                 (i + 1) % 4, i / 16, after, (after + 1) % 4, after / 2, i % 2);
        text_put(&text, line);
    }
    return text_file(&text);
}

static char *
rendered(const struct run *run, enum om_format format, size_t *length)
{
    struct om_report_options options = {.format = format};
    struct om_error err;
    char *text;
    assert_ok(om_report_render(run->analysis, &options, &text, length, &err));
    return text;
}

static void
tiny_site_is_silent(void **state)
{
    (void)state;
    struct run run = RUN("input", panel_with_tiny_site(false), "by", "site", "shareable", "true",
                         "statistics", "all", "replicates", "100", "population", "both");
    assert_run(&run);
    size_t of_tiny = 0, of_south = 0;
    for (size_t i = 0; i < run.analysis->results.n_rows; i++) {
        const struct om_result *row = &run.analysis->results.row[i];
        assert_null(strstr(row->group, " - "));
        if (strcmp(row->group, "site=tiny") == 0 || strcmp(row->group, "site=north") == 0) {
            of_tiny++;
            assert_true(is_withheld(row));
            assert_false(row->has_value || row->has_ratio || row->has_interval || row->has_n);
        }
        of_south += strcmp(row->group, "site=south") == 0 && row->has_value;
    }
    assert_true(of_tiny > 20 && of_south > 5);
    const struct om_analysis *analysis = run.analysis;
    assert_true(analysis->records.read == OM_WITHHELD && analysis->records.rejected == OM_WITHHELD &&
                analysis->records.scored == OM_WITHHELD && analysis->records.skipped == OM_WITHHELD);
    assert_true(analysis->without_partner == OM_WITHHELD && analysis->duplicates == OM_WITHHELD);
    assert_true(analysis->input[0].bytes == OM_WITHHELD && analysis->input[0].records == OM_WITHHELD);
    assert_string_equal(analysis->input[0].digest, "");
    assert_int_equal(analysis->n_families, 0);
    for (size_t i = 0; i < analysis->n_ledger; i++)
        if (strcmp(analysis->ledger[i].group, "site=tiny") == 0)
            assert_true(
                analysis->ledger[i].persons == OM_WITHHELD && analysis->ledger[i].paired == OM_WITHHELD &&
                analysis->ledger[i].baseline == OM_WITHHELD && analysis->ledger[i].used == OM_WITHHELD);
    release(&run);
}

/* Two persons of sites that are withheld change places: not one byte of any form tells. */
static void
nothing_depends_on_the_withheld(void **state)
{
    (void)state;
    static const enum om_format formats[] = {OM_FORMAT_TEXT, OM_FORMAT_MARKDOWN, OM_FORMAT_CSV,
                                             OM_FORMAT_JSON, OM_FORMAT_XLSX};
    char path[256];
    struct text first = text_read(panel_with_tiny_site(false)),
                second = text_read(panel_with_tiny_site(true));
    assert_int_not_equal(memcmp(first.at, second.at, first.length), 0);
    snprintf(path, sizeof path, "%s", file_of(""));
    for (size_t f = 0; f < sizeof formats / sizeof *formats; f++) {
        char *form[2], *plain[2];
        size_t length[2], plain_length[2];
        if (!om_format_available(formats[f]))
            continue;
        for (int which = 0; which < 2; which++) {
            const struct text *text = which ? &second : &first;
            FILE *file = fopen(path, "wb");
            assert_non_null(file);
            assert_int_equal(fwrite(text->at, 1, text->length, file), text->length);
            assert_int_equal(fclose(file), 0);
            struct run run = RUN("input", path, "by", "site", "shareable", "true"),
                       open = RUN("input", path, "by", "site");
            form[which] = rendered(&run, formats[f], &length[which]);
            plain[which] = rendered(&open, formats[f], &plain_length[which]);
            release(&run);
            release(&open);
        }
        assert_int_equal(length[0], length[1]);
        assert_memory_equal(form[0], form[1], length[0]);
        assert_true(plain_length[0] != plain_length[1] || memcmp(plain[0], plain[1], plain_length[0]) != 0);
        for (int which = 0; which < 2; which++) {
            om_text_free(form[which]);
            om_text_free(plain[which]);
        }
    }
    free(first.at);
    free(second.at);
}

/* The findings tell how many cells are wrong, and where: only their kinds are kept, apart from what is shown.
 */
static void
findings_are_apart(void **state)
{
    (void)state;
    struct text text = text_read("data/evaluation_wide.csv");
    char *cell = strstr(text.at, "\nP002,1,") + strlen("\nP002,1,");
    *cell = '7'; /* PHQ-9 has 0 to 3 */
    struct run run = RUN("input", text_file(&text), "shareable", "cms");
    assert_run(&run);
    assert_int_equal(om_findings_groups(run.analysis->findings), 0);
    assert_int_equal(om_findings_count(run.analysis->disclosure.findings, OM_BAD), 1);
    release(&run);
}

static void
same_with_any_threads(void **state)
{
    (void)state;
    for (int threads = 2; threads <= 4; threads++) {
        char number[16];
        snprintf(number, sizeof number, "%d", threads);
        struct run one = RUN(EVALUATION, "shareable", "nhs", "threads", "1"),
                   more = RUN("input", "data/evaluation_long.csv", "by", "cohort", "shareable", "nhs",
                              "threads", number);
        assert_same_results(&one, &more, "threads");
    }
}

/* Only those positive asked for: they are who everything is about. */
static void
population_positive(void **state)
{
    (void)state;
    struct run run = RUN(EVALUATION, "shareable", "cms", "population", "positive"),
               plain = RUN(EVALUATION, "population", "positive");
    assert_run(&run);
    assert_close(value_of(&run, "all", "phq9", "total", "positive", "pre", "", "n"), 67, 0);
    assert_close(value_of(&run, "all", "phq9", "total", "positive", "change", "reliable", "class.improved"),
                 43 / 67.0, 1e-15);
    for (size_t i = 0; i < run.analysis->results.n_rows; i++) {
        const struct om_result *row = &run.analysis->results.row[i];
        if (row->has_ratio)
            assert_int_equal(row->numerator, same_row(&plain, row)->numerator);
    }
    release(&run);
    release(&plain);
}

/* The log holds no number, and every reason there is. */
static void
log_of_reasons(void **state)
{
    (void)state;
    struct run run = RUN(EVALUATION, "shareable", "cms");
    const struct om_results *log = &run.analysis->disclosure.log;
    size_t primary = 0, complementary = 0, left_out = 0;
    for (size_t i = 0; i < log->n_rows; i++) {
        const struct om_result *row = &log->row[i];
        assert_false(row->has_value || row->has_ratio || row->has_interval || row->has_n || row->has_level);
        primary += strcmp(row->note, "primary") == 0;
        complementary += strcmp(row->note, "complementary") == 0;
        left_out += strcmp(row->note, "not publishable") == 0;
    }
    assert_true(primary > 0 && complementary > 0 && left_out > 0);
    assert_int_equal(primary + complementary + left_out, log->n_rows);
    const struct om_result *worse =
        om_results_find(log, "all", "phq9", "total", "all", "change", "reliable", "class.deteriorated");
    assert_string_equal(worse->note, "primary"); /* 2 of 80 */
    const struct om_result *same =
        om_results_find(log, "all", "phq9", "total", "all", "change", "reliable", "class.unchanged");
    assert_string_equal(same->note, "complementary"); /* 30 of 80 */
    release(&run);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(presets),
        cmocka_unit_test(refusals),
        cmocka_unit_test(nothing_withheld),
        cmocka_unit_test(shown_is_true),
        cmocka_unit_test(rounded_alike),
        cmocka_unit_test(no_small_difference),
        cmocka_unit_test(tiny_site_is_silent),
        cmocka_unit_test(nothing_depends_on_the_withheld),
        cmocka_unit_test(findings_are_apart),
        cmocka_unit_test(same_with_any_threads),
        cmocka_unit_test(population_positive),
        cmocka_unit_test(log_of_reasons),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
