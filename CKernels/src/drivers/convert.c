// SPDX-License-Identifier: Apache-2.0

// Conversion to and from 16-bit numbers.
#include "blocking.h"
#include "costs.h"
#include "half_path.h"
#include "overlap.h"
#include "rows.h"

typedef struct convert_job {
  ck_half_conversion convert;
  const float *f32;
  const ck_half *half;
  float *to_f32;
  ck_half *to_half;
  /// Of matrices.
  int64_t columns, ldx, ldy;
} convert_job;

static void round_values(const void *argument, int64_t first, int64_t last) {
  const convert_job *job = argument;
  job->convert.round(last - first, job->f32 + first, job->to_half + first);
}

static void round_rows(const void *argument, int64_t first, int64_t last) {
  const convert_job *job = argument;
  for (int64_t r = first; r < last; r++)
    job->convert.round(job->columns, job->f32 + r * job->ldx, job->to_half + r * job->ldy);
}

static void widen_values(const void *argument, int64_t first, int64_t last) {
  const convert_job *job = argument;
  job->convert.widen(last - first, job->half + first, job->to_f32 + first);
}

ck_status ck_convert_f32_to_half(ck_context *ctx, ck_half_format format, int64_t n, const float *x,
                                 ck_half *y) {
  if (ctx == NULL)
    return CK_ERROR_NULL;
  CK_TRY(ck_check_format(format));
  CK_TRY(ck_check(x, n, 1, 1));
  CK_TRY(ck_check(y, n, 1, 1));
  CK_TRY(CK_CHECK_APART(1, CK_VECTOR(y, n), CK_VECTOR(x, n)));
  convert_job job = {.convert = ck_conversion_of(ctx->kernels, format), .f32 = x, .to_half = y};
  ck_run_rows(ctx, n, 1, CK_LINE_FLOATS, CK_NS_CONVERT * (double)n, round_values, &job);
  return CK_OK;
}

ck_status ck_convert_rows_f32_to_half(ck_context *ctx, ck_half_format format, int64_t M, int64_t N,
                                      const float *x, int64_t ldx, ck_half *y, int64_t ldy) {
  if (ctx == NULL)
    return CK_ERROR_NULL;
  CK_TRY(ck_check_format(format));
  CK_TRY(ck_check(x, M, N, ldx));
  CK_TRY(ck_check(y, M, N, ldy));
  CK_TRY(CK_CHECK_APART(1, CK_MATRIX(y, M, N, ldy), CK_MATRIX(x, M, N, ldx)));
  convert_job job = {.convert = ck_conversion_of(ctx->kernels, format),
                     .f32 = x,
                     .to_half = y,
                     .columns = N,
                     .ldx = ldx,
                     .ldy = ldy};
  ck_run_rows(ctx, M, N, 1, CK_NS_CONVERT_ROWS * (double)M * (double)N, round_rows, &job);
  return CK_OK;
}

ck_status ck_convert_half_to_f32(ck_context *ctx, ck_half_format format, int64_t n,
                                 const ck_half *x, float *y) {
  if (ctx == NULL)
    return CK_ERROR_NULL;
  CK_TRY(ck_check_format(format));
  CK_TRY(ck_check(x, n, 1, 1));
  CK_TRY(ck_check(y, n, 1, 1));
  CK_TRY(CK_CHECK_APART(1, CK_VECTOR(y, n), CK_VECTOR(x, n)));
  convert_job job = {.convert = ck_conversion_of(ctx->kernels, format), .half = x, .to_f32 = y};
  ck_run_rows(ctx, n, 1, CK_LINE_FLOATS, CK_NS_CONVERT * (double)n, widen_values, &job);
  return CK_OK;
}
