// SPDX-License-Identifier: Apache-2.0

#include "rows.h"

typedef struct rows_call {
  int64_t rows, grain;
  ck_rows_body body;
  const void *job;
} rows_call;

static void rows_worker(void *argument, int worker, int workers) {
  const rows_call *call = argument;
  int64_t first, last;
  ck_share(call->rows, call->grain, worker, workers, &first, &last);
  if (first < last)
    call->body(call->job, first, last);
}

void ck_run_rows(ck_context *ctx, int64_t rows, int64_t columns, int64_t grain, double nanoseconds,
                 ck_rows_body body, const void *job) {
  if (rows == 0 || columns == 0)
    return;
  rows_call call = {rows, grain, body, job};
  ck_team_run(ctx->team, ck_threads_for(ctx, nanoseconds), rows_worker, &call);
}

void ck_clear_rows(int64_t rows, int64_t columns, float *p, int64_t ld) {
  if (columns == 0)
    return;
  for (int64_t row = 0; row < rows; row++)
    for (int64_t column = 0; column < columns; column++)
      p[row * ld + column] = 0;
}

typedef struct share_call {
  void (*body)(void *argument, int64_t first, int64_t last);
  void *argument;
} share_call;

static void share_rows(const void *job, int64_t first, int64_t last) {
  const share_call *call = job;
  call->body(call->argument, first, last);
}

ck_status ck_context_share(ck_context *ctx, int64_t count, int64_t grain, double nanoseconds,
                           void (*body)(void *argument, int64_t first, int64_t last),
                           void *argument) {
  if (ctx == NULL || body == NULL)
    return CK_ERROR_NULL;
  if (count < 0 || count > CK_MAX_ELEMENTS)
    return CK_ERROR_SHAPE;
  if (grain < 1 || grain > CK_MAX_ELEMENTS)
    return CK_ERROR_VALUE;
  share_call call = {body, argument};
  ck_run_rows(ctx, count, 1, grain, nanoseconds, share_rows, &call);
  return CK_OK;
}
