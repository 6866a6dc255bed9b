/*
 * All statistics of the totals of a panel, beyond its tally: the population `all`, by cohort, every family
 * that needs no more than crosstabs and item sums. The bootstrap has a program of its own, and what needs
 * every occasion is left out.
 *
 *   statistics tally|standard|all|each PANEL
 *
 * tally: counts and stops. standard, all: counts, then makes the rows that every report has, or all of them,
 * and says how long these took of the processor. each: the same, family by family. The answer goes to
 * standard output, seconds to standard error.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include "analysis/families.h"
#include "base/error.h"
#include "base/memory.h"

static double
cpu_seconds(void)
{
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return (double)used.ru_utime.tv_sec + (double)used.ru_stime.tv_sec +
           (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) * 1e-6;
}

/* Does the family belong here? */
static bool
counts_suffice(const struct om_family *family)
{
    return !family->every_occasion && strcmp(family->id, "bootstrap") != 0;
}

/* --- the tally ------------------------------------------------------------------------------------------ */

static om_status
set_study(struct om_study *study, const char *path, struct om_error *err)
{
    static const char *const setting[][2] = {
        {"by", "cohort"}, {"max-groups", "100000"}, {"threads", "1"}, {"population", "all"}};
    for (size_t i = 0; i < sizeof setting / sizeof *setting; i++)
        OM_TRY(om_study_set(study, setting[i][0], setting[i][1], err));
    return om_study_add_input(study, path, err);
}

static om_status
count(struct om_run *run, const struct om_study *study, struct om_panel *panel, struct om_error *err)
{
    OM_TRY(om_run_init(run, study, panel, OM_RUN_REPORT, err));
    OM_TRY(om_persons_read(panel, false, om_run_consume, run, NULL, NULL, &run->count, err));
    if (run->count.read_again || run->count.last == OM_NONE)
        return om_fail(err, OM_ERR_PANEL, "a wide panel of two occasions is wanted, in the order of its ids");
    OM_TRY(om_run_finish(run, err));
    return om_run_settle_norms(run, err);
}

/* Puts the totals first and forgets the other scales; the number of them all is handed back. */
static size_t
keep_totals(struct om_run *run)
{
    static const char *const kept[] = {"phq9", "gad7", "pcl5", "bipf"};
    size_t whole = run->n_scales, n = 0;
    for (size_t s = 0; s < whole; s++) {
        bool keep = false;
        for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
            keep |= run->scale[s].is_main && strcmp(run->scale[s].info.instrument->id, kept[i]) == 0;
        if (!keep)
            continue;
#define SWAP(type, a, b)                                                                                     \
    do {                                                                                                     \
        type kept_aside = (a);                                                                               \
        (a) = (b);                                                                                           \
        (b) = kept_aside;                                                                                    \
    } while (0)
        SWAP(struct om_run_scale, run->scale[n], run->scale[s]);
        for (size_t g = 0; g < run->n_groups; g++) {
            struct om_run_group *group = &run->group[g];
            SWAP(struct om_crosstab, group->table[n], group->table[s]);
            SWAP(struct om_crosstab, group->safety[n], group->safety[s]);
            SWAP(struct om_item_sums, group->sums[2 * n], group->sums[2 * s]);
            SWAP(struct om_item_sums, group->sums[2 * n + 1], group->sums[2 * s + 1]);
        }
        n++;
    }
    run->n_scales = n;
    return whole;
}

/* --- the rows ------------------------------------------------------------------------------------------- */

/* A sum that changes when any value does. */
static double
checksum(const struct om_results *results)
{
    double sum = 0;
    for (size_t i = 0; i < results->n_rows; i++)
        sum += results->row[i].has_value ? results->row[i].value * (double)(1 + i % 7) : 0;
    return sum;
}

static om_status
make_rows(const struct om_run *run, double *seconds, size_t *n_rows, double *sum, struct om_error *err)
{
    struct om_analysis analysis = {.first = run->panel->occasion.at[run->count.first],
                                   .last = run->panel->occasion.at[run->count.last],
                                   .ledger =
                                       om_calloc(run->n_groups * run->n_scales, sizeof *analysis.ledger)};
    if (!analysis.ledger)
        return om_fail_memory(err);
    double start = cpu_seconds();
    om_status status = om_rows_all(&analysis, run, err);
    *seconds = cpu_seconds() - start;
    *n_rows = analysis.results.n_rows;
    *sum = checksum(&analysis.results);
    om_results_release(&analysis.results);
    om_free(analysis.ledger);
    return status;
}

static om_status
all_rows(struct om_study *study, const struct om_run *run, bool families, struct om_error *err)
{
    double seconds, sum;
    size_t n;
    for (size_t f = 0; om_families[f].id; f++)
        study->families[f] = families && counts_suffice(&om_families[f]);
    OM_TRY(make_rows(run, &seconds, &n, &sum, err));
    printf("%zu groups, %zu scales, %zu rows, %.17g\n", run->n_groups, run->n_scales, n, sum);
    fprintf(stderr, "%.3f s of the processor\n", seconds);
    return OM_OK;
}

static om_status
one_family(const struct om_run *run, const char *name, double *seconds, size_t *rows, struct om_error *err)
{
    double took, sum;
    size_t n;
    OM_TRY(make_rows(run, &took, &n, &sum, err));
    double views = (double)(run->n_groups * run->n_scales);
    fprintf(stderr, "%-20s %8.3f s %9.0f ns a group and scale %9zu rows\n", name, took - *seconds,
            (took - *seconds) / views * 1e9, n - *rows);
    if (*seconds == 0) { /* the standard rows, which every run has */
        *seconds = took;
        *rows = n;
    }
    return OM_OK;
}

static om_status
each_family(struct om_study *study, const struct om_run *run, struct om_error *err)
{
    double seconds = 0;
    size_t rows = 0;
    memset(study->families, 0, sizeof study->families);
    OM_TRY(one_family(run, "(standard)", &seconds, &rows, err));
    for (size_t f = 0; om_families[f].id; f++) {
        if (!counts_suffice(&om_families[f]))
            continue;
        study->families[f] = true;
        OM_TRY(one_family(run, om_families[f].id, &seconds, &rows, err));
        study->families[f] = false;
    }
    return OM_OK;
}

/* --- the program ---------------------------------------------------------------------------------------- */

static om_status
run_panel(const char *what, const char *path, struct om_error *err)
{
    const bool families = strcmp(what, "all") == 0 || strcmp(what, "each") == 0;
    struct om_study *study = NULL;
    struct om_panel *panel = NULL;
    struct om_run run = {0};
    om_status status = om_study_new(&study, err);
    if (status == OM_OK)
        status = set_study(study, path, err);
    if (status == OM_OK) /* the counts it needs; it is asked for later */
        study->families[om_family_find("reliability")] = families;
    if (status == OM_OK)
        status = om_panel_open(&study->panel, study->registry, NULL, NULL, &panel, err);
    if (status == OM_OK)
        status = count(&run, study, panel, err);
    if (status == OM_OK) {
        size_t whole = keep_totals(&run);
        if (strcmp(what, "tally") == 0)
            printf("%" PRIu64 " persons, %zu groups\n", run.count.persons, run.n_groups);
        else if (strcmp(what, "each") == 0)
            status = each_family(study, &run, err);
        else
            status = all_rows(study, &run, families, err);
        run.n_scales = whole;
    }
    om_run_release(&run);
    om_panel_close(panel);
    om_study_free(study);
    return status;
}

int
main(int argc, char **argv)
{
    static const char *const verbs[] = {"tally", "standard", "all", "each"};
    struct om_error err = {0};
    bool usable = false;
    for (size_t i = 0; argc == 3 && i < sizeof verbs / sizeof *verbs; i++)
        usable |= strcmp(argv[1], verbs[i]) == 0;
    if (!usable) {
        fputs("usage: statistics tally|standard|all|each PANEL\n", stderr);
        return 64;
    }
    om_status status = run_panel(argv[1], argv[2], &err);
    if (status != OM_OK)
        fprintf(stderr, "%s\n", err.message);
    return om_status_exit_code(status);
}
