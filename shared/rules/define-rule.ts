import type * as z from 'zod/mini'
import type { PullThroughCacheRule, Registry, RegistryPolicy, Repository } from '../inventory/ecr.ts'
import type { EcsService, TaskDefinition } from '../inventory/ecs.ts'
import type { FargateProfile, Nodegroup } from '../inventory/eks.ts'
import type { Role } from '../inventory/iam.ts'
import type { Inventory } from '../inventory/inventory.ts'
import type { Vpc } from '../inventory/network.ts'
import type { Organization } from '../model/organization.ts'
import type { Settings } from '../model/settings.ts'
import type { Severity, Verdict } from '../model/verdict.ts'

/** The resource types rules judge, and the typed resource each is handed. `AWS::::Account` is the private registry of a scope. */
export interface JudgedResources {
  'AWS::ECR::Repository': Repository
  'AWS::ECR::RegistryPolicy': RegistryPolicy
  'AWS::ECR::PullThroughCacheRule': PullThroughCacheRule
  'AWS::::Account': Registry
  'AWS::IAM::Role': Role
  'AWS::ECS::Service': EcsService
  'AWS::ECS::TaskDefinition': TaskDefinition
  'AWS::EKS::Nodegroup': Nodegroup
  'AWS::EKS::FargateProfile': FargateProfile
  'AWS::EC2::VPC': Vpc
}
/** A resource type some rule may judge. */
export type JudgedType = keyof JudgedResources

/** What a rule may look at besides the judged resource. */
export interface RuleContext<P = unknown> {
  readonly inventory: Inventory
  readonly organization: Organization
  readonly settings: Settings
  /** The time of the audit: a policy that has run out grants nothing. Without it any time is possible. */
  readonly now?: Date
  /** Validated parameters of this rule, defaults filled in. */
  readonly parameters: P
}

/** Everything about a rule that is not its decision: catalogue, docs, Config rule, EventBridge patterns and permissions derive from it. */
export interface RuleMeta {
  /** The contract id: file name, Config rule name after `pullpath-`, part of finding ids. */
  readonly id: string
  readonly area: 'ecr' | 'vpc' | 'role' | 'image'
  /** States the good condition: "Repositories are not open to every AWS account". */
  readonly title: string
  readonly severity: Severity
  /** Why it matters, for a person. */
  readonly why: string
  /** What to do, for a person. */
  readonly fix: string
  /** What the rule cannot see or deliberately leaves alone; shown on its docs page. */
  readonly notes?: readonly string[]
  readonly judges: JudgedType
  /** Further types it judges the same way; `judges` is the one it is named by. */
  readonly alsoJudges?: readonly JudgedType[]
  /** Further resource types the decision rests on. */
  readonly reads: readonly string[]
  /** Types taken where files hold them and missed by nobody: the decision can do without. */
  readonly takes?: readonly string[]
  /**
   * The decision asks who is a member of the organization. An audit of files has that whatever the rules are; a function of a
   * member account asks the hub for it, where there is one. Nothing is missing without: settings may say who is ours.
   */
  readonly asksWhoIsOurs?: true
  readonly triggers: {
    readonly change: boolean
    readonly scheduled: boolean
    /** Calls after which the verdict may be another, as in IAM actions. */
    readonly calls: readonly string[]
    /** Detail types of events of the services themselves after which it may be another. */
    readonly events?: readonly string[]
  }
  /** Framework id to requirement ids, for example `cis-aws-7.0`. */
  readonly frameworks: Readonly<Record<string, readonly string[]>>
  /** False for rules a user switches on in settings. */
  readonly defaultEnabled: boolean
  /** Page of AWS's documentation that explains the setting. */
  readonly url: string
}

/** A rule of the catalogue, its types erased so that lists of rules can be handled alike. */
export interface Rule extends RuleMeta {
  readonly parameters: z.core.$ZodObject
  /** Pure. May throw only for a bug; the engine turns that into an undetermined verdict. */
  readonly evaluate: (resource: JudgedResources[JudgedType], context: RuleContext) => Verdict
}

/** What settings can speak of: a rule's id and what its parameters are; what it judges, where that is known. */
export type ConfigurableRule = Pick<Rule, 'id' | 'parameters'> & Partial<Pick<Rule, 'judges' | 'alsoJudges'>>

/** Every type a rule judges, the one it is named by first. */
export function judgedTypes({
  judges,
  alsoJudges = [],
}: Pick<RuleMeta, 'judges' | 'alsoJudges'>): readonly JudgedType[] {
  return [judges, ...alsoJudges]
}

/** Declares a rule: checks the types of its parts against each other, then erases them. */
export function defineRule<T extends JudgedType, S extends z.core.$ZodObject, A extends JudgedType = never>(
  rule: Omit<RuleMeta, 'judges' | 'alsoJudges'> & {
    readonly judges: T
    readonly alsoJudges?: readonly A[]
    readonly parameters: S
    readonly evaluate: (resource: JudgedResources[T | A], context: RuleContext<z.output<S>>) => Verdict
  },
): Rule {
  // The engine hands each rule only resources of the type it judges and parameters its own schema produced.
  return rule as unknown as Rule
}
