/*
 * How the reader works.
 *
 * libcsv tells fields and records but not where they are. So it is fed in pieces of at most one physical
 * line: a record can only start where a line starts, and can only end where one ends. A line without a quote
 * in it is one piece; any other is cut after each delimiter too, so that each piece holds at most one end of
 * a field, and a field's first byte, and with it whether a quote opened it, is known.
 */
#ifndef OM_CSV_READER_H
#define OM_CSV_READER_H

#include "csv/plain.h"

#include <omstat/csv.h>

enum { OM_CSV_BLOCK = 256 * 1024 };

/* om_csv_open reading block bytes at a time (at least 1), for tests. Results never depend on it. */
OM_NODISCARD om_status om_csv_open_blocks(const char *path, const struct om_csv_options *options,
                                          size_t block, struct om_csv_reader **out, struct om_error *err);

/*
 * A part of the input, in file order: rows that the fast path read (plain.h), or records that libcsv read
 * because they are not plain.
 */
struct om_csv_part {
    const struct om_plain *rows; /* NULL: records */
    struct om_batch records;
    uint64_t number;      /* rows: of the first one, were it a record; blank ones have none */
    uint64_t line;        /* rows: of the first one; each is one line */
    uint64_t byte_offset; /* rows: of the first one, row[0].start */
    bool ended;           /* nothing is left: neither rows nor records */
};

/* The next part. n_fields is that of the header, the same in every call. Errors as om_csv_next. May be mixed
 * with om_csv_next; the header comes from there. */
OM_NODISCARD om_status om_csv_next_part(struct om_csv_reader *reader, size_t n_fields,
                                        struct om_csv_part *out, struct om_error *err);

#endif
