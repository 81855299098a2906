import type { Environment } from '@marcbachmann/cel-js'
import { isObject } from '../object.ts'
import { type Schema, schemaOfField } from '../schema/schema.ts'
import { celOfKubernetes } from './network.ts'

type Program = (variables: { readonly self: unknown; readonly oldSelf?: unknown }) => unknown

const types: Readonly<Record<string, string>> = {
  string: 'string',
  integer: 'int',
  number: 'double',
  boolean: 'bool',
  array: 'list',
  object: 'map',
}

const environments = new Map<string, Environment>()
const programs = new Map<string, Program>()

/** An expression about values of a schema, ready to run; an expression that cannot be read throws. */
export function programOf(schema: Schema, text: string): Program {
  const type = types[schema.type ?? ''] ?? 'dyn'
  const key = `${type} ${text}`
  const program = programs.get(key) ?? compile(type, text)
  programs.set(key, program)
  return program
}

/** Why an expression cannot be read; undefined for one that can. */
export function compileProblem(schema: Schema, text: string): string | undefined {
  try {
    programOf(schema, text)
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function compile(type: string, text: string): Program {
  const environment = environments.get(type) ?? environmentFor(type)
  environments.set(type, environment)
  const program = environment.parse(text)
  const { valid, error } = program.check()
  if (!valid && error !== undefined) throw error
  return program
}

function environmentFor(type: string): Environment {
  return celOfKubernetes.clone().registerVariable('self', type).registerVariable('oldSelf', type)
}

/** A value as CEL has it: a whole number is no number with a point. */
export function celValue(schema: Schema | undefined, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => celValue(schema?.items, item))
  if (isObject(value)) {
    const pairs = Object.entries(value).map(([field, inner]) => [
      field,
      celValue(schemaOfField(schema, field), inner),
    ])
    return Object.fromEntries(pairs) as object
  }
  const isWhole = schema?.type === 'integer' || schema?.['x-kubernetes-int-or-string'] === true
  return typeof value === 'number' && isWhole ? BigInt(value) : value
}
