import { isMap, parseAllDocuments, stringify } from 'yaml'
import type { Document } from 'yaml'

const header = `# Lanlord without Helm, with the defaults of its chart. Written by \`npm run generate\`; edit charts/lanlord.
#
# The key that speakers sign their heartbeats with is not in here, for it is nobody's but yours. Make one before:
#
#   kubectl apply -f deploy/namespace.yaml
#   kubectl create secret generic lanlord-heartbeat --namespace lanlord-system \\
#     --from-literal=current="$(head -c 32 /dev/urandom | base64)"
#   kubectl apply -f deploy/lanlord.yaml
`

/** What only Helm reads, or only holds for what Helm installed. */
const helmsOwn = {
  labels: ['helm.sh/chart', 'app.kubernetes.io/managed-by', 'app.kubernetes.io/instance'],
  annotations: ['helm.sh/resource-policy'],
}

const sources = /^# Source: .*\n/gm
const workloads = ['Deployment', 'DaemonSet']

/** What \`helm template\` wrote, with the namespace before it, as manifests for kubectl. */
export function plainManifests(namespace: string, rendered: string): string {
  const documents = parseAllDocuments(rendered.replaceAll(sources, '')) as readonly Document[]
  const plain = documents.filter(({ contents }) => isMap(contents)).map(plainManifest)
  return [header, namespace, ...plain].join('---\n')
}

function plainManifest(document: Document): string {
  stripMetadata(document, ['metadata'])
  if (workloads.includes(String(document.get('kind')))) {
    stripMetadata(document, ['spec', 'template', 'metadata'])
  }
  return stringify(document, { lineWidth: 0, flowCollectionPadding: false }).replace(/^---\n/, '')
}

function stripMetadata(document: Document, path: readonly string[]): void {
  for (const [field, keys] of Object.entries(helmsOwn)) {
    const entries = document.getIn([...path, field])
    if (!isMap(entries)) continue
    for (const key of keys) entries.delete(key)
    if (entries.items.length === 0) document.deleteIn([...path, field])
  }
}
