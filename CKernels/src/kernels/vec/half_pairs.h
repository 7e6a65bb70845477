// SPDX-License-Identifier: Apache-2.0

// Pairs of IEEE half precision by fused multiply-adds in half precision, which a machine has: each
// lane is a chain of its own.

typedef _Float16 vpairs __attribute__((ext_vector_type(2 * CK_TILE_LANES)));
typedef _Float16 vhalves __attribute__((ext_vector_type(CK_TILE_LANES)));
typedef vpairs vterms;

CK_INLINE vtile widened_halves(vhalves v) { return __builtin_convertvector(v, vtile); }
CK_INLINE vtile widened(vcodes_half codes) { return widened_halves((vhalves)codes); }

CK_INLINE vcodes_half rounded(vtile v) { return (vcodes_half) __builtin_convertvector(v, vhalves); }

CK_INLINE vpairs load_pairs(const ck_half *p) {
  vpairs v;
  __builtin_memcpy(&v, p, sizeof v);
  return v;
}

CK_INLINE vpairs broadcast_pair(const ck_half *p) {
  float pair; // moved, not computed with
  __builtin_memcpy(&pair, p, sizeof pair);
  return (vpairs)(vtile)pair;
}

CK_INLINE vterms multiply_add(vpairs a, vpairs b, vterms sum) {
  return __builtin_elementwise_fma(a, b, sum);
}

CK_INLINE vtile lower_terms(vterms v) { return widened_halves(v.lo); }
CK_INLINE vtile upper_terms(vterms v) { return widened_halves(v.hi); }

#include "half_chains.h"
