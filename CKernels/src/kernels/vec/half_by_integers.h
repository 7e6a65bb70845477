// SPDX-License-Identifier: Apache-2.0

// Half precision and single, by integers: for machines without instructions for it.

CK_INLINE float ck_float_of_bits(uint32_t bits) {
  float value;
  __builtin_memcpy(&value, &bits, sizeof value);
  return value;
}

CK_INLINE uint32_t ck_bits_of_float(float value) {
  uint32_t bits;
  __builtin_memcpy(&bits, &value, sizeof bits);
  return bits;
}

/// Exact. Subnormals come by way of a difference, not of a denormal float, which would be flushed.
CK_INLINE float ck_float_of_half(uint16_t code) {
  uint32_t sign = (uint32_t)(code & 0x8000) << 16, size = (uint32_t)(code & 0x7fff) << 13;
  uint32_t normal = size + (112u << 23), special = size | 0x7f800000;
  special |= size > 0x0f800000 ? 0x400000 : 0; // NaN becomes quiet
  uint32_t subnormal =
      ck_bits_of_float(ck_float_of_bits(size + (113u << 23)) - ck_float_of_bits(113u << 23));
  uint32_t bits = size < 0x00800000 ? subnormal : size >= 0x0f800000 ? special : normal;
  return ck_float_of_bits(bits | sign);
}

/// To nearest, ties to even; infinity from 65520 on.
CK_INLINE uint16_t ck_half_of_float(float value) {
  uint32_t bits = ck_bits_of_float(value), size = bits & 0x7fffffff;
  uint32_t normal = (size - (112u << 23) + 0xfff + (size >> 13 & 1)) >> 13;
  // In the sum with 1/2 the last place is a half's least subnormal.
  uint32_t subnormal = ck_bits_of_float(ck_float_of_bits(size) + 0.5f) - (126u << 23);
  uint32_t special = size > 0x7f800000 ? 0x7e00 | (size >> 13 & 0x1ff) : 0x7c00;
  uint32_t code = size < (113u << 23) ? subnormal : size >= (143u << 23) ? special : normal;
  return (uint16_t)(code | (bits >> 16 & 0x8000));
}
