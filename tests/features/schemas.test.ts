import { expect, test } from 'vitest'
import { generatedSchemas } from '../../src/features/generate.ts'
import { wire } from '../../src/features/schemas.ts'

test('the schemas read at run time are those of the contracts (node src/features/generate.ts)', () => {
  expect(wire).toEqual(JSON.parse(generatedSchemas()))
})
