// SPDX-License-Identifier: Apache-2.0

// Weights as panels: for products with w^T (forward) and with w (backward).
#ifndef CK_PACKING_H
#define CK_PACKING_H

#include "context.h"

struct ck_packed_weights {
  int64_t N, K;
  int64_t panel_width;
  float *storage;
  /// ceil(N / width) panels of depth K and ceil(K / width) of depth N, inside `storage`.
  float *forward, *backward;
};

struct ck_packed_half_weights {
  /// Pairs of 16-bit values, or widened: the rounded weights as f32.
  ck_packed_weights panels;
  ck_half_format format;
  ck_half_path path;
};

/// Whether 16-bit weights are packed as a context multiplies them.
static inline bool ck_packed_for(const ck_packed_half_weights *w,
                                 const ck_half_execution *execution) {
  return w->path == execution->rate.path &&
         w->panels.panel_width == execution->operands.panel_width;
}

/// Packs panels first..<last of B[L,N] one after the other: B is w[N,L] transposed, or w[L,N].
void ck_pack_panels(const ck_operand_format *format, bool transposed, int64_t N, int64_t L,
                    const float *w, int64_t ldw, int64_t first, int64_t last, float *to);

#endif
