/* What a validation keeps for itself. */
#ifndef OM_ANALYSIS_VALIDATION_H
#define OM_ANALYSIS_VALIDATION_H

#include "panel/panel.h"
#include "validate/exam.h"

#include <omstat/validate.h>

/* A set of record numbers. */
struct om_record_set {
    uint64_t *word;
    size_t n, capacity; /* words */
};

static inline bool
om_record_set_has(const struct om_record_set *set, uint64_t number)
{
    return number / 64 < set->n && (set->word[number / 64] >> number % 64 & 1);
}

/* Returns false without memory. */
bool om_record_set_add(struct om_record_set *set, uint64_t number) OM_NODISCARD;

/* Everything an om_validation points into. */
struct om_validation_owned {
    struct om_panel_spec spec; /* the study's, borrowed, and thorough */
    struct om_panel *panel;
    struct om_exam exam;
    struct om_exam_settings settings; /* the study's, borrowed */
    struct om_record_set bad;         /* records with an error, of the only input */
    bool no_memory;
};

#endif
