// SPDX-License-Identifier: Apache-2.0

/* Rates of single vector instructions: independent chains of one instruction in registers. */
#include "CBenchProbes.h"
#include "team.h"

/* Latency times throughput of everything but divisions, which are slow enough for any number. */
#define CHAINS 14

typedef struct {
  uint64_t iterations;
} chain_work;

/* The instruction is written down, so that no compiler finds a better one. */
#define CHAIN(NAME, TARGET, VECTOR, REGISTER, INSTRUCTION)                                  \
  TARGET static void NAME(void *raw, int index) {                                           \
    uint64_t iterations = ((const chain_work *)raw)->iterations;                            \
    (void)index;                                                                            \
    VECTOR one = (VECTOR){0} + 1.0f, x[CHAINS];                                             \
    for (int c = 0; c < CHAINS; ++c)                                                        \
      x[c] = one;                                                                           \
    for (uint64_t i = 0; i < iterations; ++i) {                                             \
      _Pragma("clang loop unroll(full)") for (int c = 0; c < CHAINS; ++c) __asm__ volatile( \
          INSTRUCTION : "+" REGISTER(x[c]) : REGISTER(one));                                \
    }                                                                                       \
  }

typedef float vector4 __attribute__((vector_size(16)));

#if defined(__x86_64__)
typedef float vector8 __attribute__((vector_size(32)));
typedef float vector16 __attribute__((vector_size(64)));
#define AVX2 __attribute__((target("avx2,fma")))
#define AVX512 __attribute__((target("avx512f")))

CHAIN(wide_portable, , vector4, "x", "pmuludq %1, %0")
CHAIN(divide_portable, , vector4, "x", "divps %1, %0")
CHAIN(root_portable, , vector4, "x", "sqrtps %0, %0")
CHAIN(any_portable, , vector4, "x", "paddd %1, %0")
CHAIN(wide_avx2, AVX2, vector8, "x", "vpmuludq %1, %0, %0")
CHAIN(divide_avx2, AVX2, vector8, "x", "vdivps %1, %0, %0")
CHAIN(root_avx2, AVX2, vector8, "x", "vsqrtps %0, %0")
CHAIN(any_avx2, AVX2, vector8, "x", "vpaddd %1, %0, %0")
CHAIN(wide_avx512, AVX512, vector16, "v", "vpmuludq %1, %0, %0")
CHAIN(divide_avx512, AVX512, vector16, "v", "vdivps %1, %0, %0")
CHAIN(root_avx512, AVX512, vector16, "v", "vsqrtps %0, %0")
CHAIN(any_avx512, AVX512, vector16, "v", "vpaddd %1, %0, %0")

static const int lanes[] = {4, 8, 16};
static void (*const bodies[4][3])(void *, int) = {
    {wide_portable, wide_avx2, wide_avx512},
    {divide_portable, divide_avx2, divide_avx512},
    {root_portable, root_avx2, root_avx512},
    {any_portable, any_avx2, any_avx512},
};
#elif defined(__aarch64__)
CHAIN(wide_portable, , vector4, "w", "umull %0.2d, %0.2s, %1.2s")
CHAIN(divide_portable, , vector4, "w", "fdiv %0.4s, %0.4s, %1.4s")
CHAIN(root_portable, , vector4, "w", "fsqrt %0.4s, %0.4s")
CHAIN(any_portable, , vector4, "w", "add %0.4s, %0.4s, %1.4s")

static const int lanes[] = {4, 4, 4};
static void (*const bodies[4][3])(void *, int) = {
    {wide_portable, wide_portable, wide_portable},
    {divide_portable, divide_portable, divide_portable},
    {root_portable, root_portable, root_portable},
    {any_portable, any_portable, any_portable},
};
#else
static const int lanes[] = {4, 4, 4};
static void (*const bodies[4][3])(void *, int) = {{0}};
#endif

double probe_lanes(probe_isa isa) { return lanes[isa]; }

double probe_instructions_per_iteration(void) { return CHAINS; }

double probe_instruction(probe_instruction_kind kind, probe_isa isa, int threads,
                         uint64_t iterations) {
  if (!probe_isa_available(isa) || bodies[kind][isa] == 0)
    return 0;
  chain_work work = {iterations};
  return probe_team_run(threads, NULL, bodies[kind][isa], NULL, &work);
}
