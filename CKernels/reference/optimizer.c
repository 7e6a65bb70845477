// SPDX-License-Identifier: Apache-2.0

#include "ck_reference.h"

#include <math.h>

void ck_reference_adam_step(int64_t n, const ck_adam *adam, const float *gradient, double *m,
                            double *v, double *value) {
  double beta1 = adam->beta1, beta2 = adam->beta2;
  double correction1 = 1 - pow(beta1, (double)adam->step);
  double correction2 = 1 - pow(beta2, (double)adam->step);
  for (int64_t i = 0; i < n; i++) {
    double g = (double)gradient[i] + (double)adam->weight_decay * value[i];
    m[i] = beta1 * m[i] + (1 - beta1) * g;
    v[i] = beta2 * v[i] + (1 - beta2) * g * g;
    value[i] -= (double)adam->learning_rate * (m[i] / correction1) /
                (sqrt(v[i] / correction2) + (double)adam->epsilon);
  }
}

void ck_reference_rmsprop_step(int64_t n, const ck_rmsprop *rmsprop, const float *gradient,
                               double *v, double *value) {
  double alpha = rmsprop->alpha;
  for (int64_t i = 0; i < n; i++) {
    double g = (double)gradient[i] + (double)rmsprop->weight_decay * value[i];
    v[i] = alpha * v[i] + (1 - alpha) * g * g;
    value[i] -= (double)rmsprop->learning_rate * g / (sqrt(v[i]) + (double)rmsprop->epsilon);
  }
}
