/* The counting kernels in vectors of 64 bytes. */
#if defined(__x86_64__)
#define TARGET     __attribute__((target("avx2,bmi,bmi2,popcnt,avx512f,avx512bw,avx512vl,avx512vbmi")))
#define VECTOR     64
#define NAME(name) name##_avx512
#include "kernels/columns_body.h"
#endif
