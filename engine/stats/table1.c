#include <omstat/table1.h>

#include <math.h>
#include "base/error.h"
#include "base/memory.h"
#include "stats/dist.h"
#include "stats/moments.h"
#include "stats/outcome.h"
#include "stats/pooled.h"

/* --- standardised differences --------------------------------------------------------------------------- */

/* Of two groups of these sizes; Hedges & Olkin (1985), as Yang & Dalton use it for categories too. */
static struct om_smd
smd(double estimate, double n, double n_reference, double level)
{
    struct om_smd out = {om_defined(estimate), om_no_bounds(level, "normal", OM_WHY_LEVEL)};
    if (om_level_valid(level)) {
        double variance = 1 / n + 1 / n_reference + estimate * estimate / (2 * (n + n_reference));
        double half = om_normal_bound(level) * sqrt(variance);
        out.interval = om_bounds(estimate - half, estimate + half, level, "normal");
    }
    return out;
}

static struct om_smd
no_smd(const char *reason, double level)
{
    return (struct om_smd){om_undefined(reason), om_no_bounds(level, "normal", reason)};
}

/* Of two samples about one centre, in units. */
static struct om_stat
numeric_difference(const struct om_moments *a, const struct om_moments *b)
{
    if (a->n < 2 || b->n < 2)
        return om_undefined(a->n && b->n ? OM_WHY_SMALL_GROUP : OM_WHY_EMPTY_GROUP);
    long double na = a->n, nb = b->n;
    long double variance = om_moments_product(a) / (na * (na - 1)) + om_moments_product(b) / (nb * (nb - 1));
    if (!(variance > 0))
        return om_undefined(OM_WHY_FLAT_GROUPS);
    long double difference = om_cross(a->x, (om_wide)b->n, b->x, (om_wide)a->n) / (na * nb);
    return om_defined((double)(difference / sqrtl(variance / 2)));
}

void
om_smd_numeric(const struct om_counts *group, const struct om_counts *reference, double level,
               struct om_smd *out)
{
    const struct om_counts both[2] = {*group, *reference};
    int64_t centre = om_moments_common_centre(both, 2);
    struct om_moments a = om_moments_about(group, centre), b = om_moments_about(reference, centre);
    struct om_stat estimate = numeric_difference(&a, &b);
    *out = estimate.reason ? no_smd(estimate.reason, level)
                           : smd(estimate.value, (double)a.n, (double)b.n, level);
}

static uint64_t
sum_of(const uint64_t *count, size_t n)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += count[i];
    return sum;
}

/* With p and q the shares, the covariance matrix is diag(m) - m m' - d d' / 4, m = (p + q) / 2 and d = p - q.
 * Its inverse needs no equations: d' S^-1 d = x / (1 - x / 4) with x = Sum d^2 / m, which is 4 when no
 * category is shared. And 4 - x = 4 Sum p q / m, summed here so that nothing cancels. */
static struct om_stat
category_difference(const uint64_t *a, const uint64_t *b, size_t categories)
{
    uint64_t na = sum_of(a, categories), nb = sum_of(b, categories);
    if (na == 0 || nb == 0)
        return om_undefined(OM_WHY_EMPTY_GROUP);
    long double x = 0, rest = 0;
    for (size_t c = 0; c < categories; c++) {
        long double size = (long double)na * (long double)nb;
        long double d = om_cross((om_wide)a[c], (om_wide)nb, (om_wide)b[c], (om_wide)na) / size;
        long double p = (long double)a[c] / (long double)na, q = (long double)b[c] / (long double)nb;
        if (p + q > 0) {
            x += 2 * d * d / (p + q);
            rest += 2 * p * q / (p + q);
        }
    }
    return rest > 0 ? om_defined((double)sqrtl(x / rest)) : om_undefined("the groups share no category");
}

void
om_smd_categories(const uint64_t *group, const uint64_t *reference, size_t categories, double level,
                  struct om_smd *out)
{
    struct om_stat estimate = category_difference(group, reference, categories);
    *out = estimate.reason ? no_smd(estimate.reason, level)
                           : smd(estimate.value, (double)sum_of(group, categories),
                                 (double)sum_of(reference, categories), level);
}

/* --- the largest ---------------------------------------------------------------------------------------- */

/* Keeps the first of equal ones. */
static void
consider(struct om_stat difference, size_t one, size_t other, struct om_smd_largest *out)
{
    double size = fabs(difference.value);
    if (difference.reason || (!out->size.reason && size <= out->size.value))
        return;
    *out = (struct om_smd_largest){om_defined(size), one, other};
}

static struct om_smd_largest
none_yet(size_t n)
{
    return (struct om_smd_largest){
        .size = om_undefined(n < 2 ? OM_WHY_ONE_GROUP : "no two groups have a standardised difference")};
}

om_status
om_smd_numeric_largest(const struct om_counts *group, size_t n, struct om_smd_largest *out,
                       struct om_error *err)
{
    struct om_moments *m = om_alloc(n ? n : 1, sizeof *m);
    if (!m)
        return om_fail_memory(err);
    int64_t centre = om_moments_common_centre(group, n);
    for (size_t i = 0; i < n; i++)
        m[i] = om_moments_about(&group[i], centre);
    *out = none_yet(n);
    for (size_t one = 0; one < n; one++)
        for (size_t other = one + 1; other < n; other++)
            consider(numeric_difference(&m[one], &m[other]), one, other, out);
    om_free(m);
    return OM_OK;
}

void
om_smd_categories_largest(const struct om_table *table, struct om_smd_largest *out)
{
    *out = none_yet(table->rows);
    for (size_t one = 0; one < table->rows; one++)
        for (size_t other = one + 1; other < table->rows; other++)
            consider(category_difference(&table->count[one * table->columns],
                                         &table->count[other * table->columns], table->columns),
                     one, other, out);
}

/* --- lines ---------------------------------------------------------------------------------------------- */

static struct om_numeric_column
column_of(const struct om_counts *values, uint64_t persons, double level)
{
    struct om_numeric_column out = {.persons = persons};
    om_describe(values, level, &out.of);
    out.missing = persons - out.of.n;
    return out;
}

om_status
om_table1_numeric(const struct om_counts *group, const uint64_t *persons, size_t n, double level,
                  struct om_numeric_column *column, struct om_numeric_line *out, struct om_error *err)
{
    struct om_pooled pooled;
    OM_TRY(om_pooled_make(group, n, &pooled, err));
    const struct om_counts together = {pooled.at, pooled.n, n ? group[0].unit : 1};
    *out = (struct om_numeric_line){.all = column_of(&together, sum_of(persons, n), level), .group = column};
    om_pooled_release(&pooled);
    for (size_t g = 0; g < n; g++)
        column[g] = column_of(&group[g], persons[g], level);
    OM_TRY(om_smd_numeric_largest(group, n, &out->largest, err));
    OM_TRY(om_anova(group, n, &out->means, err));
    return om_kruskal(group, n, &out->ranks, err);
}

om_status
om_table1_categories(const struct om_table *table, struct om_category_line *out, struct om_error *err)
{
    *out = (struct om_category_line){.known = sum_of(table->count, table->rows * table->columns)};
    om_smd_categories_largest(table, &out->largest);
    om_chi_square(table, &out->chi_square);
    return om_fisher(table, &out->fisher_p, err);
}
