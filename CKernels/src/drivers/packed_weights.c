// Packing weights.
#include "packed_weights.h"

#include <stdlib.h>

typedef struct pack_job {
  const ck_kernel_table *kernels;
  int64_t N, K, ldw;
  const float *w;
  float *to;
} pack_job;

static void pack_forward_member(void *argument, int member, int members) {
  const pack_job *job = argument;
  int64_t width = job->kernels->panel_width, first, last;
  ck_share(ck_panels(job->N, width), 1, member, members, &first, &last);
  for (int64_t p = first; p < last; p++) {
    int64_t left = job->N - p * width;
    job->kernels->pack_transposed_f32(left < width ? left : width, job->K,
                                      job->w + p * width * job->ldw, job->ldw,
                                      job->to + p * width * job->K);
  }
}

static void pack_backward_member(void *argument, int member, int members) {
  const pack_job *job = argument;
  int64_t width = job->kernels->panel_width, first, last;
  ck_share(ck_panels(job->K, width), 1, member, members, &first, &last);
  for (int64_t p = first; p < last; p++) {
    int64_t left = job->K - p * width;
    job->kernels->pack_rows_f32(left < width ? left : width, job->N, job->w + p * width, job->ldw,
                                job->to + p * width * job->N);
  }
}

void ck_pack_forward(ck_context *ctx, int64_t N, int64_t K, const float *w, int64_t ldw,
                     float *to) {
  pack_job job = {ctx->kernels, N, K, ldw, w, to};
  ck_team_run(ctx->team, ck_threads_for(ctx, 0.5 * (double)N * (double)K), pack_forward_member,
              &job);
}

void ck_pack_backward(ck_context *ctx, int64_t N, int64_t K, const float *w, int64_t ldw,
                      float *to) {
  pack_job job = {ctx->kernels, N, K, ldw, w, to};
  ck_team_run(ctx->team, ck_threads_for(ctx, 0.1 * (double)N * (double)K), pack_backward_member,
              &job);
}

ck_status ck_packed_weights_create(ck_context *ctx, int64_t N, int64_t K,
                                   ck_packed_weights **packed) {
  if (ctx == NULL || packed == NULL)
    return CK_ERROR_NULL;
  *packed = NULL;
  int64_t width = ctx->kernels->panel_width;
  if (N < 0 || K < 0 || (K > 0 && N > (INT64_MAX / 16 - width * width) / (K + width)))
    return CK_ERROR_SHAPE;
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
  ck_pack_forward(ctx, packed->N, packed->K, w, ldw, packed->forward);
  ck_pack_backward(ctx, packed->N, packed->K, w, ldw, packed->backward);
  return CK_OK;
}
