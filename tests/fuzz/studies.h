/*
 * New studies, many a second: nearly all of the time of om_study_new goes into the definitions that come with
 * the program. Studies share them, but for those that read what may change a definition.
 */
#ifndef OM_TESTS_FUZZ_STUDIES_H
#define OM_TESTS_FUZZ_STUDIES_H

#include "analysis/study.h"
#include "fuzz/fuzz.h"

static inline bool
fuzz_is_in(const char *word, const uint8_t *data, size_t size)
{
    return memmem(data, size, word, strlen(word)) != NULL;
}

/* As om_study_new makes it. */
static inline const struct om_study *
fuzz_new_study(void)
{
    static struct om_study *study;
    require(study || om_study_new(&study, NULL) == OM_OK);
    return study;
}

/* A study that will read these bytes. */
static inline struct om_study *
fuzz_study_new(const uint8_t *data, size_t size)
{
    struct om_study *study = NULL;
    if (fuzz_is_in("scale", data, size) || fuzz_is_in("instrument", data, size)) {
        require(om_study_new(&study, NULL) == OM_OK);
        return study;
    }
    study = om_alloc(1, sizeof *study);
    require(study);
    *study = *fuzz_new_study();
    return study;
}

static inline void
fuzz_study_free(struct om_study *study)
{
    if (study->registry == fuzz_new_study()->registry)
        study->registry = NULL;
    om_study_free(study);
}

#endif
