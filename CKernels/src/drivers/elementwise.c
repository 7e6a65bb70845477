// SPDX-License-Identifier: Apache-2.0

// Activations, softmax over spans and the plain functions.
#include "blocking.h"
#include "costs.h"
#include "overlap.h"
#include "rows.h"

typedef struct matrix_job {
  const ck_kernel_table *kernels;
  int64_t N;
  ck_activation act;
  const float *a, *b;
  int64_t lda, ldb;
  float *y;
  int64_t ldy;
} matrix_job;

static void gather_rows(int64_t rows, int64_t N, const float *from, int64_t ld, float *to) {
  for (int64_t r = 0; r < rows; r++)
    for (int64_t j = 0; j < N; j++)
      to[r * N + j] = from[r * ld + j];
}

static void scatter_rows(int64_t rows, int64_t N, const float *from, float *to, int64_t ld) {
  for (int64_t r = 0; r < rows; r++)
    for (int64_t j = 0; j < N; j++)
      to[r * ld + j] = from[r * N + j];
}

/// Rows shorter than a vector are worked on many at a time: each of their own would fill few lanes.
static int64_t gathered_rows(int64_t N, int64_t left) {
  int64_t rows = CK_GATHERED_FLOATS / N;
  return rows < left ? rows : left;
}

static void activation_rows(const void *argument, int64_t first, int64_t last) {
  const matrix_job *job = argument;
  int64_t N = job->N, r = first;
  if (N < CK_LINE_FLOATS) {
    float z[CK_GATHERED_FLOATS];
    for (int64_t rows; r < last; r += rows) {
      rows = gathered_rows(N, last - r);
      gather_rows(rows, N, job->a + r * job->lda, job->lda, z);
      job->kernels->activation_forward_f32(rows * N, job->act, z, z);
      scatter_rows(rows, N, z, job->y + r * job->ldy, job->ldy);
    }
  }
  for (; r < last; r++)
    job->kernels->activation_forward_f32(N, job->act, job->a + r * job->lda, job->y + r * job->ldy);
}

static void activation_backward_rows(const void *argument, int64_t first, int64_t last) {
  const matrix_job *job = argument;
  int64_t N = job->N, r = first;
  if (N < CK_LINE_FLOATS) {
    float dh[CK_GATHERED_FLOATS], h[CK_GATHERED_FLOATS];
    for (int64_t rows; r < last; r += rows) {
      rows = gathered_rows(N, last - r);
      gather_rows(rows, N, job->a + r * job->lda, job->lda, dh);
      gather_rows(rows, N, job->b + r * job->ldb, job->ldb, h);
      job->kernels->activation_backward_f32(rows * N, job->act, dh, h, dh);
      scatter_rows(rows, N, dh, job->y + r * job->ldy, job->ldy);
    }
  }
  for (; r < last; r++)
    job->kernels->activation_backward_f32(N, job->act, job->a + r * job->lda, job->b + r * job->ldb,
                                          job->y + r * job->ldy);
}

ck_status ck_activation_forward_f32(ck_context *ctx, int64_t M, int64_t N, const float *z,
                                    int64_t ldz, ck_activation act, float *h, int64_t ldh) {
  if (ctx == NULL)
    return CK_ERROR_NULL;
  CK_TRY(ck_check(z, M, N, ldz));
  CK_TRY(ck_check(h, M, N, ldh));
  CK_TRY(ck_check_activation(act));
  CK_TRY(ck_check_in_place(CK_MATRIX(h, M, N, ldh), CK_MATRIX(z, M, N, ldz)));
  matrix_job job = {
      .kernels = ctx->kernels, .N = N, .act = act, .a = z, .lda = ldz, .y = h, .ldy = ldh};
  double cost = act.kind >= CK_TANH ? CK_NS_TRANSCENDENTAL : CK_NS_PIECEWISE_LINEAR;
  ck_run_rows(ctx, M, N, 1, cost * (double)M * (double)N, activation_rows, &job);
  return CK_OK;
}

ck_status ck_activation_backward_f32(ck_context *ctx, int64_t M, int64_t N, const float *dh,
                                     int64_t lddh, const float *h, int64_t ldh, ck_activation act,
                                     float *dz, int64_t lddz) {
  if (ctx == NULL)
    return CK_ERROR_NULL;
  CK_TRY(ck_check(dh, M, N, lddh));
  CK_TRY(ck_check(h, M, N, ldh));
  CK_TRY(ck_check(dz, M, N, lddz));
  CK_TRY(ck_check_activation(act));
  CK_TRY(ck_check_in_place(CK_MATRIX(dz, M, N, lddz), CK_MATRIX(dh, M, N, lddh)));
  CK_TRY(ck_check_in_place(CK_MATRIX(dz, M, N, lddz), CK_MATRIX(h, M, N, ldh)));
  matrix_job job = {.kernels = ctx->kernels,
                    .N = N,
                    .act = act,
                    .a = dh,
                    .lda = lddh,
                    .b = h,
                    .ldb = ldh,
                    .y = dz,
                    .ldy = lddz};
  ck_run_rows(ctx, M, N, 1, CK_NS_DERIVATIVE * (double)M * (double)N, activation_backward_rows,
              &job);
  return CK_OK;
}

typedef struct map_job {
  void (*map)(int64_t, const float *, float *);
  const float *x;
  float *y;
} map_job;

static void map_range(const void *argument, int64_t first, int64_t last) {
  const map_job *job = argument;
  job->map(last - first, job->x + first, job->y + first);
}

static ck_status run_map(ck_context *ctx, int64_t n, const float *x, float *y, map_job job) {
  CK_TRY(ck_check(x, n, 1, 1));
  CK_TRY(ck_check(y, n, 1, 1));
  CK_TRY(ck_check_in_place(CK_VECTOR(y, n), CK_VECTOR(x, n)));
  job.x = x;
  job.y = y;
  ck_run_rows(ctx, n, 1, CK_LINE_FLOATS, CK_NS_TRANSCENDENTAL * (double)n, map_range, &job);
  return CK_OK;
}

ck_status ck_exp_f32(ck_context *ctx, int64_t n, const float *x, float *y) {
  if (ctx == NULL)
    return CK_ERROR_NULL;
  return run_map(ctx, n, x, y, (map_job){.map = ctx->kernels->exp_f32});
}

ck_status ck_log_f32(ck_context *ctx, int64_t n, const float *x, float *y) {
  if (ctx == NULL)
    return CK_ERROR_NULL;
  return run_map(ctx, n, x, y, (map_job){.map = ctx->kernels->log_f32});
}

ck_status ck_tanh_f32(ck_context *ctx, int64_t n, const float *x, float *y) {
  if (ctx == NULL)
    return CK_ERROR_NULL;
  return run_map(ctx, n, x, y, (map_job){.map = ctx->kernels->tanh_f32});
}
