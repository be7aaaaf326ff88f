import {
  type ConfigRuleEvaluationStatus,
  DescribeConfigRuleEvaluationStatusCommand,
  DescribeConfigRulesCommand,
} from '@aws-sdk/client-config-service'
import type { ConfigReader } from '../config-query/reader.ts'
import { type Answer, askPages, needList, needText } from '../reading.ts'

/** Names AWS Config takes in one question for evaluation status. */
const BATCH = 25

/** When a rule was evaluated last; the times are those AWS Config states, undefined when it states none. */
export interface RuleRun {
  readonly name: string
  readonly lastSuccess: Date | undefined
  readonly lastFailure: Date | undefined
  /** Code of the last error, a word; without AWS Config's free text. */
  readonly error: string | undefined
}

/** The names of all AWS Config rules that start with the prefix, sorted. */
export async function ruleNames(reader: ConfigReader, prefix: string): Promise<Answer<readonly string[]>> {
  const answer = await askPages(reader, 'config:DescribeConfigRules', undefined, async (NextToken, abortSignal) => {
    const command = new DescribeConfigRulesCommand(NextToken === undefined ? {} : { NextToken })
    const output = await reader.client.send(command, { abortSignal })
    const names = needList(output.ConfigRules, 'ConfigRules').map((rule) =>
      needText(rule.ConfigRuleName, 'the rule name'),
    )
    return { entries: names.filter((name) => name.startsWith(prefix)), nextToken: output.NextToken }
  })
  return answer.state === 'known' ? { state: 'known', value: [...answer.value].sort() } : answer
}

/** When the named rules were evaluated last. A rule that AWS Config leaves out has no entry. */
export async function ruleRuns(reader: ConfigReader, names: readonly string[]): Promise<Answer<readonly RuleRun[]>> {
  const runs: RuleRun[] = []
  for (let start = 0; start < names.length; start += BATCH) {
    const answer = await runsOf(reader, names.slice(start, start + BATCH))
    if (answer.state !== 'known') return answer
    runs.push(...answer.value)
  }
  return { state: 'known', value: runs }
}

function runsOf(reader: ConfigReader, names: readonly string[]): Promise<Answer<readonly RuleRun[]>> {
  return askPages(reader, 'config:DescribeConfigRuleEvaluationStatus', undefined, async (NextToken, abortSignal) => {
    const page = NextToken === undefined ? {} : { NextToken }
    const command = new DescribeConfigRuleEvaluationStatusCommand({ ConfigRuleNames: [...names], ...page })
    const output = await reader.client.send(command, { abortSignal })
    const statuses = needList(output.ConfigRulesEvaluationStatus, 'ConfigRulesEvaluationStatus')
    return { entries: statuses.map(runOf), nextToken: output.NextToken }
  })
}

function runOf(status: ConfigRuleEvaluationStatus): RuleRun {
  return {
    name: needText(status.ConfigRuleName, 'the rule name'),
    lastSuccess: status.LastSuccessfulEvaluationTime,
    lastFailure: latest(status.LastFailedEvaluationTime, status.LastFailedInvocationTime),
    error: word(status.LastErrorCode),
  }
}

/** A function that could not be invoked evaluated nothing either. */
function latest(a: Date | undefined, b: Date | undefined): Date | undefined {
  return a !== undefined && b !== undefined ? (a > b ? a : b) : (a ?? b)
}

function word(text: string | undefined): string | undefined {
  return text !== undefined && /^[\w.-]{1,80}$/.test(text) ? text : undefined
}
