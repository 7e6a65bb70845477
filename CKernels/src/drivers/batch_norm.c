// SPDX-License-Identifier: Apache-2.0

// Batch normalization, shared out by columns: each worker makes all passes over its own.
#include "blocking.h"
#include "costs.h"
#include "overlap.h"
#include "rows.h"

#include <math.h>

typedef struct norm_job {
  const ck_kernel_table *kernels;
  const ck_batch_norm_block *forward;
  const ck_batch_norm_gradient_block *backward;
} norm_job;

static void forward_columns(const void *argument, int64_t first, int64_t last) {
  const norm_job *job = argument;
  ck_batch_norm_block block = *job->forward;
  block.N = last - first;
  block.x += first;
  block.weight += first;
  block.bias += first;
  block.mean += first;
  block.variance += first;
  block.inverse_deviation += first;
  block.y += first;
  job->kernels->batch_norm_forward_f32(&block);
}

static void backward_columns(const void *argument, int64_t first, int64_t last) {
  const norm_job *job = argument;
  ck_batch_norm_gradient_block block = *job->backward;
  block.N = last - first;
  block.dy += first;
  block.y += first;
  block.x += first;
  block.weight += first;
  block.mean += first;
  block.inverse_deviation += first;
  block.dweight += first;
  block.dbias += first;
  if (block.dx != NULL)
    block.dx += first;
  job->kernels->batch_norm_backward_f32(&block);
}

ck_status ck_batch_norm_forward_f32(ck_context *ctx, int64_t M, int64_t N, const float *x,
                                    int64_t ldx, const float *weight, const float *bias,
                                    float epsilon, ck_activation act, float *mean, float *variance,
                                    float *inverse_deviation, float *y, int64_t ldy) {
  if (ctx == NULL)
    return CK_ERROR_NULL;
  CK_TRY(ck_check(x, M, N, ldx));
  CK_TRY(ck_check(y, M, N, ldy));
  if (M < 2)
    return CK_ERROR_SHAPE;
  float *vectors[] = {mean, variance, inverse_deviation, (float *)weight, (float *)bias};
  for (int i = 0; i < 5; i++)
    CK_TRY(ck_check(vectors[i], 1, N, N));
  CK_TRY(ck_check_activation(act));
  if (!(epsilon > 0 && epsilon < INFINITY))
    return CK_ERROR_VALUE;
  CK_TRY(CK_CHECK_APART(4, CK_MATRIX(y, M, N, ldy), CK_VECTOR(mean, N), CK_VECTOR(variance, N),
                        CK_VECTOR(inverse_deviation, N), CK_MATRIX(x, M, N, ldx),
                        CK_VECTOR(weight, N), CK_VECTOR(bias, N)));
  ck_batch_norm_block block = {.M = M,
                               .x = x,
                               .ldx = ldx,
                               .weight = weight,
                               .bias = bias,
                               .epsilon = epsilon,
                               .act = act,
                               .mean = mean,
                               .variance = variance,
                               .inverse_deviation = inverse_deviation,
                               .y = y,
                               .ldy = ldy};
  norm_job job = {.kernels = ctx->kernels, .forward = &block};
  ck_run_rows(ctx, N, M, CK_LINE_FLOATS, CK_NS_BATCH_NORM_FORWARD * (double)M * (double)N,
              forward_columns, &job);
  return CK_OK;
}

ck_status ck_batch_norm_backward_f32(ck_context *ctx, int64_t M, int64_t N, const float *dy,
                                     int64_t lddy, const float *y, int64_t ldy, const float *x,
                                     int64_t ldx, const float *weight, const float *mean,
                                     const float *inverse_deviation, ck_activation act, bool fixed,
                                     float *dweight, float *dbias, float *dx, int64_t lddx) {
  if (ctx == NULL)
    return CK_ERROR_NULL;
  CK_TRY(ck_check(dy, M, N, lddy));
  CK_TRY(ck_check(y, M, N, ldy));
  CK_TRY(ck_check(x, M, N, ldx));
  if (dx != NULL)
    CK_TRY(ck_check(dx, M, N, lddx));
  if (M < 1)
    return CK_ERROR_SHAPE;
  const float *vectors[] = {weight, mean, inverse_deviation, dweight, dbias};
  for (int i = 0; i < 5; i++)
    CK_TRY(ck_check(vectors[i], 1, N, N));
  CK_TRY(ck_check_activation(act));
  CK_TRY(CK_CHECK_APART(3, CK_MATRIX(dx, M, N, lddx), CK_VECTOR(dweight, N), CK_VECTOR(dbias, N),
                        CK_MATRIX(y, M, N, ldy), CK_MATRIX(x, M, N, ldx), CK_VECTOR(weight, N),
                        CK_VECTOR(mean, N), CK_VECTOR(inverse_deviation, N)));
  CK_TRY(CK_CHECK_APART(2, CK_VECTOR(dweight, N), CK_VECTOR(dbias, N), CK_MATRIX(dy, M, N, lddy)));
  CK_TRY(ck_check_in_place(CK_MATRIX(dx, M, N, lddx), CK_MATRIX(dy, M, N, lddy)));
  ck_batch_norm_gradient_block block = {.M = M,
                                        .dy = dy,
                                        .lddy = lddy,
                                        .y = y,
                                        .ldy = ldy,
                                        .x = x,
                                        .ldx = ldx,
                                        .weight = weight,
                                        .mean = mean,
                                        .inverse_deviation = inverse_deviation,
                                        .act = act,
                                        .fixed = fixed,
                                        .dweight = dweight,
                                        .dbias = dbias,
                                        .dx = dx,
                                        .lddx = lddx};
  norm_job job = {.kernels = ctx->kernels, .backward = &block};
  ck_run_rows(ctx, N, M, CK_LINE_FLOATS, CK_NS_BATCH_NORM_BACKWARD * (double)M * (double)N,
              backward_columns, &job);
  return CK_OK;
}
