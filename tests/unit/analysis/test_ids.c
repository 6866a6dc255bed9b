/* Wide panels of more persons than are remembered: in order, out of order at once, out of order too late. */
#include "studies.h"
#include "base/buffer.h"
#include "base/memory.h"
#include "panel/ids.h"

enum { PERSONS = OM_IDS_KEPT + 5000 };

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

static enum om_id_answer
check(struct om_ids *ids, const char *id)
{
    enum om_id_answer answer;
    struct om_record_place place;
    struct om_record_row row = {.id = id, .id_length = (uint32_t)strlen(id)};
    assert_int_equal(om_ids_check(ids, &row, 0, &answer, &place, NULL), OM_OK);
    return answer;
}

static void
the_order_is_by_length_then_bytes(void **state)
{
    (void)state;
    struct om_ids ids = {.may_forget = true};
    char id[16];
    for (unsigned i = 1; i <= OM_IDS_KEPT + 1; i++) { /* 9 before 10, 99999 before 100000 */
        snprintf(id, sizeof id, "%u", i);
        assert_int_equal(check(&ids, id), OM_ID_NEW);
    }
    assert_true(ids.forgot);
    assert_int_equal(check(&ids, "9"), OM_ID_LOST);
    om_ids_release(&ids);
    ids = (struct om_ids){.may_forget = true};
    assert_int_equal(check(&ids, "b"), OM_ID_NEW);
    assert_int_equal(check(&ids, "a"), OM_ID_NEW); /* no order: everybody is remembered from here on */
    for (unsigned i = 1; i <= OM_IDS_KEPT + 1; i++) {
        snprintf(id, sizeof id, "%u", i);
        assert_int_equal(check(&ids, id), OM_ID_NEW);
    }
    assert_int_equal(check(&ids, "a"), OM_ID_SEEN);
    om_ids_release(&ids);
}

static void
memory_does_not_grow_in_order(void **state)
{
    (void)state;
    struct om_ids ids = {.may_forget = true};
    size_t before = om_memory_live();
    char id[16];
    for (unsigned i = 1; i <= 3 * OM_IDS_KEPT; i++) {
        snprintf(id, sizeof id, "P%09u", i);
        assert_int_equal(check(&ids, id), OM_ID_NEW);
    }
    assert_int_equal(om_memory_live(), before + 1); /* the id before, and nothing else */
    om_ids_release(&ids);
    assert_int_equal(om_memory_live(), before);
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
        cmocka_unit_test(memory_does_not_grow_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
