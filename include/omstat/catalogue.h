/* Every code a finding can have: what it means, what is done, what to do about it. */
#ifndef OMSTAT_CATALOGUE_H
#define OMSTAT_CATALOGUE_H

#include <stdbool.h>
#include <stddef.h>
#include <omstat/findings.h>

/* All text is static and on one line, but for the example, which may have several. */
struct om_catalogue_entry {
    int code; /* 132 for OM132; never used for anything else */
    enum om_severity
        severity;        /* unless the study says otherwise; some have another one in some cases: see does */
    bool of_data;        /* false: no finding, but how the program itself behaves */
    const char *title;   /* a few words */
    const char *does;    /* what omstat does, a sentence or two */
    const char *why;     /* why it matters */
    const char *remedy;  /* what to do */
    const char *example; /* input that has it; "" where a line cannot show it */
};

/* All entries, by code. */
OM_API const struct om_catalogue_entry *om_catalogue(size_t *n);

/* The entry of a code, or NULL. */
OM_API const struct om_catalogue_entry *om_catalogue_find(int code);

/* The entry of "OM132", "om132" or "132", or NULL. */
OM_API const struct om_catalogue_entry *om_catalogue_parse(const char *text);

#endif
