/* What the floors do with a piece of the file. */
#ifndef BENCH_FLOORS_H
#define BENCH_FLOORS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct counts {
    uint64_t bytes, records;
};

/* As fast as this processor can: AVX-512 or AVX2 where it has them. */
uint64_t count_newlines(const char *bytes, size_t n);

/* Decompress the next piece; add the newlines of the text to the records. False when it is damaged. */
bool take_gzip(struct counts *counts, const char *bytes, size_t n);
bool take_zstd(struct counts *counts, const char *bytes, size_t n);

/* False when the compressed text has not ended. */
bool end_unpacking(struct counts *counts);

#endif
