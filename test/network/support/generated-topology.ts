import * as fc from 'fast-check'
import type { JsonTopology } from './topology-of-json.ts'

/** Makes every field present, so that tests can change one. */
export type FullTopology = { readonly [K in keyof JsonTopology]-?: NonNullable<JsonTopology[K]> }

const cidr = fc.constantFrom('0.0.0.0/0', '10.0.0.0/16', '10.0.1.0/24', '10.0.2.0/25', '52.0.0.0/8', '10.50.0.0/16')
const ports = fc.constantFrom('443', '80', '0-65535', '1024-65535', '32768-61000', '49152-65535')
const peer = fc.oneof(cidr, fc.constantFrom('sg-app', 'sg-end', 'pl-s3', 'pl-1'))
const rule = fc
  .tuple(fc.constantFrom('tcp', 'all', 'udp'), ports, peer)
  .map(([protocol, range, other]) => (protocol === 'all' ? `all ${other}` : `${protocol} ${range} ${other}`))
const rules = fc.array(rule, { maxLength: 3 })
const mostlyOpen = fc.oneof({ weight: 2, arbitrary: fc.constant(['all 0.0.0.0/0']) }, { weight: 3, arbitrary: rules })
const entry = fc
  .tuple(fc.integer({ min: 2, max: 99 }), fc.constantFrom('allow', 'deny'), ports, cidr)
  .map(([number, action, range, other]) => `${number} ${action} tcp ${range} ${other}`)
const entries = fc.oneof(
  { weight: 2, arbitrary: fc.constant(['100 allow all 0.0.0.0/0']) },
  { weight: 3, arbitrary: fc.array(entry, { maxLength: 3 }).map((some) => [...some, '100 allow all 0.0.0.0/0']) },
  { weight: 1, arbitrary: fc.array(entry, { maxLength: 3 }) },
)
const route = fc.constantFrom(
  '0.0.0.0/0 nat-1',
  '0.0.0.0/0 igw-1',
  '0.0.0.0/0 tgw-1',
  '10.0.0.0/8 tgw-1',
  'pl-s3 vpce-s3',
  '203.0.113.0/24 nat-1',
  '10.0.2.0/24 eni-1',
  '0.0.0.0/0 nat-1 blackhole',
)
const routes = fc.uniqueArray(route, { maxLength: 4, selector: (text) => text.split(' ')[0] })
const endpoint = (service: string) =>
  fc.record({
    service: fc.constant(service),
    dns: fc.constantFrom(true, true, false),
    state: fc.constantFrom('available', 'available', 'available', 'pendingacceptance'),
    subnets: fc.constantFrom(['subnet-end'], ['subnet-app'], ['subnet-app', 'subnet-end']),
    groups: fc.constantFrom(['sg-end'], ['sg-end'], ['sg-app'], []),
  })
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null, freq: 3 })

/** Small networks that are neither always open nor always closed. */
export const generatedTopology: fc.Arbitrary<FullTopology> = fc.record({
  vpcs: fc.record({
    'vpc-1': fc.record({
      cidr: fc.constant('10.0.0.0/16'),
      dnsHostnames: fc.constantFrom(true, true, true, false),
      dnsSupport: fc.constantFrom(true, true, true, false),
    }),
  }),
  subnets: fc.constant({
    'subnet-app': { cidr: '10.0.1.0/24' },
    'subnet-end': { cidr: '10.0.2.0/24' },
    'subnet-public': { cidr: '10.0.9.0/24' },
  }),
  tables: fc.record({
    'rtb-main': fc.record({ main: fc.constant(true), routes }),
    'rtb-public': fc.record({
      subnets: fc.constant(['subnet-public']),
      routes: fc.constantFrom<readonly string[]>(['0.0.0.0/0 igw-1'], ['0.0.0.0/0 igw-1'], []),
    }),
  }),
  groups: fc.record({
    'sg-app': fc.record({ in: rules, out: mostlyOpen }),
    'sg-end': fc.record({ in: mostlyOpen, out: rules }),
    'sg-default': fc.record({
      name: fc.constant('default'),
      in: fc.constant(['all sg-default']),
      out: fc.constant(['all 0.0.0.0/0']),
    }),
  }),
  acls: fc.record({
    'acl-1': fc.record({ default: fc.constant(true), subnets: fc.constant(['subnet-app']), in: entries, out: entries }),
    'acl-2': fc.record({ subnets: fc.constant(['subnet-end', 'subnet-public']), in: entries, out: entries }),
  }),
  endpoints: fc.record({
    'vpce-api': maybe(endpoint('ecr.api')),
    'vpce-dkr': maybe(endpoint('ecr.dkr')),
    'vpce-s3': maybe(
      fc.record({
        service: fc.constant('s3'),
        gateway: fc.constant(true),
        tables: fc.constantFrom<readonly string[]>([], ['rtb-main']),
      }),
    ),
  }),
  nats: fc.record({
    'nat-1': fc.record({
      subnet: fc.constant('subnet-public'),
      state: fc.constantFrom('available', 'available', 'failed'),
    }),
  }),
  gateways: fc.constant({ 'igw-1': ['vpc-1'] }),
  dhcp: fc.constant({}),
  lists: fc.constantFrom<FullTopology['lists']>(
    {},
    {
      'pl-s3': { name: 'com.amazonaws.eu-central-1.s3', cidrs: ['52.219.0.0/16'] },
      'pl-1': { cidrs: ['10.0.0.0/16'] },
    },
  ),
  zones: fc.constant({}),
  profiles: fc.constant({}),
  attachments: fc.constant({}),
  tgwTables: fc.constant({}),
  peerings: fc.constant({}),
  bpa: fc.constantFrom<FullTopology['bpa']>({ mode: 'off' }, { mode: 'off' }, { mode: 'block-bidirectional' }),
  unlisted: fc.constant([]),
})

/** What a generated source asks for. */
export const generatedQuestion = fc.record({
  to: fc.constantFrom('ecr.api', 'ecr.dkr', 's3', 'example.com'),
  from: fc.record({
    subnetId: fc.constantFrom('subnet-app', 'subnet-end'),
    hasPublicIp: fc.boolean(),
    groups: fc.constantFrom<readonly string[]>(['sg-app'], ['sg-app'], ['sg-app', 'sg-end'], ['sg-default']),
  }),
})
