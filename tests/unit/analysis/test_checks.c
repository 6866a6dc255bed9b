/*
 * What only somebody who knows questionnaires sees: each finding by a panel that has it and by one that
 * nearly has; the same in a wide and in a long panel, however it is cut and whoever reads it.
 */
#include "studies.h"
#include "analysis/study.h"
#include "base/buffer.h"
#include "base/memory.h"

#include <omstat/validate.h>

enum { PERSONS = 120, BLANK = -1, NA = -2, BAD = -3 };

struct person {
    int phq[2][9], gad[2][7], bipf[2][7];
    int arm, employed, total_off, id;
    const char *label; /* NULL: the right one */
    const char *date[2];
};

/* --- panels --------------------------------------------------------------------------------------------- */

static uint32_t random_state;

static int
random_below(int n)
{
    random_state = random_state * 1664525 + 1013904223;
    return (int)((uint64_t)(random_state >> 8) * (uint64_t)n >> 24);
}

static int
answer(int severity, int most)
{
    int code = (severity * most + random_below(100) * 3 - 150) / 100;
    return code < 0 ? 0 : code > most ? most : code;
}

static struct person
make_person(int i)
{
    struct person p = {.arm = i % 2, .employed = 1, .id = i, .date = {"2024-01-31", "2024-03-01"}};
    for (int o = 0; o < 2; o++) {
        const int severity = random_below(110);
        for (int j = 0; j < 9; j++)
            p.phq[o][j] = answer(severity, 3);
        for (int j = 0; j < 7; j++)
            p.gad[o][j] = answer(severity, 3);
        for (int j = 0; j < 7; j++)
            p.bipf[o][j] = answer(severity, 6);
    }
    return p;
}

static void
put_answers(struct om_buffer *out, const int *answer, int n)
{
    for (int j = 0; j < n; j++) {
        static const char *const words[] = {"", "NA", "x"};
        if (answer[j] < 0)
            om_buffer_format(out, ",%s", words[-1 - answer[j]]);
        else
            om_buffer_format(out, ",%d", answer[j]);
    }
}

static void
put_stored(struct om_buffer *out, const struct person *p, int o)
{
    static const char *const labels[] = {"Minimal", "mild", "moderate", "moderately severe", "severe"};
    int total = 0;
    for (int j = 0; j < 9; j++)
        total += p->phq[o][j] > 0 ? p->phq[o][j] : 0;
    om_buffer_format(out, ",%d,%s", total + p->total_off,
                     p->label ? p->label : labels[total / 5 < 4 ? total / 5 : 4]);
}

static void
put_names(struct om_buffer *out, const char *suffix)
{
    om_buffer_format(out, ",date%s,phq9_total%s,phq9_severity%s", suffix, suffix, suffix);
    for (int j = 1; j <= 9; j++)
        om_buffer_format(out, ",phq9_%d%s", j, suffix);
    for (int j = 1; j <= 7; j++)
        om_buffer_format(out, ",gad7_%d%s", j, suffix);
    for (int j = 1; j <= 7; j++)
        om_buffer_format(out, ",bipf_%d%s", j, suffix);
}

static void
put_form(struct om_buffer *out, const struct person *p, int o)
{
    om_buffer_format(out, ",%s", p->date[o]);
    put_stored(out, p, o);
    put_answers(out, p->phq[o], 9);
    put_answers(out, p->gad[o], 7);
    put_answers(out, p->bipf[o], 7);
}

typedef void change_fn(struct person *p, int i);

static const char *
write_panel(change_fn *change, bool wide)
{
    static const char *path;
    struct om_buffer out = OM_BUFFER_EMPTY;
    om_buffer_text(&out, wide ? "id,arm,employed" : "id,visit,arm,employed");
    put_names(&out, wide ? "_pre" : "");
    if (wide)
        put_names(&out, "_post");
    om_buffer_char(&out, '\n');
    for (int o = 0; o < (wide ? 1 : 2); o++) {
        random_state = 7;
        for (int i = 0; i < PERSONS; i++) {
            struct person p = make_person(i);
            if (change)
                change(&p, i);
            om_buffer_format(&out,
                             wide ? "P%03d,%c,%d"
                             : o  ? "P%03d,post,%c,%d"
                                  : "P%03d,pre,%c,%d",
                             p.id, 'A' + p.arm, p.employed);
            put_form(&out, &p, o);
            if (wide)
                put_form(&out, &p, 1);
            om_buffer_char(&out, '\n');
        }
    }
    if (!path)
        path = temporary_file(".csv", "", 0);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(om_buffer_string(&out), 1, out.length, file), out.length);
    assert_int_equal(fclose(file), 0);
    om_buffer_release(&out);
    return path;
}

/* --- findings ------------------------------------------------------------------------------------------- */

/* "OM205 1 phq9_1_pre: message; ..." of codes above 200 and OM142; settings are pairs. */
static const char *
what_is_found(const char *path, const char *const *setting, size_t piece, size_t threads)
{
    static char text[8192];
    struct om_study *study;
    struct om_validation *validation;
    struct om_error err = {0};
    size_t used = 0;
    assert_int_equal(om_study_new(&study, &err), OM_OK);
    for (size_t i = 0; setting[i]; i += 2)
        if (om_study_set(study, setting[i], setting[i + 1], &err) != OM_OK)
            fail_msg("%s: %s", setting[i], err.message);
    assert_int_equal(om_study_set(study, "not-applicable", "bipf=NA", &err), OM_OK);
    assert_int_equal(om_study_add_input(study, path, &err), OM_OK);
    study->panel.piece = piece;
    study->panel.threads = threads;
    if (om_validate(study, NULL, &validation, &err) != OM_OK)
        fail_msg("%s (%s)", err.message, err.hint);
    text[0] = '\0';
    for (size_t i = 0; i < om_findings_groups(validation->findings); i++) {
        const struct om_finding_group *group = om_findings_group(validation->findings, i);
        const struct om_finding *first = &group->first[0];
        if ((first->code < 200 && first->code != 142) || used >= sizeof text)
            continue;
        used += (size_t)snprintf(text + used, sizeof text - used, "OM%d %s %llu %s:%llu %s; ", first->code,
                                 om_severity_name(first->severity), (unsigned long long)group->count,
                                 first->column, (unsigned long long)first->line, first->message);
    }
    om_validation_free(validation);
    om_study_free(study);
    return text;
}

/* --- one change a finding ------------------------------------------------------------------------------- */

static void
code_from_one(struct person *p, int i)
{
    (void)i;
    for (int o = 0; o < 2; o++)
        for (int j = 0; j < 9; j++)
            p->phq[o][j]++;
}

static void
code_from_one_but_one(struct person *p, int i)
{
    code_from_one(p, i);
    if (i == 50)
        p->phq[1][3] = 0;
}

static void
code_from_one_cut(struct person *p, int i)
{
    (void)i;
    for (int o = 0; o < 2; o++)
        for (int j = 0; j < 7; j++)
            p->gad[o][j] += p->gad[o][j] == 0;
}

static void
code_from_one_cut_but_one(struct person *p, int i)
{
    code_from_one_cut(p, i);
    if (i == 119)
        p->gad[0][0] = 0;
}

static void
reverse_item(struct person *p, int i)
{
    (void)i;
    p->phq[0][3] = 3 - p->phq[0][3];
    p->phq[1][3] = 3 - p->phq[1][3];
}

static void
noise_item(struct person *p, int i)
{
    p->phq[0][3] = i * 7 % 4;
    p->phq[1][3] = i * 5 % 4;
}

static void
add_to_total(struct person *p, int i)
{
    p->total_off = i == 7;
}

static void
add_to_total_of_blank(struct person *p, int i)
{
    p->total_off = i == 7;
    if (i == 7)
        p->phq[0][2] = p->phq[1][2] = BLANK;
}

static void
wrong_label(struct person *p, int i)
{
    if (i == 9)
        p->label = p->phq[0][0] ? "minimal" : "severe";
}

static void
other_words(struct person *p, int i)
{
    if (i == 9)
        p->label = "not known";
}

static void
draw_lines(struct person *p, int i)
{
    for (int j = 0; j < 7 && i % 10 == 0; j++)
        p->gad[1][j] = 2;
}

static void
draw_low_lines(struct person *p, int i)
{
    for (int j = 0; j < 7 && i % 10 == 0; j++)
        p->gad[1][j] = 0;
}

static void
leave_out(struct person *p, int i)
{
    if (i % 4 == 0)
        p->gad[0][5] = BLANK;
}

static void
leave_out_few(struct person *p, int i)
{
    if (i % 5 == 0) /* 20 %, which is allowed */
        p->gad[0][5] = BLANK;
}

static void
leave_out_safety(struct person *p, int i)
{
    if (i == 3 || i == 60)
        p->phq[1][8] = BLANK;
}

static void
leave_out_safety_and_more(struct person *p, int i)
{
    if (i == 3)
        p->phq[1][8] = p->phq[1][7] = BLANK;
    if (i == 60)
        p->phq[1][6] = BLANK;
}

static void
nothing_applies(struct person *p, int i)
{
    for (int j = 0; j < 7 && i == 30; j++)
        p->bipf[0][j] = p->bipf[1][j] = NA;
}

static void
little_applies(struct person *p, int i)
{
    for (int j = 0; j < 6 && i == 30; j++)
        p->bipf[0][j] = p->bipf[1][j] = NA;
}

static void
other_applies(struct person *p, int i)
{
    if (i == 30)
        p->bipf[0][2] = NA;
}

static void
blank_and_applies(struct person *p, int i)
{
    if (i == 30) {
        p->bipf[0][2] = NA;
        p->bipf[1][2] = BLANK;
    }
}

static void
before(struct person *p, int i)
{
    if (i == 11)
        p->date[1] = "2024-01-30";
}

static void
same_day(struct person *p, int i)
{
    if (i == 11)
        p->date[1] = "2024-01-31T09:30";
}

static void
late(struct person *p, int i)
{
    if (i == 11)
        p->date[1] = "2024-05-31"; /* 121 days; a leap year */
}

static void
just_in_time(struct person *p, int i)
{
    if (i == 11)
        p->date[1] = "2024-05-30";
}

static void
other_date(struct person *p, int i)
{
    if (i == 11)
        p->date[1] = "2023-02-29";
}

static void
no_date(struct person *p, int i)
{
    if (i == 11)
        p->date[1] = "";
}

static void
copy_wave(struct person *p, int i)
{
    if (i % 3 == 0)
        memcpy(p->phq[1], p->phq[0], sizeof p->phq[0]);
}

static void
nearly_copy_wave(struct person *p, int i)
{
    copy_wave(p, i);
    p->phq[1][i % 9] = (p->phq[1][i % 9] + 1) % 4;
}

static struct person kept_person;

static void
enter_twice(struct person *p, int i)
{
    if (i == 20)
        kept_person = *p;
    if (i == 90) {
        *p = kept_person;
        p->id = 90;
    }
}

static void
enter_twice_but_one(struct person *p, int i)
{
    enter_twice(p, i);
    if (i == 90)
        p->phq[0][0] = (p->phq[0][0] + 1) % 4, p->phq[1][0] = (p->phq[1][0] + 1) % 4;
}

static void
small_arm(struct person *p, int i)
{
    if (i < 4)
        p->arm = 2;
}

static void
small_enough_arm(struct person *p, int i)
{
    if (i < 5)
        p->arm = 2;
}

static void
no_work(struct person *p, int i)
{
    if (i == 40 || i == 41)
        p->bipf[0][4] = p->bipf[1][4] = NA;
    if (i == 41)
        p->employed = 0;
}

static void
no_answer_about_work(struct person *p, int i)
{
    if (i == 40)
        p->bipf[0][4] = p->bipf[1][4] = BLANK;
}

#define DATES "date", NULL /* the pattern of the layout */
static const struct {
    const char *what, *expected; /* in the order of the findings; "" = none of them */
    change_fn *has, *nearly;
    const char *setting[6];
} cases[] = {
    {"coded from 1", "OM201 error 1 ", code_from_one, code_from_one_but_one, {NULL}},
    {"coded from 1, cut", "OM202 warning 1 ", code_from_one_cut, code_from_one_cut_but_one, {NULL}},
    {"reversed", "OM203 warning 1 ", reverse_item, noise_item, {NULL}},
    {"total", "OM204 warning ", add_to_total, add_to_total_of_blank, {NULL}},
    {"label", "OM215 warning ", wrong_label, other_words, {NULL}},
    {"straight lines", "OM205 warning 1 ", draw_lines, draw_low_lines, {NULL}},
    {"missing", "OM206 warning 1 ", leave_out, leave_out_few, {NULL}},
    {"more missing is fine", "OM206 warning 1 ", leave_out_few, leave_out_few, {"max-missing", "0.19"}},
    {"safety", "OM207 warning 2 ", leave_out_safety, leave_out_safety_and_more, {NULL}},
    {"nothing applies", "OM208 warning ", nothing_applies, little_applies, {NULL}},
    {"other items apply", "OM209 note 1 ", other_applies, blank_and_applies, {NULL}},
    {"before", "OM210 warning 1 ", before, same_day, {DATES}},
    {"late", "OM211 warning 1 ", late, just_in_time, {DATES, "interval", "1..120"}},
    {"date", "OM142 warning 1 ", other_date, no_date, {DATES}},
    {"copied", "OM212 warning 1 ", copy_wave, nearly_copy_wave, {NULL}},
    {"entered twice", "OM213 warning ", enter_twice, enter_twice_but_one, {NULL}},
    {"small group", "OM214 warning 1 ", small_arm, small_enough_arm, {"by", "arm"}},
    {"small group, allowed", "", small_arm, NULL, {"by", "arm", "min-group", "4"}},
};

static void
choose(const char *const *setting, bool wide, const char *out[8])
{
    size_t n = 0;
    for (size_t i = 0; i < 6 && setting[i]; i += 2) {
        out[n++] = setting[i];
        out[n++] = strcmp(setting[i], "date") == 0 ? wide ? "date_{occasion}" : "date" : setting[i + 1];
    }
    out[n] = NULL;
}

static void
test_each(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        for (int wide = 0; wide <= 1; wide++) {
            const char *setting[8], *got;
            const bool nearly_has = cases[i].nearly == cases[i].has; /* only the setting tells */
            choose(cases[i].setting, wide, setting);
            got = what_is_found(write_panel(cases[i].has, wide), setting, 0, 1);
            if (strncmp(got, cases[i].expected, strlen(cases[i].expected)) != 0 ||
                (!*cases[i].expected && *got))
                fail_msg("%s, wide %d: \"%s\"", cases[i].what, wide, got);
            if (nearly_has || !cases[i].nearly)
                continue;
            got = what_is_found(write_panel(cases[i].nearly, wide), setting, 0, 1);
            char code[8];
            snprintf(code, sizeof code, "%.5s", cases[i].expected);
            if (*code && strstr(got, code))
                fail_msg("near %s, wide %d: \"%s\"", cases[i].what, wide, got);
        }
}

static void
test_fine(void **state)
{
    (void)state;
    for (int wide = 0; wide <= 1; wide++) {
        const char *const setting[] = {"by",       "arm",    "date", wide ? "date_{occasion}" : "date",
                                       "interval", "1..120", NULL};
        assert_string_equal(what_is_found(write_panel(NULL, wide), setting, 0, 1), "");
    }
}

/* The same text, places and counts included. */
static void
test_pieces_and_threads(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        for (int wide = 0; wide <= 1; wide++) {
            const char *setting[8], *path = write_panel(cases[i].has, wide);
            char whole[8192];
            choose(cases[i].setting, wide, setting);
            snprintf(whole, sizeof whole, "%s", what_is_found(path, setting, 0, 1));
            for (size_t piece = 1; piece < 9000; piece = 7 * piece + 90)
                for (size_t threads = 1; threads <= 3; threads++)
                    assert_string_equal(what_is_found(path, setting, piece, threads), whole);
        }
}

static void
test_rules(void **state)
{
    (void)state;
    const char *const wide[] = {"checks", "bipf_5_pre == na => employed == 0", NULL};
    const char *const message[] = {"checks", "bipf_5 == na => employed == 0 => no work", "severity",
                                   "OM216=error", NULL};
    assert_string_equal(
        what_is_found(write_panel(no_work, true), wide, 0, 1),
        "OM216 warning 1 employed:42 a rule does not hold: bipf_5_pre == na => employed == 0; ");
    assert_string_equal(what_is_found(write_panel(no_work, false), message, 0, 1),
                        "OM216 error 2 employed:42 no work; ");
    assert_string_equal(what_is_found(write_panel(no_answer_about_work, true), wide, 0, 1), "");
    struct om_study *study;
    struct om_validation *validation = NULL;
    struct om_error err = {0};
    assert_int_equal(om_study_new(&study, &err), OM_OK);
    assert_int_equal(om_study_set(study, "checks", "bipf_5_pre == na => unknown == 0", &err), OM_OK);
    assert_int_equal(om_study_add_input(study, write_panel(NULL, true), &err), OM_OK);
    assert_int_equal(om_validate(study, NULL, &validation, &err), OM_ERR_USAGE);
    assert_non_null(strstr(err.message, "'unknown'"));
    om_study_free(study);
}

/* Every place that takes memory. */
static void
test_no_memory(void **state)
{
    (void)state;
    for (int wide = 0; wide <= 1; wide++) {
        const char *path = write_panel(copy_wave, wide);
        const size_t live = om_memory_live();
        om_status status = OM_ERR_NOMEM;
        for (size_t k = 0; status != OM_OK; k++) {
            struct om_study *study;
            struct om_validation *validation = NULL;
            struct om_error err = {0};
            assert_int_equal(om_study_new(&study, &err), OM_OK);
            assert_int_equal(om_study_set(study, "by", "arm", &err), OM_OK);
            assert_int_equal(om_study_set(study, "date", wide ? "date_{occasion}" : "date", &err), OM_OK);
            assert_int_equal(om_study_set(study, "checks", "employed == 1 => arm == 'A'", &err), OM_OK);
            assert_int_equal(om_study_set(study, "threads", "1", &err), OM_OK);
            assert_int_equal(om_study_add_input(study, path, &err), OM_OK);
            om_memory_fail_at(k);
            status = om_validate(study, NULL, &validation, &err);
            om_memory_fail_at((size_t)-1);
            if (status != OM_OK && status != OM_ERR_NOMEM)
                fail_msg("allocation %zu: %s", k, err.message);
            om_validation_free(validation);
            om_study_free(study);
            assert_int_equal(om_memory_live(), live);
        }
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fine),
        cmocka_unit_test(test_each),
        cmocka_unit_test(test_pieces_and_threads),
        cmocka_unit_test(test_rules),
        cmocka_unit_test(test_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
