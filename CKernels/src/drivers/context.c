// SPDX-License-Identifier: Apache-2.0

// Making and freeing contexts.
#include "context.h"
#include "costs.h"

#include <stdlib.h>

ck_status ck_context_create(const ck_context_options *options, ck_context **context) {
  if (context == NULL)
    return CK_ERROR_NULL;
  *context = NULL;
  int threads = options ? options->threads : 0;
  int isa = options ? options->isa : -1;
  if (threads < 0)
    return CK_ERROR_VALUE;
  if (isa < -1 || isa >= CK_ISA_COUNT)
    return CK_ERROR_ISA;
  if (isa == -1) {
    isa = CK_ISA_COUNT - 1;
    while (!ck_isa_available((ck_isa)isa))
      isa--;
  }
  if (!ck_isa_available((ck_isa)isa))
    return CK_ERROR_ISA;
  ck_context *ctx = calloc(1, sizeof *ctx);
  if (ctx == NULL)
    return CK_ERROR_MEMORY;
  ctx->isa = (ck_isa)isa;
  ctx->kernels = ck_kernel_table_of(ctx->isa);
  ctx->f32 = ck_format_f32(ctx->kernels);
  ctx->f16_chain = CK_F16_CHAIN;
  ctx->cpus = ck_team_default_threads();
  ctx->threads = ck_team_reserve(threads > 0 ? threads : ctx->cpus);
  *context = ctx;
  return CK_OK;
}

void ck_context_destroy(ck_context *ctx) {
  if (ctx == NULL)
    return;
  free(ctx->scratch);
  free(ctx);
}

static void note_team(void *argument, int worker, int workers) {
  if (worker == 0)
    *(int *)argument = workers;
}

ck_status ck_context_get_info(ck_context *ctx, ck_context_info *info) {
  if (ctx == NULL || info == NULL)
    return CK_ERROR_NULL;
  info->isa = ctx->isa;
  info->threads = ctx->threads;
  info->openmp = ck_team_openmp();
  ck_team_run(ctx->team, ctx->threads, note_team, &info->team);
  return CK_OK;
}

ck_status ck_context_with_team(ck_context *ctx, void (*session)(void *argument), void *argument) {
  if (ctx == NULL || session == NULL)
    return CK_ERROR_NULL;
  ck_team_hold(ctx->threads, ctx->threads > ctx->cpus, &ctx->team, session, argument);
  return CK_OK;
}

float *ck_reserve(float **buffer, size_t *held, size_t floats) {
  if (*buffer != NULL && *held >= floats)
    return *buffer;
  size_t bytes = (floats * sizeof(float) + 127) / 64 * 64;
  float *fresh = aligned_alloc(64, bytes);
  if (fresh == NULL)
    return NULL;
  free(*buffer);
  *buffer = fresh;
  *held = floats;
  return fresh;
}

int ck_threads_for(const ck_context *ctx, double nanoseconds) {
  double minimum = ctx->team == NULL          ? CK_NS_WORTH_A_REGION
                   : ctx->threads > ctx->cpus ? CK_NS_WORTH_A_WAKE
                                              : CK_NS_WORTH_A_BARRIER;
  double worth = nanoseconds / minimum;
  if (worth < 2)
    return 1;
  int threads = worth < ctx->threads ? (int)worth : ctx->threads;
  if (threads > ctx->cpus && nanoseconds / threads < CK_NS_WORTH_A_SLICE)
    threads = ctx->cpus;
  return threads;
}

const char *ck_status_text(ck_status status) {
  switch (status) {
  case CK_OK:
    return "no error";
  case CK_ERROR_NULL:
    return "a required pointer is NULL";
  case CK_ERROR_SHAPE:
    return "a size is negative or above 2^48, or a leading dimension is less than the row";
  case CK_ERROR_ISA:
    return "the instruction set is not available on this machine";
  case CK_ERROR_VALUE:
    return "a parameter is outside its range";
  case CK_ERROR_MEMORY:
    return "out of memory";
  case CK_ERROR_OVERLAP:
    return "an output overlaps another operand";
  }
  return "unknown status";
}
