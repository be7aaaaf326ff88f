import * as z from 'zod'
import { compliant, noncompliant, undetermined } from '../../../shared/model/verdict.ts'
import { defineRule } from '../../../shared/rules/define-rule.ts'

/** A rule small enough to reason about: a repository is open when its policy text holds `"*"`. */
export const probeRule = defineRule({
  id: 'probe-repository-closed',
  area: 'ecr',
  title: 'Repositories are closed',
  severity: 'HIGH',
  why: 'why',
  fix: 'close it',
  judges: 'AWS::ECR::Repository',
  reads: ['AWS::ECR::RegistryPolicy'],
  triggers: { change: true, scheduled: true, calls: [] },
  frameworks: {},
  defaultEnabled: true,
  url: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html',
  parameters: z.object({ threshold: z.number().default(1) }),
  evaluate: ({ policy }) => {
    switch (policy.state) {
      case 'absent':
        return compliant('no policy')
      case 'unknown':
        return undetermined({ reason: policy.reason, transience: policy.transience })
      case 'known':
        return policy.value.text.includes('"*"') ? noncompliant('open to everyone') : compliant('closed')
    }
  },
})
