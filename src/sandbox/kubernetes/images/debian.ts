import { mkdir, readdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from '../../lan/command.ts'
import { cachedFolder, type Say } from '../cache/folder.ts'

const release = 'bookworm'

/** Libraries that everything else needs: what a distroless base for programs in C++ has in it. */
export const baseLibraries = ['libc6', 'libgcc-s1', 'libstdc++6', 'netbase']

/** A shell, the commands of its scripts, and what Node needs beside the base libraries. */
export const buildTools = [
  'dash',
  'coreutils',
  'libatomic1',
  'libacl1',
  'libattr1',
  'libgmp10',
  'libpcre2-8-0',
  'libselinux1',
]

export const nginxPackages = ['nginx', 'nginx-common', 'libcrypt1', 'libpcre2-8-0', 'libssl3', 'zlib1g']

const prometheusPackages = ['prometheus']

/** The folder with the Debian packages that images are made of, and with what they depend on. Nothing is installed. */
export function ensureDebianPackages(say: Say): Promise<string> {
  const names = [...baseLibraries, ...buildTools, ...nginxPackages, ...prometheusPackages]
  return cachedFolder(`debian-${release}-1-${process.arch}`, say, async (draft) => {
    say('fetching the Debian packages of the images')
    const keep = `cp "$1"/var/cache/apt/archives/*.deb '${draft}'`
    const flags = ['--mode=root', '--variant=extract', `--include=${names.join(',')}`, '--format=null']
    await run(['mmdebstrap', '--quiet', ...flags, `--extract-hook=${keep}`, release, '/dev/null'])
  })
}

/** As `dpkg-deb --extract`, which would put a folder in the place of the link /lib. */
const unpack = 'dpkg-deb --fsys-tarfile "$1" | tar -x --keep-directory-symlink -C "$2"'

/** Unpacks packages by name into a folder that is laid out as the root of a Debian. */
export async function unpackPackages(
  packages: string,
  names: readonly string[],
  folder: string,
): Promise<void> {
  const files = await readdir(packages)
  await mergeUsr(folder)
  for (const name of names) {
    const file = files.find((candidate) => candidate.startsWith(`${name}_`))
    if (file === undefined) throw new Error(`there is no Debian package ${name} in ${packages}`)
    await run(['sh', '-c', unpack, 'sh', join(packages, file), folder])
  }
}

async function mergeUsr(folder: string): Promise<void> {
  for (const name of ['bin', 'sbin', 'lib', 'lib64']) {
    await mkdir(join(folder, 'usr', name), { recursive: true })
    await symlink(join('usr', name), join(folder, name))
  }
}
