/** What the function measures, once a run. An alarm on missing `ReportPublished` values sees a run that never ended, too. */
export type Measure =
  /** 1 when something was judged, else 0. */
  | 'ReportPublished'
  | 'AccountsExpected'
  | 'ShardsExpected'
  /** Accounts and regions whose task left no result. */
  | 'ShardsFailed'
  /** Accounts and regions of which nothing could be judged, those that failed among them. */
  | 'ShardsNotCovered'
  | 'HeartbeatsMissing'
  | 'HeartbeatsUnknown'
  | 'ReportNoncompliant'
  | 'ReportUndetermined'
