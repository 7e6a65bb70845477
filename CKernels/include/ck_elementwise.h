// SPDX-License-Identifier: Apache-2.0

/// Element-wise functions and softmax over spans of columns.
///
/// exp, log and tanh are within 2 ulp; the same bits for any number of threads and any instruction
/// set with an FMA. An output may be one of the inputs.
#ifndef CK_ELEMENTWISE_H
#define CK_ELEMENTWISE_H

#include "ck_context.h"

#ifdef __cplusplus
extern "C" {
#endif

/// h[M,N] = act(z[M,N]).
CK_API ck_status ck_activation_forward_f32(ck_context *ctx, int64_t M, int64_t N, const float *z,
                                           int64_t ldz, ck_activation act, float *h, int64_t ldh);

/// dz[M,N] = dh[M,N] * act'(h[M,N]).
CK_API ck_status ck_activation_backward_f32(ck_context *ctx, int64_t M, int64_t N, const float *dh,
                                            int64_t lddh, const float *h, int64_t ldh,
                                            ck_activation act, float *dz, int64_t lddz);

/// In each row and span: y = softmax(x / temperature). Columns outside the spans are not touched.
CK_API ck_status ck_softmax_f32(ck_context *ctx, int64_t M, const float *x, int64_t ldx,
                                const ck_span *spans, int64_t span_count, float temperature,
                                float *y, int64_t ldy);

/// As ck_softmax_f32 on x + g with standard Gumbel noise g (Jang et al., 2017). The noise of column
/// c in row r has index first_index + r * columns + c.
CK_API ck_status ck_gumbel_softmax_f32(ck_context *ctx, int64_t M, int64_t columns, const float *x,
                                       int64_t ldx, const ck_span *spans, int64_t span_count,
                                       float temperature, ck_random_stream stream,
                                       uint64_t first_index, float *y, int64_t ldy);

/// dx = y * (dy - sum(dy * y)) / temperature in each row and span, y the stored softmax.
CK_API ck_status ck_softmax_backward_f32(ck_context *ctx, int64_t M, const float *dy, int64_t lddy,
                                         const float *y, int64_t ldy, const ck_span *spans,
                                         int64_t span_count, float temperature, float *dx,
                                         int64_t lddx);

/// y[i] = exp(x[i]), log(x[i]), tanh(x[i]).
CK_API ck_status ck_exp_f32(ck_context *ctx, int64_t n, const float *x, float *y);
CK_API ck_status ck_log_f32(ck_context *ctx, int64_t n, const float *x, float *y);
CK_API ck_status ck_tanh_f32(ck_context *ctx, int64_t n, const float *x, float *y);

#ifdef __cplusplus
}
#endif
#endif
