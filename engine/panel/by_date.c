#include "panel/by_date.h"
#include "panel/rule.h"

#include <stdio.h>
#include <string.h>

enum om_by_unit
om_by_unit_of(const char *name, size_t *column_length)
{
    static const struct {
        const char *word;
        enum om_by_unit unit;
    } units[] = {{"month", OM_BY_MONTH}, {"quarter", OM_BY_QUARTER}, {"year", OM_BY_YEAR}};
    const char *colon = strrchr(name, ':');
    for (size_t i = 0; colon && i < sizeof units / sizeof *units; i++)
        if (strcmp(colon + 1, units[i].word) == 0) {
            *column_length = (size_t)(colon - name);
            return units[i].unit;
        }
    *column_length = strlen(name);
    return OM_BY_VALUE;
}

bool
om_by_is_column(const char *name, const char *column)
{
    size_t length;
    om_by_unit_of(name, &length);
    return strcmp(name, column) == 0 || (strlen(column) == length && memcmp(name, column, length) == 0);
}

size_t
om_by_period(enum om_by_unit unit, const char *text, size_t length, char period[OM_BY_PERIOD])
{
    enum { DATE = 10 }; /* 2026-03-14 */
    struct om_fraction value;
    if (length > DATE && (text[DATE] == 'T' || text[DATE] == ' '))
        length = DATE;
    if (!om_column_rule_value(OM_RULE_DATE, text, length, &value))
        return (size_t)snprintf(period, OM_BY_PERIOD, "(no date)");
    unsigned year = (unsigned)(value.num / 10000), month = (unsigned)(value.num / 100 % 100);
    if (unit == OM_BY_YEAR)
        return (size_t)snprintf(period, OM_BY_PERIOD, "%04u", year % 10000);
    if (unit == OM_BY_QUARTER)
        return (size_t)snprintf(period, OM_BY_PERIOD, "%04u-Q%u", year % 10000, (month + 2) / 3 % 10);
    return (size_t)snprintf(period, OM_BY_PERIOD, "%04u-%02u", year % 10000, month % 100);
}
