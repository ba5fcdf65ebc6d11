import { assert, double, property } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { demandAt, favourites, longTailed } from '../../src/demo/wave.ts'

const mean = (from: number, to: number): number => {
  const values = Array.from({ length: to - from }, (_, i) => demandAt(from + i))
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

describe('the wave that traffic follows', () => {
  it('stays between nothing and everything, and never jumps', () => {
    assert(
      property(double({ min: 0, max: 1e6, noNaN: true }), (seconds) => {
        const demand = demandAt(seconds)
        return demand > 0 && demand <= 1 && Math.abs(demandAt(seconds + 1) - demand) < 0.03
      }),
    )
  })

  it('begins small, grows over ten minutes and then keeps its size', () => {
    expect(demandAt(0)).toBeLessThan(0.15)
    expect(mean(0, 420)).toBeLessThan(mean(420, 840))
    expect(mean(1260, 1260 + 28_140)).toBeCloseTo(mean(29_400, 29_400 + 28_140), 2)
  })

  it('rises and falls by more than half of its height within a tide', () => {
    const values = Array.from({ length: 420 }, (_, i) => demandAt(1260 + i))
    expect(Math.max(...values) - Math.min(...values)).toBeGreaterThan(0.5)
  })
})

describe('what is in favour', () => {
  it('changes one at a time, and everything has its turn', () => {
    const models = ['a', 'b', 'c']
    const turns = [0, 180, 360, 540].map((seconds) => favourites(models, seconds).join(''))
    expect(turns).toEqual(['ab', 'bc', 'ca', 'ab'])
    expect(favourites(models, 179)).toEqual(['a', 'b'])
    expect(favourites([], 10)).toEqual([])
  })
})

describe('a size with a long tail', () => {
  it('has both ends and is mostly small', () => {
    expect([longTailed(5, 5000, () => 0), longTailed(5, 5000, () => 1)]).toEqual([5, 5000])
    expect(longTailed(5, 5000, () => 0.5)).toBeLessThan(50)
  })
})
