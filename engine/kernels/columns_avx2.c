/* The counting kernels in vectors of 32 bytes. */
#if defined(__x86_64__)
#define TARGET     __attribute__((target("avx2,bmi,bmi2,popcnt")))
#define VECTOR     32
#define NAME(name) name##_avx2
#include "kernels/columns_body.h"
#endif
