/* Every ARP frame that comes in on an interface, with the moment at which the kernel had it: whoever reads late does not
   see it late. Says "ready", and at SIGINT or SIGTERM prints MICROSECONDS SENDER_MAC SENDER_ADDRESS for each.
   usage: arp-watch INTERFACE */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <net/if.h>
#include <netpacket/packet.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>

enum { ETHERTYPE_ARP = 0x0806, SENDER = 22, ROOM = 16 << 20, MOST = 1 << 20 };

static struct seen {
  long long us;
  unsigned char mac[6], address[4];
} frames[MOST];
static size_t count;
static volatile sig_atomic_t stopped;

static void stop(int signal) {
  (void)signal;
  stopped = 1;
}

static void take(int descriptor) {
  unsigned char frame[2048], control[256];
  struct iovec part = {frame, sizeof frame};
  for (;;) {
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
    ssize_t length = recvmsg(descriptor, &message, MSG_DONTWAIT);
    if (length < 0) return;
    if (length < 42 || count == MOST) continue;
    struct seen *seen = &frames[count++];
    for (struct cmsghdr *part = CMSG_FIRSTHDR(&message); part; part = CMSG_NXTHDR(&message, part)) {
      if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_TIMESTAMPNS) continue;
      struct timespec at;
      memcpy(&at, CMSG_DATA(part), sizeof at);
      seen->us = at.tv_sec * 1000000LL + at.tv_nsec / 1000;
    }
    memcpy(seen->mac, frame + SENDER, 6);
    memcpy(seen->address, frame + SENDER + 6, 4);
  }
}

static void print(const struct seen *seen) {
  const unsigned char *mac = seen->mac, *address = seen->address;
  printf("%lld %02x:%02x:%02x:%02x:%02x:%02x %d.%d.%d.%d\n", seen->us, mac[0], mac[1], mac[2], mac[3], mac[4],
         mac[5], address[0], address[1], address[2], address[3]);
}

int main(int argc, char **argv) {
  if (argc != 2) {
    fprintf(stderr, "usage: arp-watch INTERFACE\n");
    return 2;
  }
  struct sigaction ending = {.sa_handler = stop};
  sigaction(SIGINT, &ending, NULL);
  sigaction(SIGTERM, &ending, NULL);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  int descriptor = socket(AF_PACKET, SOCK_RAW, 0), on = 1, bytes = ROOM;
  struct sockaddr_ll where = {.sll_family = AF_PACKET,
                              .sll_protocol = htons(ETHERTYPE_ARP),
                              .sll_ifindex = (int)if_nametoindex(argv[1])};
  setsockopt(descriptor, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes);
  setsockopt(descriptor, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
  if (bind(descriptor, (struct sockaddr *)&where, sizeof where) < 0) {
    perror("arp-watch");
    return 1;
  }
  puts("ready");
  fflush(stdout);
  for (struct pollfd ready = {descriptor, POLLIN, 0}; !stopped; take(descriptor)) poll(&ready, 1, -1);
  for (size_t i = 0; i < count; i++) print(&frames[i]);
  return 0;
}
