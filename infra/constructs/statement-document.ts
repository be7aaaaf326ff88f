import { Fn } from 'aws-cdk-lib'
import type { PermissionStatement } from '../derive/permissions.ts'

/** A statement as it stands in a policy document of the template. */
export function statementDocument({ sid, effect, actions, resources }: PermissionStatement): object {
  return { Sid: sid, Effect: effect, Action: actions, Resource: resources.map(substituted) }
}

/** Text in `Fn::Sub` spelling, substituted when the template is deployed. */
export function substituted(text: string): string {
  return text.includes('${') ? Fn.sub(text) : text
}
