#include "unit/csv/reading.h"
#include "base/memory.h"
#include "csv/writer.h"

static struct om_buffer out;

static struct om_csv_writer
start(char delimiter, bool guard)
{
    om_buffer_release(&out);
    return (struct om_csv_writer){.out = &out, .delimiter = delimiter, .formula_guard = guard};
}

static void
one_text(const char *text, bool guard, const char *want)
{
    struct om_csv_writer writer = start(0, guard);
    om_csv_write_text(&writer, "k");
    om_csv_write_text(&writer, text);
    om_csv_write_end(&writer);
    assert_int_equal(out.length, strlen(want));
    assert_string_equal(out.data, want);
}

static void
fields_are_quoted_when_needed(void **state)
{
    (void)state;
    one_text("a", false, "k,a\n");
    one_text("", false, "k,\n");
    one_text(NULL, false, "k,\n");
    one_text("a b", false, "k,a b\n");
    one_text("a,b", false, "k,\"a,b\"\n");
    one_text("a;b", false, "k,a;b\n");
    one_text("\"", false, "k,\"\"\"\"\n");
    one_text("say \"a\" and \"b\"", false, "k,\"say \"\"a\"\" and \"\"b\"\"\"\n");
    one_text("a\nb", false, "k,\"a\nb\"\n");
    one_text("a\rb", false, "k,\"a\rb\"\n");
    one_text(" a", false, "k,\" a\"\n");
    one_text("a\t", false, "k,\"a\t\"\n");
    one_text(" ", false, "k,\" \"\n");
    one_text("=1+1", false, "k,=1+1\n");
}

static void
the_guard_disarms_formulas(void **state)
{
    (void)state;
    one_text("=1+1", true, "k,'=1+1\n");
    one_text("+1", true, "k,+1\n"); /* numbers */
    one_text("-1.5", true, "k,-1.5\n");
    one_text("-", true, "k,-\n");
    one_text("-1+2", true, "k,'-1+2\n");
    one_text("+a", true, "k,'+a\n");
    one_text("-1 ", true, "k,\"'-1 \"\n");
    one_text("@a", true, "k,'@a\n");
    one_text("\ta", true, "k,\"'\ta\"\n");
    one_text("\ra", true, "k,\"'\ra\"\n");
    one_text("=\"a\",b", true, "k,\"'=\"\"a\"\",b\"\n");
    one_text("a=1", true, "k,a=1\n");
    one_text("", true, "k,\n");
}

static void
numbers_are_written_plain(void **state)
{
    struct om_csv_writer writer = start(0, true);
    (void)state;
    om_csv_write_integer(&writer, -5);
    om_csv_write_integer(&writer, INT64_MIN);
    om_csv_write_double(&writer, -0.1);
    om_csv_write_double(&writer, 1.0 / 3.0);
    om_csv_write_empty(&writer);
    om_csv_write_double(&writer, 2);
    om_csv_write_end(&writer);
    assert_string_equal(out.data, "-5,-9223372036854775808,-0.1,0.3333333333333333,,2\n");
}

static void
numbers_give_way_to_an_odd_delimiter(void **state)
{
    struct om_csv_writer writer = start('.', false);
    (void)state;
    om_csv_write_double(&writer, 0.5);
    om_csv_write_integer(&writer, 1);
    om_csv_write_end(&writer);
    assert_string_equal(out.data, "\"0.5\".1\n");
}

static void
a_record_of_one_empty_field_is_no_blank_line(void **state)
{
    struct om_csv_writer writer = start(0, false);
    (void)state;
    om_csv_write_empty(&writer);
    om_csv_write_end(&writer);
    om_csv_write_text(&writer, "");
    om_csv_write_end(&writer);
    om_csv_write_empty(&writer);
    om_csv_write_empty(&writer);
    om_csv_write_end(&writer);
    assert_string_equal(out.data, "\"\"\n\"\"\n,\n");
}

static uint64_t
next_random(uint64_t *state)
{
    return *state = *state * 6364136223846793005u + 1442695040888963407u;
}

/* What is written is read back: fields of random bytes, records of random length, four delimiters. */
static void
what_is_written_reads_back(void **state)
{
    static const char alphabet[] = ",;\t\"\n\r a=|\xC3";
    const char *path = temporary_file(".csv", "", 0);
    uint64_t seed = 7;
    (void)state;
    for (size_t round = 0; round < 300; round++) {
        struct om_csv_writer writer = start(",;\t|"[round % 4], false);
        struct om_csv_options options = {.delimiter = writer.delimiter};
        struct om_buffer fields = OM_BUFFER_EMPTY;
        size_t length[1000], n_fields[100], n = 0;
        for (size_t r = 0; r < 100; r++) {
            n_fields[r] = 1 + (next_random(&seed) >> 40) % 10;
            for (size_t f = 0; f < n_fields[r]; f++, n++) {
                length[n] = (next_random(&seed) >> 40) % 5;
                for (size_t i = 0; i < length[n]; i++)
                    om_buffer_char(&fields, alphabet[(next_random(&seed) >> 40) % (sizeof alphabet - 1)]);
                om_csv_write_bytes(&writer, om_buffer_string(&fields) + fields.length - length[n], length[n]);
            }
            om_csv_write_end(&writer);
        }
        rewrite(path, out.data, out.length);
        struct om_csv_reader *reader;
        struct om_batch batch;
        struct om_error err;
        assert_ok(om_csv_open(path, &options, &reader, &err));
        assert_ok(om_csv_next(reader, &batch, &err));
        assert_int_equal(batch.n_records, 100);
        const char *want = fields.data;
        for (size_t r = 0, k = 0; r < 100; r++) {
            assert_int_equal(batch.record[r].n_fields, n_fields[r]);
            for (size_t f = 0; f < n_fields[r]; f++, k++) {
                assert_int_equal(batch.field[k].length, length[k]);
                assert_memory_equal(batch.field[k].data, want, length[k]);
                want += length[k];
            }
        }
        om_csv_close(reader);
        om_buffer_release(&fields);
    }
}

static int
release(void **state)
{
    (void)state;
    om_buffer_release(&out);
    return 0;
}

/* More numbers than the writer remembers, each a few times. */
static void
numbers_written_again_are_the_same(void **state)
{
    struct om_csv_writer writer = start(0, false);
    (void)state;
    for (int i = 0; i < 20000; i++) {
        double value = i % 3 ? i % 700 / 7.0 : i % 2 ? -0.0 : i % 40;
        char want[OM_NUMBER_TEXT + 1];
        om_number_format(value, want);
        size_t length = strlen(want);
        om_csv_write_double(&writer, value);
        om_csv_write_end(&writer);
        want[length] = '\n';
        assert_int_equal(out.length, length + 1);
        assert_memory_equal(out.data, want, length + 1);
        om_buffer_clear(&out);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_are_quoted_when_needed),
        cmocka_unit_test(the_guard_disarms_formulas),
        cmocka_unit_test(numbers_are_written_plain),
        cmocka_unit_test(numbers_give_way_to_an_odd_delimiter),
        cmocka_unit_test(a_record_of_one_empty_field_is_no_blank_line),
        cmocka_unit_test(what_is_written_reads_back),
        cmocka_unit_test(numbers_written_again_are_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, release);
}
