// SPDX-License-Identifier: Apache-2.0

// AVX-512 with AVX512_FP16: 14 x 32 tiles of chains in half precision, two lanes for each column.
#if defined(__x86_64__)
#include "../dispatch/kernel_table.h"
#include "../dispatch/half_kernels.h"

#include <immintrin.h>

#define CK_FN(name) name##_avx512fp16
#define CK_HAS_FMA 1
#define CK_HAS_HALVES 1
#define CK_HAS_MASKS 1
#define CK_TILE_LANES 16
#define CK_TILE_ROWS 14
#define CK_TILE_HEIGHTS(F) \
  F(1) F(2) F(3) F(4) F(5) F(6) F(7) F(8) F(9) F(10) F(11) F(12) F(13) F(14)
#define CK_PAIRS_VOCABULARY "../vec/half_pairs.h"

#pragma STDC FP_CONTRACT OFF
#pragma clang attribute push(                                                            \
    __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512fp16,fma,prfchw"))), \
    apply_to = function)
#include "generic/level.h"
#pragma clang attribute pop
#endif
