/* Pieces put together are what the writer writes. */
#include "support/support.h"

#include "base/memory.h"
#include "csv/pieces.h"

enum { UNTOUCHED = 0x5a };

static const char *const texts[] = {
    "",
    "a",
    "north",
    "a,b",
    "say \"a\"",
    "\"",
    "\"\"\"\"",
    " a",
    "a\t",
    "a\nb",
    "\r",
    "=1+1",
    "thirty-one bytes, with the rest",
    "32 bytes without a delimiter ...",
    "a text far beyond what is copied at once, with a \"quote\" or two at its \"end\""};
enum { TEXTS = sizeof texts / sizeof *texts };

static void
pieces_are_what_the_writer_writes(void **state)
{
    struct om_csv_pieces pieces = {.n = 0};
    struct om_buffer want = OM_BUFFER_EMPTY;
    struct om_csv_writer writer = {.out = &want};
    struct om_error err;
    char got[4096];
    (void)state;
    for (size_t i = 0; i < TEXTS; i++)
        assert_ok(om_csv_piece_add(&pieces, texts[i], strlen(texts[i]), false, &err));
    assert_int_equal(pieces.n, TEXTS);
    om_csv_write_text(&writer, "key");
    char *end = om_csv_put_first("key", 3, false, got);
    for (size_t step = 1; step < TEXTS; step += 3)
        for (size_t i = 0; i < TEXTS; i++) {
            om_csv_write_text(&writer, texts[i * step % TEXTS]);
            end = om_csv_put(&pieces, i * step % TEXTS, end);
        }
    assert_true(om_buffer_ok(&want));
    assert_int_equal(end - got, want.length);
    assert_memory_equal(got, want.data, want.length);
    om_buffer_release(&want);
    om_csv_pieces_release(&pieces);
    assert_int_equal(pieces.n, 0);
}

/* Several fields make one piece, and what was put before stays when pieces are added. */
static void
a_piece_may_have_several_fields(void **state)
{
    struct om_csv_pieces pieces = {.n = 0};
    struct om_error err;
    char got[200];
    (void)state;
    for (int i = 0; i < 500; i++) {
        struct om_csv_writer writer = om_csv_piece_begin(&pieces);
        om_csv_write_integer(&writer, i);
        om_csv_write_empty(&writer);
        om_csv_write_double(&writer, i / 8.0);
        assert_ok(om_csv_piece_end(&pieces, &err));
    }
    *om_csv_put(&pieces, 499, om_csv_put(&pieces, 1, got)) = '\0';
    assert_string_equal(got, ",1,,0.125,499,,62.375");
    assert_int_equal(pieces.longest, strlen(",499,,62.375"));
    om_csv_pieces_release(&pieces);
}

static void
a_piece_touches_no_more_than_it_says(void **state)
{
    struct om_csv_pieces pieces = {.n = 0};
    struct om_error err;
    (void)state;
    for (size_t i = 0; i < TEXTS; i++) {
        char got[512];
        memset(got, UNTOUCHED, sizeof got);
        assert_ok(om_csv_piece_add(&pieces, texts[i], strlen(texts[i]), false, &err));
        char *end = om_csv_put(&pieces, i, got);
        assert_true((size_t)(end - got) <= pieces.longest);
        assert_int_equal(end[OM_CSV_PIECE], UNTOUCHED);
    }
    om_csv_pieces_release(&pieces);
}

static void
a_first_field_is_what_the_writer_writes(void **state)
{
    (void)state;
    for (size_t i = 1; i < TEXTS; i++) { /* an empty one is told from a blank line by what follows it */
        struct om_buffer want = OM_BUFFER_EMPTY;
        struct om_csv_writer writer = {.out = &want};
        char got[512];
        memset(got, UNTOUCHED, sizeof got);
        om_csv_write_text(&writer, texts[i]);
        char *end = om_csv_put_first(texts[i], strlen(texts[i]), false, got);
        assert_int_equal(end - got, want.length);
        assert_memory_equal(got, want.data, want.length);
        assert_int_equal(got[om_csv_field_room(strlen(texts[i]))], UNTOUCHED);
        om_buffer_release(&want);
    }
}

static void
every_allocation_may_fail(void **state)
{
    size_t live = om_memory_live(), k = 0;
    struct om_error err;
    om_status status = OM_ERR_NOMEM;
    (void)state;
    for (; status != OM_OK; k++) {
        struct om_csv_pieces pieces = {.n = 0};
        status = OM_OK;
        om_memory_fail_at(k);
        for (size_t i = 0; i < TEXTS && status == OM_OK; i++)
            status = om_csv_piece_add(&pieces, texts[i], strlen(texts[i]), false, &err);
        om_memory_fail_at((size_t)-1);
        assert_true(status == OM_OK || status == OM_ERR_NOMEM);
        om_csv_pieces_release(&pieces);
        assert_int_equal(om_memory_live(), live);
    }
    assert_true(k > 2);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_are_what_the_writer_writes),
        cmocka_unit_test(a_piece_may_have_several_fields),
        cmocka_unit_test(a_piece_touches_no_more_than_it_says),
        cmocka_unit_test(a_first_field_is_what_the_writer_writes),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
