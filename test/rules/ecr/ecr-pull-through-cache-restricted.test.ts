import { rule } from '../../../shared/rules/ecr/ecr-pull-through-cache-restricted.ts'
import { allowPull, cacheRule, creationTemplate, notListed, policy } from '../../support/builders.ts'
import { ruleCases } from '../../support/rule-cases.ts'

const quay = cacheRule('quay', 'quay.io', { UpstreamRegistry: 'quay' })
const secret = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:ecr-pullthroughcache/hub'
const RepositoryPolicy = JSON.stringify(policy(allowPull({ AWS: '111122223333' })))

ruleCases(rule, {
  'a public upstream with a template that sets a policy is as it should be': [
    [quay, creationTemplate('quay', { RepositoryPolicy })],
    'compliant',
  ],
  'the template ROOT applies to every prefix': [[quay, creationTemplate('ROOT', { RepositoryPolicy })], 'compliant'],
  'without a template nothing governs the created repositories': [quay, 'noncompliant', 'No creation template applies'],
  'a template for another prefix does not apply': [
    [quay, creationTemplate('qua', { RepositoryPolicy })],
    'noncompliant',
    'No creation template applies',
  ],
  'a template for replication only does not apply': [
    [quay, creationTemplate('quay', { RepositoryPolicy, AppliedFor: ['REPLICATION'] })],
    'noncompliant',
  ],
  'a template without a policy leaves repositories without one': [
    [quay, creationTemplate('ROOT', { RepositoryPolicy }), creationTemplate('quay')],
    'noncompliant',
    'gives repositories no policy',
  ],
  'Docker Hub with a credential is as it should be': [
    [
      cacheRule('hub', 'registry-1.docker.io', { UpstreamRegistry: 'docker-hub', CredentialArn: secret }),
      creationTemplate('hub', { RepositoryPolicy }),
    ],
    'compliant',
  ],
  'a missing policy and a missing credential are each enough': [
    [cacheRule('hub', 'registry-1.docker.io', { UpstreamRegistry: 'docker-hub' }), creationTemplate('hub')],
    'noncompliant',
    { says: 'registry-1.docker.io has no credential', provenWithout: ['credentialArn', 'registry.creationTemplates'] },
  ],
  'a registry of another account without a recorded role leaves the verdict open': [
    [cacheRule('up', '999999999999.dkr.ecr.eu-central-1.amazonaws.com'), creationTemplate('up', { RepositoryPolicy })],
    'undetermined',
    'role for 999999999999.dkr.ecr',
  ],
  'Docker Hub whose credential AWS Config did not record leaves the verdict open': [
    [cacheRule('hub', 'registry-1.docker.io'), creationTemplate('hub', { RepositoryPolicy })],
    'undetermined',
    'credential for registry-1.docker.io',
  ],
  'unknown templates leave the verdict open': [
    [quay, notListed('AWS::ECR::RepositoryCreationTemplate')],
    'undetermined',
    'repository creation templates',
  ],
})
