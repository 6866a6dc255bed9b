/*
 * Pairing files: the records of one part of a long panel, to be brought together with those of the others.
 *
 * Where the records of a person are in several parts, and the parts are not read by one process, somebody has
 * to know that they are of one person. A pairing file is the part once more, as a panel: of the columns that
 * the study reads, the cells as they are; and in place of each id a hash of it, HMAC-SHA-256 cut to 128 bits,
 * with a secret key. Whoever has the key can hash a list of ids and look them up; without it nobody can.
 *
 * A PAIRING FILE HOLDS DATA OF PERSONS: every answer and group of each, under a name that is not theirs. It
 * is to be kept like the panel, and removed when it has served. It is made with mode 0600.
 */
#ifndef OMSTAT_PAIRING_H
#define OMSTAT_PAIRING_H

#include <omstat/analysis.h>

enum {
    OM_PAIRING_KEY_LEAST = 16, /* bytes of a key, at least */
    OM_PAIRING_KEY_MOST = 4096,
};

/* What a run of om_pair did. */
struct om_pairing {
    uint64_t read;     /* records */
    uint64_t rejected; /* of those: of no use, and written as empty records, so that they are still counted */
    struct om_findings *findings;
    char **reading; /* sentences: what was taken for what */
    size_t n_reading;
};

/* Writes the pairing file of the input of a study (or of its shard) to path, "-" for standard output.
 * key_path is a file that nobody else may read, of 16 bytes or more; a line end behind them is not of the
 * key. The same study reads the pairing files of all parts as it would read the panel, and comes to the same
 * numbers. *out is filled as far as the run came, also on failure; release it. Errors as om_score;
 * OM_ERR_USAGE when there is no id, when the inputs have different columns, or for a key that is short;
 * OM_ERR_PERMISSION when others may read it. */
OM_API OM_NODISCARD om_status om_pair(const struct om_study *study, const char *key_path, const char *path,
                                      const struct om_hooks *hooks, struct om_pairing *out,
                                      struct om_error *err);
/* Frees what om_pair filled in; a zeroed one is fine. */
OM_API void om_pairing_release(struct om_pairing *pairing);

#endif
