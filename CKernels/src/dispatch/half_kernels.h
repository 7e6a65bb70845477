// SPDX-License-Identifier: Apache-2.0

// Kernels that multiply 16-bit operands as they are, where a machine has instructions for it.
#ifndef CK_HALF_KERNELS_H
#define CK_HALF_KERNELS_H

#include "kernel_table.h"

/// A block of rows times one panel: result = epilogue(A B). A panel is [ceil(depth / 2)][width][2]:
/// neighbors in depth side by side, zero behind the last.
typedef struct ck_half_block {
  int64_t rows, columns, depth; ///< columns: those of the panel that exist
  const ck_half *a;             ///< [rows][lda]
  int64_t lda;
  const ck_half *panel;
  const float *bias; ///< for this panel's columns, or NULL
  ck_activation act;
  const ck_half *h; ///< stored outputs: multiply by act'(h); NULL: apply act instead
  int64_t ldh;
  ck_result c;
  int64_t chain; ///< float16: pairs summed in 16 bits before they go to the sums in 32
} ck_half_block;

/// A block of weight gradients: C[rows][columns] += A^T B over `pairs` pairs of rows of the batch.
typedef struct ck_half_weights_block {
  int64_t rows, columns, pairs;
  const ck_half *a; ///< [pairs][lda][2]: pair (m, n) of dz
  int64_t lda;
  const ck_half *panel; ///< pairs of x: [pairs][width][2]
  float *c;
  int64_t ldc;
  bool accumulate;
  int64_t chain;
} ck_half_weights_block;

typedef struct ck_half_kernels {
  int64_t panel_width, tile_rows;
  void (*dense_block)(const ck_half_block *);
  void (*weights_block)(const ck_half_weights_block *);
  void (*sparse_block)(const ck_sparse_block *);
  /// panel pairs (k, k+1) of column i = w[i][k], w[i][k+1], rounded.
  void (*pack_transposed)(int64_t columns, int64_t depth, const float *w, int64_t ldw,
                          ck_half *panel);
  /// panel pairs (k, k+1) of column i = w[k][i], w[k+1][i], rounded.
  void (*pack_rows)(int64_t columns, int64_t depth, const float *w, int64_t ldw, ck_half *panel);
  /// to[m][i] = the pair x[2 m][i], x[2 m + 1][i]; zero behind the last row and, up to
  /// `ldto` pairs (a multiple of 4, and of 16 where a register holds 16), behind the last column.
  void (*pair_rows)(int64_t rows, int64_t columns, const ck_half *x, int64_t ldx, ck_half *to,
                    int64_t ldto);
  /// db[N] += column sums, each one chain in ascending order of the row.
  void (*column_sums)(int64_t M, int64_t N, const ck_half *dz, int64_t lddz, float *db);
} ck_half_kernels;

/// Those of an instruction set on this machine, or NULL.
const ck_half_kernels *ck_half_kernels_of(ck_half_format format, ck_isa isa);

/// Those that say, on any machine, what the kernels of float16 compute.
const ck_half_kernels *ck_half_kernels_emulated(void);

#endif
