import { ecrSource } from '../../shared/live/sources/ecr.ts'
import { ecrRules } from '../../shared/rules/ecr-rules.ts'
import { createHandler } from './create-handler.ts'
import { production } from './production.ts'

const parts = production()

/** The entry point of pullpath-ecr-policy-auditor, which AWS Config invokes. */
export const handler = createHandler({
  ...parts,
  rules: ecrRules,
  sources: (region) => [ecrSource(parts.clients(region).ecr)],
})
