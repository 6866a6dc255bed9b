/*
 * What every unit test includes: cmocka, and the helpers it lacks.
 *
 * Tests read the public-domain and constructed files of data/ always, and the larger reference collection
 * when it lies beside the checkout (../shared); without it such a test says so and is skipped.
 */
#ifndef OM_TESTS_SUPPORT_H
#define OM_TESTS_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>
#include <jansson.h>
#include <omstat/status.h>

/* Passes when |got - want| <= rel * |want|, or both are equal. NaN equals nothing: a test never expects one.
 * cmocka's own comparison is single precision and passes on NaN. */
#define assert_close(got, want, rel) om_assert_close((got), (want), (rel), #got, __FILE__, __LINE__)
void om_assert_close(double got, double want, double rel, const char *what, const char *file, int line);

/* Passes when call returns OM_OK; prints the error otherwise. `err` must be a struct om_error in scope. */
#define assert_ok(call) om_assert_ok((call), &err, #call, __FILE__, __LINE__)
void om_assert_ok(om_status status, const struct om_error *err, const char *what, const char *file, int line);

/* The path of a file in the reference collection, or NULL after printing that the test is skipped. Static
 * storage, overwritten by the next call. Use: if (!shared_path("a/b.csv")) skip(); */
const char *shared_path(const char *relative);

/* A JSON file of the reference collection; fails the test when it cannot be read. The caller json_decrefs. */
json_t *load_json(const char *path);

/* A number (integer or real) reached by a '/'-separated path of keys ("wave1/phq9/total/mean"); an array
 * element is its index. Fails the test when it is not there. */
double json_at(const json_t *root, const char *path);

/* Writes text to a fresh temporary file ending in suffix; returns its path, removed at exit. */
const char *temporary_file(const char *suffix, const void *bytes, size_t length);

/* The same numbers in every run of a program: xorshift64 (Marsaglia 2003, Journal of Statistical Software 8,
 * 14). */
uint32_t test_random(void);
/* Begins another sequence, the same for equal seeds. */
void test_random_from(uint64_t seed);

#endif
