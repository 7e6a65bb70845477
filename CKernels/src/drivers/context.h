// SPDX-License-Identifier: Apache-2.0

// What a context holds.
#ifndef CK_CONTEXT_PRIVATE_H
#define CK_CONTEXT_PRIVATE_H

#include "../threading/team.h"
#include "operand_format.h"

/// How a 16-bit format is multiplied, once that is known.
typedef struct ck_half_execution {
  bool known;
  ck_half_rate rate;
  ck_operand_format operands;
} ck_half_execution;

struct ck_context {
  const ck_kernel_table *kernels;
  ck_operand_format f32;
  ck_isa isa;
  int threads;
  /// CPUs there are.
  int cpus;
  /// The threads that stand by in a session, else NULL.
  ck_team *team;
  ck_half_execution half[CK_HALF_FORMAT_COUNT];
  int64_t f16_chain;
  /// Grows to the largest call and is kept.
  float *scratch;
  size_t scratch_floats;
};

/// At least `floats` floats on a cache line in *buffer; NULL where there is no memory.
float *ck_reserve(float **buffer, size_t *held, size_t floats);

/// Threads worth waking for work that takes one of them `nanoseconds` (costs.h).
int ck_threads_for(const ck_context *ctx, double nanoseconds);

/// The part [first, last) of `count` items, in steps of `grain`, that is a worker's share.
static inline void ck_share(int64_t count, int64_t grain, int worker, int workers, int64_t *first,
                            int64_t *last) {
  int64_t steps = (count + grain - 1) / grain;
  int64_t begin = steps * worker / workers * grain;
  int64_t end = steps * (worker + 1) / workers * grain;
  *first = begin < count ? begin : count;
  *last = end < count ? end : count;
}

/// Limit on sizes and numbers of elements. No machine has memory for more, and values computed from
/// sizes (rounded up, times 4096 threads, plus padding) stay below INT64_MAX.
#define CK_MAX_ELEMENTS ((int64_t)1 << 48)

/// CK_OK if an R x C matrix with leading dimension `ld` can exist.
static inline ck_status ck_check_size(int64_t rows, int64_t columns, int64_t ld) {
  if (rows < 0 || columns < 0 || ld < columns)
    return CK_ERROR_SHAPE;
  if (rows > CK_MAX_ELEMENTS || ld > CK_MAX_ELEMENTS)
    return CK_ERROR_SHAPE;
  return rows > 0 && columns > 0 && ld > CK_MAX_ELEMENTS / rows ? CK_ERROR_SHAPE : CK_OK;
}

/// CK_OK if such a matrix can exist at `p`; NULL is valid for a matrix without elements. Nothing is
/// computed from the address of such a matrix, since NULL plus an offset is undefined.
static inline ck_status ck_check(const void *p, int64_t rows, int64_t columns, int64_t ld) {
  if (ck_check_size(rows, columns, ld) != CK_OK)
    return CK_ERROR_SHAPE;
  return p == NULL && rows > 0 && columns > 0 ? CK_ERROR_NULL : CK_OK;
}

static inline ck_status ck_check_activation(ck_activation act) {
  if ((int)act.kind < CK_IDENTITY || act.kind > CK_SELU)
    return CK_ERROR_VALUE;
  if (act.kind == CK_LEAKY_RELU && !(act.slope >= 0 && act.slope < 1))
    return CK_ERROR_VALUE;
  return CK_OK;
}

#define CK_TRY(expression)            \
  do {                                \
    ck_status status_ = (expression); \
    if (status_ != CK_OK)             \
      return status_;                 \
  } while (0)

#endif
