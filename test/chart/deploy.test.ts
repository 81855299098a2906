import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { parseAllDocuments } from 'yaml'
import { expect, it } from 'vitest'
import { find, helm, render } from './helm.ts'
import type { Manifest } from './helm.ts'

const text = readFileSync('deploy/lanlord.yaml', 'utf8')
const objects = parseAllDocuments(text)
  .map((document) => document.toJS() as Manifest)
  .filter((object) => object !== null)

it('deploy/ and the copies of the kinds in the chart are what npm run generate would write', () => {
  const flags = ['dist/generate.js', '--check', '--helm', helm]
  expect(spawnSync(process.execPath, flags, { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' })
})

it('the manifests are the chart with its defaults, after the namespace', () => {
  const keyOf = ({ kind, metadata }: Manifest) => `${kind}/${metadata.name}`
  expect(objects.map(keyOf)).toEqual(['Namespace/lanlord-system', ...render().map(keyOf)])
  const own = find(objects, 'DaemonSet').spec.template.spec
  expect(own).toEqual(find(render(), 'DaemonSet').spec.template.spec)
})

it('the namespace admits the speakers', () => {
  expect(find(objects, 'Namespace').metadata.labels).toMatchObject({
    'pod-security.kubernetes.io/enforce': 'privileged',
  })
})

it('nothing in them claims that Helm manages it', () => {
  expect(text).not.toMatch(/helm\.sh|Source:|managed-by/)
})

it('no key is in them, and they say how to make one', () => {
  expect(objects.map(({ kind }) => kind)).not.toContain('Secret')
  expect(text).toContain('kubectl create secret generic lanlord-heartbeat --namespace lanlord-system')
})
