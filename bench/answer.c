#include "answer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FIELDS_LIMIT = 20 };

static struct line *
line_of(struct table *table, const char *cohort, const char *instrument)
{
    for (int i = 0; i < table->n; i++)
        if (strcmp(table->line[i].cohort, cohort) == 0 && strcmp(table->line[i].instrument, instrument) == 0)
            return &table->line[i];
    struct line *line = &table->line[table->n];
    if (table->n == TABLE_ROWS || strlen(cohort) >= sizeof line->cohort ||
        strlen(instrument) >= sizeof line->instrument)
        return NULL;
    *line = (struct line){.filled = 0};
    memcpy(line->cohort, cohort, strlen(cohort) + 1);
    memcpy(line->instrument, instrument, strlen(instrument) + 1);
    table->n++;
    return line;
}

static bool
set_number(struct table *table, const char *cohort, const char *instrument, int which, const char *text)
{
    struct line *line = line_of(table, cohort, instrument);
    char *end;
    double value = strtod(text, &end);
    if (!line || (*text && end == text) || end[strspn(end, " ")])
        return false;
    line->number[which] = *text ? value : NAN; /* nothing: not defined */
    line->filled |= 1U << which;
    return true;
}

/* Cuts one line into its fields, without the blanks before them, and returns the next. Fields that are asked
 * for are never quoted: what comes after a quoted one is out of place, and is not looked at. */
static char *
cut_line(char *line, char *field[FIELDS_LIMIT], int *n)
{
    char *next = line + strcspn(line, "\n");
    if (*next)
        *next++ = '\0';
    *n = 0;
    for (char *at = line; at && *n < FIELDS_LIMIT; (*n)++) {
        field[*n] = at + strspn(at, " ");
        at = strchr(at, ',');
        if (at)
            *at++ = '\0';
    }
    return next;
}

bool
table_read(struct table *table, char *text)
{
    static const char header[] = "cohort,instrument,n,mean_pre,mean_post,sd_change,positive,improved\n";
    char *field[FIELDS_LIMIT];
    int n;
    table->n = 0;
    if (strncmp(text, header, sizeof header - 1) != 0)
        return false;
    for (char *line = text + sizeof header - 1; *line;) {
        line = cut_line(line, field, &n);
        if (n != 2 + TABLE_NUMBERS)
            return false;
        for (int i = 0; i < TABLE_NUMBERS; i++)
            if (!set_number(table, field[0], field[1], i, field[2 + i]))
                return false;
    }
    return table->n > 0;
}

/* Columns of a result row: group, instrument, scale, population, occasion, rule, statistic, value. */
static int
wanted(char *const field[])
{
    static const struct {
        const char *population, *occasion, *rule, *statistic;
    } rows[TABLE_NUMBERS] = {
        {"all", "pre", "", "n"},        {"all", "pre", "", "mean"},
        {"all", "post", "", "mean"},    {"all", "change", "", "sd"},
        {"all", "pre", "", "positive"}, {"positive", "change", "shift", "class.improved"},
    };
    for (int i = 0; i < TABLE_NUMBERS; i++)
        if (strcmp(field[3], rows[i].population) == 0 && strcmp(field[4], rows[i].occasion) == 0 &&
            strcmp(field[5], rows[i].rule) == 0 && strcmp(field[6], rows[i].statistic) == 0)
            return i;
    return -1;
}

bool
table_extract(struct table *table, char *text)
{
    static const char *const instruments[] = {"phq9", "gad7", "pcl5", "bipf"};
    static const char group[] = "cohort=";
    char *field[FIELDS_LIMIT];
    int n;
    table->n = 0;
    for (char *line = text; *line;) {
        line = cut_line(line, field, &n);
        if (n < 8 || strncmp(field[0], group, sizeof group - 1) != 0 || strcmp(field[2], "total") != 0)
            continue;
        int which = wanted(field);
        for (int i = 0; which >= 0 && i < 4; i++)
            if (strcmp(field[1], instruments[i]) == 0 &&
                !set_number(table, field[0] + sizeof group - 1, field[1], which, field[7]))
                return false;
    }
    return table->n > 0;
}

/* Two numbers that are not defined are the same. */
static bool
near(double a, double b)
{
    return isnan(a) ? isnan(b) : fabs(a - b) <= 1e-6 * fabs(a);
}

static bool
lines_equal(const struct line *a, const struct line *b)
{
    for (int i = 0; i < TABLE_NUMBERS; i++)
        if (!near(a->number[i], b->number[i]))
            return false;
    return a->filled == b->filled && a->filled == (1U << TABLE_NUMBERS) - 1;
}

bool
table_equal(const struct table *a, const struct table *b)
{
    int found = 0;
    for (int i = 0; i < a->n; i++)
        for (int j = 0; j < b->n; j++)
            if (strcmp(a->line[i].cohort, b->line[j].cohort) == 0 &&
                strcmp(a->line[i].instrument, b->line[j].instrument) == 0)
                found += lines_equal(&a->line[i], &b->line[j]);
    return a->n == b->n && found == a->n;
}
