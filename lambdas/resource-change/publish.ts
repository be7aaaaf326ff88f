import { type PublishingParts, publisherOf } from '../../shared/sinks/publish-findings.ts'
import { asffOf } from '../../shared/sinks/security-hub/asff.ts'
import type { Dependencies } from './dependencies.ts'

/** Renders findings and publishes them. Where Security Hub is not enabled there is nobody to tell. */
export function publisher(parts: PublishingParts): Dependencies['publish'] {
  const publish = publisherOf(parts)
  return async (findings, { accountId, region, readAt }) => {
    const rendered = findings.flatMap((finding) => asffOf(finding, readAt, region) ?? [])
    await publish({ accountId, region }, rendered)
  }
}
