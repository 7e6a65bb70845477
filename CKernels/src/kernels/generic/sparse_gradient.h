// SPDX-License-Identifier: Apache-2.0

// Gradients of the weights that sparse rows are multiplied by: each entry adds a multiple of its
// row's gradients to a column, so columns are held as rows meanwhile, in the L1 cache.

/// Outputs that are held at a time.
#define CK_HELD_OUTPUTS 128

typedef float CK_FN(held_columns)[CK_NR][CK_HELD_OUTPUTS];

/// held[i][j] = c[j][i].
CK_INLINE void hold_columns(CK_FN(held_columns) held, const float *c, int64_t ldc, int64_t outputs,
                            int64_t columns) {
  for (int64_t i = 0; i < CK_NR; i += CK_TILE_LANES)
    for (int64_t j = 0; j < outputs; j += CK_TILE_LANES) {
      vtile r[CK_TILE_LANES];
#pragma clang loop unroll(full)
      for (int l = 0; l < CK_TILE_LANES; l++)
        r[l] = j + l < outputs ? load_lanes(c + (j + l) * ldc + i, first_lanes(columns - i))
                               : (vtile)0.0f;
      transpose_tile(r);
#pragma clang loop unroll(full)
      for (int l = 0; l < CK_TILE_LANES; l++)
        store_tile(held[i + l] + j, r[l]);
    }
}

/// c[j][i] = held[i][j].
CK_INLINE void release_columns(CK_FN(held_columns) held, float *c, int64_t ldc, int64_t outputs,
                               int64_t columns) {
  for (int64_t j = 0; j < outputs; j += CK_TILE_LANES)
    for (int64_t i = 0; i < columns; i += CK_TILE_LANES) {
      vtile r[CK_TILE_LANES];
#pragma clang loop unroll(full)
      for (int l = 0; l < CK_TILE_LANES; l++)
        r[l] = load_tile(held[i + l] + j);
      transpose_tile(r);
#pragma clang loop unroll(full)
      for (int l = 0; l < CK_TILE_LANES; l++)
        if (j + l < outputs)
          store_lanes(c + (j + l) * ldc + i, first_lanes(columns - i), r[l]);
    }
}

static void CK_FN(sparse_gradient_block_f32)(const ck_sparse_gradient_block *p) {
  __attribute__((aligned(64))) CK_FN(held_columns) held;
  for (int64_t n = 0; n < p->outputs; n += CK_HELD_OUTPUTS) {
    int64_t outputs = p->outputs - n < CK_HELD_OUTPUTS ? p->outputs - n : CK_HELD_OUTPUTS;
    int64_t whole = outputs / CK_TILE_LANES * CK_TILE_LANES;
    vlanes rest = first_lanes(outputs - whole);
    float *c = p->c + n * p->ldc;
    if (p->accumulate)
      hold_columns(held, c, p->ldc, outputs, p->columns);
    else
      __builtin_memset(held, 0, sizeof held);
    for (int64_t e = 0; e < p->count; e++) {
      ck_sparse_entry entry = p->entries[e];
      const float *dz = p->dz + entry.row * p->lddz + n;
      float *column = held[entry.column];
      vtile value = (vtile)entry.value;
      for (int64_t j = 0; j < whole; j += CK_TILE_LANES)
        store_tile(column + j, fma_tile(load_tile(dz + j), value, load_tile(column + j)));
      if (whole < outputs)
        store_tile(column + whole,
                   fma_tile(load_lanes(dz + whole, rest), value, load_tile(column + whole)));
    }
    release_columns(held, c, p->ldc, outputs, p->columns);
  }
}
