/*
 * The harness: measures what a matrix says, prints tables, writes JSON and a chart.
 *
 *   run [--people N] [--rounds N] [--budget SECONDS] [--groups NAME,...] [--build DIRECTORY]
 *       [--json FILE] [--chart FILE] MATRIX
 *
 * Ends with 1 when a program failed or gave a wrong answer, after everything is written.
 */
#include "harness.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

static const char usage[] =
    "usage: run [--people N] [--rounds N] [--budget SECONDS] [--groups NAME,...] [--build DIRECTORY]\n"
    "           [--json FILE] [--chart FILE] MATRIX\n";

static bool
parse_options(int argc, char **argv, struct bench *bench, const char **groups)
{
    static const struct option options[] = {
        {"people", 1, NULL, 'p'}, {"rounds", 1, NULL, 'r'}, {"budget", 1, NULL, 's'},
        {"groups", 1, NULL, 'g'}, {"build", 1, NULL, 'b'},  {"json", 1, NULL, 'j'},
        {"chart", 1, NULL, 'c'},  {NULL, 0, NULL, 0},
    };
    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (c == 'p')
            bench->people = strtoull(optarg, NULL, 10);
        else if (c == 'r')
            bench->rounds = (int)strtol(optarg, NULL, 10);
        else if (c == 's')
            bench->budget = strtod(optarg, NULL);
        else if (c == 'g')
            *groups = optarg;
        else if (c == 'b')
            bench->build = optarg;
        else if (c == 'j')
            bench->json = optarg;
        else if (c == 'c')
            bench->chart = optarg;
        else
            return false;
    }
    return optind + 1 == argc && bench->people >= 1000 && bench->rounds >= 1 && bench->rounds <= ROUNDS_LIMIT;
}

static bool
listed(const char *list, const char *name)
{
    size_t length = strlen(name);
    for (const char *at = list; at; at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL)
        if (strcspn(at, ",") == length && strncmp(at, name, length) == 0)
            return true;
    return false;
}

/* All groups, or those named. */
static bool
choose_groups(struct matrix *matrix, const char *groups)
{
    bool any = false;
    for (int i = 0; i < matrix->n_groups; i++)
        any |= matrix->group[i].chosen = !*groups || listed(groups, matrix->group[i].name);
    if (!any)
        fprintf(stderr, "no group is named %s\n", groups);
    return any;
}

static int
write_results(struct bench *bench)
{
    print_tables(bench);
    if (bench->json && !write_json(bench)) {
        perror(bench->json);
        return 73;
    }
    if (bench->chart && !write_chart(bench)) {
        perror(bench->chart);
        return 73;
    }
    for (int i = 0; i < bench->matrix.n_rows; i++)
        if (bench->matrix.row[i].wrong || bench->matrix.row[i].exit_code)
            return 1;
    return 0;
}

int
main(int argc, char **argv)
{
    static struct bench bench; /* large, so not with values of its own: they would be in the program */
    const char *groups = "";
    bench.build = "build";
    bench.people = 1000000;
    bench.rounds = 7;
    bench.budget = 60;
    if (!parse_options(argc, argv, &bench, &groups)) {
        fputs(usage, stderr);
        return 64;
    }
    getloadavg(&bench.load, 1);
    int code = 1;
    if (matrix_read(&bench.matrix, argv[optind]) && choose_groups(&bench.matrix, groups) && prepare(&bench) &&
        measure(&bench))
        code = write_results(&bench);
    prepare_release(&bench);
    matrix_release(&bench.matrix);
    return code;
}
