export {
  brokenSteps,
  describeMissing,
  describeStep,
  evidenceOfPull,
  missingFacts,
  missingOfPull,
} from '../pull/describe-decision.ts'
