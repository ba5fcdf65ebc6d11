// What the benchmark's two C programs share: the clock, their own CPU, and commands on stdin, one to a line.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

// Microseconds of the clock that Node's process.hrtime reads.
static uint64_t now_us(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

// User and system time of this process, microseconds.
static uint64_t cpu_us(void) {
  struct rusage u;
  getrusage(RUSAGE_SELF, &u);
  return (u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1000000ull + u.ru_utime.tv_usec + u.ru_stime.tv_usec;
}

static void answer(uint64_t value) {
  printf("%llu\n", (unsigned long long)value);
  fflush(stdout);
}

static void watch(int poll, int fd, void *data) {
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = data};
  epoll_ctl(poll, EPOLL_CTL_ADD, fd, &event);
}

// Hands whole lines of stdin to `command`; the program ends with its parent.
static void read_commands(void (*command)(char *line)) {
  static char text[65536];
  static size_t length;
  ssize_t got = read(0, text + length, sizeof text - 1 - length);
  if (got <= 0) exit(0);
  length += got;
  text[length] = 0;
  char *line = text, *end;
  while ((end = strchr(line, '\n'))) {
    *end = 0;
    command(line);
    line = end + 1;
  }
  length -= line - text;
  memmove(text, line, length);
}
