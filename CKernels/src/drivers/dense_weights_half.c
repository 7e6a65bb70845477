// SPDX-License-Identifier: Apache-2.0

// Gradients of the weights from 16-bit operands: blocks of the output, each over the whole batch in
// ascending order, as in f32.
#include "half_path.h"
#include "overlap.h"
#include "packed_weights_half.h"
#include "rows.h"

typedef struct weights_job {
  const ck_kernel_table *kernels;
  ck_half_conversion convert;
  const ck_half_kernels *direct; ///< NULL: widened
  int64_t chain;
  int64_t M, N, K;
  const ck_half *dz;
  int64_t lddz;
  const ck_half *x;
  int64_t ldx;
  float *dw;
  int64_t lddw;
  float *db;
  bool accumulate;
  /// Rows of the batch whose operands stay in the cache; even, chains go on from chunk to chunk.
  int64_t chunk;
  /// N rounded up to whole vectors: between rows of the repacked gradients.
  int64_t ldp;
  /// Room for a chunk of gradients and a panel, `own` floats a worker.
  float *scratch;
  int64_t own;
} weights_job;

/// What a worker computes: rows [n0, n1) of the result in panels [panel0, panel1) of its columns.
typedef struct weights_part {
  int64_t n0, n1, panel0, panel1;
} weights_part;

/// Workers that share the rows all repack x, those that share the panels all repack dz: the
/// narrower of the two should be it.
static weights_part part_of(const weights_job *job, int64_t width, int worker, int workers) {
  weights_part part = {.n1 = job->N, .panel1 = ck_panels(job->K, width)};
  if (job->K <= job->N)
    ck_share(job->N, 16, worker, workers, &part.n0, &part.n1);
  else
    ck_share(part.panel1, 1, worker, workers, &part.panel0, &part.panel1);
  return part;
}

static void direct_chunk(const weights_job *job, int64_t m, int64_t rows, const weights_part *part,
                         float *room) {
  int64_t width = job->direct->panel_width;
  ck_half *pairs = (ck_half *)room, *panel = pairs + job->chunk * job->ldp;
  job->direct->pair_rows(rows, part->n1 - part->n0, job->dz + m * job->lddz + part->n0, job->lddz,
                         pairs, job->ldp);
  for (int64_t p = part->panel0; p < part->panel1; p++) {
    int64_t column = p * width, columns = job->K - column < width ? job->K - column : width;
    job->direct->pair_rows(rows, columns, job->x + m * job->ldx + column, job->ldx, panel, width);
    ck_half_weights_block block = {
        .rows = part->n1 - part->n0,
        .columns = columns,
        .pairs = (rows + 1) / 2,
        .a = pairs,
        .lda = job->ldp,
        .panel = panel,
        .c = job->dw + part->n0 * job->lddw + column,
        .ldc = job->lddw,
        .accumulate = job->accumulate || m > 0,
        .chain = job->chain,
    };
    job->direct->weights_block(&block);
  }
}

static void widened_chunk(const weights_job *job, int64_t m, int64_t rows, const weights_part *part,
                          float *room) {
  int64_t width = job->kernels->panel_width;
  float *wide = room, *panel = room + job->chunk * job->ldp;
  for (int64_t r = 0; r < rows; r++)
    job->convert.widen(part->n1 - part->n0, job->dz + (m + r) * job->lddz + part->n0,
                       wide + r * job->ldp);
  for (int64_t p = part->panel0; p < part->panel1; p++) {
    int64_t column = p * width, columns = job->K - column < width ? job->K - column : width;
    for (int64_t r = 0; r < rows; r++) {
      float *to = panel + r * width;
      job->convert.widen(columns, job->x + (m + r) * job->ldx + column, to);
      for (int64_t i = columns; i < width; i++)
        to[i] = 0;
    }
    ck_weights_block block = {
        .rows = part->n1 - part->n0,
        .columns = columns,
        .depth = rows,
        .a = wide,
        .lda = job->ldp,
        .panel = panel,
        .c = job->dw + part->n0 * job->lddw + column,
        .ldc = job->lddw,
        .accumulate = job->accumulate || m > 0,
    };
    job->kernels->weights_block_f32(&block);
  }
}

/// The sums of a worker's columns, 256 rows widened at a time where there is no kernel for it.
static void bias_sums(const weights_job *job, int worker, int workers) {
  int64_t n0, n1;
  ck_share(job->N, 16, worker, workers, &n0, &n1);
  if (!job->accumulate)
    for (int64_t n = n0; n < n1; n++)
      job->db[n] = 0;
  if (job->direct != NULL && n1 > n0) {
    job->direct->column_sums(job->M, n1 - n0, job->dz + n0, job->lddz, job->db + n0);
    return;
  }
  for (int64_t n = n0; n < n1; n += 16) {
    enum { rows = 256 };
    float wide[rows * 16];
    int64_t columns = n1 - n < 16 ? n1 - n : 16;
    for (int64_t m = 0; m < job->M; m += rows) {
      int64_t count = job->M - m < rows ? job->M - m : rows;
      for (int64_t r = 0; r < count; r++)
        job->convert.widen(columns, job->dz + (m + r) * job->lddz + n, wide + r * 16);
      job->kernels->column_sums_f32(count, columns, wide, 16, job->db + n);
    }
  }
}

static void weights_worker(void *argument, int worker, int workers) {
  const weights_job *job = argument;
  int64_t width = job->direct ? job->direct->panel_width : job->kernels->panel_width;
  weights_part part = part_of(job, width, worker, workers);
  float *room = job->scratch + worker * job->own;
  bool has_work = part.n0 < part.n1 && part.panel0 < part.panel1;
  for (int64_t m = 0; m < job->M && has_work; m += job->chunk) {
    int64_t rows = job->M - m < job->chunk ? job->M - m : job->chunk;
    if (job->direct)
      direct_chunk(job, m, rows, &part, room);
    else
      widened_chunk(job, m, rows, &part, room);
  }
  if (job->db != NULL)
    bias_sums(job, worker, workers);
}

ck_status ck_dense_backward_weights_half(ck_context *ctx, ck_half_format format, int64_t M,
                                         int64_t N, int64_t K, const ck_half *dz, int64_t lddz,
                                         const ck_half *x, int64_t ldx, float *dw, int64_t lddw,
                                         float *db, bool accumulate) {
  if (ctx == NULL)
    return CK_ERROR_NULL;
  CK_TRY(ck_check_format(format));
  CK_TRY(ck_check(dz, M, N, lddz));
  CK_TRY(ck_check(x, M, K, ldx));
  CK_TRY(ck_check(dw, N, K, lddw));
  CK_TRY(CK_CHECK_APART(2, CK_MATRIX(dw, N, K, lddw), CK_VECTOR(db, N), CK_MATRIX(dz, M, N, lddz),
                        CK_MATRIX(x, M, K, ldx)));
  if (M == 0 && !accumulate) {
    ck_clear_rows(N, K, dw, lddw);
    if (db != NULL)
      ck_clear_rows(1, N, db, N);
  }
  if (M == 0 || N == 0)
    return CK_OK;
  const ck_half_kernels *direct = ck_half_execution_of(ctx, format)->kernels;
  double flops = 2.0 * (double)M * (double)N * (double)(K > 0 ? K : 1);
  int threads = ck_threads_for(ctx, flops / (direct ? 120 : 60));
  weights_job job = {.kernels = ctx->kernels,
                     .convert = ck_conversion_of(ctx->kernels, format),
                     .direct = direct,
                     .chain = ctx->f16_chain,
                     .M = M,
                     .N = N,
                     .K = K,
                     .dz = dz,
                     .lddz = lddz,
                     .x = x,
                     .ldx = ldx,
                     .dw = dw,
                     .lddw = lddw,
                     .db = db,
                     .accumulate = accumulate};
  job.chunk = M < 512 ? (M + 1) / 2 * 2 : 512;
  // Rows must not lie a multiple of a page apart: they would share a few sets of the cache.
  job.ldp = (N + 15) / 16 * 16 + (N % 256 == 0 ? 16 : 0);
  int64_t width = direct ? direct->panel_width : ctx->kernels->panel_width;
  job.own = job.chunk * (job.ldp + width) + 32;
  job.scratch = ck_reserve(&ctx->scratch, &ctx->scratch_floats, (size_t)(job.own * threads));
  if (job.scratch == NULL)
    return CK_ERROR_MEMORY;
  ck_team_run(ctx->team, threads, weights_worker, &job);
  return CK_OK;
}
