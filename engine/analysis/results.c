/*
 * The result set. Text is interned, so a row is seven pointers and a few numbers, and two rows name the same
 * statistic exactly when the pointers are equal. Both strings and rows are found through open hash tables.
 */
#include "analysis/results.h"

#include "base/error.h"
#include "base/buffer.h"
#include "base/hash.h"
#include "base/memory.h"

#include <math.h>
#include <string.h>

/* Open addressing with linear probing; a slot holds index + 1, 0 = free. capacity is 0 or a power of two. */
struct slots {
    size_t *at;
    size_t capacity;
};

/* A text that was given lately, and its interned copy. */
struct recent {
    const char *given, *kept;
};

enum { RECENT_BITS = 11 };

/* A name that was made of two texts, or of a text and a number. */
struct name {
    const char *family;
    uint64_t part; /* where the text is; the bits of the number */
    const char *kept;
};

/* Rows are entered in the index when one is looked for: the data views never do. */
struct text_index {
    struct slots text, row;
    size_t n_rows; /* in the index */
    size_t ready;  /* rows whose memory was asked for */
    struct recent recent[1 << RECENT_BITS];
    struct name name[1 << RECENT_BITS];
};

/* A place for what was found by one or two addresses, or a number. */
static size_t
place_of(uint64_t a, uint64_t b)
{
    uint64_t mixed = (a + 31 * (b ^ b >> 32)) * UINT64_C(0x9e3779b97f4a7c15);
    return (size_t)(mixed >> (64 - RECENT_BITS));
}

/* What a row is about, in the order of the columns. Pointers into the interned text, hence comparable. */
enum { KEYS = 7 };
struct key {
    const char *part[KEYS];
};

static struct key
key_of(const struct om_result *row)
{
    return (struct key){
        {row->group, row->instrument, row->scale, row->population, row->occasion, row->rule, row->statistic}};
}

static uint64_t
hash_text(const struct om_results *results, size_t i)
{
    return om_hash(results->text[i], strlen(results->text[i]));
}

static uint64_t
hash_key(const struct key *key)
{
    return om_hash(key->part, sizeof key->part);
}

static uint64_t
hash_row(const struct om_results *results, size_t i)
{
    struct key key = key_of(&results->row[i]);
    return hash_key(&key);
}

static void
slots_put(struct slots *slots, uint64_t hash, size_t index)
{
    size_t i = (size_t)hash & (slots->capacity - 1);
    while (slots->at[i])
        i = (i + 1) & (slots->capacity - 1);
    slots->at[i] = index + 1;
}

/* Makes room for one more entry behind n, at most three quarters full. */
static bool
slots_reserve(struct slots *slots, const struct om_results *results, size_t n,
              uint64_t (*hash)(const struct om_results *, size_t))
{
    if (n + 1 <= slots->capacity / 4 * 3)
        return true;
    struct slots larger = {.capacity = slots->capacity ? slots->capacity * 2 : 64};
    while (n + 1 > larger.capacity / 4 * 3)
        larger.capacity *= 2;
    larger.at = om_calloc(larger.capacity, sizeof *larger.at);
    if (!larger.at)
        return false;
    for (size_t i = 0; i < slots->capacity; i++)
        if (slots->at[i])
            slots_put(&larger, hash(results, slots->at[i] - 1), slots->at[i] - 1);
    om_free(slots->at);
    *slots = larger;
    return true;
}

/* The interned copy of text, or NULL when there is none. */
static const char *
text_find(const struct om_results *results, const char *text)
{
    const struct text_index *index = results->text_index;
    if (!index || !index->text.capacity)
        return NULL;
    const struct slots *slots = &index->text;
    size_t i = (size_t)om_hash(text, strlen(text)) & (slots->capacity - 1);
    for (; slots->at[i]; i = (i + 1) & (slots->capacity - 1))
        if (strcmp(results->text[slots->at[i] - 1], text) == 0)
            return results->text[slots->at[i] - 1];
    return NULL;
}

/* Interns text; NULL when memory is exhausted. */
static const char *
text_intern(struct om_results *results, const char *text)
{
    struct text_index *index = results->text_index;
    const char *found = text_find(results, text);
    if (found)
        return found;
    if (!slots_reserve(&index->text, results, results->n_text, hash_text))
        return NULL;
    if (!om_grow(&results->text, &results->text_capacity, results->n_text, sizeof *results->text))
        return NULL;
    char *copy = om_strdup(text);
    if (!copy)
        return NULL;
    results->text[results->n_text] = copy;
    slots_put(&index->text, hash_text(results, results->n_text), results->n_text);
    results->n_text++;
    return copy;
}

void
om_results_release(struct om_results *results)
{
    struct text_index *index = results->text_index;
    for (size_t i = 0; i < results->n_text; i++)
        om_free(results->text[i]);
    om_free(results->text);
    om_free(results->row);
    if (index) {
        om_free(index->text.at);
        om_free(index->row.at);
        om_free(index);
    }
    *results = OM_RESULTS_EMPTY;
}

static bool
is_finite(const struct om_result *row)
{
    return (!row->has_value || isfinite(row->value)) &&
           (!row->has_interval || (isfinite(row->lower) && isfinite(row->upper))) &&
           (!row->has_level || isfinite(row->level));
}

/* The same, for text that may have been given before from where it is now: most are words of the program, or
 * the copies of the row before. */
static const char *
text_keep(struct om_results *results, const char *given)
{
    struct text_index *index = results->text_index;
    struct recent *recent = &index->recent[place_of((uintptr_t)given, 0)];
    if (recent->given == given && (recent->kept == given || strcmp(recent->kept, given) == 0))
        return recent->kept;
    const char *kept = text_intern(results, given);
    if (kept)
        *recent = (struct recent){given, kept};
    return kept;
}

static bool
has_index(struct om_results *results)
{
    if (!results->text_index)
        results->text_index = om_calloc(1, sizeof(struct text_index));
    return results->text_index != NULL;
}

/* The name that was made of a family and a part: where the text is, or the bits of a number. When there is
 * none, its kept is NULL. NULL without memory. */
static struct name *
name_of(struct om_results *results, const char *family, uint64_t part)
{
    if (!has_index(results))
        return NULL;
    struct text_index *index = results->text_index;
    struct name *name = &index->name[place_of((uintptr_t)family, part)];
    if (name->family != family || name->part != part)
        *name = (struct name){family, part, NULL};
    return name;
}

/* Keeps what a buffer holds. */
static const char *
keep_name(struct om_results *results, struct om_buffer *text, struct name *name)
{
    name->kept = om_buffer_ok(text) ? text_intern(results, om_buffer_string(text)) : NULL;
    om_buffer_release(text);
    return name->kept;
}

const char *
om_results_name(struct om_results *results, const char *family, const char *part)
{
    struct name *name = name_of(results, family, (uintptr_t)part);
    struct om_buffer text = OM_BUFFER_EMPTY;
    if (!name || name->kept)
        return name ? name->kept : NULL;
    om_buffer_format(&text, "%s.%s", family, part);
    return keep_name(results, &text, name);
}

const char *
om_results_numbered(struct om_results *results, const char *family, double number)
{
    uint64_t bits;
    memcpy(&bits, &number, sizeof bits);
    struct name *name = name_of(results, family, bits);
    struct om_buffer text = OM_BUFFER_EMPTY;
    if (!name || name->kept)
        return name ? name->kept : NULL;
    om_buffer_format(&text, "%s.%.10g", family, number);
    return keep_name(results, &text, name);
}

/* Replaces a text by its interned copy, which mostly is that of the row before. */
static inline bool
keep(struct om_results *results, const char **text, const char *before)
{
    if (!*text || *text != before)
        *text = text_keep(results, *text ? *text : "");
    return *text != NULL;
}

static bool
intern_row(struct om_results *results, struct om_result *row, const struct om_result *before)
{
    return keep(results, &row->group, before->group) && keep(results, &row->instrument, before->instrument) &&
           keep(results, &row->scale, before->scale) && keep(results, &row->population, before->population) &&
           keep(results, &row->occasion, before->occasion) && keep(results, &row->rule, before->rule) &&
           keep(results, &row->statistic, before->statistic) && keep(results, &row->method, before->method) &&
           keep(results, &row->note, before->note) && keep(results, &row->family, before->family);
}

/* Room for one more row. Pages are found a hundred at a time: one by one they took a tenth of the time that
 * many rows take. */
static bool
make_room(struct om_results *results)
{
    enum { AHEAD = 1 << 12 };
    struct text_index *index = results->text_index;
    if (!om_grow(&results->row, &results->capacity, results->n_rows, sizeof *results->row))
        return false;
    if (results->n_rows >= index->ready && results->capacity >= AHEAD) {
        const size_t left = results->capacity - results->n_rows, more = left < AHEAD ? left : AHEAD;
        om_memory_ready(&results->row[results->n_rows], more * sizeof *results->row);
        index->ready = results->n_rows + more;
    }
    return true;
}

om_status
om_results_add(struct om_results *results, const struct om_result *row, struct om_error *err)
{
    if (!is_finite(row))
        return om_fail(err, OM_ERR_INTERNAL, "the statistic %s (%s %s, %s) is not a finite number",
                       row->statistic ? row->statistic : "", row->instrument ? row->instrument : "",
                       row->scale ? row->scale : "", row->occasion ? row->occasion : "");
    if (!has_index(results) || !make_room(results))
        return om_fail_memory(err);
    struct om_result *kept = &results->row[results->n_rows];
    *kept = *row;
    if (!intern_row(results, kept, results->n_rows > 0 ? kept - 1 : &(struct om_result){0}))
        return om_fail_memory(err);
    results->n_rows++;
    return OM_OK;
}

/* False without memory. */
static bool
index_rows(const struct om_results *results, struct text_index *index)
{
    if (!slots_reserve(&index->row, results, results->n_rows, hash_row))
        return false;
    for (; index->n_rows < results->n_rows; index->n_rows++)
        slots_put(&index->row, hash_row(results, index->n_rows), index->n_rows);
    return true;
}

/* The first row with exactly this key. Rows of one key lie in the order they were added: a probe sequence
 * only ever grows at its end, and rehashing is done in slot order, so the lowest index is taken explicitly.
 */
static const struct om_result *
find_exact(const struct om_results *results, const struct key *key)
{
    const struct text_index *index = results->text_index;
    const struct slots *slots = &index->row;
    size_t found = SIZE_MAX;
    if (!slots->capacity)
        return NULL;
    for (size_t i = (size_t)hash_key(key) & (slots->capacity - 1); slots->at[i];
         i = (i + 1) & (slots->capacity - 1)) {
        struct key other = key_of(&results->row[slots->at[i] - 1]);
        if (slots->at[i] - 1 < found && memcmp(&other, key, sizeof other) == 0)
            found = slots->at[i] - 1;
    }
    return found == SIZE_MAX ? NULL : &results->row[found];
}

static bool
matches(const struct om_result *row, const struct key *wanted)
{
    struct key key = key_of(row);
    for (size_t i = 0; i < KEYS; i++)
        if (wanted->part[i] && wanted->part[i] != key.part[i])
            return false;
    return true;
}

const struct om_result *
om_results_find(const struct om_results *results, const char *group, const char *instrument,
                const char *scale, const char *population, const char *occasion, const char *rule,
                const char *statistic)
{
    struct key key = {{group, instrument, scale, population, occasion, rule, statistic}};
    size_t given = 0;
    for (size_t i = 0; i < KEYS; i++) {
        if (!key.part[i])
            continue;
        key.part[i] = text_find(results, key.part[i]);
        if (!key.part[i])
            return NULL; /* text that no row holds */
        given++;
    }
    if (given == KEYS && results->text_index && index_rows(results, results->text_index))
        return find_exact(results, &key);
    for (size_t i = 0; i < results->n_rows; i++)
        if (matches(&results->row[i], &key))
            return &results->row[i];
    return NULL;
}
