/*
 * A long panel in pieces: pairing files of its shards, then the persons in parts, then the sum of those.
 * However it is cut, the report is that of the panel.
 */
#include "panels.h"
#include "analysis/study.h"

#include <omstat/pairing.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PIECES_MAX = 8 };

static bool thorough; /* more panels, in the nightly check */

static const char *
make_key(mode_t mode)
{
    const char *path = temporary_file(".key", "0123456789abcdef0123456789abcdef\n", 33);
    assert_int_equal(chmod(path, mode), 0);
    return path;
}

static struct om_study *
study_of(const char *const *input, size_t n, const char *duplicates)
{
    struct om_study *study = NULL;
    struct om_error err = {0};
    assert_ok(om_study_new(&study, &err));
    for (size_t i = 0; i < n; i++)
        assert_ok(om_study_set(study, "input", input[i], &err));
    assert_ok(om_study_set(study, "by", "site", &err));
    assert_ok(om_study_set(study, "duplicates", duplicates, &err));
    assert_ok(om_study_set(study, "occasions", "pre,post", &err)); /* a piece may lack one of them */
    return study;
}

/* The pairing files of a panel in n shards. */
static void
pair(const char *path, const char *key, size_t n, const char *pairs[PIECES_MAX], uint64_t *read,
     uint64_t *rejected)
{
    static const char *made[PIECES_MAX];
    *read = *rejected = 0;
    for (size_t k = 0; k < n; k++) {
        struct om_study *study = study_of(&path, 1, "first");
        struct om_pairing pairing;
        struct om_error err = {0};
        struct stat state;
        study->panel.shard = k + 1;
        study->panel.n_shards = n;
        if (!made[k])
            made[k] = temporary_file(".pairs", "old", 3);
        pairs[k] = made[k];
        om_status status = om_pair(study, key, pairs[k], NULL, &pairing, &err);
        if (status != OM_OK)
            fail_msg("%s", err.message);
        assert_int_equal(stat(pairs[k], &state), 0);
        assert_int_equal(state.st_mode & 0777, 0600);
        *read += pairing.read;
        *rejected += pairing.rejected;
        om_pairing_release(&pairing);
        om_study_free(study);
    }
}

/* The tally of the persons of all pairing files, counted in m parts. */
static struct om_tally *
count(const char *const *pairs, size_t n, size_t m, const char *duplicates)
{
    struct om_tally *sum = NULL;
    for (size_t k = 0; k < m; k++) {
        struct om_study *study = study_of(pairs, n, duplicates);
        struct om_tallying tallying;
        struct om_error err = {0};
        study->panel.part = k + 1;
        study->panel.n_parts = m;
        study->panel.memory = k % 2 ? OM_MEMORY_LEAST : 0;
        om_status status = om_tally_panel(study, NULL, &tallying, &err);
        if (status == OM_OK && sum)
            status = om_tally_merge(sum, tallying.tally, "part", &err);
        else if (status == OM_OK) {
            sum = tallying.tally;
            tallying.tally = NULL;
        }
        if (status != OM_OK)
            fail_msg("part %zu of %zu: %s", k + 1, m, err.message);
        om_tallying_release(&tallying);
        om_study_free(study);
    }
    return sum;
}

static void
check_pieces(const char *path, const char *key, size_t n, size_t m, const char *duplicates)
{
    const char *pairs[PIECES_MAX];
    uint64_t read, rejected;
    struct run whole = {.study = study_of(&path, 1, duplicates)},
               pieces = {.study = study_of(&path, 1, duplicates)};
    struct om_error err = {0};
    assert_ok(om_analyse(whole.study, NULL, &whole.analysis, NULL, &err));
    pair(path, key, n, pairs, &read, &rejected);
    assert_int_equal(read, whole.analysis->records.read);
    struct om_tally *sum = count(pairs, n, m, duplicates);
    om_status status = om_analyse_tally(pieces.study, sum, "sum", &pieces.analysis, &err);
    if (status != OM_OK)
        fail_msg("%s", err.message);
    assert_int_equal(pieces.analysis->records.read, whole.analysis->records.read);
    assert_int_equal(pieces.analysis->records.rejected, whole.analysis->records.rejected);
    assert_int_equal(pieces.analysis->records.skipped, whole.analysis->records.skipped);
    assert_int_equal(pieces.analysis->duplicates, whole.analysis->duplicates);
    assert_same_results(&whole, &pieces, "in pieces");
    om_tally_free(sum);
}

static void
any_pieces(void **state)
{
    (void)state;
    static const char *const policies[] = {"first", "last", "reject-all"};
    const char *key = make_key(0600);
    seed = 61;
    for (int round = 0; round < (thorough ? 10 : 1); round++)
        for (int odd = 0; odd < 2; odd++)
            for (int shuffled = 0; shuffled < 2; shuffled++) {
                const char *path = make_panel((unsigned)round % 3, odd, shuffled, true);
                for (size_t n = 1; n <= 5; n += 2)
                    for (size_t m = 1; m <= 7; m += 3)
                        check_pieces(path, key, n, m, policies[(n + m) % 3]);
            }
}

/* Parts of the persons of the panel itself: no pairing file is needed where everything can be read. */
static void
parts_of_persons(void **state)
{
    (void)state;
    seed = 67;
    const char *path = make_panel(0, true, true, true);
    struct run whole = {.study = study_of(&path, 1, "last")}, parts = {.study = study_of(&path, 1, "last")};
    struct om_error err = {0};
    assert_ok(om_analyse(whole.study, NULL, &whole.analysis, NULL, &err));
    for (size_t m = 1; m < 12; m += 5) {
        struct om_tally *sum = count(&path, 1, m, "last");
        assert_ok(om_analyse_tally(parts.study, sum, "sum", &parts.analysis, &err));
        char *want = csv_of(&whole), *got = csv_of(&parts);
        assert_string_equal(got, want);
        for (int severity = OM_NOTE; severity <= OM_BAD; severity++) /* what was found is found once */
            assert_int_equal(om_findings_count(parts.analysis->findings, (enum om_severity)severity),
                             om_findings_count(whole.analysis->findings, (enum om_severity)severity));
        om_text_free(want);
        om_text_free(got);
        om_analysis_free(parts.analysis);
        om_tally_free(sum);
    }
    parts.analysis = NULL;
    release(&whole);
    release(&parts);
}

/* An id is a hash that only the key gives; the same for the same id, another with another key. */
static void
ids_are_hashed(void **state)
{
    (void)state;
    const char *path = file_of("id,phq9_1,phq9_2,phq9_3,phq9_4,phq9_5,phq9_6,phq9_7,phq9_8,phq9_9,name,site\n"
                               "Jo,0,1,2,3,0,1,2,3,0,\"Jo, Ann\",\"a,\"\"b\"\n");
    struct om_study *study = NULL;
    struct om_pairing pairing;
    struct om_error err = {0};
    assert_ok(om_study_new(&study, &err));
    assert_ok(om_study_set(study, "input", path, &err));
    assert_ok(om_study_set(study, "by", "site", &err));
    const char *out = temporary_file(".pairs", "", 0);
    assert_ok(om_pair(study, make_key(0600), out, NULL, &pairing, &err));
    om_pairing_release(&pairing);
    om_study_free(study);
    struct text text = text_read(out);
    /* printf Jo | openssl dgst -sha256 -hmac 0123456789abcdef0123456789abcdef | cut -c 1-32 of the digits */
    assert_string_equal(text.at, "id,phq9_1,phq9_2,phq9_3,phq9_4,phq9_5,phq9_6,phq9_7,phq9_8,phq9_9,site\n"
                                 "35454a9c4e693225ed89920d4502c28d,0,1,2,3,0,1,2,3,0,\"a,\"\"b\"\n");
    free(text.at);
}

static void
bad_keys(void **state)
{
    (void)state;
    const char *path =
        file_of("id,phq9_1,phq9_2,phq9_3,phq9_4,phq9_5,phq9_6,phq9_7,phq9_8,phq9_9\n1,0,1,2,3,0,1,2,3,0\n");
    const struct {
        const char *key;
        om_status status;
    } cases[] = {{"nothing.key", OM_ERR_NO_INPUT},
                 {make_key(0640), OM_ERR_PERMISSION},
                 {file_of("short\n"), OM_ERR_USAGE}};
    assert_int_equal(chmod(cases[2].key, 0600), 0);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct om_study *study = NULL;
        struct om_pairing pairing;
        struct om_error err = {0};
        assert_ok(om_study_new(&study, &err));
        assert_ok(om_study_set(study, "input", path, &err));
        assert_int_equal(om_pair(study, cases[i].key, "never.pairs", NULL, &pairing, &err), cases[i].status);
        om_pairing_release(&pairing);
        om_study_free(study);
    }
    assert_int_not_equal(access("never.pairs", F_OK), 0);
}

int
main(int argc, char **argv)
{
    thorough = argc > 1 && strcmp(argv[1], "thorough") == 0;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_pieces),
        cmocka_unit_test(parts_of_persons),
        cmocka_unit_test(ids_are_hashed),
        cmocka_unit_test(bad_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
