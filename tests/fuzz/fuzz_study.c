/* Study files: loaded or refused with a place, and nothing kept. */
#include "fuzz/fuzz.h"

#include <omstat/study.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct om_study *study = NULL;
    struct om_error err = {0};
    const size_t live = om_memory_live();
    if (size > 1 << 16)
        return 0;
    require(om_study_new(&study, &err) == OM_OK);
    om_status status = om_study_load(study, fuzz_file(data, size), &err);
    require_words(status, &err);
    require(status == OM_OK || (status == OM_ERR_DEFINITION && err.line > 0));
    om_study_free(study);
    require(om_memory_live() == live);
    return 0;
}
