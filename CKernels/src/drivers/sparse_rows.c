// SPDX-License-Identifier: Apache-2.0

// Gradients of the weights that sparse rows are multiplied by: a panel of columns at a time, with
// the entries that lie in it.
#include "sparse_rows.h"
#include "blocking.h"
#include "rows.h"

#include <string.h>

ck_status ck_check_sparse(const ck_sparse_rows *s, int64_t rows, int64_t columns) {
  if (s == NULL)
    return CK_ERROR_NULL;
  if (columns < 0 || columns > INT32_MAX || s->entries < 0)
    return CK_ERROR_SHAPE;
  CK_TRY(ck_check(s->columns, rows, s->entries, s->entries));
  CK_TRY(ck_check(s->values, rows, s->entries, s->entries));
  bool inside = true;
  for (int64_t i = 0; i < rows * s->entries; i++)
    inside &= s->columns[i] >= 0 && s->columns[i] < columns;
  return inside ? CK_OK : CK_ERROR_VALUE;
}

typedef struct gradient_job {
  const ck_kernel_table *kernels;
  int64_t M, N, S;
  const float *dz;
  int64_t lddz;
  float *dw;
  int64_t lddw;
  bool accumulate;
  /// Whether panels are shared out, else the outputs are.
  bool by_panels;
  /// Each panel's entries in ascending order of their row: entries[starts[panel]] and on.
  int32_t *starts;
  ck_sparse_entry *entries;
} gradient_job;

/// Sorts the entries by panel, each panel's in their order. O(entries + panels).
static void sort_entries(gradient_job *job, const ck_sparse_rows *s) {
  int64_t width = job->kernels->panel_width, panels = ck_panels(job->S, width);
  memset(job->starts, 0, (size_t)(panels + 2) * sizeof *job->starts);
  for (int64_t i = 0; i < job->M * s->entries; i++)
    job->starts[s->columns[i] / width + 2]++;
  for (int64_t p = 0; p < panels; p++)
    job->starts[p + 2] += job->starts[p + 1];
  // Counted a place further on: as they are filled in, a panel's start moves to its end.
  for (int64_t row = 0, i = 0; row < job->M; row++)
    for (int64_t e = 0; e < s->entries; e++, i++) {
      int32_t panel = s->columns[i] / (int32_t)width;
      job->entries[job->starts[panel + 1]++] =
          (ck_sparse_entry){(int32_t)row, s->columns[i] - panel * (int32_t)width, s->values[i]};
    }
}

static void gradient_worker(void *argument, int worker, int workers) {
  const gradient_job *job = argument;
  int64_t width = job->kernels->panel_width, n0 = 0, n1 = job->N;
  int64_t panel0 = 0, panel1 = ck_panels(job->S, width);
  if (job->by_panels)
    ck_share(panel1, 1, worker, workers, &panel0, &panel1);
  else
    ck_share(job->N, CK_LINE_FLOATS, worker, workers, &n0, &n1);
  for (int64_t panel = panel0; panel < panel1 && n0 < n1; panel++) {
    int64_t left = job->S - panel * width, first = job->starts[panel];
    ck_sparse_gradient_block block = {
        .outputs = n1 - n0,
        .columns = left < width ? left : width,
        .dz = job->dz + n0,
        .lddz = job->lddz,
        .count = job->starts[panel + 1] - first,
        .entries = job->entries + first,
        .c = job->dw + n0 * job->lddw + panel * width,
        .ldc = job->lddw,
        .accumulate = job->accumulate,
    };
    if (block.count > 0 || !job->accumulate)
      job->kernels->sparse_gradient_block_f32(&block);
  }
}

ck_status ck_sparse_backward_weights_f32(ck_context *ctx, int64_t M, int64_t N, int64_t S,
                                         const float *dz, int64_t lddz, const ck_sparse_rows *s,
                                         float *dw, int64_t lddw, bool accumulate) {
  if (ctx == NULL)
    return CK_ERROR_NULL;
  CK_TRY(ck_check(dz, M, N, lddz));
  CK_TRY(ck_check(dw, N, S, lddw));
  CK_TRY(ck_check_sparse(s, M, S));
  CK_TRY(CK_CHECK_APART(1, CK_MATRIX(dw, N, S, lddw), CK_MATRIX(dz, M, N, lddz),
                        ck_sparse_columns(s, M), ck_sparse_values(s, M)));
  if (M == 0 || s->entries == 0) {
    if (!accumulate)
      ck_clear_rows(N, S, dw, lddw);
    return CK_OK;
  }
  if (N == 0 || S == 0)
    return CK_OK;
  int64_t width = ctx->kernels->panel_width, panels = ck_panels(S, width);
  if (M * s->entries > INT32_MAX)
    return CK_ERROR_SHAPE;
  double entries = (double)M * (double)s->entries;
  int threads = ck_threads_for(ctx, CK_NS_SPARSE_GRADIENT * (double)N * ((double)S + entries));
  gradient_job job = {.kernels = ctx->kernels,
                      .M = M,
                      .N = N,
                      .S = S,
                      .dz = dz,
                      .lddz = lddz,
                      .dw = dw,
                      .lddw = lddw,
                      .accumulate = accumulate,
                      .by_panels = panels >= CK_PANELS_PER_THREAD * (int64_t)threads};
  size_t starts = (size_t)((panels + 2 + CK_LINE_FLOATS - 1) / CK_LINE_FLOATS * CK_LINE_FLOATS);
  size_t sorted = (size_t)(M * s->entries) * sizeof(ck_sparse_entry) / sizeof(float);
  float *room = ck_reserve(&ctx->scratch, &ctx->scratch_floats, starts + sorted + 16);
  if (room == NULL)
    return CK_ERROR_MEMORY;
  job.starts = (int32_t *)room;
  job.entries = (ck_sparse_entry *)(room + starts);
  sort_entries(&job, s);
  ck_team_run(ctx->team, threads, gradient_worker, &job);
  return CK_OK;
}
