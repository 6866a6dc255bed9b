/*
 * Tally files: the counts of a panel, kept so that they can be added up and reported on without the data.
 *
 *   om_tally_panel (analysis.h)  panel -> tally
 *   om_tally_merge, _subtract    tallies of other parts of the panel, in any order
 *   om_analyse_tally             tally -> analysis
 *
 * A tally has names of columns, groups, values of described columns and input files, and counts of persons;
 * no person's id, and no row of a person. Equal contents are equal bytes, whatever way they were added up.
 * docs/formats/tally.md is the format.
 */
#ifndef OMSTAT_TALLY_FILE_H
#define OMSTAT_TALLY_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <omstat/status.h>

struct om_tally;

/* Bytes that tell a tally from anything else: the beginning of every tally file. */
enum { OM_TALLY_MAGIC = 8 };
/* Do these bytes begin with them? */
OM_API bool om_tally_is(const void *bytes, size_t length);
/* Does the file (or "-", standard input) begin with them? Nothing is taken out of a pipe. Of what is no
 * regular file, and of a file that cannot be read: false. Errors: OM_ERR_NOMEM. */
OM_API OM_NODISCARD om_status om_tally_is_file(const char *path, bool *is, struct om_error *err);

/* A tally from the bytes of a file, which may come from anybody: nothing is believed. name stands for the
 * file in errors. Memory is bounded by a multiple of length. Errors: OM_ERR_PANEL when the bytes are no
 * tally, are cut, damaged or of a newer format; OM_ERR_NOMEM. */
OM_API OM_NODISCARD om_status om_tally_load(const void *bytes, size_t length, const char *name,
                                            struct om_tally **out, struct om_error *err);
/* The bytes of a tally; the caller frees them with om_text_free. Errors: OM_ERR_NOMEM. */
OM_API OM_NODISCARD om_status om_tally_save(const struct om_tally *tally, char **bytes, size_t *length,
                                            struct om_error *err);

/* The same with files; "-" is standard input or output. A file appears whole or not at all. Errors as for any
 * input and output. */
OM_API OM_NODISCARD om_status om_tally_read(const char *path, struct om_tally **out, struct om_error *err);
OM_API OM_NODISCARD om_status om_tally_write(const struct om_tally *tally, const char *path,
                                             struct om_error *err);

/* The sum of n files, 1 or more. Errors as of om_tally_read and om_tally_merge. */
OM_API OM_NODISCARD om_status om_tally_read_sum(const char *const *path, size_t n, struct om_tally **out,
                                                struct om_error *err);

/* What tells studies apart: 32 hexadecimal digits, the same for all tallies that can be added up. */
enum { OM_TALLY_STUDY_TEXT = 33 };
/* Writes it. Errors: OM_ERR_NOMEM. */
OM_API OM_NODISCARD om_status om_tally_study(const struct om_tally *tally, char text[OM_TALLY_STUDY_TEXT],
                                             struct om_error *err);

/* Adds `from`, which stays as it is. name stands for it in errors. Errors, which leave `into` as it was:
 * OM_ERR_DEFINITION when they are of different studies, instruments, occasions or columns; OM_ERR_PANEL when
 * an input is in both, or a sum is too large; OM_ERR_NOMEM. */
OM_API OM_NODISCARD om_status om_tally_merge(struct om_tally *into, const struct om_tally *from,
                                             const char *name, struct om_error *err);
/* Takes `part` out again, and notes that in the history. The counts are then those that would be there had it
 * never been added. Errors as above, and OM_ERR_PANEL when it is not in it. */
OM_API OM_NODISCARD om_status om_tally_subtract(struct om_tally *from, const struct om_tally *part,
                                                const char *name, struct om_error *err);

OM_API void om_tally_free(struct om_tally *tally); /* accepts NULL */

#endif
