import { expect, test } from 'vitest'
import { verifyChain } from '../../src/audit/verify.ts'
import { useAudit } from '../support/use-audit.ts'

const { bench, superuser } = useAudit(10)

const broken = async () => (await verifyChain(bench().database.db)).broken

test('an untouched chain is verified to its end', async () => {
  expect(await verifyChain(bench().database.db)).toMatchObject({ verified: { seq: 10 }, broken: undefined })
})

test.each([
  ['a flipped byte', `update audit.log set body = replace(body, 'user:5', 'user:4') where seq = 6`, 6],
  [
    'a hash that was changed',
    `update audit.log set hash = set_byte(hash, 0, 255 - get_byte(hash, 0)) where seq = 4`,
    4,
  ],
  ['a deleted row', 'delete from audit.log where seq = 3', 3],
  ['a column that says something else', `update audit.log set actor = 'somebody else' where seq = 8`, 8],
  ['a time that was set back', `update audit.log set ts = ts - interval '1 day' where seq = 2`, 2],
  [
    'two rows that were swapped',
    `update audit.log set seq = 100 where seq = 4; update audit.log set seq = 4 where seq = 5; update audit.log set seq = 5 where seq = 100`,
    4,
  ],
  [
    'an inserted row with an old time',
    `update audit.log set seq = seq + 1000 where seq > 5; update audit.log set seq = seq - 999 where seq > 1000;
     insert into audit.log select 6, ts, body, prev_hash, sha256(body::bytea), actor, action, object, decision, request_id from audit.log where seq = 5`,
    6,
  ],
])('%s is found', async (_what, statement, seq) => {
  await superuser().tamper(statement)
  expect(await broken()).toMatchObject({ seq })
})
