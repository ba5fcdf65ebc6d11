// Many subscribers in one process, on bare sockets: cheap enough that the server is what is measured.
// Arguments: PORT DIALECT (plain, centrifuge, socket.io).
// Commands: open COUNT PACE EACH TOPIC...; count; begin; report FILE.
// Subscriber k listens to EACH of the topics, evenly apart, beginning with the k-th.
#include "common.h"

enum { PLAIN, CENTRIFUGE, SOCKET_IO };
enum { CLOSED, UPGRADING, OPEN };

struct peer {
  int fd, state, topics_left, ready;
  uint64_t due;
  char *rest;
  size_t rest_length;
  uint32_t *last;
};
struct sample {
  uint32_t us, topic;
};

#define MOST_TOPICS 1024
static int dialect, port, poll_fd, count, each, topics, up, opening;
static char *names[MOST_TOPICS];
static struct peer *peers;
static struct sample *samples;
static size_t sample_count, sample_room;
static uint64_t delivered, lost[MOST_TOPICS], twice[MOST_TOPICS], closes, cpu_before;
static char buffer[512 * 1024];

// Masked with zero, which is legal and costs nothing.
static void send_text(struct peer *p, const char *text) {
  static char frame[65536];
  size_t length = strlen(text), head = length < 126 ? 6 : 8;
  memset(frame, 0, head);
  frame[0] = (char)0x81;
  frame[1] = (char)(0x80 | (length < 126 ? length : 126));
  if (head == 8) {
    frame[2] = length >> 8;
    frame[3] = length & 255;
  }
  memcpy(frame + head, text, length);
  if (write(p->fd, frame, head + length) < 0) return;
}

static const char *topic_of(struct peer *p, int k) {
  return names[(p - peers + (long)k * (topics / each)) % topics];
}

static void subscribe(struct peer *p) {
  static char text[60000];
  int length = sprintf(text, "{\"id\":1,\"connect\":{}}");
  for (int k = 0; k < each; k++)
    length += sprintf(text + length, "\n{\"id\":%d,\"subscribe\":{\"channel\":\"%s\"}}", k + 2, topic_of(p, k));
  send_text(p, text);
}

static void ready(struct peer *p) {
  p->ready = 1;
  if (++up == count && opening) {
    opening = 0;
    answer(0);
  }
}

static uint64_t number(char **at) {
  uint64_t value = 0;
  for (; **at >= '0' && **at <= '9'; ++*at) value = value * 10 + (**at - '0');
  return value;
}

static void keep(uint32_t us, uint32_t topic) {
  if (sample_count == sample_room) {
    sample_room = sample_room ? sample_room * 2 : 1 << 20;
    samples = realloc(samples, sample_room * sizeof *samples);
    if (!samples) exit(1);
  }
  samples[sample_count++] = (struct sample){us, topic};
}

// Every message begins so, whatever envelope it comes in: {"n":1,"t":2,"i":3,
static void tally(struct peer *p, char *at, char *end) {
  uint64_t now = now_us();
  while ((at = memmem(at, end - at, "{\"n\":", 5))) {
    at += 5;
    uint32_t n = number(&at);
    at += 5;
    uint64_t sent = number(&at);
    at += 5;
    uint32_t topic = number(&at);
    if (topic >= MOST_TOPICS) continue;
    delivered++;
    keep(now > sent ? now - sent : 0, topic);
    uint32_t *last = &p->last[topic];
    if (*last != 0 && n <= *last) twice[topic]++;
    else {
      if (*last != 0) lost[topic] += n - *last - 1;
      *last = n;
    }
  }
}

static void on_line(struct peer *p, char *at, char *end) {
  if (end - at < 6 || memcmp(at, "{\"id\":", 6)) tally(p, at, end);
  else if (memmem(at, end - at, "\"subscribe\":{", 13) && --p->topics_left == 0) ready(p);
}

static void on_text(struct peer *p, char *at, char *end) {
  if (dialect == PLAIN) tally(p, at, end);
  else if (dialect == SOCKET_IO) {
    if (*at == '2') send_text(p, "3");
    else if (*at == '0') send_text(p, "40");
    else if (end - at > 1 && at[0] == '4' && at[1] == '0') ready(p);
    else tally(p, at, end);
  } else if (end - at == 2) send_text(p, "{}");
  else
    for (char *line = at; line < end;) {
      char *stop = memchr(line, '\n', end - line);
      if (!stop) stop = end;
      on_line(p, line, stop);
      line = stop + 1;
    }
}

static void gone(struct peer *p) {
  close(p->fd);
  if (p->ready) {
    up--;
    closes++;
  }
  free(p->rest);
  // Whoever is refused while all are still coming tries again.
  *p = (struct peer){.state = CLOSED, .last = p->last, .due = p->ready ? UINT64_MAX : now_us() + 250000};
}

static void keep_rest(struct peer *p, char *at, char *end) {
  p->rest_length = end - at;
  p->rest = p->rest_length ? realloc(p->rest, p->rest_length) : (free(p->rest), NULL);
  if (p->rest_length) memcpy(p->rest, at, p->rest_length);
}

// Whole frames of `at`; what is left of the last one is kept.
static void frames(struct peer *p, char *at, char *end) {
  while (end - at >= 2) {
    unsigned char *h = (unsigned char *)at;
    uint64_t length = h[1] & 127, head = length < 126 ? 2 : length == 126 ? 4 : 10;
    if ((uint64_t)(end - at) < head) break;
    if (length == 126) length = h[2] << 8 | h[3];
    else if (length == 127) length = (uint64_t)h[6] << 24 | h[7] << 16 | h[8] << 8 | h[9];
    if ((uint64_t)(end - at) < head + length) break;
    int opcode = h[0] & 15;
    if (opcode == 8) return gone(p);
    if (opcode == 9) {
      char pong[6] = {(char)0x8a, (char)0x80};
      if (write(p->fd, pong, 6) < 0) return gone(p);
    } else if (opcode == 1 && length > 0) on_text(p, at + head, at + head + length);
    at += head + length;
  }
  keep_rest(p, at, end);
}

static void upgraded(struct peer *p, char *body, char *end) {
  p->state = OPEN;
  if (dialect == CENTRIFUGE) subscribe(p);
  if (dialect == PLAIN) ready(p);
  frames(p, body, end);
}

static void hear(struct peer *p) {
  if (p->rest_length) memcpy(buffer, p->rest, p->rest_length);
  ssize_t got = read(p->fd, buffer + p->rest_length, sizeof buffer - p->rest_length);
  if (got < 0 && errno == EAGAIN) return;
  if (got <= 0) return gone(p);
  char *end = buffer + p->rest_length + got, *body;
  if (p->state == OPEN) return frames(p, buffer, end);
  if (!(body = memmem(buffer, end - buffer, "\r\n\r\n", 4))) return keep_rest(p, buffer, end);
  if (memcmp(buffer, "HTTP/1.1 101", 12)) return gone(p);
  upgraded(p, body + 4, end);
}

static void dial(struct peer *p) {
  static char text[32768];
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  address.sin_port = htons(port);
  int on = 1, length;
  p->fd = socket(AF_INET, SOCK_STREAM, 0);
  p->state = UPGRADING;
  p->topics_left = each;
  if (p->fd < 0 || connect(p->fd, (struct sockaddr *)&address, sizeof address)) return gone(p);
  setsockopt(p->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  fcntl(p->fd, F_SETFL, O_NONBLOCK);
  if (dialect == CENTRIFUGE) length = sprintf(text, "GET /connection/websocket");
  else {
    length = sprintf(text, "GET %s?EIO=4&transport=websocket&topics=", dialect == PLAIN ? "/" : "/socket.io/");
    for (int k = 0; k < each; k++) length += sprintf(text + length, "%s%s", k ? "," : "", topic_of(p, k));
  }
  length += sprintf(text + length,
                    " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
  if (write(p->fd, text, length) < 0) return gone(p);
  watch(poll_fd, p->fd, p);
}

static void open_all(char *arguments) {
  double pace;
  int used;
  sscanf(arguments, "%d %lf %d%n", &count, &pace, &each, &used);
  for (char *name = strtok(arguments + used, " "); name && topics < MOST_TOPICS; name = strtok(NULL, " "))
    names[topics++] = strdup(name);
  peers = calloc(count, sizeof *peers);
  for (int k = 0; k < count; k++) {
    peers[k].last = calloc(MOST_TOPICS, sizeof(uint32_t));
    peers[k].due = now_us() + k * 1e6 / pace;
  }
  opening = 1;
}

static void report(const char *path) {
  FILE *file = fopen(path, "wb");
  if (!file) exit(1);
  fwrite(samples, sizeof *samples, sample_count, file);
  fclose(file);
  printf("%llu %llu", (unsigned long long)(cpu_us() - cpu_before), (unsigned long long)closes);
  for (int i = 0; i < MOST_TOPICS; i++)
    if (lost[i] || twice[i]) printf(" %d:%llu:%llu", i, (unsigned long long)lost[i], (unsigned long long)twice[i]);
  puts("");
  fflush(stdout);
}

static void command(char *line) {
  if (!strncmp(line, "open ", 5)) open_all(line + 5);
  else if (!strncmp(line, "report ", 7)) report(line + 7);
  else if (!strcmp(line, "count")) answer(delivered);
  else if (!strcmp(line, "begin")) {
    sample_count = closes = 0;
    memset(lost, 0, sizeof lost);
    memset(twice, 0, sizeof twice);
    cpu_before = cpu_us();
    answer(0);
  }
}

int main(int argc, char **argv) {
  struct epoll_event events[512];
  if (argc != 3) return 1;
  port = atoi(argv[1]);
  dialect = !strcmp(argv[2], "plain") ? PLAIN : !strcmp(argv[2], "centrifuge") ? CENTRIFUGE : SOCKET_IO;
  poll_fd = epoll_create1(0);
  watch(poll_fd, 0, NULL);
  for (;;) {
    int n = epoll_wait(poll_fd, events, 512, opening ? 1 : -1);
    for (int i = 0; i < n; i++) {
      if (!events[i].data.ptr) read_commands(command);
      else if (((struct peer *)events[i].data.ptr)->state != CLOSED) hear(events[i].data.ptr);
    }
    if (opening)
      for (int k = 0; k < count; k++)
        if (peers[k].state == CLOSED && peers[k].due <= now_us()) dial(&peers[k]);
  }
}
