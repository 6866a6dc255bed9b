/*
 * Kernels: the inner loops, written for one kind of processor.
 *
 * There are sets of them, named after what they need: "scalar", which runs everywhere, "avx2" and "avx512" on
 * x86-64, "neon" on 64-bit ARM. All give the same results to the last bit. The fastest that the processor can
 * run is used unless a program chooses another, which is for tests and for finding faults.
 */
#ifndef OMSTAT_KERNELS_H
#define OMSTAT_KERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <omstat/status.h>

/* The name of the i-th set that this processor can run, the most general first; NULL from their number on.
 * There is always a first. Static storage. */
OM_API const char *om_kernels_usable_name(size_t i);

/* The name of the set in use. Static storage. */
OM_API const char *om_kernels_name(void);

/* Uses the set of this name, or with NULL the fastest again; false, and nothing changes, when the processor
 * can run none of this name. It is for the whole process: call it before panels are read, not while another
 * thread is in the library. The other two functions may be called at any time. */
OM_API bool om_kernels_choose(const char *name);

#endif
