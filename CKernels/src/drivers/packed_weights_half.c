// SPDX-License-Identifier: Apache-2.0

// Packing weights as 16-bit numbers.
#include "packed_weights_half.h"
#include "half_path.h"

#include <stdlib.h>

static ck_status create_pairs(const ck_half_kernels *kernels, ck_packed_half_weights *w) {
  int64_t width = kernels->panel_width;
  size_t held = 0;
  int64_t forward = ck_panels(w->N, width) * ck_pair_panel(w->K, width);
  int64_t backward = ck_panels(w->K, width) * ck_pair_panel(w->N, width);
  // Two values to a float; panels are whole cache lines.
  if (ck_reserve(&w->storage, &held, (size_t)(forward + backward) / 2 + 16) == NULL)
    return CK_ERROR_MEMORY;
  for (size_t i = 0; i < held; i++)
    w->storage[i] = 0;
  w->forward = (ck_half *)w->storage;
  w->backward = w->forward + forward;
  return CK_OK;
}

static ck_status create_widened(ck_context *ctx, ck_packed_half_weights *w) {
  size_t held = 0;
  if (ck_reserve(&w->rounded, &held, (size_t)(w->N * w->K) + 16) == NULL)
    return CK_ERROR_MEMORY;
  return ck_packed_weights_create(ctx, w->N, w->K, &w->widened);
}

ck_status ck_packed_half_weights_create(ck_context *ctx, ck_half_format format, int64_t N,
                                        int64_t K, ck_packed_half_weights **packed) {
  if (ctx == NULL || packed == NULL)
    return CK_ERROR_NULL;
  *packed = NULL;
  CK_TRY(ck_check_format(format));
  CK_TRY(ck_check_size(N, K, K));
  ck_packed_half_weights *w = calloc(1, sizeof *w);
  if (w == NULL)
    return CK_ERROR_MEMORY;
  w->N = N;
  w->K = K;
  const ck_half_execution *execution = ck_half_execution_of(ctx, format);
  w->format = format;
  w->path = execution->rate.path;
  ck_status status =
      execution->kernels ? create_pairs(execution->kernels, w) : create_widened(ctx, w);
  if (status != CK_OK) {
    ck_packed_half_weights_destroy(w);
    return status;
  }
  *packed = w;
  return CK_OK;
}

void ck_packed_half_weights_destroy(ck_packed_half_weights *w) {
  if (w == NULL)
    return;
  ck_packed_weights_destroy(w->widened);
  free(w->rounded);
  free(w->storage);
  free(w);
}

typedef struct pack_job {
  const ck_half_kernels *direct;
  const float *w;
  int64_t ldw;
  ck_packed_half_weights *to;
} pack_job;

static void pack_worker(void *argument, int worker, int workers) {
  const pack_job *job = argument;
  const ck_packed_half_weights *to = job->to;
  int64_t width = job->direct->panel_width, first, last;
  ck_share(ck_panels(to->N, width), 1, worker, workers, &first, &last);
  for (int64_t p = first; p < last; p++) {
    int64_t left = to->N - p * width;
    job->direct->pack_transposed(left < width ? left : width, to->K, job->w + p * width * job->ldw,
                                 job->ldw, to->forward + p * ck_pair_panel(to->K, width));
  }
  ck_share(ck_panels(to->K, width), 1, worker, workers, &first, &last);
  for (int64_t p = first; p < last; p++) {
    int64_t left = to->K - p * width;
    job->direct->pack_rows(left < width ? left : width, to->N, job->w + p * width, job->ldw,
                           to->backward + p * ck_pair_panel(to->N, width));
  }
}

static ck_status update_widened(ck_context *ctx, ck_packed_half_weights *packed, const float *w,
                                int64_t ldw) {
  for (int64_t n = 0; n < packed->N; n++) {
    enum { step = 256 };
    ck_half_conversion convert = ck_conversion_of(ctx->kernels, packed->format);
    ck_half half[step];
    for (int64_t k = 0; k < packed->K; k += step) {
      int64_t count = packed->K - k < step ? packed->K - k : step;
      convert.round(count, w + n * ldw + k, half);
      convert.widen(count, half, packed->rounded + n * packed->K + k);
    }
  }
  return ck_packed_weights_update(ctx, packed->widened, packed->rounded, packed->K);
}

ck_status ck_packed_half_weights_update(ck_context *ctx, ck_packed_half_weights *packed,
                                        const float *w, int64_t ldw) {
  if (ctx == NULL || packed == NULL)
    return CK_ERROR_NULL;
  const ck_half_execution *execution = ck_half_execution_of(ctx, packed->format);
  if (packed->path != execution->rate.path)
    return CK_ERROR_ISA;
  CK_TRY(ck_check(w, packed->N, packed->K, ldw));
  if (packed->N == 0 || packed->K == 0)
    return CK_OK;
  if (packed->widened != NULL)
    return update_widened(ctx, packed, w, ldw);
  pack_job job = {execution->kernels, w, ldw, packed};
  double nanoseconds = 0.3 * (double)packed->N * (double)packed->K;
  ck_team_run(ctx->team, ck_threads_for(ctx, nanoseconds), pack_worker, &job);
  return CK_OK;
}
