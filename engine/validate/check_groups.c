/* Groups of the study that are too small to publish (OM214). */
#include "validate/exam.h"
#include "base/dictionary.h"
#include "base/error.h"
#include "base/memory.h"

#include <stdio.h>
#include <string.h>

/* Persons by combination of the values of the --by columns. */
struct groups {
    struct om_dictionary known;
    uint64_t *persons;
    size_t capacity;
};

static om_status
add(struct groups *groups, const char *key, size_t length, uint64_t persons, struct om_error *err)
{
    uint32_t at = om_dictionary_add(&groups->known, key, length, NULL);
    if (at == OM_DICTIONARY_FULL)
        return om_fail_memory(err);
    const size_t before = groups->capacity;
    if (at >= before) {
        if (!om_grow(&groups->persons, &groups->capacity, at, sizeof *groups->persons))
            return om_fail_memory(err);
        memset(groups->persons + before, 0, (groups->capacity - before) * sizeof *groups->persons);
    }
    groups->persons[at] += persons;
    return OM_OK;
}

/* Persons of one group often follow each other. */
static om_status
see(const struct om_exam *exam, const void *plan, void *state, const struct om_person_block *block,
    struct om_error *err)
{
    const size_t n_by = exam->panel->spec->by.n;
    uint32_t key[OM_GROUPING_MAX], last[OM_GROUPING_MAX];
    uint64_t run = 0;
    (void)plan;
    for (size_t i = 0; i < block->n; i++, run++) {
        for (size_t b = 0; b < n_by; b++)
            key[b] = block->by[b * block->by_step + i];
        if (run && memcmp(key, last, n_by * sizeof *key) != 0) {
            OM_TRY(add(state, (const char *)last, n_by * sizeof *key, run, err));
            run = 0;
        }
        memcpy(last, key, n_by * sizeof *key);
    }
    return run ? add(state, (const char *)last, n_by * sizeof *key, run, err) : OM_OK;
}

/* --- the check ------------------------------------------------------------------------------------------ */

static om_status
begin(struct om_exam *exam, void **plan, struct om_error *err)
{
    if (exam->panel->spec->by.n == 0)
        return OM_OK;
    *plan = om_calloc(1, 1); /* nothing is planned */
    return *plan ? OM_OK : om_fail_memory(err);
}

static om_status
open(const struct om_exam *exam, const void *plan, void **state, struct om_error *err)
{
    (void)exam, (void)plan;
    *state = om_calloc(1, sizeof(struct groups));
    return *state ? OM_OK : om_fail_memory(err);
}

static void
close(void *state)
{
    struct groups *groups = state;
    if (!groups)
        return;
    om_dictionary_release(&groups->known);
    om_free(groups->persons);
    om_free(groups);
}

static om_status
finish(struct om_exam *exam, void *plan, void *const *state, size_t n, struct om_error *err)
{
    struct groups *all = state[0];
    const size_t least = exam->settings->min_group;
    size_t small = 0;
    (void)plan;
    for (size_t t = 1; t < n; t++) {
        const struct groups *from = state[t];
        for (uint32_t g = 0; g < from->known.n; g++)
            OM_TRY(add(all, om_dictionary_text(&from->known, g), om_dictionary_length(&from->known, g),
                       from->persons[g], err));
    }
    for (size_t g = 0; g < all->known.n; g++)
        small += all->persons[g] < least;
    if (small == 0)
        return OM_OK;
    char message[200];
    struct om_exam_column at = {.column = OM_NONE};
    for (size_t f = exam->panel->n_files; f-- > 0;)
        if (exam->panel->file[f].by[0] != OM_NONE)
            at = (struct om_exam_column){f, exam->panel->file[f].by[0]};
    snprintf(message, sizeof message, "%zu of %zu groups have fewer than %zu persons", small,
             (size_t)all->known.n, least);
    om_exam_report(
        exam, 214, OM_WARNING, at, message,
        "merge them, or leave them out of what is published; --min-group says how many are enough");
    return OM_OK;
}

const struct om_check om_check_groups = {
    .begin = begin, .end = om_free, .open = open, .close = close, .persons = see, .finish = finish};
