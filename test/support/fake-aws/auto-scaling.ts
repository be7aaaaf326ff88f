// biome-ignore-all lint/suspicious/noExplicitAny: bodies of requests are whatever a client sent
import { pageFrom, Refusal } from './refusal.ts'

/** What Auto Scaling holds, in the words of its API. */
export interface FakeAutoScaling {
  readonly groups: any[]
  /** Entries a page holds at most. */
  pageSize: number
}

/** Answers a call of Auto Scaling. */
export function serveAutoScaling({ groups, pageSize }: FakeAutoScaling, operation: string, body: any): unknown {
  if (operation !== 'DescribeAutoScalingGroups') throw new Refusal('InvalidAction')
  if (Number(body.MaxRecords ?? 50) > 100) throw new Refusal('ValidationError')
  const { page, next } = pageFrom(groups, body.NextToken, Math.min(Number(body.MaxRecords ?? 50), pageSize))
  return { AutoScalingGroups: page, NextToken: next }
}
