import { expect, test } from 'vitest'
import { createHwmon } from '../../../src/exporters/host/collectors/hwmon.ts'
import { parseAttributeName, sensorsOf } from '../../../src/exporters/host/hwmon/chip.ts'
import type { Source } from '../../../src/exporters/host/source.ts'
import { page, recorded, samples, succeeded } from '../../support/host-fixture.ts'

test('hwmon: chips are named by the device they sit on', async () => {
  const families = await page(createHwmon(recorded))
  expect(Object.keys(samples(families, 'node_hwmon_chip_names')).toSorted()).toEqual([
    '{chip="0000:00:01_0_0000:01:00_0",chip_name="amdgpu"}',
    '{chip="nvme_nvme0",chip_name="nvme"}',
    '{chip="platform_asus_nb_wmi_asus",chip_name="asus"}',
    '{chip="platform_asus_nb_wmi_asus_wmi_sensors",chip_name="asus_wmi_sensors"}',
    '{chip="platform_coretemp_0",chip_name="coretemp"}',
    '{chip="platform_nct6775_2592",chip_name="nct6798"}',
    '{chip="power_meter",chip_name="power_meter"}',
  ])
})

test('hwmon: each kind of reading has its name and unit, and an unreadable sensor is absent', async () => {
  const families = await page(createHwmon(recorded))
  const nct = '{chip="platform_nct6775_2592",sensor='
  expect(samples(families, 'node_hwmon_temp_celsius')[`${nct}"temp1"}`]).toBe(34)
  expect(samples(families, 'node_hwmon_temp_celsius')[`${nct}"temp2"}`]).toBeUndefined()
  expect(samples(families, 'node_hwmon_temp_fault')[`${nct}"temp2"}`]).toBe(1)
  expect(samples(families, 'node_hwmon_fan_rpm')[`${nct}"fan1"}`]).toBe(893)
  expect(samples(families, 'node_hwmon_in_volts')[`${nct}"in1"}`]).toBe(1.016)
  expect(samples(families, 'node_hwmon_pwm')[`${nct}"pwm1"}`]).toBe(153)
  const meter = '{chip="power_meter",sensor='
  expect(samples(families, 'node_hwmon_power_average_watt')[`${meter}"power1"}`]).toBe(241)
  expect(samples(families, 'node_hwmon_curr_amps')[`${meter}"curr1"}`]).toBe(1.87)
  expect(samples(families, 'node_hwmon_humidity')[`${meter}"humidity1"}`]).toBe(0.437)
  expect(families.get('node_hwmon_energy_joule_total')?.type).toBe('counter')
  expect(samples(families, 'node_hwmon_freq_freq_mhz')).toEqual({
    '{chip="0000:00:01_0_0000:01:00_0",sensor="mclk"}': 875,
    '{chip="0000:00:01_0_0000:01:00_0",sensor="sclk"}': 1340,
  })
  expect(succeeded(families, 'hwmon')).toBe(1)
})

test('hwmon: names of attributes fall into type, sensor and property', () => {
  expect(parseAttributeName('temp1_crit_hyst')).toEqual({ type: 'temp', sensor: 'temp1', property: 'crit_hyst' })
  expect(parseAttributeName('pwm2')).toEqual({ type: 'pwm', sensor: 'pwm2', property: '' })
  expect(parseAttributeName('update_interval')).toEqual({
    type: 'update_interval',
    sensor: 'update_interval0',
    property: '',
  })
  expect(['name', 'uevent', 'device', 'power', 'tempered1'].map(parseAttributeName)).toEqual([
    undefined,
    undefined,
    undefined,
    { type: 'power', sensor: 'power0', property: '' }, // the directory of that name cannot be read, so it adds nothing
    undefined,
  ])
})

test('hwmon: `input` keeps its suffix only where the bare name is taken, and texts that are no numbers are dropped', () => {
  const { samples: found } = sensorsOf(
    new Map(Object.entries({ pwm1: '5', pwm1_input: '6', temp1_input: 'n/a', in0_input: '' })),
  )
  expect(found.map(({ metric, value }) => [metric.name, value])).toEqual([
    ['node_hwmon_pwm', 5],
    ['node_hwmon_pwm_input', 6],
  ])
})

test('hwmon: a chip that hangs fails the collector by name, once asked is not asked again, and the others report', async () => {
  let asked = 0
  const stuck: Source = {
    ...recorded,
    slowAttribute(path, signal) {
      if (!path.includes('hwmon0')) return recorded.slowAttribute(path, signal)
      asked++
      return new Promise(() => undefined)
    },
  }
  const collector = createHwmon(stuck)
  for (let i = 0; i < 2; i++) {
    const families = await page(collector)
    expect(samples(families, 'node_hwmon_temp_celsius')['{chip="nvme_nvme0",sensor="temp1"}']).toBe(38.85)
    expect(succeeded(families, 'hwmon')).toBe(0)
  }
  expect(asked).toBe(1)
})
