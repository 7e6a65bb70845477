// SPDX-License-Identifier: Apache-2.0

/* Calls of other libraries that Swift cannot spell, or that must be as fast as they would make them
 * themselves. Nothing is linked: every function of a peer comes in as a pointer. */
#ifndef CBENCH_PEERS_H
#define CBENCH_PEERS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The threads that a peer's products run on, so that its extra pass runs on them too. With
 * `parallel` NULL, or one thread, the caller does it alone. */
typedef struct {
  /* Runs body(data) on each member of a team of `count`. */
  void (*parallel)(void (*body)(void *data), void *data, unsigned count, unsigned flags);
  /* Within a body: the number of the caller, and how many there are. */
  int (*member)(void);
  int (*team_size)(void);
  int count;
} probe_peer_threads;

/* y = leaky(y + bias) in every row. */
void probe_peer_bias_activation(const probe_peer_threads *threads, int64_t rows, int64_t columns,
                                const float *bias, float slope, float *y, int64_t stride);

/* dx *= leaky'(output). */
void probe_peer_derivative(const probe_peer_threads *threads, int64_t rows, int64_t columns,
                           const float *output, int64_t output_stride, float slope, float *dx,
                           int64_t stride);

/* The sum of each column. */
void probe_peer_column_sums(const probe_peer_threads *threads, int64_t rows, int64_t columns,
                            const float *dz, int64_t stride, float *sums);

/* Lets OpenBLAS run its jobs on `threads` from now on; its own pool would go on spinning beside the
 * threads of the extra pass and of whoever is measured next. `install` is
 * openblas_set_threads_callback_function. */
void probe_peer_adopt_openblas(void *install, const probe_peer_threads *threads);

/* A matrix product of oneDNN (version 3), c[m][n] = a[m][k] b[k][n], as its own users write it: b
 * is reordered once into the layout that the library asks for, and bias and leaky ReLU are fused.
 */
typedef struct probe_onednn_product probe_onednn_product;

typedef struct {
  int64_t m, n, k;
  /* Distances between rows and between columns. */
  int64_t a_row, a_column, b_row, b_column, c_row;
  const float *a, *b;
  float *c;
  /* NULL for a plain product. */
  const float *bias;
  float slope;
  /* Whether b is kept in the library's own layout. */
  int is_packed;
} probe_onednn_problem;

/* `symbol` finds a function of the library. NULL if anything failed. */
probe_onednn_product *probe_onednn_create(void *(*symbol)(void *library, const char *name),
                                          void *library, const probe_onednn_problem *problem);

/* 0 if it ran. */
int probe_onednn_run(probe_onednn_product *product);
void probe_onednn_destroy(probe_onednn_product *product);

#ifdef __cplusplus
}
#endif
#endif
