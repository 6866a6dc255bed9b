/* Months, quarters and years as groups are named after them: "2026-03", "2026-Q1", "2026". */
#ifndef OM_REPORT_PERIOD_H
#define OM_REPORT_PERIOD_H

#include <stdbool.h>
#include <stddef.h>

enum om_period_kind { OM_PERIOD_MONTH, OM_PERIOD_QUARTER, OM_PERIOD_YEAR };

struct om_period {
    enum om_period_kind kind;
    int at; /* periods of its kind since the year 0 */
};

/* False when the text is none of 1900 ... 2199. */
bool om_period_read(const char *text, struct om_period *out);
void om_period_write(enum om_period_kind kind, int at, char *text, size_t size);

#endif
