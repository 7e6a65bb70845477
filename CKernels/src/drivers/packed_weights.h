// Weights as panels: for products with w^T (forward) and with w (backward).
#ifndef CK_PACKED_WEIGHTS_PRIVATE_H
#define CK_PACKED_WEIGHTS_PRIVATE_H

#include "context.h"

struct ck_packed_weights {
  int64_t N, K;
  int64_t panel_width;
  float *storage;
  /// [ceil(N / width)][K][width] and [ceil(K / width)][N][width], inside `storage`.
  float *forward;
  float *backward;
};

/// Panels of `columns` columns.
static inline int64_t ck_panels(int64_t columns, int64_t width) {
  return (columns + width - 1) / width;
}

/// Packs all panels of w[N,K] for one direction, by the team.
void ck_pack_forward(ck_context *ctx, int64_t N, int64_t K, const float *w, int64_t ldw, float *to);
void ck_pack_backward(ck_context *ctx, int64_t N, int64_t K, const float *w, int64_t ldw,
                      float *to);

#endif
