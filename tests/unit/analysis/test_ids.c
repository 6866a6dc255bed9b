/* Wide panels of many pieces: in order, out of order at once, out of order late. */
#include "studies.h"
#include "base/buffer.h"
#include "base/memory.h"
#include "panel/order.h"

enum { PERSONS = 70000 };

static void
add_person(struct om_buffer *text, unsigned id)
{
    om_buffer_format(text, "%u,%u,1,2,3,0,1,2,3,0\n", id, id % 4);
}

/* Persons 1 to PERSONS in order, then those given. */
static const char *
panel_of(const unsigned *more, size_t n_more)
{
    struct om_buffer text = OM_BUFFER_EMPTY;
    om_buffer_text(&text, "id,phq9_1,phq9_2,phq9_3,phq9_4,phq9_5,phq9_6,phq9_7,phq9_8,phq9_9\n");
    for (unsigned i = 1; i <= PERSONS; i++)
        add_person(&text, i);
    for (size_t i = 0; i < n_more; i++)
        add_person(&text, more[i]);
    const char *path = temporary_file(".csv", text.data, text.length);
    om_buffer_release(&text);
    return path;
}

static void
a_panel_in_order_has_no_duplicates(void **state)
{
    (void)state;
    struct run run = RUN("input", panel_of(NULL, 0));
    assert_run(&run);
    assert_int_equal(run.analysis->persons, PERSONS);
    assert_int_equal(run.analysis->duplicates, 0);
    release(&run);
}

static void
a_late_newcomer_is_read_again_and_counted(void **state)
{
    (void)state;
    const unsigned more[] = {900000, 800000}; /* the second breaks the order, and repeats nobody */
    struct run run = RUN("input", panel_of(more, 2));
    assert_run(&run);
    assert_int_equal(run.analysis->persons, PERSONS + 2);
    assert_int_equal(run.analysis->records.read, PERSONS + 2); /* once, though it was read twice */
    assert_int_equal(run.analysis->duplicates, 0);
    assert_int_equal(run.analysis->input[0].records, PERSONS + 2);
    release(&run);
}

static void
a_late_duplicate_is_found_with_both_places(void **state)
{
    (void)state;
    const unsigned more[] = {17};
    const char *path = panel_of(more, 1);
    struct run run = RUN("input", path);
    assert_int_equal(run.status, OM_ERR_DATA);
    assert_int_equal(findings_of(&run, 140), 1);
    const struct om_finding *finding = &om_findings_group(run.findings, 0)->first[0];
    assert_int_equal(finding->line, PERSONS + 2);
    assert_non_null(strstr(finding->message, "record 18 (line 18)"));
    release(&run);
    run = RUN("input", path, "duplicates", "first");
    assert_run(&run);
    assert_int_equal(run.analysis->persons, PERSONS);
    assert_int_equal(run.analysis->duplicates, 1);
    assert_int_equal(run.analysis->records.rejected, 1);
    release(&run);
}

/* The id right before is in order with itself only if equal ids were taken for ascending. */
static void
a_neighbour_is_a_duplicate(void **state)
{
    (void)state;
    const unsigned more[] = {PERSONS};
    struct run run = RUN("input", panel_of(more, 1));
    assert_int_equal(run.status, OM_ERR_DATA);
    assert_int_equal(findings_of(&run, 140), 1);
    release(&run);
}

/* Shorter first, then by bytes: 9 before 10, 99999 before 100000. */
static void
the_order_is_by_length_then_bytes(void **state)
{
    (void)state;
    static const struct {
        const char *id[3];
        enum om_order order;
    } cases[] = {
        {{"1", "9", "10"}, OM_ORDER_ASCENDING},
        {{"9", "10", "9"}, OM_ORDER_NONE},
        {{"a", "a", "b"}, OM_ORDER_RUNS},
        {{"a", "b", "a"}, OM_ORDER_NONE},
        {{"P0000009", "P0000010", "P0000011"}, OM_ORDER_ASCENDING},
        {{"P0000010", "P0000009", "P0000011"}, OM_ORDER_NONE},
        {{"\x7f", "\x80", "\xff"}, OM_ORDER_ASCENDING},
        {{"123456789a", "123456789b", "123456789b"}, OM_ORDER_RUNS},
        {{"12345678901234567", "12345678901234568", "123456789012345678"}, OM_ORDER_ASCENDING},
        {{"12345678901234568", "12345678901234567", "123456789012345678"}, OM_ORDER_NONE},
        {{"ab", "b", "c"}, OM_ORDER_NONE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct om_record_row row[5] = {{.rejected = true, .id = "zzz", .id_length = 3}};
        for (size_t k = 0; k < 3; k++)
            row[k + 1] =
                (struct om_record_row){.id = cases[i].id[k], .id_length = (uint32_t)strlen(cases[i].id[k])};
        row[4] = row[0];
        struct om_record_block block = {.n = 5, .row = row};
        assert_int_equal(om_block_order(&block), cases[i].order);
    }
}

/* Across blocks; a rejected record says nothing. */
static void
the_last_id_counts_across_blocks(void **state)
{
    (void)state;
    static const struct {
        const char *id;
        bool rejected;
        enum om_order order;
    } steps[] = {{"5", false, OM_ORDER_ASCENDING},  {"1", true, OM_ORDER_ASCENDING},
                 {"6", false, OM_ORDER_ASCENDING},  {"6", false, OM_ORDER_RUNS},
                 {"10", false, OM_ORDER_ASCENDING}, {"9", false, OM_ORDER_NONE}};
    struct om_last_id last = {0};
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        struct om_record_row row = {
            .id = steps[i].id, .id_length = (uint32_t)strlen(steps[i].id), .rejected = steps[i].rejected};
        struct om_record_block block = {.n = 1, .row = &row, .order = OM_ORDER_ASCENDING};
        enum om_order order;
        assert_int_equal(om_last_id_pass(&last, &block, &order, NULL), OM_OK);
        assert_int_equal(order, steps[i].order);
    }
    om_last_id_release(&last);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_panel_in_order_has_no_duplicates),
        cmocka_unit_test(a_late_newcomer_is_read_again_and_counted),
        cmocka_unit_test(a_late_duplicate_is_found_with_both_places),
        cmocka_unit_test(a_neighbour_is_a_duplicate),
        cmocka_unit_test(the_order_is_by_length_then_bytes),
        cmocka_unit_test(the_last_id_counts_across_blocks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
