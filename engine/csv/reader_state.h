/* The reader's inside: what reader.c and parts.c share. Private to csv/. */
#ifndef OM_CSV_READER_STATE_H
#define OM_CSV_READER_STATE_H

#include "csv/batch.h"
#include "csv/lines.h"
#include "csv/reader.h"
#include "io/source.h"

#include <csv.h>

/* What is known of the field that is being read. */
enum field_state {
    FIELD_BLANK, /* nothing of it yet but blanks */
    FIELD_PLAIN,
    FIELD_QUOTED,
};

struct om_csv_reader {
    struct om_input source;
    struct csv_parser parser;
    struct om_csv_builder batch;

    char *block; /* what the source gave last; lines says where in it the parser is */
    size_t capacity;
    size_t step; /* bytes to ask the source for at once */
    struct om_csv_lines lines;

    struct om_record record; /* the one being read, or the last one */
    enum field_state field;
    bool closing;        /* a quote was seen that may close the field */
    bool gap;            /* and blanks behind it */
    bool stray;          /* see struct om_field */
    uint64_t field_line; /* of its first byte, unless FIELD_BLANK */
    uint64_t field_column, field_offset;

    struct om_plain plain; /* the fast path; kernels is NULL before it is used */

    char before;     /* of the header: the last byte of the piece before; 0 at its start */
    bool spaced;     /* of the header: blanks stand around a name */
    bool marked;     /* the input began with a byte-order mark, which was left out */
    bool unended;    /* the input ends without a line end, with the last record */
    bool watch_ends; /* fill in ends for rows of the fast path too */
    struct om_csv_ends ends;
    struct om_csv_note *note; /* what libcsv passes over, since they were asked for */
    size_t n_notes, note_capacity;
    size_t given_up; /* fed: records that were given up */

    const char *name; /* fed: of the input, for messages; borrowed */
    bool fed;         /* the bytes are given by om_csv_feed; there is no source */
    bool last;        /* fed: nothing follows them */
    bool starved;     /* fed: what is left is the beginning of a record */
    bool finished;
    om_status fault;  /* what stopped the reading; error describes it */
    int fault_code;   /* 112 or 113 where it is a record that can be given up */
    bool fault_whole; /* for its many fields */
    struct om_error error;
};

/* Nothing of a record has been seen since the last one ended. */
static inline bool
om_csv_between_records(const struct om_csv_reader *reader)
{
    return om_csv_builder_open_fields(&reader->batch) == 0 && reader->field == FIELD_BLANK;
}

static inline bool
om_csv_is_done(const struct om_csv_reader *reader)
{
    return reader->fault != OM_OK || reader->finished || reader->starved;
}

/* Gives libcsv its delimiter and its limits. */
om_status om_csv_start_parser(struct om_csv_reader *reader, const struct om_csv_options *options,
                              struct om_error *err) OM_NODISCARD;

/* Reads on until `wanted` bytes wait behind those that are not parsed yet, or the input ends. */
om_status om_csv_read_block(struct om_csv_reader *reader, size_t wanted, struct om_error *err) OM_NODISCARD;

/* --- on the way to libcsv (watch.c) --- */

/* Bytes of a field that has begun, an opening quote left out: does a quote stand where none can be? */
void om_csv_watch_quotes(struct om_csv_reader *reader, const char *bytes, size_t length);
/* A line has ended and no record is open: how did it end, and was there anything in it? Before it there were
 * so many records, and none was open if it began one. */
void om_csv_watch_line(struct om_csv_reader *reader, struct om_csv_stretch piece, bool began,
                       uint64_t records);
/* A piece of the header: do blanks stand around a name, beside a delimiter or at an end? */
void om_csv_watch_header(struct om_csv_reader *reader, struct om_csv_stretch piece);

/* Memory is exhausted: the fault of the reading, unless there is one. */
void om_csv_no_memory(struct om_csv_reader *reader);

/* One step of libcsv: a line, or what there is of it. */
void om_csv_parse_on(struct om_csv_reader *reader);

/* Hands over the batch; a fault waits until the records before it have been delivered. */
om_status om_csv_deliver(struct om_csv_reader *reader, struct om_batch *out,
                         struct om_error *err) OM_NODISCARD;

#endif
