// SPDX-License-Identifier: Apache-2.0

// The table of a level's kernels, and what the kernels' parameters are made of.
#ifndef CK_KERNEL_TABLE_H
#define CK_KERNEL_TABLE_H

// The kernels are written in clang's vector extensions.
#if !defined(__clang__) || !__has_builtin(__builtin_elementwise_sqrt)
#error "CKernels must be compiled with clang 18 or later; programs that use it can use any compiler"
#endif

#include "CKernels.h"

/// Elements a random kernel makes at a time: 32 Philox blocks of 4 words.
enum { CK_RANDOM_BLOCK = 128 };

/// Depth below which a block of a product is over in less time than memory takes to answer.
enum { CK_SHALLOW_DEPTH = 64 };

/// A block of rows times one panel of packed columns: C = epilogue(A B).
typedef struct ck_dense_block {
  int64_t rows, columns, depth; ///< columns: those of the panel that exist
  const float *a;               ///< [rows][lda], depth used
  int64_t lda;
  const float *panel; ///< [depth][panel_width], zeros behind the last column
  const float *bias;  ///< for this panel's columns, or NULL
  ck_activation act;
  const float *h; ///< stored outputs: multiply by act'(h); NULL: apply act instead
  int64_t ldh;
  float *c;
  int64_t ldc;
  int64_t prefetch_c, prefetch_h; ///< from here to the next block's c and h, to be prefetched
} ck_dense_block;

/// Elements of a register tile below which weights_block_f32 can pack its operands on the way: a
/// step of such a tile brings too little work to cover the lines that it reads where operands lie
/// in rows (AVX2: 96 elements; AVX-512: 448).
#define CK_SMALL_TILE 256

/// A block of weight gradients: C[rows][columns] += A^T B over `depth` rows of the batch.
typedef struct ck_weights_block {
  int64_t rows, columns, depth;
  const float *a;     ///< dz: element (m, n) at a[m * lda + n]
  int64_t lda;        ///< 0 where a is packed: [rows / tile_rows][depth][tile_rows], micropanels
  const float *panel; ///< x: [depth][panel_width]
  int64_t ldb;        ///< where x is not packed: the panel's whole columns within its rows; else 0
  /// Small tiles: where operands that are not packed are packed while they are multiplied, or NULL.
  float *pack_a, *pack_b;
  float *sums; ///< with pack_a: += the column sums of a; or NULL
  float *c;
  int64_t ldc;
  bool accumulate; ///< the chains go on from what C holds, else they begin at zero
} ck_weights_block;

/// An entry of sparse rows by itself.
typedef struct ck_sparse_entry {
  int32_t row, column; ///< column: within its panel
  float value;
} ck_sparse_entry;

/// The entries of a block of sparse rows times one panel: C = act(C + S B). The chains go on from
/// what C holds.
typedef struct ck_sparse_block {
  int64_t rows, columns, entries; ///< entries: of each row
  const int32_t *index;           ///< [rows][entries]: columns of S
  const float *value;             ///< [rows][entries]
  int64_t first;                  ///< the panel's row for column 0 of S
  const void *panel;              ///< as the dense block of the same table reads it
  ck_activation act;
  float *c;
  int64_t ldc;
} ck_sparse_block;

/// Weight gradients of a panel's columns of sparse rows: C[outputs][columns] += dz^T S.
typedef struct ck_sparse_gradient_block {
  int64_t outputs, columns;
  const float *dz; ///< element (row, output) at dz[row * lddz + output]
  int64_t lddz;
  int64_t count; ///< entries, in ascending order of their row
  const ck_sparse_entry *entries;
  float *c;
  int64_t ldc;
  bool accumulate; ///< the chains go on from what C holds, else they begin at zero
} ck_sparse_gradient_block;

/// Columns to be normalized over all rows; see ck_batch_norm.h.
typedef struct ck_batch_norm_block {
  int64_t M, N;
  const float *x;
  int64_t ldx;
  const float *weight, *bias;
  float epsilon;
  ck_activation act;
  float *mean, *variance, *inverse_deviation;
  float *y;
  int64_t ldy;
} ck_batch_norm_block;

/// The same backward.
typedef struct ck_batch_norm_gradient_block {
  int64_t M, N;
  const float *dy;
  int64_t lddy;
  const float *y;
  int64_t ldy;
  const float *x;
  int64_t ldx;
  const float *weight, *mean, *inverse_deviation;
  ck_activation act;
  bool fixed;
  float *dweight, *dbias;
  float *dx; ///< or NULL
  int64_t lddx;
} ck_batch_norm_gradient_block;

/// Adam's numbers of one step, bias corrections worked out in double precision.
typedef struct ck_adam_constants {
  float beta1, beta2, weight_decay, epsilon;
  float step_size;                    ///< learning rate / (1 - beta1^t)
  float inverse_root_bias_correction; ///< 1 / sqrt(1 - beta2^t)
} ck_adam_constants;

/// Where a random block begins: element 4 * `block` of a stream.
typedef struct ck_philox_block {
  uint64_t block;
  uint32_t purpose, step;
  uint64_t keys[10][2]; ///< of each round, in 64 bits
} ck_philox_block;

typedef struct ck_kernel_table {
  /// Columns of a packed panel.
  int64_t panel_width;
  /// Rows of the register tile.
  int64_t tile_rows;
#define CK_KERNEL(name, parameters) void(*name) parameters;
#include "kernel_list.def"
#undef CK_KERNEL
} ck_kernel_table;

/// The table of a level; NULL where it is not compiled in.
const ck_kernel_table *ck_kernel_table_of(ck_isa isa);

#endif
