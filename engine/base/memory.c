#include "base/memory.h"

#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

static _Atomic size_t fail_at = (size_t)-1;
static _Atomic size_t live;

/* Counts down to the allocation that a test wants to fail. */
static int
must_fail(void)
{
    if (fail_at == (size_t)-1)
        return 0;
    return fail_at-- == 0;
}

static void *
counted(void *memory)
{
    if (memory)
        live++;
    return memory;
}

void *
om_alloc(size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes) || must_fail())
        return NULL;
    return counted(malloc(bytes ? bytes : 1));
}

void *
om_calloc(size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes) || must_fail())
        return NULL;
    return counted(calloc(count ? count : 1, size ? size : 1));
}

void *
om_alloc_lines(size_t count, size_t size)
{
    enum { LINE = 64 };
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes) || bytes > SIZE_MAX - LINE || must_fail())
        return NULL;
    return counted(aligned_alloc(LINE, (bytes + LINE) / LINE * LINE));
}

void *
om_realloc(void *old, size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes) || must_fail())
        return NULL;
    void *memory = realloc(old, bytes ? bytes : 1);
    return old ? memory : counted(memory);
}

void
om_free(void *memory)
{
    if (memory)
        live--;
    free(memory);
}

char *
om_strdup(const char *text)
{
    return om_strndup(text, strlen(text));
}

char *
om_strndup(const char *text, size_t length)
{
    char *copy = om_alloc(length + 1, 1);
    if (copy) {
        memcpy(copy, text, length);
        copy[length] = '\0';
    }
    return copy;
}

int
om_grow(void *array_pointer, size_t *capacity, size_t count, size_t size)
{
    void *old;
    if (count < *capacity)
        return 1;
    memcpy(&old, array_pointer, sizeof old); /* a T * is not a void *: copy, do not alias */
    size_t larger = *capacity ? *capacity * 2 : 8;
    void *memory = om_realloc(old, larger, size);
    if (!memory)
        return 0;
    memcpy(array_pointer, &memory, sizeof memory);
    *capacity = larger;
    return 1;
}

void
om_memory_ready(void *from, size_t bytes)
{
#ifdef MADV_POPULATE_WRITE
    enum { PAGE = 4096 }; /* or larger: then the call is refused, and nothing lost */
    char *first = (char *)from + (PAGE - (uintptr_t)from % PAGE) % PAGE;
    if (bytes > PAGE)
        (void)madvise(first, (bytes - PAGE) / PAGE * PAGE, MADV_POPULATE_WRITE);
#else
    (void)from;
    (void)bytes;
#endif
}

void
om_memory_fail_at(size_t k)
{
    fail_at = k;
}

size_t
om_memory_live(void)
{
    return live;
}
