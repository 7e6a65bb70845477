// SPDX-License-Identifier: Apache-2.0

// AVX-512: 14 x 32 tiles, 28 of 32 registers.
#if defined(__x86_64__)
#include "../dispatch/kernel_table.h"

#include <immintrin.h>

#define CK_FN(name) name##_avx512
#define CK_HAS_FMA 1
#define CK_HAS_HALVES 1
#define CK_HAS_MASKS 1
#define CK_TILE_LANES 16
#define CK_TILE_ROWS 14
#define CK_TILE_HEIGHTS(F) \
  F(1) F(2) F(3) F(4) F(5) F(6) F(7) F(8) F(9) F(10) F(11) F(12) F(13) F(14)

// Products and sums are contracted only where the code says so: the bits must not depend on it.
#pragma STDC FP_CONTRACT OFF
#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,fma,prfchw"))), apply_to = function)
#include "generic/level.h"
#pragma clang attribute pop
#endif
