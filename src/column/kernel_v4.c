/* The kernels for processors with AVX-512; elsewhere as the plain ones. */
#include <stdint.h>

#if defined(__x86_64__)
#if defined(__clang__)
#pragma clang attribute push(                                                  \
    __attribute__((                                                            \
        target("avx512f,avx512bw,avx512dq,avx512vl,bmi2,fma,popcnt"))),        \
    apply_to = function)
#else
#pragma GCC target("avx512f,avx512bw,avx512dq,avx512vl,bmi2,fma,popcnt")
#endif
#endif

#define KERNELS column_kernels_v4
#include "column/kernel_set_int.h"

#if defined(__x86_64__) && defined(__clang__)
#pragma clang attribute pop
#endif
