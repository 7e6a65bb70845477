// SPDX-License-Identifier: Apache-2.0

// Optimizer steps, shared out by elements, or by panels of weights that are packed on the way.
#include "blocking.h"
#include "costs.h"
#include "overlap.h"
#include "packing.h"
#include "rows.h"

#include <math.h>

typedef struct optimizer_job {
  const ck_kernel_table *kernels;
  /// One of the two; the other is NULL.
  const ck_adam_constants *adam;
  const ck_rmsprop *rmsprop;
  const float *gradient;
  float *m, *v, *value;
  /// Where the weights are packed: between the rows of all matrices, and where to.
  int64_t ld;
  ck_packed_weights *packed;
} optimizer_job;

static void step_range(const void *argument, int64_t first, int64_t last) {
  const optimizer_job *job = argument;
  if (job->adam != NULL)
    job->kernels->adam_step_f32(last - first, job->adam, job->gradient + first, job->m + first,
                                job->v + first, job->value + first);
  else
    job->kernels->rmsprop_step_f32(last - first, job->rmsprop, job->gradient + first,
                                   job->v + first, job->value + first);
}

/// Rows first..<last, `first` the first of a panel: their panels of the forward layout, and their
/// rows in every panel of the backward one.
static void step_and_pack(const void *argument, int64_t first, int64_t last) {
  const optimizer_job *job = argument;
  const ck_packed_weights *to = job->packed;
  int64_t width = to->panel_width, K = to->K;
  for (int64_t row = first; row < last; row += width) {
    int64_t rows = last - row < width ? last - row : width;
    for (int64_t r = row; r < row + rows; r++)
      step_range(job, r * job->ld, r * job->ld + K);
    const float *w = job->value + row * job->ld;
    job->kernels->pack_transposed_f32(rows, K, w, job->ld, to->forward + row * K);
    for (int64_t k = 0; k < K; k += width)
      job->kernels->pack_rows_f32(K - k < width ? K - k : width, rows, w + k, job->ld,
                                  to->backward + k * to->N + row * width);
  }
}

static bool is_share(float x) { return x >= 0 && x < 1; }
static bool is_amount(float x) { return x >= 0 && x < INFINITY; }

static ck_status check_rmsprop(const ck_context *ctx, const ck_rmsprop *rmsprop) {
  if (ctx == NULL || rmsprop == NULL)
    return CK_ERROR_NULL;
  return is_share(rmsprop->alpha) && is_amount(rmsprop->epsilon) &&
                 is_amount(rmsprop->learning_rate) && is_amount(rmsprop->weight_decay)
             ? CK_OK
             : CK_ERROR_VALUE;
}

static ck_status work_out(const ck_context *ctx, const ck_adam *adam,
                          ck_adam_constants *constants) {
  if (ctx == NULL || adam == NULL)
    return CK_ERROR_NULL;
  if (!is_share(adam->beta1) || !is_share(adam->beta2) || !is_amount(adam->epsilon) ||
      !is_amount(adam->learning_rate) || !is_amount(adam->weight_decay) || adam->step < 1)
    return CK_ERROR_VALUE;
  double correction1 = 1 - pow(adam->beta1, (double)adam->step);
  double correction2 = 1 - pow(adam->beta2, (double)adam->step);
  *constants = (ck_adam_constants){
      .beta1 = adam->beta1,
      .beta2 = adam->beta2,
      .weight_decay = adam->weight_decay,
      .epsilon = adam->epsilon,
      .step_size = (float)(adam->learning_rate / correction1),
      .inverse_root_bias_correction = (float)(1 / sqrt(correction2)),
  };
  return CK_OK;
}

static ck_status run_flat(ck_context *ctx, int64_t n, optimizer_job *job) {
  CK_TRY(ck_check(job->gradient, n, 1, 1));
  if (job->adam != NULL)
    CK_TRY(ck_check(job->m, n, 1, 1));
  CK_TRY(ck_check(job->v, n, 1, 1));
  CK_TRY(ck_check(job->value, n, 1, 1));
  CK_TRY(CK_CHECK_APART(3, CK_VECTOR(job->value, n), CK_VECTOR(job->m, n), CK_VECTOR(job->v, n),
                        CK_VECTOR(job->gradient, n)));
  job->kernels = ctx->kernels;
  ck_run_rows(ctx, n, 1, CK_LINE_FLOATS, CK_NS_OPTIMIZER * (double)n, step_range, job);
  return CK_OK;
}

static ck_status run_packed(ck_context *ctx, optimizer_job *job) {
  const ck_packed_weights *packed = job->packed;
  if (packed == NULL)
    return CK_ERROR_NULL;
  if (packed->panel_width != ctx->kernels->panel_width)
    return CK_ERROR_ISA;
  CK_TRY(ck_check(job->gradient, packed->N, packed->K, job->ld));
  if (job->adam != NULL)
    CK_TRY(ck_check(job->m, packed->N, packed->K, job->ld));
  CK_TRY(ck_check(job->v, packed->N, packed->K, job->ld));
  CK_TRY(ck_check(job->value, packed->N, packed->K, job->ld));
  CK_TRY(CK_CHECK_APART(3, CK_MATRIX(job->value, packed->N, packed->K, job->ld),
                        CK_MATRIX(job->m, packed->N, packed->K, job->ld),
                        CK_MATRIX(job->v, packed->N, packed->K, job->ld),
                        CK_MATRIX(job->gradient, packed->N, packed->K, job->ld)));
  job->kernels = ctx->kernels;
  ck_run_rows(ctx, packed->N, packed->K, packed->panel_width,
              CK_NS_OPTIMIZER_AND_PACK * (double)packed->N * (double)packed->K, step_and_pack, job);
  return CK_OK;
}

ck_status ck_adam_step_f32(ck_context *ctx, int64_t n, const ck_adam *adam, const float *gradient,
                           float *m, float *v, float *value) {
  ck_adam_constants constants;
  CK_TRY(work_out(ctx, adam, &constants));
  optimizer_job job = {.adam = &constants, .gradient = gradient, .m = m, .v = v, .value = value};
  return run_flat(ctx, n, &job);
}

ck_status ck_rmsprop_step_f32(ck_context *ctx, int64_t n, const ck_rmsprop *rmsprop,
                              const float *gradient, float *v, float *value) {
  CK_TRY(check_rmsprop(ctx, rmsprop));
  optimizer_job job = {.rmsprop = rmsprop, .gradient = gradient, .v = v, .value = value};
  return run_flat(ctx, n, &job);
}

ck_status ck_adam_step_packed_f32(ck_context *ctx, ck_packed_weights *packed, const ck_adam *adam,
                                  const float *gradient, float *m, float *v, float *value,
                                  int64_t ld) {
  ck_adam_constants constants;
  CK_TRY(work_out(ctx, adam, &constants));
  optimizer_job job = {.adam = &constants,
                       .gradient = gradient,
                       .m = m,
                       .v = v,
                       .value = value,
                       .ld = ld,
                       .packed = packed};
  return run_packed(ctx, &job);
}

ck_status ck_rmsprop_step_packed_f32(ck_context *ctx, ck_packed_weights *packed,
                                     const ck_rmsprop *rmsprop, const float *gradient, float *v,
                                     float *value, int64_t ld) {
  CK_TRY(check_rmsprop(ctx, rmsprop));
  optimizer_job job = {
      .rmsprop = rmsprop, .gradient = gradient, .v = v, .value = value, .ld = ld, .packed = packed};
  return run_packed(ctx, &job);
}
