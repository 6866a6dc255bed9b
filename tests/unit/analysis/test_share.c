/*
 * However many processes: the same results, the same findings at the same places, the same errors as of one.
 */
#include "panels.h"
#include "analysis/study.h"
#include "support/mesh.h"

#include <omstat/analysis.h>

static bool thorough; /* more panels, in the nightly check */

/* One study, and what it comes to. */
struct job {
    const char *const *setting;
    struct run run;
    char *tally; /* bytes; instead of a report */
    size_t tally_length;
    bool counts;
};

static om_status
set_up(struct job *job)
{
    struct run *run = &job->run;
    *run = (struct run){0};
    run->status = om_study_new(&run->study, &run->err);
    for (size_t i = 0; job->setting[i] && run->status == OM_OK; i += 2)
        run->status = om_study_set(run->study, job->setting[i], job->setting[i + 1], &run->err);
    return run->status;
}

static void
work(struct job *job)
{
    struct run *run = &job->run;
    if (!job->counts) {
        run->status = om_analyse(run->study, NULL, &run->analysis, &run->findings, &run->err);
        if (run->status == OM_OK && run->analysis)
            run->findings = run->analysis->findings;
        return;
    }
    struct om_tallying tallying;
    run->status = om_tally_panel(run->study, NULL, &tallying, &run->err);
    if (run->status == OM_OK && tallying.tally)
        run->status = om_tally_save(tallying.tally, &job->tally, &job->tally_length, &run->err);
    om_tallying_release(&tallying);
}

static void
take_seat(struct seat *seat)
{
    struct job *job = seat->context;
    struct run *run = &job->run;
    if (set_up(job) == OM_OK)
        run->status = om_study_share(run->study, &seat->exchange, &run->err);
    run->status = om_exchange_agree(&seat->exchange, run->status, &run->err);
    if (run->status == OM_OK)
        work(job);
}

static void
assert_same_words(const char *got, const char *want, size_t size)
{
    size_t i = 0;
    while (want[i] && want[i] == got[i])
        i++;
    if (want[i] != got[i])
        fail_msg("%zu processes: \"%.200s\", not \"%.200s\"", size, got + (i < 60 ? 0 : i - 60),
                 want + (i < 60 ? 0 : i - 60));
}

/* Reports, or counts, with so many processes. */
static void
check_size(const char *const *setting, size_t size, bool counts)
{
    struct job alone = {.setting = setting, .counts = counts}, job[MESH_MAX];
    void *context[MESH_MAX];
    assert_int_equal(set_up(&alone), OM_OK);
    work(&alone);
    for (size_t r = 0; r < size; r++) {
        job[r] = (struct job){.setting = setting, .counts = counts};
        context[r] = &job[r];
    }
    mesh_run(size, take_seat, context);
    assert_int_equal(job[0].run.status, alone.run.status);
    for (size_t r = 1; r < size; r++) /* rank 0 alone looks at the sum */
        assert_true(job[r].run.status == alone.run.status || job[r].run.status == OM_OK);
    if (counts) {
        assert_int_equal(job[0].tally_length, alone.tally_length);
        if (alone.tally_length)
            assert_memory_equal(job[0].tally, alone.tally, alone.tally_length);
    } else {
        struct om_findings *found[] = {alone.run.findings, job[0].run.findings};
        if (alone.run.status != OM_OK) /* the error is of all; what was found until then, of rank 0 */
            alone.run.findings = job[0].run.findings = NULL;
        char *want = words_of(&alone.run), *got = words_of(&job[0].run);
        assert_same_words(got, want, size);
        om_text_free(want);
        om_text_free(got);
        alone.run.findings = found[0];
        job[0].run.findings = found[1];
    }
    for (size_t r = 0; r < size; r++) {
        if (r > 0)
            assert_null(job[r].run.analysis);
        release(&job[r].run);
        om_text_free(job[r].tally);
    }
    release(&alone.run);
    om_text_free(alone.tally);
}

static void
check_shared(const char *const *setting)
{
    static const size_t sizes[] = {2, 3, 4, 7};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        const size_t size = sizes[i];
        check_size(setting, size, false);
        check_size(setting, size, true);
    }
}
#define CHECK(...) check_shared((const char *const[]){__VA_ARGS__, NULL})

static void
long_panels(void **state)
{
    (void)state;
    seed = 41;
    for (int round = 0; round < (thorough ? 3 : 1); round++)
        for (unsigned style = 0; style < 3; style++)
            for (int odd = 0; odd < 2; odd++)
                for (int shuffled = 0; shuffled < 2; shuffled++) {
                    const char *path = make_panel(style, odd, shuffled, false);
                    CHECK("input", path, "by", "site", "duplicates", "first");
                    CHECK("input", path, "by", "site", "memory", "1M");
                }
}

static void
duplicates(void **state)
{
    (void)state;
    static const char *const policies[] = {"error", "first", "last", "reject-all"};
    seed = 43;
    for (int shuffled = 0; shuffled < 2; shuffled++) {
        const char *path = make_panel(0, true, shuffled, true);
        for (size_t i = 0; i < 4; i++)
            CHECK("input", path, "duplicates", policies[i], "describe", "site");
    }
}

/* ids in order, or shuffled, or one of them twice. */
static const char *
make_wide(bool shuffled, int twice)
{
    struct om_buffer out = OM_BUFFER_EMPTY;
    om_buffer_text(&out, "id,site");
    for (unsigned i = 1; i <= ITEMS; i++)
        om_buffer_format(&out, ",phq9_%u_pre,phq9_%u_post", i, i);
    om_buffer_char(&out, '\n');
    for (unsigned k = 0; k < PERSONS; k++) {
        const unsigned person = shuffled ? k * 37 % PERSONS : k;
        for (int again = 0; again < 1 + (twice >= 0 && (int)k == twice); again++) {
            om_buffer_format(&out, "%u,%c", person, 'A' + (int)below(4));
            for (size_t i = 0; i < 2 * ITEMS; i++) {
                om_buffer_char(&out, ',');
                put_answer(&out, true);
            }
            om_buffer_char(&out, '\n');
        }
    }
    const char *path = temporary_file(".csv", out.data, out.length);
    om_buffer_release(&out);
    return path;
}

static void
wide_panels(void **state)
{
    (void)state;
    seed = 47;
    for (int shuffled = 0; shuffled < 2; shuffled++)
        for (int twice = -1; twice < (int)PERSONS; twice += 20) {
            const char *path = make_wide(shuffled, twice);
            CHECK("input", path, "by", "site");
            CHECK("input", path, "by", "site", "duplicates", "last");
        }
}

static void
several_files(void **state)
{
    (void)state;
    seed = 53;
    char pre[300], post[300];
    for (int turned = 0; turned < 2; turned++) {
        snprintf(pre, sizeof pre, "pre=%s", make_occasion(turned));
        snprintf(post, sizeof post, "post=%s", make_occasion(!turned));
        CHECK("occasion", pre, "occasion", post, "by", "site");
        CHECK("input", make_panel(0, true, true, false), "input", make_panel(1, true, true, false),
              "duplicates", "first");
    }
}

/* Four occasions, persons at some of them, and totals of which each process sees a few; shuffled or not. */
static const char *
make_waves(bool shuffled)
{
    enum { PEOPLE = 53, WAVES = 4 };
    struct om_buffer out = OM_BUFFER_EMPTY;
    om_buffer_text(&out, "id,site,wave,phq2_1,phq2_2,bdi\n");
    for (unsigned k = 0; k < PEOPLE * WAVES; k++) {
        const unsigned at = shuffled ? k * 61 % (PEOPLE * WAVES) : k, person = at / WAVES;
        if (below(8) == 0)
            continue;
        om_buffer_format(&out, "%u,%c,w%u,%u,%u,%u.%u\n", person, 'A' + (int)(person % 3), at % WAVES + 1,
                         below(4), below(4), below(60), below(10));
    }
    const char *path = temporary_file(".csv", out.data, out.length);
    om_buffer_release(&out);
    return path;
}

static void
followed(void **state)
{
    (void)state;
    seed = 61;
    for (int shuffled = 0; shuffled < 2; shuffled++) {
        const char *path = make_waves(shuffled);
        CHECK("input", path, "by", "site", "statistics", "waves,friedman,survival,sudden-gains,mixed",
              "scale", "bdi:bdi");
        CHECK("input", path, "occasions", "w4,w1,w2", "statistics", "waves");
    }
}

/* All end with the error that one process would give, or with the one of the process that had it. */
static void
errors(void **state)
{
    (void)state;
    CHECK("input", "no such file.csv");
    CHECK("input", file_of("id,site\n1,A\n"));
    CHECK("input",
          file_of("id,occasion,site,phq9_1,phq9_2,phq9_3,phq9_4,phq9_5,phq9_6,phq9_7,phq9_8,phq9_9\n"));
    CHECK("input", file_of("id,occasion,site,phq9_1,phq9_2,phq9_3,phq9_4,phq9_5,phq9_6,phq9_7,phq9_8,phq9_9\n"
                           "1,during,A,0,0,0,0,0,0,0,0,0\n1,whenever,A,0,0,0,0,0,0,0,0,0\n"));
    seed = 59;
    const char *path = make_panel(0, true, true, false);
    CHECK("input", path, "strict", "true");
    CHECK("input", path, "by", "id", "max-groups", "7");
    CHECK("input", path, "by", "nothing");
}

int
main(int argc, char **argv)
{
    thorough = argc > 1 && strcmp(argv[1], "thorough") == 0;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(long_panels),   cmocka_unit_test(duplicates), cmocka_unit_test(wide_panels),
        cmocka_unit_test(several_files), cmocka_unit_test(followed),   cmocka_unit_test(errors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
