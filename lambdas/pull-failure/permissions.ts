export { permissions } from '../../shared/live/pull-failure-permissions.ts'
