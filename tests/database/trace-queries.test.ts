import { expect, test } from 'vitest'
import { sanitize, summarize } from '../../src/database/trace-queries.ts'

test.each([
  [`select * from "a"."b1" where x = $1 and y2 = 42`, `select * from "a"."b1" where x = $1 and y2 = ?`],
  [`select 'it''s', E'a\\'b', -1.5e3, "it's 7"`, `select ?, ?, -?, "it's 7"`],
  [`do $body$ begin perform 'secret'; end $body$`, `do ?`],
  [`insert into t values ('secret',\n  3)`, `insert into t values (?, ?)`],
])('%s', (sql, clean) => {
  expect(sanitize(sql)).toBe(clean)
})

test.each([
  ['select "id" from "aura"."users" where "id" = $1', 'SELECT', 'aura.users'],
  ['insert into "aura"."audit" ("a") values ($1)', 'INSERT', 'aura.audit'],
  ['update "aura"."instance" set "started_at" = now()', 'UPDATE', 'aura.instance'],
  ['delete from only aura.x', 'DELETE', 'aura.x'],
  ['begin', 'BEGIN', undefined],
  ['select 1', 'SELECT', undefined],
])('%s', (sql, operation, collection) => {
  expect(summarize(sql)).toEqual({ operation, collection })
})
