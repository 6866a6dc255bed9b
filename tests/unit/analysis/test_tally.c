/*
 * Tallies: whatever the parts, the tree of sums and their order, the bytes are the same, and the report is
 * that of the undivided panel. What is subtracted might never have been there. No bytes make it crash.
 *
 *   test_tally [PANELS [MUTATIONS]]
 */
#include "studies.h"
#include "base/hash.h"
#include "base/memory.h"
#include "tally/tally.h"

#include <dirent.h>
#include <omstat/tally_report.h>

static unsigned n_panels = 60, n_mutations = 2000;

static uint32_t
below(uint32_t n)
{
    return test_random() % n;
}

static const char *
any_of(const char *const *words, size_t n)
{
    return words[below((uint32_t)n)];
}

/* --- panels --------------------------------------------------------------------------------------------- */

enum { ROWS_MAX = 80, SHARDS_MAX = 9 };

/* One panel: its records, each with its line end; a person's records follow each other. */
struct panel {
    struct text header;
    struct text record[ROWS_MAX];
    size_t person[ROWS_MAX];
    size_t n, persons;
    bool is_long, totals, prorate;
};

static void
put_number(struct text *out, unsigned number)
{
    char text[16];
    snprintf(text, sizeof text, "%u", number);
    text_put(out, text);
}

/* Mostly answers; blanks, and at times something that is none. */
static void
put_answers(struct text *out, unsigned items, unsigned codes, unsigned tidy)
{
    for (unsigned i = 0; i < items; i++) {
        text_put(out, ",");
        if (below(tidy) == 0)
            text_put(out, below(3) ? "" : "9x");
        else
            put_number(out, below(codes));
    }
}

static void
put_form(struct text *out, const struct panel *panel)
{
    static const char *const totals[] = {"", "7", "7.50", "-3.25", "12", "90.5", "0.001"};
    unsigned tidy = below(5) ? 200 : 12;
    put_answers(out, 9, 4, tidy);
    put_answers(out, 7, 4, tidy);
    if (!panel->totals)
        return;
    text_put(out, ",");
    text_put(out, any_of(totals, 7));
}

static void
put_header(struct panel *panel)
{
    static const char *const occasion[] = {"_pre", "_post", ""};
    text_put(&panel->header, "id,cohort,site,age,sex");
    if (panel->is_long)
        text_put(&panel->header, ",occasion");
    for (size_t o = panel->is_long ? 2 : 0; o < (panel->is_long ? 3u : 2u); o++) {
        char column[32];
        for (int i = 1; i <= 16; i++) {
            snprintf(column, sizeof column, ",%s_%d%s", i > 9 ? "gad7" : "phq9", i > 9 ? i - 9 : i,
                     occasion[o]);
            text_put(&panel->header, column);
        }
        snprintf(column, sizeof column, ",bdi%s", occasion[o]);
        if (panel->totals)
            text_put(&panel->header, column);
    }
    text_put(&panel->header, "\n");
}

static void
put_person(struct panel *panel, size_t person)
{
    static const char *const cohort[] = {"1", "2", "10", ""}, *const site[] = {"A", "B;b", "C\\c",
                                                                               "\xc3\xa9t\xc3\xa9"};
    static const char *const age[] = {"20", "31", "31.0", "45", "", "n/a", "old"}, *const sex[] = {"f", "m",
                                                                                                   "x"};
    struct text keys = {0};
    put_number(&keys, (unsigned)person + 1);
    text_put(&keys, ",");
    text_put(&keys, any_of(cohort, 4));
    text_put(&keys, ",");
    text_put(&keys, any_of(site, 4));
    text_put(&keys, ",");
    text_put(&keys, any_of(age, 7));
    text_put(&keys, ",");
    text_put(&keys, any_of(sex, 3));
    unsigned at = panel->is_long ? 1 + below(6) : 0; /* mostly at both */
    at = at > 3 ? 3 : at;
    for (unsigned o = 0; o < 2; o++) {
        if (panel->is_long && !(at >> o & 1))
            continue;
        struct text *record = &panel->record[panel->n];
        if (panel->is_long || o == 0)
            text_add(record, keys.at, keys.length);
        if (panel->is_long)
            text_put(record, o ? ",post" : ",pre");
        put_form(record, panel);
        if (!panel->is_long && o == 0)
            continue;
        if (below(60) == 0)
            text_put(record, ",what is this?"); /* a field too many: rejected */
        text_put(record, "\n");
        panel->person[panel->n++] = person;
    }
    free(keys.at);
}

static struct panel
make_panel(void)
{
    struct panel panel = {.is_long = below(3) == 0, .totals = below(2), .prorate = below(2)};
    put_header(&panel);
    panel.persons = 1 + below(ROWS_MAX / 2 - 1);
    for (size_t i = 0; i < panel.persons; i++)
        put_person(&panel, i);
    return panel;
}

static void
free_panel(struct panel *panel)
{
    free(panel->header.at);
    for (size_t i = 0; i < panel->n; i++)
        free(panel->record[i].at);
}

/* Files are used again and again: those of the parts, and behind them that of the whole. */
static const char *
write_text(struct text *text, unsigned which)
{
    static const char *path[SHARDS_MAX + 1];
    if (!path[which])
        path[which] = temporary_file(".csv", "", 0);
    FILE *file = fopen(path[which], "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text->at, 1, text->length, file), text->length);
    assert_int_equal(fclose(file), 0);
    free(text->at);
    return path[which];
}

/* The records of those persons whose part this is; part[person]. NULL: everybody. */
static const char *
write_part(const struct panel *panel, const unsigned *part, unsigned wanted)
{
    struct text text = {0};
    text_add(&text, panel->header.at, panel->header.length);
    for (size_t i = 0; i < panel->n; i++)
        if (!part || part[panel->person[i]] == wanted)
            text_add(&text, panel->record[i].at, panel->record[i].length);
    return write_text(&text, part ? wanted : SHARDS_MAX);
}

/* --- studies -------------------------------------------------------------------------------------------- */

static struct om_study *
study_of(const struct panel *panel, const char *path)
{
    struct om_error err;
    struct om_study *study;
    assert_ok(om_study_new(&study, &err));
    assert_ok(om_study_set(study, "id", "id", &err));
    if (panel->is_long)
        assert_ok(om_study_set(study, "occasions", "pre,post", &err));
    if (panel->totals)
        assert_ok(om_study_set(study, "scale", panel->is_long ? "bdi:bdi" : "bdi:bdi_{occasion}", &err));
    if (panel->prorate)
        assert_ok(om_study_set(study, "missing-rule", "prorate", &err));
    if (path)
        assert_ok(om_study_add_input(study, path, &err));
    return study;
}

struct saved {
    char *bytes;
    size_t length;
};

static struct saved
save(const struct om_tally *tally)
{
    struct om_error err;
    struct saved saved;
    assert_ok(om_tally_save(tally, &saved.bytes, &saved.length, &err));
    return saved;
}

static struct om_tally *
load(const struct saved *saved)
{
    struct om_error err;
    struct om_tally *tally;
    assert_ok(om_tally_load(saved->bytes, saved->length, "saved", &tally, &err));
    return tally;
}

static struct om_tally *
tally_file(const struct panel *panel, const char *path)
{
    struct om_error err;
    struct om_tallying tallying;
    struct om_study *study = study_of(panel, path);
    assert_ok(om_study_set(study, "by", below(2) ? "site,cohort" : "cohort,site", &err));
    assert_ok(om_study_set(study, "describe", below(2) ? "age,sex" : "sex,age", &err));
    assert_ok(om_study_set(study, "statistics", "all", &err)); /* no matter for the counts */
    assert_ok(om_study_set(study, "rule", "shift", &err));
    assert_ok(om_tally_panel(study, NULL, &tallying, &err));
    struct om_tally *tally = tallying.tally;
    tallying.tally = NULL;
    om_tallying_release(&tallying);
    om_study_free(study);
    return tally;
}

/* What a report may ask for, of the panel or of a tally. */
static void
ask(struct om_study *study, uint32_t choice)
{
    static const char *const by[] = {NULL, "cohort", "site", "site,cohort", "cohort,site"};
    struct om_error err;
    if (by[choice % 5])
        assert_ok(om_study_set(study, "by", by[choice % 5], &err));
    if (choice & 32)
        assert_ok(om_study_set(study, "describe", choice & 64 ? "age:number,sex" : "sex,age:category", &err));
    if (choice & 128)
        assert_ok(om_study_set(study, "rule", "all", &err));
    if (choice & 256)
        assert_ok(om_study_set(study, "cutoff", "phq9=7", &err));
    if (choice & 512)
        assert_ok(om_study_set(study, "population", "positive", &err));
    if (choice & 1024)
        assert_ok(om_study_set(study, "nhs", "both", &err));
    if (choice & 2048)
        assert_ok(om_study_set(study, "shift", "gad7=3", &err));
    if (choice & 4096)
        assert_ok(om_study_set(study, "level", "0.9", &err));
    if (choice % 11 == 0)
        assert_ok(om_study_set(study, "statistics",
                               "reliability,group-change,paired,effects,symmetry,agreement,sensitivity,"
                               "regression-to-mean,between,rates,ancova,adjust,power",
                               &err));
}

/* The rows as CSV; NULL when there are none, and why is in err. */
static char *
rows_of(const struct om_analysis *analysis)
{
    struct om_report_options options = {.format = OM_FORMAT_CSV};
    struct om_error err;
    char *text;
    size_t length;
    assert_ok(om_report_render(analysis, &options, &text, &length, &err));
    return text;
}

static char *
report_panel(const struct panel *panel, const char *path, uint32_t choice, struct om_error *err)
{
    struct om_study *study = study_of(panel, path);
    struct om_analysis *analysis;
    char *text = NULL;
    ask(study, choice);
    if (om_analyse(study, NULL, &analysis, NULL, err) == OM_OK) {
        text = rows_of(analysis);
        om_analysis_free(analysis);
    }
    om_study_free(study);
    return text;
}

/* bare: a study that says nothing about how the panel was read. */
static char *
report_tally(const struct panel *panel, const struct om_tally *tally, uint32_t choice, bool bare,
             struct om_error *err)
{
    static const struct panel nothing;
    struct om_study *study = study_of(bare ? &nothing : panel, NULL);
    struct om_analysis *analysis;
    char *text = NULL;
    ask(study, choice);
    if (om_analyse_tally(study, tally, "a tally", &analysis, err) == OM_OK) {
        text = rows_of(analysis);
        om_analysis_free(analysis);
    }
    om_study_free(study);
    return text;
}

static void
assert_same_text(const char *a, const char *b)
{
    size_t i = 0;
    while (a[i] && a[i] == b[i])
        i++;
    if (a[i] == b[i])
        return;
    while (i && a[i - 1] != '\n')
        i--;
    fail_msg("results differ:\n%.200s\n%.200s", a + i, b + i);
}

/* The tally reports what the panel does, or fails as it does. */
static void
assert_reports(const struct panel *panel, const char *path, const struct om_tally *tally)
{
    uint32_t choice = test_random();
    struct om_error of_panel = {0}, of_tally = {0};
    char *want = report_panel(panel, path, choice, &of_panel);
    char *got = report_tally(panel, tally, choice, below(2), &of_tally);
    if (want && got)
        assert_same_text(got, want);
    else if (want || got || strcmp(of_panel.message, of_tally.message) != 0)
        fail_msg("panel: %s; tally: %s", want ? "fine" : of_panel.message, got ? "fine" : of_tally.message);
    om_text_free(want);
    om_text_free(got);
}

/* --- sums ----------------------------------------------------------------------------------------------- */

struct parts {
    struct om_tally *tally[SHARDS_MAX];
    unsigned of[ROWS_MAX]; /* per person */
    unsigned n;
};

static struct parts
divide(const struct panel *panel)
{
    struct parts parts = {.n = 1 + below(SHARDS_MAX)};
    for (size_t i = 0; i < panel->persons; i++)
        parts.of[i] = below(parts.n);
    for (unsigned p = 0; p < parts.n; p++)
        parts.tally[p] = tally_file(panel, write_part(panel, parts.of, p));
    return parts;
}

static void
free_parts(struct parts *parts)
{
    for (unsigned p = 0; p < parts->n; p++)
        om_tally_free(parts->tally[p]);
}

/* Adds the parts up by any tree: two of what is left become one, until one is left. */
static struct om_tally *
sum_of(const struct parts *parts, unsigned left_out)
{
    struct om_error err;
    struct om_tally *left[SHARDS_MAX];
    unsigned n = 0;
    for (unsigned p = 0; p < parts->n; p++) {
        if (p == left_out)
            continue;
        struct saved saved = save(parts->tally[p]);
        left[n++] = load(&saved);
        om_text_free(saved.bytes);
    }
    while (n > 1) {
        unsigned one = below(n), other = below(n - 1);
        other += other >= one;
        assert_ok(om_tally_merge(left[one], left[other], "part", &err));
        om_tally_free(left[other]);
        left[other] = left[--n];
    }
    return left[0];
}

static void
assert_same_bytes(const struct om_tally *a, const struct om_tally *b)
{
    struct saved x = save(a), y = save(b);
    assert_int_equal(x.length, y.length);
    assert_memory_equal(x.bytes, y.bytes, x.length);
    om_text_free(x.bytes);
    om_text_free(y.bytes);
}

/* Parts with the same bytes (two without records) are one input to omstat. */
static bool
has_twins(const struct panel *panel, const struct parts *parts)
{
    (void)panel;
    for (unsigned p = 0; p < parts->n; p++)
        for (unsigned q = 0; q < p; q++)
            if (om_tally_compare_shards(&parts->tally[p]->shard[0], &parts->tally[q]->shard[0]) == 0)
                return true;
    return false;
}

static void
test_any_tree_of_any_parts(void **state)
{
    (void)state;
    for (unsigned i = 0; i < n_panels; i++) {
        struct panel panel = make_panel();
        struct parts parts = divide(&panel);
        assert_false(has_twins(&panel, &parts));
        const char *path = write_part(&panel, NULL, 0);
        struct om_tally *one = sum_of(&parts, UINT32_MAX), *other = sum_of(&parts, UINT32_MAX);
        assert_same_bytes(one, other);
        if (i % 2 == 0)
            assert_reports(&panel, path, one);
        struct om_tally *whole = i % 8 == 1 ? tally_file(&panel, path) : NULL;
        if (whole)
            assert_reports(&panel, path, whole);
        om_tally_free(whole);
        om_tally_free(one);
        om_tally_free(other);
        free_parts(&parts);
        free_panel(&panel);
    }
}

/* --- taking out ----------------------------------------------------------------------------------------- */

static void
forget_removed(struct om_tally *tally)
{
    for (size_t i = 0; i < tally->n_removed; i++)
        om_tally_shard_release(&tally->removed[i]);
    tally->n_removed = 0;
}

static void
test_taking_out(void **state)
{
    struct om_error err;
    (void)state;
    for (unsigned i = 0; i < n_panels; i++) {
        struct panel panel = make_panel();
        struct parts parts = divide(&panel);
        unsigned out = below(parts.n);
        if (parts.n > 1) {
            struct om_tally *never = sum_of(&parts, out), *sum = sum_of(&parts, UINT32_MAX);
            struct om_tally *early = sum_of(&parts, UINT32_MAX);
            assert_int_equal(om_tally_subtract(never, parts.tally[out], "part", &err), OM_ERR_PANEL);
            assert_ok(om_tally_subtract(sum, parts.tally[out], "part", &err));
            assert_int_equal(sum->n_removed, 1);
            assert_int_equal(sum->removed[0].times, 1);
            /* put in and taken out again: the history says twice, and does not depend on when */
            assert_ok(om_tally_subtract(early, parts.tally[out], "part", &err));
            assert_ok(om_tally_merge(early, parts.tally[out], "part", &err));
            assert_int_equal(om_tally_merge(early, parts.tally[out], "part", &err), OM_ERR_PANEL);
            assert_ok(om_tally_subtract(early, parts.tally[out], "part", &err));
            assert_int_equal(early->removed[0].times, 2);
            forget_removed(early);
            forget_removed(sum);
            assert_same_bytes(sum, never);
            assert_same_bytes(early, never);
            om_tally_free(sum);
            om_tally_free(never);
            om_tally_free(early);
        }
        free_parts(&parts);
        free_panel(&panel);
    }
}

/* --- bytes from anybody --------------------------------------------------------------------------------- */

static void
put_fixed(char *at, uint64_t number)
{
    for (size_t i = 0; i < 8; i++)
        at[i] = (char)(unsigned char)(number >> (8 * i));
}

/* So that changes are seen by more than the checksum. */
static void
seal(struct saved *saved)
{
    struct om_hash128 checksum = om_hash128(saved->bytes, saved->length - 16, 0);
    put_fixed(saved->bytes + saved->length - 16, checksum.low);
    put_fixed(saved->bytes + saved->length - 8, checksum.high);
}

static struct saved
mutate(const struct saved *from)
{
    struct saved out = {malloc(from->length + 64), from->length};
    assert_non_null(out.bytes);
    memcpy(out.bytes, from->bytes, from->length);
    for (unsigned n = 1 + below(4); n > 0; n--) {
        size_t at = 24 + below((uint32_t)from->length - 24 - 16);
        switch (below(4)) {
        case 0:
            out.bytes[at] = (char)below(256);
            break;
        case 1:
            out.bytes[at] = (char)(out.bytes[at] ^ (1 << below(8)));
            break;
        case 2:
            out.bytes[at]++;
            break;
        case 3:
            out.bytes[at] = (char)(below(2) ? 0xff : 0x80);
            break;
        }
    }
    seal(&out);
    return out;
}

/* Refused with a reason; or a tally like any other: the same bytes again, and a report or a refusal. */
static void
assert_harmless(const struct panel *panel, const struct saved *saved)
{
    struct om_tally *tally = NULL;
    struct om_error err = {0};
    om_status status = om_tally_load(saved->bytes, saved->length, "mutant", &tally, &err);
    if (status != OM_OK) {
        assert_int_equal(status, OM_ERR_PANEL);
        assert_true(err.message[0]);
        return;
    }
    struct saved again = save(tally);
    assert_int_equal(again.length, saved->length);
    assert_memory_equal(again.bytes, saved->bytes, saved->length);
    om_text_free(again.bytes);
    om_text_free(report_tally(panel, tally, test_random(), below(2), &err));
    om_tally_free(tally);
}

static void
test_mutants(void **state)
{
    (void)state;
    size_t accepted = 0;
    for (unsigned i = 0; i < n_mutations / 100; i++) {
        struct panel panel = make_panel();
        struct om_tally *tally = tally_file(&panel, write_part(&panel, NULL, 0));
        struct saved saved = save(tally);
        for (unsigned k = 0; k < 100; k++) {
            struct saved mutant = mutate(&saved);
            struct om_tally *loaded = NULL;
            accepted += om_tally_load(mutant.bytes, mutant.length, "mutant", &loaded, NULL) == OM_OK;
            om_tally_free(loaded);
            assert_harmless(&panel, &mutant);
            free(mutant.bytes);
        }
        om_text_free(saved.bytes);
        om_tally_free(tally);
        free_panel(&panel);
    }
    assert_true(accepted > 0); /* or only the first check was tested */
}

static void
test_cut_anywhere(void **state)
{
    (void)state;
    struct panel panel = make_panel();
    struct om_tally *tally = tally_file(&panel, write_part(&panel, NULL, 0)), *none = NULL;
    struct saved saved = save(tally);
    struct om_error err;
    for (size_t n = 0; n < saved.length; n++) {
        char *cut = malloc(n + 1); /* exactly so long, for the sanitizer */
        memcpy(cut, saved.bytes, n);
        assert_int_equal(om_tally_load(cut, n, "cut", &none, &err), OM_ERR_PANEL);
        assert_non_null(strstr(err.message, n < 4 ? "no tally" : "cut")); /* its name has 4 bytes */
        free(cut);
    }
    char *more = malloc(saved.length + 1);
    memcpy(more, saved.bytes, saved.length);
    more[saved.length] = 0;
    assert_int_equal(om_tally_load(more, saved.length + 1, "more", &none, &err), OM_ERR_PANEL);
    saved.bytes[saved.length / 2] ^= 1;
    assert_int_equal(om_tally_load(saved.bytes, saved.length, "changed", &none, &err), OM_ERR_PANEL);
    assert_non_null(strstr(err.message, "damaged"));
    saved.bytes[4] = '\n'; /* where a CR stands */
    assert_int_equal(om_tally_load(saved.bytes, saved.length, "as text", &none, &err), OM_ERR_PANEL);
    assert_non_null(strstr(err.message, "line ends"));
    free(more);
    om_text_free(saved.bytes);
    om_tally_free(tally);
    free_panel(&panel);
}

/* A section that is not known: done without when it says so, refused otherwise. So is a newer format. */
static void
test_what_is_not_known_yet(void **state)
{
    (void)state;
    struct panel panel = make_panel();
    struct om_tally *tally = tally_file(&panel, write_part(&panel, NULL, 0)), *loaded = NULL;
    struct saved saved = save(tally), more = {malloc(saved.length + 17), saved.length + 17};
    struct om_error err;
    memcpy(more.bytes, saved.bytes, saved.length - 16);
    char *section = more.bytes + saved.length - 16;
    memcpy(section, "NEW!\1\0\0\0\1\0\0\0\0\0\0\0x", 17);
    put_fixed(more.bytes + 16, more.length);
    seal(&more);
    assert_ok(om_tally_load(more.bytes, more.length, "newer", &loaded, &err));
    assert_same_bytes(loaded, tally);
    om_tally_free(loaded);
    section[4] = 0;
    seal(&more);
    assert_int_equal(om_tally_load(more.bytes, more.length, "newer", &loaded, &err), OM_ERR_PANEL);
    assert_non_null(strstr(err.message, "does not know"));
    section[4] = 1;
    more.bytes[8] = 2;
    seal(&more);
    assert_int_equal(om_tally_load(more.bytes, more.length, "newer", &loaded, &err), OM_ERR_PANEL);
    assert_non_null(strstr(err.message, "a format"));
    free(more.bytes);
    om_text_free(saved.bytes);
    om_tally_free(tally);
    free_panel(&panel);
}

/* --- definitions ---------------------------------------------------------------------------------------- */

/* The PHQ-9 as it is, with one line changed. */
static const char *
changed_definition(const char *from, const char *to)
{
    const char *builtin = om_instrument_builtin_text("phq9"), *at = strstr(builtin, from);
    struct text text = {0};
    assert_non_null(at);
    text_add(&text, builtin, (size_t)(at - builtin));
    text_put(&text, to);
    text_put(&text, at + strlen(from));
    const char *path = temporary_file(".yaml", text.at, text.length);
    free(text.at);
    return path;
}

static om_status
report_with(const struct om_tally *tally, const char *definition, struct om_error *err)
{
    struct om_study *study;
    struct om_analysis *analysis;
    assert_int_equal(om_study_new(&study, err), OM_OK);
    assert_int_equal(om_study_set(study, "instrument", definition, err), OM_OK);
    om_status status = om_analyse_tally(study, tally, "a tally", &analysis, err);
    if (status == OM_OK)
        om_analysis_free(analysis);
    om_study_free(study);
    return status;
}

/* Names and sources may change; what scores are made of, and the version, may not. */
static void
test_definitions(void **state)
{
    struct om_error err;
    (void)state;
    struct panel panel = make_panel();
    struct om_tally *tally = tally_file(&panel, write_part(&panel, NULL, 0));
    assert_ok(report_with(tally, changed_definition("\nrecall: 2 weeks", "\nrecall: two weeks"), &err));
    assert_int_equal(report_with(tally, changed_definition("\nversion: 1.0", "\nversion: 1.1"), &err),
                     OM_ERR_DEFINITION);
    assert_non_null(strstr(err.message, "version 1.0; here it is version 1.1"));
    assert_int_equal(report_with(tally, changed_definition("max_blank: 2", "max_blank: 1"), &err),
                     OM_ERR_DEFINITION);
    om_tally_free(tally);
    free_panel(&panel);
}

/* --- panels of others ----------------------------------------------------------------------------------- */

/* Whatever the panel reports, its tally reports. Returns false where it reports nothing. */
static bool
assert_file_reports(const char *path)
{
    struct run run = RUN("input", path);
    struct om_tallying tallying;
    struct om_study *study;
    struct om_analysis *analysis;
    struct om_error err;
    if (run.status != OM_OK) {
        release(&run);
        return false;
    }
    assert_ok(om_tally_panel(run.study, NULL, &tallying, &err));
    assert_ok(om_study_new(&study, &err));
    assert_ok(om_analyse_tally(study, tallying.tally, "a tally", &analysis, &err));
    char *want = csv_of(&run), *got = rows_of(analysis);
    assert_same_text(got, want);
    om_text_free(want);
    om_text_free(got);
    om_analysis_free(analysis);
    om_study_free(study);
    om_tallying_release(&tallying);
    release(&run);
    return true;
}

static void
test_reference_collection(void **state)
{
    static const char *const single[] = {"bipf_constructed/bipf.csv", "nhanes_phq9_2015_2016/DPQ_I.csv",
                                         "phq9_gad7_two_waves/wide.csv"};
    (void)state;
    const char *faults = shared_path("panel_faults");
    if (!faults)
        skip();
    char folder[4096], path[8192];
    snprintf(folder, sizeof folder, "%s", faults);
    unsigned reported = 0;
    DIR *directory = opendir(folder);
    assert_non_null(directory);
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        if (!strstr(entry->d_name, ".csv"))
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        reported += assert_file_reports(path);
    }
    closedir(directory);
    assert_true(reported >= 30);
    for (size_t i = 0; i < sizeof single / sizeof *single; i++)
        assert_true(assert_file_reports(shared_path(single[i])));
}

/* --- memory --------------------------------------------------------------------------------------------- */

struct jobs {
    const struct panel *panel;
    const struct saved *one, *other;
    struct om_study *study, *of_panel;
};

/* Everything a tally goes through. */
static om_status
do_everything(const struct jobs *jobs, struct om_error *err)
{
    struct om_tally *one = NULL, *other = NULL;
    struct om_analysis *analysis = NULL;
    struct om_tallying tallying;
    struct saved saved = {NULL, 0};
    om_status status = om_tally_panel(jobs->of_panel, NULL, &tallying, err);
    om_tallying_release(&tallying);
    if (status == OM_OK)
        status = om_tally_load(jobs->one->bytes, jobs->one->length, "one", &one, err);
    if (status == OM_OK)
        status = om_tally_load(jobs->other->bytes, jobs->other->length, "other", &other, err);
    if (status == OM_OK)
        status = om_tally_merge(one, other, "other", err);
    if (status == OM_OK)
        status = om_tally_subtract(one, other, "other", err);
    if (status == OM_OK)
        status = om_tally_save(one, &saved.bytes, &saved.length, err);
    if (status == OM_OK)
        status = om_analyse_tally(jobs->study, one, "one", &analysis, err);
    if (status == OM_OK)
        om_analysis_free(analysis);
    om_text_free(saved.bytes);
    om_tally_free(one);
    om_tally_free(other);
    return status;
}

/* Every place that takes memory fails once; nothing is lost, and nothing half done. */
static void
test_memory(void **state)
{
    (void)state;
    struct panel panel = make_panel();
    struct parts parts = {.n = 2};
    for (size_t i = 0; i < panel.persons; i++)
        parts.of[i] = i % 2;
    for (unsigned p = 0; p < 2; p++)
        parts.tally[p] = tally_file(&panel, write_part(&panel, parts.of, p));
    struct saved one = save(parts.tally[0]), other = save(parts.tally[1]);
    struct jobs jobs = {&panel, &one, &other, study_of(&panel, NULL),
                        study_of(&panel, write_part(&panel, parts.of, 0))};
    struct om_error err;
    assert_ok(om_study_set(jobs.of_panel, "by", "site,cohort", &err));
    assert_ok(om_study_set(jobs.of_panel, "describe", "age", &err));
    assert_ok(om_study_set(jobs.of_panel, "threads", "1", &err));
    assert_ok(om_study_set(jobs.study, "by", "cohort", &err));
    assert_ok(om_study_set(jobs.study, "describe", "age", &err));
    assert_ok(om_study_set(jobs.study, "population", "all", &err));
    size_t live = om_memory_live(), k = 0;
    /* libcsv can do without some of its memory: only several in a row are the end */
    for (unsigned fine = 0; fine < 3; k += 1 + k / 100) {
        om_memory_fail_at(k);
        om_status status = do_everything(&jobs, &err);
        om_memory_fail_at((size_t)-1);
        assert_true(status == OM_OK || status == OM_ERR_NOMEM);
        assert_int_equal(om_memory_live(), live);
        fine = status == OM_OK ? fine + 1 : 0;
    }
    assert_true(k > 1000);
    om_study_free(jobs.study);
    om_study_free(jobs.of_panel);
    om_text_free(one.bytes);
    om_text_free(other.bytes);
    free_parts(&parts);
    free_panel(&panel);
}

int
main(int argc, char **argv)
{
    if (argc > 1)
        n_panels = (unsigned)atoi(argv[1]);
    if (argc > 2)
        n_mutations = (unsigned)atoi(argv[2]);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_any_tree_of_any_parts),
        cmocka_unit_test(test_taking_out),
        cmocka_unit_test(test_mutants),
        cmocka_unit_test(test_cut_anywhere),
        cmocka_unit_test(test_what_is_not_known_yet),
        cmocka_unit_test(test_definitions),
        cmocka_unit_test(test_reference_collection),
        cmocka_unit_test(test_memory),
    };
    return cmocka_run_group_tests_name("tally", tests, NULL, NULL);
}
