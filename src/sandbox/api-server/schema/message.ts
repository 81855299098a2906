/**
 * The built-in kinds are written down as text, one line for each field, in the manner of a protobuf definition:
 *
 *     ServicePort
 *     3 port int32! | The port that this Service listens on.
 *     1 name string | The name of this port.
 *     ServiceSpec
 *     1 ports []ServicePort key=port keys=port,protocol | The ports of this Service.
 *
 * A line that begins with a letter begins a message; `open` behind its name keeps fields that are not listed, `atomic`
 * makes it one thing that appliers own as a whole; so it does behind a field. A field is its protobuf number, its name, its type and what is special about it. `!` marks a required field, `?` one that
 * is a pointer in Go, for which zero is a value. `key=` names the field by which a patch tells items apart, `keys=`
 * those by which server-side apply does, `set` a list merged by value, `default=` a text that is filled in. `always`
 * marks a field that is written even when it says nothing, `omitted` a structure that is not, `go=` what Kubernetes calls a type or a message of another
 * name. After the bar stands what `kubectl explain` says.
 * One text so serves validation, patches, explanation and the reading of protobuf.
 */
export interface Message {
  readonly name: string
  /** What Kubernetes itself calls the structure. */
  readonly goName: string
  readonly open: boolean
  readonly atomic: boolean
  readonly fields: readonly Field[]
}

interface Field extends Merging {
  readonly number: number
  readonly name: string
  readonly type: FieldType
  readonly required: boolean
  readonly pointer: boolean
  /** It is written even when it says nothing. */
  readonly always: boolean
  /** It is a structure and left out when it says nothing. */
  readonly omitted: boolean
  readonly atomic: boolean
  /** The name that the type of a text has in Kubernetes. */
  readonly goType: string | undefined
  readonly description: string
}

/** How patches treat a field that is more than one value. */
interface Merging {
  readonly mergeKey: string | undefined
  readonly mapKeys: readonly string[]
  readonly set: boolean
  readonly retainKeys: boolean
  readonly initial: string | undefined
}

/** `of` is a scalar's name or a message's. */
interface FieldType {
  readonly shape: 'one' | 'list' | 'map'
  readonly of: string
}

const fieldLine = /^(\d+) (\w+) (\[\]|map )?(\w+)([!?]?)((?: [\w=,-]+)*)(?: \| (.*))?$/
const messageLine = /^([A-Z]\w*)( open)?( atomic)?(?: go=(\w+))?$/

export function parseMessages(text: string): readonly Message[] {
  const messages: (Omit<Message, 'fields'> & { fields: Field[] })[] = []
  for (const line of text.split('\n').map((one) => one.trim())) {
    if (line === '') continue
    const head = messageLine.exec(line)
    if (head === null) messages.at(-1)?.fields.push(fieldOf(line))
    else {
      const [, name = '', open, atomic, goName = name] = head
      messages.push({ name, goName, open: open !== undefined, atomic: atomic !== undefined, fields: [] })
    }
  }
  return messages
}

function fieldOf(line: string): Field {
  const match = fieldLine.exec(line)
  if (match === null) throw new Error(`no field definition: ${line}`)
  const [, number, name = '', shape, of = '', mark, extras = '', description = ''] = match
  return {
    number: Number(number),
    name,
    type: { shape: shape === undefined ? 'one' : shape === '[]' ? 'list' : 'map', of },
    required: mark === '!',
    pointer: mark === '?',
    always: extras.split(' ').includes('always'),
    omitted: extras.split(' ').includes('omitted'),
    atomic: extras.split(' ').includes('atomic'),
    goType: /(?: |^)go=(\w+)/.exec(extras)?.[1],
    description,
    ...mergingOf(extras),
  }
}

function mergingOf(extras: string): Merging {
  const options = new Map(extras.trim().split(' ').map(optionOf))
  const mergeKey = options.get('key')
  const mapKeys = options.get('keys')?.split(',') ?? (mergeKey === undefined ? [] : [mergeKey])
  return {
    mergeKey,
    mapKeys,
    set: options.has('set'),
    retainKeys: options.has('retainKeys'),
    initial: options.get('default'),
  }
}

function optionOf(text: string): readonly [name: string, value: string] {
  const [name = '', value = ''] = text.split('=')
  return [name, value]
}
