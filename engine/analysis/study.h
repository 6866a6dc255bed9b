/* The study behind the opaque pointer of <omstat/study.h>. */
#ifndef OM_ANALYSIS_STUDY_H
#define OM_ANALYSIS_STUDY_H

#include "analysis/keys_rules.h"
#include "analysis/settings.h"
#include "panel/spec.h"
#include "validate/settings.h"

#include <omstat/change.h>
#include <omstat/joint.h>
#include <omstat/paired.h>
#include <omstat/score.h>
#include <omstat/study.h>

/* A number for one instrument, or for all (instrument NULL). */
struct om_study_number {
    char *instrument;
    struct om_fraction value;
};

/* Families of statistics a study may ask for (families.h). */
enum { OM_FAMILIES_MAX = 32 };

enum { OM_STUDY_TIMES = 64 };
/* Of the statistics of a paired change. */
enum { OM_EFFECTS_MAX = 8 };
struct om_study_paired {
    struct om_wilcoxon_rule wilcoxon;
    struct om_study_number *equivalence; /* bounds, in points; none: no such tests */
    size_t n_equivalences, equivalence_capacity;
    double effect[OM_EFFECTS_MAX]; /* sizes of d_z that power is asked for; none: 0.2, 0.5, 0.8 */
    size_t n_effects;
    uint64_t seed; /* of the bootstrap */
    size_t replicates;
};

/* What the key shareable asks for; below 0 or 1: nothing is withheld. */
struct om_disclosure_rule {
    const char *preset; /* static */
    uint64_t below, round;
};

/* What becomes of texts in a table of scores that a spreadsheet would run. */
enum om_formula_guard { OM_FORMULA_ERROR, OM_FORMULA_ESCAPE, OM_FORMULA_OFF };

struct om_study {
    struct om_panel_spec panel;
    struct om_registry *registry;
    enum om_missing_rule missing_rule;
    bool populations[2]; /* all, positive */
    bool rules[OM_RULES];
    bool families[OM_FAMILIES_MAX];
    enum om_joint_improvement joint_improvement;
    bool rtm_alpha; /* the correlation of occasions is taken to be alpha, not that of the sample */
    struct om_study_number *rtm_correlation; /* or this, for an instrument */
    size_t n_rtm_correlations, rtm_correlation_capacity;
    struct om_study_number *shift;
    size_t n_shifts, shift_capacity;
    struct om_study_number *cutoff;
    size_t n_cutoffs, cutoff_capacity;
    struct om_rule_settings rule;
    char *reference;             /* the group that others are compared with; NULL: the first */
    double time[OM_STUDY_TIMES]; /* of the occasions, where the study gives them */
    size_t n_times;
    struct om_study_paired paired;
    struct om_exam_settings exam; /* checks of `omstat validate` */
    struct om_disclosure_rule shareable;
    double level;
    bool strict;
    enum om_formula_guard formula_guard;
    struct om_study_settings set; /* as they were set */
};

/* Remembers the digest of a file that the study was made from. */
om_status om_study_add_source(struct om_study *study, const char *key, const char *path,
                              const struct om_buffer *bytes, struct om_error *err) OM_NODISCARD;

/* The public description of a key, or NULL when there is none of that name. */
const struct om_study_key *om_key_find(const char *name);

/* Applies a key to values and remembers that it was set. */
om_status om_study_apply(struct om_study *study, const struct om_study_key *key, const char *target,
                         const struct om_texts *values, struct om_error *err) OM_NODISCARD;

/* Is a rule reported when the study does not say which? */
bool om_rule_by_default(enum om_rule rule);

/* The words of the key wilcoxon, by the enums of <omstat/paired.h>. */
enum { OM_WILCOXON_ZEROS_WORDS = 3, OM_WILCOXON_P_WORDS = 4 };
extern const char *const om_wilcoxon_zeros_words[OM_WILCOXON_ZEROS_WORDS];
extern const char *const om_wilcoxon_p_words[OM_WILCOXON_P_WORDS];

/* Makes known the scores that a value of the key `scale` names, but for those that are known to arrive as
 * totals already (keys_scale.c). */
om_status om_study_add_totals(struct om_registry *registry, const char *value,
                              struct om_error *err) OM_NODISCARD;

/* Adds a number for an instrument, or for all (target NULL). */
om_status om_study_add_number(struct om_study_number **list, size_t *n, size_t *capacity, const char *target,
                              struct om_fraction value, struct om_error *err) OM_NODISCARD;

/* As the key names it. */
const char *om_encoding_word(enum om_encoding encoding);

/* "500M", "2G" to bytes, in binary multiples; false for what is no size. */
bool om_size_parse(const char *text, uint64_t *size);

/* The points of the shift rule for an instrument. */
struct om_fraction om_study_shift(const struct om_study *study, const struct om_instrument *instrument);
/* The bound within which a mean change of this instrument makes no difference, or NULL. */
const struct om_fraction *om_study_equivalence(const struct om_study *study,
                                               const struct om_instrument *instrument);
/* The study's own threshold for an instrument's total, or NULL. */
const struct om_fraction *om_study_cutoff(const struct om_study *study,
                                          const struct om_instrument *instrument);
/* The study's own correlation of two occasions of an instrument, or NULL. */
const struct om_fraction *om_study_rtm_correlation(const struct om_study *study,
                                                   const struct om_instrument *instrument);

#endif
