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

#include "csv/lines.h"
#include "csv/plain.h"

struct om_input;

#include <omstat/csv.h>

enum { OM_CSV_BLOCK = 256 * 1024 };

/* om_csv_open reading block bytes at a time (at least 1), for tests. Results never depend on it. */
OM_NODISCARD om_status om_csv_open_blocks(const char *path, const struct om_csv_options *options,
                                          size_t block, struct om_csv_reader **out, struct om_error *err);

/* How lines end, seen where records do. */
enum om_csv_end { OM_CSV_LF, OM_CSV_CR_LF, OM_CSV_CR, OM_CSV_ENDS };

struct om_csv_ends {
    uint64_t first[OM_CSV_ENDS]; /* the first line that ends so; 0 = none */
};

/* What libcsv passes over without a word: a blank line (111), blanks around the names of a header (121). */
struct om_csv_note {
    int code;        /* docs/findings.md */
    uint64_t number; /* of the record it stands before */
    uint64_t line, byte_offset;
};

/* A record that was given up: its quote is never closed (112), or a field is too long (113). It is taken to
 * end with the line in which that begins. */
struct om_csv_broken {
    int code; /* 0 = none */
    uint64_t number, line, byte_offset;
    uint64_t open_line, open_column; /* where the quote opens, or the long field begins */
    uint64_t open_offset;            /* the same, from the start of the input */
    bool whole;                      /* the record has too many fields; none of them is too long */
    size_t field;                    /* which field that is, from 0 */
};

/* Records of an input given up at most: reading on behind a quote that swallows megabytes costs time. A
 * reader counts those of one piece; who joins the pieces counts all. */
enum { OM_CSV_GIVE_UPS = 64 };
om_status om_csv_fail_given_up(const char *name, struct om_error *err);

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
    bool unended;         /* records: the last one ends with the input, without a line end */
    bool at_end;          /* nothing but blank lines, at most, can follow: the last record is the input's */
    struct om_csv_broken broken; /* fed: neither rows nor records, but one that was given up */
    bool ended;                  /* nothing is left: neither rows nor records */
};

/* The first record and no other. Errors as om_csv_next. */
OM_NODISCARD om_status om_csv_header(struct om_csv_reader *reader, struct om_batch *out,
                                     struct om_error *err);

/* The next part. n_fields is that of the header, the same for all parts of one input. Errors as om_csv_next.
 * May be mixed with om_csv_next. */
OM_NODISCARD om_status om_csv_next_part(struct om_csv_reader *reader, size_t n_fields,
                                        struct om_csv_part *out, struct om_error *err);

/*
 * Bytes that are in memory already. An input is read in pieces that each begin where a record begins; places
 * count from the piece's first byte (line 1, record 1, offset 0). What a piece ends with, when it is not the
 * last, may be a record without its end: it has not been given out, and is to be fed again with what follows.
 */
OM_NODISCARD om_status om_csv_open_fed(char delimiter, struct om_csv_reader **out, struct om_error *err);

/* Forgets everything and reads these bytes, which stay where they are until the next call and are not
 * written to. name: the input's, for messages. */
void om_csv_feed(struct om_csv_reader *reader, const char *name, char *bytes, size_t length, bool last);

/* After the last part of a piece: what it came to. */
struct om_csv_progress {
    uint64_t records, lines; /* before the tail */
    size_t tail;             /* bytes at its end to be fed again */
};
struct om_csv_progress om_csv_progress(const struct om_csv_reader *reader);

/* Notes since the last call of om_csv_notes_clear, in the order of the input. */
const struct om_csv_note *om_csv_notes(const struct om_csv_reader *reader, size_t *n);
void om_csv_notes_clear(struct om_csv_reader *reader);

/* Did the input begin with a byte-order mark? */
bool om_csv_marked(const struct om_csv_reader *reader);

/* How lines end so far. om_csv_watch_ends: also those of rows that the fast path reads. */
const struct om_csv_ends *om_csv_ends(const struct om_csv_reader *reader);
void om_csv_watch_ends(struct om_csv_reader *reader);

/* Bytes that were read and not parsed yet, and the place of the first. */
size_t om_csv_waiting(const struct om_csv_reader *reader, const char **bytes, struct om_csv_lines *lines);
/* Where the reader reads from: whoever takes it over reads on behind the bytes that wait. */
struct om_input *om_csv_source(struct om_csv_reader *reader);

/* The version of libcsv that is used: "3.0.3". Static storage. */
const char *om_csv_library_version(void);

#endif
