import { partitionOf } from '../model/arn.ts'
import { isRegionName } from './region-name.ts'

/** Registries of one family of images AWS publishes: the account in most commercial regions, and in all others. */
interface PublishedRegistries {
  readonly commercial: string
  readonly exceptions: ReadonlyMap<string, string>
}

/** vpc-cni, kube-proxy, coredns and the other EKS add-ons. */
const addOns: PublishedRegistries = {
  commercial: '602401143452',
  exceptions: new Map([
    ['af-south-1', '877085696533'],
    ['ap-east-1', '800184023465'],
    ['ap-east-2', '533267051163'],
    ['ap-south-2', '900889452093'],
    ['ap-southeast-3', '296578399912'],
    ['ap-southeast-4', '491585149902'],
    ['ap-southeast-5', '151610086707'],
    ['ap-southeast-6', '333609536671'],
    ['ap-southeast-7', '121268973566'],
    ['ca-west-1', '761377655185'],
    ['cn-north-1', '918309763551'],
    ['cn-northwest-1', '961992271922'],
    ['eu-central-2', '900612956339'],
    ['eu-south-1', '590381155156'],
    ['eu-south-2', '455263428931'],
    ['il-central-1', '066635153087'],
    ['me-central-1', '759879836304'],
    ['me-south-1', '558608220178'],
    ['mx-central-1', '730335286997'],
    ['us-gov-east-1', '151742754352'],
    ['us-gov-west-1', '013241004608'],
    ['us-iso-east-1', '725322719131'],
    ['us-iso-west-1', '608367168043'],
    ['us-isob-east-1', '187977181151'],
    ['us-isob-west-1', '321162350305'],
    ['us-isof-east-1', '171035529773'],
    ['us-isof-south-1', '676585237158'],
  ]),
}

/** Host containers of Bottlerocket nodes. */
const bottlerocket: PublishedRegistries = {
  commercial: '328549459982',
  exceptions: new Map([
    ['af-south-1', '917644944286'],
    ['ap-east-1', '375569722642'],
    ['ap-south-2', '764716012617'],
    ['ap-southeast-3', '386774335080'],
    ['ap-southeast-4', '731751899352'],
    ['ap-southeast-5', '851725293737'],
    ['ca-west-1', '253897149516'],
    ['cn-north-1', '183470599484'],
    ['cn-northwest-1', '183901325759'],
    ['eu-central-2', '861738308508'],
    ['eu-isoe-west-1', '589460436674'],
    ['eu-south-1', '586180183710'],
    ['eu-south-2', '620625777247'],
    ['il-central-1', '288123944683'],
    ['me-central-1', '553577323255'],
    ['me-south-1', '509306038620'],
    ['us-gov-east-1', '388230364387'],
    ['us-gov-west-1', '347163068887'],
  ]),
}

/**
 * The account that publishes the EKS add-on images of a region. Undefined for regions outside the commercial partition
 * that the table does not hold, and for text that is no region.
 */
export function addOnRegistry(region: string): string | undefined {
  return accountIn(addOns, region)
}

/** True when the account publishes EKS add-on or Bottlerocket images in the region: its policies are AWS's own. */
export function isAwsOwnedRegistry(accountId: string, region: string): boolean {
  return [addOns, bottlerocket].some((registries) => accountIn(registries, region) === accountId)
}

function accountIn({ commercial, exceptions }: PublishedRegistries, region: string): string | undefined {
  const listed = exceptions.get(region)
  if (listed !== undefined) return listed
  return isRegionName(region) && partitionOf(region) === 'aws' ? commercial : undefined
}
