// SPDX-License-Identifier: Apache-2.0

/* What a product of a BLAS still lacks to be a layer: one more pass over its result, or over its
 * operand. Compiled for AVX2 and AVX-512 too, and shared out over the peer's own threads, so that
 * the peer is not held back by it. */
#include "CBenchPeers.h"
#include "CBenchProbes.h"

#include <string.h>

typedef struct {
  int64_t rows, columns, stride, other_stride;
  float slope;
  const float *input;
  float *result;
  const probe_peer_threads *threads;
} pass;

/* Whole cache lines for every member, so that no two write to one. */
static void share_of(int64_t count, int64_t unit, const probe_peer_threads *threads, int64_t *begin,
                     int64_t *end) {
  int members = 1, member = 0;
  if (threads->parallel != NULL) {
    members = threads->team_size();
    member = threads->member();
  }
  int64_t units = (count + unit - 1) / unit;
  *begin = units * member / members * unit;
  *end = units * (member + 1) / members * unit;
  *end = *end < count ? *end : count;
}

__attribute__((always_inline)) static inline void bias_activation(const pass *p) {
  int64_t begin, end;
  share_of(p->rows, 1, p->threads, &begin, &end);
  const float *restrict bias = p->input;
  for (int64_t r = begin; r < end; ++r) {
    float *restrict row = p->result + r * p->stride;
    for (int64_t c = 0; c < p->columns; ++c) {
      float z = row[c] + bias[c];
      row[c] = z > 0 ? z : p->slope * z;
    }
  }
}

__attribute__((always_inline)) static inline void derivative(const pass *p) {
  int64_t begin, end;
  share_of(p->rows, 1, p->threads, &begin, &end);
  for (int64_t r = begin; r < end; ++r) {
    float *restrict row = p->result + r * p->stride;
    const float *restrict output = p->input + r * p->other_stride;
    for (int64_t c = 0; c < p->columns; ++c)
      row[c] *= output[c] > 0 ? 1 : p->slope;
  }
}

/* Eight rows at a time: the sums are loaded and stored once for eight additions. */
__attribute__((always_inline)) static inline void column_sums(const pass *p) {
  int64_t begin, end, s = p->stride, r = 0;
  share_of(p->columns, 16, p->threads, &begin, &end);
  float *restrict sums = p->result;
  for (int64_t c = begin; c < end; ++c)
    sums[c] = 0;
  for (; r + 8 <= p->rows; r += 8) {
    const float *restrict a = p->input + r * s;
    for (int64_t c = begin; c < end; ++c)
      sums[c] += ((a[c] + a[c + s]) + (a[c + 2 * s] + a[c + 3 * s])) +
                 ((a[c + 4 * s] + a[c + 5 * s]) + (a[c + 6 * s] + a[c + 7 * s]));
  }
  for (; r < p->rows; ++r) {
    const float *restrict a = p->input + r * s;
    for (int64_t c = begin; c < end; ++c)
      sums[c] += a[c];
  }
}

#if defined(__x86_64__)
#define LEVELS(NAME)                                                                       \
  static void NAME##_portable(void *raw) { NAME(raw); }                                    \
  __attribute__((target("avx2,fma"))) static void NAME##_avx2(void *raw) { NAME(raw); }    \
  __attribute__((target("avx512f,avx512vl,avx512bw,avx512dq"))) static void NAME##_avx512( \
      void *raw) {                                                                         \
    NAME(raw);                                                                             \
  }                                                                                        \
  static void (*const NAME##_levels[])(void *) = {NAME##_portable, NAME##_avx2, NAME##_avx512};
#else
#define LEVELS(NAME)                                                                \
  static void NAME##_portable(void *raw) { NAME(raw); }                             \
  static void (*const NAME##_levels[])(void *) = {NAME##_portable, NAME##_portable, \
                                                  NAME##_portable};
#endif

LEVELS(bias_activation)
LEVELS(derivative)
LEVELS(column_sums)

static void run(void (*const levels[])(void *), pass *p) {
  int level = probe_isa_available(PROBE_AVX512) ? 2 : probe_isa_available(PROBE_AVX2) ? 1 : 0;
  if (p->threads->parallel != NULL && p->threads->count > 1)
    p->threads->parallel(levels[level], p, (unsigned)p->threads->count, 0);
  else {
    probe_peer_threads alone = {0};
    p->threads = &alone;
    levels[level](p);
  }
}

void probe_peer_bias_activation(const probe_peer_threads *threads, int64_t rows, int64_t columns,
                                const float *bias, float slope, float *y, int64_t stride) {
  pass p = {.rows = rows,
            .columns = columns,
            .stride = stride,
            .slope = slope,
            .input = bias,
            .result = y,
            .threads = threads};
  run(bias_activation_levels, &p);
}

void probe_peer_derivative(const probe_peer_threads *threads, int64_t rows, int64_t columns,
                           const float *output, int64_t output_stride, float slope, float *dx,
                           int64_t stride) {
  pass p = {.rows = rows,
            .columns = columns,
            .stride = stride,
            .other_stride = output_stride,
            .slope = slope,
            .input = output,
            .result = dx,
            .threads = threads};
  run(derivative_levels, &p);
}

void probe_peer_column_sums(const probe_peer_threads *threads, int64_t rows, int64_t columns,
                            const float *dz, int64_t stride, float *sums) {
  pass p = {.rows = rows,
            .columns = columns,
            .stride = stride,
            .input = dz,
            .result = sums,
            .threads = threads};
  run(column_sums_levels, &p);
}
