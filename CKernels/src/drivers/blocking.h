// SPDX-License-Identifier: Apache-2.0

// Block sizes. They decide speed alone: no bit of a result depends on them.
//
// They follow from the level's register tile (tile_rows x panel_width: portable 6 x 8, AVX2 6 x 16,
// AVX-512 14 x 32, NEON 12 x 8) and from an L1 cache of 32 KiB and an L2 cache of 512 KiB. Packed
// operands are counted in floats; a pair of 16-bit values takes the room of one.
#ifndef CK_BLOCKING_H
#define CK_BLOCKING_H

#include "../dispatch/kernel_table.h"

enum {
  /// A cache line, and the widest vector. Threads that share columns begin at multiples of it.
  CK_LINE_FLOATS = 16,
  /// A page. Rows a multiple of it apart compete for one set of L1, which has 8 to 12 lines.
  CK_PAGE_FLOATS = 1024,

  // Products: rows of A stay in L2 while the panels of B pass by, and each panel comes to L1 tile
  // by tile.

  /// Of A's rows in L2: three quarters of 512 KiB. The rest is for the panel and the result.
  CK_ROW_BLOCK_FLOATS = 384 * 1024 / 4,
  /// Tiles of rows that share a panel at least, however deep the product: each float of a panel
  /// that comes from L3 then serves 36 rows (AVX2) or 84 (AVX-512).
  CK_ROW_BLOCK_TILES = 6,
  /// The same where the depth is below CK_SHALLOW_DEPTH. Such a product is bound by the result that
  /// it writes: few rows at a time keep what a panel writes beside what the one before it has
  /// written.
  CK_SHALLOW_BLOCK_TILES = 2,
  /// Work is shared by rows where each thread gets this many whole tiles, which bounds the loss to
  /// an incomplete tile to a third; else by panels.
  CK_TILES_PER_THREAD = 2,

  // Gradients of weights: a chunk of the batch at a time, in which a panel of x and a tile of dz
  // stay in the cache.

  /// Rows of a chunk. A panel of x takes 512 x panel_width floats: 16 KiB (portable, NEON), 32 KiB
  /// (AVX2) or 64 KiB (AVX-512) of L2, and partial sums are read and written once in 512 steps.
  CK_CHUNK_ROWS = 512,
  /// Rows of a chunk of small tiles, where dz is packed into micropanels of a tile's height, too.
  /// With AVX2 a panel (16 KiB) and a micropanel (6 KiB) lie in L1 together, with NEON 8 and 12
  /// KiB.
  CK_MICROPANELS_CHUNK_ROWS = 256,
  /// Outputs whose micropanels stay in L2 while the panels pass by: 108 for tiles of 6 and of 12
  /// rows. 108 x 256 floats are 108 KiB.
  CK_MICROPANELS_OUTPUTS = 112,
  /// Large tiles read x in place where its rows are this short (1 KiB: four to a page), or where no
  /// more than CK_FEW_TILES tiles of outputs read it; else its panels are packed.
  CK_SHORT_ROW_FLOATS = 256,
  CK_FEW_TILES = 4,
  /// Panels are shared out only where each thread gets this many, so that one more or less is at
  /// most a quarter; else the outputs are.
  CK_PANELS_PER_THREAD = 4,
  /// 16-bit rows that are widened at a time for the sums of a line of columns: 16 KiB.
  CK_SUMMED_ROWS = 256,

  // Element by element.

  /// Values that are converted in two steps at a time, on the stack.
  CK_ROUNDED_FLOATS = 256,
  /// Rows below a vector's length are gathered, this many floats at a time (4 KiB of stack), so
  /// that no lane is empty.
  CK_GATHERED_FLOATS = 1024,
  /// Rows of softmax whose spans are taken one after the other, 64 KiB of L2; at least the 64 rows
  /// whose spans of up to 16 columns the kernel gathers at a time.
  CK_SOFTMAX_FLOATS = 16384,
  CK_SOFTMAX_ROWS = 64,
};

/// Rows of A, whole tiles of them, that are multiplied by one panel after the other.
static inline int64_t ck_row_block(int64_t depth, int64_t tile_rows) {
  int64_t rows = CK_ROW_BLOCK_FLOATS / (depth + 1) / tile_rows * tile_rows;
  return rows < CK_ROW_BLOCK_TILES * tile_rows ? CK_ROW_BLOCK_TILES * tile_rows : rows;
}

/// Floats between the rows of a copy: whole lines, and no multiple of a quarter of a page, which
/// would place every fourth row in the same sets of L1.
static inline int64_t ck_copy_stride(int64_t columns) {
  int64_t stride = (columns + CK_LINE_FLOATS - 1) / CK_LINE_FLOATS * CK_LINE_FLOATS;
  return stride % (CK_PAGE_FLOATS / 4) == 0 ? stride + CK_LINE_FLOATS : stride;
}

/// Rows of a block of softmax.
static inline int64_t ck_softmax_block(int64_t columns) {
  int64_t rows = CK_SOFTMAX_FLOATS / columns / CK_SOFTMAX_ROWS * CK_SOFTMAX_ROWS;
  return rows < CK_SOFTMAX_ROWS ? CK_SOFTMAX_ROWS : rows;
}

#endif
