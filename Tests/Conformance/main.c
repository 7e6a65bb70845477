// SPDX-License-Identifier: Apache-2.0

// Compares every kernel with its reference at each level of this machine, on ragged shapes between
// poisoned pads and inaccessible pages. Needs no Swift, so it runs where that does not: under an
// emulator of another processor, and with the compiler's sanitizers.
//
// usage: conformance [LEVEL...]
//
// Prints a line for each level and family with a checksum of the bits of all results, which must be
// equal at all levels with fused multiply-adds. Exits with 1 if a comparison fails.
#include "run.h"

#include <stdio.h>
#include <string.h>

typedef struct family {
  const char *name;
  void (*check)(run *r);
} family;

static const family families[] = {
    {"dense", check_dense},          {"half", check_dense_half},
    {"f16", check_half_chains},      {"rows", check_rows},
    {"random", check_random},        {"arrays", check_arrays},
    {"batchnorm", check_batch_norm}, {"sparse", check_sparse},
    {"misuse", check_misuse},        {"overlap", check_overlap},
};

static bool is_wanted(const char *level, int count, char **names) {
  for (int i = 0; i < count; i++)
    if (strcmp(level, names[i]) == 0)
      return true;
  return count == 0;
}

/// Whether all families pass at a level.
static bool check_level(ck_isa isa) {
  ck_context_options options = {.threads = 2, .isa = (int)isa};
  run r = {.level = ck_isa_name(isa)};
  if (ck_context_create(&options, &r.context) != CK_OK)
    return false;
  long failures = 0;
  for (size_t f = 0; f < sizeof families / sizeof *families; f++) {
    uint64_t checksums[2];
    r.comparisons = r.failures = 0;
    r.worst = 0;
    for (int end = 0; end < 2; end++) {
      r.flush_end = end;
      r.checksum = 0xcbf29ce484222325u;
      families[f].check(&r);
      checksums[end] = r.checksum;
    }
    require(&r, checksums[0] == checksums[1], "bits depend on where operands lie");
    printf("%s %s: checksum %016llx, %ld comparisons, %ld failed, worst %.3f of its bound\n",
           r.level, families[f].name, (unsigned long long)r.checksum, r.comparisons, r.failures,
           r.worst);
    fflush(stdout);
    failures += r.failures;
  }
  ck_context_destroy(r.context);
  return failures == 0;
}

int main(int count, char **arguments) {
  int checked = 0;
  bool passed = true;
  for (ck_isa isa = 0; isa < CK_ISA_COUNT; isa++)
    if (ck_isa_available(isa) && is_wanted(ck_isa_name(isa), count - 1, arguments + 1)) {
      passed = check_level(isa) && passed;
      checked++;
    }
  if (checked == 0 || (count > 1 && checked != count - 1)) {
    printf("conformance: this machine does not have all the levels asked for\n");
    return 1;
  }
  return passed ? 0 : 1;
}
