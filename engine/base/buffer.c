#include "base/buffer.h"
#include "base/memory.h"
#include "base/number.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void
om_buffer_release(struct om_buffer *buffer)
{
    om_free(buffer->data);
    *buffer = (struct om_buffer){.ceiling = buffer->ceiling};
}

void
om_buffer_clear(struct om_buffer *buffer)
{
    buffer->length = 0;
    if (buffer->data)
        buffer->data[0] = '\0';
}

int
om_buffer_ok(const struct om_buffer *buffer)
{
    return !buffer->failed;
}

/* Makes room for length more bytes and the NUL. */
static int
reserve(struct om_buffer *buffer, size_t length)
{
    size_t needed;
    if (buffer->failed || __builtin_add_overflow(buffer->length, length, &needed) || needed >= SIZE_MAX / 2)
        return !(buffer->failed = 1);
    if (buffer->ceiling && needed > buffer->ceiling)
        return !(buffer->failed = 1);
    if (needed + 1 <= buffer->capacity)
        return 1;
    size_t capacity = buffer->capacity ? buffer->capacity : 64;
    while (capacity < needed + 1)
        capacity *= 2;
    char *data = om_realloc(buffer->data, capacity, 1);
    if (!data)
        return !(buffer->failed = 1);
    buffer->data = data;
    buffer->capacity = capacity;
    return 1;
}

void
om_buffer_add(struct om_buffer *buffer, const void *bytes, size_t length)
{
    if (!reserve(buffer, length))
        return;
    if (length)
        memcpy(buffer->data + buffer->length, bytes, length);
    buffer->length += length;
    buffer->data[buffer->length] = '\0';
}

void
om_buffer_text(struct om_buffer *buffer, const char *text)
{
    om_buffer_add(buffer, text, strlen(text));
}

void
om_buffer_char(struct om_buffer *buffer, char c)
{
    if (!reserve(buffer, 1))
        return;
    buffer->data[buffer->length++] = c;
    buffer->data[buffer->length] = '\0';
}

void
om_buffer_repeat(struct om_buffer *buffer, const char *text, size_t times)
{
    for (size_t i = 0; i < times; i++)
        om_buffer_text(buffer, text);
}

void
om_buffer_format(struct om_buffer *buffer, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    va_list again;
    va_copy(again, args);
    /* Mostly there is room: then it is written where it belongs, and else once more. */
    size_t room = buffer->failed ? 0 : buffer->capacity - buffer->length;
    int length = vsnprintf(room ? buffer->data + buffer->length : NULL, room, format, args);
    if (length < 0) {
        buffer->failed = 1;
    } else if (reserve(buffer, (size_t)length)) {
        if ((size_t)length >= room)
            vsnprintf(buffer->data + buffer->length, (size_t)length + 1, format, again);
        buffer->length += (size_t)length;
    } else if (room) {
        buffer->data[buffer->length] = '\0';
    }
    va_end(again);
    va_end(args);
}

void
om_buffer_double(struct om_buffer *buffer, double value)
{
    char text[OM_NUMBER_TEXT];
    om_number_format(value, text);
    om_buffer_text(buffer, text);
}

char *
om_buffer_more(struct om_buffer *buffer, size_t length)
{
    return reserve(buffer, length) ? buffer->data + buffer->length : NULL;
}

const char *
om_buffer_string(const struct om_buffer *buffer)
{
    return buffer->data ? buffer->data : "";
}

char *
om_buffer_take(struct om_buffer *buffer)
{
    char *data = NULL;
    if (!buffer->failed && reserve(buffer, 0)) {
        data = buffer->data;
        data[buffer->length] = '\0';
        buffer->data = NULL;
    }
    om_buffer_release(buffer);
    return data;
}
