import { rule } from '../../../shared/rules/ecr/ecr-repository-images-signed.ts'
import { notListed, repository, signing } from '../../support/builders.ts'
import { ruleCases } from '../../support/rule-cases.ts'

const app = repository({ name: 'team/app' })

ruleCases(rule, {
  'a signing rule whose filter matches covers the repository': [[app, signing(['other/*'], ['team/*'])], 'compliant'],
  'a signing rule without filters covers everything': [[app, signing([])], 'compliant'],
  'a registry without signing rules signs nothing': [app, 'noncompliant', 'the registry has no signing rules'],
  'a filter without a star must equal the name': [[app, signing(['team'])], 'noncompliant', 'no signing rule'],
  'an unknown signing configuration leaves the verdict open': [
    [app, notListed('AWS::ECR::SigningConfiguration')],
    'undetermined',
    'registry signing configuration',
  ],
})
