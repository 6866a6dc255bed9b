#include "support/support.h"

#include "base/memory.h"
#include "report/axis.h"
#include "report/period.h"
#include "report/svg.h"
#include "report/xml.h"

#include <math.h>
#include <string.h>

static const struct om_text_style style = {.size = 10, .fill = "#000000"};

static void
texts_keep_apart(void **state)
{
    struct om_svg svg;
    (void)state;
    om_svg_begin(&svg, 200);
    assert_true(om_svg_text(&svg, 20, 40, &style, "first"));
    assert_false(om_svg_text(&svg, 22, 42, &style, "second"));
    assert_true(om_svg_text(&svg, 20, 52, &style, "below"));
    assert_false(om_svg_text(&svg, 190, 52, &style, "leaves"));
    assert_false(om_svg_text(&svg, 20, 4, &style, "leaves"));
    assert_false(om_svg_text(&svg, 20, 100, &style, ""));
    struct om_text_style slanted = style;
    slanted.angle = -45;
    assert_true(om_svg_text(&svg, 70, 90, &slanted, "slanted")); /* whose bounding box would meet the next */
    assert_true(om_svg_text(&svg, 76, 62, &style, "-"));
    assert_false(om_svg_text(&svg, 85, 78, &style, "on it"));
    om_svg_reserve(&svg, 100, 100, 50, 50);
    assert_false(om_svg_text(&svg, 120, 120, &style, "taken"));
    om_svg_release(&svg);
}

static void
text_is_escaped(void **state)
{
    struct om_buffer out = OM_BUFFER_EMPTY;
    (void)state;
    om_xml_text(&out, "<a b='c' d=\"e\">&\x01\xFF\xE2\x80\xAE]]>");
    assert_string_equal(om_buffer_string(&out),
                        "&lt;a b=&#39;c&#39; d=&quot;e&quot;&gt;&amp;\\x01\\xff\\u202e]]&gt;");
    om_buffer_release(&out);
    om_xml_text(&out, "\xEF\xBF\xBE");
    assert_null(strstr(om_buffer_string(&out), "\xEF\xBF\xBE"));
    om_buffer_release(&out);
}

static void
long_text_is_cut_in_its_middle(void **state)
{
    struct om_svg svg;
    (void)state;
    om_svg_begin(&svg, 300);
    assert_true(om_svg_text_fit(&svg, 5, 20, &style, 60, "beginning and middle and end"));
    const char *body = om_buffer_string(&svg.body);
    assert_non_null(strstr(body, ">begi"));
    assert_non_null(strstr(body, "end</text>"));
    assert_non_null(strstr(body, "\xE2\x80\xA6"));
    double y =
        om_svg_paragraph(&svg, 5, 60, &style, 80, 3,
                         "41 % of a text that goes on over several lines and is cut in the end of the third");
    assert_close(y, 60 + 3 * 13.5, 1e-12);
    assert_null(strstr(om_buffer_string(&svg.body), ">% "));
    om_svg_release(&svg);
}

static void
ticks_are_round(void **state)
{
    struct om_ticks ticks;
    (void)state;
    om_ticks_round(0, 1, 6, &ticks);
    assert_int_equal(ticks.n, 6);
    assert_close(ticks.at[5], 1, 1e-12);
    assert_int_equal(ticks.decimals, 1);
    om_ticks_round(-0.003, 0.0041, 8, &ticks);
    assert_int_equal(ticks.decimals, 3);
    om_ticks_score(0, 27, 11, &ticks);
    assert_true(ticks.n == 10 && ticks.at[9] == 27);
    om_ticks_score(0, 21, 11, &ticks);
    assert_true(ticks.n == 8 && ticks.at[1] == 3);
    om_ticks_score(0, 80, 11, &ticks);
    assert_true(ticks.n == 9 && ticks.at[8] == 80);
    for (int i = 0; i < 20000; i++) {
        double low = (double)(test_random() % 2000000) / 1000 - 1000,
               span = pow(10, (double)(test_random() % 120) / 10 - 5);
        size_t most = 2 + test_random() % 20;
        om_ticks_round(low, low + span, most, &ticks);
        assert_true(ticks.n <= most);
        for (size_t k = 0; k < ticks.n; k++) {
            assert_true(ticks.at[k] >= low - span * 1e-6 && ticks.at[k] <= low + span * (1 + 1e-6));
            assert_true(k == 0 || ticks.at[k] > ticks.at[k - 1]);
        }
        struct om_axis axis = {low, low + span, 0, 1};
        om_axis_round(&axis, most);
        assert_true(axis.low <= low + span * 1e-6 && axis.high >= low + span * (1 - 1e-6));
    }
}

static void
periods_are_read(void **state)
{
    static const struct {
        const char *text;
        int at; /* -1: none */
    } texts[] = {{"2026-03", 2026 * 12 + 2},
                 {"2026-Q1", 2026 * 4},
                 {"2026", 2026},
                 {"2026-13", -1},
                 {"2026-00", -1},
                 {"2026-Q5", -1},
                 {"2026-3", -1},
                 {"2026-03-01", -1},
                 {"1026", -1},
                 {"", -1},
                 {"20", -1},
                 {"2026-", -1},
                 {"(no date)", -1}};
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct om_period period;
        char text[16];
        bool read = om_period_read(texts[i].text, &period);
        assert_int_equal(read, texts[i].at >= 0);
        if (!read)
            continue;
        assert_int_equal(period.at, texts[i].at);
        om_period_write(period.kind, period.at, text, sizeof text);
        assert_string_equal(text, texts[i].text);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_keep_apart),
        cmocka_unit_test(text_is_escaped),
        cmocka_unit_test(long_text_is_cut_in_its_middle),
        cmocka_unit_test(ticks_are_round),
        cmocka_unit_test(periods_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
