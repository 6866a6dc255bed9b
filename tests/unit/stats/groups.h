/* Groups of values, as counts. */
#ifndef OM_TESTS_GROUPS_H
#define OM_TESTS_GROUPS_H

#include <stdio.h>
#include <string.h>
#include "unit/stats/cells.h"

enum { GROUPS_MAX = 16 };

struct groups {
    struct om_counts of[GROUPS_MAX];
    struct om_count cell[GROUPS_MAX][512];
    int64_t value[GROUPS_MAX][2048];
    size_t size[GROUPS_MAX], n;
};

static inline void
groups_count(struct groups *g, int64_t unit)
{
    for (size_t i = 0; i < g->n; i++)
        g->of[i] = counts_of(g->value[i], g->size[i], unit, g->cell[i]);
}

static inline void
groups_of_json(const json_t *groups, int64_t unit, struct groups *g)
{
    g->n = json_array_size(groups);
    for (size_t i = 0; i < g->n; i++) {
        const json_t *values = json_array_get(groups, i);
        g->size[i] = json_array_size(values);
        for (size_t k = 0; k < g->size[i]; k++)
            g->value[i][k] = (int64_t)json_number_value(json_array_get(values, k));
    }
    groups_count(g, unit);
}

/* An outcome of the trial of Claus et al. (2020), by its column from 0: those with a value at the first and
 * the fourth wave, arm TAU, then PA. */
struct trial {
    int64_t row[2][32][2]; /* first, fourth */
    size_t size[2];
};

static inline bool
trial_read(int column, struct trial *trial)
{
    const char *path = shared_path("change_classification/claus_2020.csv");
    if (!path)
        return false;
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    char line[256];
    int first = -1;
    *trial = (struct trial){0};
    assert_non_null(fgets(line, sizeof line, file));
    while (fgets(line, sizeof line, file)) {
        char *field[9] = {0};
        int n = 0;
        for (char *rest = line, *p; n < 9 && (p = strsep(&rest, ",\n"));)
            field[n++] = p;
        assert_int_equal(n, 9);
        int value = *field[column] >= '0' && *field[column] <= '9' ? atoi(field[column]) : -1;
        if (atoi(field[4]) == 1)
            first = value;
        if (atoi(field[4]) != 4 || first < 0 || value < 0)
            continue;
        size_t arm = strstr(field[3], "PA") != NULL, i = trial->size[arm]++;
        assert_true(i < 32);
        trial->row[arm][i][0] = first;
        trial->row[arm][i][1] = value;
    }
    fclose(file);
    return true;
}

/* The change, or the value at the end. */
static inline bool
groups_of_trial(int column, bool change, struct groups *g)
{
    struct trial trial;
    if (!trial_read(column, &trial))
        return false;
    *g = (struct groups){.n = 2, .size = {trial.size[0], trial.size[1]}};
    for (size_t arm = 0; arm < 2; arm++)
        for (size_t i = 0; i < g->size[arm]; i++)
            g->value[arm][i] = trial.row[arm][i][1] - (change ? trial.row[arm][i][0] : 0);
    groups_count(g, 1);
    return true;
}

#endif
