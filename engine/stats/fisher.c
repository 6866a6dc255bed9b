#include "stats/fisher.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>
#include "base/error.h"
#include "base/memory.h"
#include "stats/dist.h"
#include "stats/outcome.h"

/* Tables that are as probable as the observed one but for rounding belong to it; R has the same allowance. */
#define ALLOWANCE 1e-7

/* --- two lines and columns ------------------------------------------------------------------------------ */

struct hypergeometric {
    double row, column, n, limit;
};

static bool
improbable(const struct hypergeometric *h, uint64_t x)
{
    return om_hypergeometric((double)x, h->row, h->column, h->n) <= h->limit;
}

/* Probabilities rise up to the mode and fall behind it, so that either tail ends where bisection finds it:
 * the cost does not depend on how many people there are. */
double
om_fisher_2x2(uint64_t x, uint64_t row, uint64_t column, uint64_t n)
{
    struct hypergeometric h = {(double)row, (double)column, (double)n, 0};
    h.limit = om_hypergeometric((double)x, h.row, h.column, h.n) * (1 + ALLOWANCE);
    uint64_t least = row + column > n ? row + column - n : 0, most = row < column ? row : column;
    uint64_t mode = (uint64_t)floor((h.row + 1) * (h.column + 1) / (h.n + 2));
    mode = mode < least ? least : mode > most ? most : mode;
    if (improbable(&h, mode))
        return 1;
    double p = 0;
    uint64_t low = least, high = mode; /* the first from `least` that is not improbable */
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        if (improbable(&h, middle))
            low = middle + 1;
        else
            high = middle;
    }
    if (low > least)
        p += om_hypergeometric_lower((double)(low - 1), h.row, h.column, h.n);
    for (low = mode, high = most; low < high;) { /* the last from `mode` on that is not improbable */
        uint64_t middle = low + (high - low + 1) / 2;
        if (improbable(&h, middle))
            high = middle - 1;
        else
            low = middle;
    }
    if (low < most)
        p += om_hypergeometric_upper((double)(low + 1), h.row, h.column, h.n);
    return fmin(1, p);
}

/* --- more ----------------------------------------------------------------------------------------------- */

enum { STEPS = 1000000, KEPT = 4096 };

/* The log probability of a table is `whole` less the sum of the log factorials of its cells. */
struct walk {
    const struct om_fisher_table *table;
    uint64_t left[OM_FISHER_CELLS];   /* of each column, for the lines to come */
    const long double *log_factorial; /* of the numbers below KEPT */
    long double whole, limit, p;
    int steps;
};

static long double
log_factorial(const struct walk *w, uint64_t x)
{
    return x < KEPT ? w->log_factorial[x] : om_log_factorial(x);
}

static void
finish(struct walk *w, long double score)
{
    for (size_t c = 0; c < w->table->columns; c++)
        score += log_factorial(w, w->left[c]);
    if (w->whole - score <= w->limit)
        w->p += expl(w->whole - score);
}

/* Gives the rest of a line to the columns from this one on in every way there is; the last line takes what is
 * left. False when it takes too long. */
static bool
spread(struct walk *w, size_t line, size_t column, uint64_t rest, long double score)
{
    if (w->steps-- == 0)
        return false;
    if (line + 1 == w->table->lines) {
        finish(w, score);
        return true;
    }
    uint64_t behind = 0, *left = &w->left[column];
    for (size_t c = column + 1; c < w->table->columns; c++)
        behind += w->left[c];
    uint64_t first = rest > behind ? rest - behind : 0, last = rest < *left ? rest : *left;
    bool ends = column + 1 == w->table->columns;
    for (uint64_t x = first; x <= last; x++) {
        long double next = score + log_factorial(w, x);
        *left -= x;
        bool ok = ends ? spread(w, line + 1, 0, w->table->line[line + 1], next)
                       : spread(w, line, column + 1, rest - x, next);
        *left += x;
        if (!ok)
            return false;
    }
    return true;
}

/* How many steps a walk takes: exactly with two columns, else at least, since whoever goes through the tables
 * goes through their first columns. ways[s]: in how many ways the lines so far give the column s. Whether it
 * is too long is known after a few thousand additions, not a million steps. */
static bool
is_long(const struct om_fisher_table *table)
{
    long double ways[KEPT] = {1}, before[KEPT], steps = 0, prefixes = 1;
    uint64_t column = table->column[0], behind = 0;
    if (column >= KEPT)
        return false; /* not known */
    for (size_t i = 0; i < table->lines; i++)
        behind += table->line[i];
    for (size_t i = 0; i + 1 < table->lines && steps <= STEPS; i++) {
        long double window = 0, found = 0;
        memcpy(before, ways, (column + 1) * sizeof *ways);
        behind -= table->line[i];
        for (uint64_t s = 0; s <= column; s++) {
            window += before[s] - (s > table->line[i] ? before[s - table->line[i] - 1] : 0);
            ways[s] = column - s > behind ? 0 : window; /* else the lines to come cannot fill the column */
            found += ways[s];
        }
        steps += prefixes + found;
        prefixes = found;
    }
    return steps + prefixes > STEPS;
}

static bool
walk(struct walk *w)
{
    const struct om_fisher_table *table = w->table;
    uint64_t n = 0;
    long double score = 0;
    for (size_t i = 0; i < table->lines; i++) {
        n += table->line[i];
        w->whole += om_log_factorial(table->line[i]);
    }
    for (size_t i = 0; i < table->columns; i++) {
        w->left[i] = table->column[i];
        w->whole += om_log_factorial(table->column[i]);
    }
    w->whole -= om_log_factorial(n);
    for (size_t i = 0; i < table->cells; i++)
        score += log_factorial(w, table->cell[i]);
    w->limit = w->whole - score + log1pl(ALLOWANCE);
    return spread(w, 0, 0, table->line[0], 0);
}

om_status
om_fisher_enumerate(const struct om_fisher_table *table, struct om_stat *p, struct om_error *err)
{
    if (is_long(table)) {
        *p = om_undefined(OM_WHY_MANY_TABLES);
        return OM_OK;
    }
    long double *kept = om_alloc(KEPT, sizeof *kept);
    if (!kept)
        return om_fail_memory(err);
    kept[0] = 0;
    for (uint64_t x = 1; x < KEPT; x++)
        kept[x] = kept[x - 1] + logl((long double)x);
    struct walk w = {.table = table, .log_factorial = kept, .steps = STEPS};
    *p = walk(&w) ? om_defined((double)fminl(1, w.p)) : om_undefined(OM_WHY_MANY_TABLES);
    om_free(kept);
    return OM_OK;
}
