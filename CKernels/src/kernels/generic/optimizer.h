// SPDX-License-Identifier: Apache-2.0

// Optimizer steps.

CK_INLINE v16f sqrt16(v16f x) { return __builtin_elementwise_sqrt(x); }

static void CK_FN(adam_step_f32)(int64_t n, const ck_adam_constants *c, const float *g, float *m,
                                 float *v, float *value) {
  for (int64_t i = 0; i < n; i += 16) {
    int64_t lanes = n - i < 16 ? n - i : 16;
    bool full = lanes == 16;
    v16f w = full ? load16(value + i) : load_part16(value + i, lanes, 0);
    v16f d = full ? load16(g + i) : load_part16(g + i, lanes, 0);
    v16f m0 = full ? load16(m + i) : load_part16(m + i, lanes, 0);
    v16f v0 = full ? load16(v + i) : load_part16(v + i, lanes, 0);
    d = fma16((v16f)c->weight_decay, w, d);
    v16f m1 = fma16((v16f)(1.0f - c->beta1), d - m0, m0);
    v16f v1 = fma16((v16f)(1.0f - c->beta2) * d, d, (v16f)c->beta2 * v0);
    v16f root = fma16(sqrt16(v1), (v16f)c->inverse_root_bias_correction, (v16f)c->epsilon);
    w = w - (v16f)c->step_size * m1 / root;
    if (full) {
      store16(m + i, m1);
      store16(v + i, v1);
      store16(value + i, w);
    } else {
      store_part16(m + i, lanes, m1);
      store_part16(v + i, lanes, v1);
      store_part16(value + i, lanes, w);
    }
  }
}

static void CK_FN(rmsprop_step_f32)(int64_t n, const ck_rmsprop *c, const float *g, float *v,
                                    float *value) {
  for (int64_t i = 0; i < n; i += 16) {
    int64_t lanes = n - i < 16 ? n - i : 16;
    bool full = lanes == 16;
    v16f w = full ? load16(value + i) : load_part16(value + i, lanes, 0);
    v16f d = full ? load16(g + i) : load_part16(g + i, lanes, 0);
    v16f v0 = full ? load16(v + i) : load_part16(v + i, lanes, 0);
    d = fma16((v16f)c->weight_decay, w, d);
    v16f v1 = fma16((v16f)(1.0f - c->alpha) * d, d, (v16f)c->alpha * v0);
    w = w - (v16f)c->learning_rate * d / (sqrt16(v1) + (v16f)c->epsilon);
    if (full) {
      store16(v + i, v1);
      store16(value + i, w);
    } else {
      store_part16(v + i, lanes, v1);
      store_part16(value + i, lanes, w);
    }
  }
}
