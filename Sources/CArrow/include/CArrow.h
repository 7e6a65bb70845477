// SPDX-License-Identifier: Apache-2.0

// Declarations of two published binary interfaces, written from their specifications:
//
// - the Arrow C data interface and C stream interface
//   (https://arrow.apache.org/docs/format/CDataInterface.html, .../CStreamInterface.html);
// - version 1.0.0 of ADBC, Arrow database connectivity (https://arrow.apache.org/adbc).
//
// Both are frozen: the layouts never change. The structs and their members have the names of the
// specifications; the functions of a driver that are not called here are only placeholders.
#ifndef CARROW_H
#define CARROW_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// MARK: Arrow

// The type of an array. `format` is a short code, such as "l" for 64-bit integers.
struct ArrowSchema {
  const char *format;
  const char *name;
  const char *metadata;
  int64_t flags;
  int64_t n_children;
  struct ArrowSchema **children;
  struct ArrowSchema *dictionary;
  // Frees what the struct owns and sets itself to NULL.
  void (*release)(struct ArrowSchema *);
  void *private_data;
};

// Bits of `ArrowSchema.flags`.
enum { CARROW_FLAG_NULLABLE = 2 };

// The values of an array: as many buffers and children as its type has.
struct ArrowArray {
  int64_t length;
  // -1 where it is not known.
  int64_t null_count;
  // The number of entries to skip in every buffer.
  int64_t offset;
  int64_t n_buffers;
  int64_t n_children;
  const void **buffers;
  struct ArrowArray **children;
  struct ArrowArray *dictionary;
  void (*release)(struct ArrowArray *);
  void *private_data;
};

// A sequence of arrays of one type. The functions return 0, or a number of errno.h.
struct ArrowArrayStream {
  int (*get_schema)(struct ArrowArrayStream *, struct ArrowSchema *out);
  // At the end, `out->release` is NULL.
  int (*get_next)(struct ArrowArrayStream *, struct ArrowArray *out);
  // The text of the last error, valid until the next call; may be NULL.
  const char *(*get_last_error)(struct ArrowArrayStream *);
  void (*release)(struct ArrowArrayStream *);
  void *private_data;
};

// MARK: ADBC

// The version passed to a driver's initialization function.
enum { CARROW_ADBC_VERSION = 1000000 };

// 0 is success.
typedef uint8_t AdbcStatusCode;

struct AdbcError {
  char *message;
  int32_t vendor_code;
  char sqlstate[5];
  void (*release)(struct AdbcError *);
};

struct AdbcDriver;

struct AdbcDatabase {
  void *private_data;
  struct AdbcDriver *private_driver;
};

struct AdbcConnection {
  void *private_data;
  struct AdbcDriver *private_driver;
};

struct AdbcStatement {
  void *private_data;
  struct AdbcDriver *private_driver;
};

// A function that is not called here.
typedef void (*CArrowUnusedFunction)(void);

// The functions of a driver, filled in by its initialization function.
struct AdbcDriver {
  void *private_data;
  void *private_manager;
  AdbcStatusCode (*release)(struct AdbcDriver *, struct AdbcError *);

  AdbcStatusCode (*DatabaseInit)(struct AdbcDatabase *, struct AdbcError *);
  AdbcStatusCode (*DatabaseNew)(struct AdbcDatabase *, struct AdbcError *);
  AdbcStatusCode (*DatabaseSetOption)(struct AdbcDatabase *, const char *key, const char *value,
                                      struct AdbcError *);
  AdbcStatusCode (*DatabaseRelease)(struct AdbcDatabase *, struct AdbcError *);

  CArrowUnusedFunction ConnectionCommit;
  CArrowUnusedFunction ConnectionGetInfo;
  CArrowUnusedFunction ConnectionGetObjects;
  CArrowUnusedFunction ConnectionGetTableSchema;
  CArrowUnusedFunction ConnectionGetTableTypes;
  AdbcStatusCode (*ConnectionInit)(struct AdbcConnection *, struct AdbcDatabase *,
                                   struct AdbcError *);
  AdbcStatusCode (*ConnectionNew)(struct AdbcConnection *, struct AdbcError *);
  CArrowUnusedFunction ConnectionSetOption;
  CArrowUnusedFunction ConnectionReadPartition;
  AdbcStatusCode (*ConnectionRelease)(struct AdbcConnection *, struct AdbcError *);
  CArrowUnusedFunction ConnectionRollback;

  CArrowUnusedFunction StatementBind;
  CArrowUnusedFunction StatementBindStream;
  AdbcStatusCode (*StatementExecuteQuery)(struct AdbcStatement *, struct ArrowArrayStream *,
                                          int64_t *rows_affected, struct AdbcError *);
  CArrowUnusedFunction StatementExecutePartitions;
  CArrowUnusedFunction StatementGetParameterSchema;
  AdbcStatusCode (*StatementNew)(struct AdbcConnection *, struct AdbcStatement *,
                                 struct AdbcError *);
  CArrowUnusedFunction StatementPrepare;
  AdbcStatusCode (*StatementRelease)(struct AdbcStatement *, struct AdbcError *);
  CArrowUnusedFunction StatementSetOption;
  AdbcStatusCode (*StatementSetSqlQuery)(struct AdbcStatement *, const char *query,
                                         struct AdbcError *);
  CArrowUnusedFunction StatementSetSubstraitPlan;
};

// A driver's initialization function, such as `duckdb_adbc_init`; `driver` is a `struct AdbcDriver`
// with room for the version.
typedef AdbcStatusCode (*CArrowDriverInit)(int version, void *driver, struct AdbcError *);

#ifdef __cplusplus
}
#endif

#endif
