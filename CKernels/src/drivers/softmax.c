// SPDX-License-Identifier: Apache-2.0

// Softmax and Gumbel-softmax over spans of columns.
#include "blocking.h"
#include "costs.h"
#include "overlap.h"
#include "rows.h"

typedef struct softmax_job {
  const ck_kernel_table *kernels;
  const ck_span *spans;
  int64_t span_count;
  /// One past the last column of any span.
  int64_t columns;
  float inverse_temperature;
  const float *x, *y_in;
  int64_t ldx, ldy_in;
  float *y;
  int64_t ldy;
  /// Noise of the whole matrix, or NULL.
  const float *noise;
  int64_t noise_columns;
} softmax_job;

static void softmax_rows(const void *argument, int64_t first, int64_t last) {
  const softmax_job *job = argument;
  int64_t block = ck_softmax_block(job->columns);
  for (int64_t r = first; r < last; r += block)
    for (int64_t s = 0; s < job->span_count; s++) {
      int64_t offset = job->spans[s].offset;
      const float *noise = job->noise ? job->noise + r * job->noise_columns + offset : NULL;
      job->kernels->softmax_f32(last - r < block ? last - r : block, job->spans[s].width,
                                job->inverse_temperature, job->x + r * job->ldx + offset, job->ldx,
                                noise, job->noise_columns, job->y + r * job->ldy + offset,
                                job->ldy);
    }
}

static void softmax_backward_rows(const void *argument, int64_t first, int64_t last) {
  const softmax_job *job = argument;
  int64_t block = ck_softmax_block(job->columns);
  for (int64_t r = first; r < last; r += block)
    for (int64_t s = 0; s < job->span_count; s++) {
      int64_t offset = job->spans[s].offset;
      job->kernels->softmax_backward_f32(last - r < block ? last - r : block, job->spans[s].width,
                                         job->inverse_temperature, job->x + r * job->ldx + offset,
                                         job->ldx, job->y_in + r * job->ldy_in + offset,
                                         job->ldy_in, job->y + r * job->ldy + offset, job->ldy);
    }
}

/// Checks spans against the matrices' rows; *columns is one past the last column of any span.
static ck_status check_spans(const ck_span *spans, int64_t count, float temperature,
                             int64_t *columns) {
  if (count < 0)
    return CK_ERROR_SHAPE;
  if (count > 0 && spans == NULL)
    return CK_ERROR_NULL;
  if (!(temperature > 0) || temperature > 3e38f)
    return CK_ERROR_VALUE;
  *columns = 0;
  for (int64_t s = 0; s < count; s++) {
    if (spans[s].offset < 0 || spans[s].width < 0 || spans[s].offset > CK_MAX_ELEMENTS ||
        spans[s].width > CK_MAX_ELEMENTS)
      return CK_ERROR_SHAPE;
    int64_t end = spans[s].offset + spans[s].width;
    if (end > *columns)
      *columns = end;
  }
  return CK_OK;
}

ck_status ck_softmax_f32(ck_context *ctx, int64_t M, const float *x, int64_t ldx,
                         const ck_span *spans, int64_t span_count, float temperature, float *y,
                         int64_t ldy) {
  if (ctx == NULL)
    return CK_ERROR_NULL;
  int64_t columns;
  CK_TRY(check_spans(spans, span_count, temperature, &columns));
  CK_TRY(ck_check(x, M, columns, ldx));
  CK_TRY(ck_check(y, M, columns, ldy));
  CK_TRY(ck_check_in_place(CK_MATRIX(y, M, columns, ldy), CK_MATRIX(x, M, columns, ldx)));
  softmax_job job = {.kernels = ctx->kernels,
                     .spans = spans,
                     .span_count = span_count,
                     .columns = columns,
                     .inverse_temperature = 1 / temperature,
                     .x = x,
                     .ldx = ldx,
                     .y = y,
                     .ldy = ldy};
  ck_run_rows(ctx, M, columns, 1, CK_NS_SOFTMAX * (double)M * (double)columns, softmax_rows, &job);
  return CK_OK;
}

ck_status ck_gumbel_softmax_f32(ck_context *ctx, int64_t M, int64_t columns, const float *x,
                                int64_t ldx, const ck_span *spans, int64_t span_count,
                                float temperature, ck_random_stream stream, uint64_t first_index,
                                float *y, int64_t ldy) {
  if (ctx == NULL)
    return CK_ERROR_NULL;
  int64_t used;
  CK_TRY(check_spans(spans, span_count, temperature, &used));
  if (columns < used)
    return CK_ERROR_SHAPE;
  CK_TRY(ck_check(x, M, columns, ldx));
  CK_TRY(ck_check(y, M, columns, ldy));
  CK_TRY(ck_check_in_place(CK_MATRIX(y, M, columns, ldy), CK_MATRIX(x, M, columns, ldx)));
  if (M == 0 || columns == 0)
    return CK_OK;
  float *noise = ck_reserve(&ctx->scratch, &ctx->scratch_floats, (size_t)(M * columns));
  if (noise == NULL)
    return CK_ERROR_MEMORY;
  CK_TRY(ck_random_gumbel_f32(ctx, M, columns, stream, first_index, noise, columns));
  softmax_job job = {.kernels = ctx->kernels,
                     .spans = spans,
                     .span_count = span_count,
                     .columns = used,
                     .inverse_temperature = 1 / temperature,
                     .x = x,
                     .ldx = ldx,
                     .y = y,
                     .ldy = ldy,
                     .noise = noise,
                     .noise_columns = columns};
  ck_run_rows(ctx, M, used, 1, CK_NS_SOFTMAX * (double)M * (double)used, softmax_rows, &job);
  return CK_OK;
}

ck_status ck_softmax_backward_f32(ck_context *ctx, int64_t M, const float *dy, int64_t lddy,
                                  const float *y, int64_t ldy, const ck_span *spans,
                                  int64_t span_count, float temperature, float *dx, int64_t lddx) {
  if (ctx == NULL)
    return CK_ERROR_NULL;
  int64_t columns;
  CK_TRY(check_spans(spans, span_count, temperature, &columns));
  CK_TRY(ck_check(dy, M, columns, lddy));
  CK_TRY(ck_check(y, M, columns, ldy));
  CK_TRY(ck_check(dx, M, columns, lddx));
  CK_TRY(ck_check_in_place(CK_MATRIX(dx, M, columns, lddx), CK_MATRIX(dy, M, columns, lddy)));
  CK_TRY(ck_check_in_place(CK_MATRIX(dx, M, columns, lddx), CK_MATRIX(y, M, columns, ldy)));
  softmax_job job = {.kernels = ctx->kernels,
                     .spans = spans,
                     .span_count = span_count,
                     .columns = columns,
                     .inverse_temperature = 1 / temperature,
                     .x = dy,
                     .ldx = lddy,
                     .y_in = y,
                     .ldy_in = ldy,
                     .y = dx,
                     .ldy = lddx};
  ck_run_rows(ctx, M, columns, 1, CK_NS_SOFTMAX_BACKWARD * (double)M * (double)columns,
              softmax_backward_rows, &job);
  return CK_OK;
}
