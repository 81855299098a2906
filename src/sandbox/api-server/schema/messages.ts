import { coreMessages } from './kinds/core.ts'
import { eventMessages } from './kinds/event.ts'
import { groupMessages } from './kinds/group.ts'
import { metaMessages } from './kinds/meta.ts'
import { serviceMessages } from './kinds/service.ts'
import { workloadMessages } from './kinds/workload.ts'
import { type Message, parseMessages } from './message.ts'

const texts = [metaMessages, coreMessages, serviceMessages, eventMessages, workloadMessages, groupMessages]

const messages = new Map(texts.flatMap(parseMessages).map((message) => [message.name, message]))

/** Kinds that share the shape of another one, or whose name another group has taken. */
const elsewhere: Readonly<Record<string, string>> = {
  'events.k8s.io/Event': 'EventsEvent',
  'rbac.authorization.k8s.io/ClusterRoleBinding': 'RoleBinding',
}

export function messageNamed(name: string): Message | undefined {
  return messages.get(name)
}

export function messageOfKind(group: string, kind: string): Message | undefined {
  return messages.get(elsewhere[`${group}/${kind}`] ?? kind)
}
