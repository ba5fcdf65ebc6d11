import { createSocket } from 'node:dgram'
import { connect, isIPv6 } from 'node:net'
import { hostname } from 'node:os'
import type { Checkpoint } from './checkpoints.ts'
import type { Delivery } from './deliver.ts'

/** Facility 13 is "log audit", severity 5 is "notice". */
const priority = 13 * 8 + 5
const answerTime = 10_000

const messageOf = (checkpoint: Checkpoint): string =>
  `<${priority}>1 ${checkpoint.time} ${hostname()} aura ${process.pid} checkpoint - ${JSON.stringify(checkpoint)}`

function byUdp(host: string, port: number, message: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4')
    socket.once('error', reject)
    socket.send(message, port, host, (error) => {
      socket.close()
      if (error === null) resolve()
      else reject(error)
    })
  })
}

/** Framed by its length, as RFC 6587 has it. Nothing answers: that all of it was taken, and the end too, must do. */
function byTcp(host: string, port: number, message: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, timeout: answerTime })
    socket.once('error', reject)
    socket.once('timeout', () => socket.destroy(new Error('it does not answer')))
    socket.once('close', (failed: boolean) => {
      if (!failed) resolve()
    })
    socket.resume().end(Buffer.concat([Buffer.from(`${message.length} `), message]))
  })
}

/** To `udp://host:port`, `host:port` or `tcp://host:port`. */
export function toSyslog(address: string): Delivery {
  const [, protocol = 'udp', name = '', port] = /^(?:(udp|tcp):\/\/)?(.+):(\d+)$/.exec(address) ?? []
  const send = protocol === 'tcp' ? byTcp : byUdp
  const host = name.replaceAll(/[[\]]/g, '')
  return { kind: 'syslog', send: (checkpoint) => send(host, Number(port), Buffer.from(messageOf(checkpoint))) }
}
