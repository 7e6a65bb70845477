// SPDX-License-Identifier: Apache-2.0

// Which 16-bit formats this machine multiplies as they are.
#if defined(__linux__) && defined(__aarch64__)
#include <asm/hwcap.h>
#include <sys/auxv.h>
#endif

#include "half_kernels.h"

extern const ck_half_kernels ck_half_kernels_emulatedf16;

const ck_half_kernels *ck_half_kernels_emulated(void) { return &ck_half_kernels_emulatedf16; }

#if defined(__x86_64__)
extern const ck_half_kernels ck_half_kernels_avx512bf16, ck_half_kernels_avx512fp16;

// __builtin_cpu_supports asks XGETBV too.
const ck_half_kernels *ck_half_kernels_of(ck_half_format format, ck_isa isa) {
  if (isa != CK_ISA_AVX512)
    return NULL;
  __builtin_cpu_init();
  if (format == CK_BF16)
    return __builtin_cpu_supports("avx512bf16") ? &ck_half_kernels_avx512bf16 : NULL;
  return __builtin_cpu_supports("avx512fp16") ? &ck_half_kernels_avx512fp16 : NULL;
}
#elif defined(__aarch64__)
extern const ck_half_kernels ck_half_kernels_neonfp16;

static bool has_half_arithmetic(void) {
#if defined(__ARM_FEATURE_FP16_VECTOR_ARITHMETIC)
  return true; // the target's baseline, as on Apple's processors
#elif defined(__linux__)
  return (getauxval(AT_HWCAP) & HWCAP_ASIMDHP) != 0;
#else
  return false;
#endif
}

const ck_half_kernels *ck_half_kernels_of(ck_half_format format, ck_isa isa) {
  return isa == CK_ISA_NEON && format == CK_F16 && has_half_arithmetic() ? &ck_half_kernels_neonfp16
                                                                         : NULL;
}
#else
const ck_half_kernels *ck_half_kernels_of(ck_half_format format, ck_isa isa) {
  (void)format;
  (void)isa;
  return NULL;
}
#endif
