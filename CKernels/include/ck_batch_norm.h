// SPDX-License-Identifier: Apache-2.0

/// Batch normalization of columns (Ioffe and Szegedy, 2015) with the activation that follows.
///
/// Sums down the rows are of single precision over 32 rows and of double precision over these, each
/// in ascending order: results have the same bits for any number of threads and any instruction set
/// with an FMA.
#ifndef CK_BATCH_NORM_H
#define CK_BATCH_NORM_H

#include "ck_context.h"

#ifdef __cplusplus
extern "C" {
#endif

/// y[M,N] = act((x[M,N] - mean[N]) inverse_deviation[N] weight[N] + bias[N]) with the batch's own
/// mean and (biased) variance; M at least 2. inverse_deviation = 1 / sqrt(variance + epsilon);
/// `variance` receives the unbiased one, as running statistics want it.
CK_API ck_status ck_batch_norm_forward_f32(ck_context *ctx, int64_t M, int64_t N, const float *x,
                                           int64_t ldx, const float *weight, const float *bias,
                                           float epsilon, ck_activation act, float *mean,
                                           float *variance, float *inverse_deviation, float *y,
                                           int64_t ldy);

/// The gradients by input, scale and shift from that by the output, dy[M,N]; y is the stored
/// output, mean and inverse_deviation are what it was made with. With `fixed` these did not depend
/// on x, as running statistics do not. dx may be NULL and may be dy.
CK_API ck_status ck_batch_norm_backward_f32(ck_context *ctx, int64_t M, int64_t N, const float *dy,
                                            int64_t lddy, const float *y, int64_t ldy,
                                            const float *x, int64_t ldx, const float *weight,
                                            const float *mean, const float *inverse_deviation,
                                            ck_activation act, bool fixed, float *dweight,
                                            float *dbias, float *dx, int64_t lddx);

#ifdef __cplusplus
}
#endif
#endif
