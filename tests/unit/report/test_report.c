/*
 * The page as text, Markdown and HTML against golden files, its width, and writing to files.
 *
 * After a change that is meant: OM_GOLDEN=update build/tests/report/test_report, then read the difference.
 */
#include "fixture.h"

#include "base/memory.h"
#include "report/utf8.h"
#include <omstat/report.h>
#include <sys/stat.h>
#include <unistd.h>

/* What the manifest says of the maker must not differ from commit to commit here. */
static const struct om_build some_build = {"0.1.0", "0123456789ab", {{"gsl", "2.7.1"}}, 1};

static char *
render(const struct fixture *f, enum om_format format, size_t width, bool color, size_t *length)
{
    struct om_error err;
    char *text;
    struct om_report_options options = {
        .format = format, .color = color, .width = width, .built_by = &some_build};
    assert_ok(om_report_render(&f->analysis, &options, &text, length, &err));
    assert_int_equal(strlen(text), *length);
    return text;
}

static char *
read_whole(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return NULL;
    char *text = calloc(1, 1 << 20);
    size_t n = fread(text, 1, (1 << 20) - 1, file);
    assert_true(n < (1 << 20) - 1);
    fclose(file);
    return text;
}

static void
compare_with_golden(const char *name, const char *text)
{
    char path[128];
    snprintf(path, sizeof path, "tests/unit/report/golden/%s.txt", name);
    const char *mode = getenv("OM_GOLDEN");
    if (mode && strcmp(mode, "update") == 0) {
        FILE *file = fopen(path, "wb");
        assert_non_null(file);
        fputs(text, file);
        fclose(file);
        return;
    }
    char *golden = read_whole(path);
    if (!golden)
        fail_msg("%s is missing: run with OM_GOLDEN=update", path);
    size_t at = 0, line = 1;
    while (text[at] && text[at] == golden[at])
        line += text[at++] == '\n';
    if (text[at] != golden[at])
        fail_msg("%s differs from line %zu on", path, line);
    free(golden);
}

/* Leaves the figures out, which have tests of their own. */
static void
without_figures(char *html)
{
    static const char begin[] = "<div class=\"figures", end[] = "</figure>\n</div>\n";
    for (char *from; (from = strstr(html, begin)) != NULL;) {
        char *to = strstr(from, end);
        assert_non_null(to);
        memmove(from, to + strlen(end), strlen(to + strlen(end)) + 1);
    }
}

static const struct {
    const char *name;
    struct fixture_shape shape;
} shapes[] = {
    {"cohorts", {.groups = 3, .population = "both", .persons = 94}},
    {"positive", {.groups = 1, .population = "positive", .persons = 1200}},
    {"ungrouped", {.population = "all", .persons = 41}},
    {"one_occasion", {.groups = 2, .one_occasion = true, .population = "both", .persons = 40}},
    {"tiny", {.groups = 3, .population = "both", .persons = 1, .evil_names = true}},
    {"nobody", {.population = "all", .persons = 0}},
    {"sites", {.groups = 40, .population = "all", .persons = 9}},
};
enum { SHAPES = sizeof shapes / sizeof *shapes };

static void
test_golden(void **state)
{
    (void)state;
    for (size_t i = 0; i < SHAPES; i++) {
        struct fixture *f = fixture_new(shapes[i].shape);
        size_t n;
        char name[64], *text = render(f, OM_FORMAT_TEXT, 0, false, &n);
        compare_with_golden(shapes[i].name, text);
        om_free(text);
        snprintf(name, sizeof name, "%s.md", shapes[i].name);
        text = render(f, OM_FORMAT_MARKDOWN, 0, false, &n);
        compare_with_golden(name, text);
        om_free(text);
        snprintf(name, sizeof name, "%s.html", shapes[i].name);
        text = render(f, OM_FORMAT_HTML, 0, false, &n);
        strstr(text, "<pre id=\"manifest\"")[0] = '\0'; /* the commit, and versions of libraries */
        without_figures(text);
        if (shapes[i].shape.one_occasion || shapes[i].shape.evil_names)
            compare_with_golden(name, strstr(text, "<body>")); /* the style before may change freely */
        om_free(text);
        fixture_free(f);
    }
}

/* Whatever the shape, the names and the width: no line is wider (but digests and sentences in the manifest,
 * which is JSON), ends in a blank or holds a control character, and nothing undefined is shown as a number.
 */
static void
test_lines(void **state)
{
    (void)state;
    static const size_t widths[] = {0, 48, 60, 80, 97, 132, 400};
    for (size_t i = 0; i < SHAPES; i++) {
        struct fixture *f = fixture_new(shapes[i].shape);
        for (size_t w = 0; w < sizeof widths / sizeof *widths; w++) {
            size_t n, limit = widths[w] ? widths[w] : 100;
            char *text = render(f, OM_FORMAT_TEXT, widths[w], false, &n);
            bool manifest = false;
            for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
                manifest |= strncmp(line, "Manifest", 8) == 0;
                if (om_utf8_width(line) > limit && !manifest)
                    fail_msg("%s, width %zu: %s", shapes[i].name, limit, line);
                if (line[strlen(line) - 1] == ' ')
                    fail_msg("%s, width %zu, blank at the end: %s", shapes[i].name, limit, line);
                for (const char *p = line; *p; p++)
                    assert_true((unsigned char)*p >= 0x20 && *p != 0x7F);
                assert_null(strstr(line, " nan")); /* "unanswered" may stand */
                assert_null(strstr(line, " -0.0 "));
            }
            om_free(text);
        }
        fixture_free(f);
    }
}

/* Colour adds attributes and nothing else; the manifest says that it was asked for. */
static void
test_color_changes_no_text(void **state)
{
    (void)state;
    struct fixture *f = fixture_new(shapes[0].shape);
    size_t n, m, kept = 0;
    char *plain = render(f, OM_FORMAT_TEXT, 0, false, &n), *colored = render(f, OM_FORMAT_TEXT, 0, true, &m);
    assert_true(m > n);
    for (size_t i = 0; i < m; i++) {
        if (colored[i] == '\x1b')
            while (colored[i] != 'm')
                i++;
        else
            colored[kept++] = colored[i];
    }
    colored[kept] = '\0';
    static const char said[] = ", \"color: always\"";
    char *at = strstr(colored, said);
    assert_non_null(at);
    memmove(at, at + sizeof said - 1, strlen(at + sizeof said - 1) + 1);
    assert_string_equal(colored, plain);
    om_free(plain);
    om_free(colored);
    fixture_free(f);
}

/* A mean change tells its direction: the same fall is worse where higher is better. */
static void
test_direction(void **state)
{
    (void)state;
    size_t n;
    phq9_scales[0].direction = OM_HIGHER_BETTER;
    struct fixture *f = fixture_new((struct fixture_shape){.population = "all", .persons = 50});
    char *text = render(f, OM_FORMAT_TEXT, 0, false, &n);
    assert_non_null(strstr(text, "-7.5 to -4.3  worse"));
    assert_non_null(strstr(text, "Total 0-27 points, higher = better. Screen-positive: <= 10."));
    assert_non_null(strstr(text, ">= 6 points higher"));
    om_free(text);
    fixture_free(f);
    phq9_scales[0].direction = OM_HIGHER_WORSE;
}

static void
test_study_threshold_is_named(void **state)
{
    (void)state;
    size_t n;
    struct fixture *f = fixture_new((struct fixture_shape){.population = "both", .persons = 50});
    f->scale[0].cutoff_at = (struct om_fraction){21, 2};
    f->scale[0].cutoff_from_study = true;
    char *text = render(f, OM_FORMAT_TEXT, 0, false, &n);
    assert_non_null(strstr(text, "Screen-positive: >= 10.5 (set by this study)."));
    assert_non_null(strstr(text, "screening positive at pre (>= 10.5)"));
    assert_non_null(strstr(text, "Screen-positive: >= 11 (a choice: no published threshold)."));
    om_free(text);
    fixture_free(f);
}

static void
test_formats(void **state)
{
    (void)state;
    enum om_format format = OM_FORMAT_TEXT;
    assert_true(om_format_parse("md", &format));
    assert_int_equal(format, OM_FORMAT_MARKDOWN);
    assert_true(om_format_parse("markdown", &format) && format == OM_FORMAT_MARKDOWN);
    assert_true(om_format_parse("html", &format) && format == OM_FORMAT_HTML);
    assert_true(om_format_parse("json", &format) && format == OM_FORMAT_JSON);
    assert_true(om_format_parse("csv", &format) && format == OM_FORMAT_CSV);
    assert_true(om_format_parse("text", &format) && format == OM_FORMAT_TEXT);
    assert_false(om_format_parse("", &format));
    assert_false(om_format_parse("CSVX", &format));
    assert_false(om_format_parse("tex", &format));
    static const struct {
        const char *path;
        bool known;
        enum om_format format;
    } paths[] = {{"a/b.CSV", true, OM_FORMAT_CSV},      {"b.json", true, OM_FORMAT_JSON},
                 {"b.md", true, OM_FORMAT_MARKDOWN},    {"b.txt", true, OM_FORMAT_TEXT},
                 {"json", true, OM_FORMAT_TEXT},        {"a.csv/report", true, OM_FORMAT_TEXT},
                 {"/dev/fd/3.x", true, OM_FORMAT_TEXT}, {".hidden", true, OM_FORMAT_TEXT},
                 {"-", true, OM_FORMAT_TEXT},           {"b.json.bak", false, OM_FORMAT_TEXT},
                 {"b.html", true, OM_FORMAT_HTML},      {"b.HTM", true, OM_FORMAT_HTML},
                 {"b.xhtml", false, OM_FORMAT_TEXT}};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        assert_int_equal(om_format_of_path(paths[i].path, &format), paths[i].known);
        if (paths[i].known)
            assert_int_equal(format, paths[i].format);
    }
}

static void
test_write(void **state)
{
    (void)state;
    struct om_error err;
    struct fixture *f = fixture_new(shapes[2].shape);
    struct om_report_options options = {.format = OM_FORMAT_CSV};
    const char *path = temporary_file(".csv", "old", 3);
    size_t n;
    assert_ok(om_report_write(&f->analysis, &options, path, &err));
    char *written = read_whole(path), *text = render(f, OM_FORMAT_CSV, 0, false, &n);
    assert_string_equal(written, text);
    assert_int_equal(om_report_write(&f->analysis, &options, "/no/such/directory/x.csv", &err),
                     OM_ERR_CREATE);
    free(written);
    om_free(text);
    fixture_free(f);
}

static void
test_out_of_memory(void **state)
{
    (void)state;
    struct fixture *f = fixture_new(
        (struct fixture_shape){.groups = 1, .population = "both", .persons = 1, .evil_names = true});
    const char *path = temporary_file(".txt", "old", 3);
    size_t length; /* the first look-up makes the index of the rows, which stays */
    om_free(render(f, OM_FORMAT_TEXT, 0, false, &length));
    for (int format = OM_FORMAT_TEXT; format <= OM_FORMAT_HTML; format++) {
        struct om_report_options options = {.format = (enum om_format)format};
        char *whole = NULL;
        assert_int_equal(om_report_render(&f->analysis, &options, &whole, &length, NULL), OM_OK);
        size_t before = om_memory_live();
        om_status status = OM_ERR_NOMEM;
        /* every early allocation, then every 41st: there are thousands of small ones */
        for (size_t k = 0; status != OM_OK; k += k < 300 ? 1 : 41) {
            char *text;
            size_t n;
            om_memory_fail_at(k);
            status = om_report_render(&f->analysis, &options, &text, &n, NULL);
            om_memory_fail_at((size_t)-1);
            if (status == OM_OK) { /* not because a failure went unnoticed */
                assert_string_equal(text, whole);
                om_free(text);
            } else {
                assert_int_equal(status, OM_ERR_NOMEM);
            }
            assert_int_equal(om_memory_live(), before);
        }
        om_memory_fail_at(20);
        assert_int_equal(om_report_write(&f->analysis, &options, path, NULL),
                         format == OM_FORMAT_CSV ? OM_OK : OM_ERR_NOMEM);
        om_memory_fail_at((size_t)-1);
        assert_int_equal(om_memory_live(), before);
        om_free(whole);
    }
    fixture_free(f);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_golden),    cmocka_unit_test(test_lines),
        cmocka_unit_test(test_direction), cmocka_unit_test(test_color_changes_no_text),
        cmocka_unit_test(test_formats),   cmocka_unit_test(test_study_threshold_is_named),
        cmocka_unit_test(test_write),     cmocka_unit_test(test_out_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
