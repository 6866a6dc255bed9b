/*
 * Delimited text in, records out, a batch at a time.
 *
 * libcsv is the definition of what a record is: quotes, doubled quotes, newlines inside quotes, CR LF and CR
 * line ends, blanks around unquoted fields trimmed, records of nothing skipped. A byte-order mark at the
 * start of the input is removed. Memory does not depend on the size of the input. Every kind of irregular
 * input and what becomes of it: docs/formats/csv.md.
 */
#ifndef OMSTAT_CSV_H
#define OMSTAT_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <omstat/encoding.h>
#include <omstat/status.h>

enum {
    OM_CSV_BATCH = 1024,                    /* records in a batch, at most; fewer when they are long */
    OM_CSV_FIELD_LIMIT = 1024 * 1024,       /* bytes of one field, at most */
    OM_CSV_FIELDS_LIMIT = 1024 * 16,        /* fields of one record, at most */
    OM_CSV_RECORD_LIMIT = 1024 * 1024 * 16, /* bytes of one record and its line end, at most */
};

/* A field: bytes without the quotes around them, not terminated, valid until the next batch. */
struct om_field {
    const char *data;
    uint32_t length;
    bool quoted; /* it was written in quotes: its first byte other than a blank was one */
    bool stray;  /* a quote stands in it where none can be: in a plain field, or with text behind one that
                    closes */
};

/* Where a record starts in the input. A physical line ends with LF, CR LF or a lone CR, inside quotes too. A
 * record's first byte is the first of its line, blanks included. */
struct om_record {
    uint64_t number;      /* 1-based, the header is record 1 */
    uint64_t line;        /* 1-based physical line of its first byte */
    uint64_t byte_offset; /* 0-based, of its first byte; a byte-order mark counts; of the decompressed text */
    size_t first_field;   /* index into om_batch.field */
    size_t n_fields;      /* 1 or more */
};

struct om_batch {
    const struct om_record *record;
    size_t n_records;
    const struct om_field *field; /* those of record 0, then those of record 1, ... */
};

struct om_csv_options {
    char delimiter; /* 0 = ','; any byte but a quote, CR and LF */

    /* Text in another encoding is read as UTF-8; places are then those of the UTF-8 text. A byte that the
     * encoding does not allow becomes 0xFF, which is no UTF-8. */
    enum om_encoding encoding;

    /* Sees every byte of the input as it is stored (compressed, if it is) once, in order, a byte-order mark
     * too, for a digest. May be NULL. */
    void (*tap)(void *context, const void *bytes, size_t length);
    void *tap_context;
};

struct om_csv_reader;

/* Opens a file, or standard input for "-"; options may be NULL. What is compressed with gzip or zstd, by its
 * first bytes, is decompressed while it is read. Errors: OM_ERR_NO_INPUT (missing, or a directory),
 * OM_ERR_PERMISSION, OM_ERR_IO, OM_ERR_PANEL (UTF-16 or UTF-32 text unless the options say so, a workbook,
 * damaged compressed data),
 * OM_ERR_USAGE (an impossible delimiter), OM_ERR_NOMEM. */
OM_API OM_NODISCARD om_status om_csv_open(const char *path, const struct om_csv_options *options,
                                          struct om_csv_reader **out, struct om_error *err);
/* Closes the input; accepts NULL. */
OM_API void om_csv_close(struct om_csv_reader *reader);

/* The next batch; n_records is 0 at the end and never before it. The first record of the first batch is the
 * header. Errors: OM_ERR_IO; OM_ERR_PANEL for a quote that never closes (the place is that of the quote), for
 * compressed data that are cut or damaged, and for a field or record beyond the limits above, with the place
 * where it starts; OM_ERR_NOMEM. Records before the fault are delivered first; after an error every further
 * call returns it again. Columns are bytes. */
OM_API OM_NODISCARD om_status om_csv_next(struct om_csv_reader *reader, struct om_batch *out,
                                          struct om_error *err);

/* Bytes of the input as it is stored that were read so far, and its size when it is a regular file (else 0),
 * for progress. */
OM_API uint64_t om_csv_bytes_read(const struct om_csv_reader *reader);
OM_API uint64_t om_csv_bytes_total(const struct om_csv_reader *reader);

#endif
