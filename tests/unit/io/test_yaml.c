#include "support/support.h"

#include "base/memory.h"
#include "io/yaml.h"
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct om_yaml yaml;
static struct om_error err;

static const struct om_yaml_node *
parsed(const char *text)
{
    assert_ok(om_yaml_parse(&yaml, "t.yaml", text, strlen(text), &err));
    return yaml.root;
}

static int
finish(void **state)
{
    (void)state;
    om_yaml_release(&yaml);
    return 0;
}

/* The error that is on record is at this place and says this. */
static void
assert_fault(uint64_t line, uint64_t column, const char *message, const char *hint)
{
    if (yaml.status != OM_ERR_DEFINITION || err.line != line || err.column != column ||
        !strstr(err.message, message) || !strstr(err.hint, hint))
        fail_msg("got %d at %d:%d \"%s\" (%s), expected %d:%d \"%s\" (%s)", (int)yaml.status, (int)err.line,
                 (int)err.column, err.message, err.hint, (int)line, (int)column, message, hint);
    assert_string_equal(err.file, "t.yaml");
}

static void
assert_refused(const char *text, size_t length, uint64_t line, uint64_t column, const char *message,
               const char *hint)
{
    size_t live = om_memory_live();
    memset(&err, 0, sizeof err);
    assert_int_equal(om_yaml_parse(&yaml, "t.yaml", text, length, &err), OM_ERR_DEFINITION);
    assert_fault(line, column, message, hint);
    assert_null(yaml.root);
    assert_int_equal(om_memory_live(), live);
}

/* --- the tree --- */

static void
test_tree_keeps_order_place_and_style(void **state)
{
    (void)state;
    const struct om_yaml_node *root =
        parsed("\xEF\xBB\xBF# remark\nb: 1\na:\n  - 'x y'\n  - {k: \"\xC3\xA9\"}\nc: |\n  two\n  lines\n");
    assert_int_equal(root->kind, OM_YAML_MAPPING);
    assert_int_equal(root->n, 3);
    const struct om_yaml_node *b = root->first, *a = b->next, *c = a->next;
    assert_null(c->next);
    assert_string_equal(b->key->text, "b");
    assert_int_equal(b->key->line, 2);
    assert_int_equal(b->column, 4);
    assert_false(b->quoted);
    assert_int_equal(a->kind, OM_YAML_SEQUENCE);
    assert_int_equal(a->n, 2);
    assert_true(a->first->quoted);
    assert_string_equal(a->first->text, "x y");
    assert_null(a->first->key);
    assert_int_equal(a->first->line, 4);
    assert_int_equal(a->first->column, 5);
    assert_string_equal(om_yaml_find(a->first->next, "k")->text, "\xC3\xA9");
    assert_string_equal(c->text, "two\nlines\n");
    assert_true(c->quoted);
}

static void
test_find_and_null_nodes(void **state)
{
    (void)state;
    const struct om_yaml_node *root = parsed("a: 1\nlist: [x]\n");
    assert_non_null(om_yaml_find(root, "a"));
    assert_null(om_yaml_find(root, "A"));
    assert_null(om_yaml_find(om_yaml_find(root, "list"), "x"));
    assert_null(om_yaml_find(NULL, "a"));
    /* what is not there is neutral, not a failure */
    assert_null(om_yaml_text(&yaml, NULL));
    assert_int_equal(om_yaml_int(&yaml, NULL, 3, 9), 0);
    assert_false(om_yaml_bool(&yaml, NULL));
    assert_int_equal(om_yaml_fraction(&yaml, NULL).den, 1);
    assert_null(om_yaml_get(&yaml, NULL, "a"));
    assert_null(om_yaml_mapping(&yaml, NULL));
    assert_null(om_yaml_sequence(&yaml, NULL));
    om_yaml_known_keys(&yaml, NULL, NULL, 0);
    assert_null(om_yaml_copy(&yaml, NULL));
    size_t n = 7;
    assert_null(om_yaml_copy_list(&yaml, NULL, &n));
    assert_int_equal(n, 0);
    assert_false(om_yaml_is_null(NULL));
    assert_int_equal(yaml.status, OM_OK);
}

/* --- what is refused --- */

#define REFUSED(text, line, column, message, hint)                                                           \
    assert_refused(text, strlen(text), line, column, message, hint)

static void
test_what_is_not_plain_yaml_is_refused(void **state)
{
    (void)state;
    REFUSED("a: &x 1\n", 1, 4, "anchors", "Write the value out");
    REFUSED("a: &x [1]\n", 1, 4, "anchors", "Write the value out");
    REFUSED("a: &x {b: 1}\n", 1, 4, "anchors", "Write the value out");
    REFUSED("a: *x\n", 1, 4, "anchors", "Write the value out");
    REFUSED("a:\n - !!str 1\n", 2, 4, "tags", "quotes");
    REFUSED("a: !mine [1]\n", 1, 4, "tags", "quotes");
    REFUSED("a: !mine {b: 1}\n", 1, 4, "tags", "quotes");
    REFUSED("a: 1\nb: 2\na: 3\n", 3, 1, "\"a\" was already given on line 1", "Keep one");
    REFUSED("a: {k: 1, 'k': 2}\n", 1, 11, "\"k\" was already given", "Keep one");
    REFUSED("a: 1\n---\nb: 1\n", 2, 1, "second document", "file of its own");
    REFUSED("? [a, b]\n: 1\n", 1, 3, "a key must be a single word", "word");
    REFUSED("? {a: b}\n: 1\n", 1, 3, "a key must be a single word", "word");
    REFUSED("", 1, 1, "nothing in it", "id: phq9");
    REFUSED("# only a remark\n", 1, 1, "nothing in it", "id: phq9");
    REFUSED("a: \"x\\0y\"\n", 1, 4, "NUL", "Leave");
}

static void
test_syntax_errors_have_a_place(void **state)
{
    (void)state;
    REFUSED("a: 1\nb: [1, 2\nc: 3\n", 3, 2, "not YAML", "brackets");
    REFUSED("a: 1\nb: [1, 2\nc: 3\n", 3, 2, "began on line 2", "brackets");
    REFUSED("a: 1\n\tb: 2\n", 2, 1, "not YAML", "not tabs");
    REFUSED("a: @x\n", 1, 4, "not YAML", "starts with @");
    REFUSED("a: b: c\n", 1, 5, "not YAML", "needs quotes");
    REFUSED("a: 'open\n", 2, 1, "not YAML", "quotes");
}

static void
test_bytes_that_are_no_text_have_a_place(void **state)
{
    (void)state;
    REFUSED("a: 1\nb: \xC3\xA9\xFF\n", 2, 5, "not UTF-8", "Save the file as UTF-8");
    REFUSED("a: \x01\n", 1, 4, "not UTF-8", "control characters");
    assert_refused("a: 1\n\0b: 2\n", 11, 2, 1, "not UTF-8", "control characters");
    assert_refused("\xFF\xFE"
                   "a\0",
                   4, 1, 1, "not UTF-8", "Save the file as UTF-8");
}

static void
test_depth_is_limited(void **state)
{
    (void)state;
    char text[64] = "";
    memset(text, '[', 16);
    memset(text + 16, ']', 16);
    parsed(text);
    om_yaml_release(&yaml);
    memset(text, '[', 17);
    memset(text + 17, ']', 17);
    REFUSED(text, 1, 17, "16 levels", "levels");
}

static void
test_size_is_limited(void **state)
{
    (void)state;
    size_t most = OM_YAML_BYTES_MAX;
    char *text = malloc(most + 1);
    assert_non_null(text);
    memset(text, ' ', most + 1);
    memcpy(text, "a: 1 ", 5);
    assert_ok(om_yaml_parse(&yaml, "t.yaml", text, most, &err));
    om_yaml_release(&yaml);
    assert_refused(text, most + 1, 0, 0, "larger than 1 MiB", "right file");
    memset(text, ',', 2 * OM_YAML_NODES_MAX + 8);
    for (size_t i = 0; i <= OM_YAML_NODES_MAX; i++)
        text[2 * i + 1] = 'x';
    text[0] = '[';
    text[2 * OM_YAML_NODES_MAX - 2] = ']'; /* the list and one less than the limit in it */
    assert_ok(om_yaml_parse(&yaml, "t.yaml", text, 2 * OM_YAML_NODES_MAX - 1, &err));
    assert_int_equal(yaml.root->n, OM_YAML_NODES_MAX - 1);
    om_yaml_release(&yaml);
    text[2 * OM_YAML_NODES_MAX - 2] = ',';
    text[2 * OM_YAML_NODES_MAX] = ']';
    assert_refused(text, 2 * OM_YAML_NODES_MAX + 1, 1, 2 * OM_YAML_NODES_MAX, "20000 values", "Split");
    free(text);
}

/* --- typed reading --- */

static void
test_scalars_read_as_what_they_are(void **state)
{
    (void)state;
    static const char *const words[] = {"sum", "mean"};
    const struct om_yaml_node *root = parsed("text: a b\nquoted: \"7\"\nint: -3\nyes: true\nno: false\ndec: "
                                             "12.50\nratio: 250/21\nword: mean\nnil: ~\nend:\n");
    assert_string_equal(om_yaml_text(&yaml, om_yaml_find(root, "text")), "a b");
    assert_string_equal(om_yaml_text(&yaml, om_yaml_find(root, "quoted")), "7");
    assert_int_equal(om_yaml_int(&yaml, om_yaml_find(root, "int"), -3, 5), -3);
    assert_true(om_yaml_bool(&yaml, om_yaml_find(root, "yes")));
    assert_false(om_yaml_bool(&yaml, om_yaml_find(root, "no")));
    struct om_fraction f = om_yaml_fraction(&yaml, om_yaml_find(root, "dec"));
    assert_int_equal(f.num * 2, f.den * 25);
    f = om_yaml_fraction(&yaml, om_yaml_find(root, "ratio"));
    assert_int_equal(f.num, 250);
    assert_int_equal(f.den, 21);
    assert_int_equal(om_yaml_enum(&yaml, om_yaml_find(root, "word"), words, 2), 1);
    assert_true(om_yaml_is_null(om_yaml_find(root, "nil")));
    assert_true(om_yaml_is_null(om_yaml_find(root, "end")));
    assert_false(om_yaml_is_null(om_yaml_find(root, "text")));
    assert_int_equal(yaml.status, OM_OK);
}

/* Reads the value of key x with one reader and expects this fault at line 1. */
enum reader { TEXT, INT, BOOL, FRACTION, ENUM, MAPPING, SEQUENCE, KEYS, GET };

static void
assert_misread(enum reader reader, const char *text, uint64_t column, const char *message, const char *hint)
{
    static const char *const words[] = {"sum", "mean", "percent"};
    const struct om_yaml_node *x = om_yaml_find(parsed(text), "x");
    switch (reader) {
    case TEXT:
        assert_null(om_yaml_text(&yaml, x));
        break;
    case INT:
        assert_int_equal(om_yaml_int(&yaml, x, 0, 8), 0);
        break;
    case BOOL:
        assert_false(om_yaml_bool(&yaml, x));
        break;
    case FRACTION:
        assert_int_equal(om_yaml_fraction(&yaml, x).den, 1);
        break;
    case ENUM:
        assert_int_equal(om_yaml_enum(&yaml, x, words, 3), 0);
        break;
    case MAPPING:
        assert_null(om_yaml_mapping(&yaml, x));
        break;
    case SEQUENCE:
        assert_null(om_yaml_sequence(&yaml, x));
        break;
    case KEYS:
        om_yaml_known_keys(&yaml, x, words, 3);
        break;
    case GET:
        assert_null(om_yaml_get(&yaml, x, "sum"));
        break;
    }
    assert_fault(1, column, message, hint);
    om_yaml_release(&yaml);
}

static void
test_misread_values_say_what_is_wanted(void **state)
{
    (void)state;
    assert_misread(TEXT, "x: [a]", 4, "\"x\" must be a text", "quotes");
    assert_misread(TEXT, "x: {a: b}", 4, "\"x\" must be a text", "quotes");
    assert_misread(TEXT, "x:", 3, "it is empty", "leave the key out");
    assert_misread(TEXT, "x: ''", 4, "it is empty", "leave the key out");
    assert_misread(TEXT, "x: null", 4, "it is empty", "leave the key out");
    assert_misread(INT, "x: 9", 4, "a whole number from 0 to 8", "");
    assert_misread(INT, "x: -1", 4, "a whole number from 0 to 8", "");
    assert_misread(INT, "x: 99999999999", 4, "a whole number from 0 to 8", "");
    assert_misread(INT, "x: 2.0", 4, "a whole number from 0 to 8", "");
    assert_misread(INT, "x: 2x", 4, "a whole number from 0 to 8", "");
    assert_misread(INT, "x: '2'", 4, "a whole number from 0 to 8", "without quotes");
    assert_misread(INT, "x: [2]", 4, "a whole number from 0 to 8", "");
    assert_misread(BOOL, "x: yes", 4, "true or false", "lower case");
    assert_misread(BOOL, "x: True", 4, "true or false", "lower case");
    assert_misread(BOOL, "x: 'true'", 4, "true or false", "without quotes");
    assert_misread(FRACTION, "x: 1e3", 4, "a number", "250/21");
    assert_misread(FRACTION, "x: 1/0", 4, "a number", "250/21");
    assert_misread(FRACTION, "x: 1/-2", 4, "a number", "250/21");
    assert_misread(FRACTION, "x: 1.5/2", 4, "a number", "250/21");
    assert_misread(FRACTION, "x: 1/2.5", 4, "a number", "250/21");
    assert_misread(FRACTION, "x: '5'", 4, "a number", "without quotes");
    assert_misread(ENUM, "x: summ", 4, "unknown value of \"x\": \"summ\"", "Did you mean \"sum\"?");
    assert_misread(ENUM, "x: total", 4, "unknown value", "Known here: \"sum\", \"mean\", \"percent\"");
    assert_misread(MAPPING, "x: [a]", 4, "a mapping", "key: value");
    assert_misread(SEQUENCE, "x: {a: b}", 4, "a list", "[a, b]");
    assert_misread(KEYS, "x: {sum: 1, men: 2}", 13, "unknown key \"men\"", "Did you mean \"mean\"?");
    assert_misread(KEYS, "x: 4", 4, "a mapping", "");
    assert_misread(GET, "x: {mean: 1}", 4, "the key \"sum\" is missing", "Add \"sum: ...\"");
    assert_misread(GET, "x: 4", 4, "a mapping", "key: value");
}

static void
test_entries_of_a_list_are_named_so(void **state)
{
    (void)state;
    const struct om_yaml_node *root = parsed("x: [1, two]");
    om_yaml_int(&yaml, om_yaml_find(root, "x")->first->next, 0, 9);
    assert_fault(1, 8, "this entry must be a whole number", "");
}

static void
test_the_first_failure_is_kept(void **state)
{
    (void)state;
    const struct om_yaml_node *root = parsed("x: a\ny: b\n");
    om_yaml_int(&yaml, om_yaml_find(root, "y"), 0, 9);
    om_yaml_int(&yaml, om_yaml_find(root, "x"), 0, 9);
    om_yaml_fail_memory(&yaml);
    assert_null(om_yaml_copy(&yaml, om_yaml_find(root, "x")));
    assert_null(om_yaml_array(&yaml, 3, 1));
    assert_fault(2, 4, "\"y\" must be", "");
}

static void
test_failing_without_an_error_to_fill(void **state)
{
    (void)state;
    assert_int_equal(om_yaml_parse(&yaml, "t.yaml", "a: [", 4, NULL), OM_ERR_DEFINITION);
    assert_int_equal(om_yaml_parse(&yaml, "t.yaml", "x: a", 4, NULL), OM_OK);
    om_yaml_int(&yaml, om_yaml_find(yaml.root, "x"), 0, 9);
    assert_int_equal(yaml.status, OM_ERR_DEFINITION);
}

static void
test_nothing_known_says_so(void **state)
{
    (void)state;
    const struct om_yaml_node *root = parsed("x: a\n");
    om_yaml_fail_unknown(&yaml, root->first, "thing", "a", NULL, 0);
    assert_fault(1, 4, "unknown thing \"a\"", "None is defined.");
}

/* Hundreds of known words still fit, cut off, into the hint. */
static void
test_long_lists_are_cut(void **state)
{
    (void)state;
    const char *known[300];
    for (size_t i = 0; i < 300; i++)
        known[i] = "a_rather_long_word";
    parsed("x: a\n");
    om_yaml_fail_unknown(&yaml, yaml.root->first, "thing", "zz", known, 300);
    assert_true(strlen(err.hint) < sizeof err.hint);
    assert_fault(1, 4, "unknown thing", "Known here: \"a_rather_long_word\", ");
}

static void
test_lists_and_single_texts_copy_alike(void **state)
{
    (void)state;
    size_t n;
    const struct om_yaml_node *root = parsed("one: a\ntwo: [b, c]\nbad: [b, {d: e}]\n");
    char **list = om_yaml_copy_list(&yaml, om_yaml_find(root, "one"), &n);
    assert_int_equal(n, 1);
    assert_string_equal(list[0], "a");
    om_free(list[0]);
    om_free(list);
    list = om_yaml_copy_list(&yaml, om_yaml_find(root, "two"), &n);
    assert_int_equal(n, 2);
    assert_string_equal(list[1], "c");
    om_free(list[0]);
    om_free(list[1]);
    om_free(list);
    list = om_yaml_copy_list(&yaml, om_yaml_find(root, "bad"), &n);
    assert_fault(3, 10, "this entry must be a text", "quotes");
    assert_int_equal(n, 2);
    om_free(list[0]);
    assert_null(list[1]);
    om_free(list);
}

/* --- files and memory --- */

static void
test_files(void **state)
{
    (void)state;
    struct om_buffer bytes = OM_BUFFER_EMPTY;
    const char *path = temporary_file(".yaml", "a: 1\n", 5);
    assert_ok(om_yaml_read_file(path, &bytes, &err));
    assert_string_equal(om_buffer_string(&bytes), "a: 1\n");
    om_buffer_clear(&bytes);
    assert_int_equal(om_yaml_read_file("no/such/file.yaml", &bytes, &err), OM_ERR_NO_INPUT);
    assert_string_equal(err.file, "no/such/file.yaml");
    assert_int_equal(om_yaml_read_file("tests", &bytes, &err), OM_ERR_NO_INPUT);
    assert_int_equal(om_yaml_read_file("/dev/zero", &bytes, &err), OM_ERR_DEFINITION);
    assert_string_equal(err.message, "larger than 1 MiB");
    om_buffer_release(&bytes);
    if (geteuid() != 0) { /* root may read everything */
        chmod(path, 0);
        assert_int_equal(om_yaml_read_file(path, &bytes, &err), OM_ERR_PERMISSION);
    }
    om_memory_fail_at(0);
    chmod(path, 0600);
    assert_int_equal(om_yaml_read_file(path, &bytes, &err), OM_ERR_NOMEM);
    om_memory_fail_at((size_t)-1);
    om_buffer_release(&bytes);
}

static void
test_every_allocation_may_fail(void **state)
{
    (void)state;
    static const char text[] = "a: {b: [1, 2], c: x}\nd: {? e : f}\n";
    size_t live = om_memory_live();
    om_status status = OM_ERR_NOMEM;
    for (size_t k = 0; status != OM_OK; k++) {
        om_memory_fail_at(k);
        status = om_yaml_parse(&yaml, "t.yaml", text, strlen(text), &err);
        om_memory_fail_at((size_t)-1);
        assert_true(status == OM_OK || (status == OM_ERR_NOMEM && yaml.root == NULL));
        om_yaml_release(&yaml);
        assert_int_equal(om_memory_live(), live);
        assert_true(k < 100);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_tree_keeps_order_place_and_style, finish),
        cmocka_unit_test_teardown(test_find_and_null_nodes, finish),
        cmocka_unit_test_teardown(test_what_is_not_plain_yaml_is_refused, finish),
        cmocka_unit_test_teardown(test_syntax_errors_have_a_place, finish),
        cmocka_unit_test_teardown(test_bytes_that_are_no_text_have_a_place, finish),
        cmocka_unit_test_teardown(test_depth_is_limited, finish),
        cmocka_unit_test_teardown(test_size_is_limited, finish),
        cmocka_unit_test_teardown(test_scalars_read_as_what_they_are, finish),
        cmocka_unit_test_teardown(test_misread_values_say_what_is_wanted, finish),
        cmocka_unit_test_teardown(test_entries_of_a_list_are_named_so, finish),
        cmocka_unit_test_teardown(test_the_first_failure_is_kept, finish),
        cmocka_unit_test_teardown(test_failing_without_an_error_to_fill, finish),
        cmocka_unit_test_teardown(test_nothing_known_says_so, finish),
        cmocka_unit_test_teardown(test_long_lists_are_cut, finish),
        cmocka_unit_test_teardown(test_lists_and_single_texts_copy_alike, finish),
        cmocka_unit_test_teardown(test_files, finish),
        cmocka_unit_test_teardown(test_every_allocation_may_fail, finish),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
