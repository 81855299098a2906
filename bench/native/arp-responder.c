/* The least that can answer ARP from user space: blocking receive, compare, send. A yardstick for the speaker.
   usage: arp-responder INTERFACE ADDRESS */
#include <arpa/inet.h>
#include <net/if.h>
#include <netpacket/packet.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

enum { ETHERTYPE_ARP = 0x0806, FRAME = 60, OPERATION = 21, SENDER = 22, TARGET_IP = 38 };

static void fill_reply(const unsigned char *question, const unsigned char *mac, unsigned char *reply) {
  memset(reply, 0, FRAME);
  memcpy(reply, question + 6, 6);
  memcpy(reply + 6, mac, 6);
  memcpy(reply + 12, question + 12, 8);
  reply[OPERATION] = 2;
  memcpy(reply + SENDER, mac, 6);
  memcpy(reply + SENDER + 6, question + TARGET_IP, 4);
  memcpy(reply + SENDER + 10, question + SENDER, 10);
}

int main(int argc, char **argv) {
  if (argc != 3) {
    fprintf(stderr, "usage: arp-responder INTERFACE ADDRESS\n");
    return 2;
  }
  int descriptor = socket(AF_PACKET, SOCK_RAW, htons(ETHERTYPE_ARP));
  struct ifreq card = {0};
  strncpy(card.ifr_name, argv[1], IFNAMSIZ - 1);
  if (descriptor < 0 || ioctl(descriptor, SIOCGIFHWADDR, &card) < 0) {
    perror("arp-responder");
    return 1;
  }
  struct sockaddr_ll where = {.sll_family = AF_PACKET,
                              .sll_protocol = htons(ETHERTYPE_ARP),
                              .sll_ifindex = (int)if_nametoindex(argv[1])};
  if (bind(descriptor, (struct sockaddr *)&where, sizeof where) < 0) {
    perror("arp-responder");
    return 1;
  }
  in_addr_t address = inet_addr(argv[2]);
  unsigned char frame[2048], reply[FRAME];
  for (;;) {
    ssize_t length = recv(descriptor, frame, sizeof frame, 0);
    if (length < 42 || frame[OPERATION] != 1 || memcmp(frame + TARGET_IP, &address, 4) != 0) continue;
    fill_reply(frame, (unsigned char *)card.ifr_hwaddr.sa_data, reply);
    if (send(descriptor, reply, FRAME, 0) < 0) perror("arp-responder");
  }
}
