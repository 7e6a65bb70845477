// SPDX-License-Identifier: Apache-2.0

// Batch normalization of some columns. Up to 4 vectors of columns pass through all rows at a time:
// their part of the matrix stays in the cache from one pass to the next.

enum { CK_FN(norm_vectors) = 4, CK_FN(norm_rows) = 32 };

typedef double v16d __attribute__((ext_vector_type(16)));

CK_INLINE v16d widen16(v16f v) { return __builtin_convertvector(v, v16d); }
CK_INLINE v16f single16(v16d v) { return __builtin_convertvector(v, v16f); }

/// `vectors` whole vectors of columns from `c`, or one of `lanes` columns.
CK_INLINE void normalize_columns(const ck_batch_norm_block *p, int64_t c, int vectors,
                                 int64_t lanes) {
  v16d first[CK_FN(norm_vectors)], second[CK_FN(norm_vectors)];
  v16f mean[CK_FN(norm_vectors)], scale[CK_FN(norm_vectors)], shift[CK_FN(norm_vectors)];
  const float *x = p->x + c;
  const double count = (double)p->M;
  for (int v = 0; v < vectors; v++)
    first[v] = second[v] = (v16d)0.0;
  for (int64_t row = 0; row < p->M; row += CK_FN(norm_rows)) {
    int64_t end = row + CK_FN(norm_rows) < p->M ? row + CK_FN(norm_rows) : p->M;
    v16f sum[CK_FN(norm_vectors)];
    for (int v = 0; v < vectors; v++)
      sum[v] = (v16f)0.0f;
    for (int64_t r = row; r < end; r++)
      for (int v = 0; v < vectors; v++)
        sum[v] += load_some16(x + r * p->ldx + 16 * v, lanes, 0);
    for (int v = 0; v < vectors; v++)
      first[v] += widen16(sum[v]);
  }
  for (int v = 0; v < vectors; v++)
    mean[v] = single16(first[v] / (v16d)count);
  for (int64_t row = 0; row < p->M; row += CK_FN(norm_rows)) {
    int64_t end = row + CK_FN(norm_rows) < p->M ? row + CK_FN(norm_rows) : p->M;
    v16f sum[CK_FN(norm_vectors)];
    for (int v = 0; v < vectors; v++)
      sum[v] = (v16f)0.0f;
    for (int64_t r = row; r < end; r++)
      for (int v = 0; v < vectors; v++) {
        v16f centered = load_some16(x + r * p->ldx + 16 * v, lanes, 0) - mean[v];
        sum[v] = fma16(centered, centered, sum[v]);
      }
    for (int v = 0; v < vectors; v++)
      second[v] += widen16(sum[v]);
  }
  for (int v = 0; v < vectors; v++) {
    int64_t at = c + 16 * v;
    // The rounding of the mean shifts all centered values alike: its square is no variance.
    v16d offset = first[v] / (v16d)count - widen16(mean[v]);
    v16d variance = second[v] / (v16d)count - offset * offset;
    variance = variance < (v16d)0.0 ? (v16d)0.0 : variance;
    v16d root = __builtin_elementwise_sqrt(variance + (v16d)(double)p->epsilon);
    v16f inverse = single16((v16d)1.0 / root);
    store_some16(p->mean + at, lanes, mean[v]);
    store_some16(p->variance + at, lanes, single16(variance * (v16d)(count / (count - 1))));
    store_some16(p->inverse_deviation + at, lanes, inverse);
    scale[v] = load_some16(p->weight + at, lanes, 0) * inverse;
    shift[v] = load_some16(p->bias + at, lanes, 0);
  }
  for (int64_t r = 0; r < p->M; r++)
    for (int v = 0; v < vectors; v++) {
      v16f centered = load_some16(x + r * p->ldx + 16 * v, lanes, 0) - mean[v];
      store_some16(p->y + r * p->ldy + c + 16 * v, lanes,
                   activate16(p->act, fma16(centered, scale[v], shift[v])));
    }
}

CK_INLINE void normalize_columns_backward(const ck_batch_norm_gradient_block *p, int64_t c,
                                          int vectors, int64_t lanes) {
  v16d first[CK_FN(norm_vectors)], second[CK_FN(norm_vectors)];
  v16f mean[CK_FN(norm_vectors)], inverse[CK_FN(norm_vectors)];
  const float *x = p->x + c, *y = p->y + c, *dy = p->dy + c;
  const double count = (double)p->M;
  for (int v = 0; v < vectors; v++) {
    first[v] = second[v] = (v16d)0.0;
    mean[v] = load_some16(p->mean + c + 16 * v, lanes, 0);
    inverse[v] = load_some16(p->inverse_deviation + c + 16 * v, lanes, 0);
  }
  for (int64_t row = 0; row < p->M; row += CK_FN(norm_rows)) {
    int64_t end = row + CK_FN(norm_rows) < p->M ? row + CK_FN(norm_rows) : p->M;
    v16f sum[CK_FN(norm_vectors)], product[CK_FN(norm_vectors)];
    for (int v = 0; v < vectors; v++)
      sum[v] = product[v] = (v16f)0.0f;
    for (int64_t r = row; r < end; r++)
      for (int v = 0; v < vectors; v++) {
        v16f dz = times_derivative16(p->act, load_some16(dy + r * p->lddy + 16 * v, lanes, 0),
                                     load_some16(y + r * p->ldy + 16 * v, lanes, 0));
        v16f centered = load_some16(x + r * p->ldx + 16 * v, lanes, 0) - mean[v];
        sum[v] += dz;
        product[v] = fma16(dz, centered * inverse[v], product[v]);
      }
    for (int v = 0; v < vectors; v++) {
      first[v] += widen16(sum[v]);
      second[v] += widen16(product[v]);
    }
  }
  v16f scale[CK_FN(norm_vectors)], level[CK_FN(norm_vectors)], slope[CK_FN(norm_vectors)];
  for (int v = 0; v < vectors; v++) {
    int64_t at = c + 16 * v;
    store_some16(p->dbias + at, lanes, single16(first[v]));
    store_some16(p->dweight + at, lanes, single16(second[v]));
    scale[v] = load_some16(p->weight + at, lanes, 0) * inverse[v];
    level[v] = p->fixed ? (v16f)0.0f : single16(first[v] / (v16d)count);
    slope[v] = p->fixed ? (v16f)0.0f : single16(second[v] / (v16d)count) * inverse[v];
  }
  if (p->dx == NULL)
    return;
  for (int64_t r = 0; r < p->M; r++)
    for (int v = 0; v < vectors; v++) {
      v16f dz = times_derivative16(p->act, load_some16(dy + r * p->lddy + 16 * v, lanes, 0),
                                   load_some16(y + r * p->ldy + 16 * v, lanes, 0));
      v16f centered = load_some16(x + r * p->ldx + 16 * v, lanes, 0) - mean[v];
      v16f rest = fma16(-centered, slope[v], dz - level[v]);
      store_some16(p->dx + r * p->lddx + c + 16 * v, lanes, scale[v] * rest);
    }
}

static void CK_FN(batch_norm_forward_f32)(const ck_batch_norm_block *p) {
  int64_t c = 0;
  for (; c + 16 * CK_FN(norm_vectors) <= p->N; c += 16 * CK_FN(norm_vectors))
    normalize_columns(p, c, CK_FN(norm_vectors), 16);
  for (; c < p->N; c += 16)
    normalize_columns(p, c, 1, p->N - c);
}

static void CK_FN(batch_norm_backward_f32)(const ck_batch_norm_gradient_block *p) {
  int64_t c = 0;
  for (; c + 16 * CK_FN(norm_vectors) <= p->N; c += 16 * CK_FN(norm_vectors))
    normalize_columns_backward(p, c, CK_FN(norm_vectors), 16);
  for (; c < p->N; c += 16)
    normalize_columns_backward(p, c, 1, p->N - c);
}
