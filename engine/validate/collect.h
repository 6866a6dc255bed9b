/* Findings that were counted before. */
#ifndef OM_VALIDATE_COLLECT_H
#define OM_VALIDATE_COLLECT_H

#include <omstat/findings.h>

/* So many findings of this kind, of which one is kept as an example. */
void om_findings_collect_many(struct om_findings *findings, const struct om_finding *finding, uint64_t count);

#endif
