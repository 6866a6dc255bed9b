/*
 * The reader against libcsv itself. Two oracles, both naive:
 *
 * whole   the file in one csv_parse call: the fields, and nothing else;
 * slow    the file one byte at a time, with the parser's state looked at between bytes: where each record and
 * an unclosed quote starts, and which fields are quoted. Line numbers come from a separate count.
 */
#include "unit/csv/reading.h"

#include <csv.h>

enum { ROW_NOT_BEGUN = 0, FIELD_BEGUN = 2, MOST = 4096 }; /* states of struct csv_parser */

static struct oracle {
    struct om_buffer text;
    struct csv_parser parser;
    uint64_t line[MOST]; /* of each byte, and where that line starts */
    size_t start[MOST];
    uint64_t number;
    size_t at;         /* the byte just fed */
    size_t open_quote; /* where the field's opening quote is */
    bool in_record;
    bool in_quotes; /* the field is quoted, before the byte just fed */
} oracle;

static void
count_lines(const char *bytes, size_t length, size_t from)
{
    uint64_t line = 1;
    size_t start = from;
    for (size_t i = from; i < length; i++) {
        oracle.line[i] = line;
        oracle.start[i] = start;
        if (bytes[i] == '\n' || (bytes[i] == '\r' && !(i + 1 < length && bytes[i + 1] == '\n'))) {
            line++;
            start = i + 1;
        }
    }
}

static void
begin_record(size_t first)
{
    oracle.in_record = true;
    transcribe_place(&oracle.text, ++oracle.number, oracle.line[first], oracle.start[first]);
}

static void
slow_field(void *bytes, size_t length, void *context)
{
    (void)context;
    if (!oracle.in_record)
        begin_record(oracle.at);
    transcribe_field(&oracle.text, bytes, length, oracle.in_quotes);
    oracle.in_quotes = false;
}

static void
slow_record(int terminator, void *context)
{
    (void)terminator;
    (void)context;
    om_buffer_char(&oracle.text, '\n');
    oracle.in_record = false;
}

static void
whole_field(void *bytes, size_t length, void *context)
{
    (void)context;
    transcribe_field(&oracle.text, bytes, length, false);
}

static void
start_oracle(char delimiter)
{
    csv_init(&oracle.parser, 0);
    csv_set_delim(&oracle.parser, (unsigned char)delimiter);
    om_buffer_clear(&oracle.text);
    oracle.number = 0;
    oracle.in_record = oracle.in_quotes = false;
}

static size_t
mark_length(const char *bytes, size_t length)
{
    return length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
}

/* The unfinished record that an unclosed quote ends is not delivered: the text is cut back to its start. */
static void
read_slowly(const char *bytes, size_t length, char delimiter)
{
    size_t record_text = 0;
    start_oracle(delimiter);
    count_lines(bytes, length, mark_length(bytes, length));
    for (oracle.at = mark_length(bytes, length); oracle.at < length; oracle.at++) {
        if (!oracle.in_record)
            record_text = oracle.text.length;
        csv_parse(&oracle.parser, bytes + oracle.at, 1, slow_field, slow_record, NULL);
        if (oracle.parser.pstate == FIELD_BEGUN && !oracle.in_record)
            begin_record(oracle.at);
        if (oracle.parser.quoted && !oracle.in_quotes)
            oracle.open_quote = oracle.at;
        oracle.in_quotes = oracle.parser.quoted;
    }
    if (oracle.parser.pstate == FIELD_BEGUN && oracle.parser.quoted) {
        oracle.text.length = record_text;
        transcribe_error(&oracle.text, OM_ERR_PANEL, oracle.line[oracle.open_quote],
                         oracle.open_quote - oracle.start[oracle.open_quote] + 1);
    } else {
        csv_fini(&oracle.parser, slow_field, slow_record, NULL);
    }
    csv_free(&oracle.parser);
}

static void
read_at_once(const char *bytes, size_t length, char delimiter)
{
    size_t mark = mark_length(bytes, length);
    start_oracle(delimiter);
    csv_parse(&oracle.parser, bytes + mark, length - mark, whole_field, slow_record, NULL);
    csv_fini(&oracle.parser, whole_field, slow_record, NULL);
    csv_free(&oracle.parser);
}

/* Keeps of a transcript what the whole-file oracle knows. */
static void
strip_places(struct om_buffer *text)
{
    size_t kept = 0;
    bool in_field = false;
    for (size_t i = 0; i < text->length; i++) {
        char c = text->data[i];
        if (!in_field && (c == '[' || c == '{'))
            in_field = true;
        if (in_field || c == '\n')
            text->data[kept++] = c == '{' ? '[' : c == '}' ? ']' : c;
        if (c == ']' || c == '}')
            in_field = false;
    }
    text->length = kept;
    if (text->data)
        text->data[kept] = '\0';
}

static void
check(const char *path, const char *bytes, size_t length, char delimiter, size_t block)
{
    struct om_buffer got = OM_BUFFER_EMPTY;
    char what[64];
    snprintf(what, sizeof what, "delimiter '%c', blocks of %zu", delimiter, block);
    transcribe_file(&got, path, delimiter, block);
    read_slowly(bytes, length, delimiter);
    assert_same_text(&got, &oracle.text, what);
    if (!strchr(om_buffer_string(&got), '!')) {
        read_at_once(bytes, length, delimiter);
        strip_places(&got);
        assert_same_text(&got, &oracle.text, what);
    }
    om_buffer_release(&got);
}

/* splitmix64: the same strings on every run. */
static uint64_t
next_random(uint64_t *state)
{
    uint64_t z = (*state += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

/* Half of the strings follow four plain bytes, so that the others' first bytes are cut into blocks too: the
 * reader looks at four at once when it opens. */
static void
random_strings_match_libcsv(void **state)
{
    static const char alphabet[] = ",\"\n\r \ta1;";
    static const size_t blocks[] = {1, 2, 3, 5, 8, 13, OM_CSV_BLOCK};
    static const char delimiters[] = {',', ';', '\t', ' '};
    const char *path = temporary_file(".csv", "", 0);
    uint64_t seed = 20240611;
    char bytes[64] = "h,i\n";
    (void)state;
    for (size_t i = 0; i < 24000; i++) {
        size_t from = i % 2 ? 4 : 0;
        size_t length = from + next_random(&seed) % 40;
        memcpy(bytes, "h,i\n", 4);
        for (size_t k = from; k < length; k++)
            bytes[k] = alphabet[next_random(&seed) % (sizeof alphabet - 1)];
        rewrite(path, bytes, length);
        char delimiter = delimiters[i % 5 < 2 ? 0 : i % 4];
        check(path, bytes, length, delimiter, blocks[i % 7]);
        check(path, bytes, length, delimiter, OM_CSV_BLOCK);
    }
}

/* Every string of up to four bytes that matter, after a plain record. */
static void
short_strings_match_libcsv(void **state)
{
    static const char alphabet[] = ",\"\n\r a";
    const char *path = temporary_file(".csv", "", 0);
    char bytes[16] = "h,i\n";
    (void)state;
    for (size_t length = 0; length <= 4; length++) {
        size_t many = 1;
        for (size_t k = 0; k < length; k++)
            many *= sizeof alphabet - 1;
        for (size_t i = 0; i < many; i++) {
            for (size_t k = 0, rest = i; k < length; k++, rest /= sizeof alphabet - 1)
                bytes[4 + k] = alphabet[rest % (sizeof alphabet - 1)];
            rewrite(path, bytes, 4 + length);
            for (size_t block = 1; block <= 4; block++)
                check(path, bytes, 4 + length, ',', block);
            check(path, bytes, 4 + length, ',', OM_CSV_BLOCK);
        }
    }
}

static const char sample[] = "\xEF\xBB\xBFid, cohort ,\"phq9, total\"\r\n"
                             "p1,\"a \"\"b\"\"\r\nc\",3\r\n\r\n \t \r\np2,,\n\r\"p\n3\" , x,4";

static void
every_cut_of_a_small_file_matches_libcsv(void **state)
{
    const char *path = temporary_file(".csv", "", 0);
    (void)state;
    for (size_t length = 0; length < sizeof sample; length++) {
        rewrite(path, sample, length);
        for (size_t block = 1; block < 12; block++)
            check(path, sample, length, ',', block);
        check(path, sample, length, ',', OM_CSV_BLOCK);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_strings_match_libcsv),
        cmocka_unit_test(short_strings_match_libcsv),
        cmocka_unit_test(every_cut_of_a_small_file_matches_libcsv),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    om_buffer_release(&oracle.text);
    return failed;
}
