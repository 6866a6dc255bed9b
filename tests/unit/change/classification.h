/* Two published treatment studies as pairs of counts, and the reference results computed from them, read from the
 * collection (data/change_classification; its README has the parameters). */
#ifndef OM_TESTS_CLASSIFICATION_H
#define OM_TESTS_CLASSIFICATION_H

#include "unit/stats/cells.h"

#include <omstat/clinical.h>

enum { TENTHS = 10, GROUPS_MAX = 2 };

/* One outcome of one study, and its parameters. */
struct outcome {
    const char *name; /* as cases begin: "claus_2020:bdi:1-4" */
    const char *file, *before, *after;
    int id, group, time, score; /* columns */
    double reliability, functional_mean, functional_sd;
    enum om_direction direction;
    int64_t mid, mid_worse;  /* points */
    struct om_fraction share;
};

static const struct outcome outcomes[] = {
    {"claus_2020:bdi:1-4", "claus_2020.csv", "1", "4", 0, 3, 4, 5, .801, 7.69, 7.52, OM_HIGHER_WORSE, 7, 7, {1, 2}},
    {"claus_2020:hamd:1-4", "claus_2020.csv", "1", "4", 0, 3, 4, 8, .80, 8, 8, OM_HIGHER_WORSE, 8, 5, {3, 10}},
    {"claus_2020:who:1-4", "claus_2020.csv", "1", "4", 0, 3, 4, 7, .80, 15, 5, OM_HIGHER_BETTER, 3, 3, {3, 10}},
    {"jacobson_1989:das:pre-post", "jacobson_1989.csv", "pre", "post", 0, -1, 1, 2, .88, 114, 14,
     OM_HIGHER_BETTER, 9, 9, {1, 10}},
    {"jacobson_1989:gds:pre-post", "jacobson_1989.csv", "pre", "post", 0, -1, 1, 3, .92, 50, 10, OM_HIGHER_WORSE,
     5, 5, {1, 10}},
};
enum { OUTCOMES = sizeof outcomes / sizeof outcomes[0] };

struct person {
    char id[16], group[16];
    bool has[2];
    int64_t score[2]; /* tenths */
};

/* Cuts a line into fields without their quotes. */
static inline int
fields_of(char *line, char *field[16])
{
    int n = 0;
    line[strcspn(line, "\r\n")] = '\0';
    for (char *p = line; p && n < 16; n++) {
        char *end = strchr(p, ',');
        if (end)
            *end = '\0';
        size_t length = strlen(p);
        if (*p == '"' && length > 1) {
            p[length - 1] = '\0';
            p++;
        }
        field[n] = p;
        p = end ? end + 1 : NULL;
    }
    return n;
}

/* Persons in the order of the file; returns how many. */
static inline size_t
persons_of(const struct outcome *outcome, struct person *person, size_t capacity)
{
    char path[300], line[300], *field[16];
    snprintf(path, sizeof path, "%s", shared_path("change_classification"));
    snprintf(path + strlen(path), sizeof path - strlen(path), "/%s", outcome->file);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    assert_non_null(fgets(line, sizeof line, file));
    size_t n = 0;
    while (fgets(line, sizeof line, file)) {
        int n_fields = fields_of(line, field);
        assert_true(n_fields > outcome->score);
        size_t i = 0;
        while (i < n && strcmp(person[i].id, field[outcome->id]) != 0)
            i++;
        if (i == n) {
            assert_true(n < capacity);
            person[n] = (struct person){.has = {false, false}};
            snprintf(person[n].id, sizeof person[n].id, "%s", field[outcome->id]);
            if (outcome->group >= 0)
                snprintf(person[n].group, sizeof person[n].group, "%s", field[outcome->group]);
            n++;
        }
        int which = strcmp(field[outcome->time], outcome->before) == 0  ? 0
                    : strcmp(field[outcome->time], outcome->after) == 0 ? 1
                                                                         : -1;
        char *end;
        double score = strtod(field[outcome->score], &end);
        if (which < 0 || end == field[outcome->score] || *end)
            continue; /* another wave, or no score: NA */
        person[i].has[which] = true;
        person[i].score[which] = (int64_t)(score * TENTHS + (score < 0 ? -.5 : .5));
    }
    fclose(file);
    return n;
}

/* Pairs of those with both scores, of one group or (NULL) of all. */
static inline struct om_pairs
pairs_of_persons(const struct person *person, size_t n, const char *group, struct om_pair_count *cells)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        if (person[i].has[0] && person[i].has[1] && (!group || strcmp(person[i].group, group) == 0))
            cells[kept++] = (struct om_pair_count){person[i].score[0], person[i].score[1], 1};
    return cells_of(cells, kept, TENTHS);
}

/* --- the reference ------------------------------------------------------------------------------------- */

struct expected {
    char line[200];
    const char *name, *group, *stat, *value; /* into line */
    bool seen;
};

static inline size_t
read_expected(struct expected *row, size_t capacity)
{
    FILE *file = fopen(shared_path("change_classification/expected.tsv"), "r");
    char header[200];
    size_t n = 0;
    assert_non_null(file);
    assert_non_null(fgets(header, sizeof header, file));
    while (n < capacity && fgets(row[n].line, sizeof row[n].line, file)) {
        const char **part[] = {&row[n].name, &row[n].group, &row[n].stat, &row[n].value};
        char *at = row[n].line;
        at[strcspn(at, "\r\n")] = '\0';
        for (size_t i = 0; i < 4; i++) {
            *part[i] = at;
            at += strcspn(at, "\t");
            assert_true(i == 3 || *at);
            *at++ = '\0';
        }
        row[n++].seen = false;
    }
    fclose(file);
    return n;
}

#endif
