// SPDX-License-Identifier: Apache-2.0

// What the kernels of float16 compute, on any machine: the same tiles, chains and roundings in
// the baseline's instructions. Contexts never choose these.
#include "../dispatch/kernel_table.h"
#include "../dispatch/half_kernels.h"

#define CK_FN(name) name##_emulatedf16
// Fused in the activations, too, where it is a call of the C library: the levels it stands for
// have an FMA.
#define CK_HAS_FMA 1
#define CK_HAS_HALVES 0
#define CK_HAS_MASKS 0
#define CK_TILE_LANES 4
#define CK_TILE_ROWS 6
#define CK_TILE_HEIGHTS(F) F(1) F(2) F(3) F(4) F(5) F(6)
#define CK_PAIRS_VOCABULARY "../vec/half_emulated.h"

#pragma STDC FP_CONTRACT OFF
#include "generic/level.h"
