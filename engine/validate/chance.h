/*
 * How likely two persons gave the same answers by chance (docs/methods/same-answers.md).
 *
 * The model: answers depend on the person's total and on nothing else. With p[j][c], the share of answer c to
 * item j, the answers of somebody with total t have the probability P(answers) / P(t), where P(answers) is
 * the product of the shares and P(t) the sum of it over all answers with this total. Two persons with total t
 * agree with probability
 *
 *   q(t) = Sum P(answers)^2 / P(t)^2,   over all answers with total t.
 *
 * Both sums are made item by item, exactly; to multiply the shares of every item by the same power of a
 * number for each point changes nothing, so that it does not matter how severe the sample is.
 */
#ifndef OM_VALIDATE_CHANCE_H
#define OM_VALIDATE_CHANCE_H

#include <stddef.h>
#include <stdint.h>
#include <omstat/status.h>

/* count[j * n_codes + c]: persons with answer c to item j; the last answer stands for none, and adds nothing
 * to the total; the others add c. q has n_items * (n_codes - 2) + 1 entries. Where a total is too rare for a
 * double, q is 1: nothing is held against it. Errors: OM_ERR_NOMEM. */
om_status om_chance_same(const uint64_t *count, size_t n_items, size_t n_codes, double *q,
                         struct om_error *err) OM_NODISCARD;

#endif
