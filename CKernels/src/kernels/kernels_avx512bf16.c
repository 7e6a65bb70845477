// AVX-512 with AVX512_BF16: 14 x 32 tiles of dot products of pairs.
//
// VDPBF16PS runs at twice the rate of an f32 FMA on some processors and at half of it on others
// (where it is microcoded), so a context measures before it takes these.
#if defined(__x86_64__)
#include "../dispatch/dot_kernels.h"
#include "../dispatch/kernel_table.h"

#include <immintrin.h>

#define CK_FN(name) name##_avx512bf16
#define CK_HAS_FMA 1
#define CK_HAS_MASKS 1
#define CK_TILE_LANES 16

#pragma STDC FP_CONTRACT OFF
#pragma clang attribute push(                                                            \
    __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512bf16,fma,prfchw"))), \
    apply_to = function)
#include "vec/vec.h"
#include "generic/math.h"
#include "generic/activation.h"
#include "generic/dot.h"
#pragma clang attribute pop

const ck_dot_kernels *ck_dot_kernels_of(ck_isa isa) {
  static const ck_dot_kernels kernels = {
      .panel_width = CK_DOT_NR,
      .tile_rows = CK_DOT_ROWS,
      .dense_block = CK_FN(dense_block),
      .weights_block = CK_FN(weights_block),
      .pack_transposed = CK_FN(pack_transposed),
      .pack_rows = CK_FN(pack_rows),
      .pair_rows = CK_FN(pair_rows),
      .column_sums = CK_FN(column_sums),
      .spin_dot = CK_FN(spin_dot),
      .spin_fma = CK_FN(spin_fma),
  };
  __builtin_cpu_init();
  return isa == CK_ISA_AVX512 && __builtin_cpu_supports("avx512bf16") ? &kernels : NULL;
}
#else
#include "../dispatch/dot_kernels.h"

#include <stddef.h>

const ck_dot_kernels *ck_dot_kernels_of(ck_isa isa) {
  (void)isa;
  return NULL;
}
#endif
