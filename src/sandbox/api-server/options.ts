import { bodyOf, type Call } from './call.ts'
import { notAnObject } from './draft.ts'
import {
  badRequest,
  type FieldProblem,
  forbidden,
  invalid,
  invalidValue,
  required,
  unsupported,
} from './failure.ts'
import { wholeNumberIn } from './list.ts'
import { isObject } from './object.ts'
import type { DeleteOptions } from './remove.ts'
import type { WriteOptions } from './write.ts'

type Kind = 'CreateOptions' | 'UpdateOptions' | 'PatchOptions'

const validations = ['', 'Ignore', 'Strict', 'Warn']
const applyType = 'application/apply-patch+yaml'

function refuse(kind: string, problems: readonly FieldProblem[]): void {
  const type = { group: 'meta.k8s.io', plural: kind, kind }
  if (problems.length > 0) throw invalid(type, '', problems)
}

/** What the query of a write asks for. */
export function writeOptionsOf(call: Call, kind: Kind): WriteOptions {
  const { query, userAgent, warnings } = call
  const dryRun = query.getAll('dryRun')
  const fieldValidation = query.get('fieldValidation') ?? ''
  const fieldManager = query.get('fieldManager') ?? ''
  refuse(kind, [
    ...(kind === 'PatchOptions' ? patchProblems(call, fieldManager) : []),
    ...managerProblems(fieldManager),
    ...dryRunProblems(dryRun),
    ...(validations.includes(fieldValidation)
      ? []
      : [unsupported('fieldValidation', fieldValidation, validations)]),
  ])
  return {
    dryRun: dryRun.length > 0,
    fieldValidation: (fieldValidation || 'Warn') as WriteOptions['fieldValidation'],
    warnings,
    manager: fieldManager || managerIn(userAgent),
  }
}

/** Who does not say a name is known by its program, as it calls itself before the first slash. */
function managerIn(userAgent: string): string {
  const [program = ''] = userAgent.split('/')
  return program.replace(/[^\x20-\x7e]/g, '').slice(0, 128)
}

function patchProblems({ query, contentType }: Call, fieldManager: string): readonly FieldProblem[] {
  if (contentType === applyType) {
    return fieldManager === '' ? [required('fieldManager', 'is required for apply patch')] : []
  }
  return query.has('force') ? [forbidden('force', 'may not be specified for non-apply patch')] : []
}

function managerProblems(manager: string): readonly FieldProblem[] {
  if (manager.length <= 128) return []
  const message = 'Too long: may not be more than 128 bytes'
  return [{ field: 'fieldManager', reason: 'FieldValueTooLong', message }]
}

function dryRunProblems(dryRun: readonly string[]): readonly FieldProblem[] {
  return dryRun.every((value) => value === 'All') ? [] : [unsupported('dryRun', dryRun, ['All'])]
}

const policies = ['Foreground', 'Background', 'Orphan', 'nil']

/** What the body of a DELETE asks for, or its query where it has no body. */
export function deleteOptionsOf(call: Call): DeleteOptions {
  const options = call.raw.length === 0 ? queryOptions(call) : bodyOptions(call)
  const { propagationPolicy: policy, orphanDependents, dryRun = [] } = options
  refuse('DeleteOptions', [
    ...(policy !== undefined && orphanDependents !== undefined
      ? [
          invalidValue(
            'propagationPolicy',
            policy,
            'orphanDependents and deletionPropagation cannot be both set',
          ),
        ]
      : []),
    ...(policy === undefined || policies.slice(0, 3).includes(policy)
      ? []
      : [unsupported('propagationPolicy', policy, policies)]),
    ...dryRunProblems(dryRun),
  ])
  return options
}

function bodyOptions(call: Call): DeleteOptions {
  const body = bodyOf(call)
  if (isObject(body)) return body as DeleteOptions
  throw badRequest(notAnObject(body))
}

function queryOptions({ query }: Call): DeleteOptions {
  const seconds = query.get('gracePeriodSeconds')
  if (seconds !== null && !/^-?\d+$/.test(seconds)) {
    throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(seconds)}: invalid syntax`)
  }
  const policy = query.get('propagationPolicy')
  const orphans = query.get('orphanDependents')
  return {
    dryRun: query.getAll('dryRun'),
    ...(seconds !== null && { gracePeriodSeconds: Number(seconds) }),
    ...(policy !== null && { propagationPolicy: policy }),
    ...(orphans !== null && { orphanDependents: orphans === 'true' }),
  }
}

const matches = ['Exact', 'NotOlderThan', '']

/** Refuses a list or a watch whose options cannot be meant together. */
export function checkListOptions(query: URLSearchParams, watches: boolean): void {
  wholeNumberIn(query, 'limit')
  wholeNumberIn(query, 'timeoutSeconds')
  const match = query.get('resourceVersionMatch') ?? ''
  const sends = query.has('sendInitialEvents')
  refuse('ListOptions', watches ? watchProblems(query, match, sends) : listProblems(query, match, sends))
}

function listProblems(query: URLSearchParams, match: string, sends: boolean): readonly FieldProblem[] {
  const field = 'resourceVersionMatch'
  const version = query.get('resourceVersion') ?? ''
  const problems: FieldProblem[] = []
  if (match !== '') {
    if (version === '') {
      problems.push(forbidden(field, 'resourceVersionMatch is forbidden unless resourceVersion is provided'))
    }
    problems.push(...continueProblems(query))
    if (!matches.includes(match)) problems.push(unsupported(field, match, matches))
    if (match === 'Exact' && version === '0') {
      problems.push(forbidden(field, 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"'))
    }
  }
  if (sends) problems.push(forbidden('sendInitialEvents', 'sendInitialEvents is forbidden for list'))
  return problems
}

function continueProblems(query: URLSearchParams): readonly FieldProblem[] {
  if (!query.get('continue')) return []
  return [forbidden('resourceVersionMatch', 'resourceVersionMatch is forbidden when continue is provided')]
}

function watchProblems(query: URLSearchParams, match: string, sends: boolean): readonly FieldProblem[] {
  const field = 'resourceVersionMatch'
  const problems: FieldProblem[] = []
  if (sends && match !== 'NotOlderThan') {
    problems.push(forbidden(field, 'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan'))
  }
  if (match === '') return problems
  if (!sends) {
    const why = 'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided'
    problems.push(forbidden(field, why))
  }
  if (match !== 'NotOlderThan') problems.push(unsupported(field, match, ['NotOlderThan']))
  return [...problems, ...continueProblems(query)]
}
