import { cp, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { packageRoot } from '../../package-root.ts'
import type { Say } from '../cache/folder.ts'
import { ensureBaseLayer } from './base-layer.ts'
import { ensureDebianPackages, nginxPackages, unpackPackages } from './debian.ts'
import { ensureLayer, makeWritable } from './layer.ts'
import type { Image } from './layout.ts'
import { recipeKey } from './recipe-key.ts'

/** Debian's nginx, laid out as the image of that name: port 8080, settings in /etc/nginx/conf.d, any user. */
export async function nginxImage(say: Say): Promise<Image> {
  const layer = await ensureLayer(`nginx-${await recipeKey('nginx')}`, say, async (root) => {
    await unpackPackages(await ensureDebianPackages(say), nginxPackages, root)
    await replaceSettings(root)
    const html = join(root, 'usr/share/nginx/html')
    await mkdir(html, { recursive: true })
    await writeFile(join(html, 'index.html'), '<h1>Welcome to nginx!</h1>\n')
    await makeWritable(root, 'tmp')
  })
  return {
    name: 'docker.io/nginxinc/nginx-unprivileged:stable',
    layers: [await ensureBaseLayer(say), layer],
    config: {
      Entrypoint: ['/usr/sbin/nginx', '-g', 'daemon off;'],
      User: '101',
      ExposedPorts: { '8080/tcp': {} },
    },
  }
}

/** Of Debian's settings, only the list of media types is left. */
async function replaceSettings(root: string): Promise<void> {
  const ours = join(packageRoot(), 'test/cluster/images/nginx')
  const [settings, former] = [join(root, 'etc/nginx'), join(root, 'etc/nginx.debian')]
  await rename(settings, former)
  await mkdir(join(settings, 'conf.d'), { recursive: true })
  await cp(join(former, 'mime.types'), join(settings, 'mime.types'))
  await cp(join(ours, 'nginx.conf'), join(settings, 'nginx.conf'))
  await cp(join(ours, 'default.conf'), join(settings, 'conf.d/default.conf'))
  await rm(former, { recursive: true })
}
