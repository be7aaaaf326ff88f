import type { BucketSink } from '../../shared/sinks/bucket/put-text.ts'
import type { BucketReader } from '../../shared/sources/published/get-text.ts'

/** What became of a file. `newer`: somebody published a later reading in the meantime, which stays. */
export type Publication = 'published' | 'unchanged' | 'newer'

/** A file that must not be published: the last good copy stays. The message says why and what to do. */
export class PublicationRefused extends Error {
  override readonly name = 'PublicationRefused'
}

/** The bucket, to read from and to write to. */
export interface Shelf {
  readonly reader: BucketReader
  readonly sink: BucketSink
}

/** How often a file is compared again after somebody else wrote it at the same time. */
const ATTEMPTS = 4

/**
 * Compares and writes until nobody wrote in between. `attempt` answers `conflict` when somebody did.
 * @throws PublicationRefused when there is always somebody
 */
export async function untilSettled(
  key: string,
  attempt: () => Promise<Publication | 'conflict'>,
): Promise<Publication> {
  for (let left = ATTEMPTS; left > 0; left--) {
    const outcome = await attempt()
    if (outcome !== 'conflict') return outcome
  }
  throw new PublicationRefused(`${key} was written by somebody else ${ATTEMPTS} times in a row`)
}
