/*
 * The decompressed bytes of a descriptor, made ahead by a thread of their own.
 *
 * Memory is constant, whatever the input decompresses to: the blocks of read_ahead.h and what the format
 * needs (gzip 0.1 MiB, zstd its window, 128 MiB at most). Nothing counts as read until it is known to be in
 * order: the input must end with a complete member, every checksum must fit, and nothing may follow.
 */
#ifndef OM_IO_UNPACK_H
#define OM_IO_UNPACK_H

#include "io/codec.h"
#include "io/read_ahead.h"

struct om_unpack;

/* head: the first bytes, which were read already; fd gives the rest and must stay open. Errors: OM_ERR_NOMEM.
 */
OM_NODISCARD om_status om_unpack_open(const struct om_codec *codec, int fd, const unsigned char *head,
                                      size_t n_head, struct om_unpack **out, struct om_error *err);

/* The next block, as om_read_ahead_next. */
const struct om_read_ahead_block *om_unpack_next(struct om_unpack *unpack);

/* After the last block: what the input ended with. Errors, without a place: OM_ERR_PANEL with code OM150 and
 * the offset among the compressed bytes; OM_ERR_IO; OM_ERR_NOMEM. */
OM_NODISCARD om_status om_unpack_outcome(const struct om_unpack *unpack, struct om_error *err);

void om_unpack_close(struct om_unpack *unpack); /* accepts NULL; never waits for input */

#endif
