/*
 * The job as a careful C program over libcsv does it, one cell at a time: the reference for every answer.
 *
 *   libcsv_loop FILE      wide or long, told by whether there is a column `occasion`
 *
 * Per cohort and instrument, complete forms only: n, mean before, mean after, SD of change, the share that
 * screens positive before, and the share of those that is better by 5 points. It knows nothing of omstat.
 */
#include "people.h"

#include <csv.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS = 256, READ_SIZE = 256 * 1024, PERCENT_UNITS = 2520 }; /* 6 * 420; 420 = lcm(1, ..., 7) */

static const struct measure {
    const char *name;
    int items, top;
    int cutoff, better; /* scores */
    int units;          /* of a score of 1, in units of which every score is a whole number; 0: percent */
} measures[MEASURES] = {
    {"phq9", 9, 3, 10, 5, 1}, {"gad7", 7, 3, 10, 5, 1}, {"pcl5", 20, 4, 33, 5, 1}, {"bipf", 7, 6, 11, 5, 0}};

enum role { IGNORED, ID, COHORT, OCCASION, ITEM };

struct form {
    int sum, answered, blank;
};

struct job {
    struct {
        enum role role;
        int measure, occasion; /* of items; the occasion of a long panel is that of the record */
    } column[COLUMNS];
    size_t field, records;
    bool is_long, failed;
    int occasion;
    struct form form[2][MEASURES];
    struct people people;
    struct person person; /* of this record, while it is read */
    char id[64];
};

/* --- one cell ------------------------------------------------------------------------------------------- */

/* id, cohort, occasion, or MEASURE_ITEM, MEASURE_ITEM_pre, MEASURE_ITEM_post */
static void
read_name(struct job *job, const char *name)
{
    size_t c = job->field;
    if (strcmp(name, "id") == 0)
        job->column[c].role = ID;
    else if (strcmp(name, "cohort") == 0)
        job->column[c].role = COHORT;
    else if (strcmp(name, "occasion") == 0)
        job->column[c].role = OCCASION, job->is_long = true;
    for (int m = 0; m < MEASURES; m++) {
        size_t n = strlen(measures[m].name);
        if (strncmp(name, measures[m].name, n) == 0 && name[n] == '_') {
            job->column[c].role = ITEM;
            job->column[c].measure = m;
            job->column[c].occasion = strstr(name, "_post") != NULL;
        }
    }
}

static void
read_answer(struct form *form, const struct measure *measure, const char *text, size_t n)
{
    int value = 0;
    if (measure->units == 0 && n == 2 && memcmp(text, "NA", 2) == 0)
        return; /* does not apply: the form is whole without it */
    for (size_t i = 0; i < n && value <= measure->top; i++)
        value = text[i] >= '0' && text[i] <= '9' ? value * 10 + (text[i] - '0') : measure->top + 1;
    if (n == 0 || value > measure->top) {
        form->blank++;
        return;
    }
    form->sum += value;
    form->answered++;
}

static void
on_field(void *field, size_t n, void *context)
{
    struct job *job = context;
    const char *text = field ? field : ""; /* ends with NUL: CSV_APPEND_NULL */
    size_t c = job->field;
    if (c >= COLUMNS || n >= sizeof job->id) {
        job->failed = true;
        return;
    }
    if (job->records == 0)
        read_name(job, text);
    else if (job->column[c].role == ITEM)
        read_answer(
            &job->form[job->is_long ? job->occasion : job->column[c].occasion][job->column[c].measure],
            &measures[job->column[c].measure], text, n);
    else if (job->column[c].role == ID)
        memcpy(job->id, text, n + 1);
    else if (job->column[c].role == COHORT)
        job->person.cohort = people_cohort(&job->people, text);
    else if (job->column[c].role == OCCASION)
        job->occasion = strcmp(text, "post") == 0;
    job->field++;
}

/* --- one record ----------------------------------------------------------------------------------------- */

static int
score(const struct form *form, const struct measure *measure)
{
    if (form->blank || form->answered == 0)
        return NO_SCORE;
    return measure->units ? form->sum : form->sum * (PERCENT_UNITS / 6 / form->answered);
}

static void
count(struct people *people, const struct person *person)
{
    for (int m = 0; m < MEASURES; m++) {
        struct sums *sums = &people->sums[person->cohort][m];
        int before = person->score[0][m], after = person->score[1][m];
        int units = measures[m].units ? measures[m].units : PERCENT_UNITS, full = measures[m].units ? 1 : 100;
        if (before == NO_SCORE || after == NO_SCORE)
            continue;
        int64_t change = after - before;
        bool positive = before * full >= measures[m].cutoff * units;
        sums->n++;
        sums->before += before;
        sums->after += after;
        sums->change_squared += change * change;
        sums->positive += positive;
        sums->better += positive && -change * full >= measures[m].better * units;
    }
}

static void
on_record(int end, void *context)
{
    struct job *job = context;
    (void)end;
    if (job->records++ > 0 && !job->failed) {
        struct person *person = &job->person;
        if (job->is_long)
            person = people_find(&job->people, job->id, job->person.cohort);
        for (int m = 0; person && m < MEASURES; m++)
            for (int o = 0; o < 2; o++)
                if (!job->is_long || o == job->occasion)
                    person->score[o][m] = (int16_t)score(&job->form[o][m], &measures[m]);
        if (!person)
            job->failed = true;
        else if (!job->is_long)
            count(&job->people, person);
    }
    memset(job->form, 0, sizeof job->form);
    job->field = 0;
}

/* --- the whole ------------------------------------------------------------------------------------------ */

static void
print_table(const struct people *people)
{
    puts("cohort,instrument,n,mean_pre,mean_post,sd_change,positive,improved");
    for (int c = 0; c < people->n_cohorts; c++)
        for (int m = 0; m < MEASURES; m++) {
            const struct sums *sums = &people->sums[c][m];
            double unit = measures[m].units ? 1 : 100.0 / PERCENT_UNITS, n = (double)sums->n;
            double mean_change = (double)(sums->after - sums->before) / n;
            double squares = (double)sums->change_squared - n * mean_change * mean_change;
            printf("%s,%s,%lld,%.12g,%.12g,%.12g,%.12g,%.12g\n", people->cohort[c], measures[m].name,
                   (long long)sums->n, (double)sums->before / n * unit, (double)sums->after / n * unit,
                   sqrt(fmax(squares, 0) / (n - 1)) * unit, (double)sums->positive / n,
                   (double)sums->better / (double)sums->positive);
        }
}

static bool
read_file(struct job *job, FILE *in)
{
    static char buffer[READ_SIZE];
    struct csv_parser parser;
    if (csv_init(&parser, CSV_APPEND_NULL))
        return false;
    for (size_t n; !job->failed && (n = fread(buffer, 1, sizeof buffer, in)) > 0;)
        if (csv_parse(&parser, buffer, n, on_field, on_record, job) != n)
            job->failed = true;
    if (csv_fini(&parser, on_field, on_record, job))
        job->failed = true;
    csv_free(&parser);
    return !job->failed && !ferror(in);
}

int
main(int argc, char **argv)
{
    static struct job job;
    FILE *in = argc == 2 ? fopen(argv[1], "re") : NULL;
    if (!in) {
        fputs("usage: libcsv_loop FILE\n", stderr);
        return 64;
    }
    bool good = read_file(&job, in);
    fclose(in);
    for (size_t i = 0; good && i < job.people.capacity; i++)
        if (job.people.slot[i].id)
            count(&job.people, &job.people.slot[i]);
    if (good)
        print_table(&job.people);
    else
        fprintf(stderr, "%s: cannot be read to its end\n", argv[1]);
    people_release(&job.people);
    return good ? 0 : 74;
}
