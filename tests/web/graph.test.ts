import { describe, expect, it } from 'vitest'
import { createDrawQueue } from '../../web/src/ui/draw-queue.ts'
import { bitsPerSecond, bytes, percent } from '../../web/src/ui/format.ts'
import { marks, rounded, stepsOf, timeOfDay } from '../../web/src/ui/graph-axes.ts'

const kib = 1024
const gib = kib ** 3
const said = (text: string) => rounded(text).replace('\u{a0}', ' ')

describe('axes', () => {
  it('count bytes in powers of two and bits in round numbers', () => {
    const binary = stepsOf('binary') ?? []
    expect([gib / 2, gib, 2 * gib, 4 * gib].every((step) => binary.includes(step))).toBe(true)
    expect(binary.every((step) => Number.isInteger(Math.log2(step)))).toBe(true)
    const words = (stepsOf('bits') ?? []).map((step) => said(bitsPerSecond(step)))
    expect(words).toEqual(expect.arrayContaining(['1 bit/s', '500 kbit/s', '2 Mbit/s', '1 Gbit/s']))
  })

  it('stand at multiples of the step, both ends included', () => {
    expect(marks(0, 4 * gib, gib)).toEqual([0, 1, 2, 3, 4].map((each) => each * gib))
    expect(marks(-0.3, 1.05, 0.5)).toEqual([0, 0.5, 1])
    expect(marks(0, 1.249 / 8, 0.5 / 8)).toEqual([0, 0.5 / 8, 1 / 8])
  })

  it('say no digit that says nothing', () => {
    expect([bytes(gib), bytes(1.5 * gib), bytes(100 * kib), percent(0.1), percent(0)].map(said)).toEqual([
      '1 GiB',
      '1.5 GiB',
      '100 KiB',
      '10 %',
      '0 %',
    ])
  })

  it('tell the time in 24 hours', () => {
    const afternoon = new Date(2026, 10, 21, 15, 4, 5).getTime() / 1000
    expect(timeOfDay(afternoon)).toMatch(/^15.04.05$/)
    expect(timeOfDay(new Date(2026, 10, 21, 0, 0, 0).getTime() / 1000)).toMatch(/^00.00.00$/)
  })
})

describe('drawing', () => {
  it('happens once for all that asked, one graph to a frame, and not for one that is gone', () => {
    const frames: (() => void)[] = []
    const drawn: string[] = []
    const queue = createDrawQueue((run) => void frames.push(run))
    const [first, second, gone] = ['first', 'second', 'gone'].map((name) => () => void drawn.push(name))
    for (const draw of [first, gone, second, first]) if (draw !== undefined) queue.ask(draw)
    if (gone !== undefined) queue.forget(gone)
    expect(frames).toHaveLength(1)
    frames.shift()?.()
    expect(drawn).toEqual(['first'])
    frames.shift()?.()
    expect(drawn).toEqual(['first', 'second'])
    expect(frames).toEqual([])
    if (first !== undefined) queue.ask(first)
    frames.shift()?.()
    expect(drawn).toEqual(['first', 'second', 'first'])
  })

  it('goes on with the others when one fails', () => {
    const frames: (() => void)[] = []
    let drawn = 0
    const queue = createDrawQueue((run) => void frames.push(run))
    queue.ask(() => {
      throw new Error('no canvas')
    })
    queue.ask(() => drawn++)
    expect(frames.shift()).toThrow('no canvas')
    frames.shift()?.()
    expect(drawn).toBe(1)
  })
})
