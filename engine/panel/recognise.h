/*
 * Which columns are the items of which instrument, from their names alone.
 *
 * A column name is cut at separators; one part may be a word for an occasion ("pre", "t2", a number); the
 * others, joined, must be a prefix of an instrument and an item ("phq9" + "1", "gad" + "q03"), or a name from
 * a code book
 * ("DPQ010"). One name can be read in several ways, so columns are judged together: readings that make the
 * same pattern ("phq9_{item}_{occasion}") form a scheme, and only a scheme with every item of its instrument
 * counts. "phq9_1" is read as item 1 of PHQ-9 because phq9_1 ... phq9_9 is complete; that it could be item 9
 * at an occasion called 1 is dropped because items 1 to 8 of that reading do not exist. If two complete
 * schemes give the same instrument and occasion, the user must choose.
 */
#ifndef OM_PANEL_RECOGNISE_H
#define OM_PANEL_RECOGNISE_H

#include "panel/spec.h"

enum { OM_OCCASION_TEXT = 40 };

/* The items of one instrument at one occasion. */
struct om_form_columns {
    const struct om_instrument *instrument;
    char occasion[OM_OCCASION_TEXT]; /* the word in the names, lower case; "" = not in the names */
    size_t column[OM_ITEMS_MAX];     /* per item, index into the header */
    char scheme[160];                /* "phq9_{item}_{occasion}", or the name of a code book */
    const struct om_naming *naming;  /* the code book; NULL when names are prefix and number */
};

struct om_recognition {
    struct om_form_columns *form; /* by instrument in registry order, then by first column */
    size_t n_forms, capacity;
};

/* Reads the header. Instruments named in spec->map are taken from there and nowhere else. Errors:
 * OM_ERR_PANEL when a scheme lacks items or two schemes compete (message and hint list the candidates),
 * OM_ERR_USAGE when a map names what does not exist. */
om_status om_recognise(const struct om_registry *registry, const struct om_panel_spec *spec,
                       const struct om_texts *header, struct om_recognition *out,
                       struct om_error *err) OM_NODISCARD;
void om_recognition_release(struct om_recognition *recognition);

#endif
