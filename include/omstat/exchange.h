/*
 * Several processes that run one study together, each on a part of the panel.
 *
 * Process `rank` of `size` reads shard rank + 1 of size (key `shard`). What the records of one person come to
 * is settled where they meet: each record goes to the process that its person belongs to. In the end the
 * counts of all are added up by the first process, rank 0, which alone has a result: the same, to the byte,
 * as of one process.
 *
 * The library knows one way to talk: everyone hands something to everyone. Who has MPI makes it of
 * MPI_Alltoallv; any other way will do. All processes are of the same program on the same kind of machine,
 * with the same study.
 */
#ifndef OMSTAT_EXCHANGE_H
#define OMSTAT_EXCHANGE_H

#include <stddef.h>
#include <omstat/status.h>

struct om_study;

/* Bytes for one process, or from one. */
struct om_parcel {
    const void *bytes;
    size_t length;
};

struct om_exchange {
    size_t rank, size;
    /* Called by every process, as often and in the same order, by the thread that called the library. Hands
     * to[r] to process r and fills in from[r] with what process r handed to this one; those bytes are valid
     * until the next call. `to` NULL: nothing for anybody. status and *err say how this process has fared so
     * far: if any of them has failed, all get the status and the error of the first that has, by rank, and
     * nothing is handed over. The same where the exchange itself fails. From then on every call returns that
     * at once, without a word to the others: who fails ends with one more call, and nobody waits for somebody
     * who has left. */
    om_status (*swap)(void *context, om_status status, const struct om_parcel *to, struct om_parcel *from,
                      struct om_error *err);
    void *context;
    const char *name; /* what carries it, such as "Open MPI v4.1.4"; NULL: nothing with a name */
};

/* The study is run together with the other processes: by om_analyse and om_tally_panel, of which only those
 * of rank 0 give a result; those of the others give OM_OK and NULL. exchange is borrowed; NULL or one of size
 * 1 changes nothing. Errors: OM_ERR_USAGE when the study has a shard of its own. */
OM_API OM_NODISCARD om_status om_study_share(struct om_study *study, const struct om_exchange *exchange,
                                             struct om_error *err);

/* How have all fared? Returns what swap returns; exchange may be NULL. err is not NULL. */
OM_API OM_NODISCARD om_status om_exchange_agree(const struct om_exchange *exchange, om_status status,
                                                struct om_error *err);

#endif
