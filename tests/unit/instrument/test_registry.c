/* The set of instruments a run knows. */
#include "unit/instrument/tiny.h"

#include "base/memory.h"
#include "instrument/freeze.h"
#include <stdio.h>
#include <stdlib.h>

static struct om_registry *registry;
static struct om_error err;

static int
start(void **state)
{
    (void)state;
    return om_registry_new(&registry, &err) != OM_OK;
}

static int
finish(void **state)
{
    (void)state;
    om_registry_free(registry);
    return 0;
}

static void
test_built_in_order(void **state)
{
    (void)state;
    static const char *const ids[] = {"phq9", "gad7", "pcl5", "bipf", "phq2", "phq8", "gad2"};
    assert_true(om_instrument_builtin_count() >= 7);
    assert_int_equal(om_registry_count(registry), om_instrument_builtin_count());
    for (size_t i = 0; i < 7; i++) {
        assert_string_equal(om_instrument_builtin_id(i), ids[i]);
        assert_string_equal(om_registry_at(registry, i)->id, ids[i]);
        assert_ptr_equal(om_registry_find(registry, ids[i]), om_registry_at(registry, i));
    }
    for (size_t i = 7; i < om_instrument_builtin_count(); i++)
        assert_true(i == 7 || strcmp(om_instrument_builtin_id(i - 1), om_instrument_builtin_id(i)) < 0);
    assert_null(om_instrument_builtin_id(om_instrument_builtin_count()));
    assert_null(om_instrument_builtin_text("phq99"));
    assert_null(om_registry_find(registry, "PHQ9"));
    assert_null(om_registry_at(registry, om_registry_count(registry)));
}

/* What is compiled in is the file, byte for byte, and a user's copy of it is the same instrument, in
 * everything that the loader made of it. */
static void
test_built_in_is_the_file(void **state)
{
    (void)state;
    for (size_t i = 0; i < om_instrument_builtin_count(); i++) {
        char path[128], bytes[65536];
        const char *id = om_instrument_builtin_id(i), *text = om_instrument_builtin_text(id);
        snprintf(path, sizeof path, "instruments/%s.yaml", id);
        FILE *file = fopen(path, "rb");
        assert_non_null(file);
        size_t n = fread(bytes, 1, sizeof bytes, file);
        fclose(file);
        assert_int_equal(n, strlen(text));
        assert_memory_equal(bytes, text, n);
        char sha256[65];
        strcpy(sha256, om_registry_at(registry, i)->sha256);
        struct om_buffer compiled = OM_BUFFER_EMPTY, loaded = OM_BUFFER_EMPTY;
        om_instrument_freeze(&compiled, om_registry_at(registry, i));
        const struct om_instrument *in;
        assert_ok(om_registry_add_file(registry, path, &in, &err));
        assert_string_equal(in->id, id);
        assert_string_equal(in->sha256, sha256);
        assert_ptr_equal(om_registry_at(registry, i), in); /* it took the place of the other */
        om_instrument_freeze(&loaded, in);
        assert_true(loaded.length > 2000);
        assert_string_equal(om_buffer_string(&loaded), om_buffer_string(&compiled));
        om_buffer_release(&loaded);
        om_buffer_release(&compiled);
    }
    assert_int_equal(om_registry_count(registry), om_instrument_builtin_count());
}

/* An instrument that is compiled in becomes a total in this registry alone. */
static void
test_a_built_in_one_as_a_total(void **state)
{
    (void)state;
    struct om_registry *other;
    assert_ok(om_registry_new(&other, &err));
    const struct om_instrument *shared = om_registry_find(other, "gad7");
    assert_ptr_equal(om_registry_find(registry, "gad7"), shared);
    for (int again = 0; again < 2; again++) {
        assert_ok(om_registry_add_total(registry, &(struct om_total_spec){.id = "gad7"}, &err));
        const struct om_instrument *total = om_registry_find(registry, "gad7");
        assert_true(om_instrument_is_total(total));
        assert_int_equal(total->n_scales, 1);
        assert_int_equal(total->scale[0].n_bands, shared->scale[0].n_bands);
        assert_int_equal(shared->n_items, 7);
    }
    om_registry_free(other);
}

static void
test_the_example_of_the_manual(void **state)
{
    (void)state;
    const struct om_instrument *in;
    assert_ok(om_registry_add_file(registry, "docs/examples/wsas.yaml", &in, &err));
    assert_string_equal(in->id, "wsas");
    assert_int_equal(om_instrument_scale(in, "total")->maximum.num, 40);
    assert_int_equal(om_registry_count(registry), om_instrument_builtin_count() + 1);
    assert_ptr_equal(om_registry_at(registry, om_instrument_builtin_count()), in);
}

static void
test_digest_is_of_the_bytes(void **state)
{
    (void)state;
    const struct om_instrument *in;
    char first[65];
    assert_ok(om_registry_add_text(registry, "t", TINY, strlen(TINY), &in, &err));
    strcpy(first, in->sha256);
    assert_int_equal(strlen(first), 64);
    assert_ok(om_registry_add_text(registry, "t", TINY "\n", strlen(TINY) + 1, &in, &err));
    assert_string_not_equal(in->sha256, first);
    assert_ok(om_registry_add_text(registry, "t", TINY, strlen(TINY), NULL, &err));
    assert_string_equal(om_registry_find(registry, "tiny")->sha256, first);
}

static void
test_files_that_cannot_be_read(void **state)
{
    (void)state;
    assert_int_equal(om_registry_add_file(registry, "no/such.yaml", NULL, &err), OM_ERR_NO_INPUT);
    assert_string_equal(err.file, "no/such.yaml");
    assert_int_equal(om_registry_add_file(registry, "instruments", NULL, &err), OM_ERR_NO_INPUT);
    const char *path = temporary_file(".yaml", "id: [\n", 6);
    assert_int_equal(om_registry_add_file(registry, path, NULL, &err), OM_ERR_DEFINITION);
    assert_string_equal(err.file, path);
    assert_int_equal(om_registry_count(registry), om_instrument_builtin_count());
}

/* A failed replacement leaves the old one in place. */
static void
test_a_broken_replacement_changes_nothing(void **state)
{
    (void)state;
    const struct om_instrument *before = om_registry_find(registry, "gad7");
    static const char broken[] = "id: gad7\nversion: 2\nname: GAD-7\n";
    assert_int_equal(om_registry_add_text(registry, "t", broken, strlen(broken), NULL, &err),
                     OM_ERR_DEFINITION);
    assert_ptr_equal(om_registry_find(registry, "gad7"), before);
}

/* phq2 reads columns 1 and 2 of phq9: a phq9 that lacks them, or codes them otherwise, is refused. */
static void
test_a_replacement_must_keep_what_others_are_derived_from(void **state)
{
    (void)state;
#define OTHER "id: phq9\nversion: 2\nname: Other\nscales: {total: {combine: sum}}\n"
    static const char *const refused[] = {
        OTHER "items: {1: a, 2: b}\nanswers: {0-3: }\n",
        OTHER "items: {2: a, 1: b, 3: c, 4: d, 5: e, 6: f, 7: g, 8: h}\nanswers: {0-3: }\n",
        OTHER "items: {1: a, 2: b, 3: c, 4: d, 5: e, 6: f, 7: g, 8: h}\nanswers: {0-4: }\n",
        OTHER
        "items: {1: a, 2: b, 3: c, 4: d, 5: e, 6: f, 7: g, 8: h}\nanswers: {0-3: }\nnot_applicable: x\n",
        OTHER "items: {1: {label: a, reversed: true}, 2: b, 3: c, 4: d, 5: e, 6: f, 7: g, 8: h}\nanswers: "
              "{0-3: }\n",
    };
    static const char fine[] =
        OTHER "items: {1: a, 2: b, 3: c, 4: d, 5: e, 6: f, 7: g, 8: h}\nanswers: {0-3: }\n";
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        assert_int_equal(om_registry_add_text(registry, "t", refused[i], strlen(refused[i]), NULL, &err),
                         OM_ERR_DEFINITION);
        assert_non_null(strstr(err.message, "is derived from \"phq9\""));
        assert_non_null(strstr(err.hint, "id of its own"));
    }
    assert_ok(om_registry_add_text(registry, "t", fine, strlen(fine), NULL, &err));
    assert_int_equal(om_registry_find(registry, "phq9")->n_items, 8);
}

static void
test_no_error_wanted(void **state)
{
    (void)state;
    assert_int_equal(om_registry_add_text(registry, "t", "id: [", 5, NULL, NULL), OM_ERR_DEFINITION);
    assert_int_equal(om_registry_add_file(registry, "no/such.yaml", NULL, NULL), OM_ERR_NO_INPUT);
    om_registry_free(NULL);
}

/* --- memory --- */

static void
test_every_allocation_of_the_built_in_ones_may_fail(void **state)
{
    (void)state;
    size_t live = om_memory_live();
    om_status status = OM_ERR_NOMEM;
    /* One of them becomes a total, for which it is loaded: of that every 97th beyond the first hundred. */
    for (size_t k = 0; status != OM_OK; k += k < 100 ? 1 : 97) {
        struct om_registry *made = NULL;
        om_memory_fail_at(k);
        status = om_registry_new(&made, &err);
        if (status == OM_OK) {
            status = om_registry_add_total(made, &(struct om_total_spec){.id = "gad7"}, &err);
            if (status != OM_OK) {
                assert_int_equal(om_registry_find(made, "gad7")->n_items, 7);
                om_registry_free(made);
                made = NULL;
            }
        }
        om_memory_fail_at((size_t)-1);
        assert_true(status == OM_OK || (status == OM_ERR_NOMEM && made == NULL));
        om_registry_free(made);
        assert_int_equal(om_memory_live(), live);
    }
}

/* One of everything that a definition can hold, so that each allocation of the loader fails once. */
static const char everything[] = HEAD
    "items: {1: a, 2: {label: b, reversed: false}, 3: c}\n"
    "answers: {0: [no, none], 1: , 2: yes}\nnot_applicable: [NA, x]\n"
    "title: T\nauthors: A\nyear: 2001\nrecall: r\nlicense: l\n"
    "references: {s2001: S 2001}\n"
    "source: {citation: [s2001, T 2002], evidence: verified, note: n}\n"
    "prefixes: [tiny, t]\n"
    "namings: {N: {columns: [x, y, z], missing: [-1], declined: [7, 9], source: {evidence: recalled}}}\n"
    "scales:\n"
    "  total:\n"
    "    combine: sum\n"
    "    missing: {max_blank: 1, source: {evidence: recommended, note: n}}\n"
    "    bands: {low: 0, high: {from: 3, label: h}, source: {evidence: derived}}\n"
    "    cutoffs: {3: {default: true}, x: {at: 4, label: l, source: {citation: s2001, evidence: verified}}}\n"
    "    remission: {below: 2, source: {evidence: derived}}\n"
    "    reliable_change: {2: {default: true, source: {evidence: verified, citation: s2001}}}\n"
    "    meaningful_change: {m: {points: 1, label: l}}\n"
    "    norms: {p: {population: all, reliability: 0.8, reliability_kind: alpha, source: {evidence: "
    "derived}}}\n"
    "  one: {combine: sum, items: 1}\n"
    "  kind:\n"
    "    combine: class\n    endorsed: {1-2: 1, 3: 2}\n"
    "    classes: {a: {positive: true, requires: [{of: 1, at_least: 1}, {at_least: 2}]}, b: , "
    "source: {evidence: verified, citation: s2001, note: n}}\n"
    "safety: {one: {item: 1, at_least: 1, source: {evidence: derived}}}\n"
    "vectors:\n"
    "  - {name: v, answers: 1 1 ., expect: {total: {score: 3, band: high, positive: {3: true}}, kind: a, "
    "one: 1}}\n"
    "  - {name: w, answers: 0 0 0, expect: {total: no score}}\n";

static void
every_allocation_may_fail(const char *text)
{
    om_status status = OM_ERR_NOMEM;
    for (size_t k = 0; status != OM_OK; k++) {
        size_t live = om_memory_live(), count = om_registry_count(registry);
        om_memory_fail_at(k);
        status = om_registry_add_text(registry, "t", text, strlen(text), NULL, &err);
        om_memory_fail_at((size_t)-1);
        if (status == OM_OK)
            break;
        assert_int_equal(status, OM_ERR_NOMEM);
        assert_int_equal(om_registry_count(registry), count);
        assert_int_equal(om_memory_live(), live);
    }
}

static void
test_every_allocation_of_a_definition_may_fail(void **state)
{
    (void)state;
    every_allocation_may_fail(everything);
    every_allocation_may_fail("id: short\nversion: 1\nname: S\nderived_from: tiny\nitems: [1, 3]\n"
                              "scales: {total: {combine: sum}}\n");
    /* and the array of the registry itself, when it grows */
    for (int i = 0; i < 20; i++) {
        char text[256];
        snprintf(text, sizeof text,
                 "id: t%d\nversion: 1\nname: S\nderived_from: tiny\nscales: {s: {combine: mean}}\n", i);
        every_allocation_may_fail(text);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_built_in_order, start, finish),
        cmocka_unit_test_setup_teardown(test_built_in_is_the_file, start, finish),
        cmocka_unit_test_setup_teardown(test_a_built_in_one_as_a_total, start, finish),
        cmocka_unit_test_setup_teardown(test_the_example_of_the_manual, start, finish),
        cmocka_unit_test_setup_teardown(test_digest_is_of_the_bytes, start, finish),
        cmocka_unit_test_setup_teardown(test_files_that_cannot_be_read, start, finish),
        cmocka_unit_test_setup_teardown(test_a_broken_replacement_changes_nothing, start, finish),
        cmocka_unit_test_setup_teardown(test_a_replacement_must_keep_what_others_are_derived_from, start,
                                        finish),
        cmocka_unit_test_setup_teardown(test_no_error_wanted, start, finish),
        cmocka_unit_test(test_every_allocation_of_the_built_in_ones_may_fail),
        cmocka_unit_test_setup_teardown(test_every_allocation_of_a_definition_may_fail, start, finish),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
