#include "panel/occasion.h"
#include "base/number.h"

#include <string.h>

enum { START, NUMBERED, MIDDLE, END, FOLLOW_UP };

static const struct {
    const char *word;
    int rank;
    bool numbered; /* a number may follow: "fu2" */
    bool needed;   /* a number must follow: "t1" */
    const char *unit;
} words[] = {
    {"pre", START, false, false, ""},
    {"pretest", START, false, false, ""},
    {"pretreatment", START, false, false, ""},
    {"before", START, false, false, ""},
    {"baseline", START, false, false, ""},
    {"base", START, false, false, ""},
    {"bl", START, false, false, ""},
    {"intake", START, false, false, ""},
    {"screening", START, false, false, ""},
    {"enrollment", START, false, false, ""},
    {"enrolment", START, false, false, ""},
    {"admission", START, false, false, ""},
    {"start", START, false, false, ""},
    {"first", START, false, false, ""},
    {"t", NUMBERED, true, true, "t"},
    {"time", NUMBERED, true, true, "t"},
    {"timepoint", NUMBERED, true, true, "t"},
    {"w", NUMBERED, true, true, "w"},
    {"wave", NUMBERED, true, true, "w"},
    {"wk", NUMBERED, true, true, "week"},
    {"week", NUMBERED, true, true, "week"},
    {"m", NUMBERED, true, true, "month"},
    {"mo", NUMBERED, true, true, "month"},
    {"month", NUMBERED, true, true, "month"},
    {"d", NUMBERED, true, true, "day"},
    {"day", NUMBERED, true, true, "day"},
    {"v", NUMBERED, true, true, "visit"},
    {"visit", NUMBERED, true, true, "visit"},
    {"s", NUMBERED, true, true, "session"},
    {"session", NUMBERED, true, true, "session"},
    {"occ", NUMBERED, true, true, "occasion"},
    {"occasion", NUMBERED, true, true, "occasion"},
    {"mid", MIDDLE, false, false, ""},
    {"middle", MIDDLE, false, false, ""},
    {"post", END, false, false, ""},
    {"posttest", END, false, false, ""},
    {"posttreatment", END, false, false, ""},
    {"after", END, false, false, ""},
    {"end", END, false, false, ""},
    {"final", END, false, false, ""},
    {"discharge", END, false, false, ""},
    {"exit", END, false, false, ""},
    {"last", END, false, false, ""},
    {"fu", FOLLOW_UP, true, false, "fu"},
    {"fup", FOLLOW_UP, true, false, "fu"},
    {"followup", FOLLOW_UP, true, false, "fu"},
};

/* Copies the letters and digits of text, lower case, without separators; 0 when it is too long to be a word.
 */
static size_t
squeeze(const char *text, size_t length, char out[24])
{
    size_t n = 0;
    for (size_t i = 0; i < length; i++) {
        char c = om_ascii_lower(text[i]);
        if (c == ' ' || c == '_' || c == '-' || c == '.')
            continue;
        if (n == 23)
            return 0;
        out[n++] = c;
    }
    out[n] = '\0';
    return n;
}

/* The length of an event's name without the arm that REDCap adds to it: "week_8_arm_1" is week_8. */
static size_t
without_arm(const char *text, size_t length)
{
    size_t n = length;
    while (n > 0 && om_ascii_digit(text[n - 1]))
        n--;
    return n < length && n > 5 && om_ascii_equal(text + n - 5, 5, "_arm_") ? n - 5 : length;
}

bool
om_occasion_parse(const char *text, size_t length, bool allow_number, struct om_occasion_word *out)
{
    struct om_fraction value;
    length = without_arm(text, length);
    if (om_fraction_parse(text, length, &value)) {
        *out = (struct om_occasion_word){.rank = NUMBERED, .number = om_fraction_value(value)};
        return allow_number;
    }
    char word[24];
    size_t n = squeeze(text, length, word), letters = 0;
    while (letters < n && word[letters] >= 'a' && word[letters] <= 'z')
        letters++;
    double number = 0;
    for (size_t i = letters; i < n; i++) {
        if (!om_ascii_digit(word[i]) || i - letters > 5)
            return false;
        number = number * 10 + (word[i] - '0');
    }
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (!om_ascii_equal(word, letters, words[i].word))
            continue;
        if (n > letters ? !words[i].numbered : words[i].needed)
            return false;
        *out = (struct om_occasion_word){.rank = words[i].rank, .number = number};
        memcpy(out->unit, words[i].unit, strlen(words[i].unit) + 1);
        return true;
    }
    return false;
}

bool
om_occasion_order(const struct om_occasion_word *a, const struct om_occasion_word *b, int *order)
{
    if (a->rank != b->rank) {
        *order = a->rank < b->rank ? -1 : 1;
        return true;
    }
    if (strcmp(a->unit, b->unit) != 0 ||
        (a->number == b->number && a->rank != NUMBERED && a->rank != FOLLOW_UP)) {
        *order = 0;
        return false;
    }
    *order = (a->number > b->number) - (a->number < b->number);
    return *order != 0;
}
