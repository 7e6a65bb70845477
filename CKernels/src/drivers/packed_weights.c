// SPDX-License-Identifier: Apache-2.0

// Packing weights.
#include "packed_weights.h"

#include <stdlib.h>

void ck_pack_transposed_panels(const ck_kernel_table *kernels, int64_t N, int64_t L, const float *w,
                               int64_t ldw, int64_t first, int64_t last, float *to) {
  int64_t width = kernels->panel_width;
  for (int64_t p = first; p < last; p++, to += width * L) {
    int64_t left = N - p * width;
    kernels->pack_transposed_f32(left < width ? left : width, L, w + p * width * ldw, ldw, to);
  }
}

void ck_pack_row_panels(const ck_kernel_table *kernels, int64_t N, int64_t L, const float *w,
                        int64_t ldw, int64_t first, int64_t last, float *to) {
  int64_t width = kernels->panel_width;
  for (int64_t p = first; p < last; p++, to += width * L) {
    int64_t left = N - p * width;
    kernels->pack_rows_f32(left < width ? left : width, L, w + p * width, ldw, to);
  }
}

/// Both layouts of w[N,K], each worker some panels of each.
typedef struct pack_job {
  const ck_kernel_table *kernels;
  const float *w;
  int64_t ldw;
  ck_packed_weights *to;
} pack_job;

static void pack_worker(void *argument, int worker, int workers) {
  const pack_job *job = argument;
  const ck_packed_weights *to = job->to;
  int64_t width = to->panel_width, first, last;
  ck_share(ck_panels(to->N, width), 1, worker, workers, &first, &last);
  ck_pack_transposed_panels(job->kernels, to->N, to->K, job->w, job->ldw, first, last,
                            to->forward + first * width * to->K);
  ck_share(ck_panels(to->K, width), 1, worker, workers, &first, &last);
  ck_pack_row_panels(job->kernels, to->K, to->N, job->w, job->ldw, first, last,
                     to->backward + first * width * to->N);
}

ck_status ck_packed_weights_create(ck_context *ctx, int64_t N, int64_t K,
                                   ck_packed_weights **packed) {
  if (ctx == NULL || packed == NULL)
    return CK_ERROR_NULL;
  *packed = NULL;
  int64_t width = ctx->kernels->panel_width;
  CK_TRY(ck_check_size(N, K, K));
  ck_packed_weights *w = calloc(1, sizeof *w);
  if (w == NULL)
    return CK_ERROR_MEMORY;
  w->N = N;
  w->K = K;
  w->panel_width = width;
  size_t held = 0;
  size_t forward = (size_t)(ck_panels(N, width) * width * K);
  size_t backward = (size_t)(ck_panels(K, width) * width * N);
  if (ck_reserve(&w->storage, &held, forward + backward + 16) == NULL) {
    free(w);
    return CK_ERROR_MEMORY;
  }
  w->forward = w->storage;
  w->backward = w->storage + (forward + 15) / 16 * 16;
  for (size_t i = 0; i < held; i++)
    w->storage[i] = 0;
  *packed = w;
  return CK_OK;
}

void ck_packed_weights_destroy(ck_packed_weights *w) {
  if (w == NULL)
    return;
  free(w->storage);
  free(w);
}

ck_status ck_packed_weights_update(ck_context *ctx, ck_packed_weights *packed, const float *w,
                                   int64_t ldw) {
  if (ctx == NULL || packed == NULL)
    return CK_ERROR_NULL;
  if (packed->panel_width != ctx->kernels->panel_width)
    return CK_ERROR_ISA;
  CK_TRY(ck_check(w, packed->N, packed->K, ldw));
  if (packed->N == 0 || packed->K == 0)
    return CK_OK;
  pack_job job = {ctx->kernels, w, ldw, packed};
  double nanoseconds = 0.3 * (double)packed->N * (double)packed->K;
  ck_team_run(ctx->team, ck_threads_for(ctx, nanoseconds), pack_worker, &job);
  return CK_OK;
}
