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

#include <omstat/csv.h>

enum { OM_CSV_BLOCK = 256 * 1024 };

/* om_csv_open reading block bytes at a time (at least 1), for tests. Results never depend on it. */
OM_NODISCARD om_status om_csv_open_blocks(const char *path, const struct om_csv_options *options,
                                          size_t block, struct om_csv_reader **out, struct om_error *err);

#endif
