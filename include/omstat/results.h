/*
 * The result set: every number omstat reports is one row. CSV, JSON and all tables are views of it.
 */
#ifndef OMSTAT_RESULTS_H
#define OMSTAT_RESULTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <omstat/status.h>

/* Text is never NULL ("" = not applicable) and owned by the result set. */
struct om_result {
    const char *group;                              /* "all", "cohort=1", "cohort=1;site=A" */
    const char *instrument;                         /* "phq9" */
    const char *scale;                              /* "total" */
    const char *population;                         /* "all" or "positive" */
    const char *occasion;                           /* its name, "change", or "" */
    const char *rule;                               /* "shift", "band", ... or "" */
    const char *statistic;                          /* "mean", "t.p", "class.improved", ... */
    bool has_value;                                 /* false: undefined, and note says why */
    bool has_ratio, has_interval, has_level, has_n; /* is there what the names say, below? */
    double value;                                   /* a rate: the fraction; a count: the count */
    uint64_t numerator, denominator;
    double lower, upper;
    double level;       /* of the interval: 0.95 */
    uint64_t n;         /* persons (or forms) the statistic is computed from */
    const char *method; /* "wilson", "noncentral-t", ... */
    const char *note;
    const char *family; /* of the key `statistics`; "" for the standard ones. Not a column. */
};

struct om_results {
    struct om_result *row;
    size_t n_rows;
    size_t capacity;
    char **text; /* interned strings; private */
    size_t n_text, text_capacity;
    void *text_index;
};

#define OM_RESULTS_EMPTY ((struct om_results){0})

/* Frees everything and leaves an empty set. */
OM_API void om_results_release(struct om_results *results);

/* Copies a row in; its text is copied too (NULL text is taken as ""). A value, bound or level that is not
 * finite is OM_ERR_INTERNAL. */
OM_API OM_NODISCARD om_status om_results_add(struct om_results *results, const struct om_result *row,
                                             struct om_error *err);

/* The first row that matches every argument; NULL arguments match anything. NULL when there is none. */
OM_API const struct om_result *om_results_find(const struct om_results *results, const char *group,
                                               const char *instrument, const char *scale,
                                               const char *population, const char *occasion, const char *rule,
                                               const char *statistic);

#endif
