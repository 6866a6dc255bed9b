/*
 * Writes the constructed evaluation panel: evaluation_wide.csv and evaluation_long.csv.
 *
 * Nobody in it is real. Each person has a latent severity per measure before and after a programme; each
 * answer is that severity plus an item's own difficulty plus noise, cut into codes. For every measure seeds
 * are tried from 1 upwards, and the first whose answers give the published percentage of Dames, Kryskow and
 * Watler (2022) and the cases a demonstration needs (see `suits`) is kept. Integers only, own generator: the
 * bytes do not depend on the machine.
 *
 * usage: make_evaluation DIRECTORY
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum { PHQ9, GAD7, PCL5, BIPF, MEASURES };
enum { PRE, POST, OCCASIONS };
enum { PERSONS = 94, COHORTS = 3, ITEMS = 9 + 7 + 20 + 7, SEEDS = 100000 };
enum { BLANK = -1, NOT_APPLICABLE = -2 };
enum { ONE = 256 }; /* one answer code, and one standard deviation of `normal` */

/* Severities are answer codes per item, times ONE. */
struct measure {
    const char *name;
    int first, items, top; /* position in a form, number of items, highest code */
    int before, gain;      /* mean severity before, mean improvement */
    int spread, response;  /* standard deviations of both */
    int difficulty[20];    /* added to the severity, per item */
};

static const struct measure measures[MEASURES] = {
    {"phq9", 0, 9, 3, 600, 285, 190, 230, {20, 10, 60, 70, 0, 30, 10, -110, -330}},
    {"gad7", 9, 7, 3, 590, 345, 180, 140, {30, 20, 50, 40, -60, 0, -40}},
    {"pcl5", 16, 20, 4, 650, 410, 170, 150, {40, 10, -80, 60, 20, 70,   30, -120, 20, 0,
                                             30, 50, 50,  30, 10, -190, 60, 20,   50, 80}},
    {"bipf", 36, 7, 6, 990, 500, 330, 280, {60, -90, -20, 90, 40, 10, 0}},
};
static const int cohort_size[COHORTS] = {29, 31, 34};
/* Of a hundred people, how many have no such part of life: partner, children, family, friends, work, ... */
static const int not_applicable[7] = {20, 35, 3, 1, 15, 55, 0};

struct person {
    int cohort;
    bool returned;
    int distress, response; /* what the measures share */
    bool without[OCCASIONS][7];
    int8_t answer[OCCASIONS][ITEMS];
};

struct panel {
    struct person person[PERSONS];
};

struct random {
    uint64_t state;
};

/* splitmix64: Steele, Lea and Flood (2014), Fast splittable pseudorandom number generators. */
static uint64_t
next(struct random *r)
{
    uint64_t z = r->state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static int
below(struct random *r, int n)
{
    return (int)(((next(r) >> 32) * (uint64_t)n) >> 32);
}

static bool
chance(struct random *r, int per_thousand)
{
    return below(r, 1000) < per_thousand;
}

/* Near normal: four uniform 16-bit numbers, mean 131070, standard deviation 65536 / sqrt(3) = 37837. */
static int
normal(struct random *r)
{
    uint64_t z = next(r);
    int sum = (int)(z & 0xffff) + (int)(z >> 16 & 0xffff) + (int)(z >> 32 & 0xffff) + (int)(z >> 48);
    return (sum - 131070) * ONE / 37837;
}

/* A trait of one measure: four parts what the measures share, three parts its own. */
static int
trait(struct random *r, int shared)
{
    return (4 * shared + 3 * normal(r)) / 5;
}

static int
code(int severity, int top)
{
    int cut = severity < ONE ? 0 : severity / ONE;
    return cut < top ? cut : top;
}

/* The parts of life a person is without rarely change in three months. */
static void
draw_person(struct random *r, struct person *person)
{
    person->returned = !chance(r, 65);
    person->distress = normal(r);
    person->response = normal(r);
    for (int i = 0; i < measures[BIPF].items; i++) {
        bool change = chance(r, 30) && not_applicable[i] > 0;
        person->without[PRE][i] = chance(r, 10 * not_applicable[i]);
        person->without[POST][i] = person->without[PRE][i] != change;
    }
}

static int
draw_persons(int seed, struct panel *panel)
{
    struct random r = {(uint64_t)seed};
    struct person *person = panel->person;
    int returned = 0;
    for (int cohort = 0; cohort < COHORTS; cohort++) {
        for (int i = 0; i < cohort_size[cohort]; i++, person++) {
            person->cohort = cohort + 1;
            draw_person(&r, person);
            returned += person->returned;
        }
    }
    return returned;
}

/* One form: answers, then what is left out: a form never begun, one given up half way, a single answer. */
static void
draw_form(struct random *r, int m, int severity, const bool *without, int8_t *answer)
{
    const struct measure *measure = &measures[m];
    int end = measure->items;
    for (int i = 0; i < measure->items; i++) {
        int drawn = code(severity + measure->difficulty[i] + normal(r) * 5 / 8, measure->top);
        answer[i] = (int8_t)(m == BIPF && without[i] ? NOT_APPLICABLE : drawn);
    }
    if (chance(r, 10))
        end = 0;
    else if (chance(r, 12))
        end = 1 + below(r, measure->items - 1);
    for (int i = 0; i < measure->items; i++)
        if (i >= end || chance(r, 4))
            answer[i] = BLANK;
}

static void
draw_measure(int seed, int m, struct panel *panel)
{
    const struct measure *measure = &measures[m];
    struct random r = {(uint64_t)(m + 1) << 32 | (uint64_t)seed};
    for (int p = 0; p < PERSONS; p++) {
        struct person *person = &panel->person[p];
        int before = measure->before + measure->spread * trait(&r, person->distress) / ONE;
        int after = before - measure->gain - measure->response * trait(&r, person->response) / ONE;
        draw_form(&r, m, before, person->without[PRE], person->answer[PRE] + measure->first);
        draw_form(&r, m, after, person->without[POST], person->answer[POST] + measure->first);
    }
}

/* A score as a fraction: the sum, or 100 x sum / (6 x answered) for the B-IPF. den 0: no score, for a form
 * with a blank or with nothing that applies. */
struct score {
    int num, den;
};

static struct score
score(const struct person *person, int occasion, int m)
{
    const int8_t *answer = person->answer[occasion] + measures[m].first;
    int sum = 0, answered = 0;
    if (occasion == POST && !person->returned)
        return (struct score){0, 0};
    for (int i = 0; i < measures[m].items; i++) {
        if (answer[i] == BLANK)
            return (struct score){0, 0};
        if (answer[i] >= 0) {
            sum += answer[i];
            answered++;
        }
    }
    if (m == BIPF)
        return (struct score){100 * sum, 6 * answered};
    return (struct score){sum, 1};
}

static bool
positive(struct score s, int m)
{
    switch (m) {
    case PCL5:
        return s.num >= 33;
    case BIPF:
        return s.num > 10 * s.den;
    default:
        return s.num >= 10;
    }
}

static int
band(struct score s, int m)
{
    int bands = s.num / 5, highest = m == PHQ9 ? 4 : 3;
    return bands < highest ? bands : highest;
}

/* The drop in score is at least `points`. */
static bool
dropped(struct score before, struct score after, int points)
{
    return before.num * after.den - after.num * before.den >= points * before.den * after.den;
}

static bool
improved(struct score before, struct score after, int m)
{
    switch (m) {
    case PCL5:
        return !positive(after, m);
    case BIPF:
        return dropped(before, after, 5);
    default:
        return band(after, m) < band(before, m) || dropped(before, after, 5);
    }
}

/* What is counted about one measure, over those with both scores. */
struct counts {
    int paired, positive, improved; /* improved: of the positive */
    int shift_only;                 /* dropped by exactly 5 inside one band; integer totals */
    int entry_at_cut, end_at_cut;   /* exactly the lowest positive score */
    int worse;                      /* up by 6 or more */
};

static struct counts
count(const struct panel *panel, int m)
{
    static const int cut[MEASURES] = {10, 10, 33, 0};
    struct counts counts = {0};
    for (int p = 0; p < PERSONS; p++) {
        struct score before = score(&panel->person[p], PRE, m), after = score(&panel->person[p], POST, m);
        if (!before.den || !after.den)
            continue;
        counts.paired++;
        counts.worse += dropped(after, before, 6);
        if (!positive(before, m))
            continue;
        counts.positive++;
        counts.improved += improved(before, after, m);
        counts.shift_only += before.num - after.num == 5 && band(before, m) == band(after, m);
        counts.entry_at_cut += before.num == cut[m];
        counts.end_at_cut += after.num == cut[m];
    }
    return counts;
}

/* PHQ-9 item 9, over those who came back. */
struct safety {
    int emergent, worsening, unanswered; /* 0 then more; more than before; left out of an answered form */
};

static struct safety
count_safety(const struct panel *panel)
{
    struct safety safety = {0};
    for (int p = 0; p < PERSONS; p++) {
        const struct person *person = &panel->person[p];
        int first = person->answer[PRE][8], second = person->answer[POST][8];
        if (!person->returned)
            continue;
        safety.emergent += first == 0 && second > 0;
        safety.worsening += first > 0 && second > first;
        safety.unanswered += (first == BLANK && person->answer[PRE][7] != BLANK) ||
                             (second == BLANK && person->answer[POST][7] != BLANK);
    }
    return safety;
}

static int
percent(struct counts counts)
{
    int n = counts.positive;
    return n ? (200 * counts.improved + n) / (2 * n) : 0; /* half up */
}

/* The published percentage, and the cases that tell a right computation from a near miss: scores exactly at
 * the cut-off, a drop of 5 that stays in its band, people who got worse, new thoughts of death. */
static bool
suits(const struct panel *panel, int m)
{
    static const int published[MEASURES] = {79, 91, 86, 92};
    struct counts counts = count(panel, m);
    if (percent(counts) != published[m])
        return false;
    if (m == BIPF)
        return true;
    if (m == PCL5)
        return counts.entry_at_cut && counts.end_at_cut;
    if (!counts.entry_at_cut || !counts.end_at_cut || !counts.shift_only)
        return false;
    struct safety safety = count_safety(panel);
    return m != PHQ9 || (counts.worse >= 2 && counts.worse <= 5 && safety.emergent >= 2 &&
                         safety.worsening >= 1 && safety.unanswered >= 1);
}

/* The first seed that gives what is wanted, or 0. */
static int
search_persons(struct panel *panel)
{
    for (int seed = 1; seed <= SEEDS; seed++) {
        int returned = draw_persons(seed, panel);
        if (returned >= PERSONS - 8 && returned <= PERSONS - 4)
            return seed;
    }
    return 0;
}

static int
search_measure(int m, struct panel *panel)
{
    for (int seed = 1; seed <= SEEDS; seed++) {
        draw_measure(seed, m, panel);
        if (suits(panel, m))
            return seed;
    }
    return 0;
}

static void
write_header(FILE *out, const char *suffix)
{
    for (int m = 0; m < MEASURES; m++)
        for (int i = 0; i < measures[m].items; i++)
            fprintf(out, ",%s_%d%s", measures[m].name, i + 1, suffix);
}

static void
write_answers(FILE *out, const struct person *person, int occasion)
{
    for (int i = 0; i < ITEMS; i++) {
        int answer = occasion == POST && !person->returned ? BLANK : person->answer[occasion][i];
        if (answer == BLANK)
            fputs(",", out);
        else if (answer == NOT_APPLICABLE)
            fputs(",NA", out);
        else
            fprintf(out, ",%d", answer);
    }
}

static void
write_wide(FILE *out, const struct panel *panel)
{
    fputs("id,cohort", out);
    write_header(out, "_pre");
    write_header(out, "_post");
    fputs("\n", out);
    for (int p = 0; p < PERSONS; p++) {
        fprintf(out, "P%03d,%d", p + 1, panel->person[p].cohort);
        write_answers(out, &panel->person[p], PRE);
        write_answers(out, &panel->person[p], POST);
        fputs("\n", out);
    }
}

static void
write_long(FILE *out, const struct panel *panel)
{
    fputs("id,cohort,occasion", out);
    write_header(out, "");
    fputs("\n", out);
    for (int p = 0; p < PERSONS; p++) {
        for (int occasion = PRE; occasion <= (panel->person[p].returned ? POST : PRE); occasion++) {
            fprintf(out, "P%03d,%d,%s", p + 1, panel->person[p].cohort, occasion == PRE ? "pre" : "post");
            write_answers(out, &panel->person[p], occasion);
            fputs("\n", out);
        }
    }
}

static bool
write_file(const char *directory, const char *name, const struct panel *panel,
           void (*write)(FILE *, const struct panel *))
{
    char path[4096];
    int length = snprintf(path, sizeof path, "%s/%s", directory, name);
    FILE *out = length < (int)sizeof path ? fopen(path, "wb") : NULL;
    if (!out) {
        perror(path);
        return false;
    }
    write(out, panel);
    bool failed = ferror(out);
    if (fclose(out) || failed) {
        perror(path);
        return false;
    }
    return true;
}

static bool
construct(struct panel *panel)
{
    int seed = search_persons(panel);
    printf("people: seed %d\n", seed);
    for (int m = 0; seed && m < MEASURES; m++) {
        seed = search_measure(m, panel);
        struct counts counts = count(panel, m);
        printf("%s: seed %d, paired %d, positive %d, improved %d (%d %%)\n", measures[m].name, seed,
               counts.paired, counts.positive, counts.improved, percent(counts));
    }
    return seed != 0;
}

int
main(int argc, char **argv)
{
    static struct panel panel;
    if (argc != 2) {
        fputs("usage: make_evaluation DIRECTORY\n", stderr);
        return 64;
    }
    if (!construct(&panel)) {
        fputs("make_evaluation: no seed gives such a panel\n", stderr);
        return 70;
    }
    bool written = write_file(argv[1], "evaluation_wide.csv", &panel, write_wide) &&
                   write_file(argv[1], "evaluation_long.csv", &panel, write_long);
    return written ? 0 : 73;
}
