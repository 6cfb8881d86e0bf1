// Makes one write or one flush to a file of the archive fail, the one of number FAULT_NUMBER, with the error FAULT_ERROR. For LD_PRELOAD.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static atomic_int seen;

static int fails(int file) {
  static int number = -1, error;
  if (number < 0) {
    const char *of = getenv("FAULT_NUMBER"), *with = getenv("FAULT_ERROR");
    number = of ? atoi(of) : 0;
    error = with ? atoi(with) : EIO;
  }
  char link[32], name[512];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  ssize_t length = readlink(link, name, sizeof name - 1);
  if (length < 0) return 0;
  name[length] = 0;
  if (!strstr(name, "/archive/")) return 0;
  if (atomic_fetch_add(&seen, 1) + 1 != number) return 0;
  errno = error;
  return 1;
}

#define ORIGINAL(type, name, ...)                              \
  static type (*original)(__VA_ARGS__);                        \
  if (!original) original = (type (*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

ssize_t write(int file, const void *bytes, size_t count) {
  ORIGINAL(ssize_t, "write", int, const void *, size_t);
  return fails(file) ? -1 : original(file, bytes, count);
}

ssize_t pwrite(int file, const void *bytes, size_t count, off_t at) {
  ORIGINAL(ssize_t, "pwrite", int, const void *, size_t, off_t);
  return fails(file) ? -1 : original(file, bytes, count, at);
}

ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t at) {
  ORIGINAL(ssize_t, "pwrite64", int, const void *, size_t, off64_t);
  return fails(file) ? -1 : original(file, bytes, count, at);
}

int fsync(int file) {
  ORIGINAL(int, "fsync", int);
  return fails(file) ? -1 : original(file);
}

int fdatasync(int file) {
  ORIGINAL(int, "fdatasync", int);
  return fails(file) ? -1 : original(file);
}

int ftruncate(int file, off_t length) {
  ORIGINAL(int, "ftruncate", int, off_t);
  return fails(file) ? -1 : original(file, length);
}

int ftruncate64(int file, off64_t length) {
  ORIGINAL(int, "ftruncate64", int, off64_t);
  return fails(file) ? -1 : original(file, length);
}

// Where the program asks how many there were.
__attribute__((destructor)) static void told(void) {
  if (getenv("FAULT_TELL")) fprintf(stderr, "writes and flushes: %d\n", atomic_load(&seen));
}
