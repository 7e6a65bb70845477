// SPDX-License-Identifier: Apache-2.0

#include "ck_reference.h"

#include <math.h>

// Klambauer et al., 2017.
static const double scale = 1.0507009873554804934193349852946;
static const double alpha = 1.6732632423543772848170429916717;

double ck_reference_activation(ck_activation act, double z) {
  switch (act.kind) {
  case CK_RELU:
    return z < 0 ? 0 : z;
  case CK_LEAKY_RELU:
    return z < 0 ? act.slope * z : z;
  case CK_TANH:
    return tanh(z);
  case CK_SIGMOID:
    return 1 / (1 + exp(-z));
  case CK_SELU:
    return z > 0 ? scale * z : scale * alpha * expm1(z);
  default:
    return z;
  }
}

double ck_reference_derivative(ck_activation act, double h) {
  switch (act.kind) {
  case CK_RELU:
    return h > 0 ? 1 : 0;
  case CK_LEAKY_RELU:
    return h > 0 ? 1 : act.slope;
  case CK_TANH:
    return 1 - h * h;
  case CK_SIGMOID:
    return h * (1 - h);
  case CK_SELU:
    return h > 0 ? scale : h + scale * alpha;
  default:
    return 1;
  }
}

/// The kernels take a denormal number for zero.
static double argument(float x) {
  return fpclassify(x) == FP_SUBNORMAL ? copysign(0, (double)x) : (double)x;
}

double ck_reference_exp(float x) { return exp(argument(x)); }
double ck_reference_log(float x) { return log(argument(x)); }
double ck_reference_tanh(float x) { return tanh(argument(x)); }
