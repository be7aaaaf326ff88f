import { expect, test } from 'vitest'
import { defaultSettings } from '../../shared/model/settings.ts'
import type { Verdict } from '../../shared/model/verdict.ts'
import type { Rule } from '../../shared/rules/define-rule.ts'
import { rule as coverZones } from '../../shared/rules/vpc/vpc-ecr-endpoints-cover-zones.ts'
import { rule as present } from '../../shared/rules/vpc/vpc-ecr-endpoints-present.ts'
import { rule as privateDns } from '../../shared/rules/vpc/vpc-ecr-endpoints-private-dns.ts'
import { rule as reachable } from '../../shared/rules/vpc/vpc-ecr-endpoints-reachable.ts'
import { rule as allowsPull } from '../../shared/rules/vpc/vpc-endpoint-policy-allows-pull.ts'
import { rule as restricted } from '../../shared/rules/vpc/vpc-endpoint-policy-restricted.ts'
import { rule as pullsPrivate } from '../../shared/rules/vpc/vpc-image-pulls-private.ts'
import { rule as gatewayRoutes } from '../../shared/rules/vpc/vpc-s3-gateway-routes.ts'
import {
  type EstatePart,
  ecsService,
  home,
  https,
  interfaceEndpoint,
  inventoryOf,
  natGateway,
  privateVpc,
  roleArn,
  route,
  routeTable,
  securityGroup,
  subnet,
  taskDefinition,
} from '../support/builders.ts'
import {
  allow,
  endpoints,
  endpointWith,
  gatewayWith,
  natOnlyVpc,
  natParts,
  noRoutes,
  pullingVpc,
  pullingVpcWithout,
  toS3,
} from './vpc/pulling-vpc.ts'

function verdictOf(rule: Rule, estate: readonly EstatePart[]): Verdict {
  const inventory = inventoryOf(estate)
  const nobody = new Set<string>()
  const organization = { ownAccounts: nobody, organizationAccounts: nobody, trustedAccounts: nobody }
  const context = { inventory, organization, settings: defaultSettings, parameters: {} }
  return rule.evaluate(inventory.network.vpcs[0]!, context)
}

function fixOf(rule: Rule, estate: readonly EstatePart[]): string | undefined {
  const verdict = verdictOf(rule, estate)
  return verdict.kind === 'noncompliant' ? verdict.remediation : undefined
}

const api = 'com.amazonaws.eu-central-1.ecr.api'
const dkr = 'com.amazonaws.eu-central-1.ecr.dkr'
const repository = `arn:aws:ecr:${home.region}:${home.accountId}:repository/app`

function created(service: string): string {
  return `Create an interface endpoint for ${service} with private DNS in vpc-1, in a subnet of each availability zone of the workloads, its security group open to TCP 443 from them.`
}

test.each<readonly [string, Rule, readonly EstatePart[], string]>([
  [
    'missing endpoints are to be created',
    present,
    pullingVpcWithout(endpoints, noRoutes),
    `${created(api)} ${created(dkr)}`,
  ],
  [
    'a broken way over the internet is not what makes pulls private',
    present,
    natOnlyVpc(natGateway({ state: 'failed' })),
    `${created(api)} ${created(dkr)}`,
  ],
  [
    'layers for pods and tasks without a public address come through a gateway endpoint',
    gatewayRoutes,
    [
      ...privateVpc({
        with: [routeTable({ id: 'rtb-1', main: true, routes: [route('0.0.0.0/0', 'igw-1')] })],
        without: ['vpce-s3'],
      }),
      ecsService(),
      taskDefinition(),
    ],
    'Create a gateway endpoint for com.amazonaws.eu-central-1.s3 and associate the route table of subnet-1 with it.',
  ],
  [
    'an endpoint beside NAT is to be created where workloads can use it',
    present,
    [...privateVpc({ with: natParts(toS3), without: ['vpce-ecr-dkr'] }), ecsService(), taskDefinition()],
    created(dkr),
  ],
  [
    'private DNS is to be turned on',
    privateDns,
    pullingVpc(interfaceEndpoint({ service: 'ecr.dkr', privateDns: false })),
    'Turn on private DNS of vpce-ecr-dkr.',
  ],
  [
    'a zone is to be added',
    coverZones,
    pullingVpc(interfaceEndpoint({ service: 'ecr.dkr', subnets: ['subnet-1'] })),
    'Add a subnet in eu-central-1b to the endpoint vpce-ecr-dkr.',
  ],
  [
    'the group of the endpoint is to be opened',
    reachable,
    pullingVpc(securityGroup({ id: 'sg-endpoints' })),
    'Add an inbound rule TCP 443 from sg-1 to sg-endpoints.',
  ],
  [
    'the group of the workload is to be opened to the endpoint',
    reachable,
    pullingVpc(securityGroup({ id: 'sg-1', egress: [] })),
    'Add an outbound rule TCP 443 from sg-1 to sg-endpoints.',
  ],
  [
    'the route table is to be associated with the gateway endpoint',
    gatewayRoutes,
    pullingVpc(routeTable({ id: 'rtb-2', subnets: ['subnet-2'] })),
    'Associate route table rtb-2 with gateway endpoint vpce-s3.',
  ],
  [
    'the group of the workload is to be opened to S3',
    gatewayRoutes,
    pullingVpc(securityGroup({ id: 'sg-1', egress: [https('10.0.0.0/16')] })),
    'Add an outbound rule TCP 443 from sg-1 to the prefix list com.amazonaws.eu-central-1.s3.',
  ],
  [
    'actions are to be allowed to the role on the repository',
    allowsPull,
    pullingVpc(endpointWith('ecr.dkr', allow('*', 'ecr:PutImage'))),
    `Allow ecr:BatchGetImage and ecr:GetDownloadUrlForLayer on ${repository} to ${roleArn('execution')} in the policy of vpce-ecr-dkr.`,
  ],
  [
    'the layer bucket is to be allowed to everyone',
    allowsPull,
    pullingVpc(gatewayWith(allow('*', 's3:PutObject'))),
    'Allow s3:GetObject to "*" on arn:aws:s3:::prod-eu-central-1-starport-layer-bucket/* in the policy of vpce-s3, without conditions.',
  ],
  [
    'a Deny is to be narrowed, because no Allow helps against it',
    allowsPull,
    pullingVpc(endpointWith('ecr.dkr', allow('*', '*'), { ...allow('*', 'ecr:BatchGetImage'), Effect: 'Deny' })),
    'Except the pull from the Deny statement of the policy of vpce-ecr-dkr.',
  ],
  [
    'full access is to be limited',
    restricted,
    pullingVpc(endpointWith('ecr.api', allow('*', 'ecr:Get*')), gatewayWith(allow('*', 's3:Get*'))),
    'Limit the policy of vpce-ecr-dkr to the pull actions and your repositories.',
  ],
  [
    'endpoints make pulls through NAT private',
    pullsPrivate,
    [...natOnlyVpc().slice(0, -4), ecsService(), taskDefinition()],
    `Create an interface endpoint for ${api} with private DNS. Create an interface endpoint for ${dkr} with private DNS. Create a gateway endpoint for com.amazonaws.eu-central-1.s3 and associate the route table of subnet-1 with it.`,
  ],
  [
    'an endpoint that is there is to be used',
    pullsPrivate,
    pullingVpc(interfaceEndpoint({ service: 'ecr.dkr', privateDns: false }), ...natParts(toS3)),
    'Turn on private DNS of vpce-ecr-dkr.',
  ],
])('%s', (_, rule, estate, fix) => {
  expect(fixOf(rule, estate)).toBe(fix)
})

test('more than three reasons are counted, and every fix is named', () => {
  const ids = ['subnet-1', 'subnet-2', 'subnet-3', 'subnet-4', 'subnet-5']
  const subnets = ids.map((id, index) => subnet({ id, cidr: `10.0.${index + 1}.0/24` }))
  const tables = ids.map((id, index) => routeTable({ id: `rtb-${index + 2}`, subnets: [id] }))
  const estate = [...privateVpc({ with: [...subnets, ...tables] }), ecsService({ subnets: ids }), taskDefinition()]
  const verdict = verdictOf(gatewayRoutes, estate)
  expect(verdict.kind === 'noncompliant' && verdict.reason).toMatch(/And 2 more\.$/)
  expect(fixOf(gatewayRoutes, estate)?.match(/Associate route table/g)).toHaveLength(5)
})

test('a severity of its own stands only when every failure has it', () => {
  const off = interfaceEndpoint({ service: 'ecr.dkr', privateDns: false })
  const onlyFirst = [
    ...natParts(toS3),
    routeTable({ id: 'rtb-1', main: true, routes: [toS3] }),
    routeTable({
      id: 'rtb-nat',
      subnets: ['subnet-2'],
      routes: [toS3, { destinationCidrBlock: '0.0.0.0/0', natGatewayId: 'nat-1', state: 'active' }],
    }),
  ]
  const unique = onlyFirst.filter((_, index) => index !== 1)
  const verdict = verdictOf(privateDns, pullingVpc(off, ...unique))
  expect(verdict).toMatchObject({ kind: 'noncompliant' })
  expect(verdict).not.toHaveProperty('severity')
  expect(verdictOf(privateDns, pullingVpc(off, ...natParts(toS3)))).toMatchObject({ severity: 'MEDIUM' })
})
