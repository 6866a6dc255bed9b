/*
 * What a table schema says of a column, and whether a cell keeps to it. For columns that no instrument reads;
 * what an answer may be, its instrument says.
 */
#ifndef OM_PANEL_RULE_H
#define OM_PANEL_RULE_H

#include <stdbool.h>
#include <stddef.h>
#include <omstat/number.h>
#include <omstat/status.h>

enum om_rule_type {
    OM_RULE_TEXT,
    OM_RULE_INTEGER,
    OM_RULE_NUMBER,
    OM_RULE_BOOLEAN,
    OM_RULE_DATE, /* 2024-02-29; bounds are dates as well */
    OM_RULE_ANY,  /* also a type that is not checked */
};

/* A list of words; owns them. */
struct om_rule_words {
    char **at;
    size_t n;
};

struct om_column_rule {
    char *column;
    enum om_rule_type type;
    bool optional; /* the column need not be there */
    bool required; /* no cell may be missing */
    struct om_rule_words missing, allowed;
    bool has_minimum, has_maximum, above, below; /* above, below: the bound itself is outside */
    struct om_fraction minimum, maximum;         /* a date is the number 20240229 */
    size_t shortest, longest;                    /* characters of a text; longest 0 = no limit */
    char *unchecked;                             /* what of it is not looked at, for people; NULL = nothing */
};

void om_column_rule_release(struct om_column_rule *rule);

/* What is wrong with a trimmed cell: a code of docs/findings.md (130 the type, 132 a constraint, 141 missing)
 * and a message, or 0. */
int om_column_rule_check(const struct om_column_rule *rule, const char *text, size_t length,
                         const char **message);

/* The value of a number, or of a date as the number YYYYMMDD; false when the text is none. */
bool om_column_rule_value(enum om_rule_type type, const char *text, size_t length, struct om_fraction *value);

#endif
