// SPDX-License-Identifier: Apache-2.0

// Which instruction sets this machine has, and their tables.
#include "kernel_table.h"

#define CK_LEVEL(NAME, name) extern const ck_kernel_table ck_kernels_##name;
#include "isa_levels.def"
#undef CK_LEVEL

const ck_kernel_table *ck_kernel_table_of(ck_isa isa) {
  switch (isa) {
#define CK_LEVEL(NAME, name) \
  case CK_ISA_##NAME:        \
    return &ck_kernels_##name;
#include "isa_levels.def"
#undef CK_LEVEL
  default:
    return NULL;
  }
}

const char *ck_isa_name(ck_isa isa) {
  switch (isa) {
  case CK_ISA_PORTABLE:
    return "portable";
  case CK_ISA_AVX2:
    return "avx2";
  case CK_ISA_AVX512:
    return "avx512";
  case CK_ISA_NEON:
    return "neon";
  default:
    return NULL;
  }
}

// __builtin_cpu_supports asks CPUID and XGETBV: an instruction set counts only where the operating
// system keeps its registers.
bool ck_isa_available(ck_isa isa) {
  if (ck_kernel_table_of(isa) == NULL)
    return false;
#if defined(__x86_64__)
  __builtin_cpu_init();
  switch (isa) {
  case CK_ISA_AVX2:
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  case CK_ISA_AVX512:
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("fma");
  default:
    return true;
  }
#else
  return true; // NEON with FMA is part of every arm64
#endif
}
