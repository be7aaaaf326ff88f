import { rule } from '../../../shared/rules/role/ecs-roles-separate.ts'
import { roleArn, taskDefinition } from '../../support/builders.ts'
import { ruleCases } from '../../support/rule-cases.ts'
import { without } from './pulling.ts'

const roles = (taskRole: string, executionRole: string) => taskDefinition({ taskRole, executionRole })

ruleCases(rule, {
  'two roles are two roles': [
    roles(roleArn('app'), roleArn('exec')),
    'compliant',
    { says: 'two roles', shows: `executionRoleArn: ${roleArn('exec')}` },
  ],
  'one role for both gives the application what starts the task': [
    roles(roleArn('app'), roleArn('app')),
    'noncompliant',
    { says: `${roleArn('app')} is both task role and execution role.`, shows: `taskRoleArn: ${roleArn('app')}` },
  ],
  'two names of one role are one role': [roles('app', 'app'), 'noncompliant', 'app is both'],
  'a bare name means the role of the own account': [roles('app', roleArn('app')), 'noncompliant', 'app is both'],
  'an ARN and a bare name mean one role whichever comes first': [roles(roleArn('app'), 'app'), 'noncompliant'],
  'a bare name means a role whatever its path is': [
    roles('app', roleArn('app', undefined, '/team/')),
    'noncompliant',
    'app is both',
  ],
  'a bare name is no role of another account': [roles('app', roleArn('app', '555555555555')), 'compliant'],
  'an ARN of another account is no role named without account': [
    roles(roleArn('app', '555555555555'), 'app'),
    'compliant',
  ],
  'roles of one name in two accounts are two roles': [
    roles(roleArn('app'), roleArn('app', '555555555555')),
    'compliant',
  ],
  'two bare names that differ are two roles': [roles('app', 'exec'), 'compliant'],
  'names that differ in case are two roles': [roles('App', 'app'), 'compliant'],
  'without a task role there is nothing to separate': [
    taskDefinition({ executionRole: roleArn('exec') }),
    'notApplicable',
    'no task role',
  ],
  'without an execution role there is nothing to separate': [
    taskDefinition({ taskRole: roleArn('app') }),
    'notApplicable',
    'no execution role',
  ],
  'a definition described in part may have either role': [
    without(taskDefinition({ taskRole: roleArn('app') }), 'ContainerDefinitions'),
    'undetermined',
    'the execution role of',
  ],
  'a task role that is not described may be the same': [
    without(taskDefinition({ executionRole: roleArn('exec') }), 'ContainerDefinitions'),
    'undetermined',
    'the task role of',
  ],
  'a name full of markup stays short in the reason': [
    roles(`<script>${'x'.repeat(5_000)}`, `<script>${'x'.repeat(5_000)}`),
    'noncompliant',
    'x… is both',
  ],
})
