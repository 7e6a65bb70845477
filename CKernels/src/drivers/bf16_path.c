// How a context multiplies bfloat16: chosen by measured rates, since a processor that has the
// dot-product instruction may run it at twice the rate of an FMA or at half of it.
#if defined(__linux__)
#define _POSIX_C_SOURCE 200809L
#endif
#include "bf16_path.h"

#include <time.h>

static double seconds_of(void (*spin)(int64_t), int64_t count) {
  struct timespec start, end;
  clock_gettime(CLOCK_MONOTONIC, &start);
  spin(count);
  clock_gettime(CLOCK_MONOTONIC, &end);
  return (double)(end.tv_sec - start.tv_sec) + 1e-9 * (double)(end.tv_nsec - start.tv_nsec);
}

/// Products a second: the best of some short runs in turn, so that an interruption does not decide.
static void measure(const ck_dot_kernels *dot, double *dot_rate, double *fma_rate) {
  enum { rounds = 8 };
  const int64_t count = 2000; // some ten microseconds
  *dot_rate = *fma_rate = 0;
  for (int i = 0; i < rounds; i++) {
    double rate = 14.0 * 32 * (double)count / seconds_of(dot->spin_dot, count);
    *dot_rate = rate > *dot_rate ? rate : *dot_rate;
    rate = 14.0 * 16 * (double)count / seconds_of(dot->spin_fma, count);
    *fma_rate = rate > *fma_rate ? rate : *fma_rate;
  }
}

ck_bf16_path ck_bf16_path_of(ck_context *ctx) {
  if (!ctx->bf16_known) {
    ctx->dot = ck_dot_kernels_of(ctx->isa);
    ctx->bf16 = (ck_bf16_rate){CK_BF16_WIDENED, 0, 0};
    if (ctx->dot != NULL) {
      measure(ctx->dot, &ctx->bf16.dot, &ctx->bf16.fma);
      ctx->bf16.path = ctx->bf16.dot > 1.1 * ctx->bf16.fma ? CK_BF16_DOT : CK_BF16_WIDENED;
    }
    ctx->bf16_known = true;
  }
  return ctx->bf16.path;
}

ck_status ck_context_bf16_rate(ck_context *ctx, ck_bf16_rate *rate) {
  if (ctx == NULL || rate == NULL)
    return CK_ERROR_NULL;
  ck_bf16_path_of(ctx);
  *rate = ctx->bf16;
  return CK_OK;
}

ck_status ck_context_set_bf16_path(ck_context *ctx, ck_bf16_path path) {
  if (ctx == NULL)
    return CK_ERROR_NULL;
  ck_bf16_path_of(ctx);
  if (path != CK_BF16_WIDENED && (path != CK_BF16_DOT || ctx->dot == NULL))
    return CK_ERROR_ISA;
  ctx->bf16.path = path;
  return CK_OK;
}
