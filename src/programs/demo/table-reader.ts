import { parseAllDocuments } from 'yaml'

/** What a Table answer of the API server holds (meta.k8s.io/v1): the columns it would print, and the cells. */
interface Table {
  readonly columnDefinitions: readonly { readonly name: string; readonly priority?: number }[]
  readonly rows: readonly { readonly cells: readonly (string | number | boolean | null)[] }[]
}

interface Manifest {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string; readonly namespace?: string }
}

/** The collections that the demo shows, as a person names them. */
const collections: Readonly<Record<string, string>> = {
  pools: '/apis/lanlord.dev/v1beta1/addresspools',
  speakers: '/apis/lanlord.dev/v1beta1/speakers',
  services: '/api/v1/namespaces/default/services',
  service: '/api/v1/namespaces/default/services',
  pods: '/api/v1/namespaces/default/pods',
  events: '/api/v1/namespaces/default/events',
}

/** Stands in for kubectl on a machine without one: `apply -f -`, `get` and `events --for service/NAME`. */
export async function readTable(server: string, args: readonly string[], input = ''): Promise<string> {
  if (args[0] === 'apply') return apply(server, input)
  if (args[0] === 'events') return events(server, args.at(-1) ?? '')
  const [, what = '', name] = args.filter((arg) => !arg.startsWith('-') && arg !== 'wide')
  const path = collections[what]
  if (path === undefined)
    throw new Error(`no kubectl on PATH, and the demo's own reader does not know ${what}`)
  return render(await table(server + path + (name === undefined ? '' : `/${name}`)), args.includes('wide'))
}

async function events(server: string, target: string): Promise<string> {
  const name = target.replace(/^service\//, '')
  return render(
    await table(`${server}${collections['events']}?fieldSelector=involvedObject.name=${name}`),
    false,
  )
}

async function table(url: string): Promise<Table> {
  const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io'
  return (await (await fetch(url, { headers: { accept } })).json()) as Table
}

function render({ columnDefinitions, rows }: Table, wide: boolean): string {
  const shown = columnDefinitions.flatMap((column, at) => (wide || !column.priority ? [at] : []))
  const lines = [
    shown.map((at) => columnDefinitions[at]?.name.toUpperCase() ?? ''),
    ...rows.map((row) => shown.map((at) => String(row.cells[at] ?? ''))),
  ]
  const widths = shown.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)))
  return lines
    .map((line) =>
      line
        .map((cell, at) => cell.padEnd((widths[at] ?? 0) + 3))
        .join('')
        .trimEnd(),
    )
    .join('\n')
}

async function apply(server: string, text: string): Promise<string> {
  const said: string[] = []
  for (const document of parseAllDocuments(text)) said.push(await create(server, document.toJS() as Manifest))
  return said.join('\n')
}

async function create(server: string, manifest: Manifest): Promise<string> {
  const response = await fetch(server + collectionOf(manifest), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(manifest),
  })
  const answer = (await response.json()) as { message?: string }
  if (!response.ok) throw new Error(`${manifest.kind} ${manifest.metadata.name}: ${answer.message}`)
  return `${manifest.kind.toLowerCase()}/${manifest.metadata.name} created`
}

function collectionOf({ apiVersion, kind, metadata }: Manifest): string {
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`
  const scope = apiVersion.startsWith('lanlord.dev/') ? '' : `/namespaces/${metadata.namespace ?? 'default'}`
  return `${root}${scope}/${kind.toLowerCase()}s`
}
