import { aws_cloudwatch as cloudwatch, Fn } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { organizationReport } from '../derive/report-state-machine.ts'
import { dashboardName, hubFailedInvocations, organizationFunction } from '../hub-config.ts'
import { type HubMetric, ofOrganization, ofReport } from './metrics.ts'

/** Columns of a dashboard. */
const WIDTH = 24
const HEIGHT = 6
/** In the spelling of `Fn::Sub`: dashboards are global, graphs are not. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: the spelling of Fn::Sub
const ownRegion = '${AWS::Region}'

interface Graph {
  readonly title: string
  readonly statistic: 'Sum' | 'Maximum'
  readonly periodSeconds: number
  readonly metrics: readonly HubMetric[]
}

const queued: HubMetric = {
  ...{ namespace: 'AWS/SQS', name: 'ApproximateNumberOfMessagesVisible' },
  dimensions: [{ name: 'QueueName', value: hubFailedInvocations }],
}

const graphs: readonly Graph[] = [
  {
    ...{ title: 'Published in the hour (1: alive)', statistic: 'Sum', periodSeconds: 3_600 },
    metrics: [ofOrganization('OrganizationPublished'), ofOrganization('SettingsPublished')],
  },
  {
    ...{ title: 'Accounts of the organization', statistic: 'Maximum', periodSeconds: 3_600 },
    metrics: [ofOrganization('OrganizationAccounts'), ofReport('AccountsExpected')],
  },
  {
    ...{ title: 'Accounts and regions without a sign of work', statistic: 'Maximum', periodSeconds: 86_400 },
    metrics: [ofReport('HeartbeatsMissing'), ofReport('HeartbeatsUnknown')],
  },
  {
    ...{ title: 'Report: accounts and regions expected, failed, not covered', statistic: 'Sum', periodSeconds: 86_400 },
    metrics: [ofReport('ShardsExpected'), ofReport('ShardsFailed'), ofReport('ShardsNotCovered')],
  },
  {
    ...{ title: 'Reports published in the day (1: alive)', statistic: 'Sum', periodSeconds: 86_400 },
    metrics: [ofReport('ReportPublished')],
  },
  {
    ...{ title: 'Refused to publish, failed every time', statistic: 'Maximum', periodSeconds: 3_600 },
    metrics: [ofOrganization('PublicationsRefused'), queued],
  },
]

/** What to do when a graph is not as it should be. */
const advice = [
  '# Pullpath in the organization',
  `**Not published?** The log group /aws/lambda/${organizationFunction.functionName} names the file and why; members keep the last good copy.`,
  `**Failed every time?** The queue ${hubFailedInvocations} holds the events. Mend the cause, then delete the messages: the schedule comes again.`,
  '**No sign of work?** The newest report names account and region. Look at the stack set instance there, then at the recorder of AWS Config.',
  `**No report?** Look at the newest execution of the state machine ${organizationReport.stateMachineName}.`,
].join('\n\n')

/** The dashboard of the hub: evidence of work, and what to do where there is none. */
export function createDashboard(scope: Construct): cloudwatch.CfnDashboard {
  return new cloudwatch.CfnDashboard(scope, 'Dashboard', { dashboardName, dashboardBody: Fn.sub(bodyText()) })
}

function bodyText(): string {
  const text = { type: 'text', ...{ x: 0, y: 0, width: WIDTH, height: HEIGHT }, properties: { markdown: advice } }
  return JSON.stringify({ widgets: [text, ...graphs.map(graphWidget)] })
}

function graphWidget({ title, statistic, periodSeconds, metrics }: Graph, index: number): object {
  const width = WIDTH / 3
  const place = { x: (index % 3) * width, y: HEIGHT * (1 + Math.floor(index / 3)), width, height: HEIGHT }
  return {
    ...{ type: 'metric', ...place },
    properties: {
      ...{ title, stat: statistic, period: periodSeconds, view: 'timeSeries', region: ownRegion },
      metrics: metrics.map(({ namespace, name, dimensions }) => [
        namespace,
        name,
        ...dimensions.flatMap((dimension) => [dimension.name, dimension.value]),
      ]),
    },
  }
}
