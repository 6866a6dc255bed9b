#include "kernels/cpu.h"

#include <stdbool.h>

#if defined(__x86_64__)

static bool
has_avx2(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
           __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("popcnt") &&
           __builtin_cpu_supports("pclmul");
}

static bool
has_avx512(void)
{
    return has_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512vbmi") &&
           __builtin_cpu_supports("avx512vbmi2") && __builtin_cpu_supports("avx512vnni");
}

uint32_t
om_cpu_features(void)
{
    __builtin_cpu_init();
    return (has_avx2() ? OM_CPU_AVX2 : 0u) | (has_avx512() ? OM_CPU_AVX512 : 0u);
}

#else

uint32_t
om_cpu_features(void)
{
    return 0;
}

#endif
