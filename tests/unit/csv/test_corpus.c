/* The files of the reference collection: other people's idea of what a file holds, and files that break
 * readers. */
#include "unit/csv/reading.h"

#include <dirent.h>
#include <sys/stat.h>

/* The records of a JSON array of arrays, in the transcript's form without places. */
static void
transcribe_json(struct om_buffer *text, const json_t *records, bool trim)
{
    size_t r, f;
    const json_t *record, *field;
    json_array_foreach(records, r, record)
    {
        json_array_foreach(record, f, field)
        {
            const char *bytes = json_string_value(field);
            size_t length = json_string_length(field);
            while (trim && length && bytes[length - 1] == ' ')
                length--;
            transcribe_field(text, bytes, length, false);
        }
        om_buffer_char(text, '\n');
    }
}

/* Every field plain, no places. */
static void
transcribe_fields(struct om_buffer *text, const char *path, char delimiter)
{
    struct om_csv_options options = {.delimiter = delimiter};
    struct om_csv_reader *reader;
    struct om_batch batch;
    struct om_error err;
    assert_ok(om_csv_open_blocks(path, &options, 17, &reader, &err));
    do {
        assert_ok(om_csv_next(reader, &batch, &err));
        for (size_t r = 0; r < batch.n_records; r++) {
            const struct om_field *field = batch.field + batch.record[r].first_field;
            for (size_t f = 0; f < batch.record[r].n_fields; f++)
                transcribe_field(text, field[f].data, field[f].length, false);
            om_buffer_char(text, '\n');
        }
    } while (batch.n_records);
    om_csv_close(reader);
}

static const char *
corpus_file(const char *relative)
{
    char path[512];
    snprintf(path, sizeof path, "csv_corpus/%s", relative);
    return shared_path(path);
}

/* The expected records follow RFC 4180, which keeps the blanks around a plain field; libcsv trims them, here
 * in one place of one file. */
static void
expected_records(void **state)
{
    (void)state;
    if (!corpus_file("expected_records.json"))
        skip();
    json_t *all = load_json(corpus_file("expected_records.json"));
    const char *name;
    json_t *file;
    json_object_foreach(all, name, file)
    {
        struct om_buffer got = OM_BUFFER_EMPTY, want = OM_BUFFER_EMPTY;
        char path[1024];
        snprintf(path, sizeof path, "%s", corpus_file(name));
        transcribe_fields(&got, path, *json_string_value(json_object_get(file, "delimiter")));
        transcribe_json(&want, json_object_get(file, "records"),
                        strcmp(name, "duckdb/auto/rfc_conform.csv") == 0);
        assert_same_text(&got, &want, name);
        om_buffer_release(&got);
        om_buffer_release(&want);
    }
    json_decref(all);
}

/* An array of objects whose keys, in order, are the header. */
static void
transcribe_objects(struct om_buffer *text, const json_t *objects)
{
    size_t i;
    const json_t *object;
    const char *key;
    json_t *value;
    json_object_foreach(json_array_get(objects, 0), key, value)
        transcribe_field(text, key, strlen(key), false);
    om_buffer_char(text, '\n');
    json_array_foreach(objects, i, object)
    {
        void *at;
        for (at = json_object_iter(json_array_get(objects, 0)); at;
             at = json_object_iter_next(json_array_get(objects, 0), at)) {
            const json_t *cell = json_object_get(object, json_object_iter_key(at));
            transcribe_field(text, json_string_value(cell), json_string_length(cell), false);
        }
        om_buffer_char(text, '\n');
    }
}

/* Two are left out because their CSV and JSON differ in content: newlines_crlf (LF and CR LF;
 * test_irregular.c has that case) and location_coordinates (two telephone numbers). */
static void
csv_spectrum(void **state)
{
    static const char *const names[] = {"comma_in_quotes",
                                        "empty",
                                        "empty_crlf",
                                        "escaped_quotes",
                                        "json",
                                        "newlines",
                                        "quotes_and_newlines",
                                        "simple",
                                        "simple_crlf",
                                        "utf8"};
    (void)state;
    if (!corpus_file("csv-spectrum/csvs/simple.csv"))
        skip();
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct om_buffer got = OM_BUFFER_EMPTY, want = OM_BUFFER_EMPTY;
        char path[256];
        snprintf(path, sizeof path, "csv-spectrum/json/%s.json", names[i]);
        json_t *objects = load_json(corpus_file(path));
        transcribe_objects(&want, objects);
        snprintf(path, sizeof path, "csv-spectrum/csvs/%s.csv", names[i]);
        transcribe_fields(&got, corpus_file(path), ',');
        assert_same_text(&got, &want, names[i]);
        json_decref(objects);
        om_buffer_release(&got);
        om_buffer_release(&want);
    }
}

/* Reads every file below a directory in two block sizes: no crash, and the same outcome. */
static size_t
read_tree(const char *directory)
{
    size_t n = 0;
    DIR *open = opendir(directory);
    assert_non_null(open);
    for (struct dirent *entry; (entry = readdir(open));) {
        char path[1024];
        struct stat file;
        snprintf(path, sizeof path, "%s/%s", directory, entry->d_name);
        if (entry->d_name[0] == '.' || stat(path, &file) != 0)
            continue;
        if (S_ISDIR(file.st_mode)) {
            n += read_tree(path);
            continue;
        }
        struct om_buffer a = OM_BUFFER_EMPTY, b = OM_BUFFER_EMPTY;
        transcribe_file(&a, path, ',', 61);
        transcribe_file(&b, path, ',', OM_CSV_BLOCK);
        assert_same_text(&a, &b, path);
        om_buffer_release(&a);
        om_buffer_release(&b);
        n++;
    }
    closedir(open);
    return n;
}

static void
no_file_depends_on_the_block_size(void **state)
{
    (void)state;
    if (!shared_path("csv_corpus") || !shared_path("panel_faults"))
        skip();
    assert_true(read_tree(shared_path("csv_corpus")) > 80);
    assert_true(read_tree(shared_path("panel_faults")) > 50);
}

/* Faults that are the reader's to see; the others are for those who know the columns. */
static void
panel_faults(void **state)
{
    static const struct {
        const char *name;
        const char *end; /* of the transcript */
    } cases[] = {
        {"05_utf16le_bom.csv", "! OM_ERR_PANEL 1:1\n"},
        {"14_unclosed_quote_eof.csv", "! OM_ERR_PANEL"},
        {"39_gz_trunc.csv.gz", "! OM_ERR_PANEL 0:0\n"},
        {"40_gz_badcrc.csv.gz", "! OM_ERR_PANEL 0:0\n"},
        {"42_gz_trailing_garbage.csv.gz", "! OM_ERR_PANEL 0:0\n"},
        {"54_2mb_field.csv", "! OM_ERR_PANEL"},
    };
    (void)state;
    if (!shared_path("panel_faults"))
        skip();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct om_buffer got = OM_BUFFER_EMPTY;
        char path[128];
        snprintf(path, sizeof path, "panel_faults/%s", cases[i].name);
        transcribe_file(&got, shared_path(path), ',', OM_CSV_BLOCK);
        assert_non_null(strstr(om_buffer_string(&got), cases[i].end));
        om_buffer_release(&got);
    }
}

/* Line ends, a byte-order mark and compression change places, never records. */
static void
twins_of_the_clean_panel(void **state)
{
    static const char *const twins[] = {"01_bom.csv",       "02_crlf.csv",     "03_cr_only.csv",
                                        "04_mixed_eol.csv", "38_gz_ok.csv.gz", "41_gz_two_members.csv.gz"};
    struct om_buffer clean = OM_BUFFER_EMPTY;
    (void)state;
    if (!shared_path("panel_faults"))
        skip();
    transcribe_fields(&clean, shared_path("panel_faults/00_clean.csv"), ',');
    assert_true(clean.length > 500);
    for (size_t i = 0; i < sizeof twins / sizeof *twins; i++) {
        struct om_buffer twin = OM_BUFFER_EMPTY;
        char path[128];
        snprintf(path, sizeof path, "panel_faults/%s", twins[i]);
        transcribe_fields(&twin, shared_path(path), ',');
        assert_same_text(&twin, &clean, twins[i]);
        om_buffer_release(&twin);
    }
    om_buffer_release(&clean);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(expected_records),
        cmocka_unit_test(csv_spectrum),
        cmocka_unit_test(no_file_depends_on_the_block_size),
        cmocka_unit_test(panel_faults),
        cmocka_unit_test(twins_of_the_clean_panel),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
