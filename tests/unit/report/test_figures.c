/* Figures of panels made up at random: texts that do not meet, ids, tables, hostile names, missing data. */
#include "unit/analysis/studies.h"

#include "base/memory.h"
#include "report/svg.h"

#include <math.h>
#include <omstat/figures.h>
#include <stdlib.h>
#include <unistd.h>

/* --- panels -------------------------------------------------------------------------------------------- */

enum { ITEMS = 9, PATH = 64 };

static const char *const hostile[] = {
    "<script>alert(1)</script>",
    "a&b",
    "\"\"quoted\"\" 'and' more",
    "]]> <!-- x -->",
    "\xE2\x80\xAEright to left",
    "\xFF\xFE broken",
    "tab\there",
    "\xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E\xE3\x81\xAE\xE7\x97\x85\xE9\x99\xA2",
    "=1+1",
    "a very long name of a place that nobody would fit beside a bar, and some more words to be sure",
    "e\xCC\x81\xCC\x81\xCC\x81",
    "&#x0;",
    "%s%n",
    "url(javascript:1)"};

struct shape {
    unsigned groups, persons; /* in each */
    bool evil, months, waves;
    unsigned blank; /* one in so many answers; 0: none */
};

static void
write_group(FILE *file, const struct shape *shape, unsigned group)
{
    if (shape->months)
        fprintf(file, "%04u-%02u-%02u", 2020 + group / 12, group % 12 + 1, 1 + (unsigned)test_random() % 28);
    else if (shape->evil)
        fprintf(file, "\"%s %u\"", hostile[group % (sizeof hostile / sizeof *hostile)], group);
    else
        fprintf(file, "%u", group + 1);
}

static void
write_answers(FILE *file, const struct shape *shape, unsigned level)
{
    for (unsigned i = 0; i < ITEMS; i++) {
        fputc(',', file);
        if (!shape->blank || test_random() % shape->blank)
            fprintf(file, "%u", (unsigned)(test_random() % (level + 1)));
    }
}

static void
write_panel(const char *path, const struct shape *shape)
{
    static const char *const occasions[] = {"t1", "t2", "t3"};
    const unsigned n = shape->waves ? 3 : 2;
    FILE *file = fopen(path, "wb");
    unsigned id = 0;
    assert_non_null(file);
    fputs("id,site", file);
    for (unsigned k = 0; k < n; k++)
        for (unsigned i = 1; i <= ITEMS; i++)
            fprintf(file, ",phq9_%u_%s", i, occasions[k]);
    fputc('\n', file);
    for (unsigned g = 0; g < shape->groups; g++)
        for (unsigned p = 0; p < shape->persons; p++) {
            fprintf(file, "%u,", ++id);
            write_group(file, shape, g);
            for (unsigned k = 0; k < n; k++)
                write_answers(file, shape, k ? (unsigned)test_random() % 4 : 3);
            fputc('\n', file);
        }
    fclose(file);
}

static struct run
run_shape(const struct shape *shape)
{
    char path[PATH] = "/tmp/omstat-figures-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    write_panel(path, shape);
    struct run run =
        RUN("input", path, "by", shape->months ? "site:month" : "site", "occasions",
            shape->waves ? "t1,t2,t3" : "t1,t2", "statistics", shape->waves ? "survival" : "paired");
    unlink(path);
    assert_run(&run);
    return run;
}

/* --- what holds for every figure ------------------------------------------------------------------------ */

struct box {
    double left, top, right, bottom;
};

static double
number_of(const char *element, const char *name)
{
    char wanted[32];
    snprintf(wanted, sizeof wanted, " %s=\"", name);
    const char *at = strstr(element, wanted), *end = strchr(element, '>');
    return at && at < end ? strtod(at + strlen(wanted), NULL) : 0;
}

static bool
has(const char *element, const char *what)
{
    const char *at = strstr(element, what);
    return at && at < strchr(element, '>');
}

/* Text as it was before it was escaped; every reference is one of the five. */
static void
unescape(const char *from, const char *end, char *to)
{
    static const struct {
        const char *name;
        char c;
    } named[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&#39;", '\''}};
    while (from < end) {
        size_t k = 0;
        while (*from == '&' && k < 5 && strncmp(from, named[k].name, strlen(named[k].name)) != 0)
            k++;
        assert_true(k < 5);
        if (*from == '&') {
            *to++ = named[k].c;
            from += strlen(named[k].name);
        } else {
            assert_true((unsigned char)*from >= 0x20 || *from == '\n');
            *to++ = *from++;
        }
    }
    *to = '\0';
}

/* Upright and turned by a right angle; slanted texts are left to check_svg.py. */
static bool
box_of(const char *element, struct box *out)
{
    char text[2048];
    const char *from = strchr(element, '>') + 1, *end = strstr(from, "</text>");
    assert_true(end - from < (ptrdiff_t)sizeof text);
    unescape(from, end, text);
    double x = number_of(element, "x"), y = number_of(element, "y"), size = number_of(element, "font-size");
    double width = om_text_width(text, size, has(element, "font-weight")), start = 0;
    start = has(element, "\"middle\"") ? -width / 2 : has(element, "\"end\"") ? -width : 0;
    if (has(element, "rotate(-45 "))
        return false;
    if (has(element, "rotate(-90 "))
        *out = (struct box){x - 0.79 * size, y - start - width, x + 0.22 * size, y - start};
    else
        *out = (struct box){x + start, y - 0.79 * size, x + start + width, y + 0.22 * size};
    return true;
}

static void
check_texts(const struct om_figure *figure)
{
    enum { TEXTS = 2000 };
    static struct box box[TEXTS];
    size_t n = 0;
    for (const char *at = figure->svg; (at = strstr(at, "<text")); at++) {
        assert_true(n < TEXTS);
        if (has(at, "aria-hidden") || !box_of(at, &box[n]))
            continue;
        const struct box *b = &box[n];
        if (b->left < -0.02 || b->right > figure->width + 0.02 || b->top < 0 || b->bottom > figure->height)
            fail_msg("%s: a text leaves the drawing: %.120s", figure->id, at);
        for (size_t i = 0; i < n; i++)
            if (b->left < box[i].right - 0.02 && box[i].left < b->right - 0.02 &&
                b->top < box[i].bottom - 0.02 && box[i].top < b->bottom - 0.02)
                fail_msg("%s: two texts meet: %.120s", figure->id, at);
        n++;
    }
    assert_true(n >= 3); /* a title, a subtitle, something on an axis */
}

static void
check_figure(const struct om_figure *figure)
{
    assert_true(figure->id[0] &&
                strspn(figure->id, "abcdefghijklmnopqrstuvwxyz0123456789-_") == strlen(figure->id));
    assert_true(figure->title[0] && figure->subtitle[0] && figure->description[0]);
    assert_int_equal(strlen(figure->svg), figure->svg_length);
    assert_int_equal(strncmp(figure->svg, "<svg ", 5), 0);
    assert_null(strstr(figure->svg, "\"nan"));
    assert_null(strstr(figure->svg, "\"inf"));
    assert_null(strstr(figure->svg, "-9223372036854775")); /* what a NaN becomes as an integer */
    assert_null(strstr(figure->svg, "<script"));
    assert_true(figure->table.n_columns >= 2 && figure->table.n_rows >= 2 && figure->table.n_rows <= 110);
    for (size_t i = 0; i < figure->table.n_columns * figure->table.n_rows; i++)
        for (const char *c = figure->table.cell[i]; *c; c++)
            assert_true((unsigned char)*c >= 0x20);
    check_texts(figure);
}

static unsigned
check_all(const struct om_analysis *analysis)
{
    struct om_figures figures;
    struct om_error err;
    unsigned kinds = 0;
    assert_ok(om_figures_make(analysis, &figures, &err));
    for (size_t i = 0; i < figures.n; i++) {
        check_figure(&figures.at[i]);
        kinds |= 1U << figures.at[i].kind;
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(figures.at[i].id, figures.at[j].id);
    }
    om_figures_release(&figures);
    return kinds;
}

#define BIT(kind) (1U << OM_FIGURE_##kind)

/* --- tests --------------------------------------------------------------------------------------------- */

static void
texts_never_meet(void **state)
{
    static const struct {
        struct shape shape;
        unsigned kinds; /* that have to be there */
    } shapes[] = {
        {{1, 5, .blank = 0}, BIT(SCORES) | BIT(BANDS) | BIT(MEANS) | BIT(DISTRIBUTION) | BIT(THRESHOLD)},
        {{3, 4, .blank = 60}, BIT(MEANS)},
        {{2, 1, .blank = 0}, BIT(SCORES)},
        {{12, 40, .blank = 50}, BIT(EFFECTS) | BIT(FUNNEL) | BIT(CATERPILLAR)},
        {{14, 30, .evil = true}, BIT(FUNNEL) | BIT(CATERPILLAR)},
        {{60, 3, .evil = true}, BIT(MEANS) | BIT(FUNNEL)},
        {{200, 12, .blank = 40}, BIT(MEANS) | BIT(EFFECTS) | BIT(FUNNEL) | BIT(CATERPILLAR)},
        {{700, 3, .blank = 0}, BIT(FUNNEL) | BIT(CATERPILLAR)},
        {{30, 20, .months = true, .blank = 30}, BIT(RATE_TREND) | BIT(CHANGE_TREND)},
        {{150, 6, .months = true}, BIT(RATE_TREND) | BIT(CHANGE_TREND)},
        {{4, 30, .waves = true, .blank = 20}, BIT(SURVIVAL)},
        {{9, 12, .waves = true}, BIT(SURVIVAL)},
    };
    (void)state;
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
        for (int round = 0; round < 3; round++) {
            struct run run = run_shape(&shapes[i].shape);
            unsigned kinds = check_all(run.analysis);
            if ((kinds & shapes[i].kinds) != shapes[i].kinds)
                fail_msg("shape %zu lacks figures: %x of %x", i, kinds, shapes[i].kinds);
            if (shapes[i].shape.months) /* months are no sites */
                assert_int_equal(kinds & (BIT(FUNNEL) | BIT(CATERPILLAR)), 0);
            release(&run);
        }
}

/* What is withheld leaves its figures out, and nothing else breaks. */
static void
withheld_data_are_left_out(void **state)
{
    const struct shape shape = {.groups = 12, .persons = 20};
    struct run run = run_shape(&shape);
    struct om_scale_view *view = run.analysis->view;
    (void)state;
    run.analysis->view = NULL;
    unsigned kinds = check_all(run.analysis);
    assert_int_equal(kinds & (BIT(SCORES) | BIT(BANDS) | BIT(DISTRIBUTION) | BIT(THRESHOLD)), 0);
    assert_int_equal(kinds & BIT(FUNNEL), BIT(FUNNEL));
    run.analysis->view = view;
    for (size_t i = 0; i < run.analysis->results.n_rows; i += 1 + test_random() % 3) {
        struct om_result *row = &run.analysis->results.row[i];
        row->has_value = row->has_ratio = row->has_interval = row->has_level = row->has_n = false;
    }
    check_all(run.analysis);
    for (size_t i = 0; i < run.analysis->results.n_rows; i++)
        run.analysis->results.row[i].has_value = false;
    assert_int_equal(check_all(run.analysis) & ~(BIT(BANDS) | BIT(THRESHOLD)), 0);
    release(&run);
}

static void
assert_same(const struct om_figures *one, const struct om_figures *other)
{
    assert_int_equal(one->n, other->n);
    for (size_t i = 0; i < one->n; i++) {
        const struct om_figure_table *table = &one->at[i].table, *as = &other->at[i].table;
        assert_string_equal(one->at[i].svg, other->at[i].svg);
        assert_string_equal(one->at[i].description, other->at[i].description);
        assert_int_equal(table->n_rows, as->n_rows);
        assert_int_equal(table->n_columns, as->n_columns);
        for (size_t c = 0; c < table->n_rows * table->n_columns; c++)
            assert_string_equal(table->cell[c], as->cell[c]);
    }
}

/* A failure that nobody notices would end this too early, with something missing. */
static void
memory_may_end_anywhere(void **state)
{
    const struct shape shape = {.groups = 5, .persons = 8, .waves = true};
    struct run run = run_shape(&shape);
    struct om_figures figures = {0}, whole = {0};
    struct om_error err;
    (void)state;
    assert_ok(om_figures_make(run.analysis, &whole, &err));
    const size_t live = om_memory_live();
    for (size_t k = 0;; k++) {
        om_memory_fail_at(k);
        om_status status = om_figures_make(run.analysis, &figures, &err);
        om_memory_fail_at((size_t)-1);
        if (status == OM_OK)
            break;
        assert_int_equal(status, OM_ERR_NOMEM);
        assert_int_equal(om_memory_live(), live);
    }
    assert_same(&figures, &whole);
    om_figures_release(&figures);
    assert_int_equal(om_memory_live(), live);
    om_figures_release(&whole);
    release(&run);
}

static void
same_bytes_again(void **state)
{
    const struct shape shape = {.groups = 6, .persons = 30, .blank = 30};
    struct run run = run_shape(&shape);
    struct om_figures one, other;
    struct om_error err;
    (void)state;
    assert_ok(om_figures_make(run.analysis, &one, &err));
    assert_ok(om_figures_make(run.analysis, &other, &err));
    assert_same(&one, &other);
    om_figures_release(&one);
    om_figures_release(&other);
    release(&run);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_never_meet),
        cmocka_unit_test(withheld_data_are_left_out),
        cmocka_unit_test(memory_may_end_anywhere),
        cmocka_unit_test(same_bytes_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
