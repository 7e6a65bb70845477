// SPDX-License-Identifier: Apache-2.0

/* The names in the one list of kernels, so that the bench can tell which of them it has no case
 * for. */
#include "CBenchProbes.h"

static const char *const names[] = {
#define CK_KERNEL(name, parameters) #name,
#include "../../CKernels/src/dispatch/kernel_list.def"
#undef CK_KERNEL
};

int probe_kernel_count(void) { return (int)(sizeof names / sizeof names[0]); }

const char *probe_kernel_name(int index) {
  return index >= 0 && index < probe_kernel_count() ? names[index] : 0;
}
