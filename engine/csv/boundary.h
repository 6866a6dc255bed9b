/*
 * Where records begin, seen from the middle of a file.
 *
 * A byte range of a file rarely begins where a record does, and an LF there may stand within quotes that
 * opened long before. What a place is can be proven without reading the file from its start:
 *
 *   Let w be the start of a line. When libcsv comes there for the last time (what it gives up, it reads again
 * from an earlier line), it is either between two records, or within a quoted field. It is followed from both
 * states:
 *
 *   (a) Where both have led to "between records" at the start of a line, a record begins there, whichever was
 * true. A quote that closes, directly before a delimiter or a line end, does that; so a panel with texts in
 * quotes needs a few lines. On the way no record may be given up, so the way is at most as long as a field
 * may be, and holds fewer delimiters than a record may. (b) If the quoted field, begun before w, does not end
 * within twice OM_CSV_FIELD_LIMIT, it was not true: such a field is given up, and read again from before w.
 * So a record begins at w. A panel without quotes needs 2 MiB.
 *
 * Where neither is found near, more is looked at, in the end the file from its start; so it is never a guess.
 */
#ifndef OM_CSV_BOUNDARY_H
#define OM_CSV_BOUNDARY_H

#include "csv/reader.h"
#include "io/source.h"

/* The records of a file that can be read at any place, behind its header. */
struct om_csv_extent {
    const struct om_input *source;
    char delimiter;      /* 0 = ',' */
    size_t n_fields;     /* of the header */
    uint64_t begin, end; /* behind the header; of the file */
    size_t near;         /* bytes to be looked at first; 0: 32 KiB. The result does not depend on it */
};

/* Where the first record begins of those that begin at `at` or behind it; extent->end when none does. Blank
 * lines are no records, and belong to the one before them. Errors as om_csv_next. */
om_status om_csv_first_record(const struct om_csv_extent *extent, uint64_t at, uint64_t *start,
                              struct om_error *err) OM_NODISCARD;

/* How many records and lines there are from extent->begin to `until`, where a record begins. It reads all of
 * them. Errors as om_csv_next. */
om_status om_csv_count_records(const struct om_csv_extent *extent, uint64_t until, uint64_t *records,
                               uint64_t *lines, struct om_error *err) OM_NODISCARD;

#endif
