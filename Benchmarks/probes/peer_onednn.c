// SPDX-License-Identifier: Apache-2.0

/* oneDNN's matmul primitive through its C interface of version 3, without its headers. */
#include "CBenchPeers.h"

#include <stdlib.h>
#include <string.h>

enum {
  SUCCESS = 0,
  CPU = 1,
  IN_ORDER = 1,
  F32 = 3,
  ANY_LAYOUT = 1,
  ELTWISE_RELU = 0x20,
  QUERY_WEIGHTS = 131,
  ARGUMENT_SOURCE = 1,
  ARGUMENT_TARGET = 17,
  ARGUMENT_WEIGHTS = 33,
  ARGUMENT_BIAS = 41,
  DIMENSIONS = 12,
};

typedef int64_t dimensions[DIMENSIONS];
typedef struct {
  int argument;
  void *memory;
} execution_argument;

/* The functions used; each of these is found by its name. */
#define FUNCTIONS(F)                                                                          \
  F(engine_create, (void **, int, size_t))                                                    \
  F(engine_destroy, (void *))                                                                 \
  F(stream_create, (void **, void *, unsigned))                                               \
  F(stream_wait, (void *))                                                                    \
  F(stream_destroy, (void *))                                                                 \
  F(memory_desc_create_with_strides, (void **, int, const dimensions, int, const dimensions)) \
  F(memory_desc_create_with_tag, (void **, int, const dimensions, int, int))                  \
  F(memory_desc_destroy, (void *))                                                            \
  F(memory_create, (void **, const void *, void *, void *))                                   \
  F(memory_destroy, (void *))                                                                 \
  F(post_ops_create, (void **))                                                               \
  F(post_ops_append_eltwise, (void *, int, float, float))                                     \
  F(post_ops_destroy, (void *))                                                               \
  F(primitive_attr_create, (void **))                                                         \
  F(primitive_attr_set_post_ops, (void *, const void *))                                      \
  F(primitive_attr_destroy, (void *))                                                         \
  F(matmul_primitive_desc_create,                                                             \
    (void **, void *, const void *, const void *, const void *, const void *, const void *))  \
  F(reorder_primitive_desc_create,                                                            \
    (void **, const void *, void *, const void *, void *, const void *))                      \
  F(primitive_desc_destroy, (void *))                                                         \
  F(primitive_create, (void **, const void *))                                                \
  F(primitive_execute, (const void *, void *, int, const execution_argument *))               \
  F(primitive_destroy, (void *))

typedef struct {
#define F(name, parameters) int(*name) parameters;
  FUNCTIONS(F)
#undef F
  const void *(*primitive_desc_query_md)(const void *, int, int);
} functions;

enum { SOURCE, WEIGHTS, GIVEN_WEIGHTS, BIAS, TARGET, MEMORIES };

struct probe_onednn_product {
  functions f;
  void *engine, *stream;
  void *layouts[MEMORIES], *memories[MEMORIES];
  void *description, *primitive;
  int has_bias;
};

/* Asking the library for memory of its own. */
static void *const ALLOCATE = (void *)(size_t)-1;

static int find_functions(functions *f, void *(*symbol)(void *, const char *), void *library) {
#define F(name, parameters)                            \
  *(void **)&f->name = symbol(library, "dnnl_" #name); \
  if (f->name == NULL)                                 \
    return 1;
  FUNCTIONS(F)
#undef F
  *(void **)&f->primitive_desc_query_md = symbol(library, "dnnl_primitive_desc_query_md");
  return f->primitive_desc_query_md == NULL;
}

static int describe(probe_onednn_product *p, int which, int64_t rows, int64_t columns,
                    int64_t row_stride, int64_t column_stride) {
  dimensions sizes = {rows, columns}, strides = {row_stride, column_stride};
  return p->f.memory_desc_create_with_strides(&p->layouts[which], 2, sizes, F32, strides);
}

/* Copies the weights into the layout that the product asks for. */
static int reorder_weights(probe_onednn_product *p, const void *wanted) {
  void *description = NULL, *primitive = NULL;
  execution_argument arguments[] = {{ARGUMENT_SOURCE, p->memories[GIVEN_WEIGHTS]},
                                    {ARGUMENT_TARGET, p->memories[WEIGHTS]}};
  int failed = p->f.reorder_primitive_desc_create(&description, p->layouts[GIVEN_WEIGHTS],
                                                  p->engine, wanted, p->engine, NULL) ||
               p->f.primitive_create(&primitive, description) ||
               p->f.primitive_execute(primitive, p->stream, 2, arguments) ||
               p->f.stream_wait(p->stream);
  if (primitive != NULL)
    p->f.primitive_destroy(primitive);
  if (description != NULL)
    p->f.primitive_desc_destroy(description);
  return failed;
}

static int create_description(probe_onednn_product *p, const probe_onednn_problem *problem) {
  void *operations = NULL, *attributes = NULL;
  int failed = p->f.primitive_attr_create(&attributes);
  if (!failed && problem->bias != NULL)
    failed = p->f.post_ops_create(&operations) ||
             p->f.post_ops_append_eltwise(operations, ELTWISE_RELU, problem->slope, 0) ||
             p->f.primitive_attr_set_post_ops(attributes, operations);
  if (!failed)
    failed = p->f.matmul_primitive_desc_create(&p->description, p->engine, p->layouts[SOURCE],
                                               p->layouts[WEIGHTS], p->layouts[BIAS],
                                               p->layouts[TARGET], attributes);
  if (operations != NULL)
    p->f.post_ops_destroy(operations);
  if (attributes != NULL)
    p->f.primitive_attr_destroy(attributes);
  return failed;
}

static int create(probe_onednn_product *p, const probe_onednn_problem *problem) {
  int64_t m = problem->m, n = problem->n, k = problem->k;
  dimensions weight_sizes = {k, n};
  if (p->f.engine_create(&p->engine, CPU, 0) ||
      p->f.stream_create(&p->stream, p->engine, IN_ORDER) ||
      describe(p, SOURCE, m, k, problem->a_row, problem->a_column) ||
      describe(p, GIVEN_WEIGHTS, k, n, problem->b_row, problem->b_column) ||
      describe(p, TARGET, m, n, problem->c_row, 1))
    return 1;
  if (problem->is_packed
          ? p->f.memory_desc_create_with_tag(&p->layouts[WEIGHTS], 2, weight_sizes, F32, ANY_LAYOUT)
          : describe(p, WEIGHTS, k, n, problem->b_row, problem->b_column))
    return 1;
  p->has_bias = problem->bias != NULL;
  if (p->has_bias && describe(p, BIAS, 1, n, n, 1))
    return 1;
  if (create_description(p, problem))
    return 1;
  const void *wanted = p->f.primitive_desc_query_md(p->description, QUERY_WEIGHTS, 0);
  void *weights = problem->is_packed ? ALLOCATE : (void *)problem->b;
  if (wanted == NULL || p->f.primitive_create(&p->primitive, p->description) ||
      p->f.memory_create(&p->memories[SOURCE], p->layouts[SOURCE], p->engine, (void *)problem->a) ||
      p->f.memory_create(&p->memories[GIVEN_WEIGHTS], p->layouts[GIVEN_WEIGHTS], p->engine,
                         (void *)problem->b) ||
      p->f.memory_create(&p->memories[WEIGHTS], wanted, p->engine, weights) ||
      p->f.memory_create(&p->memories[TARGET], p->layouts[TARGET], p->engine, problem->c))
    return 1;
  if (p->has_bias &&
      p->f.memory_create(&p->memories[BIAS], p->layouts[BIAS], p->engine, (void *)problem->bias))
    return 1;
  return problem->is_packed ? reorder_weights(p, wanted) : SUCCESS;
}

probe_onednn_product *probe_onednn_create(void *(*symbol)(void *library, const char *name),
                                          void *library, const probe_onednn_problem *problem) {
  probe_onednn_product *p = calloc(1, sizeof *p);
  if (p == NULL)
    return NULL;
  if (find_functions(&p->f, symbol, library)) {
    free(p);
    return NULL;
  }
  if (create(p, problem)) {
    probe_onednn_destroy(p);
    return NULL;
  }
  return p;
}

int probe_onednn_run(probe_onednn_product *p) {
  execution_argument arguments[] = {{ARGUMENT_SOURCE, p->memories[SOURCE]},
                                    {ARGUMENT_WEIGHTS, p->memories[WEIGHTS]},
                                    {ARGUMENT_TARGET, p->memories[TARGET]},
                                    {ARGUMENT_BIAS, p->memories[BIAS]}};
  return p->f.primitive_execute(p->primitive, p->stream, p->has_bias ? 4 : 3, arguments) ||
         p->f.stream_wait(p->stream);
}

void probe_onednn_destroy(probe_onednn_product *p) {
  if (p == NULL)
    return;
  for (int i = 0; i < MEMORIES; ++i) {
    if (p->memories[i] != NULL)
      p->f.memory_destroy(p->memories[i]);
    if (p->layouts[i] != NULL)
      p->f.memory_desc_destroy(p->layouts[i]);
  }
  if (p->primitive != NULL)
    p->f.primitive_destroy(p->primitive);
  if (p->description != NULL)
    p->f.primitive_desc_destroy(p->description);
  if (p->stream != NULL)
    p->f.stream_destroy(p->stream);
  if (p->engine != NULL)
    p->f.engine_destroy(p->engine);
  free(p);
}
