import { aimPerAccount } from '../../shared/cost/cost.ts'
import { visibleJson } from '../../shared/model/json-escapes.ts'
import { assumptionRows } from './assumptions.ts'
import type { Costed } from './request.ts'

/** Costs as one JSON document, with everything they rest on. */
export function jsonOf(costs: readonly Costed[]): string {
  const [first] = costs
  if (first === undefined) return '{}\n'
  const { estate, prices, rules, regions, alarms, securityHub, hub } = first.deployment
  const document = {
    ...{ currency: 'USD', period: 'month', regions, alarms, securityHub, hub },
    rules: rules.map(({ id }) => id),
    aim: { perAccount: aimPerAccount },
    deployments: costs.map(({ deployment: { accounts }, cost }) => ({
      accounts,
      ...cost,
      aimMet: cost.perAccount < aimPerAccount,
    })),
    assumptions: assumptionRows(estate),
    prices: [...prices.values()],
  }
  return `${visibleJson(document, 2)}\n`
}
