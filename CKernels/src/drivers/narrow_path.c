// How a context multiplies a 16-bit format: chosen by measured rates, since a processor that has
// the instructions may run them at twice the rate of an FMA or at half of it.
#if defined(__linux__)
#define _POSIX_C_SOURCE 200809L
#endif
#include "costs.h"
#include "narrow_path.h"

#include <time.h>

/// A tile's product over this depth stays in the first-level cache.
enum { PROBE_DEPTH = 128, PROBE_ROUNDS = 8, PROBE_BLOCKS = 4 };

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static double faster(double known, int64_t rows, int64_t width, double start) {
  double products = (double)(PROBE_BLOCKS * rows * width * PROBE_DEPTH);
  double rate = products / (seconds() - start);
  return rate > known ? rate : known;
}

/// Products a second: the best of some short runs in turn, so that an interruption does not decide.
static ck_status measure(ck_context *ctx, const ck_narrow_kernels *direct, ck_narrow_rate *rate) {
  int64_t rows = ctx->kernels->tile_rows, width = ctx->kernels->panel_width;
  int64_t narrow_rows = direct->tile_rows, narrow_width = direct->panel_width;
  int64_t most_rows = rows > narrow_rows ? rows : narrow_rows;
  int64_t most_width = width > narrow_width ? width : narrow_width;
  int64_t floats = (most_rows + most_width) * PROBE_DEPTH + most_rows * most_width;
  float *a = ck_reserve(&ctx->scratch, &ctx->scratch_floats, (size_t)floats);
  if (a == NULL)
    return CK_ERROR_MEMORY;
  for (int64_t i = 0; i < floats; i++)
    a[i] = 0;
  float *panel = a + most_rows * PROBE_DEPTH, *c = panel + most_width * PROBE_DEPTH;
  ck_dense_block single = {.rows = rows,
                           .columns = width,
                           .depth = PROBE_DEPTH,
                           .a = a,
                           .lda = PROBE_DEPTH,
                           .panel = panel,
                           .c = c,
                           .ldc = width};
  ck_narrow_block narrow = {.rows = narrow_rows,
                            .columns = narrow_width,
                            .depth = PROBE_DEPTH,
                            .a = (const ck_narrow *)a,
                            .lda = PROBE_DEPTH,
                            .panel = (const ck_narrow *)panel,
                            .c = {.f32 = c, .ld = narrow_width},
                            .chain = ctx->f16_chain};
  for (int i = 0; i < PROBE_ROUNDS; i++) {
    double start = seconds();
    for (int block = 0; block < PROBE_BLOCKS; block++)
      direct->dense_block(&narrow);
    rate->direct = faster(rate->direct, narrow_rows, narrow_width, start);
    start = seconds();
    for (int block = 0; block < PROBE_BLOCKS; block++)
      ctx->kernels->dense_block_f32(&single);
    rate->single = faster(rate->single, rows, width, start);
  }
  return CK_OK;
}

static void take_path(ck_context *ctx, ck_narrow_format format, ck_narrow_path path,
                      const ck_narrow_kernels *kernels) {
  ck_narrow_way *way = &ctx->narrow[format];
  way->rate.path = path;
  way->operands = ck_format_narrow(ctx->kernels, kernels, ck_conversion_of(ctx->kernels, format));
}

const ck_narrow_way *ck_narrow_way_of(ck_context *ctx, ck_narrow_format format) {
  ck_narrow_way *way = &ctx->narrow[format];
  if (!way->known) {
    const ck_narrow_kernels *direct = ck_narrow_kernels_of(format, ctx->isa);
    if (direct != NULL && measure(ctx, direct, &way->rate) == CK_OK &&
        way->rate.direct > CK_WORTH_PAIRS * way->rate.single)
      take_path(ctx, format, CK_NARROW_DIRECT, direct);
    else
      take_path(ctx, format, CK_NARROW_WIDENED, NULL);
    way->known = true;
  }
  return way;
}

ck_status ck_context_narrow_rate(ck_context *ctx, ck_narrow_format format, ck_narrow_rate *rate) {
  if (ctx == NULL || rate == NULL)
    return CK_ERROR_NULL;
  CK_TRY(ck_check_format(format));
  *rate = ck_narrow_way_of(ctx, format)->rate;
  return CK_OK;
}

ck_status ck_context_set_narrow_path(ck_context *ctx, ck_narrow_format format,
                                     ck_narrow_path path) {
  if (ctx == NULL)
    return CK_ERROR_NULL;
  CK_TRY(ck_check_format(format));
  const ck_narrow_kernels *kernels = NULL;
  if (path == CK_NARROW_DIRECT)
    kernels = ck_narrow_kernels_of(format, ctx->isa);
  else if (path == CK_NARROW_EMULATED && format == CK_F16)
    kernels = ck_narrow_kernels_emulated();
  if (path != CK_NARROW_WIDENED && kernels == NULL)
    return CK_ERROR_ISA;
  ck_narrow_way_of(ctx, format);
  take_path(ctx, format, path, kernels);
  return CK_OK;
}

ck_status ck_context_set_f16_chain(ck_context *ctx, int64_t pairs) {
  if (ctx == NULL)
    return CK_ERROR_NULL;
  if (pairs < 1 || pairs > CK_F16_LONGEST_CHAIN)
    return CK_ERROR_VALUE;
  ctx->f16_chain = pairs;
  return CK_OK;
}
