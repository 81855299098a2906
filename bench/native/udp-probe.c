/* Numbered datagrams at an even pace to an echo, and what did not come back; in C, for an interpreter is too often late
   for ten thousand a second.
   usage: udp-probe echo ADDRESS PORT                      answers until it is ended
          udp-probe ask ADDRESS PORT PER_SECOND FLOWS      asks until SIGINT or SIGTERM, from so many ports in turn */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MOST_FLOWS = 64, MOST_AT_ONCE = 20, ROOM = 8 << 20, STRAGGLERS_MS = 300 };

struct attempt {
  double sent_ms, answered_ms; /* answered_ms is 0 until then */
};

static struct attempt *attempts;
static size_t count, room;
static int said_answered;
static volatile sig_atomic_t stopped;

static void stop(int signal) {
  (void)signal;
  stopped = 1;
}

static double now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

static void fail(const char *what) {
  perror(what);
  exit(1);
}

/* A socket of the address's family with room for what comes while nobody reads. */
static int open_socket(const char *address, int port, struct sockaddr_storage *where, socklen_t *length) {
  struct sockaddr_in *four = (struct sockaddr_in *)where;
  struct sockaddr_in6 *six = (struct sockaddr_in6 *)where;
  memset(where, 0, sizeof *where);
  if (inet_pton(AF_INET, address, &four->sin_addr) == 1) {
    four->sin_family = AF_INET;
    four->sin_port = htons(port);
    *length = sizeof *four;
  } else if (inet_pton(AF_INET6, address, &six->sin6_addr) == 1) {
    six->sin6_family = AF_INET6;
    six->sin6_port = htons(port);
    *length = sizeof *six;
  } else {
    fprintf(stderr, "udp-probe: %s is no address\n", address);
    exit(2);
  }
  int descriptor = socket(where->ss_family, SOCK_DGRAM | SOCK_NONBLOCK, 0), bytes = ROOM;
  if (descriptor < 0) fail("socket");
  if (setsockopt(descriptor, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes) < 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
  return descriptor;
}

static int echo(const char *address, int port) {
  struct sockaddr_storage where, client;
  socklen_t length;
  int descriptor = open_socket(address, port, &where, &length), on = 1;
  if (where.ss_family == AF_INET) setsockopt(descriptor, IPPROTO_IP, IP_FREEBIND, &on, sizeof on);
  else setsockopt(descriptor, IPPROTO_IPV6, IPV6_FREEBIND, &on, sizeof on);
  if (bind(descriptor, (struct sockaddr *)&where, length) < 0) fail("bind");
  puts("ready");
  fflush(stdout);
  char datagram[64];
  for (struct pollfd ready = {descriptor, POLLIN, 0}; !stopped;) {
    socklen_t client_length = sizeof client;
    ssize_t bytes =
        recvfrom(descriptor, datagram, sizeof datagram, 0, (struct sockaddr *)&client, &client_length);
    if (bytes < 0) poll(&ready, 1, -1);
    else sendto(descriptor, datagram, bytes, 0, (struct sockaddr *)&client, client_length);
  }
  return 0;
}

static void send_next(int descriptor) {
  if (count == room) {
    room = room ? room * 2 : 1 << 16;
    attempts = realloc(attempts, room * sizeof *attempts);
    if (!attempts) fail("realloc");
  }
  uint32_t datagram[4] = {(uint32_t)count};
  attempts[count++] = (struct attempt){now_ms(), 0};
  send(descriptor, datagram, sizeof datagram, 0);
}

static void note_answers(int descriptor) {
  uint32_t datagram[4];
  while (recv(descriptor, datagram, sizeof datagram, 0) == sizeof datagram) {
    if (datagram[0] >= count || attempts[datagram[0]].answered_ms != 0) continue;
    attempts[datagram[0]].answered_ms = now_ms();
    if (!said_answered++) {
      puts("{\"answered\":true}");
      fflush(stdout);
    }
  }
}

static int by_value(const void *a, const void *b) {
  double first = *(const double *)a, second = *(const double *)b;
  return (first > second) - (first < second);
}

static double median_delay(size_t from, size_t answered) {
  if (answered == 0) return 0;
  double *delays = malloc(answered * sizeof *delays);
  size_t at = 0;
  for (size_t i = from; i < count; i++)
    if (attempts[i].answered_ms) delays[at++] = attempts[i].answered_ms - attempts[i].sent_ms;
  qsort(delays, answered, sizeof *delays, by_value);
  double median = delays[answered / 2];
  free(delays);
  return median;
}

/* From the first answered attempt on, as the other probes count. */
static void sum_up(double longest_stall_ms) {
  size_t from = 0, answered = 0, lost_in_row = 0, lost_in_gap = 0;
  double gap = 0, last_ms = 0, first_lost_ms = 0, last_lost_ms = 0;
  while (from < count && !attempts[from].answered_ms) from++;
  for (size_t i = from; i < count; i++) {
    double sent_ms = attempts[i].sent_ms;
    if (!attempts[i].answered_ms) {
      if (first_lost_ms == 0) first_lost_ms = sent_ms;
      last_lost_ms = sent_ms;
      lost_in_row++;
      continue;
    }
    if (lost_in_row > 0 && sent_ms - last_ms > gap) {
      gap = sent_ms - last_ms;
      lost_in_gap = lost_in_row;
    }
    lost_in_row = 0;
    last_ms = sent_ms;
    answered++;
  }
  printf("{\"sent\":%zu,\"answered\":%zu,\"lost\":%zu,\"longestGapMs\":%.3f,\"medianMs\":%.3f,"
         "\"lostInGap\":%zu,\"failingMs\":%.3f,\"stallMs\":%.3f}\n",
         count - from, answered, count - from - answered, gap, median_delay(from, answered), lost_in_gap,
         last_lost_ms - first_lost_ms, longest_stall_ms);
}

static int ask(const char *address, int port, double every_ms, int flows) {
  struct sockaddr_storage where;
  socklen_t length;
  struct pollfd sockets[MOST_FLOWS];
  for (int i = 0; i < flows; i++) {
    sockets[i] = (struct pollfd){open_socket(address, port, &where, &length), POLLIN, 0};
    if (connect(sockets[i].fd, (struct sockaddr *)&where, length) < 0) fail("connect");
  }
  double due_ms = now_ms(), last_ms = due_ms, longest_stall_ms = 0, end_ms = 0;
  while (end_ms == 0 || now_ms() < end_ms) {
    double at_ms = now_ms();
    if (stopped && end_ms == 0) end_ms = at_ms + STRAGGLERS_MS;
    if (end_ms == 0) {
      /* One that stood still sends no more at once than a client does. */
      if (at_ms - due_ms > MOST_AT_ONCE * every_ms) due_ms = at_ms - MOST_AT_ONCE * every_ms;
      if (at_ms - last_ms > longest_stall_ms) longest_stall_ms = at_ms - last_ms;
      for (last_ms = at_ms; due_ms <= at_ms; due_ms += every_ms) send_next(sockets[count % flows].fd);
    }
    for (int i = 0; i < flows; i++) note_answers(sockets[i].fd);
    double wait_ms = end_ms == 0 ? due_ms - now_ms() : 5;
    struct timespec wait = {0, wait_ms > 0 ? (long)(wait_ms * 1e6) : 0};
    ppoll(sockets, flows, &wait, NULL);
  }
  sum_up(longest_stall_ms);
  return 0;
}

int main(int argc, char **argv) {
  struct sigaction ending = {.sa_handler = stop};
  sigaction(SIGINT, &ending, NULL);
  sigaction(SIGTERM, &ending, NULL);
  prctl(PR_SET_TIMERSLACK, 1);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (argc == 4 && strcmp(argv[1], "echo") == 0) return echo(argv[2], atoi(argv[3]));
  int flows = argc == 6 ? atoi(argv[5]) : 0;
  if (argc == 6 && strcmp(argv[1], "ask") == 0 && flows >= 1 && flows <= MOST_FLOWS)
    return ask(argv[2], atoi(argv[3]), 1000 / atof(argv[4]), flows);
  fprintf(stderr, "usage: udp-probe echo ADDRESS PORT | ask ADDRESS PORT PER_SECOND FLOWS\n");
  return 2;
}
