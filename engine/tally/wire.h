/*
 * Numbers and texts as bytes of a tally file, the same on every machine.
 *
 *   number   7 bits a byte, the lowest first; the top bit says that more follow; never longer than needed
 *   text     its length, then its bytes, none of them 0
 *
 * Reading is sticky: after anything that is not as it should be, `bad` is set and everything reads as 0.
 */
#ifndef OM_TALLY_WIRE_H
#define OM_TALLY_WIRE_H

#include "base/buffer.h"
#include "tally/tally.h"

enum {
    OM_WIRE_VERSION = 1,
    OM_WIRE_HEADER = 24,   /* magic, version, 0, length of the file */
    OM_WIRE_CHECKSUM = 16, /* XXH3 with 128 bits of all before it, at the end */
    OM_WIRE_SECTION = 16,  /* tag, flags, length; then that many bytes */
};

/* A reader that does not know the section may do without it. */
#define OM_WIRE_OPTIONAL UINT32_C(1)

extern const unsigned char om_wire_magic[OM_TALLY_MAGIC];
/* Four letters a kind of counts: its section. */
extern const char om_wire_kind[OM_TALLY_KINDS][5];

void om_wire_put(struct om_buffer *out, uint64_t number);
void om_wire_put_signed(struct om_buffer *out, int64_t number); /* 0, -1, 1, -2 ... as 0, 1, 2, 3 ... */
void om_wire_put_text(struct om_buffer *out, const char *text);
void om_wire_put_fixed(struct om_buffer *out, uint64_t number, size_t bytes); /* the lowest first */

struct om_wire {
    const unsigned char *at, *end;
    bool bad;
};

uint64_t om_wire_get(struct om_wire *in);
int64_t om_wire_get_signed(struct om_wire *in);
/* A number that says how many things of at least one byte follow. */
size_t om_wire_get_count(struct om_wire *in);
/* A number below limit. */
uint32_t om_wire_get_below(struct om_wire *in, uint64_t limit);
/* The text, to be freed; NULL when it is bad or (then *memory is false) there is none. */
char *om_wire_get_text(struct om_wire *in, bool *memory);
uint64_t om_wire_get_fixed(struct om_wire *in, size_t bytes);

#endif
