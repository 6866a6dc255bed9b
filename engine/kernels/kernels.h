/*
 * Which kernels this program has, and which it uses.
 *
 * A set of kernels is written for one kind of processor. All sets give the same results to the last bit; the
 * tests run under each. The fastest the processor has is used unless a program asks for another.
 */
#ifndef OM_KERNELS_KERNELS_H
#define OM_KERNELS_KERNELS_H

#include "kernels/scan.h"

#include <omstat/kernels.h>

struct om_kernels {
    const char *name;
    uint32_t needs; /* of enum in cpu.h */
    om_scan_function *scan;
    om_scan_function *scan_quoted; /* goes on past quotes around whole fields */
    om_locate_function *locate;
};

/* All that are compiled in, the slowest and most general first; *n is at least 1. */
const struct om_kernels *om_kernels_all(size_t *n);

/* Can this processor run them? */
bool om_kernels_usable(const struct om_kernels *kernels);

/* The set to use: the last usable one, or the one chosen with om_kernels_choose. */
const struct om_kernels *om_kernels_active(void);

om_scan_function om_scan_scalar, om_scan_quoted_scalar;
om_locate_function om_locate_scalar;
#if defined(__aarch64__) || defined(OM_TEST_NEON)
om_scan_function om_scan_neon, om_scan_quoted_neon;
om_locate_function om_locate_neon;
#endif
#if defined(__x86_64__)
om_scan_function om_scan_avx2, om_scan_quoted_avx2;
om_locate_function om_locate_avx2;
om_scan_function om_scan_avx512, om_scan_quoted_avx512;
om_locate_function om_locate_avx512;
#endif

#endif
