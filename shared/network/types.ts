import type { Scope } from '../model/resource.ts'
import type { Evidence } from '../model/verdict.ts'

/** The network interface that pulls: where it is and what filters it. */
export interface SourceInterface {
  readonly scope: Scope
  readonly subnetId: string
  /** Undefined when not known: security groups then leave the answer open unless none could help. */
  readonly securityGroupIds: readonly string[] | undefined
  /** Whether the interface has a public IPv4 address; undefined when not known. */
  readonly hasPublicIp: boolean | undefined
  /** Decides ephemeral ports: Linux unless stated. */
  readonly operatingSystem?: 'linux' | 'windows'
  /** False for clients that use IPv4 only, such as Fargate against ECR. */
  readonly usesIpv6: boolean
}

/** A host that a pull talks to, always on TCP port 443. */
export interface Destination {
  /**
   * `ecr.api`: token; `ecr.dkr`: registry; `s3.layers`: the layer bucket; `service`: another AWS service by its endpoint
   * service's last part (`logs`, `secretsmanager`, …); `host`: anything else.
   */
  readonly kind: 'ecr.api' | 'ecr.dkr' | 's3.layers' | 'service' | 'host'
  /** Fully qualified, lower case: `api.ecr.eu-central-1.amazonaws.com`. */
  readonly host: string
  /** Region of the service. */
  readonly region: string
  /** `com.amazonaws.eu-central-1.ecr.api`; undefined for hosts without a PrivateLink service. */
  readonly serviceName: string | undefined
  /**
   * A name of the same service that has IPv6 addresses too, for which clients of IPv6 may ask instead. The same as `host`:
   * the name itself is taken to have some.
   */
  readonly ipv6Host?: string
}

/** Three-valued answer of a step or a path. */
export type ReachVerdict = 'reachable' | 'blocked' | 'unknown'

/** One thing that was asked on the way. */
export interface ReachStep {
  /** What was looked at. */
  readonly step:
    | 'dns'
    | 'route'
    | 'endpoint'
    | 'nat'
    | 'gateway'
    | 'blockPublicAccess'
    | 'sourceSecurityGroup'
    | 'sourceNetworkAcl'
    | 'targetSecurityGroup'
    | 'targetNetworkAcl'
    | 'policy'
  readonly verdict: ReachVerdict
  /** Stable, machine readable: `private-dns-off`, `no-egress-443`, `subnet-route-table-without-gateway`. */
  readonly code: string
  /** One sentence without a full stop; names resource ids. */
  readonly reason: string
  readonly evidence: readonly Evidence[]
  /** The exact change that would open a blocked step: `Turn on private DNS of vpce-…`. */
  readonly fix?: string
}

/** A way a request may take. */
export interface ReachPath {
  readonly kind: 'privateEndpoint' | 'gatewayEndpoint' | 'centralEndpoint' | 'natGateway' | 'internetGateway' | 'other'
  /** `vpce-…`, `nat-…`, `igw-…` or what else carries it. */
  readonly via: string
  /** The gateway endpoint, `vpce-…`, that what a NAT gateway sends goes through as well. */
  readonly through?: string
  readonly verdict: ReachVerdict
  /** In the order a packet meets them. */
  readonly steps: readonly ReachStep[]
  /** The step that decided: the first blocked one, else the first unknown one, else the last. */
  readonly decidedBy: ReachStep
}

/** Whether the interface reaches the host, by which ways, and what is in the way. */
export interface Reach {
  readonly destination: Destination
  /** Reachable when any path is; blocked when all are; unknown otherwise. */
  readonly verdict: ReachVerdict
  /** Candidates after shadowing, best first; ways that shadowing removes are left out. */
  readonly paths: readonly ReachPath[]
  /** Ways that exist and cannot be taken because a name or a more specific route leads elsewhere, one sentence each. */
  readonly shadowed: readonly string[]
  readonly assumptions: readonly string[]
  /** Facts that would decide an unknown answer. */
  readonly missing: readonly string[]
}
