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
  /// Outputs whose gradients are packed into micropanels, to be read by all panels; 0 for no
  /// micropanels.
  int64_t micropanels;
  /// f32: whether whole panels of x are read in place.
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
  if (job->micropanels == 0)
    return (rows){from, job->lddz};
  f->kernels->pack_micropanels_f32(n1 - n0, depth, from, job->lddz, to);
  return (rows){to, 0};
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
static void multiply(const gradient_job *job, int64_t m, int64_t depth, int64_t n0, int64_t n1,
                     int64_t panel, rows dz, rows x) {
  const ck_operand_format *f = job->format;
  int64_t width = f->panel_width, column = panel * width;
  int64_t columns = job->K - column < width ? job->K - column : width;
  float *c = job->dw + n0 * job->lddw + column;
  bool accumulate = job->accumulate || m > 0;
  if (f->pairs) {
    ck_half_weights_block block = {.rows = n1 - n0,
                                   .columns = columns,
                                   .pairs = (depth + 1) / 2,
                                   .a = (const ck_half *)dz.p,
                                   .lda = dz.ld,
                                   .panel = (const ck_half *)x.p,
                                   .c = c,
                                   .ldc = job->lddw,
                                   .accumulate = accumulate,
                                   .chain = job->chain};
    f->pairs->weights_block(&block);
  } else {
    ck_weights_block block = {.rows = n1 - n0,
                              .columns = columns,
                              .depth = depth,
                              .a = dz.p,
                              .lda = dz.ld,
                              .micropanels = job->micropanels > 0,
                              .panel = x.p,
                              .ldb = x.ld,
                              .c = c,
                              .ldc = job->lddw,
                              .accumulate = accumulate};
    f->kernels->weights_block_f32(&block);
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

static void gradient_worker(void *argument, int worker, int workers) {
  const gradient_job *job = argument;
  int64_t width = job->format->panel_width, panel0 = 0, panel1 = ck_panels(job->K, width);
  int64_t n0 = 0, n1 = job->N;
  int64_t index = job->micropanels == 0 ? worker : worker * panel1;
  if (job->by_panels) {
    ck_share(panel1, 1, worker, workers, &panel0, &panel1);
    index = job->micropanels == 0 ? worker : panel0;
  } else {
    ck_share(job->N, job->grain, worker, workers, &n0, &n1);
  }
  int64_t panel_floats = width * job->chunk,
          step = job->micropanels > 0 ? job->micropanels : job->N;
  float *panels = job->panels + index * panel_floats;
  float *copies = job->copies + worker * job->copied_floats;
  for (int64_t m = 0; m < job->M && panel0 < panel1; m += job->chunk) {
    int64_t depth = job->M - m < job->chunk ? job->M - m : job->chunk;
    for (int64_t n = n0; n < n1; n += step) {
      int64_t end = n + step < n1 ? n + step : n1;
      rows dz = load_gradients(job, m, depth, n, end, copies);
      for (int64_t panel = panel0; panel < panel1; panel++) {
        // With micropanels, panels are packed once; else each is used while it is in the cache.
        float *room = job->micropanels > 0 ? panels + (panel - panel0) * panel_floats : panels;
        bool packed = n > n0 && !job->in_place;
        rows x = packed ? (rows){room, 0} : load_panel(job, m, depth, panel, room);
        multiply(job, m, depth, n, end, panel, dz, x);
      }
    }
  }
  if (job->db != NULL)
    bias_sums(job, worker, workers);
}

// MARK: Dividing the work

/// f32: operands are read in place or packed, whichever is faster.
static void divide_f32(gradient_job *job, int64_t panels, int threads) {
  int64_t tile = job->format->tile_rows;
  job->by_panels = panels >= threads &&
                   (panels % threads == 0 || panels >= CK_PANELS_PER_THREAD * (int64_t)threads);
  job->grain = tile;
  job->in_place = job->ldx <= CK_SHORT_ROW_FLOATS || job->N <= CK_FEW_TILES * tile;
  bool small = tile * job->format->panel_width < CK_SMALL_TILE;
  if (small && panels >= CK_MICROPANELS_PANELS && job->N > CK_FEW_TILES * tile)
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
