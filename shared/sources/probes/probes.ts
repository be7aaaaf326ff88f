import type { ReaderAction } from '../reader-permissions.ts'
import { aggregatorProbes, configProbes, doctorProbes } from './config.ts'
import { ec2Probes, transitProbes } from './ec2.ts'
import { ecrProbes } from './ecr.ts'
import { iamProbes, organizationProbes, stsProbes } from './identity.ts'
import type { Probe } from './probe.ts'
import { route53Probes } from './route53.ts'
import { tagProbes } from './tags.ts'
import { ecsProbes, eksAccessProbes, eksProbes } from './workloads.ts'

/** A harmless call for every action that reading live states. */
export const probes: Readonly<Record<ReaderAction, Probe>> = {
  ...ec2Probes,
  ...transitProbes,
  ...ecrProbes,
  ...ecsProbes,
  ...eksProbes,
  ...eksAccessProbes,
  ...iamProbes,
  ...stsProbes,
  ...organizationProbes,
  ...route53Probes,
  ...configProbes,
  ...aggregatorProbes,
  ...doctorProbes,
  ...tagProbes,
}
