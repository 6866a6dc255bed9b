/* Files of claims: what is read, what is refused and where, and files that mean harm. */
#include "support/support.h"

#include "base/memory.h"

#include <omstat/claims.h>
#include <stdio.h>
#include <string.h>

/* The same file each time. */
static const char *
write_file(const char *text, size_t length)
{
    static const char *path;
    if (!path)
        path = temporary_file(".yaml", "", 0);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fwrite(text, 1, length, file);
    fclose(file);
    return path;
}

static om_status
load(const char *text, struct om_claims **claims, struct om_error *err)
{
    return om_claims_load(write_file(text, strlen(text)), claims, err);
}

static void
test_everything(void **state)
{
    (void)state;
    struct om_error err;
    struct om_claims *claims;
    assert_ok(
        load("source: us\nrounding: half-even\nn: 20..94\nclaims:\n"
             "  - {id: a, instrument: phq9, statistic: class.improved, rule: shift, value: 79 %}\n"
             "  - id: B-2.c\n    text: words\n    source: p. 3\n    instrument: pcl5\n    scale: cluster_b\n"
             "    group: cohort=1\n    population: positive\n    occasion: pre\n    statistic: sd\n"
             "    value: 5.1\n    decimals: 2\n    rounding: truncate\n    tolerance: 0.01\n    n: 57\n"
             "    k: 3\n    mean: 12.30\n    test: {f: 4.03, df: [2, 91], p: .021, one-sided: false}\n",
             &claims, &err));
    assert_int_equal(claims->n_claims, 2);
    const struct om_claim *a = &claims->claim[0], *b = &claims->claim[1];
    assert_string_equal(claims->source, "us");
    assert_string_equal(a->scale, "total");
    assert_string_equal(a->group, "all");
    assert_string_equal(a->population, "all");
    assert_string_equal(a->occasion, "change");
    assert_int_equal(a->rounding, OM_PUBLISHED_HALF_EVEN);
    assert_true(a->has_n && a->n_from == 20 && a->n_to == 94 && !a->has_k && a->line == 5);
    assert_string_equal(b->group, "cohort=1");
    assert_true(b->value.units == 510 && b->value.decimals == 2 && b->rounding == OM_PUBLISHED_TRUNCATE);
    assert_true(b->n_from == 57 && b->n_to == 57 && b->k == 3 && b->has_mean && b->mean.units == 1230);
    assert_true(b->test.kind == OM_TEST_F && b->test.df == 2 && b->test.df2 == 91 && b->test.has_p);
    assert_true(b->tolerance.num == 1 && b->tolerance.den == 100);
    om_claims_free(claims);
}

static void
assert_refused(const char *text, uint64_t line, uint64_t column, const char *message, const char *hint)
{
    struct om_error err = {0};
    struct om_claims *claims = NULL;
    assert_int_equal(load(text, &claims, &err), OM_ERR_DEFINITION);
    if (err.line != line || err.column != column || !strstr(err.message, message) || !strstr(err.hint, hint))
        fail_msg("%llu:%llu %s (%s)", (unsigned long long)err.line, (unsigned long long)err.column,
                 err.message, err.hint);
}

static void
test_refused(void **state)
{
    (void)state;
    assert_refused("", 1, 1, "", "");
    assert_refused("claim: []\n", 1, 1, "unknown key \"claim\"", "claims");
    assert_refused("claims: []\n", 1, 9, "no claim", "");
    assert_refused("claims:\n  - {id: a, vaule: 3}\n", 2, 13, "unknown key \"vaule\"", "value");
    assert_refused("claims:\n  - {id: a}\n", 2, 5, "needs a value", "");
    assert_refused("claims:\n  - {value: 3}\n", 2, 5, "id", "");
    assert_refused("claims:\n  - {id: a b, value: 3}\n", 2, 10, "cannot be the id", "letters");
    assert_refused("claims:\n  - {id: a, value: 3}\n  - {id: a, value: 3}\n", 3, 1, "already, on line 2", "");
    assert_refused("claims:\n  - {id: a, value: three}\n", 2, 20, "no published number", "79 %");
    assert_refused("claims:\n  - {id: a, value: 3, rule: shfit}\n", 2, 29, "unknown rule", "shift");
    assert_refused("claims:\n  - {id: a, value: 3, population: some}\n", 2, 35, "", "positive");
    assert_refused("claims:\n  - {id: a, value: 3, rounding: up}\n", 2, 33, "", "half-up");
    assert_refused("claims:\n  - {id: a, value: 3, n: 0}\n", 2, 26, "no n", "20..94");
    assert_refused("claims:\n  - {id: a, value: 3, n: 9..3}\n", 2, 26, "no n", "");
    assert_refused("claims:\n  - {id: a, value: 3, n: 1..999999999}\n", 2, 26, "at most", "");
    assert_refused("claims:\n  - {id: a, value: 3, n: 99999999999}\n", 2, 26, "no n", "");
    assert_refused("claims:\n  - {id: a, value: 3, k: -1}\n", 2, 26, "whole number", "");
    assert_refused("claims:\n  - {id: a, value: 3.14, decimals: 1}\n", 2, 36, "more decimals", "");
    assert_refused("claims:\n  - {id: a, value: 3, tolerance: -1}\n", 2, 34, "tolerance", "");
    assert_refused("claims:\n  - {id: a, test: {df: 3}}\n", 2, 19, "statistic", "chi2");
    assert_refused("claims:\n  - {id: a, test: {t: 3, z: 3, df: 3}}\n", 2, 29, "second", "");
    assert_refused("claims:\n  - {id: a, test: {t: 3}}\n", 2, 19, "df", "");
    assert_refused("claims:\n  - {id: a, test: {t: 3, df: 0}}\n", 2, 30, "above 0", "");
    assert_refused("claims:\n  - {id: a, test: {f: 3, df: 2}}\n", 2, 30, "two degrees", "");
    assert_refused("claims:\n  - {id: a, test: {r: 1.2, df: 2}}\n", 2, 23, "between -1 and 1", "");
    assert_refused("claims:\n  - {id: a, test: {chi2: 3, df: 2, d_z: 1}}\n", 2, 41, "paired t", "");
    assert_refused("claims:\n  - 3\n", 2, 5, "", "");
}

/* Any byte of a good file replaced: read, or refused as a definition. */
static void
test_damaged(void **state)
{
    (void)state;
    static const char good[] =
        "n: 20..94\nclaims:\n  - {id: a, instrument: phq9, rule: shift, statistic: class.improved, value: 79 "
        "%,"
        " n: 57, k: 3, tolerance: .5}\n  - {id: b, test: {t: 2.1, df: 39, p: < .05, d_z: .3}}\n";
    static const char bytes[] = "{}[],:%<>.-#&*!|'\"\n\t 0123456789az\xC3\x00";
    for (int i = 0; i < 1500; i++) {
        char text[sizeof good];
        struct om_error err;
        struct om_claims *claims = NULL;
        memcpy(text, good, sizeof good);
        for (uint32_t k = test_random() % 3 + 1; k > 0; k--)
            text[test_random() % (sizeof good - 1)] = bytes[test_random() % (sizeof bytes - 1)];
        const om_status status = om_claims_load(write_file(text, sizeof good - 1), &claims, &err);
        assert_true(status == OM_OK || status == OM_ERR_DEFINITION);
        struct om_claims_results *results = NULL;
        if (status == OM_OK)
            assert_ok(om_claims_check(claims, NULL, NULL, 0, &results, &err));
        om_claims_results_free(results);
        om_claims_free(claims);
    }
}

/* 1,000 claims are judged; 10,000 are more than a file may hold, and that is said. */
static void
test_many(void **state)
{
    (void)state;
    for (size_t n = 1000; n <= 10000; n *= 10) {
        struct om_error err;
        struct om_claims *claims = NULL;
        struct om_claims_results *results = NULL;
        char *text = calloc(n, 80);
        size_t at = (size_t)sprintf(text, "n: 1..2000\nclaims:\n");
        for (size_t i = 0; i < n; i++)
            at += (size_t)sprintf(text + at, "  - {id: c%zu, statistic: positive, value: %zu %%}\n", i,
                                  i % 101);
        const om_status status = load(text, &claims, &err);
        free(text);
        assert_int_equal(status, n == 1000 ? OM_OK : OM_ERR_DEFINITION);
        if (status != OM_OK)
            continue;
        assert_ok(om_claims_check(claims, NULL, NULL, 0, &results, &err));
        assert_int_equal(results->count[OM_CLAIM_UNDECIDABLE], n);
        om_claims_results_free(results);
        om_claims_free(claims);
    }
}

/* Every place that takes memory is made to fail once. */
static void
test_memory(void **state)
{
    (void)state;
    static const char text[] = "claims:\n  - {id: a, statistic: positive, value: 79 %, n: 20..94}\n"
                               "  - {id: b, test: {t: 2.1, df: 39, p: .9}}\n  - {id: c, value: 3}\n";
    const char *path = write_file(text, sizeof text - 1);
    const size_t live = om_memory_live();
    om_status status = OM_ERR_NOMEM;
    for (size_t k = 0; status != OM_OK; k++) {
        struct om_error err;
        struct om_claims *claims = NULL;
        struct om_claims_results *results = NULL;
        char *page = NULL;
        size_t length;
        om_memory_fail_at(k);
        status = om_claims_load(path, &claims, &err);
        if (status == OM_OK)
            status = om_claims_check(claims, NULL, NULL, 0, &results, &err);
        for (int format = OM_CLAIMS_TEXT; status == OM_OK && format <= OM_CLAIMS_JUNIT; format++) {
            om_text_free(page);
            page = NULL;
            status = om_claims_render(claims, results, (enum om_claims_format)format, &page, &length, &err);
        }
        om_memory_fail_at((size_t)-1);
        assert_true(status == OM_OK || status == OM_ERR_NOMEM);
        om_text_free(page);
        om_claims_results_free(results);
        om_claims_free(claims);
        assert_int_equal(om_memory_live(), live);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_everything), cmocka_unit_test(test_refused), cmocka_unit_test(test_damaged),
        cmocka_unit_test(test_many),       cmocka_unit_test(test_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
