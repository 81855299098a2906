import { cp, mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { packageRoot } from '../../package-root.ts'
import type { Say } from '../cache/folder.ts'
import { ensureBaseLayer } from './base-layer.ts'
import { ensureDebianPackages, unpackPackages } from './debian.ts'
import { ensureLayer, makeWritable } from './layer.ts'
import type { Image } from './layout.ts'
import { recipeKey } from './recipe-key.ts'

/** Debian's Prometheus, laid out as the image of that name. */
export async function prometheusImage(say: Say): Promise<Image> {
  const layer = await ensureLayer(`prometheus-${await recipeKey('prometheus')}`, say, async (root) => {
    await unpackPackages(await ensureDebianPackages(say), ['prometheus'], root)
    for (const path of ['usr/bin/promtool', 'etc', 'var']) await rm(join(root, path), { recursive: true })
    const settings = 'prometheus/prometheus.yml'
    await mkdir(join(root, 'etc/prometheus'), { recursive: true })
    await cp(join(packageRoot(), 'test/cluster/images', settings), join(root, 'etc', settings))
    await makeWritable(root, 'prometheus')
  })
  return {
    name: 'docker.io/prom/prometheus:v2.42.0',
    layers: [await ensureBaseLayer(say), layer],
    config: {
      Entrypoint: ['/bin/prometheus'],
      Cmd: ['--config.file=/etc/prometheus/prometheus.yml', '--storage.tsdb.path=/prometheus'],
      User: '65534',
      WorkingDir: '/prometheus',
      ExposedPorts: { '9090/tcp': {} },
    },
  }
}
