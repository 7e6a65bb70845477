// SPDX-License-Identifier: Apache-2.0

// The plain functions, and conversions.

#define CK_MAP(name, function)                                            \
  static void CK_FN(name)(int64_t n, const float *x, float *y) {          \
    int64_t i = 0;                                                        \
    for (; i + 32 <= n; i += 32) {                                        \
      v16f a = function(load16(x + i)), b = function(load16(x + i + 16)); \
      store16(y + i, a);                                                  \
      store16(y + i + 16, b);                                             \
    }                                                                     \
    for (; i + 16 <= n; i += 16)                                          \
      store16(y + i, function(load16(x + i)));                            \
    if (i < n)                                                            \
      store_part16(y + i, n - i, function(load_part16(x + i, n - i, 1))); \
  }
CK_MAP(exp_f32, exp16)
CK_MAP(log_f32, log16)
CK_MAP(tanh_f32, tanh16)
#undef CK_MAP

static void CK_FN(convert_f32_to_bf16)(int64_t n, const float *x, uint16_t *y) {
  for (int64_t i = 0; i < n; i++) {
    uint32_t bits;
    __builtin_memcpy(&bits, x + i, sizeof bits);
    uint32_t rounded = (bits + 0x7fff + ((bits >> 16) & 1)) >> 16;
    uint32_t quiet = (bits >> 16) | 0x40;
    y[i] = (uint16_t)((bits & 0x7fffffff) > 0x7f800000 ? quiet : rounded);
  }
}

static void CK_FN(convert_bf16_to_f32)(int64_t n, const uint16_t *x, float *y) {
  for (int64_t i = 0; i < n; i++) {
    uint32_t bits = (uint32_t)x[i] << 16;
    __builtin_memcpy(y + i, &bits, sizeof bits);
  }
}
