// SPDX-License-Identifier: Apache-2.0

// Tiles of products of 16-bit operands that lie in pairs, neighbors in depth: a 32-bit broadcast
// feeds two of them, and a pair transposes as a float does.
//
// The format's vocabulary (vec/bf16_pairs.h, vec/half_pairs.h, vec/half_emulated.h) says what is
// summed in what: `vterms` is the register that products are added to, and add_product leaves a
// tile's sums in single precision.

#define CK_NR (2 * CK_TILE_LANES)

/// 16-bit values of two registers of floats.
typedef uint16_t vcodes __attribute__((ext_vector_type(2 * CK_TILE_LANES)));
typedef uint16_t vcodes_half __attribute__((ext_vector_type(CK_TILE_LANES)));

CK_INLINE vcodes_half load_codes(const ck_half *p, vlanes lanes) {
#if CK_HAS_MASKS
  return (vcodes_half)_mm256_maskz_loadu_epi16(lanes, p);
#else
  vcodes_half v = 0;
  if (lanes >= CK_TILE_LANES)
    __builtin_memcpy(&v, p, sizeof v);
  else
    for (int64_t i = 0; i < lanes; i++)
      v[i] = p[i];
  return v;
#endif
}

CK_INLINE void store_codes(ck_half *p, vlanes lanes, vcodes_half v) {
#if CK_HAS_MASKS
  _mm256_mask_storeu_epi16(p, lanes, (__m256i)v);
#else
  if (lanes >= CK_TILE_LANES)
    __builtin_memcpy(p, &v, sizeof v);
  else
    for (int64_t i = 0; i < lanes; i++)
      p[i] = v[i];
#endif
}

CK_INLINE void store_pairs(ck_half *p, vcodes_half first, vcodes_half second) {
  vcodes v;
  v.even = first;
  v.odd = second;
  __builtin_memcpy(p, &v, sizeof v);
}

/// A tile's product: row i of A has its pair k at a + i * row_step + k * pair_step, B is a panel.
typedef struct pair_product {
  const ck_half *a;
  int64_t row_step, pair_step;
  const ck_half *b;
  int64_t pairs;
  bool half_pair; ///< one value more, behind which nothing is read
  int64_t chain;
} pair_product;

#include CK_PAIRS_VOCABULARY

CK_INLINE vtile load_half(const ck_half *p, vlanes lanes) { return widened(load_codes(p, lanes)); }

CK_INLINE void store_result(const ck_result *c, int64_t row, int64_t column, vlanes lanes,
                            vtile v) {
  if (c->half)
    store_codes(c->half + row * c->ld + column, lanes, rounded(v));
  else
    store_lanes(c->f32 + row * c->ld + column, lanes, v);
}

CK_INLINE void finish_tile(const ck_half_block *p, vtile sum[CK_TILE_ROWS][2], int64_t row, int MR,
                           ck_activation act, bool derivative) {
  vlanes lanes[2] = {first_lanes(p->columns), first_lanes(p->columns - CK_TILE_LANES)};
#pragma clang loop unroll(full)
  for (int i = 0; i < MR; i++)
#pragma clang loop unroll(full)
    for (int j = 0; j < 2; j++) {
      int64_t column = j * CK_TILE_LANES;
      vtile v = sum[i][j];
      v = derivative ? piecewise_linear_derivative_tile(
                           act, v, load_half(p->h + (row + i) * p->ldh + column, lanes[j]))
                     : piecewise_linear_tile(act, v);
      store_result(&p->c, row + i, column, lanes[j], v);
    }
}

/// Transcendental functions go by way of memory: inlined 28 times they would cost the tile its
/// registers.
CK_INLINE void finish_transcendental_tile(const ck_half_block *p, vtile sum[CK_TILE_ROWS][2],
                                          int64_t row, int MR) {
  float z[CK_TILE_ROWS][CK_NR], h[CK_NR];
#pragma clang loop unroll(full)
  for (int i = 0; i < MR; i++) {
    store_tile(z[i], sum[i][0]);
    store_tile(z[i] + CK_TILE_LANES, sum[i][1]);
  }
  for (int i = 0; i < MR; i++) {
    for (int64_t j = 0; p->h && j < CK_NR; j += CK_TILE_LANES)
      store_tile(h + j, load_half(p->h + (row + i) * p->ldh + j, first_lanes(p->columns - j)));
    if (p->h)
      CK_FN(activation_backward_f32)(CK_NR, p->act, z[i], h, z[i]);
    else
      CK_FN(activation_forward_f32)(CK_NR, p->act, z[i], z[i]);
    for (int64_t j = 0; j < CK_NR; j += CK_TILE_LANES)
      store_result(&p->c, row + i, j, first_lanes(p->columns - j), load_tile(z[i] + j));
  }
}

CK_INLINE void dense_tile(const ck_half_block *p, const float *bias, int64_t row, int MR) {
  vtile sum[CK_TILE_ROWS][2];
#pragma clang loop unroll(full)
  for (int i = 0; i < MR; i++) {
    sum[i][0] = load_tile(bias);
    sum[i][1] = load_tile(bias + CK_TILE_LANES);
  }
  pair_product product = {.a = p->a + row * p->lda,
                          .row_step = p->lda,
                          .pair_step = 2,
                          .b = p->panel,
                          .pairs = p->depth / 2,
                          .half_pair = p->depth % 2,
                          .chain = p->chain};
  add_product(sum, &product, MR);
  ck_activation relu = {CK_RELU, 0}, leaky = {CK_LEAKY_RELU, p->act.slope}, none = {CK_IDENTITY, 0};
  bool derivative = p->h != NULL;
  if (p->act.kind == CK_LEAKY_RELU && derivative)
    finish_tile(p, sum, row, MR, leaky, true);
  else if (p->act.kind == CK_LEAKY_RELU)
    finish_tile(p, sum, row, MR, leaky, false);
  else if (p->act.kind == CK_RELU && derivative)
    finish_tile(p, sum, row, MR, relu, true);
  else if (p->act.kind == CK_RELU)
    finish_tile(p, sum, row, MR, relu, false);
  else if (p->act.kind == CK_IDENTITY)
    finish_tile(p, sum, row, MR, none, false);
  else
    finish_transcendental_tile(p, sum, row, MR);
}

CK_INLINE void weights_tile(const ck_half_weights_block *p, int64_t row, int MR) {
  vtile sum[CK_TILE_ROWS][2];
  vlanes lanes[2] = {first_lanes(p->columns), first_lanes(p->columns - CK_TILE_LANES)};
  float *c = p->c + row * p->ldc;
  int64_t ldc = p->ldc;
#pragma clang loop unroll(full)
  for (int i = 0; i < MR; i++)
#pragma clang loop unroll(full)
    for (int j = 0; j < 2; j++) {
      __builtin_prefetch(c + i * ldc + CK_TILE_LANES * j, 1);
      sum[i][j] =
          p->accumulate ? load_lanes(c + i * ldc + CK_TILE_LANES * j, lanes[j]) : (vtile)0.0f;
    }
  pair_product product = {.a = p->a + 2 * row,
                          .row_step = 2,
                          .pair_step = 2 * p->lda,
                          .b = p->panel,
                          .pairs = p->pairs,
                          .chain = p->chain};
  add_product(sum, &product, MR);
#pragma clang loop unroll(full)
  for (int i = 0; i < MR; i++)
#pragma clang loop unroll(full)
    for (int j = 0; j < 2; j++)
      store_lanes(c + i * ldc + CK_TILE_LANES * j, lanes[j], sum[i][j]);
}

// One function for each tile height, so that its accumulators are registers.
#define CK_TILE_HEIGHT(MR)                                                                       \
  static __attribute__((noinline)) void CK_FN(dense_tile_##MR)(const ck_half_block *p,           \
                                                               const float *bias, int64_t row) { \
    dense_tile(p, bias, row, MR);                                                                \
  }                                                                                              \
  static __attribute__((noinline)) void CK_FN(weights_tile_##MR)(const ck_half_weights_block *p, \
                                                                 int64_t row) {                  \
    weights_tile(p, row, MR);                                                                    \
  }
CK_TILE_HEIGHTS(CK_TILE_HEIGHT)
#undef CK_TILE_HEIGHT

/// Height of the next tile: heights differ by at most one, so no tile is nearly empty.
CK_INLINE int64_t next_height(int64_t rows_left) {
  int64_t tiles = (rows_left + CK_TILE_ROWS - 1) / CK_TILE_ROWS;
  return (rows_left + tiles - 1) / tiles;
}

static void CK_FN(dense_block)(const ck_half_block *p) {
  float bias[CK_NR] = {0};
  for (int64_t j = 0; p->bias && j < p->columns; j++)
    bias[j] = p->bias[j];
  for (int64_t row = 0; row < p->rows;) {
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
}

static void CK_FN(weights_block)(const ck_half_weights_block *p) {
  for (int64_t row = 0; row < p->rows;) {
    int64_t height = next_height(p->rows - row);
    switch (height) {
#define CK_TILE_HEIGHT(MR)            \
  case MR:                            \
    CK_FN(weights_tile_##MR)(p, row); \
    break;
      CK_TILE_HEIGHTS(CK_TILE_HEIGHT)
#undef CK_TILE_HEIGHT
    }
    row += height;
  }
}

static void CK_FN(pack_transposed)(int64_t columns, int64_t depth, const float *w, int64_t ldw,
                                   ck_half *panel) {
  for (int64_t k = 0; k < depth; k += CK_NR) {
    vlanes low = first_lanes(depth - k), high = first_lanes(depth - k - CK_TILE_LANES);
    int64_t pairs = depth - k < CK_NR ? (depth - k + 1) / 2 : CK_TILE_LANES;
    for (int64_t i = 0; i < CK_NR; i += CK_TILE_LANES) {
      // A square of pairs: a pair is one lane of 32 bits, and so transposes as a float.
      vtile r[CK_TILE_LANES];
#pragma clang loop unroll(full)
      for (int j = 0; j < CK_TILE_LANES; j++) {
        const float *from = w + (i + j) * ldw + k;
        vcodes codes = 0;
        if (i + j < columns) {
          codes.lo = rounded(load_lanes(from, low));
          codes.hi = rounded(load_lanes(from + CK_TILE_LANES, high));
        }
        r[j] = (vtile)codes;
      }
      transpose_tile(r);
#pragma clang loop unroll(full)
      for (int j = 0; j < CK_TILE_LANES; j++)
        if (j < pairs)
          store_tile((float *)(panel + (k / 2 + j) * 2 * CK_NR + 2 * i), r[j]);
    }
  }
}

static void CK_FN(pack_rows)(int64_t columns, int64_t depth, const float *w, int64_t ldw,
                             ck_half *panel) {
  for (int64_t k = 0; k < depth; k += 2)
    for (int64_t i = 0; i < CK_NR; i += CK_TILE_LANES) {
      vlanes lanes = first_lanes(columns - i);
      vtile a = load_lanes(w + k * ldw + i, lanes);
      vtile b = k + 1 < depth ? load_lanes(w + (k + 1) * ldw + i, lanes) : (vtile)0.0f;
      store_pairs(panel + k * CK_NR + 2 * i, rounded(a), rounded(b));
    }
}

static void CK_FN(pair_rows)(int64_t rows, int64_t columns, const ck_half *x, int64_t ldx,
                             ck_half *to, int64_t ldto) {
  for (int64_t m = 0; m < rows; m += 2)
    for (int64_t i = 0; i < ldto; i += CK_TILE_LANES) {
      vlanes lanes = first_lanes(columns - i);
      store_pairs(to + (m / 2 * ldto + i) * 2, load_codes(x + m * ldx + i, lanes),
                  m + 1 < rows ? load_codes(x + (m + 1) * ldx + i, lanes) : (vcodes_half)0);
    }
}

static void CK_FN(column_sums)(int64_t M, int64_t N, const ck_half *dz, int64_t lddz, float *db) {
  for (int64_t n = 0; n < N; n += CK_TILE_LANES) {
    vlanes lanes = first_lanes(N - n);
    vtile sum = load_lanes(db + n, lanes);
    for (int64_t m = 0; m < M; m++)
      sum += load_half(dz + m * lddz + n, lanes);
    store_lanes(db + n, lanes, sum);
  }
}

/// One of the two rows that lie in pairs there.
CK_INLINE void load_panel_row(const void *panel, int64_t k, vtile b[2]) {
  const ck_half *pairs = (const ck_half *)panel + k / 2 * 2 * CK_NR;
  for (int j = 0; j < 2; j++) {
    vcodes codes;
    __builtin_memcpy(&codes, pairs + j * 2 * CK_TILE_LANES, sizeof codes);
    b[j] = widened(k % 2 == 0 ? codes.even : codes.odd);
  }
}

CK_INLINE void prefetch_panel_row(const void *panel, int64_t k) {
  for (int j = 0; j < 2 * CK_NR; j += 32)
    __builtin_prefetch((const ck_half *)panel + k / 2 * 2 * CK_NR + j);
}

#include "sparse.h"

const ck_half_kernels CK_FN(ck_half_kernels) = {
    .panel_width = CK_NR,
    .tile_rows = CK_TILE_ROWS,
    .dense_block = CK_FN(dense_block),
    .weights_block = CK_FN(weights_block),
    .sparse_block = CK_FN(sparse_block_f32),
    .pack_transposed = CK_FN(pack_transposed),
    .pack_rows = CK_FN(pack_rows),
    .pair_rows = CK_FN(pair_rows),
    .column_sums = CK_FN(column_sums),
};
