/*
 * The HTML writer: whatever goes in as text or as the value of an attribute comes out as that and nothing
 * else, and what a caller does wrong is a failure, not a page. What a browser makes of whole reports:
 * tests/pages.
 */
#include "support/support.h"

#include "base/memory.h"
#include "report/html.h"
#include "report/style.h"
#include "report/utf8.h"
#include "report/view.h"

#include <string.h>

/* The text behind one element of HTML: character references resolved. Fails on markup within it. */
static char *
resolved(const char *html)
{
    static const struct {
        const char *reference;
        char character;
    } known[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&#39;", '\''}};
    char *text = calloc(1, strlen(html) + 1), *out = text;
    while (*html) {
        assert_null(strchr("<>\"'", *html));
        size_t i = 0;
        while (*html == '&' && i < 5 && strncmp(html, known[i].reference, strlen(known[i].reference)) != 0)
            i++;
        assert_true(i < 5); /* no reference but these */
        *out++ = *html == '&' ? known[i].character : *html;
        html += *html == '&' ? strlen(known[i].reference) : 1;
    }
    return text;
}

/* One element with the text in it and in an attribute; both must come back as displayed. */
static void
goes_through(const char *hostile)
{
    struct om_buffer out = OM_BUFFER_EMPTY, shown = OM_BUFFER_EMPTY;
    struct om_html html = OM_HTML(&out);
    om_html_open(&html, OM_TAG_TD);
    om_html_attribute(&html, OM_ATTRIBUTE_ARIA_LABEL, hostile);
    om_html_text(&html, hostile);
    om_html_close(&html, OM_TAG_TD);
    om_utf8_display(&shown, hostile);
    char *page = strdup(om_buffer_string(&out));
    const char *before = "<td aria-label=\"", *between = "\">", *after = "</td>";
    assert_int_equal(strncmp(page, before, strlen(before)), 0);
    char *attribute = page + strlen(before), *end = strchr(attribute, '"');
    assert_non_null(end);
    assert_int_equal(strncmp(end, between, 2), 0);
    char *text = end + 2, *last = text + strlen(text) - strlen(after);
    assert_string_equal(last, after);
    *end = *last = '\0';
    char *a = resolved(attribute), *b = resolved(text);
    assert_string_equal(a, om_buffer_string(&shown));
    assert_string_equal(b, om_buffer_string(&shown));
    free(a);
    free(b);
    free(page);
    om_buffer_release(&out);
    om_buffer_release(&shown);
}

static void
test_hostile_text(void **state)
{
    (void)state;
    static const char *const pieces[] = {"<script>alert(1)</script>",
                                         "</td></table>",
                                         "\"",
                                         "'",
                                         "&",
                                         "&lt;",
                                         "&#60;",
                                         "<!--",
                                         "-->",
                                         "<![CDATA[",
                                         "]]>",
                                         "\x01",
                                         "\x1b[31m",
                                         "\xff",
                                         "\xc3",
                                         "\xe2\x80\xae",
                                         "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d",
                                         "\xef\xbf\xbe",
                                         "javascript:alert(1)",
                                         " onload=x",
                                         "\n",
                                         "\t",
                                         "##vso[",
                                         "{{x}}",
                                         "${x}",
                                         "%s%n",
                                         "=1+1",
                                         "a",
                                         " ",
                                         "</style><style>*{}</style>",
                                         "\xf0\x9f\x98\x80",
                                         "\x7f",
                                         "\xc2\x85"};
    enum { PIECES = sizeof pieces / sizeof *pieces, ROUNDS = 2000, LONGEST = 8 };
    uint64_t seed = 20261122;
    for (int i = 0; i < ROUNDS; i++) {
        char hostile[512] = "";
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        size_t n = (seed >> 60) % LONGEST + 1;
        for (size_t j = 0; j < n; j++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            strcat(hostile, pieces[(seed >> 33) % PIECES]);
        }
        goes_through(hostile);
    }
}

/* JSON in a page is the same JSON: only what does not print is written otherwise, as JSON may. */
static void
test_lines(void **state)
{
    (void)state;
    struct om_buffer out = OM_BUFFER_EMPTY;
    struct om_html html = OM_HTML(&out);
    om_html_open(&html, OM_TAG_PRE);
    om_html_lines(&html, "{\n  \"a\": \"<b> & \xe2\x80\xae \xc2\x9b \xf0\x9f\x98\x80\"\n}\n");
    om_html_close(&html, OM_TAG_PRE);
    assert_string_equal(
        om_buffer_string(&out),
        "<pre>{\n  &quot;a&quot;: &quot;&lt;b&gt; &amp; \\u202e \\u009b \xf0\x9f\x98\x80&quot;\n}\n</pre>\n");
    om_buffer_release(&out);
}

static void
test_numbers_and_links(void **state)
{
    (void)state;
    struct om_buffer out = OM_BUFFER_EMPTY;
    struct om_html html = OM_HTML(&out);
    om_html_open(&html, OM_TAG_A);
    om_html_link(&html, "a\"b");
    om_html_number(&html, OM_ATTRIBUTE_X, 0.5);
    om_html_constant(&html, "<b>x</b>");
    om_html_close(&html, OM_TAG_A);
    assert_string_equal(om_buffer_string(&out), "<a href=\"#a&quot;b\" x=\"0.5\"><b>x</b></a>");
    om_buffer_release(&out);
}

/* Elements closed in the wrong order, attributes behind text, too many levels: the page fails. */
static void
test_mistakes(void **state)
{
    (void)state;
    for (int mistake = 0; mistake < 4; mistake++) {
        struct om_buffer out = OM_BUFFER_EMPTY;
        struct om_html html = OM_HTML(&out);
        om_html_open(&html, OM_TAG_P);
        assert_true(om_buffer_ok(&out));
        if (mistake == 0)
            om_html_close(&html, OM_TAG_DIV);
        if (mistake == 1) {
            om_html_text(&html, "x");
            om_html_attribute(&html, OM_ATTRIBUTE_CLASS, "late");
        }
        for (int i = 0; mistake == 2 && i < OM_HTML_DEPTH; i++)
            om_html_open(&html, OM_TAG_DIV);
        if (mistake == 3) {
            om_html_close(&html, OM_TAG_P);
            om_html_close(&html, OM_TAG_P);
        }
        assert_false(om_buffer_ok(&out));
        om_buffer_release(&out);
    }
}

/* The policy names the very style that stands in the page: by the value that openssl dgst -sha256 -binary |
 * base64 gives, a browser lets nothing else in. Here: that it is one style, in ASCII, that cannot end early.
 */
static void
test_style(void **state)
{
    (void)state;
    assert_int_equal(strlen(om_page_style), om_page_style_length);
    assert_null(strchr(om_page_style, '<'));
    assert_null(strstr(om_page_style, "url("));
    assert_null(strstr(om_page_style, "@import"));
    for (const char *p = om_page_style; *p; p++)
        assert_true((unsigned char)*p < 0x7F);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hostile_text),
        cmocka_unit_test(test_lines),
        cmocka_unit_test(test_numbers_and_links),
        cmocka_unit_test(test_mistakes),
        cmocka_unit_test(test_style),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
