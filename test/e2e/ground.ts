import { delimiter, dirname, join } from 'node:path'
import { openPlayground, type PlaygroundOptions } from '../../src/sandbox/open-playground.ts'
import { groundNames, type GroundName, type Playground } from '../../src/sandbox/playground.ts'

/** What the end-to-end suite runs on; the suite is the same on every ground. */
export type Cluster = Playground

/** The ground of this run, by LANLORD_GROUND. */
export const ground: GroundName = groundOf(process.env['LANLORD_GROUND'] ?? 'embedded')

/**
 * How long the suite waits for what must come about, by ground: on the real one kubelets pull and start containers, and
 * an endpoint of a dead node counts as ready until Kubernetes notices.
 */
export const patienceMs = { embedded: 20_000, cluster: 90_000 }[ground]

/** The pause between two looks: kubectl and the API server take a core each time, which others are measured on. */
export const lookEveryMs = { embedded: 50, cluster: 250 }[ground]

/** A cluster of its own for one test file. */
export function openCluster(nodes: number, options: Partial<PlaygroundOptions> = {}): Promise<Cluster> {
  return openPlayground({ ground, nodes, logLevel: 'info', ...options })
}

/** The environment in which a user works with the cluster; kubectl and helm of the test tools come first on the real one. */
export function environmentOf({ kubeconfig, client, directory }: Cluster): NodeJS.ProcessEnv {
  const { PATH = '', LANLORD_KUBECTLS = '' } = process.env
  const [carried = ''] = LANLORD_KUBECTLS.split(delimiter)
  const path = ground === 'cluster' && carried ? dirname(carried) + delimiter + PATH : PATH
  const homes = ['CACHE', 'CONFIG', 'DATA'].map((kind) => [`HELM_${kind}_HOME`, join(directory, 'helm')])
  const own = { PATH: path, KUBECONFIG: kubeconfig, CLIENT: client.exec.join(' ') }
  return { ...process.env, ...Object.fromEntries(homes), ...own }
}

function groundOf(name: string): GroundName {
  const found = groundNames.find((each) => each === name)
  if (found) return found
  throw new Error(`LANLORD_GROUND=${name}; the grounds are ${groundNames.join(', ')}`)
}
