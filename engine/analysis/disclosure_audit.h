/*
 * An attack on what is to be published: what could somebody learn who knows the definitions of all
 * statistics? docs/methods/disclosure.md
 */
#ifndef OM_ANALYSIS_DISCLOSURE_AUDIT_H
#define OM_ANALYSIS_DISCLOSURE_AUDIT_H

#include "analysis/disclosure.h"

/* What would be published of a group, or of all. */
struct om_published {
    unsigned parts;          /* enum om_shown_part */
    unsigned rule[OM_RULES]; /* enum om_shown_class */
    const bool *band[2];     /* at each occasion; NULL: none */
};

/* The persons of a group, or of all: cells that belong to the population, ascending. */
struct om_audited_unit {
    const struct om_cell *cell;
    size_t n_cells;
    struct om_published published;
};

/* The attacker knows everything of all groups but a few, which are the units, and wants to know about one of
 * them, or about all. Without groups there is one unit, everybody, with nothing published of its own. */
enum { OM_AUDIT_UNITS = 8 };
struct om_audited {
    const struct om_view *view; /* scale and population; its cells are not used */
    struct om_audited_unit all;
    struct om_audited_unit unit[OM_AUDIT_UNITS];
    size_t n_units;
    bool about_all;                      /* else about unit 0 */
    const struct om_class_rule *classes; /* the rules in question, shown or not */
    size_t n_classes;
    uint64_t below;
    int numbers; /* so many have to be possible for each small count */
};

/* Seeks, for each small count, the least and the largest number that agrees with everything published. *open:
 * no fewer than `numbers` lie between them, for each. Errors: OM_ERR_NOMEM. */
om_status om_disclosure_audit(const struct om_audited *audited, bool *open,
                              struct om_error *err) OM_NODISCARD;

#endif
