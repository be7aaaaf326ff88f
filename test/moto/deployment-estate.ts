import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { bundleAll, selfContainedTemplates, stackNames } from '../../infra/templates.ts'
import { keysOf } from './accounts.ts'
import { cloudFormation, type Place, parameterList } from './cloudformation.ts'
import { physicalIds } from './compare-stack.ts'
import { foundOrganization, type MotoOrganization } from './moto-organization.ts'
import { type Moto, startMoto } from './moto-server.ts'
import { asMotoReads } from './moto-templates.ts'
import { servicesOf } from './services.ts'
import type { Stack, TemplateJson } from './stack-values.ts'

/** The region of the hub, and the home region. */
export const home = 'eu-central-1'
/** The other region. */
export const away = 'us-east-1'
const regions = [home, away]

/** Role by which AWS Organizations lets the management account into accounts it makes. */
const accessRole = 'OrganizationAccountAccessRole'
const management = '111111111111'
const externalId = '0123456789abcdef0123456789abcdef'
const templatesBucket = 'templates-of-pullpath'

/** What a template is called in the code. */
export type TemplateName = keyof typeof stackNames

/** An organization in moto: a management account, two organizational units, and four accounts, of which one is the hub. */
export interface Estate {
  readonly moto: Moto
  readonly organization: MotoOrganization
  /** Ids of the units: two accounts are in each. */
  readonly units: readonly [string, string]
  /** The hub is the first. */
  readonly accounts: readonly string[]
  readonly templates: Readonly<Record<TemplateName, TemplateJson>>
  /** Where the templates are, as moto reads them. */
  readonly urls: Readonly<Record<TemplateName, string>>
  /** An account, in the home region unless told. */
  readonly at: (accountId: string, region?: string) => Promise<Place>
  readonly atManagement: () => Promise<Place>
}

/** Starts moto with an organization and the templates as they are synthesised now, in a bucket of the hub account. */
export async function startEstate(): Promise<Estate> {
  const [moto, templates] = await Promise.all([startMoto(), synthesised()])
  const at = async (accountId: string, region = home): Promise<Place> => {
    const credentials = await keysOf(moto.endpoint, accountId, accessRole)
    return { endpoint: moto.endpoint, accountId, region, credentials }
  }
  const organization = await foundOrganization(await at(management))
  const units = [await organization.unit('platform'), await organization.unit('products')] as const
  const accounts = [
    ...[await organization.join('hub', units[0]), await organization.join('shared', units[0])],
    ...[await organization.join('shop', units[1]), await organization.join('search', units[1])],
  ]
  const urls = await uploaded(await at(accounts[0] ?? ''), templates)
  return { moto, organization, units, accounts, templates, urls, at, atManagement: () => at(management) }
}

async function synthesised(): Promise<Readonly<Record<TemplateName, TemplateJson>>> {
  const texts = await selfContainedTemplates(await bundleAll())
  const template = (name: TemplateName): TemplateJson => JSON.parse(texts.get(stackNames[name]) ?? '')
  return { member: template('member'), hub: template('hub'), guardrail: template('guardrail') }
}

/** Their URLs are where AWS would have them; moto knows the bucket by them. */
async function uploaded(place: Place, templates: Estate['templates']): Promise<Estate['urls']> {
  const { s3 } = servicesOf(place)
  const CreateBucketConfiguration = { LocationConstraint: home } as const
  await s3.send(new CreateBucketCommand({ Bucket: templatesBucket, CreateBucketConfiguration }))
  const put = async (name: TemplateName): Promise<string> => {
    const Key = `${stackNames[name]}.template.json`
    const Body = JSON.stringify(asMotoReads(templates[name]))
    await s3.send(new PutObjectCommand({ Bucket: templatesBucket, Key, Body }))
    return `https://${templatesBucket}.s3.${home}.amazonaws.com/${Key}`
  }
  return { member: await put('member'), hub: await put('hub'), guardrail: await put('guardrail') }
}

/** What people say who deploy the hub. */
function hubParameters({ organization, units, urls }: Estate): Readonly<Record<string, string>> {
  return {
    ...{ OrganizationId: organization.id, OrganizationalUnits: units.join(','), Regions: regions.join(',') },
    ...{ AggregatorExternalId: externalId, MemberTemplateUrl: urls.member, TrustedAccounts: '999988887777' },
  }
}

/** Creates the hub stack in an account, the first one unless told, with what people choose besides. */
export async function createHub(
  estate: Estate,
  chosen: Readonly<Record<string, string>> = {},
  accountId = estate.accounts[0] ?? '',
): Promise<Stack> {
  return createStack(estate, 'hub', { ...hubParameters(estate), ...chosen }, accountId)
}

/** Creates a stack in the home region, in the management account unless told. */
export async function createStack(
  estate: Estate,
  name: TemplateName,
  parameters: Readonly<Record<string, string>>,
  accountId = management,
): Promise<Stack> {
  const { call, resources } = cloudFormation(await estate.at(accountId))
  await call('CreateStack', {
    StackName: stackNames[name],
    TemplateURL: estate.urls[name],
    Capabilities: [name === 'hub' ? 'CAPABILITY_NAMED_IAM' : 'CAPABILITY_IAM'],
    Parameters: parameterList(parameters),
  })
  const physical = physicalIds(await resources(stackNames[name]))
  return { template: estate.templates[name], parameters, accountId, region: home, physical }
}
