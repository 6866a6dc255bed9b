/*
 * The rule `nhs`: what the scores of several scales come to together.
 *
 * The rule set of NHS Talking Therapies (England) over PHQ-9 and GAD-7. Each scale says of a person with both
 * scores whether it is a case at the first and at the last, and whether it changed reliably; the state of the
 * person is the union of what the scales say. So it fits a byte, and people can be counted by it.
 * docs/methods/nhs.md
 */
#ifndef OMSTAT_JOINT_H
#define OMSTAT_JOINT_H

#include <stdbool.h>
#include <stdint.h>
#include <omstat/instrument.h>

/* States are unions of these. */
enum {
    OM_JOINT_CASE_FIRST = 1,    /* a case by some scale at the first occasion */
    OM_JOINT_CASE_LAST = 2,     /* ... at the last */
    OM_JOINT_IMPROVED = 4,      /* some scale changed reliably for the better */
    OM_JOINT_DETERIORATED = 8,  /* ... for the worse */
    OM_JOINT_NOT_IMPROVED = 16, /* some scale did not */
    OM_JOINT_NOT_DETERIORATED = 32,
    OM_JOINT_MISSING = 64, /* some scale lacks a score: in no class */
    OM_JOINT_STATES = 128,
};

/* When is a change of the person reliable improvement? Deterioration is the mirror image. */
enum om_joint_improvement {
    OM_JOINT_COMPOSITE, /* some scale improved reliably, and none deteriorated reliably */
    OM_JOINT_BOTH,      /* every scale improved reliably */
};

enum om_joint_class {
    OM_JOINT_RECOVERY,             /* a case at first, at last by no scale; among the cases */
    OM_JOINT_RELIABLE_IMPROVEMENT, /* among everyone, as the next but one and the last */
    OM_JOINT_RELIABLE_RECOVERY,    /* recovery and reliable improvement; among the cases */
    OM_JOINT_RELIABLE_DETERIORATION,
    OM_JOINT_NO_RELIABLE_CHANGE, /* neither: also when the scales pull apart */
    OM_JOINT_CLASSES,
};

/* "recovery", "reliable_improvement", ...; "composite", "both". */
OM_API const char *om_joint_class_id(enum om_joint_class class_);
OM_API const char *om_joint_improvement_id(enum om_joint_improvement improvement);

/* A score of one scale, and whether it is a case by it. |num| below 2^53, den at most 10^9. */
struct om_joint_score {
    struct om_fraction score;
    bool is_case;
};

/* What one scale says of a person with both scores. A change is reliable from so many points on. */
OM_API uint8_t om_joint_bits(enum om_direction direction, struct om_fraction points,
                             const struct om_joint_score *first, const struct om_joint_score *last);

/* Does a state without OM_JOINT_MISSING belong to the class? */
OM_API bool om_joint_is(unsigned state, enum om_joint_class class_, enum om_joint_improvement improvement);

/* Is the share of a class taken of the cases at the first occasion alone? */
OM_API bool om_joint_of_cases(enum om_joint_class class_);

#endif
