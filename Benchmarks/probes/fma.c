// SPDX-License-Identifier: Apache-2.0

/* Peak fp32 arithmetic: independent chains of x = x * a + b that never leave the registers. */
#include "CBenchProbes.h"
#include "team.h"

/* Enough chains to cover latency x throughput (4 cycles x 2 units for an FMA; 6 x 2 for a multiply
 * and an add), and with the two operands no more than the 16 registers of SSE and AVX2. */
#define CHAINS 14

/* The empty assembly makes every accumulator opaque once per iteration, so that the compiler
 * neither folds the chain into a closed form nor spreads it over other registers. */
#define KEEP(x) __asm__ volatile("" : "+x"(x))

typedef struct {
  uint64_t iterations;
} fma_work;

#if defined(__x86_64__)
#include <immintrin.h>

#define FMA_BODY(VECTOR, SET1, STEP)                                                             \
  uint64_t iterations = ((const fma_work *)raw)->iterations;                                     \
  (void)index;                                                                                   \
  VECTOR a = SET1(0.999999f), b = SET1(1e-6f), x[CHAINS];                                        \
  for (int c = 0; c < CHAINS; ++c)                                                               \
    x[c] = SET1((float)(c + 1));                                                                 \
  KEEP(a);                                                                                       \
  KEEP(b);                                                                                       \
  for (uint64_t i = 0; i < iterations; ++i) {                                                    \
    _Pragma("clang loop unroll(full)") for (int c = 0; c < CHAINS; ++c) x[c] = STEP(x[c], a, b); \
    _Pragma("clang loop unroll(full)") for (int c = 0; c < CHAINS; ++c) KEEP(x[c]);              \
  }

#define MULTIPLY_ADD_SSE(x, a, b) _mm_add_ps(_mm_mul_ps(x, a), b)

static void portable_body(void *raw, int index) { FMA_BODY(__m128, _mm_set1_ps, MULTIPLY_ADD_SSE) }

__attribute__((target("avx2,fma"))) static void avx2_body(void *raw, int index) {
  FMA_BODY(__m256, _mm256_set1_ps, _mm256_fmadd_ps)
}

#undef KEEP
#define KEEP(x) __asm__ volatile("" : "+v"(x))

__attribute__((target("avx512f"))) static void avx512_body(void *raw, int index) {
  FMA_BODY(__m512, _mm512_set1_ps, _mm512_fmadd_ps)
}

int probe_isa_available(probe_isa isa) {
  __builtin_cpu_init();
  switch (isa) {
  case PROBE_PORTABLE:
    return 1;
  case PROBE_AVX2:
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  case PROBE_AVX512:
    return __builtin_cpu_supports("avx512f");
  }
  return 0;
}

static const int lanes[] = {4, 8, 16};
static void (*const bodies[])(void *, int) = {portable_body, avx2_body, avx512_body};

#else

typedef float vector __attribute__((vector_size(16)));
#undef KEEP
#if defined(__aarch64__)
#define KEEP(x) __asm__ volatile("" : "+w"(x))
#else
#define KEEP(x) __asm__ volatile("" : "+m"(x))
#endif

static void portable_body(void *raw, int index) {
  uint64_t iterations = ((const fma_work *)raw)->iterations;
  (void)index;
  vector a = (vector){0} + 0.999999f, b = (vector){0} + 1e-6f, x[CHAINS];
  for (int c = 0; c < CHAINS; ++c)
    x[c] = (vector){0} + (float)(c + 1);
  KEEP(a);
  KEEP(b);
  for (uint64_t i = 0; i < iterations; ++i) {
#pragma clang fp contract(fast)
    _Pragma("clang loop unroll(full)") for (int c = 0; c < CHAINS; ++c) x[c] = x[c] * a + b;
    _Pragma("clang loop unroll(full)") for (int c = 0; c < CHAINS; ++c) KEEP(x[c]);
  }
}

int probe_isa_available(probe_isa isa) { return isa == PROBE_PORTABLE; }

static const int lanes[] = {4, 4, 4};
static void (*const bodies[])(void *, int) = {portable_body, portable_body, portable_body};

#endif

double probe_fma_operations(probe_isa isa) { return 2.0 * CHAINS * lanes[isa]; }

double probe_fma(probe_isa isa, int threads, uint64_t iterations) {
  if (!probe_isa_available(isa))
    return 0;
  fma_work work = {iterations};
  return probe_team_run(threads, NULL, bodies[isa], NULL, &work);
}
