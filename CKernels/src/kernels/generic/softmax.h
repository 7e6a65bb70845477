// SPDX-License-Identifier: Apache-2.0

// Softmax over a span of each row, and its derivative.
//
// Most spans have few columns. Those of up to 16 are transposed, so that each column of 16 rows is
// a vector: no lane is empty, and 16 sums are divided by at once. Each step passes over several
// such squares, since one from beginning to end would be a chain of two hundred cycles. The
// derivative, which has less to do, takes rows side by side instead: slots of 2, 4, 8 or 16 lanes.

/// Elements of the spans that are worked on at a time.
enum { CK_FN(staged_floats) = 64 * 16 };

/// `rows` rows of n <= 16 columns, from one leading dimension to another.
static void CK_FN(copy_spans)(int64_t rows, int64_t n, const float *from, int64_t ldfrom, float *to,
                              int64_t ldto) {
  int64_t r = 0;
  switch (n) {
#define CK_COPY(N)                                                 \
  case N:                                                          \
    for (; r + 4 <= rows; r += 4) {                                \
      __builtin_memcpy(to, from, 4 * (N));                         \
      __builtin_memcpy(to + ldto, from + ldfrom, 4 * (N));         \
      __builtin_memcpy(to + 2 * ldto, from + 2 * ldfrom, 4 * (N)); \
      __builtin_memcpy(to + 3 * ldto, from + 3 * ldfrom, 4 * (N)); \
      from += 4 * ldfrom;                                          \
      to += 4 * ldto;                                              \
    }                                                              \
    for (; r < rows; r++, from += ldfrom, to += ldto)              \
      __builtin_memcpy(to, from, 4 * (N));                         \
    break;
    CK_COPY(1)
    CK_COPY(2)
    CK_COPY(3)
    CK_COPY(4)
    CK_COPY(5)
    CK_COPY(6)
    CK_COPY(7)
    CK_COPY(8)
    CK_COPY(9)
    CK_COPY(10)
    CK_COPY(11)
    CK_COPY(12)
    CK_COPY(13)
    CK_COPY(14)
    CK_COPY(15)
    CK_COPY(16)
#undef CK_COPY
  }
}

CK_INLINE int slot_lanes(int64_t n) { return n > 8 ? 16 : n > 4 ? 8 : n > 2 ? 4 : 2; }

CK_INLINE void fill16(float *p, int64_t vectors, float value) {
  for (int64_t i = 0; i < vectors; i++)
    store16(p + 16 * i, (v16f)value);
}

#define CK_EVEN 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30
#define CK_ODD 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31
#define CK_FRONT 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23
#define CK_BACK 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31

/// `width` vectors that hold 16 rows of as many columns become the columns: each round rotates the
/// bits of an element's place by one.
CK_INLINE void rows_to_columns(v16f r[16], int width) {
#pragma clang loop unroll(full)
  for (int round = 1; round < width; round *= 2) {
    v16f t[16];
#pragma clang loop unroll(full)
    for (int i = 0; i < width / 2; i++) {
      t[i] = __builtin_shufflevector(r[2 * i], r[2 * i + 1], CK_EVEN);
      t[i + width / 2] = __builtin_shufflevector(r[2 * i], r[2 * i + 1], CK_ODD);
    }
#pragma clang loop unroll(full)
    for (int i = 0; i < width; i++)
      r[i] = t[i];
  }
}

/// The way back.
CK_INLINE void columns_to_rows(v16f r[16], int width) {
#pragma clang loop unroll(full)
  for (int round = 1; round < width; round *= 2) {
    v16f t[16];
#pragma clang loop unroll(full)
    for (int i = 0; i < width / 2; i++) {
      t[2 * i] = __builtin_shufflevector(r[i], r[i + width / 2], CK_FRONT);
      t[2 * i + 1] = __builtin_shufflevector(r[i], r[i + width / 2], CK_BACK);
    }
#pragma clang loop unroll(full)
    for (int i = 0; i < width; i++)
      r[i] = t[i];
  }
}
#undef CK_EVEN
#undef CK_ODD
#undef CK_FRONT
#undef CK_BACK

/// n of `width` columns; `dense` and `added` hold rows of `width`, whole squares of 16 of them.
CK_INLINE void softmax_transposed(int64_t rows, int64_t n, int width, float inverse_temperature,
                                  float *dense, const float *added) {
  float columns[CK_FN(staged_floats)];
  int64_t square = 16 * width, end = (rows + 15) / 16 * square;
  for (int64_t q = 0; q < end; q += square) {
    v16f r[16];
#pragma clang loop unroll(full)
    for (int i = 0; i < width; i++) {
      r[i] = load16(dense + q + 16 * i);
      if (added)
        r[i] += load16(added + q + 16 * i);
    }
    rows_to_columns(r, width);
#pragma clang loop unroll(full)
    for (int i = 0; i < width; i++)
      store16(columns + q + 16 * i, r[i]);
  }
  for (int64_t q = 0; q < end; q += square) {
    v16f top = load16(columns + q);
    for (int64_t i = 1; i < n; i++)
      top = larger16(load16(columns + q + 16 * i), top);
    for (int64_t i = 0; i < n; i++)
      store16(columns + q + 16 * i,
              (load16(columns + q + 16 * i) - top) * (v16f)inverse_temperature);
  }
  for (int64_t q = 0; q < end; q += square) {
    for (int64_t i = 0; i < n; i++)
      store16(columns + q + 16 * i, exp_negative16(load16(columns + q + 16 * i)));
    for (int64_t i = n; i < width; i++)
      store16(columns + q + 16 * i, (v16f)0.0f);
  }
  for (int64_t q = 0; q < end; q += square) {
    v16f r[16], sums[16];
#pragma clang loop unroll(full)
    for (int i = 0; i < width; i++)
      r[i] = sums[i] = load16(columns + q + 16 * i);
#pragma clang loop unroll(full)
    for (int half = width / 2; half > 0; half /= 2)
#pragma clang loop unroll(full)
      for (int i = 0; i < half; i++)
        sums[i] += sums[i + half];
    v16f factor = (v16f)1.0f / sums[0];
#pragma clang loop unroll(full)
    for (int i = 0; i < width; i++)
      r[i] *= factor;
    columns_to_rows(r, width);
#pragma clang loop unroll(full)
    for (int i = 0; i < width; i++)
      store16(dense + q + 16 * i, r[i]);
  }
}

static void CK_FN(softmax_short)(int64_t rows, int64_t n, float inverse_temperature, const float *x,
                                 int64_t ldx, const float *noise, int64_t ldnoise, float *y,
                                 int64_t ldy) {
  // Columns and rows that do not exist take part, and what they hold is not looked at.
  float dense[CK_FN(staged_floats)], noises[CK_FN(staged_floats)];
  int width = slot_lanes(n);
  int64_t room = CK_FN(staged_floats) / width, maximum = rows < room ? (rows + 15) / 16 * 16 : room;
  fill16(dense, maximum * width / 16, 0);
  if (noise)
    fill16(noises, maximum * width / 16, 0);
  const float *added = noise ? noises : NULL;
  for (int64_t r = 0; r < rows; r += room) {
    int64_t count = rows - r < room ? rows - r : room;
    CK_FN(copy_spans)(count, n, x + r * ldx, ldx, dense, width);
    if (noise)
      CK_FN(copy_spans)(count, n, noise + r * ldnoise, ldnoise, noises, width);
    switch (width) {
    case 2:
      softmax_transposed(count, n, 2, inverse_temperature, dense, added);
      break;
    case 4:
      softmax_transposed(count, n, 4, inverse_temperature, dense, added);
      break;
    case 8:
      softmax_transposed(count, n, 8, inverse_temperature, dense, added);
      break;
    default:
      softmax_transposed(count, n, 16, inverse_temperature, dense, added);
    }
    CK_FN(copy_spans)(count, n, dense, width, y + r * ldy, ldy);
  }
}

/// One span of more than 16 columns. Its last vector, which may be a part, stays in a register:
/// what was stored by parts cannot be loaded at once.
static void CK_FN(softmax_long)(int64_t n, float inverse_temperature, const float *x,
                                const float *noise, float *y) {
  int64_t last = (n - 1) / 16 * 16;
  v16f end = load_some16(x + last, n - last, -__builtin_inff()), top = (v16f)-__builtin_inff();
  if (noise)
    end += load_some16(noise + last, n - last, 0);
  for (int64_t i = 0; i < last; i += 16) {
    v16f v = load16(x + i);
    if (noise)
      v += load16(noise + i);
    top = larger16(v, top);
    store16(y + i, v);
  }
  top = max_lanes16(larger16(end, top), 16);
  v16f sums = (v16f)0.0f;
  for (int64_t i = 0; i < last; i += 16) {
    v16f v = exp_negative16((load16(y + i) - top) * (v16f)inverse_temperature);
    sums += v;
    store16(y + i, v);
  }
  end = exp_negative16((end - top) * (v16f)inverse_temperature);
  v16f factor = (v16f)(1.0f / sum_lanes16(sums + end, 16)[0]);
  for (int64_t i = 0; i < last; i += 16)
    store16(y + i, load16(y + i) * factor);
  store_some16(y + last, n - last, end * factor);
}

/// y = softmax((x + noise) / temperature) over n columns of each row; noise may be NULL.
static void CK_FN(softmax_f32)(int64_t rows, int64_t n, float inverse_temperature, const float *x,
                               int64_t ldx, const float *noise, int64_t ldnoise, float *y,
                               int64_t ldy) {
  if (n <= 16) {
    CK_FN(softmax_short)(rows, n, inverse_temperature, x, ldx, noise, ldnoise, y, ldy);
    return;
  }
  for (int64_t r = 0; r < rows; r++)
    CK_FN(softmax_long)
  (n, inverse_temperature, x + r * ldx, noise ? noise + r * ldnoise : NULL, y + r * ldy);
}

CK_INLINE void softmax_backward_slots(int64_t vectors, int lanes, int64_t n,
                                      float inverse_temperature, const float *dy, int64_t lddy,
                                      const float *y, int64_t ldy, float *dx, int64_t lddx) {
  for (int64_t i = 0; i < vectors; i++) {
    v16f a = load_some16(dy + i * lddy, n, 0), b = load_some16(y + i * ldy, n, 0);
    v16f mean = sum_lanes16(fma16(a, b, (v16f)0.0f), lanes);
    store_some16(dx + i * lddx, n, b * (a - mean) * (v16f)inverse_temperature);
  }
}

static void CK_FN(softmax_backward_short)(int64_t rows, int64_t n, float inverse_temperature,
                                          const float *dy, int64_t lddy, const float *y,
                                          int64_t ldy, float *dx, int64_t lddx) {
  float gradients[CK_FN(staged_floats)], outputs[CK_FN(staged_floats)];
  int lanes = slot_lanes(n);
  if (n == 16 || (lanes == 16 && CK_HAS_MASKS)) {
    softmax_backward_slots(rows, 16, CK_HAS_MASKS ? n : 16, inverse_temperature, dy, lddy, y, ldy,
                           dx, lddx);
    return;
  }
  int64_t room = CK_FN(staged_floats) / lanes, maximum = rows < room ? rows : room;
  fill16(gradients, (maximum * lanes + 15) / 16, 0);
  fill16(outputs, (maximum * lanes + 15) / 16, 0);
  for (int64_t r = 0; r < rows; r += room) {
    int64_t count = rows - r < room ? rows - r : room, vectors = (count * lanes + 15) / 16;
    CK_FN(copy_spans)(count, n, dy + r * lddy, lddy, gradients, lanes);
    CK_FN(copy_spans)(count, n, y + r * ldy, ldy, outputs, lanes);
    switch (lanes) {
#define CK_SLOTS(N)                                                                         \
  case N:                                                                                   \
    softmax_backward_slots(vectors, N, 16, inverse_temperature, gradients, 16, outputs, 16, \
                           gradients, 16);                                                  \
    break;
      CK_SLOTS(2)
      CK_SLOTS(4)
      CK_SLOTS(8)
      CK_SLOTS(16)
#undef CK_SLOTS
    }
    CK_FN(copy_spans)(count, n, gradients, lanes, dx + r * lddx, lddx);
  }
}

static void CK_FN(softmax_backward_f32)(int64_t rows, int64_t n, float inverse_temperature,
                                        const float *dy, int64_t lddy, const float *y, int64_t ldy,
                                        float *dx, int64_t lddx) {
  if (n <= 16) {
    CK_FN(softmax_backward_short)(rows, n, inverse_temperature, dy, lddy, y, ldy, dx, lddx);
    return;
  }
  for (int64_t r = 0; r < rows; r++, dy += lddy, y += ldy, dx += lddx) {
    v16f sums = (v16f)0.0f;
    for (int64_t i = 0; i < n; i += 16)
      sums = fma16(load_some16(dy + i, n - i, 0), load_some16(y + i, n - i, 0), sums);
    v16f mean = sum_lanes16(sums, 16);
    for (int64_t i = 0; i < n; i += 16) {
      v16f a = load_some16(dy + i, n - i, 0), b = load_some16(y + i, n - i, 0);
      store_some16(dx + i, n - i, b * (a - mean) * (v16f)inverse_temperature);
    }
  }
}
