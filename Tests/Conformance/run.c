// SPDX-License-Identifier: Apache-2.0

#define _DEFAULT_SOURCE // MAP_ANONYMOUS
#include "run.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

const int64_t sizes[SIZE_COUNT] = {0, 1, 7, 16, 17, 31, 33, 64, 65, 127, 500};

const ck_activation activations[6] = {
    {CK_IDENTITY, 0}, {CK_RELU, 0},    {CK_LEAKY_RELU, 0.2f},
    {CK_TANH, 0},     {CK_SIGMOID, 0}, {CK_SELU, 0},
};

static const uint32_t poison = 0x7fc0dead;

/// `bytes` between two inaccessible pages; what they do not need is poisoned.
static matrix map_flush(const run *r, size_t bytes) {
  size_t page = (size_t)sysconf(_SC_PAGESIZE);
  matrix m = {.accessible = (bytes + 64 + page - 1) / page * page};
  m.length = m.accessible + 2 * page;
  void *mapped = mmap(NULL, m.length, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapped == MAP_FAILED ||
      mprotect((char *)mapped + page, m.accessible, PROT_READ | PROT_WRITE) != 0) {
    perror("conformance: no memory to map");
    exit(2);
  }
  m.mapping = mapped;
  unsigned char *first = m.mapping + page;
  for (size_t i = 0; i + sizeof poison <= m.accessible; i += sizeof poison)
    memcpy(first + i, &poison, sizeof poison);
  m.base = (float *)(void *)(r->flush_end ? first + m.accessible - bytes : first);
  return m;
}

matrix matrix_make(const run *r, int64_t rows, int64_t columns, uint64_t seed) {
  int64_t stride = columns + 3;
  size_t count = rows > 0 ? (size_t)((rows - 1) * stride + columns) : 0;
  matrix m = map_flush(r, count * sizeof(float));
  m.rows = rows;
  m.columns = columns;
  m.stride = stride;
  uint64_t state = seed * 0x9E3779B97F4A7C15u + 1;
  if (seed > 0)
    for (int64_t i = 0; i < rows; i++)
      for (int64_t j = 0; j < columns; j++) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        float unit = (float)(state >> 40) * 0x1p-24f;
        float scale = (float)(1 << (state >> 32 & 3)) / 2;
        m.base[i * stride + j] = (2 * unit - 1) * scale;
      }
  return m;
}

matrix codes_make(const run *r, int64_t count) {
  matrix m = map_flush(r, (size_t)count * sizeof(uint16_t));
  // No element counts as one of a float matrix: what is around them is not checked for halves.
  m.rows = -1;
  return m;
}

void matrix_free(run *r, matrix *m, const char *name) {
  if (m->rows >= 0) {
    const unsigned char *first = m->mapping + (m->length - m->accessible) / 2;
    const unsigned char *last = first + m->accessible;
    bool intact = true;
    for (const unsigned char *p = first; p < last; p += sizeof poison) {
      int64_t index = ((const float *)(const void *)p) - m->base;
      bool element = index >= 0 && m->rows > 0 &&
                     index <= (m->rows - 1) * m->stride + m->columns - 1 &&
                     index % m->stride < m->columns;
      intact = intact && (element || memcmp(p, &poison, sizeof poison) == 0);
    }
    require(r, intact, name);
  }
  munmap(m->mapping, m->length);
}

void compare(run *r, float value, double reference, double bound, const char *name, int64_t row,
             int64_t column) {
  r->comparisons++;
  double error = fabs((double)value - reference);
  if (error > 0 && error / bound > r->worst)
    r->worst = error / bound;
  if (!(error <= bound) && r->failures++ < 10)
    printf("%s: %s [%lld, %lld]: %.9g, reference %.17g, error %g, bound %g\n", r->level, name,
           (long long)row, (long long)column, (double)value, reference, error, bound);
}

void require(run *r, bool condition, const char *name) {
  r->comparisons++;
  if (!condition && r->failures++ < 10)
    printf("%s: %s\n", r->level, name);
}

void note_code(run *r, uint16_t code) {
  for (int shift = 0; shift < 16; shift += 8)
    r->checksum = (r->checksum ^ (code >> shift & 0xff)) * 0x100000001b3u;
}

void note_bits(run *r, const matrix *m) {
  for (int64_t i = 0; i < m->rows; i++)
    for (int64_t j = 0; j < m->columns; j++) {
      uint32_t bits;
      memcpy(&bits, m->base + i * m->stride + j, sizeof bits);
      for (int shift = 0; shift < 32; shift += 8)
        r->checksum = (r->checksum ^ (bits >> shift & 0xff)) * 0x100000001b3u;
    }
}
