// Packing weights as bfloat16.
#include "packed_weights_bf16.h"
#include "bf16_path.h"

#include <stdlib.h>

static ck_status create_pairs(const ck_dot_kernels *dot, ck_packed_weights_bf16 *w) {
  int64_t width = dot->panel_width;
  size_t held = 0;
  int64_t forward = ck_panels(w->N, width) * ck_pair_panel(w->K, width);
  int64_t backward = ck_panels(w->K, width) * ck_pair_panel(w->N, width);
  // Two values to a float; panels are whole cache lines.
  if (ck_reserve(&w->storage, &held, (size_t)(forward + backward) / 2 + 16) == NULL)
    return CK_ERROR_MEMORY;
  for (size_t i = 0; i < held; i++)
    w->storage[i] = 0;
  w->forward = (ck_bf16 *)w->storage;
  w->backward = w->forward + forward;
  return CK_OK;
}

static ck_status create_widened(ck_context *ctx, ck_packed_weights_bf16 *w) {
  size_t held = 0;
  if (ck_reserve(&w->rounded, &held, (size_t)(w->N * w->K) + 16) == NULL)
    return CK_ERROR_MEMORY;
  return ck_packed_weights_create(ctx, w->N, w->K, &w->widened);
}

ck_status ck_packed_weights_bf16_create(ck_context *ctx, int64_t N, int64_t K,
                                        ck_packed_weights_bf16 **packed) {
  if (ctx == NULL || packed == NULL)
    return CK_ERROR_NULL;
  *packed = NULL;
  if (N < 0 || K < 0 || (K > 0 && N > (INT64_MAX / 32 - 1024) / (K + 64)))
    return CK_ERROR_SHAPE;
  ck_packed_weights_bf16 *w = calloc(1, sizeof *w);
  if (w == NULL)
    return CK_ERROR_MEMORY;
  w->N = N;
  w->K = K;
  w->path = ck_bf16_path_of(ctx);
  ck_status status = w->path == CK_BF16_DOT ? create_pairs(ctx->dot, w) : create_widened(ctx, w);
  if (status != CK_OK) {
    ck_packed_weights_bf16_destroy(w);
    return status;
  }
  *packed = w;
  return CK_OK;
}

void ck_packed_weights_bf16_destroy(ck_packed_weights_bf16 *w) {
  if (w == NULL)
    return;
  ck_packed_weights_destroy(w->widened);
  free(w->rounded);
  free(w->storage);
  free(w);
}

typedef struct pack_job {
  const ck_dot_kernels *dot;
  const float *w;
  int64_t ldw;
  ck_packed_weights_bf16 *to;
} pack_job;

static void pack_member(void *argument, int member, int members) {
  const pack_job *job = argument;
  const ck_packed_weights_bf16 *to = job->to;
  int64_t width = job->dot->panel_width, first, last;
  ck_share(ck_panels(to->N, width), 1, member, members, &first, &last);
  for (int64_t p = first; p < last; p++) {
    int64_t left = to->N - p * width;
    job->dot->pack_transposed(left < width ? left : width, to->K, job->w + p * width * job->ldw,
                              job->ldw, to->forward + p * ck_pair_panel(to->K, width));
  }
  ck_share(ck_panels(to->K, width), 1, member, members, &first, &last);
  for (int64_t p = first; p < last; p++) {
    int64_t left = to->K - p * width;
    job->dot->pack_rows(left < width ? left : width, to->N, job->w + p * width, job->ldw,
                        to->backward + p * ck_pair_panel(to->N, width));
  }
}

static ck_status update_widened(ck_context *ctx, ck_packed_weights_bf16 *packed, const float *w,
                                int64_t ldw) {
  for (int64_t n = 0; n < packed->N; n++) {
    enum { step = 256 };
    ck_bf16 narrow[step];
    for (int64_t k = 0; k < packed->K; k += step) {
      int64_t count = packed->K - k < step ? packed->K - k : step;
      ctx->kernels->convert_f32_to_bf16(count, w + n * ldw + k, narrow);
      ctx->kernels->convert_bf16_to_f32(count, narrow, packed->rounded + n * packed->K + k);
    }
  }
  return ck_packed_weights_update(ctx, packed->widened, packed->rounded, packed->K);
}

ck_status ck_packed_weights_bf16_update(ck_context *ctx, ck_packed_weights_bf16 *packed,
                                        const float *w, int64_t ldw) {
  if (ctx == NULL || packed == NULL)
    return CK_ERROR_NULL;
  if (packed->path != ck_bf16_path_of(ctx))
    return CK_ERROR_ISA;
  CK_TRY(ck_check(w, packed->N, packed->K, ldw));
  if (packed->path == CK_BF16_WIDENED)
    return update_widened(ctx, packed, w, ldw);
  pack_job job = {ctx->dot, w, ldw, packed};
  double nanoseconds = 0.3 * (double)packed->N * (double)packed->K;
  ck_team_run(ctx->team, ck_threads_for(ctx, nanoseconds), pack_member, &job);
  return CK_OK;
}
