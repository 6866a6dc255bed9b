/*
 * The attacker's unknowns are the numbers of persons of each unit with each pair of scores. What is published
 * are sums of them: counts exactly, sums of scores and squares within what rounding leaves open; of all, less
 * the groups that are known. Integers are not asked for, and not all pairs that are possible are unknowns,
 * but those that occur and a grid over the scale: an attacker who considers more can only learn less.
 */
#include "analysis/disclosure_audit.h"
#include "base/error.h"
#include "base/memory.h"
#include "stats/program.h"
#include "stats/protect.h"

#include <math.h>
#include <string.h>

enum { GRID = 6, ANSWERS = 24 };

/* Persons of a unit with a pair of scores. */
struct pair {
    uint64_t count; /* the truth */
    size_t unit;
    double score[2];
    bool positive[2];
    int band[2];
    uint8_t
        told[OM_RULES]; /* class by each rule of audited->classes: 0 better, 1 unchanged, 2 worse, 3 none */
};

struct pairs {
    struct pair *at;
    size_t n, capacity;
};

struct audit {
    const struct om_audited *audited;
    struct pairs unknown; /* of the units */
    struct pairs all;     /* of everybody, as it is */
    struct om_program *program;
    double *weight, *answer; /* answer[ANSWERS][n]: those seen so far, each agrees with what is published */
    size_t n_answers;
};

/* --- pairs ---------------------------------------------------------------------------------------- */

static void
fill_side(const struct audit *audit, struct pair *pair, size_t side, uint32_t number)
{
    const struct om_scorer *scorer = om_view_scale(audit->audited->view)->scorer;
    const struct om_level *level = &scorer->level[number];
    pair->score[side] = (double)level->value / (double)scorer->unit;
    pair->positive[side] = level->positive;
    pair->band[side] = level->band;
}

static bool
add_pair(const struct audit *audit, struct pairs *pairs, size_t unit, const struct om_cell *cell)
{
    const struct om_audited *audited = audit->audited;
    if (!om_grow(&pairs->at, &pairs->capacity, pairs->n, sizeof *pairs->at))
        return false;
    struct pair *pair = &pairs->at[pairs->n++];
    *pair = (struct pair){.count = cell->count, .unit = unit};
    fill_side(audit, pair, 0, cell->first);
    if (!audited->view->occasion[1])
        return true;
    fill_side(audit, pair, 1, cell->last);
    for (size_t r = 0; r < audited->n_classes; r++) {
        const enum om_change_class class_ =
            om_class_of(audited->view, &audited->classes[r], cell->first, cell->last);
        pair->told[r] = class_ == OM_CHANGE_UNDEFINED ? 3
                        : om_change_is_better(class_) ? 0
                        : om_change_is_worse(class_)  ? 2
                                                      : 1;
    }
    return true;
}

static bool
add_cells(const struct audit *audit, struct pairs *pairs, size_t unit, const struct om_audited_unit *of)
{
    bool ok = true;
    for (size_t i = 0; i < of->n_cells && ok; i++)
        ok = add_pair(audit, pairs, unit, &of->cell[i]);
    return ok;
}

/* Is a level part of the grid: spread evenly, and on both sides of every threshold? */
static bool
on_grid(const struct om_scorer *scorer, size_t level)
{
    const size_t step = scorer->n_levels / GRID + 1;
    if (level % step == 0 || level + 1 == scorer->n_levels)
        return true;
    for (size_t at = level; at <= level + 1; at++) {
        const struct om_level *a = &scorer->level[at - 1], *b = &scorer->level[at];
        if (a->band != b->band || a->positive != b->positive || a->remitted != b->remitted)
            return true;
    }
    return false;
}

static bool
occurs(const struct om_audited *audited, const struct om_audited_unit *unit, uint32_t first, uint32_t last)
{
    size_t low = 0, high = unit->n_cells;
    while (low < high) {
        const size_t middle = (low + high) / 2;
        const struct om_cell *cell = &unit->cell[middle];
        if (cell->first == first && (cell->last == last || !audited->view->occasion[1]))
            return true;
        if (cell->first < first || (cell->first == first && cell->last < last))
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

static bool
add_grid(struct audit *audit, size_t unit)
{
    const struct om_audited *audited = audit->audited;
    const struct om_scorer *scorer = om_view_scale(audited->view)->scorer;
    const uint32_t n = (uint32_t)scorer->n_levels, lasts = audited->view->occasion[1] ? n : 1;
    bool ok = true;
    for (uint32_t first = 0; first < n && ok; first++) {
        if (!on_grid(scorer, first) ||
            (audited->view->population == OM_POPULATION_POSITIVE && !scorer->level[first].positive))
            continue;
        for (uint32_t last = 0; last < lasts && ok; last++)
            if ((lasts == 1 || on_grid(scorer, last)) && !occurs(audited, &audited->unit[unit], first, last))
                ok = add_pair(audit, &audit->unknown, unit, &(struct om_cell){first, last, 0});
    }
    return ok;
}

static om_status
list_pairs(struct audit *audit, struct om_error *err)
{
    const struct om_audited *audited = audit->audited;
    bool ok = add_cells(audit, &audit->all, 0, &audited->all);
    for (size_t u = 0; u < audited->n_units && ok; u++)
        ok = add_cells(audit, &audit->unknown, u, &audited->unit[u]) && add_grid(audit, u);
    return ok ? OM_OK : om_fail_memory(err);
}

/* --- sets of persons ------------------------------------------------------------------------------- */

/* A unit number, or everybody. */
enum { ALL = OM_AUDIT_UNITS };

struct set {
    enum { EVERYONE, POSITIVE, NEGATIVE, BAND, BOTH, TOLD, BUT, TOLD_POSITIVE, TOLD_NEGATIVE } kind;
    size_t a, b;
};

static bool
holds(const struct pair *pair, const struct set *set)
{
    switch (set->kind) {
    case EVERYONE:
        return true;
    case POSITIVE: /* at occasion a */
        return pair->positive[set->a];
    case NEGATIVE:
        return !pair->positive[set->a];
    case BAND: /* b, at occasion a */
        return pair->band[set->a] == (int)set->b;
    case BOTH: /* positive first or not, and last */
        return pair->positive[0] == (set->a > 0) && pair->positive[1] == (set->b > 0);
    case TOLD: /* class b by rule a */
        return pair->told[set->a] == set->b;
    case BUT: /* improved by rule a, and not by rule b */
        return pair->told[set->a] == 0 && pair->told[set->b] != 0;
    case TOLD_POSITIVE:
        return pair->told[set->a] == set->b && pair->positive[0];
    case TOLD_NEGATIVE:
        return pair->told[set->a] == set->b && !pair->positive[0];
    }
    return false;
}

/* How many there are of the units in question, as it is. */
static double
weigh(struct audit *audit, const struct set *set, size_t of)
{
    double truth = 0;
    for (size_t i = 0; i < audit->unknown.n; i++) {
        const struct pair *pair = &audit->unknown.at[i];
        audit->weight[i] = (of == ALL || pair->unit == of) && holds(pair, set);
        truth += audit->weight[i] * (double)pair->count;
    }
    return truth;
}

/* --- what is published ------------------------------------------------------------------------------ */

static void
publish_set(struct audit *audit, size_t of, struct set set)
{
    const double truth = weigh(audit, &set, of);
    om_program_add(audit->program, audit->weight, truth, truth);
}

/* Of the first score (0), the last (1) or the change (2). */
static double
score_of(const struct pair *pair, size_t which)
{
    return which < 2 ? pair->score[which] : pair->score[1] - pair->score[0];
}

struct moments {
    double n, mean, sd; /* as published */
};

static struct moments
moments_of(const struct audit *audit, size_t of, size_t which, bool positive)
{
    const struct pairs *pairs = of == ALL ? &audit->all : &audit->unknown;
    double n = 0, sum = 0, squares = 0;
    for (size_t i = 0; i < pairs->n; i++) {
        const struct pair *pair = &pairs->at[i];
        const bool counts = (of == ALL || pair->unit == of) && (!positive || pair->positive[0]);
        const double count = counts ? (double)pair->count : 0;
        n += count;
        sum += count * score_of(pair, which);
        squares += count * score_of(pair, which) * score_of(pair, which);
    }
    const double sd = n > 1 ? sqrt(fmax(0, squares - sum * sum / n) / (n - 1)) : 0;
    return (struct moments){n, om_disclosure_round_score(n > 0 ? sum / n : 0), om_disclosure_round_score(sd)};
}

/* A power of the distance from the mean as published: the weights of the unknowns. Returns the sum over the
 * groups that are known. */
static double
weigh_power(struct audit *audit, size_t of, size_t which, bool positive, double mean, int power)
{
    double known = 0;
    for (size_t i = 0; i < audit->all.n && of == ALL; i++) {
        const double off = score_of(&audit->all.at[i], which) - mean;
        if (!positive || audit->all.at[i].positive[0])
            known += (power == 1 ? off : off * off) * (double)audit->all.at[i].count;
    }
    for (size_t i = 0; i < audit->unknown.n; i++) {
        const struct pair *pair = &audit->unknown.at[i];
        const double off = score_of(pair, which) - mean;
        const bool counts = (of == ALL || pair->unit == of) && (!positive || pair->positive[0]);
        audit->weight[i] = !counts ? 0 : power == 1 ? off : off * off;
        known -= of == ALL ? audit->weight[i] * (double)pair->count : 0;
    }
    return known;
}

/* The multiples of 1 / unit next to x, from above and from below; x itself where only rounding is between. */
static double
least_multiple(double x, double unit)
{
    return ceil(x * unit - 1e-9 * (1 + fabs(x * unit))) / unit;
}

static double
largest_multiple(double x, double unit)
{
    return -least_multiple(-x, unit);
}

/* Scores are multiples of 1 / unit, and so are their sums. Of few persons no more than one sum may be near
 * enough to the mean as published, and few sums of squares to the SD. */
static void
publish_sums(struct audit *audit, size_t of, size_t which, bool positive, const struct moments *moments)
{
    const double unit = (double)om_view_scale(audit->audited->view)->scorer->unit, n = moments->n,
                 half = OM_DISCLOSURE_UNIT / 2 + 1e-9, least = fmax(0, moments->sd - half),
                 most = moments->sd + half, low = least_multiple(n * (moments->mean - half), unit),
                 high = largest_multiple(n * (moments->mean + half), unit),
                 far = fmax(low * low, high * high) / n,
                 near = low * high > 0 ? fmin(low * low, high * high) / n : 0;
    double known = weigh_power(audit, of, which, positive, 0, 1);
    om_program_add(audit->program, audit->weight, low - known, high - known);
    known = weigh_power(audit, of, which, positive, 0, 2);
    om_program_add(audit->program, audit->weight,
                   least_multiple((n - 1) * least * least + near, unit * unit) - known,
                   largest_multiple((n - 1) * most * most + far, unit * unit) - known);
}

/* Mean and SD, of all or of those positive at first, each right to half a tenth. The sum of squares is taken
 * around the mean as published: the sum around the true one is less by at most n half^2. */
static void
publish_moments(struct audit *audit, size_t of, size_t which, bool positive)
{
    const double half = OM_DISCLOSURE_UNIT / 2 + 1e-9;
    const struct moments moments = moments_of(audit, of, which, positive);
    const double least = fmax(0, moments.sd - half), most = moments.sd + half, n = moments.n;
    double known = weigh_power(audit, of, which, positive, moments.mean, 1);
    om_program_add(audit->program, audit->weight, -half * n - known, half * n - known);
    known = weigh_power(audit, of, which, positive, moments.mean, 2);
    om_program_add(audit->program, audit->weight, (n - 1) * least * least - known,
                   (n - 1) * most * most + n * half * half - known);
    if (n > 0)
        publish_sums(audit, of, which, positive, &moments);
}

static void
publish_occasion(struct audit *audit, size_t of, const struct om_published *published, size_t which)
{
    const size_t n_bands = om_view_scale(audit->audited->view)->info.scale->n_bands;
    if (published->parts & (which == 0 ? OM_SHOW_FIRST : OM_SHOW_LAST))
        publish_set(audit, of, (struct set){POSITIVE, which, 0});
    for (size_t b = 0; published->band[which] && b < n_bands; b++)
        if (published->band[which][b])
            publish_set(audit, of, (struct set){BAND, which, b});
}

static void
publish_rule(struct audit *audit, size_t of, const struct om_published *published, size_t r)
{
    const unsigned shown = published->rule[audit->audited->classes[r].id];
    if (!shown)
        return;
    publish_set(audit, of, (struct set){TOLD, r, 0});
    publish_set(audit, of, (struct set){TOLD, r, 3}); /* its denominator */
    if (shown & OM_SHOW_CLASSES)
        publish_set(audit, of, (struct set){TOLD, r, 2});
}

/* Of a unit, or of ALL. */
static void
publish(struct audit *audit, size_t of, const struct om_published *published)
{
    const bool changes = audit->audited->view->occasion[1];
    if (published->parts & OM_SHOW_N)
        publish_set(audit, of, (struct set){EVERYONE, 0, 0});
    for (size_t which = 0; which < (changes ? 2 : 1); which++)
        publish_occasion(audit, of, published, which);
    for (size_t which = 0; which < (changes ? 3 : 1); which++) {
        if (published->parts & OM_SHOW_MEANS)
            publish_moments(audit, of, which, false);
        if (published->parts & OM_SHOW_POSITIVE_MEANS)
            publish_moments(audit, of, which, true);
    }
    for (size_t r = 0; changes && r < audit->audited->n_classes; r++)
        publish_rule(audit, of, published, r);
}

/* --- the attack --------------------------------------------------------------------------------------- */

static bool
seek(struct audit *audit, bool largest, double *value)
{
    double *answer = &audit->answer[audit->n_answers % ANSWERS * audit->unknown.n];
    if (!om_program_bound(audit->program, audit->weight, largest, value, answer))
        return false;
    audit->n_answers++;
    return true;
}

static bool
is_small(const struct audit *audit, const struct set *set, double among_units)
{
    uint64_t count = (uint64_t)among_units;
    if (audit->audited->about_all) {
        count = 0;
        for (size_t i = 0; i < audit->all.n; i++)
            count += holds(&audit->all.at[i], set) ? audit->all.at[i].count : 0;
    }
    return om_count_is_small(count, audit->audited->below);
}

/* Do enough whole numbers lie between the bounds? */
static bool
is_wide(const struct audit *audit, double low, double high)
{
    const double tolerance = 1e-6;
    return floor(high + tolerance) - ceil(low - tolerance) + 1 >= audit->audited->numbers;
}

/* Is a count, if it is small, open to doubt? */
static bool
is_open(struct audit *audit, struct set set)
{
    const double truth = weigh(audit, &set, audit->audited->about_all ? ALL : 0);
    double low = truth, high = truth;
    if (!is_small(audit, &set, truth))
        return true;
    for (size_t a = 0; a < audit->n_answers && a < ANSWERS; a++) {
        double value = 0;
        for (size_t i = 0; i < audit->unknown.n; i++)
            value += audit->weight[i] * audit->answer[a * audit->unknown.n + i];
        low = fmin(low, value);
        high = fmax(high, value);
    }
    if (!is_wide(audit, low, high) && !seek(audit, true, &high))
        return false;
    if (!is_wide(audit, low, high) && !seek(audit, false, &low))
        return false;
    return is_wide(audit, low, high);
}

static bool
occasion_is_open(struct audit *audit, size_t which)
{
    const size_t n_bands = om_view_scale(audit->audited->view)->info.scale->n_bands;
    bool open =
        is_open(audit, (struct set){POSITIVE, which, 0}) && is_open(audit, (struct set){NEGATIVE, which, 0});
    for (size_t b = 0; b < n_bands && open; b++)
        open = is_open(audit, (struct set){BAND, which, b});
    return open;
}

static bool
rule_is_open(struct audit *audit, size_t r)
{
    bool open = true;
    for (size_t c = 0; c < 4 && open; c++)
        open = is_open(audit, (struct set){TOLD, r, c}) &&
               is_open(audit, (struct set){TOLD_POSITIVE, r, c}) &&
               is_open(audit, (struct set){TOLD_NEGATIVE, r, c});
    for (size_t other = 0; other < audit->audited->n_classes && open; other++)
        open = other == r || is_open(audit, (struct set){BUT, r, other});
    return open;
}

static bool
all_is_open(struct audit *audit)
{
    const bool changes = audit->audited->view->occasion[1];
    bool open = occasion_is_open(audit, 0) && (!changes || occasion_is_open(audit, 1));
    for (size_t b = 0; b < 4 && changes && open; b++)
        open = is_open(audit, (struct set){BOTH, b / 2, b % 2});
    for (size_t r = 0; r < audit->audited->n_classes && changes && open; r++)
        open = rule_is_open(audit, r);
    return open;
}

static om_status
attack(struct audit *audit, double persons, bool *open, struct om_error *err)
{
    const struct om_audited *audited = audit->audited;
    audit->weight = om_alloc(audit->unknown.n, sizeof *audit->weight);
    audit->answer = om_alloc(ANSWERS * audit->unknown.n, sizeof *audit->answer);
    if (!audit->weight || !audit->answer)
        return om_fail_memory(err);
    OM_TRY(om_program_new(audit->unknown.n, persons, &audit->program, err));
    publish(audit, ALL, &audited->all.published);
    for (size_t u = 0; u < audited->n_units; u++)
        publish(audit, u, &audited->unit[u].published);
    *open = all_is_open(audit);
    return OM_OK;
}

om_status
om_disclosure_audit(const struct om_audited *audited, bool *open, struct om_error *err)
{
    struct audit audit = {.audited = audited};
    double persons = 0;
    om_status status = list_pairs(&audit, err);
    for (size_t i = 0; i < audited->all.n_cells; i++)
        persons += (double)audited->all.cell[i].count;
    *open = audited->all.n_cells == 0; /* where nobody has a pair, there is no small count to find */
    if (status == OM_OK && audit.unknown.n > 0)
        status = attack(&audit, persons, open, err);
    om_program_free(audit.program);
    om_free(audit.unknown.at);
    om_free(audit.all.at);
    om_free(audit.weight);
    om_free(audit.answer);
    return status;
}
