import { Command, InvalidArgumentError, Option } from 'commander'
import { InputError } from '../../shared/model/errors.ts'
import { type ReaderPart, readerParts } from '../../shared/sources/reader-permissions.ts'
import { defaultRoleName } from '../collect/scope-options.ts'
import { exitCodes } from '../exit-codes.ts'
import { cloudFormation } from '../permissions/cloudformation.ts'
import { policyJson } from '../permissions/documents.ts'
import {
  externalIdPattern,
  matching,
  organizationIdPattern,
  type PermissionsRequest,
  type PrintedPolicies,
  permissionsFor,
  roleInArn,
  roleNamePattern,
} from '../permissions/request.ts'
import { readerStatements } from '../permissions/statements.ts'
import { terraform } from '../permissions/terraform.ts'
import { print } from '../standard-output.ts'

interface PermissionsOptions {
  readonly format: 'json' | 'terraform' | 'cloudformation'
  readonly for?: readonly ReaderPart[]
  readonly images: boolean
  readonly roleName: string
  readonly externalId?: string
  readonly organizationId?: string
  readonly trustedAccount?: string
  readonly trustedRole?: string
  readonly account?: string
  readonly partition?: string
}

const accountId = matching(/^\d{12}$/, 'a 12-digit account id')
const roleName = matching(roleNamePattern, 'the name of a role, with or without its path')

/** `pullpath permissions`: the least that reading needs, as a policy or as a template that makes the role. */
export function permissionsCommand(): Command {
  return new Command('permissions')
    .description('print the least-privilege policy that reading live needs')
    .addOption(
      new Option('--format <format>', 'policy document, or a template that makes role and policy')
        .choices(['json', 'terraform', 'cloudformation'])
        .default('json'),
    )
    .addOption(
      new Option('--for <part>', 'who needs it (repeatable; default: member)')
        .choices(readerParts)
        .argParser(collectPart),
    )
    .option('--images', 'what `--images` reads, too', false)
    .option('--role-name <name>', 'role that is read with in each account', roleName, defaultRoleName)
    .option(
      '--external-id <id>',
      'external id a caller of the role has to state',
      matching(externalIdPattern, 'an external id'),
    )
    .option('--organization-id <id>', 'organization (o-…) of callers and roles', matching(organizationIdPattern, 'o-…'))
    .option('--trusted-account <id>', 'account that takes on the role', accountId)
    .option('--trusted-role <name>', 'the only role in it that may', roleName)
    .option('--account <id>', 'limit resources to this account', accountId)
    .addOption(new Option('--partition <partition>', 'partition of the ARNs').choices(['aws', 'aws-cn', 'aws-us-gov']))
    .action(async (options: PermissionsOptions) => {
      await printPolicies(options)
    })
}

/** A parser of its own stands in for commander's check of the choices. */
function collectPart(value: string, previous: readonly ReaderPart[] = []): readonly ReaderPart[] {
  const part = readerParts.find((name) => name === value)
  if (part === undefined) throw new InvalidArgumentError(`Allowed choices are ${readerParts.join(', ')}.`)
  return previous.includes(part) ? previous : [...previous, part]
}

async function printPolicies(options: PermissionsOptions): Promise<void> {
  refuseStray(options)
  const { text, policies } = printers[options.format](requestOf(options))
  await print(text, exitCodes.clean)
  if (policies > 1) {
    process.stderr.write(
      `pullpath: ${policies} documents: IAM takes 6,144 characters in one managed policy; attach all of them\n`,
    )
  }
}

/** A policy document trusts nobody: who said who is to be trusted would go away believing it. */
function refuseStray({ format, trustedAccount, trustedRole, externalId }: PermissionsOptions): void {
  if (format !== 'json') return
  const trust = { '--trusted-account': trustedAccount, '--trusted-role': trustedRole, '--external-id': externalId }
  const [stray] = Object.entries(trust).filter(([, value]) => value !== undefined)
  if (stray !== undefined) throw new InputError(`${stray[0]}: needs --format terraform or cloudformation`)
}

const printers: Record<PermissionsOptions['format'], (request: PermissionsRequest) => PrintedPolicies> = {
  json: (request) => {
    const place = { partition: request.partition ?? 'aws', accountId: request.accountId ?? '*' }
    return policyJson(readerStatements(permissionsFor(request), place, request))
  },
  terraform,
  cloudformation: cloudFormation,
}

function requestOf(options: PermissionsOptions): PermissionsRequest {
  const { trustedAccount, trustedRole, externalId, organizationId, account, partition } = options
  return {
    parts: options.for ?? ['member'],
    images: options.images,
    roleName: roleInArn(options.roleName),
    trusted: {
      ...(trustedAccount === undefined ? {} : { accountId: trustedAccount }),
      ...(trustedRole === undefined ? {} : { roleName: roleInArn(trustedRole) }),
      ...(externalId === undefined ? {} : { externalId }),
    },
    ...(organizationId === undefined ? {} : { organizationId }),
    ...(account === undefined ? {} : { accountId: account }),
    ...(partition === undefined ? {} : { partition }),
  }
}
