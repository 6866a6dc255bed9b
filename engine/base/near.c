#include "base/near.h"
#include "base/number.h"

#include <string.h>

enum { LONGEST = 48 };

static size_t
least(size_t a, size_t b)
{
    return a < b ? a : b;
}

size_t
om_edit_distance(const char *a, const char *b)
{
    size_t m = strlen(a), n = strlen(b);
    if (m > LONGEST || n > LONGEST)
        return (size_t)-1;
    size_t row[3][LONGEST + 1]; /* the rows i - 2, i - 1 and i of the table, reused in turn */
    for (size_t j = 0; j <= n; j++)
        row[0][j] = j;
    for (size_t i = 1; i <= m; i++) {
        size_t *now = row[i % 3], *above = row[(i + 2) % 3], *two_above = row[(i + 1) % 3];
        now[0] = i;
        for (size_t j = 1; j <= n; j++) {
            char x = om_ascii_lower(a[i - 1]), y = om_ascii_lower(b[j - 1]);
            now[j] = least(least(above[j], now[j - 1]) + 1, above[j - 1] + (x != y));
            if (i > 1 && j > 1 && x == om_ascii_lower(b[j - 2]) && y == om_ascii_lower(a[i - 2]))
                now[j] = least(now[j], two_above[j - 2] + 1);
        }
    }
    return row[m % 3][n];
}

/* One begins with the other, and the shorter says enough to be meant. */
static int
begins_alike(const char *a, const char *b)
{
    size_t n = least(strlen(a), strlen(b));
    return n >= 3 && memcmp(a, b, n) == 0;
}

size_t
om_near_words(const char *word, const char *const *known, size_t n, const char *near[OM_NEAR_MAX])
{
    size_t found = 0, distance[OM_NEAR_MAX] = {0};
    size_t tolerance = least(1 + strlen(word) / 4, 3);
    for (size_t i = 0; i < n; i++) {
        size_t d = om_edit_distance(word, known[i]);
        if (d > tolerance && begins_alike(word, known[i]))
            d = tolerance;
        if (d > tolerance || d >= strlen(word)) /* nothing of the word would be left */
            continue;
        size_t place = found;
        while (place > 0 && distance[place - 1] > d)
            place--;
        if (place == OM_NEAR_MAX)
            continue;
        size_t kept = least(found, OM_NEAR_MAX - 1);
        for (size_t j = kept; j > place; j--) {
            near[j] = near[j - 1];
            distance[j] = distance[j - 1];
        }
        near[place] = known[i];
        distance[place] = d;
        found = least(found + 1, OM_NEAR_MAX);
    }
    while (found > 1 && distance[found - 1] > distance[0])
        found--;
    return found;
}
