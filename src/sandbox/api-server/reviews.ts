import type { Answer } from './answer.ts'
import { bodyOf, type Call } from './call.ts'
import { methodNotAllowed } from './failure.ts'
import { isObject, type Json } from './object.ts'

type Review = (sent: Record<string, Json | undefined>) => object

const rule = { verbs: ['*'], apiGroups: ['*'], resources: ['*'] }

/** Everybody may do everything here, and is told so. */
const reviews: Readonly<Record<string, Review>> = {
  '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews': () => ({
    allowed: true,
    reason: 'the sandbox allows all',
  }),
  '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews': () => ({
    resourceRules: [rule],
    nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
    incomplete: false,
  }),
  '/apis/authentication.k8s.io/v1/selfsubjectreviews': () => ({
    userInfo: { username: 'sandbox', groups: ['system:masters', 'system:authenticated'] },
  }),
}

/** Answers what `kubectl auth can-i` and `kubectl auth whoami` ask; undefined for any other path. */
export function review(call: Call): Answer | undefined {
  const statusOf = reviews[call.path]
  if (statusOf === undefined) return undefined
  if (call.method !== 'POST') throw methodNotAllowed()
  const body = bodyOf(call)
  const sent = isObject(body) ? body : {}
  return { code: 201, json: { ...sent, status: statusOf(sent) } }
}
