import type { NetworkInventory } from '../shared/inventory/network.ts'
import { ecrApi, ecrDkr, s3Layers } from '../shared/network/destinations.ts'
import { reach } from '../shared/network/reach.ts'
import { topologyOf } from '../shared/network/topology.ts'
import { generateNetwork, subnetsPerVpc } from './network-reach/generate-network.ts'

const vpcCount = 1000
const aimSeconds = 2
const region = 'eu-central-1'
const destinations = [ecrApi(region), ecrDkr(region, '111122223333'), s3Layers(region)]

interface Answers {
  readonly reachable: number
  readonly blocked: number
  readonly unknown: number
}

/** Judges every subnet of a network that no topology was made of before. */
function judgeAll(network: NetworkInventory): Answers {
  const topology = topologyOf({ network })
  const answers = { reachable: 0, blocked: 0, unknown: 0 }
  for (const { id, vpcId, ref } of network.subnets) {
    const scope = { accountId: ref.accountId, region: ref.region }
    const source = {
      scope,
      subnetId: id,
      securityGroupIds: [vpcId.replace('vpc-', 'sg-app-')],
      hasPublicIp: false,
      usesIpv6: false,
    }
    for (const destination of destinations) answers[reach(topology, source, destination).verdict] += 1
  }
  return answers
}

/** Seconds of one call, the best of a few after one to warm up. */
function best(work: () => void): number {
  work()
  let least = Number.POSITIVE_INFINITY
  for (let round = 0; round < 5; round += 1) {
    const start = performance.now()
    work()
    least = Math.min(least, performance.now() - start)
  }
  return least / 1000
}

function main(): void {
  const network = generateNetwork(vpcCount)
  const answers = judgeAll(network)
  let text = 0
  const stringify = best(() => {
    const { vpcs, subnets, routeTables, securityGroups, networkAcls, vpcEndpoints, natGateways } = network
    text = JSON.stringify({ vpcs, subnets, routeTables, securityGroups, networkAcls, vpcEndpoints, natGateways }).length
  })
  const judge = best(() => judgeAll(network))
  const questions = vpcCount * subnetsPerVpc * destinations.length
  console.log(
    `${vpcCount} VPCs of ${subnetsPerVpc} subnets, ${questions} questions, ${(text / 1e6).toFixed(1)} MB as JSON`,
  )
  console.log(`reachable ${answers.reachable}, blocked ${answers.blocked}, unknown ${answers.unknown}`)
  console.log(
    `judged in ${judge.toFixed(2)} s (aim: under ${aimSeconds} s), ${Math.round(questions / judge)} answers per second`,
  )
  console.log(`JSON.stringify of the same network: ${stringify.toFixed(3)} s; ratio ${(judge / stringify).toFixed(1)}`)
  if (answers.reachable === 0 || answers.blocked === 0) throw new Error('the network is not mixed')
}

main()
