import { expect, it } from 'vitest'
import {
  closeName,
  countsText,
  lagText,
  partText,
  shortId,
  sum,
  transportName,
  worstLag,
} from '../../../web/src/features/connections/view.ts'
import { answer } from './answer.ts'

it('counts in words, the largest first', () => {
  expect(countsText(answer.totals.byTransport, transportName)).toBe('2 WebSocket, 1 SSE')
  expect(countsText(answer.totals.closes, closeName)).toBe('2 by the client, 1 with code 3008')
  expect(sum(answer.totals.delivered)).toBe(1323)
  expect(transportName('carrier pigeon')).toBe('carrier pigeon')
})

it('tells the worst lag, and none before the first report', () => {
  expect(worstLag(answer.connections)).toBe(2400)
  expect(worstLag([])).toBeUndefined()
  expect(answer.connections.map(lagText)).toEqual(['12\u{a0}ms, 1 message', '2400\u{a0}ms, 7 messages', '–'])
})

it('shortens what only a log needs in full', () => {
  expect(shortId(answer.connections[0]?.id ?? '')).toBe('0198a5b2…')
  expect(shortId('b')).toBe('b')
})

it('says when the list is not all', () => {
  expect(partText(3, 3)).toBe('')
  expect(partText(500, 1200)).toContain('500 of 1200')
})
