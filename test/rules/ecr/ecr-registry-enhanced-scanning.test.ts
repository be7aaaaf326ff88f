import { rule } from '../../../shared/rules/ecr/ecr-registry-enhanced-scanning.ts'
import { notListed, repository, scanning } from '../../support/builders.ts'
import { ruleCases } from '../../support/rule-cases.ts'

ruleCases(rule, {
  'a registry with enhanced scanning is as it should be': [scanning('ENHANCED'), 'compliant'],
  'a registry with basic scanning is reported': [
    scanning('BASIC', ['SCAN_ON_PUSH', '*']),
    'noncompliant',
    'basic scanning',
  ],
  'a registry nobody configured scans with basic': [repository(), 'noncompliant', 'basic scanning'],
  'a scan type AWS may add leaves the verdict open': [scanning('QUANTUM'), 'undetermined'],
  'an unknown scanning configuration leaves the verdict open': [
    [repository(), notListed('AWS::ECR::RegistryScanningConfiguration')],
    'undetermined',
    'could not be listed',
  ],
})
