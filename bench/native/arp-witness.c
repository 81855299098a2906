/* Asks for addresses by ARP, each in its turn, and tells what is on the wire. Times are the kernel's, of a frame as it
   leaves and as it comes, so that it does not matter how late this program is woken.
   usage: arp-witness INTERFACE MICROSECONDS_APART PATIENCE_MS LOWEST HIGHEST ADDRESS...
   An address is not asked for again before it has answered, or the patience is at its end: answers have no numbers.
     question ADDRESS ASKED_MS MICROSECONDS MAC   MICROSECONDS is -1, and MAC is -, for one without an answer
     second ADDRESS ASKED_MS MICROSECONDS MAC     another answer to the same question
     claim ADDRESS MS MAC                         gratuitous ARP for an address from LOWEST to HIGHEST
     beat MAC MS PROMISED_MS                      a heartbeat, and when it says that the next one comes */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <linux/filter.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>

enum { FRAME = 60, MOST = 64, OPERATION = 21, SENDER_MAC = 22, SENDER_IP = 28, TARGET_IP = 38 };
enum { UDP_PORT = 36, HEARTBEAT_PORT = 4114, PROMISE = 58, SHORTEST = 60 };

struct asked {
  in_addr_t address;
  double sent_ms;
  int open, answered;
};

static volatile sig_atomic_t stopped;
static struct asked asked[MOST];
static int count;
static in_addr_t own_ip, lowest, highest;
static unsigned char own_mac[6];

static void stop(int signal) {
  (void)signal;
  stopped = 1;
}

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static const char *text_of(in_addr_t address) {
  return inet_ntoa((struct in_addr){address});
}

static in_addr_t word_at(const unsigned char *frame, int offset) {
  in_addr_t word;
  memcpy(&word, frame + offset, 4);
  return word;
}

static void print_mac(const unsigned char *mac) {
  printf("%02x:%02x:%02x:%02x:%02x:%02x\n", mac[0], mac[1], mac[2], mac[3], mac[4], mac[5]);
}

/* Heartbeats, and ARP whose sender is one of the range, one that is asked for, or we ourselves: no other frame wakes us. */
static void attach_filter(int descriptor) {
  struct sock_filter code[10 + MOST];
  int length = 0, senders = count + 1, refuse = 9 + senders, accept = 8 + senders;
#define LOAD(size, offset) code[length++] = (struct sock_filter)BPF_STMT(BPF_LD | (size) | BPF_ABS, offset)
#define TEST(how, value, yes, no)                                                                          \
  code[length] = (struct sock_filter)BPF_JUMP(BPF_JMP | (how) | BPF_K, value, (unsigned char)((yes) - length - 1), \
                                              (unsigned char)((no) - length - 1)),                         \
  length++
  LOAD(BPF_H, 12);
  TEST(BPF_JEQ, 0x0806, 5, 2);
  TEST(BPF_JEQ, 0x0800, 3, refuse);
  LOAD(BPF_H, UDP_PORT);
  TEST(BPF_JEQ, HEARTBEAT_PORT, accept, refuse);
  LOAD(BPF_W, SENDER_IP);
  TEST(BPF_JGE, ntohl(lowest), 7, 8);
  TEST(BPF_JGT, ntohl(highest), 8, accept);
  for (int at = 0; at < senders; at++)
    TEST(BPF_JEQ, ntohl(at < count ? asked[at].address : own_ip), accept, at == senders - 1 ? refuse : length + 1);
  code[length++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, 256);
  code[length++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, 0);
  struct sock_fprog program = {(unsigned short)length, code};
  if (setsockopt(descriptor, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) < 0) fail("filter");
}

/* Sees all frames, also those that another socket of ours sends. */
static int open_ear(int interface) {
  int descriptor = socket(AF_PACKET, SOCK_RAW, 0), yes = 1, room = 4 << 20;
  if (descriptor < 0) fail("packet socket");
  attach_filter(descriptor);
  setsockopt(descriptor, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room);
  setsockopt(descriptor, SOL_SOCKET, SO_TIMESTAMPNS, &yes, sizeof yes);
  struct sockaddr_ll where = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL), .sll_ifindex = interface};
  if (bind(descriptor, (struct sockaddr *)&where, sizeof where) < 0) fail("bind");
  return descriptor;
}

static int open_mouth(int interface) {
  int descriptor = socket(AF_PACKET, SOCK_RAW, 0);
  struct sockaddr_ll where = {.sll_family = AF_PACKET, .sll_ifindex = interface};
  if (descriptor < 0 || bind(descriptor, (struct sockaddr *)&where, sizeof where) < 0) fail("packet socket");
  return descriptor;
}

static void learn_own(const char *interface) {
  int descriptor = socket(AF_INET, SOCK_DGRAM, 0);
  struct ifreq card = {0};
  strncpy(card.ifr_name, interface, IFNAMSIZ - 1);
  if (ioctl(descriptor, SIOCGIFHWADDR, &card) < 0) fail(interface);
  memcpy(own_mac, card.ifr_hwaddr.sa_data, 6);
  if (ioctl(descriptor, SIOCGIFADDR, &card) < 0) fail(interface);
  own_ip = ((struct sockaddr_in *)&card.ifr_addr)->sin_addr.s_addr;
}

static void ask(int mouth, in_addr_t address) {
  static const unsigned char question[] = {0x08, 0x06, 0, 1, 8, 0, 6, 4, 0, 1};
  unsigned char frame[FRAME] = {0};
  memset(frame, 0xff, 6);
  memcpy(frame + 6, own_mac, 6);
  memcpy(frame + 12, question, sizeof question);
  memcpy(frame + SENDER_MAC, own_mac, 6);
  memcpy(frame + SENDER_IP, &own_ip, 4);
  memcpy(frame + TARGET_IP, &address, 4);
  if (send(mouth, frame, FRAME, 0) < 0) perror("send");
}

static void close_question(struct asked *one) {
  if (one->open && !one->answered) printf("question %s %.3f -1 -\n", text_of(one->address), one->sent_ms);
  one->open = 0;
}

static void note_question(in_addr_t target, double at_ms) {
  for (int at = 0; at < count; at++) {
    if (asked[at].address != target) continue;
    close_question(&asked[at]);
    asked[at] = (struct asked){target, at_ms, 1, 0};
  }
}

static void note_answer(const unsigned char *frame, in_addr_t sender, double at_ms) {
  for (int at = 0; at < count; at++) {
    struct asked *one = &asked[at];
    if (one->address != sender || !one->open) continue;
    const char *what = one->answered ? "second" : "question";
    printf("%s %s %.3f %.1f ", what, text_of(sender), one->sent_ms, (at_ms - one->sent_ms) * 1000);
    print_mac(frame + SENDER_MAC);
    one->answered = 1;
  }
}

static void note_heartbeat(const unsigned char *frame, double at_ms) {
  const unsigned char *mac = frame + 6;
  printf("beat %02x:%02x:%02x:%02x:%02x:%02x ", mac[0], mac[1], mac[2], mac[3], mac[4], mac[5]);
  printf("%.3f %d\n", at_ms, frame[PROMISE] << 8 | frame[PROMISE + 1]);
}

static void note(const unsigned char *frame, int outgoing, double at_ms) {
  in_addr_t sender = word_at(frame, SENDER_IP), target = word_at(frame, TARGET_IP);
  if (outgoing) {
    if (frame[OPERATION] == 1 && sender == own_ip) note_question(target, at_ms);
    return;
  }
  if (sender == target) {
    if (ntohl(sender) < ntohl(lowest) || ntohl(sender) > ntohl(highest)) return;
    printf("claim %s %.3f ", text_of(sender), at_ms);
    print_mac(frame + SENDER_MAC);
  } else if (frame[OPERATION] == 2 && target == own_ip) note_answer(frame, sender, at_ms);
}

static int hear(int ear) {
  unsigned char frame[256];
  union {
    char bytes[CMSG_SPACE(sizeof(struct timespec))];
    struct cmsghdr aligned;
  } control;
  struct sockaddr_ll from;
  struct iovec part = {frame, sizeof frame};
  struct msghdr message = {&from, sizeof from, &part, 1, &control, sizeof control, 0};
  ssize_t length = recvmsg(ear, &message, MSG_DONTWAIT);
  if (length < 42) return length >= 0;
  int is_arp = frame[12] == 0x08 && frame[13] == 0x06;
  struct timespec time = {0};
  struct cmsghdr *header = CMSG_FIRSTHDR(&message);
  if (header && header->cmsg_type == SCM_TIMESTAMPNS) memcpy(&time, CMSG_DATA(header), sizeof time);
  double at_ms = (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
  if (is_arp) note(frame, from.sll_pkttype == PACKET_OUTGOING, at_ms);
  else if (length >= SHORTEST) note_heartbeat(frame, at_ms);
  return 1;
}

static double clock_ms(clockid_t clock) {
  struct timespec time;
  clock_gettime(clock, &time);
  return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

static int waits_for_answer(const struct asked *one, double patience_ms) {
  return one->open && !one->answered && clock_ms(CLOCK_REALTIME) - one->sent_ms < patience_ms;
}

int main(int argc, char **argv) {
  if (argc < 7 || argc > 6 + MOST) {
    fprintf(stderr, "usage: arp-witness INTERFACE MICROSECONDS_APART PATIENCE_MS LOWEST HIGHEST ADDRESS...\n");
    return 2;
  }
  signal(SIGTERM, stop);
  signal(SIGINT, stop);
  learn_own(argv[1]);
  lowest = inet_addr(argv[4]);
  highest = inet_addr(argv[5]);
  for (int at = 6; at < argc; at++) asked[count++].address = inet_addr(argv[at]);
  int interface = (int)if_nametoindex(argv[1]), ear = open_ear(interface), mouth = open_mouth(interface);
  double apart_ms = atof(argv[2]) / 1e3, patience_ms = atof(argv[3]), due_ms = clock_ms(CLOCK_MONOTONIC);
  printf("listening\n");
  fflush(stdout);
  for (int turn = 0; !stopped;) {
    double at_ms = clock_ms(CLOCK_MONOTONIC);
    if (at_ms >= due_ms) {
      const struct asked *one = &asked[turn++ % count];
      if (!waits_for_answer(one, patience_ms)) ask(mouth, one->address);
      due_ms = at_ms - due_ms > apart_ms ? at_ms + apart_ms : due_ms + apart_ms;
    }
    struct pollfd ready = {ear, POLLIN, 0};
    double wait_ms = due_ms - clock_ms(CLOCK_MONOTONIC);
    struct timespec wait = {0, wait_ms > 0 ? (long)(wait_ms * 1e6) % 1000000000 : 0};
    ppoll(&ready, 1, &wait, NULL);
    while (hear(ear)) continue;
  }
  for (int at = 0; at < count; at++) close_question(&asked[at]);
  printf("end\n");
  return 0;
}
