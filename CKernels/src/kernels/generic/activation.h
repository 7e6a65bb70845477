// Activations and their derivatives by the output, on 16 lanes.

static const float ck_selu_scale = 1.0507009873554804934193349852946f;
static const float ck_selu_scale_alpha = 1.7580993408473768599402175208123f;

CK_INLINE v16f activate16(ck_activation act, v16f z) {
  switch (act.kind) {
  case CK_RELU:
    return select16(z < (v16f)0.0f, (v16f)0.0f, z); // keeps NaN
  case CK_LEAKY_RELU:
    return select16(z < (v16f)0.0f, z * (v16f)act.slope, z);
  case CK_TANH:
    return tanh16(z);
  case CK_SIGMOID:
    return sigmoid16(z);
  case CK_SELU:
    return select16(z > (v16f)0.0f, z * (v16f)ck_selu_scale,
                    expm1_16(z) * (v16f)ck_selu_scale_alpha);
  default:
    return z;
  }
}

/// g times the derivative at stored output h.
CK_INLINE v16f times_derivative16(ck_activation act, v16f g, v16f h) {
  switch (act.kind) {
  case CK_RELU:
    return select16(h > (v16f)0.0f, g, (v16f)0.0f);
  case CK_LEAKY_RELU:
    return select16(h > (v16f)0.0f, g, g * (v16f)act.slope);
  case CK_TANH:
    return g * ((v16f)1.0f - h * h);
  case CK_SIGMOID:
    return g * (h * ((v16f)1.0f - h));
  case CK_SELU:
    return g * select16(h > (v16f)0.0f, (v16f)ck_selu_scale, h + (v16f)ck_selu_scale_alpha);
  default:
    return g;
  }
}

static void CK_FN(activation_forward_f32)(int64_t n, ck_activation act, const float *z, float *h) {
  int64_t i = 0;
  for (; i + 16 <= n; i += 16)
    store16(h + i, activate16(act, load16(z + i)));
  if (i < n)
    store_part16(h + i, n - i, activate16(act, load_part16(z + i, n - i, 0)));
}

static void CK_FN(activation_backward_f32)(int64_t n, ck_activation act, const float *dh,
                                           const float *h, float *dz) {
  int64_t i = 0;
  for (; i + 16 <= n; i += 16)
    store16(dz + i, times_derivative16(act, load16(dh + i), load16(h + i)));
  if (i < n)
    store_part16(
        dz + i, n - i,
        times_derivative16(act, load_part16(dh + i, n - i, 0), load_part16(h + i, n - i, 0)));
}
