// Weights rounded to bfloat16: as pairs for dot products, or as f32 panels of the rounded values.
#ifndef CK_PACKED_WEIGHTS_BF16_PRIVATE_H
#define CK_PACKED_WEIGHTS_BF16_PRIVATE_H

#include "packed_weights.h"

struct ck_packed_weights_bf16 {
  int64_t N, K;
  ck_bf16_path path;
  /// Widened: the f32 layouts, and room for the rounded weights.
  ck_packed_weights *widened;
  float *rounded;
  /// Dot: [ceil(N / width)][ceil(K / 2)][width][2] and [ceil(K / width)][ceil(N / 2)][width][2].
  float *storage;
  ck_bf16 *forward, *backward;
};

/// Elements of a panel of pairs.
static inline int64_t ck_pair_panel(int64_t depth, int64_t width) {
  return (depth + 1) / 2 * 2 * width;
}

#endif
