// SPDX-License-Identifier: Apache-2.0

// Packing weights.
#include "packing.h"
#include "blocking.h"
#include "half_path.h"
#include "rows.h"

#include <stdlib.h>

void ck_pack_panels(const ck_operand_format *format, bool transposed, int64_t N, int64_t L,
                    const float *w, int64_t ldw, int64_t first, int64_t last, float *to) {
  int64_t width = format->panel_width, floats = ck_panel_floats(format, L);
  const ck_half_kernels *pairs = format->pairs;
  const ck_kernel_table *kernels = format->kernels;
  for (int64_t panel = first; panel < last; panel++, to += floats) {
    int64_t column = panel * width, columns = N - column < width ? N - column : width;
    const float *from = transposed ? w + column * ldw : w + column;
    if (pairs != NULL)
      (transposed ? pairs->pack_transposed : pairs->pack_rows)(columns, L, from, ldw,
                                                               (ck_half *)to);
    else
      (transposed ? kernels->pack_transposed_f32 : kernels->pack_rows_f32)(columns, L, from, ldw,
                                                                           to);
  }
}

// MARK: Making and freeing

/// Room for both layouts, set to zero.
static ck_status allocate(const ck_operand_format *format, int64_t N, int64_t K,
                          ck_packed_weights *w) {
  int64_t width = format->panel_width;
  size_t held = 0;
  size_t forward = (size_t)(ck_panels(N, width) * ck_panel_floats(format, K));
  size_t backward = (size_t)(ck_panels(K, width) * ck_panel_floats(format, N));
  size_t rounded = (forward + CK_LINE_FLOATS - 1) / CK_LINE_FLOATS * CK_LINE_FLOATS;
  if (ck_reserve(&w->storage, &held, rounded + backward + 16) == NULL)
    return CK_ERROR_MEMORY;
  for (size_t i = 0; i < held; i++)
    w->storage[i] = 0;
  w->N = N;
  w->K = K;
  w->panel_width = width;
  w->forward = w->storage;
  w->backward = w->storage + rounded;
  return CK_OK;
}

ck_status ck_packed_weights_create(ck_context *ctx, int64_t N, int64_t K,
                                   ck_packed_weights **packed) {
  if (ctx == NULL || packed == NULL)
    return CK_ERROR_NULL;
  *packed = NULL;
  CK_TRY(ck_check_size(N, K, K));
  ck_packed_weights *w = calloc(1, sizeof *w);
  if (w == NULL || allocate(&ctx->f32, N, K, w) != CK_OK) {
    free(w);
    return CK_ERROR_MEMORY;
  }
  *packed = w;
  return CK_OK;
}

ck_status ck_packed_half_weights_create(ck_context *ctx, ck_half_format format, int64_t N,
                                        int64_t K, ck_packed_half_weights **packed) {
  if (ctx == NULL || packed == NULL)
    return CK_ERROR_NULL;
  *packed = NULL;
  CK_TRY(ck_check_format(format));
  CK_TRY(ck_check_size(N, K, K));
  ck_packed_half_weights *w = calloc(1, sizeof *w);
  const ck_half_execution *execution = ck_half_execution_of(ctx, format);
  if (w == NULL || allocate(&execution->operands, N, K, &w->panels) != CK_OK) {
    free(w);
    return CK_ERROR_MEMORY;
  }
  w->format = format;
  w->path = execution->rate.path;
  *packed = w;
  return CK_OK;
}

void ck_packed_weights_destroy(ck_packed_weights *w) {
  if (w == NULL)
    return;
  free(w->storage);
  free(w);
}

void ck_packed_half_weights_destroy(ck_packed_half_weights *w) {
  if (w == NULL)
    return;
  free(w->panels.storage);
  free(w);
}

// MARK: Updating

typedef struct pack_job {
  const ck_operand_format *format;
  const float *w;
  int64_t ldw;
  ck_packed_weights *to;
  float *rounded;
} pack_job;

/// Both layouts of w[N,K], each worker some panels of each.
static void pack_worker(void *argument, int worker, int workers) {
  const pack_job *job = argument;
  const ck_packed_weights *to = job->to;
  int64_t width = to->panel_width, first, last;
  ck_share(ck_panels(to->N, width), 1, worker, workers, &first, &last);
  ck_pack_panels(job->format, true, to->N, to->K, job->w, job->ldw, first, last,
                 to->forward + first * ck_panel_floats(job->format, to->K));
  ck_share(ck_panels(to->K, width), 1, worker, workers, &first, &last);
  ck_pack_panels(job->format, false, to->K, to->N, job->w, job->ldw, first, last,
                 to->backward + first * ck_panel_floats(job->format, to->N));
}

/// Rows of w as 16 bits hold them, one after the other.
static void round_rows(const void *argument, int64_t first, int64_t last) {
  const pack_job *job = argument;
  ck_half_conversion convert = job->format->convert;
  int64_t K = job->to->K;
  for (int64_t n = first; n < last; n++)
    for (int64_t k = 0; k < K; k += CK_ROUNDED_FLOATS) {
      ck_half values[CK_ROUNDED_FLOATS];
      int64_t count = K - k < CK_ROUNDED_FLOATS ? K - k : CK_ROUNDED_FLOATS;
      convert.round(count, job->w + n * job->ldw + k, values);
      convert.widen(count, values, job->rounded + n * K + k);
    }
}

static ck_status update(ck_context *ctx, const ck_operand_format *format, ck_packed_weights *packed,
                        const float *w, int64_t ldw) {
  int64_t N = packed->N, K = packed->K;
  CK_TRY(ck_check(w, N, K, ldw));
  if (N == 0 || K == 0)
    return CK_OK;
  double weights = (double)N * (double)K;
  pack_job job = {.format = format, .w = w, .ldw = ldw, .to = packed};
  if (ck_is_widened(format)) {
    job.rounded = ck_reserve(&ctx->scratch, &ctx->scratch_floats, (size_t)(N * K));
    if (job.rounded == NULL)
      return CK_ERROR_MEMORY;
    ck_run_rows(ctx, N, K, 1, 2 * CK_NS_CONVERT * weights, round_rows, &job);
    job.w = job.rounded;
    job.ldw = K;
  }
  ck_team_run(ctx->team, ck_threads_for(ctx, CK_NS_PACK * weights), pack_worker, &job);
  return CK_OK;
}

ck_status ck_packed_weights_update(ck_context *ctx, ck_packed_weights *packed, const float *w,
                                   int64_t ldw) {
  if (ctx == NULL || packed == NULL)
    return CK_ERROR_NULL;
  if (packed->panel_width != ctx->f32.panel_width)
    return CK_ERROR_ISA;
  return update(ctx, &ctx->f32, packed, w, ldw);
}

ck_status ck_packed_half_weights_update(ck_context *ctx, ck_packed_half_weights *packed,
                                        const float *w, int64_t ldw) {
  if (ctx == NULL || packed == NULL)
    return CK_ERROR_NULL;
  if (!ck_packed_for(packed, ck_half_execution_of(ctx, packed->format)))
    return CK_ERROR_ISA;
  return update(ctx, &ctx->half[packed->format].operands, &packed->panels, w, ldw);
}
