#include "headers.h"

#include "base/memory.h"
#include "panel/decode.h"

/* Settings as a study would hold them. */
static struct om_panel_token tokens[8];
static struct om_panel_recode recodes[8];

static struct om_panel_token
token_of(const char *column, const char *text, uint8_t code)
{
    return (struct om_panel_token){
        .column = (char *)(uintptr_t)column, .text = (char *)(uintptr_t)text, .code = code};
}

static struct om_panel_recode
recode_of(const char *column, const char *text, int code)
{
    return (struct om_panel_recode){
        .column = (char *)(uintptr_t)column, .text = (char *)(uintptr_t)text, .code = code};
}

static const struct om_naming *
naming_of(const struct om_instrument *instrument, const char *name)
{
    for (size_t i = 0; i < instrument->n_namings; i++)
        if (strcmp(instrument->naming[i].name, name) == 0)
            return &instrument->naming[i];
    fail_msg("no code book %s", name);
    return NULL;
}

static struct om_decoder
decoder_of(const char *instrument, const char *column, const char *naming, const struct om_panel_spec *spec)
{
    static const struct om_panel_spec nothing;
    const struct om_instrument *found = om_registry_find(registry, instrument);
    struct om_decoder decoder;
    struct om_error err;
    assert_non_null(found);
    assert_ok(om_decoder_init(&decoder, found, column, naming ? naming_of(found, naming) : NULL,
                              spec ? spec : &nothing, &err));
    return decoder;
}

/* A cell and what it must come to: a code, or OM_CODE_INVALID with a fault. */
struct cell {
    const char *text;
    size_t length; /* 0 = strlen */
    uint8_t code;
    enum om_cell_fault fault;
};

static void
assert_cells(const struct om_decoder *decoder, const struct cell *cell, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        enum om_cell_fault fault = OM_CELL_FINE;
        size_t length = cell[i].length ? cell[i].length : strlen(cell[i].text);
        uint8_t code = om_decode(decoder, cell[i].text, length, &fault);
        if (code != cell[i].code || fault != cell[i].fault)
            fail_msg("'%s' is %d (fault %d), not %d (fault %d)", cell[i].text, code, fault, cell[i].code,
                     cell[i].fault);
    }
}
#define ASSERT_CELLS(decoder, ...)                                                                           \
    do {                                                                                                     \
        const struct cell cells_[] = {__VA_ARGS__};                                                          \
        assert_cells((decoder), cells_, sizeof cells_ / sizeof cells_[0]);                                   \
    } while (0)
#define IS(text, code)                                                                                       \
    {                                                                                                        \
        (text), 0, (code), OM_CELL_FINE                                                                      \
    }
#define FAULTY(text, fault)                                                                                  \
    {                                                                                                        \
        (text), 0, OM_CODE_INVALID, (fault)                                                                  \
    }

/* --- one cell at a time
 * --------------------------------------------------------------------------------------- */

static void
test_answers(void **state)
{
    (void)state;
    struct om_decoder decoder = decoder_of("phq9", "phq9_1", NULL, NULL);
    ASSERT_CELLS(&decoder, IS("0", 0), IS("1", 1), IS("2", 2), IS("3", 3), IS("3.0", 3), IS(" 3 ", 3),
                 IS("\t2", 2), IS("03", 3), IS("0003.000", 3), IS("-0", 0), IS("not at all", 0),
                 IS("Not At All", 0), IS(" SEVERAL DAYS ", 1), IS("More than half the days", 2),
                 IS("More than half", 2), IS("Nearly every day", 3), IS("Almost every day", 3));
    om_decoder_release(&decoder);
}

static void
test_no_answer_is_not_zero(void **state)
{
    (void)state;
    struct om_decoder decoder = decoder_of("phq9", "phq9_1", NULL, NULL);
    ASSERT_CELLS(&decoder, IS("", OM_CODE_BLANK), IS(" ", OM_CODE_BLANK), IS(" \t ", OM_CODE_BLANK),
                 IS("NA", OM_CODE_BLANK), IS("na", OM_CODE_BLANK), IS("N/A", OM_CODE_BLANK),
                 IS(" Na ", OM_CODE_BLANK));
    enum om_cell_fault fault;
    assert_int_equal(om_decode(&decoder, NULL, 0, &fault), OM_CODE_BLANK);
    om_decoder_release(&decoder);
}

static void
test_what_is_no_answer_and_why(void **state)
{
    (void)state;
    struct om_decoder decoder = decoder_of("phq9", "phq9_1", NULL, NULL);
    ASSERT_CELLS(
        &decoder, FAULTY("4", OM_CELL_OUT_OF_RANGE), FAULTY("07", OM_CELL_OUT_OF_RANGE),
        FAULTY("63", OM_CELL_OUT_OF_RANGE), FAULTY("256", OM_CELL_OUT_OF_RANGE),
        FAULTY("128", OM_CELL_OUT_OF_RANGE), FAULTY("2147483647", OM_CELL_OUT_OF_RANGE),
        FAULTY("-1", OM_CELL_SENTINEL), FAULTY("-9", OM_CELL_SENTINEL), FAULTY("99", OM_CELL_SENTINEL),
        FAULTY("999", OM_CELL_SENTINEL), FAULTY("77.0", OM_CELL_SENTINEL),
        FAULTY("2147483648", OM_CELL_OVERFLOW), FAULTY("4294967297", OM_CELL_OVERFLOW),
        FAULTY("12345678901234567890", OM_CELL_OVERFLOW), FAULTY("-12345678901234567890", OM_CELL_OVERFLOW),
        FAULTY("18446744073709551617", OM_CELL_OVERFLOW), FAULTY("1e400", OM_CELL_OVERFLOW),
        FAULTY("1e0", OM_CELL_OVERFLOW), FAULTY("inf", OM_CELL_OVERFLOW),
        FAULTY("-Infinity", OM_CELL_OVERFLOW), FAULTY("NaN", OM_CELL_OVERFLOW),
        FAULTY("+3", OM_CELL_NOT_INTEGER), FAULTY("3.", OM_CELL_NOT_INTEGER),
        FAULTY(".0", OM_CELL_NOT_INTEGER), FAULTY("1.5", OM_CELL_NOT_INTEGER),
        FAULTY("2.000001", OM_CELL_NOT_INTEGER), FAULTY("2.0.0", OM_CELL_NOT_INTEGER),
        FAULTY("2,0", OM_CELL_NOT_INTEGER), FAULTY("0x2", OM_CELL_NOT_INTEGER),
        FAULTY("TRUE", OM_CELL_NOT_INTEGER), FAULTY("=1+1", OM_CELL_NOT_INTEGER),
        FAULTY("1 2", OM_CELL_NOT_INTEGER), FAULTY("- 1", OM_CELL_NOT_INTEGER),
        FAULTY("-", OM_CELL_NOT_INTEGER), FAULTY("--1", OM_CELL_NOT_INTEGER),
        FAULTY("1-", OM_CELL_NOT_INTEGER), FAULTY("\xef\xbc\x92", OM_CELL_NOT_INTEGER), /* full-width 2 */
        FAULTY("2\xc2\xa0", OM_CELL_NOT_INTEGER),                                       /* no-break space */
        FAULTY("\xc2\xa0", OM_CELL_NOT_INTEGER), FAULTY("\xff", OM_CELL_ENCODING),
        FAULTY("\v2", OM_CELL_NOT_INTEGER), FAULTY("2\n", OM_CELL_NOT_INTEGER),
        FAULTY("Not at al", OM_CELL_NOT_INTEGER), FAULTY("Not at all.", OM_CELL_NOT_INTEGER),
        FAULTY("PHQ9_1", OM_CELL_HEADER), FAULTY(" phq9_1 ", OM_CELL_HEADER),
        FAULTY("phq9_2", OM_CELL_NOT_INTEGER), {"2\0", 2, OM_CODE_INVALID, OM_CELL_NUL},
        {"\0", 1, OM_CODE_INVALID, OM_CELL_NUL}, {"\0002", 2, OM_CODE_INVALID, OM_CELL_NUL},
        {"NA\0", 3, OM_CODE_INVALID, OM_CELL_NUL});
    om_decoder_release(&decoder);
}

/* Where the instrument offers "does not apply", NA is that answer and the empty cell is not. */
static void
test_does_not_apply(void **state)
{
    (void)state;
    struct om_decoder decoder = decoder_of("bipf", "bipf_1", NULL, NULL);
    ASSERT_CELLS(&decoder, IS("NA", OM_CODE_NA), IS("n/a", OM_CODE_NA), IS("Does not apply", OM_CODE_NA),
                 IS("", OM_CODE_BLANK), IS(" ", OM_CODE_BLANK), IS("6", 6), FAULTY("7", OM_CELL_OUT_OF_RANGE),
                 FAULTY("N\\A", OM_CELL_NOT_INTEGER));
    om_decoder_release(&decoder);
    tokens[0] = token_of(NULL, "", OM_CODE_NA); /* the empty cell too, if the study says so */
    struct om_panel_spec spec = {.token = tokens, .n_tokens = 1};
    decoder = decoder_of("bipf", "bipf_1", NULL, &spec);
    ASSERT_CELLS(&decoder, IS("", OM_CODE_NA), IS("  ", OM_CODE_NA), IS("NA", OM_CODE_NA), IS("0", 0));
    om_decoder_release(&decoder);
}

/* --- settings
 * ------------------------------------------------------------------------------------------------- */

static void
test_code_book(void **state)
{
    (void)state;
    struct om_decoder decoder = decoder_of("phq9", "DPQ010", "NHANES", NULL);
    ASSERT_CELLS(&decoder, IS("7", OM_CODE_DECLINED), IS("9", OM_CODE_DECLINED), IS("07", OM_CODE_DECLINED),
                 IS("9.0", OM_CODE_DECLINED), IS("3", 3), IS("", OM_CODE_BLANK),
                 FAULTY("8", OM_CELL_OUT_OF_RANGE), FAULTY("77", OM_CELL_SENTINEL));
    om_decoder_release(&decoder);
    tokens[0] =
        token_of("phq9", "7", OM_CODE_BLANK); /* the study's word counts for more than the code book's */
    struct om_panel_spec spec = {.token = tokens, .n_tokens = 1};
    decoder = decoder_of("phq9", "DPQ010", "NHANES", &spec);
    ASSERT_CELLS(&decoder, IS("7", OM_CODE_BLANK), IS("9", OM_CODE_DECLINED));
    om_decoder_release(&decoder);
}

static void
test_tokens_and_whom_they_concern(void **state)
{
    (void)state;
    tokens[0] = token_of(NULL, "99", OM_CODE_BLANK);
    tokens[1] = token_of("phq9", "-8", OM_CODE_DECLINED);
    tokens[2] = token_of("PHQ9_2", "0", OM_CODE_NA);
    tokens[3] = token_of("gad7", "3", OM_CODE_BLANK);
    tokens[4] = token_of(NULL, "no reply", OM_CODE_BLANK);
    struct om_panel_spec spec = {.token = tokens, .n_tokens = 5};
    struct om_decoder decoder = decoder_of("phq9", "phq9_1", NULL, &spec);
    ASSERT_CELLS(&decoder, IS("99", OM_CODE_BLANK), IS("99.0", OM_CODE_BLANK), IS("-8", OM_CODE_DECLINED),
                 IS("0", 0), IS("3", 3), IS("No Reply", OM_CODE_BLANK), FAULTY("-9", OM_CELL_SENTINEL));
    om_decoder_release(&decoder);
    decoder = decoder_of("phq9", "phq9_2", NULL, &spec);
    ASSERT_CELLS(&decoder, IS("0", OM_CODE_NA), IS("-0", OM_CODE_NA), IS("00", OM_CODE_NA), IS("1", 1));
    om_decoder_release(&decoder);
    decoder = decoder_of("gad7", "gad7_1", NULL, &spec);
    ASSERT_CELLS(&decoder, IS("3", OM_CODE_BLANK), IS("99", OM_CODE_BLANK), FAULTY("-8", OM_CELL_SENTINEL));
    om_decoder_release(&decoder);
}

/* 1-4 for 0-3: what is not on the list is no answer, least of all the 0 that would pass as one. */
static void
test_recoded_numbers(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++) {
        static const char *const from[] = {"1", "2", "3", "4"};
        recodes[i] = recode_of("phq9", from[i], i);
    }
    struct om_panel_spec spec = {.recode = recodes, .n_recodes = 4};
    struct om_decoder decoder = decoder_of("phq9", "phq9_1", NULL, &spec);
    ASSERT_CELLS(&decoder, IS("1", 0), IS("2", 1), IS("3", 2), IS("4", 3), IS("4.0", 3), IS("01", 0),
                 FAULTY("0", OM_CELL_OUT_OF_RANGE), FAULTY("5", OM_CELL_OUT_OF_RANGE), IS("", OM_CODE_BLANK),
                 IS("several days", 1));
    om_decoder_release(&decoder);
    decoder = decoder_of("gad7", "gad7_1", NULL, &spec);
    ASSERT_CELLS(&decoder, IS("0", 0), IS("3", 3), FAULTY("4", OM_CELL_OUT_OF_RANGE));
    om_decoder_release(&decoder);
}

/* Words only: numbers keep their meaning. */
static void
test_recoded_words(void **state)
{
    (void)state;
    recodes[0] = recode_of("phq9_1", "never", 0);
    recodes[1] = recode_of("phq9_1", "always", 3);
    struct om_panel_spec spec = {.recode = recodes, .n_recodes = 2};
    struct om_decoder decoder = decoder_of("phq9", "phq9_1", NULL, &spec);
    ASSERT_CELLS(&decoder, IS("Never", 0), IS("ALWAYS", 3), IS("2", 2), IS("0", 0),
                 FAULTY("sometimes", OM_CELL_NOT_INTEGER));
    om_decoder_release(&decoder);
    decoder = decoder_of("phq9", "phq9_2", NULL, &spec);
    ASSERT_CELLS(&decoder, FAULTY("never", OM_CELL_NOT_INTEGER));
    om_decoder_release(&decoder);
}

/* --- every cell of one and two bytes
 * ---------------------------------------------------------------------------- */

/* The rule, said again without the decoder: blanks off, then nothing and NA, then [-]digits[.zeros]. */
static uint8_t
expected(const char *text, size_t n, int highest, uint8_t na)
{
    while (n && (*text == ' ' || *text == '\t')) {
        text++;
        n--;
    }
    while (n && (text[n - 1] == ' ' || text[n - 1] == '\t'))
        n--;
    if (n == 0)
        return OM_CODE_BLANK;
    if (n == 2 && (text[0] | 0x20) == 'n' && (text[1] | 0x20) == 'a')
        return na;
    if (n == 3 && (text[0] | 0x20) == 'n' && text[1] == '/' && (text[2] | 0x20) == 'a')
        return na;
    long value = 0;
    size_t i = text[0] == '-';
    size_t digits = i;
    for (; i < n && text[i] >= '0' && text[i] <= '9'; i++)
        value = 10 * value + (text[i] - '0');
    if (i == digits)
        return OM_CODE_INVALID;
    if (i < n && (text[i] != '.' || i + 1 == n))
        return OM_CODE_INVALID;
    for (i++; i < n; i++)
        if (text[i] != '0')
            return OM_CODE_INVALID;
    if (text[0] == '-' && value != 0)
        return OM_CODE_INVALID;
    return value <= highest ? (uint8_t)value : OM_CODE_INVALID;
}

static void
assert_rule(const struct om_decoder *decoder, const char *text, size_t n, int highest, uint8_t na)
{
    enum om_cell_fault fault = OM_CELL_FINE;
    uint8_t got = om_decode(decoder, text, n, &fault), want = expected(text, n, highest, na);
    if (got != want || (got == OM_CODE_INVALID) != (fault != OM_CELL_FINE))
        fail_msg("%02x %02x %02x is %d (fault %d), not %d", (unsigned char)text[0],
                 n > 1 ? (unsigned char)text[1] : 0, n > 2 ? (unsigned char)text[2] : 0, got, fault, want);
}

static void
test_every_short_cell(void **state)
{
    (void)state;
    static const struct {
        const char *instrument, *column;
        int highest;
        uint8_t na;
    } cases[] = {{"phq9", "phq9_1", 3, OM_CODE_BLANK},
                 {"pcl5", "pcl5_1", 4, OM_CODE_BLANK},
                 {"bipf", "bipf_1", 6, OM_CODE_NA}};
    static const char some[] = "0123456789.+-eExXnNaA/ \t,\xc2\xa0iI";
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        struct om_decoder decoder = decoder_of(cases[c].instrument, cases[c].column, NULL, NULL);
        for (int a = 0; a < 256; a++) {
            char text[3] = {(char)a};
            assert_rule(&decoder, text, 1, cases[c].highest, cases[c].na);
            for (int b = 0; b < 256; b++) {
                text[1] = (char)b;
                assert_rule(&decoder, text, 2, cases[c].highest, cases[c].na);
            }
        }
        for (size_t i = 0; i < sizeof some; i++) /* the NUL at the end too */
            for (size_t j = 0; j < sizeof some; j++)
                for (size_t k = 0; k < sizeof some; k++) {
                    char text[3] = {some[i], some[j], some[k]};
                    assert_rule(&decoder, text, 3, cases[c].highest, cases[c].na);
                }
        om_decoder_release(&decoder);
    }
}

/* The table of one-byte cells is the slow way, byte by byte. */
static void
test_the_table_of_one_byte(void **state)
{
    (void)state;
    static const char *const texts[] = {"x", "Y", "-", "7", "\xe9", "no"};
    struct om_panel_spec spec = {.token = tokens};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        tokens[spec.n_tokens++] = token_of(NULL, texts[i], OM_CODE_DECLINED);
    struct om_decoder decoder = decoder_of("phq9", "phq9_1", NULL, &spec);
    for (int c = 0; c < 256; c++) {
        char text = (char)c;
        enum om_cell_fault fault;
        assert_int_equal(decoder.one[c], om_decode_slow(&decoder, &text, 1, &fault));
    }
    assert_int_equal(decoder.one['X'], OM_CODE_DECLINED);
    assert_int_equal(decoder.one['z'], OM_CODE_INVALID);
    om_decoder_release(&decoder);
}

static void
test_out_of_memory(void **state)
{
    (void)state;
    tokens[0] = token_of(NULL, "99", OM_CODE_BLANK);
    struct om_panel_spec spec = {.token = tokens, .n_tokens = 1};
    const struct om_instrument *phq9 = om_registry_find(registry, "phq9");
    size_t live = om_memory_live();
    om_status status = OM_ERR_NOMEM;
    for (size_t k = 0; k < 100 && status == OM_ERR_NOMEM; k++) {
        struct om_decoder decoder;
        struct om_error err;
        om_memory_fail_at(k);
        status = om_decoder_init(&decoder, phq9, "phq9_1", NULL, &spec, &err);
        om_memory_fail_at((size_t)-1);
        if (status == OM_OK)
            om_decoder_release(&decoder);
        assert_int_equal(om_memory_live(), live);
    }
    assert_int_equal(status, OM_OK);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_answers),
        cmocka_unit_test(test_no_answer_is_not_zero),
        cmocka_unit_test(test_what_is_no_answer_and_why),
        cmocka_unit_test(test_does_not_apply),
        cmocka_unit_test(test_code_book),
        cmocka_unit_test(test_tokens_and_whom_they_concern),
        cmocka_unit_test(test_recoded_numbers),
        cmocka_unit_test(test_recoded_words),
        cmocka_unit_test(test_every_short_cell),
        cmocka_unit_test(test_the_table_of_one_byte),
        cmocka_unit_test(test_out_of_memory),
    };
    return cmocka_run_group_tests(tests, make_registry, free_registry);
}
