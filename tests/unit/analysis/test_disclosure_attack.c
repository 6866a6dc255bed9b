/*
 * An attacker on shareable reports: made-up panels go through the real pass, and everything that is published
 * becomes constraints of a linear programme (GLPK) over what is not known: how many persons of each group
 * have each pair of scores. The attacker knows the definitions of all statistics, as he finds them in the
 * manual; here they stand a second time, independent of the engine. For every small count of persons he
 * computes the least and the largest number that agrees with all that is published.
 *
 *   test_disclosure_attack [TABLES]
 *
 * The same attacker is shown reports in which only the small counts themselves are blanked, and has to
 * succeed.
 */
#include "studies.h"

#include <glpk.h>
#include <math.h>

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

enum { POOL = 48 };
struct attack {
    const struct table *table;
    glp_prob *lp;
    int n;                      /* unknowns */
    double pool[POOL][UNKNOWN]; /* answers seen so far: each agrees with what is published */
    int pooled, next;
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

static void
constrain_set(struct attack *attack, const struct set *set, double published)
{
    double weight[UNKNOWN] = {0}, half = (double)(attack->table->round / 2);
    for (int i = 0; i < attack->n; i++)
        weight[i] = (set->group < 0 || set->group == i / CELLS) && holds(attack->table, set, i % CELLS);
    constrain(attack, weight, published - half, published + half);
}

/* What a row of the report says, as a set; false when it says nothing about a number of persons. */
static bool
set_of_row(const struct om_result *row, int group, struct set *set)
{
    int when = strcmp(row->occasion, "post") == 0;
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

static double
value_in(const struct om_result *row, int first, int last)
{
    return strcmp(row->occasion, "pre") == 0    ? first
           : strcmp(row->occasion, "post") == 0 ? last
                                                : last - first;
}

static bool
counts_in(const struct attack *attack, const struct om_result *row, int group, int i)
{
    int first = first_of(i % CELLS), last = last_of(i % CELLS);
    bool positive = strcmp(row->population, "positive") == 0;
    return first != NONE && last != NONE && (group < 0 || group == i / CELLS) &&
           (!positive || first >= attack->table->cutoff);
}

/* A mean, rounded by at most h: sum of (score - mean) between -h n and h n, whatever n is. The SD tells the
 * sum of squares, here around the mean as published, where n is known. */
static void
constrain_mean(struct attack *attack, const struct om_result *mean, const struct om_result *sd, int group)
{
    const double h = 0.05 + 1e-9, n = (double)mean->n;
    double above[UNKNOWN] = {0}, under[UNKNOWN] = {0}, square[UNKNOWN] = {0};
    for (int i = 0; i < attack->n; i++) {
        if (!counts_in(attack, mean, group, i))
            continue;
        double off = value_in(mean, first_of(i % CELLS), last_of(i % CELLS)) - mean->value;
        above[i] = off + h;
        under[i] = off - h;
        square[i] = off * off;
    }
    constrain(attack, above, 0, 1e6);
    constrain(attack, under, -1e6, 0);
    if (attack->table->round > 1 || !sd || !sd->has_value)
        return;
    double least = sd->value - h < 0 ? 0 : sd->value - h, most = sd->value + h;
    constrain(attack, square, (n - 1) * least * least, (n - 1) * most * most + n * h * h);
}

static int
group_number(const char *name)
{
    return strcmp(name, "all") == 0 ? -1 : atoi(name + strlen("site="));
}

/* Does a row tell a small count by itself? */
static bool
tells_small(const struct om_result *row, int below)
{
    const uint64_t left = row->has_ratio ? row->denominator - row->numerator : 0, t = (uint64_t)below;
    return (row->has_ratio && row->numerator > 0 && row->numerator < t) || (left > 0 && left < t) ||
           (row->has_n && row->n > 0 && row->n < t);
}

static void
read_report(struct attack *attack, const struct om_analysis *analysis)
{
    for (size_t r = 0; r < analysis->results.n_rows; r++) {
        const struct om_result *row = &analysis->results.row[r];
        const int group = group_number(row->group);
        struct set set;
        if (!analysis->disclosure.active &&
            (strcmp(row->population, "all") != 0 || row->statistic[0] == 'l' ||
             !set_of_row(row, group, &set) || tells_small(row, attack->table->below)))
            continue;
        if (row->has_value && set_of_row(row, group, &set))
            constrain_set(attack, &set, row->has_ratio ? (double)row->numerator : row->value);
        if (row->has_n && row->has_value) { /* every number of persons, wherever it stands */
            set = (struct set){strcmp(row->population, "positive") == 0 ? S_POSITIVE : S_ALL, 0, 0, group};
            if (strcmp(row->rule, "percent") == 0)
                set = (struct set){S_JUDGED, R_PERCENT, 0, group};
            constrain_set(attack, &set, (double)row->n);
        }
        if (row->has_value && strcmp(row->statistic, "mean") == 0)
            constrain_mean(attack, row,
                           om_results_find(&analysis->results, row->group, row->instrument, row->scale,
                                           row->population, row->occasion, "", "sd"),
                           group);
    }
}

static void
remember(struct attack *attack)
{
    double *at = attack->pool[attack->next++ % POOL];
    for (int i = 0; i < attack->n; i++)
        at[i] = glp_get_col_prim(attack->lp, i + 1);
    attack->pooled = attack->pooled < POOL ? attack->pooled + 1 : POOL;
}

/* The least (sign -1) or largest (1) value of a set. */
static double
bound(struct attack *attack, const struct set *set, int sign)
{
    glp_smcp options;
    glp_init_smcp(&options);
    options.msg_lev = GLP_MSG_OFF;
    options.meth = GLP_PRIMAL;
    glp_set_obj_dir(attack->lp, sign > 0 ? GLP_MAX : GLP_MIN);
    for (int i = 0; i < attack->n; i++)
        glp_set_obj_coef(attack->lp, i + 1,
                         (set->group < 0 || set->group == i / CELLS) && holds(attack->table, set, i % CELLS));
    if (glp_simplex(attack->lp, &options) != 0 || glp_get_status(attack->lp) != GLP_OPT) {
        glp_std_basis(attack->lp);
        assert_int_equal(glp_simplex(attack->lp, &options), 0);
        assert_int_equal(glp_get_status(attack->lp), GLP_OPT);
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
attack_one(const char *definition, const char *path, bool shareable, struct tried *tried)
{
    static struct attack attack;
    struct table table = make_table(path);
    char cutoff[16], rule[40];
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
    attack.n = table.groups * CELLS;
    attack.pooled = attack.next = 0;
    attack.lp = glp_create_prob();
    glp_add_cols(attack.lp, attack.n);
    for (int i = 0; i < attack.n; i++)
        glp_set_col_bnds(attack.lp, i + 1, GLP_DB, 0, 10000);
    read_report(&attack, run.analysis);
    try_all(&attack, tried);
    glp_delete_prob(attack.lp);
    release(&run);
    tried->tables++;
}

static long tables = 60;

static struct tried
attack_many(long n, bool shareable)
{
    struct tried tried = {0};
    glp_term_out(GLP_OFF);
    char definition[256], path[256];
    snprintf(definition, sizeof definition, "%s", temporary_file(".yaml", instrument, strlen(instrument)));
    snprintf(path, sizeof path, "%s", file_of(""));
    for (long i = 0; i < n; i++)
        attack_one(definition, path, shareable, &tried);
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
    struct tried tried = attack_many(tables, true);
    assert_true(tried.small > 50 * tables);
    assert_int_equal(tried.exact, 0);
}

/* What would be recovered if small counts were blanked, and nothing else done. */
static void
recovers_what_is_only_blanked(void **state)
{
    (void)state;
    struct tried tried = attack_many(20, false);
    assert_true(tried.exact > tried.small / 10);
}

int
main(int argc, char **argv)
{
    if (argc > 1)
        tables = atol(argv[1]);
    const struct CMUnitTest tests[] = {cmocka_unit_test(recovers_nothing),
                                       cmocka_unit_test(recovers_what_is_only_blanked)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
