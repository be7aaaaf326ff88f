import type { AutoScalingClient } from '@aws-sdk/client-auto-scaling'
import type { EC2Client } from '@aws-sdk/client-ec2'
import type { IAMClient } from '@aws-sdk/client-iam'
import type { Reader } from '../reading.ts'

/** Where and with what to read what instances are made from. */
export interface InstanceReader extends Reader {
  readonly ec2: Pick<EC2Client, 'send'>
  readonly autoScaling: Pick<AutoScalingClient, 'send'>
  readonly iam: Pick<IAMClient, 'send'>
}
