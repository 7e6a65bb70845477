// Tiles of dot products: each lane sums pairs of bf16 products in f32, in ascending order of the
// pairs, the odd neighbour of a pair before the even one.

enum { CK_DOT_ROWS = 14, CK_DOT_NR = 32 };

/// Two rows of a panel: pairs for 16 columns each.
CK_INLINE __m512bh load_pairs(const ck_bf16 *p) { return (__m512bh)_mm512_loadu_si512(p); }

CK_INLINE __m512bh broadcast_pair(const void *p) {
  int32_t pair;
  __builtin_memcpy(&pair, p, sizeof pair);
  return (__m512bh)_mm512_set1_epi32(pair);
}

CK_INLINE v16f dot16(v16f sum, __m512bh a, __m512bh b) {
  return (v16f)_mm512_dpbf16_ps((__m512)sum, a, b);
}

/// The first lanes of 16 values, widened; what lies behind them is not read.
CK_INLINE v16f load_bf16(const ck_bf16 *p, vlanes lanes) {
  return (v16f)_mm512_slli_epi32(_mm512_cvtepu16_epi32(_mm256_maskz_loadu_epi16(lanes, p)), 16);
}

CK_INLINE void store_bf16(ck_bf16 *p, vlanes lanes, v16f v) {
  _mm256_mask_storeu_epi16(p, lanes, (__m256i)_mm512_cvtneps_pbh((__m512)v));
}

CK_INLINE void store_result(const ck_result *c, int64_t row, int64_t column, vlanes lanes, v16f v) {
  if (c->bf16)
    store_bf16(c->bf16 + row * c->ld + column, lanes, v);
  else
    store_lanes(c->f32 + row * c->ld + column, lanes, v);
}

CK_INLINE void finish_dot_tile(const ck_dot_block *p, v16f acc[CK_DOT_ROWS][2], int64_t row, int MR,
                               ck_activation act, bool derivative) {
  vlanes lanes[2] = {first_lanes(p->columns), first_lanes(p->columns - 16)};
#pragma clang loop unroll(full)
  for (int i = 0; i < MR; i++)
#pragma clang loop unroll(full)
    for (int j = 0; j < 2; j++) {
      v16f v = acc[i][j];
      v = derivative
              ? bend_derivative16(act, v, load_bf16(p->h + (row + i) * p->ldh + 16 * j, lanes[j]))
              : bend16(act, v);
      store_result(&p->c, row + i, 16 * j, lanes[j], v);
    }
}

/// Curved functions go by way of memory: inlined 28 times they would cost the tile its registers.
CK_INLINE void finish_curved_dot_tile(const ck_dot_block *p, v16f acc[CK_DOT_ROWS][2], int64_t row,
                                      int MR) {
  float z[CK_DOT_ROWS][CK_DOT_NR];
#pragma clang loop unroll(full)
  for (int i = 0; i < MR; i++) {
    store16(z[i], acc[i][0]);
    store16(z[i] + 16, acc[i][1]);
  }
  for (int i = 0; i < MR; i++)
    for (int j = 0; j < CK_DOT_NR; j += 16) {
      vlanes lanes = first_lanes(p->columns - j);
      v16f v = load16(z[i] + j);
      v = p->h ? times_derivative16(p->act, v, load_bf16(p->h + (row + i) * p->ldh + j, lanes))
               : activate16(p->act, v);
      store_result(&p->c, row + i, j, lanes, v);
    }
}

CK_INLINE void dot_tile(const ck_dot_block *p, const float *bias, int64_t row, int MR) {
  v16f acc[CK_DOT_ROWS][2];
  v16f bias0 = load16(bias), bias1 = load16(bias + 16);
#pragma clang loop unroll(full)
  for (int i = 0; i < MR; i++) {
    acc[i][0] = bias0;
    acc[i][1] = bias1;
  }
  const ck_bf16 *a = p->a + row * p->lda, *b = p->panel;
  int64_t lda = p->lda, pairs = p->depth / 2;
  for (int64_t k = 0; k < pairs; k++) {
    __m512bh b0 = load_pairs(b + k * 2 * CK_DOT_NR), b1 = load_pairs(b + k * 2 * CK_DOT_NR + 32);
#pragma clang loop unroll(full)
    for (int i = 0; i < MR; i++) {
      __m512bh x = broadcast_pair(a + i * lda + 2 * k);
      acc[i][0] = dot16(acc[i][0], x, b0);
      acc[i][1] = dot16(acc[i][1], x, b1);
    }
  }
  if (p->depth % 2) { // what lies behind a row's last value is not read
    __m512bh b0 = load_pairs(b + pairs * 2 * CK_DOT_NR),
             b1 = load_pairs(b + pairs * 2 * CK_DOT_NR + 32);
#pragma clang loop unroll(full)
    for (int i = 0; i < MR; i++) {
      __m512bh x = (__m512bh)_mm512_set1_epi32(a[i * lda + 2 * pairs]);
      acc[i][0] = dot16(acc[i][0], x, b0);
      acc[i][1] = dot16(acc[i][1], x, b1);
    }
  }
  ck_activation relu = {CK_RELU, 0}, leaky = {CK_LEAKY_RELU, p->act.slope}, none = {CK_IDENTITY, 0};
  bool derivative = p->h != NULL;
  if (p->act.kind == CK_LEAKY_RELU && derivative)
    finish_dot_tile(p, acc, row, MR, leaky, true);
  else if (p->act.kind == CK_LEAKY_RELU)
    finish_dot_tile(p, acc, row, MR, leaky, false);
  else if (p->act.kind == CK_RELU && derivative)
    finish_dot_tile(p, acc, row, MR, relu, true);
  else if (p->act.kind == CK_RELU)
    finish_dot_tile(p, acc, row, MR, relu, false);
  else if (p->act.kind == CK_IDENTITY)
    finish_dot_tile(p, acc, row, MR, none, false);
  else
    finish_curved_dot_tile(p, acc, row, MR);
}

CK_INLINE void dot_weights_tile(const ck_dot_weights_block *p, int64_t row, int MR) {
  v16f acc[CK_DOT_ROWS][2];
  vlanes lanes[2] = {first_lanes(p->columns), first_lanes(p->columns - 16)};
  float *c = p->c + row * p->ldc;
  int64_t ldc = p->ldc;
#pragma clang loop unroll(full)
  for (int i = 0; i < MR; i++)
#pragma clang loop unroll(full)
    for (int j = 0; j < 2; j++) {
      __builtin_prefetch(c + i * ldc + 16 * j, 1);
      acc[i][j] = p->accumulate ? load_lanes(c + i * ldc + 16 * j, lanes[j]) : (v16f)0.0f;
    }
  const uint32_t *a = p->a + row;
  const ck_bf16 *b = p->panel;
  int64_t lda = p->lda, pairs = p->pairs;
  for (int64_t m = 0; m < pairs; m++) {
    __m512bh b0 = load_pairs(b + m * 2 * CK_DOT_NR), b1 = load_pairs(b + m * 2 * CK_DOT_NR + 32);
#pragma clang loop unroll(full)
    for (int i = 0; i < MR; i++) {
      __m512bh x = broadcast_pair(a + m * lda + i);
      acc[i][0] = dot16(acc[i][0], x, b0);
      acc[i][1] = dot16(acc[i][1], x, b1);
    }
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < MR; i++)
#pragma clang loop unroll(full)
    for (int j = 0; j < 2; j++)
      store_lanes(c + i * ldc + 16 * j, lanes[j], acc[i][j]);
}

#define CK_DOT_HEIGHTS(F) F(1) F(2) F(3) F(4) F(5) F(6) F(7) F(8) F(9) F(10) F(11) F(12) F(13) F(14)

#define CK_TILE_HEIGHT(MR)                                                                     \
  static __attribute__((noinline)) void CK_FN(dot_tile_##MR)(const ck_dot_block *p,            \
                                                             const float *bias, int64_t row) { \
    dot_tile(p, bias, row, MR);                                                                \
  }                                                                                            \
  static __attribute__((noinline)) void CK_FN(dot_weights_tile_##MR)(                          \
      const ck_dot_weights_block *p, int64_t row) {                                            \
    dot_weights_tile(p, row, MR);                                                              \
  }
CK_DOT_HEIGHTS(CK_TILE_HEIGHT)
#undef CK_TILE_HEIGHT

/// Height of the next tile: heights differ by at most one, so no tile is nearly empty.
CK_INLINE int64_t next_dot_height(int64_t rows_left) {
  int64_t tiles = (rows_left + CK_DOT_ROWS - 1) / CK_DOT_ROWS;
  return (rows_left + tiles - 1) / tiles;
}

static void CK_FN(dense_block)(const ck_dot_block *p) {
  float bias[CK_DOT_NR] = {0};
  for (int64_t j = 0; p->bias && j < p->columns; j++)
    bias[j] = p->bias[j];
  for (int64_t row = 0; row < p->rows;) {
    int64_t height = next_dot_height(p->rows - row);
    switch (height) {
#define CK_TILE_HEIGHT(MR)              \
  case MR:                              \
    CK_FN(dot_tile_##MR)(p, bias, row); \
    break;
      CK_DOT_HEIGHTS(CK_TILE_HEIGHT)
#undef CK_TILE_HEIGHT
    }
    row += height;
  }
}

static void CK_FN(weights_block)(const ck_dot_weights_block *p) {
  for (int64_t row = 0; row < p->rows;) {
    int64_t height = next_dot_height(p->rows - row);
    switch (height) {
#define CK_TILE_HEIGHT(MR)                \
  case MR:                                \
    CK_FN(dot_weights_tile_##MR)(p, row); \
    break;
      CK_DOT_HEIGHTS(CK_TILE_HEIGHT)
#undef CK_TILE_HEIGHT
    }
    row += height;
  }
}

static void CK_FN(pack_transposed)(int64_t columns, int64_t depth, const float *w, int64_t ldw,
                                   ck_bf16 *panel) {
  for (int64_t k = 0; k < depth; k += 32) {
    vlanes low = first_lanes(depth - k), high = first_lanes(depth - k - 16);
    int64_t pairs = depth - k < 32 ? (depth - k + 1) / 2 : 16;
    for (int64_t i = 0; i < CK_DOT_NR; i += 16) {
      // Sixteen rows of sixteen pairs: a pair is one lane of 32 bits, and so transposes as a float.
      v16f r[16];
#pragma clang loop unroll(full)
      for (int j = 0; j < 16; j++) {
        const float *from = w + (i + j) * ldw + k;
        r[j] = i + j < columns ? (v16f)_mm512_cvtne2ps_pbh((__m512)load_lanes(from + 16, high),
                                                           (__m512)load_lanes(from, low))
                               : (v16f)0.0f;
      }
      transpose_tile(r);
#pragma clang loop unroll(full)
      for (int j = 0; j < 16; j++)
        if (j < pairs)
          store16((float *)(panel + (k / 2 + j) * 2 * CK_DOT_NR + 2 * i), r[j]);
    }
  }
}

/// Pairs of two vectors of 16 floats, rounded: a's value in the lower half of a lane.
CK_INLINE v16u round_pairs(v16f a, v16f b) {
  v16u low = (v16u)_mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh((__m512)a));
  v16u high = (v16u)_mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh((__m512)b));
  return low | high << 16;
}

static void CK_FN(pack_rows)(int64_t columns, int64_t depth, const float *w, int64_t ldw,
                             ck_bf16 *panel) {
  for (int64_t k = 0; k < depth; k += 2)
    for (int64_t i = 0; i < CK_DOT_NR; i += 16) {
      vlanes lanes = first_lanes(columns - i);
      v16f a = load_lanes(w + k * ldw + i, lanes);
      v16f b = k + 1 < depth ? load_lanes(w + (k + 1) * ldw + i, lanes) : (v16f)0.0f;
      store16((float *)(panel + k * CK_DOT_NR + 2 * i), (v16f)round_pairs(a, b));
    }
}

static void CK_FN(pair_rows)(int64_t rows, int64_t columns, const ck_bf16 *x, int64_t ldx,
                             uint32_t *to, int64_t ldto) {
  for (int64_t m = 0; m < rows; m += 2)
    for (int64_t i = 0; i < ldto; i += 16) {
      vlanes lanes = first_lanes(columns - i);
      v16u even = (v16u)load_bf16(x + m * ldx + i, lanes) >> 16;
      v16u odd = m + 1 < rows ? (v16u)load_bf16(x + (m + 1) * ldx + i, lanes) : (v16u)0;
      store16((float *)(to + m / 2 * ldto + i), (v16f)(even | odd));
    }
}

static void CK_FN(column_sums)(int64_t M, int64_t N, const ck_bf16 *dz, int64_t lddz, float *db) {
  for (int64_t n = 0; n < N; n += 16) {
    vlanes lanes = first_lanes(N - n);
    v16f sum = load_lanes(db + n, lanes);
    for (int64_t m = 0; m < M; m++)
      sum += load_bf16(dz + m * lddz + n, lanes);
    store_lanes(db + n, lanes, sum);
  }
}

// The results go nowhere, so the compiler is told that something looks at them.
#define CK_SPIN(name, step)                                                              \
  static __attribute__((noinline)) void CK_FN(name)(int64_t count) {                     \
    v16f acc[14];                                                                        \
    _Pragma("clang loop unroll(full)") for (int i = 0; i < 14; i++) acc[i] = (v16f)0.0f; \
    v16f x = (v16f)0.0f;                                                                 \
    for (int64_t k = 0; k < count; k++) {                                                \
      __asm__ volatile("" : "+v"(x));                                                    \
      _Pragma("clang loop unroll(full)") for (int i = 0; i < 14; i++) acc[i] = step;     \
    }                                                                                    \
    _Pragma("clang loop unroll(full)") for (int i = 0; i < 14;                           \
                                            i++) __asm__ volatile("" : : "v"(acc[i]));   \
  }
CK_SPIN(spin_dot, dot16(acc[i], (__m512bh)x, (__m512bh)x))
CK_SPIN(spin_fma, fma16(x, x, acc[i]))
#undef CK_SPIN
