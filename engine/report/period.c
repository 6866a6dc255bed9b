#include "report/period.h"
#include "base/number.h"

#include <stdio.h>
#include <string.h>

bool
om_period_read(const char *text, struct om_period *out)
{
    int year = 0;
    for (int i = 0; i < 4; i++) {
        if (!om_ascii_digit(text[i]))
            return false;
        year = 10 * year + text[i] - '0';
    }
    if (year < 1900 || year > 2199)
        return false;
    const char *rest = text + 4;
    if (*rest == '\0') {
        *out = (struct om_period){OM_PERIOD_YEAR, year};
        return true;
    }
    if (*rest++ != '-')
        return false;
    if ((*rest == 'Q' || *rest == 'q') && rest[1] >= '1' && rest[1] <= '4' && rest[2] == '\0') {
        *out = (struct om_period){OM_PERIOD_QUARTER, 4 * year + rest[1] - '1'};
        return true;
    }
    if (!om_ascii_digit(rest[0]) || !om_ascii_digit(rest[1]) || rest[2] != '\0')
        return false;
    int month = 10 * (rest[0] - '0') + rest[1] - '0';
    *out = (struct om_period){OM_PERIOD_MONTH, 12 * year + month - 1};
    return month >= 1 && month <= 12;
}

void
om_period_write(enum om_period_kind kind, int at, char *text, size_t size)
{
    if (kind == OM_PERIOD_YEAR)
        snprintf(text, size, "%04d", at);
    else if (kind == OM_PERIOD_QUARTER)
        snprintf(text, size, "%04d-Q%d", at / 4, at % 4 + 1);
    else
        snprintf(text, size, "%04d-%02d", at / 12, at % 12 + 1);
}
