/* The table of docs/formats/csv.md, row by row: same names, same order. */
#include "unit/csv/reading.h"

#define BYTES(text) text, sizeof text - 1

static const struct row {
    const char *name;
    const char *bytes;
    size_t length;
    const char *want; /* see reading.h */
} rows[] = {
    /* ends of lines and of the input */
    {"LF", BYTES("a,b\n1,2\n"), "1:1:0[a][b]\n2:2:4[1][2]\n"},
    {"CR LF", BYTES("a,b\r\n1,2\r\n"), "1:1:0[a][b]\n2:2:5[1][2]\n"},
    {"CR", BYTES("a,b\r1,2\r"), "1:1:0[a][b]\n2:2:4[1][2]\n"},
    {"mixed line ends", BYTES("a\r\nb\rc\nd\n\re"), "1:1:0[a]\n2:2:3[b]\n3:3:5[c]\n4:4:7[d]\n5:6:10[e]\n"},
    {"no line end at the end", BYTES("a,b\n1,2"), "1:1:0[a][b]\n2:2:4[1][2]\n"},
    {"cut after a delimiter", BYTES("a,b\n1,"), "1:1:0[a][b]\n2:2:4[1][]\n"},
    {"empty input", BYTES(""), ""},
    {"only a byte-order mark", BYTES("\xEF\xBB\xBF"), ""},
    {"Ctrl-Z at the end", BYTES("a\n1\n\x1A"), "1:1:0[a]\n2:2:2[1]\n3:3:4[\x1A]\n"},
    /* blank lines and blanks */
    {"blank lines", BYTES("\n\na\n\n\r\n1\n"), "1:3:2[a]\n2:6:7[1]\n"},
    {"a line of blanks", BYTES("a\n \t \n1\n"), "1:1:0[a]\n2:3:6[1]\n"},
    {"empty fields", BYTES("a,,\n,,\n"), "1:1:0[a][][]\n2:2:4[][][]\n"},
    {"one empty field in quotes", BYTES("a\n\"\"\n"), "1:1:0[a]\n2:2:2{}\n"},
    {"blanks around a field", BYTES("  a b\t, c \n"), "1:1:0[a b][c]\n"},
    {"blanks around quotes", BYTES(" \" a \" ,b\n"), "1:1:0{ a }[b]\n"},
    /* quotes */
    {"a quoted field", BYTES("\"a\",b\n"), "1:1:0{a}[b]\n"},
    {"a doubled quote", BYTES("\"a \"\"b\"\"\",c\n"), "1:1:0{a \"b\"}[c]\n"},
    {"a delimiter in quotes", BYTES("\"a,b\",c\n"), "1:1:0{a,b}[c]\n"},
    {"a line end in quotes", BYTES("\"a\nb\r\nc\rd\"\ne\n"), "1:1:0{a\nb\r\nc\rd}\n2:5:11[e]\n"},
    {"a quote inside a plain field", BYTES("a\"b\"c,d\n"), "1:1:0[a\"b\"c][d]\n"},
    {"text after a closing quote", BYTES("\"a\"b\",c\n"), "1:1:0{a\"b}[c]\n"},
    {"a quote never closed", BYTES("a,b\n1,\"2\n3,4\n"), "1:1:0[a][b]\n! OM_ERR_PANEL 2:3\n"},
    {"a quote opened by the last byte", BYTES("a\nb, \""), "1:1:0[a]\n! OM_ERR_PANEL 2:4\n"},
    {"a quote that text reopens", BYTES("a\n\"b\"c\nd\n"), "1:1:0[a]\n! OM_ERR_PANEL 2:1\n"},
    {"single quotes", BYTES("'a,b'\n"), "1:1:0['a][b']\n"},
    {"backslash before a quote", BYTES("\"a\\\"\",b\n"), "! OM_ERR_PANEL 1:1\n"},
    /* bytes */
    {"byte-order mark",
     BYTES("\xEF\xBB\xBF"
           "a,\"b\n\",\"c\n"),
     "! OM_ERR_PANEL 2:3\n"},
    {"byte-order mark and quotes", BYTES("\xEF\xBB\xBF\"a\"\nb\n"), "1:1:3{a}\n2:2:7[b]\n"},
    {"byte-order mark further on",
     BYTES("a\n\xEF\xBB\xBF"
           "b\n"),
     "1:1:0[a]\n2:2:2[\xEF\xBB\xBF"
     "b]\n"},
    {"bytes that are no UTF-8", BYTES("a\xE9,\xFF\n"), "1:1:0[a\xE9][\xFF]\n"},
    {"UTF-16, little-endian",
     BYTES("\xFF\xFE"
           "a\0,\0"),
     "! OM_ERR_PANEL 1:1\n"},
    {"UTF-16, big-endian", BYTES("\xFE\xFF\0a\0,"), "! OM_ERR_PANEL 1:1\n"},
    {"UTF-16 of nothing", BYTES("\xFF\xFE"), "! OM_ERR_PANEL 1:1\n"},
    {"UTF-16 without a mark", BYTES("a\0,\0b\0"), "! OM_ERR_PANEL 1:1\n"},
    {"UTF-16, big-endian, without a mark", BYTES("\0a\0,\0b"), "! OM_ERR_PANEL 1:1\n"},
    {"UTF-32", BYTES("\xFF\xFE\0\0a\0\0\0"), "! OM_ERR_PANEL 1:1\n"},
    {"UTF-32, big-endian", BYTES("\0\0\xFE\xFF\0\0\0a"), "! OM_ERR_PANEL 1:1\n"},
    {"UTF-32 without a mark", BYTES("a\0\0\0,\0\0\0"), "! OM_ERR_PANEL 1:1\n"},
    {"UTF-32, big-endian, without a mark", BYTES("\0\0\0a\0\0\0,"), "! OM_ERR_PANEL 1:1\n"},
    {"a workbook", BYTES("PK\x03\x04\x14\0"), "! OM_ERR_PANEL 1:1\n"},
    /* "a,b\n" */
    {"gzip", BYTES("\x1F\x8B\x08\0\0\0\0\0\0\x03\x4B\xD4\x49\xE2\x02\0\xC5\x10\x97\x24\x04\0\0\0"),
     "1:1:0[a][b]\n"},
    {"zstd", BYTES("\x28\xB5\x2F\xFD\x20\x04\x21\0\0a,b\n"), "1:1:0[a][b]\n"},
    {"gzip, cut", BYTES("\x1F\x8B\x08\0\0"), "! OM_ERR_PANEL 0:0\n"},
    {"zstd, cut", BYTES("\x28\xB5\x2F\xFD\0"), "! OM_ERR_PANEL 0:0\n"},
    /* shapes that are not the reader's to judge */
    {"records of unequal length", BYTES("a,b\n1\n1,2,3\n"), "1:1:0[a][b]\n2:2:4[1]\n3:3:6[1][2][3]\n"},
    {"another delimiter", BYTES("a;b\n1;2\n"), "1:1:0[a;b]\n2:2:4[1;2]\n"},
    {"a sep= line", BYTES("sep=;\na;b\n"), "1:1:0[sep=;]\n2:2:6[a;b]\n"},
    {"comment lines", BYTES("# x\na\n"), "1:1:0[# x]\n2:2:4[a]\n"},
};

static void
every_row_of_the_table_holds(void **state)
{
    static const size_t blocks[] = {1, 2, 3, 4, 5, 7, OM_CSV_BLOCK};
    const char *path = temporary_file(".csv", "", 0);
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        rewrite(path, rows[i].bytes, rows[i].length);
        for (size_t b = 0; b < sizeof blocks / sizeof *blocks; b++) {
            struct om_buffer got = OM_BUFFER_EMPTY, want = OM_BUFFER_EMPTY;
            transcribe_file(&got, path, 0, blocks[b]);
            om_buffer_text(&want, rows[i].want);
            assert_same_text(&got, &want, rows[i].name);
            om_buffer_release(&got);
            om_buffer_release(&want);
        }
    }
}

/* A NUL is a byte like any other; the transcript of a C string cannot show it. */
static void
nul_bytes_are_kept(void **state)
{
    static const char bytes[] = "abcd,\0e\0\n";
    const char *path = temporary_file(".csv", bytes, sizeof bytes - 1);
    struct om_csv_reader *reader;
    struct om_batch batch;
    struct om_error err;
    (void)state;
    assert_ok(om_csv_open(path, NULL, &reader, &err));
    assert_ok(om_csv_next(reader, &batch, &err));
    assert_int_equal(batch.n_records, 1);
    assert_int_equal(batch.record[0].n_fields, 2);
    assert_int_equal(batch.field[1].length, 3);
    assert_memory_equal(batch.field[1].data, "\0e\0", 3);
    om_csv_close(reader);
}

static void
the_delimiter_can_be_chosen(void **state)
{
    static const struct {
        char delimiter;
        const char *bytes, *want;
    } cases[] = {
        {';', "a;\"b;\";1,5\n", "1:1:0[a]{b;}[1,5]\n"},
        {'\t', "a\t\tb \t \"c\"\n", "1:1:0[a][][b]{c}\n"},
        {'|', "a|b\n", "1:1:0[a][b]\n"},
        {' ', "a \"b\"  c\n", "1:1:0[a]{b}[][c]\n"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct om_buffer got = OM_BUFFER_EMPTY;
        const char *path = temporary_file(".csv", cases[i].bytes, strlen(cases[i].bytes));
        transcribe_file(&got, path, cases[i].delimiter, OM_CSV_BLOCK);
        assert_string_equal(om_buffer_string(&got), cases[i].want);
        om_buffer_release(&got);
    }
}

static void
an_impossible_delimiter_is_refused(void **state)
{
    const char *path = temporary_file(".csv", "a\n", 2);
    struct om_csv_reader *reader = NULL;
    struct om_error err;
    (void)state;
    for (const char *c = "\"\r\n"; *c; c++) {
        struct om_csv_options options = {.delimiter = *c};
        assert_int_equal(om_csv_open(path, &options, &reader, &err), OM_ERR_USAGE);
        assert_null(reader);
    }
}

/* Which words a message holds is part of the behaviour: they name the remedy. */
static void
messages_name_the_place_and_the_remedy(void **state)
{
    static const struct {
        const char *bytes;
        size_t length;
        const char *message, *hint;
    } cases[] = {
        {BYTES("\xFF\xFE"
               "a\0"),
         "UTF-16", "iconv -f UTF-16 -t UTF-8"},
        {BYTES("a\0b\0"), "UTF-16LE", "iconv -f UTF-16LE -t UTF-8"},
        {BYTES("PK\x03\x04"), "workbook", "CSV (UTF-8)"},
        {BYTES("\x1F\x8B\x08"), "OM150", "gzip -t"},
        {BYTES("\"secret"), "never closed", "close it"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *path = temporary_file(".csv", cases[i].bytes, cases[i].length);
        struct om_csv_reader *reader = NULL;
        struct om_batch batch;
        struct om_error err = {0};
        om_status status = om_csv_open(path, NULL, &reader, &err);
        if (status == OM_OK)
            status = om_csv_next(reader, &batch, &err);
        assert_int_not_equal(status, OM_OK);
        assert_non_null(strstr(err.message, cases[i].message));
        assert_non_null(strstr(err.hint, cases[i].hint));
        assert_string_equal(err.file, path);
        assert_null(strstr(err.message, "secret"));
        om_csv_close(reader);
    }
}

static void
what_cannot_be_opened_says_so(void **state)
{
    struct om_csv_reader *reader = NULL;
    struct om_error err;
    (void)state;
    assert_int_equal(om_csv_open("/nonexistent/panel.csv", NULL, &reader, &err), OM_ERR_NO_INPUT);
    assert_int_equal(om_csv_open("/tmp", NULL, &reader, &err), OM_ERR_NO_INPUT);
    assert_non_null(strstr(err.message, "directory"));
    assert_null(reader);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_of_the_table_holds),
        cmocka_unit_test(nul_bytes_are_kept),
        cmocka_unit_test(the_delimiter_can_be_chosen),
        cmocka_unit_test(an_impossible_delimiter_is_refused),
        cmocka_unit_test(messages_name_the_place_and_the_remedy),
        cmocka_unit_test(what_cannot_be_opened_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
