/*
 * An attacker on shareable reports: made-up panels go through the real pass, and everything that is published
 * becomes constraints of a linear programme (GLPK) over what is not known: how many persons of each group
 * have each pair of scores. The attacker knows the definitions of all statistics, as he finds them in the
 * manual; here they stand a second time, independent of the engine. For every small count of persons he
 * computes the least and the largest number that agrees with all that is published.
 *
 *   test_disclosure_attack [TABLES [FIRST]]
 *
 * Table k is the same in every run, so that many can be shared out among processes.
 *
 * The same attacker is shown reports in which only the small counts themselves are blanked, and has to
 * succeed.
 */
#include "studies.h"

#include <glpk.h>
#define MATHLIB_STANDALONE
#include <Rmath.h>
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <omstat/figures.h>

enum { LEVELS = 9, TOP = LEVELS - 1, GROUPS = 5, NONE = LEVELS, BANDS = 4 };
/* Unknown of a group: pairs of scores, with NONE for none at last; at first only for those with no score
 * then. */
enum { PAIRS = LEVELS * LEVELS, CELLS = PAIRS + LEVELS + 1, UNKNOWN = GROUPS * CELLS };
enum { RELIABLE = 2, SHIFT = 3, REMITTED_BELOW = 2 };
static const int band_from[BANDS + 1] = {0, 2, 4, 6, LEVELS};

static const char instrument[] =
    "id: att\nversion: 1\nname: ATT\ntitle: Two made-up questions\nlicense: CC0-1.0\n"
    "items:\n  1: one\n  2: two\nanswers:\n  0: never\n  1: seldom\n  2: sometimes\n  3: often\n  4: always\n"
    "scales:\n  total:\n    label: total\n    combine: sum\n    missing: {max_blank: 0}\n"
    "    bands: {a: 0, b: 2, c: 4, d: 6}\n"
    "    cutoffs:\n      4: {default: true, choice: true, source: {evidence: recommended, note: made up}}\n"
    "    remission: {below: 2, source: {evidence: recommended, note: made up}}\n"
    "    reliable_change:\n      two: {points: 2, default: true, source: {evidence: recommended, note: made "
    "up}}\n"
    "vectors:\n  - {name: one, answers: 2 2, expect: {total: {score: 4, band: c, positive: true}}}\n";

struct table {
    int groups, cutoff, below, round;
    double count[UNKNOWN]; /* the truth */
};

static int
first_of(int cell)
{
    return cell < PAIRS ? cell / LEVELS : cell < PAIRS + LEVELS ? cell - PAIRS : NONE;
}

static int
last_of(int cell)
{
    return cell < PAIRS ? cell % LEVELS : NONE;
}

/* --- panels -------------------------------------------------------------------------------------------- */

static int
random_below(int n)
{
    return (int)(test_random() % (uint32_t)n);
}

static int
random_score(int centre, int spread)
{
    int score = centre + random_below(2 * spread + 1) - spread;
    return score < 0 ? 0 : score > TOP ? TOP : score;
}

static void
put_score(FILE *file, int score)
{
    int one = score == NONE ? 0 : score / 2;
    if (score == NONE)
        fprintf(file, ",,");
    else
        fprintf(file, ",%d,%d", one, score - one);
}

static struct table
make_table(const char *path)
{
    static const int below[] = {3, 5, 5, 10, 11};
    struct table table = {.groups = 1 + random_below(GROUPS), .cutoff = 3 + random_below(3)};
    int kind = random_below(5), missing = random_below(3) * 7, id = 0;
    table.below = below[kind];
    table.round = kind == 2 ? 5 : 1;
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fprintf(file, "id,site,att_1_pre,att_2_pre,att_1_post,att_2_post\n");
    for (int g = 0; g < table.groups; g++) {
        int n = random_below(3) == 0 ? 1 + random_below(6)
                : random_below(2)    ? 5 + random_below(30)
                                     : 20 + random_below(60);
        int before = 2 + random_below(6), change = random_below(5) - 1, spread = 1 + random_below(4);
        for (int i = 0; i < n; i++) {
            int first = random_score(before, spread), last = random_score(first - change, spread);
            if (random_below(100) < missing)
                last = NONE;
            if (random_below(100) < missing / 2)
                first = NONE;
            if (first == NONE)
                last = NONE;
            int cell = first == NONE ? PAIRS + LEVELS : last == NONE ? PAIRS + first : first * LEVELS + last;
            table.count[g * CELLS + cell]++;
            fprintf(file, "p%d,%d", id++, g);
            put_score(file, first);
            put_score(file, last);
            fprintf(file, "\n");
        }
    }
    assert_int_equal(fclose(file), 0);
    return table;
}

/* --- the attacker's manual ------------------------------------------------------------------------------ */

enum class { BETTER, SAME, WORSE, OUT };
enum rule { R_RELIABLE, R_SHIFT, R_BAND, R_BAND_OR_SHIFT, R_SCREEN, R_PERCENT, R_REMISSION, RULES };
static const char *const rule_name[RULES] = {"reliable", "shift",   "band",     "band-or-shift",
                                             "screen",   "percent", "remission"};

static int
band_of(int score)
{
    int b = 0;
    while (score >= band_from[b + 1])
        b++;
    return b;
}

static enum class toward(int from, int to) { return to < from ? BETTER : to > from ? WORSE : SAME; }

static enum class classify(const struct table *table, enum rule rule, int first, int last) {
    switch (rule){case R_RELIABLE : return first - last >= RELIABLE ? BETTER
                  : last - first >= RELIABLE                        ? WORSE
                                                                    : SAME;
                  case R_SHIFT : return first - last >= SHIFT ? BETTER
                  : last - first >= SHIFT                     ? WORSE
                                                              : SAME;
                  case R_BAND : return toward(band_of(first), band_of(last));
                  case R_BAND_OR_SHIFT : {enum class band = classify(table, R_BAND, first, last),
                                          shift = classify(table, R_SHIFT, first, last);
                                          return band == BETTER || shift == BETTER ? BETTER
                                                 : band == WORSE || shift == WORSE ? WORSE
                                                                                   : SAME;}
case R_SCREEN: return toward(first >= table->cutoff, last >= table->cutoff);
case R_PERCENT:
return first == 0 ? OUT : 2 * (first - last) >= first ? BETTER : 2 * (last - first) >= first ? WORSE : SAME;
case R_REMISSION:
return toward(first >= REMITTED_BELOW, last >= REMITTED_BELOW);
case RULES:
break;
}
return OUT;
}

/* A set of persons: the cells for which it is true. */
struct set {
    enum {
        S_ALL,
        S_PERSONS,
        S_BASELINE,
        S_LOST,
        S_UNSEEN,
        S_BASELINE_POSITIVE,
        S_BAND,
        S_POSITIVE,
        S_NEGATIVE,
        S_CLASS,
        S_BUT,
        S_POSITIVE_CLASS,
        S_NEGATIVE_CLASS,
        S_BOTH,
        S_JUDGED
    } kind;
    int a, b, group; /* group -1: all */
};

static bool
holds(const struct table *table, const struct set *set, int cell)
{
    int first = first_of(cell), last = last_of(cell), score[2] = {first, last};
    bool paired = first != NONE && last != NONE, positive = first >= table->cutoff;
    switch (set->kind) {
    case S_PERSONS:
        return true;
    case S_BASELINE:
        return first != NONE;
    case S_LOST:
        return first != NONE && last == NONE;
    case S_UNSEEN:
        return first == NONE;
    case S_BASELINE_POSITIVE:
        return first != NONE && positive;
    case S_ALL:
        return paired;
    case S_BAND:
        return paired && band_of(score[set->a]) == set->b;
    case S_POSITIVE:
        return paired && score[set->a] >= table->cutoff;
    case S_NEGATIVE:
        return paired && score[set->a] < table->cutoff;
    case S_CLASS:
        return paired && (int)classify(table, (enum rule)set->a, first, last) == set->b;
    case S_BUT:
        return paired && classify(table, (enum rule)set->a, first, last) == BETTER &&
               classify(table, (enum rule)set->b, first, last) != BETTER;
    case S_POSITIVE_CLASS:
        return paired && positive && (int)classify(table, (enum rule)set->a, first, last) == set->b;
    case S_NEGATIVE_CLASS:
        return paired && !positive && (int)classify(table, (enum rule)set->a, first, last) == set->b;
    case S_JUDGED:
        return paired && classify(table, (enum rule)set->a, first, last) != OUT;
    case S_BOTH: /* a: 2 positive first + positive last */
        return paired && 2 * positive + (last >= table->cutoff) == set->a;
    }
    return false;
}

/* --- the programme -------------------------------------------------------------------------------------- */

enum { POOL = 48, KNOWN = 4096 };
struct attack {
    const struct table *table;
    long number;
    bool shareable;
    glp_prob *lp;
    int n;                      /* unknowns */
    double pool[POOL][UNKNOWN]; /* answers seen so far: each agrees with what is published */
    int pooled, next;
    struct {
        struct set set;
        double published;
    } known[KNOWN]; /* what is in the programme already */
    int n_known;
};

static double
sum_over(const struct table *table, const struct set *set, const double *count)
{
    double sum = 0;
    for (int g = 0; g < table->groups; g++)
        for (int c = 0; c < CELLS && (set->group < 0 || set->group == g); c++)
            sum += holds(table, set, c) ? count[g * CELLS + c] : 0;
    return sum;
}

/* lower <= sum of weight * unknown <= upper. The truth must agree. */
static void
constrain(struct attack *attack, const double *weight, double lower, double upper)
{
    int index[UNKNOWN + 1], n = 0;
    double value[UNKNOWN + 1], truth = 0;
    for (int i = 0; i < attack->n; i++) {
        truth += weight[i] * attack->table->count[i];
        if (weight[i] == 0)
            continue;
        index[++n] = i + 1;
        value[n] = weight[i];
    }
    if (truth < lower - 1e-6 || truth > upper + 1e-6)
        fail_msg("published: %g to %g, but it is %g", lower, upper, truth);
    int row = glp_add_rows(attack->lp, 1);
    glp_set_row_bnds(attack->lp, row, upper - lower < 1e-9 ? GLP_FX : GLP_DB, lower, upper);
    glp_set_mat_row(attack->lp, row, n, index, value);
}

/* The same number stands in many places: it is taken once. */
static bool
is_known(struct attack *attack, const struct set *set, double published)
{
    for (int i = 0; i < attack->n_known; i++) {
        const struct set *other = &attack->known[i].set;
        if (other->kind != set->kind || other->a != set->a || other->b != set->b ||
            other->group != set->group)
            continue;
        if (attack->known[i].published != published)
            fail_msg("set %d (%d, %d) of group %d published as %g here and as %g there", set->kind, set->a,
                     set->b, set->group, attack->known[i].published, published);
        return true;
    }
    assert_true(attack->n_known < KNOWN);
    attack->known[attack->n_known].set = *set;
    attack->known[attack->n_known++].published = published;
    return false;
}

static void
constrain_set(struct attack *attack, struct set set, double published)
{
    double weight[UNKNOWN] = {0}, half = (double)(attack->table->round / 2);
    if (is_known(attack, &set, published))
        return;
    for (int i = 0; i < attack->n; i++)
        weight[i] = (set.group < 0 || set.group == i / CELLS) && holds(attack->table, &set, i % CELLS);
    constrain(attack, weight, published - half, published + half);
}

/* --- what is published: the rows of the JSON ------------------------------------------------------------ */

struct row {
    const char *population, *occasion, *rule, *statistic, *group_name;
    int group;
    const json_t *json;
};

static const char *
text_in(const json_t *json, const char *name)
{
    const char *text = json_string_value(json_object_get(json, name));
    return text ? text : "";
}

static bool
has(const struct row *row, const char *name)
{
    return json_is_number(json_object_get(row->json, name));
}

static double
number_in(const struct row *row, const char *name)
{
    return json_number_value(json_object_get(row->json, name));
}

static int
group_number(const char *name)
{
    return strcmp(name, "all") == 0 ? -1 : atoi(name + strlen("site="));
}

static struct row
row_at(const json_t *results, size_t i)
{
    const json_t *json = json_array_get(results, i);
    const char *group = text_in(json, "group");
    return (struct row){text_in(json, "population"),
                        text_in(json, "occasion"),
                        text_in(json, "rule"),
                        text_in(json, "statistic"),
                        group,
                        group_number(group),
                        json};
}

/* The value beside a row, of another statistic; false when there is none. */
static bool
beside(const json_t *results, const struct row *row, const char *statistic, double *value)
{
    for (size_t i = 0; i < json_array_size(results); i++) {
        const struct row other = row_at(results, i);
        if (other.group != row->group || strcmp(other.statistic, statistic) != 0 ||
            strcmp(other.population, row->population) != 0 || strcmp(other.occasion, row->occasion) != 0 ||
            other.rule[0] || !has(&other, "value"))
            continue;
        *value = number_in(&other, "value");
        return true;
    }
    return false;
}

/* What a row of the report says, as a set; false when it says nothing about a number of persons. */
static bool
set_of_row(const struct row *row, struct set *set)
{
    const int when = strcmp(row->occasion, "post") == 0, group = row->group;
    *set = (struct set){.group = group};
    if (strcmp(row->statistic, "ledger.persons") == 0)
        set->kind = S_PERSONS;
    else if (strcmp(row->statistic, "ledger.baseline") == 0)
        set->kind = S_BASELINE;
    else if (strcmp(row->statistic, "ledger.positive") == 0)
        set->kind = S_BASELINE_POSITIVE;
    else if (strcmp(row->statistic, "ledger.paired") == 0)
        set->kind = S_ALL;
    else if (strcmp(row->statistic, "n") == 0 || strcmp(row->statistic, "ledger.used") == 0)
        set->kind = strcmp(row->population, "all") == 0 && row->statistic[0] == 'n' ? S_ALL : S_POSITIVE;
    else if (strcmp(row->statistic, "positive") == 0)
        *set = (struct set){S_POSITIVE, when, 0, group};
    else if (strncmp(row->statistic, "band.", 5) == 0)
        *set = (struct set){S_BAND, when, row->statistic[5] - 'a', group};
    else if (strncmp(row->statistic, "class.", 6) == 0) {
        const char *class = row->statistic + 6;
        int rule = 0;
        while (rule < RULES && strcmp(rule_name[rule], row->rule) != 0)
            rule++;
        if (rule == RULES)
            return false;
        *set = (struct set){S_CLASS, rule,
                            strcmp(class, "improved") == 0    ? BETTER
                            : strcmp(class, "unchanged") == 0 ? SAME
                                                              : WORSE,
                            group};
    } else
        return false;
    return true;
}

/* Who is counted in a row. A withheld one does not say whom its rule leaves out. */
static struct set
base_of(const struct row *row)
{
    if (strcmp(row->rule, "percent") == 0 && has(row, "value"))
        return (struct set){S_JUDGED, R_PERCENT, 0, row->group};
    return (struct set){strcmp(row->population, "positive") == 0 ? S_POSITIVE : S_ALL, 0, 0, row->group};
}

static double
value_in(const struct row *row, int first, int last)
{
    return strcmp(row->occasion, "pre") == 0    ? first
           : strcmp(row->occasion, "post") == 0 ? last
                                                : last - first;
}

static bool
counts_in(const struct attack *attack, const struct row *row, int i)
{
    int first = first_of(i % CELLS), last = last_of(i % CELLS);
    bool positive = strcmp(row->population, "positive") == 0;
    return first != NONE && last != NONE && (row->group < 0 || row->group == i / CELLS) &&
           (!positive || first >= attack->table->cutoff);
}

/* The weights of a power of the distance from a point, of those who are counted in a row. */
static void
weigh(const struct attack *attack, const struct row *row, double from, int power, double *weight)
{
    for (int i = 0; i < attack->n; i++) {
        double off = value_in(row, first_of(i % CELLS), last_of(i % CELLS)) - from;
        weight[i] = counts_in(attack, row, i) ? (power == 1 ? off : off * off) : 0;
    }
}

/* Of n persons, n known: scores are whole, so their sum is a whole number near n times the mean, and the sum
 * of their squares one that the SD allows for one of these sums. */
static void
constrain_whole(struct attack *attack, const struct row *row, double n, double mean, double least,
                double most)
{
    const double h = 0.05 + 1e-9, low = ceil(n * (mean - h)), high = floor(n * (mean + h));
    double weight[UNKNOWN], under = INFINITY, over = 0;
    weigh(attack, row, 0, 1, weight);
    constrain(attack, weight, low, high);
    if (most < 0)
        return;
    for (double sum = low; sum <= high; sum++) {
        under = fmin(under, (n - 1) * least * least + sum * sum / n);
        over = fmax(over, (n - 1) * most * most + sum * sum / n);
    }
    weigh(attack, row, 0, 2, weight);
    constrain(attack, weight, ceil(under - 1e-6), floor(over + 1e-6));
}

/* A mean, rounded by at most h: sum of (score - mean) between -h n and h n, whatever n is. The SD tells the
 * sum of squares, here around the mean as published. */
static void
constrain_mean(struct attack *attack, const struct row *row, const json_t *results)
{
    const double h = 0.05 + 1e-9, mean = number_in(row, "value"), n = number_in(row, "n"),
                 half = attack->table->round / 2;
    double above[UNKNOWN], under[UNKNOWN], square[UNKNOWN], sd, least = 0, most = -1;
    assert_true(has(row, "n"));
    weigh(attack, row, mean - h, 1, above);
    weigh(attack, row, mean + h, 1, under);
    constrain(attack, above, 0, 1e6);
    constrain(attack, under, -1e6, 0);
    if (beside(results, row, "sd", &sd)) {
        least = fmax(0, sd - h);
        most = sd + h;
        weigh(attack, row, mean, 2, square);
        constrain(attack, square, fmax(0, n - half - 1) * least * least,
                  (n + half - 1) * most * most + (n + half) * h * h);
    }
    if (half == 0 && attack->shareable)
        constrain_whole(attack, row, n, mean, least, most);
}

/* What is computed from what is published as well has to be just that: then it tells nothing more. False for
 * a statistic that is not known to be. */
static bool
follows(const struct row *row, const json_t *results)
{
    const double value = number_in(row, "value");
    double mean, sd, n;
    if (strncmp(row->statistic, "mcnemar.", 8) == 0) { /* of the discordant pairs: the rule screen has them */
        int shown = 0;
        for (size_t r = 0; r < json_array_size(results); r++) {
            const struct row other = row_at(results, r);
            shown += other.group == row->group && strcmp(other.rule, "screen") == 0 &&
                     strncmp(other.statistic, "class.", 6) == 0 && has(&other, "value");
        }
        return shown == 3;
    }
    if (!beside(results, row, "mean", &mean) || !beside(results, row, "sd", &sd) ||
        !beside(results, row, "n", &n))
        return false;
    if (strcmp(row->statistic, "t.df") == 0)
        return value == n - 1;
    const double want = strcmp(row->statistic, "sd") == 0            ? sd
                        : strcmp(row->statistic, "se") == 0          ? sd / sqrt(n)
                        : strcmp(row->statistic, "d_z") == 0         ? mean / sd
                        : strcmp(row->statistic, "t.statistic") == 0 ? mean / sd * sqrt(n)
                        : strcmp(row->statistic, "t.p") == 0
                            ? 2 * gsl_cdf_tdist_Q(fabs(mean) / sd * sqrt(n), n - 1)
                            : (double)NAN;
    return fabs(value - want) <= 1e-6 * fabs(want) + 1e-15; /* of p, far out, only that it is tiny */
}

static void
check_effect(double d, double n, double lower, double upper)
{
    const double root = sqrt(n), t = d * root;
    if (fabs(lower * root) > 30 || fabs(upper * root) > 30) /* beyond what R's function is for */
        return;
    assert_true(fabs(pnt(t, n - 1, lower * root, true, false) - 0.975) < 1e-6);
    assert_true(fabs(pnt(t, n - 1, upper * root, true, false) - 0.025) < 1e-6);
}

/* An interval follows from k and n, or from mean, SD and n. */
static void
check_interval(const struct row *row, const json_t *results)
{
    const double lower = number_in(row, "lower"), upper = number_in(row, "upper"), level = 0.95;
    double centre, half, sd = 0, n = 0;
    if (!has(row, "lower") && !has(row, "upper"))
        return;
    if (has(row, "denominator")) {
        const double z = gsl_cdf_ugaussian_Pinv(0.5 + level / 2), m = number_in(row, "denominator"),
                     p = number_in(row, "numerator") / m;
        centre = (p + z * z / (2 * m)) / (1 + z * z / m);
        half = z / (1 + z * z / m) * sqrt(p * (1 - p) / m + z * z / (4 * m * m));
    } else {
        assert_true(beside(results, row, "sd", &sd) && beside(results, row, "n", &n));
        centre = number_in(row, "value");
        if (strcmp(row->statistic, "d_z") == 0) {
            check_effect(centre, n, lower, upper);
            return;
        }
        assert_string_equal(row->statistic, "mean");
        half = gsl_cdf_tdist_Pinv(0.5 + level / 2, n - 1) * sd / sqrt(n);
    }
    assert_true(fabs(lower - (centre - half)) < 1e-9 && fabs(upper - (centre + half)) < 1e-9);
}

/* Does a row tell a small count by itself? */
static bool
tells_small(const struct row *row, int below)
{
    const double k = number_in(row, "numerator"), left = number_in(row, "denominator") - k,
                 n = number_in(row, "n");
    return (k > 0 && k < below) || (left > 0 && left < below) || (n > 0 && n < below);
}

/* Of the report that is only blanked, numbers of persons are looked at alone. */
static bool
is_blanked(const struct attack *attack, const struct row *row)
{
    struct set set;
    return strcmp(row->population, "all") != 0 || row->statistic[0] == 'l' || !set_of_row(row, &set) ||
           tells_small(row, attack->table->below);
}

static void
read_row(struct attack *attack, const struct row *row, const json_t *results)
{
    struct set set;
    const bool counted = set_of_row(row, &set), rate = has(row, "denominator");
    if (has(row, "n")) /* every number of persons, wherever it stands */
        constrain_set(attack, base_of(row), number_in(row, "n"));
    if (rate && attack->shareable) {
        const double k = number_in(row, "numerator"), n = number_in(row, "denominator");
        constrain_set(attack, base_of(row), n);
        if (n > 0)
            assert_true(fabs(number_in(row, "value") - k / n) < 1e-12);
        else
            assert_false(k > 0 || has(row, "value"));
    }
    if (!has(row, "value")) {
        assert_false(attack->shareable && (has(row, "lower") || has(row, "upper")));
        return;
    }
    if (counted)
        constrain_set(attack, set, number_in(row, rate ? "numerator" : "value"));
    else if (strcmp(row->statistic, "mean") == 0)
        constrain_mean(attack, row, results);
    else if (attack->shareable && !follows(row, results))
        fail_msg("%s of %s, %s %s, is not known to follow from other rows", row->statistic, row->group_name,
                 row->population, row->occasion);
    if (attack->shareable)
        check_interval(row, results);
}

/* The numbers outside the rows. */
static void
read_ledger(struct attack *attack, const json_t *ledger)
{
    static const struct {
        const char *name;
        int kind;
    } part[] = {{"persons", S_PERSONS},
                {"baseline", S_BASELINE},
                {"positive", S_BASELINE_POSITIVE},
                {"paired", S_ALL},
                {"used", S_POSITIVE}};
    static const char *const never[] = {"read", "scored", "rejected", "skipped"};
    const json_t *records = json_object_get(ledger, "records"), *groups = json_object_get(ledger, "groups");
    for (size_t i = 0; i < sizeof never / sizeof *never; i++)
        assert_true(json_is_null(json_object_get(records, never[i])));
    assert_true(json_is_null(json_object_get(ledger, "without_partner")));
    assert_true(json_is_null(json_object_get(ledger, "duplicates")));
    if (json_is_number(json_object_get(ledger, "persons")))
        constrain_set(attack, (struct set){S_PERSONS, 0, 0, -1},
                      json_number_value(json_object_get(ledger, "persons")));
    for (size_t i = 0; i < json_array_size(groups); i++) {
        const json_t *group = json_array_get(groups, i);
        const struct row row = {.group = group_number(text_in(group, "group")), .json = group};
        for (size_t k = 0; k < sizeof part / sizeof *part; k++)
            if (has(&row, part[k].name))
                constrain_set(attack, (struct set){part[k].kind, 0, 0, row.group},
                              number_in(&row, part[k].name));
    }
}

static void
read_report(struct attack *attack, const json_t *report)
{
    const json_t *results = json_object_get(report, "results");
    for (size_t r = 0; r < json_array_size(results); r++) {
        const struct row row = row_at(results, r);
        if (attack->shareable || !is_blanked(attack, &row))
            read_row(attack, &row, results);
    }
    if (attack->shareable)
        read_ledger(attack, json_object_get(report, "ledger"));
}

/* --- what is published: figures ------------------------------------------------------------------------- */

/* Is a number in words or a table one of the report, as far as it is printed? Whole numbers are counts of
 * persons or groups, thresholds, or levels of confidence. */
static bool
stands_in(const struct attack *attack, const json_t *results, double number, int decimals, bool percent)
{
    static const char *const count[] = {"n", "numerator", "denominator"};
    static const char *const part[] = {"value", "lower", "upper"};
    const double near = 0.5 * pow(10, -decimals) + 1e-9;
    if (decimals == 0 && (number <= attack->table->groups || number == attack->table->cutoff || number == 95))
        return true;
    if (number == 99.8) /* limits of a funnel */
        return true;
    for (size_t r = 0; r < json_array_size(results); r++) {
        const struct row row = row_at(results, r);
        for (size_t i = 0; i < 3; i++) {
            if (decimals == 0 && has(&row, count[i]) && number_in(&row, count[i]) == number)
                return true;
            if ((decimals > 0 || percent) && has(&row, part[i]) &&
                fabs(fabs(number_in(&row, part[i])) * (percent ? 100 : 1) - number) <= near)
                return true;
        }
    }
    return false;
}

static void
read_text(const struct attack *attack, const json_t *results, const char *id, const char *text)
{
    for (const char *at = text; *at;) {
        char *end;
        const bool in_word = (at > text && (at[-1] | 32) >= 'a' && (at[-1] | 32) <= 'z') ||
                             strncmp(at, "1 in 20", 7) == 0 ||
                             (at - text > 5 && strncmp(at - 5, "1 in 20", 7) == 0);
        if (*at < '0' || *at > '9' || in_word) {
            at++;
            continue;
        }
        const double number = strtod(at, &end);
        const char *point = memchr(at, '.', (size_t)(end - at));
        const int decimals = point ? (int)(end - point) - 1 : 0;
        const bool percent = strncmp(end, " %", 2) == 0;
        if (!stands_in(attack, results, number, decimals, percent))
            fail_msg("figure %s: where does the %g of \"%s\" come from?", id, number, text);
        at = end;
    }
}

static void
read_figures(const struct attack *attack, const struct om_analysis *analysis, const json_t *results)
{
    struct om_figures figures = {0};
    struct om_error err = {0};
    assert_ok(om_figures_make(analysis, &figures, &err));
    for (size_t f = 0; f < figures.n; f++) {
        const struct om_figure *figure = &figures.at[f];
        const bool funnel = figure->kind == OM_FIGURE_FUNNEL; /* its limits follow from the rate of all */
        const struct om_figure_table *table = &figure->table;
        read_text(attack, results, figure->id, figure->title);
        read_text(attack, results, figure->id, figure->subtitle);
        read_text(attack, results, figure->id, funnel ? "" : figure->description);
        for (size_t c = 0; c < table->n_columns * table->n_rows; c++)
            if (!funnel || c % table->n_columns < 4)
                read_text(attack, results, figure->id, table->cell[c]);
    }
    om_figures_release(&figures);
}

static void
remember(struct attack *attack)
{
    double *at = attack->pool[attack->next++ % POOL];
    for (int i = 0; i < attack->n; i++)
        at[i] = glp_get_col_prim(attack->lp, i + 1);
    attack->pooled = attack->pooled < POOL ? attack->pooled + 1 : POOL;
}

/* In so many steps: it may go round in a circle. */
static bool
solve(glp_prob *lp, bool presolve)
{
    glp_smcp options;
    glp_init_smcp(&options);
    options.msg_lev = GLP_MSG_OFF;
    options.meth = GLP_PRIMAL;
    options.it_lim = 4000;
    options.presolve = presolve ? GLP_ON : GLP_OFF;
    return glp_simplex(lp, &options) == 0 && glp_get_status(lp) == GLP_OPT;
}

/* In fractions, where rounding led astray. */
static bool
solve_exactly(glp_prob *lp)
{
    glp_smcp options;
    glp_init_smcp(&options);
    options.msg_lev = GLP_MSG_OFF;
    glp_std_basis(lp);
    return glp_exact(lp, &options) == 0 && glp_get_status(lp) == GLP_OPT;
}

/* The least (sign -1) or largest (1) value of a set. */
static double
bound(struct attack *attack, const struct set *set, int sign)
{
    glp_set_obj_dir(attack->lp, sign > 0 ? GLP_MAX : GLP_MIN);
    for (int i = 0; i < attack->n; i++)
        glp_set_obj_coef(attack->lp, i + 1,
                         (set->group < 0 || set->group == i / CELLS) && holds(attack->table, set, i % CELLS));
    if (!solve(attack->lp, false)) {
        glp_std_basis(attack->lp);
        if (!solve(attack->lp, true) && !solve(attack->lp, false) && !solve_exactly(attack->lp))
            fail_msg("table %ld has no answer", attack->number);
    }
    remember(attack);
    return glp_get_obj_val(attack->lp);
}

struct tried {
    long tables, small, exact, known_small, widths[16];
};

/* What the attacker learns of one small count. */
static void
try_set(struct attack *attack, const struct set *set, struct tried *tried)
{
    const struct table *table = attack->table;
    double truth = sum_over(table, set, table->count), low = truth, high = truth;
    if (truth < 1 || truth >= table->below)
        return;
    tried->small++;
    for (int p = 0; p < attack->pooled; p++) {
        double seen = sum_over(table, set, attack->pool[p]);
        low = seen < low ? seen : low;
        high = seen > high ? seen : high;
    }
    if (high < table->below)
        high = bound(attack, set, 1);
    if (high >= table->below - 1e-6)
        return;
    if (floor(high + 1e-6) - ceil(low - 1e-6) < 15)
        low = bound(attack, set, -1);
    int width = (int)(floor(high + 1e-6) - ceil(low - 1e-6));
    tried->known_small++;
    tried->widths[width < 15 ? width : 15]++;
    tried->exact += width == 0;
}

static void
try_all(struct attack *attack, struct tried *tried)
{
    for (int g = -1; g < attack->table->groups; g++) {
        for (int kind = S_ALL; kind <= S_BASELINE_POSITIVE; kind++)
            try_set(attack, &(struct set){kind, 0, 0, g}, tried);
        for (int when = 0; when < 2; when++) {
            for (int b = 0; b < BANDS; b++)
                try_set(attack, &(struct set){S_BAND, when, b, g}, tried);
            try_set(attack, &(struct set){S_POSITIVE, when, 0, g}, tried);
            try_set(attack, &(struct set){S_NEGATIVE, when, 0, g}, tried);
        }
        for (int c = 0; c < 4; c++)
            try_set(attack, &(struct set){S_BOTH, c, 0, g}, tried);
        for (int r = 0; r < RULES; r++)
            for (int c = 0; c < 3; c++) {
                try_set(attack, &(struct set){S_CLASS, r, c, g}, tried);
                try_set(attack, &(struct set){S_POSITIVE_CLASS, r, c, g}, tried);
                try_set(attack, &(struct set){S_NEGATIVE_CLASS, r, c, g}, tried);
            }
        for (int a = 0; a < RULES; a++)
            for (int b = 0; b < RULES; b++)
                if (a != b)
                    try_set(attack, &(struct set){S_BUT, a, b, g}, tried);
    }
}

static void
attack_report(struct attack *attack, const struct om_analysis *analysis, struct tried *tried)
{
    const struct om_report_options options = {.format = OM_FORMAT_JSON};
    struct om_error err = {0};
    json_error_t why;
    char *text = NULL;
    size_t length = 0;
    assert_ok(om_report_render(analysis, &options, &text, &length, &err));
    json_t *report = json_loadb(text, length, 0, &why);
    if (!report)
        fail_msg("JSON, line %d: %s", why.line, why.text);
    attack->lp = glp_create_prob();
    glp_add_cols(attack->lp, attack->n);
    for (int i = 0; i < attack->n; i++)
        glp_set_col_bnds(attack->lp, i + 1, GLP_DB, 0, 10000);
    read_report(attack, report);
    if (attack->shareable)
        read_figures(attack, analysis, json_object_get(report, "results"));
    try_all(attack, tried);
    glp_delete_prob(attack->lp);
    json_decref(report);
    om_text_free(text);
}

static void
attack_one(const char *definition, const char *path, bool shareable, long number, struct tried *tried)
{
    static struct attack attack;
    test_random_from((uint64_t)number);
    struct table table = make_table(path);
    char cutoff[16], rule[40];
    const long exact = tried->exact;
    table.round = shareable ? table.round : 1;
    snprintf(cutoff, sizeof cutoff, "att=%d", table.cutoff);
    snprintf(rule, sizeof rule, "below=%d,round=%d", shareable ? table.below : 1, table.round);
    struct run run = RUN("instrument", definition, "input", path, "by", "site", "cutoff", cutoff, "shift",
                         "3", "shareable", rule, "threads", "1");
    if (run.status == OM_ERR_PANEL) { /* nobody has both scores */
        release(&run);
        return;
    }
    assert_run(&run);
    assert_int_equal(run.analysis->disclosure.active, shareable);
    attack.table = &table;
    attack.number = number;
    attack.shareable = shareable;
    attack.n = table.groups * CELLS;
    attack.pooled = attack.next = attack.n_known = 0;
    attack_report(&attack, run.analysis, tried);
    release(&run);
    tried->tables++;
    if (shareable && tried->exact > exact)
        printf("table %ld: %ld recovered\n", number, tried->exact - exact);
}

static long tables = 60, first = 1;

static struct tried
attack_many(long from, long n, bool shareable)
{
    struct tried tried = {0};
    glp_term_out(GLP_OFF);
    char definition[256], path[256];
    snprintf(definition, sizeof definition, "%s", temporary_file(".yaml", instrument, strlen(instrument)));
    snprintf(path, sizeof path, "%s", file_of(""));
    for (long i = 0; i < n; i++)
        attack_one(definition, path, shareable, from + i, &tried);
    printf("%ld tables, %ld small counts: %ld of them known to be small, %ld recovered; open to more than "
           "one by:",
           tried.tables, tried.small, tried.known_small, tried.exact);
    for (int w = 1; w < 16; w++)
        printf(" %ld", tried.widths[w]);
    printf("\n");
    return tried;
}

static void
recovers_nothing(void **state)
{
    (void)state;
    struct tried tried = attack_many(first, tables, true);
    assert_true(tried.small > 50 * tables);
    assert_int_equal(tried.exact, 0);
}

/* Reports whose programme has so many sums that say nearly the same that the simplex went round in a circle.
 */
static void
comes_to_an_end(void **state)
{
    (void)state;
    static const long stalled[] = {1225, 6234};
    for (size_t i = 0; i < sizeof stalled / sizeof *stalled; i++)
        assert_int_equal(attack_many(stalled[i], 1, true).exact, 0);
}

/* What would be recovered if small counts were blanked, and nothing else done. */
static void
recovers_what_is_only_blanked(void **state)
{
    (void)state;
    struct tried tried = attack_many(first, 20, false);
    assert_true(tried.exact > tried.small / 10);
}

int
main(int argc, char **argv)
{
    if (argc > 1)
        tables = atol(argv[1]);
    if (argc > 2)
        first = atol(argv[2]);
    const struct CMUnitTest tests[] = {cmocka_unit_test(recovers_nothing), cmocka_unit_test(comes_to_an_end),
                                       cmocka_unit_test(recovers_what_is_only_blanked)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
