/*
 * Records of persons, put away until all have been read, then taken out person by person.
 *
 *   key of the id --top byte--> one of 256 parts --> all records of a person lie in one part, any order
 *
 * The key is the id itself, packed, where it has at most ten letters, digits, '-' and '_': exact. Any other
 * id has a key of 128 bits, XXH3 with the store's own seed; that two of n persons share one has a probability
 * below n^2 / 2^129 (10^8 persons: 10^-23). Records are put away by several threads, each into lists of its
 * own, so nobody waits. The top byte of a key is not stored: the part says it.
 *
 * What goes beyond the study's limit of memory waits in a file and is read back part by part (io/spool.h). A
 * part much larger than the others is full of records of few persons, most of which are duplicates: it is
 * read piece by piece, and thinned out before the next.
 */
#ifndef OM_PANEL_STORE_H
#define OM_PANEL_STORE_H

#include "panel/spec.h"

enum {
    OM_STORE_PARTS = 256,
    OM_STORE_BEHIND = 16, /* bytes behind the payload of a visited record that may be read */
};

struct om_store;

/* bytes: of the payload of a record. threads: that put away. All processes of the study call this, as the
 * persons are shared with them. */
om_status om_store_new(const struct om_panel_spec *spec, size_t bytes, size_t threads, struct om_store **out,
                       struct om_error *err) OM_NODISCARD;
void om_store_free(struct om_store *store); /* accepts NULL */

/* Puts a record away, whose payload the caller writes to *payload next: copied from where it was just made,
 * it would be waited for. Errors as below. */
om_status om_store_room(struct om_store *store, size_t thread, const char *id, size_t length,
                        uint8_t **payload, struct om_error *err) OM_NODISCARD;

/* Puts a record away. Errors: OM_ERR_NOMEM; OM_ERR_CREATE or OM_ERR_IO for the file. */
om_status om_store_put(struct om_store *store, size_t thread, const char *id, size_t length,
                       const void *payload, struct om_error *err) OM_NODISCARD;

/* The records of one person: payloads in their order, valid during the call. */
typedef om_status om_store_person_fn(void *context, size_t thread, const uint8_t *const *payload, size_t n,
                                     struct om_error *err);
/* Some of the records of one person in their order, and more to come: sets drop[i] of those that need not be
 * kept until then. Few enough are left when these are few for each person. */
typedef om_status om_store_thin_fn(void *context, size_t thread, const uint8_t *const *payload, size_t n,
                                   bool *drop, struct om_error *err);
/* The number of a record, which ascends with every record that a thread puts away. */
typedef uint64_t om_store_ordinal_fn(const void *context, const uint8_t *payload);

struct om_store_visitor {
    om_store_person_fn *person;
    om_store_thin_fn *thin;
    om_store_ordinal_fn *ordinal;
    void *context;
};

/* Hands out every person once; several threads call the visitor at the same time. Empties the store. */
om_status om_store_visit(struct om_store *store, const struct om_store_visitor *visitor,
                         struct om_error *err) OM_NODISCARD;

/* --- with other processes (store_shared.c) ---
 *
 * The parts are dealt out to the processes in turn. In each round every process hands one part of each owner
 * to it, and gets one of its own together. */

/* Changes the payload of a record before it leaves this process; with the visitor's context. */
typedef void om_store_translate_fn(void *context, uint8_t *payload);

/* As om_store_visit, for the persons of this process, one at a time; called by all processes. status: how
 * this one has fared before. */
om_status om_store_visit_shared(struct om_store *store, om_status status, om_store_translate_fn *translate,
                                const struct om_store_visitor *visitor, struct om_error *err) OM_NODISCARD;

/* For it: the records of one part, side by side, in an array to be freed with om_free that has
 * OM_STORE_BEHIND bytes behind them (NULL when there are none); they leave the store. And the persons of such
 * an array. */
enum { OM_STORE_KINDS = 2 }; /* of keys: parts of one kind and of the other */
struct om_store_records {
    uint8_t *bytes;
    size_t n;
};
size_t om_store_record_bytes(const struct om_store *store, size_t kind);
size_t om_store_payload(const struct om_store *store); /* bytes of it, at the end of a record */
om_status om_store_take(struct om_store *store, size_t kind, size_t part, struct om_store_records *out,
                        struct om_error *err) OM_NODISCARD;
om_status om_store_visit_records(const struct om_store *store, size_t kind,
                                 const struct om_store_records *records,
                                 const struct om_store_visitor *visitor, size_t thread,
                                 struct om_error *err) OM_NODISCARD;
/* The seed of rank 0, to all; seed may be NULL when status says why. */
om_status om_store_share_seed(const struct om_exchange *exchange, om_status status, uint64_t *seed,
                              struct om_error *err) OM_NODISCARD;
const struct om_exchange *om_store_exchange(const struct om_store *store);

#endif
