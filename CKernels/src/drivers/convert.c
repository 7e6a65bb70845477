// bfloat16 conversion.
#include "rows.h"

typedef struct convert_job {
  const ck_kernel_table *kernels;
  const float *f32;
  const uint16_t *bf16;
  float *to_f32;
  uint16_t *to_bf16;
  /// Of matrices.
  int64_t columns, ldx, ldy;
} convert_job;

static void narrow(const void *argument, int64_t first, int64_t last) {
  const convert_job *job = argument;
  job->kernels->convert_f32_to_bf16(last - first, job->f32 + first, job->to_bf16 + first);
}

static void narrow_rows(const void *argument, int64_t first, int64_t last) {
  const convert_job *job = argument;
  for (int64_t r = first; r < last; r++)
    job->kernels->convert_f32_to_bf16(job->columns, job->f32 + r * job->ldx,
                                      job->to_bf16 + r * job->ldy);
}

static void widen(const void *argument, int64_t first, int64_t last) {
  const convert_job *job = argument;
  job->kernels->convert_bf16_to_f32(last - first, job->bf16 + first, job->to_f32 + first);
}

ck_status ck_convert_f32_to_bf16(ck_context *ctx, int64_t n, const float *x, uint16_t *y) {
  if (ctx == NULL)
    return CK_ERROR_NULL;
  CK_TRY(ck_check(x, n, 1, 1));
  CK_TRY(ck_check(y, n, 1, 1));
  convert_job job = {.kernels = ctx->kernels, .f32 = x, .to_bf16 = y};
  ck_run_rows(ctx, n, 16, 0.3 * (double)n, narrow, &job);
  return CK_OK;
}

ck_status ck_convert_rows_f32_to_bf16(ck_context *ctx, int64_t M, int64_t N, const float *x,
                                      int64_t ldx, uint16_t *y, int64_t ldy) {
  if (ctx == NULL)
    return CK_ERROR_NULL;
  CK_TRY(ck_check(x, M, N, ldx));
  CK_TRY(ck_check(y, M, N, ldy));
  convert_job job = {
      .kernels = ctx->kernels, .f32 = x, .to_bf16 = y, .columns = N, .ldx = ldx, .ldy = ldy};
  ck_run_rows(ctx, M, 1, 0.2 * (double)M * (double)N, narrow_rows, &job);
  return CK_OK;
}

ck_status ck_convert_bf16_to_f32(ck_context *ctx, int64_t n, const uint16_t *x, float *y) {
  if (ctx == NULL)
    return CK_ERROR_NULL;
  CK_TRY(ck_check(x, n, 1, 1));
  CK_TRY(ck_check(y, n, 1, 1));
  convert_job job = {.kernels = ctx->kernels, .bf16 = x, .to_f32 = y};
  ck_run_rows(ctx, n, 16, 0.3 * (double)n, widen, &job);
  return CK_OK;
}
