import { MalformedAnswer } from '../failure.ts'
import { needText } from '../reading.ts'

/**
 * The marker of the next page; undefined on the last one.
 * @throws MalformedAnswer when the answer does not say whether it is complete
 */
export function markerOf(output: {
  readonly IsTruncated?: boolean | undefined
  readonly Marker?: string | undefined
}): string | undefined {
  if (typeof output.IsTruncated !== 'boolean') throw new MalformedAnswer('answer without IsTruncated')
  return output.IsTruncated ? needText(output.Marker, 'Marker') : undefined
}
