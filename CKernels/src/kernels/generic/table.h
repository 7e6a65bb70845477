// SPDX-License-Identifier: Apache-2.0

// The level's table, from the list of kernels.

const ck_kernel_table CK_FN(ck_kernels) = {
    .panel_width = CK_NR,
    .tile_rows = CK_TILE_ROWS,
#define CK_KERNEL(name, parameters) .name = CK_FN(name),
#include "../../dispatch/kernel_list.def"
#undef CK_KERNEL
};
