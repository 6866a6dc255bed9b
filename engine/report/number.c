#include "report/number.h"
#include "base/number.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* A host program may have set a locale with another decimal point. */
static void
set_point(char *text)
{
    for (char *p = text; *p; p++)
        if (!om_ascii_digit(*p) && !strchr("-+e", *p))
            *p = '.';
}

struct om_shown
om_show_fixed(double value, int decimals)
{
    struct om_shown out;
    if (fabs(value) >= 1e15)
        snprintf(out.text, sizeof out.text, "%.1e", value);
    else
        snprintf(out.text, sizeof out.text, "%.*f", decimals, value);
    set_point(out.text);
    if (out.text[0] == '-' && strspn(out.text, "-0.") == strlen(out.text))
        memmove(out.text, out.text + 1, strlen(out.text));
    return out;
}

struct om_shown
om_show_score(double value, int decimals)
{
    struct om_shown shown = om_show_fixed(value, decimals);
    size_t n = strlen(shown.text);
    if (!strchr(shown.text, '.') || strchr(shown.text, 'e'))
        return shown;
    while (shown.text[n - 1] == '0')
        n--;
    shown.text[shown.text[n - 1] == '.' ? n - 1 : n] = '\0';
    return shown;
}

/* Drops the zero before the point, as is usual for what cannot exceed 1. */
static struct om_shown
without_zero(struct om_shown shown)
{
    char *zero = strstr(shown.text, "0.");
    if (zero && (zero == shown.text || zero[-1] == '-'))
        memmove(zero, zero + 1, strlen(zero));
    return shown;
}

struct om_shown
om_show_p(double p)
{
    if (p < 0.001)
        return (struct om_shown){"< .001"};
    if (p > 0.999)
        return (struct om_shown){"> .999"};
    return without_zero(om_show_fixed(p, 3));
}

struct om_shown
om_show_coefficient(double value)
{
    return without_zero(om_show_fixed(value, 2));
}

struct om_shown
om_show_percent(uint64_t k, uint64_t n)
{
    struct om_shown out;
    __extension__ typedef unsigned __int128 wide;
    unsigned percent = (unsigned)(((wide)200 * k + n) / ((wide)2 * n));
    if (percent == 0 && k > 0)
        return (struct om_shown){"< 1 %"};
    if (percent == 100 && k < n)
        return (struct om_shown){"> 99 %"};
    snprintf(out.text, sizeof out.text, "%u %%", percent);
    return out;
}

struct om_shown
om_show_bounds(double lower, double upper, int decimals)
{
    struct om_shown out;
    snprintf(out.text, sizeof out.text, "%.25s to %.25s", om_show_fixed(lower, decimals).text,
             om_show_fixed(upper, decimals).text);
    return out;
}

struct om_shown
om_show_percent_bounds(double lower, double upper)
{
    struct om_shown out;
    snprintf(out.text, sizeof out.text, "%.25s-%.25s", om_show_fixed(100 * lower, 0).text,
             om_show_fixed(100 * upper, 0).text);
    return out;
}

struct om_shown
om_show_fraction(struct om_fraction f)
{
    struct om_shown out;
    char text[OM_NUMBER_TEXT];
    om_number_format(om_fraction_value(f), text);
    snprintf(out.text, sizeof out.text, "%s", text);
    return out;
}
