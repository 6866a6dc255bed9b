/*
 * Running a study: panel in, result set out.
 */
#ifndef OMSTAT_ANALYSIS_H
#define OMSTAT_ANALYSIS_H

#include <omstat/findings.h>
#include <omstat/results.h>
#include <omstat/study.h>
#include <omstat/tally_file.h>

/* A count that disclosure control withholds (key shareable); never a number of anything. */
#define OM_WITHHELD UINT64_MAX

/* The note of a row whose value disclosure control withholds. One for all, whatever the reason: which of two
 * withheld counts is the small one is not told. */
#define OM_NOTE_WITHHELD "withheld"

/* Records of the input. Conservation: read = scored + rejected + skipped. */
struct om_record_ledger {
    uint64_t read;     /* records after the header */
    uint64_t scored;   /* used to score at least one form, or empty but attributable to a person */
    uint64_t rejected; /* unusable: wrong number of fields, no id, a duplicate */
    uint64_t skipped;  /* left out on purpose: an occasion that is not compared */
};

/* Persons of one group and instrument (its total). Conservation: sum over groups = all. */
struct om_person_ledger {
    const char *group;
    const char *instrument;
    uint64_t persons;  /* known in this group */
    uint64_t baseline; /* with a score at the first occasion */
    uint64_t positive; /* of these, screening positive then; 0 and !has_cutoff where there is no threshold */
    uint64_t paired;   /* with a score at both occasions */
    uint64_t used;     /* paired and screening positive at the first occasion */
    bool has_cutoff;
};

/* One input as it was read. */
struct om_input_info {
    const char *path;
    uint64_t bytes;
    uint64_t records;        /* without the header */
    const char *digest_name; /* "sha256" or, for large files, "xxh128" (XXH3, 128 bits) */
    char digest[65];         /* of the bytes, in hexadecimal */
    uint32_t part, parts;    /* the part-th of so many was read; 0 of 0: the whole */
    bool tally;              /* a tally, not a panel: of its records the persons are counted */
    uint64_t persons;        /* of a tally: who is counted in it */
};

/* A file that said how to read and compute. */
struct om_source_info {
    const char *key; /* "study", "instrument" or "schema" */
    const char *path;
    const char *sha256; /* of its bytes */
};

/* One scale of the report: instrument, scale and the threshold in force. */
struct om_scale_info {
    const struct om_instrument *instrument;
    const struct om_scale *scale;
    const struct om_cutoff *cutoff; /* NULL when the scale has none */
    struct om_fraction cutoff_at;   /* in force: the definition's or the study's own */
    bool cutoff_from_study;
    struct om_fraction shift;        /* points of the shift rule for this instrument */
    struct om_fraction share;        /* of the first score: the percent rule */
    bool reliable_by_index;          /* the rule reliable looks at norms, not at published points */
    struct om_fraction anchor;       /* minimal important difference; den 0 when none is known */
    struct om_fraction anchor_worse; /* the same for deterioration; den 0 when it is no other */
};

/* What a figure needs of a scale beside its rows: how many persons of the group "all" went from which level
 * to which. Levels are numbered in ascending order; n_levels stands for "no score", also at the occasion
 * there is not. Cells are ascending by first, then last, and hold counts above 0. */
struct om_scale_level {
    int64_t value; /* score * unit */
    int band;      /* index into the scale's bands; -1 = it has none */
    bool positive; /* at or beyond the threshold in force */
};
struct om_scale_cell {
    uint32_t first, last;
    uint64_t count;
};
/* A change rule of the run, as it applies to everyone ("all"). */
struct om_rule_view {
    const char *rule;    /* its id */
    uint8_t *class_;     /* per cell: enum om_change_class; OM_CHANGE_UNDEFINED also without both scores */
    double points;       /* a change of so many points counts; 0 where the rule is no such number */
    double points_worse; /* for deterioration */
    bool inclusive;      /* a change of just as many points counts too */
    bool has_cutoff;     /* between the clinical and the functional side, at: */
    double cutoff;
};
struct om_scale_view {
    int64_t unit;
    struct om_scale_level *level;
    size_t n_levels;
    struct om_scale_cell *cell;
    size_t n_cells;
    struct om_rule_view *rule; /* of those asked for, the ones that can classify somebody */
    size_t n_rules;
};

/* Statistics that were asked for beside the standard ones. */
struct om_family_info {
    const char *id;    /* as the key `statistics` names it */
    const char *title; /* for people */
};

/* What was done so that the analysis can be shared: docs/methods/disclosure.md. Everything else of an
 * analysis is then free of small counts: rows are withheld or left out, counts are OM_WITHHELD, `findings` is
 * empty. */
struct om_disclosure {
    bool active;
    const char *preset;                     /* "cms", "nhs", "acro", "own" */
    uint64_t below;                         /* a count is small when it is above 0 and below this */
    uint64_t round;                         /* counts are rounded to multiples of this; 1 = not */
    size_t n_shown, n_withheld, n_left_out; /* values */
    /* Not to be shared: every value that is withheld or left out, with its reason as the note ("primary",
     * "complementary", "not publishable"); and the findings. */
    struct om_results log;
    const struct om_findings *findings;
    struct om_findings *none; /* private */
};

/* Whatever is added here has to be free of small counts when `disclosure` is active: analysis/disclosure.c.
 */
struct om_analysis {
    struct om_results results;
    struct om_disclosure disclosure;

    const char **group; /* "all" first, then in natural order */
    size_t n_groups;
    const char **occasion; /* reported: the two compared, or all that are followed; in time */
    size_t n_occasions;
    const double *occasion_time;             /* when each was, by the key occasion-times; NULL: not said */
    const char *first, *last;                /* the two compared; last is NULL with one occasion */
    const struct om_instrument **instrument; /* those found, in registry order */
    size_t n_instruments;
    struct om_scale_info *scale; /* by instrument, then in definition order */
    size_t n_scales;
    struct om_scale_view *view; /* per scale, for figures; all zero where it is withheld. NULL: all are */

    struct om_record_ledger records;
    struct om_person_ledger *ledger; /* by group, then instrument */
    size_t n_ledger;
    uint64_t persons;
    uint64_t without_partner; /* persons with a record at one of the two compared occasions only */
    uint64_t duplicates;      /* records of a person and occasion already seen */

    struct om_input_info *input; /* what was read: panels or tallies */
    size_t n_inputs;
    struct om_input_info *tallied; /* of tallies: the panels that they were made of */
    size_t n_tallied;
    char **reading; /* sentences: what was taken for what */
    size_t n_reading;
    struct om_family_info *family; /* of statistics asked for beside the standard ones */
    size_t n_families;
    char **option; /* "key: value" of every key that was set: by key, then in the order it was set. Files are
                    * named without their folders. om_study_set takes the value as it stands. */
    size_t n_options;
    struct om_source_info *source; /* files that were read beside the inputs, in the order they were */
    size_t n_sources;
    const char *missing_rule; /* "complete" or "prorate" */
    const char *population;   /* "all", "positive" or "both": what was asked for */
    struct om_fraction shift; /* points of the shift rule */
    struct om_findings *findings;

    void *owned; /* private */
};

/* Called now and then with the bytes read and their total (0 when not known), by any of the threads that
 * read, one at a time. */
typedef void (*om_progress_fn)(void *context, uint64_t done, uint64_t total);

struct om_hooks {
    om_progress_fn progress; /* NULL = none */
    void *context;
};

/* Runs the study on its inputs: panels, or tallies, which are known by their first bytes and added up. On as
 * many threads as its key "threads" says; the result does not depend on them. Errors:
 * OM_ERR_PANEL (columns missing or ambiguous, no record, no pair), OM_ERR_DATA (strict, or duplicates under
 * the policy error), OM_ERR_USAGE (a column, occasion or instrument named in the study is not there),
 * OM_ERR_NO_INPUT, OM_ERR_PERMISSION, OM_ERR_IO, OM_ERR_NOMEM, OM_ERR_INTERNAL (conservation failed). On
 * OM_ERR_DATA *findings_on_error (may be NULL) receives the findings. */
OM_API OM_NODISCARD om_status om_analyse(const struct om_study *study, const struct om_hooks *hooks,
                                         struct om_analysis **out, struct om_findings **findings_on_error,
                                         struct om_error *err);
/* Frees everything an analysis points to; accepts NULL. */
OM_API void om_analysis_free(struct om_analysis *analysis);

/* The analysis of a tally, which it borrows, as is `name` that stands for it in messages. Its rows are those
 * of the panel. What the study sets must agree with what was counted; it may ask for some of the columns of
 * the tally. Errors as om_analyse, and OM_ERR_DEFINITION when the tally is of another study or of other
 * definitions of its instruments. */
OM_API OM_NODISCARD om_status om_analyse_tally(const struct om_study *study, const struct om_tally *tally,
                                               const char *name, struct om_analysis **out,
                                               struct om_error *err);

/* What a run of om_tally_panel did. */
struct om_tallying {
    struct om_tally *tally; /* NULL when it failed */
    struct om_record_ledger records;
    uint64_t persons;
    struct om_findings *findings;
    char **reading; /* sentences: what was taken for what */
    size_t n_reading;
    void *owned; /* private */
};

/* Reads the panel of a study and keeps every count that a report may ask for: of the columns `by` and
 * `describe` names, whatever rules, populations and statistics it asks for. Parts without a person, or
 * without a pair, are fine: others may have them. out is filled as far as the run came, also on failure;
 * release it. Errors as om_analyse. */
OM_API OM_NODISCARD om_status om_tally_panel(const struct om_study *study, const struct om_hooks *hooks,
                                             struct om_tallying *out, struct om_error *err);
/* Frees what om_tally_panel filled in; a zeroed one is fine. */
OM_API void om_tallying_release(struct om_tallying *tallying);

/* What a run of om_score did. */
struct om_scoring {
    struct om_record_ledger records;
    struct om_findings *findings;
    char **reading; /* sentences: what was taken for what */
    size_t n_reading;
};

/* Writes the scores of every record (docs/formats/scores.md: key columns, then per scale the score, the
 * number of answers, band, screening status and the reason when there is no score) to path, or standard
 * output for "-". The file appears whole or not at all; what goes to a pipe may break off after 16 MiB when a
 * run fails. *out is filled as far as the run came, also on
 * failure; release it. */
OM_API OM_NODISCARD om_status om_score(const struct om_study *study, const char *path,
                                       const struct om_hooks *hooks, struct om_scoring *out,
                                       struct om_error *err);
/* Frees what om_score filled in; a zeroed one is fine. */
OM_API void om_scoring_release(struct om_scoring *scoring);

/* The study file that says how the inputs would be read, as YAML text the caller frees with om_text_free. */
OM_API OM_NODISCARD om_status om_study_describe(const struct om_study *study, char **yaml,
                                                struct om_error *err);
/* Frees text that the library made; accepts NULL. */
OM_API void om_text_free(char *text);

#endif
