/* Rows of scores over occasions: out of an oracle, and out of the shared data. */
#ifndef OM_TESTS_ROWS_H
#define OM_TESTS_ROWS_H

#include <omstat/trajectory.h>
#include "unit/stats/cells.h"

enum { ROWS_MAX = 4096, OCCASIONS_MAX = 64, GROUPS_MAX = 8 };

struct rows {
    struct om_trajectories all;
    struct om_trajectories group[GROUPS_MAX]; /* the same rows, sorted by group */
    size_t n_groups;
    int32_t value[ROWS_MAX * OCCASIONS_MAX], sorted[ROWS_MAX * OCCASIONS_MAX];
    int group_of[ROWS_MAX];
    double time[OCCASIONS_MAX];
};

/* Sorts the rows into their groups; groups are numbered from 0. */
static inline void
rows_regroup(struct rows *rows)
{
    size_t k = rows->all.n_occasions, at = 0;
    rows->n_groups = 0;
    for (size_t i = 0; i < rows->all.n; i++)
        if ((size_t)rows->group_of[i] >= rows->n_groups)
            rows->n_groups = (size_t)rows->group_of[i] + 1;
    assert_true(rows->n_groups <= GROUPS_MAX);
    for (size_t g = 0; g < rows->n_groups; g++) {
        rows->group[g] = rows->all;
        rows->group[g].value = rows->sorted + at * k;
        rows->group[g].n = 0;
        for (size_t i = 0; i < rows->all.n; i++)
            if ((size_t)rows->group_of[i] == g) {
                memcpy(rows->sorted + at++ * k, rows->value + i * k, k * sizeof(int32_t));
                rows->group[g].n++;
            }
    }
}

static inline void
rows_begin(struct rows *rows, size_t n_occasions, int64_t unit)
{
    assert_true(n_occasions <= OCCASIONS_MAX);
    for (size_t k = 0; k < n_occasions; k++)
        rows->time[k] = (double)k;
    rows->all = (struct om_trajectories){
        .value = rows->value, .n_occasions = n_occasions, .time = rows->time, .unit = unit};
}

/* {"unit", "time", "group", "y": a list of rows, -999 for no score} */
static inline void
rows_of_json(const json_t *panel, struct rows *rows)
{
    const json_t *time = json_object_get(panel, "time"), *y = json_object_get(panel, "y");
    const json_t *group = json_object_get(panel, "group");
    rows_begin(rows, json_array_size(time), (int64_t)json_at(panel, "unit"));
    const size_t k = rows->all.n_occasions;
    for (size_t i = 0; i < k; i++)
        rows->time[i] = json_number_value(json_array_get(time, i));
    rows->all.n = json_array_size(y);
    assert_true(rows->all.n <= ROWS_MAX);
    for (size_t i = 0; i < rows->all.n; i++) {
        const json_t *row = json_array_get(y, i);
        assert_int_equal(json_array_size(row), k);
        rows->group_of[i] = (int)json_number_value(json_array_get(group, i));
        for (size_t j = 0; j < k; j++) {
            double value = json_number_value(json_array_get(row, j));
            rows->value[i * k + j] = value == -999 ? OM_NO_SCORE : (int32_t)value;
        }
    }
    rows_regroup(rows);
}

/* A hand-made panel: n rows of k values, one group. */
static inline struct om_trajectories
rows_by_hand(struct rows *rows, const int32_t *value, size_t n, size_t k)
{
    rows_begin(rows, k, 1);
    memcpy(rows->value, value, n * k * sizeof *value);
    memset(rows->group_of, 0, sizeof rows->group_of);
    rows->all.n = n;
    rows_regroup(rows);
    return rows->all;
}

/* Cuts a line of a CSV file without quoted commas, in place; quotes are taken off. */
static inline size_t
cut_line(char *line, char **field, size_t max)
{
    size_t n = 0;
    line[strcspn(line, "\r\n")] = '\0';
    for (char *rest = line; rest && n < max; n++) {
        field[n] = strsep(&rest, ",");
        size_t length = strlen(field[n]);
        if (length > 1 && field[n][0] == '"') {
            field[n][length - 1] = '\0';
            field[n]++;
        }
    }
    return n;
}

static inline size_t
field_named(char **field, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(field[i], name) == 0)
            return i;
    fail_msg("no column %s", name);
    return 0;
}

static inline int32_t
score_of(const char *field)
{
    return *field && strcmp(field, "NA") != 0 ? (int32_t)atoi(field) : OM_NO_SCORE;
}

/* The 43 people of Claus and others (2020), times 1 to 4; group 0 is PA, 1 is TAU. */
static inline void
rows_of_claus(const char *path, const char *outcome, struct rows *rows)
{
    FILE *file = fopen(path, "r");
    char line[512], *field[16], last[32] = "";
    assert_non_null(file);
    assert_non_null(fgets(line, sizeof line, file));
    size_t n = cut_line(line, field, 16), id = field_named(field, n, "id");
    size_t arm = field_named(field, n, "treatment"), time = field_named(field, n, "time");
    size_t score = field_named(field, n, outcome);
    rows_begin(rows, 4, 1);
    while (fgets(line, sizeof line, file)) {
        cut_line(line, field, 16);
        if (strcmp(field[id], last) != 0) {
            snprintf(last, sizeof last, "%s", field[id]);
            rows->group_of[rows->all.n] = strcmp(field[arm], "TAU") == 0;
            for (size_t k = 0; k < 4; k++)
                rows->value[rows->all.n * 4 + k] = OM_NO_SCORE;
            rows->all.n++;
        }
        rows->value[(rows->all.n - 1) * 4 + (size_t)atoi(field[time]) - 1] = score_of(field[score]);
    }
    for (size_t k = 0; k < 4; k++)
        rows->time[k] = (double)(k + 1);
    fclose(file);
    rows_regroup(rows);
}

/* Some columns of a wide file, from the one named `first` on. */
static inline void
rows_of_wide(const char *path, const char *first, size_t n_occasions, struct rows *rows)
{
    FILE *file = fopen(path, "r");
    char line[1024], *field[64];
    assert_non_null(file);
    assert_non_null(fgets(line, sizeof line, file));
    size_t n = cut_line(line, field, 64), begin = field_named(field, n, first);
    rows_begin(rows, n_occasions, 1);
    for (; fgets(line, sizeof line, file); rows->all.n++) {
        assert_int_equal(cut_line(line, field, 64), n);
        rows->group_of[rows->all.n] = 0;
        for (size_t k = 0; k < n_occasions; k++)
            rows->value[rows->all.n * n_occasions + k] = score_of(field[begin + k]);
    }
    fclose(file);
    rows_regroup(rows);
}

#endif
