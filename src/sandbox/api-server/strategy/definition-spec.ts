import type { KubeObject } from '../object.ts'
import type { Schema } from '../schema/schema.ts'

export interface PrinterColumn {
  readonly name: string
  readonly type: string
  readonly jsonPath: string
  readonly format?: string
  readonly description?: string
  readonly priority?: number
}

export interface DefinitionVersion {
  readonly name: string
  readonly served: boolean
  readonly storage: boolean
  readonly schema?: { readonly openAPIV3Schema?: Schema }
  readonly subresources?: { readonly status?: object; readonly scale?: object }
  readonly additionalPrinterColumns?: readonly PrinterColumn[]
}

interface Names {
  plural: string
  kind: string
  singular?: string
  listKind?: string
  shortNames?: readonly string[]
  categories?: readonly string[]
}

/** The spec of a CustomResourceDefinition. */
export interface DefinitionSpec {
  readonly group: string
  readonly scope: string
  readonly names: Names
  readonly versions: readonly DefinitionVersion[]
  conversion?: object
}

export function definitionOf(object: KubeObject): DefinitionSpec {
  return (object.spec ?? {}) as unknown as DefinitionSpec
}
