/* CSV and JSON, read back by parsers that are not ours: libcsv and jansson. */
#include "fixture.h"

#include "base/memory.h"
#include <csv.h>
#include <omstat/report.h>
#include <omstat/version.h>

enum { COLUMNS = 16 };
static const char *const column[COLUMNS] = {
    "group",     "instrument",  "scale", "population", "occasion", "rule",   "statistic", "value",
    "numerator", "denominator", "lower", "upper",      "level",    "method", "n",         "note"};

static char *
render(const struct fixture *f, enum om_format format, size_t *length)
{
    struct om_error err;
    char *text;
    struct om_report_options options = {.format = format};
    assert_ok(om_report_render(&f->analysis, &options, &text, length, &err));
    return text;
}

static void
assert_number(bool has, double value, const char *field)
{
    if (!has) {
        assert_string_equal(field, "");
        return;
    }
    char *end;
    assert_close(strtod(field, &end), value, 0); /* to the last bit */
    assert_true(end != field && *end == '\0');
}

static void
assert_count(bool has, uint64_t value, const char *field)
{
    char text[32] = "";
    if (has)
        snprintf(text, sizeof text, "%llu", (unsigned long long)value);
    assert_string_equal(field, text);
}

struct reading {
    const struct om_results *results;
    size_t record, n_fields;
    char field[COLUMNS][256];
};

static void
take_field(void *bytes, size_t length, void *context)
{
    struct reading *r = context;
    assert_true(r->n_fields < COLUMNS && length < sizeof r->field[0]);
    memcpy(r->field[r->n_fields], bytes, length);
    r->field[r->n_fields++][length] = '\0';
}

static void
take_record(int end, void *context)
{
    struct reading *r = context;
    (void)end;
    assert_int_equal(r->n_fields, COLUMNS);
    r->n_fields = 0;
    if (r->record++ == 0) {
        for (size_t j = 0; j < COLUMNS; j++)
            assert_string_equal(r->field[j], column[j]);
        return;
    }
    const struct om_result *row = &r->results->row[r->record - 2];
    const char *text[] = {row->group,    row->instrument, row->scale,    row->population,
                          row->occasion, row->rule,       row->statistic};
    for (size_t j = 0; j < 7; j++)
        assert_string_equal(r->field[j], text[j]);
    assert_number(row->has_value, row->value, r->field[7]);
    assert_count(row->has_ratio, row->numerator, r->field[8]);
    assert_count(row->has_ratio, row->denominator, r->field[9]);
    assert_number(row->has_interval, row->lower, r->field[10]);
    assert_number(row->has_interval, row->upper, r->field[11]);
    assert_number(row->has_level, row->level, r->field[12]);
    assert_string_equal(r->field[13], row->method);
    assert_count(row->has_n, row->n, r->field[14]);
    assert_string_equal(r->field[15], row->note);
}

/* Numbers and text that are hard to write. */
static void
add_awkward(struct fixture *f)
{
    static const double awkward[] = {0.1 + 0.2, 1e-300, -1e300, 1.0 / 3, 9007199254740993.0, -0.0, 5e-324};
    struct om_error err;
    for (size_t i = 0; i < sizeof awkward / sizeof *awkward; i++) {
        struct om_result row = {.group = " all, \"quoted\" \r\n",
                                .statistic = "mean",
                                .has_value = true,
                                .value = awkward[i],
                                .has_interval = true,
                                .lower = -awkward[i],
                                .upper = awkward[i],
                                .has_n = true,
                                .n = INT64_MAX,
                                .note = "a,b\n\"c\" "};
        assert_ok(om_results_add(&f->analysis.results, &row, &err));
    }
}

static struct fixture *
awkward_fixture(void)
{
    struct fixture *f = fixture_new(
        (struct fixture_shape){.groups = 3, .population = "both", .persons = 1, .evil_names = true});
    add_awkward(f);
    return f;
}

static void
test_csv(void **state)
{
    (void)state;
    struct fixture *f = awkward_fixture();
    struct csv_parser parser;
    struct reading r = {.results = &f->analysis.results};
    size_t n;
    char *text = render(f, OM_FORMAT_CSV, &n);
    csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI);
    assert_int_equal(csv_parse(&parser, text, n, take_field, take_record, &r), n);
    assert_int_equal(csv_fini(&parser, take_field, take_record, &r), 0);
    assert_int_equal(r.record, f->analysis.results.n_rows + 1);
    assert_int_equal(text[n - 1], '\n');
    assert_null(strstr(text, "\r\n,")); /* line ends are LF; a CR is only found in the quoted text */
    assert_memory_equal(text, "group,instrument,scale,", 23);
    csv_free(&parser);
    om_free(text);
    fixture_free(f);
}

static void
assert_json_number(const json_t *object, const char *name, bool has, double value)
{
    const json_t *node = json_object_get(object, name);
    assert_non_null(node);
    if (has)
        assert_close(json_number_value(node), value, 0);
    assert_true(has ? json_is_number(node) : json_is_null(node));
}

static void
assert_json_text(const json_t *object, const char *name, const char *text)
{
    const json_t *node = json_object_get(object, name);
    assert_non_null(node);
    if (text[0])
        assert_string_equal(json_string_value(node), text);
    else
        assert_true(json_is_null(node));
}

static void
assert_json_row(const json_t *object, const struct om_result *row)
{
    assert_int_equal(json_object_size(object), COLUMNS);
    if (!strstr(row->group, "red")) /* the one with ill-formed bytes is repaired */
        assert_json_text(object, "group", row->group);
    assert_json_text(object, "instrument", row->instrument);
    assert_json_text(object, "scale", row->scale);
    assert_json_text(object, "population", row->population);
    assert_json_text(object, "occasion", row->occasion);
    assert_json_text(object, "rule", row->rule);
    assert_json_text(object, "statistic", row->statistic);
    assert_json_text(object, "method", row->method);
    assert_json_text(object, "note", row->note);
    assert_json_number(object, "value", row->has_value, row->value);
    assert_json_number(object, "numerator", row->has_ratio, (double)row->numerator);
    assert_json_number(object, "denominator", row->has_ratio, (double)row->denominator);
    assert_json_number(object, "lower", row->has_interval, row->lower);
    assert_json_number(object, "upper", row->has_interval, row->upper);
    assert_json_number(object, "level", row->has_level, row->level);
    assert_json_number(object, "n", row->has_n, (double)row->n);
}

static json_t *
parse(const char *text, size_t n)
{
    json_error_t error;
    json_t *root = json_loadb(text, n, JSON_REJECT_DUPLICATES, &error);
    if (!root)
        fail_msg("line %d, column %d: %s", error.line, error.column, error.text);
    return root;
}

static void
test_json_rows(void **state)
{
    (void)state;
    struct fixture *f = awkward_fixture();
    size_t n;
    char *text = render(f, OM_FORMAT_JSON, &n);
    json_t *root = parse(text, n);
    assert_string_equal(json_string_value(json_object_get(root, "schema")), "omstat/results/1");
    const json_t *results = json_object_get(root, "results");
    assert_int_equal(json_array_size(results), f->analysis.results.n_rows);
    for (size_t i = 0; i < f->analysis.results.n_rows; i++)
        assert_json_row(json_array_get(results, i), &f->analysis.results.row[i]);
    assert_non_null(strstr(text, "\\u001b[31mred\xEF\xBF\xBD\xEF\xBF\xBD( =1"));
    json_decref(root);
    om_free(text);
    fixture_free(f);
}

static void
test_json_ledger_and_manifest(void **state)
{
    (void)state;
    struct fixture *f = fixture_new((struct fixture_shape){.groups = 2, .population = "all", .persons = 40});
    f->ledger[1].has_cutoff = false;
    size_t n;
    char *text = render(f, OM_FORMAT_JSON, &n);
    json_t *root = parse(text, n);
    assert_close(json_at(root, "ledger/records/read"), 82, 0);
    assert_close(json_at(root, "ledger/records/scored"), 80, 0);
    assert_close(json_at(root, "ledger/records/rejected"), 1, 0);
    assert_close(json_at(root, "ledger/records/skipped"), 1, 0);
    assert_close(json_at(root, "ledger/persons"), 80, 0);
    assert_close(json_at(root, "ledger/without_partner"), 4, 0);
    assert_close(json_at(root, "ledger/duplicates"), 0, 0);
    const json_t *groups = json_object_get(json_object_get(root, "ledger"), "groups");
    assert_int_equal(json_array_size(groups), 3 * FIXTURE_INSTRUMENTS);
    assert_close(json_at(groups, "0/persons"), 82, 0);
    assert_close(json_at(groups, "0/baseline"), 81, 0);
    assert_close(json_at(groups, "0/positive"), 57, 0);
    assert_close(json_at(groups, "0/paired"), 80, 0);
    assert_close(json_at(groups, "0/used"), 56, 0);
    assert_true(json_is_null(json_object_get(json_array_get(groups, 1), "positive")));
    assert_true(json_is_null(json_object_get(json_array_get(groups, 1), "used")));
    const json_t *manifest = json_object_get(root, "manifest");
    assert_string_equal(json_string_value(json_object_get(manifest, "version")), OM_VERSION);
    assert_close(json_at(manifest, "inputs/0/bytes"), 24310, 0);
    assert_close(json_at(manifest, "inputs/0/records"), 82, 0);
    assert_int_equal(json_array_size(json_object_get(manifest, "instruments")), FIXTURE_INSTRUMENTS);
    assert_int_equal(json_array_size(json_object_get(manifest, "options")), 2);
    assert_int_equal(json_array_size(json_object_get(manifest, "reading")), 2);
    const json_t *gad7 = json_array_get(json_object_get(manifest, "instruments"), 1);
    assert_string_equal(json_string_value(json_object_get(gad7, "id")), "gad7");
    assert_string_equal(json_string_value(json_object_get(gad7, "sha256")), "bb");
    json_decref(root);
    om_free(text);
    fixture_free(f);
}

/* An analysis of nothing is still a document. */
static void
test_empty(void **state)
{
    (void)state;
    struct om_error err;
    struct om_analysis nothing = {.missing_rule = "complete", .population = "all", .first = ""};
    char *text;
    size_t n;
    struct om_report_options options = {.format = OM_FORMAT_JSON};
    assert_ok(om_report_render(&nothing, &options, &text, &n, &err));
    json_t *root = parse(text, n);
    assert_int_equal(json_array_size(json_object_get(root, "results")), 0);
    json_decref(root);
    om_free(text);
    options.format = OM_FORMAT_CSV;
    assert_ok(om_report_render(&nothing, &options, &text, &n, &err));
    assert_ptr_equal(strchr(text, '\n'), text + n - 1);
    om_free(text);
    options.format = OM_FORMAT_TEXT;
    assert_ok(om_report_render(&nothing, &options, &text, &n, &err));
    om_free(text);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_csv),
        cmocka_unit_test(test_json_rows),
        cmocka_unit_test(test_json_ledger_and_manifest),
        cmocka_unit_test(test_empty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
