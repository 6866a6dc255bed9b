/*
 * The JSON that is read: baselines and table schemas.
 *
 *   byte 0   which    the rest: the document
 */
#include "fuzz/fuzz.h"

#include <omstat/findings_report.h>
#include <omstat/study.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct om_study *study;
    struct om_error err = {0};
    const unsigned which = fuzz_byte(&data, &size) % 2;
    if (size > 1 << 16)
        return 0;
    const char *path = fuzz_file(data, size);
    om_status status;
    const size_t live = om_memory_live();
    if (which == 0) {
        struct om_findings *findings = NULL;
        require(om_findings_new(&findings, NULL) == OM_OK);
        status = om_baseline_apply(findings, path, &err);
        om_findings_free(findings);
    } else {
        require(om_study_new(&study, NULL) == OM_OK);
        status = om_study_set(study, "schema", path, &err);
        om_study_free(study);
    }
    require_words(status, &err);
    require(status == OM_OK || (status == OM_ERR_DEFINITION && err.line > 0));
    require(om_memory_live() == live);
    return 0;
}
