import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'

const prefix = 'lanlord_'

/**
 * The metrics of one process. Names are given without the prefix: `counter('frames_total', ...)` is
 * `lanlord_frames_total`. Labels come from closed sets, never an address.
 */
export class Metrics {
  readonly registry = new Registry()

  /** The usual process_* and nodejs_* metrics are in it, under the names that every dashboard expects. */
  constructor() {
    collectDefaultMetrics({ register: this.registry })
  }

  counter<L extends string = never>(name: string, help: string, labels: readonly L[] = []): Counter<L> {
    if (!name.endsWith('_total')) throw new Error(`the counter ${name} must end in _total`)
    return new Counter({ name: prefix + name, help, labelNames: labels, registers: [this.registry] })
  }

  gauge<L extends string = never>(name: string, help: string, labels: readonly L[] = []): Gauge<L> {
    if (name.endsWith('_total')) throw new Error(`the gauge ${name} must not end in _total`)
    return new Gauge({ name: prefix + name, help, labelNames: labels, registers: [this.registry] })
  }

  /** Buckets in the base unit of the name: seconds, bytes. */
  histogram<L extends string = never>(
    name: string,
    help: string,
    buckets: readonly number[],
    labels: readonly L[] = [],
  ): Histogram<L> {
    const registers = [this.registry]
    return new Histogram({ name: prefix + name, help, buckets: [...buckets], labelNames: labels, registers })
  }
}
