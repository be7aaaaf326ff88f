import { judgingFunctions } from '../../../shared/live/function-names.ts'
import { publisherName, pullFailureName, resourceChangeName } from './functions.ts'

/** Most requests of an invocation in which nothing fails, by function: a test counts them. */
export const most: ReadonlyMap<string, number> = new Map([
  [judgingFunctions.ecr, 11],
  [judgingFunctions.role, 19],
  [judgingFunctions.vpc, 34],
  [resourceChangeName, 1],
  [pullFailureName, 37],
  [publisherName, 1],
])
