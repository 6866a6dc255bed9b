/* Study files: loaded or refused with a place, and nothing kept. */
#include "fuzz/studies.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct om_error err = {0};
    if (size > 1 << 16 || fuzz_is_packed(data, size))
        return 0;
    fuzz_new_study(); /* before memory is counted */
    const size_t live = om_memory_live();
    struct om_study *study = fuzz_study_new(data, size);
    om_status status = om_study_load(study, fuzz_file(data, size), &err);
    require_words(status, &err);
    require(status == OM_OK || (status == OM_ERR_DEFINITION && err.line > 0));
    fuzz_study_free(study);
    require(om_memory_live() == live);
    return 0;
}
