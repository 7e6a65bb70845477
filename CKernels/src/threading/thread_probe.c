// SPDX-License-Identifier: Apache-2.0

#if defined(__linux__)
#define _GNU_SOURCE
#endif
#include "thread_probe.h"

#include <fcntl.h>
#include <pthread.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/// The size of a thread's stack, and the memory a runtime may need for itself and per thread.
enum { stack_bytes = 8 << 20, runtime_bytes = 64 << 20, thread_bytes = 4 << 20 };
/// Number of files a runtime may open at the same time while it starts.
enum { runtime_files = 4 };

/// Whether `runtime_files` more files can be opened.
static int has_files(void) {
  int files[runtime_files];
  int count = 0;
  while (count < runtime_files && (files[count] = open("/dev/null", O_RDONLY | O_CLOEXEC)) >= 0)
    count++;
  for (int i = 0; i < count; i++)
    close(files[i]);
  return count == runtime_files;
}

/// Whether `bytes` of address space are available.
static int has_room(size_t bytes) {
  void *room = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (room == MAP_FAILED)
    return 0;
  munmap(room, bytes);
  return 1;
}

/// A gate that threads wait for, so that all of them exist at the same time.
typedef struct gate {
  pthread_mutex_t mutex;
  pthread_cond_t opened;
  int open;
} gate;

static void *wait_behind(void *argument) {
  gate *own = argument;
  pthread_mutex_lock(&own->mutex);
  while (!own->open)
    pthread_cond_wait(&own->opened, &own->mutex);
  pthread_mutex_unlock(&own->mutex);
  return NULL;
}

int ck_threads_available(int threads) {
  if (threads <= 1 || !has_files())
    return 1;
  pthread_t *made = malloc(sizeof *made * (size_t)(threads - 1));
  pthread_attr_t attributes;
  if (made == NULL || pthread_attr_init(&attributes) != 0) {
    free(made);
    return 1;
  }
  pthread_attr_setstacksize(&attributes, stack_bytes);
  gate own = {.mutex = PTHREAD_MUTEX_INITIALIZER, .opened = PTHREAD_COND_INITIALIZER, .open = 0};
  int count = 0;
  while (count < threads - 1 && pthread_create(&made[count], &attributes, wait_behind, &own) == 0)
    count++;
  // Fewer threads leave more memory: halve their number until it is enough.
  int available = count;
  while (available > 0 && !has_room(runtime_bytes + (size_t)available * thread_bytes))
    available /= 2;
  pthread_mutex_lock(&own.mutex);
  own.open = 1;
  pthread_cond_broadcast(&own.opened);
  pthread_mutex_unlock(&own.mutex);
  for (int i = 0; i < count; i++)
    pthread_join(made[i], NULL);
  pthread_attr_destroy(&attributes);
  free(made);
  return available + 1;
}
