// SPDX-License-Identifier: Apache-2.0

// Gradients of weights, in any format of operands: blocks of the output, each over the whole batch
// in ascending order.
#include "blocking.h"
#include "half_path.h"
#include "overlap.h"
#include "rows.h"

typedef struct gradient_job {
  const ck_operand_format *format;
  int64_t chain;
  int64_t M, N, K;
  const void *dz;
  int64_t lddz;
  const void *x;
  int64_t ldx;
  float *dw;
  int64_t lddw;
  float *db;
  bool accumulate;
  /// Panels of x are shared out, else the outputs are, in steps of `grain`.
  bool by_panels;
  int64_t grain;
  /// Rows of the batch whose operands stay in the cache; even, and chains continue from chunk to
  /// chunk.
  int64_t chunk;
  /// f32, small tiles: outputs whose gradients are packed into micropanels, to be read by all
  /// panels; else 0.
  int64_t micropanels;
  /// f32, large tiles: whether whole panels of x are read in place.
  bool in_place;
  /// 16 bits: between the rows of gradients in the kernels' format.
  int64_t ldcopy;
  /// Room for a chunk of one panel a worker, or with micropanels of all its panels. A team may be
  /// smaller than asked for, so a place in it follows from what a worker really got.
  float *panels;
  /// `copied_floats` for each worker: gradients as micropanels, in pairs or widened.
  float *copies;
  int64_t copied_floats;
} gradient_job;

/// Operands of the batch's rows [m, m + depth): gradients of some outputs, or a panel of x.
typedef struct rows {
  const float *p;
  /// As the kernels' blocks have it.
  int64_t ld;
} rows;

/// What a worker computes: outputs n0..<n1 in some panels of x, and its room.
typedef struct share {
  int64_t n0, n1, panel0, panel1;
  float *panels, *copies;
} share;

/// Gradients of outputs n0..<n1 as the kernels read them, where necessary at `to`.
static rows load_gradients(const gradient_job *job, int64_t m, int64_t depth, int64_t n0,
                           int64_t n1, float *to) {
  const ck_operand_format *f = job->format;
  const void *from = ck_element(f, job->dz, m * job->lddz + n0);
  if (f->pairs) {
    f->pairs->pair_rows(depth, n1 - n0, from, job->lddz, (ck_half *)to, job->ldcopy);
    return (rows){to, job->ldcopy};
  }
  if (ck_is_half(f)) {
    for (int64_t r = 0; r < depth; r++)
      f->convert.widen(n1 - n0, (const ck_half *)from + r * job->lddz, to + r * job->ldcopy);
    return (rows){to, job->ldcopy};
  }
  return (rows){from, job->lddz};
}

/// A panel of x, its missing columns zero.
static rows load_panel(const gradient_job *job, int64_t m, int64_t depth, int64_t panel,
                       float *to) {
  const ck_operand_format *f = job->format;
  int64_t width = f->panel_width, column = panel * width;
  int64_t columns = job->K - column < width ? job->K - column : width;
  const void *from = ck_element(f, job->x, m * job->ldx + column);
  if (job->in_place && columns == width)
    return (rows){from, job->ldx};
  if (f->pairs) {
    f->pairs->pair_rows(depth, columns, from, job->ldx, (ck_half *)to, width);
  } else if (ck_is_half(f)) {
    for (int64_t r = 0; r < depth; r++) {
      f->convert.widen(columns, (const ck_half *)from + r * job->ldx, to + r * width);
      for (int64_t i = columns; i < width; i++)
        to[r * width + i] = 0;
    }
  } else {
    f->kernels->pack_rows_f32(columns, depth, from, job->ldx, to);
  }
  return (rows){to, 0};
}

/// Outputs n0..<n1 of one panel.
static ck_weights_block block_of(const gradient_job *job, int64_t m, int64_t depth, int64_t n0,
                                 int64_t n1, int64_t panel, rows dz, rows x) {
  int64_t width = job->format->panel_width, column = panel * width;
  return (ck_weights_block){.rows = n1 - n0,
                            .columns = job->K - column < width ? job->K - column : width,
                            .depth = depth,
                            .a = dz.p,
                            .lda = dz.ld,
                            .panel = x.p,
                            .ldb = x.ld,
                            .c = job->dw + n0 * job->lddw + column,
                            .ldc = job->lddw,
                            .accumulate = job->accumulate || m > 0};
}

static void multiply(const gradient_job *job, int64_t m, int64_t depth, int64_t n0, int64_t n1,
                     int64_t panel, rows dz, rows x) {
  const ck_operand_format *f = job->format;
  ck_weights_block block = block_of(job, m, depth, n0, n1, panel, dz, x);
  if (f->pairs) {
    ck_half_weights_block pairs = {.rows = block.rows,
                                   .columns = block.columns,
                                   .pairs = (depth + 1) / 2,
                                   .a = (const ck_half *)dz.p,
                                   .lda = dz.ld,
                                   .panel = (const ck_half *)x.p,
                                   .c = block.c,
                                   .ldc = block.ldc,
                                   .accumulate = block.accumulate,
                                   .chain = job->chain};
    f->pairs->weights_block(&pairs);
  } else {
    f->kernels->weights_block_f32(&block);
  }
}

/// Small tiles, outputs n0..<n1: the first panel packs dz on the way, and the first outputs pack x.
static void multiply_small(const gradient_job *job, int64_t m, int64_t depth, int64_t n0,
                           int64_t n1, const share *own, float *sums) {
  const ck_operand_format *f = job->format;
  int64_t width = f->panel_width;
  rows dz = {ck_element(f, job->dz, m * job->lddz + n0), job->lddz};
  for (int64_t panel = own->panel0; panel < own->panel1; panel++) {
    float *room = own->panels + (panel - own->panel0) * width * job->chunk;
    bool whole = (panel + 1) * width <= job->K, first = panel == own->panel0;
    rows x = {room, 0};
    if (n0 == own->n0)
      x = whole ? (rows){ck_element(f, job->x, m * job->ldx + panel * width), job->ldx}
                : load_panel(job, m, depth, panel, room);
    ck_weights_block block = block_of(job, m, depth, n0, n1, panel, dz, x);
    block.pack_b = x.ld > 0 && own->n1 - n0 > f->tile_rows ? room : NULL;
    block.pack_a = first ? own->copies : NULL;
    block.sums = first ? sums : NULL;
    f->kernels->weights_block_f32(&block);
    if (first)
      dz = (rows){own->copies, 0};
  }
}

/// The bias gradient of a worker's outputs.
static void bias_sums(const gradient_job *job, int worker, int workers) {
  const ck_operand_format *f = job->format;
  int64_t n0, n1;
  ck_share(job->N, CK_LINE_FLOATS, worker, workers, &n0, &n1);
  if (n0 == n1)
    return;
  if (!job->accumulate)
    for (int64_t n = n0; n < n1; n++)
      job->db[n] = 0;
  const void *dz = ck_element(f, job->dz, n0);
  if (f->pairs) {
    f->pairs->column_sums(job->M, n1 - n0, dz, job->lddz, job->db + n0);
  } else if (!ck_is_half(f)) {
    f->kernels->column_sums_f32(job->M, n1 - n0, dz, job->lddz, job->db + n0);
  } else {
    for (int64_t n = n0; n < n1; n += CK_LINE_FLOATS) {
      float wide[CK_SUMMED_ROWS * CK_LINE_FLOATS];
      int64_t columns = n1 - n < CK_LINE_FLOATS ? n1 - n : CK_LINE_FLOATS;
      for (int64_t m = 0; m < job->M; m += CK_SUMMED_ROWS) {
        int64_t count = job->M - m < CK_SUMMED_ROWS ? job->M - m : CK_SUMMED_ROWS;
        for (int64_t r = 0; r < count; r++)
          f->convert.widen(columns, ck_element(f, job->dz, (m + r) * job->lddz + n),
                           wide + r * CK_LINE_FLOATS);
        f->kernels->column_sums_f32(count, columns, wide, CK_LINE_FLOATS, job->db + n);
      }
    }
  }
}

static share share_of(const gradient_job *job, int worker, int workers) {
  int64_t panels = ck_panels(job->K, job->format->panel_width);
  share own = {.n1 = job->N, .panel1 = panels};
  // Micropanels are read by all panels, which are packed once; else each panel is used while it is
  // in the cache.
  int64_t index = job->micropanels == 0 ? worker : worker * panels;
  if (job->by_panels) {
    ck_share(panels, 1, worker, workers, &own.panel0, &own.panel1);
    index = job->micropanels == 0 ? worker : own.panel0;
  } else {
    ck_share(job->N, job->grain, worker, workers, &own.n0, &own.n1);
  }
  own.panels = job->panels + index * job->format->panel_width * job->chunk;
  own.copies = job->copies + worker * job->copied_floats;
  return own;
}

static void gradient_worker(void *argument, int worker, int workers) {
  const gradient_job *job = argument;
  share own = share_of(job, worker, workers);
  // Small tiles sum dz while they pack it, one worker after the other if they share the panels.
  bool sums_on_the_way = job->db != NULL && job->micropanels > 0 && job->K > 0;
  if (job->db != NULL && !sums_on_the_way)
    bias_sums(job, worker, workers);
  for (int64_t m = 0; m < job->M && own.panel0 < own.panel1; m += job->chunk) {
    int64_t depth = job->M - m < job->chunk ? job->M - m : job->chunk;
    if (job->micropanels == 0) {
      if (own.n0 == own.n1)
        return;
      rows dz = load_gradients(job, m, depth, own.n0, own.n1, own.copies);
      for (int64_t panel = own.panel0; panel < own.panel1; panel++) {
        rows x = load_panel(job, m, depth, panel, own.panels);
        multiply(job, m, depth, own.n0, own.n1, panel, dz, x);
      }
      continue;
    }
    for (int64_t n = own.n0; n < own.n1; n += job->micropanels) {
      int64_t end = n + job->micropanels < own.n1 ? n + job->micropanels : own.n1;
      bool mine = !job->by_panels || n / job->micropanels % workers == worker;
      float *sums = sums_on_the_way && mine ? job->db + n : NULL;
      if (sums && m == 0 && !job->accumulate)
        ck_clear_rows(1, end - n, sums, end - n);
      multiply_small(job, m, depth, n, end, &own, sums);
    }
  }
}

// MARK: Dividing the work

/// f32: operands are read in place or packed, whichever is faster.
static void divide_f32(gradient_job *job, int64_t panels, int threads) {
  int64_t tile = job->format->tile_rows;
  bool small = tile * job->format->panel_width < CK_SMALL_TILE;
  // Micropanels should serve several panels of each thread.
  bool even = !small && panels >= threads && panels % threads == 0;
  job->by_panels = even || panels >= CK_PANELS_PER_THREAD * (int64_t)threads;
  job->grain = tile;
  job->in_place = job->ldx <= CK_SHORT_ROW_FLOATS || job->N <= CK_FEW_TILES * tile;
  if (small)
    job->micropanels = CK_MICROPANELS_OUTPUTS / tile * tile;
}

/// 16 bits: workers that share the outputs all convert x, those that share the panels all convert
/// dz: it should be the one with fewer columns.
static void divide_half(gradient_job *job) {
  job->by_panels = job->K > job->N;
  job->grain = CK_LINE_FLOATS;
  job->ldcopy = ck_copy_stride(job->N);
}

static ck_status run(ck_context *ctx, gradient_job *job) {
  int64_t M = job->M, N = job->N, K = job->K;
  if (M == 0 && !job->accumulate) {
    ck_clear_rows(N, K, job->dw, job->lddw);
    if (job->db != NULL)
      ck_clear_rows(1, N, job->db, N);
  }
  if (M == 0 || N == 0)
    return CK_OK;
  double flops = 2.0 * (double)M * (double)N * (double)(K > 0 ? K : 1);
  job->chain = ctx->f16_chain;
  int threads = ck_threads_for(ctx, flops / job->format->flops_per_ns);
  int64_t width = job->format->panel_width, panels = ck_panels(K, width);
  if (ck_is_half(job->format))
    divide_half(job);
  else
    divide_f32(job, panels, threads);
  int64_t chunk = job->micropanels > 0 ? CK_MICROPANELS_CHUNK_ROWS : CK_CHUNK_ROWS;
  job->chunk = M < chunk ? (M + 1) / 2 * 2 : chunk;
  job->copied_floats = job->chunk * (job->micropanels > 0 ? job->micropanels : job->ldcopy);
  int64_t held = job->micropanels == 0 ? threads : job->by_panels ? panels : threads * panels;
  int64_t packed = held * width * job->chunk;
  job->panels = ck_reserve(&ctx->scratch, &ctx->scratch_floats,
                           (size_t)(packed + threads * job->copied_floats) + 16);
  if (job->panels == NULL)
    return CK_ERROR_MEMORY;
  job->copies = job->panels + packed;
  ck_team_run(ctx->team, threads, gradient_worker, job);
  return CK_OK;
}

ck_status ck_dense_backward_weights_f32(ck_context *ctx, int64_t M, int64_t N, int64_t K,
                                        const float *dz, int64_t lddz, const float *x, int64_t ldx,
                                        float *dw, int64_t lddw, float *db, bool accumulate) {
  if (ctx == NULL)
    return CK_ERROR_NULL;
  CK_TRY(ck_check(dz, M, N, lddz));
  CK_TRY(ck_check(x, M, K, ldx));
  CK_TRY(ck_check(dw, N, K, lddw));
  CK_TRY(CK_CHECK_APART(2, CK_MATRIX(dw, N, K, lddw), CK_VECTOR(db, N), CK_MATRIX(dz, M, N, lddz),
                        CK_MATRIX(x, M, K, ldx)));
  gradient_job job = {.format = &ctx->f32,
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
  return run(ctx, &job);
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
  gradient_job job = {.format = &ck_half_execution_of(ctx, format)->operands,
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
  return run(ctx, &job);
}
