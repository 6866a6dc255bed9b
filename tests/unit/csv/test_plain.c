/*
 * The scanner against libcsv: every short text of the bytes that matter, in every column, with and without
 * quotes around it, across the edges of the blocks the kernels read, cut everywhere, under every kernel.
 *
 *   test_plain            seconds
 *   test_plain thorough   all texts of one byte more, at every place; minutes
 *
 * A field is accepted or refused for its last five bytes, the byte behind it, and whether a quote is open, so
 * that texts of that length are close to a proof.
 */
#include "unit/csv/plain_oracle.h"
#include "base/memory.h"

#include <sys/mman.h>
#include <unistd.h>

enum { COLUMNS = 3, TEXT = 1 << 18 };

static bool thorough;
static struct oracle oracle;
static struct om_field *column[COLUMNS];

static struct reading {
    struct om_plain plain[8]; /* one per kernel */
    size_t n;
    char delimiter;
} with;

/* Where a case failed. */
static struct {
    const char *bytes;
    size_t length;
    const char *kernel;
    bool quoted;
} at_hand;

static void
fault(const char *what, size_t offset)
{
    print_error("%s, at byte %zu, kernel %s%s\n", what, offset, at_hand.kernel,
                at_hand.quoted ? ", quoted" : "");
    if (at_hand.length < 4096)
        for (size_t i = 0; i < at_hand.length; i++) {
            unsigned char c = (unsigned char)at_hand.bytes[i];
            print_error(c < 0x20 || c >= 0x7f || c == '\\' ? "\\x%02x" : "%c", c);
        }
    print_error("\n");
    fail();
}

static void
start_kernels(char delimiter, size_t n_fields)
{
    size_t n;
    const struct om_kernels *kernels = om_kernels_all(&n);
    struct om_error err;
    with.n = 0;
    with.delimiter = delimiter;
    for (size_t i = 0; i < n; i++)
        if (om_kernels_usable(&kernels[i]))
            assert_ok(om_plain_init(&with.plain[with.n++], delimiter, n_fields, &kernels[i], &err));
}

static void
stop_kernels(void)
{
    while (with.n > 0)
        om_plain_release(&with.plain[--with.n]);
}

/* --- comparing ------------------------------------------------------------------------------------------ */

static bool
is_blank(char c)
{
    return (c == ' ' || c == '\t') && c != with.delimiter;
}

/* The fields of row r against the oracle's record. */
static void
check_fields(const struct om_plain *plain, size_t r, size_t record)
{
    const char *bytes = (const char *)plain->bytes, *start = bytes + plain->row[r].start;
    const uint8_t *token = plain->token + plain->row[r].token;
    for (size_t k = 0; k < plain->n_fields; k++) {
        size_t f = oracle.record[record] + k;
        const char *expected = oracle.bytes + oracle.field[f].start;
        struct om_field got = column[k][r];
        if (got.length != oracle.field[f].length || memcmp(got.data, expected, got.length) != 0)
            fault("a field differs", plain->row[r].start);
        char before = got.data > start ? got.data[-1] : with.delimiter;
        if (got.quoted != (before == '"'))
            fault("quoted or not?", plain->row[r].start);
        bool trimmed = is_blank(before) || (!got.quoted && is_blank(got.data[got.length]));
        if (token[k] != (trimmed ? OM_TOKEN_ODD : token_expected(expected, got.length)))
            fault("a token differs", plain->row[r].start);
    }
}

/* A row; returns how many of the oracle's records it is. */
static size_t
check_row(const struct om_plain *plain, size_t r, size_t length, size_t record)
{
    const char *line = (const char *)plain->bytes + plain->row[r].start;
    size_t size = plain->row[r + 1].start - plain->row[r].start;
    bool finished, blank = true;
    if (plain_line(line, length - plain->row[r].start, with.delimiter, &finished) != size)
        fault("the row is not a plain line", plain->row[r].start);
    for (size_t i = 0; i < size; i++)
        blank &= is_blank(line[i]) || line[i] == '\r' || line[i] == '\n';
    if (blank != (plain->verdict[r] == OM_ROW_BLANK))
        fault("blank or not?", plain->row[r].start);
    if (blank)
        return 0;
    size_t fields = om_plain_row_fields(plain, r);
    if (record >= oracle.n_records || fields != oracle.record[record + 1] - oracle.record[record])
        fault("the number of fields differs", plain->row[r].start);
    if ((fields == plain->n_fields) != (plain->verdict[r] == OM_ROW_PLAIN))
        fault("plain or ragged?", plain->row[r].start);
    if (fields == plain->n_fields)
        check_fields(plain, r, record);
    return 1;
}

static size_t
check_rows(const struct om_plain *plain, size_t length, size_t record)
{
    size_t n = 0, plain_rows = 0;
    for (size_t from = 0, to; from < plain->n_rows; from = to) {
        bool is_plain = plain->verdict[from] == OM_ROW_PLAIN;
        for (to = from + 1; is_plain && to < plain->n_rows && plain->verdict[to] == OM_ROW_PLAIN;)
            to++;
        for (size_t k = 0; k < plain->n_fields && is_plain; k++)
            om_plain_column(plain, from, to, k, column[k] + from);
    }
    for (size_t r = 0; r < plain->n_rows; r++) {
        n += check_row(plain, r, length, record + n);
        plain_rows += plain->verdict[r] == OM_ROW_PLAIN;
    }
    if (plain_rows != plain->n_plain)
        fault("plain rows miscounted", 0);
    return n;
}

/* Reads a whole text as a caller would, in pieces of `chunk` bytes, against what oracle_read found in it. */
static void
check_reading(struct om_plain *plain, const char *bytes, size_t length, size_t chunk)
{
    size_t at = 0, record = 0, known = chunk < length ? chunk : length;
    for (;;) {
        enum om_plain_end end = om_plain_scan(plain, bytes + at, known - at);
        record += check_rows(plain, known - at, record);
        at += plain->row[plain->n_rows].start;
        bool finished;
        size_t next = plain_line(bytes + at, known - at, with.delimiter, &finished);
        if (end == OM_PLAIN_MORE && plain->n_rows == 0)
            fault("no progress", at);
        if (end == OM_PLAIN_MORE)
            continue;
        if (end == OM_PLAIN_STOPPED) {
            if (finished ? next > 0 && next <= OM_PLAIN_WINDOW : known - at <= OM_PLAIN_WINDOW)
                fault("stopped at a plain line", at);
            at += oracle_record_length(bytes + at, length - at, with.delimiter, &record);
            known = known < at ? at : known;
        } else {
            if (finished)
                fault("more could be read", at);
            if (known == length)
                break;
            known = length - known < chunk ? length : known + chunk;
        }
    }
    oracle_record_length(bytes + at, length - at, with.delimiter, &record);
    if (record != oracle.n_records)
        fault("the number of records differs", at);
}

static void
check_kernel(struct om_plain *plain, const char *bytes, size_t length, size_t chunk, bool quoted)
{
    at_hand.bytes = bytes;
    at_hand.length = length;
    at_hand.kernel = plain->kernels->name;
    at_hand.quoted = quoted;
    plain->quoted = quoted ? 1 + length % 3 : 0;
    check_reading(plain, bytes, length, chunk);
}

/* --- every short text ----------------------------------------------------------------------------------- */

/* Text that begins right behind memory that cannot be read, or ends right before. */
static char *guarded_start, *guarded_end;

static void
make_guarded(void)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    char *memory = mmap(NULL, TEXT + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_true(memory != MAP_FAILED);
    assert_int_equal(mprotect(memory + page, TEXT, PROT_READ | PROT_WRITE), 0);
    guarded_start = memory + page;
    guarded_end = guarded_start + TEXT;
}

static size_t
append(char *to, size_t length, const char *text, size_t n)
{
    memcpy(to + length, text, n);
    return length + n;
}

/* A plain record of n bytes. */
static size_t
append_filler(char *to, size_t length, size_t n)
{
    assert_true(n >= 6);
    memset(to + length, 'p', n - 5);
    return append(to, length + n - 5, ",1,2\n", 5);
}

/* A text at hand: `middle` in column c of the record that starts at byte `start`. Returns its length. */
static size_t
compose(char *to, const char *middle, size_t n, unsigned c, bool in_quotes, size_t start, bool long_end)
{
    size_t length = start ? append_filler(to, 0, start) : 0;
    for (unsigned k = 0; k < COLUMNS; k++) {
        length = append(to, length, ",", k > 0);
        length = append(to, length, "\"", k == c && in_quotes);
        length = append(to, length, k == c ? middle : "7", k == c ? n : 1);
        length = append(to, length, "\"", k == c && in_quotes);
    }
    length = append(to, length, "\n1,NA,\n", 7);
    if (long_end)
        length = append_filler(to, length, 90);
    return append(to, length, "2,3", 3);
}

enum { MOST = 8, SHIFTS = 10 };

/* Where the record at hand starts, so that `middle` lies across the edge of a block. */
static size_t
start_of(unsigned shift, size_t turn)
{
    return shift == 0 ? 0 : 64 * (1 + turn % 3) - shift - (turn / 3) % 3;
}

static void
check_middle(const char *middle, size_t n, unsigned c, bool in_quotes, unsigned shift, size_t turn, bool all)
{
    char composed[512];
    size_t length = compose(composed, middle, n, c, in_quotes, start_of(shift, turn), turn & 1);
    char *bytes = turn & 2 ? guarded_start : guarded_end - length;
    memcpy(bytes, composed, length);
    oracle_read(&oracle, bytes, length, with.delimiter);
    for (size_t i = 0; i < with.n; i++)
        for (unsigned quoted = 0; quoted < 2; quoted++)
            if (all || (turn + i) % 2 == quoted)
                check_kernel(&with.plain[i], bytes, length, length, quoted);
}

/* All texts of n bytes of an alphabet, in every column, in quotes and not. */
static void
check_all_middles(const char *alphabet, size_t letters, size_t n, bool everywhere)
{
    size_t many = 1;
    for (size_t k = 0; k < n; k++)
        many *= letters;
    for (size_t i = 0; i < many; i++) {
        char middle[MOST];
        for (size_t k = 0, rest = i; k < n; k++, rest /= letters)
            middle[k] = alphabet[rest % letters];
        for (unsigned c = 0; c < COLUMNS; c++)
            for (unsigned q = 0; q < 2; q++)
                for (unsigned shift = everywhere ? 0 : i % SHIFTS; shift < SHIFTS;
                     shift += everywhere ? 1 : SHIFTS)
                    check_middle(middle, n, c, q, shift, i + shift, n < 4);
    }
}

static const char alphabet[] = {',', '"', '\n', '\r', ' ', 'N', 'A', '1', 'x'};
static const char rare[] = {',', '"', '\n', '\r', '\t', '\0', '\x01', '\xff', '\x80', '\x7f', '!', 'N', 'A'};

static void
every_short_text_reads_as_libcsv_does(void **state)
{
    (void)state;
    start_kernels(',', COLUMNS);
    size_t longest = thorough ? 6 : 5;
    for (size_t n = 0; n <= longest; n++)
        check_all_middles(alphabet, sizeof alphabet, n, n < longest);
    stop_kernels();
}

static void
every_short_text_of_rare_bytes_reads_as_libcsv_does(void **state)
{
    (void)state;
    start_kernels(',', COLUMNS);
    size_t longest = thorough ? 5 : 4;
    for (size_t n = 0; n <= longest; n++)
        check_all_middles(rare, sizeof rare, n, n < longest);
    stop_kernels();
}

/* The delimiter may be a blank, a letter of NA, a byte beyond ASCII. */
static void
every_short_text_reads_as_libcsv_does_with_any_delimiter(void **state)
{
    static const char delimiters[] = {';', '\t', ' ', 'N', 'A', '\xff', '\0'};
    (void)state;
    for (size_t d = 0; d < sizeof delimiters; d++) {
        const char letters[] = {delimiters[d], '"', '\n', '\r', ' ', '\t', 'N', 'A', '1'};
        start_kernels(delimiters[d], COLUMNS);
        for (size_t n = 0; n <= 4; n++)
            check_all_middles(letters, sizeof letters, n, n < 4 && (n < 3 || thorough));
        stop_kernels();
    }
}

/* With one column an empty line is not a record of one empty field. */
static void
a_panel_of_one_column_reads_as_libcsv_does(void **state)
{
    (void)state;
    start_kernels(',', 1);
    for (size_t n = 0; n <= 4; n++)
        check_all_middles(alphabet, sizeof alphabet, n, n < 4);
    stop_kernels();
}

/* Pieces of every size, so that every text is cut at every place. */
static void
short_texts_cut_anywhere_read_as_libcsv_does(void **state)
{
    char bytes[512], middle[MOST];
    size_t longest = thorough ? 5 : 4;
    (void)state;
    start_kernels(',', COLUMNS);
    for (size_t i = 0, many = 1, n = 0; n <= longest; many *= sizeof alphabet, i = 0, n++)
        for (; i < many; i++) {
            for (size_t k = 0, rest = i; k < n; k++, rest /= sizeof alphabet)
                middle[k] = alphabet[rest % sizeof alphabet];
            size_t start = i % 2 ? 60 : 0;
            size_t length = compose(bytes, middle, n, i % COLUMNS, i % 4 > 1, start, false);
            oracle_read(&oracle, bytes, length, ',');
            for (size_t cut = start; cut < length; cut++)
                check_kernel(&with.plain[(i + cut) % with.n], bytes, length, cut ? cut : 1, i % 3 == 0);
        }
    stop_kernels();
}

/* --- long texts ----------------------------------------------------------------------------------------- */

/* splitmix64: the same texts on every run. */
static uint64_t
next_random(uint64_t *state)
{
    uint64_t z = (*state += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

/* A record; `wild` of 256 fields and line ends are of the kinds that real panels seldom have. */
static size_t
random_record(char *to, size_t n_fields, uint64_t wild, uint64_t *seed)
{
    static const char *const usual[] = {"0",       "1",          "2", "3",     "",       "NA",
                                        "p000123", "2024-01-31", "3", "\"4\"", "\"NA\"", "\"\""};
    static const char *const seldom[] = {"\"a,b\"", " 1",     "2 ", "\"x\"\"y\"", "a\"b",     "\"u\nv\"",
                                         " \"q\"",  "\"q\" ", ",",  "\t",         "\xc3\xa9", "\"s\r\nt\""};
    static const char *const ends[] = {"\r\n", "\n\n", " \t\n", "\r", "\r\n\r\n", "\n \n"};
    size_t length = 0;
    for (size_t k = 0; k < n_fields; k++) {
        uint64_t draw = next_random(seed);
        bool is_wild = (draw >> 32 & 0xff) < wild;
        const char *text = is_wild ? seldom[draw % 12] : usual[draw % (wild ? 12 : 9)];
        length = append(to, length, ",", k > 0);
        length = append(to, length, text, strlen(text));
    }
    uint64_t draw = next_random(seed);
    const char *end = (draw >> 32 & 0xff) < wild ? ends[draw % 6] : "\n";
    return append(to, length, end, strlen(end));
}

static size_t
random_text(char *to, size_t room, size_t n_fields, uint64_t wild, uint64_t *seed)
{
    size_t length = 0;
    while (length + 16 * n_fields + 16 < room)
        length += random_record(to + length, n_fields + (next_random(seed) % 256 < wild), wild, seed);
    return length;
}

static void
long_texts_read_as_libcsv_does(void **state)
{
    static const uint64_t wildness[] = {0, 0, 1, 1, 4, 32, 200};
    uint64_t seed = 19690720;
    (void)state;
    start_kernels(',', COLUMNS);
    for (size_t i = 0; i < (thorough ? 4000 : 100); i++) {
        size_t room = 512 + next_random(&seed) % (i % 4 ? 4096 : TEXT - 512);
        size_t length = random_text(guarded_start, room, COLUMNS, wildness[i % 7], &seed);
        char *bytes = i % 2 ? guarded_start : guarded_end - length;
        memmove(bytes, guarded_start, length);
        oracle_read(&oracle, bytes, length, ',');
        for (size_t k = 0; k < with.n; k++)
            for (unsigned quoted = 0; quoted < 2; quoted++) {
                check_kernel(&with.plain[k], bytes, length, length, quoted);
                check_kernel(&with.plain[k], bytes, length, 100 + next_random(&seed) % (2 * room), quoted);
            }
    }
    stop_kernels();
}

/* Delimiters and line ends only, and records of many lengths: every number of ends in a block. */
static void
dense_texts_read_as_libcsv_does(void **state)
{
    static const char few[] = {',', '\n', '\n', '1'};
    uint64_t seed = 1;
    (void)state;
    start_kernels(',', COLUMNS);
    for (size_t i = 0; i < 300; i++) {
        size_t length = next_random(&seed) % (i % 50 ? 600 : 2 * OM_PLAIN_WINDOW + 600);
        char *bytes = guarded_end - length;
        for (size_t k = 0; k < length; k++)
            bytes[k] = i % 10 == 0 ? few[i / 10 % 4] : few[next_random(&seed) % 4];
        oracle_read(&oracle, bytes, length, ',');
        for (size_t k = 0; k < with.n; k++)
            for (unsigned quoted = 0; quoted < 2; quoted++)
                check_kernel(&with.plain[k], bytes, length, length, quoted);
    }
    stop_kernels();
}

/* Many blocks in one quoted field, full of what would be fields outside it. */
static void
long_quoted_fields_read_as_libcsv_does(void **state)
{
    char *bytes = guarded_start;
    (void)state;
    start_kernels(',', COLUMNS);
    for (size_t n = 1; n < 3000; n += 13) {
        size_t length = append_filler(bytes, 0, 6 + n % 80);
        length = append(bytes, length, "\"", 1);
        for (size_t k = 0; k < n; k++)
            bytes[length++] = k % 2 ? ',' : '1';
        length = append(bytes, length, "\",\"2\",3\n", 8);
        length = append_filler(bytes, length, 300 + n % 64);
        length = append(bytes, length, "4,\"5\",6\n", 8);
        oracle_read(&oracle, bytes, length, ',');
        assert_int_equal(oracle.n_records, 4);
        for (size_t k = 0; k < with.n; k++)
            for (unsigned quoted = 0; quoted < 2; quoted++)
                check_kernel(&with.plain[k], bytes, length, length, quoted);
    }
    stop_kernels();
}

/* --- limits --------------------------------------------------------------------------------------------- */

static void
a_record_longer_than_the_window_is_left_to_libcsv(void **state)
{
    (void)state;
    start_kernels(',', COLUMNS);
    for (size_t k = 0; k < with.n; k++)
        for (size_t more = 0; more < 2; more++)
            for (unsigned quoted = 0; quoted < 2; quoted++) {
                struct om_plain *plain = &with.plain[k];
                size_t length = append_filler(guarded_start, 0, OM_PLAIN_WINDOW + more);
                length = append_filler(guarded_start, length, 50);
                oracle_read(&oracle, guarded_start, length, ',');
                check_kernel(plain, guarded_start, length, length, quoted);
                plain->quoted = 0;
                enum om_plain_end end = om_plain_scan(plain, guarded_start, length);
                assert_int_equal(end, more ? OM_PLAIN_STOPPED : OM_PLAIN_MORE);
                assert_int_equal(plain->n_rows, more ? 0 : 1);
            }
    stop_kernels();
}

static void
fields_can_be_asked_for_one_by_one(void **state)
{
    static const char text[] = "a,b\n\n  id , \"x\"\n\"7\",\" y \",\r\n , 4 ,\"\"\n";
    struct om_plain plain;
    struct om_error err;
    (void)state;
    assert_ok(om_plain_init(&plain, ',', 3, om_kernels_active(), &err));
    assert_int_equal(om_plain_scan(&plain, text, 5), OM_PLAIN_STARVED);
    assert_int_equal(plain.n_rows, 2);
    assert_int_equal(plain.verdict[0], OM_ROW_RAGGED);
    assert_int_equal(plain.verdict[1], OM_ROW_BLANK);
    size_t last = 16;
    assert_int_equal(om_plain_scan(&plain, text + last, sizeof text - 1 - last), OM_PLAIN_STARVED);
    assert_int_equal(plain.n_plain, 2);
    static const char *const expected[2][3] = {{"7", " y ", ""}, {"", "4", ""}};
    for (size_t r = 0; r < 2; r++)
        for (size_t k = 0; k < 3; k++) {
            struct om_field got = om_plain_field(&plain, r, k);
            assert_int_equal(got.length, strlen(expected[r][k]));
            assert_memory_equal(got.data, expected[r][k], got.length);
            assert_int_equal(got.quoted, (r == 0 && k < 2) || (r == 1 && k == 2));
        }
    om_plain_release(&plain);
}

static void
no_memory_is_an_error(void **state)
{
    size_t live = om_memory_live();
    struct om_plain plain;
    struct om_error err;
    om_status status = OM_ERR_NOMEM;
    (void)state;
    for (size_t k = 0; status != OM_OK; k++) {
        om_memory_fail_at(k);
        status = om_plain_init(&plain, ',', 3, om_kernels_active(), &err);
        om_memory_fail_at((size_t)-1);
        assert_true(status == OM_OK || (status == OM_ERR_NOMEM && om_memory_live() == live));
        assert_true(k < 10);
    }
    om_plain_release(&plain);
    assert_int_equal(om_memory_live(), live);
}

int
main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_short_text_reads_as_libcsv_does),
        cmocka_unit_test(every_short_text_of_rare_bytes_reads_as_libcsv_does),
        cmocka_unit_test(every_short_text_reads_as_libcsv_does_with_any_delimiter),
        cmocka_unit_test(a_panel_of_one_column_reads_as_libcsv_does),
        cmocka_unit_test(short_texts_cut_anywhere_read_as_libcsv_does),
        cmocka_unit_test(long_texts_read_as_libcsv_does),
        cmocka_unit_test(dense_texts_read_as_libcsv_does),
        cmocka_unit_test(long_quoted_fields_read_as_libcsv_does),
        cmocka_unit_test(a_record_longer_than_the_window_is_left_to_libcsv),
        cmocka_unit_test(fields_can_be_asked_for_one_by_one),
        cmocka_unit_test(no_memory_is_an_error),
    };
    thorough = argc > 1 && strcmp(argv[1], "thorough") == 0;
    oracle_init(&oracle, TEXT + 1);
    for (size_t k = 0; k < COLUMNS; k++)
        assert_non_null(column[k] = malloc((OM_PLAIN_WINDOW + 1) * sizeof *column[k]));
    make_guarded();
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    for (size_t k = 0; k < COLUMNS; k++)
        free(column[k]);
    oracle_release(&oracle);
    return failed;
}
