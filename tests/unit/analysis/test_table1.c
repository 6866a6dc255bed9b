/* Columns that describe the persons: counted by group, read as numbers or categories, compared. The
 * statistics themselves are tested with their functions (stats/test_table1.c). */
#include "studies.h"

#include <math.h>

static const char panel[] =
    "id,time,gad2_1,gad2_2,arm,age,sex,code\n"
    "1,pre,3,3,a,30,f,1\n1,post,1,1,a,31,f,1\n2,pre,2,2,a,40.5,m,2\n2,post,0,1,a,40.5,m,2\n"
    "3,pre,3,1,b,NA,f,1\n3,post,1,1,b,,f,1\n4,pre,2,3,b,50,,3\n4,post,2,1,b,50,n/a,3\n"
    "5,pre,0,1,b,20,m,2\n";

static const struct om_result *
find(const struct run *run, const char *group, const char *column, const char *statistic)
{
    return row_of(run, group, "", column, "all", "", "", statistic);
}

static void
assert_count(const struct run *run, const char *group, const char *column, const char *statistic, uint64_t k,
             uint64_t n)
{
    const struct om_result *row = find(run, group, column, statistic);
    assert_int_equal(row->numerator, k);
    assert_int_equal(row->denominator, n);
}

static void
test_both_kinds(void **state)
{
    (void)state;
    struct run run = RUN("input", file_of(panel), "by", "arm", "describe", "age:number,sex");
    assert_run(&run);
    /* 30, 40.5 | 50, 20 and one missing; the first occasion's age counts */
    assert_close(find(&run, "all", "age", "mean")->value, 140.5 / 4, 1e-15);
    assert_close(find(&run, "arm=a", "age", "mean")->value, 35.25, 1e-15);
    assert_close(find(&run, "arm=b", "age", "sd")->value, 21.213203435596427, 1e-15); /* 30 / sqrt(2) */
    assert_close(find(&run, "arm=b", "age", "median")->value, 35, 1e-15);
    assert_count(&run, "arm=b", "age", "n", 2, 3);
    assert_count(&run, "arm=b", "age", "missing", 1, 3);
    /* (35 - 35.25) / sqrt((900 / 2 + 55.125) / 2) */
    assert_close(row_of(&run, "arm=b - arm=a", "", "age", "all", "", "", "smd")->value,
                 -0.25 / sqrt((450 + 55.125) / 2), 1e-12);
    assert_count(&run, "all", "sex", "value.f", 2, 4);
    assert_count(&run, "arm=a", "sex", "value.m", 1, 2);
    assert_count(&run, "arm=b", "sex", "missing", 1, 3);
    /* One f and one m in each arm: no difference at all. */
    assert_true(find(&run, "all", "sex", "smd.largest")->value == 0);
    assert_close(find(&run, "all", "sex", "fisher.p")->value, 1, 1e-15);
    release(&run);
}

/* Few different numbers are categories, unless the study says that they are numbers; and the reverse. */
static void
test_what_is_a_number(void **state)
{
    (void)state;
    struct run run = RUN("input", file_of(panel), "describe", "code,age");
    assert_run(&run);
    assert_count(&run, "all", "code", "value.1", 2, 5);
    assert_null(om_results_find(&run.analysis->results, "all", "", "code", "all", "", "", "mean"));
    assert_count(&run, "all", "age", "value.40.5", 1, 4);
    assert_null(om_results_find(&run.analysis->results, "all", "", "sex", NULL, NULL, NULL, NULL));
    release(&run);
    run = RUN("input", file_of(panel), "describe", "code:number");
    assert_close(find(&run, "all", "code", "mean")->value, 1.8, 1e-15);
    release(&run);
    struct text many = {0};
    text_put(&many, "id,gad2_1,gad2_2,age\n");
    for (int i = 0; i < 12; i++) {
        char line[32];
        snprintf(line, sizeof line, "%d,1,2,%d\n", i, 20 + i);
        text_put(&many, line);
    }
    const char *file = text_file(&many);
    run = RUN("input", file, "describe", "age");
    assert_close(find(&run, "all", "age", "mean")->value, 25.5, 1e-15);
    release(&run);
    run = RUN("input", file, "describe", "age:category");
    assert_count(&run, "all", "age", "value.31", 1, 12);
    release(&run);
}

/* A word among numbers is said, not dropped in silence. */
static void
test_words_among_numbers(void **state)
{
    (void)state;
    struct run run = RUN("input", file_of("id,gad2_1,gad2_2,age\n1,1,2,30\n2,1,1,old\n3,2,2,40\n"),
                         "describe", "age:number");
    assert_run(&run);
    assert_count(&run, "all", "age", "missing", 1, 3);
    assert_string_equal(find(&run, "all", "age", "missing")->note, "1 of them are not numbers");
    release(&run);
    run = RUN("input", file_of("id,gad2_1,gad2_2,age\n1,1,2,30\n"), "describe", "sex");
    assert_refused(&run, OM_ERR_USAGE, "no column 'sex' (--describe)", "columns are");
}

/* Neither layout nor threads matter. */
static void
test_same_whatever_the_layout(void **state)
{
    (void)state;
    struct text lines[2] = {{0}, {0}};
    text_put(&lines[0], "id,time,gad2_1,gad2_2,arm,age\n");
    text_put(&lines[1], "id,time,gad2_1,gad2_2,arm,age\n");
    for (int order = 0; order < 2; order++)
        for (int i = 0; i < 600; i++) {
            int at = order ? i * 7919 % 600 : i, person = at / 2;
            char line[64];
            snprintf(line, sizeof line, "%03d,%s,%d,%d,%c,%d\n", person, at % 2 ? "post" : "pre", person % 4,
                     at % 3, 'a' + person % 3, 18 + person * 31 % 70);
            text_put(&lines[order], line);
        }
    const char *sorted = text_file(&lines[0]), *shuffled = text_file(&lines[1]);
    struct run a = RUN("input", sorted, "by", "arm", "describe", "age", "threads", "1");
    struct run b = RUN("input", shuffled, "by", "arm", "describe", "age", "threads", "3");
    assert_same_results(&a, &b, "shuffled");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_both_kinds),
        cmocka_unit_test(test_what_is_a_number),
        cmocka_unit_test(test_words_among_numbers),
        cmocka_unit_test(test_same_whatever_the_layout),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
