import { expect, test } from 'vitest'
import { parsePasswd } from '../../../src/database/embedded/account.ts'
import { parsePostmasterPid } from '../../../src/database/embedded/postmaster-pid.ts'
import { socketDirectory } from '../../../src/database/embedded/server.ts'

const captured = `12676
/var/lib/aura/postgres
1795224923
15432
/var/lib/aura/postgres
127.0.0.1
 10117146         9
ready   
`

test('reads pid, port and status', () => {
  expect(parsePostmasterPid(captured)).toEqual({ pid: 12676, port: 15432, status: 'ready' })
})

test('a file still being written has no status, an empty one nothing', () => {
  expect(parsePostmasterPid('12676\n/data\n')).toEqual({ pid: 12676, port: 0, status: '' })
  expect(parsePostmasterPid('')).toBeUndefined()
})

test('a single-user server writes its pid negated', () => {
  expect(parsePostmasterPid('-77\n')?.pid).toBe(77)
})

test('the socket lies in the data directory, if its path fits and can be said', () => {
  expect(socketDirectory('/data/postgres', 15432)).toBe('/data/postgres')
  expect(socketDirectory(`/${'x'.repeat(92)}`, 15432)).toBe('')
  expect(socketDirectory('/my data,etc/postgres', 15432)).toBe('')
})

test('users of /etc/passwd by name; broken lines are passed over', () => {
  const text = 'root:x:0:0:root:/root:/bin/sh\npostgres:x:101:104::/var/lib/postgresql:/bin/bash\n+@nis\nodd:x:::\n'
  expect([...parsePasswd(text).values()]).toEqual([
    { name: 'root', uid: 0, gid: 0 },
    { name: 'postgres', uid: 101, gid: 104 },
  ])
})
