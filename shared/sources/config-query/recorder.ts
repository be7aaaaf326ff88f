import {
  type ConfigurationRecorder,
  type ConfigurationRecorderStatus,
  DescribeConfigurationRecorderStatusCommand,
  DescribeConfigurationRecordersCommand,
} from '@aws-sdk/client-config-service'
import { normalizeItem } from '../../inventory/normalize-item.ts'
import {
  booleanProperty,
  listProperty,
  objectProperty,
  stringListProperty,
  stringProperty,
} from '../../inventory/property.ts'
import { recorderType } from '../../inventory/recordable-types.ts'
import { recordingOf } from '../../inventory/recorder.ts'
import { isJsonObject, type JsonObject } from '../../model/json.ts'
import { MalformedAnswer } from '../failure.ts'
import { type Answer, ask, failureOf, needList, needText, present, rawItem } from '../reading.ts'
import type { ConfigReader } from './reader.ts'

/** How often a recorder writes down the resources of a type; `unclear` when it does not say. */
export type RecordingFrequency = 'continuous' | 'daily' | 'none' | 'unclear'

/**
 * Which types AWS Config records as they change, now, in the reader's account and region. A recorder that is off, or writes
 * once a day, records none of them in that sense. Absent: there is no recorder. Unknown: it could not be asked, has not
 * recorded anything yet, or failed lately.
 */
export async function recordedTypes(reader: ConfigReader): Promise<Answer<(type: string) => boolean>> {
  const recorder = await readRecorder(reader)
  if (recorder.state !== 'known') return recorder
  return { state: 'known', value: (type) => frequencyOf(recorder.value, type) === 'continuous' }
}

/** The recorder of the reader's account and region as an item, with whether it is on. Absent: there is none. */
export async function readRecorder(reader: ConfigReader): Promise<Answer<JsonObject>> {
  const recorders = await ask(
    reader,
    'config:DescribeConfigurationRecorders',
    undefined,
    (abortSignal) => reader.client.send(new DescribeConfigurationRecordersCommand({}), { abortSignal }),
    ({ ConfigurationRecorders }) => needList(ConfigurationRecorders, 'ConfigurationRecorders').filter(isCustomers),
  )
  if (recorders.state !== 'known') return { state: 'unknown', ...failureOf(recorders) }
  const [recorder] = recorders.value
  if (recorder === undefined) return { state: 'absent' }
  const status = await statusOf(reader, recorder)
  if (status.state !== 'known') return { state: 'unknown', ...failureOf(status) }
  const doubt = doubtAbout(status.value)
  if (doubt !== undefined) return { state: 'unknown', reason: doubt, transience: 'passing' }
  return { state: 'known', value: itemOf(reader, recorder, status.value) }
}

/** Recorders of other services write for these services alone. */
function isCustomers({ servicePrincipal, recordingScope }: ConfigurationRecorder): boolean {
  return servicePrincipal === undefined && recordingScope !== 'INTERNAL'
}

function statusOf(reader: ConfigReader, recorder: ConfigurationRecorder): Promise<Answer<ConfigurationRecorderStatus>> {
  return ask(
    reader,
    'config:DescribeConfigurationRecorderStatus',
    undefined,
    (abortSignal) => reader.client.send(new DescribeConfigurationRecorderStatusCommand({}), { abortSignal }),
    ({ ConfigurationRecordersStatus }) => {
      const all = needList(ConfigurationRecordersStatus, 'ConfigurationRecordersStatus')
      const status = all.find(({ name }) => name === needText(recorder.name, 'the name of the recorder'))
      if (typeof status?.recording !== 'boolean') throw new MalformedAnswer('no status of the recorder')
      return status
    },
  )
}

/** A recorder that is on and did not succeed lately may have left something out. */
function doubtAbout({ recording, lastStatus }: ConfigurationRecorderStatus): string | undefined {
  if (recording !== true || lastStatus === 'Success') return undefined
  return `the configuration recorder is on and its last status is ${word(lastStatus)}`
}

function word(text: string | undefined): string {
  return text !== undefined && /^[A-Za-z]{1,40}$/.test(text) ? text : 'not known'
}

function itemOf(
  reader: ConfigReader,
  recorder: ConfigurationRecorder,
  status: ConfigurationRecorderStatus,
): JsonObject {
  const name = needText(recorder.name, 'the name of the recorder')
  const configuration = plain({
    Name: name,
    RoleARN: recorder.roleARN,
    Recording: status.recording,
    RecordingGroup: recorder.recordingGroup,
    RecordingMode: recorder.recordingMode,
  })
  return rawItem(reader, recorderType, { id: name, arn: recorder.arn ?? name }, configuration)
}

function plain(value: Readonly<Record<string, unknown>>): JsonObject {
  return present(JSON.parse(JSON.stringify(value)) as JsonObject)
}

/** How often the recorder of an item writes down a type; an item that says nothing about being on is unclear. */
export function frequencyOf(recorder: JsonObject, type: string): RecordingFrequency {
  const normalized = normalizeItem(recorder)
  if (!normalized.ok || normalized.deleted) return 'none'
  const { configuration } = normalized.item
  const on = booleanProperty(configuration, 'Recording')
  if (on === undefined) return 'unclear'
  switch (on ? recordingOf(normalized.item, type) : 'not recorded') {
    case 'not recorded':
      return 'none'
    case 'unclear':
      return 'unclear'
    case 'recorded':
      return modeOf(objectProperty(configuration, 'RecordingMode'), type)
  }
}

/** A recorder without a mode writes continuously: recorders had none before there was a choice. */
function modeOf(mode: JsonObject | undefined, type: string): RecordingFrequency {
  if (mode === undefined) return 'continuous'
  const override = (listProperty(mode, 'RecordingModeOverrides') ?? [])
    .filter(isJsonObject)
    .find((one) => stringListProperty(one, 'ResourceTypes')?.includes(type))
  const stated = stringProperty(override ?? mode, 'RecordingFrequency')
  return stated === 'CONTINUOUS' ? 'continuous' : stated === 'DAILY' ? 'daily' : 'unclear'
}
