/*
 * JSON out, one token after the other into a buffer.
 *
 * The writer places commas and line breaks; the caller balances begin and end. Text is repaired to valid
 * UTF-8, numbers are shortest round-trip decimals. Failure is the buffer's: sticky, checked once at the end.
 */
#ifndef OM_REPORT_JSON_H
#define OM_REPORT_JSON_H

#include "base/buffer.h"

#include <stdbool.h>

enum { OM_JSON_DEPTH = 16 };

/* How the members of an object or array are laid out. */
enum om_json_layout {
    OM_JSON_LINES, /* each on a line of its own, indented */
    OM_JSON_INLINE,
};

struct om_json {
    struct om_buffer *out;
    size_t depth;
    bool lines[OM_JSON_DEPTH]; /* layout of each open level */
    bool filled[OM_JSON_DEPTH];
    bool named; /* a name was written, its value comes next */
};

#define OM_JSON(buffer) ((struct om_json){.out = (buffer)})

void om_json_begin(struct om_json *json, char bracket, enum om_json_layout layout); /* '{' or '[' */
void om_json_end(struct om_json *json, char bracket);                               /* '}' or ']' */
void om_json_name(struct om_json *json, const char *name);
void om_json_text(struct om_json *json, const char *text);
void om_json_number(struct om_json *json, double value); /* finite */
void om_json_count(struct om_json *json, uint64_t value);
void om_json_null(struct om_json *json);
void om_json_true(struct om_json *json);

/* A name and its value. */
void om_json_member_text(struct om_json *json, const char *name, const char *text);
/* Text that may not be there: NULL and "" are null. */
void om_json_member_optional(struct om_json *json, const char *name, const char *text);
void om_json_member_count(struct om_json *json, const char *name, uint64_t value);
void om_json_member_known(struct om_json *json, const char *name, uint64_t value); /* null: OM_WITHHELD */
void om_json_member_null(struct om_json *json, const char *name);

#endif
