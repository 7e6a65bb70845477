// SPDX-License-Identifier: Apache-2.0

// Activations and their derivatives along a row.

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
