// SPDX-License-Identifier: Apache-2.0

#include "persistent_team.h"
#include "cpus.h"
#include "float_state.h"
#include "event.h"

#include <stdlib.h>
#include <string.h>

/// A worker's mailbox: two cache lines (of 128 bytes, as some CPUs fetch them), the work with the
/// event that it is there, and what the worker answers.
typedef struct mailbox {
  _Alignas(128) ck_event start; ///< raised by the caller, who alone writes the work
  ck_team_body body;            ///< NULL: stop
  void *argument;
  int workers;
  _Alignas(128) ck_event done; ///< raised by the worker
  _Atomic int cpu;             ///< where the worker last ran, or -1
} mailbox;

struct ck_team {
  int workers;
  int spins;
  bool crowded;
  mailbox *mail;
};

/// Looks at an event before a thread sleeps: some hundred microseconds, as long as what a step does
/// on one thread between two products, or where whoever spins may keep another from working, a few.
enum { max_spins = 4000, max_spins_crowded = 50 };

ck_team *ck_persistent_team_create(int threads, bool crowded) {
  ck_team *team = calloc(1, sizeof *team);
  if (team == NULL)
    return NULL;
  size_t bytes = sizeof(mailbox) * (size_t)threads;
  team->mail = aligned_alloc(_Alignof(mailbox), bytes);
  if (team->mail == NULL) {
    free(team);
    return NULL;
  }
  memset(team->mail, 0, bytes);
  for (int i = 0; i < threads; i++)
    team->mail[i].cpu = -1;
  team->crowded = crowded;
  team->spins = crowded ? max_spins_crowded : max_spins;
  return team;
}

void ck_persistent_team_destroy(ck_team *team) {
  free(team->mail);
  free(team);
}

void ck_persistent_team_open(ck_team *team, int workers) { team->workers = workers; }

/// Writes only what has changed: a line that is written to has to be fetched anew by who reads it.
static void note_cpu(mailbox *mail, int cpu) {
  if (atomic_load_explicit(&mail->cpu, memory_order_relaxed) != cpu)
    atomic_store_explicit(&mail->cpu, cpu, memory_order_relaxed);
}

/// Two spinning threads on one CPU wait for each other's time slices, and a scheduler may leave
/// them there for long: the worker that finds itself beside the caller steps aside.
static void leave_caller(ck_team *team, int worker) {
  int cpu = ck_current_cpu();
  if (cpu >= 0 && cpu == team->mail[0].cpu) {
    int taken[64], count = 0;
    for (int i = 0; i < team->workers && count < 64; i++)
      if (i != worker)
        taken[count++] = team->mail[i].cpu;
    ck_move_off(taken, count);
    cpu = ck_current_cpu();
  }
  note_cpu(&team->mail[worker], cpu);
}

void ck_persistent_team_serve(ck_team *team, int worker) {
  mailbox *mail = &team->mail[worker];
  for (uint32_t seen = 0;; seen++) {
    ck_event_wait(&mail->start, seen, team->spins);
    if (mail->body == NULL)
      return;
    if (!team->crowded)
      leave_caller(team, worker);
    mail->body(mail->argument, worker, mail->workers);
    ck_event_raise(&mail->done);
  }
}

void ck_persistent_team_run(ck_team *team, int threads, ck_team_body body, void *argument) {
  int workers = threads < team->workers ? threads : team->workers;
  note_cpu(&team->mail[0], team->crowded ? -1 : ck_current_cpu());
  for (int i = 1; i < workers; i++) {
    mailbox *mail = &team->mail[i];
    mail->body = body;
    mail->argument = argument;
    mail->workers = workers;
    ck_event_raise(&mail->start);
  }
  ck_float_state state = ck_float_state_enter();
  body(argument, 0, workers);
  ck_float_state_restore(state);
  for (int i = 1; i < workers; i++) {
    // The worker has done one piece of work less than it was given, or as many.
    mailbox *mail = &team->mail[i];
    uint32_t given = atomic_load_explicit(&mail->start.value, memory_order_relaxed);
    ck_event_wait(&mail->done, given - 1, team->spins);
  }
}

void ck_persistent_team_dismiss(ck_team *team) {
  for (int i = 1; i < team->workers; i++) {
    team->mail[i].body = NULL;
    ck_event_raise(&team->mail[i].start);
  }
}
