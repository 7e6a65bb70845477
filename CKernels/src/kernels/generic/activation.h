// SPDX-License-Identifier: Apache-2.0

// Activations and their derivatives by the output, on 16 lanes.

static const float ck_selu_scale = 1.0507009873554804934193349852946f;
static const float ck_selu_scale_alpha = 1.7580993408473768599402175208123f;

CK_INLINE bool is_transcendental(ck_activation act) { return act.kind >= CK_TANH; }

// The piecewise linear functions, and g times their derivatives at stored output h, on both kinds
// of vectors. The mask keeps NaN in the one and takes no part of g in the other.
#define CK_PIECEWISE_LINEAR(V, piecewise_linear, piecewise_linear_derivative) \
  CK_INLINE V piecewise_linear(ck_activation act, V z) {                      \
    switch (act.kind) {                                                       \
    case CK_RELU:                                                             \
      return z < (V)0.0f ? (V)0.0f : z;                                       \
    case CK_LEAKY_RELU:                                                       \
      return z < (V)0.0f ? z * (V)act.slope : z;                              \
    default:                                                                  \
      return z;                                                               \
    }                                                                         \
  }                                                                           \
  CK_INLINE V piecewise_linear_derivative(ck_activation act, V g, V h) {      \
    switch (act.kind) {                                                       \
    case CK_RELU:                                                             \
      return h > (V)0.0f ? g : (V)0.0f;                                       \
    case CK_LEAKY_RELU:                                                       \
      return h > (V)0.0f ? g : g * (V)act.slope;                              \
    default:                                                                  \
      return g;                                                               \
    }                                                                         \
  }
CK_PIECEWISE_LINEAR(v16f, piecewise_linear16, piecewise_linear_derivative16)
CK_PIECEWISE_LINEAR(vtile, piecewise_linear_tile, piecewise_linear_derivative_tile)
#undef CK_PIECEWISE_LINEAR

/// g times the derivative at stored output h.
CK_INLINE v16f times_derivative16(ck_activation act, v16f g, v16f h) {
  switch (act.kind) {
  case CK_TANH:
    return g * ((v16f)1.0f - h * h);
  case CK_SIGMOID:
    return g * (h * ((v16f)1.0f - h));
  case CK_SELU:
    return g * select16(h > (v16f)0.0f, (v16f)ck_selu_scale, h + (v16f)ck_selu_scale_alpha);
  default:
    return piecewise_linear_derivative16(act, g, h);
  }
}

CK_INLINE v16f activate16(ck_activation act, v16f z) {
  switch (act.kind) {
  case CK_TANH:
    return tanh16(z);
  case CK_SIGMOID:
    return sigmoid16(z);
  case CK_SELU:
    return select16(z > (v16f)0.0f, z * (v16f)ck_selu_scale,
                    expm1_16(z) * (v16f)ck_selu_scale_alpha);
  default:
    return piecewise_linear16(act, z);
  }
}
