/*
 * What a questionnaire is: its items, answer codes, scales, thresholds and where each fact comes from.
 *
 * Instruments are data. A definition is a YAML file (docs/formats/instrument.md); those in instruments/ are
 * read by the same loader as a user's file when the library is built, and compiled into it. A definition is
 * read-only once loaded and may be shared between threads.
 */
#ifndef OMSTAT_INSTRUMENT_H
#define OMSTAT_INSTRUMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <omstat/number.h>
#include <omstat/status.h>

/*
 * An answer as the scoring core sees it: one byte.
 *
 *   0 ... 119   the code itself
 *   0x80 ...    no code; the byte says why
 */
enum {
    OM_CODE_MAX = 119,
    OM_CODE_BLANK = 0x80,    /* nothing there, or a missing token */
    OM_CODE_DECLINED = 0x81, /* refused, don't know */
    OM_CODE_NA = 0x82,       /* "does not apply", only where the instrument offers it */
    OM_CODE_INVALID = 0x83,  /* something that is not an allowed answer */
};

enum { OM_ITEMS_MAX = 64 }; /* items of one instrument */

/* Where a fact comes from. evidence: "verified", "derived", "recalled", "recommended". */
struct om_source {
    char *citation; /* NULL when none is given */
    char *evidence; /* NULL when none is given */
    char *note;     /* a remark for people; NULL when none */
};

/* One possible answer. */
struct om_answer {
    int code;
    char **label; /* wordings read as this code, the usual one first; compared without regard to case */
    size_t n_labels;
};

struct om_item {
    char *id;      /* short name, unique in the instrument: the number in text form, or a word ("spouse") */
    char *label;   /* own words, a few of them */
    bool reversed; /* score = minimum + maximum - code */
};

/* Column names that stand for the items in one code book, and its codes for no answer. */
struct om_naming {
    char *name;     /* "REDCap", "NHANES", "CDISC", "LOINC" */
    char **column;  /* n_items names, in item order, or one of a total; matched without regard to case */
    char **missing; /* tokens read as blank under these names */
    size_t n_missing;
    char **declined; /* tokens read as declined */
    size_t n_declined;
    struct om_source source;
};

/* How a scale is made from its items. */
enum om_combine {
    OM_COMBINE_SUM,     /* sum of codes; prorated: sum * k / n */
    OM_COMBINE_MEAN,    /* sum / n */
    OM_COMBINE_PERCENT, /* 100 * sum / (n * maximum code) */
    OM_COMBINE_COUNT,   /* how many items reach their endorsement code */
    OM_COMBINE_TOTAL,   /* nothing: it arrives as a number; its instrument has no items and this one scale */
    OM_COMBINE_CLASS,   /* the first class whose criteria all hold; see struct om_class */
};

/* A severity class of a scale: scores from `from` up to the next band's `from`. Of a class scale: the class.
 */
struct om_band {
    char *id; /* "moderately_severe": used in results */
    char *label;
    struct om_fraction from; /* inclusive, compared with the score after the scale's rounding */
};

/* A screening threshold. */
struct om_cutoff {
    char *id;              /* "33" */
    struct om_fraction at; /* positive at or beyond (>= when higher is worse, <= when higher is better) */
    bool is_default;
    bool is_choice; /* not published: a choice, printed as such wherever it is used */
    char *label;    /* "10 or more" when the file gives none; labels elsewhere are likewise never NULL */
    struct om_source source;
};

/* A change in points that counts as reliable or meaningful; inclusive. */
struct om_threshold {
    char *id;   /* "nhs" */
    char *kind; /* "reliable" or "meaningful" */
    struct om_fraction points;
    bool is_default;
    char *label;
    struct om_source source;
};

/* What a norm can stand for when cut-offs between populations are made. */
enum om_norm_kind { OM_NORM_OTHER, OM_NORM_CLINICAL, OM_NORM_FUNCTIONAL };
/* What a rule over several instruments asks of a scale: who is a case, and which change is reliable. */
struct om_joint_rule {
    char *id;                    /* "nhs" */
    struct om_fraction caseness; /* of one of the cut-offs; the score counts as it does there */
    struct om_fraction points;   /* of one of the reliable changes; inclusive */
    struct om_source source;
};

/* Population values used to judge change. */
struct om_norm {
    char *id;
    enum om_norm_kind kind; /* clinical and functional ones have a mean and an SD */
    char *population;
    double n, mean, sd, reliability; /* NAN where the source gives none */
    char *reliability_kind;          /* "alpha", "test-retest"; NULL when none */
    struct om_source source;
};

/* One requirement of a class: of these items, at least so many are endorsed. */
struct om_criterion {
    uint64_t items; /* bit i = item i (0-based) */
    int at_least;
};

/* Classes are listed from the most to the least severe and end with one that has no criteria. */
struct om_class {
    char *id;
    char *label;
    bool positive; /* counts as screening positive */
    struct om_criterion *criterion;
    size_t n_criteria;
};

enum om_direction {
    OM_HIGHER_WORSE,
    OM_HIGHER_BETTER,
};

enum om_rounding {
    OM_ROUND_NONE,    /* bands and cut-offs look at the exact score */
    OM_ROUND_HALF_UP, /* bands and cut-offs look at floor(score + 1/2) */
};

struct om_scale {
    char *id; /* "total" */
    char *label;
    enum om_combine combine;
    enum om_direction direction;
    uint64_t items; /* bit i = item i */
    size_t n_items; /* bits set */
    uint8_t
        endorsed[OM_ITEMS_MAX]; /* count and class: the code from which item i is endorsed (never reversed) */

    /* Missing answers when prorating; complete-only scoring allows none. */
    int max_blank;    /* at most so many of the items blank or declined */
    int min_answered; /* at least so many answered (after "does not apply"); 1 or more */
    struct om_source missing_source;

    enum om_rounding rounding;
    struct om_fraction minimum, maximum; /* of the score */
    bool open_range;      /* a total whose range nobody gave: minimum and maximum are only far away */
    struct om_band *band; /* ascending `from`; a class scale: one per class, ascending severity */
    size_t n_bands;
    struct om_source band_source;
    struct om_cutoff *cutoff;
    size_t n_cutoffs;
    struct om_threshold *threshold;
    size_t n_thresholds;
    struct om_norm *norm;
    size_t n_norms;
    struct om_joint_rule *joint_rule;
    size_t n_joint_rules;
    struct om_class *class_; /* class scales only, most severe first */
    size_t n_classes;

    bool has_remission;
    struct om_fraction remission_below; /* remission: score < this */
    struct om_source remission_source;
};

/* An item whose answer matters by itself, whatever the totals say. */
struct om_safety {
    char *scale; /* id of the scale that holds this one item: "item9" */
    int item;    /* 0-based */
    int at_least;
    char *label;
    struct om_source source;
};

/* A worked example that must score as stated. */
struct om_expectation {
    char *scale;
    bool no_score; /* expects none */
    bool has_score;
    struct om_fraction score;
    char *band;    /* NULL = not stated */
    int positive;  /* 1, 0, -1 = not stated */
    char *cutoff;  /* which cut-off `positive` is about; NULL = the default one */
    uint64_t line; /* in the definition */
};

struct om_vector {
    char *name;
    uint8_t code[OM_ITEMS_MAX]; /* OM_CODE_* for no answer */
    bool prorate;               /* missing rule this example is scored under */
    struct om_expectation *expect;
    size_t n_expect;
    uint64_t line;
};

struct om_instrument {
    char *id;      /* ^[a-z][a-z0-9_]{0,31}$ */
    char *version; /* of the definition */
    char *name;    /* "PHQ-9" */
    char *title;   /* the long name; `name` when the file gives none */
    char *authors; /* "" when the file gives none; so are recall and license */
    int year;      /* 0 when the file gives none */
    char *recall;  /* "2 weeks" */
    char *license;
    struct om_source source;

    char *parent;                      /* id of the instrument it is derived from; NULL when on its own */
    uint8_t parent_item[OM_ITEMS_MAX]; /* item i is the parent's item parent_item[i] (0-based) */

    struct om_item item[OM_ITEMS_MAX];
    size_t n_items;           /* 0: it arrives as a total */
    struct om_answer *answer; /* ascending codes, the same for every item */
    size_t n_answers;
    int minimum, maximum; /* of the codes */
    bool allowed[OM_CODE_MAX + 1];
    bool has_na; /* offers "does not apply" */
    char **na_label;
    size_t n_na_labels;

    char **prefix; /* column prefixes: "phq9", "phq" */
    size_t n_prefixes;
    struct om_naming *naming;
    size_t n_namings;

    struct om_scale *scale;
    size_t n_scales;
    struct om_safety *safety;
    size_t n_safety;
    struct om_vector *vector;
    size_t n_vectors;

    char sha256[65]; /* of the definition's bytes, hexadecimal */
};

/* The instruments compiled in, in the order of the evaluation: phq9 gad7 pcl5 bipf phq2 phq8 gad2. */
OM_API size_t om_instrument_builtin_count(void);
OM_API const char *om_instrument_builtin_id(size_t index);
/* The YAML text as shipped; static storage. NULL for an unknown id. */
OM_API const char *om_instrument_builtin_text(const char *id);

/* A set of instruments that a run knows. Owns what it loads. */
struct om_registry;

/* Creates a registry holding every built-in instrument. */
OM_API OM_NODISCARD om_status om_registry_new(struct om_registry **out, struct om_error *err);
OM_API void om_registry_free(struct om_registry *registry); /* accepts NULL */

/* Adds the definition in a file; one with the id of another takes its place, and pointers to the other end. A
 * replacement must keep the items and codes that derived instruments read. Errors: OM_ERR_DEFINITION with
 * file, line, column and remedy; OM_ERR_NO_INPUT, OM_ERR_PERMISSION, OM_ERR_IO, OM_ERR_NOMEM. *out (may be
 * NULL) is the instrument, owned by the registry. */
OM_API OM_NODISCARD om_status om_registry_add_file(struct om_registry *registry, const char *path,
                                                   const struct om_instrument **out, struct om_error *err);
/* The same from memory; name stands for the file in errors. */
OM_API OM_NODISCARD om_status om_registry_add_text(struct om_registry *registry, const char *name,
                                                   const char *text, size_t length,
                                                   const struct om_instrument **out, struct om_error *err);

/* Adds an instrument that arrives as a total, in columns whose names begin with its id: no items, no bands,
 * any range unless low and high are given. Where there is an instrument of that id already, it becomes one
 * that arrives as a total: its first scale stays, with bands, thresholds and norms, and low, high and
 * direction are not asked for. Errors: OM_ERR_USAGE for what cannot be an id; OM_ERR_DEFINITION where the
 * first scale is no sum of points. */
struct om_total_spec {
    const char *id;
    enum om_direction direction;
    const struct om_fraction *low, *high; /* both or none */
};
/* Adds the instrument that the specification describes, as said above. */
OM_API OM_NODISCARD om_status om_registry_add_total(struct om_registry *registry,
                                                    const struct om_total_spec *spec, struct om_error *err);

/* The instruments of a registry, in the order they were added. */
OM_API size_t om_registry_count(const struct om_registry *registry);
OM_API const struct om_instrument *om_registry_at(const struct om_registry *registry, size_t index);
/* NULL when there is none of that id. */
OM_API const struct om_instrument *om_registry_find(const struct om_registry *registry, const char *id);

/* Does it arrive as a total? */
static inline bool
om_instrument_is_total(const struct om_instrument *instrument)
{
    return instrument->n_items == 0;
}

/* NULL when there is none of that id. */
OM_API const struct om_scale *om_instrument_scale(const struct om_instrument *instrument, const char *id);
/* The scale's default cut-off, or NULL. */
OM_API const struct om_cutoff *om_scale_default_cutoff(const struct om_scale *scale);
/* The index of the item with this id, or -1. */
OM_API int om_instrument_item(const struct om_instrument *instrument, const char *id);

#endif
