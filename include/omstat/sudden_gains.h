/*
 * Sudden gains and losses: large and stable steps from one session to the next.
 *
 * Tang & DeRubeis (1999), J Consult Clin Psychol 67, 894. Between sessions n and n + 1 (1) the score improves
 * by so many points, (2) by a share of the score at n, and (3) the mean of n-2, n-1, n and that of n+1, n+2,
 * n+3 differ by more than a critical value times their pooled standard deviation. Each side needs two of its
 * three scores, n and n + 1 among them. A loss is the same for the worse. docs/methods/sudden-gains.md
 */
#ifndef OMSTAT_SUDDEN_GAINS_H
#define OMSTAT_SUDDEN_GAINS_H

#include <stdbool.h>
#include <omstat/number.h>
#include <omstat/trajectory.h>

struct om_sudden_gain_rule {
    struct om_fraction points; /* criterion 1, inclusive: 7 for the BDI */
    struct om_fraction share;  /* criterion 2, inclusive: 1/4 */
    double critical; /* criterion 3: 2.776 for every step; 0: Student's t for the scores there are */
    double alpha;    /* of that t, two-sided: 0.05 gives 2.776, 3.182 and 4.303. Within (0, 1) */
    bool higher_is_better;
};

struct om_sudden_step {
    size_t from; /* the occasion n, from 0; the step ends at from + 1 */
    bool loss;
    bool reversed; /* at some later occasion half of it, or more, is gone */
    int32_t size;  /* points * unit, above 0 */
};

/* The steps of one row, at most one an interval: step[] has room for n_occasions. *looked_at is the number of
 * intervals with enough scores. Returns the number of steps. */
OM_API size_t om_sudden_steps(const struct om_sudden_gain_rule *rule, const int32_t *row, size_t n_occasions,
                              int64_t unit, struct om_sudden_step *step, size_t *looked_at);

struct om_sudden_count {
    uint64_t persons;          /* with a step of this kind */
    uint64_t steps;            /* somebody may have several */
    uint64_t reversed;         /* steps that were reversed */
    uint64_t reversed_persons; /* with a reversed one */
    double mean_size;          /* in points; 0 without steps */
};

struct om_sudden_gains_result {
    uint64_t persons; /* with an interval that has enough scores */
    uint64_t intervals;
    struct om_sudden_count gain, loss;
};

/* Errors: OM_ERR_INVALID, OM_ERR_NOMEM. */
OM_API OM_NODISCARD om_status om_sudden_gains(const struct om_trajectories *t,
                                              const struct om_sudden_gain_rule *rule,
                                              struct om_sudden_gains_result *out, struct om_error *err);

#endif
