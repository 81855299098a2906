import { openSandbox } from '../../src/sandbox/open-sandbox.ts'
import type { Sandbox } from '../../src/sandbox/sandbox.ts'

/**
 * What the end-to-end suite runs on: anything that offers what the sandbox does. `embedded` is the sandbox with its own
 * API server; another ground is added here and chosen by LANLORD_GROUND, and the suite stays as it is.
 */
export type Cluster = Pick<
  Sandbox,
  | 'nodes'
  | 'client'
  | 'kubeconfig'
  | 'server'
  | 'subnet'
  | 'pids'
  | 'kill'
  | 'hold'
  | 'release'
  | 'pullCable'
  | 'plugCable'
  | 'setLink'
  | 'close'
>

type Ground = (nodes: number) => Promise<Cluster>

const grounds: Readonly<Record<string, Ground>> = {
  embedded: (nodes) => openSandbox({ nodes, logLevel: 'info' }),
}

/** A cluster of its own for one test file. */
export async function openCluster(nodes: number): Promise<Cluster> {
  const name = process.env['LANLORD_GROUND'] ?? 'embedded'
  const ground = grounds[name]
  if (!ground) throw new Error(`LANLORD_GROUND=${name}; the grounds are ${Object.keys(grounds).join(', ')}`)
  return ground(nodes)
}
