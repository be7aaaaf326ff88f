import { InvalidArgumentError } from 'commander'
import type { ReadPermission } from '../../shared/sources/permission.ts'
import { type ReaderPart, readerPermissions } from '../../shared/sources/reader-permissions.ts'
import type { AssumedRole } from './statements.ts'

/** Who may take on the reader's role. Everything missing becomes a parameter of the template. */
export interface TrustedCaller {
  readonly accountId?: string
  /** Name of the role in that account; everybody there whom it permits, when missing. */
  readonly roleName?: string
  readonly externalId?: string
}

/** What `pullpath permissions` is asked for. */
export interface PermissionsRequest extends AssumedRole {
  readonly parts: readonly ReaderPart[]
  readonly images: boolean
  readonly trusted: TrustedCaller
  /** Twelve digits; any account when missing. */
  readonly accountId?: string
  readonly partition?: string
}

/** What is printed, and how many managed policies it holds. */
export interface PrintedPolicies {
  readonly text: string
  readonly policies: number
}

/** Everything the request's parts need, each action once. */
export function permissionsFor({
  parts,
  images,
}: Pick<PermissionsRequest, 'parts' | 'images'>): readonly ReadPermission[] {
  const all: readonly ReadPermission[] = parts.flatMap((part) => [
    ...readerPermissions[part],
    ...(part === 'member' && images ? readerPermissions.images : []),
  ])
  return [...new Map(all.map((one) => [`${one.action} ${one.resource}`, one])).values()]
}

/** Parses an option that has to match. The error is one line of the usage. */
export function matching(pattern: RegExp, expected: string): (value: string) => string {
  return (value) => {
    if (!pattern.test(value)) throw new InvalidArgumentError(`expected ${expected}.`)
    return value
  }
}

/** A role's name with or without a path, as IAM spells it and `collect --role-name` takes it; at most 64 characters of name. */
export const roleNamePattern = /^\/?(?:[\w+=,.@-]+\/){0,16}[\w+=,.@-]{1,64}$/
/** What STS takes as external id. */
export const externalIdPattern = /^[\w+=,.@:/-]{2,1224}$/
/** `o-…`. */
export const organizationIdPattern = /^o-[a-z0-9]{10,32}$/

/** The name without a leading slash: as it stands in an ARN after `role/`. */
export function roleInArn(roleName: string): string {
  return roleName.startsWith('/') ? roleName.slice(1) : roleName
}

/** Path and name of a role as IAM wants them apart: `/audit/` and `pullpath-reader`. */
export function splitRoleName(roleName: string): { readonly path: string; readonly name: string } {
  const end = roleName.lastIndexOf('/') + 1
  return { path: `/${roleName.slice(0, end)}`, name: roleName.slice(end) }
}
