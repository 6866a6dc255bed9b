/*
 * What the keys of a study do (keys_*.c): a function each, found by the name of the key. The table of keys
 * that people see, with their help, is in study.c; a new key needs a line there, one here and one in keys.c.
 */
#ifndef OM_ANALYSIS_KEYS_H
#define OM_ANALYSIS_KEYS_H

#include "analysis/study.h"

/* target is NULL when none was given; values has at least one. */
typedef om_status om_key_apply_fn(struct om_study *study, const char *target, const struct om_texts *values,
                                  struct om_error *err);

/* The function behind a key; every public key has one. */
om_key_apply_fn *om_key_apply(const char *name);

/* keys_panel.c */
om_key_apply_fn om_key_id, om_key_by, om_key_occasion, om_key_input, om_key_occasion_column, om_key_occasions,
    om_key_layout, om_key_map, om_key_delimiter, om_key_duplicates, om_key_max_groups, om_key_instrument;
/* keys_input.c */
om_key_apply_fn om_key_encoding, om_key_formula_guard, om_key_allow_empty;
/* keys_scale.c, keys_describe.c */
om_key_apply_fn om_key_scale, om_key_describe;
/* keys_answers.c */
om_key_apply_fn om_key_missing, om_key_declined, om_key_not_applicable, om_key_recode, om_key_missing_rule;
/* keys_analysis.c, keys_reference.c, keys_waves.c */
om_key_apply_fn om_key_population, om_key_shift, om_key_cutoff, om_key_statistics, om_key_level,
    om_key_strict, om_key_reference, om_key_occasion_times;
/* keys_rules.c, keys_agreement.c */
om_key_apply_fn om_key_rule, om_key_reliability, om_key_functional_norms, om_key_clinical_norms,
    om_key_anchor, om_key_percent, om_key_jt_cutoff, om_key_reliable, om_key_compat, om_key_nhs,
    om_key_rtm_correlation;
/* keys_paired.c */
om_key_apply_fn om_key_wilcoxon, om_key_equivalence, om_key_effect, om_key_seed, om_key_replicates;
/* keys_shareable.c */
om_key_apply_fn om_key_shareable;
/* keys_checks.c, keys_findings.c, keys_schema.c */
om_key_apply_fn om_key_max_missing, om_key_min_group, om_key_date, om_key_interval, om_key_checks,
    om_key_severity, om_key_show_values, om_key_max_input, om_key_schema;
/* keys_running.c */
om_key_apply_fn om_key_threads, om_key_shard, om_key_persons, om_key_memory, om_key_digest;

/* --- what they share ----------------------------------------------------------------------------------- */

/* Refuses the value of a key and names what is possible; returns OM_ERR_USAGE. */
om_status om_fail_key(struct om_error *err, const char *key, const char *possible);

/* Which of n words a text is, ASCII case ignored, or -1. */
int om_key_word(const char *text, const char *const *words, size_t n);

/* Which of n words the first value is; another one is refused, and the words are listed. */
om_status om_key_choose(const struct om_texts *values, const char *key, const char *const *words, size_t n,
                        int *out, struct om_error *err) OM_NODISCARD;

/* Replaces *out with a copy of text. */
om_status om_key_copy(char **out, const char *text, struct om_error *err) OM_NODISCARD;

#endif
