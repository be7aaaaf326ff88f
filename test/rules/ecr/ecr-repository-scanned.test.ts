import { rule } from '../../../shared/rules/ecr/ecr-repository-scanned.ts'
import { notListed, repository, scanning } from '../../support/builders.ts'
import { ruleCases } from '../../support/rule-cases.ts'

const flagged = repository({ name: 'team/app', configuration: { ImageScanningConfiguration: { ScanOnPush: true } } })
const plain = repository({ name: 'team/app' })

ruleCases(rule, {
  'a repository without flag and without registry rules is not scanned': [plain, 'noncompliant', 'scan on push is off'],
  'the flag of the repository is enough with basic scanning': [
    flagged,
    'compliant',
    { provenWithout: ['registry.scanning'] },
  ],
  'the flag is enough when the registry is unknown and the assumption is named': [
    [flagged, notListed('AWS::ECR::RegistryScanningConfiguration')],
    'compliant',
    { assumes: 'basic scanning', provenWithout: ['registry.scanning'] },
  ],
  'without the flag an unknown registry leaves the verdict open': [
    [plain, notListed('AWS::ECR::RegistryScanningConfiguration')],
    'undetermined',
    'registry scanning configuration',
  ],
  'a matching basic rule on push scans the repository': [
    [plain, scanning('BASIC', ['SCAN_ON_PUSH', 'team/*'])],
    'compliant',
  ],
  'a filter without a star matches names that contain it': [
    [plain, scanning('BASIC', ['SCAN_ON_PUSH', 'eam'])],
    'compliant',
  ],
  'a filter for other names does not count': [
    [plain, scanning('BASIC', ['SCAN_ON_PUSH', 'other/*'])],
    'noncompliant',
    'no scanning rule of the registry matches',
  ],
  'a manual rule does not count': [[plain, scanning('BASIC', ['MANUAL', '*'])], 'noncompliant'],
  'a continuous enhanced rule scans the repository': [
    [plain, scanning('ENHANCED', ['MANUAL', '*'], ['CONTINUOUS_SCAN', '*'])],
    'compliant',
    'CONTINUOUS_SCAN',
  ],
  'enhanced scanning without a matching rule overrules the flag': [
    [flagged, scanning('ENHANCED', ['CONTINUOUS_SCAN', 'other'])],
    'noncompliant',
    // Without the registry's configuration the flag would be all there is.
    { says: 'the flag of the repository has no effect', provenWithout: ['registry.scanning'] },
  ],
})
