// Softmax over a span, and the plain functions.

CK_INLINE v16f load_some16(const float *p, int64_t n, float rest) {
  return n >= 16 ? load16(p) : load_part16(p, n, rest);
}

CK_INLINE void store_some16(float *p, int64_t n, v16f v) {
  if (n >= 16)
    store16(p, v);
  else
    store_part16(p, n, v);
}

/// y = softmax((x + noise) / temperature) over n columns; noise may be NULL.
static void CK_FN(softmax_f32)(int64_t n, float inverse_temperature, const float *x,
                               const float *noise, float *y) {
  const float lowest = -__builtin_inff();
  if (n <= 16) { // most spans: everything stays in a register
    v16f v = load_some16(x, n, lowest);
    if (noise)
      v += load_some16(noise, n, 0);
    v = exp16((v - max16(v)) * (v16f)inverse_temperature);
    store_some16(y, n, v * ((v16f)1.0f / sum16(v)));
    return;
  }
  v16f top = (v16f)lowest;
  for (int64_t i = 0; i < n; i += 16) {
    v16f v = load_some16(x + i, n - i, lowest);
    if (noise)
      v += load_some16(noise + i, n - i, 0);
    top = larger16(v, top);
    store_some16(y + i, n - i, v);
  }
  top = max16(top);
  v16f sums = (v16f)0.0f;
  for (int64_t i = 0; i < n; i += 16) {
    v16f v = exp16((load_some16(y + i, n - i, lowest) - top) * (v16f)inverse_temperature);
    sums += v;
    store_some16(y + i, n - i, v);
  }
  v16f factor = (v16f)1.0f / sum16(sums);
  for (int64_t i = 0; i < n; i += 16)
    store_some16(y + i, n - i, load_some16(y + i, n - i, 0) * factor);
}

static void CK_FN(softmax_backward_f32)(int64_t n, float inverse_temperature, const float *dy,
                                        const float *y, float *dx) {
  v16f sums = (v16f)0.0f;
  for (int64_t i = 0; i < n; i += 16)
    sums = fma16(load_some16(dy + i, n - i, 0), load_some16(y + i, n - i, 0), sums);
  v16f mean = sum16(sums);
  for (int64_t i = 0; i < n; i += 16) {
    v16f a = load_some16(dy + i, n - i, 0), b = load_some16(y + i, n - i, 0);
    store_some16(dx + i, n - i, b * (a - mean) * (v16f)inverse_temperature);
  }
}

#define CK_MAP(name, function)                                            \
  static void CK_FN(name)(int64_t n, const float *x, float *y) {          \
    int64_t i = 0;                                                        \
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
