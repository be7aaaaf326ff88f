import { decideImpaired, decideStoppedTask } from './decide-failure.ts'
import type { TimedFinding } from './finding.ts'
import { decideSuccess } from './proof.ts'
import type { PullEvent } from './pull-event.ts'
import { decidePullThrough } from './pull-through.ts'
import { decideReplication } from './replication.ts'
import type { View } from './view.ts'

/** Decides what an event changes, by looking at what it speaks of. Most events change nothing, which takes no call. */
export async function decide(view: View, event: PullEvent): Promise<readonly TimedFinding[]> {
  switch (event.kind) {
    case 'task':
      if (event.lastStatus === 'STOPPED') return decideStoppedTask(view, event)
      return event.lastStatus === 'RUNNING' ? decideSuccess(view, event) : []
    case 'service':
      if (event.eventName === 'SERVICE_TASK_START_IMPAIRED') return decideImpaired(view, event)
      return event.eventName === 'SERVICE_STEADY_STATE' ? decideSuccess(view, event) : []
    case 'pullThrough':
      return decidePullThrough(view, event)
    case 'replication':
      return decideReplication(view, event)
    default:
      return event satisfies never
  }
}
