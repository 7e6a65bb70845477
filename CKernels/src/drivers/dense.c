// SPDX-License-Identifier: Apache-2.0

// Dense products: who computes what. How the work is divided never changes a bit of the result,
// since every element is one chain of its own.
#include "overlap.h"
#include "packed_weights.h"
#include "sparse_rows.h"

#include <string.h>

/// C[M,N] = epilogue(A[M,L] B[L,N]): the common form of forward, tangent and backward_data.
typedef struct product_job {
  const ck_kernel_table *kernels;
  int64_t M, N, L;
  const float *a;
  int64_t lda;
  /// B in panels of `depth` rows, the first L of them dense, or NULL where each worker packs those
  /// that it reads.
  const float *panels;
  int64_t depth;
  /// What the panels' other rows are multiplied by, or NULL.
  const ck_sparse_rows *sparse;
  ck_panel_packer pack;
  const float *w;
  int64_t ldw;
  /// Room for the panels that workers pack. A team may be smaller than asked for, so a place in it
  /// follows from what a worker really got.
  float *scratch;
  /// Rows of A that stay in the cache while the panels pass by, and where they are copied to first
  /// (`ldcopy` apart, 0 for not at all), a tile for each worker.
  int64_t tile, ldcopy;
  float *copies;
  const float *bias;
  ck_activation act;
  const float *h;
  int64_t ldh;
  float *c;
  int64_t ldc;
  bool by_rows;
} product_job;

/// Rows row0..<row1 of one panel; the block after it is the next panel, or where that is `end` the
/// next rows of `first`.
static void product_block(const product_job *job, const float *a, int64_t lda, const float *packed,
                          int64_t row0, int64_t row1, int64_t panel, int64_t first, int64_t end) {
  int64_t width = job->kernels->panel_width, column = panel * width;
  ck_dense_block block = {
      .rows = row1 - row0,
      .columns = job->N - column < width ? job->N - column : width,
      .depth = job->L,
      .a = a,
      .lda = lda,
      .panel = packed,
      .bias = job->bias ? job->bias + column : NULL,
      .act = job->sparse ? (ck_activation){CK_IDENTITY, 0} : job->act,
      .h = job->h ? job->h + row0 * job->ldh + column : NULL,
      .ldh = job->ldh,
      .c = job->c + row0 * job->ldc + column,
      .ldc = job->ldc,
      .prefetch_c = panel + 1 < end ? width : (row1 - row0) * job->ldc + (first - panel) * width,
      .prefetch_h = panel + 1 < end ? width : (row1 - row0) * job->ldh + (first - panel) * width,
  };
  job->kernels->dense_block_f32(&block);
  if (job->sparse != NULL) {
    // While the block is in the cache.
    ck_sparse_block entries = ck_sparse_block_of(job->sparse, row0, row1, job->L, packed, job->act);
    entries.columns = block.columns;
    entries.c = block.c;
    entries.ldc = block.ldc;
    job->kernels->sparse_block_f32(&entries);
  }
}

static void product_worker(void *argument, int worker, int workers) {
  const product_job *job = argument;
  int64_t width = job->kernels->panel_width;
  int64_t row0 = 0, row1 = job->M, panel0 = 0, panel1 = ck_panels(job->N, width);
  if (job->by_rows)
    ck_share(job->M, 1, worker, workers, &row0, &row1);
  else
    ck_share(panel1, 1, worker, workers, &panel0, &panel1);
  if (row0 >= row1 || panel0 >= panel1)
    return;
  int64_t panel_floats = width * job->depth;
  const float *packed;
  if (job->panels == NULL) {
    int64_t first = job->by_rows ? worker * ck_panels(job->N, width) : panel0;
    float *own = job->scratch + first * panel_floats;
    if (job->L > 0)
      job->pack(job->kernels, job->N, job->L, job->w, job->ldw, panel0, panel1, own);
    packed = own;
  } else {
    packed = job->panels + panel0 * panel_floats;
  }
  for (int64_t row = row0; row < row1; row += job->tile) {
    int64_t end = row + job->tile < row1 ? row + job->tile : row1;
    const float *a = job->a + row * job->lda;
    if (job->ldcopy > 0) {
      float *copy = job->copies + worker * job->tile * job->ldcopy;
      for (int64_t r = row; r < end; r++)
        memcpy(copy + (r - row) * job->ldcopy, job->a + r * job->lda,
               (size_t)job->L * sizeof(float));
      a = copy;
    }
    for (int64_t panel = panel0; panel < panel1; panel++)
      product_block(job, a, job->ldcopy > 0 ? job->ldcopy : job->lda,
                    packed + (panel - panel0) * panel_floats, row, end, panel, panel0, panel1);
  }
}

static ck_status run_product(ck_context *ctx, product_job *job) {
  if (job->M == 0 || job->N == 0)
    return CK_OK;
  if (job->L == 0) {
    // Nothing is read, but the loop computes row addresses, which need a valid base.
    job->a = job->c;
    job->lda = 0;
  }
  if (job->depth == 0)
    job->depth = job->L;
  double depth = (double)job->L + ck_sparse_depth(job->sparse);
  double flops = 2.0 * (double)job->M * (double)job->N * depth;
  int threads = ck_threads_for(ctx, flops / 60);
  int64_t tiles = job->M / ctx->kernels->tile_rows;
  int64_t width = ctx->kernels->panel_width, panels = ck_panels(job->N, width);
  job->kernels = ctx->kernels;
  // By rows where every worker gets full tiles, else by panels. Who packs them too is better off
  // with panels of its own: what another core has just written is far away.
  job->by_rows = panels < threads || (job->panels != NULL && tiles >= 2 * threads);
  job->tile = 384 * 1024 / (4 * (job->L + 1)) / ctx->kernels->tile_rows * ctx->kernels->tile_rows;
  if (job->tile < 6 * ctx->kernels->tile_rows)
    job->tile = 6 * ctx->kernels->tile_rows;
  // Shallow products are bound by what they write, not by panels: few rows at a time, so that what
  // a panel writes lies beside what the one before it has written.
  if (job->L < CK_SHALLOW_DEPTH)
    job->tile = 2 * ctx->kernels->tile_rows;
  if (job->tile > job->M)
    job->tile = job->M;
  // Rows a multiple of a page apart compete for a few places in the cache: they are better copied,
  // where they are read more than once.
  job->ldcopy = job->lda % 1024 == 0 && job->L > 0 && panels > 1 ? (job->L + 15) / 16 * 16 + 16 : 0;
  if (job->ldcopy % 1024 == 0 && job->ldcopy > 0)
    job->ldcopy += 16;
  if (job->panels == NULL || job->ldcopy > 0) {
    int64_t packed = job->panels != NULL ? 0 : job->by_rows ? threads * panels : panels;
    if (job->L > 0 && packed > (INT64_MAX / 16 - 16) / (width * job->L))
      return CK_ERROR_SHAPE;
    size_t floats = (size_t)(packed * width * job->L);
    job->scratch = ck_reserve(&ctx->packed, &ctx->packed_floats,
                              floats + (size_t)(threads * job->tile * job->ldcopy) + 16);
    if (job->scratch == NULL)
      return CK_ERROR_MEMORY;
    job->copies = job->scratch + floats;
  }
  ck_team_run(ctx->team, threads, product_worker, job);
  return CK_OK;
}

static ck_status check_packed(ck_context *ctx, const ck_packed_weights *w) {
  if (ctx == NULL || w == NULL)
    return CK_ERROR_NULL;
  return w->panel_width == ctx->kernels->panel_width ? CK_OK : CK_ERROR_ISA;
}

/// What is read as B: packed panels, or w and how it is packed.
typedef struct weights_source {
  const float *panels;
  ck_panel_packer pack;
  const float *w;
  int64_t ldw;
  /// The panels' rows where more than the dense ones are used, and what the others are multiplied
  /// by.
  int64_t depth;
  const ck_sparse_rows *sparse;
} weights_source;

static ck_status forward(ck_context *ctx, int64_t M, int64_t N, int64_t K, weights_source b,
                         const float *x, int64_t ldx, const float *bias, ck_activation act,
                         float *y, int64_t ldy) {
  CK_TRY(ck_check(x, M, K, ldx));
  CK_TRY(ck_check(y, M, N, ldy));
  CK_TRY(ck_check_activation(act));
  CK_TRY(CK_CHECK_APART(1, CK_MATRIX(y, M, N, ldy), CK_MATRIX(x, M, K, ldx),
                        CK_MATRIX(b.w, N, K, b.ldw), CK_VECTOR(bias, N),
                        ck_sparse_columns(b.sparse, M), ck_sparse_values(b.sparse, M)));
  product_job job = {.M = M,
                     .N = N,
                     .L = K,
                     .a = x,
                     .lda = ldx,
                     .panels = b.panels,
                     .pack = b.pack,
                     .w = b.w,
                     .ldw = b.ldw,
                     .depth = b.depth,
                     .sparse = b.sparse,
                     .bias = bias,
                     .act = act,
                     .c = y,
                     .ldc = ldy};
  return run_product(ctx, &job);
}

static ck_status tangent(ck_context *ctx, int64_t M, int64_t N, int64_t K, weights_source b,
                         const float *q, int64_t ldq, const float *h, int64_t ldh,
                         ck_activation act, float *q_out, int64_t ldo) {
  CK_TRY(ck_check(q, M, K, ldq));
  CK_TRY(ck_check(h, M, N, ldh));
  CK_TRY(ck_check(q_out, M, N, ldo));
  CK_TRY(ck_check_activation(act));
  CK_TRY(CK_CHECK_APART(1, CK_MATRIX(q_out, M, N, ldo), CK_MATRIX(q, M, K, ldq),
                        CK_MATRIX(b.w, N, K, b.ldw)));
  CK_TRY(ck_check_in_place(CK_MATRIX(q_out, M, N, ldo), CK_MATRIX(h, M, N, ldh)));
  product_job job = {.M = M,
                     .N = N,
                     .L = K,
                     .a = q,
                     .lda = ldq,
                     .panels = b.panels,
                     .pack = b.pack,
                     .w = b.w,
                     .ldw = b.ldw,
                     .act = act,
                     .h = h,
                     .ldh = ldh,
                     .c = q_out,
                     .ldc = ldo};
  return run_product(ctx, &job);
}

static ck_status backward_data(ck_context *ctx, int64_t M, int64_t N, int64_t K, weights_source b,
                               const float *dz, int64_t lddz, const float *x_out, int64_t ldxo,
                               ck_activation act, float *dx, int64_t lddx) {
  CK_TRY(ck_check(dz, M, N, lddz));
  if (x_out != NULL)
    CK_TRY(ck_check(x_out, M, K, ldxo));
  CK_TRY(ck_check(dx, M, K, lddx));
  CK_TRY(ck_check_activation(act));
  CK_TRY(CK_CHECK_APART(1, CK_MATRIX(dx, M, K, lddx), CK_MATRIX(dz, M, N, lddz),
                        CK_MATRIX(b.w, N, K, b.ldw)));
  CK_TRY(ck_check_in_place(CK_MATRIX(dx, M, K, lddx), CK_MATRIX(x_out, M, K, ldxo)));
  if (x_out == NULL)
    act = (ck_activation){CK_IDENTITY, 0};
  product_job job = {.M = M,
                     .N = K,
                     .L = N,
                     .a = dz,
                     .lda = lddz,
                     .panels = b.panels,
                     .pack = b.pack,
                     .w = b.w,
                     .ldw = b.ldw,
                     .act = act,
                     .h = x_out,
                     .ldh = ldxo,
                     .c = dx,
                     .ldc = lddx};
  return run_product(ctx, &job);
}

ck_status ck_dense_forward_f32(ck_context *ctx, int64_t M, int64_t N, int64_t K, const float *x,
                               int64_t ldx, const float *w, int64_t ldw, const float *b,
                               ck_activation act, float *y, int64_t ldy) {
  if (ctx == NULL)
    return CK_ERROR_NULL;
  CK_TRY(ck_check(w, N, K, ldw));
  weights_source source = {.pack = ck_pack_transposed_panels, .w = w, .ldw = ldw};
  return forward(ctx, M, N, K, source, x, ldx, b, act, y, ldy);
}

ck_status ck_dense_tangent_f32(ck_context *ctx, int64_t M, int64_t N, int64_t K, const float *q,
                               int64_t ldq, const float *w, int64_t ldw, const float *h,
                               int64_t ldh, ck_activation act, float *q_out, int64_t ldo) {
  if (ctx == NULL)
    return CK_ERROR_NULL;
  CK_TRY(ck_check(w, N, K, ldw));
  weights_source source = {.pack = ck_pack_transposed_panels, .w = w, .ldw = ldw};
  return tangent(ctx, M, N, K, source, q, ldq, h, ldh, act, q_out, ldo);
}

ck_status ck_dense_backward_data_f32(ck_context *ctx, int64_t M, int64_t N, int64_t K,
                                     const float *dz, int64_t lddz, const float *w, int64_t ldw,
                                     const float *x_out, int64_t ldxo, ck_activation act, float *dx,
                                     int64_t lddx) {
  if (ctx == NULL)
    return CK_ERROR_NULL;
  CK_TRY(ck_check(w, N, K, ldw));
  weights_source source = {.pack = ck_pack_row_panels, .w = w, .ldw = ldw};
  return backward_data(ctx, M, N, K, source, dz, lddz, x_out, ldxo, act, dx, lddx);
}

ck_status ck_dense_forward_packed_f32(ck_context *ctx, int64_t M, const ck_packed_weights *w,
                                      const float *x, int64_t ldx, const float *b,
                                      ck_activation act, float *y, int64_t ldy) {
  CK_TRY(check_packed(ctx, w));
  return forward(ctx, M, w->N, w->K, (weights_source){.panels = w->forward}, x, ldx, b, act, y,
                 ldy);
}

ck_status ck_dense_forward_sparse_packed_f32(ck_context *ctx, int64_t M, const ck_packed_weights *w,
                                             int64_t K, const float *x, int64_t ldx,
                                             const ck_sparse_rows *s, const float *b,
                                             ck_activation act, float *y, int64_t ldy) {
  CK_TRY(check_packed(ctx, w));
  if (K < 0 || K > w->K)
    return CK_ERROR_SHAPE;
  CK_TRY(ck_check_sparse(s, M, w->K - K));
  weights_source source = {.panels = w->forward, .depth = w->K, .sparse = s};
  return forward(ctx, M, w->N, K, source, x, ldx, b, act, y, ldy);
}

ck_status ck_dense_tangent_packed_f32(ck_context *ctx, int64_t M, const ck_packed_weights *w,
                                      const float *q, int64_t ldq, const float *h, int64_t ldh,
                                      ck_activation act, float *q_out, int64_t ldo) {
  CK_TRY(check_packed(ctx, w));
  return tangent(ctx, M, w->N, w->K, (weights_source){.panels = w->forward}, q, ldq, h, ldh, act,
                 q_out, ldo);
}

ck_status ck_dense_backward_data_packed_f32(ck_context *ctx, int64_t M, const ck_packed_weights *w,
                                            const float *dz, int64_t lddz, const float *x_out,
                                            int64_t ldxo, ck_activation act, float *dx,
                                            int64_t lddx) {
  CK_TRY(check_packed(ctx, w));
  return backward_data(ctx, M, w->N, w->K, (weights_source){.panels = w->backward}, dz, lddz, x_out,
                       ldxo, act, dx, lddx);
}

ck_status ck_dense_backward_data_columns_packed_f32(ck_context *ctx, int64_t M, int64_t columns,
                                                    const ck_packed_weights *w, const float *dz,
                                                    int64_t lddz, const float *x_out, int64_t ldxo,
                                                    ck_activation act, float *dx, int64_t lddx) {
  CK_TRY(check_packed(ctx, w));
  if (columns > w->K)
    return CK_ERROR_SHAPE;
  // Panels hold columns in order: the first ones are a product of their own.
  return backward_data(ctx, M, w->N, columns, (weights_source){.panels = w->backward}, dz, lddz,
                       x_out, ldxo, act, dx, lddx);
}
