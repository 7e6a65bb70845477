// SPDX-License-Identifier: Apache-2.0

/// Dense layers on rows of which some columns are mostly zero: one-hot vectors, as rows of tables
/// and the conditions of a generator have them. Such columns cost what their entries cost, not what
/// their number would.
#ifndef CK_SPARSE_H
#define CK_SPARSE_H

#include "ck_dense.h"
#include "ck_dense_half.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Rows of equally many entries (the ELLPACK format): element (r, columns[r * entries + e]) has the
/// value values[r * entries + e], all others are zero. Values of the same element add up, so an
/// entry of value 0 is none.
typedef struct ck_sparse_rows {
  int64_t entries;
  const int32_t *columns;
  const float *values;
} ck_sparse_rows;

/// y[M,N] = act([x | s] w[N,K + S]^T + b[N]), where x[M,K] has the weights' first columns and
/// s[M,S] the others; b may be NULL, and x too where K is 0.
///
/// An element is one chain: b, the columns of x in ascending order, the entries of s in theirs.
/// Where those ascend, it has the bits of `ck_dense_forward_packed_f32` on the same row written
/// out. O(MN (K + entries)). CK_ERROR_VALUE for an entry outside 0..<S.
CK_API ck_status ck_dense_forward_sparse_packed_f32(ck_context *ctx, int64_t M,
                                                    const ck_packed_weights *w, int64_t K,
                                                    const float *x, int64_t ldx,
                                                    const ck_sparse_rows *s, const float *b,
                                                    ck_activation act, float *y, int64_t ldy);

/// The same with weights and x rounded to 16 bits; entries and y are floats. Entries are summed in
/// single precision: their error is one rounding each.
CK_API ck_status ck_dense_forward_sparse_half(ck_context *ctx, int64_t M,
                                              const ck_packed_half_weights *w, int64_t K,
                                              const ck_half *x, int64_t ldx,
                                              const ck_sparse_rows *s, const float *b,
                                              ck_activation act, float *y, int64_t ldy);

/// dw[N,S] (+)= dz[M,N]^T s[M,S]: the gradients of the weights that s is multiplied by.
///
/// An element is one chain over its entries in ascending order of their row: the bits of
/// `ck_dense_backward_weights_f32` on the same rows written out, where dz is finite and no row has
/// two entries in one column. O(N (M entries + S)).
CK_API ck_status ck_sparse_backward_weights_f32(ck_context *ctx, int64_t M, int64_t N, int64_t S,
                                                const float *dz, int64_t lddz,
                                                const ck_sparse_rows *s, float *dw, int64_t lddw,
                                                bool accumulate);

#ifdef __cplusplus
}
#endif
#endif
