// SPDX-License-Identifier: Apache-2.0

// Rows of few entries times packed weights: each entry fetches one row of a panel. The including
// file has said how, by load_panel_row and prefetch_panel_row.

/// Entries whose rows of the panel are prefetched: they may lie anywhere.
#define CK_SPARSE_PREFETCH 8

static void CK_FN(sparse_block_f32)(const ck_sparse_block *p) {
  vlanes lanes[2] = {first_lanes(p->columns), first_lanes(p->columns - CK_TILE_LANES)};
  int64_t count = p->rows * p->entries, entry = 0;
  for (int64_t row = 0; row < p->rows; row++) {
    float *c = p->c + row * p->ldc;
    vtile sum[2] = {load_lanes(c, lanes[0]), load_lanes(c + CK_TILE_LANES, lanes[1])};
    for (int64_t end = entry + p->entries; entry < end; entry++) {
      if (entry + CK_SPARSE_PREFETCH < count)
        prefetch_panel_row(p->panel, p->first + p->index[entry + CK_SPARSE_PREFETCH]);
      vtile value = (vtile)p->value[entry], b[2];
      load_panel_row(p->panel, p->first + p->index[entry], b);
      sum[0] = fma_tile(value, b[0], sum[0]);
      sum[1] = fma_tile(value, b[1], sum[1]);
    }
    store_lanes(c, lanes[0], piecewise_linear_tile(p->act, sum[0]));
    store_lanes(c + CK_TILE_LANES, lanes[1], piecewise_linear_tile(p->act, sum[1]));
    if (is_transcendental(p->act))
      CK_FN(activation_forward_f32)(p->columns, p->act, c, c);
  }
}
