// SPDX-License-Identifier: Apache-2.0

// What a level is made of, in order: the tables of kernels, or where CK_PAIRS_VOCABULARY names what
// multiplies pairs of 16-bit operands, those.

#include "../vec/vec.h"
#if !CK_HAS_HALVES
#include "../vec/half_by_integers.h"
#endif
#include "math.h"
#include "activation.h"
#include "activation_rows.h"
#ifdef CK_PAIRS_VOCABULARY
#include "pairs.h"
#else
#include "dense.h"
#include "elementwise.h"
#include "softmax.h"
#include "half_conversion.h"
#include "optimizer.h"
#include "random.h"
#include "batch_norm.h"
#include "table.h"
#endif
