#include "source_date.h"

#include "message.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

int
om_source_date(char text[OM_SOURCE_DATE_TEXT])
{
    enum { DIGITS = 12, YEARS_OF_FOUR_DIGITS = 10000 - 1900 };
    const char *epoch = getenv("SOURCE_DATE_EPOCH");
    struct tm utc;
    text[0] = '\0';
    if (!epoch)
        return OM_EXIT_OK;
    const size_t length = strlen(epoch);
    const time_t seconds = length <= DIGITS ? (time_t)strtoll(epoch, NULL, 10) : 0;
    if (!length || length > DIGITS || strspn(epoch, "0123456789") != length || !gmtime_r(&seconds, &utc) ||
        utc.tm_year >= YEARS_OF_FOUR_DIGITS)
        return om_say_usage(NULL, "SOURCE_DATE_EPOCH is no number of seconds since 1970");
    strftime(text, OM_SOURCE_DATE_TEXT, "%Y-%m-%dT%H:%M:%SZ", &utc);
    return OM_EXIT_OK;
}
