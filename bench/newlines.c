/* Counting newlines, the limit of any program that looks at every byte. */
#include "floors.h"

#include <string.h>

/* One loop for all processors, in the vectors of GCC and clang; the compiler cuts them to what there is. */
enum { WIDTH = 64, STEPS = 254 }; /* two lanes of 8 bits a step, in a sum that must not pass 255 */
typedef uint8_t vector __attribute__((vector_size(WIDTH)));

/* At most STEPS steps of two vectors. */
static inline __attribute__((always_inline)) uint64_t
count_block(const char *bytes, size_t steps)
{
    const vector newline = (vector){0} + '\n';
    vector even = {0}, odd = {0}, a, b;
    for (size_t i = 0; i < steps; i++, bytes += sizeof a + sizeof b) {
        memcpy(&a, bytes, sizeof a);
        memcpy(&b, bytes + sizeof a, sizeof b);
        even -= (vector)(a == newline); /* equal is -1 */
        odd -= (vector)(b == newline);
    }
    uint64_t sum = 0;
    for (int i = 0; i < WIDTH; i++)
        sum += (uint64_t)even[i] + odd[i];
    return sum;
}

static inline __attribute__((always_inline)) uint64_t
count_all(const char *bytes, size_t n)
{
    uint64_t sum = 0;
    while (n >= sizeof(vector) * 2) {
        size_t steps = n / (sizeof(vector) * 2);
        if (steps > STEPS)
            steps = STEPS;
        sum += count_block(bytes, steps);
        bytes += steps * sizeof(vector) * 2;
        n -= steps * sizeof(vector) * 2;
    }
    uint8_t rest = 0; /* fewer than 128 bytes are left */
    for (size_t i = 0; i < n; i++)
        rest += bytes[i] == '\n';
    return sum + rest;
}

#if defined(__x86_64__)
__attribute__((target("avx512f,avx512bw"))) static uint64_t
count_avx512(const char *bytes, size_t n)
{
    return count_all(bytes, n);
}

__attribute__((target("avx2"))) static uint64_t
count_avx2(const char *bytes, size_t n)
{
    return count_all(bytes, n);
}
#endif

static uint64_t
count_plain(const char *bytes, size_t n)
{
    return count_all(bytes, n);
}

uint64_t
count_newlines(const char *bytes, size_t n)
{
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512bw"))
        return count_avx512(bytes, n);
    if (__builtin_cpu_supports("avx2"))
        return count_avx2(bytes, n);
#endif
    return count_plain(bytes, n);
}
