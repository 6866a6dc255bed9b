/*
 * What is found in a panel: every code by a file that has the fault and by one that nearly has; the same
 * findings however the file is cut and whoever reads it; nothing about anybody unless it is asked for.
 */
#include "studies.h"
#include "analysis/study.h"
#include "base/buffer.h"
#include "base/memory.h"

#include <omstat/findings_report.h>

#define ITEMS          "phq1,phq2,phq3,phq4,phq5,phq6,phq7,phq8,phq9"
#define HEADER         "id,visit," ITEMS "\n"
#define ROW(id, visit) id "," visit ",0,1,2,3,0,1,2,3,0\n"
#define FINE           ROW("P1", "0") ROW("P1", "1")

/* One of a few files, with new content. */
static const char *
file_with(size_t which, const char *bytes, size_t length)
{
    static const char *path[4];
    if (!path[which])
        path[which] = temporary_file(".csv", "", 0);
    FILE *file = fopen(path[which], "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
    return path[which];
}

struct checked {
    struct om_study *study;
    struct om_validation *validation;
    om_status status;
    struct om_error err;
};

static struct checked
check_settings(const char *path, const char *const *setting)
{
    struct checked c = {0};
    c.status = om_study_new(&c.study, &c.err);
    for (size_t i = 0; setting[i] && c.status == OM_OK; i += 2)
        c.status = om_study_set(c.study, setting[i], setting[i + 1], &c.err);
    if (c.status == OM_OK)
        c.status = om_study_add_input(c.study, path, &c.err);
    if (c.status == OM_OK)
        c.status = om_validate(c.study, NULL, &c.validation, &c.err);
    return c;
}
#define CHECK(path, ...) check_settings(path, (const char *const[]){__VA_ARGS__ __VA_OPT__(, ) NULL})

static void
done(struct checked *c)
{
    om_validation_free(c->validation);
    om_study_free(c->study);
    *c = (struct checked){0};
}

/* "OM132 error 3 phq2; OM111 warning 1": code, severity, count, column of every group. */
static const char *
summary(const struct checked *c)
{
    static char text[2048];
    size_t used = 0;
    text[0] = '\0';
    if (c->status != OM_OK)
        fail_msg("%s (%s)", c->err.message, c->err.hint);
    const struct om_findings *findings = c->validation->findings;
    for (size_t i = 0; i < om_findings_groups(findings) && used < sizeof text; i++) {
        const struct om_finding_group *group = om_findings_group(findings, i);
        const struct om_finding *first = &group->first[0];
        used +=
            (size_t)snprintf(text + used, sizeof text - used, "%sOM%d %s %llu%s%s", i ? "; " : "",
                             first->code, om_severity_name(first->severity), (unsigned long long)group->count,
                             first->column[0] ? " " : "", first->column);
    }
    return text;
}

static void
assert_summary(struct checked c, const char *what, const char *expected)
{
    if (strcmp(summary(&c), expected) != 0)
        fail_msg("%s: \"%s\", expected \"%s\"", what, summary(&c), expected);
    done(&c);
}

/* --- panels with one fault each ------------------------------------------------------------------------- */

static const struct {
    const char *file, *expected;
    uint64_t line; /* of the first finding; 0 = of the file */
} faults[] = {
    {"00_clean.csv", "", 0},
    {"01_bom.csv", "OM102 note 1", 0},
    {"02_crlf.csv", "", 0},
    {"03_cr_only.csv", "", 0},
    {"04_mixed_eol.csv", "OM105 warning 1", 2},
    {"05_utf16le_bom.csv", "OM103 fatal 1", 1},
    {"06_latin1_id.csv", "OM101 warning 2 id", 12},
    {"07_badutf8_header.csv", "OM101 fatal 1", 1},
    {"08_nul_in_item.csv", "OM104 error 1 phq3", 7},
    {"09_nul_hole.csv", "OM104 error 1 id", 21},
    {"10_short_row.csv", "OM110 error 1", 9},
    {"11_long_row.csv", "OM110 error 1", 9},
    {"12_shifted_row.csv", "OM110 error 1", 9},
    {"13_blank_line.csv", "OM111 warning 1", 11},
    {"14_unclosed_quote_eof.csv", "OM112 error 1 phq9", 41},
    {"15_stray_open_quote.csv", "OM112 error 1 id", 12},
    {"16_quote_in_field.csv", "OM112 error 1 id", 12},
    {"17_missing_col.csv", "OM121 fatal 1", 1},
    {"18_dup_header.csv", "OM122 fatal 1", 1},
    {"19_decimal_comma.csv", "OM130 error 1 phq2", 5},
    {"20_float_int.csv", "", 0},
    {"21_lead_trail_ws.csv", "", 0},
    {"22_fullwidth_digit.csv", "OM130 error 1 phq2", 5},
    {"23_nbsp.csv", "OM130 error 1 phq2", 5},
    {"24_out_of_range.csv", "OM132 error 1 phq2", 5},
    {"25_sentinel_m9.csv", "OM133 error 1 phq2", 5},
    {"26_sentinel_99.csv", "OM133 error 1 phq2", 5},
    {"27_overflow20.csv", "OM131 error 1 phq2", 5},
    {"28_1e400.csv", "OM131 error 1 phq2", 5},
    {"29_inf.csv", "OM131 error 1 phq2", 5},
    {"30_nan.csv", "OM131 error 1 phq2", 5},
    {"31_hex.csv", "OM130 error 1 phq2", 5},
    {"32_true.csv", "OM130 error 1 phq2", 5},
    {"33_half.csv", "OM130 error 1 phq2", 5},
    {"34_dup_key.csv", "OM140 error 1 id", 7},
    {"35_semicolon.csv", "OM116 fatal 1", 1},
    {"36_tab.csv", "OM116 fatal 1", 1},
    {"37_trunc_last.csv", "OM114 error 1", 41},
    {"38_gz_ok.csv.gz", "", 0},
    {"39_gz_trunc.csv.gz", "OM150 fatal 1", 0},
    {"40_gz_badcrc.csv.gz", "OM150 fatal 1", 0},
    {"41_gz_two_members.csv.gz", "", 0},
    {"42_gz_trailing_garbage.csv.gz", "OM150 fatal 1", 0},
    {"43_header_only.csv", "OM120 error 1", 0},
    {"44_empty.csv", "OM120 fatal 1", 1},
    {"45_header_case_ws.csv", "OM121 warning 1", 1},
    {"46_trailing_delim.csv", "OM123 warning 40", 2},
    {"47_second_header.csv", "OM115 error 1", 21},
    {"48_sep_line.csv", "OM115 fatal 1", 1},
    {"49_formula_cell.csv", "OM130 error 1 phq2", 5},
    {"50_newline_in_quoted_id.csv", "", 0},
    {"51_ctrl_z.csv", "OM106 warning 1", 42},
    {"52_footer.csv", "OM115 error 1", 42},
    {"53_missing_key.csv", "OM141 error 1 id", 5},
    {"54_2mb_field.csv", "OM113 error 1 id", 5},
};
enum { FAULTS = sizeof faults / sizeof faults[0] };

/* The path of a panel; that with a field of 2 MB is made. Static storage. */
static const char *
fault_path(const char *name)
{
    static char path[256];
    if (strncmp(name, "54", 2) != 0) {
        snprintf(path, sizeof path, "tests/data/panel_faults/%s", name);
        return path;
    }
    struct om_buffer text = OM_BUFFER_EMPTY;
    om_buffer_text(&text, HEADER FINE ROW("P2", "0"));
    om_buffer_repeat(&text, "x", 2000000);
    om_buffer_text(&text, ",1,0,1,2,3,0,1,2,3,0\n" ROW("P3", "0"));
    const char *made = file_with(0, text.data, text.length);
    om_buffer_release(&text);
    return made;
}

static void
test_every_fault(void **state)
{
    (void)state;
    for (size_t i = 0; i < FAULTS; i++) {
        struct checked c = CHECK(fault_path(faults[i].file));
        const struct om_findings *findings = c.validation ? c.validation->findings : NULL;
        if (findings && om_findings_groups(findings))
            assert_int_equal(om_findings_group(findings, 0)->first[0].line, faults[i].line);
        assert_summary(c, faults[i].file, faults[i].expected);
    }
}

/* The reference collection says which panels have to be signalled. */
static void
test_the_collection(void **state)
{
    (void)state;
    if (!shared_path("panel_faults/cases.json"))
        skip();
    json_t *root = load_json(shared_path("panel_faults/cases.json")), *value;
    const char *name;
    size_t seen = 0;
    json_object_foreach(json_object_get(root, "cases"), name, value)
    {
        char path[128];
        snprintf(path, sizeof path, "panel_faults/%s", name);
        struct checked c = CHECK(shared_path(path));
        bool flag = strcmp(json_string_value(value), "flag") == 0;
        uint64_t n = om_findings_count(c.validation->findings, flag ? OM_WARNING : OM_BAD);
        if ((n > 0) != flag)
            fail_msg("%s: %s", name, summary(&c));
        done(&c);
        seen++;
    }
    assert_int_equal(seen, FAULTS);
    json_decref(root);
}

/* Each example of the catalogue has what it is an example of. */
static void
test_examples_of_the_catalogue(void **state)
{
    (void)state;
    size_t n, seen = 0;
    const struct om_catalogue_entry *entry = om_catalogue(&n);
    for (size_t i = 0; i < n; i++) {
        char wanted[16];
        if (!entry[i].example[0])
            continue;
        snprintf(wanted, sizeof wanted, "OM%d ", entry[i].code);
        struct checked c = CHECK(file_with(0, entry[i].example, strlen(entry[i].example)));
        if (!strstr(summary(&c), wanted))
            fail_msg("the example of %s: %s", wanted, summary(&c));
        seen++;
        done(&c);
    }
    assert_true(seen > 15);
}

/* --- faults, and what is nearly one --------------------------------------------------------------------- */

#define TEXT(text) text, sizeof text - 1

static const struct {
    const char *what, *bytes;
    size_t length;
    const char *expected;
} cases[] = {
    {"an id in UTF-8", TEXT(HEADER ROW("P\xc3\xa9", "0")), ""},
    {"an id in Latin-1", TEXT(HEADER ROW("P\xe9", "0")), "OM101 warning 1 id"},
    {"an occasion in Latin-1", TEXT(HEADER ROW("P", "\xe9t\xe9")), "OM101 warning 1 visit"},
    {"an answer that is no UTF-8", TEXT(HEADER "P,0,\xff,1,2,3,0,1,2,3,0\n"), "OM101 error 1 phq1"},
    {"an answer that is UTF-8, and none", TEXT(HEADER "P,0,\xc3\xa9,1,2,3,0,1,2,3,0\n"),
     "OM130 error 1 phq1"},
    {"a mark and nothing wrong", TEXT("\xef\xbb\xbf" HEADER FINE), "OM102 note 1"},
    {"a mark further on", TEXT(HEADER "\xef\xbb\xbf" FINE), ""},
    {"LF in a quoted field between CR LF", TEXT("id,visit," ITEMS "\r\n\"P\n1\",0,0,1,2,3,0,1,2,3,0\r\n"),
     ""},
    {"one CR LF", TEXT(HEADER "P1,0,0,1,2,3,0,1,2,3,0\r\n" ROW("P1", "1")), "OM105 warning 1"},
    {"one LF", TEXT("id,visit," ITEMS "\r\nP1,0,0,1,2,3,0,1,2,3,0\r\n" ROW("P1", "1")), "OM105 warning 1"},
    {"one CR", TEXT(HEADER "P1,0,0,1,2,3,0,1,2,3,0\r" ROW("P1", "1")), "OM105 warning 1"},
    {"Ctrl-Z and a line end", TEXT(HEADER FINE "\x1a\n"), "OM106 warning 1"},
    {"several Ctrl-Z", TEXT(HEADER FINE "\x1a\x1a\x1a"), "OM106 warning 1"},
    {"Ctrl-Z before the end", TEXT(HEADER "\x1a\n" FINE), "OM110 error 1"},
    {"Ctrl-Z and something", TEXT(HEADER FINE "\x1ax"), "OM114 error 1"},
    {"blank lines", TEXT("\n" HEADER "\n" FINE " \t\n\n"), "OM111 warning 4"},
    {"blank lines with CR", TEXT("id,visit," ITEMS "\r\rP1,0,0,1,2,3,0,1,2,3,0\r\r"), "OM111 warning 2"},
    {"empty fields", TEXT(HEADER "P1,0,,,,,,,,,\n"), ""},
    {"a blank line in quotes", TEXT(HEADER "\"P\n\n1\",0,0,1,2,3,0,1,2,3,0\n"), ""},
    {"a doubled quote", TEXT(HEADER "\"P\"\"1\",0,0,1,2,3,0,1,2,3,0\n"), ""},
    {"quotes and blanks around", TEXT(HEADER " \"P1\" ,0, \"0\" ,1,2,3,0,1,2,3,0\n"), ""},
    {"a quote in a plain field", TEXT(HEADER ROW("P\"1", "0")), "OM112 error 1 id"},
    {"text behind a quote", TEXT(HEADER "\"P\"1\",0,0,1,2,3,0,1,2,3,0\n"), "OM112 error 1 id"},
    {"text behind a quote and a blank", TEXT(HEADER "\"P\" 1\",0,0,1,2,3,0,1,2,3,0\n"), "OM112 error 1 id"},
    {"a quote behind a quote and a blank", TEXT(HEADER "\"P\" \"1\",0,0,1,2,3,0,1,2,3,0\n" FINE),
     "OM112 error 1 id"},
    {"a quote in a column that is not read", TEXT("note," HEADER "5\" tall,P1,0,0,1,2,3,0,1,2,3,0\n"),
     "OM112 error 1 note"},
    {"a quote that closes within another field",
     TEXT("note," HEADER "\"a,P1,0,0,1,2,3,0,1,2,3,0\nb,P1,1,0,1,2,3,0,1,2,3,0\n\"c\"," ROW("P2", "0")),
     "OM112 error 1 note"},
    {"a line end in quotes, as it should be",
     TEXT("note," HEADER "\"a,\n\"\"b\"\"\",P1,0,0,1,2,3,0,1,2,3,0\n"), ""},
    {"a quote that never closes", TEXT(HEADER ROW("P1", "0") "\"P1,1,0,1,2,3,0,1,2,3,0\n" ROW("P2", "0")),
     "OM112 error 1 id"},
    {"two of them",
     TEXT(HEADER "P1,0,0,1,2,3,0,1,2,3,\"0\nP1,1,0,1,2,3,0,1,2,3,0\nP2,0,0,1,2,3,0,1,2,\",0\n"),
     "OM110 error 1"}, /* the second quote closes the first */
    {"no line end", TEXT(HEADER "P1,0,0,1,2,3,0,1,2,3,0"), "OM114 warning 1"},
    {"no line end behind quotes", TEXT(HEADER "P1,0,0,1,2,3,0,1,2,3,\"0\""), "OM114 warning 1"},
    {"no line end, and cut", TEXT(HEADER "P1,0,0,1,2,3,0,1"), "OM114 error 1"},
    {"the header again", TEXT(HEADER FINE HEADER), "OM115 error 1"},
    {"a total", TEXT(HEADER FINE "Total,,0,2,4,6,0,2,4,6,0\n"), "OM115 error 1"},
    {"a short total", TEXT(HEADER FINE "n = 2\n"), "OM115 error 1"},
    {"a person called Totalla", TEXT(HEADER FINE "Totalla,,0,2,2,3,0,2,2,3,0\n"), "OM141 error 1 visit"},
    {"a total that is a person", TEXT(HEADER FINE ROW("Total", "0")), ""},
    {"blanks in the header, in quotes", TEXT("id,\"visit\"," ITEMS "\n" FINE), ""},
    {"a blank at the end of the header", TEXT("id,visit," ITEMS " \n" FINE), "OM121 warning 1"},
    {"a blank within a name", TEXT("id,visit," ITEMS ",a b\nP,0,0,1,2,3,0,1,2,3,0,\n"), ""},
    {"a trailing delimiter in header and records", TEXT("id,visit," ITEMS ",\nP,0,0,1,2,3,0,1,2,3,0,\n"),
     "OM123 warning 1"},
    {"a trailing field", TEXT(HEADER "P,0,0,1,2,3,0,1,2,3,0,x\n"), "OM110 error 1"},
    {"3.0 and blanks", TEXT(HEADER "P,0,3.0, 1 ,2,3,0,1,2,3,0\n"), ""},
    {"out of range by one", TEXT(HEADER "P,0,4,3,0,3,0,1,2,3,0\n"), "OM132 error 1 phq1"},
    {"-1", TEXT(HEADER "P,0,-1,3,0,3,0,1,2,3,0\n"), "OM133 error 1 phq1"},
    {"97, which does not know", TEXT(HEADER "P,0,97,3,0,3,0,1,2,3,0\n"), "OM133 error 1 phq1"},
    {"94, which nobody uses", TEXT(HEADER "P,0,94,3,0,3,0,1,2,3,0\n"), "OM132 error 1 phq1"},
    {"Latin-1 where nothing is read", TEXT("note," HEADER "caf\xe9,P1,0,0,1,2,3,0,1,2,3,0\n"),
     "OM101 warning 1 note"},
    {"UTF-8 where nothing is read", TEXT("note," HEADER "caf\xc3\xa9,P1,0,0,1,2,3,0,1,2,3,0\n"), ""},
    {"a NUL where nothing is read", TEXT("note," HEADER "a\0b,P1,0,0,1,2,3,0,1,2,3,0\n"),
     "OM104 error 1 note"},
    {"NULs in the place of a record", TEXT(HEADER ROW("P1", "0") "\0\0\0\0\n" ROW("P2", "0")),
     "OM104 error 1"},
    {"NULs over the end of a record", TEXT(HEADER "P1,0,0,1,2,\0\0\0\0,2,0,1,2\n" ROW("P2", "0")),
     "OM104 error 1"},
    {"NULs behind the last record", TEXT(HEADER FINE "\0\0\0\0"), "OM104 error 1"},
    {"a NUL in the header", TEXT("no\0te," HEADER), "OM104 fatal 1"},
    {"NULs and nothing else", TEXT("\0\0\0\0\0\0\0\0"), "OM104 fatal 1"},
    {"Ctrl-Z and NULs", TEXT(HEADER FINE "\x1a\0\0\0\0"), "OM106 warning 1"},
    {"Ctrl-Z directly behind the last answer", TEXT(HEADER "P1,0,0,1,2,3,0,1,2,3,0\x1a"),
     "OM106 warning 1; OM114 warning 1"},
    {"Ctrl-Z in a text",
     TEXT("note," HEADER "a\x1a"
          "b,P1,0,0,1,2,3,0,1,2,3,0\n"),
     ""},
    {"an SPSS file", TEXT("$FL2@(#) SPSS DATA FILE"), "OM103 fatal 1"},
    {"a file of xz",
     TEXT("\xfd"
          "7zXZ\0\0\4"),
     "OM103 fatal 1"},
    {"a column called PAR1", TEXT("PAR1," HEADER "x,P1,0,0,1,2,3,0,1,2,3,0\n"), ""},
    {"a title", TEXT("PHQ-9 export\n\n" HEADER FINE), "OM115 fatal 1"},
    {"a comment above the header", TEXT("# exported today\n" HEADER FINE), "OM115 fatal 1"},
    {"no header anywhere", TEXT("a,b\nc,d\n"), "OM121 fatal 1"},
    {"a second title below", TEXT(HEADER ROW("P1", "0") "(1 row)\n"), "OM115 error 1"},
    {"a line of means", TEXT("id," ITEMS "\nP1,0,1,2,3,0,1,2,3,0\nMean,0.5,1.5,2,3,0,1,2,3,0\n"),
     "OM115 error 1"},
    {"a total in German", TEXT("id," ITEMS "\nP1,0,1,2,3,0,1,2,3,0\nGesamt,9,9,9,9,9,9,9,9,9\n"),
     "OM115 error 1"},
    {"a person called N", TEXT("id," ITEMS "\nN,0,1,2,3,0,1,2,3,0\n"), ""},
    {"semicolons, and a comma in a name",
     TEXT("id;\"visit, clinic\";phq1;phq2;phq3;phq4;phq5;phq6;phq7;phq8;phq9\n"),
     "OM116 fatal 1; OM121 warning 1"},
    {"a caret as the delimiter", TEXT("id^phq1^phq2^phq3^phq4^phq5^phq6^phq7^phq8^phq9\n"), "OM116 fatal 1"},
    {"semicolons within names", TEXT("id,a;b,c;d," ITEMS "\nP1,,,0,1,2,3,0,1,2,3,0\n"), ""},
    {"something behind the trailing delimiter",
     TEXT("id," ITEMS ",\nP1,0,1,2,3,0,1,2,3,0,\nP2,0,1,2,3,0,1,2,3,0,7\n"),
     "OM123 error 1; OM123 warning 1"},
    {"a first column without a name", TEXT(",id," ITEMS "\n1,P1,0,1,2,3,0,1,2,3,0\n"), ""},
    {"events of REDCap",
     TEXT("record_id,redcap_event_name," ITEMS "\n1,baseline_arm_1,0,1,2,3,0,1,2,3,0\n"
          "1,week_8_arm_1,1,1,2,3,0,1,2,3,0\n"),
     ""},
    {"events of two arms of REDCap",
     TEXT("record_id,redcap_event_name," ITEMS "\n1,baseline_arm_1,0,1,2,3,0,1,2,3,0\n"
          "1,baseline_arm_2,1,1,2,3,0,1,2,3,0\n"),
     "OM142 fatal 1"},
    {"a formula as an id", TEXT(HEADER ROW("=1+1", "0")), "OM192 warning 1 id"},
    {"a formula as an occasion", TEXT(HEADER ROW("P", "@SUM(1)")), "OM192 warning 1 visit"},
    {"a negative number as an id", TEXT(HEADER ROW("-12", "0")), ""},
    {"a dash and text as an id", TEXT(HEADER ROW("-P12", "0")), "OM192 warning 1 id"},
    {"an id with = in it", TEXT(HEADER ROW("P=1", "0")), ""},
};

static void
test_near_misses(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_summary(CHECK(file_with(0, cases[i].bytes, cases[i].length)), cases[i].what,
                       cases[i].expected);
}

/* Where the quote opens, and that the reading goes on. */
static void
test_the_place_of_a_quote(void **state)
{
    (void)state;
    static const char text[] =
        HEADER ROW("P1", "0") "\"P\n1\",1,0,1,2,3,0,1,2,3,\"0\n" ROW("P2", "0") ROW("P2", "1");
    struct checked c = CHECK(file_with(0, text, sizeof text - 1));
    assert_string_equal(summary(&c), "OM112 error 1 phq9");
    const struct om_finding *finding = &om_findings_group(c.validation->findings, 0)->first[0];
    assert_int_equal(finding->line, 4);
    assert_int_equal(finding->record, 3);
    assert_non_null(strstr(finding->message, "byte 22 "));
    assert_int_equal(c.validation->records, 4);
    done(&c);
}

/* The first finding of the only group. */
static const struct om_finding *
only_finding(const struct checked *c)
{
    assert_int_equal(om_findings_groups(c->validation->findings), 1);
    return &om_findings_group(c->validation->findings, 0)->first[0];
}

/* Where a finding points: the record, or for a quote and for NULs that byte itself; also where it was only
 * made after the bytes had gone by. */
static void
test_byte_offsets(void **state)
{
    (void)state;
    static const char quote[] = HEADER ROW("P1", "0") "P1,1,\"0,1,2,3,0,1,2,3,0\n" ROW("P2", "0");
    struct checked c = CHECK(file_with(0, quote, sizeof quote - 1));
    assert_int_equal(only_finding(&c)->byte_offset, strchr(quote, '"') - quote);
    done(&c);
    static const char nul[] = HEADER ROW("P1", "0") "P1,1,0,1,2\0\0\0,3,0,1,2,3,0\n";
    c = CHECK(file_with(0, nul, sizeof nul - 1));
    assert_int_equal(only_finding(&c)->byte_offset, strlen(nul));
    assert_string_equal(only_finding(&c)->message, "3 NUL bytes in the cell");
    done(&c);
    static const char twice[] =
        "\xef\xbb\xbf" HEADER "\"P\n1\",0,0,1,2,3,0,1,2,3,0\r\n" ROW("P2", "0") FINE ROW("P2", "0");
    c = CHECK(file_with(0, twice, sizeof twice - 1), "severity", "OM102=off,OM105=off");
    assert_int_equal(only_finding(&c)->byte_offset, sizeof twice - 1 - strlen(ROW("P2", "0")));
    assert_int_equal(only_finding(&c)->line, 7);
    done(&c);
    static const char typo[] = HEADER FINE "P2,wzorej,0,1,2,3,0,1,2,3,0\n";
    c = CHECK(file_with(0, typo, sizeof typo - 1));
    assert_int_equal(only_finding(&c)->code, 142);
    assert_int_equal(only_finding(&c)->line, 4);
    assert_null(strstr(only_finding(&c)->message, "wzorej"));
    done(&c);
}

/* A name that is missing is told with those that come near it. */
static void
test_near_names(void **state)
{
    (void)state;
    static const struct {
        const char *header, *near;
    } nearly[] = {
        {"id,phq9_1,phq9_2,phq9_3,phq9_4,phq5,phq9_6,phq9_7,phq9_8,phq9_9\n", "'phq5'"},
        {"id,phq9_1,phq9_2,phq9_3,phq9_4,phq9 5,phq9_6,phq9_7,phq9_8,phq9_9\n", "'phq9 5'"},
        {"id,phq9_1,phq9_2,phq9_3,phq9_4,PHQ9_V,phq9_6,phq9_7,phq9_8,phq9_9\n", "'PHQ9_V'"},
        {"id,phq9_1,phq9_2,phq9_3,phq9_4,other,phq9_6,phq9_7,phq9_8,phq9_9\n", NULL},
    };
    for (size_t i = 0; i < sizeof nearly / sizeof nearly[0]; i++) {
        struct checked c = CHECK(file_with(0, nearly[i].header, strlen(nearly[i].header)));
        assert_int_equal(only_finding(&c)->code, 121);
        const char *hint = only_finding(&c)->hint;
        if (nearly[i].near ? !strstr(hint, nearly[i].near) : strstr(hint, "near") != NULL)
            fail_msg("%s: %s", nearly[i].header, hint);
        done(&c);
    }
}

static void
test_too_many_fields(void **state)
{
    (void)state;
    struct om_buffer text = OM_BUFFER_EMPTY;
    om_buffer_text(&text, HEADER ROW("P1", "0") "P1,1");
    for (int i = 0; i < 20000; i++)
        om_buffer_text(&text, ",0");
    om_buffer_text(&text, "\n" ROW("P2", "0"));
    struct checked c = CHECK(file_with(0, text.data, text.length));
    assert_int_equal(only_finding(&c)->code, 113);
    assert_non_null(strstr(only_finding(&c)->message, "16384 fields"));
    assert_int_equal(c.validation->records, 3);
    done(&c);
    om_buffer_release(&text);
}

static void
test_too_many_quotes(void **state)
{
    (void)state;
    struct om_buffer text = OM_BUFFER_EMPTY;
    om_buffer_text(&text, HEADER);
    for (int i = 0; i < 200; i++)
        om_buffer_text(&text, "\"P,0,0,1,2,3,0,1,2,3,0\nx\"y\n");
    struct checked c = CHECK(file_with(0, text.data, text.length));
    assert_non_null(strstr(summary(&c), "OM112 fatal 1"));
    assert_int_equal(c.validation->status, OM_ERR_PANEL);
    done(&c);
    om_buffer_release(&text);
}

/* --- what a study says ---------------------------------------------------------------------------------- */

static void
test_severities(void **state)
{
    (void)state;
    static const char text[] = HEADER "\n"
                                      "P,0,4,1,2,3,0,1,2,3,0\n";
    const char *path = file_with(0, text, sizeof text - 1);
    assert_summary(CHECK(path), "as it is", "OM132 error 1 phq1; OM111 warning 1");
    assert_summary(CHECK(path, "severity", "OM132=warning"), "lower",
                   "OM111 warning 1; OM132 warning 1 phq1");
    assert_summary(CHECK(path, "severity", "om132=off,111=error"), "off", "OM111 error 1");
    assert_summary(CHECK(path, "severity", "OM132=note"), "note", "OM111 warning 1; OM132 note 1 phq1");
    assert_summary(CHECK(path, "strict", "true"), "strict", "OM111 error 1; OM132 error 1 phq1");
    assert_summary(CHECK(path, "strict", "true", "severity", "OM111=note"), "said",
                   "OM132 error 1 phq1; OM111 note 1");
    assert_summary(CHECK(path, "max-input", "10"), "size",
                   "OM151 fatal 1; OM132 error 1 phq1; OM111 warning 1");
    assert_summary(CHECK(path, "max-input", "1K"), "size", "OM132 error 1 phq1; OM111 warning 1");
    assert_summary(CHECK(file_with(0, "", 0), "severity", "OM120=off"), "fatal", "OM120 fatal 1");
}

static void
test_values_only_when_asked_for(void **state)
{
    (void)state;
    static const char text[] =
        "site," HEADER "=canary,secret\xff,0,777,1,2,x\x1b[2J,0,1,2,3,0\nA,,0,1,1,2,1,0,1,2,3,0\n";
    const char *path = file_with(0, text, sizeof text - 1);
    for (int shown = 0; shown <= 1; shown++)
        for (int format = OM_FINDINGS_TEXT; format <= OM_FINDINGS_MARKDOWN; format++) {
            struct checked c = CHECK(path, "by", "site", "show-values", shown ? "true" : "false");
            struct om_findings_options options = {.format = (enum om_findings_format)format, .gate = true};
            char *out = NULL;
            size_t length;
            assert_int_equal(c.status, OM_OK);
            assert_int_equal(om_validation_render(c.validation, &options, &out, &length, &c.err), OM_OK);
            bool shows = shown && (format == OM_FINDINGS_TEXT || format == OM_FINDINGS_JSON ||
                                   format == OM_FINDINGS_NDJSON);
            assert_int_equal(strstr(out, "777") != NULL, shows);
            assert_int_equal(strstr(out, "canary") != NULL, shows);
            assert_int_equal(strstr(out, "secret") != NULL, shows);
            assert_null(strchr(out, '\x1b'));
            assert_null(strchr(out, '\xff'));
            om_text_free(out);
            done(&c);
        }
}

/* --- however it is read --------------------------------------------------------------------------------- */

/* A panel in which nearly everything is wrong somewhere. */
static struct om_buffer
make_wild(size_t records)
{
    static const char *const odd[] = {"\n",
                                      " \n",
                                      "P\"1,0,0,1,2,3,0,1,2,3,0\n",
                                      "\"P\n1\",0,0,1,2,3,0,1,2,3,0\n",
                                      "P1,0,4\n",
                                      "P1,0,9,9\r\n",
                                      "Total,,1,2,3,4,5,6,7,8,9\n",
                                      "\"P1\"x,0,0,1,2,3,0,1,2,3,0\n",
                                      "=a,0,0,1,2,3,0,1,2,3,0\n",
                                      "P\xff,0,0,1,2,3,0,1,2,3,0\n",
                                      "P1,0,0,1,2,3,0,1,2,3,0,\n",
                                      "P1,0,0,1,2,3,0,1,2,3,\"0\n",
                                      HEADER};
    struct om_buffer text = OM_BUFFER_EMPTY;
    om_buffer_text(&text, HEADER);
    for (size_t i = 0; i < records; i++) {
        if (test_random() % 6 == 0)
            om_buffer_text(&text, odd[test_random() % (sizeof odd / sizeof odd[0])]);
        om_buffer_format(&text, "P%03zu,%u,%u,1,2,3,0,1,2,%u,0\n", i / 2, (unsigned)(i % 2),
                         (unsigned)(test_random() % 4), (unsigned)(test_random() % 5));
    }
    return text;
}

static char *
as_json(const struct checked *c)
{
    struct om_findings_options options = {.format = OM_FINDINGS_JSON, .gate = true};
    struct om_error err;
    char *text;
    size_t length;
    assert_int_equal(c->status, OM_OK);
    assert_ok(om_validation_render(c->validation, &options, &text, &length, &err));
    return text;
}

static void
test_pieces_and_threads(void **state)
{
    (void)state;
    static const size_t pieces[] = {1, 2, 7, 50, 64, 300, 5000};
    for (int round = 0; round < 12; round++) {
        struct om_buffer text = make_wild(60);
        const char *path = file_with(0, text.data, text.length);
        struct checked whole = CHECK(path, "threads", "1");
        char *expected = as_json(&whole);
        for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
            struct checked c = {0};
            assert_int_equal(om_study_new(&c.study, &c.err), OM_OK);
            assert_int_equal(om_study_add_input(c.study, path, &c.err), OM_OK);
            c.study->panel.piece = pieces[i];
            c.study->panel.threads = 1 + i % 3;
            c.status = om_validate(c.study, NULL, &c.validation, &c.err);
            char *got = as_json(&c);
            assert_string_equal(got, expected);
            om_text_free(got);
            done(&c);
        }
        om_text_free(expected);
        done(&whole);
        om_buffer_release(&text);
    }
}

/* --- records without and with an error ------------------------------------------------------------------ */

static char *
slurp(const char *path)
{
    struct om_buffer text = OM_BUFFER_EMPTY;
    FILE *file = fopen(path, "rb");
    char bytes[4096];
    assert_non_null(file);
    for (size_t n; (n = fread(bytes, 1, sizeof bytes, file)) > 0;)
        om_buffer_add(&text, bytes, n);
    fclose(file);
    return om_buffer_take(&text);
}

static void
split(const char *path, const char *valid, const char *invalid)
{
    struct checked c = CHECK(path);
    assert_int_equal(c.status, OM_OK);
    if (om_validation_split(c.study, c.validation, valid, invalid, &c.err) != OM_OK)
        fail_msg("%s", c.err.message);
    done(&c);
}

static void
test_split(void **state)
{
    (void)state;
    static const char text[] =
        "\xef\xbb\xbf" HEADER "\r\n" ROW("P1", "0") "\"P\n\n1\",1,9,1,2,3,0,1,2,3,0\n\n \n"
                                                    "P2,0,\"0\" ,1,2,3,0,1,2,3,0  \r\n"
                                                    "P2,1,0\n" ROW("P3", "0")
                                                        ROW("P3", "0") "\"P4,0,0,1,2,3,0,1,2,3,0\n"
                                                                       "P4,1,0,1,2,3,0,1,2,3,0";
    const char *path = file_with(0, text, sizeof text - 1);
    const char *valid = file_with(1, "old", 3), *invalid = file_with(2, "old", 3);
    split(path, valid, invalid);
    char *good = slurp(valid), *bad = slurp(invalid);
    assert_string_equal(good, "\xef\xbb\xbf" HEADER ROW("P1", "0") "P2,0,\"0\" ,1,2,3,0,1,2,3,0  \r\n" ROW(
                                  "P3", "0") "P4,1,0,1,2,3,0,1,2,3,0");
    assert_string_equal(bad, "\xef\xbb\xbf" HEADER "\"P\n\n1\",1,9,1,2,3,0,1,2,3,0\n"
                             "P2,1,0\n" ROW("P3", "0") "\"P4,0,0,1,2,3,0,1,2,3,0\n");
    om_free(good);
    om_free(bad);
    static const char blank[] = " \n\r\n" HEADER FINE "\n";
    split(file_with(0, blank, sizeof blank - 1), valid, NULL);
    good = slurp(valid);
    assert_string_equal(good, HEADER FINE);
    om_free(good);
}

/* What is called valid has no error left, and every record is in one of the two. */
static void
test_split_wild(void **state)
{
    (void)state;
    for (int round = 0; round < 12; round++) {
        struct om_buffer text = make_wild(60);
        const char *path = file_with(0, text.data, text.length);
        const char *valid = file_with(1, "", 0), *invalid = file_with(2, "", 0);
        split(path, valid, invalid);
        struct checked all = CHECK(path), good = CHECK(valid), bad = CHECK(invalid);
        assert_int_equal(om_findings_count(good.validation->findings, OM_BAD), 0);
        assert_int_equal(all.validation->records, good.validation->records + bad.validation->records);
        done(&all);
        done(&good);
        done(&bad);
        om_buffer_release(&text);
    }
}

static void
test_split_is_refused(void **state)
{
    (void)state;
    const char *path = file_with(0, HEADER FINE, sizeof HEADER FINE - 1);
    struct checked c = CHECK(path);
    assert_int_equal(om_validation_split(c.study, c.validation, path, NULL, &c.err), OM_ERR_USAGE);
    assert_non_null(strstr(c.err.message, "OM163"));
    assert_int_equal(om_study_add_input(c.study, path, &c.err), OM_OK);
    assert_int_equal(om_validation_split(c.study, c.validation, "x.csv", NULL, &c.err), OM_ERR_USAGE);
    done(&c);
    FILE *file;
    c = CHECK(path);
    assert_non_null(file = fopen(path, "ab"));
    fputs(ROW("P9", "0"), file);
    fclose(file);
    const char *valid = file_with(1, "old", 3);
    assert_int_equal(om_validation_split(c.study, c.validation, valid, NULL, &c.err), OM_ERR_IO);
    char *kept = slurp(valid);
    assert_string_equal(kept, "old");
    om_free(kept);
    done(&c);
}

/* --- baseline ------------------------------------------------------------------------------------------- */

static void
test_baseline(void **state)
{
    (void)state;
    static const char before[] = HEADER "P1,0,4,1,2,3,0,1,2,3,0\nP1,1,5,1,2,3,0,1,2,3,0\n" ROW("P2", "0");
    static const char moved[] =
        "phq1,id,visit,phq2,phq3,phq4,phq5,phq6,phq7,phq8,phq9\n0,P2,0,1,2,3,0,1,2,3,0\n"
        "5,P1,1,1,2,3,0,1,2,3,0\n4,P1,0,1,2,3,0,1,2,3,0\n";
    static const char more[] =
        HEADER "P1,0,4,1,2,3,0,1,2,3,0\nP1,1,5,1,2,3,0,1,2,3,0\nP2,0,6,1,2,3,0,1,2,3,0\n";
    static const char other[] = HEADER "P1,0,4,1,2,3,0,1,2,3,4\n";
    static const char *const texts[] = {before, moved, more, other};
    static const uint64_t fresh[] = {0, 0, 1, 1};
    const char *baseline = file_with(1, "", 0);
    struct checked c = CHECK(file_with(0, before, sizeof before - 1));
    assert_int_equal(om_baseline_write(c.validation->findings, baseline, &c.err), OM_OK);
    done(&c);
    for (size_t i = 0; i < 4; i++) {
        const struct om_findings_options options = {.gate = true, .fail_on = OM_BAD};
        c = CHECK(file_with(0, texts[i], strlen(texts[i])));
        assert_true(om_validation_fails(c.validation, &options));
        assert_int_equal(om_baseline_apply(c.validation->findings, baseline, &c.err), OM_OK);
        assert_int_equal(om_findings_count_new(c.validation->findings, OM_BAD), fresh[i]);
        assert_int_equal(om_validation_fails(c.validation, &options), fresh[i] > 0);
        done(&c);
    }
    c = CHECK(file_with(0, "id\n1\n", 5)); /* what is fatal cannot be accepted */
    assert_int_equal(om_baseline_write(c.validation->findings, baseline, &c.err), OM_OK);
    assert_int_equal(om_baseline_apply(c.validation->findings, baseline, &c.err), OM_OK);
    const struct om_findings_options never = {.gate = false};
    assert_true(om_validation_fails(c.validation, &never));
    done(&c);
}

static void
test_bad_baselines(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "[]",
        "{\"schema\": \"omstat/results/1\", \"accepted\": []}",
        "{\"schema\": \"omstat/baseline/1\"}",
        "{\"schema\": \"omstat/baseline/1\", \"accepted\": [{\"fingerprint\": \"a\"}]}",
        "{\"schema\": \"omstat/baseline/1\", \"accepted\": [{\"fingerprint\": \"a\", \"count\": -1}]}",
        ("{\"schema\": \"omstat/baseline/1\", \"accepted\": [{\"fingerprint\": \"a\", \"count\": 1, \"x\": "
         "1}]}")};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct checked c = CHECK(file_with(0, HEADER FINE, sizeof HEADER FINE - 1));
        assert_int_equal(
            om_baseline_apply(c.validation->findings, file_with(1, texts[i], strlen(texts[i])), &c.err),
            OM_ERR_DEFINITION);
        done(&c);
    }
}

/* --- schema --------------------------------------------------------------------------------------------- */

#define PERSON(id, age, sex) id "," age "," sex ",0,1,2,3,0,1,2,3,0\n"

static struct checked
check_schema(const char *schema, const char *records)
{
    char text[2048];
    snprintf(text, sizeof text, "id,age,sex," ITEMS "\n%s", records);
    const char *path = file_with(0, text, strlen(text));
    return CHECK(path, "schema", file_with(1, schema, strlen(schema)));
}

static void
test_schema(void **state)
{
    (void)state;
    static const char *const fields =
        "{\"missingValues\": [\"\", \"-\"], \"fields\": [{\"name\": \"age\", \"type\": \"integer\", "
        "\"constraints\": {\"required\": true, \"minimum\": 18, \"exclusiveMaximum\": 90}},"
        "{\"name\": \"sex\", \"constraints\": {\"enum\": [\"f\", \"m\"]}}]}";
    assert_summary(
        check_schema(fields, PERSON("P1", "18", "f") PERSON("P2", " 89 ", "") PERSON("P3", "20", "\"m\"")),
        "in order", "");
    assert_summary(check_schema(fields, PERSON("P1", "17", "f") PERSON("P2", "90", "f")), "bounds",
                   "OM132 error 2 age");
    assert_summary(check_schema(fields, PERSON("P1", "18.5", "f") PERSON("P2", "x", "f")), "type",
                   "OM130 error 2 age");
    assert_summary(check_schema(fields, PERSON("P1", "", "f") PERSON("P2", "-", "-")), "missing",
                   "OM141 error 2 age");
    assert_summary(check_schema(fields, PERSON("P1", "20", "d") PERSON("P2", "20", "F")), "enum",
                   "OM132 error 2 sex");
    assert_summary(check_schema(fields, "id,age,sex," ITEMS "\n" PERSON("P1", "20", "f")), "header",
                   "OM115 error 1");
    assert_summary(check_schema(fields, "P1,17,f,0\n" PERSON("P1", "20", "f")), "ragged", "OM110 error 1");
    assert_summary(check_schema("{\"fields\": [{\"name\": \"Age\"}]}", PERSON("P1", "1", "f")), "absent",
                   "OM121 error 1");
    assert_summary(check_schema("{\"fieldsMatch\": \"partial\", \"fields\": [{\"name\": \"Age\"}]}",
                                PERSON("P1", "1", "f")),
                   "may be absent", "");
    /* What an answer may be, its instrument says. */
    assert_summary(
        check_schema(
            "{\"fields\": [{\"name\": \"phq1\", \"type\": \"integer\", \"constraints\": {\"maximum\": -1}}]}",
            PERSON("P1", "1", "f")),
        "an item", "");
}

static void
test_schema_in_pieces(void **state)
{
    (void)state;
    struct om_buffer text = OM_BUFFER_EMPTY;
    om_buffer_text(&text, "id,age,sex," ITEMS "\n");
    for (int i = 0; i < 200; i++)
        om_buffer_format(&text, "P%03d,%s,%s,0,1,%u,3,0,1,2,3,0\n", i,
                         i % 7   ? "20"
                         : i % 2 ? "\"2\n0\""
                                 : "x",
                         i % 5 ? "f" : "d", (unsigned)(i % 6));
    const char *path = file_with(0, text.data, text.length);
    static const char schema[] =
        "{\"fields\": [{\"name\": \"age\", \"type\": \"number\"}, {\"name\": \"sex\", \"constraints\": "
        "{\"enum\": [\"f\"]}}]}";
    char *expected = NULL;
    for (size_t piece = 0; piece <= 500; piece = 3 * piece + 20) {
        struct checked c = {0};
        assert_int_equal(om_study_new(&c.study, &c.err), OM_OK);
        assert_int_equal(om_study_set(c.study, "schema", file_with(1, schema, sizeof schema - 1), &c.err),
                         OM_OK);
        assert_int_equal(om_study_add_input(c.study, path, &c.err), OM_OK);
        c.study->panel.piece = piece;
        c.study->panel.threads = 2;
        c.status = om_validate(c.study, NULL, &c.validation, &c.err);
        char *got = as_json(&c);
        if (expected)
            assert_string_equal(got, expected);
        om_text_free(expected);
        expected = got;
        done(&c);
    }
    assert_non_null(strstr(expected, "\"OM132\""));
    assert_non_null(strstr(expected, "\"OM130\""));
    om_text_free(expected);
    om_buffer_release(&text);
}

static void
test_bad_schemas(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "[]",
        "{}",
        "{\"fields\": {}}",
        "{\"fields\": [{}]}",
        "{\"fields\": [{\"name\": \"a\", \"type\": \"text\"}]}",
        "{\"fields\": [{\"name\": \"a\", \"type\": \"string\", \"constraints\": {\"minimum\": 1}}]}",
        ("{\"fields\": [{\"name\": \"a\", \"type\": \"date\", \"constraints\": {\"minimum\": "
         "\"2023-02-29\"}}]}"),
        "{\"fields\": [{\"name\": \"a\", \"constraints\": {\"required\": 1}}]}",
        "{\"fields\": [{\"name\": \"a\"}"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct checked c = check_schema(texts[i], PERSON("P1", "1", "f"));
        if (c.status != OM_ERR_DEFINITION)
            fail_msg("%s: %s", texts[i], om_status_name(c.status));
        done(&c);
    }
}

/* --- what ends a reading -------------------------------------------------------------------------------- */

static void
test_what_cannot_be_read(void **state)
{
    (void)state;
    struct checked c = CHECK("there/is/no.csv");
    assert_string_equal(summary(&c), "OM162 fatal 1");
    assert_int_equal(c.validation->status, OM_ERR_NO_INPUT);
    assert_int_equal(c.validation->n_unchecked, 1);
    done(&c);
    c = CHECK(file_with(0, HEADER FINE, sizeof HEADER FINE - 1), "by", "nowhere");
    assert_int_equal(c.status, OM_ERR_USAGE); /* the study is wrong, not the data */
    assert_null(c.validation);
    done(&c);
}

static void
test_what_was_not_checked(void **state)
{
    (void)state;
    struct checked c =
        CHECK(file_with(0, ITEMS "\n0,1,2,3,0,1,2,3,0\n", sizeof ITEMS "\n0,1,2,3,0,1,2,3,0\n" - 1));
    assert_true(c.validation->n_unchecked > 1); /* checks that need more than a form say so as well */
    assert_int_equal(c.validation->unchecked[c.validation->n_unchecked - 1].code, 140);
    done(&c);
    c = CHECK(file_with(0, ITEMS "\n0,1,2,3,0,1,2,3,0\n", sizeof ITEMS "\n0,1,2,3,0,1,2,3,0\n" - 1),
              "severity", "OM203=off,OM212=off,OM213=off");
    assert_int_equal(c.validation->n_unchecked, 1);
    done(&c);
}

/* --- memory --------------------------------------------------------------------------------------------- */

static const char wild[] =
    "\xef\xbb\xbf id,visit,age," ITEMS "\n\nP1,0,x,0,9,2,3,0,1,2,3,0\n\"P,0,1,0,1,2,3,0,1,2,3,0\nP\"2,0,,"
    "0,1,2,3,0,1,2,3,0\nP1,0,3,0,1,2,3,0,1,2,3,0\nTotal,,,1,2,3,4,5,6,7,8,9\nP3,1";

static void
test_memory_of_validation(void **state)
{
    (void)state;
    const char *path = file_with(0, wild, sizeof wild - 1);
    static const char schema[] =
        "{\"fields\": [{\"name\": \"age\", \"type\": \"integer\"}, {\"name\": \"no\"}]}";
    om_status status = OM_ERR_NOMEM;
    for (size_t k = 0; status != OM_OK; k++) {
        struct checked c = {0};
        assert_int_equal(om_study_new(&c.study, &c.err), OM_OK);
        assert_int_equal(om_study_set(c.study, "schema", file_with(1, schema, sizeof schema - 1), &c.err),
                         OM_OK);
        assert_int_equal(om_study_set(c.study, "show-values", "true", &c.err), OM_OK);
        assert_int_equal(om_study_set(c.study, "threads", "1", &c.err), OM_OK);
        assert_int_equal(om_study_add_input(c.study, path, &c.err), OM_OK);
        size_t before = om_memory_live();
        om_memory_fail_at(k);
        status = om_validate(c.study, NULL, &c.validation, &c.err);
        om_memory_fail_at((size_t)-1);
        if (status != OM_OK && status != OM_ERR_NOMEM)
            fail_msg("allocation %zu: %s", k, om_status_name(status));
        om_validation_free(c.validation);
        c.validation = NULL;
        assert_int_equal(om_memory_live(), before);
        done(&c);
    }
}

static void
test_memory_of_views(void **state)
{
    (void)state;
    struct checked c = CHECK(file_with(0, wild, sizeof wild - 1), "show-values", "true");
    const char *out = file_with(1, "old", 3), *other = file_with(2, "old", 3);
    size_t before = om_memory_live();
    for (int format = OM_FINDINGS_TEXT; format <= OM_FINDINGS_MARKDOWN; format++) {
        const struct om_findings_options options = {.format = (enum om_findings_format)format, .gate = true};
        om_status status = OM_ERR_NOMEM;
        for (size_t k = 0; status != OM_OK; k++) {
            om_memory_fail_at(k);
            status = om_validation_write(c.validation, &options, out, &c.err);
            om_memory_fail_at((size_t)-1);
            assert_true(status == OM_OK || status == OM_ERR_NOMEM);
            assert_int_equal(om_memory_live(), before);
        }
    }
    om_status status = OM_ERR_NOMEM;
    for (size_t k = 0; status != OM_OK; k++) {
        om_memory_fail_at(k);
        status = om_baseline_write(c.validation->findings, out, &c.err);
        if (status == OM_OK)
            status = om_baseline_apply(c.validation->findings, out, &c.err);
        if (status == OM_OK)
            status = om_validation_split(c.study, c.validation, out, other, &c.err);
        om_memory_fail_at((size_t)-1);
        if (status != OM_OK && status != OM_ERR_NOMEM)
            fail_msg("allocation %zu: %s: %s", k, om_status_name(status), c.err.message);
        assert_int_equal(om_memory_live(), before);
    }
    done(&c);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_fault),
        cmocka_unit_test(test_the_collection),
        cmocka_unit_test(test_examples_of_the_catalogue),
        cmocka_unit_test(test_near_misses),
        cmocka_unit_test(test_the_place_of_a_quote),
        cmocka_unit_test(test_byte_offsets),
        cmocka_unit_test(test_near_names),
        cmocka_unit_test(test_too_many_fields),
        cmocka_unit_test(test_too_many_quotes),
        cmocka_unit_test(test_severities),
        cmocka_unit_test(test_values_only_when_asked_for),
        cmocka_unit_test(test_pieces_and_threads),
        cmocka_unit_test(test_split),
        cmocka_unit_test(test_split_wild),
        cmocka_unit_test(test_split_is_refused),
        cmocka_unit_test(test_baseline),
        cmocka_unit_test(test_bad_baselines),
        cmocka_unit_test(test_schema),
        cmocka_unit_test(test_schema_in_pieces),
        cmocka_unit_test(test_bad_schemas),
        cmocka_unit_test(test_what_cannot_be_read),
        cmocka_unit_test(test_what_was_not_checked),
        cmocka_unit_test(test_memory_of_validation),
        cmocka_unit_test(test_memory_of_views),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
