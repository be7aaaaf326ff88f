import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createMetrics, metricUnits } from '../../shared/runtime/metrics.ts'

const written: string[] = []
beforeEach(() => {
  written.length = 0
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    written.push(String(text))
    return true
  })
})
afterEach(() => vi.restoreAllMocks())
const documents = () => written.map((line) => JSON.parse(line))

describe('createMetrics', () => {
  it('writes one document of the embedded format with the unit of each metric', () => {
    const metrics = createMetrics('pullpath-x')
    metrics.count('FindingsAccepted', 2)
    metrics.count('FindingsAccepted', 3)
    metrics.count('Coverage', 80)
    metrics.count('Coverage', 97.5)
    metrics.count('HeartbeatAge', 86_400)
    expect(written).toEqual([])
    metrics.flush()
    const [document, ...others] = documents()
    expect(others).toEqual([])
    expect(document).toMatchObject({ service: 'pullpath-x', FindingsAccepted: 5, Coverage: 97.5, HeartbeatAge: 86_400 })
    expect(document._aws.CloudWatchMetrics).toEqual([
      {
        Namespace: 'Pullpath',
        Dimensions: [['service']],
        Metrics: [
          { Name: 'FindingsAccepted', Unit: 'Count' },
          { Name: 'Coverage', Unit: 'Percent' },
          { Name: 'HeartbeatAge', Unit: 'Seconds' },
        ],
      },
    ])
  })

  it('writes values with other dimensions apart, and the same dimensions in any order together', () => {
    const metrics = createMetrics('pullpath-x')
    metrics.count('Evaluations', 1)
    metrics.count('Evaluations', 2, { region: 'eu-central-1', rule: 'a' })
    metrics.count('Evaluations', 3, { rule: 'a', region: 'eu-central-1' })
    metrics.flush()
    const values = documents().map((one) => [one.Evaluations, one.region, one._aws.CloudWatchMetrics[0].Dimensions])
    expect(values).toEqual([
      [1, undefined, [['service']]],
      [5, 'eu-central-1', [['service', 'region', 'rule']]],
    ])
  })

  it('writes nothing without a count, and nothing twice', () => {
    const metrics = createMetrics('pullpath-x')
    metrics.flush()
    metrics.count('Undetermined', 1)
    metrics.flush()
    metrics.flush()
    expect(documents().map((one) => one.Undetermined)).toEqual([1])
  })

  it('writes a zero: no value and none counted are different things to an alarm', () => {
    const metrics = createMetrics('pullpath-x')
    metrics.count('FindingsRejected', 0)
    metrics.flush()
    expect(documents()[0].FindingsRejected).toBe(0)
  })

  it('names what alarms may speak of', () => {
    expect(Object.keys(metricUnits)).toEqual([
      'FindingsAccepted',
      'FindingsRejected',
      'FindingsNotDelivered',
      'Evaluations',
      'Undetermined',
      'HeartbeatAge',
      'Coverage',
      'HubHeartbeatFailed',
    ])
  })
})
