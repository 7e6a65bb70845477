// SPDX-License-Identifier: Apache-2.0

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

/// Packs panels first..<last of B[L,N], which the elements of `w` are in one layout or the other.
typedef void (*ck_panel_packer)(const ck_kernel_table *kernels, int64_t N, int64_t L,
                                const float *w, int64_t ldw, int64_t first, int64_t last,
                                float *to);

/// B = w^T of w[N,L].
void ck_pack_transposed_panels(const ck_kernel_table *kernels, int64_t N, int64_t L, const float *w,
                               int64_t ldw, int64_t first, int64_t last, float *to);

/// B = w[L,N].
void ck_pack_row_panels(const ck_kernel_table *kernels, int64_t N, int64_t L, const float *w,
                        int64_t ldw, int64_t first, int64_t last, float *to);

#endif
