import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'
import { systemNamespace } from '../../src/core/api/names.ts'
import { ensureTools } from '../../src/sandbox/kubernetes/carried-tools.ts'

/** An object as the chart renders it, of which a test reads whatever it looks for. */
export interface Manifest {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: {
    readonly name: string
    readonly namespace?: string
    readonly labels?: Readonly<Record<string, string>>
    readonly annotations?: Readonly<Record<string, string>>
  }
  readonly spec: Workload
  readonly [field: string]: unknown
}

interface Workload {
  readonly template: { readonly metadata: Manifest['metadata']; readonly spec: PodSpec }
  readonly [field: string]: unknown
}

interface PodSpec {
  readonly containers: readonly Container[]
  readonly [field: string]: unknown
}

/** The one container of a pod. */
export interface Container {
  readonly image: string
  readonly args: readonly string[]
  readonly resources: { readonly limits?: object; readonly requests?: object }
  readonly securityContext: object
  readonly [field: string]: unknown
}

export const chart = 'charts/lanlord'

/** Helm as the tests carry it, whichever one is on PATH. */
export const helm = join(await ensureTools(), 'helm')

/** What Helm said and how it ended; values come in as `--values -`. */
export function runHelm(flags: readonly string[], values: object = {}) {
  const input = JSON.stringify(values)
  const { status, stdout, stderr } = spawnSync(helm, [...flags, '--values', '-'], { input, encoding: 'utf8' })
  return { status, stdout, words: stdout + stderr }
}

/** The objects of a release with these values. */
export function render(values: object = {}): readonly Manifest[] {
  const { status, stdout, words } = runHelm(templateFlags, values)
  if (status !== 0) throw new Error(words)
  const documents = parseAllDocuments(stdout, { version: '1.1' })
  return documents.map((document) => document.toJS() as Manifest).filter((object) => object !== null)
}

/** What Helm says when it refuses these values. */
export function refusalOf(values: object): string {
  const { status, words } = runHelm(templateFlags, values)
  if (status === 0) throw new Error(`Helm took ${JSON.stringify(values)}`)
  return words
}

const templateFlags = ['template', 'lanlord', chart, '--namespace', systemNamespace]

/** The one object of the kind and name. */
export function find(objects: readonly Manifest[], kind: string, name?: string): Manifest {
  const found = objects.filter(
    (each) => each.kind === kind && (name ?? each.metadata.name) === each.metadata.name,
  )
  if (found.length !== 1) throw new Error(`${found.length} objects are ${kind} ${name ?? ''}`)
  return found[0] as Manifest
}

/** The Deployment of the controller and the DaemonSet of the speakers. */
export function workloadsIn(objects: readonly Manifest[]): readonly Manifest[] {
  return [find(objects, 'Deployment'), find(objects, 'DaemonSet')]
}

/** The one container of the workload. */
export function containerOf(workload: Manifest): Container {
  const { containers } = workload.spec.template.spec
  if (containers.length !== 1)
    throw new Error(`${workload.metadata.name} has ${containers.length} containers`)
  return containers[0] as Container
}
