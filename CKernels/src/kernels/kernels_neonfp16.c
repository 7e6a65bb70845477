// SPDX-License-Identifier: Apache-2.0

// NEON with half-precision arithmetic (FEAT_FP16): 12 x 8 tiles of chains in half precision, two
// lanes for each column.
#if defined(__aarch64__)
#include "../dispatch/kernel_table.h"
#include "../dispatch/half_kernels.h"

#define CK_FN(name) name##_neonfp16
#define CK_HAS_FMA 1
#define CK_HAS_HALVES 1
#define CK_HAS_MASKS 0
#define CK_TILE_LANES 4
#define CK_TILE_ROWS 12
#define CK_TILE_HEIGHTS(F) F(1) F(2) F(3) F(4) F(5) F(6) F(7) F(8) F(9) F(10) F(11) F(12)
#define CK_PAIRS_VOCABULARY "../vec/half_pairs.h"

#pragma STDC FP_CONTRACT OFF
#pragma clang attribute push(__attribute__((target("fullfp16"))), apply_to = function)
#include "generic/level.h"
#pragma clang attribute pop
#endif
