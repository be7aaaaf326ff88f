/** Names of the functions that judge, by area: who hands a change on, and who deploys, must mean the same ones. */
export const judgingFunctions = {
  ecr: 'pullpath-ecr-policy-auditor',
  role: 'pullpath-role-permission-auditor',
  vpc: 'pullpath-vpc-endpoint-auditor',
  image: 'pullpath-pull-failure',
} as const

/** An area of rules. Each has one function that judges it. */
export type Area = keyof typeof judgingFunctions
