import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { recordedTypes } from '../../../shared/sources/config-query/recorder.ts'
import type { FakeConfig } from '../../support/fake-aws/config-query.ts'
import { type FakeAws, startFakeAws } from '../../support/fake-aws/fake-aws.ts'
import { faults } from '../ecr/reading.ts'
import { fillConfig, readerOf } from './account.ts'

let fake: FakeAws
let config: FakeConfig
beforeEach(async () => {
  fake = await startFakeAws()
  config = fillConfig(fake)
})
afterEach(() => fake.close())

const asked = ['AWS::ECR::Repository', 'AWS::EC2::VPC', 'AWS::IAM::Role', 'AWS::EKS::Nodegroup']
const recorded = async () => {
  const answer = await recordedTypes(readerOf(fake))
  return answer.state === 'known' ? asked.filter(answer.value) : answer
}
const group = (recordingGroup: unknown) => {
  config.recorders[0].recordingGroup = recordingGroup
}

describe('A recorder that is on', () => {
  it('of everything records what AWS Config can record, roles when it includes global types', async () => {
    expect(await recorded()).toEqual(['AWS::ECR::Repository', 'AWS::EC2::VPC', 'AWS::IAM::Role'])
    group({ allSupported: true, includeGlobalResourceTypes: false })
    expect(await recorded()).toEqual(['AWS::ECR::Repository', 'AWS::EC2::VPC'])
  })
  it('of some types records these', async () => {
    group({
      allSupported: false,
      resourceTypes: ['AWS::EC2::VPC'],
      recordingStrategy: { useOnly: 'INCLUSION_BY_RESOURCE_TYPES' },
    })
    expect(await recorded()).toEqual(['AWS::EC2::VPC'])
  })
  it('with exclusions records all others', async () => {
    group({
      allSupported: false,
      resourceTypes: [],
      exclusionByResourceTypes: { resourceTypes: ['AWS::ECR::Repository'] },
      recordingStrategy: { useOnly: 'EXCLUSION_BY_RESOURCE_TYPES' },
    })
    expect(await recorded()).toEqual(['AWS::EC2::VPC', 'AWS::IAM::Role'])
  })
  it('that writes once a day records nothing as it changes', async () => {
    config.recorders[0].recordingMode = { recordingFrequency: 'DAILY' }
    expect(await recorded()).toEqual([])
  })
  it('that writes single types once a day records the others', async () => {
    config.recorders[0].recordingMode = {
      recordingFrequency: 'CONTINUOUS',
      recordingModeOverrides: [{ resourceTypes: ['AWS::EC2::VPC'], recordingFrequency: 'DAILY' }],
    }
    expect(await recorded()).toEqual(['AWS::ECR::Repository', 'AWS::IAM::Role'])
  })
  it('without a mode records as it changes: recorders of old have none', async () => {
    config.recorders[0].recordingMode = undefined
    expect(await recorded()).toEqual(['AWS::ECR::Repository', 'AWS::EC2::VPC', 'AWS::IAM::Role'])
  })
  it('without a recording group is not known to record anything', async () => {
    group(undefined)
    expect(await recorded()).toEqual([])
  })
  it.each(['Failure', 'Pending', 'NotApplicable'])(
    'and whose last status is %s is not relied on',
    async (lastStatus) => {
      config.recorderStatuses[0].lastStatus = lastStatus
      expect(await recorded()).toEqual({
        state: 'unknown',
        reason: `the configuration recorder is on and its last status is ${lastStatus}`,
        transience: 'passing',
      })
    },
  )
})

describe('No recording', () => {
  it('comes from a recorder that is off', async () => {
    config.recorderStatuses[0].recording = false
    config.recorderStatuses[0].lastStatus = 'Failure'
    expect(await recorded()).toEqual([])
  })
  it('comes from no recorder', async () => {
    config.recorders.length = 0
    expect(await recorded()).toEqual({ state: 'absent' })
  })
  it('comes from the recorder of another service', async () => {
    config.recorders[0].servicePrincipal = 'observabilityadmin.amazonaws.com'
    expect(await recorded()).toEqual({ state: 'absent' })
  })
  it('is not concluded from a status that is missing', async () => {
    config.recorderStatuses[0].name = 'other'
    expect(await recorded()).toEqual({
      state: 'unknown',
      reason: 'config:DescribeConfigurationRecorderStatus failed with MalformedAnswer',
      transience: 'passing',
    })
  })
  it.each(faults)('is not concluded from %s', async (_, fault) => {
    for (const operation of ['DescribeConfigurationRecorders', 'DescribeConfigurationRecorderStatus']) {
      fake.state.plan = (called) => (called === operation ? fault : undefined)
      const answer = await recordedTypes(readerOf(fake, 'hang' in fault ? 100 : undefined))
      expect(answer.state).toBe('unknown')
    }
  })
})
