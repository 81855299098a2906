import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { pool, service } from './build.ts'

const program = resolve('dist/lanlord.js')
let directory: string

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'lanlord-plan-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

function write(name: string, content: string | Uint8Array | readonly object[]): void {
  const isText = typeof content === 'string' || content instanceof Uint8Array
  writeFileSync(
    join(directory, name),
    isText ? content : JSON.stringify({ apiVersion: 'v1', kind: 'List', items: content }),
  )
}

/** Runs it among the files that were written. */
function run(argv: readonly string[], input: string | Uint8Array = '') {
  const options = { cwd: directory, input, encoding: 'utf8', maxBuffer: 2 ** 26 } as const
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, 'plan', ...argv], options)
  return { status, stdout, stderr }
}

const full = [pool('lab', '10.0.0.1'), service('a/1'), service('a/2')]

describe('lanlord plan', () => {
  it.each([
    ['0 when every Service that wants an address has one', full.slice(0, 2), 0],
    ['1 when a Service is refused', full, 1],
    [
      '1 when a Service is refused and keeps what it has',
      [
        pool('lab', '10.0.0.1'),
        service('a/1', { holds: '10.0.0.1', annotations: { 'lanlord.dev/pool': 'no' } }),
      ],
      1,
    ],
    ['0 when there is nothing to do', [], 0],
  ])('ends with %s', (_, objects, status) => {
    write('all.json', objects)
    expect(run(['-f', 'all.json'])).toMatchObject({ status })
  })

  it('shows a table on stdout, and says the rest on stderr', () => {
    write('all.json', [...full, { apiVersion: 'apps/v1', kind: 'Deployment' }])
    const { stdout, stderr } = run(['-f', 'all.json'])
    const lines = stdout.split('\n')
    expect(lines.slice(0, 3)).toEqual([
      'NAMESPACE   NAME   DECISION   ADDRESSES   POOL     REASON          MESSAGE',
      'a           1      assign     10.0.0.1    lab      Assigned',
      'a           2      refuse     <none>      <none>   PoolExhausted   AddressPool lab: its one IPv4 address is in use; add addresses to it or delete a Service',
    ])
    expect(stderr).toBe('Passed over, of other kinds: 1 Deployment\n2 Services: assign 1, refuse 1\n')
  })

  it('answers programs in JSON and YAML, with the same', () => {
    write('all.json', full)
    const usage = { retained: 0, quarantined: 0 }
    const expected = {
      services: [
        {
          namespace: 'a',
          name: '1',
          decision: 'assign',
          addresses: ['10.0.0.1'],
          pool: 'lab',
          reason: 'Assigned',
          message: '10.0.0.1 from AddressPool lab',
        },
        {
          namespace: 'a',
          name: '2',
          decision: 'refuse',
          addresses: [],
          pool: null,
          reason: 'PoolExhausted',
          message: 'AddressPool lab: its one IPv4 address is in use; add addresses to it or delete a Service',
        },
      ],
      pools: [
        {
          name: 'lab',
          ready: true,
          reason: 'Accepted',
          ipv4: { ...usage, total: 1, allocated: 1, available: 0 },
          ipv6: { ...usage, total: 0, allocated: 0, available: 0 },
        },
      ],
    }
    expect(JSON.parse(run(['-f', 'all.json', '-o', 'json']).stdout)).toEqual(expected)
    expect(parse(run(['-f', 'all.json', '-o', 'yaml']).stdout)).toEqual(expected)
  })

  it('warns of what is legal and surely unmeant', () => {
    write('all.json', [
      pool('lab', '10.0.0.1'),
      pool('too', '10.0.0.1'),
      service('a/1', { annotations: { 'lanlord.dev/adresses': 'x' } }),
    ])
    const { stderr, status } = run(['-f', 'all.json'])
    expect(status).toBe(0)
    expect(stderr).toMatch(/^Warning: AddressPool too is not Ready: 10\.0\.0\.1 overlaps/m)
    expect(stderr).toMatch(/^Warning: Service a\/1: .*did you mean lanlord\.dev\/addresses/m)
  })

  it('reads files, directories and stdin, in the order given', () => {
    mkdirSync(join(directory, 'all/below'), { recursive: true })
    const [lab, one, two] = full as [object, object, object]
    write('all/b.yml', [one])
    write('all/a.json', [lab])
    write('all/read.me', 'no manifest')
    write('all/below/c.yaml', [two])
    const names = (argv: readonly string[], input?: string): readonly unknown[] => {
      const { services } = JSON.parse(run([...argv, '-o', 'json'], input).stdout) as {
        services: { name: string }[]
      }
      return services.map(({ name }) => name)
    }
    const three = JSON.stringify(service('a/3'))
    expect(names(['-f', 'all'])).toEqual(['1'])
    expect(names(['-f', 'all', '-R'])).toEqual(['1', '2'])
    expect(names(['-f', '-', '-f', 'all/'], three)).toEqual(['3', '1'])
    symlinkSync('all/b.yml', join(directory, 'link'))
    expect(names(['-f', 'link', '-f', 'all/below/c.yaml'])).toEqual(['1', '2'])
  })

  it('takes the flags of the controller', () => {
    write('all.json', [
      pool('lab', '10.0.0.1-10.0.0.9'),
      service('a/1', { annotations: { 'metallb.io/loadBalancerIPs': '10.0.0.7' } }),
    ])
    expect(run(['-f', 'all.json', '--compatibility', 'metallb']).stdout).toContain('10.0.0.7')
    expect(run(['-f', 'all.json', '--class-less-services', 'false']).stdout).toContain('ClassLess')
  })

  it('ends quietly when nobody reads on', () => {
    write('all.json', [
      pool('lab', '10.0.0.0/16'),
      ...Array.from({ length: 3_000 }, (_, at) => service(`a/web-${at}`)),
    ])
    const script = `'${process.execPath}' '${program}' plan -f all.json -o json | head -c 1 >&2`
    const { stderr } = spawnSync('bash', ['-c', script], { cwd: directory, encoding: 'utf8' })
    expect(stderr.replace('3000 Services: assign 3000\n', '')).toBe('{')
  })
})

describe('what it cannot read', () => {
  it.each<readonly [what: string, name: string, content: string | Uint8Array, said: string]>([
    [
      'an empty file',
      'x.yaml',
      '',
      'x.yaml: is empty; kubectl get services -A -o yaml writes what can be read',
    ],
    [
      'a picture',
      'x.yaml',
      Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 13]),
      'x.yaml: is no text; write YAML or JSON, in UTF-8',
    ],
    [
      'text in another encoding',
      'x.yaml',
      Buffer.from('# f\u00fcr\n', 'latin1'),
      'x.yaml: is not in UTF-8; save it in that encoding',
    ],
    [
      'UTF-16',
      'x.yaml',
      Buffer.from('\ufeffkind: Service\n', 'utf16le'),
      'x.yaml: is no text; write YAML or JSON, in UTF-8',
    ],
    [
      'a file of 50 MB',
      'x.yaml',
      Buffer.alloc(50_000_000, '# again and again\n'),
      'x.yaml: has more than 40 MiB; split it, by namespace for example',
    ],
  ])('ends it with 2 and one line: %s', (_, name, content, said) => {
    write(name, content)
    expect(run(['-f', name])).toEqual({ status: 2, stdout: '', stderr: `${said}\n` })
  })

  it.each([
    ['a file that is not there', ['-f', 'none.yaml'], 'none.yaml: does not exist'],
    [
      'a directory without manifests',
      ['-f', '.'],
      '.: is a directory without .yaml, .yml or .json files; -R looks in the directories in it, too',
    ],
    [
      'stdin twice',
      ['-f', '-', '-f', '-'],
      'stdin: is named twice, and can be read only once; write -f - once',
    ],
    [
      'nothing on stdin',
      ['-f', '-'],
      'stdin: is empty; kubectl get services -A -o yaml writes what can be read',
    ],
    ['a file for a directory', ['-f', 'file/x.yaml'], 'file/x.yaml: is in no directory'],
    ['a link in a circle', ['-f', 'circle'], 'circle: is a link in a circle'],
  ])('ends it with 2 and one line: %s', (_, argv, said) => {
    writeFileSync(join(directory, 'file'), '')
    symlinkSync('circle', join(directory, 'circle'))
    expect(run(argv)).toEqual({ status: 2, stdout: '', stderr: `${said}\n` })
  })

  it('is neither a byte order mark nor the line ends of Windows', () => {
    write('x.yaml', '\ufeffapiVersion: v1\r\nkind: Service\r\nmetadata: { name: web }\r\n')
    expect(run(['-f', 'x.yaml'])).toMatchObject({ status: 0, stderr: '1 Service: ignore 1\n' })
  })

  it.each([
    ['no file', [], "required option '-f, --filename <file>' not specified"],
    ['a file without -f', ['-f', 'a', 'b'], 'too many arguments'],
    ['a form that is none', ['-f', 'a', '-o', 'wide'], 'Allowed choices are table, json, yaml'],
    ['a flag that is none', ['-f', 'a', '--watch'], 'unknown option'],
    [
      'neither true nor false',
      ['-f', 'a', '--class-less-services', 'maybe'],
      'Allowed choices are true, false',
    ],
    [
      'a compatibility that is none',
      ['-f', 'a', '--compatibility', 'cilium'],
      '"cilium" is none of metallb, kube-vip',
    ],
  ])('ends it with 2 as well when the command line has %s', (_, argv, words) => {
    expect(run(argv)).toEqual({ status: 2, stdout: '', stderr: expect.stringContaining(words) })
  })
})
