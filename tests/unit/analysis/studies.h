/* Running studies in tests: settings in, an analysis (or its error) out. */
#ifndef TESTS_ANALYSIS_STUDIES_H
#define TESTS_ANALYSIS_STUDIES_H

#include "support/support.h"

#include <omstat/analysis.h>
#include <omstat/report.h>
#include <stdio.h>
#include <string.h>

struct run {
    struct om_study *study;
    struct om_analysis *analysis; /* NULL unless status is OM_OK */
    struct om_findings *findings; /* of the analysis, or what was found before it failed; may be NULL */
    om_status status;
    struct om_error err;
};

/* Keys and values by turns, then NULL. A key that is refused is the status of the run. */
static inline struct run
run_settings(const char *const *setting)
{
    struct run run = {.status = om_study_new(&run.study, &run.err)};
    for (size_t i = 0; setting[i] && run.status == OM_OK; i += 2)
        run.status = strcmp(setting[i], "study") == 0
                         ? om_study_load(run.study, setting[i + 1], &run.err)
                         : om_study_set(run.study, setting[i], setting[i + 1], &run.err);
    if (run.status == OM_OK)
        run.status = om_analyse(run.study, NULL, &run.analysis, &run.findings, &run.err);
    if (run.status == OM_OK)
        run.findings = run.analysis->findings;
    return run;
}
#define RUN(...) run_settings((const char *const[]){__VA_ARGS__, NULL})

static inline void
release(struct run *run)
{
    if (run->analysis)
        om_analysis_free(run->analysis); /* and its findings */
    else
        om_findings_free(run->findings);
    om_study_free(run->study);
    *run = (struct run){.status = OM_OK};
}

static inline void
assert_run(const struct run *run)
{
    if (run->status != OM_OK)
        fail_msg("%s: %s (%s)", om_status_name(run->status), run->err.message, run->err.hint);
}

/* The run ended with this status, and says so in words that have these in them. */
static inline void
assert_refused(struct run *run, om_status status, const char *message_has, const char *hint_has)
{
    if (run->status != status || run->analysis || !strstr(run->err.message, message_has) ||
        !strstr(run->err.hint, hint_has))
        fail_msg("%s, not %s: \"%s\" (%s), expected \"%s\" (%s)", om_status_name(run->status),
                 om_status_name(status), run->err.message, run->err.hint, message_has, hint_has);
    release(run);
}

/* How many findings have this code. */
static inline uint64_t
findings_of(const struct run *run, int code)
{
    uint64_t n = 0;
    for (size_t i = 0; run->findings && i < om_findings_groups(run->findings); i++) {
        const struct om_finding_group *group = om_findings_group(run->findings, i);
        n += group->first[0].code == code ? group->count : 0;
    }
    return n;
}

static inline const struct om_result *
row_of(const struct run *run, const char *group, const char *instrument, const char *scale,
       const char *population, const char *occasion, const char *rule, const char *statistic)
{
    const struct om_result *row = om_results_find(&run->analysis->results, group, instrument, scale,
                                                  population, occasion, rule, statistic);
    if (!row)
        fail_msg("no row %s %s %s %s %s %s %s", group, instrument, scale, population, occasion, rule,
                 statistic);
    return row;
}

static inline double
value_of(const struct run *run, const char *group, const char *instrument, const char *scale,
         const char *population, const char *occasion, const char *rule, const char *statistic)
{
    const struct om_result *row =
        row_of(run, group, instrument, scale, population, occasion, rule, statistic);
    if (!row->has_value)
        fail_msg("%s %s %s %s %s %s %s is undefined: %s", group, instrument, scale, population, occasion,
                 rule, statistic, row->note);
    return row->value;
}

/* The result set as CSV; the caller frees it with om_text_free. */
static inline char *
csv_of(const struct run *run)
{
    struct om_report_options options = {.format = OM_FORMAT_CSV};
    struct om_error err;
    char *text = NULL;
    size_t length;
    assert_run(run);
    assert_ok(om_report_render(run->analysis, &options, &text, &length, &err));
    return text;
}

/* Both runs gave the same result rows, byte for byte. Releases both. */
static inline void
assert_same_results(struct run *a, struct run *b, const char *what)
{
    char *x = csv_of(a), *y = csv_of(b);
    size_t i = 0;
    while (x[i] && x[i] == y[i])
        i++;
    if (x[i] != y[i]) {
        while (i && x[i - 1] != '\n')
            i--;
        fail_msg("%s: results differ:\n%.160s\n%.160s", what, x + i, y + i);
    }
    om_text_free(x);
    om_text_free(y);
    release(a);
    release(b);
}

/* --- panels made up on the spot
 * ------------------------------------------------------------------------------ */

struct text {
    char *at;
    size_t length, capacity;
};

static inline void
text_add(struct text *text, const char *bytes, size_t length)
{
    if (text->length + length + 1 > text->capacity) {
        text->capacity = 2 * (text->length + length + 1);
        text->at = realloc(text->at, text->capacity);
        assert_non_null(text->at);
    }
    memcpy(text->at + text->length, bytes, length);
    text->length += length;
    text->at[text->length] = '\0';
}

static inline void
text_put(struct text *text, const char *words)
{
    text_add(text, words, strlen(words));
}

/* Writes the text to a temporary file, releases it and returns the path. */
static inline const char *
text_file(struct text *text)
{
    const char *path = temporary_file(".csv", text->at ? text->at : "", text->length);
    free(text->at);
    *text = (struct text){0};
    return path;
}

static inline const char *
file_of(const char *words)
{
    return temporary_file(".csv", words, strlen(words));
}

static inline struct text
text_read(const char *path)
{
    struct text text = {0};
    char block[65536];
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    for (size_t n; (n = fread(block, 1, sizeof block, file)) > 0;)
        text_add(&text, block, n);
    fclose(file);
    return text;
}

#endif
