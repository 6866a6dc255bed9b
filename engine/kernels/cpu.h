/* What the processor, and the system with it, can run. */
#ifndef OM_KERNELS_CPU_H
#define OM_KERNELS_CPU_H

#include <stdint.h>

enum {
    OM_CPU_AVX2 = 1 << 0,   /* AVX2, BMI1, BMI2, POPCNT, PCLMULQDQ: Haswell, Zen and later */
    OM_CPU_AVX512 = 1 << 1, /* those, and AVX-512 F, BW, VL, VBMI, VBMI2, VNNI: Ice Lake, Zen 4 and later */
};

uint32_t om_cpu_features(void);

#endif
