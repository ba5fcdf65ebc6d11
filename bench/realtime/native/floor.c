// The least that any server can do: one finished frame, one write to every socket. What the others are measured by.
// Commands: port; start RATE BYTES; stop; begin; report (CPU in us) ; sent.
#include "common.h"

static int poll_fd, listener;
static int subscribers[20000], count;
static uint64_t sent, began, published, cpu_before;
static double rate;
static int bytes;

static const char accepted[] =
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

static void publish(void) {
  char frame[4096];
  int head = bytes < 126 ? 2 : 4;
  char *body = frame + head;
  int length = sprintf(body, "{\"n\":%llu,\"t\":%llu,\"i\":0,\"p\":\"", (unsigned long long)++sent,
                       (unsigned long long)now_us());
  while (length < bytes - 2) body[length++] = 'x';
  body[length++] = '"';
  body[length++] = '}';
  frame[0] = (char)0x81;
  frame[1] = head == 2 ? length : 126;
  if (head == 4) {
    frame[2] = length >> 8;
    frame[3] = length & 255;
  }
  for (int i = 0; i < count; i++)
    if (write(subscribers[i], frame, head + length) < 0 && errno != EAGAIN) subscribers[i--] = subscribers[--count];
}

static void command(char *line) {
  struct sockaddr_in address;
  socklen_t size = sizeof address;
  if (!strcmp(line, "port")) {
    getsockname(listener, (struct sockaddr *)&address, &size);
    answer(ntohs(address.sin_port));
  } else if (sscanf(line, "start %lf %d", &rate, &bytes) == 2) {
    began = now_us();
    published = 0;
    answer(0);
  } else if (!strcmp(line, "stop")) {
    rate = 0;
    answer(0);
  } else if (!strcmp(line, "begin")) {
    cpu_before = cpu_us();
    answer(sent);
  } else if (!strcmp(line, "report")) {
    answer(cpu_us() - cpu_before);
  } else if (!strcmp(line, "sent")) {
    answer(sent);
  }
}

static void welcome(void) {
  int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
  if (fd < 0) return;
  int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  watch(poll_fd, fd, (void *)(intptr_t)(fd + 2));
}

// The request comes in one piece on loopback; whatever follows it is of no interest.
static void hear(int fd) {
  static char text[65536];
  ssize_t got = read(fd, text, sizeof text);
  if (got < 0 && errno == EAGAIN) return;
  if (got <= 0) {
    for (int i = 0; i < count; i++)
      if (subscribers[i] == fd) subscribers[i--] = subscribers[--count];
    close(fd);
  } else if (!strncmp(text, "GET ", 4) && count < 20000 && write(fd, accepted, sizeof accepted - 1) > 0) {
    subscribers[count++] = fd;
  }
}

static int wait_ms(void) {
  if (rate == 0) return -1;
  int64_t left = (int64_t)(began + published * 1e6 / rate) - (int64_t)now_us();
  return left <= 0 ? 0 : (left + 999) / 1000;
}

int main(void) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  struct epoll_event events[256];
  listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  poll_fd = epoll_create1(0);
  if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 1024)) return 1;
  watch(poll_fd, 0, (void *)0);
  watch(poll_fd, listener, (void *)1);
  for (;;) {
    int n = epoll_wait(poll_fd, events, 256, wait_ms());
    for (int i = 0; i < n; i++) {
      intptr_t who = (intptr_t)events[i].data.ptr;
      if (who == 0) read_commands(command);
      else if (who == 1) welcome();
      else hear(who - 2);
    }
    for (; rate > 0 && now_us() >= began + published * 1e6 / rate; published++) publish();
  }
}
