/// Conversion between single precision and bfloat16 (the upper half of a float).
#ifndef CK_CONVERT_H
#define CK_CONVERT_H

#include "ck_context.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Rounds to nearest, ties to even; NaN stays NaN (quiet).
ck_status ck_convert_f32_to_bf16(ck_context *ctx, int64_t n, const float *x, uint16_t *y);

/// The same for y[M,N] of x[M,N].
ck_status ck_convert_rows_f32_to_bf16(ck_context *ctx, int64_t M, int64_t N, const float *x,
                                      int64_t ldx, uint16_t *y, int64_t ldy);

/// Exact.
ck_status ck_convert_bf16_to_f32(ck_context *ctx, int64_t n, const uint16_t *x, float *y);

#ifdef __cplusplus
}
#endif
#endif
