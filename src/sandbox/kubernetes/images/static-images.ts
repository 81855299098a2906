import { cp } from 'node:fs/promises'
import { basename } from 'node:path'
import { pauseModule } from '../build-cache.ts'
import type { Say } from '../cache/folder.ts'
import { ensureGoPrograms, type GoModule } from '../go-programs.ts'
import { ensureLayer } from './layer.ts'
import type { Image } from './layout.ts'

/** What the kubelet holds a Pod's namespaces with. */
export async function pauseImage(say: Say): Promise<Image> {
  const layers = [await programLayer(pauseModule, say)]
  return { name: 'lanlord.dev/pause:1', layers, config: { Entrypoint: ['/pause'], User: '65535' } }
}

/** A Pod to look at a Service through. */
export async function webImage(say: Say): Promise<Image> {
  const layers = [await programLayer({ folder: 'images/web', build: '.' }, say)]
  const ExposedPorts = { '8080/tcp': {}, '7777/udp': {} }
  const config = { Entrypoint: ['/web'], User: '65532', ExposedPorts }
  return { name: 'lanlord.dev/web:latest', layers, config }
}

/** A static program needs nothing around it. */
async function programLayer(module: GoModule, say: Say): Promise<string> {
  const programs = await ensureGoPrograms(module, say)
  return ensureLayer(basename(programs), say, (root) => cp(programs, root, { recursive: true }))
}
