#include "validate/twins.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/parallel.h"

#include <stdlib.h>
#include <string.h>

struct search {
    struct om_spool *spool;
    const bool *rare;
    struct om_notes *notes;
    uint64_t large;      /* bytes of a part that is much larger than the others */
    _Atomic size_t next; /* part to be looked at */
    _Atomic int failed;
    om_status *status; /* per thread */
    struct om_error *error;
};

/* Some forms of a part. */
struct forms {
    struct om_twin *at;
    size_t n, capacity;
};

/* --- forms of one hash ---------------------------------------------------------------------------------- */

static om_status
note_pair(const struct search *search, size_t thread, const struct om_twin *twin, const struct om_twin *first,
          struct om_error *err)
{
    return om_notes_add(search->notes, thread,
                        (struct om_note){.code = 213, .ordinal = twin->ordinal, .first = first->ordinal},
                        err);
}

/* Two forms answer for all that may come: the first, and the first of another id. Notes the others and leaves
 * these two. Returns how many they are. */
static om_status
reduce_run(const struct search *search, size_t thread, struct om_twin *run, size_t n, size_t *kept,
           struct om_error *err)
{
    size_t other = 1;
    while (other < n && run[other].id == run[0].id)
        other++;
    for (size_t i = 1; i < n; i++)
        if (i != other && (run[i].id != run[0].id || i > other))
            OM_TRY(note_pair(search, thread, &run[i], &run[run[i].id != run[0].id ? 0 : other], err));
    *kept = 1;
    if (other < n)
        run[(*kept)++] = run[other];
    return OM_OK;
}

static int
compare(const void *a, const void *b)
{
    const struct om_twin *x = a, *y = b;
    if (x->hash != y->hash)
        return x->hash < y->hash ? -1 : 1;
    return (x->ordinal > y->ordinal) - (x->ordinal < y->ordinal);
}

/* Sorts the forms, and leaves two of each hash at most. */
static om_status
reduce(const struct search *search, size_t thread, struct forms *forms, struct om_error *err)
{
    size_t left = 0, kept;
    if (forms->n > 1)
        qsort(forms->at, forms->n, sizeof *forms->at, compare);
    for (size_t i = 0, n; i < forms->n; i += n) {
        for (n = 1; i + n < forms->n && forms->at[i + n].hash == forms->at[i].hash;)
            n++;
        OM_TRY(reduce_run(search, thread, forms->at + i, n, &kept, err));
        memmove(forms->at + left, forms->at + i, kept * sizeof *forms->at);
        left += kept;
    }
    forms->n = left;
    return OM_OK;
}

/* All forms are there: a second one of a hash is of another id. */
static om_status
finish(const struct search *search, size_t thread, struct forms *forms, struct om_error *err)
{
    OM_TRY(reduce(search, thread, forms, err));
    for (size_t i = 1; i < forms->n; i++)
        if (forms->at[i].hash == forms->at[i - 1].hash)
            OM_TRY(note_pair(search, thread, &forms->at[i], &forms->at[i - 1], err));
    return OM_OK;
}

/* --- a part --------------------------------------------------------------------------------------------- */

/* Keeps only what shares these bits of its hash with something else. */
static void
sift(struct forms *forms, uint8_t *count, size_t size, int shift)
{
    size_t n = 0;
    memset(count, 0, size);
    for (size_t i = 0; i < forms->n; i++) {
        uint8_t *c = &count[forms->at[i].hash >> shift & (size - 1)];
        *c = (uint8_t)(*c + (*c < 2));
    }
    for (size_t i = 0; i < forms->n; i++) {
        const struct om_twin twin = forms->at[i]; /* read once: what was just written would be waited for */
        forms->at[n] = twin;
        n += count[twin.hash >> shift & (size - 1)] > 1;
    }
    forms->n = n;
}

static om_status
sift_twice(struct forms *forms, struct om_error *err)
{
    size_t size = 1024;
    while (size < 8 * forms->n)
        size *= 2;
    uint8_t *count = om_alloc(size, 1);
    if (!count)
        return om_fail_memory(err);
    sift(forms, count, size, 0);
    sift(forms, count, size, 28);
    om_free(count);
    return OM_OK;
}

static void
keep_rare(const struct search *search, struct forms *forms)
{
    size_t n = 0;
    for (size_t i = 0; i < forms->n; i++) {
        const struct om_twin twin = forms->at[i];
        forms->at[n] = twin;
        n += search->rare[twin.total];
    }
    forms->n = n;
}

static om_status
search_part(const struct search *search, size_t part, size_t thread, struct om_error *err)
{
    struct forms forms = {.n = (size_t)om_spool_bytes(search->spool, part) / sizeof *forms.at};
    if (forms.n < 2)
        return OM_OK;
    forms.at = om_alloc(forms.n, sizeof *forms.at);
    if (!forms.at)
        return om_fail_memory(err);
    om_status status = om_spool_take(search->spool, part, (uint8_t *)forms.at, err);
    if (status == OM_OK) {
        keep_rare(search, &forms);
        status = sift_twice(&forms, err);
    }
    if (status == OM_OK)
        status = finish(search, thread, &forms, err);
    om_free(forms.at);
    return status;
}

/* --- a part much larger than the others: very many forms with the same answers -------------------------- */

static uint64_t
ordinal_of(const void *context, const uint8_t *record)
{
    struct om_twin twin;
    (void)context;
    memcpy(&twin, record, sizeof twin);
    return twin.ordinal;
}

static om_status
read_large(const struct search *search, struct om_spool_walk *walk, struct forms *forms, size_t thread,
           struct om_error *err)
{
    enum { LEAST = 32 * 1024 };
    const uint8_t *record;
    for (;;) {
        OM_TRY(om_spool_walk_next(walk, &record, err));
        if (!record)
            return OM_OK;
        if (forms->n == forms->capacity) {
            OM_TRY(reduce(search, thread, forms, err));
            if (2 * forms->n >= forms->capacity) {
                const size_t larger = forms->capacity ? 2 * forms->capacity : LEAST;
                struct om_twin *at = om_realloc(forms->at, larger, sizeof *at);
                if (!at)
                    return om_fail_memory(err);
                forms->at = at;
                forms->capacity = larger;
            }
        }
        memcpy(&forms->at[forms->n], record, sizeof *forms->at);
        forms->n += search->rare[forms->at[forms->n].total];
    }
}

static om_status
search_large(const struct search *search, size_t part, size_t thread, struct om_error *err)
{
    struct forms forms = {0};
    struct om_spool_walk *walk = NULL;
    om_status status =
        om_spool_walk_new(search->spool, part, sizeof(struct om_twin), ordinal_of, NULL, &walk, err);
    if (status == OM_OK)
        status = read_large(search, walk, &forms, thread, err);
    if (status == OM_OK)
        status = finish(search, thread, &forms, err);
    om_spool_walk_free(walk);
    om_free(forms.at);
    return status;
}

/* --- all parts ------------------------------------------------------------------------------------------ */

static void
run(void *context, size_t thread)
{
    struct search *search = context;
    while (!search->failed) {
        const size_t part = search->next++;
        if (part >= OM_TWIN_PARTS)
            return;
        const bool large = om_spool_bytes(search->spool, part) > search->large;
        search->status[thread] =
            (large ? search_large : search_part)(search, part, thread, &search->error[thread]);
        if (search->status[thread] != OM_OK)
            search->failed = 1;
    }
}

om_status
om_twins_find(struct om_spool *spool, size_t threads, const bool rare[OM_TWIN_TOTALS], struct om_notes *notes,
              struct om_error *err)
{
    enum { TIMES = 4, LEAST = 1 << 20 };
    struct search search = {.spool = spool,
                            .rare = rare,
                            .notes = notes,
                            .status = om_calloc(threads, sizeof *search.status),
                            .error = om_calloc(threads, sizeof *search.error)};
    om_status status = search.status && search.error ? OM_OK : om_fail_memory(err);
    for (size_t part = 0; part < OM_TWIN_PARTS; part++)
        search.large += om_spool_bytes(spool, part);
    search.large = LEAST + TIMES * (search.large / OM_TWIN_PARTS);
    if (status == OM_OK)
        om_parallel(threads, run, &search);
    for (size_t t = 0; status == OM_OK && t < threads; t++)
        if (search.status[t] != OM_OK) {
            status = search.status[t];
            if (err)
                *err = search.error[t];
        }
    om_free(search.status);
    om_free(search.error);
    return status;
}
