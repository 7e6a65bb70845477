// Gradients of the weights: blocks of the output, each over the whole batch in ascending order.
#include "packed_weights.h"

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
  /// The outputs are cut into this many groups where the panels alone are too few to share.
  int64_t groups;
  float *scratch;
} weights_job;

static void weights_task(const weights_job *job, int64_t panel, int64_t group, float *packed) {
  int64_t width = job->kernels->panel_width, column = panel * width, n0, n1;
  int64_t columns = job->K - column < width ? job->K - column : width;
  ck_share(job->N, job->kernels->tile_rows, (int)group, (int)job->groups, &n0, &n1);
  if (n0 == n1)
    return;
  for (int64_t m = 0; m < job->M; m += job->chunk) {
    int64_t depth = job->M - m < job->chunk ? job->M - m : job->chunk;
    job->kernels->pack_rows_f32(columns, depth, job->x + m * job->ldx + column, job->ldx, packed);
    ck_weights_block block = {
        .rows = n1 - n0,
        .columns = columns,
        .depth = depth,
        .a = job->dz + m * job->lddz + n0,
        .lda = job->lddz,
        .panel = packed,
        .c = job->dw + n0 * job->lddw + column,
        .ldc = job->lddw,
        .accumulate = job->accumulate || m > 0,
    };
    job->kernels->weights_block_f32(&block);
  }
}

static void weights_member(void *argument, int member, int members) {
  const weights_job *job = argument;
  int64_t tasks = ck_panels(job->K, job->kernels->panel_width) * job->groups, first, last;
  float *packed = job->scratch + member * job->chunk * job->kernels->panel_width;
  ck_share(tasks, 1, member, members, &first, &last);
  for (int64_t task = first; task < last; task++)
    weights_task(job, task / job->groups, task % job->groups, packed);
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
  job.groups = threads == 1 || panels % threads == 0 ? 1 : threads;
  job.scratch = ck_reserve(&ctx->scratch, &ctx->scratch_floats,
                           (size_t)(threads * job.chunk * ctx->kernels->panel_width));
  if (job.scratch == NULL)
    return CK_ERROR_MEMORY;
  ck_team_run(ctx->team, threads, weights_member, &job);
  return CK_OK;
}
