/* Foreign ARP at a steady rate: questions of hosts that are not there for hosts that are not there, to all.
   usage: arp-flood INTERFACE FRAMES_A_SECOND NETWORK (10.1.2 of 10.1.2.0/24); prints what it sent when it is told to stop */
#define _GNU_SOURCE
#include <net/ethernet.h>
#include <net/if.h>
#include <netpacket/packet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

enum { FRAME = 60, BATCH = 64, HOSTS = 70, FIRST_HOST = 120, MOST_BEHIND_MS = 100 };

static volatile sig_atomic_t stopped;

static void stop(int signal) {
  (void)signal;
  stopped = 1;
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* Host .120 asks for .121, .121 for .122 and so on: nobody who is there, and no address of a pool. */
static void fill(unsigned char *frame, const unsigned char *network, unsigned host) {
  static const unsigned char question[] = {0x08, 0x06, 0, 1, 8, 0, 6, 4, 0, 1};
  const unsigned char mac[] = {2, 0, 0x99, 0, 0, (unsigned char)(FIRST_HOST + host)};
  memset(frame, 0, FRAME);
  memset(frame, 0xff, 6);
  memcpy(frame + 6, mac, 6);
  memcpy(frame + 12, question, sizeof question);
  memcpy(frame + 22, mac, 6);
  memcpy(frame + 28, network, 3);
  memcpy(frame + 38, network, 3);
  frame[31] = (unsigned char)(FIRST_HOST + host);
  frame[41] = (unsigned char)(FIRST_HOST + (host + 1) % HOSTS);
}

static int open_on(const char *interface) {
  int descriptor = socket(AF_PACKET, SOCK_RAW, 0);
  struct sockaddr_ll where = {.sll_family = AF_PACKET, .sll_ifindex = (int)if_nametoindex(interface)};
  if (descriptor < 0 || bind(descriptor, (struct sockaddr *)&where, sizeof where) < 0) {
    perror("arp-flood");
    exit(1);
  }
  return descriptor;
}

int main(int argc, char **argv) {
  unsigned char network[3];
  if (argc != 4 || sscanf(argv[3], "%hhu.%hhu.%hhu", network, network + 1, network + 2) != 3) {
    fprintf(stderr, "usage: arp-flood INTERFACE FRAMES_A_SECOND NETWORK\n");
    return 2;
  }
  signal(SIGTERM, stop);
  signal(SIGINT, stop);
  int descriptor = open_on(argv[1]);
  double rate = atof(argv[2]), start = now(), due = start;
  static unsigned char frames[HOSTS][FRAME];
  for (unsigned host = 0; host < HOSTS; host++) fill(frames[host], network, host);
  struct iovec parts[BATCH];
  struct mmsghdr messages[BATCH] = {0};
  unsigned long sent = 0, refused = 0;
  while (!stopped) {
    double at = now();
    if (at - due > MOST_BEHIND_MS / 1e3) due = at - MOST_BEHIND_MS / 1e3;
    unsigned count = at <= due ? 0 : (unsigned)((at - due) * rate);
    if (count > BATCH) count = BATCH;
    for (unsigned slot = 0; slot < count; slot++) {
      parts[slot] = (struct iovec){frames[(sent + slot) % HOSTS], FRAME};
      messages[slot].msg_hdr.msg_iov = &parts[slot];
      messages[slot].msg_hdr.msg_iovlen = 1;
    }
    int taken = count == 0 ? 0 : sendmmsg(descriptor, messages, count, 0);
    if (taken < 0) refused++;
    else sent += (unsigned)taken;
    due += count / rate;
    if (count < BATCH) nanosleep(&(struct timespec){.tv_nsec = 500000}, NULL);
  }
  printf("{\"sent\":%lu,\"refused\":%lu,\"seconds\":%.3f}\n", sent, refused, now() - start);
  return 0;
}
