/*
 * The JSON that is read: baselines and table schemas.
 *
 *   byte 0   which    the rest: the document
 */
#include "fuzz/studies.h"

#include <omstat/findings_report.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct om_error err = {0};
    const unsigned which = fuzz_byte(&data, &size) % 2;
    if (size > 1 << 16 || fuzz_is_packed(data, size))
        return 0;
    const char *path = fuzz_file(data, size);
    om_status status;
    fuzz_new_study(); /* before memory is counted */
    const size_t live = om_memory_live();
    if (which == 0) {
        struct om_findings *findings = NULL;
        require(om_findings_new(&findings, NULL) == OM_OK);
        status = om_baseline_apply(findings, path, &err);
        om_findings_free(findings);
    } else {
        struct om_study *study = fuzz_study_new((const uint8_t *)"", 0); /* a schema changes no definition */
        status = om_study_set(study, "schema", path, &err);
        fuzz_study_free(study);
    }
    require_words(status, &err);
    require(status == OM_OK || (status == OM_ERR_DEFINITION && err.line > 0));
    require(om_memory_live() == live);
    return 0;
}
