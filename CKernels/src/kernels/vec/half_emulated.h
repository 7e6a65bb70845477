// SPDX-License-Identifier: Apache-2.0

// The vocabulary of half_pairs.h for any machine: half-precision values held as floats, and a fused
// multiply-add that rounds once. It says what the instructions compute; it is no way to be fast.

typedef float vpairs __attribute__((ext_vector_type(2 * CK_TILE_LANES)));
typedef vpairs vterms;
typedef double vexact __attribute__((ext_vector_type(2 * CK_TILE_LANES)));
typedef uint64_t vexact_bits __attribute__((ext_vector_type(2 * CK_TILE_LANES)));

CK_INLINE vtile widened(vcodes_half codes) {
  vtile v;
  for (int i = 0; i < CK_TILE_LANES; i++)
    v[i] = ck_float_of_half(codes[i]);
  return v;
}

CK_INLINE vcodes_half rounded(vtile v) {
  vcodes_half codes;
  for (int i = 0; i < CK_TILE_LANES; i++)
    codes[i] = ck_half_of_float(v[i]);
  return codes;
}

CK_INLINE vpairs load_pairs(const ck_half *p) {
  vpairs v;
  for (int i = 0; i < 2 * CK_TILE_LANES; i++)
    v[i] = ck_float_of_half(p[i]);
  return v;
}

CK_INLINE vpairs broadcast_pair(const ck_half *p) {
  vpairs v;
  v.even = ck_float_of_half(p[0]);
  v.odd = ck_float_of_half(p[1]);
  return v;
}

/// To the nearest half-precision value, ties to the even one: adding a number whose last place is
/// the half's rounds there.
CK_INLINE vexact rounded_to_half(vexact x) {
  const vexact_bits exponent = (vexact_bits)0x7ff0000000000000, minimum = (vexact_bits)1009 << 52;
  vexact_bits e = (vexact_bits)x & exponent;
  vexact magic = (vexact)((e < minimum ? minimum : e) + ((vexact_bits)42 << 52)) * 1.5;
  vexact r = (x + magic) - magic, infinity = (vexact)__builtin_inf();
  r = r >= 65536.0 ? infinity : r <= -65536.0 ? -infinity : r;
  return e == exponent ? x : r;
}

/// The product of two halves has 22 bits and is exact in double precision. Rounding the sum to 53
/// bits first cannot make a tie of what is none: a term below half a place of the other's 11 bits
/// stays clear of the tie by 2^-22 of itself, and one above it leaves the sum exact.
CK_INLINE vterms multiply_add(vpairs a, vpairs b, vterms sum) {
  vexact product = __builtin_convertvector(a, vexact) * __builtin_convertvector(b, vexact);
  return __builtin_convertvector(rounded_to_half(product + __builtin_convertvector(sum, vexact)),
                                 vpairs);
}

CK_INLINE vtile lower_terms(vterms v) { return v.lo; }
CK_INLINE vtile upper_terms(vterms v) { return v.hi; }

#include "half_chains.h"
