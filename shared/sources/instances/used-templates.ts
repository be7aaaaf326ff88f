import type { AutoScalingGroup } from '@aws-sdk/client-auto-scaling'

/** A version of a launch template as an Auto Scaling group names it. */
export interface UsedTemplate {
  readonly LaunchTemplateId?: string | undefined
  readonly LaunchTemplateName?: string | undefined
  /** A number, `$Latest` or `$Default`, which is meant when there is none. */
  readonly Version?: string | undefined
}

/** Every launch template a group starts instances from. */
export function templatesOf({ LaunchTemplate, MixedInstancesPolicy }: AutoScalingGroup): readonly UsedTemplate[] {
  const mixed = MixedInstancesPolicy?.LaunchTemplate
  const overrides = (mixed?.Overrides ?? []).map((override) => override.LaunchTemplateSpecification)
  return [LaunchTemplate, mixed?.LaunchTemplateSpecification, ...overrides].flatMap((one) => one ?? [])
}
