import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { createHandles, isKernelFilesystem } from '../../../src/exporters/host/lib/handles.ts'

const onLinux = test.runIf(isKernelFilesystem('/proc'))

const keys = (text: string): string[] => text.split('\n').map((line) => line.split(' ', 1)[0] ?? '')
const descriptors = (): number => readdirSync('/proc/self/fd').length

onLinux('a file that is kept open gives its whole present text each time', () => {
  const handles = createHandles()
  for (const path of ['/proc/vmstat', '/proc/meminfo', '/proc/self/mountinfo']) {
    for (let i = 0; i < 3; i++) expect(keys(handles.read(path))).toEqual(keys(readFileSync(path, 'utf8')))
  }
  const before = handles.read('/proc/uptime')
  const end = Date.now() + 30
  while (Date.now() < end); // uptime moves every 10 ms
  expect(handles.read('/proc/uptime')).not.toBe(before)
  handles.close()
})

onLinux('each file costs one descriptor, and close gives them back', () => {
  const before = descriptors()
  const handles = createHandles()
  for (let i = 0; i < 20; i++) for (const path of ['/proc/stat', '/proc/loadavg']) handles.read(path)
  expect(descriptors()).toBe(before + 2)
  handles.forget('/proc')
  expect(descriptors()).toBe(before)
  handles.read('/proc/stat')
  handles.close()
  expect(descriptors()).toBe(before)
})

onLinux('a file that does not exist is an error and leaves nothing open', () => {
  const before = descriptors()
  const handles = createHandles()
  expect(() => handles.read('/proc/no-such-file')).toThrow('ENOENT')
  expect(descriptors()).toBe(before)
})
