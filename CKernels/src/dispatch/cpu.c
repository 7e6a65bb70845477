// SPDX-License-Identifier: Apache-2.0

// Which instruction sets this machine has, and their tables: what follows from isa_levels.def.
#include "kernel_table.h"

#define CK_LEVEL(NAME, name, available) extern const ck_kernel_table ck_kernels_##name;
#include "isa_levels.def"
#undef CK_LEVEL

const ck_kernel_table *ck_kernel_table_of(ck_isa isa) {
  switch (isa) {
#define CK_LEVEL(NAME, name, available) \
  case CK_ISA_##NAME:                   \
    return &ck_kernels_##name;
#include "isa_levels.def"
#undef CK_LEVEL
  default:
    return NULL;
  }
}

// CPUID and XGETBV: a feature counts if the operating system keeps its registers.
#define CK_CPU_HAS(feature) __builtin_cpu_supports(feature)

bool ck_isa_available(ck_isa isa) {
#if defined(__x86_64__)
  __builtin_cpu_init();
#endif
  switch (isa) {
#define CK_LEVEL(NAME, name, available) \
  case CK_ISA_##NAME:                   \
    return available;
#include "isa_levels.def"
#undef CK_LEVEL
  default:
    return false;
  }
}

// Names, and that the enumeration has no other workers, concern all architectures.
#define CK_EVERY_LEVEL

const char *ck_isa_name(ck_isa isa) {
  switch (isa) {
#define CK_LEVEL(NAME, name, available) \
  case CK_ISA_##NAME:                   \
    return #name;
#include "isa_levels.def"
#undef CK_LEVEL
  default:
    return NULL;
  }
}

#define CK_LEVEL(NAME, name, available) +1
_Static_assert(0
#include "isa_levels.def"
                   == CK_ISA_COUNT,
               "ck_isa and isa_levels.def have the same levels");
#undef CK_LEVEL
