// Register-tiled products. A tile of up to CK_TILE_ROWS x 2 vectors stays in registers over the
// whole depth, so every element is one chain of FMAs in ascending order of the summed index.

enum { CK_FN(panel_width) = 2 * CK_TILE_LANES };
#define CK_NR (2 * CK_TILE_LANES)

/// What is done with a finished row of a tile.
CK_INLINE void finish_row(const ck_dense_block *p, const float *bias, int64_t row, float *z) {
  bool derivative = p->h != NULL;
  // Curved functions are applied to the whole block afterwards, while it is in the cache: inlined
  // here they would cost the tile its registers.
  bool curved = !derivative && p->act.kind >= CK_TANH;
  float *c = p->c + row * p->ldc;
  for (int64_t j = 0; j < CK_NR; j += 16) {
    int64_t left = p->columns - j;
    if (left <= 0)
      break;
    int64_t lanes = left < 16 ? left : (CK_NR - j < 16 ? CK_NR - j : 16);
    v16f v = lanes == 16 ? load16(z + j) : load_part16(z + j, lanes, 0);
    if (bias)
      v += lanes == 16 ? load16(bias + j) : load_part16(bias + j, lanes, 0);
    if (derivative) {
      const float *h = p->h + row * p->ldh + j;
      v = times_derivative16(p->act, v, lanes == 16 ? load16(h) : load_part16(h, lanes, 0));
    } else if (!curved && p->act.kind != CK_IDENTITY) {
      v = p->act.kind == CK_RELU ? select16(v < (v16f)0.0f, (v16f)0.0f, v)
                                 : select16(v < (v16f)0.0f, v * (v16f)p->act.slope, v);
    }
    if (lanes == 16)
      store16(c + j, v);
    else
      store_part16(c + j, lanes, v);
  }
}

CK_INLINE void dense_tile(const ck_dense_block *p, const float *bias, int64_t row, int MR) {
  vtile acc[CK_TILE_ROWS][2];
#pragma clang loop unroll(full)
  for (int i = 0; i < MR; i++)
    acc[i][0] = acc[i][1] = (vtile)0.0f;
  const float *a = p->a + row * p->lda;
  const float *b = p->panel;
  int64_t lda = p->lda, depth = p->depth;
  for (int64_t k = 0; k < depth; k++) {
    vtile b0 = load_tile(b + k * CK_NR), b1 = load_tile(b + k * CK_NR + CK_TILE_LANES);
#pragma clang loop unroll(full)
    for (int i = 0; i < MR; i++) {
      vtile x = (vtile)a[i * lda + k];
      acc[i][0] = fma_tile(x, b0, acc[i][0]);
      acc[i][1] = fma_tile(x, b1, acc[i][1]);
    }
  }
  float z[CK_TILE_ROWS][CK_NR];
#pragma clang loop unroll(full)
  for (int i = 0; i < MR; i++) {
    store_tile(z[i], acc[i][0]);
    store_tile(z[i] + CK_TILE_LANES, acc[i][1]);
  }
  for (int i = 0; i < MR; i++)
    finish_row(p, bias, row + i, z[i]);
}

CK_INLINE void weights_tile(const ck_weights_block *p, int64_t row, int MR) {
  vtile acc[CK_TILE_ROWS][2];
  float tile[CK_TILE_ROWS][CK_NR];
  if (p->accumulate) {
    for (int i = 0; i < MR; i++)
      for (int64_t j = 0; j < CK_NR; j++)
        tile[i][j] = j < p->columns ? p->c[(row + i) * p->ldc + j] : 0;
#pragma clang loop unroll(full)
    for (int i = 0; i < MR; i++) {
      acc[i][0] = load_tile(tile[i]);
      acc[i][1] = load_tile(tile[i] + CK_TILE_LANES);
    }
  } else {
#pragma clang loop unroll(full)
    for (int i = 0; i < MR; i++)
      acc[i][0] = acc[i][1] = (vtile)0.0f;
  }
  const float *a = p->a + row;
  const float *b = p->panel;
  int64_t lda = p->lda, depth = p->depth;
  for (int64_t m = 0; m < depth; m++) {
    vtile b0 = load_tile(b + m * CK_NR), b1 = load_tile(b + m * CK_NR + CK_TILE_LANES);
#pragma clang loop unroll(full)
    for (int i = 0; i < MR; i++) {
      vtile x = (vtile)a[m * lda + i];
      acc[i][0] = fma_tile(x, b0, acc[i][0]);
      acc[i][1] = fma_tile(x, b1, acc[i][1]);
    }
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < MR; i++) {
    store_tile(tile[i], acc[i][0]);
    store_tile(tile[i] + CK_TILE_LANES, acc[i][1]);
  }
  for (int i = 0; i < MR; i++) {
    float *c = p->c + (row + i) * p->ldc;
    if (p->columns >= CK_NR)
      __builtin_memcpy(c, tile[i], sizeof tile[i]);
    else
      for (int64_t j = 0; j < p->columns; j++)
        c[j] = tile[i][j];
  }
}

// One function for each tile height, so that its accumulators are registers.
#define CK_TILE_HEIGHT(MR)                                                                       \
  static __attribute__((noinline)) void CK_FN(dense_tile_##MR)(const ck_dense_block *p,          \
                                                               const float *bias, int64_t row) { \
    dense_tile(p, bias, row, MR);                                                                \
  }                                                                                              \
  static __attribute__((noinline)) void CK_FN(weights_tile_##MR)(const ck_weights_block *p,      \
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

static void CK_FN(dense_block_f32)(const ck_dense_block *p) {
  float padded[CK_NR] = {0};
  const float *bias = p->bias;
  if (bias && p->columns < CK_NR) {
    for (int64_t j = 0; j < p->columns; j++)
      padded[j] = bias[j];
    bias = padded;
  }
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
  if (p->h == NULL && p->act.kind >= CK_TANH)
    for (int64_t row = 0; row < p->rows; row++) {
      float *c = p->c + row * p->ldc;
      CK_FN(activation_forward_f32)(p->columns, p->act, c, c);
    }
}

static void CK_FN(weights_block_f32)(const ck_weights_block *p) {
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

/// db[N] += column sums, each one chain in ascending order of the row.
static void CK_FN(column_sums_f32)(int64_t M, int64_t N, const float *dz, int64_t lddz, float *db) {
  for (int64_t n = 0; n < N; n += 16) {
    int64_t lanes = N - n < 16 ? N - n : 16;
    if (lanes == 16) {
      v16f sum = load16(db + n);
      for (int64_t m = 0; m < M; m++)
        sum += load16(dz + m * lddz + n);
      store16(db + n, sum);
    } else {
      v16f sum = load_part16(db + n, lanes, 0);
      for (int64_t m = 0; m < M; m++)
        sum += load_part16(dz + m * lddz + n, lanes, 0);
      store_part16(db + n, lanes, sum);
    }
  }
}

/// panel[k][i] = w[i][k]: `columns` rows of w become columns of the panel.
static void CK_FN(pack_transposed_f32)(int64_t columns, int64_t depth, const float *w, int64_t ldw,
                                       float *panel) {
  if (columns < CK_NR)
    for (int64_t k = 0; k < depth; k++)
      for (int64_t i = columns; i < CK_NR; i++)
        panel[k * CK_NR + i] = 0;
  // Sixteen columns of w at a time: what is written stays in the first-level cache.
  for (int64_t k0 = 0; k0 < depth; k0 += 16) {
    int64_t k1 = k0 + 16 < depth ? k0 + 16 : depth;
    for (int64_t i = 0; i < columns; i++)
      for (int64_t k = k0; k < k1; k++)
        panel[k * CK_NR + i] = w[i * ldw + k];
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
      for (int64_t i = 0; i < columns; i++)
        to[i] = w[k * ldw + i];
      for (int64_t i = columns; i < CK_NR; i++)
        to[i] = 0;
    }
  }
}
