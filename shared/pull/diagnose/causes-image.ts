import type { Cause } from './candidate.ts'

const repositoryOf =
  'aws ecr describe-repositories --region {region} --registry-id {account} --repository-names {repository}'
const imageOf =
  'aws ecr describe-images --region {region} --registry-id {account} --repository-name {repository} --image-ids {imageId}'
const rulesOf = 'aws ecr describe-pull-through-cache-rules --region {region}'

/** Causes in the image, the repository and the machine, by code. */
export const imageCauses = {
  'image-name-malformed': {
    hop: 'image',
    meaning: 'the text under image is no name of an image, so that no registry is asked',
    checks: [
      'capital letters in the repository, a scheme such as https://, spaces, a tag that is empty',
      'placeholders that nobody filled in',
    ],
    commands: ["kubectl get pod '<pod>' -o jsonpath='{.spec.containers[*].image}'"],
  },
  'repository-not-found': {
    hop: 'image-state',
    meaning: 'the registry has no repository of this name',
    checks: ['spelling of the repository', 'account and region in the image'],
    commands: [repositoryOf],
  },
  'image-or-repository-missing': {
    hop: 'image-state',
    meaning: 'the repository or the image does not exist there; registries say "denied" for that too',
    checks: ['repository, tag, account and region of the image'],
    commands: [repositoryOf, imageOf],
  },
  'image-not-found': {
    hop: 'image-state',
    meaning:
      'the repository has no image with this tag or digest: it was never pushed, was overwritten, or a lifecycle policy removed it',
    checks: [
      'tag or digest in the repository',
      'the lifecycle policy of the repository',
      'whether the push to this region, or its replication, ended',
    ],
    commands: [
      imageOf,
      'aws ecr get-lifecycle-policy --region {region} --registry-id {account} --repository-name {repository}',
    ],
  },
  'image-archived': {
    hop: 'image-state',
    meaning: 'the image is archived: a pull of it answers "not found" until it is restored',
    checks: ['imageStatus of the image', 'lifecycle rules that archive'],
    commands: [imageOf],
  },
  'wrong-account-or-region': {
    hop: 'image',
    meaning: 'the image is looked for in a region or account where it was not pushed',
    checks: ['account id and region in the image', 'replication to this region'],
    commands: [repositoryOf],
  },
  'platform-not-in-image': {
    hop: 'image-state',
    meaning: 'the image was not built for the processor or operating system of the machine that pulls it',
    checks: ['platforms in the manifest of the image', 'runtimePlatform of the task, or the architecture of the nodes'],
    commands: ['docker buildx imagetools inspect {image}'],
  },
  'kms-key-unusable': {
    hop: 'image-state',
    meaning:
      'ECR cannot use the KMS key of the repository: it is disabled, being deleted, or the grant of ECR was revoked',
    checks: ['the state of the key', 'grants of the key; the puller itself needs no permission on it'],
    commands: [`${repositoryOf} --query 'repositories[].encryptionConfiguration'`],
  },
  'layer-inaccessible': {
    hop: 'image-state',
    meaning: 'ECR holds the image and cannot give out one of its layers',
    checks: ['the image can be pulled elsewhere; if not, push it again'],
    commands: [imageOf],
  },
  'pull-through-cache-cannot-create': {
    hop: 'image-state',
    meaning: 'a pull-through cache has no repository for this image yet, and the role may not have it made',
    checks: [
      'a pull-through cache rule with this prefix',
      'ecr:CreateRepository and ecr:BatchImportUpstreamImage for the role that pulls',
      'name of the upstream image behind the prefix',
    ],
    commands: [rulesOf, 'aws iam list-attached-role-policies --role-name {role}'],
  },
  'pull-through-cache-cannot-import': {
    hop: 'image-state',
    meaning: 'a pull-through cache does not hold this image yet, and could not fetch it',
    checks: [
      'ecr:BatchImportUpstreamImage for the role that pulls',
      'the image exists upstream',
      'the first pull of an image needs a way to the internet',
    ],
    commands: [rulesOf, imageOf],
  },
  'upstream-credentials-refused': {
    hop: 'image-state',
    meaning: 'the upstream registry refused the credentials of the pull-through cache rule',
    checks: [
      'the secret of the rule: name beginning with ecr-pullthroughcache/, user name and access token current',
      'the key that encrypts the secret',
    ],
    commands: [
      rulesOf,
      "aws ecr validate-pull-through-cache-rule --region {region} --ecr-repository-prefix '<prefix>'",
    ],
  },
  'upstream-unavailable': {
    hop: 'image-state',
    meaning: 'the upstream registry of a pull-through cache did not answer or limits the rate of pulls',
    checks: ['the state of the upstream registry', 'credentials in the rule, which raise its limits'],
    commands: [rulesOf],
  },
  'layer-verification-failed': {
    hop: 's3-layers',
    meaning: 'a layer arrived incomplete: the way to S3 breaks off, or the disk is full',
    checks: [
      'the S3 gateway endpoint is associated with the route table of the pulling subnet',
      'space on the disk of the node',
    ],
    commands: [
      "aws ec2 describe-vpc-endpoints --region {region} --filters Name=service-name,Values='*'.{region}.s3 --query 'VpcEndpoints[].[VpcEndpointId,VpcEndpointType,RouteTableIds]'",
    ],
  },
  'lazy-load-failed': {
    hop: 's3-layers',
    meaning:
      'lazy loading (SOCI) could not read layers: the way to S3 broke after the start, or the signed address ran out',
    checks: [
      'the way to S3 and to the registry stays open after the start',
      'an image without a SOCI index falls back to a whole pull',
    ],
    commands: [imageOf],
  },
  'lazy-load-credentials-expired': {
    hop: 'token',
    meaning: 'lazy loading (SOCI) asked again for a layer and its token had run out or lost its permission',
    checks: ['the role may still pull', 'the credential helper of the snapshotter renews tokens'],
    commands: ['aws iam list-attached-role-policies --role-name {role}'],
  },
  'ecr-throttled': {
    hop: 'ancillary',
    meaning: 'ECR limits the rate of calls: nothing on the way is broken',
    checks: ['many starts at once', 'quotas of ECR for this action and region'],
    commands: ['aws service-quotas list-service-quotas --region {region} --service-code ecr'],
  },
  'node-not-joined': {
    hop: 'ancillary',
    meaning: 'nodes do not become ready: often the network add-on cannot be pulled, or the cluster is out of reach',
    checks: [
      'pulls of the add-on images (602401143452 or the account of the region)',
      'endpoints for ec2, eks, sts, ecr.api, ecr.dkr and S3 in a cluster without internet',
      'the node role has AmazonEKSWorkerNodePolicy and a policy that pulls',
    ],
    commands: ['kubectl get nodes -o wide', 'kubectl -n kube-system get events --sort-by=.lastTimestamp'],
  },
  'not-ecr-docker-hub-rate-limit': {
    hop: 'ancillary',
    meaning: 'Docker Hub limits the rate of pulls; the image does not come from ECR',
    checks: [
      'images without a registry host come from Docker Hub',
      'a pull-through cache rule for Docker Hub, or a login there',
    ],
    commands: [rulesOf],
  },
  'not-ecr-upstream-image': {
    hop: 'image',
    meaning: 'a registry that is not ECR has no such image, or does not show it to strangers',
    checks: ['the registry host of the image: without one it is Docker Hub', 'credentials for that registry'],
    commands: ["docker manifest inspect '<image>'"],
  },
  'not-ecr-kubelet-pull-qps': {
    hop: 'ancillary',
    meaning: 'the kubelet limits how many pulls it starts; it tries again by itself, and ECR is not at fault',
    checks: ['registryPullQPS and registryBurst of the kubelet', 'many pods started at once on the node'],
    commands: ["kubectl get --raw '/api/v1/nodes/<node>/proxy/configz'"],
  },
  'not-ecr-disk-full': {
    hop: 'ancillary',
    meaning: 'the disk of the node or the ephemeral storage of the task is full; ECR is not at fault',
    checks: [
      'space on the node, old images',
      'ephemeralStorage of the Fargate task',
      'the size of the image, unpacked',
    ],
    commands: ['df -h', `${imageOf} --query 'imageDetails[].imageSizeInBytes'`],
  },
} as const satisfies Record<string, Cause>
