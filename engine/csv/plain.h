/*
 * The fast way from bytes to records, for input that is plain: nearly all of nearly every panel.
 *
 *   bytes from the start of a record on -> rows of one token a field, and a verdict for each row
 *
 * libcsv says what a record is. Here only those records are taken of which it is proven below that libcsv
 * reads them the same; whatever is not plain is left to it.
 *
 *
 * What is plain, and why libcsv reads it so
 *
 * libcsv is a machine of four states: between records, between fields, in a field, and behind a quote that
 * may have closed one. The caller hands in bytes at which it is between records (1). Let the bytes up to and
 * including an LF hold
 *
 *   (a) no CR that is not directly before that LF, and no other LF;
 *   (b) no quote, or only pairs of quotes of this kind: the first is the first byte of the line or directly
 *       behind a delimiter; the second is the next quote after it, with no LF or CR between; and directly
 *       behind the second comes a delimiter, or the end of the line. A delimiter between the two is text.
 *
 * Then libcsv reads this line as follows, and is between records again after it; so (1) holds for the next
 * line, and by induction for all.
 *
 *   A field that starts with a quote: the quote opens it. What follows is text up to the next quote, for
 *   nothing but a quote has a meaning there. That one may have closed it; what comes directly behind, a
 *   delimiter or a line end, says that it has. The text is what lies between the two: never trimmed, and no
 *   doubled quote can be in it.
 *
 *   Any other field holds no quote, by (b), and no line end, by (a): it ends at the next delimiter or at the
 * line end. Blanks (space and tab, unless it is the delimiter) before its first other byte are left out,
 * those behind its last one too, those between are text, and so is every other byte, NUL included.
 *
 *   The LF, or the CR before it, ends the last field and with it the record, in all states but one: between
 *   records, which means that nothing but blanks was seen. Then there is no record. Behind the CR libcsv is
 *   between records, and the LF then ends nothing.
 *
 * So the fields are what lies between the delimiters outside quotes, one more than there are such delimiters,
 * and a line of nothing but blanks is not a record. Therefore:
 *
 *   OM_ROW_PLAIN   the number of fields is that of the header, and the line is not blank: libcsv gives a
 * record of these fields. OM_ROW_RAGGED  another number: libcsv gives a record of that many fields.
 *   OM_ROW_BLANK   libcsv gives nothing; a line all the same.
 *
 * The tokens: a field of no bytes (or two quotes) is EMPTY, one of the single byte b, 0x21 to 0x7f, is b (in
 * quotes too, where b may be the delimiter), the two letters NA are NA. A single blank is trimmed by libcsv
 * or, in quotes, not; like every other byte and every longer text it is ODD.
 *
 * The reader's own limits (csv.h) cannot be passed here: a line is at most OM_PLAIN_WINDOW bytes, which is
 * less than those for a field and a record; and the fields of a plain row are as many as the header's.
 *
 * tests/unit/csv/test_plain.c compares all of this with libcsv for every short text.
 */
#ifndef OM_CSV_PLAIN_H
#define OM_CSV_PLAIN_H

#include "kernels/kernels.h"

#include <omstat/csv.h>
#include <omstat/status.h>

/* Bytes looked at in one call, at most: with their tokens they fit in the nearest caches. */
enum { OM_PLAIN_WINDOW = 32 * 1024 };

/* Blocks to read with the kernel that knows quotes when a quote turns up, at first. */
enum { OM_PLAIN_QUOTED = 8 };

enum om_row_verdict { OM_ROW_PLAIN, OM_ROW_RAGGED, OM_ROW_BLANK };

/* What comes behind the rows of a call, at row[n_rows].start. */
enum om_plain_end {
    OM_PLAIN_MORE,    /* more that may be plain: call again from here */
    OM_PLAIN_STARVED, /* an unfinished record, or nothing: call again from here with more bytes. At the end of
                         the input it is for libcsv */
    OM_PLAIN_STOPPED, /* a record for libcsv: feed it from here until a record ends, then call again. It is
                         not plain, or longer than the window */
};

/* A record of n_rows: bytes row[r].start to row[r + 1].start, line end included; the tokens from
 * token[row[r].token] on. Each is one physical line, blank ones too. As long as all are plain,
 * row[r].token = r * n_fields. */
struct om_plain {
    const uint8_t *token;
    const struct om_scan_row *row; /* n_rows, and one more */
    const uint8_t *verdict;        /* enum om_row_verdict */
    size_t n_rows;
    size_t n_plain;

    const struct om_kernels *kernels;
    size_t n_fields; /* of the header */
    const uint8_t *bytes;
    struct om_scan scan;
    uint8_t *judged; /* verdict */
    size_t quoted;   /* blocks to read with the kernel that knows quotes; 0: with the other */
};

/* delimiter: any byte but a quote, CR and LF. kernels: om_kernels_active(), or another usable set. */
OM_NODISCARD om_status om_plain_init(struct om_plain *plain, char delimiter, size_t n_fields,
                                     const struct om_kernels *kernels, struct om_error *err);
void om_plain_release(struct om_plain *plain);

/* Reads from bytes, where a record starts, what is plain. Rows hold until the next call. */
enum om_plain_end om_plain_scan(struct om_plain *plain, const char *bytes, size_t length);

/* Field k < n_fields of a plain row, as libcsv gives it. Valid as long as the bytes are. */
struct om_field om_plain_field(const struct om_plain *plain, size_t row, size_t k);

/* Field k < n_fields of rows [from, to), all of them plain: field[i] is that of row from + i. */
void om_plain_column(const struct om_plain *plain, size_t from, size_t to, size_t k, struct om_field *field);

/* The number of fields of a row. */
static inline size_t
om_plain_row_fields(const struct om_plain *plain, size_t row)
{
    return plain->row[row + 1].token - plain->row[row].token;
}

#endif
