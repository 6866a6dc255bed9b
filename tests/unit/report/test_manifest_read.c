/* Reading manifests out of files that somebody else wrote. */
#include "support/support.h"

#include "report/manifest_read.h"

#include <stdio.h>
#include <string.h>

#define HASH "b70147fba9d83da7e6e9c4935ff07cc06823e27d1a035186ffc6533adc68d371"
#define BEGIN                                                                                                \
    "{\n  \"schema\": \"omstat/manifest/1\",\n  \"version\": \"0.1.0\",\n  \"commit\": \"abc\",\n"           \
    "  \"libraries\": {\"gsl\": \"2.7\"},\n"
#define INPUT(name) "  \"inputs\": [{\"path\": \"" name "\", \"bytes\": 12, \"sha256\": \"" HASH "\"}],\n"
#define END                                                                                                  \
    "  \"files\": [],\n  \"options\": [\"by: a\\\"}{b\"],\n  \"view\": [\"format: json\"],\n"                \
    "  \"instruments\": [{\"id\": \"phq9\", \"version\": \"1\", \"sha256\": \"x\"}]\n}"
#define WHOLE BEGIN INPUT("p.csv") END

static void
assert_read(const char *text, bool beside)
{
    struct om_error err = {0};
    struct om_manifest manifest;
    assert_ok(om_manifest_read(&manifest, "r", text, strlen(text), &err));
    assert_string_equal(manifest.built_by.commit, "abc");
    assert_int_equal(manifest.built_by.n_libraries, 1);
    assert_int_equal(manifest.n_inputs, 1);
    assert_string_equal(manifest.input[0].path, "p.csv");
    assert_string_equal(manifest.input[0].digest, HASH);
    assert_int_equal(manifest.input[0].bytes, 12);
    assert_int_equal(manifest.n_options, 1);
    assert_string_equal(manifest.option[0], "by: a\"}{b");
    assert_string_equal(manifest.instrument[0].id, "phq9");
    assert_int_equal(manifest.beside, beside);
    om_manifest_release(&manifest);
}

static void
assert_refused(const char *text, const char *why)
{
    struct om_error err = {0};
    struct om_manifest manifest;
    assert_int_equal(om_manifest_read(&manifest, "r", text, strlen(text), &err), OM_ERR_PANEL);
    if (!strstr(err.message, why))
        fail_msg("%s, not %s", err.message, why);
    om_manifest_release(&manifest);
}

static void
test_places(void **state)
{
    (void)state;
    assert_read(WHOLE, true);
    assert_read("a report\n\n  " WHOLE "\n", false);
    assert_read("# a report\n\n```json\n" WHOLE "\n```\n", false);
    assert_read("{\"results\": [{}], \"manifest\": " WHOLE "}\n", false);
    assert_read("<!doctype html><p>\"omstat/manifest/1\"</p><pre>" WHOLE "</pre><p>}</p>", false);
    /* one that a panel put there, and the report's own */
    assert_read("group {\"schema\": \"omstat/manifest/1\", \"version\": 7}\n" WHOLE, false);
}

/* With every quote, as a careful writer of HTML has them. */
static void
test_html(void **state)
{
    (void)state;
    char coded[4096] = "<!DOCTYPE html>\n<pre>";
    size_t at = strlen(coded);
    for (const char *p = WHOLE; *p; p++)
        at += (size_t)snprintf(coded + at, sizeof coded - at, *p == '"' ? "&quot;" : "%c", *p);
    snprintf(coded + at, sizeof coded - at, "</pre></html>");
    assert_read(coded, false);
}

static void
test_refused(void **state)
{
    (void)state;
    assert_refused("", "no manifest");
    assert_refused("omstat/manifest/1", "no manifest");
    assert_refused("{\"schema\": \"omstat/manifest/1\"", "no manifest"); /* it does not end */
    assert_refused("{\"schema\": \"omstat/manifest/1\"}", "version");
    assert_refused("{\"schema\": \"omstat/manifest/2\"}", "no manifest");
    assert_refused(BEGIN INPUT("../p.csv") END, "base name");
    assert_refused(BEGIN INPUT("/etc/passwd") END, "base name");
    assert_refused(BEGIN INPUT("..") END, "base name");
    assert_refused(BEGIN INPUT("") END, "cannot be read");
    assert_refused(BEGIN "\"inputs\": [{\"path\": \"p\", \"bytes\": -1, \"sha256\": \"" HASH "\"}]," END,
                   "count");
    assert_refused(BEGIN "\"inputs\": [{\"path\": \"p\", \"bytes\": 1, \"sha256\": \"abc\"}]," END, "digest");
    assert_refused(BEGIN "\"inputs\": [{\"path\": \"p\", \"bytes\": 1, \"xxh128\": \"" HASH "\"}]," END,
                   "digest");
    assert_refused(BEGIN "\"inputs\": {}," END, "cannot be read");
    assert_refused(BEGIN "\"inputs\": [[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]," END, "cannot be read");
    assert_refused(BEGIN "\"inputs\": &a [*a]," END, "cannot be read");
}

/* Any one byte changed, and any beginning: read or refused, and nothing else. */
static void
test_damaged(void **state)
{
    (void)state;
    char text[] = WHOLE;
    for (size_t i = 0; i < 4000; i++) {
        struct om_error err = {0};
        struct om_manifest manifest;
        char damaged[sizeof text];
        memcpy(damaged, text, sizeof text);
        damaged[test_random() % (sizeof text - 1)] = (char)test_random();
        const size_t length = test_random() % 2 ? sizeof text - 1 : test_random() % sizeof text;
        om_status status = om_manifest_read(&manifest, "r", damaged, length, &err);
        assert_true(status == OM_OK || status == OM_ERR_PANEL);
        om_manifest_release(&manifest);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_places),
        cmocka_unit_test(test_html),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_damaged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
