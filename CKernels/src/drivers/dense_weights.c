// Gradients of the weights: blocks of the output, each over the whole batch in ascending order.
#include "packed_weights.h"

#include <string.h>

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
  /// Outputs whose gradients are copied side by side, to be read by all panels; 0 for not at all.
  int64_t block;
  /// Room for a chunk of one panel a member, or with `block` of all its panels. A team may be
  /// smaller than asked for, so a place in it follows from what a member really got.
  float *scratch;
  /// A chunk of a block for each member.
  float *copies;
} weights_job;

static void pack_panel(const weights_job *job, int64_t m, int64_t depth, int64_t panel,
                       float *packed) {
  int64_t width = job->kernels->panel_width, column = panel * width;
  job->kernels->pack_rows_f32(job->K - column < width ? job->K - column : width, depth,
                              job->x + m * job->ldx + column, job->ldx, packed);
}

/// Outputs n0..<n1 of one panel, over `depth` rows from m whose gradients are at `a`.
static void weights_block(const weights_job *job, int64_t m, int64_t depth, int64_t n0, int64_t n1,
                          int64_t panel, const float *packed, const float *a, int64_t lda) {
  int64_t width = job->kernels->panel_width, column = panel * width;
  ck_weights_block block = {
      .rows = n1 - n0,
      .columns = job->K - column < width ? job->K - column : width,
      .depth = depth,
      .a = a,
      .lda = lda,
      .panel = packed,
      .c = job->dw + n0 * job->lddw + column,
      .ldc = job->lddw,
      .accumulate = job->accumulate || m > 0,
  };
  job->kernels->weights_block_f32(&block);
}

static void weights_member(void *argument, int member, int members) {
  const weights_job *job = argument;
  int64_t width = job->kernels->panel_width, panel0 = 0, panel1 = ck_panels(job->K, width);
  int64_t n0 = 0, n1 = job->N;
  if (job->by_panels)
    ck_share(panel1, 1, member, members, &panel0, &panel1);
  else
    ck_share(job->N, job->kernels->tile_rows, member, members, &n0, &n1);
  int64_t panel_floats = width * job->chunk, place = member;
  if (job->block > 0)
    place = job->by_panels ? panel0 : member * panel1;
  float *packed = job->scratch + place * panel_floats;
  for (int64_t m = 0; m < job->M && n0 < n1; m += job->chunk) {
    int64_t depth = job->M - m < job->chunk ? job->M - m : job->chunk;
    const float *dz = job->dz + m * job->lddz;
    if (job->block == 0) { // a panel is used while it is in the cache
      for (int64_t panel = panel0; panel < panel1; panel++) {
        pack_panel(job, m, depth, panel, packed);
        weights_block(job, m, depth, n0, n1, panel, packed, dz + n0, job->lddz);
      }
      continue;
    }
    for (int64_t panel = panel0; panel < panel1; panel++)
      pack_panel(job, m, depth, panel, packed + (panel - panel0) * panel_floats);
    float *copy = job->copies + member * job->chunk * job->block;
    for (int64_t n = n0; n < n1; n += job->block) {
      int64_t end = n + job->block < n1 ? n + job->block : n1;
      for (int64_t r = 0; r < depth; r++)
        memcpy(copy + r * job->block, dz + r * job->lddz + n, (size_t)(end - n) * sizeof(float));
      for (int64_t panel = panel0; panel < panel1; panel++)
        weights_block(job, m, depth, n, end, panel, packed + (panel - panel0) * panel_floats, copy,
                      job->block);
    }
  }
  if (job->db != NULL) {
    int64_t n0, n1;
    ck_share(job->N, 16, member, members, &n0, &n1);
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
  if (M == 0 && !accumulate) {
    for (int64_t n = 0; n < N; n++) {
      for (int64_t k = 0; k < K; k++)
        dw[n * lddw + k] = 0;
      if (db != NULL)
        db[n] = 0;
    }
    return CK_OK;
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
  job.chunk = M < 512 ? M : 512;
  job.by_panels = panels >= threads && (panels % threads == 0 || panels >= 4 * threads);
  // Rows a multiple of a page apart compete for a few places in the cache: they are better copied,
  // some tiles' worth at a time.
  job.block = lddz % 1024 == 0 ? 8 * ctx->kernels->tile_rows : 0;
  int64_t packed = job.block > 0 && job.by_panels ? panels
                   : job.block > 0                ? threads * panels
                                                  : threads;
  int64_t floats = packed * ctx->kernels->panel_width * job.chunk;
  job.scratch = ck_reserve(&ctx->scratch, &ctx->scratch_floats,
                           (size_t)(floats + threads * job.chunk * job.block) + 16);
  if (job.scratch == NULL)
    return CK_ERROR_MEMORY;
  job.copies = job.scratch + floats;
  ck_team_run(ctx->team, threads, weights_member, &job);
  return CK_OK;
}
