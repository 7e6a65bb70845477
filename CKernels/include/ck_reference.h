// SPDX-License-Identifier: Apache-2.0

/// What the kernels mean: naive loops that accumulate in double precision. For tests and for the
/// error column of a benchmark; no context, no threads, no checks.
#ifndef CK_REFERENCE_H
#define CK_REFERENCE_H

#include "ck_types.h"

#ifdef __cplusplus
extern "C" {
#endif

/// The error of a result in units of the last place: the distance of the floats around `exact`, of
/// the least normal ones below them. Zero for what `exact` is flushed to (0 below the least normal
/// float) or rounds to (infinity); infinite where one alone is NaN, or an infinity is wrong.
CK_API double ck_reference_ulps(float value, double exact);

CK_API double ck_reference_activation(ck_activation act, double z);
/// The derivative, by the output h.
CK_API double ck_reference_derivative(ck_activation act, double h);

/// As ck_dense_forward_f32; `bound` (may be NULL) receives for each z the sum |x||w| + |b| that its
/// error is measured against.
CK_API void ck_reference_dense_forward_f32(int64_t M, int64_t N, int64_t K, const float *x,
                                           int64_t ldx, const float *w, int64_t ldw, const float *b,
                                           ck_activation act, double *y, double *bound);
/// As ck_dense_tangent_f32.
CK_API void ck_reference_dense_tangent_f32(int64_t M, int64_t N, int64_t K, const float *q,
                                           int64_t ldq, const float *w, int64_t ldw, const float *h,
                                           int64_t ldh, ck_activation act, double *q_out,
                                           double *bound);
/// As ck_dense_backward_data_f32.
CK_API void ck_reference_dense_backward_data_f32(int64_t M, int64_t N, int64_t K, const float *dz,
                                                 int64_t lddz, const float *w, int64_t ldw,
                                                 const float *x_out, int64_t ldxo,
                                                 ck_activation act, double *dx, double *bound);
/// As ck_dense_backward_weights_f32 without accumulation; bounds as above, either may be NULL.
CK_API void ck_reference_dense_backward_weights_f32(int64_t M, int64_t N, int64_t K,
                                                    const float *dz, int64_t lddz, const float *x,
                                                    int64_t ldx, double *dw, double *db,
                                                    double *dw_bound, double *db_bound);

/// As ck_batch_norm_forward_f32; `bound` receives for each y what its error may come to.
CK_API void ck_reference_batch_norm_forward_f32(int64_t M, int64_t N, const float *x, int64_t ldx,
                                                const float *weight, const float *bias,
                                                float epsilon, ck_activation act, double *mean,
                                                double *variance, double *y, double *bound);
/// As ck_batch_norm_backward_f32; bounds as above.
CK_API void ck_reference_batch_norm_backward_f32(int64_t M, int64_t N, const float *dy,
                                                 int64_t lddy, const float *y, int64_t ldy,
                                                 const float *x, int64_t ldx, const float *weight,
                                                 const float *mean, const float *inverse_deviation,
                                                 ck_activation act, bool fixed, double *dweight,
                                                 double *dbias, double *dx, double *dweight_bound,
                                                 double *dbias_bound, double *dx_bound);

#ifdef __cplusplus
}
#endif
#endif
