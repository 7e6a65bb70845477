// SPDX-License-Identifier: Apache-2.0

// C = epilogue(A B), in any format of operands: forward, tangent and backward_data.
#ifndef CK_PRODUCT_H
#define CK_PRODUCT_H

#include "packing.h"
#include "sparse_rows.h"

typedef struct ck_product {
  const ck_operand_format *format;
  /// C[M,N] of A[M,L] and B[L,N].
  int64_t M, N, L;
  const void *a;
  int64_t lda;
  /// B in panels of `depth` rows, of which the first L are multiplied by A; or NULL, and each
  /// thread packs the panels that it reads from w: B is w[N,L] transposed, or w[L,N].
  const float *panels;
  int64_t depth;
  const float *w;
  int64_t ldw;
  bool transposed;
  /// What the panels' other rows are multiplied by, or NULL. C is f32 then.
  const ck_sparse_rows *sparse;
  /// For the columns of C, or NULL.
  const float *bias;
  ck_activation act;
  /// Stored outputs in the operands' format: C is multiplied by act'(h). NULL: act is applied;
  /// `ldh` is 0 then.
  const void *h;
  int64_t ldh;
  ck_result c;
} ck_product;

/// Expects operands that have been checked. Fills in what follows from others.
ck_status ck_product_run(ck_context *ctx, ck_product *p);

#endif
