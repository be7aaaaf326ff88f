/** A token bucket: how many calls at once, and how many a second on the long run. */
export interface CallRate {
  readonly burst: number
  readonly perSecond: number
}

/**
 * Below what is published per account and region: the account's own software lives from the same bucket. Where AWS
 * publishes nothing the rate is a cautious guess, and the budget slows down by itself when the guess was too high.
 */
const rates = new Map<string, CallRate>([
  // EC2 API guide, "Request throttling": describe calls with paging 100 at once, refilled by 20 a second.
  ['ec2', { burst: 50, perSecond: 10 }],
  // ECS guide, "Request throttling": reading clusters and task definitions 50 at once each, services 100, refilled by 20 a second.
  // All of them share the one bucket here, so that it stays below each.
  ['ecs', { burst: 45, perSecond: 15 }],
  // ECR publishes rates of pushing and pulling only. Every repository takes two calls, so this rate decides how long a reading takes:
  // it starts where other tools run without harm, and the first throttled call halves it.
  ['ecr', { burst: 200, perSecond: 40 }],
  // Route 53 developer guide, "Quotas": five requests a second for the whole account.
  ['route53', { burst: 2, perSecond: 3 }],
  // Not published from here on.
  ['route53profiles', { burst: 3, perSecond: 3 }],
  ['autoscaling', { burst: 10, perSecond: 5 }],
  ['config', { burst: 10, perSecond: 4 }],
  ['eks', { burst: 20, perSecond: 8 }],
  ['iam', { burst: 20, perSecond: 8 }],
  ['organizations', { burst: 8, perSecond: 4 }],
  ['sts', { burst: 20, perSecond: 10 }],
  ['tag', { burst: 8, perSecond: 4 }],
])

const unknownRate: CallRate = { burst: 5, perSecond: 3 }

/** The rate that calls of a service keep to in one account and region. */
export function callRate(service: string): CallRate {
  return rates.get(service) ?? unknownRate
}
