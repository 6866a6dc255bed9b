/*
 * Reading a panel with several threads, in pieces.
 *
 *        claim          read and decode         wait      join            take
 *   A    piece 0        ~~~~~~~~~~~~~~~                   0               ~~~~~~~~~~
 *   B    piece 1        ~~~~~~~~~~~~~~~~~~~~     ...      1               ~~~~~~~~
 *   A    piece 2                                          ...
 *
 * A piece is joined when all before it have been. By then it is known where the record really begins that the
 * piece was thought to begin with; if that was wrong, the piece is read again from there. So what is joined
 * is the file as it is, in its order, whatever the number of threads and wherever the pieces were cut.
 */
#ifndef OM_PANEL_FLOW_H
#define OM_PANEL_FLOW_H

#include "panel/panel.h"

/* Progress in bytes of the input as it is stored; total is 0 when it is not known. */
typedef void om_panel_progress_fn(void *context, uint64_t done, uint64_t total);

/* What becomes of the blocks. Any function may be NULL; an error ends the reading. Text of a block is valid
 * until take returns. */
struct om_flow_user {
    /* For each block before it is joined, by the thread that read it; several at the same time. Perhaps again
     * for the same block, when it turns out that it began elsewhere. */
    om_status (*prepare)(void *context, size_t thread, const struct om_record_block *block,
                         struct om_error *err);
    /* For each block once, one at a time, in the order of the inputs. *stop ends the reading without an
     * error. */
    om_status (*join)(void *context, size_t thread, struct om_record_block *block, bool *stop,
                      struct om_error *err);
    /* For each block after it was joined, by the thread that read it; several at the same time. */
    om_status (*take)(void *context, size_t thread, struct om_record_block *block, struct om_error *err);
    void *context;
    om_panel_progress_fn *progress; /* called while joining, by any of the threads */
    void *progress_context;
};

/* How many threads a reading of this panel uses, at most. */
size_t om_flow_threads(const struct om_panel *panel);

/* Reads all inputs. Faults of the records go to the panel's finding function, in order. */
om_status om_flow_run(struct om_panel *panel, const struct om_flow_user *user,
                      struct om_error *err) OM_NODISCARD;

#endif
