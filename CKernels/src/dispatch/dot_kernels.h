// Kernels that multiply bfloat16 by dot-product instructions, where a machine has them.
#ifndef CK_DOT_KERNELS_H
#define CK_DOT_KERNELS_H

#include "CKernels.h"

/// A block of rows times one panel: result = epilogue(A B). A panel is [ceil(depth / 2)][width][2]:
/// neighbours in depth side by side, zero behind the last.
typedef struct ck_dot_block {
  int64_t rows, columns, depth; ///< columns: those of the panel that exist
  const ck_bf16 *a;             ///< [rows][lda]
  int64_t lda;
  const ck_bf16 *panel;
  const float *bias; ///< for this panel's columns, or NULL
  ck_activation act;
  const ck_bf16 *h; ///< stored outputs: multiply by act'(h); NULL: apply act instead
  int64_t ldh;
  ck_result c;
} ck_dot_block;

/// A block of weight gradients: C[rows][columns] += A^T B over `pairs` pairs of rows of the batch.
typedef struct ck_dot_weights_block {
  int64_t rows, columns, pairs;
  const uint32_t *a; ///< pair (m, n) of dz at a[m * lda + n]
  int64_t lda;
  const ck_bf16 *panel; ///< pairs of x: [pairs][width][2]
  float *c;
  int64_t ldc;
  bool accumulate;
} ck_dot_weights_block;

typedef struct ck_dot_kernels {
  int64_t panel_width, tile_rows;
  void (*dense_block)(const ck_dot_block *);
  void (*weights_block)(const ck_dot_weights_block *);
  /// panel pairs (k, k+1) of column i = w[i][k], w[i][k+1], rounded.
  void (*pack_transposed)(int64_t columns, int64_t depth, const float *w, int64_t ldw,
                          ck_bf16 *panel);
  /// panel pairs (k, k+1) of column i = w[k][i], w[k+1][i], rounded.
  void (*pack_rows)(int64_t columns, int64_t depth, const float *w, int64_t ldw, ck_bf16 *panel);
  /// to[m][i] = the pair x[2 m][i], x[2 m + 1][i]; zero behind the last row and, up to
  /// `ldto` (a multiple of 16), behind the last column.
  void (*pair_rows)(int64_t rows, int64_t columns, const ck_bf16 *x, int64_t ldx, uint32_t *to,
                    int64_t ldto);
  /// db[N] += column sums, each one chain in ascending order of the row.
  void (*column_sums)(int64_t M, int64_t N, const ck_bf16 *dz, int64_t lddz, float *db);
  /// `count` rounds of 14 independent multiply-adds in registers, of 32 and of 16 products each.
  void (*spin_dot)(int64_t count);
  void (*spin_fma)(int64_t count);
} ck_dot_kernels;

/// Those of an instruction set on this machine, or NULL.
const ck_dot_kernels *ck_dot_kernels_of(ck_isa isa);

#endif
