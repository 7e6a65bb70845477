// SPDX-License-Identifier: Apache-2.0

// Register-tiled products. A tile of up to CK_TILE_ROWS x 2 vectors stays in registers over the
// whole depth, so every element is one chain of FMAs in ascending order of the summed index.

enum { CK_FN(panel_width) = 2 * CK_TILE_LANES };
#define CK_NR (2 * CK_TILE_LANES)

/// Steps of a weights' tile that the rows it reads are prefetched: they are far apart.
#define CK_WEIGHTS_PREFETCH 8

/// A panel's row of floats.
CK_INLINE void prefetch_floats(const float *p) {
  for (int j = 0; j < CK_NR; j += 16)
    __builtin_prefetch(p + j);
}

/// A row that a tile will touch when it is done, asked for during its first steps: all rows at once
/// would keep what the steps wait for from coming.
CK_INLINE void prefetch_row(const float *p) {
  for (int j = 0; j < CK_NR; j += 16)
    __builtin_prefetch(p + j, 1);
}

/// One step of a tile's chains: element i of a column, `apart` from each other, times the panel's
/// row.
CK_INLINE void tile_step(vtile acc[CK_TILE_ROWS][2], const float *a, int64_t apart, const float *b,
                         int MR) {
  vtile b0 = load_tile(b), b1 = load_tile(b + CK_TILE_LANES);
#pragma clang loop unroll(full)
  for (int i = 0; i < MR; i++) {
    vtile x = (vtile)a[i * apart];
    acc[i][0] = fma_tile(x, b0, acc[i][0]);
    acc[i][1] = fma_tile(x, b1, acc[i][1]);
  }
}

/// The tile goes to C by way of the piecewise linear part of the epilogue, in registers.
CK_INLINE void finish_tile(const ck_dense_block *p, vtile acc[CK_TILE_ROWS][2], int64_t row, int MR,
                           ck_activation act, bool derivative) {
  vlanes lanes[2] = {first_lanes(p->columns), first_lanes(p->columns - CK_TILE_LANES)};
  float *c = p->c + row * p->ldc;
  const float *h = derivative ? p->h + row * p->ldh : NULL;
#pragma clang loop unroll(full)
  for (int i = 0; i < MR; i++)
#pragma clang loop unroll(full)
    for (int j = 0; j < 2; j++) {
      vtile v = acc[i][j];
      int64_t column = j * CK_TILE_LANES;
      v = derivative ? piecewise_linear_derivative_tile(
                           act, v, load_lanes(h + i * p->ldh + column, lanes[j]))
                     : piecewise_linear_tile(act, v);
      store_lanes(c + i * p->ldc + column, lanes[j], v);
    }
}

CK_INLINE void dense_tile(const ck_dense_block *p, const float *bias, int64_t row, int MR) {
  vtile acc[CK_TILE_ROWS][2];
  vtile bias0 = load_tile(bias), bias1 = load_tile(bias + CK_TILE_LANES);
#pragma clang loop unroll(full)
  for (int i = 0; i < MR; i++) {
    acc[i][0] = bias0;
    acc[i][1] = bias1;
  }
  const float *a = p->a + row * p->lda;
  const float *b = p->panel;
  int64_t lda = p->lda, depth = p->depth, k = 0;
  // A shallow tile is over before what it asks for has come: it asks for the next block's rows.
  bool shallow = depth < CK_SHALLOW_DEPTH;
  int64_t ldh = p->h ? p->ldh : p->ldc;
  const float *next_c = p->c + row * p->ldc + (shallow ? p->prefetch_c : 0), *next_h = next_c;
  if (p->h)
    next_h = p->h + row * p->ldh + (shallow ? p->prefetch_h : 0);
  for (; k < MR && k < depth; k++, b += CK_NR, next_c += p->ldc, next_h += ldh) {
    prefetch_row(next_c);
    prefetch_row(next_h);
    tile_step(acc, a + k, lda, b, MR);
  }
  for (int64_t i = k; i < MR; i++, next_c += p->ldc, next_h += ldh) {
    prefetch_row(next_c);
    prefetch_row(next_h);
  }
  for (; k < depth; k++, b += CK_NR)
    tile_step(acc, a + k, lda, b, MR);
  // A copy for each function that stays in registers; curved ones are applied to the whole block
  // afterwards, while it is in the cache: here they would cost the tile its registers.
  ck_activation relu = {CK_RELU, 0}, leaky = {CK_LEAKY_RELU, p->act.slope}, none = {CK_IDENTITY, 0};
  switch (p->act.kind) {
  case CK_RELU:
    if (p->h)
      finish_tile(p, acc, row, MR, relu, true);
    else
      finish_tile(p, acc, row, MR, relu, false);
    break;
  case CK_LEAKY_RELU:
    if (p->h)
      finish_tile(p, acc, row, MR, leaky, true);
    else
      finish_tile(p, acc, row, MR, leaky, false);
    break;
  default:
    finish_tile(p, acc, row, MR, none, false);
  }
}

/// The next tile's rows of C, or this one's if they are not read first.
CK_INLINE const float *next_rows(const ck_weights_block *p, int64_t row, int MR) {
  return p->c + (p->accumulate ? row + MR : row) * p->ldc;
}

/// The steps of a tile whose operands are read where they lie, or packed.
CK_INLINE void weights_steps(const ck_weights_block *p, vtile acc[CK_TILE_ROWS][2], int64_t row,
                             int MR) {
  int64_t lda = p->lda > 0 ? p->lda : CK_TILE_ROWS, ldb = p->ldb > 0 ? p->ldb : CK_NR;
  int64_t depth = p->depth, m = 0;
  const float *a = p->a + (p->lda > 0 ? row : row * depth), *b = p->panel;
  const float *soon = next_rows(p, row, MR);
  for (; m < MR && m < depth; m++, a += lda, b += ldb, soon += p->ldc) {
    prefetch_row(soon);
    tile_step(acc, a, 1, b, MR);
  }
  for (; m < depth; m++, a += lda, b += ldb) {
    __builtin_prefetch(a + CK_WEIGHTS_PREFETCH * lda);
    __builtin_prefetch(a + CK_WEIGHTS_PREFETCH * lda + MR - 1);
    prefetch_floats(b + CK_WEIGHTS_PREFETCH * ldb);
    tile_step(acc, a, 1, b, MR);
  }
}

#define CK_PACKS_ON_THE_WAY (CK_TILE_ROWS * CK_NR < CK_SMALL_TILE)
#if CK_PACKS_ON_THE_WAY
// A register that holds a tile's height as two halves, which overlap, can sum it on the way.
#define CK_SUMS_IN_TILE (CK_TILE_LANES == 8 && CK_TILE_ROWS < 8)

/// The same where the steps pack the operand that they read first: A with its column sums, or B.
/// Both would take one register too many.
CK_INLINE void packing_steps(const ck_weights_block *p, vtile acc[CK_TILE_ROWS][2], int64_t row,
                             int MR, bool pack_a, bool pack_b) {
  int64_t lda = p->lda > 0 ? p->lda : CK_TILE_ROWS, ldb = p->ldb > 0 ? p->ldb : CK_NR;
  int64_t depth = p->depth;
  const float *a = p->a + (p->lda > 0 ? row : row * depth), *b = p->panel;
  float *to_a = pack_a ? p->pack_a + row * depth : NULL, *to_b = p->pack_b;
  const float *soon = next_rows(p, row, MR);
  for (int64_t i = 0; i < MR && i < depth; i++, soon += p->ldc)
    prefetch_row(soon);
#if CK_SUMS_IN_TILE
  typedef float vhalf __attribute__((ext_vector_type(CK_TILE_LANES / 2)));
  vtile sums = (vtile)0.0f;
  if (pack_a && p->sums)
#pragma clang loop unroll(full)
    for (int i = 0; i < MR; i++)
      sums[i < 4 ? i : 8 - MR + i] = p->sums[row + i];
#endif
  for (int64_t m = 0; m < depth; m++, a += lda, b += ldb) {
    if (pack_a) {
      __builtin_prefetch(a + CK_WEIGHTS_PREFETCH * lda);
      __builtin_prefetch(a + CK_WEIGHTS_PREFETCH * lda + MR - 1);
#if CK_SUMS_IN_TILE
      if (MR >= 4) {
        vhalf front, back;
        __builtin_memcpy(&front, a, sizeof front);
        __builtin_memcpy(&back, a + MR - 4, sizeof back);
        sums += __builtin_shufflevector(front, back, 0, 1, 2, 3, 4, 5, 6, 7);
      } else {
#pragma clang loop unroll(full)
        for (int i = 0; i < MR; i++)
          sums[i] += a[i];
      }
#endif
      __builtin_memcpy(to_a, a, (size_t)MR * sizeof(float));
      to_a += CK_TILE_ROWS;
    }
    if (pack_b) {
      prefetch_floats(b + CK_WEIGHTS_PREFETCH * ldb);
      store_tile(to_b, load_tile(b));
      store_tile(to_b + CK_TILE_LANES, load_tile(b + CK_TILE_LANES));
      to_b += CK_NR;
    }
    // The step loads its operands again, each element of a to a whole register: kept from above, or
    // with the sums put off, they would cost the tile its registers.
#if CK_SUMS_IN_TILE
    __asm__ volatile("" : "+x"(sums));
#endif
    __asm__ volatile("" : "+r"(a), "+r"(b));
    tile_step(acc, a, 1, b, MR);
  }
#if CK_SUMS_IN_TILE
  if (pack_a && p->sums)
#pragma clang loop unroll(full)
    for (int i = 0; i < MR; i++)
      p->sums[row + i] = sums[i < 4 ? i : 8 - MR + i];
#endif
}
#endif

CK_INLINE void weights_tile(const ck_weights_block *p, int64_t row, int MR, bool pack_a,
                            bool pack_b) {
  (void)pack_a, (void)pack_b; // where nothing is packed on the way
  vtile acc[CK_TILE_ROWS][2];
  vlanes lanes[2] = {first_lanes(p->columns), first_lanes(p->columns - CK_TILE_LANES)};
  float *c = p->c + row * p->ldc;
  int64_t ldc = p->ldc;
#pragma clang loop unroll(full)
  for (int i = 0; i < MR; i++)
#pragma clang loop unroll(full)
    for (int j = 0; j < 2; j++)
      acc[i][j] =
          p->accumulate ? load_lanes(c + i * ldc + j * CK_TILE_LANES, lanes[j]) : (vtile)0.0f;
#if CK_PACKS_ON_THE_WAY
  if (pack_a || pack_b)
    packing_steps(p, acc, row, MR, pack_a, pack_b);
  else
#endif
    weights_steps(p, acc, row, MR);
#pragma clang loop unroll(full)
  for (int i = 0; i < MR; i++)
#pragma clang loop unroll(full)
    for (int j = 0; j < 2; j++)
      store_lanes(c + i * ldc + j * CK_TILE_LANES, lanes[j], acc[i][j]);
}

// One function for each tile height, so that its accumulators are registers.
#define CK_WEIGHTS_TILE(name, MR, pack_a, pack_b)                                                 \
  static __attribute__((noinline)) void CK_FN(name##MR)(const ck_weights_block *p, int64_t row) { \
    weights_tile(p, row, MR, pack_a, pack_b);                                                     \
  }
#if CK_PACKS_ON_THE_WAY
#define CK_PACKING_TILES(MR)                                \
  CK_WEIGHTS_TILE(weights_tile_packing_a_, MR, true, false) \
  CK_WEIGHTS_TILE(weights_tile_packing_b_, MR, false, true)
#else
#define CK_PACKING_TILES(MR)
#endif
#define CK_TILE_HEIGHT(MR)                                                                       \
  static __attribute__((noinline)) void CK_FN(dense_tile_##MR)(const ck_dense_block *p,          \
                                                               const float *bias, int64_t row) { \
    dense_tile(p, bias, row, MR);                                                                \
  }                                                                                              \
  CK_WEIGHTS_TILE(weights_tile_, MR, false, false)                                               \
  CK_PACKING_TILES(MR)
CK_TILE_HEIGHTS(CK_TILE_HEIGHT)
#undef CK_TILE_HEIGHT
#undef CK_PACKING_TILES
#undef CK_WEIGHTS_TILE

/// Height of the next tile: heights differ by at most one, so no tile is nearly empty.
CK_INLINE int64_t next_height(int64_t rows_left) {
  int64_t tiles = (rows_left + CK_TILE_ROWS - 1) / CK_TILE_ROWS;
  return (rows_left + tiles - 1) / tiles;
}

/// A panel of one column, as a score is: rows take the lanes, since a tile would compute all
/// columns of the panel. Each element is the tile's chain.
CK_INLINE void dense_column(const ck_dense_block *p, float bias) {
  for (int64_t row = 0; row < p->rows; row += CK_TILE_LANES) {
    int64_t rows = p->rows - row < CK_TILE_LANES ? p->rows - row : CK_TILE_LANES;
    const float *a = p->a + row * p->lda, *b = p->panel;
    vtile sum = (vtile)bias;
    for (int64_t k = 0; k < p->depth; k += CK_TILE_LANES) {
      int64_t steps = p->depth - k < CK_TILE_LANES ? p->depth - k : CK_TILE_LANES;
      vlanes lanes = first_lanes(steps);
      vtile r[CK_TILE_LANES];
#pragma clang loop unroll(full)
      for (int i = 0; i < CK_TILE_LANES; i++)
        r[i] = i < rows ? load_lanes(a + i * p->lda + k, lanes) : (vtile)0.0f;
      // The next rows: they are far apart.
      for (int i = 0; i < CK_TILE_LANES; i++)
        __builtin_prefetch(a + (CK_TILE_LANES + i) * p->lda + k);
      transpose_tile(r);
#pragma clang loop unroll(full)
      for (int i = 0; i < CK_TILE_LANES; i++)
        if (i < steps)
          sum = fma_tile(r[i], (vtile)b[(k + i) * CK_NR], sum);
    }
    float lane[CK_TILE_LANES], h[CK_TILE_LANES] = {0};
    if (p->h) {
      for (int64_t i = 0; i < rows; i++)
        h[i] = p->h[(row + i) * p->ldh];
      sum = piecewise_linear_derivative_tile(p->act, sum, load_tile(h));
    } else {
      sum = piecewise_linear_tile(p->act, sum);
    }
    store_tile(lane, sum);
    for (int64_t i = 0; i < rows; i++)
      p->c[(row + i) * p->ldc] = lane[i];
  }
}

static void CK_FN(dense_block_f32)(const ck_dense_block *p) {
  float padded[CK_NR] = {0};
  const float *bias = p->bias;
  if (bias == NULL || p->columns < CK_NR) {
    for (int64_t j = 0; bias && j < p->columns; j++)
      padded[j] = bias[j];
    bias = padded;
  }
  int64_t row = 0;
  if (p->columns == 1) {
    dense_column(p, bias[0]);
    row = p->rows;
  }
  while (row < p->rows) {
    int64_t height = next_height(p->rows - row);
    switch (height) {
#define CK_TILE_HEIGHT(MR)                \
  case MR:                                \
    CK_FN(dense_tile_##MR)(p, bias, row); \
    break;
      CK_TILE_HEIGHTS(CK_TILE_HEIGHT)
#undef CK_TILE_HEIGHT
    }
    row += height;
  }
  if (is_transcendental(p->act))
    for (int64_t row = 0; row < p->rows; row++) {
      float *c = p->c + row * p->ldc;
      if (p->h)
        CK_FN(activation_backward_f32)(p->columns, p->act, c, p->h + row * p->ldh, c);
      else
        CK_FN(activation_forward_f32)(p->columns, p->act, c, c);
    }
}

/// db[N] += column sums, each one chain in ascending order of the row; some chains side by side, as
/// an addition waits for the one before it.
static void CK_FN(column_sums_f32)(int64_t M, int64_t N, const float *dz, int64_t lddz, float *db) {
  enum { chains = 4 };
  int64_t n = 0;
  for (; n + 16 * chains <= N; n += 16 * chains) {
    v16f sum[chains];
#pragma clang loop unroll(full)
    for (int i = 0; i < chains; i++)
      sum[i] = load16(db + n + 16 * i);
    for (int64_t m = 0; m < M; m++)
#pragma clang loop unroll(full)
      for (int i = 0; i < chains; i++)
        sum[i] += load16(dz + m * lddz + n + 16 * i);
#pragma clang loop unroll(full)
    for (int i = 0; i < chains; i++)
      store16(db + n + 16 * i, sum[i]);
  }
  for (; n < N; n += 16) {
    int64_t lanes = N - n < 16 ? N - n : 16;
    v16f sum = load_some16(db + n, lanes, 0);
    for (int64_t m = 0; m < M; m++)
      sum += load_some16(dz + m * lddz + n, lanes, 0);
    store_some16(db + n, lanes, sum);
  }
}

/// panel[k][i] = w[k][i].
static void CK_FN(pack_rows_f32)(int64_t columns, int64_t depth, const float *w, int64_t ldw,
                                 float *panel) {
  for (int64_t k = 0; k < depth; k++) {
    float *to = panel + k * CK_NR;
    if (columns >= CK_NR) {
      __builtin_memcpy(to, w + k * ldw, CK_NR * sizeof(float));
    } else {
      store_tile(to, load_lanes(w + k * ldw, first_lanes(columns)));
      store_tile(to + CK_TILE_LANES,
                 load_lanes(w + k * ldw + CK_TILE_LANES, first_lanes(columns - CK_TILE_LANES)));
    }
  }
}

/// The tile of a block whose operands are packed on the way, or are not.
static void CK_FN(weights_rows)(const ck_weights_block *p, int64_t row, int64_t height) {
  switch (height) {
#if CK_PACKS_ON_THE_WAY
#define CK_TILE_HEIGHT(MR)                        \
  case MR:                                        \
    if (p->pack_a)                                \
      CK_FN(weights_tile_packing_a_##MR)(p, row); \
    else if (p->pack_b)                           \
      CK_FN(weights_tile_packing_b_##MR)(p, row); \
    else                                          \
      CK_FN(weights_tile_##MR)(p, row);           \
    break;
#else
#define CK_TILE_HEIGHT(MR)            \
  case MR:                            \
    CK_FN(weights_tile_##MR)(p, row); \
    break;
#endif
    CK_TILE_HEIGHTS(CK_TILE_HEIGHT)
#undef CK_TILE_HEIGHT
  }
}

CK_INLINE void take_packed_panel(ck_weights_block *p) {
  p->panel = p->pack_b;
  p->ldb = 0;
  p->pack_b = NULL;
}

static void CK_FN(weights_block_f32)(const ck_weights_block *block) {
  ck_weights_block p = *block;
#if CK_PACKS_ON_THE_WAY && !CK_SUMS_IN_TILE
  if (p.sums)
    CK_FN(column_sums_f32)(p.depth, p.rows, p.a, p.lda, p.sums);
#endif
  if (p.pack_a && p.pack_b) {
    CK_FN(pack_rows_f32)(CK_NR, p.depth, p.panel, p.ldb, p.pack_b);
    take_packed_panel(&p);
  }
  bool micropanels = p.lda == 0 || p.pack_a != NULL;
  for (int64_t row = 0, height; row < p.rows; row += height) {
    int64_t left = p.rows - row;
    height = !micropanels ? next_height(left) : left < CK_TILE_ROWS ? left : CK_TILE_ROWS;
    CK_FN(weights_rows)(&p, row, height);
    if (p.pack_b)
      take_packed_panel(&p); // the first tile has packed it for the others
  }
}

/// panel[k][i] = w[i][k]: `columns` rows of w become columns of the panel.
static void CK_FN(pack_transposed_f32)(int64_t columns, int64_t depth, const float *w, int64_t ldw,
                                       float *panel) {
  for (int64_t k = 0; k < depth; k += CK_TILE_LANES) {
    int64_t steps = depth - k < CK_TILE_LANES ? depth - k : CK_TILE_LANES;
    vlanes lanes = first_lanes(steps);
    for (int64_t i = 0; i < CK_NR; i += CK_TILE_LANES) {
      vtile r[CK_TILE_LANES];
#pragma clang loop unroll(full)
      for (int j = 0; j < CK_TILE_LANES; j++)
        r[j] = i + j < columns ? load_lanes(w + (i + j) * ldw + k, lanes) : (vtile)0.0f;
      transpose_tile(r);
      float *to = panel + k * CK_NR + i;
      if (steps == CK_TILE_LANES) {
#pragma clang loop unroll(full)
        for (int j = 0; j < CK_TILE_LANES; j++)
          store_tile(to + j * CK_NR, r[j]);
      } else {
#pragma clang loop unroll(full)
        for (int j = 0; j < CK_TILE_LANES; j++)
          if (j < steps)
            store_tile(to + j * CK_NR, r[j]);
      }
    }
  }
}

CK_INLINE void load_panel_row(const void *panel, int64_t k, vtile b[2]) {
  const float *row = (const float *)panel + k * CK_NR;
  b[0] = load_tile(row);
  b[1] = load_tile(row + CK_TILE_LANES);
}

CK_INLINE void prefetch_panel_row(const void *panel, int64_t k) {
  prefetch_floats((const float *)panel + k * CK_NR);
}

#include "sparse.h"
#include "sparse_gradient.h"
