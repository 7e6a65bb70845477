// SPDX-License-Identifier: Apache-2.0

/// Dense layers with fused bias and activation.
///
/// Every output element is one chain of fused multiply-adds in ascending order of the summed index,
/// so results have the same bits for any number of threads and, where the instruction set has an
/// FMA, for any instruction set (`portable` rounds products and sums separately).
/// Error of an element against exact arithmetic: (K + 2) u sum |x||w| + u |b|, u = 2^-24.
#ifndef CK_DENSE_H
#define CK_DENSE_H

#include "ck_context.h"

#ifdef __cplusplus
extern "C" {
#endif

/// y[M,N] = act(x[M,K] w[N,K]^T + b[N]); b may be NULL.
CK_API ck_status ck_dense_forward_f32(ck_context *ctx, int64_t M, int64_t N, int64_t K,
                                      const float *x, int64_t ldx, const float *w, int64_t ldw,
                                      const float *b, ck_activation act, float *y, int64_t ldy);

/// q_out[M,N] = (q[M,K] w[N,K]^T) * act'(h[M,N]), h the stored output of the layer: the tangent
/// (second forward) pass of a gradient penalty. q_out may be h.
CK_API ck_status ck_dense_tangent_f32(ck_context *ctx, int64_t M, int64_t N, int64_t K,
                                      const float *q, int64_t ldq, const float *w, int64_t ldw,
                                      const float *h, int64_t ldh, ck_activation act, float *q_out,
                                      int64_t ldo);

/// dx[M,K] = (dz[M,N] w[N,K]) * act'(x_out[M,K]); x_out is the stored output of the layer before,
/// NULL for no factor. dx may be x_out.
CK_API ck_status ck_dense_backward_data_f32(ck_context *ctx, int64_t M, int64_t N, int64_t K,
                                            const float *dz, int64_t lddz, const float *w,
                                            int64_t ldw, const float *x_out, int64_t ldxo,
                                            ck_activation act, float *dx, int64_t lddx);

/// dw[N,K] (+)= dz[M,N]^T x[M,K] and db[N] (+)= column sums of dz; db may be NULL. With
/// `accumulate` the sums are added to what is there, else they replace it.
CK_API ck_status ck_dense_backward_weights_f32(ck_context *ctx, int64_t M, int64_t N, int64_t K,
                                               const float *dz, int64_t lddz, const float *x,
                                               int64_t ldx, float *dw, int64_t lddw, float *db,
                                               bool accumulate);

/// Weights in the layouts the kernels read, packed once and used in many calls. Tied to the
/// instruction set of the context it was made with.
typedef struct ck_packed_weights ck_packed_weights;

CK_API ck_status ck_packed_weights_create(ck_context *ctx, int64_t N, int64_t K,
                                          ck_packed_weights **packed);
CK_API void ck_packed_weights_destroy(ck_packed_weights *packed);

/// Copies w[N,K] into the packed layouts. O(NK).
CK_API ck_status ck_packed_weights_update(ck_context *ctx, ck_packed_weights *packed,
                                          const float *w, int64_t ldw);

/// As the calls above with the weights packed before.
CK_API ck_status ck_dense_forward_packed_f32(ck_context *ctx, int64_t M, const ck_packed_weights *w,
                                             const float *x, int64_t ldx, const float *b,
                                             ck_activation act, float *y, int64_t ldy);
CK_API ck_status ck_dense_tangent_packed_f32(ck_context *ctx, int64_t M, const ck_packed_weights *w,
                                             const float *q, int64_t ldq, const float *h,
                                             int64_t ldh, ck_activation act, float *q_out,
                                             int64_t ldo);
CK_API ck_status ck_dense_backward_data_packed_f32(ck_context *ctx, int64_t M,
                                                   const ck_packed_weights *w, const float *dz,
                                                   int64_t lddz, const float *x_out, int64_t ldxo,
                                                   ck_activation act, float *dx, int64_t lddx);

/// The first `columns` columns of dx alone, where nobody wants the others; x_out has as many.
CK_API ck_status ck_dense_backward_data_columns_packed_f32(
    ck_context *ctx, int64_t M, int64_t columns, const ck_packed_weights *w, const float *dz,
    int64_t lddz, const float *x_out, int64_t ldxo, ck_activation act, float *dx, int64_t lddx);

#ifdef __cplusplus
}
#endif
#endif
