import { judgingFunctions } from '../../../shared/live/function-names.ts'
import { publisherName, pullFailureName, resourceChangeName } from './functions.ts'

/** Most requests of an invocation in which nothing fails, by function: a test counts them. */
export const most: ReadonlyMap<string, number> = new Map([
  [judgingFunctions.ecr, 12],
  [judgingFunctions.role, 20],
  [judgingFunctions.vpc, 35],
  [resourceChangeName, 1],
  [pullFailureName, 38],
  [publisherName, 1],
])
