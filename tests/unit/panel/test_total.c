/* Totals in cells: what is a number, and that nothing of it is lost. */
#include "support/support.h"

#include "panel/total.h"

#include <stdio.h>
#include <stdlib.h>

static struct om_registry *registry;
static struct om_panel_total total;
static struct om_panel_spec spec;

static void
open_total(const struct om_total_spec *what, bool comma)
{
    struct om_error err;
    assert_ok(om_registry_new(&registry, &err));
    assert_ok(om_registry_add_total(registry, what, &err));
    total = (struct om_panel_total){.comma = comma};
    assert_ok(
        om_decoder_init(&total.decoder, om_registry_find(registry, what->id), "bdi", NULL, &spec, &err));
}

static void
close_total(void)
{
    om_decoder_release(&total.decoder);
    om_registry_free(registry);
}

static uint64_t
decode(const char *text, enum om_cell_fault *fault)
{
    return om_total_decode(&total, text, strlen(text), fault);
}

static void
assert_value(const char *text, int64_t num, int64_t den)
{
    enum om_cell_fault fault;
    uint64_t value = decode(text, &fault);
    if (fault != OM_CELL_FINE || !om_total_is_number(value))
        fail_msg("'%s' is refused: %d", text, fault);
    struct om_fraction got = om_total_value(value);
    if (om_fraction_compare(got, (struct om_fraction){num, den}) != 0)
        fail_msg("'%s' is read as %lld / %lld", text, (long long)got.num, (long long)got.den);
}

static void
assert_fault(const char *text, enum om_cell_fault want)
{
    enum om_cell_fault fault;
    uint64_t value = decode(text, &fault);
    if (fault != want || om_total_is_number(value))
        fail_msg("'%s': fault %d, not %d", text, fault, want);
}

static void
test_numbers(void **state)
{
    (void)state;
    open_total(&(struct om_total_spec){.id = "bdi"}, false);
    assert_value("0", 0, 1);
    assert_value("-0.0", 0, 1);
    assert_value("17", 17, 1);
    assert_value("+17.", 17, 1);
    assert_value(".5", 1, 2);
    assert_value(" 90.5 ", 181, 2);
    assert_value("90.50", 181, 2);
    assert_value("-3.25", -13, 4);
    assert_value("0.000000001", 1, 1000000000);
    assert_value("0.1000000000000", 1, 10);
    assert_value("007", 7, 1);
    assert_value("900719925474099", 900719925474099, 1);
    const char *const none[] = {"x", "1e3", "1,5", "1.2.3", "--1", "1 2", ".", "-", "0x10", "1.5a"};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        enum om_cell_fault fault;
        decode(none[i], &fault);
        if (fault == OM_CELL_FINE)
            fail_msg("'%s' is taken", none[i]);
    }
    assert_fault("word", OM_CELL_NOT_INTEGER);
    assert_fault("1e400", OM_CELL_OVERFLOW);
    assert_fault("nan", OM_CELL_OVERFLOW);
    assert_fault("0.0000000001", OM_CELL_OVERFLOW);
    assert_fault("99999999999999999999", OM_CELL_OVERFLOW);
    assert_fault("bdi", OM_CELL_HEADER);
    close_total();
}

/* Equal numbers have equal bytes, others have not: every decimal of a grid, against integers. */
static void
test_one_way_to_write(void **state)
{
    (void)state;
    open_total(&(struct om_total_spec){.id = "bdi"}, false);
    for (int n = -2000; n <= 2000; n++) {
        char text[32];
        enum om_cell_fault fault;
        uint64_t seen = 0;
        for (int zeros = 0; zeros < 5; zeros++) {
            snprintf(text, sizeof text, "%s%d.%02d%.*s", n < 0 ? "-" : "", abs(n) / 100, abs(n) % 100, zeros,
                     "0000");
            uint64_t value = decode(text, &fault);
            assert_true(fault == OM_CELL_FINE && om_total_is_number(value));
            assert_true(zeros == 0 || value == seen);
            seen = value;
            struct om_fraction f = om_total_value(value);
            assert_int_equal(f.num * 100, n * f.den);
        }
    }
    close_total();
}

static void
test_comma(void **state)
{
    (void)state;
    open_total(&(struct om_total_spec){.id = "bdi"}, true);
    assert_value("90,5", 181, 2);
    assert_value("90.5", 181, 2);
    assert_fault("1,000.5", OM_CELL_NOT_INTEGER);
    close_total();
}

static void
test_nothing(void **state)
{
    (void)state;
    open_total(&(struct om_total_spec){.id = "bdi"}, false);
    enum om_cell_fault fault;
    assert_true(decode("", &fault) == om_total_none(OM_CODE_BLANK) && fault == OM_CELL_FINE);
    assert_true(decode("  ", &fault) == om_total_none(OM_CODE_BLANK) && fault == OM_CELL_FINE);
    assert_true(decode("na", &fault) == om_total_none(OM_CODE_BLANK) && fault == OM_CELL_FINE);
    for (int code = OM_CODE_BLANK; code <= OM_CODE_INVALID; code++)
        assert_false(om_total_is_number(om_total_none((uint8_t)code)));
    close_total();
}

static void
test_range(void **state)
{
    (void)state;
    struct om_fraction low = {0, 1}, high = {63, 1};
    open_total(&(struct om_total_spec){.id = "bdi", .low = &low, .high = &high}, false);
    assert_value("63", 63, 1);
    assert_value("0", 0, 1);
    assert_fault("63.5", OM_CELL_OUT_OF_RANGE);
    assert_fault("64", OM_CELL_OUT_OF_RANGE);
    assert_fault("-9", OM_CELL_SENTINEL);
    assert_fault("999", OM_CELL_SENTINEL);
    close_total();
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers), cmocka_unit_test(test_one_way_to_write),
        cmocka_unit_test(test_comma),   cmocka_unit_test(test_nothing),
        cmocka_unit_test(test_range),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
