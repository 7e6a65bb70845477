// SPDX-License-Identifier: Apache-2.0

// Sums in half precision are kept short: after `chain` pairs the terms of each lane are added to a
// sum in single precision, one for the even and one for the odd neighbors of the pairs.

#include "pair_steps.h"

typedef float vsums __attribute__((ext_vector_type(2 * CK_TILE_LANES)));

CK_INLINE void add_product(vtile sum[CK_TILE_ROWS][2], const pair_product *p, int MR) {
  // Four registers of sums for each row: they lie in memory, which the compiler has to be told,
  // so that the chains have the registers.
  float room[CK_TILE_ROWS * 4 * CK_TILE_LANES];
  float *sums = room;
  __asm__("" : "+r"(sums));
#pragma clang loop unroll(full)
  for (int i = 0; i < 4 * MR; i++)
    store_tile(sums + i * CK_TILE_LANES, (vtile)0.0f);
  for (int64_t k = 0; k < p->pairs + p->half_pair; k += p->chain) {
    bool is_last = k + p->chain > p->pairs;
    vterms terms[CK_TILE_ROWS][2];
#pragma clang loop unroll(full)
    for (int i = 0; i < MR; i++)
      terms[i][0] = terms[i][1] = (vterms)0;
    add_pairs(terms, p, k, is_last ? p->pairs : k + p->chain, MR);
    if (p->half_pair && is_last)
      add_half_pair(terms, p, MR);
#pragma clang loop unroll(full)
    for (int i = 0; i < 2 * MR; i++) {
      float *to = sums + i * CK_NR;
      store_tile(to, load_tile(to) + lower_terms(terms[i / 2][i % 2]));
      store_tile(to + CK_TILE_LANES,
                 load_tile(to + CK_TILE_LANES) + upper_terms(terms[i / 2][i % 2]));
    }
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < 2 * MR; i++) {
    vsums both;
    __builtin_memcpy(&both, sums + i * CK_NR, sizeof both);
    sum[i / 2][i % 2] = (both.even + both.odd) + sum[i / 2][i % 2];
  }
}
