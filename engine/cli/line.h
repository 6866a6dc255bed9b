/* Lines of facts about an instrument. */
#ifndef OM_CLI_LINE_H
#define OM_CLI_LINE_H

#include <stdio.h>
#include <omstat/instrument.h>

enum { OM_LINE_MARGIN = 2, OM_LINE_FACT = 16, OM_LINE_ENTRY = 24, OM_LINE_SIZE = 4096 };

/* A line that is put together piece by piece; what does not fit is cut. */
struct om_line {
    char text[OM_LINE_SIZE];
    size_t used;
};

void om_line_add(struct om_line *line, const char *format, ...) OM_PRINTF(2, 3);
void om_line_fraction(struct om_line *line, struct om_fraction f);
/* The evidence behind what is there already; note and citation on lines of their own. */
void om_line_source(struct om_line *line, const struct om_source *source);
/* "1-5, 7" from a set of items. */
void om_line_items(struct om_line *line, const struct om_instrument *instrument, uint64_t items);

/* A label and what is to be said of it; nothing when the text is NULL or empty. */
void om_put_fact(FILE *stream, const char *label, const char *text);
void om_put_source(FILE *stream, const char *label, const struct om_source *source);

#endif
