// SPDX-License-Identifier: Apache-2.0

// NEON: 12 x 8 tiles, 24 of 32 registers; two loads of a panel feed 24 chains.
#if defined(__aarch64__)
#include "../dispatch/kernel_table.h"

#define CK_FN(name) name##_neon
#define CK_HAS_FMA 1
#define CK_HAS_HALVES 1
#define CK_HAS_MASKS 0
#define CK_TILE_LANES 4
#define CK_TILE_ROWS 12
#define CK_TILE_HEIGHTS(F) F(1) F(2) F(3) F(4) F(5) F(6) F(7) F(8) F(9) F(10) F(11) F(12)

// Products and sums are contracted only where the code says so: the bits must not depend on it.
// NEON with FMA is the baseline of arm64, so the functions need no target attribute.
#pragma STDC FP_CONTRACT OFF
#include "generic/level.h"
#endif
