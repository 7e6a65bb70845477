// SPDX-License-Identifier: Apache-2.0

// The baseline of the target: SSE2 on x86-64, NEON on arm64.
#include "../dispatch/kernel_table.h"

#define CK_FN(name) name##_portable
#define CK_HAS_FMA 0
#define CK_HAS_HALVES 0
#define CK_HAS_MASKS 0
#define CK_TILE_LANES 4
#define CK_TILE_ROWS 6
#define CK_TILE_HEIGHTS(F) F(1) F(2) F(3) F(4) F(5) F(6)

// Products and sums are contracted only where the code says so: the bits must not depend on it.
#pragma STDC FP_CONTRACT OFF
#include "generic/level.h"
