// SPDX-License-Identifier: Apache-2.0

// Products: who computes what. How the work is divided never changes a bit of the result, since
// every element is one chain of its own.
#include "product.h"
#include "blocking.h"

#include <string.h>

typedef struct product_job product_job;
typedef struct part part;

struct product_job {
  const ck_product *product;
  /// By the kernels for the format.
  void (*multiply)(const product_job *job, const part *part);
  int64_t chain;
  bool by_rows;
  /// Rows of A that stay in the cache while the panels pass by.
  int64_t block;
  /// Between the rows of a block that is copied or widened first; 0 where it is read in place.
  int64_t ldcopy;
  /// Room for the panels that workers pack. A team may be smaller than asked for, so the place in
  /// it follows from what a worker really got.
  float *packed;
  /// `worker_floats` for each worker: for the rows of a block, and widened for a panel's part of C
  /// and H.
  float *room;
  int64_t worker_floats;
};

/// Rows row0..<row1 of C in one panel's columns.
struct part {
  int64_t row0, row1;
  int64_t column, columns;
  const void *a;
  int64_t lda;
  const float *panel;
  /// From these rows and columns to those that follow.
  int64_t rows_ahead, columns_ahead;
  /// For part of C and H, widened.
  float *room;
};

/// The sparse rows come last: the dense part of the product leaves the activation to them.
static ck_activation dense_activation(const ck_product *p) {
  return p->sparse ? (ck_activation){CK_IDENTITY, 0} : p->act;
}

/// Adds the sparse rows while the part is in the cache.
static void add_sparse(const ck_product *p, const part *t,
                       void (*sparse_block)(const ck_sparse_block *)) {
  if (p->sparse == NULL)
    return;
  ck_sparse_block block = ck_sparse_block_of(p->sparse, t->row0, t->row1, p->L, t->panel, p->act);
  block.columns = t->columns;
  block.c = p->c.f32 + t->row0 * p->c.ld + t->column;
  block.ldc = p->c.ld;
  sparse_block(&block);
}

/// What f32 and widened operands have in common.
static ck_dense_block block_of(const ck_product *p, const part *t) {
  return (ck_dense_block){.rows = t->row1 - t->row0,
                          .columns = t->columns,
                          .depth = p->L,
                          .a = t->a,
                          .lda = t->lda,
                          .panel = t->panel,
                          .bias = p->bias ? p->bias + t->column : NULL,
                          .act = dense_activation(p)};
}

static void multiply_f32(const product_job *job, const part *t) {
  const ck_product *p = job->product;
  ck_dense_block block = block_of(p, t);
  block.h = p->h ? (const float *)p->h + t->row0 * p->ldh + t->column : NULL;
  block.ldh = p->ldh;
  block.c = p->c.f32 + t->row0 * p->c.ld + t->column;
  block.ldc = p->c.ld;
  block.prefetch_c = t->rows_ahead * p->c.ld + t->columns_ahead;
  block.prefetch_h = t->rows_ahead * p->ldh + t->columns_ahead;
  p->format->kernels->dense_block_f32(&block);
  add_sparse(p, t, p->format->kernels->sparse_block_f32);
}

/// H is widened, and C rounded unless it is f32.
static void multiply_widened(const product_job *job, const part *t) {
  const ck_product *p = job->product;
  ck_half_conversion convert = p->format->convert;
  int64_t width = p->format->panel_width;
  ck_dense_block block = block_of(p, t);
  if (p->h) {
    const ck_half *from = (const ck_half *)p->h + t->row0 * p->ldh + t->column;
    float *h = t->room + job->block * width;
    for (int64_t r = 0; r < block.rows; r++)
      convert.widen(t->columns, from + r * p->ldh, h + r * width);
    block.h = h;
    block.ldh = width;
  }
  block.c = p->c.f32 ? p->c.f32 + t->row0 * p->c.ld + t->column : t->room;
  block.ldc = p->c.f32 ? p->c.ld : width;
  p->format->kernels->dense_block_f32(&block);
  add_sparse(p, t, p->format->kernels->sparse_block_f32);
  if (p->c.half) {
    ck_half *to = p->c.half + t->row0 * p->c.ld + t->column;
    for (int64_t r = 0; r < block.rows; r++)
      convert.round(t->columns, t->room + r * width, to + r * p->c.ld);
  }
}

static void multiply_pairs(const product_job *job, const part *t) {
  const ck_product *p = job->product;
  int64_t at_c = t->row0 * p->c.ld + t->column;
  ck_half_block block = {
      .rows = t->row1 - t->row0,
      .columns = t->columns,
      .depth = p->L,
      .a = t->a,
      .lda = t->lda,
      .panel = (const ck_half *)t->panel,
      .bias = p->bias ? p->bias + t->column : NULL,
      .act = dense_activation(p),
      .h = p->h ? (const ck_half *)p->h + t->row0 * p->ldh + t->column : NULL,
      .ldh = p->ldh,
      .c = {.f32 = p->c.f32 ? p->c.f32 + at_c : NULL,
            .half = p->c.half ? p->c.half + at_c : NULL,
            .ld = p->c.ld},
      .chain = job->chain,
  };
  p->format->pairs->dense_block(&block);
  add_sparse(p, t, p->format->pairs->sparse_block);
}

/// Rows row0..<row1 of A to `to`.
static void copy_rows(const product_job *job, int64_t row0, int64_t row1, float *to) {
  const ck_product *p = job->product;
  for (int64_t r = row0; r < row1; r++, to += job->ldcopy) {
    const void *from = ck_element(p->format, p->a, r * p->lda);
    if (ck_is_half(p->format))
      p->format->convert.widen(p->L, from, to);
    else
      memcpy(to, from, (size_t)p->L * sizeof(float));
  }
}

static void product_worker(void *argument, int worker, int workers) {
  const product_job *job = argument;
  const ck_product *p = job->product;
  int64_t width = p->format->panel_width, panel_floats = ck_panel_floats(p->format, p->depth);
  int64_t row0 = 0, row1 = p->M, panel0 = 0, panel1 = ck_panels(p->N, width);
  if (job->by_rows)
    ck_share(p->M, 1, worker, workers, &row0, &row1);
  else
    ck_share(panel1, 1, worker, workers, &panel0, &panel1);
  if (row0 >= row1 || panel0 >= panel1)
    return;
  const float *panels = p->panels;
  if (panels == NULL) {
    float *own = job->packed + (job->by_rows ? worker * panel1 : panel0) * panel_floats;
    if (p->L > 0)
      ck_pack_panels(p->format, p->transposed, p->N, p->L, p->w, p->ldw, panel0, panel1, own);
    panels = own;
  } else {
    panels += panel0 * panel_floats;
  }
  void (*multiply)(const product_job *, const part *) = job->multiply;
  int64_t N = p->N;
  float *room = job->room + worker * job->worker_floats;
  float *copy = room + (ck_is_widened(p->format) ? 2 * job->block * width : 0);
  for (int64_t row = row0; row < row1; row += job->block) {
    part t = {.row0 = row,
              .row1 = row + job->block < row1 ? row + job->block : row1,
              .a = ck_element(p->format, p->a, row * p->lda),
              .lda = p->lda,
              .room = room};
    if (job->ldcopy > 0) {
      copy_rows(job, t.row0, t.row1, copy);
      t.a = copy;
      t.lda = job->ldcopy;
    }
    int64_t first = panel0 * width, end = panel1 * width;
    t.panel = panels;
    t.columns_ahead = width;
    for (t.column = first; t.column < end; t.column += width, t.panel += panel_floats) {
      t.columns = N - t.column < width ? N - t.column : width;
      if (t.column + width == end) { // the first panel of the next rows follows
        t.rows_ahead = t.row1 - t.row0;
        t.columns_ahead = first - t.column;
      }
      multiply(job, &t);
    }
  }
}

/// Decides who computes what for a team of `threads`.
static void divide(product_job *job, int threads, int64_t panels) {
  const ck_product *p = job->product;
  const ck_operand_format *f = p->format;
  int64_t tiles = p->M / f->tile_rows;
  // By rows where every worker gets full tiles, else by panels. Who packs them too is better off
  // with panels of its own: what another core has just written is far away.
  job->by_rows = panels < threads || (p->panels && tiles >= CK_TILES_PER_THREAD * threads);
  bool shallow = !ck_is_half(f) && p->L < CK_SHALLOW_DEPTH;
  job->block = shallow ? CK_SHALLOW_BLOCK_TILES * f->tile_rows : ck_row_block(p->L, f->tile_rows);
  if (job->block > p->M)
    job->block = p->M;
  // Rows a multiple of a page apart are better copied if they are read more than once.
  bool copied = !ck_is_half(f) && p->lda % CK_PAGE_FLOATS == 0 && p->L > 0 && panels > 1;
  if (copied || ck_is_widened(f))
    job->ldcopy = ck_copy_stride(p->L);
  int64_t row_floats = job->ldcopy + (ck_is_widened(f) ? 2 * f->panel_width : 0);
  job->worker_floats = row_floats > 0 ? job->block * row_floats + 2 * CK_LINE_FLOATS : 0;
  job->multiply = f->pairs ? multiply_pairs : ck_is_widened(f) ? multiply_widened : multiply_f32;
}

ck_status ck_product_run(ck_context *ctx, ck_product *p) {
  if (p->M == 0 || p->N == 0)
    return CK_OK;
  if (p->L == 0) {
    // Nothing is read, but the loop computes row addresses, which need a valid base.
    p->a = p->c.f32 ? (const void *)p->c.f32 : p->c.half;
    p->lda = 0;
  }
  if (p->depth == 0)
    p->depth = p->L;
  double depth = (double)p->L + ck_sparse_depth(p->sparse);
  double flops = 2.0 * (double)p->M * (double)p->N * depth;
  int threads = ck_threads_for(ctx, flops / p->format->flops_per_ns);
  int64_t width = p->format->panel_width, panels = ck_panels(p->N, width);
  product_job job = {.product = p, .chain = ctx->f16_chain};
  divide(&job, threads, panels);
  int64_t packed = p->panels ? 0 : job.by_rows ? threads * panels : panels;
  if (p->L > 0 && packed > (INT64_MAX / 16 - 16) / (width * p->L))
    return CK_ERROR_SHAPE;
  packed *= ck_panel_floats(p->format, p->L);
  int64_t floats = packed + threads * job.worker_floats;
  if (p->panels == NULL || floats > 0) {
    job.packed = ck_reserve(&ctx->scratch, &ctx->scratch_floats, (size_t)floats + CK_LINE_FLOATS);
    if (job.packed == NULL)
      return CK_ERROR_MEMORY;
    job.room = job.packed + packed;
  }
  ck_team_run(ctx->team, threads, product_worker, &job);
  return CK_OK;
}
