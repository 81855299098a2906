import { admissionMessages } from './kinds/admission.ts'
import { affinityMessages } from './kinds/affinity.ts'
import { containerMessages } from './kinds/container.ts'
import { coreMessages } from './kinds/core.ts'
import { definitionMessages } from './kinds/definition.ts'
import { eventMessages } from './kinds/event.ts'
import { groupMessages } from './kinds/group.ts'
import { metaMessages } from './kinds/meta.ts'
import { nodeMessages } from './kinds/node.ts'
import { podMessages } from './kinds/pod.ts'
import { podStatusMessages } from './kinds/pod-status.ts'
import { rbacMessages } from './kinds/rbac.ts'
import { reviewMessages } from './kinds/review.ts'
import { serviceMessages } from './kinds/service.ts'
import { volumeMessages } from './kinds/volume.ts'
import { workloadMessages } from './kinds/workload.ts'
import { type Message, parseMessages } from './message.ts'

const texts = [
  admissionMessages,
  affinityMessages,
  containerMessages,
  coreMessages,
  definitionMessages,
  eventMessages,
  groupMessages,
  metaMessages,
  nodeMessages,
  podMessages,
  podStatusMessages,
  rbacMessages,
  reviewMessages,
  serviceMessages,
  volumeMessages,
  workloadMessages,
]

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
