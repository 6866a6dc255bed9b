/* What is in a tally, for people and for programs. */
#ifndef OMSTAT_TALLY_REPORT_H
#define OMSTAT_TALLY_REPORT_H

#include <omstat/tally_file.h>

struct om_tally_view {
    bool json; /* schema omstat/tally/1; else text */
};

/* Study, instruments, groups, counts of records and persons, findings, inputs and history, but no count of
 * persons below that of a group. Writes to a file that appears whole or not at all, or to standard output for
 * "-"; name is that of the tally. Errors as for any output. */
OM_API OM_NODISCARD om_status om_tally_show(const struct om_tally *tally, const char *name,
                                            const struct om_tally_view *view, const char *path,
                                            struct om_error *err);

#endif
