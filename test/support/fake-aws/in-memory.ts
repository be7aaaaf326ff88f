import { AutoScalingClient } from '@aws-sdk/client-auto-scaling'
import { ConfigServiceClient } from '@aws-sdk/client-config-service'
import { EC2Client } from '@aws-sdk/client-ec2'
import { ECRClient } from '@aws-sdk/client-ecr'
import { ECSClient } from '@aws-sdk/client-ecs'
import { EKSClient } from '@aws-sdk/client-eks'
import { IAMClient } from '@aws-sdk/client-iam'
import { LambdaClient } from '@aws-sdk/client-lambda'
import { Route53Client } from '@aws-sdk/client-route-53'
import { SecurityHubClient } from '@aws-sdk/client-securityhub'
import { SQSClient } from '@aws-sdk/client-sqs'
import { type Spoken, spoken } from './wire.ts'

/** An answer as it comes over the wire. */
export interface Reply {
  readonly status: number
  readonly text: string
  readonly headers?: Readonly<Record<string, string>>
}

/** Answers a request, or rejects as a connection does that fails. */
export type Receive = (call: Spoken, signal: AbortSignal | undefined) => Promise<Reply>

interface Request {
  readonly method: string
  readonly path: string
  readonly query?: Readonly<Record<string, string | readonly string[] | null>>
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
}

/** Real SDK clients of one region without a network: what they would put on the wire goes straight to `receive`. One attempt a call. */
export function clientsOver(receive: Receive, region: string) {
  const handle = async (request: Request, { abortSignal }: { readonly abortSignal?: AbortSignal } = {}) => {
    const { status, text, headers = {} } = await receive(callOf(request), abortSignal)
    return { response: { statusCode: status, headers, body: new TextEncoder().encode(text) } }
  }
  const shared = {
    ...{ region, endpoint: 'http://fake.invalid', maxAttempts: 1 },
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    // Nobody looks at signatures, and making them is half the work of a call.
    signer: { sign: async <R>(unsigned: R) => unsigned },
    // biome-ignore lint/suspicious/noExplicitAny: of a handler the clients use no more than this
    requestHandler: { handle, destroy: () => undefined, metadata: { handlerProtocol: 'http/1.1' } } as any,
  }
  return {
    autoScaling: new AutoScalingClient(shared),
    config: new ConfigServiceClient(shared),
    ec2: new EC2Client(shared),
    ecr: new ECRClient(shared),
    ecs: new ECSClient(shared),
    eks: new EKSClient(shared),
    iam: new IAMClient(shared),
    lambda: new LambdaClient(shared),
    route53: new Route53Client(shared),
    securityHub: new SecurityHubClient(shared),
    sqs: new SQSClient(shared),
  }
}
/** The clients of `clientsOver`. */
export type Clients = ReturnType<typeof clientsOver>

function callOf({ method, path, query = {}, headers, body = '' }: Request): Spoken {
  const text = typeof body === 'string' ? body : new TextDecoder().decode(body)
  const pairs = Object.entries(query).flatMap(([key, value]) =>
    [value ?? []].flat().map((one): [string, string] => [key, one]),
  )
  const search = pairs.length === 0 ? '' : `?${new URLSearchParams(pairs)}`
  const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
  return spoken({ method, url: `${path}${search}`, headers: lower }, text)
}
