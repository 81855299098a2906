import { apiVersion } from '../core/api/group.ts'
import type { Api } from '../platform/kubernetes/api.ts'
import type { SandboxOptions } from './options.ts'
import type { Processes } from './processes.ts'
import { namesWith } from './seed.ts'
import { until } from './until.ts'

export interface Expectation {
  readonly options: SandboxOptions
  readonly nodes: readonly string[]
  readonly processes: Processes
  readonly api: Api
  readonly controllerUrl: string
}

/** Two processes on each node, and the machine may be busy. */
const readyWithinMs = (nodes: number): number => 30_000 + nodes * 3_000

export async function untilApiAnswers(expected: Expectation): Promise<void> {
  const check = async (): Promise<readonly string[]> =>
    (await answers(expected.api)) ? [] : ['the API server']
  await untilNothingIsMissing(expected, check)
}

/** Nodes and speakers Ready, the controller ready: what of it the options ask for. */
export async function untilAllReady(expected: Expectation): Promise<void> {
  await untilNothingIsMissing(expected, () => missing(expected))
}

async function untilNothingIsMissing(
  { options, nodes, processes }: Expectation,
  check: () => Promise<readonly string[]>,
): Promise<void> {
  let waitingFor: readonly string[] = []
  const nothingIsMissing = async (): Promise<boolean> => {
    processes.throwIfHopeless()
    waitingFor = await check()
    return waitingFor.length === 0
  }
  await until(nothingIsMissing, {
    describe: () => `waiting for ${waitingFor.join(', ')} (${processes.lastWords()})`,
    timeoutMs: options.readyWithinMs ?? readyWithinMs(nodes.length),
    signal: options.signal,
  })
}

async function missing({ options, nodes, api, controllerUrl }: Expectation): Promise<readonly string[]> {
  const [readyNodes, readySpeakers, controllerReady] = await Promise.all([
    namesWith(api, '/api/v1/nodes', 'Ready'),
    options.speakers === false ? new Set(nodes) : namesWith(api, `/apis/${apiVersion}/speakers`, 'Ready'),
    options.controller === false || isOk(`${controllerUrl}/readyz`),
  ])
  const absent = (ready: ReadonlySet<string>): readonly string[] => nodes.filter((name) => !ready.has(name))
  return [
    ...absent(readyNodes).map((name) => `node ${name}`),
    ...(controllerReady ? [] : ['the controller']),
    ...absent(readySpeakers).map((name) => `the speaker of ${name}`),
  ]
}

async function answers(api: Api): Promise<boolean> {
  try {
    await api.request('GET', '/version')
    return true
  } catch {
    return false
  }
}

async function isOk(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok
  } catch {
    return false
  }
}
