// SPDX-License-Identifier: Apache-2.0

// Products of 16-bit operands: the two ways of multiplying, shared out as those of f32 are.
#include "half_path.h"
#include "overlap.h"
#include "packed_weights_half.h"
#include "sparse_rows.h"

typedef struct product_job {
  const ck_kernel_table *kernels;
  ck_half_conversion convert;
  const ck_half_kernels *direct; ///< NULL: widened
  int64_t chain;
  int64_t M, N, L;
  const ck_half *a;
  int64_t lda;
  const void *panels; ///< pairs of ck_half, or f32, of `depth` rows, the first L of them dense
  int64_t depth;
  const ck_sparse_rows *sparse; ///< what the others are multiplied by, or NULL; C is f32 then
  const float *bias;
  ck_activation act;
  const ck_half *h;
  int64_t ldh;
  ck_result c;
  bool by_rows;
  /// Rows of A that stay in the cache while the panels pass by.
  int64_t tile;
  /// Widened: room for a tile of A, and for a panel's part of H and C, `own` floats a worker.
  float *scratch;
  int64_t own;
  /// Between the rows of the widened tile.
  int64_t ldwide;
} product_job;

/// The dense part leaves it to the entries where there are some.
static ck_activation dense_activation(const product_job *job) {
  return job->sparse ? (ck_activation){CK_IDENTITY, 0} : job->act;
}

/// Adds the entries to a tile of one panel that is in the cache.
static void sparse_tile(const product_job *job, int64_t row0, int64_t row1, int64_t column,
                        const void *panel, void (*sparse_block)(const ck_sparse_block *)) {
  int64_t width = job->direct ? job->direct->panel_width : job->kernels->panel_width;
  ck_sparse_block block = ck_sparse_block_of(job->sparse, row0, row1, job->L, panel, job->act);
  block.columns = job->N - column < width ? job->N - column : width;
  block.c = job->c.f32 + row0 * job->c.ld + column;
  block.ldc = job->c.ld;
  sparse_block(&block);
}

static void direct_tile(const product_job *job, int64_t row0, int64_t row1, int64_t panel) {
  int64_t width = job->direct->panel_width, column = panel * width;
  ck_result c = {job->c.f32 ? job->c.f32 + row0 * job->c.ld + column : NULL,
                 job->c.half ? job->c.half + row0 * job->c.ld + column : NULL, job->c.ld};
  ck_half_block block = {
      .rows = row1 - row0,
      .columns = job->N - column < width ? job->N - column : width,
      .depth = job->L,
      .a = job->a + row0 * job->lda,
      .lda = job->lda,
      .panel = (const ck_half *)job->panels + panel * ck_pair_panel(job->depth, width),
      .bias = job->bias ? job->bias + column : NULL,
      .act = dense_activation(job),
      .h = job->h ? job->h + row0 * job->ldh + column : NULL,
      .ldh = job->ldh,
      .c = c,
      .chain = job->chain,
  };
  job->direct->dense_block(&block);
  if (job->sparse != NULL)
    sparse_tile(job, row0, row1, column, block.panel, job->direct->sparse_block);
}

/// `a` holds the tile's rows of A in f32, `room` is for H and C.
static void widened_tile(const product_job *job, const float *a, float *room, int64_t row0,
                         int64_t row1, int64_t panel) {
  int64_t width = job->kernels->panel_width, column = panel * width, rows = row1 - row0;
  int64_t columns = job->N - column < width ? job->N - column : width;
  float *h = NULL, *c = room;
  if (job->h) {
    h = room + job->tile * width;
    for (int64_t r = 0; r < rows; r++)
      job->convert.widen(columns, job->h + (row0 + r) * job->ldh + column, h + r * width);
  }
  ck_dense_block block = {
      .rows = rows,
      .columns = columns,
      .depth = job->L,
      .a = a,
      .lda = job->ldwide,
      .panel = (const float *)job->panels + panel * width * job->depth,
      .bias = job->bias ? job->bias + column : NULL,
      .act = dense_activation(job),
      .h = h,
      .ldh = width,
      .c = job->c.f32 ? job->c.f32 + row0 * job->c.ld + column : c,
      .ldc = job->c.f32 ? job->c.ld : width,
  };
  job->kernels->dense_block_f32(&block);
  if (job->sparse != NULL)
    sparse_tile(job, row0, row1, column, block.panel, job->kernels->sparse_block_f32);
  if (job->c.half)
    for (int64_t r = 0; r < rows; r++)
      job->convert.round(columns, c + r * width, job->c.half + (row0 + r) * job->c.ld + column);
}

static void product_worker(void *argument, int worker, int workers) {
  const product_job *job = argument;
  int64_t width = job->direct ? job->direct->panel_width : job->kernels->panel_width;
  int64_t row0 = 0, row1 = job->M, panel0 = 0, panel1 = ck_panels(job->N, width);
  if (job->by_rows)
    ck_share(job->M, 1, worker, workers, &row0, &row1);
  else
    ck_share(panel1, 1, worker, workers, &panel0, &panel1);
  float *room = job->scratch + worker * job->own;
  for (int64_t row = row0; row < row1; row += job->tile) {
    int64_t end = row + job->tile < row1 ? row + job->tile : row1;
    float *wide = job->direct ? NULL : room + 2 * job->tile * width;
    if (job->direct == NULL && panel0 < panel1)
      for (int64_t r = row; r < end; r++)
        job->convert.widen(job->L, job->a + r * job->lda, wide + (r - row) * job->ldwide);
    for (int64_t panel = panel0; panel < panel1; panel++) {
      if (job->direct)
        direct_tile(job, row, end, panel);
      else
        widened_tile(job, wide, room, row, end, panel);
    }
  }
}

static ck_status run_product(ck_context *ctx, const ck_packed_half_weights *w, product_job *job) {
  if (job->M == 0 || job->N == 0)
    return CK_OK;
  if (job->L == 0) {
    // Nothing is read, but the loop computes row addresses, which need a valid base.
    job->a = job->panels;
    job->lda = 0;
  }
  const ck_half_kernels *direct = ck_half_execution_of(ctx, w->format)->kernels;
  job->kernels = ctx->kernels;
  job->convert = ck_conversion_of(ctx->kernels, w->format);
  job->direct = direct;
  job->chain = ctx->f16_chain;
  int64_t height = direct ? direct->tile_rows : ctx->kernels->tile_rows;
  int64_t width = direct ? direct->panel_width : ctx->kernels->panel_width;
  if (job->depth == 0)
    job->depth = job->L;
  double depth = (double)job->L + ck_sparse_depth(job->sparse);
  double flops = 2.0 * (double)job->M * (double)job->N * depth;
  int threads = ck_threads_for(ctx, flops / (direct ? 120 : 60));
  job->by_rows = job->M / height >= 2 * threads || ck_panels(job->N, width) < threads;
  job->tile = 384 * 1024 / (4 * (job->L + 1)) / height * height;
  if (job->tile < 6 * height)
    job->tile = 6 * height;
  if (job->tile > job->M)
    job->tile = job->M;
  if (direct == NULL) {
    // Rows must not lie a multiple of a page apart: they would share a few sets of the cache.
    job->ldwide = (job->L + 15) / 16 * 16 + (job->L % 256 == 0 ? 16 : 0);
    job->own = job->tile * (job->ldwide + 2 * width) + 32;
    job->scratch = ck_reserve(&ctx->scratch, &ctx->scratch_floats, (size_t)(job->own * threads));
    if (job->scratch == NULL)
      return CK_ERROR_MEMORY;
  }
  ck_team_run(ctx->team, threads, product_worker, job);
  return CK_OK;
}

static ck_status check_weights(ck_context *ctx, const ck_packed_half_weights *w) {
  if (ctx == NULL || w == NULL)
    return CK_ERROR_NULL;
  return w->path == ck_half_execution_of(ctx, w->format)->rate.path ? CK_OK : CK_ERROR_ISA;
}

static ck_operand operand_of(ck_result c, int64_t rows, int64_t columns) {
  return c.f32 ? CK_MATRIX(c.f32, rows, columns, c.ld) : CK_MATRIX(c.half, rows, columns, c.ld);
}

static ck_status check_result(ck_result c, int64_t rows, int64_t columns) {
  if (c.f32 != NULL && c.half != NULL)
    return CK_ERROR_VALUE;
  return ck_check(c.f32 ? (const void *)c.f32 : c.half, rows, columns, c.ld);
}

ck_status ck_dense_forward_half(ck_context *ctx, int64_t M, const ck_packed_half_weights *w,
                                const ck_half *x, int64_t ldx, const float *b, ck_activation act,
                                ck_result y) {
  CK_TRY(check_weights(ctx, w));
  CK_TRY(ck_check(x, M, w->K, ldx));
  CK_TRY(check_result(y, M, w->N));
  CK_TRY(ck_check_activation(act));
  CK_TRY(CK_CHECK_APART(1, operand_of(y, M, w->N), CK_MATRIX(x, M, w->K, ldx), CK_VECTOR(b, w->N)));
  product_job job = {
      .M = M, .N = w->N, .L = w->K, .a = x, .lda = ldx, .bias = b, .act = act, .c = y};
  job.panels = w->widened ? (const void *)w->widened->forward : w->forward;
  return run_product(ctx, w, &job);
}

ck_status ck_dense_forward_sparse_half(ck_context *ctx, int64_t M, const ck_packed_half_weights *w,
                                       int64_t K, const ck_half *x, int64_t ldx,
                                       const ck_sparse_rows *s, const float *b, ck_activation act,
                                       float *y, int64_t ldy) {
  CK_TRY(check_weights(ctx, w));
  CK_TRY(ck_check(x, M, K, ldx));
  CK_TRY(ck_check(y, M, w->N, ldy));
  CK_TRY(ck_check_activation(act));
  CK_TRY(ck_check_sparse(s, M, w->K - K));
  CK_TRY(CK_CHECK_APART(1, CK_MATRIX(y, M, w->N, ldy), CK_MATRIX(x, M, K, ldx), CK_VECTOR(b, w->N),
                        ck_sparse_columns(s, M), ck_sparse_values(s, M)));
  product_job job = {.M = M,
                     .N = w->N,
                     .L = K,
                     .a = x,
                     .lda = ldx,
                     .depth = w->K,
                     .sparse = s,
                     .bias = b,
                     .act = act,
                     .c = {.f32 = y, .ld = ldy}};
  job.panels = w->widened ? (const void *)w->widened->forward : w->forward;
  return run_product(ctx, w, &job);
}

ck_status ck_dense_tangent_half(ck_context *ctx, int64_t M, const ck_packed_half_weights *w,
                                const ck_half *q, int64_t ldq, const ck_half *h, int64_t ldh,
                                ck_activation act, ck_result q_out) {
  CK_TRY(check_weights(ctx, w));
  CK_TRY(ck_check(q, M, w->K, ldq));
  CK_TRY(ck_check(h, M, w->N, ldh));
  CK_TRY(check_result(q_out, M, w->N));
  CK_TRY(ck_check_activation(act));
  CK_TRY(CK_CHECK_APART(1, operand_of(q_out, M, w->N), CK_MATRIX(q, M, w->K, ldq)));
  CK_TRY(ck_check_in_place(operand_of(q_out, M, w->N), CK_MATRIX(h, M, w->N, ldh)));
  product_job job = {
      .M = M, .N = w->N, .L = w->K, .a = q, .lda = ldq, .act = act, .h = h, .ldh = ldh, .c = q_out};
  job.panels = w->widened ? (const void *)w->widened->forward : w->forward;
  return run_product(ctx, w, &job);
}

ck_status ck_dense_backward_data_columns_half(ck_context *ctx, int64_t M, int64_t columns,
                                              const ck_packed_half_weights *w, const ck_half *dz,
                                              int64_t lddz, const ck_half *x_out, int64_t ldxo,
                                              ck_activation act, ck_result dx) {
  CK_TRY(check_weights(ctx, w));
  if (columns > w->K)
    return CK_ERROR_SHAPE;
  CK_TRY(ck_check(dz, M, w->N, lddz));
  if (x_out != NULL)
    CK_TRY(ck_check(x_out, M, columns, ldxo));
  CK_TRY(check_result(dx, M, columns));
  CK_TRY(ck_check_activation(act));
  CK_TRY(CK_CHECK_APART(1, operand_of(dx, M, columns), CK_MATRIX(dz, M, w->N, lddz)));
  CK_TRY(ck_check_in_place(operand_of(dx, M, columns), CK_MATRIX(x_out, M, columns, ldxo)));
  if (x_out == NULL)
    act = (ck_activation){CK_IDENTITY, 0};
  product_job job = {.M = M,
                     .N = columns,
                     .L = w->N,
                     .a = dz,
                     .lda = lddz,
                     .act = act,
                     .h = x_out,
                     .ldh = ldxo,
                     .c = dx};
  job.panels = w->widened ? (const void *)w->widened->backward : w->backward;
  return run_product(ctx, w, &job);
}

ck_status ck_dense_backward_data_half(ck_context *ctx, int64_t M, const ck_packed_half_weights *w,
                                      const ck_half *dz, int64_t lddz, const ck_half *x_out,
                                      int64_t ldxo, ck_activation act, ck_result dx) {
  CK_TRY(check_weights(ctx, w));
  return ck_dense_backward_data_columns_half(ctx, M, w->K, w, dz, lddz, x_out, ldxo, act, dx);
}
