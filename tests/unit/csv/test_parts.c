/*
 * Parts and batches are two readings of one file: the same records, field by field, with the same numbers,
 * lines and offsets, whatever the block size and whichever kernels. The batches are libcsv's
 * (test_differential.c).
 */
#include "support/support.h"
#include "csv/reader.h"
#include "base/buffer.h"

#include <stdio.h>
#include <string.h>

/* One line a record: number, line, offset and the fields, each with its length. */
static void
write_record(struct om_buffer *out, const struct om_record *record)
{
    om_buffer_format(out, "%llu %llu %llu:", (unsigned long long)record->number,
                     (unsigned long long)record->line, (unsigned long long)record->byte_offset);
}

static void
write_field(struct om_buffer *out, const char *data, size_t length)
{
    om_buffer_format(out, " %zu[", length);
    om_buffer_add(out, data, length);
    om_buffer_text(out, "]");
}

static void
write_batch(struct om_buffer *out, const struct om_batch *batch)
{
    for (size_t r = 0; r < batch->n_records; r++) {
        const struct om_record *record = &batch->record[r];
        write_record(out, record);
        for (size_t i = 0; i < record->n_fields; i++)
            write_field(out, batch->field[record->first_field + i].data,
                        batch->field[record->first_field + i].length);
        om_buffer_char(out, '\n');
    }
}

/* Of ragged rows only the number of fields is promised. */
static void
write_rows(struct om_buffer *out, const struct om_csv_part *part, size_t n_fields, size_t *n_rows)
{
    uint64_t number = part->number;
    for (size_t r = 0; r < part->rows->n_rows; r++) {
        if (part->rows->verdict[r] == OM_ROW_BLANK)
            continue;
        struct om_record record = {.number = number++,
                                   .line = part->line + r,
                                   .byte_offset = part->byte_offset + part->rows->row[r].start};
        write_record(out, &record);
        for (size_t i = 0; i < n_fields && part->rows->verdict[r] == OM_ROW_PLAIN; i++) {
            struct om_field text = om_plain_field(part->rows, r, i);
            write_field(out, text.data, text.length);
        }
        if (part->rows->verdict[r] == OM_ROW_RAGGED)
            om_buffer_format(out, " ragged %zu", om_plain_row_fields(part->rows, r));
        om_buffer_char(out, '\n');
        (*n_rows)++;
    }
}

static om_status
read_batches(const char *path, size_t n_fields, struct om_buffer *out)
{
    struct om_csv_reader *reader;
    struct om_batch batch;
    om_status status = om_csv_open(path, NULL, &reader, NULL);
    (void)n_fields;
    if (status != OM_OK)
        return status;
    while ((status = om_csv_next(reader, &batch, NULL)) == OM_OK && batch.n_records)
        write_batch(out, &batch);
    om_csv_close(reader);
    return status;
}

static om_status
read_parts(const char *path, size_t n_fields, size_t block, struct om_buffer *out, size_t *n_rows)
{
    struct om_csv_reader *reader;
    struct om_csv_part part;
    om_status status = om_csv_open_blocks(path, NULL, block, &reader, NULL);
    if (status != OM_OK)
        return status;
    while ((status = om_csv_next_part(reader, n_fields, &part, NULL)) == OM_OK && !part.ended) {
        if (part.rows)
            write_rows(out, &part, n_fields, n_rows);
        else
            write_batch(out, &part.records);
    }
    om_csv_close(reader);
    return status;
}

/* The batch's text with the fields of ragged records left out, as the rows have it; records that libcsv gave
 * in a part keep theirs, so both forms are accepted line by line. */
static void
assert_same(const char *batches, const char *parts, size_t n_fields)
{
    while (*batches || *parts) {
        size_t a = strcspn(batches, "\n"), b = strcspn(parts, "\n");
        if (a != b || memcmp(batches, parts, a) != 0) {
            const char *ragged = strstr(parts, ": ragged ");
            size_t head = ragged ? (size_t)(ragged - parts) : 0,
                   fields = ragged ? (size_t)atoi(ragged + 9) : 0;
            if (!ragged || head >= b || memcmp(batches, parts, head) != 0 || fields == n_fields)
                fail_msg("batches: %.*s\nparts:   %.*s", (int)a, batches, (int)b, parts);
        }
        batches += a + (batches[a] == '\n');
        parts += b + (parts[b] == '\n');
    }
}

static size_t
check_text(const char *path, size_t n_fields)
{
    static const size_t blocks[] = {1, 2, 3, 7, 16, 61, 64, 65, 200, 4096, OM_CSV_BLOCK};
    struct om_buffer batches = OM_BUFFER_EMPTY, parts = OM_BUFFER_EMPTY;
    size_t n_rows = 0;
    om_status expected = read_batches(path, n_fields, &batches);
    for (size_t i = 0; i < sizeof blocks / sizeof blocks[0]; i++) {
        om_buffer_clear(&parts);
        n_rows = 0;
        assert_int_equal(read_parts(path, n_fields, blocks[i], &parts, &n_rows), expected);
        assert_same(om_buffer_string(&batches), om_buffer_string(&parts), n_fields);
    }
    om_buffer_release(&batches);
    om_buffer_release(&parts);
    return n_rows;
}

static uint64_t seed = 20260122;
static unsigned
draw(unsigned n)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (unsigned)(seed % n);
}

/* Mostly plain panels with something odd now and then. Newlines inside fields would end our lines: none are
 * quoted. */
static void
write_random(struct om_buffer *text, unsigned odd)
{
    static const char *const plain[] = {"1", "0", "3", "", "NA", "P0123", "x", "2"};
    static const char *const strange[] = {"\"1\"", " 2",     "07",   "\"a,b\"", "\"\"",
                                          "1.0",   "\"1\"2", "a\"b", "\t",      "\"N\"\"A\"",
                                          "1,2",   "\r",     "\xff", "\"1",     "1\""};
    for (unsigned r = 0, rows = 3 + draw(60); r < rows; r++) {
        for (unsigned c = 0; c < 5; c++) {
            om_buffer_text(text, c ? "," : "");
            om_buffer_text(text, draw(1000) < odd ? strange[draw(15)] : plain[draw(8)]);
        }
        om_buffer_text(text, draw(1000) < odd ? "\r\n\n" : draw(1000) < odd ? "\r\n" : "\n");
        if (draw(1000) < odd)
            om_buffer_text(text, " \n\n");
    }
    if (draw(2))
        om_buffer_text(text, "1,2,3,4,5"); /* a last record without a line end */
}

static void
random_panels_read_the_same(void **state)
{
    (void)state;
    const char *path = temporary_file(".csv", "", 0), *before = om_kernels_name();
    for (const struct om_kernels *kernels = NULL;;) {
        size_t n, rows = 0;
        const struct om_kernels *all = om_kernels_all(&n);
        kernels = kernels ? kernels + 1 : all;
        if (kernels == all + n)
            break;
        if (!om_kernels_usable(kernels))
            continue;
        assert_true(om_kernels_choose(kernels->name));
        for (unsigned i = 0; i < 150; i++) {
            static const unsigned odds[] = {0, 5, 30, 200};
            struct om_buffer text = OM_BUFFER_EMPTY;
            write_random(&text, odds[i % 4]);
            FILE *file = fopen(path, "wb");
            assert_non_null(file);
            fwrite(text.data, 1, text.length, file);
            fclose(file);
            rows += check_text(path, 5);
            om_buffer_release(&text);
        }
        assert_true(rows > 2000); /* most of it took the fast path */
    }
    om_kernels_choose(before);
}

static void
a_part_never_ends_early(void **state)
{
    (void)state;
    struct om_buffer text = OM_BUFFER_EMPTY;
    for (int i = 0; i < 20000; i++) /* longer than a window, with blank lines that are longer than one too */
        om_buffer_text(&text, i % 5000 == 0 ? "\n\n\n" : "P1,1,2,,NA\n");
    om_buffer_repeat(&text, "\n", 70000);
    om_buffer_text(&text, "P2,1,2,3,4\n");
    const char *path = temporary_file(".csv", text.data, text.length);
    struct om_buffer parts = OM_BUFFER_EMPTY;
    size_t rows = 0;
    assert_int_equal(read_parts(path, 5, OM_CSV_BLOCK, &parts, &rows), OM_OK);
    assert_int_equal(rows, 20000 - 4 + 1);
    om_buffer_release(&parts);
    om_buffer_release(&text);
}

/* A piece that ends within a quoted field leaves nothing behind in the next one, whatever it was. */
static void
a_piece_begins_afresh(void **state)
{
    (void)state;
    static const char *const before[] = {"\"a\nb", "1,\"a\nb\"", "1,\"a\n\"\"", "x\"\n\"", "\"", "1,2"};
    static const char piece[] = "\"x\ny\",2\n3,4\n\"5\n\",6\n";
    for (size_t i = 0; i < sizeof before / sizeof before[0]; i++)
        for (int last = 0; last <= 1; last++) {
            struct om_error err;
            struct om_csv_reader *reader;
            struct om_csv_part part;
            struct om_buffer text = OM_BUFFER_EMPTY;
            char first[32], second[sizeof piece];
            size_t rows = 0;
            strcpy(first, before[i]);
            memcpy(second, piece, sizeof piece);
            assert_ok(om_csv_open_fed(',', &reader, &err));
            om_csv_feed(reader, "first", first, strlen(first), last);
            while (om_csv_next_part(reader, 2, &part, &err) == OM_OK && !part.ended)
                ;
            om_csv_feed(reader, "second", second, sizeof piece - 1, true);
            for (;;) {
                assert_ok(om_csv_next_part(reader, 2, &part, &err));
                if (part.ended)
                    break;
                if (part.rows)
                    write_rows(&text, &part, 2, &rows);
                else
                    write_batch(&text, &part.records);
            }
            assert_string_equal(om_buffer_string(&text),
                                "1 1 0: 3[x\ny] 1[2]\n2 3 8: 1[3] 1[4]\n3 4 12: 2[5\n] 1[6]\n");
            om_csv_close(reader);
            om_buffer_release(&text);
        }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_panels_read_the_same),
        cmocka_unit_test(a_part_never_ends_early),
        cmocka_unit_test(a_piece_begins_afresh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
