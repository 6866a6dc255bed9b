/* Groups made of dates: --by start_date:month puts a person into "2026-03". */
#ifndef OM_PANEL_BY_DATE_H
#define OM_PANEL_BY_DATE_H

#include <stdbool.h>
#include <stddef.h>

enum om_by_unit { OM_BY_VALUE, OM_BY_MONTH, OM_BY_QUARTER, OM_BY_YEAR };

enum { OM_BY_PERIOD = 16 };

/* What is asked for in "start_date:month", and how many bytes of the name are the column's. A name without
 * such an ending is all column: OM_BY_VALUE. */
enum om_by_unit om_by_unit_of(const char *name, size_t *column_length);

/* Does a name, with or without a unit, stand for this column? */
bool om_by_is_column(const char *name, const char *column);

/* The period of a date such as 2026-03-14, perhaps with a time behind it: "2026-03", "2026-Q1", "2026"; or
 * "(no date)". Returns its length. */
size_t om_by_period(enum om_by_unit unit, const char *text, size_t length, char period[OM_BY_PERIOD]);

#endif
