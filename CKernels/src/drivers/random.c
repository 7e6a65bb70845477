// SPDX-License-Identifier: Apache-2.0

// Filling matrices from a stream.
#include "costs.h"
#include "rows.h"

#include <string.h>

typedef void (*random_kernel)(const ck_philox_block *, float y[CK_RANDOM_BLOCK]);

typedef struct random_job {
  random_kernel kernel;
  ck_random_stream stream;
  uint64_t first_index;
  int64_t columns;
  float mean, deviation;
  bool scaled;
  float *y;
  int64_t ldy;
} random_job;

/// Elements [index, index + n) of the stream.
static void fill(const random_job *job, uint64_t index, int64_t n, float *y) {
  ck_philox_block block = {
      // The upper half of the step joins the purpose: steps stay below 2^32 in practice.
      .purpose = job->stream.purpose + (uint32_t)(job->stream.step >> 32) * 0x9E3779B9u,
      .step = (uint32_t)job->stream.step,
  };
  uint32_t key[2] = {(uint32_t)job->stream.seed, (uint32_t)(job->stream.seed >> 32)};
  for (int round = 0; round < 10; round++, key[0] += 0x9E3779B9u, key[1] += 0xBB67AE85u) {
    block.keys[round][0] = key[0];
    block.keys[round][1] = key[1];
  }
  while (n > 0) {
    int64_t skip = (int64_t)(index % 4);
    block.block = index / 4;
    if (skip == 0 && n >= CK_RANDOM_BLOCK && !job->scaled) {
      job->kernel(&block, y);
      y += CK_RANDOM_BLOCK;
      index += CK_RANDOM_BLOCK;
      n -= CK_RANDOM_BLOCK;
      continue;
    }
    float values[CK_RANDOM_BLOCK];
    job->kernel(&block, values);
    int64_t count = CK_RANDOM_BLOCK - skip < n ? CK_RANDOM_BLOCK - skip : n;
    if (job->scaled)
      for (int64_t i = 0; i < count; i++)
        y[i] = values[skip + i] * job->deviation + job->mean;
    else
      memcpy(y, values + skip, (size_t)count * sizeof(float));
    y += count;
    index += (uint64_t)count;
    n -= count;
  }
}

static void fill_rows(const void *argument, int64_t first, int64_t last) {
  const random_job *job = argument;
  uint64_t index = job->first_index + (uint64_t)first * (uint64_t)job->columns;
  if (job->ldy == job->columns) {
    fill(job, index, (last - first) * job->columns, job->y + first * job->ldy);
    return;
  }
  for (int64_t r = first; r < last; r++, index += (uint64_t)job->columns)
    fill(job, index, job->columns, job->y + r * job->ldy);
}

static ck_status run(ck_context *ctx, int64_t rows, double cost, random_job job) {
  CK_TRY(ck_check(job.y, rows, job.columns, job.ldy));
  ck_run_rows(ctx, rows, job.columns, 1, cost * (double)rows * (double)job.columns, fill_rows,
              &job);
  return CK_OK;
}

ck_status ck_random_uniform_f32(ck_context *ctx, int64_t rows, int64_t columns,
                                ck_random_stream stream, uint64_t first_index, float *y,
                                int64_t ldy) {
  if (ctx == NULL)
    return CK_ERROR_NULL;
  return run(ctx, rows, CK_NS_UNIFORM,
             (random_job){.kernel = ctx->kernels->random_uniform_f32,
                          .stream = stream,
                          .first_index = first_index,
                          .columns = columns,
                          .y = y,
                          .ldy = ldy});
}

ck_status ck_random_normal_f32(ck_context *ctx, int64_t rows, int64_t columns, float mean,
                               float deviation, ck_random_stream stream, uint64_t first_index,
                               float *y, int64_t ldy) {
  if (ctx == NULL)
    return CK_ERROR_NULL;
  return run(ctx, rows, CK_NS_NORMAL,
             (random_job){.kernel = ctx->kernels->random_normal_f32,
                          .stream = stream,
                          .first_index = first_index,
                          .columns = columns,
                          .mean = mean,
                          .deviation = deviation,
                          .scaled = mean != 0 || deviation != 1,
                          .y = y,
                          .ldy = ldy});
}

ck_status ck_random_gumbel_f32(ck_context *ctx, int64_t rows, int64_t columns,
                               ck_random_stream stream, uint64_t first_index, float *y,
                               int64_t ldy) {
  if (ctx == NULL)
    return CK_ERROR_NULL;
  return run(ctx, rows, CK_NS_NORMAL,
             (random_job){.kernel = ctx->kernels->random_gumbel_f32,
                          .stream = stream,
                          .first_index = first_index,
                          .columns = columns,
                          .y = y,
                          .ldy = ldy});
}
