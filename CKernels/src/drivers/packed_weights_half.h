// SPDX-License-Identifier: Apache-2.0

// Weights rounded to 16 bits: as pairs for the format's instructions, or as f32 panels of the
// rounded values.
#ifndef CK_PACKED_WEIGHTS_HALF_PRIVATE_H
#define CK_PACKED_WEIGHTS_HALF_PRIVATE_H

#include "packed_weights.h"

struct ck_packed_half_weights {
  int64_t N, K;
  ck_half_format format;
  ck_half_path path;
  /// Widened: the f32 layouts, and room for the rounded weights.
  ck_packed_weights *widened;
  float *rounded;
  /// Else: [ceil(N / width)][ceil(K / 2)][width][2] and [ceil(K / width)][ceil(N / 2)][width][2].
  float *storage;
  ck_half *forward, *backward;
};

/// Elements of a panel of pairs.
static inline int64_t ck_pair_panel(int64_t depth, int64_t width) {
  return (depth + 1) / 2 * 2 * width;
}

#endif
