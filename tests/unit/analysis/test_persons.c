#include "studies.h"

/* GAD-2 panels: two items, so records are short. */
#define LONG_HEADER "id,site,visit,gad2_1,gad2_2\n"
#define WIDE_HEADER "id,site,gad2_1_pre,gad2_2_pre,gad2_1_post,gad2_2_post\n"

static void
assert_ledger(const struct run *run, uint64_t read, uint64_t scored, uint64_t rejected, uint64_t skipped,
              uint64_t persons)
{
    assert_run(run);
    const struct om_record_ledger *records = &run->analysis->records;
    assert_int_equal(records->read, read);
    assert_int_equal(records->scored, scored);
    assert_int_equal(records->rejected, rejected);
    assert_int_equal(records->skipped, skipped);
    assert_int_equal(run->analysis->persons, persons);
}

static double
mean_of(const struct run *run, const char *group, const char *occasion)
{
    return value_of(run, group, "gad2", "total", "all", occasion, "", "mean");
}

static double
count_of(const struct run *run, const char *group, const char *statistic)
{
    return value_of(run, group, "gad2", "total", "all", "", "", statistic);
}

/* --- pairing
 * --------------------------------------------------------------------------------------------------- */

/* The same answers in three layouts; a person of one occasion counts as a person and not as a pair. */
static void
test_layouts(void **state)
{
    (void)state;
    struct run wide =
        RUN("input", file_of(WIDE_HEADER "a,x,3,3,1,0\nb,y,2,2,,\nc,x,,,3,2\nd,y,1,0,0,0\n"), "by", "site");
    struct run lng =
        RUN("input",
            file_of(LONG_HEADER "d,y,post,0,0\na,x,pre,3,3\nc,x,post,3,2\nb,y,pre,2,2\nd,y,pre,1,0\n"
                                "a,x,post,1,0\n"),
            "by", "site");
    struct run files = RUN("occasion", "", "by", "site");
    release(&files);
    const char *pre = file_of("id,site,gad2_1,gad2_2\na,x,3,3\nb,y,2,2\nd,y,1,0\n");
    const char *post = file_of("gad2_2,gad2_1,id,site\n0,0,d,y\n0,1,a,x\n2,3,c,x\n");
    char first[200], last[200];
    snprintf(first, sizeof first, "pre=%s", pre);
    snprintf(last, sizeof last, "post=%s", post);
    files = RUN("occasion", first, "occasion", last, "by", "site");
    assert_ledger(&wide, 4, 4, 0, 0, 4);
    assert_ledger(&lng, 6, 6, 0, 0, 4);
    assert_ledger(&files, 6, 6, 0, 0, 4);
    assert_int_equal(wide.analysis->without_partner, 2);
    assert_int_equal(lng.analysis->without_partner, 2);
    assert_int_equal(files.analysis->without_partner, 2);
    assert_true(mean_of(&wide, "all", "pre") == 3.5 && mean_of(&wide, "all", "post") == 0.5);
    assert_true(mean_of(&wide, "site=x", "change") == -5);
    assert_true(count_of(&wide, "site=y", "ledger.persons") == 2);
    struct run again =
        RUN("input", file_of(WIDE_HEADER "d,y,1,0,0,0\nc,x,,,3,2\nb,y,2,2,,\na,x,3,3,1,0\n"), "by", "site");
    assert_same_results(&wide, &again, "order of records");
    assert_same_results(&lng, &files, "long and files");
    lng = RUN("input", file_of(LONG_HEADER "a,x,pre,3,3\na,x,post,1,0\n"));
    pre = file_of("id,gad2_1,gad2_2\na,3,3\n");
    post = file_of("id,gad2_1,gad2_2\na,1,0\n");
    snprintf(first, sizeof first, "pre=%s", pre);
    snprintf(last, sizeof last, "post=%s", post);
    files = RUN("occasion", last, "occasion", first); /* post is after pre, whichever file is named first */
    assert_same_results(&lng, &files, "long and files named in another order");
    snprintf(first, sizeof first, "summer=%s", pre);
    snprintf(last, sizeof last, "autumn=%s", post);
    files = RUN("occasion", first, "occasion", last); /* no order of their own: the order given */
    assert_true(mean_of(&files, "all", "change") == -5);
    release(&files);
}

/* One occasion only: scores, no change. */
static void
test_one_occasion(void **state)
{
    (void)state;
    struct run run = RUN("input", file_of("id,gad2_1,gad2_2\na,3,3\nb,2,\nc,1,0\n"));
    assert_ledger(&run, 3, 3, 0, 0, 3);
    assert_null(run.analysis->last);
    assert_true(mean_of(&run, "all", "") == 3.5);
    assert_true(count_of(&run, "all", "ledger.baseline") == 2);
    assert_null(om_results_find(&run.analysis->results, NULL, NULL, NULL, NULL, "change", NULL, NULL));
    release(&run);
    run = RUN("input", file_of(LONG_HEADER "a,x,pre,3,3\nb,x,pre,2,1\n"));
    assert_ledger(&run, 2, 2, 0, 0, 2);
    assert_string_equal(run.analysis->first, "pre");
    assert_null(run.analysis->last);
    assert_int_equal(run.analysis->without_partner, 0);
    assert_true(mean_of(&run, "all", "pre") == 4.5);
    release(&run);
}

/* --- more than two occasions
 * ------------------------------------------------------------------------------------- */

#define FOUR                                                                                                 \
    LONG_HEADER "a,x,t2,1,1\na,x,t10,0,0\na,x,t1,3,3\nb,x,t1,2,2\nb,x,t10,1,0\nc,x,t2,2,2\nc,x,t10,3,3\n"

static void
test_more_than_two_occasions(void **state)
{
    (void)state;
    struct run run = RUN("input", file_of(FOUR));
    assert_ledger(&run, 7, 5, 0, 2, 3);
    assert_string_equal(run.analysis->first, "t1");
    assert_string_equal(run.analysis->last, "t10");
    assert_true(mean_of(&run, "all", "change") == -4.5);
    release(&run);
    run = RUN("input", file_of(FOUR), "occasions", "t2,T10");
    assert_ledger(&run, 7, 5, 0, 2, 3);
    assert_true(mean_of(&run, "all", "change") == 0);
    assert_true(value_of(&run, "all", "gad2", "total", "all", "change", "", "n") == 2);
    release(&run);
    run = RUN("input", file_of(FOUR), "occasions", "t10,t1"); /* as asked, even backwards */
    assert_true(mean_of(&run, "all", "change") == 4.5);
    release(&run);
    run = RUN("input", file_of(FOUR), "occasions", "t2");
    assert_ledger(&run, 7, 2, 0, 5, 3);
    assert_null(run.analysis->last);
    assert_true(mean_of(&run, "all", "t2") == 3);
    release(&run);
    run = RUN("input", file_of(FOUR), "occasions", "t1,t3");
    assert_refused(&run, OM_ERR_USAGE, "'t3'", "t2, t10, t1");
}

static void
test_wide_occasions(void **state)
{
    (void)state;
#define THREE "id,gad2_1_t1,gad2_2_t1,gad2_1_t3,gad2_2_t3,gad2_1_t2,gad2_2_t2\na,3,3,1,1,0,0\nb,2,2,1,1,3,3\n"
    struct run run = RUN("input", file_of(THREE));
    assert_string_equal(run.analysis->first, "t1");
    assert_string_equal(run.analysis->last, "t3");
    assert_true(mean_of(&run, "all", "change") == -3);
    release(&run);
    run = RUN("input", file_of(THREE), "occasions", "t1,t2");
    assert_true(mean_of(&run, "all", "change") == -2);
    release(&run);
    run = RUN("input", file_of(THREE), "occasions", "t1,after");
    assert_refused(&run, OM_ERR_USAGE, "'after'", "t1, t3, t2");
    /* Two occasions go by pre and post, and by their own words too. */
#define TWO "id,gad2_1_w2,gad2_2_w2,gad2_1_w1,gad2_2_w1\na,3,3,1,1\nb,2,2,1,1\n"
    run = RUN("input", file_of(TWO));
    assert_string_equal(run.analysis->first, "pre");
    assert_true(mean_of(&run, "all", "change") == 3);
    struct run named = RUN("input", file_of(TWO), "occasions", "pre,post");
    assert_same_results(&run, &named, "pre,post");
    run = RUN("input", file_of(TWO), "occasions", "w2,w1");
    assert_string_equal(run.analysis->first, "w2");
    assert_true(mean_of(&run, "all", "change") == -3);
    release(&run);
    run = RUN("input", file_of("id,gad2_1_pre,gad2_2_pre,gad2_1_baseline,gad2_2_baseline\na,3,3,1,1\n"));
    assert_refused(&run, OM_ERR_PANEL, "'pre'", "--occasions");
}

static void
test_occasions_without_order(void **state)
{
    (void)state;
    struct run run = RUN("input", file_of(LONG_HEADER "a,x,red,3,3\na,x,blue,1,0\n"));
    assert_refused(&run, OM_ERR_PANEL, "2 occasions have no order of their own: 2 not shown", "--occasions");
    run = RUN("input", file_of(LONG_HEADER "a,x,red,3,3\na,x,blue,1,0\n"), "occasions", "red,Blue");
    assert_run(&run);
    assert_true(mean_of(&run, "all", "change") == -5);
    release(&run);
    run = RUN("input", file_of(LONG_HEADER "a,x,Pre,3,3\na,x,POST,1,0\nb,x,PRE,2,2\nb,x,post,0,0\n"));
    assert_run(&run); /* letter case does not make two occasions of one */
    assert_int_equal(run.analysis->n_occasions, 2);
    assert_true(mean_of(&run, "all", "change") == -4.5);
    release(&run);
}

/* --- layouts and what contradicts them
 * ----------------------------------------------------------------------------- */

static void
test_contradictions(void **state)
{
    (void)state;
    const char *wide = file_of(WIDE_HEADER "a,x,3,3,1,0\n");
    struct run run = RUN("input", wide, "layout", "long");
    assert_refused(&run, OM_ERR_PANEL, "no column says the occasion", "--occasion-column");
    run = RUN("input", wide, "layout", "long", "occasion-column", "site");
    assert_refused(&run, OM_ERR_PANEL, "several occasions", "wide");
    run = RUN("input", wide, "occasion-column", "site");
    assert_refused(&run, OM_ERR_PANEL, "several occasions", "wide");
    run = RUN("input", wide, "occasion-column", "nowhere");
    assert_refused(&run, OM_ERR_USAGE, "'nowhere'", "first line");
    run = RUN("input", wide, "layout", "wide", "occasion-column", "site");
    assert_refused(&run, OM_ERR_USAGE, "'site'", "--layout long");
    char given[200];
    snprintf(given, sizeof given, "pre=%s", wide);
    run = RUN("occasion", given);
    assert_refused(&run, OM_ERR_PANEL, "several occasions", "wide");
    run = RUN("input", file_of("id,visit,gad2_1_pre,gad2_2_pre\na,1,3,3\na,2,1,0\n"), "occasion-column",
              "visit");
    assert_run(&run); /* one word for all of them says nothing against the column */
    assert_true(mean_of(&run, "all", "change") == -5);
    release(&run);
    run = RUN("input", wide, "input", file_of(LONG_HEADER "a,x,pre,3,3\n"));
    assert_refused(&run, OM_ERR_PANEL, "same layout", "one by one");
    run = RUN("input", file_of("visit,gad2_1,gad2_2\npre,3,3\n"));
    assert_refused(&run, OM_ERR_PANEL, "person's id", "--id");
    run = RUN("input", file_of("id,patient,gad2_1,gad2_2\n1,1,3,3\n"));
    assert_refused(&run, OM_ERR_PANEL, "'id' and 'patient'", "--id");
    run = RUN("input", file_of("id,patient,gad2_1,gad2_2\n1,1,3,3\n"), "id", "PATIENT");
    assert_ledger(&run, 1, 1, 0, 0, 1);
    release(&run);
}

/* --- duplicates
 * ----------------------------------------------------------------------------------------------------- */

/* What each policy makes of a person with three records of one occasion. */
#define REPEATED                                                                                             \
    LONG_HEADER "a,x,pre,3,3\na,x,pre,2,2\nb,x,pre,1,1\na,x,post,0,0\na,x,pre,1,0\nb,x,post,1,0\n"

static void
test_duplicates_long(void **state)
{
    (void)state;
    const char *path = file_of(REPEATED);
    struct run run = RUN("input", path);
    assert_int_equal(findings_of(&run, 140), 2);
    assert_refused(&run, OM_ERR_DATA, "2 records repeat", "--duplicates");
    run = RUN("input", path, "duplicates", "first");
    assert_ledger(&run, 6, 4, 2, 0, 2);
    assert_int_equal(run.analysis->duplicates, 2);
    assert_true(mean_of(&run, "all", "pre") == 4);
    release(&run);
    run = RUN("input", path, "duplicates", "last");
    assert_ledger(&run, 6, 4, 2, 0, 2);
    assert_true(mean_of(&run, "all", "pre") == 1.5);
    release(&run);
    run = RUN("input", path, "duplicates", "reject-all");
    assert_ledger(&run, 6, 3, 3, 0, 2);
    assert_true(mean_of(&run, "all", "pre") == 2);
    assert_true(value_of(&run, "all", "gad2", "total", "all", "change", "", "n") == 1);
    release(&run);
}

#define REPEATED_WIDE WIDE_HEADER "a,x,3,3,0,0\nb,x,1,1,1,0\na,y,2,2,0,1\nc,x,2,2,2,2\na,y,1,0,1,0\n"

static void
test_duplicates_wide(void **state)
{
    (void)state;
    const char *path = file_of(REPEATED_WIDE);
    struct run run = RUN("input", path);
    assert_int_equal(findings_of(&run, 140), 2);
    assert_refused(&run, OM_ERR_DATA, "2 records repeat a person", "--duplicates");
    run = RUN("input", path, "duplicates", "first", "by", "site");
    assert_ledger(&run, 5, 3, 2, 0, 3);
    assert_true(mean_of(&run, "site=x", "pre") == 4);
    assert_null(om_results_find(&run.analysis->results, "site=y", NULL, NULL, NULL, NULL, NULL, NULL));
    release(&run);
    run = RUN("input", path, "duplicates", "last", "by", "site");
    assert_ledger(&run, 5, 3, 2, 0, 3);
    assert_true(mean_of(&run, "site=x", "pre") == 3);
    assert_true(mean_of(&run, "site=y", "pre") == 1);
    release(&run);
    run = RUN("input", path, "duplicates", "reject-all", "by", "site");
    assert_ledger(&run, 5, 2, 3, 0, 2);
    assert_true(mean_of(&run, "all", "pre") == 3);
    release(&run);
    run = RUN("input", file_of("gad2_1,gad2_2\n3,3\n3,3\n")); /* no ids: nobody can be told apart */
    assert_ledger(&run, 2, 2, 0, 0, 2);
    release(&run);
}

/* The other way round for scores: the lines that are written are those that count. */
static void
test_duplicates_in_scores(void **state)
{
    (void)state;
    static const struct {
        const char *policy;
        size_t lines, rejected;
    } cases[] = {{"first", 4, 2}, {"last", 4, 2}, {"reject-all", 3, 3}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct om_study *study;
        struct om_scoring done = {.n_reading = 0};
        struct om_error err;
        const char *out = file_of("");
        assert_ok(om_study_new(&study, &err));
        assert_ok(om_study_set(study, "input", file_of(REPEATED), &err));
        assert_ok(om_study_set(study, "duplicates", cases[i].policy, &err));
        assert_ok(om_score(study, out, NULL, &done, &err));
        assert_int_equal(done.records.read, 6);
        assert_int_equal(done.records.scored, cases[i].lines);
        assert_int_equal(done.records.rejected, cases[i].rejected);
        struct text text = text_read(out);
        size_t lines = 0;
        for (size_t k = 0; k < text.length; k++)
            lines += text.at[k] == '\n';
        assert_int_equal(lines, cases[i].lines + 1);
        free(text.at);
        om_scoring_release(&done);
        om_study_free(study);
    }
}

/* --- groups
 * ---------------------------------------------------------------------------------------------------------
 */

static void
test_groups(void **state)
{
    (void)state;
    struct run run =
        RUN("input",
            file_of(LONG_HEADER "a,2,pre,3,3\na,2,post,1,0\nb,10,pre,2,2\nb,,post,2,2\nc,,pre,1,1\n"
                                "c,,post,0,0\nd,,pre,3,0\nd,2,post,0,0\n"),
            "by", "site");
    assert_run(&run);
    assert_int_equal(run.analysis->n_groups, 4); /* all, the blank, then by number and not by letter */
    assert_string_equal(run.analysis->group[0], "all");
    assert_string_equal(run.analysis->group[1], "site=(blank)");
    assert_string_equal(run.analysis->group[2], "site=2");
    assert_string_equal(run.analysis->group[3], "site=10");
    assert_int_equal(findings_of(&run, 143), 0); /* a blank contradicts nothing */
    assert_true(count_of(&run, "site=2", "ledger.paired") == 2);
    release(&run);

    run = RUN("input", file_of(LONG_HEADER "a,new,post,1,0\na,old,pre,3,3\nb,old,pre,2,2\nb,old,post,2,2\n"),
              "by", "site");
    assert_run(&run);
    assert_int_equal(findings_of(&run, 143),
                     1); /* the group of the first occasion counts, in any file order */
    assert_true(count_of(&run, "site=old", "ledger.paired") == 2);
    assert_int_equal(run.analysis->n_groups, 2);
    release(&run);
}

/* Whichever record comes first in the file, and also where only occasions that are not compared name a group.
 */
static void
test_group_of_the_first_occasion(void **state)
{
    (void)state;
    static const char *const panels[] = {LONG_HEADER "a,old,pre,3,3\na,new,post,1,0\n",
                                         LONG_HEADER "a,new,post,1,0\na,old,pre,3,3\n",
                                         LONG_HEADER "a,new,mid,1,0\na,old,pre,3,3\na,new,post,1,1\n",
                                         LONG_HEADER "a,,pre,3,3\na,old,post,1,0\na,new,mid,1,1\n",
                                         LONG_HEADER "a,new,t11,1,0\na,old,t3,3,3\na,,t1,1,1\na,,t20,0,0\n"};
    for (size_t i = 0; i < sizeof panels / sizeof panels[0]; i++) {
        struct run run = RUN("input", file_of(panels[i]), "by", "site");
        assert_run(&run);
        assert_int_equal(findings_of(&run, 143), 1);
        assert_int_equal(run.analysis->n_groups, 2);
        assert_string_equal(run.analysis->group[1], "site=old");
        release(&run);
    }
}

static void
test_populations(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        bool all, positive;
    } cases[] = {{"all", true, false}, {"positive", false, true}, {"both", true, true}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct run run =
            RUN("input", file_of(WIDE_HEADER "a,x,3,3,1,0\nb,y,1,0,3,3\n"), "population", cases[i].name);
        assert_run(&run);
        const struct om_results *results = &run.analysis->results;
        const struct om_result *all = om_results_find(results, NULL, NULL, NULL, "all", NULL, NULL, "mean");
        const struct om_result *positive =
            om_results_find(results, NULL, NULL, NULL, "positive", NULL, NULL, "mean");
        assert_int_equal(all != NULL, cases[i].all);
        assert_int_equal(positive != NULL, cases[i].positive);
        assert_true(!positive ||
                    (positive->value == 6 && positive->n == 1)); /* positive at first, not at last */
        assert_true(count_of(&run, "all", "ledger.persons") == 2);
        release(&run);
    }
}

static void
test_several_by_columns(void **state)
{
    (void)state;
    struct run run =
        RUN("input", file_of("id,a,b,gad2_1,gad2_2\n1,x;1,\\,3,3\n2,x;1,y,2,2\n3,\"q\"\"\",y,1,1\n"), "by",
            "a,b");
    assert_run(&run);
    assert_int_equal(run.analysis->n_groups, 4);
    assert_true(mean_of(&run, "a=x\\;1;b=\\\\", "") == 6);
    assert_true(mean_of(&run, "a=x\\;1;b=y", "") == 4);
    assert_true(mean_of(&run, "a=q\";b=y", "") == 2);
    assert_true(mean_of(&run, "all", "") == 4);
    release(&run);
    run = RUN("input", file_of("id,a,gad2_1,gad2_2\n1,x,3,3\n"), "by", "A"); /* names ignore letter case */
    assert_true(mean_of(&run, "A=x", "") == 6);
    release(&run);
    run = RUN("input", file_of("id,a,gad2_1,gad2_2\n1,x,3,3\n"), "by", "b");
    assert_refused(&run, OM_ERR_USAGE, "'b'", "id, a, gad2_1");
}

static void
test_too_many_groups(void **state)
{
    (void)state;
    struct text panel = {0};
    text_put(&panel, "id,site,gad2_1,gad2_2\n");
    for (int i = 0; i < 2500; i++) {
        char line[64];
        snprintf(line, sizeof line, "p%d,verysecret%d,1,1\n", i, i);
        text_put(&panel, line);
    }
    const char *path = text_file(&panel);
    struct run run = RUN("input", path, "by", "site");
    assert_null(strstr(run.err.message, "verysecret"));
    assert_null(strstr(run.err.hint, "verysecret"));
    assert_refused(&run, OM_ERR_USAGE, "more than 1000 different values", "--max-groups");
    run = RUN("input", path, "by", "site", "max-groups", "2499");
    assert_refused(&run, OM_ERR_USAGE, "more than 2499", "--max-groups");
    run = RUN("input", path, "by", "site", "max-groups", "2500");
    assert_run(&run);
    assert_int_equal(run.analysis->n_groups, 2501);
    release(&run);
    run = RUN("input", path);
    assert_ledger(&run, 2500, 2500, 0, 0, 2500); /* several blocks of records */
    release(&run);
}

/* --- records that cannot be used
 * -------------------------------------------------------------------------------------- */

static void
test_rejected_records(void **state)
{
    (void)state;
    static const char panel[] = LONG_HEADER "a,x,pre,3,3\n,x,pre,2,2\nb,x,,1,1\nc,x,pre,1\nd,x,pre,1,1,1\n"
                                            "e,x,pre,1,1,\nf\0,x,pre,1,1\ng,x,p\0re,1,1\nh,x\0,pre,1,1\n"
                                            "a,x,post,1,1\ni,x,post,9,1\n";
    struct run run = RUN("input", temporary_file(".csv", panel, sizeof panel - 1), "by", "site");
    assert_ledger(&run, 11, 4, 7, 0, 3);
    assert_int_equal(findings_of(&run, 141), 2);
    assert_int_equal(findings_of(&run, 110), 2);
    assert_int_equal(findings_of(&run, 123), 1);
    assert_int_equal(findings_of(&run, 104), 3);
    assert_int_equal(findings_of(&run, 132), 1);
    assert_int_equal(run.analysis->n_groups, 2);
    release(&run);
    run = RUN("input", temporary_file(".csv", panel, sizeof panel - 1), "strict", "true", "by", "site");
    assert_refused(&run, OM_ERR_DATA, "8 errors", "");
}

/* A bad record in the middle of a block of a wide panel moves nobody's answers to somebody else. */
static void
test_rejected_wide_records(void **state)
{
    (void)state;
    struct run run = RUN(
        "input", file_of(WIDE_HEADER "a,x,3,3,3,3\n,y,0,0,0,0\nb,y,1,1,1,1\na,z,0,0,0,0\nc,y,1,0,1,0\nd\n"),
        "by", "site", "duplicates", "first");
    assert_ledger(&run, 6, 3, 3, 0, 3);
    assert_true(mean_of(&run, "site=x", "pre") == 6);
    assert_true(mean_of(&run, "site=y", "post") == 1.5);
    assert_int_equal(run.analysis->n_groups, 3);
    release(&run);
}

static void
test_several_wide_files(void **state)
{
    (void)state;
    struct run run = RUN("input", file_of("id,gad2_1,gad2_2,phq2_1,phq2_2\na,3,3,1,1\nb,1,1,2,2\n"), "input",
                         file_of("phq2_2,id,phq2_1\n3,c,3\n"), "input", file_of("id,gad2_1,gad2_2\nd,0,0\n"));
    assert_ledger(&run, 4, 4, 0, 0, 4);
    assert_true(mean_of(&run, "all", "") == 8.0 / 3); /* nobody inherits the answers of another file */
    assert_close(value_of(&run, "all", "phq2", "total", "all", "", "", "mean"), 4, 1e-15);
    assert_true(value_of(&run, "all", "phq2", "total", "all", "", "", "missing") == 1);
    release(&run);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_layouts),
        cmocka_unit_test(test_one_occasion),
        cmocka_unit_test(test_more_than_two_occasions),
        cmocka_unit_test(test_wide_occasions),
        cmocka_unit_test(test_occasions_without_order),
        cmocka_unit_test(test_contradictions),
        cmocka_unit_test(test_duplicates_long),
        cmocka_unit_test(test_duplicates_wide),
        cmocka_unit_test(test_duplicates_in_scores),
        cmocka_unit_test(test_groups),
        cmocka_unit_test(test_group_of_the_first_occasion),
        cmocka_unit_test(test_populations),
        cmocka_unit_test(test_several_by_columns),
        cmocka_unit_test(test_too_many_groups),
        cmocka_unit_test(test_rejected_records),
        cmocka_unit_test(test_rejected_wide_records),
        cmocka_unit_test(test_several_wide_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
