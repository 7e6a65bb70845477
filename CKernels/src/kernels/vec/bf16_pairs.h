// SPDX-License-Identifier: Apache-2.0

// Pairs of bfloat16 by dot-product instructions: each lane sums pairs of products in single
// precision, in ascending order of the pairs, the odd neighbor of a pair before the even one.

typedef __m512bh vpairs;
typedef vtile vterms;

CK_INLINE vtile widened(vcodes_half codes) {
  return (vtile)(__builtin_convertvector(codes, v16u) << 16);
}

CK_INLINE vcodes_half rounded(vtile v) { return (vcodes_half)_mm512_cvtneps_pbh((__m512)v); }

CK_INLINE vpairs load_pairs(const ck_half *p) { return (__m512bh)_mm512_loadu_si512(p); }

CK_INLINE vpairs broadcast_pair(const ck_half *p) {
  int32_t pair;
  __builtin_memcpy(&pair, p, sizeof pair);
  return (__m512bh)_mm512_set1_epi32(pair);
}

CK_INLINE vterms multiply_add(vpairs a, vpairs b, vterms sum) {
  return (vtile)_mm512_dpbf16_ps((__m512)sum, a, b);
}

#include "pair_steps.h"

CK_INLINE void add_product(vtile sum[CK_TILE_ROWS][2], const pair_product *p, int MR) {
  add_pairs(sum, p, 0, p->pairs, MR);
  if (p->half_pair)
    add_half_pair(sum, p, MR);
}
