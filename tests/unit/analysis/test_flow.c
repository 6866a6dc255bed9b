/*
 * However many threads read, and wherever the input is cut: the same results, the same findings at the same
 * places, the same errors.
 */
#include "panels.h"
#include "analysis/study.h"

static bool thorough; /* every size of a piece, in the nightly check */

static struct run
run_cut(const char *path, const char *duplicates, size_t threads, size_t piece)
{
    const char *setting[] = {strchr(path, '=') ? "occasion" : "input",
                             path,
                             "by",
                             "site",
                             "duplicates",
                             duplicates,
                             NULL,
                             NULL,
                             NULL};
    const char *second = strchr(path, '|');
    char first[512];
    if (second) { /* pre=FILE|post=FILE */
        snprintf(first, sizeof first, "%.*s", (int)(second - path), path);
        setting[1] = first;
        setting[6] = "occasion";
        setting[7] = second + 1;
    }
    struct run run = {.status = om_study_new(&run.study, &run.err)};
    for (size_t i = 0; setting[i] && run.status == OM_OK; i += 2)
        run.status = om_study_set(run.study, setting[i], setting[i + 1], &run.err);
    assert_int_equal(run.status, OM_OK);
    run.study->panel.threads = threads;
    run.study->panel.piece = piece;
    run.status = om_analyse(run.study, NULL, &run.analysis, &run.findings, &run.err);
    if (run.status == OM_OK)
        run.findings = run.analysis->findings;
    return run;
}

static void
assert_same(const char *path, const char *duplicates, size_t threads, size_t piece, const char *want)
{
    struct run run = run_cut(path, duplicates, threads, piece);
    char *got = words_of(&run);
    size_t i = 0;
    while (want[i] && want[i] == got[i])
        i++;
    if (want[i] != got[i])
        fail_msg("%zu threads, pieces of %zu: \"%.200s\", not \"%.200s\"", threads, piece,
                 got + (i < 60 ? 0 : i - 60), want + (i < 60 ? 0 : i - 60));
    om_text_free(got);
    release(&run);
}

static void
check_panel(const char *path, const char *duplicates)
{
    static const size_t pieces[] = {1, 3, 7, 64, 100, 257, 1000, 4095};
    struct run run = run_cut(path, duplicates, 1, 1 << 20);
    char *want = words_of(&run);
    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++)
        for (size_t threads = 1; threads <= 3; threads += pieces[i] < 10 ? 2 : 1)
            assert_same(path, duplicates, threads, pieces[i], want);
    om_text_free(want);
    release(&run);
}

static void
regular_panels(void **state)
{
    (void)state;
    seed = 7;
    for (unsigned style = 0; style < 3; style++) {
        check_panel(make_panel(style, false, false, false), "error");
        check_panel(make_panel(style, false, true, false), "error");
    }
}

static void
irregular_panels(void **state)
{
    (void)state;
    seed = 11;
    for (unsigned style = 0; style < 3; style++)
        for (int shuffled = 0; shuffled < 2; shuffled++)
            check_panel(make_panel(style, true, shuffled, false), "error");
}

static void
duplicates(void **state)
{
    (void)state;
    static const char *const policies[] = {"error", "first", "last", "reject-all"};
    seed = 13;
    for (size_t i = 0; i < 4; i++)
        for (int shuffled = 0; shuffled < 2; shuffled++)
            check_panel(make_panel(0, true, shuffled, true), policies[i]);
}

static void
every_cut(void **state)
{
    (void)state;
    seed = 17;
    const char *path = make_panel(2, true, false, false);
    struct run run = run_cut(path, "error", 1, 1 << 20);
    char *want = words_of(&run);
    for (size_t piece = 1; piece < 400; piece += thorough ? 1 : 7)
        assert_same(path, "error", 2, piece, want);
    om_text_free(want);
    release(&run);
}

static void
errors(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "id,occasion,site,phq9_1,phq9_2,phq9_3,phq9_4,phq9_5,phq9_6,phq9_7,phq9_8,phq9_9\n"
        "1,pre,A,0,0,0,0,0,0,0,0,0\n1,post,A,0,0,0,0,0,0,0,0,0\n2,pre,\"A,0,0,0,0,0,0,0,0,0\n3,pre,A,1\n",
        "id,occasion,site,phq9_1,phq9_2,phq9_3,phq9_4,phq9_5,phq9_6,phq9_7,phq9_8,phq9_9\n",
        "id,occasion,site,phq9_1,phq9_2,phq9_3,phq9_4,phq9_5,phq9_6,phq9_7,phq9_8,phq9_9\n\n\n",
        "id,occasion,site,phq9_1,phq9_2,phq9_3,phq9_4,phq9_5,phq9_6,phq9_7,phq9_8,phq9_9\r"
        "1,pre,A,0,0,0,0,0,0,0,0,0\r1,post,A,0,0,0,0,0,0,0,0,x\r2,pre,A,0,0,0,0,0,0,0,0,0\r\r",
        "id,occasion,site,phq9_1,phq9_2,phq9_3,phq9_4,phq9_5,phq9_6,phq9_7,phq9_8,phq9_9\n"
        "1,pre,A,0,0,0,0,0,0,0,0,0\n1,during,A,0,0,0,0,0,0,0,0,0\n1,whenever,A,0,0,0,0,0,0,0,0,0\n",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        check_panel(temporary_file(".csv", texts[i], strlen(texts[i])), "error");
}

/* Several files, each with a form of its own. */
static void
several_files(void **state)
{
    (void)state;
    seed = 19;
    for (int turned = 0; turned < 2; turned++) {
        struct om_buffer path = OM_BUFFER_EMPTY;
        om_buffer_format(&path, "pre=%s|post=", make_occasion(turned));
        om_buffer_text(&path, make_occasion(!turned));
        check_panel(path.data, "error");
        om_buffer_release(&path);
    }
}

/* Writes the text with damage in a few places. */
static void
damage(const struct text *text, unsigned places, const char *path)
{
    static const char bytes[] = ",\"\r\n \t0NA;x\xff\0";
    struct om_buffer out = OM_BUFFER_EMPTY;
    size_t at = 0;
    for (unsigned i = 0; i < places; i++) {
        size_t next = at + below((uint32_t)((text->length - at) / 2 + 1));
        om_buffer_add(&out, text->at + at, next - at);
        at = next;
        if (below(2) && at < text->length)
            at++;
        if (below(3))
            om_buffer_char(&out, bytes[below(sizeof bytes - 1)]);
        if (below(20) == 0)
            om_buffer_add(&out, text->at, text->length / 3); /* a part of the file, with its header */
    }
    om_buffer_add(&out, text->at + at, text->length - at);
    FILE *file = fopen(path, "wb");
    assert_true(file && fwrite(out.data, 1, out.length, file) == out.length && fclose(file) == 0);
    om_buffer_release(&out);
}

/* Whatever a file holds, it says the same in pieces as whole. */
static void
damaged_panels(void **state)
{
    (void)state;
    seed = 23;
    struct text text = text_read(make_panel(1, true, false, false));
    const char *path = temporary_file(".csv", "", 0);
    for (int i = 0; i < (thorough ? 2000 : 25); i++) {
        damage(&text, 1 + below(6), path);
        struct run run = run_cut(path, "first", 1, 1 << 20);
        char *want = words_of(&run);
        assert_same(path, "first", 3, 1 + below(200), want);
        assert_same(path, "first", 2, 200 + below(5000), want);
        om_text_free(want);
        release(&run);
    }
    free(text.at);
}

int
main(int argc, char **argv)
{
    thorough = argc > 1 && strcmp(argv[1], "thorough") == 0;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(regular_panels), cmocka_unit_test(irregular_panels), cmocka_unit_test(duplicates),
        cmocka_unit_test(every_cut),      cmocka_unit_test(errors),           cmocka_unit_test(several_files),
        cmocka_unit_test(damaged_panels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
