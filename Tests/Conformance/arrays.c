// SPDX-License-Identifier: Apache-2.0

// Elementary functions, optimizer steps and conversions on flat arrays.
#include "run.h"

#include <math.h>
#include <string.h>

/// Every 65521st float: exp, log and tanh within 2 ulp, denormals as zero.
static void elementary(run *r) {
  enum { BLOCK = 500 };
  typedef ck_status (*kernel)(ck_context *, int64_t, const float *, float *);
  const kernel kernels[] = {ck_exp_f32, ck_log_f32, ck_tanh_f32};
  double (*const exact[])(float) = {ck_reference_exp, ck_reference_log, ck_reference_tanh};
  const char *const names[] = {"exp", "log", "tanh"};
  matrix x = matrix_make(r, 1, BLOCK, 1), y = matrix_make(r, 1, BLOCK, 0);
  uint32_t bits = 0;
  bool more = true;
  while (more) {
    for (int i = 0; i < BLOCK; i++) {
      memcpy(x.base + i, &bits, sizeof bits);
      more = more && bits <= UINT32_MAX - 65521;
      bits += 65521;
    }
    for (int f = 0; f < 3; f++) {
      require(r, kernels[f](r->context, BLOCK, x.base, y.base) == CK_OK, names[f]);
      for (int i = 0; i < BLOCK; i++) {
        double ulps = ck_reference_ulps(y.base[i], exact[f](x.base[i]));
        compare(r, (float)ulps, 0, 2, names[f], 0, i);
        // Results beside the least normal float may be flushed before or after they are rounded,
        // and the bits of NaN are the machine's.
        if (!(fabsf(y.base[i]) > 0x1p-125f))
          y.base[i] = 0;
      }
      note_bits(r, &y);
    }
  }
  matrix_free(r, &x, "an elementary function wrote outside its array");
  matrix_free(r, &y, "an elementary function wrote outside its array");
}

static void optimizers(run *r, int64_t n) {
  matrix g = matrix_make(r, 1, n, 1), m = matrix_make(r, 1, n, 2), v = matrix_make(r, 1, n, 3);
  matrix value = matrix_make(r, 1, n, 4), start = matrix_make(r, 1, n, 4);
  for (int64_t i = 0; i < n; i++)
    v.base[i] = fabsf(v.base[i]);
  const ck_adam adam = {.learning_rate = 1e-2f,
                        .beta1 = 0.5f,
                        .beta2 = 0.75f,
                        .epsilon = 1e-8f,
                        .weight_decay = 1e-3f,
                        .step = 3};
  double moments[500], squares[500], values[500];
  for (int64_t i = 0; i < n; i++) {
    moments[i] = m.base[i];
    squares[i] = v.base[i];
    values[i] = value.base[i];
  }
  ck_reference_adam_step(n, &adam, g.base, moments, squares, values);
  require(r, ck_adam_step_f32(r->context, n, &adam, g.base, m.base, v.base, value.base) == CK_OK,
          "Adam's status");
  for (int64_t i = 0; i < n; i++) {
    double size = 4 + fabs((double)start.base[i]);
    compare(r, m.base[i], moments[i], 4 * ROUNDOFF * size, "Adam's mean", 0, i);
    compare(r, v.base[i], squares[i], 8 * ROUNDOFF * squares[i] + 1e-37, "Adam's square", 0, i);
    double step = fabs(values[i] - (double)start.base[i]);
    double mean_error = 4 * ROUNDOFF * size / (fabs(moments[i]) + 1e-30);
    compare(r, value.base[i], values[i], ROUNDOFF * size + (12 * ROUNDOFF + mean_error) * step,
            "Adam", 0, i);
  }
  note_bits(r, &m);
  note_bits(r, &v);
  note_bits(r, &value);

  matrix again = matrix_make(r, 1, n, 4);
  const ck_rmsprop rmsprop = {
      .learning_rate = 1e-2f, .alpha = 0.75f, .epsilon = 1e-8f, .weight_decay = 1e-3f};
  for (int64_t i = 0; i < n; i++) {
    squares[i] = v.base[i];
    values[i] = again.base[i];
  }
  ck_reference_rmsprop_step(n, &rmsprop, g.base, squares, values);
  require(r, ck_rmsprop_step_f32(r->context, n, &rmsprop, g.base, v.base, again.base) == CK_OK,
          "RMSprop's status");
  for (int64_t i = 0; i < n; i++) {
    // What is left of gradient and decay may cancel: against their sizes.
    double size = 4 + fabs((double)start.base[i]);
    double step = fabs(values[i] - (double)start.base[i]);
    compare(r, again.base[i], values[i], ROUNDOFF * size + 12 * ROUNDOFF * step, "RMSprop", 0, i);
  }
  note_bits(r, &again);
  matrix *all[] = {&g, &m, &v, &value, &start, &again};
  for (int i = 0; i < 6; i++)
    matrix_free(r, all[i], "an optimizer wrote outside its array");
}

/// All values of a format, and for each the floats around the middle to the next.
static void conversions(run *r, ck_half_format format) {
  enum { ALL = 1 << 16 };
  matrix from = codes_make(r, ALL), wide = matrix_make(r, 1, ALL, 0), back = codes_make(r, ALL);
  for (int i = 0; i < ALL; i++)
    codes(&from)[i] = (uint16_t)i;
  require(r, ck_convert_half_to_f32(r->context, format, ALL, codes(&from), wide.base) == CK_OK,
          "widening");
  for (int i = 0; i < ALL; i++) {
    double exact = ck_reference_widen(format, (uint16_t)i);
    require(r, isnan(exact) ? isnan(wide.base[i]) : (double)wide.base[i] == exact,
            "a widened value");
  }
  for (int distance = -1; distance <= 1; distance++) {
    for (int i = 0; i < ALL; i++) {
      // Behind the largest number comes infinity, in whose place the next number would be.
      double size = fabs(ck_reference_widen(format, (uint16_t)i));
      double next = fabs(ck_reference_widen(format, (uint16_t)(i + 1)));
      if (isinf(next))
        next = 2 * size - fabs(ck_reference_widen(format, (uint16_t)(i - 1)));
      float middle = (float)((size + next) / 2);
      middle = distance == 0 ? middle : nextafterf(middle, distance > 0 ? INFINITY : 0);
      wide.base[i] = i & 0x8000 ? -middle : middle;
    }
    require(r, ck_convert_f32_to_half(r->context, format, ALL, wide.base, codes(&back)) == CK_OK,
            "rounding");
    for (int i = 0; i < ALL; i++) {
      ck_half code = codes(&back)[i];
      bool same = isnan(wide.base[i]) ? isnan(ck_reference_widen(format, code))
                                      : code == ck_reference_round(format, wide.base[i]);
      require(r, same, "a rounded value");
    }
  }
  matrix_free(r, &from, "a conversion");
  matrix_free(r, &back, "a conversion");
  matrix_free(r, &wide, "a conversion wrote outside its array");
}

void check_arrays(run *r) {
  elementary(r);
  for (int i = 0; i < SIZE_COUNT; i++)
    optimizers(r, sizes[i]);
  conversions(r, CK_BF16);
  conversions(r, CK_F16);
}
