// SPDX-License-Identifier: Apache-2.0

/// Conversion between single precision and the 16-bit formats.
#ifndef CK_CONVERT_H
#define CK_CONVERT_H

#include "ck_dense_half.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Rounds to nearest, ties to even; NaN stays NaN (quiet). As float16, sizes from 65520 on become
/// infinite.
CK_API ck_status ck_convert_f32_to_half(ck_context *ctx, ck_half_format format, int64_t n,
                                        const float *x, ck_half *y);

/// The same for y[M,N] of x[M,N].
CK_API ck_status ck_convert_rows_f32_to_half(ck_context *ctx, ck_half_format format, int64_t M,
                                             int64_t N, const float *x, int64_t ldx, ck_half *y,
                                             int64_t ldy);

/// Exact.
CK_API ck_status ck_convert_half_to_f32(ck_context *ctx, ck_half_format format, int64_t n,
                                        const ck_half *x, float *y);

#ifdef __cplusplus
}
#endif
#endif
