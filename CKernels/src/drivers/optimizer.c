// Optimizer steps, shared out by elements.
#include "rows.h"

#include <math.h>

typedef struct optimizer_job {
  const ck_kernel_table *kernels;
  const ck_adam_constants *adam;
  const ck_rmsprop *rmsprop;
  const float *gradient;
  float *m, *v, *value;
} optimizer_job;

static void adam_range(const void *argument, int64_t first, int64_t last) {
  const optimizer_job *job = argument;
  job->kernels->adam_step_f32(last - first, job->adam, job->gradient + first, job->m + first,
                              job->v + first, job->value + first);
}

static void rmsprop_range(const void *argument, int64_t first, int64_t last) {
  const optimizer_job *job = argument;
  job->kernels->rmsprop_step_f32(last - first, job->rmsprop, job->gradient + first, job->v + first,
                                 job->value + first);
}

static bool is_share(float x) { return x >= 0 && x < 1; }
static bool is_amount(float x) { return x >= 0 && x < INFINITY; }

ck_status ck_adam_step_f32(ck_context *ctx, int64_t n, const ck_adam *adam, const float *gradient,
                           float *m, float *v, float *value) {
  if (ctx == NULL || adam == NULL)
    return CK_ERROR_NULL;
  if (!is_share(adam->beta1) || !is_share(adam->beta2) || !is_amount(adam->epsilon) ||
      !is_amount(adam->learning_rate) || !is_amount(adam->weight_decay) || adam->step < 1)
    return CK_ERROR_VALUE;
  CK_TRY(ck_check(gradient, n, 1, 1));
  CK_TRY(ck_check(m, n, 1, 1));
  CK_TRY(ck_check(v, n, 1, 1));
  CK_TRY(ck_check(value, n, 1, 1));
  double correction1 = 1 - pow(adam->beta1, (double)adam->step);
  double correction2 = 1 - pow(adam->beta2, (double)adam->step);
  ck_adam_constants constants = {
      .beta1 = adam->beta1,
      .beta2 = adam->beta2,
      .weight_decay = adam->weight_decay,
      .epsilon = adam->epsilon,
      .step_size = (float)(adam->learning_rate / correction1),
      .inverse_root_bias_correction = (float)(1 / sqrt(correction2)),
  };
  optimizer_job job = {.kernels = ctx->kernels,
                       .adam = &constants,
                       .gradient = gradient,
                       .m = m,
                       .v = v,
                       .value = value};
  ck_run_rows(ctx, n, 16, 0.8 * (double)n, adam_range, &job);
  return CK_OK;
}

ck_status ck_rmsprop_step_f32(ck_context *ctx, int64_t n, const ck_rmsprop *rmsprop,
                              const float *gradient, float *v, float *value) {
  if (ctx == NULL || rmsprop == NULL)
    return CK_ERROR_NULL;
  if (!is_share(rmsprop->alpha) || !is_amount(rmsprop->epsilon) ||
      !is_amount(rmsprop->learning_rate) || !is_amount(rmsprop->weight_decay))
    return CK_ERROR_VALUE;
  CK_TRY(ck_check(gradient, n, 1, 1));
  CK_TRY(ck_check(v, n, 1, 1));
  CK_TRY(ck_check(value, n, 1, 1));
  optimizer_job job = {
      .kernels = ctx->kernels, .rmsprop = rmsprop, .gradient = gradient, .v = v, .value = value};
  ck_run_rows(ctx, n, 16, 0.8 * (double)n, rmsprop_range, &job);
  return CK_OK;
}
