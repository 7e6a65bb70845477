// SPDX-License-Identifier: Apache-2.0

// AVX2 with FMA and F16C: 6 x 16 tiles, 12 of 16 registers.
#if defined(__x86_64__)
#include "../dispatch/kernel_table.h"

#include <immintrin.h>

#define CK_FN(name) name##_avx2
#define CK_HAS_FMA 1
#define CK_HAS_HALVES 1
#define CK_HAS_MASKS 0
#define CK_TILE_LANES 8
#define CK_TILE_ROWS 6
#define CK_TILE_HEIGHTS(F) F(1) F(2) F(3) F(4) F(5) F(6)

// Products and sums are contracted only where the code says so: the bits must not depend on it.
#pragma STDC FP_CONTRACT OFF
#pragma clang attribute push(__attribute__((target("avx2,fma,f16c,prfchw"))), apply_to = function)
#include "generic/level.h"
#pragma clang attribute pop
#endif
