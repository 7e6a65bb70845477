// SPDX-License-Identifier: Apache-2.0

// The long loop of a tile: pairs first..<last of the depth, added to registers of the format.

CK_INLINE void add_pairs(vterms sum[CK_TILE_ROWS][2], const pair_product *p, int64_t first,
                         int64_t last, int MR) {
  const ck_half *a = p->a, *b = p->b;
  int64_t row_step = p->row_step, pair_step = p->pair_step;
  for (int64_t k = first; k < last; k++) {
    vpairs b0 = load_pairs(b + k * 2 * CK_NR), b1 = load_pairs(b + k * 2 * CK_NR + CK_NR);
#pragma clang loop unroll(full)
    for (int i = 0; i < MR; i++) {
      vpairs x = broadcast_pair(a + i * row_step + k * pair_step);
      sum[i][0] = multiply_add(x, b0, sum[i][0]);
      sum[i][1] = multiply_add(x, b1, sum[i][1]);
    }
  }
}

/// The last value of an odd depth; what lies behind it in a row is not read.
CK_INLINE void add_half_pair(vterms sum[CK_TILE_ROWS][2], const pair_product *p, int MR) {
  int64_t k = p->pairs;
  vpairs b0 = load_pairs(p->b + k * 2 * CK_NR), b1 = load_pairs(p->b + k * 2 * CK_NR + CK_NR);
#pragma clang loop unroll(full)
  for (int i = 0; i < MR; i++) {
    ck_half pair[2] = {p->a[i * p->row_step + k * p->pair_step], 0};
    vpairs x = broadcast_pair(pair);
    sum[i][0] = multiply_add(x, b0, sum[i][0]);
    sum[i][1] = multiply_add(x, b1, sum[i][1]);
  }
}
