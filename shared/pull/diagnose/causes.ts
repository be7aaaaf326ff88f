import type { Cause } from './candidate.ts'
import { accessCauses } from './causes-access.ts'
import { imageCauses } from './causes-image.ts'
import { networkCauses } from './causes-network.ts'

/** Everything an error may mean. */
export const causes = { ...networkCauses, ...accessCauses, ...imageCauses } as const satisfies Record<string, Cause>
/** The code of a cause. */
export type CauseCode = keyof typeof causes
