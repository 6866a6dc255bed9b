#include "panel/guess.h"
#include "panel/occasion.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/number.h"

#include <stdio.h>
#include <string.h>

enum { NAME_MAX_LENGTH = 96, PARTS_MAX = 24 };

/* A name cut at separators. */
struct parts {
    const char *name;
    size_t start[PARTS_MAX], length[PARTS_MAX];
    size_t n;
};

static bool
is_separator(char c)
{
    return c == '_' || c == '-' || c == '.' || c == ' ' || c == '/' || c == ':';
}

static bool
cut(const char *name, struct parts *parts)
{
    *parts = (struct parts){.name = name};
    for (size_t i = 0; name[i];) {
        size_t n = 0;
        while (name[i + n] && !is_separator(name[i + n]))
            n++;
        if (n) {
            if (parts->n == PARTS_MAX)
                return false;
            parts->start[parts->n] = i;
            parts->length[parts->n++] = n;
        }
        i += n + (name[i + n] != '\0');
    }
    return parts->n > 0;
}

/* Letters and digits of text, lower case. */
static void
squeeze(const char *text, size_t length, char *out)
{
    size_t n = 0;
    for (size_t i = 0; i < length && n < NAME_MAX_LENGTH; i++)
        if (!is_separator(text[i]))
            out[n++] = om_ascii_lower(text[i]);
    out[n] = '\0';
}

/* How many letters and digits a text has, if word (in small letters) begins with them; or -1. Most texts
 * differ in their first letter, so nothing is written down to compare. */
static int
begins_with(const char *word, const char *text)
{
    int n = 0;
    for (; *text; text++) {
        if (is_separator(*text))
            continue;
        if (word[n] != om_ascii_lower(*text))
            return -1;
        n++;
    }
    return n;
}

static bool
is_squeezed(const char *word, const char *text)
{
    int n = begins_with(word, text);
    return n >= 0 && word[n] == '\0';
}

/* The item whose id is text; numbers may have leading zeros. */
static int
item_of(const struct om_instrument *instrument, const char *text)
{
    while (text[0] == '0' && om_ascii_digit(text[1]))
        text++;
    for (size_t i = 0; i < instrument->n_items; i++)
        if (*text && is_squeezed(text, instrument->item[i].id))
            return (int)i;
    return -1;
}

/* The item behind a prefix: "1", "01", "q1", "item1". *tail is where the item itself begins in rest. */
static int
item_after_prefix(const struct om_instrument *instrument, const char *prefix, const char *rest,
                  const char **tail)
{
    static const char *const lead[] = {"", "item", "question", "q", "i"};
    const int n = begins_with(rest, prefix);
    if (n <= 0)
        return -1;
    for (size_t i = 0; i < sizeof lead / sizeof lead[0]; i++) {
        size_t m = strlen(lead[i]);
        if (strncmp(rest + n, lead[i], m) != 0)
            continue;
        int item = item_of(instrument, rest + n + m);
        if (item >= 0) {
            *tail = rest + n + m;
            return item;
        }
    }
    return -1;
}

/* Is rest the name of a total: a prefix of its instrument, alone or with a usual word behind it? */
static bool
names_total(const struct om_instrument *instrument, const char *rest)
{
    static const char *const usual[] = {"", "total", "totalscore", "score", "sum", "sumscore"};
    for (size_t p = 0; p < instrument->n_prefixes; p++) {
        const int n = begins_with(rest, instrument->prefix[p]);
        for (size_t i = 0; n > 0 && i < sizeof usual / sizeof usual[0]; i++)
            if (strcmp(rest + n, usual[i]) == 0)
                return true;
    }
    return false;
}

/* The name with the item and the occasion replaced by placeholders. skip..skip+n_skip are the occasion's
 * parts; tail is the length of the item at the end of the last other part. */
static bool
write_scheme(const struct parts *parts, size_t skip, size_t n_skip, size_t tail, char *out, size_t size)
{
    size_t last = parts->n - 1;
    if (n_skip && last == skip + n_skip - 1)
        last = skip - 1; /* the occasion comes last, and something precedes it */
    if (tail > parts->length[last])
        return false;
    size_t item_start = parts->start[last] + parts->length[last] - tail;
    size_t occasion_start = n_skip ? parts->start[skip] : (size_t)-1;
    size_t occasion_end = n_skip ? parts->start[skip + n_skip - 1] + parts->length[skip + n_skip - 1] : 0;
    size_t used = 0;
    for (size_t i = 0; parts->name[i];) {
        char one[2] = {om_ascii_lower(parts->name[i]), '\0'};
        const char *add = one;
        size_t step = 1;
        if (tail && i == item_start) {
            add = "{item}";
            step = tail;
        } else if (i == occasion_start) {
            add = "{occasion}";
            step = occasion_end - occasion_start;
        }
        used += (size_t)snprintf(out + used, size - used, "%s", add);
        if (used >= size)
            return false;
        i += step;
    }
    return true;
}

/* Adds the readings of the parts with the given run of them taken as the occasion. */
static om_status
guess_rest(const struct om_registry *registry, const struct parts *parts, size_t skip, size_t n_skip,
           const struct om_guess *known, struct om_guesses *guesses, struct om_error *err)
{
    char rest[NAME_MAX_LENGTH + 1] = "";
    size_t length = 0;
    for (size_t i = 0; i < parts->n; i++) {
        if (i >= skip && i < skip + n_skip)
            continue;
        if (length + parts->length[i] > NAME_MAX_LENGTH)
            return OM_OK;
        squeeze(parts->name + parts->start[i], parts->length[i], rest + length);
        length += parts->length[i];
    }
    for (size_t i = 0; i < om_registry_count(registry); i++) {
        const struct om_instrument *instrument = om_registry_at(registry, i);
        struct om_guess guess = *known;
        guess.instrument = instrument;
        guess.item = -1;
        const char *tail = NULL;
        if (om_instrument_is_total(instrument) && names_total(instrument, rest) &&
            write_scheme(parts, skip, n_skip, 0, guess.scheme, sizeof guess.scheme))
            guess.item = 0;
        for (size_t p = 0; p < instrument->n_prefixes && guess.item < 0; p++)
            guess.item = item_after_prefix(instrument, instrument->prefix[p], rest, &tail);
        if (guess.item >= 0 && tail &&
            !write_scheme(parts, skip, n_skip, strlen(tail), guess.scheme, sizeof guess.scheme))
            guess.item = -1;
        for (size_t b = 0; b < instrument->n_namings && guess.item < 0; b++) {
            size_t n = om_instrument_is_total(instrument) ? 1 : instrument->n_items;
            for (size_t j = 0; j < n && guess.item < 0; j++) {
                if (!is_squeezed(rest, instrument->naming[b].column[j]))
                    continue;
                guess.item = (int)j;
                guess.naming = &instrument->naming[b];
                snprintf(guess.scheme, sizeof guess.scheme, "%s names", guess.naming->name);
            }
        }
        if (guess.item < 0)
            continue;
        if (!om_grow(&guesses->at, &guesses->capacity, guesses->n, sizeof *guesses->at))
            return om_fail_memory(err);
        guesses->at[guesses->n++] = guess;
    }
    return OM_OK;
}

/* REDCap gives a form that was added twice names like phq9_1_911f02. */
static bool
is_redcap_suffix(const struct parts *parts, size_t i)
{
    if (i == 0 || i + 1 != parts->n || parts->length[i] != 6)
        return false;
    bool letter = false;
    for (size_t k = 0; k < 6; k++) {
        char c = om_ascii_lower(parts->name[parts->start[i] + k]);
        if (!om_ascii_digit(c) && !(c >= 'a' && c <= 'f'))
            return false;
        letter |= !om_ascii_digit(c);
    }
    return letter;
}

/* Does part i end the name of an instrument that an earlier part begins? The 9 of "PHQ-9_1" is no occasion.
 */
static bool
ends_prefix(const struct om_registry *registry, const struct parts *parts, size_t i)
{
    for (size_t from = 0; from < i; from++) {
        char text[NAME_MAX_LENGTH + 1];
        squeeze(parts->name + parts->start[from], parts->start[i] + parts->length[i] - parts->start[from],
                text);
        for (size_t r = 0; r < om_registry_count(registry); r++) {
            const struct om_instrument *instrument = om_registry_at(registry, r);
            for (size_t p = 0; p < instrument->n_prefixes; p++)
                if (is_squeezed(text, instrument->prefix[p]))
                    return true;
        }
    }
    return false;
}

/* Adds the readings without an occasion, and those that take one part, or two neighbours, as the occasion. */
static om_status
guess_parts(const struct om_registry *registry, const struct parts *parts, size_t column,
            struct om_guesses *guesses, struct om_error *err)
{
    struct om_guess known = {.column = column};
    OM_TRY(guess_rest(registry, parts, 0, 0, &known, guesses, err));
    for (size_t i = 0; i < parts->n; i++) {
        for (size_t n = 1; n <= 2 && i + n <= parts->n && n < parts->n; n++) {
            size_t length = parts->start[i + n - 1] + parts->length[i + n - 1] - parts->start[i];
            const char *text = parts->name + parts->start[i];
            struct om_occasion_word word;
            if (length >= OM_OCCASION_TEXT || !om_occasion_parse(text, length, n == 1, &word) ||
                (n == 1 && ends_prefix(registry, parts, i)))
                continue;
            squeeze(text, length, known.occasion);
            OM_TRY(guess_rest(registry, parts, i, n, &known, guesses, err));
        }
    }
    return OM_OK;
}

om_status
om_guess_column(const struct om_registry *registry, const char *name, size_t column,
                struct om_guesses *guesses, struct om_error *err)
{
    struct parts parts;
    if (strlen(name) > NAME_MAX_LENGTH || !cut(name, &parts))
        return OM_OK;
    if (parts.n > 2 && is_redcap_suffix(&parts, parts.n - 1)) {
        struct parts shorter = parts;
        shorter.n--;
        OM_TRY(guess_parts(registry, &shorter, column, guesses, err));
    }
    return guess_parts(registry, &parts, column, guesses, err);
}

/* Matches the rest of a pattern against the rest of a name, trying every length for a placeholder. */
static bool
match(const struct om_instrument *instrument /* NULL: there is no {item} */, const char *pattern,
      const char *name, int *item, char *occasion)
{
    while (*pattern && *pattern != '{') {
        if (om_ascii_lower(*pattern) != om_ascii_lower(*name) || !*name)
            return false;
        pattern++;
        name++;
    }
    if (!*pattern)
        return !*name;
    bool is_item = strncmp(pattern, "{item}", 6) == 0;
    if (is_item ? !instrument : strncmp(pattern, "{occasion}", 10) != 0)
        return false;
    pattern += is_item ? 6 : 10;
    for (size_t n = strlen(name); n >= 1; n--) {
        size_t longest = is_item ? NAME_MAX_LENGTH : OM_OCCASION_TEXT - 1;
        if (n > longest || !match(instrument, pattern, name + n, item, occasion))
            continue;
        char text[NAME_MAX_LENGTH + 1];
        squeeze(name, n, is_item ? text : occasion);
        if (!is_item)
            return true;
        *item = item_of(instrument, text);
        /* "s1_2" is not item 12: separators count, unless the item is called that. */
        if (*item >= 0 && (strlen(text) == n || om_ascii_equal(name, n, instrument->item[*item].id)))
            return true;
    }
    return false;
}

bool
om_guess_pattern(const struct om_instrument *instrument, const char *pattern, const char *name, int *item,
                 char occasion[OM_OCCASION_TEXT])
{
    *item = -1;
    occasion[0] = '\0';
    return match(instrument, pattern, name, item, occasion) && *item >= 0;
}

/* Is name, without the parts of one occasion, the wanted one? */
static bool
fits_beside_occasion(const char *wanted, const char *name, char occasion[OM_OCCASION_TEXT])
{
    struct parts parts;
    char word[NAME_MAX_LENGTH + 1], rest[NAME_MAX_LENGTH + 1];
    squeeze(wanted, strlen(wanted), word);
    if (strlen(name) > NAME_MAX_LENGTH || !cut(name, &parts))
        return false;
    for (size_t i = 0; i < parts.n; i++)
        for (size_t n = 1; n <= 2 && i + n <= parts.n && n < parts.n; n++) {
            size_t end = parts.start[i + n - 1] + parts.length[i + n - 1], length = end - parts.start[i],
                   at = 0;
            struct om_occasion_word unused;
            if (length >= OM_OCCASION_TEXT ||
                !om_occasion_parse(name + parts.start[i], length, n == 1, &unused))
                continue;
            squeeze(name, parts.start[i], rest);
            at = strlen(rest);
            squeeze(name + end, strlen(name + end), rest + at);
            if (strcmp(rest, word) != 0)
                continue;
            squeeze(name + parts.start[i], length, occasion);
            return true;
        }
    return false;
}

bool
om_guess_total(const char *wanted, const char *name, char occasion[OM_OCCASION_TEXT])
{
    int unused = 0;
    occasion[0] = '\0';
    if (strstr(wanted, "{occasion}"))
        return match(NULL, wanted, name, &unused, occasion);
    return om_ascii_equal(name, strlen(name), wanted) || fits_beside_occasion(wanted, name, occasion);
}
