// Softmax over a span, and the plain functions.

/// y = softmax((x + noise) / temperature) over n columns; noise may be NULL.
static void CK_FN(softmax_f32)(int64_t n, float inverse_temperature, const float *x,
                               const float *noise, float *y) {
  const float lowest = -__builtin_inff();
  v16f top = (v16f)lowest;
  for (int64_t i = 0; i < n; i += 16) {
    int64_t lanes = n - i < 16 ? n - i : 16;
    v16f v = lanes == 16 ? load16(x + i) : load_part16(x + i, lanes, lowest);
    if (noise)
      v += lanes == 16 ? load16(noise + i) : load_part16(noise + i, lanes, 0);
    top = select16(v > top, v, top);
    if (lanes == 16)
      store16(y + i, v);
    else
      store_part16(y + i, lanes, v);
  }
  float lane[16], highest = lowest;
  store16(lane, top);
  for (int i = 0; i < 16; i++)
    highest = lane[i] > highest ? lane[i] : highest;
  v16f sums = (v16f)0.0f;
  for (int64_t i = 0; i < n; i += 16) {
    int64_t lanes = n - i < 16 ? n - i : 16;
    v16f v = lanes == 16 ? load16(y + i) : load_part16(y + i, lanes, lowest);
    v = exp16((v - (v16f)highest) * (v16f)inverse_temperature);
    sums += v;
    if (lanes == 16)
      store16(y + i, v);
    else
      store_part16(y + i, lanes, v);
  }
  v16f factor = (v16f)(1.0f / sum16(sums));
  for (int64_t i = 0; i < n; i += 16) {
    int64_t lanes = n - i < 16 ? n - i : 16;
    if (lanes == 16)
      store16(y + i, load16(y + i) * factor);
    else
      store_part16(y + i, lanes, load_part16(y + i, lanes, 0) * factor);
  }
}

static void CK_FN(softmax_backward_f32)(int64_t n, float inverse_temperature, const float *dy,
                                        const float *y, float *dx) {
  v16f sums = (v16f)0.0f;
  for (int64_t i = 0; i < n; i += 16) {
    int64_t lanes = n - i < 16 ? n - i : 16;
    v16f a = lanes == 16 ? load16(dy + i) : load_part16(dy + i, lanes, 0);
    v16f b = lanes == 16 ? load16(y + i) : load_part16(y + i, lanes, 0);
    sums = fma16(a, b, sums);
  }
  v16f mean = (v16f)sum16(sums);
  for (int64_t i = 0; i < n; i += 16) {
    int64_t lanes = n - i < 16 ? n - i : 16;
    v16f a = lanes == 16 ? load16(dy + i) : load_part16(dy + i, lanes, 0);
    v16f b = lanes == 16 ? load16(y + i) : load_part16(y + i, lanes, 0);
    v16f v = b * (a - mean) * (v16f)inverse_temperature;
    if (lanes == 16)
      store16(dx + i, v);
    else
      store_part16(dx + i, lanes, v);
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
