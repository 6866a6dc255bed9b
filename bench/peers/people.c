#include "people.h"

#include <stdlib.h>
#include <string.h>

/* FNV-1a. */
static uint64_t
hash(const char *id)
{
    uint64_t h = UINT64_C(0xcbf29ce484222325);
    for (; *id; id++)
        h = (h ^ (unsigned char)*id) * UINT64_C(0x100000001b3);
    return h ^ (h >> 32);
}

static struct person *
place_of(struct person *slot, size_t capacity, const char *id)
{
    size_t i = hash(id) & (capacity - 1);
    while (slot[i].id && strcmp(slot[i].id, id) != 0)
        i = (i + 1) & (capacity - 1);
    return &slot[i];
}

static bool
grow(struct people *people)
{
    size_t capacity = people->capacity ? people->capacity * 2 : 1024;
    struct person *slot = calloc(capacity, sizeof *slot);
    if (!slot)
        return false;
    for (size_t i = 0; i < people->capacity; i++)
        if (people->slot[i].id)
            *place_of(slot, capacity, people->slot[i].id) = people->slot[i];
    free(people->slot);
    people->slot = slot;
    people->capacity = capacity;
    return true;
}

struct person *
people_find(struct people *people, const char *id, int cohort)
{
    if (people->used * 3 >= people->capacity * 2 && !grow(people))
        return NULL;
    struct person *person = place_of(people->slot, people->capacity, id);
    if (person->id)
        return person;
    char *copy = strdup(id);
    if (!copy)
        return NULL;
    person->id = copy;
    person->cohort = cohort;
    for (int m = 0; m < MEASURES; m++)
        person->score[0][m] = person->score[1][m] = NO_SCORE;
    people->used++;
    return person;
}

int
people_cohort(struct people *people, const char *name)
{
    int c = 0;
    while (c < people->n_cohorts && strcmp(people->cohort[c], name) != 0)
        c++;
    if (c == COHORTS)
        return COHORTS - 1;
    if (c == people->n_cohorts && strlen(name) < COHORT_NAME)
        memcpy(people->cohort[people->n_cohorts++], name, strlen(name) + 1);
    return c;
}

void
people_release(struct people *people)
{
    for (size_t i = 0; i < people->capacity; i++)
        free(people->slot[i].id);
    free(people->slot);
}
