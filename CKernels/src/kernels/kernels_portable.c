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
#include "vec/vec.h"
#include "generic/math.h"
#include "generic/activation.h"
#include "generic/activation_rows.h"
#include "generic/dense.h"
#include "generic/elementwise.h"
#include "generic/softmax.h"
#include "vec/half_by_integers.h"
#include "generic/half_conversion.h"
#include "generic/optimizer.h"
#include "generic/random.h"
#include "generic/batch_norm.h"
#include "generic/table.h"
