/* The result set as CSV, in parts: ten thousand groups make gigabytes. */
#ifndef OM_REPORT_CSV_H
#define OM_REPORT_CSV_H

#include "csv/writer.h"

#include <omstat/results.h>

/* A text of the result set whose field the buffer has. */
struct om_csv_kept {
    const char *text;
    size_t at, length;
    size_t part; /* of which buffer */
};

enum { OM_CSV_KEPT = 512 };

/* All bytes 0 at first. */
struct om_csv_view {
    struct om_csv_writer csv;
    bool begun;  /* the header is out */
    size_t next; /* the row that is */

    size_t part; /* of the rows, from 1 */
    struct om_csv_kept kept[OM_CSV_KEPT];

    const struct om_result *subject;   /* the last row that is about something else than the one before ... */
    size_t subject_at, subject_length; /* ... and what was written of that */
};

/* Adds rows until the buffer holds `enough` bytes. False when these were the last. The buffer may be emptied
 * between two parts. */
bool om_view_csv_part(struct om_csv_view *view, struct om_buffer *out, const struct om_results *results,
                      size_t enough);

#endif
