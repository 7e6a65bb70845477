// SPDX-License-Identifier: Apache-2.0

// Between single and half precision; the including file has set CK_HAS_HALVES where the level
// converts by instructions.

#if CK_HAS_HALVES
typedef _Float16 v16h __attribute__((ext_vector_type(16)));

CK_INLINE void round_halves16(const float *x, uint16_t *y) {
  v16h v = __builtin_convertvector(load16(x), v16h);
  __builtin_memcpy(y, &v, sizeof v);
}

CK_INLINE void widen_halves16(const uint16_t *x, float *y) {
  v16h v;
  __builtin_memcpy(&v, x, sizeof v);
  store16(y, __builtin_convertvector(v, v16f));
}
#else
CK_INLINE void round_halves16(const float *x, uint16_t *y) {
  for (int i = 0; i < 16; i++)
    y[i] = ck_half_of_float(x[i]);
}

CK_INLINE void widen_halves16(const uint16_t *x, float *y) {
  for (int i = 0; i < 16; i++)
    y[i] = ck_float_of_half(x[i]);
}
#endif

static void CK_FN(convert_f32_to_f16)(int64_t n, const float *x, uint16_t *y) {
  int64_t i = 0;
  for (; i + 16 <= n; i += 16)
    round_halves16(x + i, y + i);
  float rest[16] = {0};
  uint16_t codes[16];
  for (int64_t j = i; j < n; j++)
    rest[j - i] = x[j];
  round_halves16(rest, codes);
  for (int64_t j = i; j < n; j++)
    y[j] = codes[j - i];
}

static void CK_FN(convert_f16_to_f32)(int64_t n, const uint16_t *x, float *y) {
  int64_t i = 0;
  for (; i + 16 <= n; i += 16)
    widen_halves16(x + i, y + i);
  float rest[16];
  uint16_t codes[16] = {0};
  for (int64_t j = i; j < n; j++)
    codes[j - i] = x[j];
  widen_halves16(codes, rest);
  for (int64_t j = i; j < n; j++)
    y[j] = rest[j - i];
}
