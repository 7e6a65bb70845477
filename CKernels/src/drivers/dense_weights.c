// SPDX-License-Identifier: Apache-2.0

// Gradients of the weights: blocks of the output, each over the whole batch in ascending order.
#include "overlap.h"
#include "packed_weights.h"
#include "rows.h"

typedef struct weights_job {
  const ck_kernel_table *kernels;
  int64_t M, N, K;
  const float *dz;
  int64_t lddz;
  const float *x;
  int64_t ldx;
  float *dw;
  int64_t lddw;
  float *db;
  bool accumulate;
  /// Rows of the batch whose packed inputs stay in the cache; chains go on from chunk to chunk.
  int64_t chunk;
  /// Panels are shared out where there are enough of them, else the outputs are.
  bool by_panels;
  /// Whether whole panels are read where they are.
  bool direct;
  /// Outputs whose gradients are packed into micropanels, to be read by all panels; 0 for not at
  /// all.
  int64_t block;
  /// Room for a chunk of one panel a worker, or with `block` of all its panels. A team may be
  /// smaller than asked for, so a place in it follows from what a worker really got.
  float *scratch;
  /// A chunk of a block for each worker.
  float *copies;
} weights_job;

/// A panel of x as the kernels read it, over some rows.
typedef struct panel_rows {
  const float *x;
  int64_t ldb;
} panel_rows;

static panel_rows panel_of(const weights_job *job, int64_t m, int64_t depth, int64_t panel,
                           float *room) {
  int64_t width = job->kernels->panel_width, column = panel * width, left = job->K - column;
  const float *x = job->x + m * job->ldx + column;
  if (job->direct && left >= width)
    return (panel_rows){x, job->ldx};
  job->kernels->pack_rows_f32(left < width ? left : width, depth, x, job->ldx, room);
  return (panel_rows){room, 0};
}

/// Outputs n0..<n1 of one panel, over `depth` rows from m.
static void weights_block(const weights_job *job, int64_t m, int64_t depth, int64_t n0, int64_t n1,
                          int64_t panel, panel_rows x, const float *micropanels) {
  int64_t width = job->kernels->panel_width, column = panel * width;
  ck_weights_block block = {
      .rows = n1 - n0,
      .columns = job->K - column < width ? job->K - column : width,
      .depth = depth,
      .a = micropanels ? micropanels : job->dz + m * job->lddz + n0,
      .lda = job->lddz,
      .micropanels = micropanels != NULL,
      .panel = x.x,
      .ldb = x.ldb,
      .c = job->dw + n0 * job->lddw + column,
      .ldc = job->lddw,
      .accumulate = job->accumulate || m > 0,
  };
  job->kernels->weights_block_f32(&block);
}

static void weights_worker(void *argument, int worker, int workers) {
  const weights_job *job = argument;
  int64_t width = job->kernels->panel_width, panel0 = 0, panel1 = ck_panels(job->K, width);
  int64_t n0 = 0, n1 = job->N;
  if (job->by_panels)
    ck_share(panel1, 1, worker, workers, &panel0, &panel1);
  else
    ck_share(job->N, job->kernels->tile_rows, worker, workers, &n0, &n1);
  int64_t panel_floats = width * job->chunk, index = worker;
  if (job->block > 0)
    index = job->by_panels ? panel0 : worker * panel1;
  float *packed = job->scratch + index * panel_floats;
  float *micropanels = job->copies + worker * job->chunk * job->block;
  for (int64_t m = 0; m < job->M && n0 < n1; m += job->chunk) {
    int64_t depth = job->M - m < job->chunk ? job->M - m : job->chunk;
    if (job->block == 0) { // a panel is used while it is in the cache
      for (int64_t panel = panel0; panel < panel1; panel++)
        weights_block(job, m, depth, n0, n1, panel, panel_of(job, m, depth, panel, packed), NULL);
      continue;
    }
    for (int64_t n = n0; n < n1; n += job->block) {
      int64_t end = n + job->block < n1 ? n + job->block : n1;
      job->kernels->pack_micropanels_f32(end - n, depth, job->dz + m * job->lddz + n, job->lddz,
                                         micropanels);
      for (int64_t panel = panel0; panel < panel1; panel++) {
        float *room = packed + (panel - panel0) * panel_floats;
        panel_rows x =
            n == n0 || job->direct ? panel_of(job, m, depth, panel, room) : (panel_rows){room, 0};
        weights_block(job, m, depth, n, end, panel, x, micropanels);
      }
    }
  }
  if (job->db != NULL) {
    int64_t n0, n1;
    ck_share(job->N, 16, worker, workers, &n0, &n1);
    if (!job->accumulate)
      for (int64_t n = n0; n < n1; n++)
        job->db[n] = 0;
    if (n1 > n0)
      job->kernels->column_sums_f32(job->M, n1 - n0, job->dz + n0, job->lddz, job->db + n0);
  }
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
  if (M == 0 && !accumulate) {
    ck_clear_rows(N, K, dw, lddw);
    if (db != NULL)
      ck_clear_rows(1, N, db, N);
  }
  if (M == 0 || N == 0)
    return CK_OK;
  double flops = 2.0 * (double)M * (double)N * (double)(K > 0 ? K : 1);
  int threads = ck_threads_for(ctx, flops / 60);
  int64_t panels = ck_panels(K, ctx->kernels->panel_width);
  weights_job job = {.kernels = ctx->kernels,
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
  job.by_panels = panels >= threads && (panels % threads == 0 || panels >= 4 * threads);
  int64_t tile = ctx->kernels->tile_rows;
  // Inputs of short rows are near each other in any case, and what few tiles read is not worth
  // packing.
  job.direct = ldx <= 256 || N <= 4 * tile;
  // A small tile uses little of the lines that its steps read, and has little to do meanwhile.
  bool small = tile * ctx->kernels->panel_width < 256;
  job.block = small && panels >= 4 && N > 4 * tile ? 112 / tile * tile : 0;
  job.chunk = job.block > 0 ? 256 : 512;
  if (job.chunk > M)
    job.chunk = M;
  int64_t packed = job.block > 0 && job.by_panels ? panels
                   : job.block > 0                ? threads * panels
                                                  : threads;
  int64_t floats = packed * ctx->kernels->panel_width * job.chunk;
  job.scratch = ck_reserve(&ctx->scratch, &ctx->scratch_floats,
                           (size_t)(floats + threads * job.chunk * job.block) + 16);
  if (job.scratch == NULL)
    return CK_ERROR_MEMORY;
  job.copies = job.scratch + floats;
  ck_team_run(ctx->team, threads, weights_worker, &job);
  return CK_OK;
}
