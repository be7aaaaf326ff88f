import type { JsonObject } from '../model/json.ts'
import type { ConfigurationItem } from './configuration-item.ts'
import { booleanProperty, objectProperty, stringListProperty, stringProperty } from './property.ts'
import { isGlobalType, isRecordable } from './recordable-types.ts'

/** Whether a configuration recorder records a type; `unclear` when its item does not say. */
export type Recording = 'recorded' | 'not recorded' | 'unclear'

/** Reads the recording group of an `AWS::Config::ConfigurationRecorder` item. */
export function recordingOf(recorder: ConfigurationItem, resourceType: string): Recording {
  const group = objectProperty(recorder.configuration, 'RecordingGroup')
  if (group === undefined) return 'unclear'
  const included = stringListProperty(group, 'ResourceTypes') ?? []
  switch (strategyOf(group, included)) {
    case 'all':
      return yesOrNo(isRecordable(resourceType) && (!isGlobalType(resourceType) || recordsGlobalTypes(group)))
    case 'inclusion':
      return yesOrNo(included.includes(resourceType))
    case 'exclusion':
      return yesOrNo(isRecordable(resourceType) && !excludedTypes(group).includes(resourceType))
    case 'unclear':
      return 'unclear'
  }
}

function strategyOf(group: JsonObject, included: readonly string[]): 'all' | 'inclusion' | 'exclusion' | 'unclear' {
  const strategy = objectProperty(group, 'RecordingStrategy')
  const stated = strategy && stringProperty(strategy, 'UseOnly')
  if (stated === 'ALL_SUPPORTED_RESOURCE_TYPES') return 'all'
  if (stated === 'INCLUSION_BY_RESOURCE_TYPES') return 'inclusion'
  if (stated === 'EXCLUSION_BY_RESOURCE_TYPES') return 'exclusion'
  if (booleanProperty(group, 'AllSupported') === true) return 'all'
  if (excludedTypes(group).length > 0) return 'exclusion'
  if (included.length > 0) return 'inclusion'
  return 'unclear'
}

function excludedTypes(group: JsonObject): readonly string[] {
  const exclusion = objectProperty(group, 'ExclusionByResourceTypes')
  return (exclusion && stringListProperty(exclusion, 'ResourceTypes')) ?? []
}

/** Recording everything leaves IAM out unless the recorder includes global types. */
function recordsGlobalTypes(group: JsonObject): boolean {
  const flag = booleanProperty(group, 'IncludeGlobalResourceTypes') ?? booleanProperty(group, 'IncludeGlobalResources')
  return flag === true
}

function yesOrNo(recorded: boolean): Recording {
  return recorded ? 'recorded' : 'not recorded'
}
