/*
 * A growing run of bytes, always NUL-terminated, with a ceiling.
 *
 * Failure is sticky: after an allocation fails or the ceiling is hit, further writes do nothing and
 * om_buffer_ok is false, so a renderer can write a page of text and check once.
 */
#ifndef OM_BASE_BUFFER_H
#define OM_BASE_BUFFER_H

#include <stddef.h>
#include <stdint.h>
#include <omstat/status.h>

struct om_buffer {
    char *data; /* never NULL after the first successful write; NUL at data[length] */
    size_t length;
    size_t capacity;
    size_t ceiling; /* 0 = no limit */
    int failed;
};

#define OM_BUFFER_EMPTY ((struct om_buffer){0})

void om_buffer_release(struct om_buffer *buffer); /* frees and empties */
void om_buffer_clear(struct om_buffer *buffer);   /* length 0, memory and sticky failure kept */
int om_buffer_ok(const struct om_buffer *buffer);

void om_buffer_add(struct om_buffer *buffer, const void *bytes, size_t length);
void om_buffer_text(struct om_buffer *buffer, const char *text);
void om_buffer_char(struct om_buffer *buffer, char c);
void om_buffer_repeat(struct om_buffer *buffer, const char *text, size_t times);
void om_buffer_format(struct om_buffer *buffer, const char *format, ...) OM_PRINTF(2, 3);
void om_buffer_double(struct om_buffer *buffer, double value); /* shortest round trip, see number.h */

/* For callers that write the bytes themselves: room for `length` more behind the text, or NULL, and then the
 * buffer has failed. om_buffer_wrote, before any other call, says where the bytes written end. */
char *om_buffer_more(struct om_buffer *buffer, size_t length) OM_NODISCARD; /* the same, the long way */

static inline OM_NODISCARD char *
om_buffer_room(struct om_buffer *buffer, size_t length)
{
    if (buffer->failed || buffer->ceiling || buffer->capacity - buffer->length <= length)
        return om_buffer_more(buffer, length);
    return buffer->data + buffer->length;
}

static inline void
om_buffer_wrote(struct om_buffer *buffer, const char *end)
{
    buffer->length = (size_t)(end - buffer->data);
    buffer->data[buffer->length] = '\0';
}

/* The text so far, "" when empty. Valid until the next write. */
const char *om_buffer_string(const struct om_buffer *buffer);

/* Hands the bytes to the caller, who frees them with om_free; the buffer is empty again. NULL if it failed.
 */
char *om_buffer_take(struct om_buffer *buffer);

#endif
