import { expect, test } from 'vitest'
import { removeScratchAfterEach, scratch } from '../support/scratch.ts'
import { runLoad } from './runs.ts'

removeScratchAfterEach()

test('without k6 nothing is started, and it is said how to get it', async () => {
  const { code, output } = await runLoad(['rest', '--quick'], { PATH: '/nowhere', HOME: scratch() })
  expect(code).toBe(2)
  expect(output).toMatch(/^k6 2 or newer is needed[\s\S]+go install go\.k6\.io/)
})

test('a scenario that does not exist is refused with those that do', async () => {
  const { code, output } = await runLoad(['everything'])
  expect(code).toBe(2)
  expect(output).toBe('say which scenario: fan-out, rest, exporters, reconnect-storm, soak; --help says more\n')
})

test('help names every scenario', async () => {
  const { code, output } = await runLoad(['--help'])
  expect(code).toBe(0)
  for (const name of ['fan-out', 'rest', 'exporters', 'reconnect-storm', 'soak'])
    expect(output).toMatch(new RegExp(`^  ${name} `, 'm'))
})
